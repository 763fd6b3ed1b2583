"""The address of an Okta org and its token, as a person gave them."""

import re
from collections.abc import Collection
from dataclasses import replace

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding, Subject
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.diagnosis.values.base_url import Parts, split
from ngrok_scim_cli.hosts import OKTA_DOMAINS, Trust, host_as_read, is_loopback, is_okta_host
from ngrok_scim_cli.text.characters import describe, named, odd_chars, quoted, without
from ngrok_scim_cli.text.phrases import distance

_ADMIN = "-admin"
_QUOTES = "\"'`<>()“”‘’«»"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_PLAIN_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# Okta's own sites: none of them is an org.
_SITES = frozenset({"www", "login", "developer", "support", "help", "status", "trust", "docs"})
_PORT = re.compile(r"[0-9]+")
_SHORT = len("okta.com")

WRONG_TITLE = "The Okta token is not valid"

# How the header begins in which a token is sent; that is put in front of it here.
_HEADER = re.compile(r"(?:authorization:\s*)?(ssws|bearer)\s|authorization:", re.IGNORECASE)
# An API token has letters, digits, "-" and "_"; an access token of OAuth has dots besides.
_STRANGE = re.compile(r"[^!-~]")

_rules: Rules[None] = Rules(Subject.OKTA)
_rules.describe("""
OKT901 observed
The address of the Okta org is wrong
Okta's API answers only over https and at the org's own address, not at the address of the Admin
    Console (with "-admin").
Copy the address of your Okta sign-in page without "-admin" and without the path:
    https://example.okta.com.

OKT902 documented
Okta refuses the API token
The token is wrong, was not used for 30 days, is not allowed from this network, or its owner may not
    read apps, people or the System Log.
In Okta, signed in as a read-only administrator, open Security > API > Tokens, press "Create token",
    and set OKTA_CLIENT_TOKEN to the new one.
""")
ENTRIES = _rules.entries


def judge_org_url(url: str, allowed_hosts: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return ``OKT901`` where ``url`` is not the address of an Okta org.

    Right is ``https://`` and a host of Okta's, or one that the person allowed (an org's custom
    domain), with nothing behind it. On loopback ``http://`` and any port are right, too.
    """
    trust = Trust(frozenset(allowed_hosts))
    odd = odd_chars(url)
    letters = without(url, odd)
    parts = split(letters.strip(_QUOTES))
    parts = parts._replace(prefix=parts.prefix.lower(), host=parts.host.lower())
    seen = [f"It contains {named(odd)}."] if odd else []
    if letters.strip(_QUOTES) != letters:
        seen.append("There are quotation marks or brackets around it.")
    if not parts.host:
        seen.append(f"{quoted(url)} names no host." if url else "It is empty.")
        return (finding("OKT901", " ".join(seen)),)
    host, is_local = parts.host, is_loopback(parts.host)
    is_trusted = is_local or trust.allows(host)
    label, _, domain = host.partition(".")
    is_site = host in OKTA_DOMAINS or (label in _SITES and domain in OKTA_DOMAINS)
    is_http = is_local and parts.prefix == "http://"
    behind = "?" if parts.query else "#"
    of_host = {
        "is Okta's own site, not an org": is_site,
        "does not look like an Okta address": not is_okta_host(host),
        "is the admin console": label.endswith(_ADMIN),
    }
    wrong_host = next((what for what, is_so in of_host.items() if is_so and not is_trusted), "")
    wrong = {
        "It does not begin with https://.": parts.prefix != "https://" and not is_http,
        "There is an @ in it.": bool(parts.user_info),
        f"After the host there is {quoted(parts.path)}.": parts.path not in ("", "/"),
        f"After the host there is something that begins with “{behind}”.": (
            bool(parts.query or parts.fragment)
        ),
        f"It has the port {quoted(parts.port[1:])}.": (
            parts.port not in ("", ":", ":443") and not is_trusted
        ),
        f"{quoted(host)} {wrong_host}.": bool(wrong_host),
    }
    seen += [text for text, is_so in wrong.items() if is_so]
    return (finding("OKT901", " ".join(seen), fix=_fix(parts, trust)),) if seen else ()


def _fix(parts: Parts, trust: Trust) -> str | None:
    right = _right(parts, trust)
    if right:
        return f"Set OKTA_CLIENT_ORGURL (or `--okta-org-url`) to {right}, without anything else."
    host = parts.host
    if _PLAIN_HOST.fullmatch(host) and not is_okta_host(host) and host not in OKTA_DOMAINS:
        return (
            "Use the org's address at Okta, like https://example.okta.com; if this is your org's "
            f"own domain, add `--allow-host {host}`."
        )
    return None


def _right(parts: Parts, trust: Trust) -> str:
    """Return the address that was meant; empty where it cannot be made out."""
    port = parts.port if _PORT.fullmatch(parts.port[1:]) else ""
    if is_loopback(parts.host):
        return f"{'https' if parts.prefix == 'https://' else 'http'}://{parts.host}{port}"
    if trust.allows(parts.host):
        return f"https://{parts.host}{port}"
    name, _, domain = host_as_read(parts.host).rstrip(".").partition(".")
    name = name.removesuffix(_ADMIN)
    if not _NAME.fullmatch(name) or name in _SITES:
        return ""
    near = [
        one for one in OKTA_DOMAINS if distance(domain, one) <= (1 if len(one) <= _SHORT else 2)
    ]
    meant = domain if domain in OKTA_DOMAINS else "".join(near[:1])
    return f"https://{name}.{meant}" if meant else ""


def judge_token(token: str) -> tuple[Finding, ...]:
    """Return ``OKT902`` where ``token`` is none for certain, so that it need not be sent."""
    header = _HEADER.match(token)
    if header:
        began = f"“{header[1]}”" if header[1] else "the name of a header"
        return _wrong(
            f"It begins with {began}, which is not part of a token.",
            "Set OKTA_CLIENT_TOKEN to the token only, without anything before it.",
        )
    strange = _STRANGE.search(token)
    if strange:
        return _wrong(
            f"It contains {describe(strange[0])} (character {strange.start() + 1}).",
            "Copy the token again and set OKTA_CLIENT_TOKEN to it. A token has no spaces and only "
            "ASCII letters.",
        )
    return ()


def _wrong(seen: str, fix: str) -> tuple[Finding, ...]:
    found = finding("OKT902", f"{seen} Nothing was sent.", fix=fix)
    return (replace(found, title=WRONG_TITLE),)
