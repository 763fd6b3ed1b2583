"""Changing the scene for as long as a fault is switched on, and taking that back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ngrok_scim_cli.sandbox.faults.fault import SandboxState, Undo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ngrok_scim_cli.sandbox.people import Person, StoredUser


def staged(
    change: "Callable[[SandboxState], Iterable[StoredUser] | None]",
) -> Callable[[SandboxState], Undo]:
    """Make of a change of the users and the org one that can be taken back.

    Args:
        change: changes the org, and returns the users whom it added to ngrok.
    """

    def stage(state: SandboxState) -> Undo:
        org = state.org
        with org.lock:
            back = org.checkpoint()
            users = tuple(change(state) or ())

        def undo() -> None:
            state.directory.take_out(users)
            back()

        return undo

    return stage


def on_both_sides(state: SandboxState, people: "Iterable[Person]") -> "list[StoredUser]":
    """Have people in ngrok and in Okta, as Okta provisioned them."""
    users = state.directory.put_first(people)
    state.org.provision(users)
    return users
