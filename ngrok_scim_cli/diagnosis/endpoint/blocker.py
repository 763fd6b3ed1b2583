"""Recognizes what answered instead of the server: a firewall, a gateway, a web filter."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, ErrorBody, excerpt, text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_failure import ANOTHER_NETWORK, host_of
from ngrok_scim_cli.diagnosis.finding import Certainty, Finding
from ngrok_scim_cli.diagnosis.okta.fixes import ASK_THE_FIREWALL, SET_BASE_URL
from ngrok_scim_cli.hosts import NGROK_HOST
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.exchange import Exchange, Reply

_SEARCHED = 16_384
_NETWORK_AUTHENTICATION = 511  # RFC 6585 section 6


class Blocker(NamedTuple):
    """What answered instead of the server.

    Attributes:
        is_local: whether it is in the network of this machine, which Okta does not pass.
    """

    title: str
    cause: str
    fix: str
    is_local: bool = False

    def explains(self, found: Finding, reply: "Reply") -> Finding:
        """Return ``found`` with this as its cause."""
        scheme = (reply.header("www-authenticate") or "").partition(" ")[0]
        return replace(
            found,
            title=f"{self.title} ({reply.status})",
            evidence=found.evidence + (f" It asks for “{excerpt(scheme)}”." if scheme else ""),
            cause=self.cause,
            fix=self.fix,
            certainty=Certainty.INFERRED,
        )


FIREWALL = Blocker(
    "A firewall in front of the server refuses the request",
    "The request did not reach the server. It is not known whether the firewall lets Okta in.",
    ASK_THE_FIREWALL,
)
_API_GATEWAY = Blocker(
    "An API gateway in front of the server refuses the request",
    "The gateway has nothing at this path. Its reply says nothing about the key.",
    SET_BASE_URL,
)
OTHER_SIGN_IN = Blocker(
    "The server asks for a sign-in other than the API key",
    "A web server or gateway in front of the SCIM endpoint asks for a sign-in or a key of its own, "
    "so the API key was probably not checked. A wrong path can have the same effect.",
    "Ask the administrator of the server to let Okta reach the SCIM endpoint with the API key "
    "alone.",
)
_OKTA = Blocker(
    "Okta's own API refuses the request",
    "The base URL is the address of an Okta org, not of ngrok.",
    SET_BASE_URL,
)
_WEB_FILTER = Blocker(
    "A web filter on this network refuses the request",
    "The filter is between this machine and the internet. Okta does not pass through it.",
    ANOTHER_NETWORK,
    is_local=True,
)
_CAPTIVE_PORTAL = Blocker(
    "This network asks for a sign-in before it passes on the request",
    "The sign-in page of this network answered, not the server. Okta does not pass through it.",
    "Sign in to this network in a web browser, then run the command again.",
    is_local=True,
)

# Words that only these use, in the body or in one of these headers.
_TELLING_HEADERS = (
    "server",
    "via",
    "location",
    "x-amzn-errortype",
    "x-goog-iap-generated-response",
)
_WORDS = (
    (_OKTA, lazy_pattern(r'"errorCode"\s*:\s*"E0000\d{3}"')),
    (_API_GATEWAY, lazy_pattern(r"missing ?authentication ?token|no route matched", re.IGNORECASE)),
    (
        OTHER_SIGN_IN,
        lazy_pattern(
            r"no api key found in request|subscription key|failed to resolve api ?key|"
            r"invalid iap credentials|cloudflareaccess\.com",
            re.IGNORECASE,
        ),
    ),
    (
        _WEB_FILTER,
        lazy_pattern(
            r"zscaler|netskope|forcepoint|websense|forti(?:gate|guard)|fgtauth|blue ?coat|"
            r"symantec web|cisco umbrella|opendns|palo alto|globalprotect|sophos|squid|"
            r"mcafee web gateway",
            re.IGNORECASE,
        ),
    ),
    (FIREWALL, lazy_pattern(r"\bForbiddenException\b")),
)
# Schemes of WWW-Authenticate under which no API key is a bearer token.
_OTHER_SCHEME = lazy_pattern(
    r"(?:^|, *)(?:basic|digest|negotiate|ntlm|kerberos|key|azureapimanagementkey)\b",
    re.IGNORECASE,
)
_SIGN_IN_PAGE = lazy_pattern(
    r"log[-_]?[io]n|sign[-_]?[io]n|/oauth2?\b|/saml|/sso\b|/authorize\b|accounts\.google",
    re.IGNORECASE,
)

# Products in front of a server say so in these headers, whatever their page says.
_FIREWALL_HEADERS = (
    *("cf-ray", "cf-mitigated", "x-sucuri-id", "x-amzn-waf-action", "x-iinfo", "x-cdn"),
    *("x-akamai-request-id", "x-azure-ref", "x-datadome", "x-px", "x-denied-reason"),
)
_FIREWALL_SERVERS = lazy_pattern(
    r"cloudflare|akamai|awselb|cloudfront|imperva|incapsula|sucuri|bigip|big-ip|barracuda|"
    r"fortiweb|datadome|ddos-guard|varnish|nginx|apache|openresty|envoy|microsoft-azure|iis",
    re.IGNORECASE,
)
_FIREWALL_WORDS = lazy_pattern(
    r"error code: 1[0-9]{3}\b|error 1[0-9]{3}\b|request (?:was |has been )?blocked|"
    r"request rejected|you have been blocked|attention required|access denied|"
    r"reference\s*(?:#|&#35;)|support id|incident id|incapsula|imperva|cloudflare|akamai|sucuri|"
    r"cloudfront|waf\b|web application firewall|mod_?security|barracuda|fortiweb|not acceptable!|"
    r"blocked by|requested url was rejected|ray id|403 forbidden|denied by|security rule|"
    r"security policy",
    re.IGNORECASE,
)


def blocker_of(exchange: "Exchange", reply: "Reply", body: ErrorBody) -> Blocker | None:
    """Return what answered instead of the server, or ``None`` where it was the server.

    A SCIM error, or one of ngrok's, comes from the server, whatever is in front of it.
    """
    if body.kind in (BodyKind.SCIM_ERROR, BodyKind.NGROK_ERROR) or body.ngrok_code:
        return None
    if reply.status == _NETWORK_AUTHENTICATION:
        return _CAPTIVE_PORTAL
    text = text_of(reply)[:_SEARCHED]
    seen = "\n".join((text, *(reply.header(name) or "" for name in _TELLING_HEADERS)))
    if named := next((blocker for blocker, words in _WORDS if words.search(seen)), None):
        return named
    if _asks_for_another_sign_in(exchange, reply):
        return OTHER_SIGN_IN
    if body.kind is BodyKind.WEB_PAGE or names_a_firewall(reply):
        return FIREWALL
    server = f"{reply.header('server') or ''} {reply.header('via') or ''}"
    is_product = any(map(reply.header, _FIREWALL_HEADERS)) or _FIREWALL_SERVERS.search(server)
    return FIREWALL if is_product and body.kind is not BodyKind.JSON else None


def _asks_for_another_sign_in(exchange: "Exchange", reply: "Reply") -> bool:
    """Tell whether a header asks for a sign-in: a challenge, or a redirect to a page for it.

    ngrok's own address redirects to none, so nothing is concluded from a redirect there.
    """
    challenges = ", ".join(value for name, value in reply.headers if name == "www-authenticate")
    if _OTHER_SCHEME.search(challenges) and "bearer" not in challenges.lower():
        return True
    location = reply.header("location") or ""
    return host_of(exchange.url) != NGROK_HOST and bool(_SIGN_IN_PAGE.search(location))


def names_a_firewall(reply: "Reply") -> bool:
    """Tell whether the body has the words of a firewall."""
    return _FIREWALL_WORDS.search(text_of(reply)[:_SEARCHED]) is not None
