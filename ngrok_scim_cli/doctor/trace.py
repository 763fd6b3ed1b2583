"""Follows one person from Okta's directory to ngrok, with a handful of requests.

Neither side's people are listed: each thing is asked for by its name or its id. Nothing is written.
"""

from __future__ import annotations

import json
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
from ngrok_scim_cli.diagnosis.okta.app import judge_app, judge_provisioning
from ngrok_scim_cli.diagnosis.okta.records import OktaApp, OktaPerson, read_okta_person
from ngrok_scim_cli.diagnosis.people.email_address import shown
from ngrok_scim_cli.diagnosis.people.records import (
    AppUser,
    NgrokUser,
    read_app_user,
    read_ngrok_user,
)
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
from ngrok_scim_cli.doctor.connector import look_up_absent, read_by_id
from ngrok_scim_cli.doctor.evidence import (
    LOG_KEPT_DAYS,
    TIMEOUT_S,
    Evidence,
    SharedFuture,
    okta_refused,
)
from ngrok_scim_cli.doctor.people import new_since
from ngrok_scim_cli.doctor.trace_result import trace_result
from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.json_values import as_object, as_text
from ngrok_scim_cli.text.phrases import distance

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.exchange import Exchange

    Findings = tuple[Finding, ...]
    Document = dict[str, object]

# Okta takes this, in place of a login, for the owner of the token.
_MYSELF = "me"
# At most this many people of one name are shown, and so many characters of a name are looked at.
_CANDIDATES_SHOWN = 5
_LONGEST_NAME = 200

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
    traced = _both_halves(evidence, asked)
    user, okta = traced.user, traced.okta
    if user and isinstance(okta, OktaHalf) and not (okta.app_user or okta.person):
        name = _renamed(evidence, user)
        if name:
            note = f"Okta has this person as {shown(name)}."
            asked = replace(asked, text=name, notes=(*asked.notes, note))
            traced = _both_halves(evidence, asked)
    return _searched(evidence, traced) if traced.is_found_nowhere else traced


def _both_halves(evidence: Evidence, asked: AskedPerson) -> Traced:
    okta: OktaHalf | Unknown
    try:
        okta = _okta_half(evidence, asked)
    except Unknown as unknown:
        okta = unknown
        nobody_to_ask = isinstance(evidence.access.okta.api, Unknown) and not okta.findings
        if nobody_to_ask and asked.is_full_name:
            raise _only_a_name(asked) from None
    ngrok: NgrokHalf | Unknown
    try:
        ngrok = _ngrok_half(evidence, asked, okta)
    except Unknown as unknown:
        ngrok = unknown
    return Traced(asked, okta, ngrok, evidence.domains(), new_since(evidence.now()))


# What Okta knows: directory, assignment, System Log.


def _okta_half(evidence: Evidence, asked: AskedPerson) -> OktaHalf:
    """Return Okta's half; raises ``UsageError`` where a name fits nobody, or several people."""
    api, app = evidence.okta(), evidence.okta_app.get()
    grant = log_unread = ""

    def read_person(id_or_login: str) -> OktaPerson | None:
        nonlocal grant
        if grant or id_or_login.casefold() == _MYSELF:
            return None
        try:
            document = _document(evidence.note(api.user(id_or_login)), "the person")
        except Unknown as refused:
            if not refused.grant:
                raise
            # The token may read apps, and not people; the app has most of it.
            grant = refused.grant
            return None
        return None if document is None else read_okta_person(document)

    person = None if asked.is_full_name else read_person(asked.text)
    if person:
        document = _document(evidence.note(api.app_user(app.id, person.id)), "the assignment")
        app_user = None if document is None else read_app_user(document)
    else:
        app_user = _find_app_user(evidence, asked)
        person = read_person(app_user.id) if app_user else None
    faults = _faults(evidence, app, app_user)

    known = person or app_user
    name = (app_user.user_name if app_user else "") or asked.text
    # An event may name the person (00u…), or only the assignment by its user name.
    conditions = [f"target.id eq {json.dumps(known.id)}"] if known else []
    conditions.append(f"target.alternateId eq {json.dumps(name)}")
    condition = f'({" or ".join(conditions)}) and eventType sw "application."'
    try:
        events = evidence.read_log(condition, days=LOG_KEPT_DAYS)
    except Unknown as missing:
        events, log_unread = (), missing.reason
    return OktaHalf(app, faults, person, app_user, events, grant, log_unread)


def _document(exchange: Exchange, what: str) -> Document | None:
    """Return what Okta answered; ``None`` where there is no such thing."""
    document = exchange.json_object()
    if document is None and exchange.status != HTTPStatus.NOT_FOUND:
        raise okta_refused(exchange, what)
    return document


def _faults(evidence: Evidence, app: OktaApp, app_user: AppUser | None) -> Findings:
    """Return what is wrong with the app; whether SCIM is on is asked where it may be off."""
    found = judge_app(app)
    if found or app_user is None or app_user.external_id:
        return found
    answer = evidence.features.get()
    judged = judge_provisioning(app, answer)
    if isinstance(judged, Unknown):
        # The first page of people shows whether Okta holds an id of ngrok's for anybody.
        first = next(evidence.pages("the people of the app", evidence.okta().app_users(app.id)))
        anybody = any(read_app_user(item).external_id for item in first.items)
        judged = judge_provisioning(app, answer, provisioned=anybody)
    return judged.findings


def _find_app_user(evidence: Evidence, asked: AskedPerson) -> AppUser | None:
    """Look among the people of the app, by the words of a name or by an address."""
    text = asked.text.casefold()
    people = []
    for document in _people_like(evidence, asked.text.split()[0]):
        person, profile = read_app_user(document), as_object(document.get("profile"))
        names = (person.user_name.casefold(), person.email.casefold())
        known = " ".join((*names, *map(as_text, profile.values()))).casefold()
        if all(word in known for word in text.split()) and (asked.is_full_name or text in names):
            people.append(person)
    if len(people) > 1:
        names_shown = first_of([person.user_name for person in people], _CANDIDATES_SHOWN)
        raise UsageError(
            f"“{asked.text}” fits {len(people)} people: {names_shown}.",
            advice="Give the e-mail address of one of them.",
        )
    if not people and asked.is_full_name:
        raise _only_a_name(asked)
    return people[0] if people else None


def _people_like(evidence: Evidence, query: str) -> list[Document]:
    """Return the people of the app whose name or address begins with ``query``."""
    app = evidence.okta_app.get()
    exchange = evidence.note(evidence.okta().find_app_user(app.id, query))
    value = exchange.json()
    if not isinstance(value, list):
        raise okta_refused(exchange, "the people of the app")
    return [item for item in value if isinstance(item, dict)]


def _renamed(evidence: Evidence, user: NgrokUser) -> str:
    """Return the user name that a user of ngrok's has in Okta now; empty where none is found.

    Okta finds nobody by an id of ngrok's. So it is asked for the people of that family name.
    """
    words = user.display_name[:_LONGEST_NAME].split()
    if words and user.id:
        with suppress(Unknown):
            for person in map(read_app_user, _people_like(evidence, words[-1])):
                if person.external_id == user.id:
                    return person.user_name
    return ""


def _only_a_name(asked: AskedPerson) -> UsageError:
    """Return the error for a name that fits nobody."""
    return UsageError(
        f"“{asked.text}” is not an e-mail address, and no person has that name.",
        advice=f"Look the address up: ngrok-scim users list --match {asked.text.split()[0]}",
    )


# What ngrok knows.


def _ngrok_half(evidence: Evidence, asked: AskedPerson, okta: OktaHalf | Unknown) -> NgrokHalf:
    """Find out what ngrok knows of a person, by the requests that Okta sends."""
    if isinstance(okta, Unknown) and asked.is_full_name:
        raise Unknown("ngrok can look up only an e-mail address. Okta can also look up a name.")
    # What Okta would look up, and the id that it holds.
    name, external_id = asked.text, ""
    if isinstance(okta, OktaHalf) and okta.app_user:
        name, external_id = okta.app_user.user_name or name, okta.app_user.external_id
    elif isinstance(okta, OktaHalf) and okta.person:
        # The format of the user name should be Email; it is what an assignment would take.
        name = okta.person.email or name
    values = present(evidence.access.values)
    if values.mistakes:
        reason = "The values for Okta have a mistake, so nothing was sent."
        raise Unknown(reason, values.mistakes)
    scim = evidence.scim_with(values.form)
    key_name = name_of_key(values.key)

    exchange = evidence.note(scim.find_user(name))
    named = _users_named(name, exchange, key_name)
    linked = next((user for user in named if external_id and user.id == external_id), None)
    if external_id and not linked:
        linked = _linked(evidence.note(scim.user(external_id)), external_id, key_name)
    user = linked or next(iter(named), None)
    # A user who exists must be found, and nobody else.
    is_there = user is not None and user.user_name.casefold() == name.casefold()
    faults = judge_lookup(exchange, name) if is_there else judge_absent(exchange, name)
    if len(named) > 1:
        faults = ()  # the finding about the users says that there are two
    if user and user in named:
        faults += read_by_id(evidence, scim, user)

    elsewhere: Findings = ()
    with suppress(Unknown):  # it is about others, and changes nothing for this person
        known = {item.code for item in faults}
        absent = look_up_absent(evidence, scim, name)
        elsewhere = tuple(item for item in absent if item.code not in known)
    return NgrokHalf(name, named, linked, faults, elsewhere)


def _users_named(name: str, exchange: Exchange, key_name: str) -> tuple[NgrokUser, ...]:
    """Return the users of that name whom Okta's look-up brought."""
    reply = exchange.reply
    if reply and is_nobody(reply):
        return ()  # Okta, too, takes this for "there is nobody"
    if reply is None or not is_user_list(reply) or reply.status != HTTPStatus.OK:
        # What is wrong with a filter alone says nothing about the address.
        faults = judge_lookup(exchange, name) if reply and reply.status in _NO_FILTER else ()
        reason = "The look-up that Okta sends at each assignment failed."
        raise _refused(exchange, reason, key_name, faults)
    without_id = tuple(item for item in judge(exchange).findings if item.code == _WITHOUT_ID)
    if without_id:
        raise Unknown("The look-up returned a user without an id or a name.", without_id)
    users = map(read_ngrok_user, listed_users(reply))
    return tuple(user for user in users if user.user_name.casefold() == name.casefold())


def _linked(exchange: Exchange, external_id: str, key_name: str) -> NgrokUser | None:
    """Return the user with the id that Okta holds, who was asked for by it."""
    document = exchange.json_object()
    if document is None:
        if exchange.status == HTTPStatus.NOT_FOUND:
            return None
        raise _refused(exchange, "ngrok did not return the user.", key_name)
    another = judge_read(exchange, external_id)
    if another:
        raise Unknown("ngrok did not return the requested user.", another)
    return read_ngrok_user(document)


def _refused(exchange: Exchange, reason: str, key_name: str, faults: Findings = ()) -> Unknown:
    judgement = judge(exchange, key_name=key_name)
    errors = tuple(item for item in judgement.findings if item.severity is Severity.ERROR)
    # Where ngrok names its reason, that is not the filter.
    is_named = any(item.subject is not Subject.RESPONSE for item in errors)
    found = errors if is_named else faults or errors
    return Unknown(reason, found, conclusive=judgement.accepts is False)


def _searched(evidence: Evidence, traced: Traced) -> Traced:
    """Look at the beginning of both lists for somebody whom neither look-up found.

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
        people = map(read_app_user, _people_like(evidence, wanted[:_LETTERS]))
        names.update(person.user_name for person in people)

    def typos(name: str) -> int:
        """Return how many letters of ``wanted`` are wrong; none in a part of a name."""
        is_part = len(wanted) >= _LETTERS and wanted in name
        return 0 if is_part else distance(wanted, name)

    ranked = sorted((typos(name.casefold()), name) for name in names - {""})
    near = tuple(name for number, name in ranked if 3 * number <= len(wanted))[:_NEAR]
    return replace(traced, near=near)
