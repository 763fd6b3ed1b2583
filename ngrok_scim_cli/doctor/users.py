"""Checks of the users: what ngrok holds, and both sides together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.okta.app import judge_app, judge_provisioning
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown, present
from ngrok_scim_cli.doctor.background import LONG_TIMEOUT_S
from ngrok_scim_cli.doctor.checks import Checks
from ngrok_scim_cli.doctor.okta import OKTA
from ngrok_scim_cli.doctor.okta_people import read_assigned, read_statuses
from ngrok_scim_cli.doctor.people import read_people
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.wire.okta_scopes import APPS, USERS

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.doctor.checks import CheckPlan
    from ngrok_scim_cli.doctor.evidence import Evidence

_THE_KEY = "the SCIM key"
PLANS = Checks("Users", _THE_KEY)

_OUTSIDER, _IN_OKTA, _UNPROVISIONED = "USR606", "OKT914", "OKT908"
_BY_STATUS = ("OKT911", "OKT918")


def _of_ngrok(code: str, name: str, finds: str, needs: str = _THE_KEY) -> CheckPlan:
    """Add a check of the users of ngrok."""

    def look(evidence: Evidence) -> Judged:
        if finds == _OUTSIDER and not evidence.domains():
            raise Unknown("The profile has no domain, so nobody can be outside it.")
        people = evidence.shared(read_people).get()
        seen = counted(people.total, "user")
        if not people.unproven:
            return Judged(people.users, seen)
        found = tuple(item for item in people.users if item.code == finds)
        if not found:
            raise people.unproven  # the others may have what the first ones have not
        return Judged(found, f"of the first {seen}; the list may be incomplete")

    return PLANS.check(code, name, finds, needs=needs, timeout_s=LONG_TIMEOUT_S)(look)


def _of_both(code: str, name: str, finds: str, *scopes: str) -> CheckPlan:
    """Add a check of both sides."""

    def look(evidence: Evidence) -> Judged:
        evidence.okta()  # without it, nobody needs to be read
        people = evidence.shared(read_people).get()
        found = tuple(item for item in present(people.both) if item.code == finds)
        if not found and people.unproven and finds != _IN_OKTA:
            raise people.unproven
        unknown = evidence.shared(read_statuses).get().unknown
        if not found and unknown and finds in _BY_STATUS:
            raise unknown
        cause = _of_the_app(evidence) if found and finds == _UNPROVISIONED else ()
        if cause:  # it is the app that is to be mended, and no single person
            raise Unknown("Okta provisions nobody through this app.", cause)
        return Judged(found)

    return PLANS.check(
        code,
        name,
        finds,
        needs=f"{_THE_KEY}, {OKTA}",
        scopes=(APPS, *scopes),
        timeout_s=LONG_TIMEOUT_S,
    )(look)


def _of_the_app(evidence: Evidence) -> tuple[Finding, ...]:
    """Return why Okta provisions nobody at all through the app, as far as Okta reports it."""
    try:
        app, features = evidence.okta_app.get(), evidence.features.get()
        provisioned = evidence.shared(read_assigned).get().provisioned
    except Unknown:
        return ()
    return judge_app(app) or judge_provisioning(app, features, provisioned=provisioned).findings


PAGES = _of_ngrok("user-pages", "List of users is complete", "USR609")
_of_ngrok("user-addresses", "User names are e-mail addresses", "USR603")
_of_ngrok("user-letters", "No stray characters in names", "USR604")
TWINS = _of_ngrok("user-twins", "No user exists twice", "USR605")
_of_ngrok("user-display-names", "Users have display names", "USR608")
_of_ngrok("user-deactivated", "Deactivated users", "USR607")
_of_ngrok(
    "user-domains",
    "Users are in your domains",
    _OUTSIDER,
    f"{_THE_KEY}, a domain in the profile",
)

NAMES_IN_OKTA = _of_both("okta-user-names", "User names in Okta fit ngrok", _IN_OKTA)
_of_both("provisioned", "Assigned people are provisioned", _UNPROVISIONED)
GONE = _of_both("gone", "Provisioned people exist in ngrok", "OKT909")
LOCKED_OUT = _of_both("locked-out", "Assigned people are active in ngrok", "OKT917")
_of_both("still-active", "Removed people are not active in ngrok", "OKT911", USERS)
_of_both("suspended", "Suspended people are not active in ngrok", "OKT918", USERS)
_of_both("unknown-to-okta", "ngrok users are known to Okta", "OKT910")
