import base64
import dataclasses
import json
from typing import Any
from urllib.parse import quote

import pytest

from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report.bundle import BODY_SHOWN, render_bundle
from ngrok_scim_cli.report.json_report import as_document
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from tests.report.results import FAIL, INCOMPLETE, PASS, RESULTS
from tests.support.cases import each_case

SECRET = "9KanarienvogelGelb123"
CANARY = f"3CanaryCanaryCanaryCanary00_{SECRET}"
FORMS = {
    "plain": CANARY,
    "base64": base64.b64encode(f"Bearer {CANARY}".encode()).decode(),
    "URL": quote(CANARY, safe=""),
    "hexadecimal": CANARY.encode().hex(),
    "a piece": SECRET[3:15],
    "escaped": "".join(f"\\u{ord(letter):04x}" for letter in CANARY),
    "escaped in part": CANARY.replace("K", "\\u004B"),
    "upper case": CANARY.upper(),
}
LEAKS = (SECRET, SECRET[4:12], base64.b64encode(CANARY.encode()).decode()[40:-4])


def answered(
    body: bytes = b"", headers: tuple[tuple[str, str], ...] = (), *, truncated: bool = False
) -> Result:
    reply = Reply(401, "Unauthorized", headers, body, truncated)
    asked = Exchange("as typed", "GET", "https://api.ngrok.com/scim/v2/Users", reply=reply)
    return dataclasses.replace(FAIL, exchanges=(asked,))


def bundle_of(result: Result, *, show_users: bool = False) -> dict[str, Any]:
    text = render_bundle(
        result, versions={"httpx": "0.28.1"}, redact=redactor.redact, show_users=show_users
    )
    assert text.isascii()
    document: dict[str, Any] = json.loads(text)
    return document


def body_of(body: bytes, *, show_users: bool = False) -> str:
    shown: str = bundle_of(answered(body), show_users=show_users)["replies"][0]["body"]
    return shown


@each_case("result", RESULTS.values(), ids=RESULTS)
def test_the_whole_result_is_in_it(result: Result) -> None:
    bundle = bundle_of(result, show_users=True)
    assert bundle["schema"] == 1
    assert bundle["tool"]["name"] == "ngrok-scim"
    assert bundle["versions"] == {"httpx": "0.28.1"}
    assert bundle["users_shown"] is True
    assert bundle["result"] == json.loads(json.dumps(as_document(result)))
    assert len(bundle["replies"]) == len(result.exchanges)


def test_a_reply_is_there_with_headers_and_body() -> None:
    headers = (("content-type", "text/plain"), ("x", "1"), ("x", "2"))
    assert bundle_of(answered(b"hello", headers))["replies"] == [
        {
            "status": 401,
            "reason": "Unauthorized",
            "headers": [["content-type", "text/plain"], ["x", "1"], ["x", "2"]],
            "body": "hello",
            "body_cut": False,
        }
    ]


def test_a_request_without_an_answer_has_a_null_reply() -> None:
    assert bundle_of(INCOMPLETE)["replies"] == [None]


@pytest.mark.parametrize("name", ["set-cookie", "Set-Cookie2", "authorization", "cookie"])
def test_headers_that_carry_credentials_are_left_out(name: str) -> None:
    assert bundle_of(answered(headers=((name, "session=1"),)))["replies"][0]["headers"] == []


@each_case("form", FORMS.values(), ids=FORMS)
def test_a_server_that_echoes_the_key_does_not_bring_it_out(form: str) -> None:
    redactor.learn(CANARY)
    body = json.dumps({"detail": "x"}).replace("x", form).encode()
    bundle = bundle_of(answered(body, (("x-echo", form), (f"x-{form}", "1"))))
    text = json.dumps(bundle)
    assert [leak for leak in LEAKS if leak.lower() in text.lower()] == []
    assert "[redacted]" in bundle["replies"][0]["body"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_an_encoding_hides_neither_key_nor_address(encoding: str) -> None:
    redactor.learn(CANARY)
    shown = body_of(f'{{"detail":"{CANARY} alice@corp.com ürgen@corp.com"}}'.encode(encoding))
    assert SECRET not in shown
    assert "alice" not in shown
    assert "a***@corp.com ü***@corp.com" in shown


@pytest.mark.no_cover
@each_case("offset", range(BODY_SHOWN - 60, BODY_SHOWN + 5))
def test_the_end_of_the_excerpt_shows_no_half_of_a_key_or_address(offset: int) -> None:
    redactor.learn(CANARY)
    for value in (SECRET, "alice.liddell@corp.com"):
        shown = body_of(b" " * offset + value.encode() + b" " + b"y" * 20000)
        assert SECRET[:3] not in shown
        assert "ali" not in shown
        assert len(shown) <= BODY_SHOWN


def test_the_end_of_what_was_looked_at_shows_no_half_of_a_key() -> None:
    redactor.learn(CANARY)
    assert SECRET[:3] not in body_of(SECRET.encode() * 2000)


@pytest.mark.parametrize(
    ("body", "truncated", "cut"),
    [
        (b"y" * 10, False, False),
        (b"y" * 10, True, True),
        (b"y " * BODY_SHOWN, False, True),
        (b"y " * 20000, False, True),
        (b"y" * 20000, False, True),
    ],
)
def test_a_report_says_whether_a_body_was_cut(body: bytes, truncated: bool, cut: bool) -> None:
    reply = bundle_of(answered(body, truncated=truncated))["replies"][0]
    assert reply["body_cut"] is cut
    assert len(reply["body"]) <= BODY_SHOWN


def test_a_long_header_is_cut() -> None:
    headers = (("x", "word " * 1000),)
    assert len(bundle_of(answered(headers=headers))["replies"][0]["headers"][0][1]) <= 1024


def test_people_are_masked_everywhere_unless_they_may_be_shown() -> None:
    user = {"userName": "ada", "displayName": "Ada Lovelace", "emails": [{"value": "ada@b.de"}]}
    found = dataclasses.replace(FAIL.findings[0], evidence="Asked for “ada”, ada@b.de was there.")
    asked = dataclasses.replace(
        answered(json.dumps({"Resources": [user, 1]}).encode()), findings=(found,)
    )
    hidden = bundle_of(asked)
    assert hidden["result"]["findings"][0]["evidence"] == "Asked for “a***”, a***@b.de was there."
    assert "Lovelace" not in hidden["replies"][0]["body"]
    assert '"ada' not in hidden["replies"][0]["body"]
    shown = bundle_of(asked, show_users=True)
    assert shown["result"]["findings"][0]["evidence"] == found.evidence
    assert json.loads(shown["replies"][0]["body"])["Resources"][0] == user


def test_ip_addresses_of_a_reply_are_masked_unless_they_may_be_shown() -> None:
    seen = b"Refused for 203.0.113.7"

    assert body_of(seen) == "Refused for 203.***"
    assert body_of(seen, show_users=True) == seen.decode()


def test_show_users_shows_no_key() -> None:
    redactor.learn(CANARY)
    assert SECRET not in body_of(CANARY.encode(), show_users=True)


@each_case("body", [b"", b"[]", b"{", b"null", b'{"Resources":1}', b"\xff\xfe\x00", b"[" * 100_000])
def test_any_body_is_written_as_text(body: bytes) -> None:
    assert isinstance(body_of(body), str)


def test_an_escaped_quote_stays_escaped() -> None:
    assert body_of(rb'{"a":"\u0022\u005c\u007f\u0041"}') == r'{"a":"\u0022\u005c\u007fA"}'


def test_a_result_without_exchanges_will_do() -> None:
    assert bundle_of(dataclasses.replace(PASS, exchanges=()))["replies"] == []
