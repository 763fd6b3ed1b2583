"""What ngrok knows of one person, asked as Okta asks it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.endpoint.person_reply import (
    is_nobody,
    judge_absent,
    judge_lookup,
    judge_read,
)
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.endpoint.reply_list import is_user_list, listed_users
from ngrok_scim_cli.diagnosis.finding import Severity, Subject
from ngrok_scim_cli.diagnosis.people.records import read_ngrok_user
from ngrok_scim_cli.diagnosis.people.traced import NgrokHalf
from ngrok_scim_cli.diagnosis.unknown import Unknown, present
from ngrok_scim_cli.diagnosis.values.key import name_of_key
from ngrok_scim_cli.doctor.person_reads import look_up_absent, read_by_id
from ngrok_scim_cli.wire.ngrok_api import json_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.people.records import NgrokUser
    from ngrok_scim_cli.diagnosis.people.traced import AskedPerson, OktaHalf
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.scim import OktaScim

    Findings = tuple[Finding, ...]

_OK = 200
_NOT_FOUND = 404

# With these a server refuses a filter (RFC 7644 section 3.12).
_NO_FILTER = (400, 501)
# Okta can neither link nor update whom a server gives no id.
_NAMELESS = "SCM518"
_LOOK_UP_FAILED = "The look-up that Okta sends at each assignment failed."


def ngrok_half(
    evidence: Evidence, asked: AskedPerson, okta: OktaHalf | Unknown
) -> NgrokHalf | Unknown:
    """Find out what ngrok knows of a person, by the requests that Okta sends."""
    if isinstance(okta, Unknown) and asked.is_full_name:
        return Unknown("ngrok can look up only an e-mail address. Okta can also look up a name.")
    name, external_id = _as_okta_asks(asked, okta)
    try:
        values = present(evidence.access.values)
        if values.mistakes:
            reason = "The values for Okta have a mistake, so nothing was sent."
            return Unknown(reason, values.mistakes)
        scim = evidence.scim_with(values.form)
        key_name = name_of_key(values.key)
        named, exchange = _look_up(evidence, scim, name, key_name)
        linked = _linked(evidence, scim, external_id, key_name, named)
        there = linked or next(iter(named), None)
        faults = _faults(exchange, name, there)
        if there in named and there is not None:
            faults += read_by_id(evidence, scim, there.id)
    except Unknown as unknown:
        return unknown
    elsewhere: Findings = ()
    with suppress(Unknown):  # it is about others; what is known of this person stands
        told = {item.code for item in faults}
        absent = look_up_absent(evidence, scim, name)
        elsewhere = tuple(item for item in absent if item.code not in told)
    return NgrokHalf(name, named, linked, faults, elsewhere)


def _faults(exchange: Exchange, name: str, there: NgrokUser | None) -> Findings:
    """Judge the look-up: who is there must be found, and nobody else."""
    if there and there.user_name.casefold() == name.casefold():
        return judge_lookup(exchange, name)
    return judge_absent(exchange, name)


def _as_okta_asks(asked: AskedPerson, okta: OktaHalf | Unknown) -> tuple[str, str]:
    """Return the user name that Okta would look up, and the id that it holds."""
    if isinstance(okta, Unknown):
        return asked.text, ""
    if okta.app_user:
        return okta.app_user.user_name or asked.text, okta.app_user.external_id
    # The format of the user name should be Email; it is what an assignment would take.
    return (okta.person.email if okta.person else "") or asked.text, ""


def _look_up(
    evidence: Evidence, scim: OktaScim, name: str, key_name: str
) -> tuple[tuple[NgrokUser, ...], Exchange]:
    """Send Okta's look-up, and return the users of that name."""
    exchange = evidence.note(scim.find_user(name))
    reply = exchange.reply
    if reply and is_nobody(reply):
        return (), exchange  # which Okta takes as well for "there is nobody"
    if reply is None or not is_user_list(reply) or reply.status != _OK:
        # What is wrong with a filter alone says nothing about the address.
        faults = judge_lookup(exchange, name) if reply and reply.status in _NO_FILTER else ()
        raise _refused(exchange, _LOOK_UP_FAILED, key_name, faults)
    nameless = tuple(item for item in judge(exchange).findings if item.code == _NAMELESS)
    if nameless:
        raise Unknown("The look-up returned a user without an id or a name.", nameless)
    users = map(read_ngrok_user, listed_users(reply))
    wanted = name.casefold()
    return tuple(user for user in users if user.user_name.casefold() == wanted), exchange


def _linked(
    evidence: Evidence, scim: OktaScim, external_id: str, key_name: str, named: Iterable[NgrokUser]
) -> NgrokUser | None:
    """Return the user with the id that Okta holds."""
    if not external_id:
        return None
    known = next((user for user in named if user.id == external_id), None)
    if known:
        return known
    exchange = evidence.note(scim.user(external_id))
    document = json_object(exchange)
    if document is not None:
        another = judge_read(exchange, external_id)
        if another:
            raise Unknown("ngrok did not return the requested user.", another)
        return read_ngrok_user(document)
    if exchange.reply is not None and exchange.reply.status == _NOT_FOUND:
        return None
    raise _refused(exchange, "ngrok did not return the user.", key_name)


def _refused(exchange: Exchange, reason: str, key_name: str, faults: Findings = ()) -> Unknown:
    judgement = judge(exchange, key_name=key_name)
    errors = tuple(item for item in judgement.findings if item.severity is Severity.ERROR)
    # Where ngrok names its reason, that is not the filter.
    is_named = any(item.subject is not Subject.RESPONSE for item in errors)
    found = errors if is_named else faults or errors
    return Unknown(reason, found, conclusive=judgement.accepts is False)
