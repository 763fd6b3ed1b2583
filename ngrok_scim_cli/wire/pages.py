"""Lists that come page by page, whoever keeps them: Okta's, and those of SCIM."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from ngrok_scim_cli.wire.exchange import Exchange

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.exchange import Failure, Reply

_SUCCESS = range(200, 300)

# A body that is mostly brackets takes forty times its size once it is parsed. What a directory
# sends has one in some 50 bytes, and so 20,000 where most is read.
_MOST_BRACKETS = 50_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        items: the objects, as the server sent them; what is no JSON object is left out.
        exchange: how the page came. Its body is dropped once it was read well.
        total: SCIM's ``totalResults``, where it is a whole number.
        start: SCIM's ``startIndex`` as answered, where it is a whole number.
        asked: SCIM's ``startIndex`` as asked.
        ok: ``False`` where the list ends before its end; then there are no items, and the exchange
            tells why.
    """

    items: tuple[dict[str, object], ...]
    exchange: Exchange
    total: int | None = None
    start: int | None = None
    asked: int | None = None
    ok: bool = True


def read_json(exchange: Exchange) -> object:
    """Return the JSON value of a successful reply; ``None`` where there is none to be read."""
    reply = exchange.reply
    if reply is None or not is_success(reply) or reply.truncated:
        return None
    if reply.body.count(b"{") + reply.body.count(b"[") > _MOST_BRACKETS:
        return None
    try:
        return cast("object", json.loads(reply.body))
    except (ValueError, RecursionError):
        return None


def read_array(exchange: Exchange) -> Page:
    """Read a page that is a JSON array, as Okta's are."""
    value = read_json(exchange)
    if not isinstance(value, list):
        return Page((), exchange, ok=False)
    return Page(_objects(value), without_body(exchange))


def read_list_response(exchange: Exchange, asked: int) -> tuple[Page, int]:
    """Read a page that is a SCIM ListResponse (RFC 7644 section 3.4.2).

    Args:
        exchange: the request and its reply.
        asked: the ``startIndex`` that was asked for.

    Returns:
        The page, and how many resources came; more than its items where some are no objects.
    """
    value = read_json(exchange)
    document = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    total = _whole(document.get("totalResults"))
    resources = document.get("Resources")
    if resources is None and total == 0:
        resources = []  # it may be left out where nothing was found
    if not isinstance(resources, list):
        return Page((), exchange, asked=asked, ok=False), 0
    start = _whole(document.get("startIndex"))
    page = Page(_objects(resources), without_body(exchange), total, start, asked)
    return page, len(resources)


def broken_off(exchange: Exchange, failure: Failure) -> Page:
    """Return the end of a list that was not read to its end.

    Args:
        exchange: the last that was asked.
        failure: why nothing more is asked.
    """
    return Page((), Exchange(exchange.purpose, "GET", exchange.url, failure=failure), ok=False)


def without_body(exchange: Exchange) -> Exchange:
    """Return ``exchange`` without the body of its reply."""
    reply = exchange.reply
    return replace(exchange, reply=reply.without_body()) if reply else exchange


def is_success(reply: Reply) -> bool:
    """Tell whether the status is one of success (RFC 9110 section 15.3)."""
    return reply.status in _SUCCESS


def _objects(values: list[object]) -> tuple[dict[str, object], ...]:
    return tuple(cast("dict[str, object]", item) for item in values if isinstance(item, dict))


def _whole(value: object) -> int | None:
    return value if type(value) is int else None
