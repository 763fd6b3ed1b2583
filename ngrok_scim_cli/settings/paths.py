"""Where the files of ours live, and what a profile may be called."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from ngrok_scim_cli.errors import UsageError

DEFAULT_PROFILE = "default"

_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")

# Windows opens a device under these names, whatever follows the first full stop.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def home(environment: Mapping[str, str]) -> Path:
    """Return the folder of all files of ours; it need not exist yet.

    Args:
        environment: where ``NGROK_SCIM_HOME`` may be set, with ``~`` for the person's own folder.
            Without it, or where it is empty, it is ``ngrok-scim`` in the folder in which the
            platform keeps a user's settings.
    """
    chosen = environment.get("NGROK_SCIM_HOME")
    if chosen:
        # pathlib raises where there is no home folder; os.path leaves the "~" as it is.
        return Path(os.path.expanduser(chosen)).absolute()  # noqa: PTH111
    from platformdirs import user_config_path

    return user_config_path("ngrok-scim", appauthor=False)


def profiles_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder in which each profile has its file."""
    return home(environment) / "profiles"


def may_be_called(name: str) -> bool:
    """Tell whether a profile may be called ``name``."""
    return bool(_NAME.fullmatch(name)) and not _DEVICE.fullmatch(name)


def profile_name(name: str) -> str:
    """Return ``name`` if a profile may be called so.

    It becomes a file name and a user name in the keyring, on every platform: 1 to 64 of the
    letters A to Z, digits, ``-``, ``_`` and ``.``, not with ``.`` or ``-`` in front nor with ``.``
    at the end, and no device of Windows (``con``, ``nul``).

    Raises:
        UsageError: it may not.
    """
    if may_be_called(name):
        return name
    raise UsageError(
        f"“{name[:64]}” is no name for a profile.",
        advice="Use up to 64 letters, digits, “-”, “_” and “.”, beginning with a letter.",
    )
