"""The throw-away users of a rehearsal: what is asked for them, what is known of each, the clean-up.

No user is written to before a read has shown one of our own user names under the id.
"""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.endpoint.person_reply import is_nobody
from ngrok_scim_cli.diagnosis.rehearsal.reply import (
    OWN_LOOK_UP,
    READ_BACK,
    User,
    id_of,
    is_active,
    is_named,
    user_in,
    users_in,
)
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.rehearsal.plan import is_throw_away
from ngrok_scim_cli.wire.retry_policy import RetryPolicy, retry_after
from ngrok_scim_cli.wire.scim import COUNT_OF_A_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.scim import OktaScim

_REFUSALS = range(400, 500)

# After so many requests without a reply, one after another, no more are made: each may take as long
# as the time limit.
_GIVE_UP = 3


class Left(StrEnum):
    """What is left of a throw-away user, the worst last."""

    NEVER_MADE = "never-made"
    DELETED = "deleted"
    DEACTIVATED = "deactivated"
    ACTIVE = "active"


@dataclass(slots=True)
class ThrowAwayUser:
    """What is known of one throw-away user from the replies so far.

    Attributes:
        user_id: empty where the server gives none that can be asked for.
        user_name: by which the server showed it last, as we spell it.
        state: ``never-made`` until a look-up or a read shows the user.
    """

    user_id: str
    user_name: str
    state: Left = Left.NEVER_MADE


class NotOurs(Exception):  # noqa: N818 - it says what was found
    """The id belongs to a user that no rehearsal created; nothing was written."""

    def __init__(self, read: Exchange) -> None:
        super().__init__("the user is not one that a rehearsal made")
        self.read = read


class ThrowAwayUsers:
    """The users of one rehearsal, and everything that is asked for them.

    Args:
        names: the user names that the rehearsal may use; no other user is written to. The last
            one is free for a user who shares the name of another.
        note: is called with each id as it comes, so that the next run finds the user.

    Attributes:
        deactivated: the users that the clean-up deactivated.
        unknown: the user names that it could not look up.
        may_come_late: whether a create may still be carried out after it.
    """

    def __init__(
        self,
        scim: OktaScim,
        names: Sequence[str],
        retry: RetryPolicy | None = None,
        note: Callable[[str], None] = lambda _id: None,
    ) -> None:
        if not all(is_throw_away(name) for name in names):
            raise ValueError("a rehearsal writes to throw-away users alone")
        self._scim = scim
        self.names = tuple(names)
        self._retry = retry or RetryPolicy()
        self._note = note
        self._known: dict[str, ThrowAwayUser] = {}
        self.exchanges: list[Exchange] = []
        self.deactivated: tuple[ThrowAwayUser, ...] = ()
        self.unknown: tuple[str, ...] = ()
        self.may_come_late = False

    @property
    def known(self) -> tuple[ThrowAwayUser, ...]:
        """Every user that was made, as the replies so far show it."""
        return tuple(self._known.values())

    @property
    def active(self) -> tuple[ThrowAwayUser, ...]:
        """Those that were active when they were seen last."""
        return tuple(user for user in self.known if user.state is Left.ACTIVE)

    @property
    def found(self) -> tuple[ThrowAwayUser, ...]:
        """Those that a look-up or a read has shown."""
        return tuple(user for user in self.known if user.state is not Left.NEVER_MADE)

    @property
    def is_clean(self) -> bool:
        """Whether no active user is left, and the clean-up looked for every one."""
        return not self.active and not self.unknown

    @property
    def creates(self) -> list[Exchange]:
        """Every create that was sent, whatever became of it."""
        return [exchange for exchange in self.exchanges if exchange.method == "POST"]

    @property
    def is_silent(self) -> bool:
        """Whether the last requests got no reply, so that it is of no use to go on."""
        last = self.exchanges[-_GIVE_UP:]
        return len(last) == _GIVE_UP and not any(exchange.reply for exchange in last)

    def find(self, user_name: str, purpose: str) -> Exchange:
        """Look a user up by name, as Okta does."""
        exchange = self._ask(lambda: self._scim.find_user(user_name, purpose=purpose))
        for user in users_in(exchange) or ():
            self._learn(_id_in(user), user)
        return exchange

    def read(self, user_id: str, purpose: str) -> Exchange:
        """Read a user by id, as Okta does before each update."""
        exchange = self._ask(lambda: self._scim.user(user_id, purpose=purpose))
        self._learn(user_id, user_in(exchange))
        return exchange

    def page(self, start_index: int, purpose: str) -> Exchange:
        """Read one page of 100 users, as Okta's import does."""
        return self._ask(
            lambda: self._scim.list_users(
                start_index=start_index, count=COUNT_OF_A_PAGE, purpose=purpose
            )
        )

    def create(self, user: User, purpose: str) -> tuple[Exchange, ThrowAwayUser | None]:
        """Create a user; return it as well, where it can be known.

        If the reply does not show the user, it is looked up, so that none is left behind.
        """
        exchange = self._ask(lambda: self._scim.create_user(user, purpose=purpose))
        name, made = str(user["userName"]), user_in(exchange)
        if is_named(made, name) and id_of(made):
            return exchange, self._keep(id_of(made), name)
        if exchange.status in _REFUSALS:
            return exchange, None
        return exchange, next(iter(self.matching(name) or ()), None)

    def change(
        self, user_id: str, changes: Mapping[str, object], dialect: Dialect, purpose: str
    ) -> tuple[User, Exchange, Exchange]:
        """Read the user, change it in Okta's way, and read it again.

        The last read is ours: Okta does not check what it wrote.

        Raises:
            NotOurs: the read shows none of our users; nothing was written.
        """
        before = self._ours(user_id, purpose)
        if dialect is Dialect.PUT:
            whole = {**before, **changes}
            written = self._ask(lambda: self._scim.replace_user(user_id, whole, purpose=purpose))
        else:
            written = self._ask(lambda: self._scim.patch_user(user_id, changes, purpose=purpose))
        return before, written, self._read_back(user_id, purpose)

    def delete(self, user_id: str, purpose: str) -> Exchange:
        """Delete a user of ours, and read whether it is gone; raises as ``change`` does."""
        self._ours(user_id, purpose)
        deleted = self._ask(lambda: self._scim.delete_user(user_id, purpose=purpose))
        self._read_back(user_id, purpose)
        return deleted

    def matching(self, user_name: str) -> list[ThrowAwayUser] | None:
        """Look up our users with this name; ``None`` if the look-up proves nothing.

        A list of other users alone proves nothing: the server may ignore the filter.
        """
        exchange = self.find(user_name, OWN_LOOK_UP)
        if exchange.reply and is_nobody(exchange.reply):
            return []
        users = users_in(exchange)
        ours = [user for user in users or () if is_named(user, user_name)]
        if users is None or (users and not ours):
            return None
        return [self._keep(_id_in(user), user_name, user) for user in ours]

    def deactivate(self, user: ThrowAwayUser, dialect: Dialect) -> None:
        """Deactivate one of our users; try the other method if the first is refused.

        Of two users with one user name, a server that knows the rule takes no update. So the last
        attempt gives the user another of our names.
        """
        other = Dialect.PATCH if dialect is Dialect.PUT else Dialect.PUT
        off: dict[str, object] = {"active": False}
        renamed = {**off, "userName": self.names[-1]}
        for method, changes in ((dialect, off), (other, off), (dialect, renamed)):
            try:
                self.change(user.user_id, changes, method, "clean up: deactivate")
            except NotOurs as found:
                if found.read.status == HTTPStatus.NOT_FOUND:
                    self._look_for(user)
                return
            if user.state is not Left.ACTIVE:
                return

    def clean_up(self, ids: Sequence[str], dialect: Dialect, *, is_young: bool = False) -> None:
        """Look for every user by name and by id, and deactivate those that are active.

        Args:
            ids: the ids that were noted.
            dialect: how to update first; the other way is tried where that is refused.
            is_young: whether a create that got no reply may still be carried out.
        """
        unknown = []
        for name in self.names:
            # The first is asked for in any case: the server may be back.
            is_asked = name == self.names[0] or not self.is_silent
            if not is_asked or self.matching(name) is None:
                unknown.append(name)
        for user_id in ids:
            user = None if self.is_silent else user_in(self.read(user_id, "clean up: read"))
            if name := self._our_name(user):
                self._keep(user_id, name, user)
        to_do = self.active
        for one in to_do:
            if not self.is_silent:
                self.deactivate(one, dialect)
        self.unknown = tuple(unknown)
        self.deactivated = tuple(user for user in to_do if user.state is not Left.ACTIVE)
        creates = self.creates
        is_open = any(one.reply is None for one in creates) if creates else not self.found
        self.may_come_late = is_young and is_open

    def _look_for(self, user: ThrowAwayUser) -> None:
        """Look up a user that a read by id does not find: some servers cannot read by id."""
        listed = [self.matching(name) for name in self.names]
        may_be_there = any(users is None or user in users for users in listed)
        if user.state is Left.ACTIVE and not may_be_there:
            user.state = Left.DELETED

    def _ours(self, user_id: str, purpose: str) -> User:
        """Read a user that is about to be written to."""
        read = self.read(user_id, purpose)
        user = user_in(read)
        if user is None or not self._our_name(user):
            raise NotOurs(read)
        return user

    def _read_back(self, user_id: str, purpose: str) -> Exchange:
        """Read a user again after a write: if it is not found now, it was deleted."""
        exchange = self.read(user_id, f"{purpose}{READ_BACK}")
        user = self._known.get(user_id)
        if user and exchange.status == HTTPStatus.NOT_FOUND:
            user.state = Left.DELETED
        elif user and is_active(user_in(exchange)) is False:  # perhaps under another name
            user.state = Left.DEACTIVATED
        return exchange

    def _keep(self, user_id: str, name: str, shown: User | None = None) -> ThrowAwayUser:
        """Keep a user that was made, and what a reply shows of it."""
        if user_id not in self._known:
            self._known[user_id] = ThrowAwayUser(user_id, name)
            if user_id:
                self._note(user_id)
        self._learn(user_id, shown)
        return self._known[user_id]

    def _learn(self, user_id: str, shown: User | None) -> None:
        user = self._known.get(user_id)
        name = self._our_name(shown)
        if user and name:
            user.user_name = name
            user.state = Left.DEACTIVATED if is_active(shown) is False else Left.ACTIVE

    def _our_name(self, user: User | None) -> str:
        """Return which of our user names this is, as we spell it; empty for anybody else's."""
        return next((name for name in self.names if is_named(user, name)), "")

    def _ask(self, send: Callable[[], Exchange]) -> Exchange:
        def recorded() -> Exchange:
            self.exchanges.append(send())
            return self.exchanges[-1]

        return self._retry.ask(recorded, retry_after)


def _id_in(user: User) -> str:
    """Return an ``id`` by which the user can be asked for, also one that Okta could not use."""
    number = user.get("id")
    return str(number) if type(number) is int else id_of(user)
