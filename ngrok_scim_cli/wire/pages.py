"""Lists that come page by page: ngrok's, Okta's, and those of SCIM."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat
from time import monotonic
from typing import TypeVar, cast
from urllib.parse import urljoin

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import as_object
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind

# What no directory has. A million users take some 90 minutes at the 120 requests a minute that
# ngrok allows, and some 700 MB.
MOST_ITEMS = 1_000_000
MOST_BYTES = 1024**3
MOST_TEXT = 96 * 1024**2
MOST_HEADERS = 256 * 1024**2
MOST_SECONDS = 3 * 60 * 60.0

# Characters. A relative link can make each URL longer than the one before.
_LONGEST_LINK = 8_192

# Characters are counted behind this many bytes; what came before is never too much.
_BYTES_NOT_COUNTED = 64 * 1024**2

# A page has a hundred items or more; one that is asked for again because it was too large, ten.
_PAGES_WITH_ANYTHING = 1_000
_FEWEST_ITEMS = 10

# A server that counts by the minute lets some hundred requests pass between two waits.
_WAITS_WITHOUT_REASON = 20
_PAGES_FOR_A_WAIT = 10

LONGEST_FIELD = 1024
"""Characters of a text that are kept: a URL, an e-mail address and a name are shorter."""

_LEADS_BACK = "The list leads back to a page that was read before, so it has no end."

Position = TypeVar("Position", str, int)
"""Where a page is: its URL, or its ``startIndex``."""

Begun = Callable[[], Exchange]
"""Waits for the reply to a request that was sent."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        items: the objects, as the server sent them; what is no JSON object is left out.
        exchange: how the page came. Its body is dropped once it was read well.
        total: SCIM's ``totalResults``, where it is a whole number.
        came: how many items came, those included that are no objects.
        following: where the next page is: a URL, or its ``startIndex``; ``None`` behind the last.
        ok: ``False`` where the list ends before its end; then there are no items, and the exchange
            tells why.
        is_proof: whether the page is no part of the list, but was asked for to prove it whole.
        is_endless: whether the list was broken off because it has no end: nothing that a page of it
            holds can then be trusted to be whole. ``exchange.failure`` says what was seen.
    """

    items: tuple[dict[str, object], ...]
    exchange: Exchange
    total: int | None = None
    start: int | None = None
    asked: int | None = None
    came: int = 0
    following: str | int | None = None
    ok: bool = True
    is_endless: bool = False
    is_proof: bool = False


class ListBounds:
    """How much of one list is read: items, bytes, text, headers, time, waits; no page twice."""

    def __init__(self, most_bytes: int | None = None) -> None:
        self._ends = monotonic() + MOST_SECONDS
        self._most_bytes = MOST_BYTES if most_bytes is None else most_bytes
        self._most_headers = min(self._most_bytes, MOST_HEADERS)
        self._items = self._bytes = self._headers = self._text = self._pages = self._waits = 0
        # Hashes, because the pages and their URLs would add up.
        self._seen: set[int] = set()

    def waited(self) -> None:
        """Count a 429 that was waited for."""
        self._waits += 1

    def brought(self, page: Page, position: str | int) -> bool:
        """Count the page at ``position``; return whether it, or the next one, came before."""
        self._pages += 1
        self._items += page.came
        if reply := page.exchange.reply:
            self._bytes += reply.size
            # What is kept of each page for the report.
            self._headers += reply.head_size + len(page.exchange.url)
        if self._bytes > _BYTES_NOT_COUNTED:
            texts = [text for item in page.items for text in item.values() if type(text) is str]
            self._text += sum(map(len, texts))
        mark = _mark(page.items)
        is_repeated = page.came > 0 and mark in self._seen
        self._seen |= {mark, hash(position), hash(page.exchange.url)}
        return is_repeated or hash(page.following) in self._seen

    def exceeded(self, following: str | int) -> str:
        """Say in one sentence why nothing more is read; empty where the list may go on."""
        items, pages = self._items, self._pages
        gigabytes, hours = self._bytes / 1024**3, MOST_SECONDS / 3600
        reasons = {
            f"The list goes on after {items:,} entries.": items >= MOST_ITEMS,
            f"The list goes on after {gigabytes:.1f} GiB.": self._bytes >= self._most_bytes,
            # Text counts by itself, since a caller may keep it.
            f"{items:,} entries of the list have more than {MOST_TEXT:,} characters of text.": (
                self._text >= MOST_TEXT
            ),
            f"The headers and links of the list take more than {self._most_headers:,} bytes.": (
                self._headers >= self._most_headers
            ),
            f"The list was not read to its end within {hours:g} hours.": (
                monotonic() >= self._ends
            ),
            f"{pages:,} pages of the list brought {items:,} entries only.": (
                pages - _PAGES_WITH_ANYTHING > items // _FEWEST_ITEMS
            ),
            f"The server asked {self._waits:,} times to wait, for {pages:,} pages.": (
                self._waits - _WAITS_WITHOUT_REASON > pages // _PAGES_FOR_A_WAIT
            ),
            "The list leads to an address that gets longer and longer.": (
                len(str(following)) > _LONGEST_LINK
            ),
        }
        return next((reason for reason, is_exceeded in reasons.items() if is_exceeded), "")


def read_pages(
    first: Position,
    ask: Callable[[Position, Begun | None], Exchange],
    read: Callable[[Exchange, Position], Page],
    *,
    begin: Callable[[Position], Begun | None] | None = None,
    bounds: ListBounds,
    is_linked: bool = True,
) -> Iterator[Page]:
    """Ask for a page, and for whatever follows it, each page once and within ``bounds``.

    Args:
        ask: sends a request, or waits for the reply of one that was begun.
        begin: sends the request for the next page before this one is looked at (prefetch); what
            waits for its reply goes to ``ask``.
        is_linked: whether each page has the address of the next one. A page that came before then
            breaks the list off; otherwise it ends the list.
    """
    following: Position | None = first
    begun = None
    while following is not None:
        exchange = ask(following, begun)
        page = read(exchange, following)
        is_repeated = bounds.brought(page, following)
        following = cast("Position | None", page.following)
        reason = ""
        if is_repeated and not is_linked:
            following = None
        elif following is not None:
            reason = _LEADS_BACK if is_repeated else bounds.exceeded(following)
            begun = begin(following) if begin and not reason else None
        yield page
        if reason:
            failure = Failure(FailureKind.WITHHELD if is_linked else FailureKind.PROTOCOL, reason)
            last = Exchange(exchange.purpose, "GET", exchange.url, failure=failure)
            yield Page((), last, ok=False, is_endless=True)
            return


def read_array(exchange: Exchange) -> Page:
    """Read a page that is a JSON array, as Okta's are."""
    return page_of(exchange, exchange.json(), next_link(exchange))


def read_list_response(exchange: Exchange, asked: int) -> Page:
    """Read a page that is a SCIM ListResponse (RFC 7644 section 3.4.2)."""
    document = as_object(exchange.json())
    total, start = _whole(document.get("totalResults")), _whole(document.get("startIndex"))
    resources = document.get("Resources")
    if resources is None and total == 0:
        resources = []  # it may be left out where nothing was found
    page = page_of(exchange, resources)
    following = asked + page.came
    if not page.came or (total is not None and following > total):
        return replace(page, asked=asked, total=total, start=start)
    return replace(page, asked=asked, total=total, start=start, following=following)


def page_of(exchange: Exchange, values: object, following: str | int | None = None) -> Page:
    """Return the page that an exchange brought, where ``values`` are a list."""
    if not isinstance(values, list):
        return Page((), exchange, ok=False)
    body = exchange.reply.body if exchange.reply else b""
    kept = [_shortened(item) for item in values] if _may_hold_a_long_text(body) else values
    items = tuple([item for item in kept if isinstance(item, dict)])
    return Page(items, exchange.without_body(), came=len(values), following=following)


def next_link(exchange: Exchange) -> str | None:
    """Return where the page behind this one is (RFC 8288), whatever server that is on.

    Returns:
        An absolute link letter for letter; ``None`` where this is the last page.
    """
    import httpx

    headers = exchange.reply.headers if exchange.reply else ()
    links = [(b"link", value.encode("latin-1")) for name, value in headers if name == "link"]
    found = httpx.Response(200, headers=links).links.get("next", {}).get("url")
    if not found or re.match(r"[A-Za-z][\w+.-]*:", found):
        return found
    try:
        return urljoin(exchange.url, found)
    except ValueError:  # brackets that hold no IPv6 address
        return found


def is_same_server(url: str, other: str) -> bool:
    """Tell whether both URLs have the same scheme, host and port; ``False`` for what is no URL.

    They are read by the library that sends them, never by us.
    """
    import httpx

    try:
        origins = {(read.scheme, read.raw_host, read.port) for read in map(httpx.URL, (url, other))}
    except (httpx.InvalidURL, ValueError):
        return False
    return len(origins) == 1


def _may_hold_a_long_text(body: bytes) -> bool:
    """Tell whether a text in ``body`` may be longer than a field can be.

    Such a text covers half a field's length, counted from a multiple of it, without a quotation
    mark. An escaped one is no end of a text.
    """
    half = LONGEST_FIELD // 2
    starts = range(0, len(body) - half + 1, half)
    ends = range(half, len(body) + 1, half)
    is_escaped = b"\\" in body and b'\\"' in body  # a single byte is found much faster
    return is_escaped or -1 in map(body.find, repeat(b'"'), starts, ends)


def _shortened(value: object) -> object:
    """Return ``value`` with no text in it longer than a field can be."""
    if isinstance(value, str):
        return value[:LONGEST_FIELD]
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if isinstance(value, dict):
        return {name[:LONGEST_FIELD]: _shortened(item) for name, item in value.items()}
    return value


def _mark(items: tuple[dict[str, object], ...]) -> int:
    """Return a number that is the same for pages that bring the same, in the same order."""
    ids = [item.get("id") for item in items]
    return hash(tuple(ids) if set(map(type, ids)) <= {str} else repr(items))


def _whole(value: object) -> int | None:
    return value if type(value) is int else None
