"""Judges each step of the rehearsed life: would Okta go on, or would provisioning break here?

What Okta needs in a reply: https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20/
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt, read_error
from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.rehearsal.reply import (
    CREATED,
    NOT_FOUND,
    answered,
    id_of,
    is_active,
    is_named,
    status_of,
    succeeded,
    user_in,
    users_in,
)
from ngrok_scim_cli.wire.exchange import FailureKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.rehearsal.reply import User
    from ngrok_scim_cli.wire.exchange import Exchange

SLOW_MS = 10_000
_CONFLICT = 409
_TOO_MANY_REQUESTS = 429
_UNUSABLE_KEY = (401, 403)

# What ngrok documents of a user (https://ngrok.com/docs/iam/sso, section SCIM).
DOCUMENTED = ("userName", "displayName", "active")


class Dialect(StrEnum):
    """How an Okta app updates a user: Classic apps by PUT, those of the OIW by PATCH."""

    PUT = "put"
    PATCH = "patch"


def judge_create(exchange: Exchange, sent: User) -> tuple[Finding, ...]:
    """Judge the reply to a create."""
    if not succeeded(exchange):
        blame, fix = _blame(exchange)
        seen = answered(exchange, "The create")
        return (finding("REH001", seen, fix=fix, blame=blame),)
    made = user_in(exchange)
    seen = ""
    if made is None:
        seen = f"The create was answered with {status_of(exchange)} and no user in the body."
    elif not id_of(made):
        seen = "The created user has no `id`, or one that is not a string."
    elif not is_named(made, str(sent["userName"])):
        name = excerpt(str(made.get("userName")), 100)
        seen = f"The create was answered with another user: “{name}”."
    elif status_of(exchange) != CREATED:
        seen = f"The create was answered with {status_of(exchange)} instead of 201."
    return (finding("REH002", seen),) if seen else judge_kept(made, sent)


def judge_kept(read: User | None, sent: User) -> tuple[Finding, ...]:
    """Judge whether the attributes that ngrok documents came back as they were sent."""
    if read is None:
        return ()
    changed = [
        f"`{name}` was sent as {_shown(sent[name])} and came back as {_shown(read.get(name))}"
        for name in DOCUMENTED
        if name in sent and read.get(name) != sent[name]
    ]
    return (finding("REH012", f"{'; '.join(changed)}."),) if changed else ()


def judge_look_up(
    exchange: Exchange, user_name: str, user_id: str, *, code: str = "REH003"
) -> tuple[Finding, ...]:
    """Judge the look-up of a user who is there: Okta needs exactly this one.

    Args:
        code: what it means where the user is not found.
    """
    users = users_in(exchange)
    seen = ""
    if users is None:
        what = f"The look-up of “{user_name}”"
        seen = answered(exchange, what) if not succeeded(exchange) else f"{what} gave no list."
    elif not users:
        seen = f"The look-up of “{user_name}”, who is there, found nobody."
    elif len(users) > 1:
        seen = f"The look-up of “{user_name}” found {len(users)} users."
    elif not is_named(users[0], user_name):
        found = excerpt(str(users[0].get("userName")), 100)
        seen = f"The look-up of “{user_name}” found “{found}”."
    elif user_id and id_of(users[0]) != user_id:
        seen = f"The look-up of “{user_name}” found a user with another `id`."
    return (finding(code, seen),) if seen else ()


def judge_change(
    code: str,
    dialect: Dialect,
    written: Exchange,
    read: Exchange,
    *,
    before: User,
    changes: Mapping[str, object],
) -> tuple[Finding, ...]:
    """Judge an update: was it accepted, answered so that Okta can go on, and kept?

    Args:
        read: the user, read afterwards.
    """
    method = dialect.value.upper()
    seen = ""
    if succeeded(written) and _is_gone_as_wanted(read, changes):
        return ()
    if not succeeded(written):
        seen = answered(written, f"The {method}")
    elif dialect is Dialect.PUT and user_in(written) is None:
        seen = f"The PUT was answered with {status_of(written)} and no user in the body."
    else:
        seen = _not_kept(method, read, before, changes)
    return (finding(code, seen),) if seen else ()


def judge_second_create(exchange: Exchange, first_id: str) -> tuple[Finding, ...]:
    """Judge a second create of the same user, which should be refused with 409."""
    if status_of(exchange) == _CONFLICT:
        return ()
    made = id_of(user_in(exchange))
    seen = answered(exchange, "The second create")
    if succeeded(exchange) and made and made != first_id:
        seen = f"{seen.rstrip('.')}: there are two users with one user name."
        return (finding("REH010", seen, severity=Severity.ERROR),)
    return (finding("REH010", seen),)


def judge_unknown_id(exchange: Exchange) -> tuple[Finding, ...]:
    """Judge the read of an id that nobody has, which should give 404."""
    if status_of(exchange) == NOT_FOUND:
        return ()
    return (finding("REH011", answered(exchange, "The read of an unknown `id`")),)


def judge_time(exchanges: Sequence[Exchange]) -> tuple[Finding, ...]:
    """Judge how long the slowest request of a step took."""
    slowest = max(exchanges, key=lambda one: one.elapsed_ms, default=None)
    if slowest is None:
        return ()
    took = f"The {slowest.method} took {slowest.elapsed_ms / 1000:.0f} seconds."
    if slowest.failure and slowest.failure.kind is FailureKind.READ_TIMEOUT:
        return (finding("REH013", f"{took} {excerpt(slowest.failure.detail)}"),)
    if slowest.elapsed_ms > SLOW_MS:
        return (finding("REH013", took, severity=Severity.WARNING),)
    return ()


def judge_rate_limit(exchanges: Sequence[Exchange]) -> tuple[Finding, ...]:
    """Judge the 429 of a step: they are no failure, but a first sync of many people meets them."""
    refused = [one for one in exchanges if status_of(one) == _TOO_MANY_REQUESTS]
    if not refused:
        return ()
    reply = refused[0].reply
    asked = reply.header("retry-after") if reply else None
    when = (
        f"`Retry-After` is “{excerpt(asked, 40)}”"
        if asked
        else "without `Retry-After`, so Okta waits 5 minutes"
    )
    times = "once" if len(refused) == 1 else f"{len(refused)} times"
    return (finding("REH016", f"The server answered 429 {times}, {when}."),)


def _is_gone_as_wanted(read: Exchange, changes: Mapping[str, object]) -> bool:
    """Tell whether a user who was to be deactivated is deleted instead: no access is left."""
    return changes.get("active") is False and status_of(read) == NOT_FOUND


def _not_kept(method: str, read: Exchange, before: User, changes: Mapping[str, object]) -> str:
    after = user_in(read)
    if after is None:
        return answered(read, f"The user's read after the {method}")
    for name, value in changes.items():
        if name not in DOCUMENTED:
            continue
        kept = is_active(after) if name == "active" else after.get(name)
        if kept != value:
            return (
                f"The {method} was accepted, but `{name}` was read back as "
                f"{_shown(after.get(name))} instead of {_shown(value)}."
            )
    for name in DOCUMENTED:
        if name not in changes and name in before and after.get(name) != before[name]:
            return (
                f"The {method} left `{name}` alone, but it was read back as "
                f"{_shown(after.get(name))} instead of {_shown(before[name])}."
            )
    return ""


def _blame(exchange: Exchange) -> tuple[str, str]:
    """Return who or what is to blame for a create that was refused, and what helps."""
    status, reply = status_of(exchange), exchange.reply
    if reply is None:
        return _CONNECTION
    if status == _CONFLICT:
        return _PERSON
    if status == _TOO_MANY_REQUESTS:
        return _RATE_LIMIT
    detail = read_error(reply).detail.casefold()
    for words, blame in _BLAMED:
        if any(word in detail for word in words):
            return blame
    return _CONNECTION if status in _UNUSABLE_KEY else _SERVER


_DOMAIN = (
    "The e-mail domain is not allowed for this account.",
    "Run `ngrok-scim domain submit DOMAIN`; once ngrok's support allows it, rehearse again.",
)
_SEATS = (
    "The account has no seat left, or its plan does not include this.",
    "Compare seats and members at https://dashboard.ngrok.com/billing/choose-a-plan.",
)
_PERSON = (
    "A user with this name is there, although the look-up did not find one.",
    "Run `ngrok-scim users trace` with the address of the throw-away user.",
)
_RATE_LIMIT = (
    "The account's rate limit is used up.",
    "Wait a minute, then rehearse again.",
)
_CONNECTION = (
    "The endpoint cannot be reached, or does not accept the key for writing.",
    "Run `ngrok-scim test-connect`, then `ngrok-scim doctor --only NGR`.",
)
_SERVER = (
    "The server does not accept the user that Okta sends; the evidence has its words.",
    "Write to support@ngrok.com and send the report of `ngrok-scim rehearse --report FILE`.",
)
_BLAMED = (
    (("domain", "not allowed to be created", "not authorized for use"), _DOMAIN),
    (("seat", "limit", "maximum", "plan", "upgrade"), _SEATS),
)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = f"“{excerpt(value, 100)}”" if isinstance(value, str) else f"`{str(value).lower()}`"
    return excerpt(text, 120)
