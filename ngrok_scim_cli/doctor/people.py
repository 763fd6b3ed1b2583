"""The users of ngrok and the people of the Okta app, read once and held against each other.

Nobody is kept whole: what a rule needs of 100,000 people stays far below what their pages take.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.endpoint.paging import PageWatch
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.okta.system_log import removed_people
from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
from ngrok_scim_cli.diagnosis.people.records import mapping, read_app_user, read_ngrok_user, text
from ngrok_scim_cli.diagnosis.people.user_rules import UserAudit
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.prefetch import prefetch
from ngrok_scim_cli.doctor.shared_future import SharedFuture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.pages import Page
    from ngrok_scim_cli.wire.scim import OktaScim

_TOO_MANY_REQUESTS = 429

_NOBODY = "ngrok's list names nobody by an id, so nobody in Okta can be held against it."

# So many users of ngrok wait in memory until Okta's people are read.
_MOST_WAITING = 20_000

# So many of Okta's people are kept, to judge by them what cannot be read off the app.
_SAMPLE = 100

_MEMBERSHIP = 'eventType sw "application.user_membership."'

LOG_KEPT_DAYS = 90
"""For so long Okta keeps its System Log (https://developer.okta.com/docs/api/openapi/okta-management/)."""

# About so many users Okta is asked whether it has deactivated them: 20 or so in a request.
_MOST_ASKED_FOR = 400


@dataclass(frozen=True, slots=True)
class Assigned:
    """The people who are assigned to the Okta app.

    Attributes:
        count: how many there are.
        provisioned: whether one of them has an ``externalId``.
        sample: the first of them.
        both: all of them, ready to meet the users of ngrok.
    """

    count: int
    provisioned: bool
    sample: tuple[AppUser, ...]
    both: BothSides


@dataclass(frozen=True, slots=True)
class People:
    """What the users of ngrok come to, and both sides together.

    Attributes:
        users: what is wrong with the users: ``USR603`` to ``609``.
        both: what is wrong between the two sides: ``OKT908`` to ``911`` and ``914``; in its place
            stands why that cannot be told.
        total: how many users were read.
        active: how many of them are not deactivated.
        broken: why the list could not be read to its end; ``None`` where it was.
    """

    users: tuple[Finding, ...]
    both: tuple[Finding, ...] | Unknown
    total: int
    active: int
    broken: Unknown | None = None


def read_assigned(evidence: Evidence, domains: frozenset[str]) -> Assigned:
    """Read everybody who is assigned to the Okta app.

    Args:
        evidence: what can be asked.
        domains: the domains that were submitted to ngrok; empty where none is known.

    Raises:
        Unknown: there is no Okta org to ask, or it does not tell.
    """
    count = 0
    provisioned = False
    sample: list[AppUser] = []

    def people() -> Iterator[AppUser]:
        nonlocal count, provisioned
        pages = evidence.okta().app_users(evidence.app_id())
        for page in evidence.pages("the people of the app", pages):
            for item in page.items:
                person = read_app_user(item)
                provisioned = provisioned or bool(person.external_id)
                if len(sample) < _SAMPLE:
                    sample.append(person)
                yield person
            count += len(page.items)
            evidence.progress.read("people assigned in Okta", count, None)

    both = BothSides(people(), domains=domains)
    return Assigned(count, provisioned, tuple(sample), both)


def read_people(evidence: Evidence, domains: frozenset[str]) -> People:
    """Read all users of ngrok, and hold them against Okta's people as far as these are known.

    Both lists are fetched at the same time.

    Args:
        evidence: what can be asked.
        domains: the domains that were submitted to ngrok; empty where none is known.

    Raises:
        Unknown: there is no key, or the endpoint does not take it.
    """
    scim = evidence.scim()
    reading = _Reading(UserAudit(domains), PageWatch(), _Meeting(evidence.assigned))
    try:
        broken = reading.read(evidence, prefetch(_user_pages(evidence, scim)))
    except Unknown:
        reading.meeting.leave()
        raise
    audit = reading.audit
    findings = (*audit.findings(), *reading.watch.findings(complete=broken is None))
    both = broken or (_both(evidence, reading) if reading.has_ids else Unknown(_NOBODY))
    return People(findings, both, audit.total, audit.active, broken)


@dataclass(slots=True)
class _Reading:
    """One way through the list of users."""

    audit: UserAudit
    watch: PageWatch
    meeting: _Meeting
    has_ids: bool = False

    def read(self, evidence: Evidence, pages: Iterable[Page]) -> Unknown | None:
        """Look at everybody, and return why the list broke off, if it did behind its first page.

        Raises:
            Unknown: nobody could be read.
        """
        for page in pages:
            evidence.note(page.exchange)
            if not page.ok:
                broken = _broken_off(page.exchange, self.audit.total)
                if not self.audit.total:
                    raise broken
                return broken
            users = [read_ngrok_user(item) for item in page.items]
            ids = [user.id for user in users]
            self.has_ids = self.has_ids or any(ids)
            self.watch.add(page.asked or 1, page.start, page.total, ids)
            for user in users:
                self.audit.add(user)
            self.meeting.add(users)
            evidence.progress.read("users in ngrok", self.audit.total, page.total)
        return None


class _Meeting:
    """Lets the users of ngrok meet Okta's people, and keeps some until these are there."""

    def __init__(self, assigned: SharedFuture[Assigned]) -> None:
        self._assigned = assigned
        self._waiting: list[NgrokUser] = []
        assigned.begin()

    def add(self, users: Iterable[NgrokUser]) -> None:
        """Let ``users`` meet them, now or later."""
        self._waiting += users
        if self._assigned.is_over or len(self._waiting) > _MOST_WAITING:
            self._meet()

    def ended(self) -> BothSides:
        """Return both sides, once everybody has met.

        Raises:
            Unknown: Okta's people are not known.
        """
        both = self._assigned.get().both
        self._meet()
        return both

    def leave(self) -> None:
        """Wait until nobody is asked for Okta's people any more."""
        with suppress(Unknown):
            self._assigned.get()

    def _meet(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            both = self._assigned.get().both
        except Unknown:
            return  # ``ended`` says so, and nobody needs to wait for them
        for user in waiting:
            both.meet(user)


def _user_pages(evidence: Evidence, scim: OktaScim) -> Iterator[Page]:
    """Go through the list of users, with the values as typed or else with the repaired ones."""
    pages = _patiently(scim, evidence)
    first = next(pages)
    if not first.ok:
        try:
            form = evidence.repaired()
        except Unknown:
            pass
        else:
            evidence.note(first.exchange)
            yield from _patiently(evidence.scim_with(form), evidence)
            return
    yield first
    yield from pages


def _patiently(scim: OktaScim, evidence: Evidence) -> Iterator[Page]:
    """Go through the list and wait where ngrok asks for it, unless nobody is let in at all."""

    def pause(seconds: float) -> None:
        tested = evidence.tested.get()
        reply = tested.judged.reply if tested.judged else None
        if reply and reply.status == _TOO_MANY_REQUESTS:
            raise Unknown("ngrok does not give the list of users for a while.", tested.replied)
        evidence.pause(seconds)

    return scim.pages(pause=pause, on_wait=evidence.progress.waits)


def _broken_off(exchange: Exchange, read: int) -> Unknown:
    judgement = judge(exchange)
    begun = f" Only the first {read:,} are known." if read else ""
    reason = f"The list of users could not be read to its end.{begun}"
    return Unknown(reason, judgement.findings, told=judgement.accepts is not None)


def _both(evidence: Evidence, reading: _Reading) -> tuple[Finding, ...] | Unknown:
    try:
        both = reading.meeting.ended()
    except Unknown as missing:
        return missing
    orphans = both.orphans(_MOST_ASKED_FOR)
    return both.findings(removed=_removed(evidence, orphans) if orphans else ())


def _removed(evidence: Evidence, orphans: list[NgrokUser]) -> frozenset[str]:
    """Return whom of ``orphans`` Okta has deactivated or unassigned, as far as it tells."""
    unassigned: SharedFuture[frozenset[str]] = SharedFuture(lambda: _unassigned(evidence))
    unassigned.begin()
    gone = _deactivated(evidence, [user.user_name for user in orphans if user.user_name])
    return gone | unassigned.get()


def _deactivated(evidence: Evidence, names: list[str]) -> frozenset[str]:
    found: set[str] = set()
    try:
        for page in evidence.pages("people", evidence.okta().deactivated(names)):
            for item in page.items:
                profile = mapping(item.get("profile"))
                found |= {text(profile.get("login")), text(profile.get("email"))}
    except Unknown:
        pass  # the System Log may tell, and who stays is named as one whom Okta does not know
    return frozenset(name.casefold() for name in found if name)


def _unassigned(evidence: Evidence) -> frozenset[str]:
    try:
        return removed_people(evidence.read_log(_MEMBERSHIP, days=LOG_KEPT_DAYS))
    except Unknown:
        return frozenset()
