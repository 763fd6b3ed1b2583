"""The people of the Okta app, and who of the org is deactivated or suspended."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.okta.directory_user import DEPROVISIONED, SUSPENDED, read_okta_person
from ngrok_scim_cli.diagnosis.okta.system_log import removed_people
from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
from ngrok_scim_cli.diagnosis.people.records import read_app_user
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.peer_reads import LOG_KEPT_DAYS
from ngrok_scim_cli.doctor.shared_future import SharedFuture
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
    from ngrok_scim_cli.doctor.peer_reads import PeerReads

# So many of Okta's people are kept, to judge by them what cannot be read off the app.
_SAMPLE = 100

_MEMBERSHIP = 'eventType sw "application.user_membership."'

# Okta's list of those whom it deactivated or suspended is read so far: 200 people a page.
_MOST_PAGES = 100

MOST_ASKED_FOR = 400
"""About so many users Okta is asked whether it has deactivated them: 20 or so in a request."""

NEW = timedelta(minutes=10)
"""For so long an assignment is new: Okta's job may still run."""


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
    """The people who are assigned to the Okta app."""

    count: int
    provisioned: bool
    sample: tuple[AppUser, ...]
    both: BothSides


def read_statuses(peers: PeerReads) -> Statuses:
    """Read who is deactivated or suspended in Okta: two searches for the whole org."""
    by_id: dict[str, str] = {}
    removed: set[str] = set()
    unknown = None
    okta = peers.okta()
    for status in (DEPROVISIONED, SUSPENDED):
        pages = peers.pages("people", okta.people_with_status(status))
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
                unknown = Unknown("Okta has more deactivated people than are read.", told=False)
        except Unknown as refused:
            unknown = refused
    return Statuses(by_id, frozenset(removed - {""}), unknown)


def read_assigned(peers: PeerReads, statuses: SharedFuture[Statuses]) -> Assigned:
    """Read everybody who is assigned to the Okta app."""
    statuses.begin()
    count = 0
    provisioned = False
    sample: list[AppUser] = []

    def people() -> Iterator[AppUser]:
        nonlocal count, provisioned
        pages = peers.okta().app_users(peers.app_id())
        for page in peers.pages("the people of the app", pages):
            for item in page.items:
                person = read_app_user(item)
                provisioned = provisioned or bool(person.external_id)
                if len(sample) < _SAMPLE:
                    sample.append(person)
                yield person
            count += len(page.items)
            peers.progress.read("people assigned in Okta", count, None)

    both = BothSides(
        people(),
        domains=peers.domains(),
        statuses=statuses.get().by_id,
        new_since=new_since(peers.now()),
    )
    return Assigned(count, provisioned, tuple(sample), both)


def new_since(now: datetime) -> str:
    """Return since when an assignment counts as new, as Okta writes times."""
    return f"{now - NEW:%Y-%m-%dT%H:%M:%S}"


def removed_in_okta(
    peers: PeerReads, orphans: list[NgrokUser], statuses: Statuses
) -> frozenset[str]:
    """Return whom of ``orphans`` Okta has deactivated or unassigned, as far as it tells."""
    unassigned: SharedFuture[frozenset[str]] = SharedFuture(lambda: _unassigned(peers))
    unassigned.begin()
    removed = statuses.removed
    if statuses.unknown:
        removed |= _deactivated(peers, [user.user_name for user in orphans if user.user_name])
    return removed | unassigned.get()


def _deactivated(peers: PeerReads, names: list[str]) -> frozenset[str]:
    found: set[str] = set()
    # The System Log may tell, and who stays is named as one whom Okta does not know.
    with suppress(Unknown):
        for page in peers.pages("people", peers.okta().deactivated(names)):
            people = map(read_okta_person, page.items)
            found |= {name.casefold() for one in people for name in (one.login, one.email)}
    return frozenset(found - {""})


def _unassigned(peers: PeerReads) -> frozenset[str]:
    try:
        return removed_people(peers.read_log(_MEMBERSHIP, days=LOG_KEPT_DAYS))
    except Unknown:
        return frozenset()
