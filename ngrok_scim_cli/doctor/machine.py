"""Checks of this machine: profile, keyring, credentials, clock, and its place in the network."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.doctor.checks import Checks
from ngrok_scim_cli.doctor.environment import judge_error, judge_facts
from ngrok_scim_cli.errors import KeyringLost, KeyringUnusable, NgrokScimError
from ngrok_scim_cli.settings.other_programs import OktaServiceApp
from ngrok_scim_cli.settings.secrets import SecretKind, ways_out
from ngrok_scim_cli.settings.sources import ACCESS_TOKEN

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.settings.sources import Settings
    from ngrok_scim_cli.wire.exchange import Exchange

PLANS = Checks("This machine")
_SCIM_KEY, _OKTA = "SCIM key", "Okta"
_CREDENTIALS = (_SCIM_KEY, "Admin key", _OKTA)
# Where a sandbox puts its own credentials.
_VARIABLES = ("NGROK_", "OKTA_CLIENT_")
_A_REPLY = "a reply of the endpoint"


@PLANS.check("profile", "Profile", "ENV008")
def profile(evidence: Evidence) -> Judged:
    settings = evidence.access.settings
    try:
        stored = settings.profile
    except NgrokScimError as error:
        return _judged(error)
    path = settings.profiles.path(settings.profile_name)
    is_empty = not (stored.steps or stored.domains or stored.key)
    return Judged(reason=f"“{settings.profile_name}” is still empty" if is_empty else f"{path}")


@PLANS.check("keyring", "Keyring", "ENV001 ENV002")
def keyring(evidence: Evidence) -> Judged:
    settings = evidence.access.settings
    try:
        return Judged(reason=_held(settings))
    except NgrokScimError as error:
        judged = _judged(error)
        key = settings.facts.credentials.get(_SCIM_KEY)
        if key is None or not isinstance(error, KeyringUnusable):
            return judged
        fix = f"Leave the key where it is: ngrok-scim reads it from {key.origin}."
        return replace(judged, findings=tuple(replace(one, fix=fix) for one in judged.findings))


@PLANS.check("credentials", "Credentials", "ENV005 ENV006 ENV007")
def credentials(evidence: Evidence) -> Judged:
    """Say which credentials there are, and where each came from."""
    access = evidence.access
    facts = access.settings.facts
    typed = not isinstance(access.values, Unknown)
    listed = []
    for what in _CREDENTIALS:
        if one := facts.credentials.get(what):
            own = access.is_sandbox and one.origin.startswith(_VARIABLES)
            origin = "of the sandbox" if own else f"from {one.origin}"
            seen = f"{_named_credential(what, one.value)}, {origin}"
        elif what == _SCIM_KEY and typed:
            seen = "as it was typed"
        else:
            why = facts.unread.get(what, "").removesuffix(".")
            seen = f"none ({why})" if why else "none"
        listed.append(f"{what}: {seen}")
    return Judged(judge_facts(facts), f"{'; '.join(listed)}.")


@PLANS.check("clock", "Clock", "ENV003", needs=_A_REPLY)
def clock(evidence: Evidence) -> Judged:
    result, exchange = _replied(evidence)
    if not (exchange.reply and exchange.reply.header("date")):
        raise Unknown("The reply does not say what time it is.")
    return Judged(result.findings)


@PLANS.check("place", "Network path", "ENV004 ENV009", needs=_A_REPLY)
def network_path(evidence: Evidence) -> Judged:
    result, exchange = _replied(evidence)
    way = "through a proxy" if exchange.proxy else "without a proxy"
    return Judged(result.findings, f"from this machine, {way}")


def _replied(evidence: Evidence) -> tuple[Result, Exchange]:
    tested = evidence.tested.get()
    if tested.judged is None or tested.judged.reply is None:
        raise Unknown("There is no reply.")
    return tested.result, tested.judged


def _named_credential(what: str, value: object) -> str:
    if isinstance(value, OktaServiceApp):
        return f"service app {value.client_id} (OAuth)"
    if what == _OKTA:
        return "API token"
    key = str(value)
    is_token = key.strip().startswith(ACCESS_TOKEN)
    return "an access token" if is_token else id_of_key(key) or "a key without an id"


def _judged(error: NgrokScimError) -> Judged:
    found = judge_error(error)
    if not found:
        raise Unknown(error.message)
    return Judged(found, error.message)


def _held(settings: Settings) -> str:
    """Say what the keyring holds of this profile; raises ``NgrokScimError`` if it lost that."""
    store = settings.secrets
    recorded: dict[SecretKind, bool] = {}
    with suppress(NgrokScimError):  # which the check of the profile reports
        profile = settings.profile
        recorded[SecretKind.SCIM] = profile.key is not None
        recorded[SecretKind.OKTA] = profile.okta.token_stored_at is not None
    held = []
    for kind, what in ((SecretKind.SCIM, "the SCIM key"), (SecretKind.OKTA, "the Okta token")):
        name = kind.of(settings.profile_name)
        if store.get(name):
            held.append(what)
        elif recorded.get(kind):
            raise KeyringLost(
                f"The profile says that “{name}” is in the keyring ({store.kind}), but it is not.",
                advice=ways_out(name),
            )
    return f"{store.kind}, holds {' and '.join(held)}" if held else store.kind
