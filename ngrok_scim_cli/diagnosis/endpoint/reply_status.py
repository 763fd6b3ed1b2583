"""Judges a reply whose status is not 200."""

import re
from dataclasses import replace
from http import HTTPStatus

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.blocker import Blocker, blocker_of
from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, ErrorBody, excerpt, read_error
from ngrok_scim_cli.diagnosis.endpoint.reply_list import (
    CHOOSE_SCIM,
    SEND_TO_SUPPORT,
    is_at_ngroks_address,
    is_ngroks,
    of_server,
)
from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, Subject
from ngrok_scim_cli.diagnosis.ngrok.error_codes import (
    NgrokError,
    error_of,
    error_said_in,
    page_of,
)
from ngrok_scim_cli.diagnosis.okta.fixes import SET_BASE_URL
from ngrok_scim_cli.diagnosis.okta.reasons import worded
from ngrok_scim_cli.diagnosis.okta.rows import SHARED, Row, first_fit
from ngrok_scim_cli.diagnosis.okta.server_details import DETAILS
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import words
from ngrok_scim_cli.wire.exchange import Exchange, Reply

_REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_REDIRECTS = range(300, 400)
_ERRORS = range(400, 600)
_SERVER_ERRORS = range(500, 600)

# The words of the status 401: they say nothing of the key.
_ONLY_UNAUTHORIZED = lazy_pattern(
    r"(?:full )?(?:authentication|authorization) (?:is )?required\b", re.IGNORECASE
)
# The request came without a credential, though one was sent.
_NO_CREDENTIAL = lazy_pattern(
    r"\b(?:credentials?|token|bearer|auth\w*(?: header)?)\b[^.]{0,20}\b(?:missing|not "
    r"(?:provided|supplied|found|present|sent|set))\b|\b(?:missing|no|without)\b[^.]{0,20}\b"
    r"(?:auth\w* (?:header|token|credentials?)|bearer|credentials?)\b|^missing authentication$|"
    r"\b(?:credentials?|token|bearer|auth\w* header)\b[^.]{0,20}\brequired\b",
    re.IGNORECASE,
)
# The header came, and could not be read.
_UNREADABLE = lazy_pattern(
    r"\b(?:bad|malformed|invalid|(?:could not|unable to|cannot|failed to) (?:parse|read))\b"
    r"[^.]{0,40}\bheader\b",
    re.IGNORECASE,
)
_DOUBTFUL = lazy_pattern(r"\b(?:(?:in)?valid|expired|wrong|bad|unsupported)\b", re.IGNORECASE)
# FastAPI says this where no credential came; in a SCIM error, it is said of a refused one too.
_NOT_AUTHENTICATED = "not authenticated"
# A key of the wrong scope may be answered with 401, too.
_SCOPE = lazy_pattern(r"\bscopes?\b", re.IGNORECASE)
# What a server says of the account, of the request and of the key (``okta.server_details``).
_OF_THE_ACCOUNT = frozenset(
    {"SCIM is not available on your plan", "SSO is not configured", "Provisioning is not turned on"}
    | {"The maximum number of seats is reached", "The workspace is suspended"}
)
_OF_THE_REQUEST = frozenset({"Insufficient permission", "IP address not allowed"})
_OF_THE_KEY = "Invalid token"
_OF_THE_PATH = "Cannot GET /scim/v2/Users"
_MAY_SAY_WHY = frozenset({"SCM501", "SCM502", "SCM503", "SCM506", "SCM507"})
# Their titles speak of the key and of the address, which are not the cause then.
_TITLED_BY_THE_REASON = frozenset({"SCM501", "SCM503"})
_PAY = "The server asks for payment: the plan may have ended, or may not include SCIM."
_MEDIA_TYPE_REFUSED = (406, 415)
_NO_SCIM_JSON = (
    "Okta asks for `application/scim+json` in the Accept header. Probably the server, or a proxy "
    "in front of it, does not allow this media type."
)
_ALLOW_SCIM_JSON = (
    "Ask the administrator of the server to allow `application/scim+json` in the Accept header."
)
_OTHER_PATH = "The path of the base URL names something that the server does not know."
_CHANGE_THERE = "Change what the server names in its own settings, then test again."
_NOT_PASSED_ON = (
    "The key was sent, but the server says that none came. Probably a proxy or gateway in front "
    "of it removes the Authorization header."
)
_ASK_THE_PROXY = (
    "Ask the administrator of the server whether a proxy in front of it removes the Authorization "
    "header."
)

FOLLOW_THE_FIRST = "Follow the first finding here, not the message that Okta shows."
_ABOUT_THE_KEY = frozenset({"KEY207", "KEY208", "KEY214", "KEY215", "SCM501"})
# Findings whose own words say all that ngrok's code does.
_SAY_IT_THEMSELVES = frozenset(
    {"KEY207", "KEY208", "KEY214", "KEY215", "NGR705", "NGR708", "NGR709"}
)
_BY_STATUS = {401: "SCM501", 403: "SCM502", 404: "SCM503", 429: "SCM505"}
# What helps at the very address that ngrok's guide gives.
_AT_NGROK = {"SCM503": CHOOSE_SCIM, "SCM504": SEND_TO_SUPPORT, "SCM507": SEND_TO_SUPPORT}
# Where the server gives a reason that Okta cannot read.
_HIDDEN = {
    BodyKind.WEB_PAGE: "The error is a web page.",
    BodyKind.TEXT: "The error is plain text.",
    BodyKind.JSON: "The error is JSON, but not in the format of SCIM (RFC 7644).",
}
_LONGEST_WAIT = len("86400")


rule: Rules[None] = Rules(Subject.RESPONSE, fix=SET_BASE_URL)
rule.describe("""
SCM501 documented
The server does not accept the API key (401)
The key was revoked, has expired, was not copied whole, or belongs to another server.
Copy the key again from where it is kept and run `ngrok-scim test-connect`. If it is refused again,
    run `ngrok-scim api-key rotate`.

SCM502 unknown
The server forbids the request (403)
The reply does not say that the key is wrong, nor why the request is refused. An IP restriction, a
    firewall or a plan without SCIM can be the cause.
Check at https://dashboard.ngrok.com/ip-restrictions whether any restriction is in force. If none
    is, that is not the cause: send this evidence to support@ngrok.com.

SCM503
There is no SCIM endpoint at this address (404)
The path of the base URL is wrong. Usually /scim/v2 is missing, or something follows it.

SCM504
The server redirects to another address ({status})
The base URL is not the final address. ngrok-scim never sends a key on to another address, and it is
    not known whether Okta follows redirects.
{status}: 3xx

SCM505 documented
The server rate limits requests (429)
Too many requests came in a short time. When provisioning, Okta waits as long as the server says, or
    five minutes, doubles that each time, and gives up after ten attempts.
Wait {wait}, then run the command again.
{wait}: a few minutes

SCM506
The server failed ({status})
The fault is on the server, or on a gateway in front of it, and not in your values.
Run the command again in a few minutes. If it still fails, check https://status.ngrok.com/.
{status}: 5xx

SCM507
Okta cannot use the status of the reply ({status})
Okta needs status 200 and a list of users.
{status}: another status
""")
rule.describe(f"""
SCM520 warning observed
Okta cannot show the reason of this error
The error is not in SCIM format, so Okta's message hides the reason. For a web page or plain text
    Okta shows "Invalid JSON".
{FOLLOW_THE_FIRST}
""")
ENTRIES = rule.entries


def judge_status(
    exchange: Exchange, reply: Reply, key_name: str, named_status: int | None = None
) -> tuple[tuple[Finding, ...], bool | None]:
    """Judge a reply that is an error: the root cause, and ``SCM520`` if Okta hides it.

    A code of ngrok's goes first, whatever the status: ngrok answers a refused key with 403 or 400
    (https://ngrok.com/docs/errors). Without one, a 401 or 403 whose JSON error speaks of a
    credential is ``KEY214``, and one that misses it ``KEY215``; any other 401 is ``SCM501``, any
    other 403 ``SCM502``. A code that is not known says nothing of the key. What the server says to
    be missing is the cause.

    Args:
        named_status: the status that the body names, where it is another than that of the reply.

    Returns:
        The findings, and whether Okta accepts the reply: ``None`` where something on this network
        answered.
    """
    body = read_error(reply)
    known = known_error(body)
    blocker = None if known else blocker_of(exchange, reply, body)
    status = named_status or reply.status
    code = known.finding if known else _code_of(exchange, status, body, blocker)
    to = f" to {key_name}" if code in _ABOUT_THE_KEY else ""
    evidence = _evidence(reply, body, named_status, to)
    fix = _AT_NGROK.get(code) if is_at_ngroks_address(exchange.url) else None
    root = finding(
        code, evidence, fix=known.fix if known else fix, status=status, wait=_wait(reply)
    )
    if known:
        if code not in _SAY_IT_THEMSELVES:
            root = replace(root, title=known.meaning.rstrip("."), cause=known.cause)
        return (root,), False
    if body.ngrok_code:
        root = replace(
            root,
            title=f"ngrok refuses the request ({reply.status})",
            cause="ngrok names an error code that ngrok-scim does not know.",
            fix=f"Read what ngrok says about this error: {page_of(body.ngrok_code)}.",
        )
    else:
        root = _with_the_cause(root, exchange, reply, body, blocker)
    hidden = _HIDDEN.get(body.kind) if reply.status in _ERRORS else None
    accepts = None if code == "NET410" or (blocker and blocker.is_local) else False
    return ((root, finding("SCM520", hidden)) if hidden else (root,)), accepts


def known_error(body: ErrorBody) -> NgrokError | None:
    """Return ngrok's error that ``body`` names, by its code or else by its message."""
    if body.ngrok_code:
        return error_of(body.ngrok_code)
    is_spoken = body.kind in (BodyKind.SCIM_ERROR, BodyKind.NGROK_ERROR)
    return error_said_in(body.detail) if is_spoken else None


def _with_the_cause(
    root: Finding, exchange: Exchange, reply: Reply, body: ErrorBody, blocker: Blocker | None
) -> Finding:
    """Return ``root`` with the cause that the reply itself names."""
    at_ngrok = is_ngroks(exchange.url)
    row = first_fit(DETAILS, words(body.words)) if root.code in _MAY_SAY_WHY else None
    of_account = row is not None and row.sentence in _OF_THE_ACCOUNT
    if blocker and not of_account:
        return blocker.explains(root, reply)
    root = of_server(root, exchange.url)
    title = cause = fix = ""
    if root.code == "KEY215" and _misses_the_credential(body):
        cause, fix = _NOT_PASSED_ON, _ASK_THE_PROXY
    elif row and row.sentence == _OF_THE_PATH and root.code != "SCM503":
        title = "The server does not know the path of the base URL"
        cause, fix = _OTHER_PATH, SET_BASE_URL
    elif row and (of_account or _is_of_the_request(root, row, body)):
        title = row.title.removesuffix(" for this person")
        cause = f"The server says: “{excerpt(body.detail).rstrip('.')}”."
        fix = worded(row.causes[0]).fix if at_ngrok else _CHANGE_THERE
        if root.code not in _TITLED_BY_THE_REASON:
            cause = f"{title}. {cause}"
    elif reply.status == HTTPStatus.PAYMENT_REQUIRED:
        cause, fix = _PAY, SHARED["PLAN_WITHOUT_SCIM"][0].fix if at_ngrok else _CHANGE_THERE
    elif reply.status in _MEDIA_TYPE_REFUSED:
        cause = _NO_SCIM_JSON
        fix = root.fix if is_at_ngroks_address(exchange.url) else _ALLOW_SCIM_JSON
    if title and root.code in _TITLED_BY_THE_REASON:
        root = replace(root, title=f"{title} ({reply.status})")
    return replace(root, cause=cause, fix=fix, certainty=Certainty.INFERRED) if cause else root


def _is_of_the_request(root: Finding, row: Row, body: ErrorBody) -> bool:
    """Tell whether ``row`` says what the key may not do; of a 401, a scope alone proves it."""
    is_proven = root.code == "SCM502" or (root.code == "SCM501" and _SCOPE.search(body.words))
    return bool(is_proven) and row.sentence in _OF_THE_REQUEST


def _code_of(exchange: Exchange, status: int, body: ErrorBody, blocker: Blocker | None) -> str:
    if status in _REFUSALS and blocker is None and not body.ngrok_code:
        if _misses_the_credential(body) or _UNREADABLE.search(body.words):
            return "KEY215"
        if status != HTTPStatus.BAD_REQUEST and _names_a_credential(body):
            return "KEY214"
    is_of_proxy = exchange.proxy and status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
    if is_of_proxy and not body.ngrok_code:
        return "NET410"
    if status == HTTPStatus.UNAUTHORIZED and body.ngrok_code:
        return "SCM502"
    default = "SCM504" if status in _REDIRECTS else "SCM507"
    return _BY_STATUS.get(status, "SCM506" if status in _SERVER_ERRORS else default)


def _misses_the_credential(body: ErrorBody) -> bool:
    says_so = _NO_CREDENTIAL.search(body.words) and not _DOUBTFUL.search(body.words)
    if body.kind is not BodyKind.SCIM_ERROR:
        says_so = says_so or body.words.lower().startswith(_NOT_AUTHENTICATED)
    return body.kind is not BodyKind.WEB_PAGE and bool(says_so)


def _names_a_credential(body: ErrorBody) -> bool:
    # A single word of other JSON, such as "unauthorized", only repeats the status.
    is_spoken = body.kind in (BodyKind.SCIM_ERROR, BodyKind.NGROK_ERROR) or (
        body.kind is BodyKind.JSON and " " in body.detail
    )
    is_spoken = is_spoken and not _ONLY_UNAUTHORIZED.match(body.words)
    row = first_fit(DETAILS, words(body.words)) if is_spoken else None
    return row is not None and row.sentence == _OF_THE_KEY


def _evidence(reply: Reply, body: ErrorBody, named_status: int | None, to: str) -> str:
    """Return what was answered: status, code, words, and the id of the request."""
    code = f" (ERR_NGROK_{body.ngrok_code})" if body.ngrok_code else ""
    parts = [f"The server answered {reply.status}{code}{to}"]
    if named_status:
        parts.append(f" with an error that says {named_status}")
    location = reply.header("location") if reply.status in _REDIRECTS else None
    if location:
        parts.append(f" and redirected to “{excerpt(re.split('[?#]', location)[0])}”")
    said = excerpt(body.detail).rstrip(".")
    if body.kind is BodyKind.WEB_PAGE:
        parts.append(f", with a web page “{said}”" if said else ", with a web page")
    elif said:
        parts.append(f": “{said}”")
    parts.append(".")
    if body.operation_id:
        parts.append(f" Operation ID: {body.operation_id}.")
    return "".join(parts)


def _wait(reply: Reply) -> str:
    """Return how long the server asks to wait, in words (RFC 9110 section 10.2.3)."""
    asked = (reply.header("retry-after") or "").strip()
    is_a_number = asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST_WAIT
    return counted(max(int(asked), 1), "second") if is_a_number else "a few minutes"
