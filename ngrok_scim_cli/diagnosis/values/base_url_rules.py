"""Rules for the ``SCIM connector base URL``, and their repairs.

What Okta asks of it: https://developer.okta.com/docs/guides/scim-provisioning-integration-prepare/
What ngrok's must be: https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-scim
"""

import re

from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.diagnosis.values.base_url import (
    NGROK_PATH,
    BaseUrl,
    has_credential,
    read_path,
    single_slashes,
)
from ngrok_scim_cli.diagnosis.values.pasted import (
    NAMED,
    foreign_letters,
    stray_character_rules,
)
from ngrok_scim_cli.form import DEFAULT_BASE_URL
from ngrok_scim_cli.hosts import MEANT_FOR_NGROK, NGROK_HOST, HostKind, decoded_label, known_as
from ngrok_scim_cli.text.characters import describe, quoted, visible
from ngrok_scim_cli.text.confusables import skeleton
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

# These know what ngrok's URL must be. On loopback and on an allowed host they are asked only where
# the reply is a failure.
ONLY_FOR_NGROK = frozenset(
    "URL105 URL106 URL107 URL108 URL109 URL110 URL112 URL113 URL116 URL117".split()  # noqa: SIM905
)

_PERCENT_ENCODED = lazy_pattern(r"%[0-9A-Fa-f]{2}")
_HTTPS_PORT = 443
_LAST_PORT = 65535
_KEY_APART = (
    f'Paste the key into "Authorization", and type {DEFAULT_BASE_URL} into "SCIM connector base '
    'URL".'
)

rule: Rules[BaseUrl] = Rules(
    Subject.BASE_URL,
    fix=f'Type {DEFAULT_BASE_URL} into "SCIM connector base URL", without any other character.',
    unless=("URL118",),
)


@rule(
    "URL118",
    "There is no base URL",
    "Okta needs the address of ngrok's SCIM endpoint. It is the same for every account.",
    certainty=Certainty.DOCUMENTED,
)
def _is_no_url(url: BaseUrl) -> Match | None:
    fix = _KEY_APART if url.looks_like_a_key and not url.is_too_long else None
    repaired = DEFAULT_BASE_URL, f"enter {DEFAULT_BASE_URL}"
    return Match(url.why_no_url, fix, repaired=repaired) if url.why_no_url else None


stray_character_rules(
    rule,
    "the base URL",
    "URL114 URL104 URL101 URL102 URL103",
    retype=f'Type {DEFAULT_BASE_URL} by hand into "SCIM connector base URL". A copy would bring '
    "the character along.",
)


@rule(
    "URL105",
    "The base URL contains letters that only look like the right ones",
    "A letter of another alphabet makes it a different address, which may belong to somebody "
    "else. It comes from a keyboard set to another language, or from somebody who wants the key.",
    'Type https://api.ngrok.com/scim/v2/ by hand into "SCIM connector base URL", and find out '
    "where the copied address came from.",
)
def _imitates_ngrok(url: BaseUrl) -> Match | None:
    if not url.imitates:
        return None
    seen, plain = foreign_letters(url), {letter: skeleton(letter) for _, letter in url.foreign}
    replaced = [
        f"{describe(letter)} with {meant}" for letter, meant in plain.items() if meant != letter
    ]
    done = [f"replace {first_of(replaced, NAMED)}"] if replaced else []
    if labels := re.findall(r"xn--[0-9a-z-]{1,59}", url.value, re.IGNORECASE):
        done.append("write the host in ASCII letters")
    for label in labels:
        odd = [describe(each) for each in decoded_label(label) if not each.isascii()]
        seen.append(f"“{label}” is a name that contains {', '.join(odd[:NAMED])}")
    return Match(
        f"It imitates ngrok's address: {first_of(seen, NAMED, '; ')}.",
        repaired=url.changed(" and ".join(done)),
    )


@rule(
    "URL107",
    "The base URL does not begin with https://",
    "Okta needs exactly these characters at the beginning to reach the host.",
    'Put https:// once at the beginning of "SCIM connector base URL".',
)
def _lacks_the_scheme(url: BaseUrl) -> Match | None:
    prefix = url.parts.prefix
    if prefix.lower() in ("https://", "http://"):
        return None
    plain = url.kind is HostKind.LOOPBACK and "s" not in prefix.lower()
    scheme = "http://" if plain else "https://"
    seen, done = url.seen("It does not begin with https://"), f"add {scheme} at the start"
    if prefix:
        seen = f"It begins with {quoted(prefix)}, not “https://”."
        done = f"replace the start with {scheme}"
    return Match(seen, repaired=url.changed(done, prefix=scheme))


@rule(
    "URL106",
    "The base URL begins with http:// instead of https://",
    "The key would be sent unencrypted. Okta accepts only https://.",
    'Change http:// to https:// at the beginning of "SCIM connector base URL".',
    certainty=Certainty.DOCUMENTED,
)
def _is_not_encrypted(url: BaseUrl) -> Match | None:
    secret_at_risk = url.kind is HostKind.ALLOWED or (
        url.judged and url.kind is not HostKind.LOOPBACK
    )
    if not secret_at_risk or url.parts.prefix.lower() != "http://":
        return None
    repaired = url.changed("replace http:// with https://", prefix="https://")
    return Match("It begins with “http://”, not “https://”.", repaired=repaired)


@rule(
    "URL111",
    "The base URL contains more than a host and a path",
    "Okta adds the path of each request to the end of the base URL, so text after “?” or “#” "
    "would end up in the middle. A name or a password before “@” is not used.",
)
def _has_more_than_a_path(url: BaseUrl) -> Match | None:
    parts = url.parts
    query = parts.query if parts.has_oktas_query else ""  # which another rule names
    extras = {
        "user info": "user info before “@” (not shown here, because it may be a credential)",
        "query": "a query after “?”",
        "fragment": "a fragment after “#”",
    }
    texts = (parts.user_info, "" if query else parts.query, parts.fragment)
    there = [name for name, text in zip(extras, texts, strict=True) if text]
    if not there:
        return None
    done = f"remove the {' and the '.join(there)}"
    seen = url.seen(f"It contains {' and '.join(extras[name] for name in there)}")
    if url.kind is HostKind.TYPO:  # its host is repaired first: only these may name the right one
        return Match(seen)
    return Match(seen, repaired=url.changed(done, user_info="", query=query, fragment=""))


@rule(
    "URL115",
    "There is an underscore in the base URL",
    "Okta refuses any base URL that contains an underscore.",
    certainty=Certainty.DOCUMENTED,
)
def _has_an_underscore(url: BaseUrl) -> Match | None:
    parts, path, repaired = url.parts, url.path, None
    if url.kind in (HostKind.TYPO, HostKind.ANOTHER_OF_NGROK):
        path = ""  # it goes anyway
    names = {"host": parts.host, "path": path}
    there = [name for name, text in names.items() if "_" in text and not has_credential(text)]
    if not there:
        return None
    # What was meant by it, where that makes ngrok's host or path.
    for letter, name in (("", "nothing"), ("-", "a hyphen"), (".", "a dot"), ("/", "a slash")):
        done = f"replace the underscore with {name}"
        host, path = (text.replace("_", letter) for text in (parts.host, parts.path))
        if host.lower() == NGROK_HOST and host != parts.host:
            repaired = url.changed(done, host=host)
        if path.rstrip("/") == NGROK_PATH.rstrip("/") and path != parts.path:
            repaired = url.changed(done, path=path)
    contain = "contain" if len(there) > 1 else "contains"
    return Match(url.seen(f"Its {' and its '.join(there)} {contain} “_”"), repaired=repaired)


@rule(
    "URL108",
    "The base URL has the wrong host",
    "ngrok's API serves SCIM at api.ngrok.com. No other host knows the key, and no other host "
    "should receive it.",
    certainty=Certainty.DOCUMENTED,
)
def _names_another_host(url: BaseUrl) -> Match | None:
    if url.kind is HostKind.ANOTHER_OF_NGROK:
        known = f", {known_as(url.parts.host)}."
    elif url.kind is HostKind.TYPO:
        known = f". ngrok's API is at “{NGROK_HOST}”."
    else:
        return None
    done = f"change the host to {NGROK_HOST}"
    seen = f"Its host is “{_host(url)}”{known}"
    return Match(seen, repaired=url.changed(done, host=NGROK_HOST))


@rule(
    "URL116",
    "The base URL contains a port",
    "ngrok documents its API without a port, which means 443, the standard port of https.",
    'Remove the colon and the number after the host in "SCIM connector base URL".',
    severity=Severity.WARNING,
)
def _names_a_port(url: BaseUrl) -> Match | None:
    if not url.parts.port:
        return None
    port = url.parts.port[1:]
    repaired = url.changed("remove the port", port="") if url.kind in MEANT_FOR_NGROK else None
    is_a_number = port.isascii() and port.isdecimal() and len(port) <= len(str(_LAST_PORT))
    if port and not (is_a_number and 0 < int(port) <= _LAST_PORT):
        seen = "The text after the colon is not a port number."
        return Match(seen, severity=Severity.ERROR, repaired=repaired)
    if not url.judged or url.kind is HostKind.LOOPBACK or (port and int(port) == _HTTPS_PORT):
        return None
    seen = f"Its port is {int(port)}." if port else "The port after the colon is missing."
    return Match(seen, repaired=repaired)


@rule(
    "URL112",
    "The base URL contains a double slash",
    "Two slashes make a different path, which ngrok may not serve.",
)
def _doubles_a_slash(url: BaseUrl) -> Match | None:
    path = single_slashes(url.parts.path)
    if not url.judged or path == url.parts.path:
        return None
    repaired = url.changed("replace the double slash with one slash", path=path)
    return Match(url.seen("Its path contains “//”"), repaired=repaired)


@rule(
    "URL110",
    "The base URL ends with a resource or a query",
    "Okta adds /Users and its query to the base URL itself, so they would be there twice.",
    certainty=Certainty.DOCUMENTED,
)
def _has_a_resource_appended(url: BaseUrl) -> Match | None:
    parts = url.parts
    path, resource = read_path(parts.path)
    is_ngroks = bool(resource) and url.judged
    if not is_ngroks and not parts.has_oktas_query:
        return None
    named = [f"“{resource}”"] if is_ngroks else []
    named += ["Okta's query"] if parts.has_oktas_query else []
    query = "" if parts.has_oktas_query else parts.query
    done = f"remove {resource[1:]} from the end" if resource else "remove Okta's query"
    base = path if resource else parts.path
    return Match(
        url.seen(f"It ends with {' and '.join(named)}"),
        repaired=url.changed(done, path=base, query=query),
    )


@rule(
    "URL117",
    "The path of the base URL contains capital letters",
    "Paths distinguish capital and small letters. ngrok's path has only small letters.",
    certainty=Certainty.DOCUMENTED,
)
def _has_capitals_in_the_path(url: BaseUrl) -> Match | None:
    plain = _PERCENT_ENCODED.sub("", url.path)
    if not url.judged or plain == plain.lower() or has_credential(plain):
        return None
    lowered = {name: getattr(url.parts, name).lower() for name in ("prefix", "host", "path")}
    repaired = url.changed("change the path to lower case", **lowered)
    return Match(url.seen("Its path contains capital letters"), repaired=repaired)


@rule(
    "URL109",
    "The path of the base URL is not /scim/v2/",
    "ngrok serves SCIM only under this path. With another path Okta finds no users, even with the "
    "right key.",
    certainty=Certainty.DOCUMENTED,
)
def _has_another_path(url: BaseUrl) -> Match | None:
    if not url.judged or url.path.lower() in (NGROK_PATH, NGROK_PATH.rstrip("/")):
        return None
    if url.parts.path in ("", "/"):
        seen = url.seen(f"It has no path; ngrok's path is “{NGROK_PATH}”")
        return Match(seen, repaired=url.changed(f"add {NGROK_PATH} at the end", path=NGROK_PATH))
    fix, seen = None, f"Its path is not “{NGROK_PATH}”."
    if has_credential(url.path):
        fix, seen = _KEY_APART, "Its path contains what looks like a key (not shown here)."
    elif url.shown == url.typed:
        seen = f"Its path is “{visible(single_slashes(url.parts.path), 80)}”, not “{NGROK_PATH}”."
    repaired = url.changed(f"change the path to {NGROK_PATH}", path=NGROK_PATH)
    return Match(seen, fix, repaired=repaired)


@rule(
    "URL113",
    "The base URL ends without a slash",
    "Okta's custom apps accept it with and without the slash. ngrok's guide has the slash.",
    "If anything fails, use https://api.ngrok.com/scim/v2/ with the slash at the end.",
    severity=Severity.NOTICE,
    certainty=Certainty.OBSERVED,
)
def _lacks_the_last_slash(url: BaseUrl) -> Match | None:
    if not url.judged or url.path.lower() != NGROK_PATH.rstrip("/"):
        return None
    repaired = url.changed("add / at the end", path=f"{url.parts.path}/")
    return Match(url.seen("It ends without a slash"), repaired=repaired)


@rule(
    "URL119",
    "The host of the base URL is not ngrok's",
    "You allowed this host with --allow-host, so it receives the key. Anyone who runs the host "
    "can use the key at ngrok.",
    "Remove --allow-host unless you know who runs the host, and why it is between Okta and ngrok.",
    severity=Severity.WARNING,
    certainty=Certainty.DOCUMENTED,
)
def _is_an_allowed_host(url: BaseUrl) -> str:
    allowed = f"Its host is “{_host(url)}”, which you allowed."
    return allowed if url.kind is HostKind.ALLOWED else ""


ENTRIES = rule.entries


def _host(url: BaseUrl) -> str:
    return "…" if has_credential(url.parts.host) else visible(url.parts.host, 80)
