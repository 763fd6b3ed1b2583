"""The results of `ngrok-scim api-key`: steps, what remains, and the requests of a dry run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from ngrok_scim_cli.cli.runtime.output import deliver, exit_status, show, tell
from ngrok_scim_cli.diagnosis.finding import (
    Result,
    Severity,
    Step,
    StepStatus,
    Verdict,
    verdict_of,
)
from ngrok_scim_cli.doctor.environment import judge_facts
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.setup.context import StepFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.cli.runtime.options import OutputOptions
    from ngrok_scim_cli.cli.runtime.session import Session
    from ngrok_scim_cli.setup.context import StepOutcome
    from ngrok_scim_cli.setup.dry_run import PlannedRequest


def deliver_key_result(
    command: str, options: OutputOptions, work: Callable[[], Result], *, dry_run: bool
) -> int:
    """Do a command's work, print its result and return the exit status.

    Args:
        command: the command's name.
        options: how to print the result.
        work: finds the result out.
        dry_run: whether the result is a list of requests (``planned``).

    Raises:
        UsageError: the command line is wrong.
    """
    if not dry_run or options.format_ is not Format.TEXT:
        return deliver(command, options, work)
    result = work()
    if result.steps:  # something failed on the way
        return show(result, options)
    requests = cast("list[dict[str, Any]]", dict(result.extra)["requests"])
    tell("These requests would be made, in this order:" if requests else "Nothing would be asked.")
    for request in requests:
        tell(f"  {request['method']} {request['url']}")
        for name, value in request["fields"].items():
            tell(f"      {name}: {value}")
    return exit_status(result.verdict)


def planned(command: str, plan: Callable[[], tuple[PlannedRequest, ...]]) -> Result:
    """Return the requests that ``command`` would make.

    Args:
        command: the command's name.
        plan: finds them out; nothing that it asks writes.
    """
    try:
        requests = plan()
    except StepFailed as failure:
        return _failed(command, failure)
    documents = [item.document() for item in requests]
    return Result(command, Verdict.PASS, extra=(("requests", documents),))


def done(command: str, work: Callable[[], StepOutcome]) -> Result:
    """Do one thing and return what came of it.

    Args:
        command: the command's name; its last word names the step.
        work: does it.
    """
    try:
        outcome = work()
    except StepFailed as failure:
        return _failed(command, failure)
    return Result(
        command,
        verdict_of(outcome.findings),
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
    known = any(item.severity is Severity.ERROR for item in failure.findings)
    return Result(
        command,
        verdict_of(failure.findings, told=known),
        findings=failure.findings,
        steps=(Step(_name(command), StepStatus.FAILED, failure.detail),),
    )


def _name(command: str) -> str:
    return command.rpartition(" ")[2]
