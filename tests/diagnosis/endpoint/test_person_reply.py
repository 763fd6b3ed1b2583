"""Reads of one person, by what a server may answer."""

import json

from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_absent, judge_lookup, judge_read
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from tests.support.cases import each_case

URL = "https://api.ngrok.com/scim/v2/Users/usr_1"
LIST = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    "totalResults": 0,
    "startIndex": 1,
    "itemsPerPage": 0,
    "Resources": [],
}
NAME = "Jane@corp.example"
ERROR = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}


def answered(document: object, status: int = 200) -> Exchange:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Exchange("read user", "GET", URL, Reply(status, body=body))


def listing(*names: object) -> Exchange:
    return answered({**LIST, "Resources": [{"userName": name} for name in names]})


CUT_OFF = Exchange("", "GET", URL, failure=Failure(FailureKind.DROPPED, "Cut off."))


@each_case(
    ("exchange", "seen"),
    [
        (listing(NAME), ""),
        (listing("jane@CORP.example"), ""),
        (listing(NAME, "jane@corp.example"), ""),
        (listing(), "found nobody, but this user exists."),
        (listing("bob@corp.example"), "returned “bob@corp.example” instead"),
        (listing(NAME, "bob@corp.example"), "returned “bob@corp.example” as well"),
        (listing(None), "instead"),
        (
            answered(
                {**LIST, "Resources": [{"id": i, "userName": NAME} for i in ("usr_1", "usr_2")]}
            ),
            "returned 2 users of this name",
        ),
        (
            answered(
                {
                    **LIST,
                    "Resources": [
                        {"id": "usr_1", "userName": NAME},
                        {"id": "usr_2", "userName": NAME.lower()},
                    ],
                }
            ),
            "",
        ),
        (answered([]), "no list of users"),
        (answered(b"<html>"), "no list of users"),
        (answered({**ERROR, "detail": "No filter"}), "answered with 200: “No filter”"),
        (answered(b""), "no list of users"),
        (answered(b"", 404), "answered with 404."),
        (answered({"status": "400", "detail": "no filter"}, 400), "400: “no filter”."),
        (
            answered({"error_code": "ERR_NGROK_226", "msg": "slow"}, 429),
            "429 (ERR_NGROK_226): “slow”.",
        ),
        (CUT_OFF, "got no reply. Cut off."),
        (Exchange("look-up", "GET", URL), "got no reply."),
    ],
)
def test_somebody_who_is_there_is_looked_up(exchange: Exchange, seen: str) -> None:
    found = judge_lookup(exchange, NAME)
    assert [item.code for item in found] == (["SCM519"] if seen else [])
    assert all(seen in item.evidence for item in found)


@each_case(
    ("exchange", "seen"),
    [
        (answered({"id": "usr_1", "userName": "ada@corp.example"}), ""),
        (answered(ERROR, 404), "answered with 404"),
        (answered(b"no rows", 500), "answered with 500: “no rows”"),
        (answered(b"", 204), "answered with 204"),
        (answered({"id": "usr_2"}), "returned “usr_2”"),
        (answered({"id": 1}), "whose `id` is not a string"),
        (answered({**ERROR, "detail": "No such user"}), "answered with 200: “No such user”"),
        (answered({}), "did not return a user"),
        (answered({**LIST, "Resources": [{"id": "usr_1"}]}), "returned a list"),
        (answered([{"id": "usr_1"}]), "did not return a user"),
        (answered(b"<html>"), "did not return a user"),
        (CUT_OFF, "got no reply. Cut off."),
    ],
)
def test_one_user_is_read_by_id(exchange: Exchange, seen: str) -> None:
    found = judge_read(exchange, "usr_1")
    assert [item.code for item in found] == (["SCM522"] if seen else [])
    assert all(seen in item.evidence for item in found)


@each_case(
    ("returned", "found"),
    [
        ("Ada@corp.example", []),
        ("bruno@corp.example", ["SCM522"]),
        (None, []),
    ],
)
def test_another_name_under_the_same_id_is_another_user(
    returned: str | None, found: list[str]
) -> None:
    exchange = answered({"id": "usr_1", "userName": returned})
    judged = judge_read(exchange, "usr_1", "ada@corp.example")
    assert [item.code for item in judged] == found


@each_case(
    ("exchange", "seen"),
    [
        (answered(LIST), ""),
        (answered({name: LIST[name] for name in ("schemas", "totalResults")}), ""),
        (answered({**LIST, "Resources": None}), ""),
        (answered({**LIST, "Resources": {}}), "`Resources` that is not an empty list"),
        (answered({**ERROR, "detail": "No filter"}), "answered with 200: “No filter”"),
        (answered(ERROR, 404), ""),
        (answered(b"Not Found", 404), "answered with 404"),
        (answered(ERROR, 400), "answered with 400"),
        (answered(ERROR, 500), "answered with 500"),
        (answered({**LIST, "startIndex": "1"}), "these are not whole numbers: `startIndex`"),
        (answered({**LIST, "totalResults": "0"}), "these are not whole numbers: `totalResults`"),
        (answered({**LIST, "totalResults": False}), "these are not whole numbers: `totalResults`"),
        (answered({**LIST, "itemsPerPage": None}), "these are not whole numbers: `itemsPerPage`"),
        (
            answered({"schemas": LIST["schemas"], "Resources": []}),
            "not whole numbers: `totalResults`",
        ),
        (answered({**LIST, "totalResults": 3}), "but `totalResults` is 3"),
        (answered({**LIST, "Resources": [{"userName": "bob@x.example"}]}), "returned “bob@x.ex"),
        (answered([]), "did not return a ListResponse"),
        (answered({"Resources": []}), "did not return a ListResponse"),
        (answered(b""), "did not return a ListResponse"),
    ],
)
def test_somebody_who_is_not_there_is_looked_up(exchange: Exchange, seen: str) -> None:
    found = judge_absent(exchange, "nobody@corp.example")
    assert [item.code for item in found] == (["SCM523"] if seen else [])
    assert all(seen in item.evidence for item in found)
