"""Faults that answer in the server's place: refusals, limits, outages, other servers."""

from collections.abc import Callable

from ngrok_scim_cli.sandbox.credentials import credential_of
from ngrok_scim_cli.sandbox.errors import ngrok_error, no_such_path
from ngrok_scim_cli.sandbox.faults.fault import (
    Call,
    Fault,
    on_api,
    on_lookup,
    on_new_key,
    on_new_service_user,
    on_ngrok,
)
from ngrok_scim_cli.sandbox.message import SCIM_MEDIA_TYPE, Answer

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

Answering = Callable[[Call], Answer]

# Text that would repaint a terminal, turn its direction, or pass for markup of ours.
HOSTILE = (
    "\x1b[2J\x1b[1;31mALL GOOD\x1b[0m \x1b]0;owned\x07\x1b]8;;https://evil.example\x07here"
    "\x1b]8;;\x07 \u202egpj.exe\u202c \u2066x\u2069 [bold red]markup[/] [link=https://evil.example]"
    "click[/link]\r\n::error::injected\n\x9b31m\u200b| `code` | <script>alert(1)</script>"
)


def scim_error(status: int, detail: str, scim_type: str | None = None) -> Answer:
    """Return an error in the words of RFC 7644 section 3.12."""
    document: dict[str, object] = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": str(status),
        "detail": detail,
    }
    if scim_type:
        document["scimType"] = scim_type
    return Answer.of(status, document, SCIM_MEDIA_TYPE)


def web_page(status: int, title: str) -> Answer:
    """Return a small web page."""
    page = (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n"
        f"<body><h1>{title}</h1><p>Reference 18.5f0c1402</p></body></html>\n"
    )
    return Answer(status, page.encode(), HTML)


def always(answer: Answer) -> Answering:
    """Answer so, whatever was asked."""
    return lambda call: answer  # noqa: ARG005 - as every answer


def ngrok(number: int | str, **slots: object) -> Answering:
    """Answer with one of ngrok's codes."""
    return lambda call: ngrok_error(call.request, number, **slots)


def _ngrok_with_credential(number: int) -> Answering:
    def refuse(call: Call) -> Answer:
        credential = (credential_of(call.request) or b"").decode("utf-8", "replace")
        return ngrok_error(call.request, number, credential=credential)

    return refuse


def rate_limited(call: Call) -> Answer:
    """Answer 429 with the fault's number of seconds to wait."""
    return scim_error(429, "Too many requests.").with_header("Retry-After", f"{call.value:g}")


_UNAUTHORIZED = Answer(401, b"Unauthorized\n", TEXT).with_header(
    "WWW-Authenticate", 'Bearer realm="SCIM"'
)

# fmt: off
FAULTS = (
    Fault(
        "forbidden-plain-text",
        "answers 403 in plain text, as a firewall in front of the server does",
        "SCM502 SCM520",
        strikes=always(
            Answer(403, b"error code: 1010", TEXT)
            .with_header("Server", "cloudflare")
            .with_header("CF-RAY", "8f2a1b3c4d5e6f70-FRA")
        ),
    ),
    Fault("forbidden-by-gateway", "answers 403 as an API gateway does that knows no such path",
        "SCM502 SCM520",
        strikes=always(Answer.of(403, {"message": "Missing Authentication Token"}))),
    Fault("provisioning-off", "answers 500, and its detail says that provisioning is switched off",
        "SCM506",
        strikes=always(scim_error(500, "Provisioning is not turned on for this account."))),
    Fault("access-token-without-scope",
        "says that the access token lacks a scope (ERR_NGROK_29001)", "NGR717",
        strikes=ngrok(29001, scope="scim:write")),
    Fault("api-token-without-scope",
        "says at ngrok's API that the access token lacks a scope (ERR_NGROK_29001)", "NGR717",
        on_api, ngrok(29001, scope="api_keys:read")),
    Fault("role-not-allowed",
        "refuses the role of a new Service User (ERR_NGROK_IAM_SERVICE_USER_ROLE_NOT_ALLOWED)", "",
        on_new_service_user, ngrok("IAM_SERVICE_USER_ROLE_NOT_ALLOWED", role="administrator")),
    Fault("role-not-allowed-for-scim",
        "refuses the role of the key's owner at the SCIM endpoint, with a code that is a word", "",
        strikes=ngrok("IAM_SERVICE_USER_ROLE_NOT_ALLOWED", role="administrator")),
    Fault("unauthorized", "answers 401 in plain text to every key", "SCM501 SCM520",
        strikes=always(_UNAUTHORIZED)),
    Fault("key-refused", "answers 401 with a SCIM error to every key", "KEY214",
        strikes=always(scim_error(401, "The access token is invalid or has expired."))),
    Fault("forbidden-web-page", "answers 403 with the web page of a firewall", "SCM502 SCM520",
        strikes=always(web_page(403, "Access Denied"))),
    Fault("forbidden-address",
        "ngrok's IP restrictions refuse this address at the SCIM endpoint (ERR_NGROK_220)",
        "NGR705", strikes=ngrok(220)),
    Fault("not-found", "answers 404 as if there were no SCIM at this path", "SCM503",
        strikes=lambda call: no_such_path(call.request)),
    Fault("redirect", "answers 302 to a page for signing in", "SCM504",
        strikes=always(Answer(302, media_type=None).with_header("Location", "/sign-in"))),
    Fault("rate-limited", "answers 429 with Retry-After", "SCM505", value=30,
        unit="seconds of Retry-After", strikes=rate_limited),
    Fault("rate-limited-silently", "answers 429 without saying how long to wait", "SCM505",
        strikes=always(scim_error(429, "Too many requests."))),
    Fault("server-error", "answers 500 with a SCIM error", "SCM506",
        strikes=always(scim_error(500, "Internal server error"))),
    Fault("bad-gateway-text", "answers 502 in plain text, as a gateway does", "SCM506 SCM520",
        strikes=always(Answer(502, b"Bad Gateway\n", TEXT))),
    Fault("error-without-scim", "answers 500 with JSON that is no SCIM error", "SCM506 SCM520",
        strikes=always(Answer.of(500, {"error": "internal", "message": "Something broke."}))),
    Fault("teapot", "answers 418, a status that SCIM does not know", "SCM507",
        strikes=always(scim_error(418, "I am a teapot."))),
    Fault("hostile-error",
        "answers 403 with a message full of escape sequences, markup and direction marks", "SCM502",
        strikes=always(scim_error(403, HOSTILE))),
    Fault("lookup-fails", "refuses every filter with 400", "SCM519", scope=on_lookup,
        strikes=always(scim_error(400, "Filtering is not supported.", "invalidFilter"))),
    Fault("authtoken-pasted", "takes the key for an authtoken (ERR_NGROK_206)", "KEY208",
        strikes=_ngrok_with_credential(206)),
    Fault(
        "header-unreadable",
        "cannot read the Authorization header (ERR_NGROK_201)",
        "KEY215",
        strikes=lambda call: ngrok_error(
            call.request,
            201,
            credential=(call.request.header("authorization") or b"").decode("utf-8", "replace"),
        ),
    ),
    Fault("owner-inactive", "says that the key's owner is inactive (ERR_NGROK_636)", "NGR703",
        strikes=ngrok(636)),
    Fault("owner-read-only", "says that the key's owner may not write (ERR_NGROK_635)", "NGR704",
        strikes=ngrok(635)),
    Fault("plan-without-scim", "says that the plan does not hold SCIM (ERR_NGROK_4012)", "NGR707",
        strikes=ngrok(4012)),
    Fault("account-suspended", "says everywhere that the account is suspended (ERR_NGROK_205)",
        "NGR708", scope=on_ngrok, strikes=ngrok(205)),
    Fault("account-barred", "says everywhere that the account may not use the API (ERR_NGROK_204)",
        "NGR708", scope=on_ngrok, strikes=ngrok(204)),
    Fault("billing-overdue", "says everywhere that a bill is unpaid (ERR_NGROK_247)", "NGR708",
        scope=on_ngrok, strikes=ngrok(247)),
    Fault("rate-limit-ngrok",
        "answers everywhere that the account's rate limit is reached (ERR_NGROK_226)", "NGR709",
        scope=on_ngrok, strikes=ngrok(226)),
    Fault("too-many-at-once",
        "answers everywhere that too many requests run at once (ERR_NGROK_225)", "NGR709",
        scope=on_ngrok, strikes=ngrok(225)),
    Fault("not-an-admin",
        "takes the admin key for a developer's: no Service User, no owner (ERR_NGROK_4111, 630)",
        "NGR710", scope=lambda request: on_new_service_user(request) or on_new_key(request),
        strikes=lambda call: ngrok_error(call.request, 630 if on_new_key(call.request) else 4111)),
    Fault("no-service-users-on-plan", "says that the plan has no Service Users (ERR_NGROK_4119)",
        "NGR707", scope=on_new_service_user, strikes=ngrok(4119)),
    Fault("key-limit", "says that the account has as many keys as it may (ERR_NGROK_603)", "NGR715",
        scope=on_new_key, strikes=ngrok(603, limit=25)),
    Fault("key-limit-per-interval",
        "says that too many keys were made in a short time (ERR_NGROK_614)", "NGR715",
        scope=on_new_key, strikes=ngrok(614)),
    Fault("admin-key-revoked", "refuses every key at ngrok's API (ERR_NGROK_203)", "NGR714",
        scope=on_api, strikes=_ngrok_with_credential(203)),
    Fault("admin-key-is-authtoken",
        "takes every key at ngrok's API for an authtoken (ERR_NGROK_207)", "NGR714", scope=on_api,
        strikes=_ngrok_with_credential(207)),
    Fault("api-forbidden-address",
        "ngrok's IP restrictions refuse this address at the API (ERR_NGROK_220)", "NGR705",
        scope=on_api, strikes=ngrok(220)),
    Fault("api-server-error", "answers 500 at ngrok's API, not in JSON", "SCM506", scope=on_api,
        strikes=always(Answer(500, b"internal server error\n", TEXT))),
)
# fmt: on
