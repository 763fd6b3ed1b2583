"""The settings of Okta's SDKs for an org: the ``OKTA_CLIENT_…`` variables, and ``okta.yaml``.

https://github.com/okta/okta-sdk-python#configuration-reference. The file is read, never written.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from ngrok_scim_cli.errors import NgrokScimError
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files, yaml_files

_PRIVATE_KEY_MODE = "privatekey"
# What is secret in a PEM or JWK: its words are not, and neither is the name of a file.
_SECRET_RUN = re.compile(r"[0-9A-Za-z+/=_-]{16,}")


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
    """What one place tells of the org; empty where it does not.

    Attributes:
        origin: the place, for a person.
        token: an API token. Left out of ``repr``, as is the private key.
        mode: ``SSWS`` or ``PrivateKey``.
        private_key: of a service app: PEM, JWK, or the path of a file with one of them.
        key_id: the ``kid`` of its key.
        reason: why the place cannot be read, in one sentence; empty where it can, or is missing.
    """

    origin: str
    org_url: str = ""
    token: str = field(default="", repr=False)
    mode: str = ""
    client_id: str = ""
    private_key: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    key_id: str = ""
    readable_by_others: bool = False
    reason: str = ""

    @property
    def names_service_app(self) -> bool:
        """Whether OAuth by a service app is asked for, or nothing else is there."""
        if self.mode:
            return self.mode.lower() == _PRIVATE_KEY_MODE
        return not self.token and bool(self.client_id and self.private_key)

    def over(self, other: "OktaClient") -> "OktaClient":
        """Return what is set here, and where it is not, what ``other`` sets."""
        mine = {name: getattr(self, name) for name in (*_TEXTS, "scopes") if getattr(self, name)}
        mode = _PRIVATE_KEY_MODE if self.names_service_app else self.mode or other.mode
        return replace(other, **(mine | {"mode": mode, "origin": self.origin}))


# Each text of an org, by its variable and by its name in okta.yaml.
_TEXTS = {
    "org_url": ("OKTA_CLIENT_ORGURL", "orgUrl"),
    "token": ("OKTA_CLIENT_TOKEN", "token"),
    "mode": ("OKTA_CLIENT_AUTHORIZATIONMODE", "authorizationMode"),
    "client_id": ("OKTA_CLIENT_CLIENTID", "clientId"),
    "private_key": ("OKTA_CLIENT_PRIVATEKEY", "privateKey"),
    "key_id": ("OKTA_CLIENT_KID", "kid"),
}


def from_environment(environment: Mapping[str, str]) -> OktaClient:
    """Return what the environment tells."""
    texts: dict[str, Any] = {
        name: environment.get(variable, "").strip() for name, (variable, _) in _TEXTS.items()
    }
    learn_private_key(texts["private_key"])
    scopes = tuple(environment.get("OKTA_CLIENT_SCOPES", "").replace(",", " ").split())
    return OktaClient("OKTA_CLIENT_CLIENTID", **texts, scopes=scopes)


def from_file(environment: Mapping[str, str] | None) -> OktaClient:
    """Return what ``~/.okta/okta.yaml`` tells; nothing without an environment. Raises nothing."""
    if environment is None:
        return OktaClient("")
    home = Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - never raises
    path = home / ".okta" / "okta.yaml"
    top, reason, readable_by_others = yaml_files.read(path)
    client = yaml_files.value(yaml_files.value(top, "okta"), "client")
    texts: dict[str, Any] = {
        name: yaml_files.text(client, key) or "" for name, (_, key) in _TEXTS.items()
    }
    redactor.learn(texts["token"])
    learn_private_key(texts["private_key"])
    return OktaClient(
        str(path),
        **texts,
        scopes=yaml_files.texts(client, "scopes"),
        readable_by_others=readable_by_others,
        reason=reason,
    )


def service_app(client: OktaClient, note_readable: Callable[[str], None]) -> OktaServiceApp:
    """Return the service app of which ``client`` tells.

    Args:
        note_readable: called with the path of a key file that other users can read.

    Raises:
        NgrokScimError: something is missing, or the file of the key cannot be read.
    """
    needed = (
        ("OKTA_CLIENT_CLIENTID", client.client_id),
        ("OKTA_CLIENT_PRIVATEKEY", client.private_key),
    )
    missing = [name for name, value in needed if not value]
    if missing:
        raise NgrokScimError(
            f"A service app is chosen for Okta, but {' and '.join(missing)} is not set.",
            advice=f"Set {missing[0]}.",
        )
    key = client.private_key
    if "BEGIN" not in key and not key.lstrip().startswith("{"):
        key = _read_key(Path(key).expanduser(), note_readable)
    # Where a PEM is on one line, its line breaks are written out.
    key = key.replace("\\n", "\n") if "BEGIN" in key else key
    learn_private_key(key)
    return OktaServiceApp(client.client_id, key, client.scopes, client.key_id)


def learn_private_key(text: str) -> None:
    """Tell the redactor what is secret in a PEM or JWK; the path of a file is no secret."""
    if "BEGIN" in text or text.lstrip().startswith("{"):
        for run in _SECRET_RUN.findall(text.replace("\\n", "\n")):
            redactor.learn(run)


def _read_key(path: Path, note_readable: Callable[[str], None]) -> str:
    try:
        content = files.read_file(path, yaml_files.LIMIT, pipes=True)
    except files.CannotRead as problem:
        raise NgrokScimError(
            f"The private key of the service app: {redactor.redact(str(path))} {problem.reason}.",
            advice="Set OKTA_CLIENT_PRIVATEKEY to a PEM, a JWK, or the path of a file with one.",
        ) from None
    if content.readable_by_others:
        note_readable(str(path))
    return content.data.decode("utf-8-sig", "replace")
