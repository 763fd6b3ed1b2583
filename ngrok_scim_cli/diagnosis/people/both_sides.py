"""Compares everybody in the Okta app with every user of ngrok.

What is judged is one person after another, by the rules of ``match``. This finds out who belongs
together, without keeping more than it must: of people who are in step only what links them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import filterfalse, islice

from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.people.email_address import is_plain, usual_names
from ngrok_scim_cli.diagnosis.people.match import (
    Assignment,
    SyncState,
    aggregated,
    assignment_of,
    count_name,
    match,
    with_own_status,
)
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser, cut

# The exact status does not matter once somebody is linked.
_ASSIGNED = "ACTIVE"


class BothSides:
    """All people of both sides: OKT908 to OKT911, OKT914, OKT917 and OKT918.

    Attributes:
        rivals: the people for whom Okta holds an ``externalId`` that another one has, too.
        renamed: the users of ngrok who are linked under another name in Okta, by id.

    Args:
        app_users: everybody in the Okta app; read once, and not kept whole.
        domains: submitted to ngrok, in lower case and ASCII; empty where none is known.
        statuses: the own status of those who are deactivated or suspended in Okta, by their id.
        new_since: an assignment made after that is new (RFC 3339, UTC); empty: none is.
    """

    def __init__(
        self,
        app_users: Iterable[AppUser],
        *,
        domains: frozenset[str] = frozenset(),
        statuses: Mapping[str, str] | None = None,
        new_since: str = "",
    ) -> None:
        self._domains = domains
        self._statuses = statuses or {}
        self._new_since = new_since
        self._is_usual = usual_names(domains).fullmatch
        self._people = aggregated()
        # Who has an account in ngrok, or should have one. Most are assigned and linked: of them
        # only the user name is kept, by externalId.
        self._linked: dict[str, str | AppUser] = {}
        self.unlinked: list[AppUser] = []
        self.rivals: list[AppUser] = []
        self.renamed: dict[str, str] = {}
        self._names: set[str] = set()
        # Whom Okta has removed, as far as the app tells.
        self._removed_ids: set[str] = set()
        self._removed_names: set[str] = set()
        self.locked_out: set[str] = set()
        # The users of ngrok whose id is no externalId, by name and id.
        self._others: dict[tuple[str, str], NgrokUser] = {}
        for app_user in app_users:
            self._take(app_user)
        # The externalIds of which no user of ngrok was added yet, in order.
        self._absent = dict.fromkeys(self._linked)

    def _take(self, app_user: AppUser) -> None:
        """Sort one person of the app by assignment and ngrok id; keep no more than is compared."""
        if app_user.id in self._statuses:
            app_user = with_own_status(app_user, self._statuses[app_user.id])
        assignment = assignment_of(app_user)
        external_id, user_name = app_user.external_id, app_user.user_name
        name = _folded(user_name)
        if assignment is Assignment.REMOVED:
            self._removed_ids.add(external_id)
            self._removed_names.add(name)
        if assignment in (Assignment.REMOVED, Assignment.NONE):
            return
        self._names.add(name)
        if assignment is Assignment.ASSIGNED:
            if not self._is_usual(user_name):
                count_name(self._people, app_user, self._domains)
            if name and external_id and external_id not in self._linked:
                self._linked[external_id] = user_name
                return
        is_new = bool(self._new_since) and app_user.created > self._new_since
        created = app_user.created if is_new else ""
        app_user = AppUser(app_user.id, user_name, "", external_id, app_user.status, "", created)
        if not external_id:
            self.unlinked.append(app_user)
        elif external_id not in self._linked:
            self._linked[external_id] = app_user
        else:

            def precedence(one: AppUser) -> tuple[bool, str, str]:
                is_assigned = assignment_of(one) is Assignment.ASSIGNED
                return not is_assigned, one.user_name, one.status

            both = (self._app_user(external_id), app_user)
            self._linked[external_id], rival = sorted(both, key=precedence)
            self.rivals.append(rival)

    def _app_user(self, external_id: str) -> AppUser:
        linked = self._linked[external_id]
        if isinstance(linked, AppUser):
            return linked
        return AppUser("", linked, "", external_id, _ASSIGNED)

    def add(self, user: NgrokUser) -> None:
        """Compare one more user of ngrok's; a user who comes again is not compared again."""
        linked = self._linked.get(user.id)
        if linked is None:
            name = _folded(user.user_name)
            if user.active is not False or name in self._names or not is_plain(user.user_name):
                self._others.setdefault((name, user.id), cut(user))
        elif user.id in self._absent:
            del self._absent[user.id]
            if user.active is not True or user.user_name != linked:
                matched = match(self._app_user(user.id), cut(user))
                self._people.add(matched)
                if matched.sync_state is SyncState.LOCKED_OUT:
                    self.locked_out.add(user.id)
                if matched.differs:
                    self.renamed[user.id] = user.user_name

    def linked(self) -> Iterator[tuple[str, str, bool, bool]]:
        """Yield ``externalId``, name in Okta, whether assigned, and whether it is in ngrok."""
        for external_id, linked in self._linked.items():
            is_there = external_id not in self._absent
            if isinstance(linked, str):
                yield external_id, linked, True, is_there
            else:
                is_assigned = assignment_of(linked) is Assignment.ASSIGNED
                yield external_id, linked.user_name, is_assigned, is_there

    def others(self) -> Iterable[NgrokUser]:
        """Return users of ngrok who are linked to nobody: the active ones, and who may be meant."""
        return self._others.values()

    def orphans(self, at_most: int = 1000) -> list[NgrokUser]:
        """Return users who are active in ngrok and whom nobody in the Okta app has or had.

        Ask Okta whether it has removed them, and hand those to ``findings``.
        """
        return list(islice(filterfalse(self.is_removed, self._unmatched()), at_most))

    def absent(self, at_most: int) -> list[str]:
        """Return ids of ngrok's that Okta holds of people who are assigned, and that nobody has."""
        gone = filter(_is_assigned_and_linked, self._unlinked_people())
        return [app_user.external_id for app_user in islice(gone, at_most)]

    def findings(
        self, *, removed: Collection[str] = (), gone: Collection[str] | None = None
    ) -> tuple[Finding, ...]:
        """Return what is wrong, each rule's with the number of people and the first five.

        OKT914 comes first where a name is at fault: the others may follow from it.

        Args:
            removed: user names or SCIM ids, casefolded, of those whom Okta has removed.
            gone: the ids that ngrok certainly has no more; ``None`` where its list is proven whole.
        """
        removed = frozenset(removed)
        people = self._people.copy()
        found: dict[str, list[NgrokUser]] = {}
        for (name, _), other in self._others.items():
            found.setdefault(name, []).append(other)
        found.pop("", None)
        for app_user in self._unlinked_people():
            unproven = gone is not None and app_user.external_id not in gone
            if unproven and _is_assigned_and_linked(app_user):
                continue
            # Okta would link the person with the first of that name, as far as is known.
            named = found.get(_folded(app_user.user_name), ())
            user = min(named, key=lambda user: (user.active is False, user.id), default=None)
            people.add(match(app_user, user, new_since=self._new_since))
        for user in self._unmatched():
            people.add(match(None, user, removed=self.is_removed(user, removed)))
        return people.findings()

    def _unlinked_people(self) -> Iterator[AppUser]:
        """Yield everybody in the Okta app whom no user of ngrok is linked to."""
        yield from self.unlinked
        yield from map(self._app_user, self._absent)

    def _unmatched(self) -> Iterator[NgrokUser]:
        """Yield the users of ngrok, active ones, whom nobody in the Okta app matches."""
        unlinked = {_folded(app_user.user_name) for app_user in self._unlinked_people()} - {""}
        for (name, _), user in self._others.items():
            if user.active is not False and name not in unlinked:
                yield user

    def is_removed(self, user: NgrokUser, removed: Collection[str] = ()) -> bool:
        """Tell whether Okta has unassigned or deactivated the person; ``removed`` as below."""
        identifier, name = user.id, _folded(user.user_name)
        if identifier and (identifier in self._removed_ids or identifier.casefold() in removed):
            return True
        return bool(name) and (name in self._removed_names or name in removed)


def _folded(name: str) -> str:
    """Return ``name`` without case: the same object where it has none, which saves memory."""
    folded = name.casefold()
    return name if folded == name else folded


def _is_assigned_and_linked(app_user: AppUser) -> bool:
    return bool(app_user.external_id) and assignment_of(app_user) is Assignment.ASSIGNED
