"""The address of an Okta org, as a person gave it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.characters import named, odd_spots, quoted, without
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.hosts import (
    OKTA_DOMAINS,
    Trust,
    host_as_read,
    is_loopback,
    is_okta_host,
)
from ngrok_scim_cli.diagnosis.nearness import distance

_ADMIN = "-admin"
_MARKS = "\"'`<>()“”‘’«»"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):/+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
# Okta's own sites: none of them is an org.
_SITES = frozenset(
    {
        "www",
        "login",
        "developer",
        "support",
        "help",
        "status",
        "trust",
        "docs",
        "saml",
        "ok12static",
    }
)
_HTTPS = "443"
_SLIPS = 2


@dataclass(frozen=True, slots=True)
class _Parts:
    """An address taken apart; what is not there is empty."""

    scheme: str
    user_info: str
    host: str
    port: str
    rest: str


def judge_org_url(url: str, allowed_hosts: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return ``OKT901`` where ``url`` is not the address of an Okta org.

    Right is ``https://`` and a host of Okta's, or one that the person allowed (an org's custom
    domain), with nothing behind it. On loopback ``http://`` and any port are right, too.

    Args:
        url: the address, without whitespace at its ends.
        allowed_hosts: what ``--allow-host`` names.
    """
    trust = Trust(frozenset(allowed_hosts))
    spots = odd_spots(url)
    parts = _take_apart(without(url, spots).strip(_MARKS))
    seen = [f"There is {named(spots)} in it."] if spots else []
    if parts is None:
        seen.append(f"{quoted(url)} is no web address." if url else "It is empty.")
        return (finding("OKT901", " ".join(seen)),)
    seen += _wrong_parts(parts, trust)
    seen += _wrong_host(parts.host, trust)
    if without(url, spots) != without(url, spots).strip(_MARKS):
        seen.append("There are quotation marks or brackets around it.")
    if not seen:
        return ()
    return (finding("OKT901", " ".join(seen), fix=_fix(parts, trust)),)


def _take_apart(url: str) -> _Parts | None:
    scheme = _SCHEME.match(url)
    try:
        split = urlsplit(f"//{url[scheme.end() :] if scheme else url}")
    except ValueError:
        return None
    user_info, _, address = split.netloc.rpartition("@")
    host, colon, port = address.rpartition(":") if not address.endswith("]") else (address, "", "")
    if not colon:
        host, port = address, ""
    if not _HOST.fullmatch(host) and not host_as_read(host).isalnum():
        is_readable = _HOST.fullmatch(host_as_read(host))
        if not is_readable:
            return None
    rest = url[url.find(split.netloc) + len(split.netloc) :]
    return _Parts(scheme[1].lower() if scheme else "", user_info, host.lower(), port, rest)


def _wrong_parts(parts: _Parts, trust: Trust) -> list[str]:
    seen = []
    local = is_loopback(parts.host)
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        seen.append("It does not begin with https://.")
    if parts.user_info:
        seen.append("There is an @ in it.")
    if parts.rest not in ("", "/"):
        seen.append(f"Behind the host stands {quoted(parts.rest)}.")
    if parts.port not in ("", _HTTPS) and not local and not trust.allows(parts.host):
        seen.append(f"It has the port {quoted(parts.port)}.")
    return seen


def _wrong_host(host: str, trust: Trust) -> list[str]:
    if is_loopback(host) or trust.allows(host):
        return []
    label, _, domain = host.partition(".")
    if not is_okta_host(host):
        return [f"{quoted(host)} is not a host of Okta's by its name."]
    if label.endswith(_ADMIN):
        return [f"{quoted(host)} is the admin console."]
    if label in _SITES and domain in OKTA_DOMAINS:
        return [f"{quoted(host)} is a site of Okta's own, and not an org."]
    return []


def _fix(parts: _Parts, trust: Trust) -> str | None:
    right = _right_host(parts.host, trust)
    if not right:
        return None
    port = f":{parts.port}" if parts.port and (is_loopback(right) or trust.allows(right)) else ""
    scheme = "http" if is_loopback(right) and parts.scheme in ("", "http") else "https"
    return f"Set OKTA_CLIENT_ORGURL (or --okta-org-url) to {scheme}://{right}{port}."


def _right_host(host: str, trust: Trust) -> str:
    if is_loopback(host) or trust.allows(host):
        return host
    label, _, domain = host_as_read(host).rstrip(".").partition(".")
    meant = next((right for right in OKTA_DOMAINS if distance(domain, right) <= _SLIPS), "")
    name = label.removesuffix(_ADMIN)
    return f"{name}.{meant}" if meant and name and name not in _SITES else ""
