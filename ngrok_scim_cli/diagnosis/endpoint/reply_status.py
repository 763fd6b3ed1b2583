"""A reply with another status than 200: what the server means by it."""

import re
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, ErrorBody, excerpt, read_error
from ngrok_scim_cli.diagnosis.endpoint.reply_list import (
    CHOOSE_SCIM,
    SEND_TO_SUPPORT,
    is_at_ngroks_address,
)
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS, page_of

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.wire.exchange import Exchange, Reply

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_PROXY_AUTHENTICATION = 407
_TOO_MANY = 429
_REDIRECTS = range(300, 400)
_ERRORS = range(400, 600)
_SERVER_ERRORS = range(500, 600)

_CREDENTIAL_WORDS = re.compile(
    r"\b(?:credentials?|tokens?|api[ -]?keys?|bearer|authenticat\w+|unauthori[sz]ed)\b",
    re.IGNORECASE,
)
_ASK_THE_FIREWALL = (
    "Ask whoever runs the firewall in front of this server to let Okta's addresses in."
)
_ABOUT_THE_KEY = frozenset({"KEY207", "KEY208", "KEY214", "KEY215", "SCM501"})
_LONGEST_WAIT = len("86400")


def judge_status(exchange: "Exchange", reply: "Reply", key_name: str) -> "tuple[Finding, ...]":
    """Judge a reply whose status is not 200.

    What ngrok itself names by a code goes first, whatever the status: ngrok answers a refused key
    with 403 or 400 (https://ngrok.com/docs/errors). Without such a code, a 401 or 403 whose SCIM or
    ngrok error speaks of a credential is ``KEY214``; any other 401 is ``SCM501``, any other 403
    ``SCM502``.

    Args:
        exchange: the request.
        reply: its reply.
        key_name: how the key is called in the evidence; never the key.

    Returns:
        The root cause, and behind it ``SCM520`` where Okta cannot show the reason.
    """
    body = read_error(reply)
    known = NGROK_ERRORS.get(body.ngrok_code or 0)
    code = known.finding if known else _code_of(exchange, reply, body)
    root = finding(
        code,
        _evidence(reply, body, to=f" to {key_name}" if code in _ABOUT_THE_KEY else ""),
        fix=known.fix if known else _exact_fix(code, exchange, body),
        status=reply.status,
        wait=_wait(reply),
    )
    return (root,) if known else (root, *_hidden_reason(reply, body))


def _code_of(exchange: "Exchange", reply: "Reply", body: ErrorBody) -> str:
    status = reply.status
    if status in (_UNAUTHORIZED, _FORBIDDEN) and _names_a_credential(body):
        return "KEY214"
    if status == _FORBIDDEN:
        return "SCM502"
    if status == _PROXY_AUTHENTICATION and exchange.proxy:
        return "NET410"
    if status in _REDIRECTS:
        return "SCM504"
    if status in _SERVER_ERRORS:
        return "SCM506"
    by_status = {_UNAUTHORIZED: "SCM501", _NOT_FOUND: "SCM503", _TOO_MANY: "SCM505"}
    return by_status.get(status, "SCM507")


def _names_a_credential(body: ErrorBody) -> bool:
    is_spoken = body.kind in (BodyKind.SCIM_ERROR, BodyKind.NGROK_ERROR)
    return is_spoken and bool(_CREDENTIAL_WORDS.search(body.detail))


def _exact_fix(code: str, exchange: "Exchange", body: ErrorBody) -> str | None:
    if body.ngrok_code:
        return f"Read what ngrok says about this error: {page_of(body.ngrok_code)}."
    if code == "SCM502" and body.kind is BodyKind.WEB_PAGE:
        return _ASK_THE_FIREWALL
    if not is_at_ngroks_address(exchange.url):
        return None
    return {"SCM503": CHOOSE_SCIM, "SCM504": SEND_TO_SUPPORT, "SCM507": SEND_TO_SUPPORT}.get(code)


def _evidence(reply: "Reply", body: ErrorBody, *, to: str) -> str:
    """Return what was answered: status, code, words, and the id of the request."""
    code = f" (ERR_NGROK_{body.ngrok_code})" if body.ngrok_code else ""
    parts = [f"The server answered {reply.status}{code}{to}"]
    location = reply.header("location") if reply.status in _REDIRECTS else None
    if location:
        parts.append(f", with the address “{excerpt(re.split('[?#]', location)[0])}”")
    said = excerpt(body.detail).rstrip(".")
    if body.kind is BodyKind.WEB_PAGE:
        parts.append(f", with a web page “{said}”" if said else ", with a web page")
    elif said:
        parts.append(f": “{said}”")
    parts.append(".")
    if body.operation_id:
        parts.append(f" Operation ID: {body.operation_id}.")
    return "".join(parts)


def _wait(reply: "Reply") -> str:
    """Return how long the server asks to wait, in words (RFC 9110 section 10.2.3)."""
    asked = (reply.header("retry-after") or "").strip()
    if not (asked.isascii() and asked.isdigit()) or len(asked) > _LONGEST_WAIT:
        return "a few minutes"
    seconds = max(int(asked), 1)
    return "1 second" if seconds == 1 else f"{seconds} seconds"


def _hidden_reason(reply: "Reply", body: ErrorBody) -> "tuple[Finding, ...]":
    """Say that Okta hides the reason, where the server gives one that Okta cannot read."""
    if reply.status not in _ERRORS:
        return ()
    seen = {
        BodyKind.WEB_PAGE: "The error is a web page.",
        BodyKind.TEXT: "The error is plain text.",
        BodyKind.JSON: "The error is JSON, but not of the form that RFC 7644 gives.",
    }.get(body.kind)
    return (finding("SCM520", seen),) if seen else ()
