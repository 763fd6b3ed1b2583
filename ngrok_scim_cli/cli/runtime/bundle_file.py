"""The file of ``--report``: a bundle for a support ticket that its owner alone can read."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from ngrok_scim_cli.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from ngrok_scim_cli.diagnosis.finding import Result

# What a support engineer asks for first; their versions come from what is installed.
_DISTRIBUTIONS = ("httpx", "httpcore", "h11", "typer", "truststore", "keyring", "dnspython")


def check_bundle_file(path: Path, option: str = "--report") -> None:
    """Make sure that a whole file can take its place at ``path``, before any work is done.

    Raises:
        UsageError: the folder is missing or closed, or what stands there is no ordinary file of
            this person: a folder, a device, or a link that somebody may have planted.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        mode = None
    except (OSError, ValueError):
        raise UsageError(f"{path} cannot be written.") from None
    if mode is not None and not stat.S_ISREG(mode):
        raise UsageError(
            f"{path} cannot be written: it is a folder, a link or a device.",
            advice=f"Give {option} the name of a new file.",
        )
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no such folder.")
    if not all(os.access(needed, os.W_OK) for needed in (path, path.parent) if needed.exists()):
        raise UsageError(f"{path} cannot be written: permission denied.")


def write_bundle_file(path: Path, result: Result, *, show_users: bool) -> None:
    """Write the bundle of ``result`` to ``path``, mode 0600, whole or not at all.

    It is written beside and then takes its place: a link that stands there by now is replaced, not
    followed.
    """
    from ngrok_scim_cli.redact import redactor
    from ngrok_scim_cli.report.bundle import render_bundle
    from ngrok_scim_cli.settings.files import why, write_whole

    text = render_bundle(
        result,
        versions=versions(),
        redact=redactor.redact,
        show_users=show_users,
    )
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {why(error)}.") from None


def versions() -> dict[str, str]:
    """Return the versions of all that takes part in a request, by name."""
    import platform
    import ssl
    from importlib.metadata import PackageNotFoundError, version

    from ngrok_scim_cli import __version__

    found = {
        "ngrok-scim": __version__,
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        # platform.platform() would run uname, with all that stands in our environment.
        "platform": f"{platform.system()}-{platform.release()}-{platform.machine()}",
        "OpenSSL": ssl.OPENSSL_VERSION,
    }
    for name in _DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
