"""The settings of Okta's SDKs for an org: the ``OKTA_CLIENT_…`` variables, and ``okta.yaml``.

https://github.com/okta/okta-sdk-python#configuration-reference. The file is read, never written.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from ngrok_scim_cli.errors import NgrokScimError
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files, yaml_files
from ngrok_scim_cli.settings.environment import is_private_key, learn_private_key

_PRIVATE_KEY_MODE = "privatekey"


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


@dataclass(frozen=True, slots=True)
class OktaClient:
    """What one source, named by ``origin``, sets for the org; empty where it sets nothing.

    Attributes:
        token: an API token. Left out of ``repr``, as is the private key.
        mode: ``SSWS`` or ``PrivateKey``.
        private_key: of a service app: PEM, JWK, or the path of a file with one of them.
        scopes: between blanks or commas.
        key_id: the ``kid`` of its key.
    """

    origin: str
    org_url: str = ""
    token: str = field(default="", repr=False)
    mode: str = ""
    client_id: str = ""
    private_key: str = field(default="", repr=False)
    scopes: str = ""
    key_id: str = ""

    @property
    def names_service_app(self) -> bool:
        """Whether OAuth by a service app is asked for, or nothing else is there."""
        if self.mode:
            return self.mode.lower() == _PRIVATE_KEY_MODE
        return not self.token and bool(self.client_id and self.private_key)

    def over(self, other: "OktaClient") -> "OktaClient":
        """Return what is set here, and where it is not, what ``other`` sets."""
        mine = {name: getattr(self, name) for name in ("origin", *_NAMES) if getattr(self, name)}
        if self.names_service_app:
            mine["mode"] = _PRIVATE_KEY_MODE
        return replace(other, **mine)


# Each field, by its variable and by its name in okta.yaml.
_NAMES = {
    "org_url": ("OKTA_CLIENT_ORGURL", "orgUrl"),
    "token": ("OKTA_CLIENT_TOKEN", "token"),
    "mode": ("OKTA_CLIENT_AUTHORIZATIONMODE", "authorizationMode"),
    "client_id": ("OKTA_CLIENT_CLIENTID", "clientId"),
    "private_key": ("OKTA_CLIENT_PRIVATEKEY", "privateKey"),
    "scopes": ("OKTA_CLIENT_SCOPES", "scopes"),
    "key_id": ("OKTA_CLIENT_KID", "kid"),
}


def from_environment(environment: Mapping[str, str]) -> OktaClient:
    """Return what the environment sets."""
    texts = {name: environment.get(variable, "").strip() for name, (variable, _) in _NAMES.items()}
    return OktaClient("OKTA_CLIENT_CLIENTID", **texts)


def from_yaml(tree: Any, origin: str) -> OktaClient:  # noqa: ANN401
    """Return what an ``okta.yaml`` sets."""
    client = yaml_files.under(tree, "okta", "client")
    texts = {name: yaml_files.text(client, key) for name, (_, key) in _NAMES.items()}
    if isinstance(listed := yaml_files.under(client, "scopes"), list):
        texts["scopes"] = " ".join(item for item in listed if isinstance(item, str))
    redactor.learn(texts["token"])
    learn_private_key(texts["private_key"])
    return OktaClient(origin, **texts)


def service_app(client: OktaClient, note_readable: Callable[[str], None]) -> OktaServiceApp:
    """Return the service app that ``client`` names.

    Args:
        note_readable: called with the path of a key file that other users can read.

    Raises:
        NgrokScimError: something is missing, or the file of the key cannot be read.
    """
    needed = {
        "OKTA_CLIENT_CLIENTID": client.client_id,
        "OKTA_CLIENT_PRIVATEKEY": client.private_key,
    }
    if missing := [name for name, value in needed.items() if not value]:
        raise NgrokScimError(
            f"A service app is chosen for Okta, but {' and '.join(missing)} is not set.",
            advice=f"Set {missing[0]}.",
        )
    key = client.private_key
    if not is_private_key(key):
        path = Path(key).expanduser()
        try:
            content = files.read_file(path, yaml_files.LIMIT, pipes=True)
        except files.CannotRead as problem:
            raise NgrokScimError(
                f"The private key of the service app: {redactor.redact(str(path))} "
                f"{problem.reason}.",
                advice="Set OKTA_CLIENT_PRIVATEKEY to a PEM, a JWK, or the path of a file with "
                "one.",
            ) from None
        if content.readable_by_others:
            note_readable(str(path))
        key = content.data.decode("utf-8-sig", "replace")
    # Where a PEM is on one line, its line breaks are written out.
    key = key.replace("\\n", "\n") if "BEGIN" in key else key
    learn_private_key(key)
    scopes = tuple(client.scopes.replace(",", " ").split())
    return OktaServiceApp(client.client_id, key, scopes, client.key_id)
