"""The steps of Okta's SCIM 2.0 SPEC suite that only read, and their run.

Okta publishes the suite for vendors who want to be in its catalogue
(https://developer.okta.com/standards/SCIM/). A custom app works without passing all of it. Steps 6
to 8 create a user that nothing deletes, so they are left out.
"""

from __future__ import annotations

from secrets import randbelow, token_hex
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from ngrok_scim_cli.diagnosis.endpoint.error_body import ERROR_SCHEMA, text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_list import LIST_SCHEMA
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Payload, Result, Verdict
from ngrok_scim_cli.diagnosis.rehearsal.reply import NOT_FOUND, status_of, user_in
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import json_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.scim import OktaScim

_CATEGORY = "Okta's SCIM 2.0 SPEC suite (the steps that only read)"
_OK, _UNAUTHORIZED = 200, 401
_GROUPS_MS = 600
_FIRST = ("Resources", 0)


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing that a step asserts: what it is about, and whether a reply has it."""

    about: str
    is_met: Callable[[Exchange, object], bool]


@dataclass(frozen=True, slots=True)
class SpecStep:
    """One step of the suite.

    Attributes:
        resource: the path and query; ``{id}``, ``{random}`` and ``{capitals}`` are filled in.
        without_key: whether it is sent with a credential that must be refused.
    """

    number: int
    name: str
    resource: str
    assertions: tuple[Assertion, ...]
    optional: bool = False
    without_key: bool = False


def failed_assertions(step: SpecStep, exchange: Exchange) -> tuple[str, ...]:
    """Return what the reply to ``step`` lacks; ``reply`` where there is none."""
    if exchange.reply is None:
        return ("reply",)
    document = json_value(text_of(exchange.reply))
    return tuple(one.about for one in step.assertions if not one.is_met(exchange, document))


def value_at(document: object, *path: str | int) -> object:
    """Return the value at ``path`` of a JSON document; ``None`` where there is none."""
    for step in path:
        if isinstance(step, str) and isinstance(document, dict):
            document = document.get(step)
        elif isinstance(step, int) and isinstance(document, list) and len(document) > step:
            document = document[step]
        else:
            return None
    return document


def _status(wanted: int) -> Assertion:
    return Assertion(
        f"status {wanted}",
        lambda exchange, _document: exchange.reply is not None and exchange.reply.status == wanted,
    )


def _schema(wanted: str) -> Assertion:
    name = wanted.rpartition(":")[2]

    def is_met(_exchange: Exchange, document: object) -> bool:
        schemas = value_at(document, "schemas")
        return isinstance(schemas, list) and wanted in schemas

    return Assertion(f"`schemas` with {name}", is_met)


def _number(field: str, wanted: int | None = None) -> Assertion:
    def is_met(_exchange: Exchange, document: object) -> bool:
        value = value_at(document, field)
        return type(value) is int and wanted in (None, value)

    return Assertion(f"`{field}` a number" if wanted is None else f"`{field}` {wanted}", is_met)


def _present(*path: str | int) -> Assertion:
    """Something is there; ``false`` is something."""
    shown = ".".join(f"[{step}]" if isinstance(step, int) else step for step in path)
    return Assertion(
        f"`{shown.replace('.[', '[')}`",
        lambda _exchange, document: value_at(document, *path) not in (None, "", [], {}),
    )


def _same_status(wanted: int) -> Assertion:
    """The error's own ``status``: text in RFC 7644 section 3.12, a number in the suite."""
    return Assertion(
        f"`status` {wanted} in the body",
        lambda _exchange, document: str(value_at(document, "status")) == str(wanted),
    )


def _user_at(*path: str | int) -> tuple[Assertion, ...]:
    names = (("id",), ("name", "familyName"), ("name", "givenName"), ("userName",), ("active",))
    return tuple(_present(*path, *name) for name in (*names, ("emails", 0, "value")))


_LIST = (_status(_OK), _schema(LIST_SCHEMA))
_ERROR = (_present("detail"), _schema(ERROR_SCHEMA))
_QUICK = Assertion(
    f"within {_GROUPS_MS} ms", lambda exchange, _document: exchange.elapsed_ms < _GROUPS_MS
)
_NAMED = "/Users?filter=userName eq "

# fmt: off
SPEC: tuple[SpecStep, ...] = (
    SpecStep(
        1,
        "Users endpoint",
        "/Users?count=1&startIndex=1",
        (
            *_LIST,
            *(_number(name) for name in ("itemsPerPage", "startIndex", "totalResults")),
            *_user_at(*_FIRST),
        ),
    ),
    SpecStep(2, "Users by id", "/Users/{id}", (_status(_OK), *_user_at())),
    SpecStep(3, "Invalid user by user name", f'{_NAMED}"abcdefgh@atko.com"',
        (*_LIST, _number("totalResults", 0))),
    SpecStep(4, "Invalid user by id", "/Users/010101001010101011001010101011",
        (_status(NOT_FOUND), *_ERROR)),
    SpecStep(5, "A random user does not exist", f'{_NAMED}"{{random}}"',
        (*_LIST, _number("totalResults", 0))),
    SpecStep(9, "User name in capitals", f'{_NAMED}"{{capitals}}"', (_status(_OK),)),
    SpecStep(10, "Groups endpoint", "/Groups", (_status(_OK), _QUICK), optional=True),
    SpecStep(11, "Status 401", f'{_NAMED}"{{capitals}}"',
        (_status(_UNAUTHORIZED), *_ERROR, _same_status(_UNAUTHORIZED)), without_key=True),
    SpecStep(12, "Status 404", "/Users/00919288221112222",
        (_status(NOT_FOUND), *_ERROR, _same_status(NOT_FOUND))),
)
# fmt: on


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
