"""The users of ngrok and the people of the Okta app, read once and held against each other.

Nobody is kept whole: what a rule needs of 100,000 people stays far below what their pages take.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import field
from itertools import chain
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.people.email_address import DifficultNames
from ngrok_scim_cli.diagnosis.people.records import NgrokUser, cut, read_ngrok_user
from ngrok_scim_cli.diagnosis.people.user_rules import UserAudit
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.okta_people import (
    MOST_ASKED_FOR,
    Assigned,
    read_assigned,
    removed_in_okta,
)
from ngrok_scim_cli.doctor.user_list import UserList
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.wire.ngrok_api import json_object

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
    from ngrok_scim_cli.doctor.background import SharedFuture
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.wire.pages import Page
    from ngrok_scim_cli.wire.scim import OktaScim

_TOO_MANY_REQUESTS = 429
_NOT_FOUND = 404

_UNPROVEN = "Could not verify that the list of users is complete."
_UNREAD = (
    "Somebody is missing from the list of users. Could not verify that they are gone, because "
    "users cannot be read by id."
)
_NOBODY = "ngrok's list has no user with an id, so it cannot be compared with Okta."

# At most this many users of ngrok wait in memory until Okta's people are read.
_MOST_WAITING = 100_000

# A thread whose reply has come waits for at most this long for the one that reads the other list.
# With Python's own 5 ms, two lists read at the same time took a tenth longer.
_SWITCH_INTERVAL_S = 0.001

# At most this many people missing in ngrok's list are read by id, to prove that they are gone.
_MOST_READ = 10


@dataclass(frozen=True, slots=True)
class People:
    """What the users of ngrok come to, and both sides together.

    Attributes:
        difficult: user names that a server may trip over in a filter, by what is difficult.
        unproven: why the list is not proven whole; ``None`` where it is. Then nothing follows from
            what was not found in it.
        reported: how many there are, says the endpoint (``totalResults``).
        unclear: of how many ``active`` is neither true nor false.
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
    """Read all users of ngrok, and hold them against Okta's people as far as these are known.

    Both lists are fetched at the same time.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    assigned = evidence.shared(read_assigned)
    assigned.begin()
    both: tuple[Finding, ...] | Unknown
    try:
        scim, pages = _open_list(evidence)
        users = UserList(pages, note=evidence.note)
        reading = _Reading(evidence, scim, users, UserAudit(evidence.domains()), assigned)
        broken = reading.read()
        both = broken or (reading.both() if reading.known_id else Unknown(_NOBODY))
    finally:
        assigned.get_or_none()  # so that no thread asks Okta for people any more
    found = () if broken else users.watch.findings()
    audit = reading.audit
    return People(
        (*audit.findings(locked_out=reading.locked_out), *found),
        both,
        audit.total,
        audit.active,
        reading.difficult.found,
        broken or reading.unproven(),
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
    difficult: DifficultNames = field(default_factory=DifficultNames)
    known_id: str = ""
    is_unread: bool = False
    locked_out: Collection[str] = ()
    removed: frozenset[str] = frozenset()

    def read(self) -> Unknown | None:
        """Look at everybody, and return why the list broke off, if it did behind its first page."""
        for users in self.users.pages():
            self.known_id = self.known_id or next((user.id for user in users if user.id), "")
            for user in users:
                self.audit.add(user)
            self.difficult.see(users)
            self.waiting += users if self.assigned.is_over else map(cut, users)
            if len(self.waiting) > _MOST_WAITING:
                self.assigned.get_or_none()
            if self.assigned.is_over:
                self._meet()
            self.evidence.progress.read("users in ngrok", self.users.seen, self.users.total)
        if not self.users.broken:
            return None
        broken = _broken_off(self.users.broken, self.users.seen)
        if not self.users.seen:
            raise broken
        return broken

    def unproven(self) -> Unknown | None:
        """Return why the list, read to its end, is not proven whole; ``None`` where it is."""
        found = self.users.watch.findings()
        if found:
            seen = f"{self.audit.total:,} users"
            return Unknown(f"Only {seen} are known; the list may be incomplete.", found)
        if self.is_unread:
            return Unknown(_UNREAD)
        if self.users.unproven:
            judged = judge(self.users.unproven)
            return Unknown(_UNPROVEN, judged.findings, conclusive=judged.accepts is not None)
        return None

    def both(self) -> tuple[Finding, ...] | Unknown:
        """Return what is wrong between the two sides; nobody is gone without proof."""
        try:
            both = self.assigned.get().both
        except Unknown as unknown:
            return unknown
        self._meet()
        self.locked_out = both.locked_out
        gone = self._gone(both)
        orphans = both.orphans(MOST_ASKED_FOR)
        if orphans:
            self.removed = removed_in_okta(self.evidence, orphans)
        return both.findings(removed=self.removed, gone=gone if self.unproven() else None)

    def _gone(self, both: BothSides) -> frozenset[str]:
        """Read some of those by their id whom the list does not have, and return who is gone.

        Whoever is there all the same shows that the list is not whole.
        """
        absent = both.absent(_MOST_READ)
        if not absent:
            return frozenset()
        # Where nobody at all can be read by id, a 404 proves nothing.
        if self._read(self.known_id) is not True:
            self.is_unread = True
            return frozenset()
        gone = set()
        for identifier in absent:
            is_there = self._read(identifier)
            if is_there is False:
                gone.add(identifier)
            elif is_there:
                self.users.watch.miss(identifier)
        return frozenset(gone)

    def _read(self, identifier: str) -> bool | None:
        """Tell whether ngrok has a user with this id; ``None`` where that is not known."""
        exchange = self.evidence.note(self.scim.user(identifier))
        document = json_object(exchange)
        if document is not None:
            return read_ngrok_user(document).id == identifier or None
        is_gone = exchange.reply is not None and exchange.reply.status == _NOT_FOUND
        return False if is_gone else None

    def _meet(self) -> None:
        """Hold the users who wait against Okta's people; without these, nobody needs to wait."""
        waiting, self.waiting = self.waiting, []
        if assigned := self.assigned.peek():
            for user in waiting:
                assigned.both.meet(user)


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
        reply = tested.judged.reply if tested.judged else None
        if reply and reply.status == _TOO_MANY_REQUESTS:
            raise Unknown("ngrok does not return the list of users at the moment.", tested.replied)
        evidence.pause(seconds)

    return scim.pages(prove=True, pause=pause, on_wait=evidence.progress.waits)


def _broken_off(page: Page, read: int) -> Unknown:
    failure = page.exchange.failure
    if page.is_endless and failure:
        found = (finding("USR609", f"It has no end: {failure.detail}"),)
        return Unknown(f"Only the first {read:,} users are known.", found)
    judgement = judge(page.exchange)
    begun = f" Only the first {read:,} are known." if read else ""
    reason = f"Could not read the whole list of users.{begun}"
    return Unknown(reason, judgement.findings, conclusive=judgement.accepts is not None)
