"""Tell a firewall, a gateway or a web filter that answered in the server's place."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.endpoint.error_body import BodyKind, ErrorBody, text_of

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.exchange import Reply

_SEARCHED = 16_384


class Blocker(StrEnum):
    """What answered in the server's place."""

    FIREWALL = "firewall"
    GATEWAY = "gateway"
    WEB_FILTER = "web filter"


# Products that stand in front of a server say so in these headers, whatever their page says.
_HEADERS = (
    *("cf-ray", "cf-mitigated", "x-sucuri-id", "x-amzn-waf-action", "x-iinfo", "x-cdn"),
    *("x-akamai-request-id", "x-azure-ref", "x-datadome", "x-px", "x-denied-reason"),
)
_SERVERS = re.compile(
    r"cloudflare|akamai|awselb|cloudfront|imperva|incapsula|sucuri|bigip|big-ip|barracuda|"
    r"fortiweb|datadome|ddos-guard|varnish|nginx|apache|openresty|envoy|microsoft-azure|iis",
    re.IGNORECASE,
)
_TEXTS = re.compile(
    r"error code: 1[0-9]{3}\b|error 1[0-9]{3}\b|request (?:was |has been )?blocked|"
    r"request rejected|you have been blocked|attention required|access denied|"
    r"reference\s*(?:#|&#35;)|support id|incident id|incapsula|imperva|cloudflare|akamai|sucuri|"
    r"cloudfront|waf\b|web application firewall|mod_?security|barracuda|fortiweb|not acceptable!|"
    r"blocked by|requested url was rejected|ray id|403 forbidden|denied by|security rule|"
    r"security policy",
    re.IGNORECASE,
)
_GATEWAY = re.compile(
    r"missing authentication token|no route matched|no api key found in request|"
    r"missingauthenticationtoken",
    re.IGNORECASE,
)
# These stand in the network of whoever runs this program, and Okta does not pass them.
_WEB_FILTERS = re.compile(
    r"zscaler|netskope|forcepoint|websense|fortigate|fortiguard|blue ?coat|symantec web|"
    r"cisco umbrella|opendns|palo alto|globalprotect|sophos|squid|mcafee web gateway",
    re.IGNORECASE,
)


def blocker_of(reply: "Reply", body: ErrorBody) -> Blocker | None:
    """Return what answered in the server's place, or ``None`` where it was the server.

    A SCIM error, or one of ngrok's, comes from the server, whatever stands in front of it.
    """
    if body.kind in (BodyKind.SCIM_ERROR, BodyKind.NGROK_ERROR) or body.ngrok_code:
        return None
    server = f"{reply.header('server') or ''} {reply.header('via') or ''}"
    text = text_of(reply)[:_SEARCHED]
    if _GATEWAY.search(f"{text} {reply.header('x-amzn-errortype') or ''}"):
        return Blocker.GATEWAY
    if _WEB_FILTERS.search(f"{text} {server}"):
        return Blocker.WEB_FILTER
    if body.kind is BodyKind.WEB_PAGE or _TEXTS.search(text):
        return Blocker.FIREWALL
    named = any(reply.header(name) for name in _HEADERS) or _SERVERS.search(server)
    return Blocker.FIREWALL if named and body.kind is not BodyKind.JSON else None
