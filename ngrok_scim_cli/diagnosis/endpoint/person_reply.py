"""What Okta reads of a person besides the list: one user by id, and somebody who is not there.

The connector test makes neither read. Okta reads a user by id before every update and deactivation,
and looks a user name up before it creates somebody.
"""

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, excerpt, read_error, text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_list import is_count, is_user_list, listed_users
from ngrok_scim_cli.text.json_values import NotJsonError, read_json

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.wire.exchange import Exchange, Reply

_OK = 200
_NOT_FOUND = 404
_COUNTERS = ("totalResults", "startIndex", "itemsPerPage")


def judge_read(exchange: "Exchange", user_id: str) -> "tuple[Finding, ...]":
    """Judge ``GET /Users/{id}`` of a user who is there (RFC 7644 section 3.4.1).

    Returns:
        ``SCM522`` where it fails, or gives another user.
    """
    seen = _failed(exchange) or _another(exchange.reply, user_id)
    return (finding("SCM522", seen),) if seen else ()


def judge_absent(exchange: "Exchange", user_name: str) -> "tuple[Finding, ...]":
    """Judge the look-up of a user name that nobody has.

    Returns:
        ``SCM523`` where the answer is neither an empty list nor a SCIM error with the status 404,
        which Okta takes for nobody as well.
    """
    if exchange.reply is not None and is_nobody(exchange.reply):
        return ()
    seen = _failed(exchange) or _not_empty(exchange.reply, user_name)
    return (finding("SCM523", seen),) if seen else ()


def is_nobody(reply: "Reply") -> bool:
    """Tell whether a look-up was answered with a 404 that says that nobody was found."""
    return reply.status == _NOT_FOUND and read_error(reply).kind is BodyKind.SCIM_ERROR


def _failed(exchange: "Exchange") -> str:
    reply = exchange.reply
    if reply is None:
        detail = excerpt(exchange.failure.detail) if exchange.failure else ""
        return f"The request got no reply. {detail}".strip()
    if reply.status == _OK:
        return ""
    body = read_error(reply)
    said = f": “{excerpt(body.detail).rstrip('.')}”" if body.detail else ""
    return f"The request was answered with {reply.status}{said}."


def _another(reply: "Reply | None", user_id: str) -> str:
    document = _document(reply)
    asked = f"Asked for the id “{excerpt(user_id, 60)}”, the server"
    if document is None:
        return f"{asked} did not return a user."
    if "Resources" in document:
        return f"{asked} returned a list."
    found = document.get("id")
    if found == user_id:
        return ""
    if not isinstance(found, str) or not found:
        return f"{asked} returned a user without an `id` as text."
    return f"{asked} returned “{excerpt(found, 60)}”."


def _not_empty(reply: "Reply | None", user_name: str) -> str:
    document = _document(reply)
    asked = f"Asked for “{excerpt(user_name, 100)}”, who is not there, the server"
    if reply is None or document is None or not is_user_list(reply):
        return f"{asked} did not return a ListResponse."
    users = listed_users(reply)
    if users:
        return f"{asked} returned “{excerpt(str(users[0].get('userName', '')), 100)}”."
    wrong = [
        name
        for name in _COUNTERS
        if not (is_count(document.get(name)) or (name not in document and name != "totalResults"))
    ]
    if wrong:
        listed = ", ".join(f"`{name}`" for name in wrong)
        return f"{asked} returned an empty list, but no whole number as {listed}."
    if document["totalResults"]:
        return f"{asked} returned nobody, but `totalResults` is {document['totalResults']}."
    resources = document.get("Resources", [])
    return "" if resources == [] else f"{asked} returned a `Resources` that is no empty list."


def _document(reply: "Reply | None") -> dict[str, object] | None:
    try:
        value = read_json(text_of(reply)) if reply and not reply.truncated else None
    except NotJsonError:
        return None
    return value if isinstance(value, dict) else None
