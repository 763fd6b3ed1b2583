"""What ngrok's API answers to the administrator's key, put in words that fit."""

import json
from urllib.parse import urlsplit

import pytest

from ngrok_scim_cli.diagnosis.account import judge_api
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from ngrok_scim_cli.wire.ngrok_api import NgrokApi

URL = "https://api.ngrok.com/api_keys"


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
        (604, "The description of the key is too long", "ngrok takes at most 255 bytes."),
        (4109, "A Service User needs a name", "The name is empty."),
    ],
)
def test_what_ngrok_does_not_take_is_told_as_such_and_not_as_an_answer_to_okta(
    code: int, title: str, cause: str
) -> None:
    found = only(judge_api(answered(400, code)))
    assert (found.title, found.cause) == (title, cause)
    assert found.evidence == f"ngrok answered 400: No. (ERR_NGROK_{code})"
    assert "Okta" not in found.title + found.cause + found.fix


@pytest.mark.parametrize(
    ("code", "finding"), [(203, "NGR714"), (206, "NGR714"), (4111, "NGR710"), (226, "NGR709")]
)
def test_ngroks_own_code_decides(code: int, finding: str) -> None:
    assert only(judge_api(answered(400, code))).code == finding


@pytest.mark.parametrize(
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
