"""One run of ``doctor``: makes all checks, and again those that failed for a transient reason."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import tee
from typing import TYPE_CHECKING, TypeVar

from ngrok_scim_cli.diagnosis.finding import (
    NO_PAYLOAD,
    Check,
    CheckStatus,
    Finding,
    Payload,
    Result,
    fields_of,
)
from ngrok_scim_cli.doctor import account, connector, domains, machine, okta, users
from ngrok_scim_cli.doctor.checks import CheckPlan, Choice, as_wanted, make_in_order, result_of
from ngrok_scim_cli.doctor.people import read_people
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ngrok_scim_cli.doctor.evidence import Evidence

_Value = TypeVar("_Value")

PLANS = (
    *machine.PLANS,
    *connector.PLANS,
    *connector.PERSON_READS,
    *account.PLANS,
    *domains.PLANS,
    *okta.PLANS,
    *users.PLANS,
)
"""Every check, in the order in which they are printed."""

# A service that starts, a network, a proxy or a server in trouble, a rate limit, a new record.
TRANSIENT = frozenset(
    {"NET401", "NET402", "NET403", "NET408", "NET409", "NET410"}
    | {"SCM505", "SCM506", "SCM516", "NGR709", "DOM808"}
)

# ngrok may not know, or list, a key at once that was just created. A revoked key stays refused.
OF_A_NEW_KEY = frozenset({"KEY214", "SCM501", "NGR701"})
_NEW_KEY = timedelta(minutes=15)

# Seconds between two attempts: doubled each time.
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Examined:
    """What a run found out; ``active`` is ``None`` where not all users were read."""

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
    show: Callable[[Check], None] | None = None,
    waits: Callable[[CheckPlan], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Examined:
    """Make every check that is wanted.

    What failed for a transient reason is made again until ``wait_s`` are over, with fresh evidence;
    so is what was skipped, since it may have been for that reason. ``show`` gets each check of the
    first attempt as soon as it and those above it have ended; ``waits`` gets what is waited for.
    """
    started = clock()
    evidence = make()
    all_evidence = [evidence]
    wanted = [plan for plan in plans if choice.takes(plan)]
    ended_by_plan, shown = tee(make_in_order(wanted, evidence, waits))
    if show:
        for check in as_wanted(shown, choice):
            show(check)
    ended = dict(ended_by_plan)
    attempts = [_attempt(0, ended)]
    seconds = _FIRST_PAUSE
    while (again := _to_retry(ended, evidence)) and (left := started + wait_s - clock()) > 0:
        evidence.progress.waits("the next attempt", min(seconds, left))
        pause(min(seconds, left))
        seconds = min(2 * seconds, _LONGEST_PAUSE)
        evidence = make()
        all_evidence.append(evidence)
        begun_ms = round((clock() - started) * 1000)
        new = dict(make_in_order(again, evidence))
        attempts.append(_attempt(begun_ms, new))
        ended |= new

    tested = _latest(item.tested.peek() for item in all_evidence)
    people = _latest(item.shared(read_people).peek() for item in all_evidence)
    app = _latest(item.okta_app.peek() for item in all_evidence)
    age = account.key_age(evidence)
    result = result_of(
        list(as_wanted(ended.items(), choice)),
        exchanges=tuple(exchange for item in all_evidence for exchange in item.all_exchanges),
        tested=tested.result if tested and any(plan.group for plan in wanted) else None,
        payload=Payload({"attempts": attempts}, is_answer=False) if wait_s > 0 else NO_PAYLOAD,
    )
    users = people or result.users
    return Examined(
        result,
        clock() - started,
        users.total if users else None,
        people.active if people and not people.unproven else None,
        age.days if age is not None else None,
        app.id if app else "",
    )


def _attempt(begun_ms: int, ended: Mapping[CheckPlan, Check]) -> dict[str, object]:
    checks = [
        {**fields_of(check, "code status reason"), "findings": list(check.codes)}
        for check in ended.values()
    ]
    return {"begun_ms": begun_ms, "checks": checks}


def _to_retry(ended: Mapping[CheckPlan, Check], evidence: Evidence) -> list[CheckPlan]:
    """Return the checks to make again; none where nothing failed for a transient reason."""
    age = account.key_age(evidence)
    new_key = age is not None and age <= _NEW_KEY
    failed = [
        plan
        for plan, check in ended.items()
        if is_transient(check.findings, new_key=new_key)
        # A peer did not reply, or not usefully.
        or (check.follows and not check.findings and not check.conclusive)
    ]
    if not failed:
        return []
    groups = {plan.group for plan in failed} - {""}
    return [
        plan
        for plan, check in ended.items()
        if plan in failed or plan.group in groups or check.status is CheckStatus.SKIP
    ]


def is_transient(findings: Iterable[Finding], *, new_key: bool) -> bool:
    """Tell whether one of ``findings`` may pass by itself."""
    codes = TRANSIENT | OF_A_NEW_KEY if new_key else TRANSIENT
    return any(item.code in codes for item in findings)


def _latest(values: Iterable[_Value | None]) -> _Value | None:
    """Return the last of ``values`` that is not ``None``."""
    return next((value for value in reversed(list(values)) if value is not None), None)
