"""To whom a request may go. Judged on the very URL that is sent, never on the text before it."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from typing import TYPE_CHECKING

from ngrok_scim_cli.wire.exchange import Failure, FailureKind
from ngrok_scim_cli.wire.request_context import Stopped

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import httpx

NGROK_HOST = "api.ngrok.com"
LOCALHOST = "localhost"
LOOPBACK_ADDRESSES = ("127.0.0.1", "::1")

_OKTA_HOST = re.compile(
    r"(?:[a-z0-9-]+\.)+(?:(?:okta|oktapreview|okta-emea|okta-gov)\.com|okta\.mil)"
)

_LOOPBACK_NETWORK = IPv4Network("127.0.0.0/8")
_LOOPBACK_IPV6 = IPv6Address("::1")
_PORTS = range(1, 65536)
_LONGEST_HOST = 253  # RFC 1035 section 2.3.4, without the dot at the end


def admit(url: httpx.URL, known_hosts: Sequence[str], allowed_hosts: Collection[str]) -> None:
    """Let ``url`` pass if the rule allows a request to it.

    Allowed are loopback, and over https the known hosts and those that the person allowed. The
    rule is the same for requests without a credential: what is not known gets nothing.

    Args:
        url: the URL as it will be sent.
        known_hosts: the hosts that the credential is for; names in lower case, compared as a whole.
        allowed_hosts: the hosts that the person allowed besides; likewise.

    Raises:
        Stopped: the request is withheld, or the URL has no port that exists.
    """
    host = host_of(url)
    if url.scheme not in ("http", "https"):
        raise _withheld("The address does not begin with https://, so nothing was sent.")
    if not host:
        raise _withheld("The address names no host, so nothing was sent.")
    if url.userinfo:
        # Programs disagree on which side of an @ the host is.
        raise _withheld("The address has an @ before or in its host, so nothing was sent.")
    if not is_loopback(host):
        shown = host[:_LONGEST_HOST]
        if host not in known_hosts and host not in allowed_hosts:
            known = "".join(f"not {name}, " for name in known_hosts)
            raise _withheld(
                f"Nothing was sent to {shown}: it is {known}not this machine, and not allowed with "
                "--allow-host."
            )
        if url.scheme != "https":
            raise _withheld(f"Nothing was sent to {shown}, because http:// is not encrypted.")
    if port_of(url) not in _PORTS:
        raise Stopped(Failure(FailureKind.PROTOCOL, "The address has a port that does not exist."))


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


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is ``localhost``, an address in 127.0.0.0/8, or ::1.

    Other spellings (``127.1``, ``0x7f.1``, ``::ffff:127.0.0.1``) are not taken for loopback.
    """
    address = literal_address(host)
    if isinstance(address, IPv4Address):
        return address in _LOOPBACK_NETWORK
    return host == LOCALHOST or address == _LOOPBACK_IPV6


def is_okta_host(host: str) -> bool:
    """Tell whether ``host`` is an Okta org's by its name; one with a domain of its own is not.

    Args:
        host: a host without its port; case does not count.
    """
    return _OKTA_HOST.fullmatch(host.lower()) is not None


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that ``host`` spells out, or ``None`` where it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _withheld(detail: str) -> Stopped:
    return Stopped(Failure(FailureKind.WITHHELD, detail))
