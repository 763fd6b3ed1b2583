"""The people on both sides: ngrok's SCIM users, and the Okta app's assignments.

Each record holds what the rules compare and nothing else, so that a hundred thousand of them fit
into memory; a named tuple is made three times as fast as a frozen record. A field that the server
left out, or sent as another type, is empty; what reads a list cuts texts that are too long.
"""

from typing import NamedTuple

from ngrok_scim_cli.text.json_values import as_list, as_object, as_text


class NgrokUser(NamedTuple):
    """A user whom ngrok's SCIM endpoint holds (RFC 7643 section 4.1, cut to what ngrok keeps).

    Attributes:
        user_name: letter for letter; at ngrok it holds the e-mail address.
        emails: the ``value`` of each; ngrok does not document any.
    """

    id: str
    user_name: str
    display_name: str
    active: bool | None
    emails: tuple[str, ...] = ()


class AppUser(NamedTuple):
    """An assignment of a person to the Okta app (Okta Management API, "application user").

    Times are RFC 3339, UTC.

    Attributes:
        user_name: ``credentials.userName``: what Okta sends as the SCIM ``userName``.
        external_id: the SCIM ``id`` that Okta keeps; empty until the person was provisioned.
        scope: ``USER`` where assigned directly, ``GROUP`` where by a group.
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
    emails = as_list(document.get("emails"))
    return NgrokUser(
        as_text(document.get("id")),
        as_text(document.get("userName")),
        as_text(document.get("displayName")),
        active if isinstance(active, bool) else None,
        tuple(as_text(item.get("value")) for item in emails if isinstance(item, dict))
        if emails
        else (),
    )


def cut(user: NgrokUser) -> NgrokUser:
    """Return what is kept of a user."""
    return NgrokUser(user.id, user.user_name, "", user.active)


def read_app_user(document: dict[str, object]) -> AppUser:
    """Read an application user."""
    credentials = as_object(document.get("credentials"))
    profile = as_object(document.get("profile"))
    return AppUser(
        as_text(document.get("id")),
        as_text(credentials.get("userName")),
        as_text(profile.get("email")),
        as_text(document.get("externalId")),
        as_text(document.get("status")),
        as_text(document.get("scope")),
        as_text(document.get("created")),
        as_text(document.get("statusChanged")),
        as_text(document.get("lastSync")),
    )
