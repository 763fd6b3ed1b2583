import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.okta.api_reply import judge_okta, read_okta_error, why_no_answer
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply, TlsProblem
from ngrok_scim_cli.wire.okta_scopes import token_purpose
from tests.support.cases import each_case
from tests.support.json_values import json_values

OKTA = "https://corp.okta.com"
OWN = "https://login.corp.example"
TOKEN = token_purpose("okta.logs.read")
PAGE = b"<!DOCTYPE html><title>Page not found</title>"
NO_SCOPE = (
    'Bearer realm="https://corp.okta.com", scope="okta.logs.read", error="insufficient_scope", '
    'error_description="The access token provided does not contain the required scopes."'
)


def error(code: str, summary: str, *causes: str) -> bytes:
    return json.dumps(
        {
            "errorCode": code,
            "errorSummary": summary,
            "errorLink": code,
            "errorId": "oae1",
            "errorCauses": [{"errorSummary": cause} for cause in causes],
        }
    ).encode()


REFUSED = error("E0000011", "Invalid token provided")
NO_RIGHT = error("E0000006", "You do not have permission to perform the requested action")
NOT_FOUND = error("E0000007", "Not found: Resource not found: 0oa1 (AppInstance)")


def answered(
    status: int, body: bytes = b"", *, path: str = "/api/v1/apps", org: str = OKTA, **headers: str
) -> Exchange:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange("list Okta apps", "GET", f"{org}{path}", Reply(status, "", named, body))


def failed(
    kind: FailureKind, tls: TlsProblem | None = None, detail: str = "It failed."
) -> Exchange:
    return Exchange("list Okta apps", "GET", OKTA, failure=Failure(kind, detail, tls))


def token_refused(status: int, document: dict[str, str]) -> Exchange:
    reply = Reply(status, body=json.dumps(document).encode())
    return Exchange(TOKEN, "POST", f"{OKTA}/oauth2/v1/token", reply)


def only(exchange: Exchange) -> Finding:
    (found,) = judge_okta(exchange)
    return found


@pytest.mark.parametrize("body", [b"[]", b"{}", b'[{"id": "0oa1"}]', b"\xef\xbb\xbf[]"])
def test_any_json_with_status_200_is_an_answer_of_okta(body: bytes) -> None:
    exchange = answered(200, body)
    assert judge_okta(exchange) == ()
    assert why_no_answer(exchange) == ""


@each_case(
    ("exchange", "seen"),
    [
        (answered(401, REFUSED), "401 (E0000011): “Invalid token provided”"),
        (answered(401, REFUSED, org=OWN), "E0000011"),
        (answered(401, REFUSED, org="http://127.0.0.1:8123"), "E0000011"),
        (answered(401), "Okta replied 401."),
        (answered(401, PAGE), "401: “Page not found”"),
        (answered(401, org=OWN, www_authenticate='Bearer error="invalid_token"'), "invalid_token"),
        (answered(403, NO_RIGHT), "403 (E0000006)"),
        (answered(403, error("E0000005", "Invalid session")), "E0000005"),
        (answered(403, org=OWN, www_authenticate=NO_SCOPE), "insufficient_scope"),
        (answered(401, www_authenticate=NO_SCOPE), "insufficient_scope"),
    ],
)
def test_a_token_that_okta_refuses_is_reported(exchange: Exchange, seen: str) -> None:
    found = only(exchange)
    assert found.code == "OKT902"
    assert seen in found.evidence
    assert why_no_answer(exchange)


@each_case(
    ("path", "what", "scope"),
    [
        ("/api/v1/apps", "apps and who is assigned", "okta.apps.read"),
        ("/api/v1/apps/0oa1/users?limit=500", "apps and who is assigned", "okta.apps.read"),
        ("/api/v1/logs?limit=1000", "the System Log", "okta.logs.read"),
        ("/api/v1/mappings?targetId=0oa1", "profile mappings", "okta.profileMappings.read"),
        ("/api/v1/users/00u1", "people", "okta.users.read"),
    ],
)
@each_case("right", [{}, {"www_authenticate": NO_SCOPE}])
def test_the_right_that_is_missing_is_named(
    path: str, what: str, scope: str, right: dict[str, str]
) -> None:
    exchange = answered(403, b"" if right else NO_RIGHT, path=path, **right)
    reason = why_no_answer(exchange)
    assert f"The request was for {what}" in reason
    assert f"`{scope}`" in reason
    assert ("role “Read-only Administrator”." in reason) is not bool(right)
    # Without apps nothing can be told; every other right costs one check.
    assert [item.code for item in judge_okta(exchange)] == ["OKT902"] * (scope == "okta.apps.read")


@pytest.mark.parametrize("error_code", ["invalid_scope", "consent_required"])
def test_a_scope_that_the_token_endpoint_refuses_costs_one_check(error_code: str) -> None:
    exchange = token_refused(400, {"error": error_code})
    assert judge_okta(exchange) == ()
    assert "grant `okta.logs.read` under **Okta API Scopes**" in why_no_answer(exchange)


@pytest.mark.parametrize(
    ("status", "body", "fix"),
    [
        (401, {"error": "invalid_client", "error_description": "It is expired."}, "Client ID"),
        (400, {"error": "invalid_dpop_proof"}, "Require Demonstrating Proof of Possession"),
        (400, {"error": "unauthorized_client"}, "OKTA_CLIENT_"),
    ],
)
def test_a_service_app_that_the_token_endpoint_refuses_is_reported(
    status: int, body: dict[str, str], fix: str
) -> None:
    found = only(token_refused(status, body))
    assert found.code == "OKT902"
    assert body["error"] in found.evidence
    assert fix in found.fix


def test_a_token_endpoint_that_is_none_is_no_org() -> None:
    refused = Exchange(TOKEN, "POST", f"{OWN}/oauth2/v1/token", Reply(404, body=PAGE))
    assert only(refused).code == "OKT901"


def test_a_token_that_is_wrong_lacks_no_right() -> None:
    found = only(answered(401, REFUSED))
    assert "okta.apps.read" not in found.fix
    assert "The request was for" not in found.evidence


def test_of_another_request_no_right_is_guessed() -> None:
    found = only(answered(403, NO_RIGHT, path="/api/v1/org"))
    assert found.code == "OKT902"
    assert "scope" not in found.fix


@each_case(
    ("exchange", "seen"),
    [
        (
            answered(200, PAGE),
            "corp.okta.com replied 200, not in the way that Okta's API does: “Page not",
        ),
        (answered(200), "corp.okta.com replied 200, not in the way that Okta's API does."),
        (answered(200, b"null"), "replied 200"),
        (answered(200, b'"hello"'), "replied 200"),
        (answered(404, PAGE), "replied 404"),
        (answered(404, b'{"message": "no such route"}', org=OWN), "“no such route”"),
        (answered(401, b"Log in first.", org=OWN), "“Log in first”"),
        (answered(403, PAGE, org=OWN), "replied 403"),
        (answered(302, location="https://corp.okta.com/login?token=x"), "“https://corp.okta.com/l"),
        (answered(301), "replied 301."),
    ],
)
def test_what_does_not_answer_like_okta_is_no_org(exchange: Exchange, seen: str) -> None:
    found = only(exchange)
    assert found.code == "OKT901"
    assert seen in found.evidence
    assert why_no_answer(exchange)


def test_the_query_of_a_redirect_is_not_repeated() -> None:
    assert "token" not in only(answered(302, location=f"{OKTA}/login?token=x")).evidence


@each_case(
    ("exchange", "reason"),
    [
        (answered(404, NOT_FOUND), "Okta replied 404 (E0000007): “Not found: Resource"),
        (
            answered(429, error("E0000047", "Too many requests."), x_rate_limit_reset="1793869504"),
            "It rate limits this token until 09:05:04 UTC.",
        ),
        (answered(429), "Okta replied 429. It rate limits this token for a minute"),
        (answered(429, x_rate_limit_reset="soon"), "for a minute"),
        (answered(429, x_rate_limit_reset="9" * 30), "for a minute"),
        (answered(500, error("E0000009", "Internal Server Error")), "Okta replied 500 (E0000009)"),
        (answered(502, PAGE), "Okta replied 502: “Page not found”."),
        (answered(503), "Okta replied 503."),
        (
            answered(400, error("E0000001", "Api validation failed: feature", "Off.")),
            "feature: Off",
        ),
        (failed(FailureKind.WITHHELD, detail="It leads elsewhere."), "It leads elsewhere."),
    ],
)
def test_what_says_nothing_of_the_token_is_a_reason_and_no_finding(
    exchange: Exchange, reason: str
) -> None:
    assert judge_okta(exchange) == ()
    assert reason in why_no_answer(exchange)


def test_an_answer_that_was_cut_off_is_not_mistaken_for_another_servers() -> None:
    reply = Reply(200, body=b'[{"id": "0o', truncated=True)
    exchange = Exchange("list Okta apps", "GET", OKTA, reply)
    assert judge_okta(exchange) == ()
    assert "too long" in why_no_answer(exchange)


@each_case(
    ("kind", "tls", "code"),
    [
        (FailureKind.DNS, None, "NET401"),
        (FailureKind.REFUSED, None, "NET402"),
        (FailureKind.CONNECT_TIMEOUT, None, "NET403"),
        (FailureKind.TLS, TlsProblem.UNTRUSTED, "NET404"),
        (FailureKind.TLS, TlsProblem.WRONG_NAME, "NET405"),
        (FailureKind.TLS, TlsProblem.EXPIRED, "NET406"),
        (FailureKind.TLS, TlsProblem.VERSION, "NET407"),
        (FailureKind.READ_TIMEOUT, None, "NET408"),
        (FailureKind.DROPPED, None, "NET409"),
        (FailureKind.PROTOCOL, None, "NET409"),
        (FailureKind.PROXY, None, "NET410"),
    ],
)
def test_a_failure_on_the_way_to_okta_does_not_speak_of_ngrok(
    kind: FailureKind, tls: TlsProblem | None, code: str
) -> None:
    exchange = failed(kind, tls)
    found = only(exchange)
    assert found.code == code
    assert "ngrok.com" not in found.fix
    assert "SCIM connector" not in found.fix
    assert "Okta org" in found.cause
    assert why_no_answer(exchange) == "Okta did not reply: It failed."


@each_case(
    ("url", "fix"),
    [
        (OKTA, "reach corp.okta.com on port 443."),
        ("https://okta.corp.example:8443/api/v1/apps", "reach okta.corp.example on port 8443."),
        ("http://127.0.0.1:8081/api/v1/apps", "the server at 127.0.0.1:8081 is running."),
    ],
)
def test_the_port_that_refuses_is_named(url: str, fix: str) -> None:
    assert only(replace(failed(FailureKind.REFUSED), url=url)).fix.endswith(fix)


def test_a_failure_without_words_has_a_reason() -> None:
    assert why_no_answer(failed(FailureKind.DNS, detail="")) == "Okta did not reply."
    assert judge_okta(Exchange("x", "GET", OKTA)) == ()


@each_case(
    ("body", "code", "summary"),
    [
        (REFUSED, "E0000011", "Invalid token provided"),
        (error("E0000001", "Failed.", "First.", "Second."), "E0000001", "Failed: First"),
        (error("E0000001", "Same.", "Same."), "E0000001", "Same"),
        (b'{"errorCode": "nonsense", "errorSummary": 7}', "", '{"errorCode": "nonsense"'),
        (b'{"errorCauses": {"errorSummary": "x"}}', "", "x"),
        (PAGE, "", "Page not found"),
        (b"\xff\xfe", "", ""),
    ],
)
def test_an_error_is_read_whatever_it_is(body: bytes, code: str, summary: str) -> None:
    read = read_okta_error(Reply(400, body=body))
    assert (read.status, read.code) == (400, code)
    assert read.summary.startswith(summary)


def test_what_okta_says_is_shown_on_one_line_without_control_characters() -> None:
    summary = "No\x1b[31m\n\u202ered"
    found = only(answered(401, error("E0000011", summary)))
    assert found.evidence.isprintable()
    assert "\u202e" not in found.evidence


JSON_VALUES = json_values(st.sampled_from(["errorCode", "errorSummary", "errorCauses", "x"]))


@given(
    st.sampled_from([200, 204, 301, 400, 401, 403, 404, 405, 429, 500, 599]),
    JSON_VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60),
    st.text(max_size=30),
)
def test_any_answer_is_judged(status: int, body: bytes, header: str) -> None:
    exchange = answered(
        status, body, location=header, x_rate_limit_reset=header, www_authenticate=header
    )
    codes = {item.code for item in judge_okta(exchange)}
    assert codes <= {"OKT901", "OKT902"}
    assert bool(codes) <= bool(why_no_answer(exchange))
