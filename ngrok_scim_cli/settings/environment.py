"""What the environment tells: which variables hold a secret, and where a program is."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import okta_client

SECRET_VARIABLES = (
    "NGROK_SCIM_API_KEY",
    "NGROK_API_KEY",
    "NGROK_AUTHTOKEN",
    "OKTA_CLIENT_TOKEN",
    "OKTA_CLIENT_PRIVATEKEY",
)
"""Variables that hold a secret, and are kept from what we start."""


def holds_a_secret(name: str, value: str) -> bool:
    """Tell whether a variable is one of ours, or holds a secret, such as a proxy's password."""
    return name in SECRET_VARIABLES or redactor.redact(value) != value


def learn_secrets(environment: Mapping[str, str]) -> None:
    """Tell the redactor the secrets of the environment."""
    for name in SECRET_VARIABLES:
        if name == "OKTA_CLIENT_PRIVATEKEY":
            okta_client.learn_private_key(environment.get(name, ""))
        else:
            redactor.learn(environment.get(name, ""))


def find_program(name: str, path: str | None = None, *, platform: str = sys.platform) -> str | None:
    """Return the path of a program that may be given a key, or ``None`` where there is none.

    A bare name is looked for in the absolute folders of ``path`` alone, by default ``PATH``. In the
    working folder, where Windows looks first and POSIX for an empty or relative part of ``PATH``,
    anybody may have put a program. A name with a folder is taken as the person wrote it.
    """
    path = os.environ.get("PATH", os.defpath) if path is None else path
    places = [name]
    if not os.path.split(name)[0]:
        folders = filter(os.path.isabs, path.split(os.pathsep))
        places = [f"{folder}{os.sep}{name}" for folder in folders if name]
    endings = [""]
    if platform == "win32":  # a name without one of these is no program there
        listed = os.environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").lower().split(";")
        endings = [""] if name.lower().endswith(tuple(filter(None, listed))) else listed
    found = (f"{place}{ending}" for place in places for ending in endings)
    return next((it for it in found if Path(it).is_file() and os.access(it, os.X_OK)), None)
