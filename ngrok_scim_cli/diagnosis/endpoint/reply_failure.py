"""Judges a request that got no reply: why, and what that says about the values."""

from dataclasses import replace
from urllib.parse import urlsplit

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Finding, Subject
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.form import DEFAULT_BASE_URL
from ngrok_scim_cli.hosts import NGROK_HOST, host_of, is_okta_host
from ngrok_scim_cli.wire.exchange import (
    NO_HTTP,
    NO_TLS,
    Exchange,
    Failure,
    FailureKind,
    Phase,
    TlsProblem,
)

_COMPARE = (
    'In Okta, compare "SCIM connector base URL" letter by letter with '
    "https://api.ngrok.com/scim/v2/."
)
_OPEN_THE_FIREWALL = (
    "Ask whoever runs your firewall to let this machine reach {host} on port {port}."
)
ANOTHER_NETWORK = (
    "Run the command again from another network. Something on this one answers for ngrok."
)
ASK_FOR_NO_CERTIFICATE = (
    "Ask the administrator of the server to let Okta in without a client certificate."
)
_HTTPS = 443
_AT_NGROK = (
    "This is ngrok's own address, which Okta reaches from its cloud. This machine or its network "
    "cannot reach it."
)
NO_CERTIFICATE = "Okta's form has no field for a client certificate."
_LOCAL_CAUSE = (
    "This machine or its network could not even try to reach the server. It is not known whether "
    "Okta reaches it."
)

rule: Rules[None] = Rules(Subject.NETWORK, fix=_COMPARE)
rule.describe("""
NET401
{host} cannot be found: the name does not resolve
The name is misspelled, or only a private network knows it. Okta then cannot find it either.
{host}: The host of the base URL

NET402
{host} refuses the connection
Nothing accepts connections on this port: the host or the port is wrong, or the service is down.
{host}: The host of the base URL

NET403 documented
{host} did not accept the connection in time
The address is wrong or private, a firewall drops the connection, or the service is down.
{host}: The host of the base URL

NET404
{host} has a certificate that is not trusted
Its chain does not lead to a public certificate authority. Okta is not known to accept any other
    certificate, and has no page to upload one for SCIM.
Install a certificate of a public certificate authority, with its full chain, on the server.
{host}: The host of the base URL

NET405
{host} has a certificate for another name
The base URL leads to a different server than intended, or uses an address that is not in the
    certificate.
{host}: The host of the base URL

NET406
{host} has a certificate that has expired or is not valid yet
The certificate was not renewed in time, or the clock of this machine is wrong.
Check the date and time of this machine. If they are right, renew the certificate on the server.
{host}: The host of the base URL

NET407 documented
{host} offers no TLS version or cipher that Okta accepts
Okta needs TLS 1.2 or newer. The server, or a proxy in front of it, offers only older versions.
Turn on TLS 1.2 or newer on the server, or on the proxy in front of it.
{host}: The host of the base URL

NET408 documented
{host} accepted the request but did not reply in time
Okta waits 60 seconds for a reply, then closes the connection.
Run `ngrok-scim test-connect` again in a few minutes. If there is still no reply, ask those who run
    the server (ngrok: https://status.ngrok.com/).
{host}: The host of the base URL

NET409
The connection broke, or the reply is not HTTP
A device on the network path closed the connection, or another kind of service answers at this
    address.
Run `ngrok-scim test-connect` again. If it breaks again, compare the base URL with
    https://api.ngrok.com/scim/v2/.

NET410
The proxy refuses the connection or fails
The request got no further than the proxy of this machine, so ngrok was not tested. Okta does not
    use this proxy.
Ask the administrator of the proxy to allow this machine to reach api.ngrok.com on port 443.

NET411 warning
A device on this network decrypts the connection (TLS inspection)
A private authority that this machine trusts signed the certificate. The owner of that authority can
    read the API key in transit. Okta's own requests do not pass through this network.
Ask your network team to exclude api.ngrok.com from TLS inspection.

NET412 documented
The API key was not sent, because the host is not ngrok's
ngrok-scim sends the key only over verified HTTPS to api.ngrok.com, to this machine, or to a host
    that you allowed. Any other host could use the key.
Correct the base URL. If this host is right and yours, run the command again with `--allow-host
    {host}`.
{host}: HOST
""")
ENTRIES = rule.entries

_CODES = {
    FailureKind.DNS: "NET401",
    FailureKind.REFUSED: "NET402",
    FailureKind.CONNECT_TIMEOUT: "NET403",
    TlsProblem.UNTRUSTED: "NET404",
    TlsProblem.SELF_SIGNED: "NET404",
    TlsProblem.WRONG_NAME: "NET405",
    TlsProblem.EXPIRED: "NET406",
    TlsProblem.NOT_YET_VALID: "NET406",
    TlsProblem.VERSION: "NET407",
    FailureKind.READ_TIMEOUT: "NET408",
    FailureKind.DROPPED: "NET409",
    FailureKind.PROTOCOL: "NET409",
    TlsProblem.CLIENT_CERTIFICATE: "NET409",
    FailureKind.PROXY: "NET410",
    FailureKind.WITHHELD: "NET412",
}
# For ngrok's own address, which is known to be good: where it cannot be reached, the fault is here,
# and nothing is known of Okta.
_LOCAL_FIXES = {
    "NET401": "Check this machine's internet connection and DNS.",
    "NET402": _OPEN_THE_FIREWALL,
    "NET403": _OPEN_THE_FIREWALL,
    "NET404": "Add `--ca-bundle PATH` with the certificate of the authority of your network.",
    "NET405": ANOTHER_NETWORK,
    "NET406": "Correct the date and time of this machine.",
    "NET407": ANOTHER_NETWORK,
    "NET409": "Run the command again from another network. A device on this one interrupts the "
    "connection.",
}


def judge_failure(exchange: Exchange, failure: Failure) -> tuple[Finding, bool | None]:
    """Say why no reply came, and whether Okta would have got one.

    That is ``None`` where the key was withheld, or the proxy, this machine or its network failed.
    """
    unexplained = "NET404" if failure.certificate else "NET409"
    code = _CODES.get(failure.tls or failure.kind, unexplained)
    host, port = host_of(exchange.url), port_of(exchange.url)
    # Only after the TLS handshake is it certain which server answered.
    is_verified = any(timing.phase is Phase.TLS for timing in exchange.timings)
    # Of ngrok's host, only the name and port 443 are known to be good.
    is_known = port == _HTTPS or failure.kind is FailureKind.DNS
    at_ngrok = host == NGROK_HOST and is_known and code in _LOCAL_FIXES and not is_verified
    is_local = at_ngrok or failure.is_local
    seen = excerpt(" ".join(filter(None, (failure.detail, failure.certificate))))
    evidence = seen or f"{exchange.method} {excerpt(exchange.url)} got no reply."
    shown = excerpt(host, 100)
    item = finding(code, evidence, host=shown or "The host")
    if is_local:
        fix = _LOCAL_FIXES[code].format(host=shown, port=port)
        item = replace(item, cause=_AT_NGROK if at_ngrok else _LOCAL_CAUSE, fix=fix)
        if failure.is_local and code == "NET402":
            item = replace(item, title=f"{shown} cannot be reached from this machine")
    elif failure.tls is TlsProblem.CLIENT_CERTIFICATE:
        title = "The server asks for a client certificate"
        item = replace(item, title=title, cause=NO_CERTIFICATE, fix=ASK_FOR_NO_CERTIFICATE)
    elif failure.detail.endswith((NO_HTTP, NO_TLS)) and host != NGROK_HOST:
        item = replace(item, cause="Another kind of service answers at this address.", fix=_COMPARE)
    elif code == "NET410" and not exchange.proxy:
        fix = "Set HTTPS_PROXY to an address that begins with http://, or leave it out."
        item = replace(item, fix=fix)
    elif code == "NET412" and not host:
        item = replace(item, fix="Correct the base URL.")
    elif code == "NET412" and is_okta_host(host):
        fix = f'Type {DEFAULT_BASE_URL} into "SCIM connector base URL": this host is Okta\'s own.'
        item = replace(item, fix=fix)
    is_unknown = (
        is_local
        or failure.kind in (FailureKind.PROXY, FailureKind.WITHHELD)
        or (exchange.proxy and not is_verified)
    )
    return item, None if is_unknown else False


def port_of(url: str) -> int | None:
    """Return the port of ``url``; ``None`` where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return port or (80 if parts.scheme == "http" else _HTTPS)
