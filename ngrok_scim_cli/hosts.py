"""Whose host a URL names (ngrok's, a typo of it, Okta's, another), and what may be sent to it.

The rules and the wire both use this, so that no finding can say one thing of a host while the wire
does another.
"""

import re
from collections.abc import Collection
from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.confusables import skeleton
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import distance

NGROK_HOST = "api.ngrok.com"
LOCALHOST = "localhost"
LOOPBACK_ADDRESSES = ("127.0.0.1", "::1")

# Where Okta's orgs are, each under its own name: the clouds for production, preview, Europe (as it
# once was), the US government and the US military.
OKTA_DOMAINS = ("okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "okta.mil")

# One of them with at least one label in front: corp.okta.com.
_OKTA_HOST = lazy_pattern(rf"(?:[a-z0-9-]+\.)+(?:{'|'.join(map(re.escape, OKTA_DOMAINS))})")

# The credentials that a URL may hold; a password may hold an @.
_USER_INFO = lazy_pattern(r"(?<=//)[^/?#]*@")


@dataclass(frozen=True, slots=True)
class Trust:
    """Hosts that the key may go to besides ngrok's, as given to ``--allow-host``."""

    allowed_hosts: frozenset[str] = frozenset()

    def allows(self, host: str) -> bool:
        """Tell whether ``host`` (no port) is among the allowed hosts; case does not count."""
        return _is_among(host, self.allowed_hosts)


class HostKind(Enum):
    """Whose host was meant, typos included."""

    NGROK = "ngrok"
    ANOTHER_OF_NGROK = "another host of ngrok's"
    TYPO = "a typo of ngrok's"
    LOOPBACK = "loopback"
    ALLOWED = "allowed"
    OTHER = "other"


MEANT_FOR_NGROK = frozenset({HostKind.NGROK, HostKind.ANOTHER_OF_NGROK, HostKind.TYPO})

# ngrok's own domains, and those of its customers' endpoints, with anything in front.
_DOMAINS_OF_NGROK = lazy_pattern(
    r"(?:.+\.)?(?:ngrok\.(?:com|io|app|dev|pizza|pro|ai)|ngrok-free\.(?:app|dev|pizza|pro)"
    r"|ngrok-agent\.com)"
)
# ngrok's name under another top-level domain (api.ngrok.net), or under none (api.ngrok).
_NAMED_NGROK = lazy_pattern(r"(?:.+\.)?ngrok(?:\.[a-z]{2,})?")
_LONGEST_LABEL = 63
_LONGEST_HOST = 253  # RFC 1035 section 2.3.4, without the dot at the end


def why_withheld(
    scheme: str,
    host: str,
    *,
    has_user_info: bool,
    known_hosts: Collection[str],
    allowed_hosts: Collection[str],
) -> str:
    """Return why nothing may be sent to a URL; empty where a request may go there.

    Requests may go to loopback, and over https to the known hosts and to those that the person
    allowed. The rule is the same for requests without a credential: an unknown host gets nothing.

    Args:
        scheme: of the URL that is sent, in lower case.
        host: of the URL that is sent, as it is connected to: ASCII, in lower case.
        known_hosts: the hosts that the credential is for, compared as a whole.
    """
    if scheme not in ("http", "https"):
        return "The address does not begin with https://, so nothing was sent."
    if not host:
        return "The address names no host, so nothing was sent."
    if has_user_info:
        # Programs disagree on which side of an @ the host is.
        return "The address has an @ before or in its host, so nothing was sent."
    if is_loopback(host):
        return ""
    shown = host[:_LONGEST_HOST]
    if _is_among(host, known_hosts) or _is_among(host, allowed_hosts):
        unencrypted = f"Nothing was sent to {shown}, because http:// is not encrypted."
        return "" if scheme == "https" else unencrypted
    known = "".join(f"not {name}, " for name in known_hosts)
    return (
        f"Nothing was sent to {shown}: it is {known}not this machine, and not allowed with "
        "--allow-host."
    )


def host_of(url: str) -> str:
    """Return the host of ``url`` as it goes over the wire; empty where there is none."""
    try:
        host = urlsplit(url).hostname or ""
        return host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return ""


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Tell whether ``host`` names this machine: ``localhost``, 127.0.0.0/8, or ::1.

    Other spellings (``127.1``, ``0x7f.1``, ``::ffff:127.0.0.1``) do not count as loopback.

    Args:
        host: a host without its port; case does not count, nor brackets around an IPv6 address.
    """
    address = literal_address(_bare(host))
    if isinstance(address, IPv4Address):
        return address.is_loopback
    return host.lower() == LOCALHOST or str(address) == "::1"


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that ``host`` spells out, or ``None`` where it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_among(host: str, hosts: Collection[str]) -> bool:
    return _bare(host) in map(_bare, hosts)


def _bare(host: str) -> str:
    """Return ``host`` in lower case, an IPv6 address without its brackets."""
    bracketed = host.startswith("[") and host.endswith("]")
    return (host[1:-1] if bracketed else host).lower()


def kind_of_host(host: str, trust: Trust) -> HostKind:
    """Tell whose host was meant; one that the person allowed is no typo."""
    lowered = host.lower()
    if lowered == NGROK_HOST and host.isascii():  # the Kelvin sign is a small k, too
        return HostKind.NGROK
    if is_loopback(lowered):
        return HostKind.LOOPBACK
    if trust.allows(host):
        return HostKind.ALLOWED
    bare = lowered.rstrip(".")
    if _DOMAINS_OF_NGROK.fullmatch(bare) and bare != NGROK_HOST:
        return HostKind.ANOTHER_OF_NGROK
    return HostKind.TYPO if _is_typo(bare) else HostKind.OTHER


def _is_typo(host: str) -> bool:
    return (
        host.startswith(NGROK_HOST)
        or _NAMED_NGROK.fullmatch(host) is not None
        or any(distance(host, right) <= 2 for right in (NGROK_HOST, "dashboard.ngrok.com"))  # noqa: PLR2004 - the catalogue's number
        or distance(host, "ngrok.com") <= 1
    )


def host_as_read(host: str) -> str:
    """Return how a hasty reader reads ``host``: ``xn--`` decoded, look-alikes replaced."""
    return skeleton(".".join(decoded_label(label) for label in host.split("."))).lower()


def decoded_label(label: str) -> str:
    """Return a label of a host as browsers may show it (RFC 3492); unchanged where it is plain."""
    if not label.lower().startswith("xn--") or len(label) > _LONGEST_LABEL:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def known_as(host: str) -> str:
    """Say what is known to be at another host of ngrok's."""
    bare = host.lower().rstrip(".")
    if bare == "dashboard.ngrok.com":
        return "ngrok's dashboard"
    if bare in ("ngrok.com", "www.ngrok.com"):
        return "ngrok's website"
    if bare.endswith((".ngrok.com", ".ngrok-agent.com")):
        return "another service of ngrok's"
    return "where ngrok's customers publish their own services"


def is_okta_host(host: str) -> bool:
    """Tell whether ``host`` is an Okta org's by its name; one with a domain of its own is not."""
    return _OKTA_HOST.fullmatch(host.lower()) is not None


def without_user_info(url: str, shown: str = "…") -> str:
    """Return ``url`` with ``shown`` in place of a name and a password (RFC 3986 section 3.2.1)."""
    return _USER_INFO.sub(f"{shown}@", url)
