"""The header ``Link`` (RFC 8288), as far as paging needs it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ngrok_scim_cli.wire.exchange import Reply

# RFC 8288 section 3. None of these can try the same text in two ways, so that a header of any
# length is read in one pass.
_TARGET = re.compile(r"[\s,]*<([^>]*)>")
_PARAMETER = re.compile(
    r"\s*;\s*(?P<name>[^\s=;,\"<>]*)"
    r"(?:\s*=\s*(?:\"(?P<quoted>[^\"\\]*(?:\\.[^\"\\]*)*)\"|(?P<token>[^\s;,\"]*)))?"
)
_ESCAPED = re.compile(r"\\(.)")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def next_link(reply: Reply | None, url: str) -> str | None:
    """Return where the following page of a list is.

    Args:
        reply: a page; of several links with ``rel="next"`` the first counts.

    Returns:
        The link letter for letter, or ``None`` where this is the last page. Whose server it leads
        to is not looked at.
    """
    for name, value in reply.headers if reply else ():
        if name != "link":
            continue
        for target, parameters in _links(value):
            # The relation of another document (section 3.2) is none of this page's.
            if "anchor" not in parameters and "next" in parameters.get("rel", "").lower().split():
                return target if _ABSOLUTE.match(target) else _joined(url, target)
    return None


def _links(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Take ``header`` apart up to where it is no link."""
    position = 0
    while link := _TARGET.match(header, position):
        position = link.end()
        parameters: dict[str, str] = {}
        while parameter := _PARAMETER.match(header, position):
            position = parameter.end()
            quoted = parameter["quoted"]
            value = parameter["token"] or "" if quoted is None else _ESCAPED.sub(r"\1", quoted)
            # Only the first of several counts (section 3.3).
            parameters.setdefault(parameter["name"].lower(), value)
        yield link[1].strip(), parameters


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:  # as urllib.parse says of brackets that hold no IPv6 address
        return target
