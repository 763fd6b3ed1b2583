"""Makes checks side by side, gives them in their order, and puts the result together."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Result, Severity, errors_first, verdict_of
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.plan import status_of
from ngrok_scim_cli.doctor.shared_future import SharedFuture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ngrok_scim_cli.diagnosis.finding import Check, Finding, Payload
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.plan import CheckPlan, Choice
    from ngrok_scim_cli.wire.exchange import Exchange

    Ended = tuple[CheckPlan, Check]

_NOT_MADE = (CheckStatus.SKIP, CheckStatus.UNSUPPORTED)


def make_in_order(
    plans: Iterable[CheckPlan],
    evidence: Evidence,
    waits: Callable[[CheckPlan], None] = lambda _: None,
) -> Iterator[Ended]:
    """Make all checks at once, and give each as soon as those above it are given.

    Args:
        waits: is told of each check before it is waited for.
    """
    started = time.monotonic()
    checks = {plan: SharedFuture(partial(plan.make, evidence)) for plan in plans}
    for future in checks.values():
        future.begin()
    for plan, future in checks.items():
        waits(plan)
        try:
            yield plan, future.get(max(0.0, started + plan.timeout_s - time.monotonic()))
        except Unknown:
            reason = f"It did not finish within {plan.timeout_s:,.0f} seconds."
            yield plan, plan.ended(CheckStatus.FAIL, reason, conclusive=False)


def as_wanted(ended: Iterable[Ended], choice: Choice) -> Iterator[Check]:
    """Give the checks with the findings that are wanted.

    What could not be made for a reason that one before it told is skipped.
    """
    known: set[tuple[str, str]] = set()
    for plan, made in ended:
        check = _without_unwanted(plan, made, choice)
        causes = {(found.code, found.title) for found in check.findings}
        if check.follows and causes and causes <= known:
            reason = f"{check.reason} {', '.join(check.codes)} says why."
            check = replace(
                check, status=CheckStatus.SKIP, reason=reason, elapsed_ms=0, findings=()
            )
        known |= causes
        yield check


def result_of(
    checks: Sequence[Check],
    *,
    exchanges: tuple[Exchange, ...] = (),
    tested: Result | None = None,
    payload: Payload | None = None,
) -> Result:
    """Put the result together.

    Args:
        tested: the result of the connector test, where it was among the checks.
    """
    findings = _told_once(checks)
    return Result(
        command="doctor",
        verdict=verdict_of(findings, conclusive=_is_conclusive(checks, findings)),
        okta=tested.okta if tested else None,
        findings=findings,
        checks=tuple(checks),
        repair=tested.repair if tested else None,
        users=tested.users if tested else None,
        exchanges=exchanges,
        payload=payload,
    )


def _is_conclusive(checks: Sequence[Check], findings: Sequence[Finding]) -> bool:
    """Tell whether the question of the run was answered.

    One error that is certain answers it. Otherwise every check must have told its part, and a run
    of which every check was left out has answered nothing.
    """
    untold = {found for check in checks if not check.conclusive for found in check.findings}
    if any(item.severity is Severity.ERROR and item not in untold for item in findings):
        return True
    left_out = all(check.status in _NOT_MADE for check in checks)
    return not left_out and all(check.conclusive for check in checks)


def _without_unwanted(plan: CheckPlan, check: Check, choice: Choice) -> Check:
    kept = tuple(
        one for one in check.findings if choice.takes_finding(plan, one, why_not=check.follows)
    )
    if kept == check.findings:
        return check
    # What could not be made has not passed, though nobody wants to hear why.
    status = CheckStatus.SKIP if check.follows and not kept else status_of(kept)
    return replace(check, status=status, findings=kept)


def _told_once(checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Return what was found, errors first, otherwise in the order of the checks.

    What two checks found alike, in other words of evidence perhaps, is told by the first. What is
    to be done otherwise is another thing.
    """
    found: dict[Finding, None] = {}
    told: set[tuple[str, str, str]] = set()
    for check in checks:
        new = [item for item in check.findings if _told_as(item) not in told]
        found |= dict.fromkeys(new)
        told |= {_told_as(item) for item in check.findings}
    return errors_first(found)


def _told_as(item: Finding) -> tuple[str, str, str]:
    return item.code, item.title, item.fix
