"""The audit of all users: those checks of ``doctor`` that look at people, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import UserCount
from ngrok_scim_cli.diagnosis.unknown import present
from ngrok_scim_cli.doctor import okta, person_reads, users
from ngrok_scim_cli.doctor.engine import look_side_by_side, result_of
from ngrok_scim_cli.doctor.mistakes import mistakes_in
from ngrok_scim_cli.doctor.plan import LONG_TIMEOUT_S, CheckPlan, Choice, alone

if TYPE_CHECKING:
    from collections.abc import Collection

    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.doctor.access import OktaSide
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.plan import Checked
    from ngrok_scim_cli.wire.exchange import Exchange

COMMAND = "users audit"

VALUES = CheckPlan("values", "Values for Okta", users.CATEGORY, "the SCIM key")
SOMEBODY = CheckPlan("user-list", "There are users", users.CATEGORY, "the SCIM key", ("USR601",))

# What of Okta's side says nothing about people.
_NOT_OF_PEOPLE = (okta.SWITCHES, okta.MAPPINGS)


def audit(evidence: Evidence, side: OktaSide) -> Result:
    """Audit all users, and both sides where Okta can be asked."""
    of_okta = [plan for plan in okta.PLANS if plan not in _NOT_OF_PEOPLE]
    return both_sides_result(COMMAND, evidence, side, (*of_okta, *users.PLANS, *person_reads.PLANS))


def both_sides_result(
    command: str, evidence: Evidence, side: OktaSide, plans: Collection[CheckPlan]
) -> Result:
    """Make the checks ``plans`` of both sides, and always those of the values and of the list."""
    examinations = [
        *okta.okta(evidence, side.org_url, side.wrong),
        *person_reads.person_reads(evidence),
        alone(VALUES, lambda: _values(evidence)),
        alone(SOMEBODY, lambda: _somebody(evidence), timeout_s=LONG_TIMEOUT_S),
        *users.users(evidence),
    ]
    by_code = {plan.code: plan for plan in (*plans, VALUES, SOMEBODY)}
    chosen = [item for item in examinations if item.plans[0].code in by_code]
    outcomes = look_side_by_side(dict(enumerate(chosen)))
    result = result_of(
        [outcomes[place] for place in range(len(chosen))],
        by_code,
        Choice(),
        exchanges=exchanges_of(evidence),
    )
    return replace(result, command=command, users=_count(evidence))


def _values(evidence: Evidence) -> Checked:
    """Tell what is wrong with the values as typed, where the repaired ones are used instead."""
    access = evidence.access
    return VALUES.judged(mistakes_in(present(access.form), access.connector))


def _somebody(evidence: Evidence) -> Checked:
    people = evidence.people.get()
    if people.total:
        return SOMEBODY.judged((), f"{people.active:,} of {people.total:,} may sign in")
    return SOMEBODY.judged((finding("USR601", "The list of users is empty."),))


def _count(evidence: Evidence) -> UserCount | None:
    people = evidence.people.peek()
    return UserCount(people.total, people.total) if people else None


def exchanges_of(evidence: Evidence) -> tuple[Exchange, ...]:
    """Return every request, those of a connector test in front, where one was needed."""
    tested = evidence.tested.peek()
    return (*(tested.result.exchanges if tested else ()), *evidence.exchanges)
