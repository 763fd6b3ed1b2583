"""Judges the replies about one person: the look-up by user name, and the read by id.

The connector test makes none of these requests. Okta looks a user name up before it creates or
links somebody, and reads a user by id before every update and deactivation.
"""

from collections.abc import Callable
from http import HTTPStatus

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import (
    BodyKind,
    answered,
    excerpt,
    read_error,
    text_of,
)
from ngrok_scim_cli.diagnosis.endpoint.reply_list import (
    COUNTERS,
    REPORT,
    is_count,
    is_user_list,
    listed_users,
)
from ngrok_scim_cli.diagnosis.finding import Finding, Subject
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.text.json_values import json_object
from ngrok_scim_cli.wire.exchange import Exchange, Reply

rule: Rules[None] = Rules(Subject.RESPONSE, fix=REPORT)
rule.describe("""
SCM519 documented
Looking up a user by user name does not work
Each time somebody is assigned, Okta first asks for `filter=userName eq "…"`. If this fails, people
    may be created twice, linked to the wrong account, or not created.

SCM522 observed
Reading one user by id does not work
Okta makes this request before each update and each deactivation. While it fails, those fail too,
    and people who leave keep their access. The connector test does not make it.

SCM523 documented
The look-up of a user who does not exist does not return an empty list
Okta looks a user name up before it creates the person. Without an empty list, no new person is
    created, or a person may be linked to somebody else's account.
""")
ENTRIES = rule.entries


def judge_lookup(exchange: Exchange, user_name: str, user_id: str = "") -> tuple[Finding, ...]:
    """Judge the look-up of a user who exists (``SCM519``).

    A hit counts only if it is the user who was asked for, in any case (RFC 7643 section 4.1.1): a
    server that ignores the filter returns everybody. Where the ``user_id`` is known, no other one
    counts.
    """
    look_up = f"The look-up of “{excerpt(user_name, 100)}”"

    def wrong_hit(reply: Reply) -> str:
        seen = _wrong_hit(reply, user_name, user_id)
        return f"{look_up} {seen}" if seen else ""

    return _judge("SCM519", exchange, wrong_hit, look_up)


def judge_read(exchange: Exchange, user_id: str, user_name: str = "") -> tuple[Finding, ...]:
    """Judge ``GET /Users/{id}`` of a user who exists (RFC 7644 section 3.4.1; ``SCM522``).

    Where their ``user_name`` is known, another one in the reply shows another user.
    """
    return _judge("SCM522", exchange, lambda reply: _another(reply, user_id, user_name))


def judge_absent(exchange: Exchange, user_name: str) -> tuple[Finding, ...]:
    """Judge the look-up of a user name that nobody has (``SCM523``).

    Right is an empty list, or a SCIM error with the status 404, which Okta takes for nobody, too.
    """
    if exchange.reply and is_nobody(exchange.reply):
        return ()
    return _judge("SCM523", exchange, lambda reply: _not_empty(reply, user_name))


def _judge(
    code: str, exchange: Exchange, look: Callable[[Reply], str], what: str = "The request"
) -> tuple[Finding, ...]:
    """Return ``code`` with what ``look`` sees in a 200, or with any other reply."""
    reply, errors = exchange.reply, (BodyKind.SCIM_ERROR, BodyKind.NGROK_ERROR)
    is_fine = reply and reply.status == HTTPStatus.OK and read_error(reply).kind not in errors
    seen = look(reply) if reply and is_fine else answered(exchange, what)
    return (finding(code, seen),) if seen else ()


def is_nobody(reply: Reply) -> bool:
    """Tell whether a look-up was answered with a 404 that says that nobody was found."""
    return reply.status == HTTPStatus.NOT_FOUND and read_error(reply).kind is BodyKind.SCIM_ERROR


def _wrong_hit(reply: Reply, user_name: str, user_id: str) -> str:
    if not is_user_list(reply):
        return "was answered with no list of users."
    users = listed_users(reply)
    names = [str(user.get("userName", "")) for user in users]
    others = [name for name in names if name.casefold() != user_name.casefold()]
    if not names:
        return "found nobody, but this user exists."
    if not others:
        ids = {str(user.get("id")) for user in users}
        # Whose names differ in case are two in the directory, and the look-up is right.
        if len(ids) > 1 and (user_id or len(set(names)) == 1):
            return f"returned {len(ids)} users of this name."
        is_other = user_id and ids != {user_id}
        return "returned a user with another `id`." if is_other else ""
    instead = "instead" if len(others) == len(names) else "as well"
    return f"returned “{excerpt(others[0], 100)}” {instead}."


def _another(reply: Reply, user_id: str, user_name: str) -> str:
    document = _document(reply)
    asked = f"Asked for the id “{excerpt(user_id, 60)}”, the server"
    if not document:
        return f"{asked} did not return a user."
    if "Resources" in document:
        return f"{asked} returned a list."
    found = document.get("id")
    if found == user_id:
        name = str(document.get("userName") or user_name)
        is_another = user_name and name.casefold() != user_name.casefold()
        return f"{asked} returned “{excerpt(name, 100)}”." if is_another else ""
    if not isinstance(found, str) or not found:
        return f"{asked} returned a user whose `id` is not a string."
    return f"{asked} returned “{excerpt(found, 60)}”."


def _not_empty(reply: Reply, user_name: str) -> str:
    document = _document(reply)
    look_up = f"The look-up of “{excerpt(user_name, 100)}”"
    if not document or not is_user_list(reply):
        return f"{look_up} did not return a ListResponse."
    users = listed_users(reply)
    if users:
        return f"{look_up} returned “{excerpt(str(users[0].get('userName', '')), 100)}”."
    needed = [name for name in COUNTERS if name in document or name == "totalResults"]
    wrong = ", ".join(f"`{name}`" for name in needed if not is_count(document.get(name)))
    if wrong:
        return f"{look_up} returned an empty list, but these are not whole numbers: {wrong}."
    if document["totalResults"]:
        return f"{look_up} returned nobody, but `totalResults` is {document['totalResults']}."
    # `null` is the same as an empty list, or as none (RFC 7643 section 2.5).
    is_empty = document.get("Resources") in (None, [])
    return "" if is_empty else f"{look_up} returned `Resources` that is not an empty list."


def _document(reply: Reply) -> dict[str, object]:
    return {} if reply.truncated else json_object(text_of(reply))
