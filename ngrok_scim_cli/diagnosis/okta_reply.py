"""What Okta's Management API answered (https://developer.okta.com/docs/reference/error-codes/)."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.error_body import (
    BodyKind,
    NotJsonError,
    excerpt,
    read_error,
    read_json,
    text_of,
)
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.hosts import is_okta_host
from ngrok_scim_cli.diagnosis.people import mapping, text
from ngrok_scim_cli.diagnosis.reply_failure import host_of, judge_failure
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply

_SUCCESS = range(200, 300)
_REDIRECTS = range(300, 400)
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_TOO_MANY = 429

_ERROR_CODE = re.compile(r"E\d{7}")

# What a request reads, by the beginning of its path: for a person, and as OAuth scope
# (https://developer.okta.com/docs/api/oauth2/).
_RIGHTS = (
    ("/api/v1/apps", "apps and their assignments", "okta.apps.read"),
    ("/api/v1/logs", "the System Log", "okta.logs.read"),
    ("/api/v1/mappings", "profile mappings", "okta.profileMappings.read"),
    ("/api/v1/users", "people", "okta.users.read"),
)


@dataclass(frozen=True, slots=True)
class OktaError:
    """What Okta says with an error.

    Attributes:
        status: the HTTP status.
        code: Okta's own code (``E0000011``); empty where the body has none.
        summary: Okta's sentence, safe to show; may be empty.
    """

    status: int
    code: str = ""
    summary: str = ""

    def __str__(self) -> str:
        """Return it as evidence: status, code and words."""
        code = f" ({self.code})" if self.code else ""
        said = f": “{self.summary.rstrip('.')}”" if self.summary else ""
        return f"Okta answered {self.status}{code}{said}."


def read_okta_error(reply: Reply) -> OktaError:
    """Read what Okta says in an error reply; of a web page, its title.

    Okta's error object holds ``errorCode``, ``errorSummary`` and ``errorCauses``, whose first
    summary is more exact than the error's own.
    """
    try:
        document = mapping(read_json(text_of(reply)))
    except NotJsonError:
        body = read_error(reply)
        return OktaError(reply.status, summary=excerpt(body.detail))
    code = text(document.get("errorCode"))
    causes = document.get("errorCauses")
    first = mapping(causes[0]) if isinstance(causes, list) and causes else {}
    said = [text(item.get("errorSummary")).rstrip(". ") for item in (document, first)]
    summary = excerpt(": ".join(dict.fromkeys(part for part in said if part)))
    return OktaError(reply.status, code if _ERROR_CODE.fullmatch(code) else "", summary)


def judge_okta(exchange: Exchange) -> tuple[Finding, ...]:
    """Return what is wrong with the org's address, the token or the way to Okta.

    ``OKT901``: what answers is no Okta org. ``OKT902``: Okta refuses the token (401), or it may not
    read what was asked for (403). A ``NET`` finding: no reply came.

    A 404 is the caller's to judge: it knows what is not there. So is whatever says nothing about
    these three (400, 429, 5xx): ``why_untold`` gives the reason for which a check is skipped.

    Args:
        exchange: a request to the org and what came of it.
    """
    if exchange.reply is None:
        return _judge_failure(exchange, exchange.failure) if exchange.failure else ()
    reply, error = exchange.reply, read_okta_error(exchange.reply)
    if reply.status in _SUCCESS:
        return () if _is_json(reply) else (_no_org(exchange, reply, error),)
    if reply.status in (_UNAUTHORIZED, _FORBIDDEN) and _is_from_okta(exchange, reply, error):
        return (_refused(exchange, error),)
    return ()


def why_untold(exchange: Exchange) -> str:
    """Say in one sentence why a request to Okta tells nothing; empty where it brought JSON."""
    reply, failure = exchange.reply, exchange.failure
    if reply is None:
        detail = excerpt(failure.detail).rstrip(".") if failure else "no reply came"
        return f"Okta was not reached: {detail}."
    if reply.status in _SUCCESS and _is_json(reply):
        return ""
    error = read_okta_error(reply)
    if reply.status == _TOO_MANY:
        return f"{error} Okta takes no more requests of this token for a while."
    return str(error)


def _refused(exchange: Exchange, error: OktaError) -> Finding:
    if error.status == _UNAUTHORIZED:
        return finding("OKT902", str(error))
    path = urlsplit(exchange.url).path
    for start, what, scope in _RIGHTS:
        if path.startswith(start):
            fix = (
                f"Let the owner of the token read {what}: in Okta, give them the role "
                f'"Read-only Administrator"; an OAuth token needs the scope `{scope}`.'
            )
            return finding("OKT902", f"{error} The request was for {what}.", fix=fix)
    return finding("OKT902", str(error))


def _no_org(exchange: Exchange, reply: Reply, error: OktaError) -> Finding:
    return finding("OKT901", str(error))


def _is_json(reply: Reply) -> bool:
    try:
        read_json(text_of(reply))
    except NotJsonError:
        return False
    return True


def _is_from_okta(exchange: Exchange, reply: Reply, error: OktaError) -> bool:
    return bool(error.code) or is_okta_host(host_of(exchange.url))


def _judge_failure(exchange: Exchange, failure: Failure) -> tuple[Finding, ...]:
    return (judge_failure(exchange, failure)[0],)
