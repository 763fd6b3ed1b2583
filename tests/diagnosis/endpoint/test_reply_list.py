import json
from dataclasses import replace
from typing import Any

import pytest

from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.endpoint.reply_list import listed_users
from ngrok_scim_cli.diagnosis.finding import Severity, UserCount
from ngrok_scim_cli.form import DEFAULT_BASE_URL
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from tests.support.cases import each_case

URL = "https://scim.example.org/scim/v2/Users?startIndex=1&count=2"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def user(number: int = 1, **fields: object) -> dict[str, object]:
    return {
        "id": f"u{number}",
        "userName": f"user{number}@corp.example",
        "displayName": f"User {number}",
        "active": True,
    } | fields


def listing(*users: object, **fields: object) -> dict[str, Any]:
    return {
        "schemas": [LIST],
        "totalResults": len(users),
        "startIndex": 1,
        "itemsPerPage": len(users),
        "Resources": list(users),
    } | fields


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}


def answered(
    body: object,
    *,
    url: str = URL,
    media_type: str = "application/scim+json",
    elapsed_ms: int = 5,
    truncated: bool = False,
) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = (("content-type", media_type),) if media_type else ()
    reply = Reply(200, headers=headers, body=raw, truncated=truncated)
    return Exchange("as typed", "GET", url, reply=reply, elapsed_ms=elapsed_ms)


def codes(exchange: Exchange) -> list[str]:
    return [item.code for item in judge(exchange).findings]


GOOD = listing(user(1), user(2), totalResults=7)


@each_case(
    "exchange",
    [
        answered(GOOD),
        answered(GOOD, media_type="application/json; charset=utf-8"),
        answered(GOOD, media_type="Application/SCIM+JSON"),
        answered(b"\xef\xbb\xbf" + json.dumps(GOOD).encode()),
        answered(GOOD | {"schemas": [LIST.upper()]}),
        answered(GOOD | {"schemas": ["urn:other", LIST]}),
        answered(GOOD | {"more": {"deep": [1]}}),
        answered(GOOD, elapsed_ms=10_000),
        answered(listing(user(active=False))),
        answered(
            listing(
                without(
                    user(
                        userName="jane",
                        name={"givenName": "Jane", "familyName": "Doe"},
                        emails=[{"value": "jane@corp.example"}],
                    ),
                    "displayName",
                )
            )
        ),
    ],
)
def test_a_good_list_is_accepted(exchange: Exchange) -> None:
    seen = judge(exchange)
    assert seen.findings == ()
    assert seen.accepts is True


def test_the_number_of_users_is_read_from_the_list() -> None:
    assert judge(answered(GOOD)).users == UserCount(total=7, returned=2)


@each_case(
    ("body", "expected"),
    [
        (b"", ["SCM508"]),
        (b" \n", ["SCM508"]),
        (b"null", ["SCM508"]),
        (b"<!doctype html><title>Sign in</title>", ["SCM509"]),
        (b"OK", ["SCM510"]),
        (b'{"schemas": [', ["SCM510"]),
        (b"[" * 100_000, ["SCM510"]),
        (b"{'a': 1}", ["SCM510"]),
        ([], ["SCM511"]),
        ([user()], ["SCM511"]),
        ("text", ["SCM511"]),
        (True, ["SCM511"]),
        ({}, ["SCM511"]),
        ({"users": []}, ["SCM511"]),
        (without(GOOD, "schemas"), ["SCM511"]),
        (GOOD | {"schemas": LIST}, ["SCM511"]),
        (GOOD | {"schemas": []}, ["SCM511"]),
        (GOOD | {"schemas": [7, None]}, ["SCM511"]),
        (GOOD | {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}, ["SCM511"]),
        (without(GOOD, "totalResults"), ["SCM512"]),
        (without(GOOD, "startIndex"), ["SCM512"]),
        (without(GOOD, "itemsPerPage"), ["SCM512"]),
        (GOOD | {"startIndex": "1"}, ["SCM512"]),
        (GOOD | {"totalResults": True}, ["SCM512"]),
        (GOOD | {"totalResults": 3.0}, ["SCM512"]),
        (GOOD | {"totalResults": -1}, ["SCM512"]),
        (GOOD | {"itemsPerPage": None}, ["SCM512"]),
        (GOOD | {"itemsPerPage": 10**400}, ["SCM514"]),
        (GOOD | {"itemsPerPage": 0}, ["SCM514"]),
        (GOOD | {"itemsPerPage": 100}, ["SCM514"]),
        (GOOD | {"itemsPerPage": 2}, []),
        (GOOD | {"startIndex": 0}, ["SCM514"]),
        (listing(user(1), user(2), itemsPerPage=1), ["SCM514"]),
        (listing(user(1), user(2), totalResults=1), ["SCM514"]),
        (listing(user(1), user(2), totalResults=40), []),
        (listing(itemsPerPage=2), ["USR601"]),
        (without(GOOD, "Resources"), ["SCM513"]),
        (GOOD | {"Resources": None}, ["SCM513"]),
        (GOOD | {"Resources": {"id": "u1"}}, ["SCM513"]),
        (listing(), ["USR601"]),
        (without(listing(), "Resources"), ["USR601"]),
        (listing(user(), totalResults=0), ["USR601"]),
        (listing(totalResults=3), ["USR602"]),
        (listing(user(1), user(2), user(3)), ["SCM514"]),
        (listing(without(user(), "id")), ["SCM518"]),
        (listing(user(id=7)), ["SCM518"]),
        (listing(user(id="")), ["SCM518"]),
        (listing(user(), without(user(), "userName")), ["SCM518"]),
        (listing(user(userName=None)), ["SCM518"]),
        (listing("user"), ["SCM518"]),
        (listing(None), ["SCM518"]),
        (listing(user(active="true")), ["SCM521"]),
        (listing(without(user(), "active")), ["SCM521"]),
        (listing(without(user(), "displayName")), ["SCM521"]),
        (listing(user(displayName="", name={"givenName": "Jane"})), ["SCM521"]),
        (listing(user(userName="jane")), ["SCM521"]),
        (listing(user(userName="jane", emails=["x", {"value": ""}])), ["SCM521"]),
        (
            listing(user(id=7), startIndex="1"),
            ["SCM512", "SCM518"],
        ),
        (without(GOOD, "totalResults", "Resources"), ["SCM512"]),
    ],
)
def test_a_list_that_okta_cannot_use_is_recognised(body: object, expected: list[str]) -> None:
    assert codes(answered(body)) == expected


@each_case(
    ("exchange", "expected"),
    [
        (answered(GOOD, truncated=True), ["SCM517"]),
        (answered(GOOD, media_type="text/plain"), ["SCM515"]),
        (answered(GOOD, media_type=""), ["SCM515"]),
        (answered(b"<html>", media_type="text/html"), ["SCM509"]),
        (answered(GOOD, elapsed_ms=10_001), ["SCM516"]),
        (answered(listing(user(1), user(2)), url=URL.replace("count=2", "count=1")), ["SCM514"]),
        (answered(listing(*map(user, range(5))), url=URL.replace("count=2", "count=100")), []),
        (answered(listing(*map(user, range(3))), url="https://x.example/?count=abc"), ["SCM514"]),
        (answered(listing(*map(user, range(3))), url="https://[broken/"), ["SCM514"]),
    ],
)
def test_what_surrounds_the_list_counts(exchange: Exchange, expected: list[str]) -> None:
    assert codes(exchange) == expected


@pytest.mark.parametrize("code", ["SCM514", "SCM515", "SCM516", "SCM521"])
def test_a_warning_does_not_keep_okta_from_accepting(code: str) -> None:
    exchanges = {
        "SCM514": answered(listing(*map(user, range(3)))),
        "SCM515": answered(GOOD, media_type="text/plain"),
        "SCM516": answered(GOOD, elapsed_ms=20_000),
        "SCM521": answered(listing(user(active=1))),
    }
    seen = judge(exchanges[code])
    assert [item.code for item in seen.findings] == [code]
    assert seen.accepts is True


def test_an_empty_list_is_a_failure_that_names_both_views() -> None:
    for url, names_ngrok in ((f"{DEFAULT_BASE_URL}Users", True), (URL, False)):
        seen = judge(answered(listing(), url=url))
        assert seen.accepts is False
        assert seen.users == UserCount(0, 0)
        (found,) = seen.findings
        assert found.severity is Severity.ERROR
        assert "Okta's support article" in found.cause
        assert ("ngrok's guide" in found.cause, "ngrok.com" in found.fix) == (names_ngrok,) * 2


def test_an_empty_list_can_be_allowed() -> None:
    seen = judge(answered(listing()), allow_empty=True)
    assert seen.accepts is True
    assert [(item.code, item.severity) for item in seen.findings] == [("USR601", Severity.WARNING)]


def test_allowing_an_empty_list_allows_nothing_else() -> None:
    seen = judge(answered(listing(startIndex="1")), allow_empty=True)
    assert seen.accepts is False
    assert [item.code for item in seen.findings] == ["SCM512", "USR601"]


@each_case(
    ("body", "evidence"),
    [
        (
            GOOD | {"startIndex": "1", "itemsPerPage": None},
            "`startIndex` is the text “1”; `itemsPerPage` is `null`.",
        ),
        (
            GOOD | {"startIndex": 1.5, "itemsPerPage": True, "totalResults": ""},
            (
                "`totalResults` is an empty text; `startIndex` is the number 1.5; `itemsPerPage` "
                "is `true`."
            ),
        ),
        (
            GOOD | {"startIndex": [], "itemsPerPage": {}},
            "`startIndex` is a list; `itemsPerPage` is an object.",
        ),
        (
            without(GOOD, "Resources") | {"resources": []},
            (
                "`totalResults` is 7, but `Resources` is missing. There is a field `resources`, "
                "which Okta does not read."
            ),
        ),
        (listing(user(), totalResults=0), "`totalResults` is 0, but the list has 1 user."),
        (
            without(listing(), "Resources"),
            "`totalResults` is 0. `Resources` is missing.",
        ),
        (listing(Resources=None), "`totalResults` is 0. `Resources` is `null`."),
        (
            {"success": False, "message": "Invalid API key."},
            (
                "The object has no `schemas`. It has `success`, `message`. It says “Invalid API "
                "key”."
            ),
        ),
        (
            {"errors": [{"message": "Must provide query string."}]},
            "The object has no `schemas`. It has `errors`. It says “Must provide query string”.",
        ),
        (
            listing(user(1), user(2, id=7)),
            "In entry 2 of `Resources`, `id` is the number 7.",
        ),
        (listing(7), "Entry 1 of `Resources` is not an object."),
        (listing(user(userName="jane")), "Entry 1 of `Resources` has no e-mail."),
        ([], "The body is a bare list, not an object."),
        (7, "The body is a single value, not an object."),
        ({"keys": [], "uri": ""}, "The object has no `schemas`. It has `keys`, `uri`."),
        ({}, "The object has no `schemas`. It has no fields."),
        (b"OK", "The body begins with “OK”."),
        (b"\x1f\x8b\x08\0\0", "The body is not text in UTF-8."),
        ("{}".encode("utf-16"), "The body is not text in UTF-8."),
        ("{}".encode("utf-16-le"), "The body is not text in UTF-8."),
        (b"<html><title>Sign in</title>", "The body is a web page with the title “Sign in”."),
        (b"<html>", "The body is a web page."),
    ],
)
def test_the_evidence_says_what_was_seen(body: object, evidence: str) -> None:
    assert judge(answered(body)).findings[0].evidence == evidence


def test_a_compression_that_was_not_asked_for_is_named() -> None:
    made = answered(b"\x8b\x01\x80")
    assert made.reply
    headers = (*made.reply.headers, ("content-encoding", "br"))
    seen = judge(replace(made, reply=replace(made.reply, headers=headers))).findings[0]
    assert seen.evidence == "The body is compressed as “br”, which Okta does not ask for."


def test_an_unlabelled_answer_is_named() -> None:
    assert judge(answered(GOOD, media_type="")).findings[0].evidence == (
        "The reply has no `Content-Type`."
    )


@each_case(
    "body",
    [
        {"Schemas": [LIST], "TotalResults": 1, "Resources": [user()]},
        without(GOOD, "schemas"),
        GOOD | {"schemas": ["urn:scim:schemas:core:1.0"]},
    ],
)
def test_a_list_that_misspells_scim_is_not_taken_for_another_api(body: object) -> None:
    (found,) = judge(answered(body)).findings
    assert found.code == "SCM511"
    assert "Another API" not in found.cause
    assert "those who run the SCIM server" in found.fix


@each_case("body", [b"", b"null", b"<html>", b"x", b"{}", b"[]"])
def test_a_right_base_url_is_not_to_be_corrected(body: bytes) -> None:
    there = answered(body, url="https://api.ngrok.com/scim/v2/Users?startIndex=1&count=2")
    assert "SCIM connector base URL" in judge(answered(body)).findings[0].fix
    assert "SCIM connector base URL" not in judge(there).findings[0].fix


@each_case(
    ("body", "names"),
    [
        (GOOD, ["user1@corp.example", "user2@corp.example"]),
        (listing(user(), "no user", None), ["user1@corp.example"]),
        ({"Resources": [user()]}, ["user1@corp.example"]),
        (GOOD | {"Resources": {}}, []),
        ([user()], []),
        (b"<html>", []),
    ],
)
def test_the_users_of_a_list_are_taken_out(body: object, names: list[str]) -> None:
    reply = answered(body).reply
    assert reply is not None
    assert [item["userName"] for item in listed_users(reply)] == names
