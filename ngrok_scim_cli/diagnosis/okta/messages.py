"""What Okta would show: its own sentence for what was seen, and how surely that is known.

How the sentence is built: ``Error authenticating: `` + a reason + a fixed tail, which is Okta's
error E0000059 (https://developer.okta.com/docs/reference/error-codes/). The reason is the message
of the Java client where no reply came, the reason phrase of a status from 400 on, with what the
server's error says, or ``No results for users returned`` for a 200 without a usable list.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, excerpt, read_error, text_of
from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, OktaView, Severity
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.wire.exchange import Exchange, FailureKind, Phase, TlsProblem

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.endpoint.reply import Judgement
    from ngrok_scim_cli.form import Form

SUCCESS = "Connector configured successfully"
LEAD = "Error authenticating: "
TAIL = (
    "The connector configuration could not be tested. Make sure that the URL, Authentication "
    "Parameters are correct and that there is an implementation available at the URL provided."
)
REFUSED_URL = "Invalid Base URL for the SCIM Connector"

_NO_RESULTS = "No results for users returned"
_NO_REASON = "null"
_NO_LIST = frozenset({"SCM508", "SCM509", "SCM510", "SCM511"})

_DETAIL = 300
_HTTPS_PORT = 443

# The statuses on whose reason phrases (RFC 9110 section 15) servers agree.
_AGREED = frozenset(
    {301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 407, 408, 409, 410, 415, 429}
    | {500, 501, 502, 503, 504}
)

_UNTRUSTED = (
    "PKIX path building failed: unable to find valid certification path to requested target"
)
_OUT_OF_DATE = "PKIX path validation failed: validity check failed"
_CERTIFICATE_REASONS = {
    TlsProblem.UNTRUSTED: _UNTRUSTED,
    TlsProblem.SELF_SIGNED: _UNTRUSTED,
    TlsProblem.EXPIRED: _OUT_OF_DATE,
    TlsProblem.NOT_YET_VALID: _OUT_OF_DATE,
}

# What Okta would most likely say of values that were not sent: the reason, and how surely that is
# known. That stray spaces lead to "No results" is what ngrok's guide says.
_REFUSED_BY_THE_FORM = frozenset({"URL106", "URL107", "URL114", "URL115", "URL116", "URL118"})
# The test sends none of these: it ends as if they were right, and the trouble comes later.
_UNSEEN = frozenset({"FRM301", "FRM302", "FRM304", "FRM308"})
_REASONS_BY_CODE = (
    dict.fromkeys(("URL101", "URL102", "KEY201", "KEY202"), (_NO_RESULTS, Certainty.VENDOR))
    | dict.fromkeys(("URL103", "URL104", "URL105"), (_NO_REASON, Certainty.INFERRED))
    | dict.fromkeys(
        ("URL109", "URL110", "URL111", "URL112", "URL117"), ("Not Found", Certainty.INFERRED)
    )
    | {"URL108": (_NO_RESULTS, Certainty.INFERRED)}
)

_WHITE = lazy_pattern(r"\s+")
_ADDRESS = lazy_pattern(r"\[[^\[\]/]*/[^\[\]]*\](?= failed)")
# What Jackson adds to its complaint: it differs by version and names an address in memory.
_PARSERS_WORDS = lazy_pattern(r":? (?:expected a valid value|was expecting|at \[source:).*")
_STARTS_JSON = lazy_pattern(r"""[{\["\d-]""")
_SHORTEST_PART = 8


class Comparison(NamedTuple):
    """Whether a sentence that Okta showed fits what was seen."""

    fits: bool
    explanation: str


def okta_view(exchange: Exchange, judgement: Judgement) -> OktaView:
    """Return what Okta shows for what was seen on the wire."""
    if judgement.accepts is None:
        seen = "Not known: this machine cannot reach the server, which says nothing about Okta."
        if any(item.code == "NET412" for item in judgement.findings):
            seen = "Not known: the key was not sent."
        return OktaView(None, seen, Certainty.UNKNOWN)
    if judgement.accepts:
        is_empty = any(item.code == "USR601" for item in judgement.findings)
        return OktaView(True, SUCCESS, Certainty.UNKNOWN if is_empty else Certainty.OBSERVED)
    if exchange.reply is None or exchange.reply.status != HTTPStatus.OK:
        return _failed(*reason_of(exchange))
    codes = {item.code for item in judgement.findings}
    if codes & _NO_LIST:
        return _failed(_NO_RESULTS, Certainty.DOCUMENTED)
    return _failed(_NO_RESULTS, Certainty.VENDOR if "USR601" in codes else Certainty.INFERRED)


def reason_of(exchange: Exchange) -> tuple[str, Certainty]:
    """Return the reason that Okta names for a request that failed, and how surely it is known."""
    reply = exchange.reply
    if reply is None:
        return _reason_of_failure(exchange)
    phrase = excerpt(reply.reason, 60) or str(reply.status)
    if reply.status in _AGREED:
        phrase = HTTPStatus(reply.status).phrase
    if reply.status < HTTPStatus.BAD_REQUEST:  # whether Okta follows a redirect is not known
        return phrase, Certainty.UNKNOWN
    body = read_error(reply)
    is_known = reply.status == HTTPStatus.UNAUTHORIZED
    if body.kind is BodyKind.SCIM_ERROR and body.detail:
        certainty = Certainty.DOCUMENTED if is_known else Certainty.OBSERVED
        return _reported(phrase, excerpt(body.detail, _DETAIL)), certainty
    if body.kind in (BodyKind.WEB_PAGE, BodyKind.TEXT):
        complaint, certainty = _complaint(text_of(reply))
        return _reported(phrase, complaint), certainty
    if body.kind is BodyKind.EMPTY and is_known:
        return phrase, Certainty.DOCUMENTED
    return phrase, Certainty.INFERRED


def is_seen_by_the_test(item: Finding) -> bool:
    """Tell whether ``item`` is an error that makes a difference to Okta's test."""
    return item.severity is Severity.ERROR and item.code not in _UNSEEN


def view_of_typed(form: Form, findings: tuple[Finding, ...]) -> OktaView:
    """Return what Okta would most likely show for values that were not sent.

    Of ``findings``, what is certainly wrong with them, the first error that the test sees decides.
    """
    errors = [item.code for item in findings if is_seen_by_the_test(item)]
    if _REFUSED_BY_THE_FORM.intersection(errors):  # before anything is sent
        return OktaView(False, REFUSED_URL, Certainty.INFERRED)
    code = errors[0] if errors else ""
    if code in _REASONS_BY_CODE:
        return _failed(*_REASONS_BY_CODE[code])
    if code.startswith("KEY"):
        return _failed("Forbidden", Certainty.INFERRED)
    about = f"the mode “{excerpt(form.auth_mode, 40)}”" if code == "FRM303" else "these values"
    seen = f"Not known: it is not documented what Okta shows for {about}."
    return OktaView(None, seen, Certainty.UNKNOWN)


def matches(okta_sentence: str, view: OktaView) -> Comparison:
    """Compare what Okta showed, whole or in part, with what it shows for what was seen."""
    shown, expected = _core(okta_sentence), _core(view.message)
    if not shown:
        return Comparison(
            view.accepts is False,
            "These words are in every failure of Okta's test, so they do not show the cause.",
        )
    if _matches(shown, expected):
        return Comparison(True, "This is what Okta shows for what was seen here.")
    why = (
        f"For what was seen here Okta shows “{view.message}”. So the values in Okta's form "
        "differ from the ones that were tested, or Okta gets a different reply than this machine."
    )
    if view.accepts is None:
        why = "It is not known what Okta would show here, so nothing is compared."
    elif view.accepts:
        why = "The test passes from here, but not from Okta."
    return Comparison(False, why)


def _failed(reason: str, certainty: Certainty) -> OktaView:
    return OktaView(False, f"{LEAD}{reason}. {TAIL}", certainty)


def _reason_of_failure(exchange: Exchange) -> tuple[str, Certainty]:
    failure = exchange.failure
    if failure is None or failure.kind is FailureKind.DNS:
        return _NO_REASON, Certainty.OBSERVED
    if failure.tls is TlsProblem.VERSION:
        return "Received fatal alert: protocol_version", Certainty.DOCUMENTED
    host, address = _address(exchange.url)
    is_connected = any(timing.phase is Phase.TCP for timing in exchange.timings)
    if failure.kind is FailureKind.CONNECT_TIMEOUT and not is_connected:
        return f"Connect to {address} failed: Connect timed out", Certainty.DOCUMENTED
    reason = _NO_REASON
    if failure.kind is FailureKind.REFUSED:
        reason = f"Connect to {address} failed: Connection refused"
    elif failure.kind in (FailureKind.CONNECT_TIMEOUT, FailureKind.READ_TIMEOUT):
        reason = "Read timed out"
    elif failure.tls is TlsProblem.WRONG_NAME:
        reason = f"Certificate for <{host}> doesn't match any of the subject alternative names"
    elif failure.tls:
        reason = _CERTIFICATE_REASONS.get(failure.tls, _NO_REASON)
    return reason, Certainty.INFERRED


def _address(url: str) -> tuple[str, str]:
    """Return the host, and host, port and address as Okta's client writes them.

    The address is not known.
    """
    try:
        parts = urlsplit(url)
        host, port = excerpt(parts.hostname or "", 100), parts.port or _HTTPS_PORT
    except ValueError:
        host, port = "", _HTTPS_PORT
    return host, f"{host}:{port} [{host}/…]"


def _reported(phrase: str, reason: str) -> str:
    return f"{phrase}. Errors reported by remote server: {reason.rstrip('.')}"


def _complaint(text: str) -> tuple[str, Certainty]:
    """Return how Jackson, which Okta reads JSON with, complains of a text that is no JSON.

    What it expected instead, and where it stopped, differs by version and is left out.
    """
    start = text.lstrip()
    if _STARTS_JSON.match(start):  # its complaint depends on where the JSON breaks
        return "Invalid JSON", Certainty.INFERRED
    if word := re.match(r"\w+", start[:_DETAIL]):
        return f"Invalid JSON: Unrecognized token '{excerpt(word[0], 60)}'", Certainty.OBSERVED
    letter = f"'{excerpt(start[0])}' (code {ord(start[0])})"
    return f"Invalid JSON: Unexpected character ({letter})", Certainty.VENDOR


def _core(sentence: str) -> str:
    """Return what tells one sentence of Okta's from another, in lower case."""
    text = _WHITE.sub(" ", sentence).strip(" \"'“”`").lower()
    if text in f"{LEAD}… {TAIL}".lower():
        return ""
    text = text.rpartition(LEAD.lower().strip())[2].partition(TAIL.lower()[:40])[0]
    return _ADDRESS.sub("[]", _PARSERS_WORDS.sub("", text)).strip(" .,:;")


def _matches(shown: str, expected: str) -> bool:
    """Tell whether ``shown`` is a long part of ``expected``, or one begins with the other."""
    if len(shown) >= _SHORTEST_PART and shown in expected:
        return True
    shorter, longer = sorted((shown, expected), key=len)
    return bool(shorter) and re.match(rf"{re.escape(shorter)}(?!\w)", longer) is not None
