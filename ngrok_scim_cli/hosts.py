"""Whose host it is that a URL names: ngrok's, a slip of it, Okta's, or another's."""

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

from ngrok_scim_cli.text.confusables import skeleton
from ngrok_scim_cli.text.near_misses import distance

NGROK_HOST = "api.ngrok.com"

# Where Okta's orgs are, each under its own name: the clouds for production, preview, Europe (as it
# once was), the US government and the US military.
OKTA_DOMAINS = ("okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "okta.mil")

_OKTA_HOST = re.compile(rf"(?:[a-z0-9-]+\.)+(?:{'|'.join(map(re.escape, OKTA_DOMAINS))})")


@dataclass(frozen=True, slots=True)
class Trust:
    """What the person allowed.

    Attributes:
        allowed_hosts: hosts that the key may go to besides ngrok's, as given to ``--allow-host``.
    """

    allowed_hosts: frozenset[str] = frozenset()

    def allows(self, host: str) -> bool:
        """Tell whether ``host`` (no port) is among the allowed hosts; case does not count."""
        wanted = host.lower().strip("[]")
        return any(wanted == allowed.lower().strip("[]") for allowed in self.allowed_hosts)


class EndpointKind(StrEnum):
    """Whose endpoint a base URL names, as far as the key may go there."""

    NGROK = "ngrok"
    LOOPBACK = "loopback"
    ALLOWED = "allowed"
    OTHER = "other"


class HostKind(Enum):
    """Whose host was meant, slips included."""

    NGROK = "ngrok"
    ANOTHER_OF_NGROK = "another host of ngrok's"
    SLIP = "a slip of ngrok's"
    LOOPBACK = "loopback"
    ALLOWED = "allowed"
    OTHER = "other"


MEANT_FOR_NGROK = frozenset({HostKind.NGROK, HostKind.ANOTHER_OF_NGROK, HostKind.SLIP})

_LOOPBACK = re.compile(r"localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\]")
_DOMAINS_OF_NGROK = re.compile(
    r"(?:.+\.)?(?:ngrok\.(?:com|io|app|dev|pizza|pro|ai)|ngrok-free\.(?:app|dev|pizza|pro))"
)
# ngrok's name under another top-level domain, or none.
_NAMED_NGROK = re.compile(r"(?:.+\.)?ngrok(?:\.[a-z]{2,})?")
_LONGEST_LABEL = 63

_KNOWN = {
    "dashboard.ngrok.com": "ngrok's dashboard",
    "ngrok.com": "ngrok's website",
    "www.ngrok.com": "ngrok's website",
}


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` names this machine and nothing else."""
    return _LOOPBACK.fullmatch(host.lower()) is not None


def kind_of_host(host: str, trust: Trust) -> HostKind:
    """Tell whose host was meant.

    Args:
        host: a host as it stands in a URL, without its port.
        trust: the hosts that the person allowed; such a host is no slip.
    """
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
    return HostKind.SLIP if _is_slip(bare) else HostKind.OTHER


def _is_slip(host: str) -> bool:
    return (
        host.startswith(NGROK_HOST)
        or _NAMED_NGROK.fullmatch(host) is not None
        or any(distance(host, right) <= 2 for right in (NGROK_HOST, "dashboard.ngrok.com"))  # noqa: PLR2004 - the catalogue's number
        or distance(host, "ngrok.com") <= 1
    )


def host_as_read(host: str) -> str:
    """Return what a hasty reader takes ``host`` for: ``xn--`` decoded, look-alikes replaced."""
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
    if bare in _KNOWN:
        return _KNOWN[bare]
    if bare.endswith(".ngrok.com"):
        return "another service of ngrok's"
    return "where ngrok's customers publish their own services"


def is_okta_host(host: str) -> bool:
    """Tell whether ``host`` is an Okta org's by its name; one with a domain of its own is not.

    Args:
        host: a host without its port; case does not count.
    """
    return _OKTA_HOST.fullmatch(host.lower()) is not None
