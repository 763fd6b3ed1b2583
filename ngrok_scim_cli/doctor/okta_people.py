"""The people of the Okta app, and who of the org is deactivated or suspended."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from ngrok_scim_cli.diagnosis.okta.records import DEPROVISIONED, SUSPENDED, read_okta_person
from ngrok_scim_cli.diagnosis.okta.system_log import removed_people
from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser, read_app_user
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.background import SharedFuture
from ngrok_scim_cli.doctor.evidence import LOG_KEPT_DAYS, Evidence
from ngrok_scim_cli.records import dataclass

# At most this many of Okta's people are kept, to judge what the app itself does not show.
_SAMPLE = 100

_MEMBERSHIP = 'eventType sw "application.user_membership."'

# At most this many pages of deactivated or suspended people are read, 200 people each.
_MOST_PAGES = 100

MOST_ASKED_FOR = 400
"""Okta is asked for about this many users at most whether it has deactivated them."""

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
    """The people who are assigned to the Okta app."""

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
        pages = evidence.okta().app_users(evidence.app_id())
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


def removed_in_okta(evidence: Evidence, orphans: list[NgrokUser]) -> frozenset[str]:
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
