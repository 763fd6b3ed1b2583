import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.endpoint.error_body import HIDDEN, BodyKind, excerpt, read_error
from ngrok_scim_cli.text.json_values import NotJsonError, read_json
from ngrok_scim_cli.wire.exchange import Reply
from tests.support.cases import each_case
from tests.support.json_values import json_values

SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_5abcDEF1234567890wxyz"
HALF = KEY.partition("_")[2]


def reply(body: bytes | dict[str, object], **headers: str) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(403, headers=names, body=raw)


def ngrok(**fields: object) -> dict[str, object]:
    return {
        "error_code": "ERR_NGROK_218",
        "status_code": 400,
        "msg": "Your request has not specified an API version.",
        "details": {"operation_id": "op_2RfSBcv0nsy71XCHWOegjx1OoKh"},
    } | fields


@pytest.mark.parametrize("status", ["401", 401, "four", None])
def test_a_scim_error_is_read_whatever_its_status_is_written_as(status: object) -> None:
    body = read_error(
        reply({"schemas": [SCIM_ERROR], "status": status, "detail": "Invalid SCIM token"})
    )
    assert body.kind is BodyKind.SCIM_ERROR
    assert body.detail == "Invalid SCIM token"


@pytest.mark.parametrize(
    "value",
    [
        {"schemas": [SCIM_ERROR.upper()], "detail": "no"},
        {"schemas": SCIM_ERROR, "detail": "no"},
        {"status": 403, "detail": "no"},
    ],
)
def test_a_scim_error_is_known_by_its_schema_or_its_fields(value: dict[str, object]) -> None:
    assert read_error(reply(value)).kind is BodyKind.SCIM_ERROR


def test_a_code_of_ngroks_inside_a_scim_error_is_found() -> None:
    body = read_error(reply({"schemas": [SCIM_ERROR], "detail": "Not allowed [ERR_NGROK_220]"}))
    assert (body.kind, body.ngrok_code) == (BodyKind.SCIM_ERROR, "220")


def test_ngroks_own_error_is_read() -> None:
    body = read_error(reply(ngrok()))
    assert body.kind is BodyKind.NGROK_ERROR
    assert body.ngrok_code == "218"
    assert body.detail == "Your request has not specified an API version."
    assert body.operation_id == "op_2RfSBcv0nsy71XCHWOegjx1OoKh"


@each_case(
    ("value", "code", "operation_id"),
    [
        ({"status_code": 404, "msg": "Not Found", "details": {"path": "/x"}}, "", "op_header"),
        ({"status_code": 404, "msg": "Not Found"}, "", "op_header"),
        (ngrok(error_code="invalid_cel_expression"), "", "op_2RfSBcv0nsy71XCHWOegjx1OoKh"),
        (ngrok(details=None), "218", "op_header"),
        (ngrok(details={"operation_id": 7}), "218", "op_header"),
        (ngrok(details={"operation_id": "op_\x1b[2J"}), "218", "op_header"),
        (ngrok(msg="first\n\nsecond"), "218", "op_2RfSBcv0nsy71XCHWOegjx1OoKh"),
        (ngrok(msg=None), "218", "op_2RfSBcv0nsy71XCHWOegjx1OoKh"),
    ],
)
def test_variants_of_ngroks_error_are_read(
    value: dict[str, object], code: str, operation_id: str
) -> None:
    body = read_error(reply(value, ngrok_operation_id="op_header"))
    assert body.kind is BodyKind.NGROK_ERROR
    assert body.ngrok_code == code
    assert body.operation_id == operation_id


def test_a_page_of_ngroks_edge_names_its_code_in_a_header() -> None:
    page = reply(b"<html><title>Tunnel not found</title></html>", ngrok_error_code="ERR_NGROK_3200")
    body = read_error(page)
    assert (body.kind, body.ngrok_code, body.detail) == (
        BodyKind.WEB_PAGE,
        "3200",
        "Tunnel not found",
    )


@each_case(
    ("raw", "headers", "kind"),
    [
        (b"", {}, BodyKind.EMPTY),
        (b" \r\n\t", {}, BodyKind.EMPTY),
        (b"\xef\xbb\xbf", {}, BodyKind.EMPTY),
        (b"null", {}, BodyKind.NULL),
        (b"\xef\xbb\xbf null ", {}, BodyKind.NULL),
        (b"[]", {}, BodyKind.JSON),
        (b'"no"', {}, BodyKind.JSON),
        (b'{"error": "unauthorized"}', {}, BodyKind.JSON),
        (b'{"status": 403}', {}, BodyKind.JSON),
        (b"  <!DOCTYPE html>", {}, BodyKind.WEB_PAGE),
        (b"<HTML>", {}, BodyKind.WEB_PAGE),
        (b"blocked", {"content_type": "text/html; charset=utf-8"}, BodyKind.WEB_PAGE),
        (b"Unauthorized", {}, BodyKind.TEXT),
        (b"<not a page", {}, BodyKind.TEXT),
        (b"\xff\xfe\x00{", {}, BodyKind.TEXT),
        (b'{"totalResults": NaN}', {}, BodyKind.TEXT),
        (b'{"totalResults": -Infinity}', {}, BodyKind.TEXT),
        (b"[" * 500_000, {}, BodyKind.TEXT),
        (b"1" * 5000, {}, BodyKind.TEXT),
        (b'{"detail": "cut o', {}, BodyKind.TEXT),
        (b'{"a": 1e999}', {}, BodyKind.JSON),
    ],
)
def test_the_kind_of_a_body_is_known(raw: bytes, headers: dict[str, str], kind: BodyKind) -> None:
    assert read_error(reply(raw, **headers)).kind is kind


def test_the_last_of_two_equal_fields_counts() -> None:
    assert read_json('{"a": 1, "a": 2}') == {"a": 2}


@each_case("text", ["", "{", "NaN", "[" * 200_000, "9" * 9999, "{'a': 1}"])
def test_what_is_no_json_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotJsonError):
        read_json(text)


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ({"message": "no seats left"}, "no seats left"),
        ({"error": "invalid_token", "error_description": "expired"}, "expired"),
        ({"errorSummary": "Invalid token provided"}, "Invalid token provided"),
        ({"error": {"code": 7}}, '{"error": {"code": 7}}'),
    ],
)
def test_what_other_apis_say_is_found(value: dict[str, object], detail: str) -> None:
    assert read_error(reply(value)).detail == detail


# The slots in which ngrok repeats what it was sent.
ECHOES = (
    (
        "It could not parse the header in this request. Authorization Header: `{}`. API keys and "
        "instructions are available on your dashboard: https://dashboard.ngrok.com/api-keys"
    ),
    "does not look like a valid credential. Your credential: '{}'. API keys and instructions",
    "is properly formed, but it is invalid. Your authentication: `{}`. API keys and instructions",
    "is actually an authtoken. Your credential: '{}'. Check your records for an API key.",
    (
        "not an API key token. Your key: '{}'. Check your records for an API key with the form "
        "FIRSTPART_SECONDPART."
    ),
)
CREDENTIALS = (
    KEY,
    f"Bearer {KEY}",
    HALF,
    f"'{HALF}'. More. '{HALF}",
    f"two lines\n{HALF}",
    f"{HALF} API keys and instructions {HALF}",
)


@each_case("credential", CREDENTIALS)
@each_case("echo", ECHOES)
def test_a_credential_that_ngrok_repeats_is_hidden(echo: str, credential: str) -> None:
    msg = echo.format(credential)
    for body in (
        read_error(reply(ngrok(error_code="ERR_NGROK_203", msg=msg))),
        read_error(reply({"schemas": [SCIM_ERROR], "detail": msg})),
        read_error(reply(msg.encode())),
        read_error(reply(f"<html><title>{msg}</title>".encode())),
        read_error(reply(json.dumps(ngrok(msg=msg))[:-20].encode())),
    ):
        assert HALF not in body.detail
        assert HIDDEN in body.detail


def test_what_ngrok_says_before_the_credential_is_kept() -> None:
    body = read_error(reply(ngrok(msg=ECHOES[2].format(KEY))))
    assert body.detail == (f"is properly formed, but it is invalid. Your authentication: {HIDDEN}")


def test_a_key_is_hidden_wherever_it_stands_but_its_id_is_shown() -> None:
    body = read_error(reply({"message": f"no such key {KEY}; sorry"}))
    assert body.detail == f"no such key 32ELEgPmoXjxGJ3MXfoPBbZKrfD_{HIDDEN}; sorry"


def test_a_long_text_is_kept_only_in_part() -> None:
    assert len(read_error(reply(b"x" * 1_000_000)).detail) <= 2000


@each_case(
    ("text", "shown"),
    [
        ("two\r\n  lines\t", "two lines"),
        ("\x1b[31mred", "⟨U+001B⟩[31mred"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("half \ud800", "half ⟨U+D800⟩"),
        ("[bold]", "[bold]"),
        ("", ""),
    ],
)
def test_an_excerpt_is_one_line_that_can_be_shown(text: str, shown: str) -> None:
    assert excerpt(text) == shown


def test_an_excerpt_is_bounded() -> None:
    shown = excerpt("word " * 1000, 50)
    assert len(shown) == 50
    assert shown.endswith("…")


JSON_VALUES = json_values()
FIELDS = st.sampled_from(
    ["schemas", "detail", "status", "error_code", "status_code", "msg", "details", "title"]
)
BODIES = (
    st.binary()
    | JSON_VALUES.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(FIELDS, JSON_VALUES).map(lambda value: json.dumps(value).encode())
)


@settings(deadline=None)
@given(body=BODIES, header=st.text())
def test_any_body_is_read(body: bytes, header: str) -> None:
    read = read_error(reply(body, ngrok_operation_id=header, content_type=header))
    read.detail.encode()
    assert len(read.operation_id) <= 64
