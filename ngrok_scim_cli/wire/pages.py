"""Lists that come page by page: Okta's, and those of SCIM."""

from itertools import repeat
from time import monotonic
from typing import cast

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import json_value
from ngrok_scim_cli.wire.exchange import Exchange, Failure

# What no directory has. A million users take some 90 minutes at the 120 requests a minute that
# ngrok allows, and some 700 MB.
MOST_ITEMS = 1_000_000
MOST_BYTES = 1024**3
MOST_TEXT = 96 * 1024**2
MOST_HEADERS = 256 * 1024**2
MOST_SECONDS = 3 * 60 * 60.0

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


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        items: the objects, as the server sent them; what is no JSON object is left out.
        exchange: how the page came. Its body is dropped once it was read well.
        total: SCIM's ``totalResults``, where it is a whole number.
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
    ok: bool = True
    is_endless: bool = False
    is_proof: bool = False


class ListBounds:
    """How much of one list is read: items, bytes, text, headers, time, waits; no page twice."""

    def __init__(self) -> None:
        self._ends = monotonic() + MOST_SECONDS
        self._items = self._bytes = self._text = self._pages = self._waits = 0
        self._headers = 0
        # Hashes, because the pages themselves would add up.
        self._seen: set[int] = set()

    def waited(self) -> None:
        """Count a 429 that was waited for."""
        self._waits += 1

    def brought(self, page: Page, came: int) -> bool:
        """Count a page, and return whether the same one came before.

        Args:
            came: how many items it had, those included that are no objects.
        """
        self._pages += 1
        self._items += came
        if reply := page.exchange.reply:
            self._bytes += reply.size
            # What is kept of each page for the report.
            self._headers += reply.head_size + len(page.exchange.url)
        if self._bytes > _BYTES_NOT_COUNTED:
            texts = [text for item in page.items for text in item.values() if type(text) is str]
            self._text += sum(map(len, texts))
        mark = _mark(page.items)
        is_repeated = came > 0 and mark in self._seen
        self._seen.add(mark)
        return is_repeated

    def exceeded(self) -> str:
        """Say in one sentence why nothing more is read; empty where the list may go on."""
        items, pages = self._items, self._pages
        reasons = (
            (items >= MOST_ITEMS, f"The list goes on after {items:,} entries."),
            (self._bytes >= MOST_BYTES, f"The list goes on after {self._bytes / 1024**3:.1f} GiB."),
            (
                self._text >= MOST_TEXT,  # what may be kept of it
                f"{items:,} entries of the list have more than {MOST_TEXT:,} characters of text.",
            ),
            (
                self._headers >= MOST_HEADERS,
                f"The headers and links of the list take more than {MOST_HEADERS:,} bytes.",
            ),
            (
                monotonic() >= self._ends,
                f"The list was not read to its end within {MOST_SECONDS / 3600:g} hours.",
            ),
            (
                pages - _PAGES_WITH_ANYTHING > items // _FEWEST_ITEMS,
                f"{pages:,} pages of the list brought {items:,} entries only.",
            ),
            (
                self._waits - _WAITS_WITHOUT_REASON > pages // _PAGES_FOR_A_WAIT,
                f"The server asked {self._waits:,} times to wait, for {pages:,} pages.",
            ),
        )
        return next((reason for is_exceeded, reason in reasons if is_exceeded), "")


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


def read_json(exchange: Exchange) -> object:
    """Return the JSON value of a successful reply; ``None`` where there is none to be read."""
    reply = exchange.reply
    if reply is None or not reply.is_success or reply.truncated:
        return None
    return json_value(reply.body)


def read_array(exchange: Exchange) -> Page:
    """Read a page that is a JSON array, as Okta's are."""
    value = read_json(exchange)
    if not isinstance(value, list):
        return Page((), exchange, ok=False)
    return Page(_objects(value, exchange), exchange.without_body())


def read_list_response(exchange: Exchange, asked: int) -> tuple[Page, int]:
    """Read a page that is a SCIM ListResponse (RFC 7644 section 3.4.2).

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
    page = Page(_objects(resources, exchange), exchange.without_body(), total, start, asked)
    return page, len(resources)


def broken_off(exchange: Exchange, failure: Failure, *, is_endless: bool = False) -> Page:
    """Return the end of a list that was not read to its end."""
    last = Exchange(exchange.purpose, "GET", exchange.url, failure=failure)
    return Page((), last, ok=False, is_endless=is_endless)


def _objects(values: list[object], exchange: Exchange) -> tuple[dict[str, object], ...]:
    body = exchange.reply.body if exchange.reply else b""
    kept = [_shortened(item) for item in values] if _may_hold_a_long_text(body) else values
    items = tuple([item for item in kept if isinstance(item, dict)])
    return cast("tuple[dict[str, object], ...]", items)


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
