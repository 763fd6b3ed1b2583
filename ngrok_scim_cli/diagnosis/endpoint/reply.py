"""Judges the endpoint's reply as Okta would."""

from dataclasses import replace
from http import HTTPStatus

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, excerpt, read_error, text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_list import judge_list
from ngrok_scim_cli.diagnosis.finding import Finding, UserCount, has_errors
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import json_object
from ngrok_scim_cli.wire.exchange import Exchange, Reply

_ERRORS = frozenset(map(str, range(400, 600)))
_AS_A_SUCCESS = "The server sends an error with the status 200"
_HIDES = 'For a reply of 200, Okta shows "No results for users returned" and not the reason.'
# What a reply of 200 is called that may be an error all the same.
_NO_LISTS = ("SCM509", "SCM510", "SCM511")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one exchange; ``accepts`` is ``None`` where Okta's view is not known."""

    findings: tuple[Finding, ...]
    accepts: bool | None
    users: UserCount | None = None


def judge(exchange: Exchange, *, allow_empty: bool = False, key_name: str = "the key") -> Judgement:
    """Judge Okta's request for the list of users; ``key_name`` is ``ak_…``, never the key."""
    reply, users = exchange.reply, None
    accepts: bool | None
    if exchange.failure:
        from ngrok_scim_cli.diagnosis.endpoint.reply_failure import judge_failure

        item, accepts = judge_failure(exchange, exchange.failure)
        found: tuple[Finding, ...] = (item,)
    elif reply is None:
        raise ValueError("an exchange has a reply or a failure")
    elif reply.status != HTTPStatus.OK:
        from ngrok_scim_cli.diagnosis.endpoint.reply_status import judge_status

        found, accepts = judge_status(exchange, reply, key_name)
    else:
        found, users = judge_list(exchange, reply, allow_empty=allow_empty)
        accepts = not has_errors(found)
        if found and found[0].code in _NO_LISTS:
            found, accepts = _judge_no_list(exchange, reply, found[0], key_name)
    # What is between this machine and the server, and not between it and Okta.
    between = []
    if exchange.private_issuer and reply:
        issuer = excerpt(exchange.private_issuer, 100)
        between.append(finding("NET411", f"The certificate was signed by “{issuer}”."))
    if exchange.proxy:
        between.append(finding("ENV004", f"The proxy is {excerpt(exchange.proxy, 100)}."))
    return Judgement((*found, *between), accepts, users)


def _judge_no_list(
    exchange: Exchange, reply: Reply, found: Finding, key_name: str
) -> tuple[tuple[Finding, ...], bool | None]:
    """Judge a 200 that is no list: an error sent as a success, or a page of a device before it.

    Returns:
        The findings, and whether Okta accepts the reply: ``None`` where something on this network
        answered.
    """
    from ngrok_scim_cli.diagnosis.endpoint.blocker import blocker_of
    from ngrok_scim_cli.diagnosis.endpoint.reply_status import FOLLOW_THE_FIRST, judge_status

    body = read_error(reply)
    status = str(reply.status) if body.ngrok_code else ""
    if body.kind is BodyKind.SCIM_ERROR and not status:
        status = str(json_object(text_of(reply)).get("status"))
    if body.ngrok_code or status in _ERRORS:
        errors, _ = judge_status(exchange, reply, key_name, int(status))
        behind = replace(found, title=_AS_A_SUCCESS, cause=_HIDES, fix=FOLLOW_THE_FIRST)
        return (*errors, behind), False
    blocker = blocker_of(exchange, reply, body)
    if blocker and found.code == "SCM509":
        return (blocker.explains(found, reply),), None if blocker.is_local else False
    return (found,), False
