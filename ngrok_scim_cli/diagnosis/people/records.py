"""The people on both sides: ngrok's SCIM users, and the Okta app's assignments.

Each record holds what the rules compare and nothing else, so that a hundred thousand of them fit
into memory. A field that the server left out, or sent as another type, is empty.
"""

from dataclasses import dataclass  # noqa: TID251 - of some there are 100,000


@dataclass(frozen=True, slots=True)
class NgrokUser:
    """A user whom ngrok's SCIM endpoint holds (RFC 7643 section 4.1, cut to what ngrok keeps).

    Attributes:
        id: the SCIM ``id``, which Okta keeps as ``externalId`` of its app user.
        user_name: ``userName``, letter for letter; at ngrok it holds the e-mail address.
        active: whether the account can sign in; ``None`` where that is no boolean.
        emails: the ``value`` of each of ``emails``; ngrok does not document any.
    """

    id: str
    user_name: str
    display_name: str
    active: bool | None
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppUser:
    """An assignment of a person to the Okta app (Okta Management API, "application user").

    Attributes:
        id: the Okta user's id (``00u…``).
        user_name: ``credentials.userName``: what Okta sends as the SCIM ``userName``.
        external_id: the SCIM ``id`` that Okta keeps; empty until the person was provisioned.
        scope: ``USER`` where assigned directly, ``GROUP`` where by a group.
        status_changed: when ``status`` last changed (RFC 3339, UTC).
        last_sync: when Okta last pushed this person (RFC 3339, UTC).
    """

    id: str
    user_name: str
    email: str
    external_id: str
    status: str
    scope: str = ""
    created: str = ""
    status_changed: str = ""
    last_sync: str = ""


def read_ngrok_user(document: dict[str, object]) -> NgrokUser:
    """Read a SCIM user."""
    active = document.get("active")
    emails = document.get("emails")
    return NgrokUser(
        text(document.get("id")),
        text(document.get("userName")),
        text(document.get("displayName")),
        active if isinstance(active, bool) else None,
        tuple(text(item.get("value")) for item in emails if isinstance(item, dict))
        if isinstance(emails, list)
        else (),
    )


def read_app_user(document: dict[str, object]) -> AppUser:
    """Read an application user."""
    credentials = mapping(document.get("credentials"))
    profile = mapping(document.get("profile"))
    return AppUser(
        text(document.get("id")),
        text(credentials.get("userName")),
        text(profile.get("email")),
        text(document.get("externalId")),
        text(document.get("status")),
        text(document.get("scope")),
        text(document.get("created")),
        text(document.get("statusChanged")),
        text(document.get("lastSync")),
    )


def text(value: object) -> str:
    """Return ``value`` where it is text, otherwise nothing."""
    return value if isinstance(value, str) else ""


def mapping(value: object) -> dict[str, object]:
    """Return ``value`` where it is a JSON object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}
