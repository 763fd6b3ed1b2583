"""What a rehearsal does, before it does anything: the steps, the user, and each request."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.wire.scim import patch_of

if TYPE_CHECKING:
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.rehearsal.reply import User

PREFIX = "ngrok-scim-rehearsal-"
UNKNOWN_ID = "ngrok-scim-rehearsal-no-such-id"
UPDATED_NAME = "Rehearsal Ngrok-Scim (updated)"

_USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"

STEPS = {
    "absent-look-up": "Look up a user who does not exist",
    "create": "Create the user",
    "look-up": "Look up the user",
    "read": "Read the user by id",
    "update": "Update the display name",
    "rename": "Change the e-mail address",
    "second-create": "Create the same user again",
    "unknown-id": "Read an unknown id",
    "deactivate": "Deactivate the user",
    "look-up-deactivated": "Look up the deactivated user",
    "reactivate": "Reactivate the user",
    "plus-address": "Create a user with + in the address",
    "import-pages": "List users in pages of 100",
    "final-deactivate": "Deactivate for good",
    "delete": "Delete the user",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The user names of one rehearsal, by which anybody knows what they are.

    Attributes:
        first: the name with which the user is created.
        plus: the name of the second user, with a plus sign.
        duplicate: the name that a user gets who cannot be deactivated under the name of another.
    """

    first: str
    renamed: str
    plus: str
    duplicate: str

    @property
    def all(self) -> tuple[str, ...]:
        """All of them, in the order in which they come up."""
        return (self.first, self.renamed, self.plus, self.duplicate)


def names_for(domain: str, now: datetime) -> Names:
    """Return the user names of a rehearsal that begins now.

    Args:
        now: the time (UTC). It has capitals, so that a server that lowers them is noticed.
    """
    stem = f"{PREFIX}{now:%Y%m%dT%H%M%SZ}"
    return Names(
        f"{stem}@{domain}",
        f"{stem}-renamed@{domain}",
        f"{stem}+plus@{domain}",
        f"{stem}-duplicate@{domain}",
    )


def absent_name(listed: str) -> str:
    """Return an address that nobody has, in the domain of an existing user."""
    _, at, domain = listed.rpartition("@")
    return f"{PREFIX}nobody-{token_hex(6)}@{domain if at else 'example.com'}"


def is_throw_away(user_name: str) -> bool:
    """Tell whether a user name is one that a rehearsal makes."""
    return user_name.casefold().startswith(PREFIX)


def new_user(user_name: str, external_id: str, password: str) -> User:
    """Return the user as Okta sends it in a create (observed on the wire)."""
    return {
        "schemas": [_USER_SCHEMA],
        "userName": user_name,
        "name": {"givenName": "Rehearsal", "familyName": "Ngrok-Scim"},
        "emails": [{"primary": True, "value": user_name, "type": "work"}],
        "displayName": "Rehearsal Ngrok-Scim",
        "locale": "en-US",
        "externalId": external_id,
        "groups": [],
        "password": password,
        "active": True,
    }


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """A request that a rehearsal would make.

    Attributes:
        path: what follows the base URL; what is not known yet is in braces.
    """

    step: str
    method: str
    path: str
    body: User | None = None


def planned_requests(names: Names, dialect: Dialect) -> tuple[PlannedRequest, ...]:
    """Return each request of a rehearsal where everything passes, in order."""
    first, again, plus = (
        new_user(name, "{an Okta user id}", "{8 random letters}")
        for name in (names.first, names.renamed, names.plus)
    )
    email = {"primary": True, "value": names.renamed, "type": "work"}
    off: User = {"active": False}
    requests: list[PlannedRequest] = []

    def ask(step: str, method: str, path: str, body: User | None = None) -> None:
        requests.append(PlannedRequest(step, method, path, body))

    def look_up(step: str, name: str) -> None:
        ask(step, "GET", f'/Users?filter=userName eq "{name}"&startIndex=1&count=100')

    def change(step: str, changes: User, user_id: str = "{id}") -> None:
        path = f"/Users/{user_id}"
        ask(step, "GET", path)
        if dialect is Dialect.PUT:
            ask(step, "PUT", path, {"{all else}": "{as read}", **changes})
        else:
            ask(step, "PATCH", path, patch_of(changes))
        ask(step, "GET", path)

    look_up("absent-look-up", names.first)
    ask("create", "POST", "/Users", first)
    look_up("look-up", names.first)
    ask("read", "GET", "/Users/{id}")
    change("update", {"displayName": UPDATED_NAME})
    change("rename", {"userName": names.renamed, "emails": [email]})
    look_up("rename", names.renamed)
    look_up("rename", names.first)
    ask("second-create", "POST", "/Users", again)
    ask("unknown-id", "GET", f"/Users/{UNKNOWN_ID}")
    change("deactivate", off)
    look_up("look-up-deactivated", names.renamed)
    change("reactivate", {"active": True})
    look_up("plus-address", names.plus)
    ask("plus-address", "POST", "/Users", plus)
    look_up("plus-address", names.plus)
    ask("import-pages", "GET", "/Users?startIndex=1&count=100")
    ask("import-pages", "GET", "/Users?startIndex={one behind the last}&count=100")
    for user_id in ("{id}", "{id of the second user}"):
        change("final-deactivate", off, user_id)
    for user_id in ("{id}", "{id of the second user}"):
        ask("delete", "GET", f"/Users/{user_id}")
        ask("delete", "DELETE", f"/Users/{user_id}")
        ask("delete", "GET", f"/Users/{user_id}")
    return tuple(requests)
