"""Runs examinations side by side and puts their checks in a fixed order."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Result, Severity, verdict_of
from ngrok_scim_cli.doctor.plan import Checked, Outcome, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ngrok_scim_cli.diagnosis.finding import Check, Finding, Payload
    from ngrok_scim_cli.doctor.plan import CheckPlan, Choice, Examination
    from ngrok_scim_cli.wire.exchange import Exchange

_SEVERITIES = tuple(Severity)
_NOT_MADE = (CheckStatus.SKIP, CheckStatus.UNSUPPORTED)


def wanted(examinations: Sequence[Examination], choice: Choice) -> tuple[int, ...]:
    """Return the places of those ``examinations`` that make a wanted check."""
    return tuple(
        place
        for place, item in enumerate(examinations)
        if any(choice.takes(plan) for plan in item.plans)
    )


def look_side_by_side(examinations: Mapping[int, Examination]) -> dict[int, Outcome]:
    """Look at everything at once, and return what came of each."""
    return dict(look_in_order(examinations))


def look_in_order(
    examinations: Mapping[int, Examination],
    waits: Callable[[Examination], None] = lambda _: None,
) -> Iterator[tuple[int, Outcome]]:
    """Look at everything at once, and give each outcome as soon as those above it are given.

    The threads do not keep the process alive: whoever interrupts is not made to wait for a server.
    An examination that does not end in time is a result, too.

    Args:
        waits: is told of each examination before it is waited for.
    """
    outcomes: dict[int, Outcome] = {}

    def note(place: int, examination: Examination) -> None:
        outcomes[place] = _look(examination)

    started = time.monotonic()
    threads = {
        place: Thread(target=note, args=(place, item), daemon=True)
        for place, item in examinations.items()
    }
    for thread in threads.values():
        thread.start()
    for place, thread in threads.items():
        item = examinations[place]
        waits(item)
        thread.join(max(0.0, started + item.timeout_s - time.monotonic()))
        yield place, outcomes[place] if place in outcomes else _given_up(item)


def checks_of(
    outcomes: Iterable[Outcome], plans: Mapping[str, CheckPlan], choice: Choice
) -> Iterator[Checked]:
    """Give the wanted checks of ``outcomes``, each as soon as its outcome is there."""
    wanted_ones = (
        _without_unwanted(item, plans[item.check.code], choice)
        for outcome in outcomes
        for item in outcome.checked
        if choice.takes(plans[item.check.code])
    )
    for item in _without_repeats(wanted_ones):
        yield replace(item, check=_with_codes(item))


def result_of(
    outcomes: Sequence[Outcome],
    plans: Mapping[str, CheckPlan],
    choice: Choice,
    *,
    exchanges: tuple[Exchange, ...] = (),
    payload: Payload | None = None,
) -> Result:
    """Put the result together."""
    checked = list(checks_of(outcomes, plans, choice))
    findings = _told_once(checked)
    connector = next((item.connector for item in outcomes if item.connector), None)
    return Result(
        command="doctor",
        verdict=verdict_of(
            findings,
            told=_is_told(outcomes, checked, findings) and not _is_hidden(outcomes, plans, choice),
        ),
        okta=connector.okta if connector else None,
        findings=findings,
        checks=tuple(item.check for item in checked),
        repair=connector.repair if connector else None,
        users=connector.users if connector else None,
        exchanges=exchanges,
        payload=payload,
    )


def _with_codes(item: Checked) -> Check:
    return replace(item.check, findings=tuple(dict.fromkeys(found.code for found in item.findings)))


def _is_told(
    outcomes: Sequence[Outcome], checked: Sequence[Checked], findings: Sequence[Finding]
) -> bool:
    """Tell whether the question of the run was answered.

    One error that is certain answers it. Otherwise every wanted examination must have told its
    part, and a run of which every check was left out has answered nothing.
    """
    untold = {
        found
        for outcome in outcomes
        if not outcome.told
        for entry in outcome.checked
        for found in entry.findings
    }
    if any(item.severity is Severity.ERROR and item not in untold for item in findings):
        return True
    left_out = all(item.check.status in _NOT_MADE for item in checked)
    return not left_out and all(outcome.told for outcome in outcomes)


def _is_hidden(outcomes: Sequence[Outcome], plans: Mapping[str, CheckPlan], choice: Choice) -> bool:
    """Tell whether a wanted check was left out because of the failure of one not asked for."""
    for outcome in outcomes:
        taken = [choice.takes(plans[item.check.code]) for item in outcome.checked]
        pairs = list(zip(taken, (item.check.status for item in outcome.checked), strict=True))
        if (True, CheckStatus.SKIP) in pairs and (False, CheckStatus.FAIL) in pairs:
            return True
    return False


def _look(examination: Examination) -> Outcome:
    started = time.monotonic()
    try:
        outcome = examination.look()
    except Exception as error:  # noqa: BLE001 - one check that crashes must not take the others along
        reason = f"The check itself crashed ({type(error).__name__}); this is a fault of ours."
        outcome = _failed(examination, reason)
    elapsed_ms = round((time.monotonic() - started) * 1000)
    return _timed(outcome, elapsed_ms) if len(outcome.checked) == 1 else outcome


def _given_up(examination: Examination) -> Outcome:
    return _failed(examination, f"It did not end within {examination.timeout_s:,.0f} seconds.")


def _failed(examination: Examination, reason: str) -> Outcome:
    plans = examination.plans
    return Outcome(
        tuple(Checked(plan.ended(CheckStatus.FAIL, reason)) for plan in plans), told=False
    )


def _timed(outcome: Outcome, elapsed_ms: int) -> Outcome:
    """Return the outcome of a single check with the time that it took, unless it was left out."""
    (item,) = outcome.checked
    if item.check.status is CheckStatus.SKIP:
        return outcome
    check = replace(item.check, elapsed_ms=elapsed_ms)
    return replace(outcome, checked=(replace(item, check=check),))


def _without_unwanted(item: Checked, plan: CheckPlan, choice: Choice) -> Checked:
    kept = tuple(
        entry for entry in item.findings if choice.takes_finding(plan, entry, why_not=item.follows)
    )
    if kept == item.findings:
        return item
    # What could not be made has not passed, though nobody wants to hear why.
    status = CheckStatus.SKIP if item.follows and not kept else status_of(kept)
    return replace(item, check=replace(item.check, status=status), findings=kept)


def _without_repeats(checked: Iterable[Checked]) -> Iterator[Checked]:
    """Skip checks that could not be made for a reason that one before them told."""
    told: set[tuple[str, str]] = set()
    for item in checked:
        codes = {(found.code, found.title) for found in item.findings}
        if item.follows and codes and codes <= told:
            named = ", ".join(dict.fromkeys(found.code for found in item.findings))
            reason = f"{item.check.reason} {named} says why."
            check = replace(item.check, status=CheckStatus.SKIP, reason=reason, elapsed_ms=0)
            yield Checked(check)
        else:
            yield item
        told |= codes


def _told_once(checked: Sequence[Checked]) -> tuple[Finding, ...]:
    """Return what was found, errors first, otherwise in the order of the checks.

    What two checks found alike, in other words of evidence perhaps, is told by the first. What is
    to be done otherwise is another thing.
    """
    found: dict[Finding, None] = {}
    told: set[tuple[str, str, str]] = set()
    for entry in checked:
        new = [item for item in entry.findings if _told_as(item) not in told]
        found |= dict.fromkeys(new)
        told |= {_told_as(item) for item in entry.findings}
    return tuple(sorted(found, key=lambda item: _SEVERITIES.index(item.severity)))


def _told_as(item: Finding) -> tuple[str, str, str]:
    return item.code, item.title, item.fix
