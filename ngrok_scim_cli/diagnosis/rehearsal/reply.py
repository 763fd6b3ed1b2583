"""What a reply to one of Okta's requests says of one user."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ngrok_scim_cli.diagnosis.endpoint.error_body import text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_list import LIST_SCHEMA
from ngrok_scim_cli.text.json_values import as_text, json_value

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.exchange import Exchange

User = dict[str, object]
"""A SCIM user, as the server sent it."""

NOT_FOUND = 404
CREATED = 201
NO_CONTENT = 204
_SUCCESS = range(200, 300)


def status_of(exchange: Exchange) -> int | None:
    """Return the status of the reply; ``None`` where none came."""
    return exchange.reply.status if exchange.reply else None


def succeeded(exchange: Exchange) -> bool:
    """Tell whether the status is one of success (RFC 9110 section 15.3)."""
    return status_of(exchange) in _SUCCESS


def user_in(exchange: Exchange) -> User | None:
    """Return the JSON object of a successful reply; ``None`` where there is none."""
    reply = exchange.reply
    if reply is None or reply.truncated or not succeeded(exchange):
        return None
    value = json_value(text_of(reply))
    return cast("User", value) if isinstance(value, dict) else None


def users_in(exchange: Exchange) -> tuple[User, ...] | None:
    """Return the users of a ListResponse (RFC 7644 section 3.4.2); ``None`` where it is none."""
    document = user_in(exchange)
    schemas = document.get("schemas") if document else None
    if document is None or LIST_SCHEMA not in (schemas if isinstance(schemas, list) else [schemas]):
        return None
    resources = document.get("Resources", [] if document.get("totalResults") == 0 else None)
    if not isinstance(resources, list):
        return None
    return tuple(cast("User", item) for item in resources if isinstance(item, dict))


def id_of(user: User | None) -> str:
    """Return the ``id`` of a user; empty where it has none that Okta can use."""
    return as_text(user.get("id")) if user else ""


def is_named(user: User | None, user_name: str) -> bool:
    """Tell whether this is the ``userName`` of ``user``, in any case (RFC 7643 section 4.1.1)."""
    return user is not None and as_text(user.get("userName")).casefold() == user_name.casefold()


def is_active(user: User | None) -> bool | None:
    """Return ``active``, also where it came as text; ``None`` where it is not told."""
    value = user.get("active") if user else None
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.casefold())
    return value if isinstance(value, bool) else None
