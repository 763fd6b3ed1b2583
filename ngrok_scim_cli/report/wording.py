"""What every format for people says about a result, and the one thing to do next.

Whoever follows what is printed about one profile would otherwise change another one: paste its key
into Okta, or revoke it. Whoever follows what is printed about a sandbox would change what is real.
So each command names the profile and the sandbox of its run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
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
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from re import Match

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

DEFAULT_PROFILE = "default"

_ON_A_PROFILE = lazy_pattern(
    r"\bngrok-scim (?:setup|test-connect|doctor|okta-values|rehearse|preview"
    r"|(?P<group>api-key|domain|users) [a-z]+)(?![a-z-])(?!\s+--(?:profile|sandbox)\b)"
)

AFTER_SETUP = (
    "Assign the others in Okta, and run `ngrok-scim doctor` now and then. The admin key is not "
    "needed any more: test-connect, users, okta-values and all checks of doctor but those of the "
    "ngrok account work without it. If nothing else uses it, you may revoke it at "
    "https://dashboard.ngrok.com/api-keys - not the SCIM key, which Okta uses."
)
_AGAIN = "then run the same command again."
_THEN_AGAIN = f" {_AGAIN.capitalize()}"
_WAIT_AND_AGAIN = lazy_pattern("Wait .* again")
_RUN_OR_WAIT = lazy_pattern("(?:Run|Wait) .* again")
# Warnings that keep nobody from ngrok, or that only those who run the server can end.
_CAN_WAIT = (Subject.ENVIRONMENT, Subject.RESPONSE)
_PRESS_TEST = 'press "Test Connector Configuration"'


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


def next_step(result: Result) -> str:
    """Return the one thing to do next; empty where there is none."""
    steps = _of_setup(result) if result.command == "setup" else _of_result(result)
    return in_place(next(filter(None, steps), ""), result.profile, result.sandbox)


def _of_setup(result: Result) -> Iterator[str]:
    """Yield what there is to do, the most urgent first; the first that is not empty counts."""
    again = "Then run `ngrok-scim setup` again."
    if error := first_open(result.findings, result.repair):
        fix = error.fix.removesuffix(_THEN_AGAIN)
        yield fix if _WAIT_AND_AGAIN.match(fix) else f"{fix} {again}"
    for first in result.remaining[:1]:
        yield first if "ngrok-scim setup" in first else f"{first} {again}"
    yield "Run `ngrok-scim setup` again." if unfinished(result) else AFTER_SETUP


def _of_result(result: Result) -> Iterator[str]:
    repair, step = result.repair, result.payload.next_step
    error = first_open(result.findings, repair)
    # In full where the fix may stand far above.
    is_alone = sum(item.severity is not Severity.NOTICE for item in result.findings) == 1
    see = f'Do what "Fix" says under {error.code}' if error and is_alone else ""
    yield f"{see}." if see and error and step == error.fix else step
    if repair and repair.accepts:
        place = "In Okta, open Provisioning > Integration > Edit, paste the repaired values"
        yield f"{place}, and {_PRESS_TEST}."
    # What is wrong with another value comes first; what this machine alone does not reach can wait.
    if repair and repair.accepts is None and not (error and where(error)):
        yield f"Put the repaired values in place, {_AGAIN}"
    if error and (error.fix.endswith(_THEN_AGAIN) or _RUN_OR_WAIT.match(error.fix)):
        yield f"{see}." if see else error.fix
    elif error:
        yield f"{see}, {_AGAIN}" if see else error.fix + _THEN_AGAIN
    yield from result.remaining[:1]
    incomplete = result.verdict is Verdict.INCOMPLETE
    yield from _without_answer(result.checks) if incomplete else _without_error(result)


def _without_answer(checks: Sequence[Check]) -> Iterator[str]:
    """Yield what to do where not everything could be verified."""
    unread = [item for item in checks if item.status is CheckStatus.SKIP and item.reason]
    for key in unread:
        if key.code == Field.AUTHORIZATION:
            yield f'Make a key with `ngrok-scim setup`, or give yours as "{key.name}" says above.'
    yield _grant(checks)
    for missing in [item for item in checks if not item.conclusive and item.reason] + unread:
        yield f'"{missing.name}" could not be checked: see why above, {_AGAIN}'
    yield f"See above what is missing, {_AGAIN}"


def _without_error(result: Result) -> Iterator[str]:
    if result.verdict is Verdict.FAIL:
        yield "Run `ngrok-scim doctor` to see more."
    if result.command == "test-connect":
        if result.okta and result.okta.fits is False:
            yield "Compare the values in Okta with these: `ngrok-scim okta-values`."
        yield f'In Okta, {_PRESS_TEST}, then "Save".'
    warnings = [item for item in result.findings if item.severity is Severity.WARNING]
    if warnings and result.command.startswith("domain "):
        yield warnings[0].fix
    if result.command in CHECKLISTS:
        warnings.sort(key=lambda item: item.subject in _CAN_WAIT)
        yield from (f"Do what {item.code} says above, {_AGAIN}" for item in warnings)
        yield from (item.fix for item in result.findings if item.code == "NGR716")
        yield _grant(result.checks)
        ends = {check.code: check.status for check in result.checks}
        if "provisioned" not in ends:
            yield "Run every check: `ngrok-scim doctor`."
        elif ends["provisioned"] is CheckStatus.SKIP:
            rehearse = "rehearse a user's life: `ngrok-scim rehearse`."
            yield f"Before you assign the first person, {rehearse}"


def _grant(checks: Sequence[Check]) -> str:
    """Return how to grant the first right whose lack kept a check from being made."""
    return next((f"{check.grant}{_THEN_AGAIN}" for check in checks if check.grant), "")


def in_place(text: str, profile: str, sandbox: Sequence[str] | None = None) -> str:
    """Return ``text`` with the profile and the sandbox of the run in each command that takes them.

    ``sandbox`` has the faults of the sandbox; ``None``: the run was in none. ``api-key`` and
    ``domain`` take no sandbox.
    """
    named = "" if profile in ("", DEFAULT_PROFILE) else f" --profile {profile}"
    if not named and sandbox is None:
        return text
    faults = "".join(f" --fault {name}" for name in sandbox or ())

    def completed(found: Match[str]) -> str:
        if sandbox is None or found["group"] in ("api-key", "domain"):
            return found[0] + named
        more = "" if found[0].endswith("okta-values") else faults
        return f"{found[0]} --sandbox{more}{named}"

    return _ON_A_PROFILE.sub(completed, text)


def result_in_place(result: Result) -> Result:
    """Return ``result`` with the profile and the sandbox of its run in the commands in it."""
    if result.profiles:
        return replace(result, profiles=tuple(map(result_in_place, result.profiles)))
    if result.profile in ("", DEFAULT_PROFILE) and result.sandbox is None:
        return result

    def named(text: str) -> str:
        return in_place(text, result.profile, result.sandbox)

    return replace(
        result,
        findings=tuple(
            replace(item, cause=named(item.cause), fix=named(item.fix)) for item in result.findings
        ),
        checks=tuple(replace(item, reason=named(item.reason)) for item in result.checks),
        steps=tuple(replace(item, detail=named(item.detail)) for item in result.steps),
        remaining=tuple(map(named, result.remaining)),
    )
