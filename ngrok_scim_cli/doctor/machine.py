"""Checks of this machine: profile, keyring, credentials, clock, and its place in the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import CheckStatus
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.diagnosis.values.key import identify
from ngrok_scim_cli.doctor.environment import judge_error, judge_facts
from ngrok_scim_cli.doctor.plan import Checked, CheckPlan, alone
from ngrok_scim_cli.errors import KeyringLost, NgrokScimError
from ngrok_scim_cli.settings.okta_client import OktaServiceApp
from ngrok_scim_cli.settings.places import ACCESS_TOKEN
from ngrok_scim_cli.settings.secrets import SecretKind, ways_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.plan import Examination
    from ngrok_scim_cli.settings.sources import Settings

CATEGORY = "This machine"
_SCIM_KEY, _OKTA = "SCIM key", "Okta"
_CREDENTIALS = (_SCIM_KEY, "Admin key", _OKTA)
_A_REPLY = "a reply of the endpoint"

_IN_KEYRING = {SecretKind.SCIM: "the SCIM key", SecretKind.OKTA: "the Okta token"}

PROFILE = CheckPlan("profile", "Profile", CATEGORY, finds=("ENV008",))
KEYRING = CheckPlan("keyring", "Keyring", CATEGORY, finds=("ENV001", "ENV002"))
CREDENTIALS = CheckPlan(
    "credentials", "Credentials", CATEGORY, finds=("ENV005", "ENV006", "ENV007")
)
CLOCK = CheckPlan("clock", "Clock", CATEGORY, _A_REPLY, ("ENV003",))
PLACE = CheckPlan("place", "Same way as Okta's cloud", CATEGORY, _A_REPLY, ("ENV004", "ENV009"))
PLANS = (PROFILE, KEYRING, CREDENTIALS, CLOCK, PLACE)


def machine(settings: Settings, evidence: Evidence) -> tuple[Examination, ...]:
    """Return the examinations of this machine.

    Args:
        evidence: what the clock and the place in the network are read off.
    """
    return (
        alone(PROFILE, lambda: _read(PROFILE, lambda: _profile(settings))),
        alone(KEYRING, lambda: _read(KEYRING, lambda: _keyring(settings))),
        alone(CREDENTIALS, lambda: _credentials(settings, evidence)),
        alone(CLOCK, lambda: _off_the_reply(CLOCK, evidence)),
        alone(PLACE, lambda: _off_the_reply(PLACE, evidence)),
    )


def _credentials(settings: Settings, evidence: Evidence) -> Checked:
    """Return the check with each credential, which one it is and where it came from."""
    facts = settings.facts
    found = dict(facts.credentials)
    typed = not isinstance(evidence.access.form, Unknown)
    told = []
    for what in _CREDENTIALS:
        one = found.get(what)
        if one:
            told.append(f"{_named_credential(what, one.value)}, from {one.origin}")
        else:
            told.append(f"{what}: {'as it was typed' if what == _SCIM_KEY and typed else 'none'}")
    return CREDENTIALS.judged(judge_facts(facts), f"{'; '.join(told)}.")


def _named_credential(what: str, value: object) -> str:
    if isinstance(value, OktaServiceApp):
        return f"{what}: service app {value.client_id} (OAuth)"
    if what == _OKTA:
        return f"{what}: API token"
    key = str(value)
    if key.strip().startswith(ACCESS_TOKEN):
        return f"{what}: an access token"
    identity = identify(key)
    return f"{what}: {identity.id if identity else 'a key that tells no id'}"


def _profile(settings: Settings) -> str:
    path = settings.profiles.path(settings.profile_name)
    done = len(settings.profile.steps)
    return f"{path}" if done else f"“{settings.profile_name}” is still empty"


def _keyring(settings: Settings) -> str:
    """Tell what the keyring holds of this profile."""
    kept = {kind: settings.secrets.get(kind.of(settings.profile_name)) for kind in _IN_KEYRING}
    for kind, named in _named(settings).items():
        if named and kept[kind] is None:
            raise KeyringLost(
                f"The profile says that “{kind.of(settings.profile_name)}” is in the keyring "
                f"({settings.secrets.kind}), but it is not.",
                advice=ways_out(kind.of(settings.profile_name)),
            )
    held = " and ".join(_IN_KEYRING[kind] for kind, secret in kept.items() if secret)
    return f"{settings.secrets.kind}{f', holds {held}' if held else ''}"


def _named(settings: Settings) -> dict[SecretKind, bool]:
    try:
        profile = settings.profile
    except NgrokScimError:
        return {}  # that is for the check of the profile to say
    return {
        SecretKind.SCIM: profile.key is not None,
        SecretKind.OKTA: profile.okta.token_stored_at is not None,
    }


def _read(plan: CheckPlan, read: Callable[[], str]) -> Checked:
    try:
        return Checked(plan.ended(CheckStatus.PASS, read()))
    except NgrokScimError as error:
        return plan.judged(judge_error(error), error.message)


def _off_the_reply(plan: CheckPlan, evidence: Evidence) -> Checked:
    tested = evidence.tested.get()
    if tested.judged is None or tested.judged.reply is None:
        raise Unknown("There is no reply.")
    return plan.judged_among((*tested.replied, *tested.circumstances))
