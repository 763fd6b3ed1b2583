"""Follows one person from Okta's directory to ngrok, with a handful of requests.

Neither side's people are listed: each thing is asked for by its name or its id. Nothing is written.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.people.email_address import shown
from ngrok_scim_cli.diagnosis.people.records import read_ngrok_user
from ngrok_scim_cli.diagnosis.people.trace import conclude
from ngrok_scim_cli.diagnosis.people.traced import NgrokHalf, Traced, read_asked
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.access import WRONG_ORG_URL
from ngrok_scim_cli.doctor.background import TIMEOUT_S, SharedFuture
from ngrok_scim_cli.doctor.okta_people import new_since
from ngrok_scim_cli.doctor.trace_ngrok import ngrok_half
from ngrok_scim_cli.doctor.trace_okta import OktaTrail, only_a_name
from ngrok_scim_cli.doctor.trace_result import traced_result
from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.text.near_misses import distance

# So many letters of a name are looked for in Okta, and so many pages of ngrok's list are read.
_BEGINNING = 3
_PAGES = 3
_NEAR = 3

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.diagnosis.people.traced import AskedPerson, OktaHalf
    from ngrok_scim_cli.doctor.evidence import Evidence


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
    return traced_result(evidence, traced, conclude(traced))


def _follow(evidence: Evidence, asked: AskedPerson) -> Traced:
    """Find out what both sides know of a person."""
    trail, unknown = _trail(evidence, asked)
    if trail is None:
        traced = Traced(asked, unknown, ngrok_half(evidence, asked, unknown), evidence.domains())
        return _searched(evidence, trail, traced)
    okta = _okta_half(trail, asked)
    ngrok = ngrok_half(evidence, asked, okta)
    name = _name_in_okta(trail, okta, ngrok)
    if name:
        note = f"Okta has this person as {shown(name)}."
        asked = replace(asked, text=name, notes=(*asked.notes, note))
        okta = _okta_half(trail, asked)
        ngrok = ngrok_half(evidence, asked, okta)
    since = new_since(evidence.now())
    traced = Traced(asked, okta, ngrok, evidence.domains(), since)
    return _searched(evidence, trail, traced)


def _searched(evidence: Evidence, trail: OktaTrail | None, traced: Traced) -> Traced:
    """Look for somebody whom nobody has at the beginning of both lists.

    There may be names that are nearly this one, or this very name, which the look-up missed.
    """
    if not traced.is_found_nowhere:
        return traced
    wanted = traced.asked.text.casefold()
    listed: set[str] = set()
    with suppress(Unknown):
        for page in islice(evidence.scim().pages(), _PAGES):
            evidence.note(page.exchange)
            listed.update(read_ngrok_user(item).user_name for item in page.items)
    same = next((name for name in listed if name.casefold() == wanted), "")
    if same and isinstance(traced.ngrok, NgrokHalf):
        missed = finding("SCM519", f"{shown(same)} is in the list, but the look-up found nobody.")
        return replace(traced, ngrok=replace(traced.ngrok, faults=(*traced.ngrok.faults, missed)))
    names = listed
    with suppress(Unknown):
        names = listed.union(trail.names_like(wanted[:_BEGINNING]) if trail else ())
    slips = sorted((distance(wanted, name.casefold()), name) for name in names - {""})
    near = tuple(name for number, name in slips if 3 * number <= len(wanted))[:_NEAR]
    return replace(traced, near=near)


def _trail(evidence: Evidence, asked: AskedPerson) -> tuple[OktaTrail | None, Unknown]:
    """Return what follows people in Okta; or nothing, and why there is none."""
    side = evidence.access.okta
    try:
        return OktaTrail(evidence, evidence.okta(), evidence.okta_app.get()), Unknown("")
    except Unknown as unknown:
        if unknown.findings or not isinstance(side.api, Unknown):
            return None, unknown
        if asked.is_full_name:
            raise only_a_name(asked) from None
        return None, Unknown(WRONG_ORG_URL if side.wrong else unknown.reason, side.wrong)


def _okta_half(trail: OktaTrail, asked: AskedPerson) -> OktaHalf | Unknown:
    try:
        return trail.half(asked)
    except Unknown as unknown:
        return unknown


def _name_in_okta(trail: OktaTrail, okta: OktaHalf | Unknown, ngrok: NgrokHalf | Unknown) -> str:
    """Return how Okta calls somebody whom ngrok has under another name; empty where it may not."""
    if isinstance(okta, Unknown) or isinstance(ngrok, Unknown) or ngrok.user is None:
        return ""
    return "" if okta.app_user or okta.person else trail.renamed(ngrok.user)
