"""The audit of all users: those checks of ``doctor`` that look at people, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import UserCount
from ngrok_scim_cli.diagnosis.unknown import Judged, present
from ngrok_scim_cli.doctor import connector, okta, person_reads, users
from ngrok_scim_cli.doctor.background import LONG_TIMEOUT_S
from ngrok_scim_cli.doctor.checks import Checks, Choice, as_wanted, make_in_order, result_of
from ngrok_scim_cli.doctor.people import read_people
from ngrok_scim_cli.form import Field

if TYPE_CHECKING:
    from collections.abc import Collection

    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.doctor.checks import CheckPlan
    from ngrok_scim_cli.doctor.evidence import Evidence

# What of Okta's side says nothing about people.
_NOT_OF_PEOPLE = (okta.switches, okta.mappings)

_OWN = Checks(users.PLANS.category, "the SCIM key")
_ABOUT_VALUES = (connector.FIELDS[Field.BASE_URL], connector.FIELDS[Field.AUTHORIZATION])


@_OWN.check("values", "Values for Okta", " ".join(" ".join(one.finds) for one in _ABOUT_VALUES))
def values(evidence: Evidence) -> Judged:
    """Return what is wrong with the values as typed, where the repaired ones are used instead."""
    return Judged(present(evidence.access.values).mistakes)


@_OWN.check("user-list", "There are users", "USR601", timeout_s=LONG_TIMEOUT_S)
def somebody(evidence: Evidence) -> Judged:
    people = evidence.shared(read_people).get()
    if people.total:
        return Judged(reason=f"{people.active:,} of {people.total:,} can sign in")
    return Judged((finding("USR601", "The list of users is empty."),))


def audit(evidence: Evidence) -> Result:
    """Audit all users, and both sides where Okta can be asked."""
    of_okta = [plan for plan in okta.PLANS if plan not in _NOT_OF_PEOPLE]
    return both_sides_result("users audit", evidence, (*of_okta, *person_reads.PLANS), users.PLANS)


def both_sides_result(
    command: str,
    evidence: Evidence,
    of_okta: Collection[CheckPlan],
    of_users: Collection[CheckPlan],
) -> Result:
    """Make these checks of both sides, and always those of the values and of the list."""
    made = make_in_order((*of_okta, *_OWN, *of_users), evidence)
    checks = list(as_wanted(made, Choice()))
    people = evidence.shared(read_people).peek()
    result = result_of(checks, command=command, exchanges=evidence.all_exchanges)
    return replace(result, users=UserCount(people.total, people.total) if people else None)
