import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_lookup
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply, TlsProblem
from tests.support.json_values import json_values

URL = "https://scim.example.org/scim/v2/Users?startIndex=1&count=2"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SCIM = (("content-type", "application/scim+json"),)
KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_5abcDEF1234567890wxyz"
HALF = KEY.partition("_")[2]
NAME = "Jane@corp.example"


def listing(*names: object) -> bytes:
    users = [
        {"id": str(number), "userName": name, "displayName": "x", "active": True}
        for number, name in enumerate(names)
    ]
    value = {
        "schemas": [LIST],
        "totalResults": len(users),
        "startIndex": 1,
        "itemsPerPage": len(users),
        "Resources": users,
    }
    return json.dumps(value).encode()


def answered(body: bytes, status: int = 200) -> Exchange:
    return Exchange("look-up", "GET", URL, reply=Reply(status, headers=SCIM, body=body))


def test_findings_about_the_network_path_come_last() -> None:
    exchange = Exchange(
        "as typed",
        "GET",
        URL,
        reply=Reply(200, headers=SCIM, body=listing()),
        proxy="proxy.example:3128",
        private_issuer="Corp \x1b Root",
    )
    seen = judge(exchange)
    assert [item.code for item in seen.findings] == ["USR601", "NET411", "ENV004"]
    assert "⟨U+001B⟩" in seen.findings[1].evidence
    assert seen.findings[2].evidence == "The proxy is proxy.example:3128."


def test_neither_a_proxy_nor_inspection_keeps_okta_from_accepting() -> None:
    exchange = Exchange(
        "as typed",
        "GET",
        URL,
        reply=Reply(200, headers=SCIM, body=listing(NAME)),
        proxy="proxy.example:3128",
        private_issuer="Corp Root",
    )
    assert judge(exchange).accepts is True


def test_inspection_is_not_named_where_the_certificate_itself_is_the_fault() -> None:
    failure = Failure(FailureKind.TLS, "not trusted", TlsProblem.UNTRUSTED)
    exchange = Exchange("as typed", "GET", URL, failure=failure, private_issuer="Corp Root")
    assert [item.code for item in judge(exchange).findings] == ["NET404"]


def test_an_exchange_without_reply_and_failure_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="a reply or a failure"):
        judge(Exchange("as typed", "GET", URL))


JSON_VALUES = json_values()
USERS = st.lists(
    st.dictionaries(
        st.sampled_from(["id", "userName", "active", "name", "emails", "displayName"]), JSON_VALUES
    )
    | JSON_VALUES
)
LISTS = st.fixed_dictionaries(
    {"schemas": st.just([LIST]) | JSON_VALUES},
    optional={
        "totalResults": st.integers() | JSON_VALUES,
        "startIndex": st.integers() | JSON_VALUES,
        "itemsPerPage": st.integers() | JSON_VALUES,
        "Resources": USERS | JSON_VALUES,
    },
)
BODIES = st.binary() | (LISTS | JSON_VALUES).map(lambda value: json.dumps(value).encode())
HEADER_NAMES = st.sampled_from(
    ["content-type", "location", "retry-after", "date", "ngrok-operation-id", "ngrok-error-code"]
)
REPLIES = st.builds(
    Reply,
    status=st.sampled_from([200, 301, 401, 403, 404, 429, 500]) | st.integers(0, 1000),
    reason=st.text(),
    headers=st.lists(st.tuples(HEADER_NAMES, st.text())).map(tuple),
    body=BODIES,
    truncated=st.booleans(),
)


@settings(deadline=None)
@example(reply=Reply(511), allow_empty=False, elapsed_ms=0)
@given(reply=REPLIES, allow_empty=st.booleans(), elapsed_ms=st.integers(0, 10**9))
def test_any_reply_is_judged(reply: Reply, allow_empty: bool, elapsed_ms: int) -> None:
    exchange = Exchange("as typed", "GET", URL, reply=reply, elapsed_ms=elapsed_ms)
    seen = judge(exchange, allow_empty=allow_empty)
    assert all(item.code in CATALOGUE for item in seen.findings)
    is_local = any("Okta does not pass through it" in item.cause for item in seen.findings)
    assert (seen.accepts is None) is is_local
    for item in seen.findings + judge_lookup(exchange, "x"):
        for text in (item.title, item.evidence, item.cause, item.fix):
            text.encode()
            assert text.isprintable()
            assert len(text) <= 1000


SLOTS = ("Your credential", "Your authentication", "Your key", "Authorization Header")


@settings(deadline=None)
@given(
    number=st.sampled_from(sorted(NGROK_ERRORS)) | st.integers(1, 99999).map(str),
    status=st.sampled_from([400, 401, 403, 404, 429, 500]),
    slot=st.sampled_from(SLOTS),
    quote=st.sampled_from("'`\""),
    before=st.text(max_size=60),
)
def test_a_key_that_ngrok_repeats_is_in_no_finding(
    number: str, status: int, slot: str, quote: str, before: str
) -> None:
    msg = f"{before} {slot}: {quote}{HALF} x{quote}. API keys and instructions"
    body = {"error_code": f"ERR_NGROK_{number}", "status_code": status, "msg": msg}
    for raw in (json.dumps(body), json.dumps({"detail": msg, "status": status}), msg):
        for item in judge(answered(raw.encode(), status)).findings:
            assert HALF not in repr(item)
