"""The objects of an Okta org, each with the document that Okta's API answers.

https://developer.okta.com/docs/api/openapi/okta-management/; what says nothing about provisioning
is left out. A document gets the root of the API, for its links.
"""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.message import RefusedError

Document = dict[str, Any]

# ``${source.email}`` is what the console calls **Email**, ``${source.login}`` **Okta username**.
EMAIL_FORMAT = "${source.email}"
OKTA_USERNAME_FORMAT = "${source.login}"

_FOUNDED = "2025-08-01T08:00:00.000Z"
_SOURCE_TYPE = "oty1kUserNgs5d7000xx"

# Event type: what Okta calls it for people.
_EVENT_NAMES = {
    "application.integration.authentication_failure": "Error authenticating",
    "application.lifecycle.update": "Update application",
    "application.provision.user.deactivate": "Push user deactivation to external application",
    "application.provision.user.push": "Push new user to external application",
    "application.provision.user.push_profile": "Push user's profile to external application",
    "application.user_membership.add": "Add user to application membership",
    "application.user_membership.remove": "Remove user's application membership",
    "user.lifecycle.deactivate": "Deactivate Okta user",
    "user.lifecycle.suspend": "Suspend Okta user",
}


def okta_id(prefix: str, number: int) -> str:
    """Return an id in the shape that Okta gives them: a prefix and 17 letters or digits.

    They sort as their numbers do.
    """
    return f"{prefix}1k{number:09d}Ngs5d7"


APP_ID = okta_id("0oa", 1)

ORG: Document = {
    "id": okta_id("00o", 1),
    "subdomain": "corp-example",
    "companyName": "Corp Example",
    "status": "ACTIVE",
    "created": _FOUNDED,
    "lastUpdated": _FOUNDED,
}
# The provisioning connection of an app with SCIM, which has no such setting.
CONNECTION: Document = {
    "status": "UNKNOWN",
    "authScheme": "UNKNOWN",
    "profile": {"authScheme": "UNKNOWN"},
}


def timestamp(moment: datetime) -> str:
    """Return a time as Okta writes it: UTC, with milliseconds."""
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


@dataclass(frozen=True, slots=True)
class App:
    """An application of the org.

    Attributes:
        user_name_template: **Application username format**, as an expression.
        mapped: the attributes that Okta sends, each with its expression.
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

    def document(self, api: str) -> Document:
        """Return the application."""
        link = f"{api}/apps/{self.id}"
        template = {"template": self.user_name_template, "type": "BUILT_IN"}
        return {
            "id": self.id,
            "name": self.name,
            "label": self.label,
            "status": self.status,
            "lastUpdated": "2026-01-12T09:30:00.000Z",
            "created": "2025-08-31T07:45:00.000Z",
            "features": list(self.features),
            "signOnMode": self.sign_on_mode,
            "credentials": {"userNameTemplate": template},
            "settings": {"app": {}},
            "_links": {"self": {"href": link}, "users": {"href": f"{link}/users"}},
        }

    def feature(self, api: str) -> Document:
        """Return the feature ``USER_PROVISIONING``: the boxes under **To App**."""
        if self.switches is None:
            cause = "Provisioning is not enabled for the app instance."
            raise RefusedError("E0000001", what="feature", causes=(cause,))
        create, update, deactivate = ("ENABLED" if on else "DISABLED" for on in self.switches)
        return {
            "name": "USER_PROVISIONING",
            "status": "ENABLED",
            "description": "User provisioning settings from Okta to a downstream application",
            "capabilities": {
                "create": {"lifecycleCreate": {"status": create}},
                "update": {
                    "profile": {"status": update},
                    "lifecycleDeactivate": {"status": deactivate},
                    "password": {"status": "DISABLED", "seed": "RANDOM", "change": "KEEP_EXISTING"},
                },
            },
            "_links": {"self": {"href": f"{api}/apps/{self.id}/features/USER_PROVISIONING"}},
        }

    def mapping(self, api: str) -> Document:
        """Return the profile mapping to the app, as a list of mappings has it."""
        mapping_id = "prm" + self.id.removeprefix("0oa")
        return {
            "id": mapping_id,
            "source": {"id": _SOURCE_TYPE, "name": "user", "type": "user"},
            "target": {"id": self.id, "name": self.name, "type": "appuser"},
            "_links": {"self": {"href": f"{api}/mappings/{mapping_id}"}},
        }

    def whole_mapping(self, api: str) -> Document:
        """Return the profile mapping to the app with its properties."""
        properties = {
            name: {"expression": value, "pushStatus": "PUSH"} for name, value in self.mapped
        }
        return {**self.mapping(api), "properties": properties}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the org."""

    id: str
    name: str
    description: str
    kind: str = "OKTA_GROUP"

    def document(self, api: str) -> Document:
        """Return the group."""
        return {
            "id": self.id,
            "created": _FOUNDED,
            "lastUpdated": _FOUNDED,
            "lastMembershipUpdated": _FOUNDED,
            "objectClass": ["okta:user_group"],
            "type": self.kind,
            "profile": {"name": self.name, "description": self.description},
            "_links": {"users": {"href": f"{api}/groups/{self.id}/users"}},
        }

    def assignment(self, _: str) -> Document:
        """Return the assignment of the group to the app."""
        return {"id": self.id, "lastUpdated": _FOUNDED, "priority": 0, "profile": {}}


@dataclass(frozen=True, slots=True)
class OktaUser:
    """A person in Okta's directory.

    Attributes:
        login: **Username** in Okta, and the e-mail address.
    """

    id: str
    login: str
    name: str
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
        return self.name, self.names[1], self.login

    def document(self, api: str) -> Document:
        """Return the person."""
        given, family = self.names
        changed = timestamp(self.status_changed)
        return {
            "id": self.id,
            "status": self.status,
            "created": timestamp(self.created),
            "statusChanged": changed,
            "lastUpdated": changed,
            "profile": {
                "firstName": given,
                "lastName": family,
                "login": self.login,
                "email": self.login,
            },
            "_links": {"self": {"href": f"{api}/users/{self.id}"}},
        }


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

    def document(self, api: str) -> Document:
        """Return the application user. What is not known yet is left out, as Okta does."""
        user = self.user
        given, family = user.names
        changed = timestamp(self.created)
        document: Document = {
            "id": user.id,
            "created": changed,
            "lastUpdated": changed,
            "scope": self.scope,
            "status": self.status,
            "statusChanged": changed,
            "syncState": "DISABLED",
            "credentials": {"userName": self.user_name},
            "profile": {
                "email": user.login,
                "givenName": given,
                "familyName": family,
                "displayName": user.name,
            },
            "_links": {
                "app": {"href": f"{api}/apps/{APP_ID}"},
                "user": {"href": f"{api}/users/{user.id}"},
            },
        }
        if self.external_id is not None:
            document["externalId"] = self.external_id
        if self.last_sync is not None:
            document["lastSync"] = timestamp(self.last_sync)
        return document


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the System Log that is about the app.

    Attributes:
        user: whom it is about; ``None`` where it is about the app alone.
        message: of what an administrator did.
    """

    published: datetime
    event_type: str
    user: OktaUser | None = None
    user_name: str = ""
    result: str = "SUCCESS"
    reason: str | None = None
    message: str = ""

    def document(self, app: App, administrator: OktaUser) -> Document:
        """Return the event."""
        published = timestamp(self.published)
        custom_message = {"customMessage": self.message} if self.message else {}
        target = [_target(app.id, "AppInstance", app.label, app.label)]
        if self.event_type.startswith("user."):  # an event of Okta's own directory names no app
            target = []
        if (user := self.user) is not None:
            if target:
                app_user_id = "0ua" + user.id.removeprefix("00u")
                target.insert(0, _target(app_user_id, "AppUser", self.user_name, user.name))
            target.append(_user_target(user))
        return {
            "actor": _user_target(administrator) if self.message else _SYSTEM,
            "displayMessage": _EVENT_NAMES[self.event_type],
            "eventType": self.event_type,
            "outcome": {"result": self.result, "reason": self.reason},
            "published": published,
            "severity": "ERROR" if self.result == "FAILURE" else "INFO",
            "debugContext": {"debugData": {"appname": app.name, **custom_message}},
            "uuid": str(uuid5(NAMESPACE_URL, f"{published} {self.event_type} {self.user_name}")),
            "target": target,
        }


def _user_target(user: OktaUser) -> Document:
    return _target(user.id, "User", user.login, user.name)


def _target(object_id: str, kind: str, alternate_id: str, name: str) -> Document:
    return {
        "id": object_id,
        "type": kind,
        "alternateId": alternate_id,
        "displayName": name,
        "detailEntry": None,
    }


_SYSTEM = _target(okta_id("spr", 1), "SystemPrincipal", "system@okta.com", "Okta System")
