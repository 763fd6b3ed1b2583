"""A throw-away user at the SCIM endpoint: what is asked for it, and how it is cleaned up.

No user is written to before a read has shown one of our own user names under the id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.endpoint.person_reply import is_nobody
from ngrok_scim_cli.diagnosis.rehearsal.reply import (
    NOT_FOUND,
    User,
    id_of,
    is_active,
    is_named,
    status_of,
    user_in,
    users_in,
)
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.rehearsal.plan import is_throw_away
from ngrok_scim_cli.wire.retry_policy import RetryPolicy, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.scim import OktaScim


class NotOurs(Exception):  # noqa: N818 - it says what was found
    """Under this id there is somebody whom no rehearsal made; nothing was written."""

    def __init__(self, read: Exchange) -> None:
        super().__init__("the user is not one that a rehearsal made")
        self.read = read


class ThrowAwayUsers:
    """The users of one rehearsal.

    Args:
        names: the user names that the rehearsal may use; no other user is written to. The last
            one is free for a user who shares the name of another.
    """

    def __init__(self, scim: OktaScim, names: Sequence[str], retry: RetryPolicy) -> None:
        if not all(is_throw_away(name) for name in names):
            raise ValueError("a rehearsal writes to throw-away users alone")
        self._scim = scim
        self._names = tuple(names)
        self._retry = retry
        self.exchanges: list[Exchange] = []

    def find(self, user_name: str, purpose: str) -> Exchange:
        """Look a user up by name, as Okta does."""
        return self._ask(lambda: self._scim.find_user(user_name, purpose=purpose))

    def read(self, user_id: str, purpose: str) -> Exchange:
        """Read a user by id, as Okta does before each update."""
        return self._ask(lambda: self._scim.user(user_id, purpose=purpose))

    def page(self, start_index: int, purpose: str) -> Exchange:
        """Read one page of 100 users, as Okta's import does."""
        return self._ask(
            lambda: self._scim.list_users(start_index=start_index, count=100, purpose=purpose)
        )

    def create(self, user: User, purpose: str) -> Exchange:
        """Create a user."""
        return self._ask(lambda: self._scim.create_user(user, purpose=purpose))

    def change(
        self, user_id: str, changes: Mapping[str, object], dialect: Dialect, purpose: str
    ) -> tuple[User, Exchange, Exchange]:
        """Read the user, change it in Okta's way, and read it again.

        The last read is ours: Okta does not check what it wrote.

        Raises:
            NotOurs: the read shows none of our users; nothing was written.
        """
        before = self._ours(self.read(user_id, purpose))
        if dialect is Dialect.PUT:
            whole = {**before, **changes}
            written = self._ask(lambda: self._scim.replace_user(user_id, whole, purpose=purpose))
        else:
            written = self._ask(lambda: self._scim.patch_user(user_id, changes, purpose=purpose))
        return before, written, self.read(user_id, f"{purpose}: read back")

    def delete(self, user_id: str, purpose: str) -> Exchange:
        """Delete a user of ours; raises as ``change`` does."""
        self._ours(self.read(user_id, purpose))
        return self._ask(lambda: self._scim.delete_user(user_id, purpose=purpose))

    def matching(self, user_name: str) -> tuple[User, ...] | None:
        """Return our users with this name; ``None`` where the look-up could not be made."""
        exchange = self.find(user_name, "clean up: look-up")
        if exchange.reply and is_nobody(exchange.reply):
            return ()
        users = users_in(exchange)
        if users is None:
            return None
        return tuple(user for user in users if is_named(user, user_name) and id_of(user))

    def deactivate(self, user_id: str, dialect: Dialect) -> bool:
        """Deactivate a user of ours, by the other method too where one is refused.

        Of two users with one user name, a server that knows the rule takes no update. So the last
        attempt gives the user another of our names.

        Returns:
            Whether a read shows that the user is not active any more.
        """
        other = Dialect.PATCH if dialect is Dialect.PUT else Dialect.PUT
        off: dict[str, object] = {"active": False}
        renamed = {**off, "userName": self._names[-1]}
        for method, changes in ((dialect, off), (other, off), (dialect, renamed)):
            try:
                _, _, after = self.change(user_id, changes, method, "clean up: deactivate")
            except NotOurs as found:
                return _is_gone(found.read) and not self._is_listed(user_id)
            if is_active(user_in(after)) is False or _is_gone(after):
                return True
        return False

    def _is_listed(self, user_id: str) -> bool:
        """Tell whether a look-up still finds the user: some servers cannot read anybody by id."""
        listed = (user for name in self._names for user in self.matching(name) or ())
        return any(id_of(user) == user_id for user in listed)

    def _ours(self, read: Exchange) -> User:
        user = user_in(read)
        if user is None or not any(is_named(user, name) for name in self._names):
            raise NotOurs(read)
        return user

    def _ask(self, send: Callable[[], Exchange]) -> Exchange:
        def recorded() -> Exchange:
            self.exchanges.append(send())
            return self.exchanges[-1]

        return self._retry.ask(recorded, retry_after)


def _is_gone(exchange: Exchange) -> bool:
    return status_of(exchange) == NOT_FOUND


@dataclass(frozen=True, slots=True)
class CleanedUp:
    """What a clean-up came to.

    Attributes:
        unknown: the user names whose look-up could not be made.
    """

    found: tuple[str, ...] = ()
    deactivated: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether no active throw-away user is left, and every one was looked for."""
        return not self.active and not self.unknown


def clean_up(
    users: ThrowAwayUsers, names: Sequence[str], ids: Sequence[str], dialect: Dialect
) -> CleanedUp:
    """Look for every throw-away user by name and by id, and deactivate those that are active.

    Args:
        users: what asks the endpoint; it writes to users with these names alone.
        dialect: how to update first; the other way is tried where that is refused.
    """
    active: dict[str, bool] = {}
    unknown = []
    for name in names:
        found = users.matching(name)
        if found is None:
            unknown.append(name)
        for user in found or ():
            active[id_of(user)] = is_active(user) is not False
    for user_id in ids:
        known = user_in(users.read(user_id, "clean up: read"))
        if any(is_named(known, name) for name in names):
            active[user_id] = is_active(known) is not False
    to_do = [user_id for user_id, is_on in active.items() if is_on]
    done = [user_id for user_id in to_do if users.deactivate(user_id, dialect)]
    return CleanedUp(
        tuple(active),
        tuple(done),
        tuple(user_id for user_id in to_do if user_id not in done),
        tuple(unknown),
    )
