"""Opens a page in the browser in front of the person. No key goes along in its environment."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from ngrok_scim_cli.settings.environment import holds_a_secret


def has_browser(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Tell whether there is a desktop on which a browser can open.

    Without one, a browser for text would take the terminal over, and show no dashboard.

    Args:
        environment: tells the desktop (``DISPLAY``, ``WAYLAND_DISPLAY``), or the browser that the
            person chose (``BROWSER``).
    """
    if environment.get("BROWSER"):
        return True
    if platform in ("darwin", "win32"):
        return not environment.get("SSH_CONNECTION")
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def opener(url: str) -> Callable[[], bool] | None:
    """Return what opens ``url`` and tells whether a browser could be started."""
    if not has_browser(os.environ):
        return None

    def open_page() -> bool:
        import webbrowser

        with _without_secrets():
            return webbrowser.open(url)

    return open_page


@contextmanager
def _without_secrets() -> Iterator[None]:
    secret = [name for name, value in os.environ.items() if holds_a_secret(name, value)]
    kept = {name: os.environ.pop(name) for name in secret}
    try:
        yield
    finally:
        os.environ.update(kept)
