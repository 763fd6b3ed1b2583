"""Loads httpx without what a program that sends one request after another never uses."""

import sys
from threading import Lock
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from types import ModuleType

# httpx's command line, with rich and pygments; and two asynchronous frameworks that httpcore loads
# where they are installed. trio alone costs as much as httpx, and runs a child process.
_LEFT_OUT = ("httpx._main", "anyio", "trio")
_LOADING = Lock()


def load_httpx() -> None:
    """Import httpx and httpcore, and leave out what they bring along for nothing.

    They take an ``ImportError`` there for "not installed", and ``None`` in ``sys.modules`` raises
    one (https://docs.python.org/3/reference/import.html#the-module-cache).
    """
    # Two wires may send their first requests at the same time.
    with _LOADING:
        if "httpx" in sys.modules:
            return
        left_out = [name for name in _LEFT_OUT if name not in sys.modules]
        sys.modules.update((name, cast("ModuleType", None)) for name in left_out)
        try:
            import httpcore  # noqa: F401 - loaded here so that the others find it
            import httpx  # noqa: F401 - as above
        finally:
            for name in left_out:
                del sys.modules[name]
