"""What every format for people says about a result; what to do next is in ``next_step``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import (
    HOW_SURELY,
    Check,
    CheckStatus,
    Finding,
    Repair,
    Result,
    Severity,
    Step,
    StepStatus,
    Subject,
    Verdict,
    WaitingFor,
)
from ngrok_scim_cli.form import OKTA_LABELS, Field
from ngrok_scim_cli.text.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENDPOINT = "SCIM endpoint"
_HEADINGS = {
    Subject.NETWORK: "Network",
    Subject.RESPONSE: _ENDPOINT,
    Subject.USERS: "Users",
    Subject.NGROK: "ngrok account",
    Subject.OKTA: "Okta app",
    Subject.DOMAIN: "Domains",
    Subject.ENVIRONMENT: "This machine",
}
_FIELDS_BY_SUBJECT = {Subject(field.value): field for field in Field}

_OKTA_DIFFERS = "FRM309"

CHECKLISTS = ("doctor", "users audit")
"""The commands whose answer is a list of checks."""


def verdict_word(result: Result) -> str:
    """Return the word with which the result begins."""
    if result.verdict is Verdict.WARN and unfinished(result):
        return "NOT DONE" if len(result.steps) == 1 else "NOT FINISHED"
    return result.verdict.upper()


def headline(result: Result) -> str:
    """Return in one or two sentences what the run comes to.

    A command that knows best says so itself.
    """
    if result.payload.summary:
        return result.payload.summary
    if result.profiles:
        ends = [item.verdict for item in result.profiles]
        order = (Verdict.FAIL, Verdict.INCOMPLETE, Verdict.WARN, Verdict.PASS)
        counts = ", ".join(f"{ends.count(end)} {end.upper()}" for end in order if end in ends)
        return f"{counted(len(ends), 'profile')}: {counts}."
    trouble = _count_findings(result)
    if result.steps or result.command == "setup":
        return _progress(result, trouble)
    if result.command == "test-connect":
        works = result.repair is not None and result.repair.accepts
        repaired = " The repaired values below work." if works else ""
        return _acceptance(result, trouble) + repaired
    skipped = sum(item.status is CheckStatus.SKIP for item in result.checks)
    left_out = f" {counted(skipped, 'check')} skipped." if skipped else ""
    if result.command not in CHECKLISTS:
        left_out = ""
    if result.verdict is Verdict.INCOMPLETE:
        return "Not everything could be checked." + left_out
    refused = sum(bool(item.grant) for item in result.checks)
    unread = f" A right in Okta is missing for {counted(refused, 'check')}." if refused else ""
    return (f"{trouble}." if trouble else "No problem was found.") + unread + left_out


def _count_findings(result: Result) -> str:
    """Return how many errors and warnings there are, like ``1 error and 2 warnings``, or ``""``."""
    numbers = Counter(item.severity for item in result.findings)
    counts = [(numbers[Severity.ERROR], "error"), (numbers[Severity.WARNING], "warning")]
    return " and ".join(counted(number, noun) for number, noun in counts if number)


def _acceptance(result: Result, trouble: str) -> str:
    accepts = result.okta.accepts if result.okta else None
    if result.verdict is Verdict.INCOMPLETE:
        return "Could not verify whether Okta would accept this connector."
    if accepts is False:
        return "Okta would not accept this connector."
    if any(item.code == _OKTA_DIFFERS for item in result.findings):
        return "The test passes here, but Okta shows a failure."
    if accepts:
        joint = ", but with" if result.verdict is Verdict.FAIL else ", with"
        return f"Okta would accept this connector{f'{joint} {trouble}' if trouble else ''}."
    found = f"Found {trouble}" if trouble else "No problem was found"
    return f"{found}; what Okta would show is not known."


def _progress(result: Result, trouble: str) -> str:
    """Return how far a command with steps has come, or what its single step says."""
    if len(result.steps) == 1 and step_detail(result.steps[0]):
        return step_detail(result.steps[0])
    open_steps = unfinished(result)
    if not open_steps:
        done = "The setup is done" if result.command == "setup" else "Done"
        if result.verdict in (Verdict.FAIL, Verdict.INCOMPLETE):
            done = done.replace(" is done", " is not finished")
        return f"{done}{f', with {trouble}' if trouble else ''}."
    left = f"{len(open_steps)} of {len(result.steps)} steps left."
    failed = [step.name for step in open_steps if step.status is StepStatus.FAILED]
    if failed:
        return f'The step "{failed[0]}" failed. {left}'
    return f"{left} First: {open_steps[0].name}."


def step_detail(step: Step) -> str:
    """Return whom a step waits for, and what there is to say of it."""
    whom = "the Okta admin" if step.waiting_for is WaitingFor.OKTA_ADMIN else step.waiting_for
    return f"{f'Waiting for {whom}. ' if whom else ''}{step.detail}".rstrip()


def unfinished(result: Result) -> list[Step]:
    """Return the steps that are not done."""
    return [step for step in result.steps if step.status is not StepStatus.DONE]


def finding_rows(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return what to know of a finding, a label and a text each.

    The cause says how surely it is known where it is not documented.
    """
    cause = " ".join(filter(None, (finding.cause, HOW_SURELY.get(finding.certainty, ""))))
    return ("Seen", finding.evidence), ("Why", cause), ("Fix", finding.fix)


def where(finding: Finding) -> str:
    """Return Okta's label of the field that ``finding`` is about, or ``""``."""
    field = _FIELDS_BY_SUBJECT.get(finding.subject)
    return OKTA_LABELS[field] if field else ""


def by_category(findings: Sequence[Finding], checks: Sequence[Check]) -> dict[str, list[Finding]]:
    """Return ``findings`` under the headings where they belong, in their own order.

    A heading is the category of the check that found it, else one that fits what it is about.
    """
    headings = {code: check.category for check in reversed(checks) for code in check.codes}
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        # Where the letters of a value are in order, it was the endpoint that refused the value.
        other = _HEADINGS.get(finding.subject, _ENDPOINT if checks else "Values for Okta")
        grouped.setdefault(headings.get(finding.code, other), []).append(finding)
    return grouped


def first_open(findings: Sequence[Finding], repair: Repair | None) -> Finding | None:
    """Return the first error that the repair does not fix."""
    repaired = {item.code for item in repair.changes} if repair else set()
    errors = (item for item in findings if item.severity is Severity.ERROR)
    return next((item for item in errors if item.code not in repaired), None)
