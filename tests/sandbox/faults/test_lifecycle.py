"""The faults in the life of one user: at which of Okta's requests each one shows first."""

from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest

from ngrok_scim_cli.sandbox.faults import FAULTS, lifecycle
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import USERS, Got, scim

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_numbers = count()

# Step and what came of it: the status, and what matters of the body.
Trace = dict[str, tuple[int, object]]

# Fault, the dialect in which it shows, and the first step that differs.
SHOWS: list[tuple[str, str, str]] = [
    ("create-refuses-domain", "put", "create"),
    ("create-without-seat", "put", "create"),
    ("create-wants-more", "put", "create"),
    ("create-refuses-password", "put", "create"),
    ("create-refuses-plus", "put", "plus-address"),
    ("create-fails", "put", "create"),
    ("create-answers-nothing", "put", "create"),
    ("create-without-id", "put", "create"),
    ("create-answers-200", "put", "create"),
    ("create-answers-202", "put", "create"),
    ("create-answers-another", "put", "create"),
    ("create-not-kept", "put", "look-up"),
    ("create-slow=0", "put", "nothing"),
    ("create-rate-limited", "put", "create"),
    ("create-rate-limited-silently", "put", "create"),
    ("lookup-finds-two", "put", "look-up"),
    ("lookup-loses-plus", "put", "plus-look-up"),
    ("put-refused", "put", "update"),
    ("put-ignored", "put", "update"),
    ("put-drops-attributes", "put", "update"),
    ("put-merges", "put", "nothing"),
    ("put-answers-nothing", "put", "update"),
    ("put-ignores-active", "put", "deactivate"),
    ("put-makes-inactive", "put", "update"),
    ("patch-refused", "patch", "update"),
    ("patch-wants-path", "patch", "update"),
    ("patch-ignored", "patch", "update"),
    ("patch-answers-nothing", "patch", "update"),
    ("update-forbidden", "put", "update"),
    ("update-forbidden", "patch", "update"),
    ("update-slow=0", "patch", "nothing"),
    ("deactivation-refused", "put", "deactivate"),
    ("deactivation-refused", "patch", "deactivate"),
    ("deactivation-ignored", "put", "deactivate"),
    ("deactivation-ignored", "patch", "deactivate"),
    ("deactivation-deletes", "put", "look-up-deactivated"),
    ("deactivated-not-found", "patch", "look-up-deactivated"),
    ("reactivation-refused", "put", "reactivate"),
    ("reactivation-ignored", "patch", "reactivate"),
    ("rename-refused", "put", "rename"),
    ("rename-ignored", "patch", "rename"),
    ("rename-makes-another", "put", "rename"),
    ("rename-makes-another", "patch", "rename"),
    ("second-create-finds-first", "put", "second-create"),
    ("second-create-makes-another", "put", "second-create"),
    ("second-create-fails", "put", "second-create"),
    ("unknown-id-answers-200", "put", "unknown-id"),
    ("unknown-id-fails", "put", "unknown-id"),
    ("lowers-addresses", "put", "create"),
    ("display-name-dropped", "put", "create"),
    ("user-active-as-text", "put", "read"),
    ("delete-works", "put", "delete"),
    ("delete-not-allowed", "put", "delete"),
    ("delete-ignored", "put", "delete"),
]


class UserLifecycle:
    """Okta's requests about one user, one step after the other."""

    def __init__(self, sandbox: Sandbox, dialect: str) -> None:
        self.sandbox = sandbox
        self.dialect = dialect
        self.name = f"Rehearsal-{next(_numbers)}@corp.example"
        self.id = "usr_not_made"

    def steps(self) -> Iterator[tuple[str, Got]]:
        yield "absent-look-up", self.look_up()
        yield "create", self.create()
        self.id = self.made or self.id
        yield "look-up", self.look_up()
        yield "read", self.ask("GET", f"{USERS}/{self.id}")
        yield "update", self.update(displayName="New Name")
        old, self.name = self.name, f"renamed-{self.name}"
        yield "rename", self.update(userName=self.name)
        yield "second-create", self.create()
        yield "unknown-id", self.ask("GET", f"{USERS}/usr_unknown")
        yield "deactivate", self.update(active=False)
        yield "look-up-deactivated", self.look_up()
        yield "reactivate", self.update(active=True)
        yield "old-name", self.look_up(old)
        self.name = self.name.replace("@", "+tag@")
        yield "plus-address", self.create()
        yield "plus-look-up", self.look_up()
        yield "delete", self.ask("DELETE", f"{USERS}/{self.id}")

    @property
    def made(self) -> str | None:
        users = self.sandbox.directory.everybody()
        return next((user.id for user in users if user.person.user_name == self.name), None)

    def ask(self, method: str, target: str, document: object = None) -> Got:
        return scim(self.sandbox, method, target, document)

    def look_up(self, name: str = "") -> Got:
        wanted = quote(f'userName eq "{name or self.name}"')
        return self.ask("GET", f"{USERS}?filter={wanted}&startIndex=1&count=100")

    def create(self) -> Got:
        return self.ask("POST", USERS, self.document())

    def update(self, **changes: object) -> Got:
        path = f"{USERS}/{self.id}"
        if self.dialect == "patch":
            operations = [{"op": "replace", "value": changes}]
            return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": operations})
        found = self.ask("GET", path)
        whole = found.json if found.status == 200 else self.document()
        return self.ask("PUT", path, {**whole, **changes})

    def document(self) -> dict[str, Any]:
        """Return all that Okta sends with a create."""
        return {
            "schemas": [USER],
            "userName": self.name,
            "name": {"givenName": "Re", "familyName": "Hearsal"},
            "emails": [{"primary": True, "value": self.name, "type": "work"}],
            "displayName": "Re Hearsal",
            "locale": "en-US",
            "externalId": "00u1",
            "groups": [],
            "password": "a-password-nobody-uses",
            "active": True,
        }


def _seen(got: Got, lifecycle: UserLifecycle) -> tuple[int, object]:
    try:
        document = got.json
    except ValueError:
        return got.status, got.body
    users = document.get("Resources", [document])
    return got.status, [
        {
            name: value if name != "userName" else value.replace(lifecycle.name, "NAME")
            for name, value in user.items()
            if name in ("userName", "displayName", "active", "scimType")
        }
        | {"has the id": user.get("id") == lifecycle.id, "has an id": "id" in user}
        for user in users
    ]


def _trace(sandbox: Sandbox, dialect: str) -> Trace:
    lifecycle = UserLifecycle(sandbox, dialect)
    return {step: _seen(got, lifecycle) for step, got in lifecycle.steps()}


@pytest.mark.parametrize("dialect", ["put", "patch"])
def test_whole_life_is_served_in_both_dialects(shared_sandbox: Sandbox, dialect: str) -> None:
    trace = _trace(shared_sandbox, dialect)

    assert {step: status for step, (status, _) in trace.items()} == {
        "absent-look-up": 200,
        "create": 201,
        "look-up": 200,
        "read": 200,
        "update": 200,
        "rename": 200,
        "second-create": 409,
        "unknown-id": 404,
        "deactivate": 200,
        "look-up-deactivated": 200,
        "reactivate": 200,
        "old-name": 200,
        "plus-address": 201,
        "plus-look-up": 200,
        "delete": 404,
    }


@pytest.mark.parametrize(("fault", "dialect", "step"), SHOWS)
def test_fault_shows_first_at_its_step(
    faulty: Sandbox, fault: str, dialect: str, step: str
) -> None:
    without = _trace(faulty, dialect)
    faulty.set_faults([fault])
    with_it = _trace(faulty, dialect)

    assert next((name for name in without if without[name] != with_it[name]), "nothing") == step


def test_every_fault_of_the_life_is_tried() -> None:
    tried = {fault.partition("=")[0] for fault, _, _ in SHOWS}

    assert tried == {fault.name for fault in lifecycle.FAULTS}
    assert len([fault for fault in lifecycle.FAULTS if "REH" in fault.found]) >= 30


def test_every_finding_of_the_rehearsal_has_a_fault() -> None:
    found = {code for fault in FAULTS.values() for code in fault.codes if code.startswith("REH")}

    assert found == {f"REH{number:03}" for number in range(1, 17)}


def test_body_that_is_no_object_is_left_to_the_server(faulty: Sandbox) -> None:
    faulty.set_faults(
        ["put-merges", "deactivation-ignored", "reactivation-refused", "rename-ignored"]
    )
    path = f"{USERS}/{faulty.directory.everybody()[0].id}"
    bodies: list[object] = ["text", [], {"Operations": "text"}, {"Operations": [7]}]

    for method in ("PUT", "PATCH"):
        for body in bodies:
            assert scim(faulty, method, path, body).status in (200, 400)
