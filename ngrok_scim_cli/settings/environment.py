"""What the environment says: our folder, which variables hold a secret, where a program is."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.redact import redactor

DEFAULT_PROFILE = "default"

SECRET_VARIABLES = (
    "NGROK_SCIM_API_KEY",
    "NGROK_API_KEY",
    "NGROK_AUTHTOKEN",
    "OKTA_CLIENT_TOKEN",
    "OKTA_CLIENT_PRIVATEKEY",
)
"""Variables that hold a secret, and are kept from what we start."""

_PROFILE_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
# Windows opens a device under these names, whatever follows the first full stop.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)

# What is secret in a PEM or JWK: its words are not, and neither is the name of a file.
_SECRET_RUN = re.compile(r"[0-9A-Za-z+/=_-]{16,}")
# A PEM; a JWK; either without the lines or encoding around it: DER begins with M in base64, a JWK
# with eyJ.
_PRIVATE_KEY = re.compile(r"""[\s"']*(?:\{|(?:M|eyJ)[0-9A-Za-z+/=_\s\\-]{60})|.*BEGIN""", re.DOTALL)


def profiles_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder in which each profile has its file; it need not exist yet.

    It is in ``NGROK_SCIM_HOME``, which may begin with ``~``; where that is not set or empty, in
    ``ngrok-scim`` in the folder in which the platform keeps a user's settings.
    """
    if chosen := environment.get("NGROK_SCIM_HOME"):
        # pathlib raises where there is no home folder; os.path leaves the "~" as it is.
        return Path(os.path.expanduser(chosen)).absolute() / "profiles"  # noqa: PTH111
    from platformdirs import user_config_path

    return user_config_path("ngrok-scim", appauthor=False) / "profiles"


def is_profile_name(name: str) -> bool:
    """Return whether a profile may be called ``name``."""
    return bool(_PROFILE_NAME.fullmatch(name)) and not _DEVICE.fullmatch(name)


def profile_name(name: str) -> str:
    """Return ``name`` if a profile may be called so; raise ``UsageError`` otherwise.

    It becomes a file name and a user name in the keyring, on every platform.
    """
    if is_profile_name(name):
        return name
    raise UsageError(
        f"“{name[:64]}” is no name for a profile.",
        advice="Use up to 64 letters, digits, “-”, “_” and “.”, beginning with a letter.",
    )


def holds_a_secret(name: str, value: str) -> bool:
    """Return whether a variable is one of ours, or holds a secret, such as a proxy's password."""
    return name in SECRET_VARIABLES or redactor.redact(value) != value


def learn_secrets(environment: Mapping[str, str]) -> None:
    """Teach the redactor the secrets of the environment."""
    for name in SECRET_VARIABLES:
        learn = learn_private_key if name == "OKTA_CLIENT_PRIVATEKEY" else redactor.learn
        learn(environment.get(name, ""))


def learn_private_key(text: str) -> None:
    """Teach the redactor what is secret in a PEM or JWK; the path of a file is no secret."""
    if is_private_key(text):
        for run in _SECRET_RUN.findall(text.replace("\\n", "\n")):
            redactor.learn(run)


def is_private_key(text: str) -> bool:
    """Return whether ``text`` is a PEM or a JWK, or was one, not the path of a file with one."""
    return bool(_PRIVATE_KEY.match(text))


def find_program(name: str, path: str | None = None, *, platform: str = sys.platform) -> str | None:
    """Return the path of a program that may be given a key, or ``None`` where there is none.

    A bare name is looked for in the absolute folders of ``path`` alone, by default ``PATH``. In the
    working folder, where Windows looks first and POSIX for an empty or relative part of ``PATH``,
    anybody may have put a program. A name with a folder is taken as the person wrote it.
    """
    path = os.environ.get("PATH", os.defpath) if path is None else path
    candidates = [name]
    if not os.path.split(name)[0]:
        folders = filter(os.path.isabs, path.split(os.pathsep))
        candidates = [f"{folder}{os.sep}{name}" for folder in folders if name]
    endings = [""]
    if platform == "win32":  # a name without one of these is no program there
        listed = os.environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").lower().split(";")
        endings = [""] if name.lower().endswith(tuple(filter(None, listed))) else listed
    found = (f"{candidate}{ending}" for candidate in candidates for ending in endings)
    return next((it for it in found if Path(it).is_file() and os.access(it, os.X_OK)), None)
