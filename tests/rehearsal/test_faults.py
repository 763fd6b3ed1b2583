"""Each way in which the life of a user can break ends at the right step, with Okta's sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.diagnosis.endpoint.reply_list import LIST_SCHEMA
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Severity
from ngrok_scim_cli.diagnosis.rehearsal.reply import is_active, user_in
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.rehearsal.plan import names_for
from ngrok_scim_cli.rehearsal.run import Rehearsal
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.faults.lifecycle import FAULTS
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply, Request
from ngrok_scim_cli.wire.retry_policy import RetryPolicy
from ngrok_scim_cli.wire.scim import OktaScim
from tests.rehearsal.conftest import NOW
from tests.rehearsal.test_run import InterceptingWire
from tests.support.cases import each_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ngrok_scim_cli.sandbox.server import Sandbox
    from ngrok_scim_cli.wire.client import Wire

SYNC = "Sync user in external application"
LOOK_UP = "Error while verifying if user"
CREATE = "Error while creating user"
EMPTY = "Create new user returned empty user"
PUSH = "Error while trying to push profile update"
MANUALLY = "manually disable user accounts"
UNNOTICED = "Okta does not notice it"
INVALID = "Invalid JSON"
IMPORT = "The import fails"
NOT_KNOWN = "is not known"

PUT, PATCH = Dialect.PUT, Dialect.PATCH

# The fault, the dialect that meets it (both where it is None), the first step that notices it, what
# is found there, and what Okta would show (empty where the step is a warning only).
CASES = [
    ("create-refuses-domain", None, "create", "REH001", CREATE),
    ("create-without-seat", None, "create", "REH001", CREATE),
    ("create-wants-more", None, "create", "REH001", CREATE),
    ("create-refuses-password", None, "create", "REH001", CREATE),
    ("create-refuses-plus", None, "plus-address", "REH001", CREATE),
    ("create-fails", None, "create", "REH001", CREATE),
    ("create-answers-nothing", None, "create", "REH002", EMPTY),
    ("create-without-id", None, "create", "REH002", EMPTY),
    ("create-answers-200", None, "create", "REH002", UNNOTICED),
    ("create-answers-202", None, "create", "REH002", EMPTY),
    ("create-answers-another", None, "create", "REH002", UNNOTICED),
    ("create-not-kept", None, "look-up", "REH003", UNNOTICED),
    ("create-rate-limited", None, "create", "REH016", CREATE),
    ("create-rate-limited-silently", None, "create", "REH016", CREATE),
    ("lookup-finds-two", None, "look-up", "REH003", UNNOTICED),
    ("lookup-loses-plus", None, "plus-address", "REH003", UNNOTICED),
    ("put-refused", PUT, "update", "REH004", PUSH),
    ("put-ignored", PUT, "update", "REH004", UNNOTICED),
    ("put-drops-attributes", PUT, "update", "REH004", UNNOTICED),
    ("put-answers-nothing", PUT, "update", "REH004", UNNOTICED),
    ("put-makes-inactive", PUT, "update", "REH004", UNNOTICED),
    ("put-ignores-active", PUT, "deactivate", "REH006", UNNOTICED),
    ("patch-refused", PATCH, "update", "REH005", PUSH),
    ("patch-wants-path", PATCH, "update", "REH005", PUSH),
    ("patch-ignored", PATCH, "update", "REH005", UNNOTICED),
    ("update-forbidden", PUT, "update", "REH004", PUSH),
    ("update-forbidden", PATCH, "update", "REH005", PUSH),
    ("deactivation-refused", None, "deactivate", "REH006", MANUALLY),
    ("deactivation-ignored", None, "deactivate", "REH006", UNNOTICED),
    ("deactivation-deletes", None, "look-up-deactivated", "REH007", UNNOTICED),
    ("deactivated-not-found", None, "look-up-deactivated", "REH007", UNNOTICED),
    ("reactivation-refused", None, "reactivate", "REH008", PUSH),
    ("reactivation-ignored", None, "reactivate", "REH008", UNNOTICED),
    ("rename-refused", None, "rename", "REH009", PUSH),
    ("rename-ignored", None, "rename", "REH009", UNNOTICED),
    ("rename-makes-another", None, "rename", "REH009", UNNOTICED),
    ("second-create-finds-first", None, "second-create", "REH010", ""),
    ("second-create-makes-another", None, "second-create", "REH010", UNNOTICED),
    ("second-create-fails", None, "second-create", "REH010", ""),
    ("unknown-id-answers-200", None, "unknown-id", "REH011", ""),
    ("unknown-id-fails", None, "unknown-id", "REH011", ""),
    ("lowers-addresses", None, "create", "REH012", ""),
    ("display-name-dropped", None, "create", "REH012", ""),
    ("delete-not-allowed", None, "delete", "REH014", ""),
    ("delete-ignored", None, "delete", "REH014", ""),
    ("absent-as-text", None, "absent-look-up", "SCM523", SYNC),
    ("absent-bare-list", None, "absent-look-up", "SCM523", SYNC),
    ("absent-fails", None, "absent-look-up", "SCM523", LOOK_UP),
    ("absent-gives-others", None, "absent-look-up", "SCM523", UNNOTICED),
]

# Faults that a rehearsal cannot meet, or that do no harm.
HARMLESS = {"absent-as-404", "put-merges", "patch-answers-nothing", "delete-works"}
SEEN_ELSEWHERE = {"user-active-as-text", "create-slow", "update-slow"}


HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"
SCIM_ERROR = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"No."}'
RESET = Failure(FailureKind.DROPPED, "The connection was closed.")
TOO_LATE = Failure(FailureKind.READ_TIMEOUT, "No complete reply came within 60 seconds.")

Answer = Callable[[Exchange], Exchange]
Asked = Callable[[Request, Exchange], bool]


def status(number: int, body: bytes = b"", **headers: str) -> Answer:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda exchange: replace(exchange, reply=Reply(number, headers=named, body=body))


def fails(failure: Failure) -> Answer:
    return lambda exchange: replace(exchange, reply=None, failure=failure)


def changed(**values: object) -> Answer:
    """Change attributes of the JSON object that was answered; ``None`` takes one away."""

    def answer(exchange: Exchange) -> Exchange:
        document = {**(user_in(exchange) or {}), **values}
        body = json.dumps({name: value for name, value in document.items() if value is not None})
        assert exchange.reply
        return replace(exchange, reply=replace(exchange.reply, body=body.encode()))

    return answer


def reads_one(request: Request, _exchange: Exchange) -> bool:
    return request.method == "GET" and "/Users/" in request.url and "no-such" not in request.url


def reads_one_inactive(request: Request, exchange: Exchange) -> bool:
    return reads_one(request, exchange) and is_active(user_in(exchange)) is False


def looks_up(request: Request, _exchange: Exchange) -> bool:
    return "filter=" in request.url


def lists(request: Request, _exchange: Exchange) -> bool:
    return request.method == "GET" and "/Users?startIndex" in request.url


def replies(_request: Request, exchange: Exchange) -> bool:
    return user_in(exchange) is not None


def creates(request: Request, _exchange: Exchange) -> bool:
    return request.method == "POST"


def updates(request: Request, _exchange: Exchange) -> bool:
    return request.method in ("PUT", "PATCH")


def deactivates(request: Request, _exchange: Exchange) -> bool:
    return updates(request, _exchange) and b'"active": false' in (request.body or b"")


def renames(request: Request, _exchange: Exchange) -> bool:
    return updates(request, _exchange) and b"-renamed" in (request.body or b"")


def as_list(exchange: Exchange) -> Exchange:
    """Give the one user as the only one of a list."""
    return changed(schemas=[LIST_SCHEMA], totalResults=1, Resources=[user_in(exchange)], id=None)(
        exchange
    )


def of_each(**values: object) -> Answer:
    """Change attributes of each user that was answered, as ``changed`` does."""

    def answer(exchange: Exchange) -> Exchange:
        users = (user_in(exchange) or {}).get("Resources")
        if not isinstance(users, list):
            return changed(**values)(exchange) if user_in(exchange) else exchange
        kept = [
            {name: value for name, value in {**user, **values}.items() if value is not None}
            for user in users
        ]
        return changed(Resources=kept)(exchange)

    return answer


def in_capitals(exchange: Exchange) -> Exchange:
    """Begin the name of each attribute of a user with a capital (RFC 7643 section 2.1)."""
    assert exchange.reply
    body = exchange.reply.body
    for name in (b"id", b"userName", b"displayName", b"active"):
        body = body.replace(b'"%b":' % name, b'"%b":' % (name[:1].upper() + name[1:]))
    return replace(exchange, reply=replace(exchange.reply, body=body))


def once(asked: Asked, nth: int = 1) -> Asked:
    """Answer otherwise only the ``nth`` of these requests in a rehearsal."""
    seen: list[str] = []

    def is_nth(request: Request, exchange: Exchange) -> bool:
        if request.purpose == "absent look-up":
            seen.clear()
        if asked(request, exchange):
            seen.append(request.url)
            return len(seen) == nth
        return False

    return is_nth


NOBODY = status(404, SCIM_ERROR)
NO_USERS = changed(totalResults=0, Resources=[])
FAILS = status(500)
LIMIT = status(429, retry_after="1")


def anonymous(exchange: Exchange) -> Exchange:
    """Take the name away from each user who is not active."""
    users = (user_in(exchange) or {}).get("Resources")
    if not isinstance(users, list):
        is_off = is_active(user_in(exchange)) is False
        return changed(userName="gone-1")(exchange) if is_off else exchange
    kept = [user for user in users if user["active"]]
    return changed(Resources=kept, totalResults=len(kept))(exchange)


# Servers that the sandbox has no fault for: what is answered otherwise, and the first step that
# notices it. ``REH004`` stands for ``REH005`` as well, where the dialect is PATCH.
ODD_SERVERS = [
    ("HTML for a read", reads_one, status(200, HTML), None, "read", "SCM522", INVALID),
    ("HTML for a look-up", looks_up, status(200, HTML), None, "absent-look-up", "SCM523", INVALID),
    ("a key that may not write", creates, status(403), None, "create", "REH001", CREATE),
    ("a read that is forbidden", reads_one, status(403), None, "read", "SCM522", PUSH),
    ("an error with 200", creates, status(200, SCIM_ERROR), None, "create", "REH002", EMPTY),
    ("an id alone", creates, changed(userName=None), None, "create", "REH002", UNNOTICED),
    ("a redirect", creates, status(302, location="/sign-in"), None, "create", "REH001", CREATE),
    ("a create that is cut off", creates, fails(RESET), None, "create", "REH001", CREATE),
    ("a version is needed", updates, status(412), None, "update", "REH004", PUSH),
    ("a gateway", updates, status(502, HTML), None, "update", "REH004", PUSH),
    ("HTML for a PUT", updates, status(200, HTML), PUT, "update", "REH004", INVALID),
    ("inactive is hidden", reads_one_inactive, status(404), None, "reactivate", "SCM522", PUSH),
    ("too late", deactivates, fails(TOO_LATE), None, "deactivate", "REH006", MANUALLY),
    ("gone at once", deactivates, status(404), None, "deactivate", "REH006", MANUALLY),
    ("a name that is taken", renames, status(409, SCIM_ERROR), None, "rename", "REH009", PUSH),
    (
        "somebody else",
        reads_one,
        changed(userName="a@b.test"),
        None,
        "read",
        "SCM522",
        UNNOTICED,
    ),
    ("a total as text", lists, changed(totalResults="3"), None, "import-pages", "SCM511", IMPORT),
    ("no list", lists, status(200, b"[]"), None, "import-pages", "SCM511", IMPORT),
    ("a Location alone", creates, status(201, location="/1"), PUT, "create", "REH002", EMPTY),
    ("a list of one", creates, as_list, PUT, "create", "REH002", EMPTY),
    ("an id that is a number", replies, of_each(id=7), PUT, "create", "REH002", EMPTY),
    ("names in capitals", replies, in_capitals, PUT, "create", "REH002", EMPTY),
    ("a read gives a list", reads_one, as_list, PUT, "read", "SCM522", NOT_KNOWN),
    ("a read by id comes late", once(reads_one), NOBODY, PUT, "read", "SCM522", PUSH),
    ("not there at once", once(looks_up, 2), NO_USERS, PUT, "look-up", "REH003", UNNOTICED),
    ("not there after it", once(reads_one, 3), NOBODY, None, "update", "REH004", UNNOTICED),
    ("hidden once inactive", reads_one_inactive, FAILS, None, "deactivate", "REH006", UNNOTICED),
    ("other ids in a list", looks_up, of_each(id="x"), PUT, "look-up", "REH003", UNNOTICED),
    ("no active at all", replies, of_each(active=None), None, "deactivate", "REH006", UNNOTICED),
    ("active as a number", replies, of_each(active=1), None, "deactivate", "REH006", UNNOTICED),
    ("an error for a PUT", updates, status(200, SCIM_ERROR), PUT, "update", "REH004", UNNOTICED),
    ("no name any more", replies, anonymous, None, "look-up-deactivated", "REH007", UNNOTICED),
    ("a PUT as a job", updates, status(202), PUT, "update", "REH004", UNNOTICED),
    ("a key that expires", updates, status(401), None, "update", "REH004", PUSH),
    ("one limit for ever", updates, LIMIT, None, "update", "REH004", PUSH),
    ("nothing for a look-up", looks_up, status(204), PUT, "absent-look-up", "SCM523", SYNC),
    ("a read of another time", reads_one, status(304), PUT, "read", "SCM522", PUSH),
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


def rehearse(sandbox: Sandbox, wire: object, fault: str, dialect: Dialect) -> Rehearsal:
    sandbox.build()
    sandbox.set_faults(fault.split())
    scim = OktaScim(wire, sandbox.values.scim_base_url, sandbox.values.scim_key)  # type: ignore[arg-type]
    names = names_for("corp.example", NOW)
    at_once = RetryPolicy(pause=lambda _seconds: None)
    rehearsal = Rehearsal(scim, names, dialect, lambda _id: None, retry=at_once)
    rehearsal.run()
    return rehearsal


@pytest.mark.parametrize(
    ("fault", "dialect", "step", "code", "shown"),
    [
        (fault, dialect, step, code, shown)
        for fault, only, step, code, shown in CASES
        for dialect in ([only] if only else Dialect)
    ],
)
def test_a_fault_ends_at_its_step(
    sandbox: Sandbox, wire: Wire, fault: str, dialect: Dialect, step: str, code: str, shown: str
) -> None:
    rehearsal = rehearse(sandbox, wire, fault, dialect)
    first = next(one for one in rehearsal.steps if one.findings)
    assert first.code == step
    assert code in [item.code for item in first.findings]
    assert shown in first.okta_shows
    assert bool(first.okta_shows) is bool(shown)


@pytest.mark.parametrize("dialect", Dialect)
@each_case(("label", "asked", "answer", "only", "step", "code", "shown"), ODD_SERVERS)
def test_an_odd_server_ends_at_its_step(
    sandbox: Sandbox,
    wire: Wire,
    dialect: Dialect,
    label: str,
    asked: Asked,
    answer: Answer,
    only: Dialect | None,
    step: str,
    code: str,
    shown: str,
) -> None:
    if only not in (None, dialect):
        return
    if code == "REH004" and dialect is PATCH:
        code = "REH005"

    def after(request: Request, exchange: Exchange) -> Exchange:
        return answer(exchange) if asked(request, exchange) else exchange

    rehearsal = rehearse(sandbox, InterceptingWire(wire, after=after), "", dialect)
    first = next(one for one in rehearsal.steps if one.status is CheckStatus.FAIL)
    seen = (first.code, [item.code for item in first.findings])
    assert (first.code, code in seen[1], shown in first.okta_shows) == (step, True, True), (
        label, seen, first.reason, first.okta_shows
    )  # fmt: skip
    assert "None" not in first.reason


@pytest.mark.parametrize("dialect", Dialect)
def test_one_rate_limited_update_is_tried_again(
    sandbox: Sandbox, wire: Wire, dialect: Dialect
) -> None:
    refused: list[Request] = []

    def first_update(request: Request, exchange: Exchange) -> Exchange:
        if refused or not updates(request, exchange):
            return exchange
        refused.append(request)
        return status(429, retry_after="1")(exchange)

    rehearsal = rehearse(sandbox, InterceptingWire(wire, after=first_update), "", dialect)
    found = {step.code: step.findings[0].code for step in rehearsal.steps if step.findings}
    assert found == {"update": "REH016", "delete": "REH014"}
    assert not any(step.okta_shows for step in rehearsal.steps)


@pytest.mark.parametrize("dialect", Dialect)
@each_case(
    ("asked", "answer", "step", "fix"),
    [
        (updates, status(401), "update", "Run `ngrok-scim test-connect`."),
        (updates, fails(RESET), "update", "Run `ngrok-scim test-connect`."),
        (updates, LIMIT, "update", "Run the rehearsal again in a few minutes."),
        (looks_up, LIMIT, "absent-look-up", "Run the rehearsal again in a few minutes."),
        (deactivates, status(503), "deactivate", "Run the rehearsal again in a few minutes."),
    ],
)
def test_what_fails_for_another_reason_than_its_step_has_the_fix_of_that_reason(
    sandbox: Sandbox,
    wire: Wire,
    dialect: Dialect,
    asked: Asked,
    answer: Answer,
    step: str,
    fix: str,
) -> None:
    def after(request: Request, exchange: Exchange) -> Exchange:
        return answer(exchange) if asked(request, exchange) else exchange

    rehearsal = rehearse(sandbox, InterceptingWire(wire, after=after), "", dialect)
    failed = next(one for one in rehearsal.steps if one.status is CheckStatus.FAIL)
    errors = [item.fix for item in failed.findings if item.severity is Severity.ERROR]
    assert (failed.code, errors) == (step, [fix])


@pytest.mark.parametrize("dialect", Dialect)
def test_a_server_that_lowers_every_address_is_a_warning(
    sandbox: Sandbox, wire: Wire, dialect: Dialect
) -> None:
    def after(_request: Request, exchange: Exchange) -> Exchange:
        if exchange.reply is None:
            return exchange
        body = exchange.reply.body.replace(b"T160000Z", b"t160000z")
        return replace(exchange, reply=replace(exchange.reply, body=body))

    rehearsal = rehearse(sandbox, InterceptingWire(wire, after=after), "", dialect)
    assert {step.status for step in rehearsal.steps if step.findings} == {
        CheckStatus.WARN,
        CheckStatus.UNSUPPORTED,
    }
    assert {item.code for item in rehearsal.findings} == {"REH012", "REH014"}


@pytest.mark.parametrize(
    ("fault", "left", "codes"),
    [
        ("deactivation-refused", "active", {"REH006", "REH015"}),
        ("deactivation-refused delete-works", "deleted", {"REH006"}),
    ],
)
@pytest.mark.parametrize("dialect", Dialect)
def test_whoever_cannot_be_deactivated_is_deleted_where_that_works(
    sandbox: Sandbox, wire: Wire, fault: str, left: str, codes: set[str], dialect: Dialect
) -> None:
    rehearsal = rehearse(sandbox, wire, fault, dialect)
    assert {user.state for user in rehearsal.users.known} == {left}
    assert {item.code for item in rehearsal.findings} == codes


@pytest.mark.parametrize("dialect", Dialect)
def test_the_last_deactivation_names_everybody_who_is_still_active(
    sandbox: Sandbox, wire: Wire, dialect: Dialect
) -> None:
    rehearsal = rehearse(sandbox, wire, "deactivation-refused", dialect)
    last = next(step for step in rehearsal.steps if step.code == "final-deactivate")
    names = names_for("corp.example", NOW)
    assert [item.code for item in last.findings] == ["REH006"]
    assert f"Still active: {names.renamed}, {names.plus}." in last.reason


@pytest.mark.parametrize("fault", ["deactivation-refused", "deactivation-ignored"])
def test_no_step_passes_that_needs_a_deactivated_user_where_there_is_none(
    sandbox: Sandbox, wire: Wire, fault: str
) -> None:
    rehearsal = rehearse(sandbox, wire, fault, PUT)
    ended = {step.code: (step.status, step.reason) for step in rehearsal.steps}
    not_verified = (CheckStatus.SKIP, "The user was still active, so this could not be verified.")
    assert ended["look-up-deactivated"] == ended["reactivate"] == not_verified


@pytest.mark.parametrize("fault", sorted(HARMLESS))
@pytest.mark.parametrize("dialect", Dialect)
def test_what_does_no_harm_raises_no_alarm(
    sandbox: Sandbox, wire: Wire, fault: str, dialect: Dialect
) -> None:
    harmless = (CheckStatus.PASS, CheckStatus.UNSUPPORTED)
    assert all(step.status in harmless for step in rehearse(sandbox, wire, fault, dialect).steps)


def test_every_fault_of_a_users_life_is_tried() -> None:
    tried = {fault for fault, *_ in CASES} | HARMLESS | SEEN_ELSEWHERE
    assert {fault.name for fault in FAULTS} <= tried


@pytest.mark.parametrize("dialect", Dialect)
def test_a_server_that_falls_silent_is_asked_no_more(
    sandbox: Sandbox, wire: Wire, dialect: Dialect
) -> None:
    asked: list[str] = []

    def before(request: Request) -> Exchange | None:
        asked.append(request.purpose)
        if "update" not in asked:
            return None
        return Exchange(request.purpose, request.method, request.url, failure=TOO_LATE)

    intercepting = InterceptingWire(wire, before=before)
    rehearsal = rehearse(sandbox, intercepting, "", dialect)
    assert len(asked) == asked.index("update") + 4
    last = rehearsal.steps[-1]
    assert (last.status, "did not reply any more" in last.reason) == (CheckStatus.SKIP, True)
    rehearsal.users.clean_up([], dialect)
    assert not rehearsal.users.is_clean
    assert len(asked) == asked.index("update") + 5
