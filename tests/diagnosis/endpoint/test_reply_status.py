import json

import pytest

from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from tests.support.cases import each_case

ELSEWHERE = "https://scim.example.org/scim/v2/Users?startIndex=1&count=2"
NGROK = "https://api.ngrok.com/scim/v2/Users?startIndex=1&count=2"
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_5abcDEF1234567890wxyz"

KEY_MISSING = ["KEY215", "SCM520"]
PAGE = b"<html><title>Blocked by policy</title></html>"


def answered(
    status: int,
    body: object = b"",
    *,
    url: str = ELSEWHERE,
    proxy: str = "",
    resigned: bool = False,
    **headers: str,
) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    reply = Reply(status, headers=names, body=raw)
    issuer = "CN=corp" if resigned else ""
    return Exchange("as typed", "GET", url, reply=reply, proxy=proxy, private_issuer=issuer)


def scim(detail: str) -> dict[str, object]:
    return {"schemas": [SCIM_ERROR], "status": "0", "detail": detail}


def ngrok(code: int | str, status: int = 403, msg: str = "No.") -> dict[str, object]:
    details = {"operation_id": "op_1"}
    return {
        "error_code": f"ERR_NGROK_{code}",
        "status_code": status,
        "msg": msg,
        "details": details,
    }


def codes(exchange: Exchange) -> list[str]:
    return [item.code for item in judge(exchange).findings]


@each_case(
    ("number", "status", "code"),
    [
        (200, 403, "KEY215"),
        (201, 400, "KEY215"),
        (202, 403, "KEY215"),
        (203, 403, "KEY214"),
        (203, 401, "KEY214"),
        (206, 400, "KEY208"),
        (207, 400, "KEY208"),
        (208, 400, "KEY207"),
        (204, 403, "NGR708"),
        (205, 403, "NGR708"),
        (247, 402, "NGR708"),
        (220, 403, "NGR705"),
        (225, 429, "NGR709"),
        (226, 429, "NGR709"),
        (635, 403, "NGR704"),
        (636, 403, "NGR703"),
        (3200, 404, "URL108"),
        (8012, 502, "URL108"),
        (3205, 403, "URL108"),
        (727, 402, "URL108"),
        (4012, 403, "NGR707"),
        (4023, 402, "NGR707"),
        (4119, 500, "NGR707"),
    ],
)
def test_ngroks_code_decides_and_not_the_status(number: int, status: int, code: str) -> None:
    assert codes(answered(status, ngrok(number, status))) == [code]


@each_case(
    ("exchange", "expected"),
    [
        (answered(401), ["SCM501"]),
        (answered(401, scim("Invalid SCIM token")), ["KEY214"]),
        (answered(401, scim("No.")), ["SCM501"]),
        (answered(401, b"Unauthorized"), ["SCM501", "SCM520"]),
        (answered(403), ["SCM502"]),
        (answered(403, PAGE), ["SCM502", "SCM520"]),
        (answered(403, scim("The token was revoked.")), ["KEY214"]),
        (answered(403, scim("Your credentials are not valid.")), ["KEY214"]),
        (answered(403, scim("SCIM is not part of your plan.")), ["SCM502"]),
        (answered(403, {"message": "no token"}), ["KEY214", "SCM520"]),
        (answered(403, {"error": {"message": "Token expired"}}), ["KEY214", "SCM520"]),
        (answered(403, {"fault": {"faultstring": "Invalid ApiKey"}}), ["KEY214", "SCM520"]),
        (answered(403, {"message": "Missing Authentication Token"}), ["SCM502", "SCM520"]),
        (answered(403, {"message": "The token lacks a scope"}), ["SCM502", "SCM520"]),
        (answered(403, {"status_code": 403, "msg": "Unknown API key."}), ["KEY214"]),
        (answered(404), ["SCM503"]),
        (answered(404, {"status_code": 404, "msg": "Not Found"}), ["SCM503"]),
        (answered(404, b"404 page not found"), ["SCM503", "SCM520"]),
        (answered(401, scim("No authorization token was found")), ["KEY215"]),
        (answered(403, {"detail": "Authentication credentials were not provided."}), KEY_MISSING),
        (answered(401, {"code": 16, "message": "auth header missing"}), KEY_MISSING),
        (answered(400, b"Authorization header is required"), KEY_MISSING),
        (answered(403, {"detail": "Not authenticated"}), KEY_MISSING),
        (answered(400, {"message": "Bad HTTP authentication header format"}), KEY_MISSING),
        (answered(401, b"Invalid bearer token header."), KEY_MISSING),
        (answered(401, b"<html><title>401 Authorization Required</title>"), ["SCM501", "SCM520"]),
        (answered(401, scim("Authentication credentials are missing or invalid")), ["KEY214"]),
        (answered(401, scim("Missing or expired token")), ["KEY214"]),
        (answered(401, scim("A valid SCIM bearer token is required")), ["KEY214"]),
        (answered(401, scim("Valid authentication credentials were not provided")), ["KEY214"]),
        (answered(401, scim("not authenticated")), ["KEY214"]),
        (answered(401, {"message": "Authentication required"}), ["SCM501", "SCM520"]),
        (answered(401, scim("Authorization required")), ["SCM501"]),
        (answered(401, {"message": "Full authentication is required"}), ["SCM501", "SCM520"]),
        (answered(401, scim("Credential was not sent or was of an unsupported type")), ["KEY214"]),
        (answered(401, scim("missing_authentication")), ["KEY215"]),
        (answered(401, scim("Authorization header is required")), ["KEY215"]),
        (answered(403, scim("Resource not accessible by personal access token")), ["SCM502"]),
        (answered(403, {"message": "missing_scope"}), ["SCM502", "SCM520"]),
        (answered(301, location="https://x.example/"), ["SCM504"]),
        (answered(302, PAGE), ["SCM504"]),
        (answered(304), ["SCM504"]),
        (answered(429), ["SCM505"]),
        (answered(500, scim("Sorry.")), ["SCM506"]),
        (answered(502, b"error code: 502"), ["SCM506", "SCM520"]),
        (answered(599), ["SCM506"]),
        (answered(400), ["SCM507"]),
        (answered(400, ngrok(99999, 400)), ["SCM507"]),
        (answered(204), ["SCM507"]),
        (answered(201, {"id": "1"}), ["SCM507"]),
        (answered(407), ["SCM507"]),
        (answered(418, b"teapot"), ["SCM507", "SCM520"]),
        (answered(999), ["SCM507"]),
        (answered(0), ["SCM507"]),
    ],
)
def test_without_a_known_code_the_status_decides(exchange: Exchange, expected: list[str]) -> None:
    assert codes(exchange) == expected
    assert judge(exchange).accepts is False


@pytest.mark.parametrize(
    ("said", "code"),
    [("401", "KEY214"), (403, "KEY214"), ("429", "SCM505"), ("500", "SCM506"), ("200", "SCM511")],
)
def test_an_error_sent_with_200_is_judged_by_the_status_that_it_names(
    said: object, code: str
) -> None:
    seen = judge(answered(200, {**scim("Invalid token"), "status": said}))
    assert [item.code for item in seen.findings] == list(dict.fromkeys([code, "SCM511"]))
    assert seen.accepts is False
    if code != "SCM511":
        assert f"with an error that says {said}" in seen.findings[0].evidence


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (
            answered(401, www_authenticate='Bearer error="invalid_token", error_description="old"'),
            "invalid_token",
        ),
        (answered(403, www_authenticate='Bearer error="insufficient_scope"'), "insufficient_scope"),
        (answered(500, b"<?xml version='1.0'?><f><faultstring>No x</faultstring></f>"), "No x"),
    ],
)
def test_why_is_read_where_the_server_says_it(exchange: Exchange, said: str) -> None:
    assert f"“{said}”" in judge(exchange).findings[0].evidence


@pytest.mark.parametrize(
    "exchange", [answered(511, PAGE), answered(403, b"<html>Zscaler policy</html>")]
)
def test_what_this_network_answers_says_nothing_about_okta(exchange: Exchange) -> None:
    seen = judge(exchange)
    assert seen.accepts is None
    assert "network" in seen.findings[0].fix


def test_the_warning_page_of_an_ngrok_endpoint_comes_with_200() -> None:
    exchange = answered(200, PAGE, ngrok_error_code="ERR_NGROK_6024")
    assert codes(exchange) == ["URL108", "SCM509"]


@pytest.mark.parametrize(
    "said", ["You do not have permission to list users.", "Must have admin rights to Repository."]
)
def test_a_right_that_is_lacking_is_the_cause(said: str) -> None:
    found = judge(answered(403, scim(said))).findings[0]
    assert "not allowed to do that" in found.cause
    assert said.rstrip(".") in found.cause
    assert "ip-restrictions" not in found.fix


@each_case(
    ("status", "said", "title", "cause", "fix"),
    [
        (401, "SCIM is not enabled for this organization.", "turned off (401)", "not enabled", ""),
        (401, "SCIM is not available on your plan", "not include SCIM (401)", "your plan", ""),
        (401, "The workspace is suspended", "suspended on the server (401)", "suspended", ""),
        (404, "SCIM is disabled", "turned off (404)", "SCIM is disabled", ""),
        (401, "Insufficient scope for this request", "not allowed", "Insufficient", ""),
        (401, "The token must provide access to one of these scopes", "not allowed", "scopes", ""),
        (403, "The token must provide access to one of these scopes", "forbids", "scopes", ""),
        (403, "invalid namespace", "forbids", "path of the base URL", "base URL"),
        (401, "Tenant not found", "does not know the path", "path of the base URL", "base URL"),
        (400, "Realm not found", "cannot use", "path of the base URL", "base URL"),
        (403, "Organization SAML enforcement. You must grant access.", "forbids", "allowed to", ""),
        (403, "User is not an account admin", "forbids", "not allowed", ""),
        (403, "plus_teams_only", "forbids", "plan", ""),
        (402, "Your trial has expired", "cannot use", "payment", ""),
        (406, "", "cannot use", "Accept header", "Accept header"),
        (415, "", "cannot use", "Accept header", "Accept header"),
    ],
)
def test_what_the_server_says_goes_before_what_its_status_says(
    status: int, said: str, title: str, cause: str, fix: str
) -> None:
    for url in (ELSEWHERE, "http://127.0.0.1:8080/scim/v2/Users?startIndex=1&count=2"):
        body = scim(said) if said else b""
        found = judge(answered(status, body, url=url)).findings[0]
        assert title in found.title
        assert cause in found.cause
        assert fix in found.fix
        assert "rotate" not in found.fix
        assert "ip-restrictions" not in found.fix


def test_a_401_that_only_says_so_does_not_prove_that_the_key_is_valid() -> None:
    found = judge(answered(401, scim("You are not authorized to access this resource"))).findings[0]
    assert "not allowed" not in found.cause


@each_case(
    ("exchange", "title"),
    [
        (answered(401, b"Invalid Authorization header"), "The server could not read"),
        (answered(401, scim("Invalid SCIM token")), "The server refuses the key"),
        (answered(401, b"Authorization header missing"), "The server could not read"),
        (answered(503, b"upstream connect error or disconnect/reset before headers"), "The server"),
    ],
)
def test_of_another_server_nothing_is_said_or_asked_of_ngrok(
    exchange: Exchange, title: str
) -> None:
    found = judge(exchange).findings[0]
    assert found.title.startswith(title)
    assert "ngrok.com" not in found.fix.replace("https://api.ngrok.com/scim/v2/", "")


def test_ngroks_own_address_is_right_also_where_it_refuses_the_media_type() -> None:
    assert "support@ngrok.com" in judge(answered(406, url=NGROK)).findings[0].fix


def test_a_firewall_is_named_whatever_its_status() -> None:
    page = b"<title>Not Acceptable!</title> This error was generated by Mod_Security."
    found = judge(answered(406, page)).findings[0]
    assert (found.code, "firewall" in found.fix) == ("SCM507", True)


def test_a_proxy_that_asks_for_a_password_says_nothing_about_okta() -> None:
    seen = judge(answered(407, PAGE, proxy="proxy.example:3128"))
    assert seen.findings[0].code == "NET410"
    assert seen.findings[-1].code == "ENV004"
    assert seen.accepts is None


NGINX = b"<html><head><title>403 Forbidden</title></head><body><center>nginx</center></body></html>"
GATEWAY = {"message": "Missing Authentication Token"}


@each_case(
    ("exchange", "who"),
    [
        (answered(403, b"error code: 1010", server="cloudflare", cf_ray="8c1"), "A firewall"),
        (answered(403, b"error code: 1020"), "A firewall"),
        (answered(403, b"", server="cloudflare", cf_ray="8c1-FRA"), "A firewall"),
        (answered(403, b"Request blocked."), "A firewall"),
        (answered(403, b"Forbidden", server="awselb/2.0"), "A firewall"),
        (
            answered(403, b"Access Denied. Reference #18.2d351ab8", server="AkamaiGHost"),
            "A firewall",
        ),
        (answered(403, b"Request unsuccessful. Incapsula incident ID: 12-34"), "A firewall"),
        (answered(403, NGINX, server="nginx"), "A firewall"),
        (answered(403, b"The requested URL was rejected. Your support ID is: 42"), "A firewall"),
        (answered(403, {"message": "Forbidden by security policy"}), "A firewall"),
        (answered(403, b"RBAC: access denied", server="istio-envoy"), "A firewall"),
        (answered(403, {"Message": "User: anonymous may not execute-api:Invoke"}), "A firewall"),
        (answered(403, b"<title>Blocked hosts: scim.example.org</title>"), "The server does not"),
        (answered(403, b"Blocked request. This host is not allowed."), "The server does not"),
        (answered(403, b"<Error><Code>AccessDenied</Code></Error>"), "A file store"),
        (answered(403, b"<title>Web App - Unavailable</title>"), "The server behind this address"),
        (answered(403, GATEWAY), "An API gateway"),
        (answered(403, {"message": "It requires 'Credential' parameter."}), "An API gateway"),
        (
            answered(403, b"{}", x_amzn_errortype="MissingAuthenticationTokenException"),
            "An API gateway",
        ),
        (answered(403, {"message": "no Route matched with those values"}), "An API gateway"),
        (answered(403, b"<html>Zscaler policy</html>"), "A web filter"),
        (answered(403, b"Blocked", via="1.1 squid"), "A web filter"),
        (answered(403, {"url": "https://x.captcha-delivery.com/captcha/"}), "A firewall"),
    ],
)
def test_a_gateway_is_distinguished_from_the_server_behind_it(exchange: Exchange, who: str) -> None:
    found = judge(exchange).findings
    assert found[0].code == "SCM502"
    assert found[0].title.startswith(f"{who} ")
    assert "ip-restrictions" not in found[0].fix


IIS = b"<title>401 - Unauthorized: Access is denied due to invalid credentials.</title>"
APIM = {"message": "Access denied due to missing subscription key."}
APIGEE = {"fault": {"faultstring": "Failed to resolve API Key variable request.queryparam.apikey"}}
OKTA = {"errorCode": "E0000011", "errorSummary": "Invalid token provided"}
CLOUD_RUN = b"<html>Your client does not have permission to the requested URL /scim/v2/Users."
IAP = b"Invalid IAP credentials: Unable to parse JWT"
ACCESS = "https://corp.cloudflareaccess.com/cdn-cgi/access/login/scim.example.org?kid=1"
ZSCALER = "https://gateway.zscalerthree.net:443/auD?origurl=https%3A%2F%2Fapi.ngrok.com"
FORTINET = "https://192.168.1.99:1003/fgtauth?0a1b"
UMBRELLA = b"<html><title>Cisco Umbrella - Site blocked</title></html>"
ANOTHER_SIGN_IN = "The server asks for a sign-in other than the API key"


@each_case(
    ("exchange", "code", "title", "accepts"),
    [
        (answered(401, PAGE, www_authenticate="Basic realm=x"), "SCM501", ANOTHER_SIGN_IN, False),
        (answered(401, IIS, www_authenticate="Negotiate"), "SCM501", ANOTHER_SIGN_IN, False),
        (answered(401, APIM), "SCM501", ANOTHER_SIGN_IN, False),
        (answered(401, APIGEE), "SCM501", ANOTHER_SIGN_IN, False),
        (
            answered(401, {"message": "No API key found in request"}),
            "SCM501",
            ANOTHER_SIGN_IN,
            False,
        ),
        (answered(401, IAP), "SCM501", ANOTHER_SIGN_IN, False),
        (answered(401, CLOUD_RUN, www_authenticate="Bearer"), "SCM501", ANOTHER_SIGN_IN, False),
        (answered(401, PAGE), "SCM501", ANOTHER_SIGN_IN, False),
        (answered(401, b"Jwt is missing"), "SCM501", ANOTHER_SIGN_IN, False),
        (
            answered(401, PAGE, www_authenticate='Bearer authorization_uri="https://x.example"'),
            "SCM501",
            ANOTHER_SIGN_IN,
            False,
        ),
        (
            answered(400, b"Client sent an HTTP request to an HTTPS server."),
            "SCM507",
            "The server expects https://",
            False,
        ),
        (
            answered(400, b"<title>400 No required SSL certificate was sent</title>"),
            "SCM507",
            "The server asks for a client certificate",
            False,
        ),
        (
            answered(200, b"<html><title>Request Rejected</title>The requested URL was rejected."),
            "SCM509",
            "A firewall",
            False,
        ),
        (answered(503, PAGE), "SCM506", "The server failed", False),
        (answered(503, PAGE, url=NGROK, resigned=True), "SCM506", "A web filter", None),
        (answered(200, PAGE, url=NGROK, resigned=True), "SCM509", "A web filter", None),
        (answered(403, PAGE, resigned=True), "SCM502", "A firewall", False),
        (answered(302, location=ACCESS), "SCM504", ANOTHER_SIGN_IN, False),
        (
            answered(302, location="https://accounts.google.com/o/oauth2/v2/auth"),
            "SCM504",
            ANOTHER_SIGN_IN,
            False,
        ),
        (answered(302, location="/users/sign_in"), "SCM504", ANOTHER_SIGN_IN, False),
        (answered(302, location="/vpn/index.html"), "SCM504", ANOTHER_SIGN_IN, False),
        (answered(301, location="/scim/v2/Users/"), "SCM504", "The server redirects", False),
        (answered(302, location="/login"), "SCM504", ANOTHER_SIGN_IN, False),
        (answered(302, url=NGROK, location="/login"), "SCM504", "The server redirects", False),
        (answered(307, url=NGROK, location=ZSCALER), "SCM504", "A web filter", None),
        (answered(302, url=NGROK, location=FORTINET), "SCM504", "A web filter", None),
        (answered(200, UMBRELLA, url=NGROK), "SCM509", "A web filter", None),
        (answered(401, OKTA), "SCM501", "Okta's own API", False),
        (
            answered(403, {"message": "Forbidden"}, x_amzn_errortype="ForbiddenException"),
            "SCM502",
            "A firewall",
            False,
        ),
        (
            answered(401, b"HTTP Token: Access denied.", www_authenticate='Token realm="App"'),
            "SCM501",
            "The server does not accept the API key",
            False,
        ),
        (
            answered(401, www_authenticate='Basic realm="x", Bearer realm="x"'),
            "SCM501",
            "The server does not accept the API key",
            False,
        ),
    ],
)
def test_a_sign_in_that_never_saw_the_key_does_not_cost_a_new_key(
    exchange: Exchange, code: str, title: str, accepts: bool | None
) -> None:
    seen = judge(exchange)
    found = seen.findings[0]
    assert (found.code, seen.accepts) == (code, accepts)
    assert found.title.startswith(title)
    assert "rotate" not in found.fix or title.startswith("The server does not")


def test_the_sign_in_that_is_asked_for_is_named() -> None:
    found = judge(answered(401, PAGE, www_authenticate="Negotiate oRQwEqADCgEBoQ==")).findings[0]
    assert found.evidence.endswith(" It asks for “Negotiate”.")


@pytest.mark.parametrize(
    "exchange",
    [
        answered(403, scim("Request blocked by your administrator"), server="cloudflare"),
        answered(403, ngrok("99999"), server="cloudflare", cf_ray="8c1"),
        answered(403, {"message": "no"}),
        answered(403),
    ],
)
def test_what_the_server_itself_says_is_no_firewalls(exchange: Exchange) -> None:
    assert "in front of the server" not in judge(exchange).findings[0].title


@each_case(
    ("status", "detail"),
    [
        (500, "provisioning is not turned on for this account"),
        (503, "SCIM has been switched off"),
        (404, "SCIM is not enabled"),
        (403, "User provisioning isn't enabled for your organization"),
        (400, "Directory sync is not configured"),
        (501, "The SCIM integration is disabled"),
        (500, "Please enable SCIM in the settings first"),
    ],
)
def test_scim_that_the_server_says_is_off_is_the_cause_and_the_fix(
    status: int, detail: str
) -> None:
    wrapped = {"error": {"errors": [{"message": json.dumps({"detail": detail})}]}}
    for body in (scim(detail), wrapped):
        there = judge(answered(status, body, url=NGROK)).findings[0]
        elsewhere = judge(answered(status, body)).findings[0]
        assert detail in there.cause
        assert "Automated User Provisioning via SCIM 2.0" in there.fix
        assert "settings" in elsewhere.fix
        assert "few minutes" not in elsewhere.fix


@each_case(
    ("detail", "fix"),
    [
        ("Your plan does not include SCIM", "part of your plan"),
        ("Provisioning requires an Enterprise plan", "part of your plan"),
        ("SCIM is only available to Enterprise customers", "part of your plan"),
        ("You have reached the maximum number of seats for your plan", "add a seat"),
        ("SSO is not configured", "New Identity Provider"),
        ("Your organization is suspended", "support@ngrok.com"),
        ("Your IP address 192.0.2.9 is not allowed to access this resource", "ip-restrictions"),
        ("Insufficient scope, expected any of: get:users", "doctor"),
    ],
)
def test_what_else_the_server_says_is_the_cause(detail: str, fix: str) -> None:
    there = judge(answered(403, scim(detail), url=NGROK)).findings[0]
    elsewhere = judge(answered(403, scim(detail))).findings[0]
    assert detail in there.cause
    assert fix in there.fix
    assert "in its own settings" in elsewhere.fix


@each_case(
    ("exchange", "code"),
    [
        (answered(403, scim("Your credentials are missing the users:write scope.")), "NGR717"),
        (answered(403, ngrok("29001", msg="missing the users:read scope")), "NGR717"),
        (answered(400, ngrok("IAM_SERVICE_USER_ROLE_NOT_ALLOWED", 400)), "NGR704"),
        (answered(403, ngrok("IAM_ACCESS_TOKEN_OWNER_ROLE_REQUIRED")), "NGR704"),
        (answered(403, ngrok("AI_GATEWAY_NEW", msg="This token is refused.")), "SCM502"),
        (answered(401, ngrok("SOMETHING_NEW", msg="Bad credentials.")), "SCM502"),
        (answered(403, scim("This token does not have the permission to do so.")), "SCM502"),
        (answered(403, scim("Your plan does not include API keys.")), "SCM502"),
        (
            answered(403, scim("The authentication you specified is actually an authtoken.")),
            "KEY208",
        ),
    ],
)
def test_only_what_refuses_the_credential_is_a_revoked_key(exchange: Exchange, code: str) -> None:
    found = judge(exchange).findings[0]
    assert found.code == code


def test_a_key_that_another_server_refuses_costs_no_new_key() -> None:
    for url, title in ((ELSEWHERE, "The server"), (NGROK, "ngrok")):
        found = judge(answered(401, {"message": "Bad credentials"}, url=url)).findings[0]
        assert (found.code, found.title) == ("KEY214", f"{title} refuses the key")
        assert ("rotate" in found.fix) is (url == NGROK)


@pytest.mark.parametrize(("status", "body"), [(401, b""), (403, b""), (403, {"message": "no"})])
def test_what_another_server_refuses_is_not_repaired_at_ngrok(status: int, body: object) -> None:
    for url, is_ngroks in ((ELSEWHERE, False), (NGROK, True)):
        found = judge(answered(status, body, url=url)).findings[0]
        assert ("rotate" in found.fix or "dashboard.ngrok.com" in found.fix) is is_ngroks


def test_an_unknown_code_of_words_is_shown_with_its_page() -> None:
    (item,) = judge(answered(400, ngrok("IAM_SOMETHING_NEW", 400))).findings
    assert "ERR_NGROK_IAM_SOMETHING_NEW" in item.evidence
    assert "https://ngrok.com/docs/errors/err_ngrok_iam_something_new" in item.fix
    assert "base URL" not in item.title + item.cause


def test_the_evidence_names_status_key_code_words_and_operation() -> None:
    msg = f"It is invalid. Your authentication: '{KEY}'. API keys and instructions"
    (item,) = judge(answered(403, ngrok(203, msg=msg)), key_name="the key ak_1").findings
    assert item.evidence == (
        "The server answered 403 (ERR_NGROK_203) to the key ak_1: “It is invalid. Your "
        "authentication: [redacted]”. Operation ID: op_1."
    )


def test_a_server_error_does_not_name_the_key() -> None:
    (item,) = judge(answered(500), key_name="the key ak_1").findings
    assert item.evidence == "The server answered 500."


def test_an_unknown_code_of_ngroks_is_shown_with_its_page() -> None:
    (item,) = judge(answered(400, ngrok(99999, 400))).findings
    assert "ERR_NGROK_99999" in item.evidence
    assert "https://ngrok.com/docs/errors/err_ngrok_99999" in item.fix


def test_a_known_code_brings_its_own_fix() -> None:
    (item,) = judge(answered(403, ngrok(247))).findings
    assert "https://dashboard.ngrok.com/billing" in item.fix


def test_the_title_of_a_web_page_is_shown() -> None:
    item = judge(answered(403, PAGE)).findings[0]
    assert item.evidence == "The server answered 403, with a web page “Blocked by policy”."
    assert "firewall" in item.fix


def test_a_title_is_shown_as_a_browser_shows_it() -> None:
    item = judge(answered(503, b"<html><title>We&#39;ll be back</title></html>")).findings[0]
    assert "We'll be back" in item.evidence


def test_a_web_page_without_a_title_is_named_as_one() -> None:
    item = judge(answered(403, b"<html></html>")).findings[0]
    assert item.evidence == "The server answered 403, with a web page."


def test_a_redirect_is_shown_without_its_query() -> None:
    exchange = answered(302, location="https://login.example/start#abc?token=abc")
    (item,) = judge(exchange).findings
    assert "https://login.example/start" in item.evidence
    assert "abc" not in item.evidence
    assert "(302)" in item.title


@each_case(
    ("asked", "wait"),
    [
        ("30", "30 seconds"),
        (" 1 ", "1 second"),
        ("0", "1 second"),
        ("", "a few minutes"),
        ("-5", "a few minutes"),
        ("٣", "a few minutes"),
        ("9" * 30, "a few minutes"),
        ("Fri, 31 Dec 1999 23:59:59 GMT", "a few minutes"),
    ],
)
def test_the_time_to_wait_is_the_servers_or_a_few_minutes(asked: str, wait: str) -> None:
    (item,) = judge(answered(429, retry_after=asked)).findings
    assert item.fix == f"Wait {wait}, then run the command again."


@pytest.mark.parametrize("status", [404, 302, 400])
def test_a_right_base_url_is_not_to_be_corrected(status: int) -> None:
    there = judge(answered(status, url=NGROK)).findings[0]
    elsewhere = judge(answered(status)).findings[0]
    assert "SCIM connector base URL" in elsewhere.fix
    assert "SCIM connector base URL" not in there.fix


def test_hostile_words_of_the_server_are_made_visible_and_bounded() -> None:
    detail = "\x1b[2J\u202e[red]" + "x" * 100_000
    (item,) = judge(answered(500, scim(detail))).findings
    assert "\x1b" not in item.evidence
    assert "\u202e" not in item.evidence
    assert len(item.evidence) < 300
