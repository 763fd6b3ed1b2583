"""Checks of the users: what ngrok holds, and both sides together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.okta.app import judge_app, judge_provisioning
from ngrok_scim_cli.diagnosis.unknown import Unknown, present
from ngrok_scim_cli.doctor.okta import OKTA
from ngrok_scim_cli.doctor.plan import LONG_TIMEOUT_S, CheckPlan, alone
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.wire.okta_scopes import APPS, USERS

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.plan import Checked, Examination

CATEGORY = "Users"
_THE_KEY = "the SCIM key"


def _plan(
    code: str, name: str, finds: str, needs: str = _THE_KEY, scopes: tuple[str, ...] = ()
) -> CheckPlan:
    return CheckPlan(code, name, CATEGORY, needs, tuple(finds.split()), scopes)


def _plan_of_both(code: str, name: str, finds: str, *scopes: str) -> CheckPlan:
    return _plan(code, name, finds, f"{_THE_KEY}, {OKTA}", (APPS, *scopes))


PAGES = _plan("user-pages", "Pages of the list fit together", "USR609")
ADDRESSES = _plan("user-addresses", "User names are e-mail addresses", "USR603")
LETTERS = _plan("user-letters", "No stray characters in names", "USR604")
TWINS = _plan("user-twins", "Nobody is there twice", "USR605")
OUTSIDERS = _plan(
    "user-domains", "Users are within the domains", "USR606", f"{_THE_KEY}, a domain in the profile"
)
UNNAMED = _plan("user-display-names", "Display names", "USR608")
DEACTIVATED = _plan("user-deactivated", "Deactivated users", "USR607")
OF_NGROK = (PAGES, ADDRESSES, LETTERS, TWINS, UNNAMED, DEACTIVATED, OUTSIDERS)

NAMES_IN_OKTA = _plan_of_both("okta-user-names", "User names in Okta", "OKT914")
PROVISIONED = _plan_of_both("provisioned", "Everybody assigned is provisioned", "OKT908")
GONE = _plan_of_both("gone", "Nobody provisioned is gone in ngrok", "OKT909")
LOCKED_OUT = _plan_of_both("locked-out", "Nobody assigned is locked out", "OKT917")
STILL_ACTIVE = _plan_of_both("still-active", "Nobody removed is active in ngrok", "OKT911", USERS)
SUSPENDED = _plan_of_both("suspended", "Nobody suspended is active in ngrok", "OKT918", USERS)
UNKNOWN_TO_OKTA = _plan_of_both("unknown-to-okta", "Everybody in ngrok is known to Okta", "OKT910")
OF_BOTH = (NAMES_IN_OKTA, PROVISIONED, GONE, LOCKED_OUT, STILL_ACTIVE, SUSPENDED, UNKNOWN_TO_OKTA)

PLANS = (*OF_NGROK, *OF_BOTH)

_NO_DOMAIN = "No domain stands in the profile, so that nobody can be outside of it."


def users(evidence: Evidence) -> tuple[Examination, ...]:
    """Return the examinations of the users."""

    def of_ngrok(plan: CheckPlan) -> Checked:
        if plan is OUTSIDERS and not evidence.domains():
            raise Unknown(_NO_DOMAIN)
        people = evidence.people.get()
        seen = counted(people.total, "user")
        only = f"of the first {seen}; the list is not proven whole" if people.unproven else seen
        judged = plan.judged_among(people.users, only)
        if people.unproven and not judged.findings:
            raise people.unproven  # the others may have what the first ones have not
        return judged

    def of_both(plan: CheckPlan) -> Checked:
        evidence.okta()  # without it, nobody needs to be read
        people = evidence.people.get()
        judged = plan.judged_among(present(people.both))
        if people.unproven and plan is not NAMES_IN_OKTA and not judged.findings:
            raise people.unproven
        unknown = evidence.statuses.get().unknown
        if unknown and plan in (STILL_ACTIVE, SUSPENDED) and not judged.findings:
            raise unknown
        cause = _of_the_app(evidence) if plan is PROVISIONED and judged.findings else ()
        if cause:  # it is the app that is to be mended, and no single person
            raise Unknown("Okta provisions nobody through this app.", cause)
        return judged

    looks = {plan: of_both if plan in OF_BOTH else of_ngrok for plan in PLANS}
    return tuple(
        alone(plan, partial(look, plan), timeout_s=LONG_TIMEOUT_S) for plan, look in looks.items()
    )


def _of_the_app(evidence: Evidence) -> tuple[Finding, ...]:
    """Return why Okta provisions nobody at all through the app, as far as it tells."""
    try:
        app, features = evidence.okta_app.get(), evidence.features.get()
        provisioned = evidence.assigned.get().provisioned
    except Unknown:
        return ()
    return judge_app(app) or judge_provisioning(app, features, provisioned=provisioned).findings
