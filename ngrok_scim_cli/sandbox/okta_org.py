"""The Okta org of the sandbox: its app, its people, their assignments, its System Log."""

import base64
import json
import os
import string
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, islice

from ngrok_scim_cli.sandbox.account import now
from ngrok_scim_cli.sandbox.okta_objects import (
    APP_ID,
    App,
    Assignment,
    Event,
    Group,
    OktaUser,
    okta_id,
)
from ngrok_scim_cli.sandbox.people import StoredUser

# What ngrok takes. ``userName`` is no row: its place reads "Configured in Sign On settings".
MAPPED = {
    "givenName": "user.firstName",
    "familyName": "user.lastName",
    "email": "user.email",
    "displayName": "user.displayName",
}

# What reading an app, its people and its log needs.
_NAMES = ("apps", "groups", "logs", "orgs", "profileMappings", "users")
SCOPES = tuple(f"okta.{name}.read" for name in _NAMES)

# How many people the System Log mentions from the start; each was updated some hours before the
# one in front of them.
_LOGGED = 20
_LATEST_UPDATE = timedelta(hours=2)
_BETWEEN_UPDATES = timedelta(hours=3)
# Okta assigns, and ngrok has the user a moment later.
_PUSH_TAKES = timedelta(seconds=2)
# People were in Okta's directory before they got the app.
_IN_OKTA_BEFORE = timedelta(days=30)


class OktaOrg:
    """An org in which everybody whom ngrok holds is assigned and provisioned.

    Args:
        until: the time that its System Log ends at.

    Attributes:
        token: the API token that it takes, byte for byte.
        access_tokens: each OAuth access token that it takes, with its scopes.
        app_group: the people assigned to the app by a group are in it.
        assignments: by the ids of their people, and in the order of these.
    """

    def __init__(self, token: str, until: datetime | None = None) -> None:
        self._until = until or now()
        self.token = token
        self.granted_scopes = SCOPES
        self.access_tokens: dict[str, tuple[str, ...]] = {}
        self.app = App(
            APP_ID,
            "corpexample_ngrok_1",
            "ngrok",
            features=("SCIM_PROVISIONING",),
            mapped=tuple(MAPPED.items()),
        )
        self.other_apps: tuple[App, ...] = (
            App(okta_id("0oa", 2), "corpexample_payroll_1", "Payroll"),
            App(okta_id("0oa", 3), "oidc_client", "Wiki", sign_on_mode="OPENID_CONNECT"),
            App(okta_id("0oa", 4), "corpexample_timesheets_1", "Timesheets", status="INACTIVE"),
        )
        whom = "All users in your organization"
        self.everyone = Group(okta_id("00g", 1), "Everyone", whom, "BUILT_IN")
        self.app_group = Group(okta_id("00g", 2), "ngrok users", "Who works with ngrok")
        self.users: dict[str, OktaUser] = {}
        self.assignments: dict[str, Assignment] = {}
        self.events: list[Event] = []
        self._numbers = count(1)
        self._by_login: dict[str, str] = {}
        self.administrator = self.add_user(
            "okta-admin@corp.example", "Odette Admin", created=self._until - timedelta(days=900)
        )

    @property
    def apps(self) -> tuple[App, ...]:
        """Every app of the org that was not deleted."""
        return tuple(app for app in (*self.other_apps, self.app) if app.status != "DELETED")

    @property
    def groups(self) -> tuple[Group, Group]:
        """Every group of the org."""
        return self.everyone, self.app_group

    def groups_of(self, user: OktaUser) -> tuple[Group, ...]:
        """Return the groups that a person is in."""
        assignment = self.assignments.get(user.id)
        by_group = assignment is not None and assignment.scope == "GROUP"
        return self.groups if by_group else (self.everyone,)

    def provision(self, accounts: Iterable[StoredUser]) -> None:
        """Take in people as Okta has them once it has provisioned them to ngrok.

        Who is inactive in ngrok has left: deactivated in Okta, and assigned to nothing.
        """
        for account in accounts:
            person = account.person
            user = self.add_user(
                person.user_name,
                person.display_name or "",
                created=account.created - _IN_OKTA_BEFORE,
                status="ACTIVE" if person.active else "DEPROVISIONED",
            )
            if person.active:
                created = account.created - _PUSH_TAKES
                self.assign(user, account.id, created=created, scope="GROUP")

    def add_user(
        self,
        login: str,
        name: str,
        *,
        created: datetime | None = None,
        status: str = "ACTIVE",
        status_changed: datetime | None = None,
    ) -> OktaUser:
        """Add a person."""
        created = created or now()
        user_id = okta_id("00u", next(self._numbers))
        user = OktaUser(user_id, login, name, created, status_changed or created, status)
        self.users[user_id] = user
        self._by_login.setdefault(login.casefold(), user_id)
        return user

    def assign(
        self,
        user: OktaUser,
        external_id: str | None,
        *,
        created: datetime | None = None,
        status: str = "PROVISIONED",
        scope: str = "USER",
    ) -> None:
        """Assign a person to the app; the application username is the e-mail address."""
        created = created or now()
        synced = None if external_id is None else created + _PUSH_TAKES
        self.assignments[user.id] = Assignment(
            user, user.login, external_id, created, status, scope, synced
        )

    def unlink_everybody(self) -> None:
        """Have everybody assigned as if nobody had ever been provisioned."""
        self.assignments = {
            user_id: replace(one, external_id=None, status="ACTIVE", last_sync=None)
            for user_id, one in self.assignments.items()
        }

    def find_user(self, id_or_login: str) -> OktaUser | None:
        """Return a person by id, or by login without regard to case."""
        return self.users.get(self._by_login.get(id_or_login.casefold(), id_or_login))

    def log_updates(self) -> None:
        """Write successful updates of the first people into the System Log."""
        event_type = "application.provision.user.push_profile"
        for position, one in enumerate(islice(self.assignments.values(), _LOGGED)):
            published = self._until - _LATEST_UPDATE - position * _BETWEEN_UPDATES
            self.events.append(Event(published, event_type, one.user, one.user_name))

    def scopes_of(self, authorization: bytes | None) -> tuple[str, ...] | None:
        """Return the scopes of the credential in an ``Authorization`` header.

        An API token may do all, which is ``("*",)``. Okta takes it with a blank behind ``SSWS``
        and without. ``None``: it is not taken.
        """
        text = (authorization or b"").decode("latin-1")
        if text[:4].lower() == "ssws" and text[4:].removeprefix(" ") == self.token:
            return ("*",)
        scheme, _, credential = text.partition(" ")
        return self.access_tokens.get(credential) if scheme.lower() == "bearer" else None


def new_api_token() -> str:
    """Return an API token in Okta's shape. It opens this sandbox alone."""
    letters = string.ascii_letters + string.digits
    return "00" + "".join(letters[byte % len(letters)] for byte in os.urandom(40))


def new_access_token(scopes: tuple[str, ...]) -> str:
    """Return an OAuth access token in the shape of a JWT (RFC 7519), which nobody signed."""
    header = {"kid": "sandbox", "alg": "RS256"}
    claims = {"jti": os.urandom(8).hex(), "scp": scopes}
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), os.urandom(32))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
