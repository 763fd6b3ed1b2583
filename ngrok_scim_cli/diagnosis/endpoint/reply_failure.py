"""No reply came: why, and what that says about the values."""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.form import DEFAULT_BASE_URL
from ngrok_scim_cli.hosts import NGROK_HOST, is_okta_host
from ngrok_scim_cli.wire.exchange import FailureKind, TlsProblem

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.wire.exchange import Exchange, Failure

_CODES = {
    FailureKind.DNS: "NET401",
    FailureKind.REFUSED: "NET402",
    FailureKind.CONNECT_TIMEOUT: "NET403",
    FailureKind.READ_TIMEOUT: "NET408",
    FailureKind.PROXY: "NET410",
    FailureKind.DROPPED: "NET409",
    FailureKind.PROTOCOL: "NET409",
    FailureKind.WITHHELD: "NET412",
}
_TLS_CODES = {
    TlsProblem.UNTRUSTED: "NET404",
    TlsProblem.SELF_SIGNED: "NET404",
    TlsProblem.WRONG_NAME: "NET405",
    TlsProblem.EXPIRED: "NET406",
    TlsProblem.NOT_YET_VALID: "NET406",
    TlsProblem.VERSION: "NET407",
}

# ngrok's own name, port and certificate are known to be good, so where the way to them fails, the
# fault lies on this side, and nothing is known of what Okta would meet.
_OPEN_THE_FIREWALL = (
    "Ask whoever runs your firewall to let this machine reach api.ngrok.com on port 443."
)
ANOTHER_NETWORK = "Run the command again from another network: this one answers in ngrok's place."
_LOCAL_FIXES = {
    "NET401": "Check this machine's internet connection and DNS.",
    "NET402": _OPEN_THE_FIREWALL,
    "NET403": _OPEN_THE_FIREWALL,
    "NET404": "Give the authority that your network signs with: `--ca-bundle PATH`.",
    "NET405": ANOTHER_NETWORK,
    "NET406": "Set the date and time of this machine right.",
    "NET407": ANOTHER_NETWORK,
}
_LOCAL_CAUSE = (
    "This is ngrok's own address, which Okta reaches from its cloud. It is this machine or its "
    "network that does not get through."
)


def judge_failure(exchange: "Exchange", failure: "Failure") -> "tuple[Finding, bool | None]":
    """Say why no reply came, and whether Okta would have got one.

    Returns:
        The finding, and ``False`` where Okta would fail in the same way, or ``None`` where that
        cannot be told: the key was withheld, the proxy failed, or this machine does not reach
        ngrok's own address.
    """
    code = _code_of(failure)
    host = host_of(exchange.url)
    is_local = host == NGROK_HOST and code in _LOCAL_FIXES
    fix = _LOCAL_FIXES[code] if is_local else None
    if code == "NET410" and not exchange.proxy:
        fix = "Set HTTPS_PROXY to an address that begins with http://, or leave it out."
    if code == "NET412" and is_okta_host(host):
        fix = f"Type {DEFAULT_BASE_URL} into “SCIM connector base URL”: this host is Okta's own."
    seen = " ".join(part for part in (failure.detail, failure.certificate) if part)
    evidence = excerpt(seen) or f"{exchange.method} {excerpt(exchange.url)} brought no reply."
    item = finding(code, evidence, fix=fix, host=excerpt(host, 100) or "The host")
    if is_local:
        item = replace(item, cause=_LOCAL_CAUSE)
    is_untold = is_local or failure.kind in (FailureKind.PROXY, FailureKind.WITHHELD)
    return item, None if is_untold else False


def host_of(url: str) -> str:
    """Return the host of ``url`` as it goes over the wire; empty where there is none."""
    try:
        host = urlsplit(url).hostname or ""
        return host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return ""


def _code_of(failure: "Failure") -> str:
    if failure.kind is not FailureKind.TLS:
        return _CODES[failure.kind]
    if failure.tls in _TLS_CODES:
        return _TLS_CODES[failure.tls]
    return "NET404" if failure.certificate else "NET409"
