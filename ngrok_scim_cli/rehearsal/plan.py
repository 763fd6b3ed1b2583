"""What a rehearsal does, before it does anything: the user names, the users, and each request."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.wire.scim import COUNT_OF_A_PAGE, LIST, patch_of

if TYPE_CHECKING:
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.rehearsal.reply import User

PREFIX = "ngrok-scim-rehearsal-"
UNKNOWN_ID = "ngrok-scim-rehearsal-no-such-id"
UPDATED_NAME = "Rehearsal Ngrok-Scim (updated)"


class Names(NamedTuple):
    """The user names of one rehearsal, by which anybody knows what they are, in order of use.

    ``duplicate`` is for a user who cannot be deactivated under the name of another.
    """

    first: str
    renamed: str
    plus: str
    duplicate: str


def names_for(domain: str, now: datetime) -> Names:
    """Return the user names of a rehearsal that begins now.

    Args:
        now: the time (UTC). It has capitals, so that a server that lowers them is noticed.
    """
    stem = f"{PREFIX}{now:%Y%m%dT%H%M%SZ}"
    ends = ("", "-renamed", "+plus", "-duplicate")
    return Names._make(f"{stem}{end}@{domain}" for end in ends)


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
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": user_name,
        "name": {"givenName": "Rehearsal", "familyName": "Ngrok-Scim"},
        "emails": [work_email(user_name)],
        "displayName": "Rehearsal Ngrok-Scim",
        "locale": "en-US",
        "externalId": external_id,
        "groups": [],
        "password": password,
        "active": True,
    }


def work_email(address: str) -> User:
    """Return an e-mail address as Okta sends it."""
    return {"primary": True, "value": address, "type": "work"}


class PlannedRequest(NamedTuple):
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
    users = ("/Users/{id}", "/Users/{id of the second user}")
    requests: list[PlannedRequest] = []

    def ask(step: str, method: str, path: str, body: User | None = None) -> None:
        requests.append(PlannedRequest(step, method, path, body))

    def look_up(step: str, name: str) -> None:
        ask(step, "GET", f'/Users?filter=userName eq "{name}"&startIndex=1&count=100')

    def create(step: str, name: str) -> None:
        ask(step, "POST", "/Users", new_user(name, "{an Okta user id}", "{8 random letters}"))

    def change(step: str, path: str = users[0], **changes: object) -> None:
        whole: User = {"{all else}": "{as read}", **changes}
        is_put = dialect is Dialect.PUT
        ask(step, "GET", path)
        ask(step, dialect.value.upper(), path, whole if is_put else patch_of(changes))
        ask(step, "GET", path)

    look_up("absent-look-up", names.first)
    create("create", names.first)
    look_up("look-up", names.first)
    ask("read", "GET", users[0])
    change("update", displayName=UPDATED_NAME)
    change("rename", userName=names.renamed, emails=[work_email(names.renamed)])
    look_up("rename", names.renamed)
    look_up("rename", names.first)
    create("second-create", names.renamed)
    ask("unknown-id", "GET", f"/Users/{UNKNOWN_ID}")
    change("deactivate", active=False)
    look_up("look-up-deactivated", names.renamed)
    change("reactivate", active=True)
    look_up("plus-address", names.plus)
    create("plus-address", names.plus)
    look_up("plus-address", names.plus)
    for start in (1, "{one behind the last}"):
        ask("import-pages", "GET", LIST.format(start, COUNT_OF_A_PAGE))
    for user in users:
        change("final-deactivate", user, active=False)
    for user in users:
        for method in ("GET", "DELETE", "GET"):
            ask("delete", method, user)
    return tuple(requests)
