"""What a rehearsal, its plan or a clean-up came to, as a result."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import (
    CheckStatus,
    Finding,
    Payload,
    Result,
    Section,
    Verdict,
    errors_first,
    fields_of,
    has_errors,
    verdict_of,
)
from ngrok_scim_cli.diagnosis.rehearsal import rules
from ngrok_scim_cli.diagnosis.rehearsal.reply import STEPS
from ngrok_scim_cli.rehearsal.user import Left, ThrowAwayUser, ThrowAwayUsers
from ngrok_scim_cli.text.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.rehearsal.plan import PlannedRequest
    from ngrok_scim_cli.rehearsal.run import Rehearsal, StepCheck

COMMAND = "rehearse"

_ASK_SUPPORT = "Ask support@ngrok.com to deactivate the users that are named here."


def plan_result(base_url: str, requests: Sequence[PlannedRequest]) -> Result:
    """Return the requests that a rehearsal would make, with their bodies."""
    root = base_url.removesuffix("/")
    fields: list[dict[str, object]] = []
    by_step: dict[str, list[str]] = {}
    for one in requests:
        url, body = f"{root}{one.path}", one.body or {}
        fields.append({"step": one.step, "method": one.method, "url": url, "fields": body})
        lines = by_step.setdefault(one.step, [])
        lines.append(f"{one.method} {one.path}")
        if one.body is not None:
            lines.append(f"  {dumps(one.body, ensure_ascii=False)}")
    parts = (
        Section(
            f"Requests below {base_url} if every step passes, after the connector test and before "
            "the throw-away users are looked up a last time:"
        ),
        *(Section(STEPS[step].title, verbatim="\n".join(by_step[step])) for step in by_step),
    )
    return Result(COMMAND, Verdict.PASS, payload=Payload({"requests": fields}, parts))


def result_of(
    run: Rehearsal,
    *,
    users: Sequence[ThrowAwayUser] | None = None,
    also: Sequence[Finding] = (),
) -> Result:
    """Return what a rehearsal came to.

    Args:
        users: the throw-away users that were made; ``None`` where none was to be made.
        also: what was found besides, before or after the steps.
    """
    steps, known = run.steps, {item.code for item in run.findings}
    findings = errors_first((*run.findings, *(item for item in also if item.code not in known)))
    # The user to name: an active one if there is any, otherwise a deactivated one.
    worst = list(Left).index
    nobody = ThrowAwayUser("", "")
    left = max(users or (), key=lambda user: worst(user.state), default=nobody)
    document = {
        "dialect": run.dialect.value,
        "user": {
            "id": left.user_id or None,
            "user_name": left.user_name or None,
            "left": left.state.value,
        },
        "steps": [_step(step) for step in steps],
    }
    sections = {
        "What Okta would show": [(step.name, step.okta_shows) for step in steps if step.okta_shows],
        "What is left": [(user.user_name, user.state.value) for user in users or ()],
    }
    summary, next_step = _summary(steps, writes=users is not None)
    skipped = any(step.status is CheckStatus.SKIP for step in steps)
    return Result(
        command=COMMAND,
        verdict=verdict_of(findings, conclusive=has_errors(findings) or not skipped),
        findings=findings,
        checks=tuple(steps),
        exchanges=tuple(exchange for step in steps for exchange in step.exchanges),
        payload=Payload(
            {"rehearsal": document},
            tuple(Section(name, rows=tuple(rows)) for name, rows in sections.items() if rows),
            summary,
            is_answer=False,
            shows_checks=True,
            next_step=next_step,
        ),
    )


def _step(step: StepCheck) -> dict[str, object]:
    return {
        "name": step.code,
        "status": step.status.value,
        "okta_shows": step.okta_shows or None,
        "findings": [item.code for item in step.findings],
        "requests": [fields_of(exchange, "method url status") for exchange in step.exchanges],
    }


def _summary(steps: Sequence[StepCheck], *, writes: bool) -> tuple[str, str]:
    """Return at which step provisioning would break, or that it would not, and what to do next."""
    failed = next((step for step in steps if step.status is CheckStatus.FAIL), None)
    if failed:
        return f"Provisioning would break at this step: {failed.name.lower()}.", ""
    if any(step.status is CheckStatus.SKIP for step in steps):
        return "Could not verify every step; the others pass.", ""
    summary = "The read-only steps pass. Creating and updating users was not tried."
    next_step = "Run `ngrok-scim rehearse` to try creating and updating a user, too."
    if writes:
        summary = "Okta would provision a user, from the first look-up to the deactivation."
        next_step = (
            "In Okta, assign one person to the app. Then run `ngrok-scim users trace EMAIL`."
        )
    warned = any(step.status is CheckStatus.WARN for step in steps)
    return summary, "" if warned else next_step


def clean_up_result(users: ThrowAwayUsers) -> Result:
    """Return what was done with the users of an earlier rehearsal."""
    verdict = Verdict.FAIL if users.active else Verdict.INCOMPLETE
    verdict = Verdict.PASS if users.is_clean else verdict
    document = {
        "found": [user.user_id for user in users.found],
        "deactivated": [user.user_id for user in users.deactivated],
        "active": [user.user_id for user in users.active],
        "unknown": list(users.unknown),
    }
    summary = clean_up_summary(users)
    return Result(
        COMMAND,
        verdict,
        findings=not_cleaned_up(users, _ASK_SUPPORT),
        payload=Payload({"clean_up": document}, summary=summary, is_answer=False),
    )


def clean_up_summary(users: ThrowAwayUsers) -> str:
    """Return what is left of an earlier rehearsal."""
    if not users.names:
        return "No rehearsal was left unfinished, so there is nothing to clean up."
    if users.active:
        return "A throw-away user is still active."
    if users.unknown:
        return "Could not verify that no throw-away user is active."
    if users.may_come_late:
        return (
            "No throw-away user is active. ngrok may still carry out the interrupted create: "
            "run `ngrok-scim rehearse --clean-up` again in a few minutes."
        )
    if not users.deactivated:
        return "No throw-away user is active."
    return f"Deactivated {counted(len(users.deactivated), 'throw-away user')}."


def not_cleaned_up(users: ThrowAwayUsers, fix: str | None = None) -> tuple[Finding, ...]:
    """Report the users that are active still, or may be."""
    if users.active:
        return (rules.still_active((user.user_name for user in users.active), fix),)
    if users.unknown:
        return (finding("REH015", f"Could not look up: {', '.join(users.unknown)}."),)
    return ()
