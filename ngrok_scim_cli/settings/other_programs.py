"""The configuration of other programs on this machine: of ngrok's agent, and of Okta's SDKs.

Their YAML files are read, never written; Okta's SDKs also read ``OKTA_CLIENT_…`` variables
(https://github.com/okta/okta-sdk-python#configuration-reference).
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from ngrok_scim_cli.errors import NgrokScimError
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files
from ngrok_scim_cli.settings.environment import is_private_key, learn_private_key

LIMIT = 256 * 1024

# What YAML 1.1 takes for null, besides no text at all.
_NOTHING = ("", "~", "null")


def read_yaml(path: Path) -> tuple[Any, str, bool]:
    """Return what a YAML file holds, why it cannot be read, and whether others can read it.

    The reason is a sentence, and empty where the file is missing. Every scalar is a text, so that a
    key that is all digits stays one, and aliases are shared and not merged: a few lines of them
    would become gigabytes. The parser's own message quotes the file, so only its line is passed on.
    """
    try:
        content = files.read_file(path, LIMIT)
    except files.CannotRead as problem:
        return None, "" if problem.missing else f"{path} {problem.reason}.", False
    import yaml

    line = ""
    try:
        return yaml.load(content.data, yaml.BaseLoader), "", content.readable_by_others  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
    except (yaml.YAMLError, ValueError, RecursionError):
        pass
    return None, f"{path} is not valid YAML{line}.", content.readable_by_others


def under(tree: Any, *names: str) -> Any:  # noqa: ANN401
    """Return what is under ``names``, one within the other; ``None`` where they are not there."""
    for name in names:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def text(tree: Any, *names: str) -> str:  # noqa: ANN401
    """Return the text under ``names``; empty where there is none, or a blank or null one."""
    found = under(tree, *names)
    return found if isinstance(found, str) and found.strip().lower() not in _NOTHING else ""


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - never raises


def okta_yaml(environment: Mapping[str, str]) -> Path:
    """Return where Okta's SDKs keep their configuration."""
    return _home(environment) / ".okta" / "okta.yaml"


def ngrok_yml(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where ngrok's agent keeps its configuration (https://ngrok.com/docs/agent/config)."""
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        folder = Path(local) if local else _home(environment) / "AppData" / "Local"
    elif platform == "darwin":
        folder = _home(environment) / "Library" / "Application Support"
    else:
        config = environment.get("XDG_CONFIG_HOME")
        folder = Path(config) if config else _home(environment) / ".config"
    return folder / "ngrok" / "ngrok.yml"


@dataclass(frozen=True, slots=True)
class OktaServiceApp:
    """A service app of an Okta org, with which OAuth is used in place of an API token.

    Attributes:
        private_key: PEM or JWK. Left out of ``repr``.
        scopes: what it may ask for; empty: whatever a check needs.
        key_id: the ``kid`` of the key, where a PEM needs one.
    """

    client_id: str
    private_key: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    key_id: str = ""


# What one source sets for the org, by the names of ``okta.yaml``; what it does not set is missing.
OktaClient = dict[str, str]

_VARIABLES = {
    "orgUrl": "OKTA_CLIENT_ORGURL",
    "token": "OKTA_CLIENT_TOKEN",
    "authorizationMode": "OKTA_CLIENT_AUTHORIZATIONMODE",
    "clientId": "OKTA_CLIENT_CLIENTID",
    "privateKey": "OKTA_CLIENT_PRIVATEKEY",
    "scopes": "OKTA_CLIENT_SCOPES",
    "kid": "OKTA_CLIENT_KID",
}


def okta_from_environment(environment: Mapping[str, str]) -> OktaClient:
    """Return what the environment sets."""
    values = {name: environment.get(variable, "") for name, variable in _VARIABLES.items()}
    return {name: value.strip() for name, value in values.items() if value.strip()}


def okta_from_yaml(tree: Any) -> OktaClient:  # noqa: ANN401
    """Return what an ``okta.yaml`` sets."""
    client = under(tree, "okta", "client")
    values = {name: text(client, name) for name in _VARIABLES}
    if isinstance(listed := under(client, "scopes"), list):
        values["scopes"] = " ".join(item for item in listed if isinstance(item, str))
    redactor.learn(values["token"])
    learn_private_key(values["privateKey"])
    return {name: value for name, value in values.items() if value}


def names_service_app(client: OktaClient) -> bool:
    """Return whether OAuth by a service app is asked for, or nothing else is there."""
    if mode := client.get("authorizationMode"):
        return mode.lower() == "privatekey"
    return "token" not in client and {"clientId", "privateKey"} <= client.keys()


def service_app(client: OktaClient, note_readable: Callable[[str], None]) -> OktaServiceApp:
    """Return the service app that ``client`` names.

    Args:
        note_readable: called with the path of a key file that other users can read.

    Raises:
        NgrokScimError: something is missing, or the file of the key cannot be read.
    """
    missing = [_VARIABLES[name] for name in ("clientId", "privateKey") if name not in client]
    if missing:
        raise NgrokScimError(
            f"A service app is chosen for Okta, but {' and '.join(missing)} is not set.",
            advice=f"Set {missing[0]}.",
        )
    key = client["privateKey"]
    if not is_private_key(key):
        path = Path(key).expanduser()
        try:
            content = files.read_file(path, LIMIT, pipes=True)
        except files.CannotRead as problem:
            shown = redactor.redact(str(path))
            raise NgrokScimError(
                f"The private key of the service app: {shown} {problem.reason}.",
                advice=f"Set {_VARIABLES['privateKey']} to a PEM, a JWK, or the path of a file "
                "with one.",
            ) from None
        if content.readable_by_others:
            note_readable(str(path))
        key = content.data.decode("utf-8-sig", "replace")
    # Where a PEM is on one line, its line breaks are written out.
    key = key.replace("\\n", "\n") if "BEGIN" in key else key
    learn_private_key(key)
    scopes = tuple(client.get("scopes", "").replace(",", " ").split())
    return OktaServiceApp(client["clientId"], key, scopes, client.get("kid", ""))
