"""The Okta app and what the System Log says of it, as far as the rules look at them."""

from dataclasses import dataclass  # noqa: TID251 - of some there are 100,000

from ngrok_scim_cli.diagnosis.people.records import mapping, text


@dataclass(frozen=True, slots=True)
class OktaApp:
    """An application of the Okta org (Okta Management API, ``GET /api/v1/apps/{appId}``).

    Attributes:
        id: its id (``0oa…``).
        features: ``SCIM_PROVISIONING``, ``PUSH_NEW_USERS`` … as far as Okta tells them.
        user_name_template: the expression of **Application username format**, like
            ``${source.email}``.
    """

    id: str
    label: str
    status: str
    sign_on_mode: str
    features: frozenset[str] = frozenset()
    user_name_template: str = ""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """An event of Okta's System Log that is about the app.

    Attributes:
        published: when it happened (RFC 3339, UTC).
        reason: Okta's words, as they are; empty where Okta gave none.
        user_id: the id of the person whom it is about: ``00u…`` (target ``User``), otherwise
            ``0ua…`` (target ``AppUser``); empty where it is about nobody.
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


def read_app(document: dict[str, object]) -> OktaApp:
    """Read an application."""
    features = document.get("features")
    template = mapping(mapping(document.get("credentials")).get("userNameTemplate"))
    return OktaApp(
        text(document.get("id")),
        text(document.get("label")),
        text(document.get("status")),
        text(document.get("signOnMode")),
        frozenset(text(item) for item in features) if isinstance(features, list) else frozenset(),
        text(template.get("template")),
    )


def read_event(document: dict[str, object]) -> LogEvent:
    """Read an event; its targets are found by their ``type``, never by their place."""
    outcome = mapping(document.get("outcome"))
    listed = document.get("target")
    targets = [mapping(item) for item in listed] if isinstance(listed, list) else []
    person: dict[str, object] = {}
    for kind in ("User", "AppUser"):
        person = next((item for item in targets if item.get("type") == kind), person)
        if person:
            break
    return LogEvent(
        text(document.get("published")),
        text(document.get("eventType")),
        text(outcome.get("result")),
        text(outcome.get("reason")),
        text(document.get("displayMessage")),
        text(person.get("id")),
        text(person.get("alternateId")),
        _actor(mapping(document.get("actor"))),
        text(mapping(mapping(document.get("debugContext")).get("debugData")).get("customMessage")),
    )


def _actor(document: dict[str, object]) -> str:
    name, login = text(document.get("displayName")), text(document.get("alternateId"))
    return f"{name} ({login})" if name and login and name != login else name or login
