"""Runs the reading steps of Okta's SPEC suite."""

from __future__ import annotations

from secrets import randbelow, token_hex
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Payload, Result, Verdict
from ngrok_scim_cli.diagnosis.rehearsal.reply import NOT_FOUND, status_of, user_in
from ngrok_scim_cli.diagnosis.rehearsal.spec import SPEC, SpecStep, failed_assertions, value_at
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.scim import OktaScim

_CATEGORY = "Okta's SCIM 2.0 SPEC suite (the steps that only read)"


@dataclass(frozen=True, slots=True)
class SpecPayload(Payload):
    """How each step of the suite ended."""

    shows_checks: ClassVar[bool] = True

    outcomes: tuple[tuple[SpecStep, tuple[str, ...], Check], ...]

    @property
    def summary(self) -> str:
        """How many steps pass, and what that means."""
        passed = sum(check.status is CheckStatus.PASS for _, _, check in self.outcomes)
        return (
            f"{passed} of {len(self.outcomes)} steps of Okta's suite pass. A custom app works "
            "without all of them; Okta asks for them before it puts an app into its catalogue."
        )

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        return {
            "okta_spec": [
                {
                    "step": step.number,
                    "name": step.name,
                    "status": check.status.value,
                    "optional": step.optional,
                    "missing": list(missing),
                }
                for step, missing, check in self.outcomes
            ]
        }


def run_spec(scim: OktaScim) -> Result:
    """Make the steps, in the suite's order, with its own headers."""
    name = f"runscope{randbelow(900) + 100}{token_hex(4)}@atko.com"
    slots = {"id": "", "random": name, "capitals": name.upper()}
    outcomes, exchanges = [], []
    for step in SPEC:
        exchange = _ask(scim, step, slots)
        exchanges.append(exchange)
        if step.number == 1:
            slots["id"] = str(value_at(user_in(exchange), "Resources", 0, "id") or "none")
        outcomes.append(_outcome(step, exchange))
    checks = tuple(check for _, _, check in outcomes)
    all_pass = all(check.status in (CheckStatus.PASS, CheckStatus.UNSUPPORTED) for check in checks)
    return Result(
        "rehearse",
        Verdict.PASS if all_pass else Verdict.WARN,
        checks=checks,
        exchanges=tuple(exchanges),
        payload=SpecPayload(tuple(outcomes)),
    )


def _ask(scim: OktaScim, step: SpecStep, slots: dict[str, str]) -> Exchange:
    path, _, query = step.resource.format_map(slots).partition("?")
    name, equals, text = query.partition("filter=")
    if equals:
        query = f"{name}filter={quote(text)}"
    resource = f"{path}?{query}" if query else path
    return scim.spec(resource, f"step {step.number}", without_key=step.without_key)


def _outcome(step: SpecStep, exchange: Exchange) -> tuple[SpecStep, tuple[str, ...], Check]:
    missing = failed_assertions(step, exchange)
    status = CheckStatus.FAIL if missing else CheckStatus.PASS
    reason = f"Missing: {', '.join(missing)}." if missing else ""
    if step.optional and status_of(exchange) == NOT_FOUND:
        status = CheckStatus.UNSUPPORTED
        reason = "The server does not offer it (404), which the suite allows."
    check = Check(
        code=f"spec-{step.number}",
        name=f"Step {step.number}: {step.name}",
        category=_CATEGORY,
        status=status,
        reason=reason,
        elapsed_ms=exchange.elapsed_ms,
    )
    return step, missing, check
