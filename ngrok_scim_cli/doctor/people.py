"""The users of ngrok and the people of the Okta app, read once and compared.

Nobody is kept whole: what a rule needs of 100,000 people stays far below what their pages take.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import chain, islice
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.okta.records import DEPROVISIONED, SUSPENDED, read_okta_person
from ngrok_scim_cli.diagnosis.okta.system_log import removed_people
from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
from ngrok_scim_cli.diagnosis.people.email_address import note_difficult
from ngrok_scim_cli.diagnosis.people.records import (
    AppUser,
    NgrokUser,
    cut,
    read_app_user,
    read_ngrok_user,
)
from ngrok_scim_cli.diagnosis.people.user_rules import UserAudit
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.evidence import LOG_KEPT_DAYS, Evidence, SharedFuture
from ngrok_scim_cli.doctor.user_list import UserList
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.wire.pages import Page
    from ngrok_scim_cli.wire.scim import OktaScim

_UNREAD = (
    "Somebody is missing from the list of users. Could not verify that they are gone, because "
    "users cannot be read by id."
)
_NOBODY = "ngrok's list has no user with an id, so it cannot be compared with Okta."

# At most this many users of ngrok wait in memory until Okta's people are read.
_MOST_WAITING = 100_000

# At most this many people missing in ngrok's list are read by id, to prove that they are gone.
_MOST_READ = 10

# At most this many of Okta's people are kept, to judge what the app itself does not show.
_SAMPLE = 100

_MEMBERSHIP = 'eventType sw "application.user_membership."'

# At most this many pages of deactivated or suspended people are read, 200 people each.
_MOST_PAGES = 100

# Okta is asked for about this many users at most whether it has deactivated them.
_MOST_ASKED_FOR = 400

NEW = timedelta(minutes=10)
"""An assignment is new for this long: Okta's job may still run."""


@dataclass(frozen=True, slots=True)
class Statuses:
    """Who is deactivated or suspended in Okta.

    Attributes:
        removed: the logins and e-mail addresses of those who are deactivated, casefolded.
        unknown: why not all of them are known; ``None`` where they are.
    """

    by_id: Mapping[str, str]
    removed: frozenset[str]
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The people who are assigned to the Okta app.

    Attributes:
        provisioned: whether Okta holds ngrok's id of any of them.
        sample: the first of them, to judge what the app itself does not show.
        both: all of them, ready to be compared with the users of ngrok.
    """

    count: int
    provisioned: bool
    sample: tuple[AppUser, ...]
    both: BothSides


def read_statuses(evidence: Evidence) -> Statuses:
    """Read who is deactivated or suspended in Okta: two searches for the whole org."""
    by_id: dict[str, str] = {}
    removed: set[str] = set()
    unknown = None
    okta = evidence.okta()
    for status in (DEPROVISIONED, SUSPENDED):
        pages = evidence.pages("people", okta.people_with_status(status))
        try:
            for page in islice(pages, _MOST_PAGES):
                for item in page.items:
                    person = read_okta_person(item)
                    if person.status != status:
                        continue
                    by_id[person.id] = status
                    if status == DEPROVISIONED:
                        removed |= {person.login.casefold(), person.email.casefold()}
            if next(pages, None):
                unknown = Unknown(
                    "Okta has more deactivated people than ngrok-scim reads.", conclusive=False
                )
        except Unknown as refused:
            unknown = refused
    return Statuses(by_id, frozenset(removed - {""}), unknown)


def read_assigned(evidence: Evidence) -> Assigned:
    """Read everybody who is assigned to the Okta app."""
    evidence.shared(read_statuses).begin()
    count = 0
    provisioned = False
    sample: list[AppUser] = []

    def people() -> Iterator[AppUser]:
        nonlocal count, provisioned
        pages = evidence.okta().app_users(evidence.app_id(), prefetch=True)
        for page in evidence.pages("the people of the app", pages):
            read = [read_app_user(item) for item in page.items]
            provisioned = provisioned or any(person.external_id for person in read)
            sample.extend(read[: _SAMPLE - len(sample)])
            count += len(read)
            yield from read
            evidence.progress.read("people assigned in Okta", count, None)

    statuses = evidence.shared(read_statuses).get().by_id
    since = new_since(evidence.now())
    try:
        both = BothSides(people(), domains=evidence.domains(), statuses=statuses, new_since=since)
    except Unknown as refused:
        if not refused.findings:
            evidence.okta_app.get()  # that the app is not there explains it
        raise
    return Assigned(count, provisioned, tuple(sample), both)


def new_since(now: datetime) -> str:
    """Return since when an assignment counts as new, as Okta writes times."""
    return f"{now - NEW:%Y-%m-%dT%H:%M:%S}"


def _removed_in_okta(evidence: Evidence, orphans: list[NgrokUser]) -> frozenset[str]:
    """Return whom of ``orphans`` Okta has deactivated or unassigned, as far as it reports it."""
    unassigned = SharedFuture(
        lambda: removed_people(evidence.read_log(_MEMBERSHIP, days=LOG_KEPT_DAYS))
    )
    unassigned.begin()
    statuses = evidence.shared(read_statuses).get()
    removed = set(statuses.removed)
    if statuses.unknown:
        names = [user.user_name for user in orphans if user.user_name]
        # The System Log may show it; otherwise they are reported as people whom Okta does not know.
        with suppress(Unknown):
            for page in evidence.pages("people", evidence.okta().deactivated(names)):
                for person in map(read_okta_person, page.items):
                    removed |= {person.login.casefold(), person.email.casefold()}
    return frozenset(removed - {""}) | (unassigned.get_or_none() or frozenset())


@dataclass(frozen=True, slots=True)
class People:
    """What the users of ngrok come to, and both sides together.

    Attributes:
        users: what is wrong with the users of ngrok.
        both: what is wrong between the two sides; ``Unknown`` where they could not be compared.
        total: how many users were read.
        difficult: user names that a server may trip over in a filter, by what is difficult.
        unproven: why the list is not proven whole; ``None`` where it is. Then nothing follows from
            what was not found in it.
        removed: ids, logins and e-mail addresses (casefolded) of people whom Okta has deactivated
            or unassigned; empty where every active user of ngrok is known to Okta.
        reported: how many there are according to the endpoint (``totalResults``).
        unclear: how many have an ``active`` that is neither true nor false.
    """

    users: tuple[Finding, ...]
    both: tuple[Finding, ...] | Unknown
    total: int
    active: int
    difficult: Mapping[str, str]
    unproven: Unknown | None = None
    removed: frozenset[str] = frozenset()
    reported: int | None = None
    unclear: int = 0


def read_people(evidence: Evidence) -> People:
    """Read all users of ngrok, and compare them with Okta's people as far as these are known.

    Both lists are fetched at the same time.
    """
    assigned = evidence.shared(read_assigned)
    assigned.begin()
    both: tuple[Finding, ...] | Unknown
    try:
        scim, pages = _open_list(evidence)
        users, audit = UserList(pages, note=evidence.note), UserAudit(evidence.domains())
        reading = _Reading(evidence, scim, users, audit, assigned)
        reading.read()
        both = users.broken or (reading.both() if reading.known_id else Unknown(_NOBODY))
    finally:
        assigned.get_or_none()  # so that no thread asks Okta for people any more
    found = () if users.broken else users.watch.findings()
    return People(
        (*audit.findings(locked_out=reading.locked_out), *found),
        both,
        audit.total,
        audit.active,
        reading.difficult,
        users.broken or reading.unproven(),
        reading.removed,
        users.total,
        users.unclear,
    )


@dataclass(slots=True)
class _Reading:
    """One way through the list of users; some wait until Okta's people are known."""

    evidence: Evidence
    scim: OktaScim
    users: UserList
    audit: UserAudit
    assigned: SharedFuture[Assigned]
    waiting: list[NgrokUser] = field(default_factory=list)
    difficult: dict[str, str] = field(default_factory=dict)
    known_id: str = ""
    is_unread: bool = False
    locked_out: Collection[str] = ()
    removed: frozenset[str] = frozenset()

    def read(self) -> None:
        """Read everybody; raises ``Unknown`` where the first page did not come."""
        for users in self.users.pages():
            self.known_id = self.known_id or next((user.id for user in users if user.id), "")
            for user in users:
                self.audit.add(user)
            note_difficult(self.difficult, users)
            self.waiting += users if self.assigned.is_over else map(cut, users)
            if len(self.waiting) > _MOST_WAITING:
                self.assigned.get_or_none()
            if self.assigned.is_over:
                self._compare()
            self.evidence.progress.read("users in ngrok", self.users.seen, self.users.total)
        if self.users.broken and not self.users.seen:
            raise self.users.broken

    def unproven(self) -> Unknown | None:
        """Return why the list, read to its end, is not proven whole; ``None`` where it is."""
        found = self.users.watch.findings()
        if found:
            seen = f"{self.audit.total:,} users"
            return Unknown(f"Only {seen} are known; the list may be incomplete.", found)
        return Unknown(_UNREAD) if self.is_unread else self.users.unproven

    def both(self) -> tuple[Finding, ...] | Unknown:
        """Return what is wrong between the two sides; nobody is gone without proof."""
        try:
            both = self.assigned.get().both
        except Unknown as unknown:
            return unknown
        self._compare()
        self.locked_out = both.locked_out
        gone = self._gone(both.absent(_MOST_READ))
        orphans = both.orphans(_MOST_ASKED_FOR)
        if orphans:
            self.removed = _removed_in_okta(self.evidence, orphans)
        return both.findings(removed=self.removed, gone=gone if self.unproven() else None)

    def _gone(self, absent: Collection[str]) -> frozenset[str]:
        """Read by id some who are missing from the list, and return who is gone.

        Whoever is there all the same shows that the list is not whole.
        """
        # Where nobody at all can be read by id, a 404 proves nothing.
        if absent and self._is_there(self.known_id) is not True:
            self.is_unread = True
            return frozenset()
        are_there = {identifier: self._is_there(identifier) for identifier in absent}
        for identifier, is_there in are_there.items():
            if is_there:
                self.users.watch.miss(identifier)
        return frozenset(identifier for identifier in absent if are_there[identifier] is False)

    def _is_there(self, identifier: str) -> bool | None:
        """Tell whether ngrok has a user with this id; ``None`` where that is not known."""
        exchange = self.evidence.note(self.scim.user(identifier))
        document = exchange.json_object()
        if document is not None:
            return read_ngrok_user(document).id == identifier or None
        return False if exchange.status == HTTPStatus.NOT_FOUND else None

    def _compare(self) -> None:
        """Compare the users who wait with Okta's people; without these, nobody needs to wait."""
        waiting, self.waiting = self.waiting, []
        if assigned := self.assigned.peek():
            for user in waiting:
                assigned.both.add(user)


def _open_list(evidence: Evidence) -> tuple[OktaScim, Iterator[Page]]:
    """Open the list of users, with the values as typed or else with the repaired ones."""
    scim = evidence.scim()
    pages = _patiently(scim, evidence)
    first = next(pages)
    if not first.ok:
        with suppress(Unknown):
            scim = evidence.scim_with(evidence.repaired())
            evidence.note(first.exchange)
            return scim, _patiently(scim, evidence)
    return scim, chain([first], pages)


def _patiently(scim: OktaScim, evidence: Evidence) -> Iterator[Page]:
    """Go through the list and wait where ngrok asks for it, unless nobody is let in at all."""

    def pause(seconds: float) -> None:
        tested = evidence.tested.get()
        if tested.judged and tested.judged.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Unknown("ngrok does not return the list of users at the moment.", tested.replied)
        evidence.pause(seconds)

    return scim.pages(prefetch=True, prove=True, pause=pause, on_wait=evidence.progress.waits)
