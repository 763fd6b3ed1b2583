"""Judges the reply of ngrok's REST API to the administrator's key."""

from dataclasses import replace
from http import HTTPStatus

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.blocker import OTHER_SIGN_IN, blocker_of
from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, answered, excerpt, read_error
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.endpoint.reply_status import known_error
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NgrokError
from ngrok_scim_cli.hosts import host_of
from ngrok_scim_cli.wire.exchange import Exchange, FailureKind

# Texts about the SCIM endpoint that fit ngrok's API as well.
_FITTING = ("NET406", "NET407", "NET410", "NET411", "NET412", "SCM505", "SCM506")

# How a failure begins where the key cannot be sent in a header.
_UNSENDABLE_KEY = "The header Authorization"

# No code of ngrok's, but all the same a refusal of the credential.
_ABOUT_THE_KEY = ("KEY214", "SCM501")

_CAUSE = "This was a request to ngrok's API for setup. It does not depend on the values in Okta."
_LEAVE_OUT = "Leave NGROK_API_BASE_URL out"
_FIX = (
    "Check that this machine reaches https://api.ngrok.com and that NGROK_API_BASE_URL, if set, "
    "is right. Then run the same command again."
)

# What helps where it is the administrator's key and this machine, and not the key in Okta.
_ANOTHER_KEY = (
    "Ask an ngrok administrator to create a key at https://dashboard.ngrok.com/api-keys, and set "
    "NGROK_API_KEY to it."
)
_FIXES = {
    "NGR703": "Open https://dashboard.ngrok.com/team-members and activate the owner of the admin "
    "key, or set NGROK_API_KEY to the key of another administrator.",
    "NGR704": _ANOTHER_KEY,
    "NGR705": "Open https://dashboard.ngrok.com/ip-restrictions and allow the address of this "
    "machine, or run the command on one that is allowed.",
    "NGR717": _ANOTHER_KEY,
    "URL108": f"{_LEAVE_OUT}, or set it to https://api.ngrok.com.",
}


def judge_api(exchange: Exchange) -> tuple[Finding, ...]:
    """Return why ngrok's REST API refused a request; nothing where it did not.

    ngrok's own code decides, not the HTTP status: a bad credential is answered with 403 or 400
    (https://ngrok.com/docs/errors). What would be a KEY finding for the SCIM key is NGR714 here,
    because the key in question is the administrator's.
    """
    reply = exchange.reply
    if reply is None:
        return _judge_failure(exchange)
    body = read_error(reply)
    if reply.is_success:
        is_strange = body.kind in (BodyKind.WEB_PAGE, BodyKind.TEXT) and not reply.truncated
        page = (finding("SCM509", answered(exchange)),)
        return _in_words_of_the_api(page) if is_strange else ()
    known = known_error(body)
    if known is not None:
        return (_refused(known, exchange),)
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        return (finding("NGR709", answered(exchange)),)
    found = judge(exchange).findings
    is_refused = found[0].code in _ABOUT_THE_KEY
    if is_refused and blocker_of(exchange, reply, body) is not OTHER_SIGN_IN:
        return (finding("NGR714", answered(exchange)),)
    return _in_words_of_the_api(found)


def _judge_failure(exchange: Exchange) -> tuple[Finding, ...]:
    failure = exchange.failure
    if failure and failure.detail.startswith(_UNSENDABLE_KEY):
        return (finding("NGR714", failure.detail),)
    found = _in_words_of_the_api(judge(exchange).findings)
    if not failure or failure.kind is not FailureKind.WITHHELD:
        return found
    host = excerpt(host_of(exchange.url), 100)
    fix = f"{_LEAVE_OUT}, or set it to https://api.ngrok.com."
    if exchange.url.lower().startswith("https://") and host:
        fix = f"{_LEAVE_OUT}, or, if that host is right and yours, add `--allow-host {host}`."
    return tuple(replace(item, fix=fix) for item in found)


def _refused(known: NgrokError, exchange: Exchange) -> Finding:
    if known.finding.startswith("KEY"):
        # Which credential it is instead, where ngrok's code says so.
        return finding("NGR714", f"{known.meaning} {answered(exchange)}")
    found = finding(known.finding, answered(exchange), fix=_FIXES.get(known.finding, known.fix))
    if known.finding.startswith("SCM") and known.finding not in _FITTING:
        title = known.meaning.removesuffix(".")
        found = replace(found, title=title, cause=known.cause)
    return found


def _in_words_of_the_api(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return what was judged as the SCIM endpoint's answer without advice on Okta's form."""
    return tuple(
        item if item.code in _FITTING else replace(item, cause=_CAUSE, fix=_FIX)
        for item in found
        if item.code != "SCM520"  # Okta does not read this answer
    )
