"""Follows one person from Okta's directory to ngrok, with a handful of requests.

Neither side's people are listed: each thing is asked for by its name or its id. Nothing is written.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.person_reply import (
    is_nobody,
    judge_absent,
    judge_lookup,
    judge_read,
)
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.endpoint.reply_list import is_user_list, listed_users
from ngrok_scim_cli.diagnosis.finding import Finding, Result, Severity, Subject
from ngrok_scim_cli.diagnosis.people.email_address import shown
from ngrok_scim_cli.diagnosis.people.records import NgrokUser, read_app_user, read_ngrok_user
from ngrok_scim_cli.diagnosis.people.trace import conclude
from ngrok_scim_cli.diagnosis.people.traced import (
    AskedPerson,
    NgrokHalf,
    OktaHalf,
    Traced,
    read_asked,
)
from ngrok_scim_cli.diagnosis.unknown import Unknown, present
from ngrok_scim_cli.diagnosis.values.key import name_of_key
from ngrok_scim_cli.doctor.background import TIMEOUT_S, SharedFuture
from ngrok_scim_cli.doctor.connector import look_up_absent, read_by_id
from ngrok_scim_cli.doctor.people import new_since
from ngrok_scim_cli.doctor.trace_okta import OktaTrail, only_a_name
from ngrok_scim_cli.doctor.trace_result import trace_result
from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.text.near_misses import distance
from ngrok_scim_cli.wire.ngrok_api import json_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.scim import OktaScim

    Findings = tuple[Finding, ...]

# A person who is on neither side is searched for by the first letters in Okta, and on the first
# pages of ngrok's list; some similar names are shown.
_LETTERS = 3
_PAGES = 3
_NEAR = 3

# With these a server refuses a filter (RFC 7644 section 3.12).
_NO_FILTER = (400, 501)
# Okta can neither link nor update whom a server gives no id.
_WITHOUT_ID = "SCM518"


def trace_person(evidence: Evidence, typed: str, *, timeout_s: float = TIMEOUT_S) -> Result:
    """Follow one person from Okta to ngrok.

    Raises:
        UsageError: nobody, or more than one, can be meant.
        CannotTell: a peer makes one wait for too long.
    """
    asked = read_asked(typed)
    if not asked.text:
        raise UsageError("EMAIL is empty.", advice="Give the e-mail address of one person.")
    try:
        traced = SharedFuture(lambda: _follow(evidence, asked)).get(timeout_s)
    except Unknown as missing:
        raise CannotTell(missing.reason, advice="Run the command again in a few minutes.") from None
    return trace_result(evidence, traced, conclude(traced))


def _follow(evidence: Evidence, asked: AskedPerson) -> Traced:
    """Find out what both sides know of a person."""
    trail = _trail(evidence, asked)
    okta = _okta_half(trail, asked)
    ngrok = _ngrok_half(evidence, asked, okta)
    if (
        isinstance(trail, OktaTrail)
        and isinstance(okta, OktaHalf)
        and not (okta.app_user or okta.person)
        and isinstance(ngrok, NgrokHalf)
        and ngrok.user
        and (name := trail.renamed(ngrok.user))
    ):
        note = f"Okta has this person as {shown(name)}."
        asked = replace(asked, text=name, notes=(*asked.notes, note))
        okta = _okta_half(trail, asked)
        ngrok = _ngrok_half(evidence, asked, okta)
    since = new_since(evidence.now())
    traced = Traced(asked, okta, ngrok, evidence.domains(), since)
    return _searched(evidence, trail, traced) if traced.is_found_nowhere else traced


def _trail(evidence: Evidence, asked: AskedPerson) -> OktaTrail | Unknown:
    """Return what follows people in Okta, or why there is none."""
    try:
        return OktaTrail(evidence, evidence.okta(), evidence.okta_app.get())
    except Unknown as unknown:
        nobody_to_ask = isinstance(evidence.access.okta.api, Unknown) and not unknown.findings
        if nobody_to_ask and asked.is_full_name:
            raise only_a_name(asked) from None
        return unknown


def _okta_half(trail: OktaTrail | Unknown, asked: AskedPerson) -> OktaHalf | Unknown:
    try:
        return present(trail).half(asked)
    except Unknown as unknown:
        return unknown


def _ngrok_half(
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
        user = linked or next(iter(named), None)
        # Who is there must be found, and nobody else.
        is_there = user is not None and user.user_name.casefold() == name.casefold()
        faults = judge_lookup(exchange, name) if is_there else judge_absent(exchange, name)
        if len(named) > 1:
            faults = ()  # that there are two is said of the users
        if user in named and user is not None:
            faults += read_by_id(evidence, scim, user)
    except Unknown as unknown:
        return unknown
    elsewhere: Findings = ()
    with suppress(Unknown):  # it is about others, and changes nothing for this person
        known = {item.code for item in faults}
        absent = look_up_absent(evidence, scim, name)
        elsewhere = tuple(item for item in absent if item.code not in known)
    return NgrokHalf(name, named, linked, faults, elsewhere)


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
    if reply is None or not is_user_list(reply) or reply.status != HTTPStatus.OK:
        # What is wrong with a filter alone says nothing about the address.
        faults = judge_lookup(exchange, name) if reply and reply.status in _NO_FILTER else ()
        reason = "The look-up that Okta sends at each assignment failed."
        raise _refused(exchange, reason, key_name, faults)
    without_id = tuple(item for item in judge(exchange).findings if item.code == _WITHOUT_ID)
    if without_id:
        raise Unknown("The look-up returned a user without an id or a name.", without_id)
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
    if exchange.status == HTTPStatus.NOT_FOUND:
        return None
    raise _refused(exchange, "ngrok did not return the user.", key_name)


def _refused(exchange: Exchange, reason: str, key_name: str, faults: Findings = ()) -> Unknown:
    judgement = judge(exchange, key_name=key_name)
    errors = tuple(item for item in judgement.findings if item.severity is Severity.ERROR)
    # Where ngrok names its reason, that is not the filter.
    is_named = any(item.subject is not Subject.RESPONSE for item in errors)
    found = errors if is_named else faults or errors
    return Unknown(reason, found, conclusive=judgement.accepts is False)


def _searched(evidence: Evidence, trail: OktaTrail | Unknown, traced: Traced) -> Traced:
    """Look for somebody whom nobody has at the beginning of both lists.

    There may be names that are nearly this one, or this very name, which the look-up missed.
    """
    wanted = traced.asked.text.casefold()
    names: set[str] = set()
    with suppress(Unknown):
        for page in islice(evidence.scim().pages(), _PAGES):
            evidence.note(page.exchange)
            names.update(read_ngrok_user(item).user_name for item in page.items)
    same = next((name for name in names if name.casefold() == wanted), "")
    if same and isinstance(traced.ngrok, NgrokHalf):
        missed = finding("SCM519", f"{shown(same)} is in the list, but the look-up found nobody.")
        return replace(traced, ngrok=replace(traced.ngrok, faults=(*traced.ngrok.faults, missed)))
    with suppress(Unknown):
        people = map(read_app_user, present(trail).people_like(wanted[:_LETTERS]))
        names.update(person.user_name for person in people)
    typos = sorted((_typos(wanted, name.casefold()), name) for name in names - {""})
    near = tuple(name for number, name in typos if 3 * number <= len(wanted))[:_NEAR]
    return replace(traced, near=near)


def _typos(wanted: str, name: str) -> int:
    """Return how many letters of ``wanted`` are wrong; none in a part of a name."""
    is_part = len(wanted) >= _LETTERS and wanted in name
    return 0 if is_part else distance(wanted, name)
