"""What ngrok's REST API answered to the administrator's key."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, finding
from ngrok_scim_cli.diagnosis.error_body import read_error
from ngrok_scim_cli.diagnosis.ngrok_errors import NGROK_ERRORS, NgrokError
from ngrok_scim_cli.diagnosis.reply import judge

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.wire.exchange import Exchange

_SUCCESS = range(200, 300)

# What is said of the SCIM endpoint in words that fit ngrok's API as well.
_FITTING = ("NET406", "NET407", "NET410", "NET411", "NET412", "SCM505", "SCM506")

# How the wire says that the key itself cannot stand in a header.
_UNSENDABLE_KEY = "The header Authorization"

_CAUSE = "ngrok's API was asked, which sets things up. The values in Okta have no part in it."
_FIX = (
    "Check that this machine reaches https://api.ngrok.com and, where NGROK_API_BASE_URL is set, "
    "that it is right; then run the same command again."
)


def judge_api(exchange: "Exchange") -> "tuple[Finding, ...]":
    """Return why ngrok's REST API refused a request; nothing where it did not.

    ngrok's own code decides, not the HTTP status: a bad credential is answered with 403 or 400
    (https://ngrok.com/docs/errors). What would be a KEY finding for the SCIM key is NGR714 here,
    because the key in question is the administrator's.

    Args:
        exchange: one request to ``https://api.ngrok.com`` and what came of it.
    """
    reply = exchange.reply
    if reply is None:
        failure = exchange.failure
        if failure and failure.detail.startswith(_UNSENDABLE_KEY):
            return (finding("NGR714", failure.detail),)
        return _in_words_of_the_api(judge(exchange).findings)
    if reply.status in _SUCCESS:
        return ()
    error = read_error(reply)
    known = NGROK_ERRORS.get(error.ngrok_code or 0)
    if known is None:
        return _in_words_of_the_api(judge(exchange).findings)
    seen = f"ngrok answered {reply.status}: {error.detail}".strip()
    return _refused(known, f"{seen} (ERR_NGROK_{known.code})")


def _refused(known: NgrokError, seen: str) -> "tuple[Finding, ...]":
    if known.finding.startswith("KEY"):
        return (finding("NGR714", seen),)
    if known.finding not in CATALOGUE:
        return ()
    found = finding(known.finding, seen, fix=known.fix)
    if known.finding.startswith("SCM") and known.finding not in _FITTING:
        title = known.meaning.removesuffix(".")
        found = replace(found, title=title, cause=" ".join(known.causes))
    return (found,)


def _in_words_of_the_api(found: "tuple[Finding, ...]") -> "tuple[Finding, ...]":
    """Return what was judged as the SCIM endpoint's answer without advice on Okta's form."""
    return tuple(
        item if item.code in _FITTING else replace(item, cause=_CAUSE, fix=_FIX) for item in found
    )
