"""What Okta's API answers: its objects as JSON, and its errors.

https://developer.okta.com/docs/api/openapi/okta-management/ and
https://developer.okta.com/docs/reference/error-codes/; what says nothing about provisioning is left
out.
"""

from datetime import datetime
from time import time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ngrok_scim_cli.sandbox.message import Answer, Request
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
# Higher than in a real org, and never used up: the fault for it is okta-rate-limited.
_REQUESTS_PER_MINUTE = 10_000
_FOUNDED = "2025-08-01T08:00:00.000Z"

# Event type: what Okta calls it for people, and the name of its failure in the old Events API.
# fmt: off
_EVENT_NAMES: dict[str, tuple[str, str]] = {
    "application.integration.authentication_failure":
        ("Error authenticating", "app.api.error.auth"),
    "application.provision.user.deactivate":
        ("Push user deactivation to external application", "app.api.error.deactivate_user"),
    "application.provision.user.push":
        ("Push new user to external application", "app.api.error.create_user"),
    "application.provision.user.push_profile":
        ("Push user's profile to external application", "app.api.error.push_profile_update"),
    "application.provision.user.sync":
        ("Sync user in external application", "app.user_management.provision_user_failed"),
    "application.lifecycle.update": ("Update application", ""),
    "application.user_membership.add": ("Add user to application membership", ""),
    "application.user_membership.remove": ("Remove user's application membership", ""),
    "user.lifecycle.deactivate": ("Deactivate Okta user", ""),
    "user.lifecycle.suspend": ("Suspend Okta user", ""),
}
# fmt: on

# Code: its status and its summary, with the slots in braces.
_ERRORS: dict[str, tuple[int, str]] = {
    "E0000001": (400, "Api validation failed: {what}"),
    "E0000005": (403, "Invalid session"),
    "E0000006": (403, "You do not have permission to perform the requested action"),
    "E0000007": (404, "Not found: Resource not found: {what} ({kind})"),
    "E0000009": (500, "Internal Server Error"),
    "E0000011": (401, "Invalid token provided"),
    "E0000022": (405, "The endpoint does not support the provided HTTP method"),
    "E0000031": (400, "Invalid search criteria."),
    "E0000047": (429, "API call exceeded rate limit due to too many requests."),
    "E0000053": (400, "Invalid SCIM filter."),
}


def okta_error(
    request: Request, code: str, *, causes: tuple[str, ...] = (), **slots: object
) -> Answer:
    """Return an error of Okta's."""
    status, summary = _ERRORS[code]
    return Answer.of(
        status,
        {
            "errorCode": code,
            "errorSummary": summary.format(**slots),
            "errorLink": code,
            "errorId": "oae" + request.operation_id.removeprefix("op_")[:22],
            "errorCauses": [{"errorSummary": cause} for cause in causes],
        },
    )


def rate_limit(answer: Answer, remaining: int, reset: int) -> Answer:
    """Return ``answer`` with the headers of the rate limit.

    Args:
        reset: when the minute ends, in seconds since 1970 (UTC).
    """
    answer = answer.with_header("X-Rate-Limit-Limit", str(_REQUESTS_PER_MINUTE))
    answer = answer.with_header("X-Rate-Limit-Remaining", str(remaining))
    return answer.with_header("X-Rate-Limit-Reset", str(reset))


def add_headers(answer: Answer, request: Request) -> Answer:
    """Add the headers of each of Okta's replies: the request's id, and the rate limit."""
    if all(name != "X-Rate-Limit-Limit" for name, _ in answer.headers):
        answer = rate_limit(answer, _REQUESTS_PER_MINUTE - 1, (int(time()) // 60 + 1) * 60)
    return answer.with_header("X-Okta-Request-Id", request.operation_id.removeprefix("op_"))


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


def timestamp(moment: datetime) -> str:
    """Return a time as Okta writes it: UTC, with milliseconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def app_document(app: App, api: str) -> Document:
    """Return an application; ``api`` is the root of the API."""
    link = f"{api}/apps/{app.id}"
    template = {"template": app.user_name_template, "type": "BUILT_IN"}
    return {
        "id": app.id,
        "name": app.name,
        "label": app.label,
        "status": app.status,
        "lastUpdated": "2026-01-12T09:30:00.000Z",
        "created": "2025-08-31T07:45:00.000Z",
        "features": list(app.features),
        "signOnMode": app.sign_on_mode,
        "credentials": {"userNameTemplate": template},
        "settings": {"app": {}},
        "_links": {"self": {"href": link}, "users": {"href": f"{link}/users"}},
    }


def group_document(group: Group, api: str) -> Document:
    """Return a group."""
    return {
        "id": group.id,
        "created": _FOUNDED,
        "lastUpdated": _FOUNDED,
        "lastMembershipUpdated": _FOUNDED,
        "objectClass": ["okta:user_group"],
        "type": group.kind,
        "profile": {"name": group.name, "description": group.description},
        "_links": {"users": {"href": f"{api}/groups/{group.id}/users"}},
    }


def group_assignment_document(group: Group) -> Document:
    """Return the assignment of a group to an application."""
    return {"id": group.id, "lastUpdated": _FOUNDED, "priority": 0, "profile": {}}


def org_document() -> Document:
    """Return the settings of the org."""
    return {
        "id": okta_id("00o", 1),
        "subdomain": "corp-example",
        "companyName": "Corp Example",
        "status": "ACTIVE",
        "created": _FOUNDED,
        "lastUpdated": _FOUNDED,
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


def mapping_document(app: App, api: str) -> Document:
    """Return the profile mapping to an app, as a list of mappings has it."""
    mapping_id = mapping_id_of(app)
    return {
        "id": mapping_id,
        "source": {"id": SOURCE_TYPE, "name": "user", "type": "user"},
        "target": {"id": app.id, "name": app.name, "type": "appuser"},
        "_links": {"self": {"href": f"{api}/mappings/{mapping_id}"}},
    }


def whole_mapping_document(app: App, api: str) -> Document:
    """Return the profile mapping to an app with its properties."""
    properties = {
        name: {"expression": expression, "pushStatus": "PUSH"} for name, expression in app.mapped
    }
    return {**mapping_document(app, api), "properties": properties}


def mapping_id_of(app: App) -> str:
    """Return the id of the profile mapping to an app."""
    return "prm" + app.id.removeprefix("0oa")


def event_document(event: Event, app: App) -> Document:
    """Return an event of the System Log."""
    message, failure_name = _EVENT_NAMES[event.event_type]
    failed = event.result == "FAILURE"
    published = timestamp(event.published)
    custom_message = {"customMessage": event.message} if event.message else {}
    # An event of Okta's own directory names no app.
    of_directory = event.event_type.startswith("user.")
    target = [] if of_directory else [_target(app.id, "AppInstance", app.label, app.label)]
    if (user := event.user) is not None:
        if not of_directory:
            app_user_id = "0ua" + user.id.removeprefix("00u")
            target.insert(0, _target(app_user_id, "AppUser", event.user_name, user.name))
        target.append(_target(user.id, "User", user.login, user.name))
    return {
        "actor": _ADMINISTRATOR if event.message else _SYSTEM,
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
        "target": target,
    }


def _target(object_id: str, kind: str, alternate_id: str, name: str) -> Document:
    return {
        "id": object_id,
        "type": kind,
        "alternateId": alternate_id,
        "displayName": name,
        "detailEntry": None,
    }


_SYSTEM = _target(okta_id("spr", 1), "SystemPrincipal", "system@okta.com", "Okta System")
_ADMINISTRATOR = _target(okta_id("00u", 1), "User", ADMINISTRATOR, "Odette Admin")
