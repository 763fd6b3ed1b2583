"""A rehearsal as a result: each step as a check, and what is left of the throw-away user."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ngrok_scim_cli.diagnosis.finding import (
    Answer,
    Check,
    CheckStatus,
    Finding,
    Payload,
    Result,
    Section,
    Severity,
    Verdict,
    has_errors,
    verdict_of,
)
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.rehearsal.plan import STEPS, PlannedRequest
from ngrok_scim_cli.rehearsal.user import CleanedUp, Left, ThrowAwayUser
from ngrok_scim_cli.text.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
    from ngrok_scim_cli.rehearsal.steps import StepRecord, Steps

_FINE = (CheckStatus.PASS, CheckStatus.UNSUPPORTED)

COMMAND = "rehearse"
CATEGORY = "A user's life in Okta"


@dataclass(frozen=True, slots=True)
class RehearsalPayload(Payload):
    """What a rehearsal did.

    Attributes:
        users: the throw-away users that were made; ``None`` where none was to be made.
    """

    shows_checks: ClassVar[bool] = True

    dialect: Dialect
    steps: tuple[StepRecord, ...]
    users: tuple[ThrowAwayUser, ...] | None

    @property
    def left(self) -> ThrowAwayUser:
        """The user to name: an active one if there is any, otherwise a deactivated one."""
        order = list(Left)
        nobody = ThrowAwayUser("", "")
        return max(self.users or (), key=lambda user: order.index(user.state), default=nobody)

    @property
    def summary(self) -> str:
        """At which step provisioning would break, or that it would not."""
        failed = next((step for step in self.steps if step.status is CheckStatus.FAIL), None)
        if failed:
            return f"Provisioning would break at this step: {STEPS[failed.name].lower()}."
        if any(step.status is CheckStatus.SKIP for step in self.steps):
            return "Could not verify every step; the others pass."
        if self.users is None:
            return "The read-only steps pass. Creating and updating users was not tried."
        return "Okta would provision a user, from the first look-up to the deactivation."

    @property
    def next_step(self) -> str:
        """What to do after a rehearsal that passes."""
        if not all(step.status in _FINE for step in self.steps):
            return ""
        if self.users is None:
            return "Run `ngrok-scim rehearse` to try creating and updating a user, too."
        return "In Okta, assign one person to the app. Then run `ngrok-scim users trace EMAIL`."

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        left = self.left
        return {
            "rehearsal": {
                "dialect": self.dialect.value,
                "user": {
                    "id": left.user_id or None,
                    "user_name": left.user_name or None,
                    "left": left.state.value,
                },
                "steps": [_as_step(step) for step in self.steps],
            }
        }

    def sections(self) -> tuple[Section, ...]:
        """Return what Okta would show for each step that failed, and what is left."""
        shown = tuple((STEPS[step.name], step.okta_shows) for step in self.steps if step.okta_shows)
        left = tuple((user.user_name, user.state.value) for user in self.users or ())
        return (
            *((Section("What Okta would show", rows=shown),) if shown else ()),
            *((Section("What is left", rows=left),) if left else ()),
        )


@dataclass(frozen=True, slots=True)
class CleanUpPayload(Payload):
    """What was done with the throw-away users of an earlier rehearsal."""

    outcome: CleanedUp | None

    @property
    def summary(self) -> str:
        """What is left of the earlier rehearsal."""
        outcome = self.outcome
        if outcome is None:
            return "No rehearsal was left unfinished, so there is nothing to clean up."
        if outcome.active:
            return "A throw-away user is still active."
        if outcome.unknown:
            return "Could not verify that no throw-away user is active."
        if outcome.may_come_late:
            return (
                "No throw-away user is active. ngrok may still carry out the interrupted create: "
                "run `ngrok-scim rehearse --clean-up` again in a few minutes."
            )
        if not outcome.deactivated:
            return "No throw-away user is active."
        return f"Deactivated {counted(len(outcome.deactivated), 'throw-away user')}."

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        outcome = self.outcome or CleanedUp()
        return {
            "clean_up": {
                "found": [user.user_id for user in outcome.found],
                "deactivated": [user.user_id for user in outcome.deactivated],
                "active": [user.user_id for user in outcome.active],
                "unknown": list(outcome.unknown),
            }
        }


def plan_result(base_url: str, requests: Sequence[PlannedRequest]) -> Result:
    """Return the requests that a rehearsal would make, with their bodies."""
    from json import dumps

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
        *(Section(STEPS[step], verbatim="\n".join(lines)) for step, lines in by_step.items()),
    )
    return Result(COMMAND, Verdict.PASS, payload=Answer({"requests": fields}, parts))


def result_of(
    steps: Steps,
    dialect: Dialect,
    *,
    users: tuple[ThrowAwayUser, ...] | None = None,
    also: Sequence[Finding] = (),
) -> Result:
    """Return what a rehearsal came to.

    Args:
        also: what was found besides, before or after the steps.
    """
    known = {item.code for item in steps.findings}
    found = (*steps.findings, *(item for item in also if item.code not in known))
    findings = tuple(sorted(found, key=lambda item: item.severity is not Severity.ERROR))
    skipped = any(step.status is CheckStatus.SKIP for step in steps.steps)
    return Result(
        command=COMMAND,
        verdict=verdict_of(findings, conclusive=has_errors(findings) or not skipped),
        findings=findings,
        checks=tuple(_as_check(step) for step in steps.steps),
        exchanges=tuple(exchange for step in steps.steps for exchange in step.exchanges),
        payload=RehearsalPayload(dialect, tuple(steps.steps), users),
    )


def _as_check(step: StepRecord) -> Check:
    return Check(
        code=step.name,
        name=STEPS[step.name],
        category=CATEGORY,
        status=step.status,
        reason=step.reason,
        elapsed_ms=sum(exchange.elapsed_ms for exchange in step.exchanges),
        findings=step.findings,
    )


def _as_step(step: StepRecord) -> dict[str, object]:
    return {
        "name": step.name,
        "status": step.status.value,
        "okta_shows": step.okta_shows or None,
        "findings": [item.code for item in step.findings],
        "requests": [
            {
                "method": exchange.method,
                "url": exchange.url,
                "status": exchange.status,
            }
            for exchange in step.exchanges
        ],
    }
