"""The settings of Okta's SDKs for an org: the ``OKTA_CLIENT_…`` variables, and ``okta.yaml``.

https://github.com/okta/okta-sdk-python#configuration-reference. The file is read, never written.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from ngrok_scim_cli.errors import NgrokScimError
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files, yaml_files
from ngrok_scim_cli.settings.environment import is_private_key, learn_private_key


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


def from_environment(environment: Mapping[str, str]) -> OktaClient:
    """Return what the environment sets."""
    values = {name: environment.get(variable, "") for name, variable in _VARIABLES.items()}
    return {name: value.strip() for name, value in values.items() if value.strip()}


def from_yaml(tree: Any) -> OktaClient:  # noqa: ANN401
    """Return what an ``okta.yaml`` sets."""
    client = yaml_files.under(tree, "okta", "client")
    values = {name: yaml_files.text(client, name) for name in _VARIABLES}
    if isinstance(listed := yaml_files.under(client, "scopes"), list):
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
            content = files.read_file(path, yaml_files.LIMIT, pipes=True)
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
