"""What Okta's Management API answered (https://developer.okta.com/docs/reference/error-codes/)."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt, read_error, text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_failure import judge_failure, port_of
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.hosts import host_of, is_loopback, is_okta_host
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import as_list, as_object, as_text, json_object, json_value
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from ngrok_scim_cli.wire.okta_scopes import APPS, READS, ROLE, TOKEN_PATH, scope_of, token_purpose

_REDIRECTS = range(300, 400)
_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# What says that no org answers here, unless Okta's own error comes with it.
_OF_NO_ORG = (*_REFUSALS, 404, 405, 410)

_ERROR_CODE = re.compile(r"E\d{7}")
_SCOPE_MISSING = "insufficient_scope"
_SECONDS = re.compile(r"\d{1,11}", re.ASCII)
# What Okta's token endpoint answers (RFC 6749 section 5.2), and what to do about it.
_SCOPE_REFUSED = frozenset({"invalid_scope", "consent_required"})
_TOKEN_ERRORS = {
    "invalid_client": "In Okta, open the service app, and compare **Client ID** with "
    "OKTA_CLIENT_CLIENTID and **PUBLIC KEYS** with the private key.",
    "invalid_dpop_proof": "In Okta, open the service app, and clear **Require Demonstrating Proof "
    "of Possession (DPoP) header in token requests** under **General**.",
}
_COMPARE = "In Okta, open the service app, and compare it with the OKTA_CLIENT_… values."

_ELSEWHERE = (
    "Run the command again from another network. On this one, another device replies "
    "instead of Okta."
)
_LATER = "Run the command again in a few minutes; if it fails again, see https://status.okta.com."
_FIREWALL = (
    "Ask the administrator of your firewall to allow this machine to reach {host} on port {port}."
)
_IS_IT_RUNNING = "Check that the server at {host}:{port} is running."
_FIXES = {
    "NET401": "Compare the host with the address of your Okta sign-in page.",
    "NET402": _FIREWALL,
    "NET403": _FIREWALL,
    "NET404": "Add the certificate authority of your network with `--ca-bundle PATH`.",
    "NET405": _ELSEWHERE,
    "NET406": "Correct the date and time of this machine.",
    "NET407": _ELSEWHERE,
    "NET408": _LATER,
    "NET409": _LATER,
    "NET410": "Ask the administrator of the proxy to allow this machine to reach {host}:{port}.",
}
_CAUSE = (
    "The connection from this machine to the Okta org failed. It says nothing about ngrok, or "
    "about how Okta reaches ngrok."
)


@dataclass(frozen=True, slots=True)
class OktaError:
    """What Okta says with an error."""

    status: int
    code: str = ""
    summary: str = ""

    def __str__(self) -> str:
        """Return it as evidence: status, code and words."""
        code = f" ({self.code})" if self.code else ""
        said = f": “{self.summary.rstrip('.')}”" if self.summary else ""
        return f"Okta replied {self.status}{code}{said}."


def read_okta_error(reply: Reply) -> OktaError:
    """Read what an error reply says, whatever its bytes.

    Okta's error object has ``errorCode``, ``errorSummary`` and ``errorCauses``; the first of the
    causes is more exact than the summary. An OAuth token that is refused brings an empty body and
    the reason in ``WWW-Authenticate`` (RFC 6750 section 3).
    """
    document = document_of(reply)
    code = as_text(document.get("errorCode"))
    first = as_object(next(iter(as_list(document.get("errorCauses"))), None))
    said = [as_text(item.get("errorSummary")).strip(" .") for item in (document, first)]
    summary = excerpt(": ".join(dict.fromkeys(filter(None, said))))
    if not summary and not reply.body:
        summary = excerpt(reply.header("www-authenticate") or "")
    if not summary:
        summary = excerpt(read_error(reply).detail)
    return OktaError(reply.status, code if _ERROR_CODE.fullmatch(code) else "", summary)


def document_of(reply: Reply) -> dict[str, object]:
    """Return the JSON object of a reply; an empty one where there is none."""
    return json_object(text_of(reply))


def judge_okta(exchange: Exchange) -> tuple[Finding, ...]:
    """Return what is wrong with the org's address, its token, or the way to it.

    ``OKT901``: what answers is no Okta org. ``OKT902``: Okta refuses the token (401), or its owner
    may not even read apps (403). ``NET…``: no reply came.

    Whatever says nothing about these three has no finding: an object that is not there (404),
    which the caller judges, what Okta may not do just now (429, 5xx), and another right that is
    missing (``missing_right``), which costs one check. ``why_no_answer`` then gives the reason for
    which a check is skipped.
    """
    reply = exchange.reply
    if reply is None:
        return _judge_failure(exchange, exchange.failure) if exchange.failure else ()
    if not why_no_answer(exchange) or reply.truncated:
        return ()
    if (right := missing_right(exchange)) is not None:
        return () if right.scope != APPS else (finding("OKT902", right.seen, fix=right.fix),)
    return _judge_refusal(exchange, reply)


def _judge_refusal(exchange: Exchange, reply: Reply) -> tuple[Finding, ...]:
    error = read_okta_error(reply)
    if reply.is_success or reply.status in _REDIRECTS:
        return (_no_org(exchange, reply, error),)
    if refusal := _token_error(exchange, reply):
        fix = _TOKEN_ERRORS.get(refusal, _COMPARE)
        return (finding("OKT902", f"{error} ({refusal})", fix=fix),)
    if not _is_from_okta(exchange, reply, error):
        return (_no_org(exchange, reply, error),) if reply.status in _OF_NO_ORG else ()
    if reply.status in _REFUSALS:
        return (finding("OKT902", str(error)),)
    return ()


class _MissingRight(NamedTuple):
    """A right that the token or its owner lacks: its OAuth scope, what was seen, and the fix."""

    scope: str
    seen: str
    fix: str


def missing_right(exchange: Exchange) -> _MissingRight | None:
    """Return the right for whose lack Okta refused a request; ``None`` where that is not why."""
    reply, failure, scope = exchange.reply, exchange.failure, scope_of(exchange)
    if scope not in READS:
        return None
    is_for_a_token = exchange.purpose == token_purpose(scope)
    if is_for_a_token and failure and failure.kind is FailureKind.WITHHELD:
        fix = f"Add the scope `{scope}` to OKTA_CLIENT_SCOPES."
        return _MissingRight(scope, failure.detail, fix)
    if reply is None:
        return None
    error = read_okta_error(reply)
    lacks_scope = _SCOPE_MISSING in _challenge(reply) or (
        _token_error(exchange, reply) in _SCOPE_REFUSED
    )
    is_refused = reply.status == HTTPStatus.FORBIDDEN and _is_from_okta(exchange, reply, error)
    if not lacks_scope and not (is_refused and error.code in {"", "E0000006"}):
        return None
    # Without that of the apps nothing else is asked, so which others are missing is not known.
    scopes = ", ".join(f"`{name}`" for name in (READS if scope == APPS else (scope,)))
    fix = (
        f"In Okta, open the service app, and grant {scopes} under **Okta API Scopes**."
        if lacks_scope
        else f"In Okta, give the owner of the token the role “{ROLE}”."
    )
    seen = (
        f"{error} The request was for {READS[scope][1]}, which takes the role “{ROLE}”, and of a "
        f"service app the scope `{scope}` besides."
    )
    return _MissingRight(scope, seen, fix)


def _token_error(exchange: Exchange, reply: Reply) -> str:
    """Return the error code of Okta's token endpoint; empty where something else was asked."""
    if urlsplit(exchange.url).path != TOKEN_PATH:
        return ""
    return excerpt(as_text(document_of(reply).get("error")), 60)


def why_no_answer(exchange: Exchange) -> str:
    """Say in one sentence why a request to Okta tells nothing; empty where it brought JSON."""
    reply = exchange.reply
    if reply is None:
        return _why_no_reply(exchange.failure)
    if reply.truncated:
        return "Okta's reply was too long to read."
    if reply.is_success:
        is_json = isinstance(json_value(text_of(reply)), (dict, list))
        return "" if is_json else "The reply does not come from Okta's API."
    if (right := missing_right(exchange)) is not None:
        return f"{right.seen} {right.fix}"
    limit = ""
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:  # ``X-Rate-Limit-Reset`` is in seconds, UTC
        asked = (reply.header("x-rate-limit-reset") or "").strip()
        until = "for a minute or so"
        if _SECONDS.fullmatch(asked):
            until = f"until {datetime.fromtimestamp(int(asked), UTC):%H:%M:%S} UTC"
        limit = f" It rate limits this token {until}."
    return f"{read_okta_error(reply)}{limit}"


def _why_no_reply(failure: Failure | None) -> str:
    detail = excerpt(failure.detail).rstrip(".") if failure else ""
    if failure and failure.kind is FailureKind.WITHHELD:
        return f"{detail}."
    return f"Okta did not reply: {detail}." if detail else "Okta did not reply."


def _judge_failure(exchange: Exchange, failure: Failure) -> tuple[Finding, ...]:
    if failure.kind is FailureKind.WITHHELD:
        # The org's address was judged before anything was sent; this is a list of Okta's that
        # leads elsewhere, or has no end.
        return ()
    found, _ = judge_failure(exchange, failure)
    host = host_of(exchange.url)
    fix = _FIXES[found.code]
    fix = _IS_IT_RUNNING if fix is _FIREWALL and is_loopback(host) else fix
    fix = fix.format(host=excerpt(host, 100) or "the org", port=port_of(exchange.url))
    return (replace(found, cause=_CAUSE, fix=fix),)


def _no_org(exchange: Exchange, reply: Reply, error: OktaError) -> Finding:
    host = excerpt(host_of(exchange.url), 100)
    if reply.status in _REDIRECTS:
        location = excerpt(re.split("[?#]", reply.header("location") or "")[0])
        to = f" and leads to “{location}”" if location else ""
        return finding("OKT901", f"{host} replied {reply.status}{to}. Okta's API does not do that.")
    said = f": “{error.summary.rstrip('.')}”" if error.summary else ""
    seen = f"{host} replied {reply.status}, not in the way that Okta's API does{said}."
    return finding("OKT901", seen)


def _is_from_okta(exchange: Exchange, reply: Reply, error: OktaError) -> bool:
    """Tell whether Okta itself sent an error: it has Okta's form, or is a refusal at its address.

    Where no org has the name that was asked for, Okta answers with a web page.
    """
    if error.code:
        return True
    if reply.status in _REFUSALS:
        return is_okta_host(host_of(exchange.url)) or "bearer" in _challenge(reply)
    return False


def _challenge(reply: Reply) -> str:
    return (reply.header("www-authenticate") or "").lower()
