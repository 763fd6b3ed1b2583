"""A result as one JSON object (docs/json.md, docs/result.schema.json)."""

import json
from itertools import islice

from ngrok_scim_cli import __version__
from ngrok_scim_cli.diagnosis.finding import (
    Check,
    Finding,
    OktaView,
    Repair,
    Result,
    Step,
    Tested,
)
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.report.printable import json_without_runner_commands
from ngrok_scim_cli.wire.exchange import Exchange

SCHEMA = 1

_BATCH = 10_000


def render_json(result: Result) -> str:
    """Return ``result`` as one JSON object in ASCII."""
    return to_json(as_document(result))


def to_json(document: dict[str, object]) -> str:
    r"""Return ``document`` as JSON that no terminal can take for an order.

    Everything outside of printable ASCII is escaped: control characters, direction marks, and the
    halves of characters that a broken text may hold (``\ud800``). So is ``#`` where a CI runner
    would take it for the beginning of a command.
    """
    encoder = json.JSONEncoder(indent=2, ensure_ascii=True, allow_nan=False)
    pieces = encoder.iterencode(document)
    # Piece by piece: those of 100,000 people would take ten times as much as their text.
    batches = iter(lambda: "".join(islice(pieces, _BATCH)), "")
    return "".join((*map(json_without_runner_commands, batches), "\n"))


def as_document(result: Result) -> dict[str, object]:
    """Return the JSON object for ``result``, in the promised order of fields.

    ``steps`` and ``remaining`` are there for all that has steps, ``values`` for ``setup`` only.
    What this command alone tells comes last. Where several profiles were asked for, it holds the
    object of each.
    """
    if result.profiles:
        return {"schema": SCHEMA, "profiles": [as_document(item) for item in result.profiles]}
    document: dict[str, object] = {
        "schema": SCHEMA,
        "tool": {"name": "ngrok-scim", "version": __version__},
        "command": result.command,
        "profile": result.profile or None,
        "started_at": result.began,
        "tested": _tested(result.tested) if result.tested else None,
        "verdict": result.verdict.value,
        "okta": _okta(result.okta) if result.okta else None,
        "findings": [_finding(item) for item in result.findings],
        "checks": [_check(item) for item in result.checks],
        "repair": _repair(result.repair) if result.repair else None,
        "users": (
            {"total": result.users.total, "returned": result.users.returned}
            if result.users
            else None
        ),
        "exchanges": [_exchange(item) for item in result.exchanges],
    }
    is_setup = result.command == "setup"
    has_steps = is_setup or bool(result.steps)
    if has_steps:
        document["steps"] = [_step(item) for item in result.steps]
    if has_steps or result.remaining:
        document["remaining"] = list(result.remaining)
    if is_setup:
        document["values"] = values_without_key(result.values) if result.values else None
    return document | (result.payload.document() if result.payload else {})


def _tested(tested: Tested) -> dict[str, object]:
    return {
        "base_url": tested.base_url,
        "key_id": tested.key_id or None,
        "key_source": tested.key_source.value,
    }


def _okta(okta: OktaView) -> dict[str, object]:
    return {
        "accepts": okta.accepts,
        "message": okta.message,
        "certainty": okta.certainty.value,
        "fits": okta.fits,
        "comparison": okta.comparison,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "subject": finding.subject.value,
        "title": finding.title,
        "evidence": finding.evidence,
        "cause": finding.cause,
        "fix": finding.fix,
        "more": finding.more,
        "certainty": finding.certainty.value,
    }


def _check(check: Check) -> dict[str, object]:
    return {
        "code": check.code,
        "name": check.name,
        "category": check.category,
        "status": check.status.value,
        "reason": check.reason,
        "elapsed_ms": check.elapsed_ms,
        "findings": list(check.codes),
    }


def _repair(repair: Repair) -> dict[str, object]:
    return {
        "changes": [
            {"field": item.field.value, "code": item.code, "change": item.change}
            for item in repair.changes
        ],
        "values": values_without_key(repair.form),
        "accepts": repair.accepts,
    }


def values_without_key(form: Form) -> dict[str, object]:
    """Return the values of Okta's form but the key."""
    return {
        "base_url": form.base_url,
        "unique_identifier": form.unique_identifier,
        "auth_mode": form.auth_mode,
        "actions": list(form.actions),
    }


def _exchange(exchange: Exchange) -> dict[str, object]:
    reply, failure = exchange.reply, exchange.failure
    return {
        "purpose": exchange.purpose,
        "method": exchange.method,
        "url": exchange.url,
        "status": reply.status if reply else None,
        "failure": {"kind": failure.kind.value, "detail": failure.detail} if failure else None,
        "media_type": reply.media_type if reply else None,
        "bytes": reply.size if reply else None,
        "elapsed_ms": exchange.elapsed_ms,
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "name": step.name,
        "status": step.status.value,
        "waiting_for": step.waiting_for.value if step.waiting_for else None,
        "detail": step.detail,
    }
