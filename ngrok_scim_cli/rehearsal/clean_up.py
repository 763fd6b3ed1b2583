"""Finds what an earlier rehearsal left, and deactivates it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.rehearsal.reply import id_of, is_active, is_named, user_in
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
    from ngrok_scim_cli.rehearsal.user import ThrowAwayUsers


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
