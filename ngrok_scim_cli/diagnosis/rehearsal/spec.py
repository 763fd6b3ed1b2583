"""The steps of Okta's SCIM 2.0 SPEC suite that only read, with their assertions.

Okta publishes the suite for vendors who want to be in its catalogue
(https://developer.okta.com/standards/SCIM/). A custom app works without passing all of it. Steps 6
to 8 create a user that nothing deletes, so they are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.endpoint.error_body import ERROR_SCHEMA, text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_list import LIST_SCHEMA
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import json_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.wire.exchange import Exchange

UNKNOWN_ID = "010101001010101011001010101011"
OTHER_UNKNOWN_ID = "00919288221112222"
ABSENT_NAME = "abcdefgh@atko.com"

_OK, _UNAUTHORIZED, _NOT_FOUND = 200, 401, 404
_GROUPS_MS = 600
_FIRST = ("Resources", 0)


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing that a step asserts: what it is about, and whether a reply has it."""

    about: str
    holds: Callable[[Exchange, object], bool]


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
    return tuple(one.about for one in step.assertions if not one.holds(exchange, document))


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

    def holds(_exchange: Exchange, document: object) -> bool:
        schemas = value_at(document, "schemas")
        return isinstance(schemas, list) and wanted in schemas

    return Assertion(f"`schemas` with {name}", holds)


def _number(field: str, wanted: int | None = None) -> Assertion:
    def holds(_exchange: Exchange, document: object) -> bool:
        value = value_at(document, field)
        return type(value) is int and wanted in (None, value)

    return Assertion(f"`{field}` a number" if wanted is None else f"`{field}` {wanted}", holds)


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
    SpecStep(3, "Invalid user by user name", f'{_NAMED}"{ABSENT_NAME}"',
        (*_LIST, _number("totalResults", 0))),
    SpecStep(4, "Invalid user by id", f"/Users/{UNKNOWN_ID}", (_status(_NOT_FOUND), *_ERROR)),
    SpecStep(5, "A random user does not exist", f'{_NAMED}"{{random}}"',
        (*_LIST, _number("totalResults", 0))),
    SpecStep(9, "User name in capitals", f'{_NAMED}"{{capitals}}"', (_status(_OK),)),
    SpecStep(10, "Groups endpoint", "/Groups", (_status(_OK), _QUICK), optional=True),
    SpecStep(11, "Status 401", f'{_NAMED}"{{capitals}}"',
        (_status(_UNAUTHORIZED), *_ERROR, _same_status(_UNAUTHORIZED)), without_key=True),
    SpecStep(12, "Status 404", f"/Users/{OTHER_UNKNOWN_ID}",
        (_status(_NOT_FOUND), *_ERROR, _same_status(_NOT_FOUND))),
)
# fmt: on
