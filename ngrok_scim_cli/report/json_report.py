"""A result as one JSON object (docs/json.md, docs/result.schema.json)."""

import json
from itertools import islice

from ngrok_scim_cli import __version__
from ngrok_scim_cli.diagnosis.finding import Result, fields_of
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.report.printable import json_without_runner_commands
from ngrok_scim_cli.wire.exchange import Exchange

SCHEMA = 1
TOOL = {"name": "ngrok-scim", "version": __version__}

_BATCH = 10_000

_TESTED = "base_url key_id key_source"
_OKTA = "accepts message certainty fits comparison"
_FINDING = "code severity subject title evidence cause fix more certainty"
_CHECK = "code name category status reason elapsed_ms"
_STEP = "name status waiting_for detail"


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
    tested, repair = result.tested, result.repair
    document: dict[str, object] = {
        "schema": SCHEMA,
        "tool": TOOL,
        "command": result.command,
        "profile": result.profile or None,
        "started_at": result.began,
        "tested": tested and {**fields_of(tested, _TESTED), "key_id": tested.key_id or None},
        "verdict": result.verdict,
        "okta": result.okta and fields_of(result.okta, _OKTA),
        "findings": [fields_of(item, _FINDING) for item in result.findings],
        "checks": [
            {**fields_of(item, _CHECK), "findings": list(item.codes)} for item in result.checks
        ],
        "repair": repair
        and {
            "changes": [fields_of(item, "field code change") for item in repair.changes],
            "values": values_without_key(repair.form),
            "accepts": repair.accepts,
        },
        "users": result.users and fields_of(result.users, "total returned"),
        "exchanges": [_exchange(item) for item in result.exchanges],
    }
    is_setup = result.command == "setup"
    has_steps = is_setup or bool(result.steps)
    if has_steps:
        document["steps"] = [fields_of(item, _STEP) for item in result.steps]
    if has_steps or result.remaining:
        document["remaining"] = list(result.remaining)
    if is_setup:
        document["values"] = values_without_key(result.values) if result.values else None
    return document | result.payload.fields


def values_without_key(form: Form) -> dict[str, object]:
    """Return the values of Okta's form but the key."""
    return fields_of(form, "base_url unique_identifier auth_mode") | {"actions": list(form.actions)}


def _exchange(exchange: Exchange) -> dict[str, object]:
    reply, failure = exchange.reply, exchange.failure
    return {
        **fields_of(exchange, "purpose method url"),
        "status": exchange.status,
        "failure": failure and fields_of(failure, "kind detail"),
        "media_type": reply.media_type if reply else None,
        "bytes": reply.size if reply else None,
        "elapsed_ms": exchange.elapsed_ms,
    }
