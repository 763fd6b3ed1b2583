from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.rehearsal.reply import okta_shows
from ngrok_scim_cli.diagnosis.rehearsal.rules import (
    Dialect,
    judge_change,
    judge_create,
    judge_look_up,
    judge_rate_limit,
    judge_second_create,
    judge_time,
    judge_unknown_id,
)
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from tests.support.cases import each_case

NAME = "ngrok-scim-rehearsal-20261128T160000Z@corp.example"
SENT = {"userName": NAME, "displayName": "Rehearsal", "active": True}
MADE = {"id": "usr_1", **SENT}
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
TIMEOUT = Failure(FailureKind.READ_TIMEOUT, "No complete reply came within 60 seconds.")


def answered(
    status: int, body: object = None, *, method: str = "GET", ms: int = 5, **headers: str
) -> Exchange:
    raw = b"" if body is None else json.dumps(body).encode()
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(
        "test", method, "http://127.0.0.1/Users", Reply(status, headers=named, body=raw),
        elapsed_ms=ms,
    )  # fmt: skip


def unanswered(failure: Failure = TIMEOUT, ms: int = 60_000) -> Exchange:
    return Exchange("test", "POST", "http://127.0.0.1/Users", failure=failure, elapsed_ms=ms)


def error(status: int, detail: str) -> Exchange:
    body = {"schemas": [SCIM_ERROR], "status": str(status), "detail": detail}
    return answered(status, body, method="POST")


READ_BACK_FAILED = replace(error(500, "boom"), method="GET", purpose="update: read back")


def listed(*users: object) -> Exchange:
    return answered(
        200,
        {
            "schemas": [LIST],
            "totalResults": len(users),
            "startIndex": 1,
            "itemsPerPage": len(users),
            "Resources": list(users),
        },
    )


@each_case(
    ("exchange", "codes", "said"),
    [
        (answered(201, MADE), [], ""),
        (answered(201), ["REH002"], "no user in the body"),
        (answered(204), ["REH002"], "no user in the body"),
        (answered(201, []), ["REH002"], "no user in the body"),
        (answered(201, SENT), ["REH002"], "no `id`"),
        (answered(201, {**MADE, "id": 7}), ["REH002"], "no `id`"),
        (answered(200, MADE), ["REH002"], "200 instead of 201"),
        (answered(201, {**MADE, "userName": "ada@corp.example"}), ["REH002"], "another user"),
        (answered(201, {**MADE, "userName": NAME.lower()}), ["REH012"], "userName"),
        (answered(201, {**MADE, "active": "true"}), ["REH012"], "active"),
        (answered(201, {**MADE, "displayName": None}), ["REH012"], "displayName"),
        (error(400, "The email domain is not allowed"), ["REH001"], "domain"),
        (error(403, "You have reached the maximum number of seats"), ["REH001"], "seat"),
        (error(409, "userName is taken"), ["REH001"], "exists"),
        (error(403, "Forbidden"), ["REH001"], "key"),
        (error(422, "VALIDATION_ERROR"), ["REH001"], "does not accept the user"),
        (error(400, "maximum of 5 members reached"), ["REH001"], "seat"),
        (error(400, "userName: an explanation of at most 64 letters"), ["REH001"], "not accept"),
        (error(429, "Too many requests"), ["REH001"], "up to 10 times"),
        (error(500, "INTERNAL"), ["REH001"], "may have created it all the same"),
        (unanswered(), ["REH001"], "cannot be reached"),
    ],
)
def test_the_reply_to_a_create_is_judged(exchange: Exchange, codes: list[str], said: str) -> None:
    found = judge_create(exchange, SENT)
    assert [item.code for item in found] == codes
    assert not found or said in f"{found[0].evidence} {found[0].cause}"


def test_only_what_okta_does_not_retry_is_marked_as_failed() -> None:
    limited, refused = (judge_create(error(status, "No."), SENT)[0] for status in (429, 400))
    assert "would not retry" not in limited.cause
    assert "would not retry" in refused.cause


@each_case(
    ("exchange", "said"),
    [
        (listed(MADE), ""),
        (listed({**MADE, "userName": NAME.upper()}), ""),
        (listed(), f"The look-up of “{NAME}” found nobody"),
        (listed(MADE, {**MADE, "id": "usr_2"}), "returned 2 users"),
        (listed(MADE, {**MADE, "id": "2", "userName": NAME.upper()}), "returned 2 users"),
        (listed({**MADE, "userName": "ada@corp.example"}), "returned “ada@corp.example” instead"),
        (listed({**MADE, "id": "usr_2"}), "another `id`"),
        (answered(200, []), f"The look-up of “{NAME}” was answered with no list of users"),
        (answered(200, {"totalResults": 1, "Resources": [MADE]}), "no list of users"),
        (error(400, "Unsupported filter"), f"The look-up of “{NAME}” was answered with 400"),
        (error(400, "Unsupported filter"), "Unsupported filter"),
    ],
)
def test_the_reply_to_a_look_up_is_judged(exchange: Exchange, said: str) -> None:
    found = judge_look_up(exchange, NAME, "usr_1")
    assert [item.code for item in found] == (["REH003"] if said else [])
    assert not found or said in found[0].evidence


OFF = {"active": False}


@each_case(
    ("dialect", "written", "read", "said"),
    [
        (Dialect.PUT, answered(200, {**MADE, **OFF}), {**MADE, **OFF}, ""),
        (Dialect.PATCH, answered(204), {**MADE, **OFF}, ""),
        (Dialect.PATCH, answered(200, {**MADE, **OFF}), {**MADE, "active": "False"}, ""),
        (Dialect.PUT, answered(204), {**MADE, **OFF}, "no user in the body"),
        (Dialect.PUT, answered(405), MADE, "405"),
        (Dialect.PUT, answered(200, MADE), MADE, "instead of `false`"),
        (Dialect.PATCH, answered(204), MADE, "instead of `false`"),
        (
            Dialect.PUT,
            answered(200, MADE),
            {"id": "usr_1", "userName": NAME, **OFF},
            "did not change `dis",
        ),
        (Dialect.PUT, answered(200, MADE), None, ""),  # deleted, so no access is left
    ],
)
def test_the_reply_to_an_update_is_judged(
    dialect: Dialect, written: Exchange, read: dict[str, object] | None, said: str
) -> None:
    after = answered(200, read) if read else answered(404)
    found = judge_change("REH006", dialect, written, after, before=MADE, changes=OFF)
    # The access is ended, whatever becomes of another attribute.
    code = "REH012" if "did not change" in said else "REH006"
    assert [item.code for item in found] == ([code] if said else [])
    assert not found or said in found[0].evidence


@pytest.mark.parametrize(
    ("exchange", "severity"),
    [
        (error(409, "taken"), None),
        (error(400, "taken"), Severity.WARNING),
        (answered(200, MADE), Severity.WARNING),
        (answered(201, {**MADE, "id": "usr_2"}), Severity.ERROR),
    ],
)
def test_the_reply_to_a_second_create_is_judged(
    exchange: Exchange, severity: Severity | None
) -> None:
    found = judge_second_create(exchange, "usr_1")
    assert [item.severity for item in found] == ([severity] if severity else [])


@pytest.mark.parametrize(("status", "codes"), [(404, []), (400, ["REH011"]), (200, ["REH011"])])
def test_the_reply_for_an_unknown_id_is_judged(status: int, codes: list[str]) -> None:
    assert [item.code for item in judge_unknown_id(answered(status))] == codes


@pytest.mark.parametrize(
    ("exchange", "severity"),
    [
        (answered(200, ms=10_000), None),
        (answered(200, ms=10_001), Severity.WARNING),
        (unanswered(), Severity.ERROR),
    ],
)
def test_a_slow_step_is_reported(exchange: Exchange, severity: Severity | None) -> None:
    found = judge_time([answered(200), exchange])
    assert [item.severity for item in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("exchanges", "said"),
    [
        ([answered(200)], ""),
        ([answered(429, retry_after="30")], "`Retry-After` is “30”"),
        ([answered(429), answered(429)], "2 times, without `Retry-After`"),
        ([answered(429, retry_after="Sun, 06 Nov 2033 08:49:37 GMT")], "so Okta waits 5 minutes"),
    ],
)
def test_a_rate_limited_step_is_reported(exchanges: list[Exchange], said: str) -> None:
    found = judge_rate_limit(exchanges)
    assert [item.code for item in found] == (["REH016"] if said else [])
    assert not found or said in found[0].evidence


@each_case(
    ("step", "exchanges", "shown"),
    [
        ("absent-look-up", [error(500, "boom")], "Error while verifying if user"),
        ("create", [answered(201, method="POST")], "Create new user returned empty user"),
        ("create", [error(400, "No.")], "Errors reported by remote server: No"),
        ("create", [unanswered()], "Read timed out"),
        ("update", [answered(200), answered(405)], "Error while trying to push profile update"),
        ("deactivate", [answered(200), answered(502)], "manually disable user accounts"),
        ("plus-address", [error(400, "No.")], "Error while creating user"),
        ("unknown-id", [answered(200)], "does not notice"),
        ("deactivate", [answered(200, MADE), answered(200, MADE, method="PUT")], "does not notice"),
        ("deactivate", [answered(200), answered(200, MADE, method="PUT")], "is not known"),
        ("update", [answered(200, MADE), READ_BACK_FAILED], "does not notice"),
    ],
)
def test_a_step_says_what_okta_would_show(step: str, exchanges: list[Exchange], shown: str) -> None:
    assert shown in okta_shows(step, NAME, tuple(exchanges))
