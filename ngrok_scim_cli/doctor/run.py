"""One run of ``doctor``: looks at everything, and again at what may pass by itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Payload
from ngrok_scim_cli.doctor.account import key_age
from ngrok_scim_cli.doctor.checks import PLANS
from ngrok_scim_cli.doctor.engine import (
    checks_of,
    look_in_order,
    look_side_by_side,
    result_of,
    wanted,
)
from ngrok_scim_cli.doctor.transient import NEW_KEY, transient_codes
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.plan import Checked, Choice, Examination, Outcome
    from ngrok_scim_cli.doctor.progress import Follower
    from ngrok_scim_cli.wire.exchange import Exchange

    Look = tuple[Evidence, tuple[Examination, ...]]

_Value = TypeVar("_Value")

_BY_CODE = {plan.code: plan for plan in PLANS}

# Seconds between two looks: doubled each time.
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One look: how many milliseconds after the start it began, and how its checks ended."""

    begun_ms: int
    checked: tuple[Checked, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON values (docs/json.md)."""
        return {
            "begun_ms": self.begun_ms,
            "checks": [
                {
                    "code": item.check.code,
                    "status": item.check.status.value,
                    "reason": item.check.reason,
                    "findings": [found.code for found in item.findings],
                }
                for item in self.checked
            ],
        }


@dataclass(frozen=True, slots=True)
class Attempts(Payload):
    """Each look of a run that looked again at what passes by itself."""

    attempts: tuple[Attempt, ...]

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        return {"attempts": [item.document() for item in self.attempts]}


@dataclass(frozen=True, slots=True)
class Examined:
    """What a run found out.

    Attributes:
        active: how many of them are not deactivated; ``None`` where not all were read.
    """

    result: Result
    seconds: float
    users: int | None
    active: int | None
    key_age_days: int | None
    okta_app_id: str


def examine(
    make: Callable[[], Look],
    choice: Choice,
    *,
    wait_s: float = 0.0,
    follower: Follower | None = None,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Examined:
    """Look at everything that is wanted.

    What failed for a reason that passes by itself is looked at again until ``wait_s`` are over,
    with fresh evidence; so is what was skipped, since it may have been for that reason.
    """
    started = clock()
    evidence, examinations = make()
    looked = [evidence]
    chosen = {place: examinations[place] for place in wanted(examinations, choice)}
    outcomes = _followed(chosen, choice, follower) if follower else look_side_by_side(chosen)
    attempts = [_attempt(outcomes, 0.0)]
    seconds = _FIRST_PAUSE
    while (again := _again(outcomes, evidence)) and (left := started + wait_s - clock()) > 0:
        evidence.progress.waits("the next look", min(seconds, left))
        pause(min(seconds, left))
        seconds = min(2 * seconds, _LONGEST_PAUSE)
        evidence, examinations = make()
        looked.append(evidence)
        begun = clock() - started
        new = look_side_by_side({place: examinations[place] for place in again})
        attempts.append(_attempt(new, begun))
        outcomes |= new
    people = _latest(item.people.peek() for item in looked)
    result = result_of(
        list(outcomes.values()),
        _BY_CODE,
        choice,
        exchanges=tuple(exchange for item in looked for exchange in _exchanges(item)),
        payload=Attempts(tuple(attempts)) if wait_s > 0 else None,
    )
    app = _latest(item.okta_app.peek() for item in looked)
    return Examined(
        result,
        clock() - started,
        people.total if people else result.users.total if result.users else None,
        people.active if people and not people.unproven else None,
        age.days if (age := key_age(evidence)) is not None else None,
        app.id if app else "",
    )


def _followed(
    chosen: Mapping[int, Examination], choice: Choice, follower: Follower
) -> dict[int, Outcome]:
    """Look at everything at once, and tell ``follower`` how each check ended, in their order."""
    outcomes: dict[int, Outcome] = {}

    def kept() -> Iterator[Outcome]:
        for place, outcome in look_in_order(chosen, follower.waits_for):
            outcomes[place] = outcome
            yield outcome

    plans = [plan for item in chosen.values() for plan in item.plans if choice.takes(plan)]
    follower.begins(plans)
    for item in checks_of(kept(), _BY_CODE, choice):
        follower.ended(item.check)
    return outcomes


def _again(outcomes: Mapping[int, Outcome], evidence: Evidence) -> tuple[int, ...]:
    """Return the places of what is worth another look; none where nothing failed that passes."""
    age = key_age(evidence)
    new_key = age is not None and age <= NEW_KEY
    passes = {place for place, outcome in outcomes.items() if _may_pass(outcome, new_key=new_key)}
    skipped = {
        place
        for place, outcome in outcomes.items()
        if any(item.check.status is CheckStatus.SKIP for item in outcome.checked)
    }
    return tuple(sorted(passes | skipped)) if passes else ()


def _may_pass(outcome: Outcome, *, new_key: bool) -> bool:
    """Tell whether another look may end better: by its findings, or since a peer told nothing."""
    untold = any(item.follows and not item.findings for item in outcome.checked)
    found = [found for item in outcome.checked for found in item.findings]
    return bool(transient_codes(found, new_key=new_key)) or (untold and not outcome.told)


def _attempt(outcomes: Mapping[int, Outcome], begun_s: float) -> Attempt:
    checked = tuple(item for outcome in outcomes.values() for item in outcome.checked)
    return Attempt(round(begun_s * 1000), checked)


def _exchanges(evidence: Evidence) -> tuple[Exchange, ...]:
    """Return every request: those of the connector test, then by what they were for.

    They went out side by side, so that the order of their replies says nothing.
    """
    tested = evidence.tested.peek()
    others = sorted(evidence.exchanges, key=lambda exchange: exchange.purpose)
    return (*(tested.result.exchanges if tested else ()), *others)


def _latest(values: Iterable[_Value | None]) -> _Value | None:
    """Return the last of ``values`` that is there."""
    return next((value for value in reversed(list(values)) if value is not None), None)
