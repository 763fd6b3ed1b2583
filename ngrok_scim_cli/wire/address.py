"""A URL as it is connected to, read by the library that sends it, never by us."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

PORTS = range(1, 65536)


def host_of(url: httpx.URL) -> str:
    """Return the host that is connected to: ASCII, in lower case, IPv6 without brackets."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    """Return the port that is connected to."""
    default = 443 if url.scheme == "https" else 80
    return default if url.port is None else url.port


def origin(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of ``url``; ``None`` where it cannot be read."""
    import httpx

    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return None
    return parsed.scheme, host_of(parsed), port_of(parsed)
