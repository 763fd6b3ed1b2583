"""One run of ``doctor``: looks at everything, and again at what may pass by itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, TypeVar

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Payload
from ngrok_scim_cli.doctor.account import key_age
from ngrok_scim_cli.doctor.checks import PLANS
from ngrok_scim_cli.doctor.engine import as_wanted, make_in_order, result_of
from ngrok_scim_cli.doctor.people import read_people
from ngrok_scim_cli.doctor.transient import NEW_KEY, is_transient
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ngrok_scim_cli.diagnosis.finding import Check, Result
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.plan import CheckPlan, Choice

_Value = TypeVar("_Value")

# Seconds between two looks: doubled each time.
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 30.0


class Follower(Protocol):
    """Follows a run of ``doctor`` from its own thread, check by check in their order."""

    def begins(self, plans: Sequence[CheckPlan]) -> None:
        """Take notice of the checks that will be made."""

    def waits_for(self, plan: CheckPlan) -> None:
        """Take notice of what is waited for now."""

    def ended(self, check: Check) -> None:
        """Take notice of how a check ended."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One look: how many milliseconds after the start it began, and how its checks ended."""

    begun_ms: int
    checks: tuple[Check, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON values (docs/json.md)."""
        return {
            "begun_ms": self.begun_ms,
            "checks": [
                {
                    "code": check.code,
                    "status": check.status.value,
                    "reason": check.reason,
                    "findings": [found.code for found in check.findings],
                }
                for check in self.checks
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
    make: Callable[[], Evidence],
    choice: Choice,
    plans: Sequence[CheckPlan] = PLANS,
    *,
    wait_s: float = 0.0,
    follower: Follower | None = None,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Examined:
    """Make every check that is wanted.

    What failed for a reason that passes by itself is looked at again until ``wait_s`` are over,
    with fresh evidence; so is what was skipped, since it may have been for that reason.
    """
    started = clock()
    evidence = make()
    looked = [evidence]
    wanted = [plan for plan in plans if choice.takes(plan)]
    ended = _followed(wanted, evidence, choice, follower)
    attempts = [Attempt(0, tuple(ended.values()))]
    seconds = _FIRST_PAUSE
    while (again := _again(ended, evidence)) and (left := started + wait_s - clock()) > 0:
        evidence.progress.waits("the next attempt", min(seconds, left))
        pause(min(seconds, left))
        seconds = min(2 * seconds, _LONGEST_PAUSE)
        evidence = make()
        looked.append(evidence)
        begun_ms = round((clock() - started) * 1000)
        new = dict(make_in_order(again, evidence))
        attempts.append(Attempt(begun_ms, tuple(new.values())))
        ended |= new
    people = _latest(item.shared(read_people).peek() for item in looked)
    app = _latest(item.okta_app.peek() for item in looked)
    tested = _latest(item.tested.peek() for item in looked)
    result = result_of(
        list(as_wanted(ended.items(), choice)),
        exchanges=tuple(exchange for item in looked for exchange in item.all_exchanges),
        tested=tested.result if tested and any(plan.group for plan in wanted) else None,
        payload=Attempts(tuple(attempts)) if wait_s > 0 else None,
    )
    return Examined(
        result,
        clock() - started,
        people.total if people else result.users.total if result.users else None,
        people.active if people and not people.unproven else None,
        age.days if (age := key_age(evidence)) is not None else None,
        app.id if app else "",
    )


def _followed(
    plans: Sequence[CheckPlan], evidence: Evidence, choice: Choice, follower: Follower | None
) -> dict[CheckPlan, Check]:
    """Make all checks at once, and tell ``follower`` how each ended, in their order."""
    if follower is None:
        return dict(make_in_order(plans, evidence))
    ended: dict[CheckPlan, Check] = {}

    def kept() -> Iterator[tuple[CheckPlan, Check]]:
        for plan, check in make_in_order(plans, evidence, follower.waits_for):
            ended[plan] = check
            yield plan, check

    follower.begins(plans)
    for check in as_wanted(kept(), choice):
        follower.ended(check)
    return ended


def _again(ended: Mapping[CheckPlan, Check], evidence: Evidence) -> list[CheckPlan]:
    """Return what is worth another look; nothing where nothing failed that passes by itself."""
    age = key_age(evidence)
    new_key = age is not None and age <= NEW_KEY
    passes = [plan for plan, check in ended.items() if _may_pass(check, new_key=new_key)]
    if not passes:
        return []
    groups = {plan.group for plan in passes} - {""}
    return [
        plan
        for plan, check in ended.items()
        if plan in passes or plan.group in groups or check.status is CheckStatus.SKIP
    ]


def _may_pass(check: Check, *, new_key: bool) -> bool:
    """Tell whether another look may end better: by its findings, or since a peer told nothing."""
    untold = check.follows and not check.findings and not check.conclusive
    return untold or is_transient(check.findings, new_key=new_key)


def _latest(values: Iterable[_Value | None]) -> _Value | None:
    """Return the last of ``values`` that is there."""
    return next((value for value in reversed(list(values)) if value is not None), None)
