"""Predicts what Okta's first sync would do to each person, without a request.

Okta looks each assigned person up by user name. It links them with the one account that it finds,
and creates one where it finds none (seen on the wire). Names that differ in case or in what cannot
be seen are a conflict: whether ngrok's look-up takes them for the same is not known.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
from ngrok_scim_cli.diagnosis.people.email_address import fault_of, looks_like, shown
from ngrok_scim_cli.diagnosis.people.match import Assignment, assignment_of
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from ngrok_scim_cli.records import dataclass

REQUESTS_A_MINUTE = 120
"""Requests a minute that ngrok allows an account (https://ngrok.com/docs/api)."""


class What(StrEnum):
    """What the first sync would do."""

    CONFLICT = "conflict"
    LOCKED_OUT = "locked-out"
    CREATE = "create"
    LINK = "link"
    UNMANAGED = "unmanaged"
    LEAVE_ALONE = "leave-alone"


# What Okta sends for each: look-up, read and PUT to link, look-up and POST to create. Of a conflict
# only the look-up is certain.
_REQUESTS = {What.LINK: 3, What.CREATE: 2, What.CONFLICT: 1}

_LINK = "Okta would find this account and link it."
_ACTIVATE = "Deactivated in ngrok: Okta would link the account and activate it."
_CREATE = "Okta would find nobody with this user name in ngrok, and create a user."
_LINKED = "Okta has linked the account already."
_SUSPENDED = "Neither assigned nor removed in Okta (suspended, say): Okta sends nothing."
_LOCKED_OUT = (
    "Assigned and linked in Okta, but deactivated in ngrok. The sync does not activate the account."
)
_GONE = "Okta still has the id of an ngrok account that no longer exists."
_RIVALS = "Okta has linked the same ngrok account with another person, too."
_TAKEN = "Okta has linked the ngrok account of this name with another person already."
_TWICE_IN_OKTA = "Two assigned people have this user name in Okta."
_NO_ID = "ngrok's account of this name has no id, so Okta cannot link it."
_UNASSIGNED = (
    "Active in ngrok, but not assigned in Okta: Okta neither updates nor deactivates the account."
)
_REMOVED = (
    "Active in ngrok, but deactivated or unassigned in Okta: the first sync does not deactivate "
    "the account."
)


class PreviewedPerson(NamedTuple):
    """What the first sync would do to one person, and why."""

    user_name: str
    what: What
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What the first sync would do.

    Attributes:
        groups: the user names of those to whom the same would be done for the same reason;
            100,000 people need few groups.
        is_whole: whether ngrok's list is proven whole; if not, nobody counts as absent from it.
    """

    groups: dict[tuple[What, str], tuple[str, ...]]
    is_whole: bool = True

    @classmethod
    def of_people(cls, people: Iterable[PreviewedPerson], *, is_whole: bool = True) -> "Preview":
        """Group ``people``."""
        groups: dict[tuple[What, str], list[str]] = {}
        for user_name, what, why in people:
            groups.setdefault((what, why), []).append(user_name)
        return cls({group: tuple(names) for group, names in groups.items()}, is_whole)

    @property
    def people(self) -> Iterator[PreviewedPerson]:
        """Everybody."""
        return chain.from_iterable(map(self.of, What))

    def of(self, what: What) -> Iterator[PreviewedPerson]:
        """Yield the people to whom ``what`` would be done."""
        for (kind, why), names in self.groups.items():
            if kind is what:
                for user_name in names:
                    yield PreviewedPerson(user_name, what, why)

    def count(self, what: What) -> int:
        """Return how many people they are."""
        return sum(len(names) for (kind, _), names in self.groups.items() if kind is what)

    @property
    def requests(self) -> int:
        """How many requests Okta would send at least."""
        return sum(number * self.count(what) for what, number in _REQUESTS.items())

    @property
    def least_seconds(self) -> int:
        """How long they take at least, at the number of requests a minute that ngrok allows."""
        return -(-self.requests * 60 // REQUESTS_A_MINUTE)


def preview(
    both: BothSides,
    *,
    domains: frozenset[str] = frozenset(),
    removed: Collection[str] = (),
    is_whole: bool = True,
) -> Preview:
    """Judge everybody; with ``domains`` (lower case, ASCII), a name outside them is a conflict."""
    accounts: dict[str, list[NgrokUser]] = {}
    for user in both.others():
        accounts.setdefault(looks_like(user.user_name), []).append(user)
    people = chain(
        _linked(both), _unlinked(both, domains, accounts), _unmanaged(both, removed, accounts)
    )
    unproven = () if is_whole else (_CREATE, _GONE)
    return Preview.of_people((one for one in people if one.why not in unproven), is_whole=is_whole)


def _linked(both: BothSides) -> Iterator[PreviewedPerson]:
    for external_id, name, is_assigned, is_there in both.linked():
        if not is_assigned:
            yield PreviewedPerson(name, What.LEAVE_ALONE, _SUSPENDED)
        elif external_id in both.locked_out:
            yield PreviewedPerson(name, What.LOCKED_OUT, _LOCKED_OUT)
        elif is_there:
            yield PreviewedPerson(name, What.LEAVE_ALONE, _LINKED)
        else:
            yield PreviewedPerson(name, What.CONFLICT, _GONE)
    for app_user in both.rivals:
        is_rival = _is_assigned(app_user)
        what, why = (What.CONFLICT, _RIVALS) if is_rival else (What.LEAVE_ALONE, _SUSPENDED)
        yield PreviewedPerson(app_user.user_name, what, why)


def _unlinked(
    both: BothSides, domains: frozenset[str], accounts: Mapping[str, list[NgrokUser]]
) -> Iterator[PreviewedPerson]:
    """Judge those whom Okta has linked with no account."""
    sharing = Counter(looks_like(one.user_name) for one in both.unlinked if _is_assigned(one))
    taken = set()
    for external_id, name, _, is_there in both.linked() if sharing else ():
        looks = looks_like(both.renamed.get(external_id, name))
        if is_there and looks in sharing:
            taken.add(looks)
    for app_user in both.unlinked:
        name = app_user.user_name
        looks = looks_like(name)
        found = accounts.get(looks, [])
        if not _is_assigned(app_user):
            yield PreviewedPerson(name, What.LEAVE_ALONE, _SUSPENDED)
        elif fault := fault_of(name, domains):
            yield PreviewedPerson(name, What.CONFLICT, f"The user name in Okta {fault}.")
        elif sharing[looks] > 1:
            yield PreviewedPerson(name, What.CONFLICT, _TWICE_IN_OKTA)
        elif looks in taken:
            yield PreviewedPerson(name, What.CONFLICT, _TAKEN)
        elif not found:
            yield PreviewedPerson(name, What.CREATE, _CREATE)
        elif conflict := _conflict(name, found):
            yield PreviewedPerson(name, What.CONFLICT, conflict)
        else:
            why = _ACTIVATE if found[0].active is False else _LINK
            yield PreviewedPerson(name, What.LINK, why)


def _unmanaged(
    both: BothSides, removed: Collection[str], accounts: Mapping[str, list[NgrokUser]]
) -> Iterator[PreviewedPerson]:
    """Yield the active users of ngrok whom nobody in Okta matches."""
    wanted = {looks_like(app_user.user_name) for app_user in both.unlinked}
    wanted |= {looks_like(name) for _, name, _, is_there in both.linked() if not is_there}
    for looks, users in accounts.items():
        for user in users:
            if user.active is not False and (not looks or looks not in wanted):
                why = _REMOVED if both.is_removed(user, removed) else _UNASSIGNED
                yield PreviewedPerson(user.user_name or user.id, What.UNMANAGED, why)


def _is_assigned(app_user: AppUser) -> bool:
    return assignment_of(app_user) is Assignment.ASSIGNED


def _conflict(name: str, accounts: list[NgrokUser]) -> str:
    """Return what keeps Okta from linking one of these accounts; empty for nothing."""
    if len(accounts) > 1:
        names = ", ".join(shown(user.user_name) for user in accounts[:3])
        return f"ngrok has {len(accounts)} users of this name: {names}."
    if accounts[0].user_name != name:
        return (
            f"ngrok has {shown(accounts[0].user_name)}: the same name, written differently. "
            "Could not verify whether Okta's look-up would find it."
        )
    return "" if accounts[0].id else _NO_ID
