"""Checks of the users, of ngrok alone and of both sides; and the audit of all users."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import Finding, Result, UserCount
from ngrok_scim_cli.diagnosis.okta.app import judge_app, judge_provisioning
from ngrok_scim_cli.diagnosis.people.user_rules import NO_USER_NAME
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown, present
from ngrok_scim_cli.doctor import connector, okta
from ngrok_scim_cli.doctor.checks import (
    CheckPlan,
    Checks,
    Choice,
    as_wanted,
    make_in_order,
    result_of,
)
from ngrok_scim_cli.doctor.evidence import LONG_TIMEOUT_S, Evidence
from ngrok_scim_cli.doctor.people import People, read_assigned, read_people, read_statuses
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.wire.okta_scopes import APPS, USERS

if TYPE_CHECKING:
    from collections.abc import Collection


_LIST, _ADDRESS, _OUTSIDER, _DEACTIVATED = "USR609", "USR603", "USR606", "USR607"
_BY_NAME = ("USR604", "USR605", _OUTSIDER)
_IN_OKTA, _UNPROVISIONED, _GONE, _LOCKED_OUT = "OKT914", "OKT908", "OKT909", "OKT917"
_BY_STATUS = ("OKT911", "OKT918")
_BY_ACTIVE = (_DEACTIVATED, _LOCKED_OUT, *_BY_STATUS)
_OF_ASSIGNED = (_IN_OKTA, _UNPROVISIONED, _GONE, _LOCKED_OUT, "OKT918")

# Where the format of the user names is right, and a user name is not.
_MEND_ONE = (
    "In Okta, open Directory > People, choose the person, correct the primary e-mail and save."
)


def _of_ngrok(evidence: Evidence, finds: str) -> Judged:
    """Judge the users of ngrok by one finding."""
    if finds == _OUTSIDER and not evidence.domains():
        raise Unknown("The profile has no domain, so nobody can be outside it.")
    people = evidence.shared(read_people).get()
    seen = counted(people.total, "user")
    found = tuple(item for item in people.users if item.code == finds)
    if not found:
        if people.unproven:
            raise people.unproven  # the others may have what the first ones have not
        if not people.total:
            raise Unknown("ngrok's list has no user.")
        if not people.active and finds not in (_LIST, _DEACTIVATED):
            raise Unknown("Every user in ngrok's list is deactivated.")
        if finds in _BY_NAME and any(item.title == NO_USER_NAME for item in people.users):
            raise Unknown("Not every user has a user name.")
        _raise_unclear(people, finds)
    if found and finds == _ADDRESS and evidence.shared(_has_email_format).get():
        usual = CATALOGUE[_ADDRESS].fix
        found = tuple(replace(item, fix=_MEND_ONE) if item.fix == usual else item for item in found)
    of_some = f"of the first {seen}; the list may be incomplete"
    return Judged(found, of_some if people.unproven else seen)


def _of_both(evidence: Evidence, finds: str) -> Judged:
    """Judge both sides by one finding."""
    evidence.okta()  # without it, nobody needs to be read
    people = evidence.shared(read_people).get()
    found = tuple(item for item in present(people.both) if item.code == finds)
    if found:
        cause = _of_the_app(evidence) if finds == _UNPROVISIONED else ()
        if cause:  # it is the app that is to be mended, and no single person
            raise Unknown("Okta provisions nobody through this app.", cause)
        return Judged(found)
    if people.unproven and finds != _IN_OKTA:
        raise people.unproven
    unknown = evidence.shared(read_statuses).get().unknown
    if unknown and finds in _BY_STATUS:
        raise unknown
    assigned = evidence.shared(read_assigned).get()
    if finds in _OF_ASSIGNED and not assigned.count:
        raise Unknown("Nobody is assigned to the app.")
    if finds == _GONE and not assigned.provisioned:
        raise Unknown("Okta has provisioned nobody yet.")
    _raise_unclear(people, finds)
    return Judged()


def _raise_unclear(people: People, finds: str) -> None:
    """Raise ``Unknown`` where a check is about who is active, and ngrok does not say it of all."""
    if people.unclear and finds in _BY_ACTIVE:
        who = counted(people.unclear, "user")
        raise Unknown(f"ngrok does not say of {who} whether they are active (true or false).")


def _has_email_format(evidence: Evidence) -> bool:
    """Tell whether Okta's **Application username format** is Email for certain."""
    try:
        judged = okta.user_name_format.look(evidence)
    except Unknown:
        return False
    return isinstance(judged, Judged) and not judged.findings


def _of_the_app(evidence: Evidence) -> tuple[Finding, ...]:
    """Return why Okta provisions nobody at all through the app, as far as Okta reports it."""
    try:
        app, features = evidence.okta_app.get(), evidence.features.get()
        provisioned = evidence.shared(read_assigned).get().provisioned
    except Unknown:
        return ()
    return judge_app(app) or judge_provisioning(app, features, provisioned=provisioned).findings


_THE_KEY = "the SCIM key"
PLANS = Checks("Users", needs=_THE_KEY, timeout_s=LONG_TIMEOUT_S)
for _code, _name, _finds in (
    ("user-pages", "List of users is complete", _LIST),
    ("user-addresses", "User names are e-mail addresses", _ADDRESS),
    ("user-letters", "No stray characters in names", "USR604"),
    ("user-twins", "No user exists twice", "USR605"),
    ("user-display-names", "Users have display names", "USR608"),
    ("user-deactivated", "Deactivated users", _DEACTIVATED),
    ("user-domains", "Users are in your domains", _OUTSIDER),
):
    _needs = f"{_THE_KEY}, a domain in the profile" if _finds == _OUTSIDER else _THE_KEY
    PLANS.check(_code, _name, _finds, needs=_needs)(partial(_of_ngrok, finds=_finds))
for _code, _name, _finds in (
    ("okta-user-names", "User names in Okta fit ngrok", _IN_OKTA),
    ("provisioned", "Assigned people are provisioned", _UNPROVISIONED),
    ("gone", "Provisioned people exist in ngrok", _GONE),
    ("locked-out", "Assigned people are active in ngrok", _LOCKED_OUT),
    ("still-active", "Removed people are not active in ngrok", "OKT911"),
    ("suspended", "Suspended people are not active in ngrok", "OKT918"),
    ("unknown-to-okta", "ngrok users are known to Okta", "OKT910"),
):
    _scopes = (APPS, USERS) if _finds in _BY_STATUS else (APPS,)
    _needs = f"{_THE_KEY}, {okta.OKTA}"
    PLANS.check(_code, _name, _finds, needs=_needs, scopes=_scopes)(partial(_of_both, finds=_finds))


def audit(evidence: Evidence) -> Result:
    """Audit all users, and both sides where Okta can be asked."""
    not_of_people = (okta.switches, okta.mappings)
    of_okta = [plan for plan in okta.PLANS if plan not in not_of_people]
    return both_sides_result("users audit", evidence, (*connector.PERSON_READS, *of_okta, *PLANS))


def both_sides_result(command: str, evidence: Evidence, plans: Collection[CheckPlan]) -> Result:
    """Make these checks of both sides, after a test of the connector."""
    checks = list(as_wanted(make_in_order((connector.TEST, *plans), evidence), Choice()))
    people = evidence.shared(read_people).peek()
    result = result_of(checks, command=command, exchanges=evidence.all_exchanges)
    if people is None:
        return result
    reported = people.total if people.reported is None else people.reported
    return replace(result, users=UserCount(reported, people.total))
