"""Changing the scene for as long as a fault is switched on, and taking that back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ngrok_scim_cli.sandbox.faults.fault import Scene, Undo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ngrok_scim_cli.sandbox.people import Person, StoredUser


def staged(change: "Callable[[Scene], Iterable[StoredUser] | None]") -> Callable[[Scene], Undo]:
    """Make of a change of the users and the org one that can be taken back.

    Args:
        change: changes the org, and returns the users whom it added to ngrok.
    """

    def stage(scene: Scene) -> Undo:
        org = scene.org
        with org.lock:
            back = org.checkpoint()
            users = tuple(change(scene) or ())

        def undo() -> None:
            scene.directory.take_out(users)
            back()

        return undo

    return stage


def on_both_sides(scene: Scene, people: "Iterable[Person]") -> "list[StoredUser]":
    """Have people in ngrok and in Okta, as Okta provisioned them."""
    users = scene.directory.put_first(people)
    scene.org.provision(users)
    return users
