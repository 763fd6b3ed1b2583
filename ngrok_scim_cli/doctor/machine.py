"""Checks of this machine: the profile, the credentials that are set, and the keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import CheckStatus
from ngrok_scim_cli.doctor.engine import Checked, CheckPlan, Examination, Outcome
from ngrok_scim_cli.doctor.environment import judge_error, judge_facts
from ngrok_scim_cli.errors import NgrokScimError
from ngrok_scim_cli.settings.secrets import SecretKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.settings.sources import Settings

CATEGORY = "This machine"
PROFILE = CheckPlan("profile", "Profile", CATEGORY)
KEYRING = CheckPlan("keyring", "Keyring", CATEGORY)
CREDENTIALS = CheckPlan("credentials", "Credentials", CATEGORY)
PLANS = (PROFILE, KEYRING, CREDENTIALS)


def machine(settings: Settings) -> Examination:
    """Examine this machine, as far as ``settings`` reach."""

    def look() -> Outcome:
        return Outcome(
            (
                _read(PROFILE, lambda: _profile(settings)),
                _read(KEYRING, lambda: _keyring(settings)),
                CREDENTIALS.judged(judge_facts(settings.facts)),
            )
        )

    return Examination(PLANS, look)


def _profile(settings: Settings) -> str:
    path = settings.profiles.path(settings.profile_name)
    done = len(settings.profile.steps)
    return f"{path}" if done else f"“{settings.profile_name}” is still empty"


def _keyring(settings: Settings) -> str:
    kept = settings.secrets.get(SecretKind.SCIM.of(settings.profile_name))
    return f"{settings.secrets.kind}{', holds the SCIM key' if kept else ''}"


def _read(plan: CheckPlan, read: Callable[[], str]) -> Checked:
    try:
        return Checked(plan.ended(CheckStatus.PASS, read()))
    except NgrokScimError as error:
        return plan.judged(judge_error(error), error.message)
