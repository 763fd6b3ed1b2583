"""Judges a reply of 200: whether it is the list of users that Okta needs.

The rules are those of Okta's own test suite (https://developer.okta.com/standards/SCIM/) and of
RFC 7644 section 3.4.2, as far as Okta depends on them.
"""

from dataclasses import replace
from typing import NamedTuple, TypeGuard, cast

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import (
    BodyKind,
    excerpt,
    message_in,
    read_error,
    text_of,
)
from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, Severity, Subject, UserCount
from ngrok_scim_cli.diagnosis.okta.fixes import SET_BASE_URL
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.form import DEFAULT_BASE_URL
from ngrok_scim_cli.hosts import NGROK_HOST, host_of, is_loopback
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.text.json_values import as_list, as_object, json_object, json_value
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.wire.exchange import BODY_LIMIT, Exchange, Reply

LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
COUNTERS = ("totalResults", "startIndex", "itemsPerPage")

_MEDIA_TYPES = ("application/scim+json", "application/json")
_SLOW_MS = 10_000
_COUNT = lazy_pattern(r"[?&]count=([0-9]{1,7})(?:&|$)")
_OKTA_COUNT = 2
_NAMED_AT_MOST = 5
_MISSPELLS = "Okta reads a SCIM list by its exact field names, and by the type in `schemas`."

SEND_TO_SUPPORT = "Write to support@ngrok.com and send this evidence."
CHOOSE_SCIM = (
    'Open https://dashboard.ngrok.com/settings and choose "Automated User Provisioning via SCIM '
    '2.0" under "User Provisioning / SCIM".'
)
_ANOTHER_SERVER = (
    "The key has the right format, but this server does not accept it. Only ngrok's API, or a "
    "proxy that leads to it, knows the key."
)
_NO_REASON = (
    "The reply does not say why. The usual causes are a firewall, or a right that is missing."
)
_FAULT_THERE = "The fault is on the server, or on a gateway in front of it, and not in your values."
_TELL_THEM = (
    "Run the command again in a few minutes. If it still fails, tell the server's operators."
)
_NOBODY_THERE = (
    "This server has no users yet, or does not show them to this key. Okta's support article says "
    "that Okta accepts an empty list; ngrok-scim counts it as a failure."
)
_ALLOW_NOBODY = (
    "Check that this server has users. If it has none yet, add `--allow-empty`, which makes this a "
    "warning."
)
# Where the server is not ngrok's, neither a new key nor ngrok's dashboard helps.
_AT_ANOTHER_SERVER = {
    "KEY214": (_ANOTHER_SERVER, SET_BASE_URL),
    "SCM501": (_ANOTHER_SERVER, SET_BASE_URL),
    "SCM502": (_NO_REASON, "Ask the administrator of the server why it refuses the request."),
    "SCM506": (_FAULT_THERE, _TELL_THEM),
    "USR601": (_NOBODY_THERE, _ALLOW_NOBODY),
}
REPORT = (
    "Send this evidence to those who run the SCIM server; for ngrok, write to support@ngrok.com."
)


class UserList(NamedTuple):
    """A ListResponse, which may lack fields.

    Attributes:
        total: ``totalResults``, where it is a whole number.
        resources: ``Resources``, where it is a list.
        asked: the ``count`` of the request.
    """

    reply: Reply
    document: dict[str, object]
    total: int | None
    resources: list[object] | None
    asked: int
    elapsed_ms: int
    allow_empty: bool


def judge_list(
    exchange: Exchange, reply: Reply, *, allow_empty: bool
) -> tuple[tuple[Finding, ...], UserCount | None]:
    """Judge the body of a 200: what is wrong, root cause first, and how many users there are."""
    value = None if reply.truncated else json_value(text_of(reply))
    code, seen = _why_no_list(reply, value)
    if seen:
        fix = SEND_TO_SUPPORT if is_at_ngroks_address(exchange.url) else None
        item = finding(code, seen, fix=fix)
        if "resources" in map(str.lower, as_object(value)):  # SCIM, but not to the letter
            item = replace(item, cause=_MISSPELLS, fix=fix or REPORT)
        return (item,), None
    document, asked = as_object(value), _COUNT.search(exchange.url)
    total, resources = document.get("totalResults"), document.get("Resources")
    users = UserList(
        reply,
        document,
        total if is_count(total) else None,
        cast("list[object]", resources) if isinstance(resources, list) else None,
        int(asked[1]) if asked else _OKTA_COUNT,
        exchange.elapsed_ms,
        allow_empty,
    )
    found = tuple(of_server(item, exchange.url) for item in rule.judge(users))
    count = None if users.total is None else UserCount(users.total, len(users.resources or ()))
    return found, count


def listed_users(reply: Reply | None) -> tuple[dict[str, object], ...]:
    """Return the users in the list of ``reply``; none where it has no list."""
    listed = as_list(json_object(text_of(reply)).get("Resources")) if reply else []
    return tuple(as_object(item) for item in listed if isinstance(item, dict))


def is_user_list(reply: Reply) -> bool:
    """Tell whether ``reply`` is a ListResponse."""
    return not _other_than_a_list(json_value(text_of(reply)))


def is_count(value: object) -> TypeGuard[int]:
    """Tell whether a JSON value is a whole number from 0 on; ``true`` and ``3.0`` are none."""
    return type(value) is int and value >= 0


def of_server(item: Finding, url: str) -> Finding:
    """Return a finding in the words for the server of ``url``: for ngrok's, those it has."""
    if is_ngroks(url):
        return item
    if item.title.startswith("ngrok "):
        item = replace(item, title=item.title.replace("ngrok", "The server", 1))
    cause, fix = _AT_ANOTHER_SERVER.get(item.code, ("", ""))
    return replace(item, cause=cause, fix=fix, certainty=Certainty.INFERRED) if cause else item


def is_ngroks(url: str) -> bool:
    """Tell whether ``url`` leads to ngrok's API, or to the sandbox on this machine."""
    host = host_of(url)
    return host == NGROK_HOST or is_loopback(host)


def is_at_ngroks_address(url: str) -> bool:
    """Tell whether ``url`` asks for the users at the base URL that ngrok's guide gives."""
    return url.partition("?")[0] == f"{DEFAULT_BASE_URL}Users"


def _why_no_list(reply: Reply, value: object) -> tuple[str, str]:
    """Return a code and its evidence, which is empty where ``value`` is a ListResponse."""
    if reply.truncated:
        return "SCM517", f"The reply is longer than {BODY_LIMIT:,} bytes."
    if value is not None:
        return "SCM511", _other_than_a_list(value)
    body = read_error(reply)
    if body.kind in (BodyKind.NULL, BodyKind.EMPTY):
        return "SCM508", f"The body is {'empty' if body.kind is BodyKind.EMPTY else '`null`'}."
    if body.kind is BodyKind.WEB_PAGE:
        title = f" with the title “{excerpt(body.detail)}”" if body.detail else ""
        return "SCM509", f"The body is a web page{title}."
    seen = f"The body begins with “{excerpt(body.detail, 100)}”."
    if "\ufffd" in body.detail or "⟨U+0000⟩" in body.detail:
        encoding = excerpt(reply.header("content-encoding") or "", 40)
        packed = f"The body is compressed as “{encoding}”, which Okta does not ask for."
        seen = packed if encoding else "The body is not text in UTF-8."
    return "SCM510", seen


def _other_than_a_list(value: object) -> str:
    """Return what ``value`` is, where it is no ListResponse; else nothing."""
    if not isinstance(value, dict):
        kind = "a bare list" if isinstance(value, list) else "a single value"
        return f"The body is {kind}, not an object."
    schemas = value.get("schemas")
    if schemas is None:
        names = ", ".join(f"`{excerpt(name, 40)}`" for name in list(value)[:_NAMED_AT_MOST])
        said = message_in(value)  # of an API that sends each error with 200
        says = f" It says “{excerpt(said).rstrip('.')}”." if said else ""
        return f"The object has no `schemas`. It has {names or 'no fields'}.{says}"
    named = schemas if isinstance(schemas, list) else []
    if any(isinstance(name, str) and name.lower() == LIST_SCHEMA.lower() for name in named):
        return ""
    shown = excerpt(", ".join(str(name) for name in named[:_NAMED_AT_MOST]))
    older = " The server speaks SCIM 1.1, not 2.0." if "urn:scim:schemas:core:1." in shown else ""
    return f"`schemas` is “{shown}”, not “{LIST_SCHEMA}”.{older}"


rule: Rules[UserList] = Rules(Subject.RESPONSE, fix=REPORT)
rule.describe(f"""
SCM508 documented
The reply is empty
Okta needs a list, even if it has no users. Usually the base URL is wrong, or a proxy or firewall
    replied.
{SET_BASE_URL}

SCM509 documented
The reply is a web page, not a list of users
The base URL leads to a website or a sign-in page, or a firewall replied instead of the server.
{SET_BASE_URL}

SCM510
The reply is not JSON
The service at this address is not SCIM, or the reply was cut off.
{SET_BASE_URL}

SCM511 documented
The reply is not a SCIM list of users
Another API seems to reply at this address. A SCIM list names its type in `schemas`.
{SET_BASE_URL}

SCM517
The reply is larger than 1 MiB
Two users need a few kilobytes. The service at this address is not SCIM, or it sends all users at
    once.
{SET_BASE_URL}
""")


@rule(
    "SCM512",
    "The list does not count its users in whole numbers",
    "Okta needs `totalResults`, `startIndex` and `itemsPerPage` as JSON integers. Without "
    "them it may create nobody and give no reason.",
    certainty=Certainty.DOCUMENTED,
)
def _counts_in_no_whole_numbers(users: UserList) -> str:
    wrong = (name for name in COUNTERS if not is_count(users.document.get(name)))
    seen = "; ".join(f"`{name}` is {_shown(users.document, name)}" for name in wrong)
    return f"{seen}." if seen else ""


@rule(
    "SCM513",
    "The reply counts users but has no list of them",
    "`totalResults` is above 0, but `Resources` is missing or is not a list.",
    certainty=Certainty.DOCUMENTED,
)
def _counts_without_a_list(users: UserList) -> str:
    if not users.total or users.resources is not None:
        return ""
    other = next((name for name in users.document if name.lower() == "resources"), "Resources")
    hint = "" if other == "Resources" else f" There is a field `{other}`, which Okta does not read."
    return (
        f"`totalResults` is {_number(users.total)}, but `Resources` is "
        f"{_shown(users.document, 'Resources')}.{hint}"
    )


@rule("USR601")
def _lists_nobody(users: UserList) -> Match | None:
    seen = "`totalResults` is 0."
    if users.resources:
        seen = f"`totalResults` is 0, but the list has {counted(len(users.resources), 'user')}."
    elif users.resources is None:
        seen += f" `Resources` is {_shown(users.document, 'Resources')}."
    severity = Severity.WARNING if users.allow_empty else None
    return Match(seen, severity=severity) if users.total == 0 else None


@rule("USR602", unless=("SCM513",))
def _counts_but_lists_nobody(users: UserList) -> str:
    if not users.total or users.resources:
        return ""
    return f"`totalResults` is {_number(users.total)}, but `Resources` is empty."


@rule(
    "SCM518",
    "A user in the list lacks an `id` or a `userName`",
    "Okta identifies people by these two values and cannot update a user without them.",
    certainty=Certainty.DOCUMENTED,
)
def _lists_an_unnamed_user(users: UserList) -> str:
    for position, user in enumerate(users.resources or (), start=1):
        if not isinstance(user, dict):
            return f"Entry {position} of `Resources` is not an object."
        for name in ("id", "userName"):
            value = user.get(name)
            if not isinstance(value, str) or not value:
                return f"In entry {position} of `Resources`, `{name}` is {_shown(user, name)}."
    return ""


@rule(
    "SCM514",
    "The page of users is not of the size that was requested, or that it names",
    "Okta may see people twice, or miss some, when it reads a long list. That it matters for "
    "creating and updating people is not known.",
    severity=Severity.WARNING,
)
def _has_another_size(users: UserList) -> str:
    returned = len(users.resources or ())
    if returned > users.asked:
        return f"Okta asks for {counted(users.asked, 'user')}; the list has {returned}."
    named = users.document.get("itemsPerPage")
    # Many servers repeat how many were asked for, also where the list has fewer.
    if returned and is_count(named) and named not in (returned, users.asked):
        return f"`itemsPerPage` is {_number(named)}, but the list has {returned}."
    if users.total and returned > users.total:
        return f"`totalResults` is {_number(users.total)}, but the list has {returned}."
    starts_at = users.document.get("startIndex")
    return "`startIndex` is 0, but SCIM counts from 1." if returned and starts_at == 0 else ""


@rule(
    "SCM515",
    "The reply is not labelled as SCIM",
    "Its `Content-Type` is neither application/scim+json nor application/json. A strict "
    "client may refuse it.",
    severity=Severity.WARNING,
)
def _has_another_media_type(users: UserList) -> str:
    media_type = users.reply.media_type
    if media_type in _MEDIA_TYPES:
        return ""
    if not media_type:
        return "The reply has no `Content-Type`."
    return f"`Content-Type` is “{excerpt(media_type, 100)}”."


@rule(
    "SCM516",
    "The server is slow",
    "Okta gives up after 60 seconds. When the server is busier, requests may fail.",
    "Run `ngrok-scim test-connect` again at another time. If it is still slow, ask those who run "
    "the server (ngrok: https://status.ngrok.com/).",
    severity=Severity.WARNING,
)
def _is_slow(users: UserList) -> str:
    took = f"The reply took {users.elapsed_ms / 1000:.1f} seconds."
    return took if users.elapsed_ms > _SLOW_MS else ""


@rule(
    "SCM521",
    "A user in the list is incomplete",
    "Okta's own SCIM test requires a name, an e-mail address, and `active` as true or false "
    "for each user.",
    severity=Severity.WARNING,
    certainty=Certainty.DOCUMENTED,
    unless=("SCM518",),
)
def _lists_an_incomplete_user(users: UserList) -> str:
    # ngrok has only displayName and userName for the name and the e-mail address, so these count.
    for position, item in enumerate(users.resources or (), start=1):
        user = as_object(item)
        if not isinstance(user.get("active"), bool):
            return f"In entry {position} of `Resources`, `active` is {_shown(user, 'active')}."
        name = as_object(user.get("name"))
        if not user.get("displayName") and not (name.get("givenName") and name.get("familyName")):
            return f"Entry {position} of `Resources` has no name."
        emails = (as_object(email).get("value") for email in as_list(user.get("emails")))
        if "@" not in str(user.get("userName")) and not any(emails):
            return f"Entry {position} of `Resources` has no e-mail."
    return ""


ENTRIES = rule.entries


def _shown(record: dict[str, object], name: str) -> str:
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
