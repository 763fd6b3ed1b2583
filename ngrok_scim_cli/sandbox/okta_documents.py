"""The objects of Okta's API as JSON, with the fields that Okta gives them.

https://developer.okta.com/docs/api/openapi/okta-management/; what says nothing about provisioning
is left out.
"""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ngrok_scim_cli.sandbox.okta_org import (
    ADMINISTRATOR,
    App,
    Assignment,
    Event,
    Group,
    OktaUser,
    okta_id,
)

Document = dict[str, Any]

SOURCE_TYPE = "oty1kUserNgs5d7000xx"

# Event type: what Okta calls it for people, and the name of its failure in the old Events API.
_EVENT_NAMES: dict[str, tuple[str, str]] = {
    "application.integration.authentication_failure": (
        "Error authenticating",
        "app.api.error.auth",
    ),
    "application.provision.user.deactivate": (
        "Push user deactivation to external application",
        "app.api.error.deactivate_user",
    ),
    "application.provision.user.push": (
        "Push new user to external application",
        "app.api.error.create_user",
    ),
    "application.provision.user.push_profile": (
        "Push user's profile to external application",
        "app.api.error.push_profile_update",
    ),
    "application.provision.user.sync": (
        "Sync user in external application",
        "app.user_management.provision_user_failed",
    ),
    "application.provision.user.verify_exists": (
        "Verify user exists in external application",
        "app.api.error.check_user_exists",
    ),
    "application.lifecycle.update": ("Update application", ""),
    "application.user_membership.add": ("Add user to application membership", ""),
    "application.user_membership.remove": ("Remove user's application membership", ""),
    "user.lifecycle.deactivate": ("Deactivate Okta user", ""),
    "user.lifecycle.suspend": ("Suspend Okta user", ""),
}


_SYSTEM: Document = {
    "id": okta_id("spr", 1),
    "type": "SystemPrincipal",
    "alternateId": "system@okta.com",
    "displayName": "Okta System",
    "detailEntry": None,
}
_ADMINISTRATOR: Document = {
    "id": okta_id("00u", 1),
    "type": "User",
    "alternateId": ADMINISTRATOR,
    "displayName": "Odette Admin",
    "detailEntry": None,
}


def app_document(app: App, api: str) -> Document:
    """Return an application; ``api`` is the root of the API."""
    link = f"{api}/apps/{app.id}"
    return {
        "id": app.id,
        "name": app.name,
        "label": app.label,
        "status": app.status,
        "lastUpdated": "2026-01-12T09:30:00.000Z",
        "created": "2025-08-31T07:45:00.000Z",
        "accessibility": {"selfService": False, "errorRedirectUrl": None},
        "visibility": {"autoSubmitToolbar": False, "hide": {"iOS": False, "web": False}},
        "features": list(app.features),
        "signOnMode": app.sign_on_mode,
        "credentials": {
            "userNameTemplate": {"template": app.user_name_template, "type": "BUILT_IN"},
        },
        "settings": {"app": {}, "notifications": {"vpn": {"network": {"connection": "DISABLED"}}}},
        "_links": {"self": {"href": link}, "users": {"href": f"{link}/users"}},
    }


def group_document(group: Group, api: str) -> Document:
    """Return a group."""
    return {
        "id": group.id,
        "created": "2025-08-01T08:00:00.000Z",
        "lastUpdated": "2025-08-01T08:00:00.000Z",
        "lastMembershipUpdated": "2025-09-01T08:00:00.000Z",
        "objectClass": ["okta:user_group"],
        "type": group.kind,
        "profile": {"name": group.name, "description": group.description},
        "_links": {"users": {"href": f"{api}/groups/{group.id}/users"}},
    }


def group_assignment_document(group: Group, app: App, api: str) -> Document:
    """Return the assignment of a group to an application."""
    return {
        "id": group.id,
        "lastUpdated": "2025-09-01T08:00:00.000Z",
        "priority": 0,
        "profile": {},
        "_links": {
            "app": {"href": f"{api}/apps/{app.id}"},
            "group": {"href": f"{api}/groups/{group.id}"},
        },
    }


def connection_document() -> Document:
    """Return what Okta answers for the connection of an app that it has no such setting for."""
    return {
        "status": "UNKNOWN",
        "authScheme": "UNKNOWN",
        "profile": {"authScheme": "UNKNOWN"},
    }


def org_document(root: str) -> Document:
    """Return the settings of the org."""
    return {
        "id": okta_id("00o", 1),
        "subdomain": "corp-example",
        "companyName": "Corp Example",
        "website": root,
        "status": "ACTIVE",
        "created": "2025-08-01T08:00:00.000Z",
        "lastUpdated": "2025-08-01T08:00:00.000Z",
        "expiresAt": None,
    }


def feature_document(app: App, switches: tuple[bool, bool, bool], api: str) -> Document:
    """Return the feature ``USER_PROVISIONING``: the boxes under **To App**."""
    create, update, deactivate = ("ENABLED" if on else "DISABLED" for on in switches)
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
        "_links": {"self": {"href": f"{api}/apps/{app.id}/features/USER_PROVISIONING"}},
    }


def app_user_document(assignment: Assignment, app: App, api: str) -> Document:
    """Return an application user. What is not known yet is left out, as Okta does."""
    user = assignment.user
    given, family = user.names
    changed = timestamp(assignment.created)
    document: Document = {
        "id": user.id,
        "created": changed,
        "lastUpdated": changed,
        "scope": assignment.scope,
        "status": assignment.status,
        "statusChanged": changed,
        "syncState": "DISABLED",
        "credentials": {"userName": assignment.user_name},
        "profile": {
            "email": user.email,
            "givenName": given,
            "familyName": family,
            "displayName": user.name,
        },
        "_links": {
            "app": {"href": f"{api}/apps/{app.id}"},
            "user": {"href": f"{api}/users/{user.id}"},
        },
    }
    if assignment.external_id is not None:
        document["externalId"] = assignment.external_id
    if assignment.last_sync is not None:
        document["lastSync"] = timestamp(assignment.last_sync)
    return document


def user_document(user: OktaUser, api: str) -> Document:
    """Return a person of Okta's directory."""
    given, family = user.names
    created = timestamp(user.created)
    return {
        "id": user.id,
        "status": user.status,
        "created": created,
        "activated": created,
        "statusChanged": timestamp(user.status_changed),
        "lastLogin": None,
        "lastUpdated": timestamp(user.status_changed),
        "passwordChanged": created,
        "type": {"id": SOURCE_TYPE},
        "profile": {
            "firstName": given,
            "lastName": family,
            "mobilePhone": None,
            "secondEmail": None,
            "login": user.login,
            "email": user.email,
        },
        "credentials": {"provider": {"type": "OKTA", "name": "OKTA"}},
        "_links": {"self": {"href": f"{api}/users/{user.id}"}},
    }


def mapping_document(app: App, api: str, *, whole: bool) -> Document:
    """Return the profile mapping to an app; a list of mappings leaves the properties out."""
    mapping_id = mapping_id_of(app)
    document: Document = {
        "id": mapping_id,
        "source": {"id": SOURCE_TYPE, "name": "user", "type": "user"},
        "target": {"id": app.id, "name": app.name, "type": "appuser"},
        "_links": {"self": {"href": f"{api}/mappings/{mapping_id}"}},
    }
    if whole:
        document["properties"] = {
            name: {"expression": expression, "pushStatus": "PUSH"}
            for name, expression in app.mapped
        }
    return document


def mapping_id_of(app: App) -> str:
    """Return the id of the profile mapping to an app."""
    return "prm" + app.id.removeprefix("0oa")


def event_document(event: Event, app: App) -> Document:
    """Return an event of the System Log."""
    message, failure_name = _EVENT_NAMES[event.event_type]
    failed = event.result == "FAILURE"
    published = timestamp(event.published)
    custom_message = {"customMessage": event.message} if event.message else {}
    target: list[Document] = []
    if event.user is not None:
        user = event.user
        target = [
            _target("0ua" + user.id.removeprefix("00u"), "AppUser", event.user_name, user.name),
            _target(user.id, "User", user.login, user.name),
        ]
    # An event of Okta's own directory knows of no app.
    if event.event_type.startswith("user."):
        del target[0]
    else:
        target.insert(1, _target(app.id, "AppInstance", app.label, app.label))
    return {
        "actor": _ADMINISTRATOR if event.message else _SYSTEM,
        "client": {"userAgent": None, "zone": None, "device": None, "id": None, "ipAddress": None},
        "displayMessage": message,
        "eventType": event.event_type,
        "outcome": {"result": event.result, "reason": event.reason},
        "published": published,
        "severity": "ERROR" if failed else "INFO",
        "debugContext": {"debugData": {"appname": app.name, **custom_message}},
        "legacyEventType": failure_name if failed and failure_name else None,
        "transaction": {"type": "JOB", "id": okta_id("job", 1), "detail": {}},
        "uuid": str(uuid5(NAMESPACE_URL, f"{published} {event.event_type} {event.user_name}")),
        "version": "0",
        "request": {"ipChain": []},
        "target": target,
    }


def timestamp(moment: datetime) -> str:
    """Return a time as Okta writes it: UTC, with milliseconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def _target(object_id: str, kind: str, alternate_id: str, name: str) -> Document:
    return {
        "id": object_id,
        "type": kind,
        "alternateId": alternate_id,
        "displayName": name,
        "detailEntry": None,
    }
