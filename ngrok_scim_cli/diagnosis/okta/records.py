"""Apps, people and events of the System Log, as Okta's Management API returns them."""

from dataclasses import dataclass  # noqa: TID251 - of some there are 100,000

from ngrok_scim_cli.diagnosis.okta.stages import Stage, stage_of_type
from ngrok_scim_cli.text.json_values import as_list, as_object, as_text, text_at

DEPROVISIONED = "DEPROVISIONED"
SUSPENDED = "SUSPENDED"
# What keeps Okta from provisioning somebody, and the button that helps; under Directory > People.
OBSTACLES = {
    "STAGED": ("is not activated in Okta yet", "Activate"),
    SUSPENDED: ("is suspended in Okta", "Unsuspend"),
    DEPROVISIONED: ("is deactivated in Okta", "Activate"),
}


@dataclass(frozen=True, slots=True)
class OktaApp:
    """An application of the Okta org (Okta Management API, ``GET /api/v1/apps/{appId}``).

    Okta does not tell all ``features``. ``user_name_template`` is the expression of **Application
    username format**, like ``${source.email}``.
    """

    id: str
    label: str
    status: str
    sign_on_mode: str
    features: frozenset[str] = frozenset()
    user_name_template: str = ""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """An event of Okta's System Log that is about the app; what Okta left out is empty.

    Attributes:
        published: when it happened (RFC 3339, UTC).
        user_id: the id of the person whom it is about: ``00u…`` (target ``User``), otherwise
            ``0ua…`` (target ``AppUser``).
        user_name: that one's ``alternateId``, mostly the user name.
    """

    published: str
    event_type: str
    result: str
    reason: str = ""
    message: str = ""
    user_id: str = ""
    user_name: str = ""
    actor: str = ""
    custom_message: str = ""

    @property
    def stage(self) -> Stage | None:
        """What Okta was doing; ``None`` where it has nothing to do with provisioning."""
        return stage_of_type(self.event_type)

    @property
    def is_success(self) -> bool:
        """Whether it went well."""
        return self.result.upper() == "SUCCESS"


@dataclass(frozen=True, slots=True)
class OktaPerson:
    """A person in Okta's directory (``GET /api/v1/users/{idOrLogin}``); what is left out is empty.

    The console calls ``login`` **Username**. Times are RFC 3339, UTC.
    """

    id: str
    login: str
    email: str
    status: str
    status_changed: str = ""

    @property
    def is_deactivated(self) -> bool:
        """Whether Okta has deactivated the person; that takes every app away."""
        return self.status == DEPROVISIONED


def read_app(document: dict[str, object]) -> OktaApp:
    """Read an application."""
    return OktaApp(
        as_text(document.get("id")),
        as_text(document.get("label")),
        as_text(document.get("status")),
        as_text(document.get("signOnMode")),
        frozenset(map(as_text, as_list(document.get("features")))),
        text_at(document, "credentials.userNameTemplate.template"),
    )


def read_event(document: dict[str, object]) -> LogEvent:
    """Read an event; its targets are found by their ``type``, never by their place."""
    outcome = as_object(document.get("outcome"))
    targets = [as_object(item) for item in as_list(document.get("target"))]
    people = [item for kind in ("User", "AppUser") for item in targets if item.get("type") == kind]
    person = next(iter(people), {})
    actor = as_object(document.get("actor"))
    name, login = as_text(actor.get("displayName")), as_text(actor.get("alternateId"))
    return LogEvent(
        as_text(document.get("published")),
        as_text(document.get("eventType")),
        as_text(outcome.get("result")),
        as_text(outcome.get("reason")),
        as_text(document.get("displayMessage")),
        as_text(person.get("id")),
        as_text(person.get("alternateId")),
        f"{name} ({login})" if name and login and name != login else name or login,
        text_at(document, "debugContext.debugData.customMessage"),
    )


def read_okta_person(document: dict[str, object]) -> OktaPerson:
    """Read a user of Okta's directory."""
    paths = ("id", "profile.login", "profile.email", "status", "statusChanged")
    return OktaPerson(*(text_at(document, path) for path in paths))
