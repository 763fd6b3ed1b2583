"""The clients with which the checks ask ngrok and Okta, and what is missing for that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.okta.org import WRONG_TITLE, judge_org_url, judge_token
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.errors import NgrokScimError, UsageError
from ngrok_scim_cli.hosts import without_user_info
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ngrok_scim_cli.diagnosis.ngrok.ip_ranges import OktaRanges
    from ngrok_scim_cli.diagnosis.values.validate import Values
    from ngrok_scim_cli.probe.connector_test import ConnectorTest
    from ngrok_scim_cli.settings.other_programs import OktaServiceApp
    from ngrok_scim_cli.settings.profile import Profile
    from ngrok_scim_cli.settings.sources import Settings
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.dns import Resolver
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi
    from ngrok_scim_cli.wire.okta_api import OktaApi
    from ngrok_scim_cli.wire.okta_oauth import AccessTokens

_Value = TypeVar("_Value")

NO_ADMIN_KEY = (
    "There is no ngrok admin key. Set NGROK_API_KEY to an administrator's key, or use "
    "--admin-key-file FILE."
)
NO_ORG_URL = (
    "There is no Okta org. Give its URL with --okta-org-url https://example.okta.com, or set "
    "OKTA_CLIENT_ORGURL."
)
NO_CREDENTIAL = (
    "There is no Okta token. Set OKTA_CLIENT_TOKEN, or save it with: ngrok-scim doctor --save-okta."
)
NO_OAUTH = (
    "An Okta service app needs an extra that is not installed: pip install "
    "'ngrok-scim-cli[okta-oauth]'"
)
WRONG_ORG_URL = "The URL of the Okta org is wrong, so nothing was sent there."
WRONG_CREDENTIAL = "The Okta token is wrong, so nothing was sent."

# The DNS answers within some seconds, or not at all.
_DNS_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class OktaSide:
    """The Okta org: its address as given, without a name and password in it, and its API."""

    org_url: str | Unknown
    api: OktaApi | Unknown


def open_resolver(timeout_s: float) -> Resolver:
    """Begin to ask the DNS servers of this machine."""
    from ngrok_scim_cli.wire.dns import Resolver

    return Resolver(timeout=min(timeout_s, _DNS_TIMEOUT_S))


@dataclass(frozen=True, slots=True)
class Access:
    """What the peers may be asked with, or why something of it is missing.

    Attributes:
        settings: where values come from; all that are needed were looked up before.
        other_values: the values without the key, for where there is none.
        open_resolver: begins to ask the DNS.
    """

    settings: Settings
    wire: Wire
    values: Values | Unknown
    connector: ConnectorTest
    ngrok: NgrokApi | Unknown
    okta: OktaSide
    okta_app: str
    profile: Profile | Unknown
    other_values: Values | None = None
    okta_ranges: OktaRanges | None = None
    is_sandbox: bool = False
    open_resolver: Callable[[], Resolver] = lambda: open_resolver(_DNS_TIMEOUT_S)


def or_unknown(look_up: Callable[[], _Value]) -> _Value | Unknown:
    """Return what ``look_up`` gets, or why it cannot; a wrong command line is raised."""
    try:
        return look_up()
    except UsageError:
        raise
    except NgrokScimError as error:
        return Unknown(error.message, advice=error.advice)


def open_ngrok(settings: Settings, admin_key_file: str | None, wire: Wire) -> NgrokApi | Unknown:
    """Return ngrok's API with the administrator's key, or what is missing."""
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

    key = settings.admin_key(admin_key_file)
    if key is None:
        return Unknown(NO_ADMIN_KEY)
    return NgrokApi(wire, settings.value("api_base_url").value, key.value)


def open_okta(
    settings: Settings,
    *,
    org_url: str | None = None,
    token: str = "",
    token_file: str | None = None,
    allowed_hosts: Collection[str],
    open_wire: Callable[[Collection[str]], Wire],
    on_wait: Callable[[str, float], None] | None = None,
) -> OktaSide:
    """Return the Okta org, or what is missing to ask it.

    Its token goes over a wire that knows the org's host alone, so that it never reaches ngrok.
    """

    def look_up() -> OktaSide:
        org = settings.value("okta_org_url", org_url).value
        kept = None if token else settings.okta_credential(org, token_file)
        if not org:
            return OktaSide(Unknown(NO_ORG_URL), Unknown(NO_ORG_URL))
        shown = without_user_info(org)
        try:
            _check(org, kept.value if kept else token, allowed_hosts)
            wire = open_wire((urlsplit(org).hostname or "",))
            credential = _credential(kept.value if kept else token, wire, org)
        except Unknown as missing:
            return OktaSide(shown, missing)
        from ngrok_scim_cli.wire.okta_api import OktaApi

        return OktaSide(shown, OktaApi(wire, org, credential, on_wait=on_wait))

    side = or_unknown(look_up)
    return OktaSide(side, side) if isinstance(side, Unknown) else side


def _check(org_url: str, given: str | OktaServiceApp, allowed_hosts: Collection[str]) -> None:
    """Raise ``Unknown`` where a token is missing, or it or the address cannot be right."""
    if wrong := judge_org_url(org_url, allowed_hosts):
        raise Unknown(WRONG_ORG_URL, wrong)
    if not given:
        raise Unknown(NO_CREDENTIAL)
    if isinstance(given, str) and (wrong := judge_token(given)):
        raise Unknown(WRONG_CREDENTIAL, wrong)


def _credential(given: str | OktaServiceApp, wire: Wire, org_url: str) -> str | AccessTokens:
    """Return a token, or what gets those of a service app; raises ``Unknown`` where none can."""
    if isinstance(given, str):
        return given
    from ngrok_scim_cli.wire.okta_oauth import AccessTokens, UnusableKeyError

    try:
        return AccessTokens(
            wire,
            org_url,
            client_id=given.client_id,
            private_key=given.private_key,
            key_id=given.key_id,
            scopes=given.scopes,
        )
    except ImportError:
        raise Unknown(NO_OAUTH) from None
    except UnusableKeyError as problem:
        seen = f"The private key of the service app cannot be used. {problem} Nothing was sent."
        fix = "Set OKTA_CLIENT_PRIVATEKEY to the private key of the service app, as PEM or JWK."
        unusable = replace(finding("OKT902", seen, fix=fix), title=WRONG_TITLE)
        raise Unknown(WRONG_CREDENTIAL, (unusable,)) from None
