"""The steps of Okta's SCIM 2.0 SPEC suite that only read, and their run.

Okta publishes the suite for vendors who want to be in its catalogue
(https://developer.okta.com/standards/SCIM/). A custom app works without passing all of it. Steps 6
to 8 create a user that nothing deletes, so they are left out.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from secrets import randbelow, token_hex
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from ngrok_scim_cli.diagnosis.endpoint.error_body import ERROR_SCHEMA, text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_list import LIST_SCHEMA
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Payload, Result, Verdict
from ngrok_scim_cli.diagnosis.rehearsal.reply import user_in
from ngrok_scim_cli.rehearsal.result import COMMAND
from ngrok_scim_cli.text.json_values import json_value
from ngrok_scim_cli.wire.scim import OktaScim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Exchange

_PRESENT = "something"
"""What is asserted of a value that may be anything but empty; ``false`` is something."""


class SpecStep(NamedTuple):
    """One step of the suite: a request, and what it asserts of the reply.

    Attributes:
        resource: the path and query; ``{id}``, ``{random}`` and ``{capitals}`` are filled in.
        body: by its path in the JSON: ``_PRESENT``, ``int`` for any number, a number, an item of a
            list, or a text (the error's ``status``: text in RFC 7644 section 3.12, a number in the
            suite).
        most_ms: how long the reply may take; 0: as long as it takes.
        without_key: whether it is sent with a credential that must be refused.
    """

    number: int
    name: str
    resource: str
    status: int
    body: Mapping[str, object]
    most_ms: int = 0
    optional: bool = False
    without_key: bool = False


_LIST = {"schemas": LIST_SCHEMA}
_ERROR = {"detail": _PRESENT, "schemas": ERROR_SCHEMA}
_NOBODY = {**_LIST, "totalResults": 0}
_COUNTERS = dict.fromkeys(("itemsPerPage", "startIndex", "totalResults"), int)
_USER = ("id", "name.familyName", "name.givenName", "userName", "active", "emails[0].value")
_FIRST_USER = {f"Resources[0].{path}": _PRESENT for path in _USER}
_NAMED = "/Users?filter=userName eq "

# fmt: off
SPEC: tuple[SpecStep, ...] = (
    SpecStep(1, "Users endpoint", "/Users?count=1&startIndex=1", 200,
        {**_LIST, **_COUNTERS, **_FIRST_USER}),
    SpecStep(2, "Users by id", "/Users/{id}", 200, dict.fromkeys(_USER, _PRESENT)),
    SpecStep(3, "Invalid user by user name", f'{_NAMED}"abcdefgh@atko.com"', 200, _NOBODY),
    SpecStep(4, "Invalid user by id", "/Users/010101001010101011001010101011", 404, _ERROR),
    SpecStep(5, "A random user does not exist", f'{_NAMED}"{{random}}"', 200, _NOBODY),
    SpecStep(9, "User name in capitals", f'{_NAMED}"{{capitals}}"', 200, {}),
    SpecStep(10, "Groups endpoint", "/Groups", 200, {}, most_ms=600, optional=True),
    SpecStep(11, "Status 401", f'{_NAMED}"{{capitals}}"', 401, {**_ERROR, "status": "401"},
        without_key=True),
    SpecStep(12, "Status 404", "/Users/00919288221112222", 404, {**_ERROR, "status": "404"}),
)
# fmt: on


def failed_assertions(step: SpecStep, exchange: Exchange) -> list[str]:
    """Return what the reply to ``step`` lacks; ``reply`` where there is none."""
    if exchange.reply is None:
        return ["reply"]
    document = json_value(text_of(exchange.reply))
    missing = [] if exchange.reply.status == step.status else [f"status {step.status}"]
    for path, wanted in step.body.items():
        value = _value_at(document, path)
        if wanted is _PRESENT:
            is_met, shown = value not in (None, "", [], {}), f"`{path}`"
        elif wanted is int:
            is_met, shown = type(value) is int, f"`{path}` a number"
        elif isinstance(wanted, int):
            is_met, shown = type(value) is int and value == wanted, f"`{path}` {wanted}"
        elif path == "schemas":
            schemas = value if isinstance(value, list) else [value]
            is_met, shown = wanted in schemas, f"`schemas` with {str(wanted).rpartition(':')[2]}"
        else:
            is_met, shown = str(value) == wanted, f"`{path}` {wanted} in the body"
        if not is_met:
            missing.append(shown)
    if step.most_ms and exchange.elapsed_ms >= step.most_ms:
        missing.append(f"within {step.most_ms} ms")
    return missing


def _value_at(document: object, path: str) -> object:
    """Return the value at a path like ``Resources[0].id``; ``None`` where there is none."""
    for step in re.findall(r"\w+", path):
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and step.isdecimal() and len(document) > int(step):
            document = document[int(step)]
        else:
            return None
    return document


def okta_spec(wire: Wire, form: Form) -> Result:
    """Make the steps with the values of ``form``."""
    return run_spec(OktaScim(wire, form.base_url, form.authorization))


def run_spec(scim: OktaScim) -> Result:
    """Make the steps, in the suite's order, with its own headers."""
    name = f"runscope{randbelow(900) + 100}{token_hex(4)}@atko.com"
    slots = {"id": "", "random": name, "capitals": name.upper()}
    checks, exchanges, rows = [], [], []
    for step in SPEC:
        # Only what is behind `filter=` is written with characters that a URL may not have.
        path, equals, condition = step.resource.format_map(slots).partition("filter=")
        resource = f"{path}{equals}{quote(condition)}"
        exchange = scim.spec(resource, f"step {step.number}", without_key=step.without_key)
        if step.number == 1:
            slots["id"] = str(_value_at(user_in(exchange), "Resources[0].id") or "none")
        missing = failed_assertions(step, exchange)
        check = _check_of(step, exchange, missing)
        exchanges.append(exchange)
        checks.append(check)
        rows.append(
            {
                "step": step.number,
                "name": step.name,
                "status": check.status.value,
                "optional": step.optional,
                "missing": missing,
            }
        )
    passed = sum(check.status is CheckStatus.PASS for check in checks)
    failed = any(check.status is CheckStatus.FAIL for check in checks)
    summary = (
        f"{passed} of {len(SPEC)} steps of Okta's suite pass. A custom app works without all of "
        "them; Okta asks for them before it puts an app into its catalogue."
    )
    return Result(
        COMMAND,
        Verdict.WARN if failed else Verdict.PASS,
        checks=tuple(checks),
        exchanges=tuple(exchanges),
        payload=Payload({"okta_spec": rows}, summary=summary, is_answer=False, shows_checks=True),
    )


def _check_of(step: SpecStep, exchange: Exchange, missing: list[str]) -> Check:
    """Return how ``step`` ended; the suite allows that an optional step is not offered."""
    status = CheckStatus.FAIL if missing else CheckStatus.PASS
    reason = f"Missing: {', '.join(missing)}." if missing else ""
    if step.optional and exchange.status == HTTPStatus.NOT_FOUND:
        status = CheckStatus.UNSUPPORTED
        reason = "The server does not offer it (404), which the suite allows."
    return Check(
        code=f"spec-{step.number}",
        name=f"Step {step.number}: {step.name}",
        category="Okta's SCIM 2.0 SPEC suite (the steps that only read)",
        status=status,
        reason=reason,
        elapsed_ms=exchange.elapsed_ms,
    )
