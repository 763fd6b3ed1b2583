"""Recognizes what answered instead of the server: a firewall, a gateway, a web filter."""

import re
from dataclasses import replace
from http import HTTPStatus
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, ErrorBody, excerpt, text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_failure import (
    ANOTHER_NETWORK,
    ASK_FOR_NO_CERTIFICATE,
    NO_CERTIFICATE,
)
from ngrok_scim_cli.diagnosis.finding import Certainty, Finding
from ngrok_scim_cli.diagnosis.okta.fixes import ASK_THE_FIREWALL, SET_BASE_URL
from ngrok_scim_cli.diagnosis.okta.rows import first_fit
from ngrok_scim_cli.diagnosis.okta.server_details import BLOCKED, FIREWALL
from ngrok_scim_cli.hosts import NGROK_HOST, host_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import words
from ngrok_scim_cli.wire.exchange import Exchange, Reply

_SEARCHED = 16_384  # characters of the body
_NETWORK_AUTHENTICATION = 511  # RFC 6585 section 6
_CLIENT_ERRORS = range(400, 500)
# With these statuses, the words may be those of any page that a firewall passed on.
_OF_THE_SERVER = (401, 404, 429)


class Blocker(NamedTuple):
    """What answered instead of the server.

    Attributes:
        words: what only this says, in the body or in one of the telling headers.
        is_local: whether it is in the network of this machine, which Okta does not pass.
    """

    title: str
    cause: str
    fix: str
    words: str = ""
    is_local: bool = False

    def explains(self, found: Finding, reply: Reply) -> Finding:
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


_FIREWALL = Blocker(
    "A firewall in front of the server refuses the request",
    "The request did not reach the server. It is not known whether the firewall lets Okta in.",
    ASK_THE_FIREWALL,
    r"\bForbiddenException\b|execute-api:|with an explicit deny|\bRBAC: |incapsula incident|"
    r"requested url was rejected|by security policy|captcha|"
    r"<title>(?:attention required|just a moment)",
)
OTHER_SIGN_IN = Blocker(
    "The server asks for a sign-in other than the API key",
    "A web server or gateway in front of the SCIM endpoint asks for a sign-in or a key of its own, "
    "so the API key was probably not checked. A wrong path can have the same effect.",
    "Ask the administrator of the server to let Okta reach the SCIM endpoint with the API key "
    "alone.",
    r"no api key found in request|subscription key|failed to resolve api ?key|"
    r"invalid iap credentials|cloudflareaccess\.com|authorization_uri=|"
    r"\bjwt (?:is|issuer|verification|malformed)\b|\bIDX1\d{4}\b|not a (?:valid )?jwt\b|"
    r"does not have permission to (?:get|the requested) url",
)
_WEB_FILTER = Blocker(
    "A web filter on this network refuses the request",
    "The filter is between this machine and the internet. Okta does not pass through it.",
    ANOTHER_NETWORK,
    r"zscaler|netskope|forcepoint|websense|forti(?:gate|guard)|fgtauth|blue ?coat|symantec web|"
    r"cisco umbrella|opendns|palo alto|globalprotect|sophos|squid|mcafee web gateway|"
    r"skyhigh|sonicwall|watchguard|check point|usercheck|cloudflare gateway|menlo security|"
    r"smoothwall|lightspeed systems|iboss|dnsfilter",
    is_local=True,
)
_CAPTIVE_PORTAL = Blocker(
    "This network asks for a sign-in before it passes on the request",
    "The sign-in page of this network answered, not the server. Okta does not pass through it.",
    "Sign in to this network in a web browser, then run the command again.",
    is_local=True,
)
# In the order in which they are looked for.
_BLOCKERS = (
    Blocker(
        "Okta's own API refuses the request",
        "The base URL is the address of an Okta org, not of ngrok.",
        SET_BASE_URL,
        r'"errorCode"\s*:\s*"E0000\d{3}"',
    ),
    Blocker(
        "An API gateway in front of the server refuses the request",
        "The gateway has nothing at this path. Its reply says nothing about the key.",
        SET_BASE_URL,
        r"missing ?authentication ?token|requires 'credential' parameter|no route matched",
    ),
    Blocker(
        "A file store answers, not a SCIM server",
        "The base URL leads to stored files. The reply says nothing about the key.",
        SET_BASE_URL,
        r"<Code>(?:AccessDenied|NoSuch(?:Key|Bucket)|(?:Blob|Resource|Container)NotFound|"
        r"PublicAccessNotPermitted|PermanentRedirect)</Code>",
    ),
    Blocker(
        "The server expects https:// at this port",
        "The base URL begins with http://, but this port accepts only encrypted connections.",
        'Change http:// to https:// at the beginning of "SCIM connector base URL".',
        r"plain http request was sent to https|http request to an https server|"
        r"speaking plain http to an ssl|combination of host and port requires tls",
    ),
    Blocker(
        "The server asks for a client certificate",
        NO_CERTIFICATE,
        ASK_FOR_NO_CERTIFICATE,
        r"no required ssl certificate was sent|client certificate (?:is )?required|\b403\.7\b",
    ),
    Blocker(
        "The server does not accept the host name of the request",
        "It runs, but its settings do not list the host of the base URL.",
        "Ask the administrator of the server to add the host of the base URL to the hosts that it "
        "accepts.",
        r"blocked hosts?:|blocked request\. this host|invalid host header|invalid http_host header",
    ),
    Blocker(
        "The server behind this address is stopped",
        "Its host answers that the application does not run.",
        "Ask the administrator of the server to start it.",
        r"this web app is stopped|web app - unavailable|site disabled|no such app\b",
    ),
    OTHER_SIGN_IN,
    _WEB_FILTER,
    _FIREWALL,
)
_TELLING_HEADERS = (
    *("server", "via", "location", "www-authenticate"),
    *("x-amzn-errortype", "x-goog-iap-generated-response"),
)
# Schemes of WWW-Authenticate under which no API key is a bearer token.
_OTHER_SCHEME = lazy_pattern(
    r"(?:^|, *)(?:basic|digest|negotiate|ntlm|kerberos|key|azureapimanagementkey)\b",
    re.IGNORECASE,
)
_SIGN_IN_PAGE = lazy_pattern(
    r"log[-_]?[io]n|sign[-_]?[io]n|/oauth2?\b|/saml|/sso\b|/vpn/|my\.policy|/authorize\b|accounts\.google",
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


def blocker_of(exchange: Exchange, reply: Reply, body: ErrorBody) -> Blocker | None:
    """Return what answered instead of the server, or ``None`` where it was the server.

    A SCIM error, or one of ngrok's, comes from the server, whatever is in front of it.
    """
    if body.kind in (BodyKind.SCIM_ERROR, BodyKind.NGROK_ERROR) or body.ngrok_code:
        return None
    if reply.status == _NETWORK_AUTHENTICATION:
        return _CAPTIVE_PORTAL
    text = text_of(reply)[:_SEARCHED]
    seen = "\n".join((text, *(reply.header(name) or "" for name in _TELLING_HEADERS)))
    for blocker in _BLOCKERS:
        if re.search(blocker.words, seen, re.IGNORECASE):
            return blocker
    is_text = body.kind in (BodyKind.WEB_PAGE, BodyKind.TEXT)
    if exchange.private_issuer and is_text and host_of(exchange.url) == NGROK_HOST:
        return _WEB_FILTER  # it decrypted the connection, and ngrok's API answers with JSON
    if _asks_for_another_sign_in(exchange, reply, body):
        return OTHER_SIGN_IN
    return _FIREWALL if _is_of_a_firewall(reply, body, text) else None


def _asks_for_another_sign_in(exchange: Exchange, reply: Reply, body: ErrorBody) -> bool:
    """Tell whether a challenge, a page or a redirect asks for a sign-in.

    ngrok's own address redirects to none, so nothing is concluded from a redirect there.
    """
    challenges = ", ".join(value for name, value in reply.headers if name == "www-authenticate")
    if "bearer" not in challenges.lower():
        is_page = reply.status == HTTPStatus.UNAUTHORIZED and body.kind is BodyKind.WEB_PAGE
        if is_page or _OTHER_SCHEME.search(challenges):
            return True
    location = reply.header("location") or ""
    return host_of(exchange.url) != NGROK_HOST and bool(_SIGN_IN_PAGE.search(location))


def _is_of_a_firewall(reply: Reply, body: ErrorBody, text: str) -> bool:
    if reply.status not in _CLIENT_ERRORS or reply.status in _OF_THE_SERVER:
        return False
    if first_fit((FIREWALL, BLOCKED), words(text)):
        return True
    if reply.status != HTTPStatus.FORBIDDEN or body.kind is BodyKind.JSON:
        return False
    server = f"{reply.header('server') or ''} {reply.header('via') or ''}"
    is_product = any(map(reply.header, _FIREWALL_HEADERS)) or _FIREWALL_SERVERS.search(server)
    return body.kind is BodyKind.WEB_PAGE or bool(is_product)
