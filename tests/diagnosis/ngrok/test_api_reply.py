"""What ngrok's API answers to the administrator's key, put in words that fit."""

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.ngrok.api_reply import judge_api
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from tests.support.cases import each_case

URL = "https://api.ngrok.com/api_keys"


OUT = "Leave NGROK_API_BASE_URL out"


def answered(status: int, code: int | None = None) -> Exchange:
    body = {"status_code": status, "msg": "No.", "details": {}}
    if code is not None:
        body["error_code"] = f"ERR_NGROK_{code}"
    headers = (("content-type", "application/json"),)
    reply = Reply(status, headers=headers, body=json.dumps(body).encode())
    return Exchange("create API key", "POST", URL, reply)


def failed(kind: FailureKind) -> Exchange:
    return Exchange("list API keys", "GET", URL, failure=Failure(kind, "It failed."))


def only(found: tuple[Finding, ...]) -> Finding:
    (one,) = found
    return one


@pytest.mark.parametrize("status", [200, 201, 204])
def test_nothing_is_said_of_a_request_that_went_well(status: int) -> None:
    assert judge_api(Exchange("create API key", "POST", URL, Reply(status))) == ()


@pytest.mark.parametrize(
    ("code", "title", "cause"),
    [
        (604, "The description of the key is too long", "ngrok accepts at most 255 bytes."),
        (4109, "A Service User needs a name", "The name is empty."),
    ],
)
def test_what_ngrok_does_not_take_is_reported_as_such_and_not_as_an_answer_to_okta(
    code: int, title: str, cause: str
) -> None:
    found = only(judge_api(answered(400, code)))
    assert (found.title, found.cause) == (title, cause)
    assert found.evidence == f"The request was answered with 400 (ERR_NGROK_{code}): “No”."
    assert "Okta" not in found.title + found.cause + found.fix


@pytest.mark.parametrize(
    ("code", "finding"), [(203, "NGR714"), (206, "NGR714"), (4111, "NGR710"), (226, "NGR709")]
)
def test_ngroks_own_code_decides(code: int, finding: str) -> None:
    assert only(judge_api(answered(400, code))).code == finding


@each_case(
    "exchange",
    [
        *(failed(kind) for kind in (FailureKind.DNS, FailureKind.REFUSED, FailureKind.DROPPED)),
        *(answered(status) for status in (302, 404, 418)),
    ],
    ids=["name", "refused", "dropped", "redirect", "not found", "teapot"],
)
def test_no_advice_on_oktas_form_is_given_where_the_api_cannot_be_used(exchange: Exchange) -> None:
    found = only(judge_api(exchange))
    assert "In Okta" not in found.fix
    assert "NGROK_API_BASE_URL" in found.fix


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        (
            "https://scim.corp.example/api_keys",
            f"{OUT}, or, if that host is right and yours, add `--allow-host scim.corp.example`.",
        ),
        *(
            (url, f"{OUT}, or set it to https://api.ngrok.com.")
            for url in ("http://api.ngrok.com/api_keys", "api.ngrok.com/api_keys", "https:///")
        ),
    ],
)
def test_where_nothing_may_be_sent_the_variable_is_named(url: str, fix: str) -> None:
    failure = Failure(FailureKind.WITHHELD, "Nothing was sent.")
    assert only(judge_api(Exchange("list API keys", "GET", url, failure=failure))).fix == fix


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_by_itself_is_waited_for(status: int) -> None:
    found = only(judge_api(answered(status)))
    assert "NGROK_API_BASE_URL" not in found.fix
    assert "again" in found.fix


def test_an_admin_key_that_no_header_can_carry_is_to_blame_and_not_the_network() -> None:
    with Wire(environment={}) as wire:
        api = NgrokApi(wire, "http://127.0.0.1:1", "pasted\u00a0key")
        exchange = api.get_api_key("ak_1")
    assert urlsplit(exchange.url).port == 1
    found = only(judge_api(exchange))
    assert found.code == "NGR714"
    assert "Authorization" in found.evidence


@each_case(
    ("code", "finding", "todo"),
    [
        # The owner of the administrator's key is a person, and the machine is this one.
        (636, "NGR703", "team-members"),
        (635, "NGR704", "NGROK_API_KEY"),
        (1219, "NGR704", "NGROK_API_KEY"),
        (220, "NGR705", "the address of this machine"),
        (29001, "NGR717", "NGROK_API_KEY"),
        (3004, "URL108", "NGROK_API_BASE_URL"),
        (4012, "NGR707", "choose-a-plan"),
        (4023, "NGR707", "support@ngrok.com"),
        (4119, "NGR707", "choose-a-plan"),
        (204, "NGR708", "support@ngrok.com"),
        (205, "NGR708", "support@ngrok.com"),
        (247, "NGR708", "billing"),
        (225, "NGR709", "Wait a minute"),
        (226, "NGR709", "Wait a minute"),
        (630, "NGR710", "administrator"),
        (633, "NGR710", "administrator"),
        (1220, "NGR710", "administrator"),
        (4111, "NGR710", "administrator"),
        (603, "NGR715", "higher limit"),
        (613, "NGR715", "higher limit"),
        (614, "NGR715", "Wait until the interval"),
    ],
)
def test_each_refusal_has_its_code_and_what_to_do(code: int, finding: str, todo: str) -> None:
    found = only(judge_api(answered(403, code)))
    assert found.code == finding
    assert todo in found.fix
    assert f"ERR_NGROK_{code}" in found.evidence


@each_case(
    ("code", "instead"),
    [
        (200, "without an Authorization header"),
        (201, "could not be read"),
        (202, "does not look like a credential"),
        (203, "ngrok does not know it"),
        (206, "is an authtoken, not an API key"),
        (207, "is an authtoken, or the id of one"),
        (208, "is the id of an API key, not the key"),
        (27007, "AI Gateway does not know the key"),
    ],
)
def test_it_is_said_which_credential_was_given_instead_of_an_admin_key(
    code: int, instead: str
) -> None:
    found = only(judge_api(answered(400, code)))
    assert found.code == "NGR714"
    assert instead in found.evidence
    assert "NGROK_API_KEY" in found.fix


@each_case(
    ("status", "msg", "code"),
    [
        (401, "", "NGR714"),
        (401, "Log in.", "NGR714"),
        (403, "The credential is invalid.", "NGR714"),
        (403, "This is forbidden.", "SCM502"),
        (429, "Slow down.", "NGR709"),
        (500, "", "SCM506"),
        (418, "", "SCM507"),
    ],
)
def test_without_a_code_of_ngroks_the_status_decides(status: int, msg: str, code: str) -> None:
    body = json.dumps({"status_code": status, "msg": msg}).encode()
    assert only(judge_api(Exchange("x", "GET", URL, Reply(status, body=body)))).code == code


def test_a_sign_in_in_front_of_the_api_is_no_refused_admin_key() -> None:
    headers = (("www-authenticate", 'Basic realm="Proxy"'),)
    reply = Reply(401, headers=headers, body=b"<html><title>401</title></html>")
    found = only(judge_api(Exchange("list API keys", "GET", URL, reply)))
    assert found.code == "SCM501"
    assert "NGROK_API_BASE_URL" in found.fix


@pytest.mark.parametrize("body", [b"<html><title>Welcome</title>", b"pong"])
def test_a_web_page_is_no_answer_of_the_api(body: bytes) -> None:
    found = only(judge_api(Exchange("list API keys", "GET", URL, Reply(200, body=body))))
    assert "NGROK_API_BASE_URL" in found.fix
    assert "In Okta" not in found.fix


def test_an_answer_that_was_cut_off_is_no_web_page() -> None:
    reply = Reply(200, body=b'{"keys": [{"id"', truncated=True)
    assert judge_api(Exchange("list API keys", "GET", URL, reply)) == ()


def test_a_web_page_of_the_api_is_not_reported_as_unreadable_for_okta() -> None:
    page = Reply(502, body=b"<html><title>Bad gateway</title></html>")
    assert [item.code for item in judge_api(Exchange("x", "GET", URL, page))] == ["SCM506"]


@each_case("error", NGROK_ERRORS)
def test_no_refusal_repeats_a_key(error: str) -> None:
    secret = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_5abcDEF1234567890wxyz"
    body = {"error_code": f"ERR_NGROK_{error}", "msg": f"Your credential: '{secret}'."}
    reply = Reply(403, body=json.dumps(body).encode())
    assert secret.partition("_")[2] not in str(judge_api(Exchange("x", "GET", URL, reply)))


@given(
    st.sampled_from([200, 204, 301, 400, 401, 403, 404, 429, 500, 599]),
    st.binary(max_size=80) | st.sampled_from([b"{}", b"null", b"[]", b'{"msg": 7}']),
    st.text(max_size=20),
)
def test_any_answer_is_judged(status: int, body: bytes, code: str) -> None:
    reply = Reply(status, headers=(("ngrok-error-code", code),), body=body)
    found = judge_api(Exchange("x", "GET", URL, reply))
    assert found or status < 300
    assert all("In Okta" not in item.fix for item in found)
