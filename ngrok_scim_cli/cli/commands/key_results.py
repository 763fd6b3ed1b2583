"""The results of `ngrok-scim api-key`: steps, what remains, and the requests of a dry run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import (
    Result,
    Severity,
    Step,
    StepStatus,
    Verdict,
    has_errors,
    verdict_of,
)
from ngrok_scim_cli.doctor.environment import judge_facts
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.setup.dry_run import PlannedRequests

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.cli.runtime.session import Session
    from ngrok_scim_cli.setup.context import StepOutcome
    from ngrok_scim_cli.setup.dry_run import PlannedRequest


def planned(command: str, plan: Callable[[], tuple[PlannedRequest, ...]]) -> Result:
    """Return the requests that ``command`` would make."""
    try:
        requests = plan()
    except StepFailed as failure:
        return _failed(command, failure)
    return Result(command, Verdict.PASS, payload=PlannedRequests(requests))


def done(command: str, work: Callable[[], StepOutcome]) -> Result:
    """Do one thing and return what came of it.

    Args:
        command: the command's name; its last word names the step.
    """
    try:
        outcome = work()
    except StepFailed as failure:
        return _failed(command, failure)
    verdict = verdict_of(outcome.findings)
    if verdict is Verdict.PASS and outcome.status is not StepStatus.DONE:
        verdict = Verdict.WARN
    return Result(
        command,
        verdict,
        findings=outcome.findings,
        steps=(Step(_name(command), outcome.status, outcome.detail),),
        remaining=outcome.remaining,
    )


def with_notices(result: Result, session: Session) -> Result:
    """Return ``result`` with what was noticed while values were looked up.

    None of it stopped the command, so it is a warning at most.
    """
    known = {(item.code, item.evidence) for item in result.findings}
    noticed = tuple(
        replace(item, severity=Severity.WARNING) if item.severity is Severity.ERROR else item
        for item in judge_facts(session.settings.facts)
        if (item.code, item.evidence) not in known
    )
    verdict = result.verdict
    if verdict is Verdict.PASS:
        verdict = verdict_of(noticed)
    return replace(result, verdict=verdict, findings=(*result.findings, *noticed))


def _failed(command: str, failure: StepFailed) -> Result:
    known = has_errors(failure.findings)
    return Result(
        command,
        verdict_of(failure.findings, conclusive=known),
        findings=failure.findings,
        steps=(Step(_name(command), StepStatus.FAILED, failure.detail),),
    )


def _name(command: str) -> str:
    return command.rpartition(" ")[2]
