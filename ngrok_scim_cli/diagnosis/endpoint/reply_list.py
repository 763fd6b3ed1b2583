"""A reply of 200: is it the list of users that Okta needs?

The rules are those of Okta's own test suite (https://developer.okta.com/standards/SCIM/) and of
RFC 7644 section 3.4.2, as far as Okta depends on them.
"""

from typing import TYPE_CHECKING, TypeGuard, cast
from urllib.parse import parse_qs, urlsplit

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, excerpt, read_error, text_of
from ngrok_scim_cli.diagnosis.finding import Severity, UserCount
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.form import DEFAULT_BASE_URL
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import NotJsonError, read_json
from ngrok_scim_cli.wire.exchange import BODY_LIMIT

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.wire.exchange import Exchange, Reply

LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

_COUNTERS = ("totalResults", "startIndex", "itemsPerPage")
_MEDIA_TYPES = ("application/scim+json", "application/json")
_SLOW_MS = 10_000
_OKTA_COUNT = 2
_NAMED_AT_MOST = 5

SEND_TO_SUPPORT = "Write to support@ngrok.com and send this evidence."
CHOOSE_SCIM = (
    'Open https://dashboard.ngrok.com/settings and choose "Automated User Provisioning via SCIM '
    '2.0" under "User Provisioning / SCIM".'
)


@dataclass(frozen=True, slots=True)
class UserList:
    """A ListResponse, as far as it is one."""

    reply: "Reply"
    value: dict[str, object]
    asked: int
    elapsed_ms: int

    @property
    def total(self) -> int | None:
        """``totalResults``, where it is a whole number."""
        total = self.value.get("totalResults")
        return total if is_count(total) else None

    @property
    def resources(self) -> list[object] | None:
        """``Resources``, where it is a list."""
        resources = self.value.get("Resources")
        return cast("list[object]", resources) if isinstance(resources, list) else None


list_rules: Rules[UserList] = Rules()


def judge_list(
    exchange: "Exchange", reply: "Reply", *, allow_empty: bool
) -> "tuple[tuple[Finding, ...], UserCount | None]":
    """Judge the body of a 200.

    Returns:
        What is wrong, the root cause first, and how many users there are.
    """
    if reply.truncated:
        seen = f"The answer goes on after {BODY_LIMIT:,} bytes."
        return (finding("SCM517", seen, fix=_fix_of_place(exchange)),), None
    try:
        value = read_json(text_of(reply))
    except NotJsonError:
        return (_no_json(exchange, reply),), None
    if value is None:
        return (finding("SCM508", "The body is `null`.", fix=_fix_of_place(exchange)),), None
    mistaken_for = _other_than_a_list(value)
    if mistaken_for:
        return (finding("SCM511", mistaken_for, fix=_fix_of_place(exchange)),), None
    users = UserList(
        reply, cast("dict[str, object]", value), _asked_count(exchange.url), exchange.elapsed_ms
    )
    found = tuple(_lenient(item) if allow_empty else item for item in list_rules.judge(users))
    total = users.total
    count = None if total is None else UserCount(total, len(users.resources or ()))
    return found, count


def listed_users(reply: "Reply") -> tuple[dict[str, object], ...]:
    """Return the users in the list that ``reply`` holds; none where it holds no list."""
    try:
        value = read_json(text_of(reply))
    except NotJsonError:
        return ()
    resources = value.get("Resources") if isinstance(value, dict) else None
    if not isinstance(resources, list):
        return ()
    return tuple(cast("dict[str, object]", item) for item in resources if isinstance(item, dict))


def is_user_list(reply: "Reply") -> bool:
    """Tell whether ``reply`` holds a ListResponse."""
    try:
        return not _other_than_a_list(read_json(text_of(reply)))
    except NotJsonError:
        return False


def is_count(value: object) -> TypeGuard[int]:
    """Tell whether a JSON value is a whole number from 0 on; ``true`` and ``3.0`` are none."""
    return type(value) is int and value >= 0


def is_at_ngroks_address(url: str) -> bool:
    """Tell whether ``url`` asks for the users at the base URL that ngrok's guide gives."""
    return url.partition("?")[0] == f"{DEFAULT_BASE_URL}Users"


def _lenient(item: "Finding") -> "Finding":
    if item.code != "USR601":
        return item
    return finding(item.code, item.evidence, severity=Severity.WARNING)


def _fix_of_place(exchange: "Exchange") -> str | None:
    """Return what to do where the base URL is right already."""
    return SEND_TO_SUPPORT if is_at_ngroks_address(exchange.url) else None


def _no_json(exchange: "Exchange", reply: "Reply") -> "Finding":
    body = read_error(reply)
    fix = _fix_of_place(exchange)
    if body.kind is BodyKind.EMPTY:
        return finding("SCM508", "The body is empty.", fix=fix)
    if body.kind is BodyKind.WEB_PAGE:
        title = f" with the title “{excerpt(body.title)}”" if body.title else ""
        return finding("SCM509", f"The body is a web page{title}.", fix=fix)
    return finding("SCM510", f"The body begins with “{excerpt(body.detail, 100)}”.", fix=fix)


def _other_than_a_list(value: object) -> str:
    """Return what ``value`` is, where it is no ListResponse; else nothing."""
    if not isinstance(value, dict):
        kind = "a bare list" if isinstance(value, list) else "a single value"
        return f"The body is {kind}, not an object."
    schemas = value.get("schemas")
    if schemas is None:
        names = ", ".join(f"`{excerpt(name, 40)}`" for name in list(value)[:_NAMED_AT_MOST])
        return f"The object has no `schemas`. It has {names or 'no fields'}."
    named = schemas if isinstance(schemas, list) else []
    if any(isinstance(name, str) and name.lower() == LIST_SCHEMA.lower() for name in named):
        return ""
    shown = excerpt(", ".join(str(name) for name in named[:_NAMED_AT_MOST]))
    return f"`schemas` holds “{shown}”, not “{LIST_SCHEMA}”."


def _asked_count(url: str) -> int:
    try:
        asked = parse_qs(urlsplit(url).query).get("count", [""])[0]
    except ValueError:
        asked = ""
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= len("1000000")
    return int(asked) if is_number else _OKTA_COUNT


@list_rules("SCM512")
def _counters(users: UserList) -> Match | None:
    wrong = [
        f"`{name}` is {_shown(users.value, name)}"
        for name in _COUNTERS
        if not is_count(users.value.get(name))
    ]
    return Match("; ".join(wrong) + ".") if wrong else None


@list_rules("SCM513")
def _resources(users: UserList) -> Match | None:
    if not users.total or users.resources is not None:
        return None
    seen = f"`totalResults` is {_number(users.total)}, but `Resources` is "
    seen += _shown(users.value, "Resources")
    other = next((name for name in users.value if name.lower() == "resources"), "Resources")
    hint = "" if other == "Resources" else f" There is a field `{other}`, which Okta does not read."
    return Match(f"{seen}.{hint}")


@list_rules("USR601")
def _no_users(users: UserList) -> Match | None:
    if users.total != 0:
        return None
    returned = len(users.resources or ())
    if returned:
        return Match(f"`totalResults` is 0, though the list holds {returned}.")
    missing = "" if users.resources is not None else " The list `Resources` itself is missing."
    return Match(f"`totalResults` is 0.{missing}")


@list_rules("USR602", unless=("SCM513",))
def _empty_list(users: UserList) -> Match | None:
    if not users.total or users.resources:
        return None
    return Match(f"`totalResults` is {_number(users.total)}, but `Resources` is empty.")


@list_rules("SCM518")
def _unnamed_user(users: UserList) -> Match | None:
    for position, user in enumerate(users.resources or (), start=1):
        if not isinstance(user, dict):
            return Match(f"Entry {position} of `Resources` is no object.")
        for name in ("id", "userName"):
            value = user.get(name)
            if not isinstance(value, str) or not value:
                return Match(
                    f"In entry {position} of `Resources`, `{name}` is {_shown(user, name)}."
                )
    return None


@list_rules("SCM514")
def _too_many(users: UserList) -> Match | None:
    returned = len(users.resources or ())
    if returned <= users.asked:
        return None
    return Match(f"Okta asks for {users.asked}; the list holds {returned}.")


@list_rules("SCM515")
def _media_type(users: UserList) -> Match | None:
    media_type = users.reply.media_type
    if media_type in _MEDIA_TYPES:
        return None
    if not media_type:
        return Match("The reply has no `Content-Type`.")
    return Match(f"`Content-Type` is “{excerpt(media_type, 100)}”.")


@list_rules("SCM516")
def _slow(users: UserList) -> Match | None:
    if users.elapsed_ms <= _SLOW_MS:
        return None
    return Match(f"The answer took {users.elapsed_ms / 1000:.1f} seconds.")


@list_rules("SCM521", unless=("SCM518",))
def _incomplete_user(users: UserList) -> Match | None:
    # ngrok keeps no name and no e-mail besides displayName and userName, so these count.
    for position, item in enumerate(users.resources or (), start=1):
        user = cast("dict[str, object]", item)
        if not isinstance(user.get("active"), bool):
            seen = _shown(user, "active")
            return Match(f"In entry {position} of `Resources`, `active` is {seen}.")
        missing = "no name" if not _has_name(user) else "" if _has_email(user) else "no e-mail"
        if missing:
            return Match(f"Entry {position} of `Resources` has {missing}.")
    return None


def _has_name(user: dict[str, object]) -> bool:
    name = user.get("name")
    parts = (name.get("givenName"), name.get("familyName")) if isinstance(name, dict) else (None,)
    return bool(user.get("displayName")) or all(parts)


def _has_email(user: dict[str, object]) -> bool:
    emails = user.get("emails")
    listed = emails if isinstance(emails, list) else []
    return "@" in str(user.get("userName")) or any(
        isinstance(email, dict) and email.get("value") for email in listed
    )


def _shown(record: "dict[str, object]", name: str) -> str:
    """Return how the field ``name`` looks, in words."""
    if name not in record:
        return "missing"
    value = record[name]
    if value is None:
        return "`null`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"the number {_number(value)}"
    if isinstance(value, str):
        return f"the text “{excerpt(value, 60)}”" if value else "an empty text"
    return "a list" if isinstance(value, list) else "an object"


def _number(value: float) -> str:
    """Return a number of a server's, however long it is."""
    return excerpt(str(value), 20)
