"""Faults that answer instead of the server, or break the connection."""

from collections.abc import Callable
from dataclasses import replace

from ngrok_scim_cli.sandbox.errors import no_such_path
from ngrok_scim_cli.sandbox.faults.fault import (
    HOSTILE,
    LOOK_UPS,
    NEW_KEYS,
    NEW_SERVICE_USERS,
    TEXT,
    TO_API,
    TO_NGROK,
    TO_SCIM,
    Fault,
    FaultContext,
    Handler,
    always,
    late,
    ngrok,
    rate_limited,
    refused,
    web_page,
)
from ngrok_scim_cli.sandbox.message import Answer, Connection


def _in_drips(context: FaultContext) -> Answer:
    def send(connection: Connection, reply: bytes) -> None:
        for position in range(len(reply)):
            connection.write(reply[position : position + 1])
            if not connection.pause(context.value):
                return

    return replace(context.answer(), send=send)


def _half(context: FaultContext) -> Answer:
    def send(connection: Connection, reply: bytes) -> None:
        connection.write(reply[: -len(reply) // 4])

    return replace(context.answer(), send=send)


def _silent(send: Callable[[Connection, bytes], object]) -> Handler:
    """Do what was asked, and send no answer."""
    return lambda context: replace(context.answer(), send=send, silent=True)


_hangs_up = _silent(lambda _, __: None)

# fmt: off
# Name, summary, codes, scope, and the number of ngrok's error with its slots.
_NGROK: tuple[tuple[str, str, str, str, int, dict[str, object]], ...] = (
    ("access-token-without-scope", "says that the access token lacks a scope", "NGR717", TO_SCIM,
        29001, {"scope": "scim:write"}),
    ("api-token-without-scope", "says at ngrok's API that the access token lacks a scope", "NGR717",
        TO_API, 29001, {"scope": "api_keys:read"}),
    ("forbidden-address", "ngrok's IP restrictions refuse this address at the SCIM endpoint",
        "NGR705", TO_SCIM, 220, {}),
    ("authtoken-pasted", "takes the key for an authtoken", "KEY208", TO_SCIM, 206, {}),
    ("header-unreadable", "cannot read the Authorization header", "KEY215", TO_SCIM, 201, {}),
    ("owner-inactive", "says that the key's owner is inactive", "NGR703", TO_SCIM, 636, {}),
    ("owner-read-only", "says that the key's owner may not write", "NGR704", TO_SCIM, 635, {}),
    ("plan-without-scim", "says that the plan does not hold SCIM", "NGR707", TO_SCIM, 4012, {}),
    ("account-suspended", "says everywhere that the account is suspended", "NGR708", TO_NGROK,
        205, {}),
    ("rate-limit-ngrok", "answers everywhere that the account's rate limit is reached", "NGR709",
        TO_NGROK, 226, {}),
    ("no-service-users-on-plan", "says that the plan has no Service Users", "NGR707",
        NEW_SERVICE_USERS, 4119, {}),
    ("key-limit", "says that the account has as many keys as it may", "NGR715", NEW_KEYS,
        603, {"limit": 25}),
    ("key-limit-per-interval", "says that too many keys were made in a short time", "NGR715",
        NEW_KEYS, 614, {}),
    ("admin-key-revoked", "refuses every key at ngrok's API", "NGR714", TO_API, 203, {}),
    ("api-forbidden-address", "ngrok's IP restrictions refuse this address at the API", "NGR705",
        TO_API, 220, {}),
)

FAULTS = (
    *(
        Fault(name, f"{summary} (ERR_NGROK_{number})", found, scope, ngrok(number, **slots))
        for name, summary, found, scope, number, slots in _NGROK
    ),
    Fault("not-an-admin",
        "takes the admin key for a developer's: no Service User, no owner (ERR_NGROK_4111, 630)",
        "NGR710", rf"{NEW_SERVICE_USERS}|{NEW_KEYS}",
        lambda context: ngrok(630 if context.request.path == "/api_keys" else 4111)(context)),
    Fault("unauthorized", "answers 401 in plain text to every key", "SCM501 SCM520",
        handler=always(
            Answer(401, b"Unauthorized\n", TEXT)
            .with_header("WWW-Authenticate", 'Bearer realm="SCIM"'))),
    Fault("key-refused", "answers 401 with a SCIM error to every key", "KEY214",
        handler=refused(401, "The access token is invalid or has expired.")),
    Fault("forbidden-web-page", "answers 403 with the web page of a firewall", "SCM502 SCM520",
        handler=always(web_page(403, "Access Denied"))),
    Fault("not-found", "answers 404 as if there were no SCIM at this path", "SCM503",
        handler=lambda context: no_such_path(context.request)),
    Fault("redirect", "answers 302 to a page for signing in", "SCM504",
        handler=always(Answer(302, media_type=None).with_header("Location", "/sign-in"))),
    Fault("rate-limited", "answers 429 with Retry-After", "SCM505", handler=rate_limited, value=30,
        unit="seconds of Retry-After"),
    Fault("rate-limited-silently", "answers 429 without saying how long to wait", "SCM505",
        handler=refused(429, "Too many requests.")),
    Fault("server-error", "answers 500 with a SCIM error", "SCM506",
        handler=refused(500, "Internal server error")),
    Fault("bad-gateway-text", "answers 502 in plain text, as a gateway does", "SCM506 SCM520",
        handler=always(Answer(502, b"Bad Gateway\n", TEXT))),
    Fault("error-without-scim", "answers 500 with JSON that is not a SCIM error", "SCM506 SCM520",
        handler=always(Answer.of(500, {"error": "internal", "message": "Something broke."}))),
    Fault("teapot", "answers 418, a status that SCIM does not know", "SCM507",
        handler=refused(418, "I am a teapot.")),
    Fault("hostile-error",
        "answers 403 with a message full of escape sequences, markup and direction marks", "SCM502",
        handler=refused(403, HOSTILE)),
    Fault("lookup-fails", "refuses every filter with 400", "SCM519", LOOK_UPS,
        refused(400, "Filtering is not supported.", "invalidFilter")),
    Fault("api-server-error", "answers 500 at ngrok's API, not in JSON", "SCM506", TO_API,
        always(Answer(500, b"internal server error\n", TEXT))),
    Fault("slow", "answers late", "SCM516", handler=late, value=12, unit="seconds"),
    Fault("slow-drip", "sends its answer byte by byte", "NET408", handler=_in_drips, value=1,
        unit="seconds between two bytes"),
    Fault("never-answers", "takes the request and never answers", "NET408",
        handler=_silent(lambda connection, _: connection.pause(None))),
    Fault("drops-connection", "hangs up instead of answering", "NET409", handler=_hangs_up),
    Fault("drops-mid-answer", "hangs up in the middle of its answer", "NET409", handler=_half),
    Fault("speaks-no-http", "answers with the greeting of an SSH server", "NET409",
        handler=_silent(lambda connection, _: connection.write(b"SSH-2.0-OpenSSH_9.7\r\n"))),
    Fault("drops-after-create", "makes the key, then hangs up before the answer", "NGR712",
        NEW_KEYS, _hangs_up),
)
# fmt: on
