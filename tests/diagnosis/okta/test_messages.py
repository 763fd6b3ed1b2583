import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.finding import Certainty, OktaView
from ngrok_scim_cli.diagnosis.okta.messages import SUCCESS, TAIL, matches, okta_view, view_of_typed
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.wire.exchange import (
    Exchange,
    Failure,
    FailureKind,
    Phase,
    PhaseTiming,
    Reply,
    TlsProblem,
)
from tests.support.cases import each_case

URL = "https://scim.example.org/scim/v2/Users?startIndex=1&count=2"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = {"id": "1", "userName": "jane@corp.example", "displayName": "Jane", "active": True}


def listing(*users: object, **fields: object) -> dict[str, Any]:
    return {
        "schemas": [LIST],
        "totalResults": len(users),
        "startIndex": 1,
        "itemsPerPage": len(users),
        "Resources": list(users),
    } | fields


def answered(status: int, body: object = b"", reason: str = "") -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = (("content-type", "application/scim+json"),)
    return Exchange("as typed", "GET", URL, reply=Reply(status, reason, headers, raw))


def failed(
    kind: FailureKind,
    tls: TlsProblem | None = None,
    url: str = URL,
    passed: tuple[PhaseTiming, ...] = (),
) -> Exchange:
    return Exchange("as typed", "GET", url, failure=Failure(kind, "it failed", tls), timings=passed)


def view(exchange: Exchange, *, allow_empty: bool = False) -> OktaView:
    return okta_view(exchange, judge(exchange, allow_empty=allow_empty))


def sentence(reason: str) -> str:
    return f"Error authenticating: {reason}. {TAIL}"


def test_a_good_list_is_a_success() -> None:
    assert view(answered(200, listing(USER))) == OktaView(True, SUCCESS, Certainty.OBSERVED)


def test_an_allowed_empty_list_is_no_sure_success() -> None:
    seen = view(answered(200, listing()), allow_empty=True)
    assert seen == OktaView(True, SUCCESS, Certainty.UNKNOWN)


@each_case(
    ("exchange", "reason", "certainty"),
    [
        (answered(200), "No results for users returned", Certainty.DOCUMENTED),
        (answered(200, b"null"), "No results for users returned", Certainty.DOCUMENTED),
        (answered(200, []), "No results for users returned", Certainty.DOCUMENTED),
        (answered(200, b"<html>"), "No results for users returned", Certainty.DOCUMENTED),
        (answered(200, listing()), "No results for users returned", Certainty.VENDOR),
        (
            answered(200, listing(USER, startIndex="1")),
            "No results for users returned",
            Certainty.INFERRED,
        ),
        (answered(401), "Unauthorized", Certainty.DOCUMENTED),
        (
            answered(401, {"schemas": [SCIM_ERROR], "detail": "Invalid SCIM token"}),
            "Unauthorized. Errors reported by remote server: Invalid SCIM token",
            Certainty.DOCUMENTED,
        ),
        (answered(403), "Forbidden", Certainty.INFERRED),
        (
            answered(403, {"error_code": "ERR_NGROK_203", "msg": "x", "status_code": 403}),
            "Forbidden",
            Certainty.INFERRED,
        ),
        (
            answered(409, {"schemas": [SCIM_ERROR], "detail": "taken"}),
            "Conflict. Errors reported by remote server: taken",
            Certainty.OBSERVED,
        ),
        (
            answered(403, b"<!DOCTYPE html><html>"),
            (
                "Forbidden. Errors reported by remote server: Invalid JSON: Unexpected character "
                "('<' (code 60))"
            ),
            Certainty.VENDOR,
        ),
        (
            answered(502, b"error code: 502"),
            (
                "Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token "
                "'error'"
            ),
            Certainty.OBSERVED,
        ),
        (
            answered(502, b"\n\n  Oops"),
            (
                "Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token "
                "'Oops'"
            ),
            Certainty.OBSERVED,
        ),
        (
            answered(500, b'{"detail": "cut o'),
            "Internal Server Error. Errors reported by remote server: Invalid JSON",
            Certainty.INFERRED,
        ),
        (answered(404), "Not Found", Certainty.INFERRED),
        (answered(404, {"message": "?"}), "Not Found", Certainty.INFERRED),
        (answered(302), "Found", Certainty.UNKNOWN),
        (
            answered(499, reason="Client Closed Request"),
            "Client Closed Request",
            Certainty.INFERRED,
        ),
        (answered(599), "599", Certainty.INFERRED),
        (failed(FailureKind.DNS), "null", Certainty.OBSERVED),
        (failed(FailureKind.DROPPED), "null", Certainty.INFERRED),
        (
            failed(FailureKind.CONNECT_TIMEOUT),
            "Connect to scim.example.org:443 [scim.example.org/…] failed: Connect timed out",
            Certainty.DOCUMENTED,
        ),
        (
            failed(
                FailureKind.CONNECT_TIMEOUT,
                passed=(PhaseTiming(Phase.NAME, 0), PhaseTiming(Phase.TCP, 0)),
            ),
            "Read timed out",
            Certainty.INFERRED,
        ),
        (
            failed(FailureKind.REFUSED, url="https://127.0.0.1:8443/Users"),
            "Connect to 127.0.0.1:8443 [127.0.0.1/…] failed: Connection refused",
            Certainty.INFERRED,
        ),
        (
            failed(FailureKind.REFUSED, url="https://x.example:99999999/"),
            "Connect to :443 [/…] failed: Connection refused",
            Certainty.INFERRED,
        ),
        (failed(FailureKind.READ_TIMEOUT), "Read timed out", Certainty.INFERRED),
        (
            failed(FailureKind.TLS, TlsProblem.VERSION),
            "Received fatal alert: protocol_version",
            Certainty.DOCUMENTED,
        ),
        (
            failed(FailureKind.TLS, TlsProblem.UNTRUSTED),
            (
                "PKIX path building failed: unable to find valid certification path to requested "
                "target"
            ),
            Certainty.INFERRED,
        ),
        (
            failed(FailureKind.TLS, TlsProblem.WRONG_NAME),
            "Certificate for <scim.example.org> doesn't match any of the subject alternative names",
            Certainty.INFERRED,
        ),
        (failed(FailureKind.TLS), "null", Certainty.INFERRED),
    ],
)
def test_oktas_sentence_for_what_was_seen(
    exchange: Exchange, reason: str, certainty: Certainty
) -> None:
    assert view(exchange) == OktaView(False, sentence(reason), certainty)


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (failed(FailureKind.WITHHELD), "the key was not sent"),
        (failed(FailureKind.PROXY), "cannot reach the server"),
        (
            failed(FailureKind.DNS, url="https://api.ngrok.com/scim/v2/Users"),
            "cannot reach the server",
        ),
    ],
)
def test_what_cannot_be_determined_is_not_guessed(exchange: Exchange, said: str) -> None:
    seen = view(exchange)
    assert seen.accepts is None
    assert seen.certainty is Certainty.UNKNOWN
    assert said in seen.message


def test_a_hostile_detail_in_oktas_sentence_is_printable_and_bounded() -> None:
    detail = "\x1b]0;owned\x07\u202e\n" + "x" * 100_000
    seen = view(answered(401, {"schemas": [SCIM_ERROR], "detail": detail}))
    assert seen.message.isprintable()
    assert len(seen.message) < 600


def test_a_key_that_the_server_repeats_is_not_in_oktas_sentence() -> None:
    half = "5abcDEF1234567890wxyz"
    body = f"32ELEgPmoXjxGJ3MXfoPBbZKrfD_{half}".encode()
    assert half not in view(answered(403, body)).message


@each_case(
    ("code", "accepts", "said", "certainty"),
    [
        ("URL106", False, "Invalid Base URL for the SCIM Connector", Certainty.INFERRED),
        ("URL115", False, "Invalid Base URL for the SCIM Connector", Certainty.INFERRED),
        ("URL102", False, "No results for users returned", Certainty.VENDOR),
        ("KEY202", False, "No results for users returned", Certainty.VENDOR),
        ("URL109", False, "Not Found", Certainty.INFERRED),
        ("URL105", False, "null", Certainty.INFERRED),
        ("URL108", False, "No results for users returned", Certainty.INFERRED),
        ("KEY205", False, "Forbidden", Certainty.INFERRED),
        ("KEY209", False, "Forbidden", Certainty.INFERRED),
        ("FRM301", None, "the mode “Basic Auth”", Certainty.UNKNOWN),
        ("FRM303", None, "the mode “Basic Auth”", Certainty.UNKNOWN),
    ],
)
def test_what_okta_would_say_to_values_that_were_not_sent(
    code: str, accepts: bool | None, said: str, certainty: Certainty
) -> None:
    findings = (finding("URL113", "seen"), finding(code, "seen"), finding("FRM303", "seen"))
    seen = view_of_typed(Form(auth_mode="Basic Auth"), findings)
    assert seen.accepts is accepts
    assert said in seen.message
    assert seen.certainty is certainty


def test_nothing_is_said_of_fields_that_the_test_does_not_look_at() -> None:
    seen = view_of_typed(Form(), (finding("FRM301", "seen"), finding("FRM308", "seen")))
    assert (seen.accepts, seen.certainty) == (None, Certainty.UNKNOWN)


UNAUTHORIZED = OktaView(False, sentence("Unauthorized"), Certainty.DOCUMENTED)
REPORTED = OktaView(
    False,
    sentence("Unauthorized. Errors reported by remote server: Invalid SCIM token"),
    Certainty.DOCUMENTED,
)
NULL = OktaView(False, sentence("null"), Certainty.OBSERVED)
PASSED = OktaView(True, SUCCESS, Certainty.OBSERVED)
PAGE = view(answered(403, b"<html>"))
GATEWAY = view(answered(502, b"error code: 502"))
TIMED_OUT = view(failed(FailureKind.CONNECT_TIMEOUT))
UNTOLD = view(failed(FailureKind.WITHHELD))


@each_case(
    ("shown", "seen", "fits"),
    [
        (sentence("Unauthorized"), UNAUTHORIZED, True),
        ("error   AUTHENTICATING:\r\n unauthorized", UNAUTHORIZED, True),
        ("“Unauthorized”", UNAUTHORIZED, True),
        ("Unauthorized. Errors reported by remote server: something", UNAUTHORIZED, True),
        ("Unauthorized", REPORTED, True),
        ("invalid scim token", REPORTED, True),
        ("Unauthorized. Errors reported by remote server: something else", REPORTED, False),
        ("Forbidden", UNAUTHORIZED, False),
        ("un", UNAUTHORIZED, False),
        ("null", NULL, True),
        (sentence("null"), NULL, True),
        ("null", PAGE, False),
        (PAGE.message, NULL, False),
        (
            f"{PAGE.message.partition('. The')[0]}: expected a valid value at [Source: x; line: 1]",
            PAGE,
            True,
        ),
        (
            (
                "Forbidden. Errors reported by remote server: Invalid JSON: Unexpected character "
                "('<' (code 60)): expected a valid value"
            ),
            PAGE,
            True,
        ),
        ("Invalid JSON", PAGE, True),
        (
            (
                "Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token "
                "'error': was expecting 'null', 'true', 'false' or NaN\n at [Source: "
                "java.io.StringReader@1f2e; line: 1, column: 6]"
            ),
            GATEWAY,
            True,
        ),
        (
            (
                "Connect to scim.example.org:443 [scim.example.org/203.0.113.7] failed: Connect "
                "timed out"
            ),
            TIMED_OUT,
            True,
        ),
        ("Connect timed out", TIMED_OUT, True),
        (SUCCESS, PASSED, True),
        (f"{SUCCESS}! User Import, Create Users", PASSED, True),
        (sentence("null"), PASSED, False),
        (SUCCESS, NULL, False),
        (TAIL, NULL, True),
        ("Error authenticating:", NULL, True),
        ("", NULL, True),
        (TAIL, PASSED, False),
        ("null", UNTOLD, False),
    ],
)
def test_what_okta_showed_is_compared(shown: str, seen: OktaView, fits: bool) -> None:
    compared = matches(shown, seen)
    assert compared.fits is fits
    assert compared.explanation.endswith(".")


def test_a_failure_only_at_okta_does_not_fit() -> None:
    compared = matches("Unauthorized", PASSED)
    assert not compared.fits
    assert compared.explanation == "The test passes from here, but not from Okta."


def test_another_failure_names_what_was_expected() -> None:
    assert UNAUTHORIZED.message in matches("Forbidden", UNAUTHORIZED).explanation


@settings(deadline=None)
@given(
    status=st.integers(0, 1000),
    reason=st.text(),
    body=st.binary() | st.text().map(str.encode),
    shown=st.text(),
)
def test_any_reply_has_a_sentence(status: int, reason: str, body: bytes, shown: str) -> None:
    seen = view(answered(status, body, reason))
    assert seen.message.isprintable()
    matches(shown, seen)
