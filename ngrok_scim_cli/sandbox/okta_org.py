"""The Okta org of the sandbox: its app, its people, their assignments, its System Log."""

import base64
import json
import os
import string
from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.account import now
from ngrok_scim_cli.sandbox.people import StoredUser

APP_NUMBER = 1
ADMINISTRATOR = "okta-admin@corp.example"

# ``${source.email}`` is what the console calls **Email**, ``${source.login}`` **Okta username**.
EMAIL_FORMAT = "${source.email}"
OKTA_USERNAME_FORMAT = "${source.login}"

# What ngrok takes. ``userName`` is no row: its place reads "Configured in Sign On settings".
MAPPED = {
    "givenName": "user.firstName",
    "familyName": "user.lastName",
    "email": "user.email",
    "displayName": "user.displayName",
}

# What reading an app, its people and its log needs.
SCOPES = (
    "okta.apps.read",
    "okta.groups.read",
    "okta.logs.read",
    "okta.orgs.read",
    "okta.profileMappings.read",
    "okta.users.read",
)

# How many people the System Log mentions from the start; each was updated some hours before the
# one in front of them.
_LOGGED = 20
_LATEST_UPDATE = timedelta(hours=2)
_BETWEEN_UPDATES = timedelta(hours=3)
# Okta assigns, and ngrok has the user a moment later.
_PUSH_TAKES = timedelta(seconds=2)
# People were in Okta's directory before they got the app.
_IN_OKTA_BEFORE = timedelta(days=30)
_TOKEN_LETTERS = string.ascii_letters + string.digits
_TOKEN_LENGTH = 40


@dataclass(frozen=True, slots=True)
class OktaUser:
    """A person in Okta's directory.

    Attributes:
        login: **Username** in Okta.
    """

    id: str
    login: str
    name: str
    email: str
    created: datetime
    status_changed: datetime
    status: str = "ACTIVE"

    @property
    def names(self) -> tuple[str, str]:
        """The given name and the family name."""
        given, _, family = self.name.partition(" ")
        return given, family

    @property
    def searched(self) -> tuple[str, str, str]:
        """What the parameter ``q`` looks at."""
        return self.name, self.names[1], self.email


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person's assignment to the app: Okta's "application user".

    Attributes:
        user_name: the application username, which Okta sends as SCIM ``userName``.
        external_id: the SCIM ``id`` that Okta keeps; ``None`` until the person was provisioned.
        scope: ``USER`` where assigned directly, ``GROUP`` where by a group.
    """

    user: OktaUser
    user_name: str
    external_id: str | None
    created: datetime
    status: str = "PROVISIONED"
    scope: str = "USER"
    last_sync: datetime | None = None


@dataclass(frozen=True, slots=True)
class App:
    """An application of the org.

    Attributes:
        user_name_template: **Application username format**, as an expression.
        switches: the three boxes under **To App** (create, update, deactivate); ``None`` where
            Okta does not tell them, as for every app made with the wizard.
    """

    id: str
    name: str
    label: str
    status: str = "ACTIVE"
    sign_on_mode: str = "SAML_2_0"
    features: tuple[str, ...] = ()
    user_name_template: str = EMAIL_FORMAT
    mapped: tuple[tuple[str, str], ...] = ()
    switches: tuple[bool, bool, bool] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the org; people assigned to the app by a group are in the second."""

    id: str
    name: str
    description: str
    kind: str = "OKTA_GROUP"


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the System Log that is about the app.

    Attributes:
        user: whom it is about; ``None`` where it is about the app alone.
    """

    published: datetime
    event_type: str
    user: OktaUser | None = None
    user_name: str = ""
    result: str = "SUCCESS"
    reason: str | None = None
    message: str = ""


class OktaOrg:
    """An org in which everybody whom ngrok holds is assigned and provisioned.

    Args:
        until: the time that its System Log ends at.

    Attributes:
        token: the API token that it takes, byte for byte.
        access_tokens: each OAuth access token that it takes, with its scopes.
    """

    def __init__(self, token: str, until: datetime | None = None) -> None:
        self._until = until or now()
        self.token = token
        self.granted_scopes: tuple[str, ...] = SCOPES
        self.access_tokens: dict[str, tuple[str, ...]] = {}
        self.app = App(
            okta_id("0oa", APP_NUMBER),
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
        self.everyone = Group(
            okta_id("00g", 1), "Everyone", "All users in your organization", "BUILT_IN"
        )
        self.app_group = Group(okta_id("00g", 2), "ngrok users", "Who works with ngrok")
        self.users: dict[str, OktaUser] = {}
        self.events: tuple[Event, ...] = ()
        self._by_login: dict[str, str] = {}
        self._assignments: dict[str, Assignment] = {}
        self._order: list[str] = []
        self._added = 0
        self.administrator = self.add_user(
            ADMINISTRATOR, "Odette Admin", created=self._until - timedelta(days=900)
        )

    @property
    def apps(self) -> tuple[App, ...]:
        """Every app of the org that was not deleted."""
        return tuple(app for app in (*self.other_apps, self.app) if app.status != "DELETED")

    @property
    def groups(self) -> tuple[Group, Group]:
        """Every group of the org."""
        return self.everyone, self.app_group

    def provision(self, accounts: Iterable[StoredUser]) -> list[Assignment]:
        """Take in people as Okta has them once it has provisioned them to ngrok.

        Who is inactive in ngrok has left: deactivated in Okta, and assigned to nothing.
        """
        made = []
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
                made.append(self.assign(user, account.id, created=created, scope="GROUP"))
        return made

    def add_user(
        self,
        login: str,
        name: str,
        *,
        created: datetime | None = None,
        status: str = "ACTIVE",
        status_changed: datetime | None = None,
    ) -> OktaUser:
        """Add a person whose login is the e-mail address, too."""
        self._added += 1
        created = created or now()
        user = OktaUser(
            okta_id("00u", self._added),
            login,
            name,
            login,
            created,
            status_changed or created,
            status,
        )
        self.users[user.id] = user
        self._by_login.setdefault(login.casefold(), user.id)
        return user

    def assign(
        self,
        user: OktaUser,
        external_id: str | None,
        *,
        created: datetime | None = None,
        status: str = "PROVISIONED",
        scope: str = "USER",
    ) -> Assignment:
        """Assign a person to the app; the application username is the e-mail address."""
        created = created or now()
        assignment = Assignment(
            user,
            user.email,
            external_id,
            created,
            status,
            scope,
            None if external_id is None else created + _PUSH_TAKES,
        )
        if user.id not in self._assignments:
            insort(self._order, user.id)
        self._assignments[user.id] = assignment
        return assignment

    def unassign_everybody(self) -> None:
        """Leave the app without a single assignment."""
        self._assignments, self._order = {}, []

    def unlink_everybody(self) -> None:
        """Have everybody assigned as if nobody had ever been provisioned."""
        self._assignments = {
            user_id: replace(one, external_id=None, status="ACTIVE", last_sync=None)
            for user_id, one in self._assignments.items()
        }

    def groups_of(self, user: OktaUser) -> list[Group]:
        """Return the groups that a person is in."""
        assignment = self.assignment(user.id)
        by_group = assignment is not None and assignment.scope == "GROUP"
        return list(self.groups) if by_group else [self.everyone]

    def assignment(self, user_id: str) -> Assignment | None:
        """Return the assignment of the person with this id."""
        return self._assignments.get(user_id)

    def assignments(self, after: str = "", limit: int | None = None) -> list[Assignment]:
        """Return assignments in the order of their people's ids.

        Args:
            after: the id of a person; the page begins behind it. It need not be assigned.
        """
        start = bisect_right(self._order, after)
        end = None if limit is None else start + limit
        return [self._assignments[user_id] for user_id in self._order[start:end]]

    def find_user(self, id_or_login: str) -> OktaUser | None:
        """Return a person by id, or by login without regard to case."""
        user_id = self._by_login.get(id_or_login.casefold(), id_or_login)
        return self.users.get(user_id)

    def log(self, *events: Event) -> None:
        """Write into the System Log."""
        self.events += events

    def log_updates(self) -> None:
        """Write successful updates of the first people into the System Log."""
        self.log(
            *(
                Event(
                    self._until - _LATEST_UPDATE - place * _BETWEEN_UPDATES,
                    "application.provision.user.push_profile",
                    assignment.user,
                    assignment.user_name,
                )
                for place, assignment in enumerate(self.assignments(limit=_LOGGED))
            )
        )

    def change_app(self, **changes: object) -> None:
        """Change fields of the app."""
        self.app = replace(self.app, **changes)  # type: ignore[arg-type]

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


def okta_id(prefix: str, number: int) -> str:
    """Return an id in the shape that Okta gives them: a prefix and 17 letters or digits.

    They sort as their numbers do.
    """
    return f"{prefix}1k{number:09d}Ngs5d7"


def new_api_token() -> str:
    """Return an API token in Okta's shape. It opens this sandbox alone."""
    letters = (_TOKEN_LETTERS[byte % len(_TOKEN_LETTERS)] for byte in os.urandom(_TOKEN_LENGTH))
    return "00" + "".join(letters)


def new_access_token(scopes: tuple[str, ...]) -> str:
    """Return an OAuth access token in the shape of a JWT (RFC 7519), which nobody signed."""
    header = {"kid": "sandbox", "alg": "RS256"}
    claims = {"jti": os.urandom(8).hex(), "scp": scopes}
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), os.urandom(32))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
