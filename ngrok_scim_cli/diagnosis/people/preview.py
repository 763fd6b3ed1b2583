"""Predicts what Okta's first sync would do to each person, without a request.

Okta looks each assigned person up by user name. It links them with the one account that it finds,
and creates one where it finds none (seen on the wire). Names that differ in case or in what cannot
be seen are a conflict: whether ngrok's look-up takes them for the same is not known.
"""

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
from ngrok_scim_cli.diagnosis.people.email_address import fault_of, looks_like, shown
from ngrok_scim_cli.diagnosis.people.match import Assignment, assignment_of
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from ngrok_scim_cli.records import dataclass

REQUESTS_A_MINUTE = 120
"""So many requests ngrok allows an account (https://ngrok.com/docs/api)."""


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
class Group:
    """Those to whom the same would be done for the same reason; ``others`` are not named."""

    what: What
    why: str
    user_names: tuple[str, ...]
    others: int = 0

    def first(self, most: int) -> "Group":
        """Return it with no more than ``most`` names."""
        left_out = self.user_names[most:]
        return Group(self.what, self.why, self.user_names[:most], self.others + len(left_out))


@dataclass(frozen=True, slots=True)
class Preview:
    """What the first sync would do; 100,000 people need few groups.

    Attributes:
        is_whole: whether ngrok's list is proven whole; if not, nobody counts as absent from it.
    """

    groups: tuple[Group, ...]
    is_whole: bool = True

    @classmethod
    def of_people(cls, people: Iterable[PreviewedPerson], *, is_whole: bool = True) -> "Preview":
        """Group ``people``."""
        names: dict[tuple[What, str], list[str]] = {}
        for person in people:
            names.setdefault((person.what, person.why), []).append(person.user_name)
        order = list(What)
        groups = [Group(what, why, tuple(those)) for (what, why), those in names.items()]
        return cls(tuple(sorted(groups, key=lambda group: order.index(group.what))), is_whole)

    @property
    def people(self) -> Iterator[PreviewedPerson]:
        """Everybody."""
        return chain.from_iterable(map(self.of, What))

    def of(self, what: What) -> Iterator[PreviewedPerson]:
        """Yield the people to whom ``what`` would be done."""
        for group in self.groups:
            if group.what is what:
                for user_name in group.user_names:
                    yield PreviewedPerson(user_name, what, group.why)

    def count(self, what: What) -> int:
        """Return how many people they are."""
        those = (group for group in self.groups if group.what is what)
        return sum(len(group.user_names) + group.others for group in those)

    def first(self, most: int) -> "Preview":
        """Return it with the names of ``most`` people of each group."""
        return Preview(tuple(group.first(most) for group in self.groups), self.is_whole)

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
    sides = _Sides(both, domains)
    unlinked = map(sides.judge, both.unlinked)
    people = chain(_linked(both, is_whole=is_whole), unlinked, sides.unmanaged(removed))
    known = (one for one in people if is_whole or one.what is not What.CREATE)
    return Preview.of_people(known, is_whole=is_whole)


def _linked(both: BothSides, *, is_whole: bool) -> Iterator[PreviewedPerson]:
    for external_id, name, is_assigned, is_there in both.linked():
        if not is_assigned:
            yield PreviewedPerson(name, What.LEAVE_ALONE, _SUSPENDED)
        elif external_id in both.locked_out:
            yield PreviewedPerson(name, What.LOCKED_OUT, _LOCKED_OUT)
        elif is_there:
            yield PreviewedPerson(name, What.LEAVE_ALONE, _LINKED)
        elif is_whole:
            yield PreviewedPerson(name, What.CONFLICT, _GONE)
    for app_user in both.rivals:
        is_assigned = assignment_of(app_user) is Assignment.ASSIGNED
        what, why = (What.CONFLICT, _RIVALS) if is_assigned else (What.LEAVE_ALONE, _SUSPENDED)
        yield PreviewedPerson(app_user.user_name, what, why)


class _Sides:
    """Both sides by what the names look like."""

    def __init__(self, both: BothSides, domains: frozenset[str]) -> None:
        self._both = both
        self._domains = domains
        self._accounts: dict[str, list[NgrokUser]] = {}
        for user in both.others():
            self._accounts.setdefault(looks_like(user.user_name), []).append(user)
        # Only those that somebody who is not linked could be looked up by play a part.
        wanted, self._twice = _once_and_twice(both.unlinked)
        self._wanted, self._taken = set(wanted), set[str]()
        for external_id, name, _, is_there in both.linked():
            if not is_there:
                self._wanted.add(looks_like(name))
            elif wanted:
                looks = looks_like(both.renamed.get(external_id, name))
                self._taken |= wanted & {looks}

    def judge(self, app_user: AppUser) -> PreviewedPerson:
        """Judge somebody whom Okta has linked with no account."""
        name = app_user.user_name
        if assignment_of(app_user) is not Assignment.ASSIGNED:
            return PreviewedPerson(name, What.LEAVE_ALONE, _SUSPENDED)
        looks = looks_like(name)
        accounts = self._accounts.get(looks, [])
        why = self._conflict(name, looks, accounts)
        if why:
            return PreviewedPerson(name, What.CONFLICT, why)
        if not accounts:
            return PreviewedPerson(name, What.CREATE, _CREATE)
        is_off = accounts[0].active is False
        return PreviewedPerson(name, What.LINK, _ACTIVATE if is_off else _LINK)

    def unmanaged(self, removed: Collection[str]) -> Iterator[PreviewedPerson]:
        """Yield the active users of ngrok whom nobody in Okta matches."""
        for looks, accounts in self._accounts.items():
            if looks and looks in self._wanted:
                continue
            for user in accounts:
                if user.active is not False:
                    why = _REMOVED if self._both.is_removed(user, removed) else _UNASSIGNED
                    yield PreviewedPerson(user.user_name or user.id, What.UNMANAGED, why)

    def _conflict(self, name: str, looks: str, accounts: list[NgrokUser]) -> str:
        """Return the conflict that Okta would run into; empty for none."""
        fault = fault_of(name, self._domains)
        if fault:
            return f"The user name in Okta {fault}."
        if looks in self._twice:
            return _TWICE_IN_OKTA
        if looks in self._taken:
            return _TAKEN
        if len(accounts) > 1:
            names = ", ".join(shown(user.user_name) for user in accounts[:3])
            return f"ngrok has {len(accounts)} users of this name: {names}."
        if accounts and accounts[0].user_name != name:
            return (
                f"ngrok has {shown(accounts[0].user_name)}: the same name, written differently. "
                "Could not verify whether Okta's look-up would find it."
            )
        return _NO_ID if accounts and not accounts[0].id else ""


def _once_and_twice(unlinked: Iterable[AppUser]) -> tuple[set[str], set[str]]:
    """Return what the names of people look like, and which of it two who are assigned share."""
    wanted: set[str] = set()
    assigned: set[str] = set()
    twice: set[str] = set()
    for app_user in unlinked:
        looks = looks_like(app_user.user_name)
        wanted.add(looks)
        if assignment_of(app_user) is Assignment.ASSIGNED:
            (twice if looks in assigned else assigned).add(looks)
    return wanted, twice - {""}
