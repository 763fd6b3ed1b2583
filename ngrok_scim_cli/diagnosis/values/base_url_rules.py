"""Rules for the ``SCIM connector base URL``, and their repairs.

What Okta asks of it: https://developer.okta.com/docs/guides/scim-provisioning-integration-prepare/
What ngrok's must be: https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-scim
"""

import re

from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject
from ngrok_scim_cli.diagnosis.rules import Fixed, Match, Rules
from ngrok_scim_cli.diagnosis.values.base_url import (
    NGROK_PATH,
    BaseUrl,
    has_credential,
    single_slashes,
)
from ngrok_scim_cli.diagnosis.values.stray_characters import (
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
    {"URL105", "URL106", "URL107", "URL108", "URL109", "URL110", "URL112", "URL113", "URL116"}
    | {"URL117"}
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
    repair=lambda _: (DEFAULT_BASE_URL, f"enter {DEFAULT_BASE_URL}"),
)
def _is_no_url(url: BaseUrl) -> Match | str:
    is_a_key = url.looks_like_a_key and not url.is_too_long
    return Match(url.why_no_url, fix=_KEY_APART) if is_a_key else url.why_no_url


stray_character_rules(
    rule,
    "the base URL",
    "URL114 URL104 URL101 URL102 URL103",
    retype=f'Type {DEFAULT_BASE_URL} by hand into "SCIM connector base URL". A copy would bring '
    "the character along.",
)


def _write_plain_letters(url: BaseUrl) -> Fixed:
    letters = dict.fromkeys(letter for _, letter in url.foreign)
    plain = [
        f"{describe(letter)} with {skeleton(letter)}"
        for letter in letters
        if skeleton(letter) != letter
    ]
    done = [f"replace {first_of(plain, NAMED)}"] if plain else []
    if "xn--" in url.value.lower():
        done.append("write the host in ASCII letters")
    return str(url.parts), " and ".join(done)


@rule(
    "URL105",
    "The base URL contains letters that only look like the right ones",
    "A letter of another alphabet makes it a different address, which may belong to somebody "
    "else. It comes from a keyboard set to another language, or from somebody who wants the key.",
    'Type https://api.ngrok.com/scim/v2/ by hand into "SCIM connector base URL", and find out '
    "where the copied address came from.",
    repair=_write_plain_letters,
)
def _imitates_ngrok(url: BaseUrl) -> str:
    if not url.imitates:
        return ""
    seen = foreign_letters(url)
    for label in re.findall(r"xn--[0-9a-z-]{1,59}", url.value, re.IGNORECASE):
        odd = [describe(each) for each in decoded_label(label) if not each.isascii()]
        seen.append(f"“{label}” is a name that contains {', '.join(odd[:NAMED])}")
    return f"It imitates ngrok's address: {first_of(seen, NAMED, '; ')}."


def _put_the_scheme(url: BaseUrl) -> Fixed:
    plain = url.kind is HostKind.LOOPBACK and "s" not in url.parts.prefix.lower()
    scheme = "http://" if plain else "https://"
    done = f"replace the start with {scheme}" if url.parts.prefix else f"add {scheme} at the start"
    return url.with_parts(prefix=scheme), done


@rule(
    "URL107",
    "The base URL does not begin with https://",
    "Okta needs exactly these characters at the beginning to reach the host.",
    'Put https:// once at the beginning of "SCIM connector base URL".',
    repair=_put_the_scheme,
)
def _lacks_the_scheme(url: BaseUrl) -> str:
    prefix = url.parts.prefix
    if prefix.lower() in ("https://", "http://"):
        return ""
    if not prefix:
        return url.seen("It does not begin with https://")
    return f"It begins with {quoted(prefix)}, not “https://”."


@rule(
    "URL106",
    "The base URL begins with http:// instead of https://",
    "The key would be sent unencrypted. Okta accepts only https://.",
    'Change http:// to https:// at the beginning of "SCIM connector base URL".',
    certainty=Certainty.DOCUMENTED,
    repair=lambda url: (url.with_parts(prefix="https://"), "replace http:// with https://"),
)
def _is_not_encrypted(url: BaseUrl) -> str:
    secret_at_risk = url.kind is HostKind.ALLOWED or (
        url.judged and url.kind is not HostKind.LOOPBACK
    )
    if not secret_at_risk or url.parts.prefix.lower() != "http://":
        return ""
    return "It begins with “http://”, not “https://”."


_EXTRAS = {
    "user info": "user info before “@” (not shown here, because it may be a credential)",
    "query": "a query after “?”",
    "fragment": "a fragment after “#”",
}


def _remove_extras(url: BaseUrl) -> Fixed:
    query = url.parts.query if url.parts.has_oktas_query else None
    bare = url.with_parts(user_info=None, query=query, fragment=None)
    return bare, f"remove the {' and the '.join(url.extras)}"


@rule(
    "URL111",
    "The base URL contains more than a host and a path",
    "Okta adds the path of each request to the end of the base URL, so text after “?” or “#” "
    "would end up in the middle. A name or a password before “@” is not used.",
    repair=_remove_extras,
)
def _has_more_than_a_path(url: BaseUrl) -> str:
    extra = " and ".join(_EXTRAS[name] for name in url.extras)
    return url.seen(f"It contains {extra}") if extra else ""


def _replace_the_underscore(url: BaseUrl) -> Fixed | None:
    """Write what was meant by an underscore, where that makes ngrok's host or path."""
    parts = url.parts
    for letter, name in (("/", "a slash"), (".", "a dot"), ("-", "a hyphen"), ("", "nothing")):
        path = parts.path.replace("_", letter)
        if "_" in parts.path and path.rstrip("/") == NGROK_PATH.rstrip("/"):
            return url.with_parts(path=path), f"replace the underscore with {name}"
        host = parts.host.replace("_", letter)
        if "_" in parts.host and host.lower() == NGROK_HOST:
            return url.with_parts(host=host), f"replace the underscore with {name}"
    return None


@rule(
    "URL115",
    "There is an underscore in the base URL",
    "Okta refuses any base URL that contains an underscore.",
    certainty=Certainty.DOCUMENTED,
    repair=_replace_the_underscore,
)
def _has_an_underscore(url: BaseUrl) -> str:
    is_ngroks = url.kind in (HostKind.TYPO, HostKind.ANOTHER_OF_NGROK)
    names = {"host": url.parts.host, "path": "" if is_ngroks else url.path}  # the path goes anyway
    places = [name for name, text in names.items() if "_" in text and not has_credential(text)]
    contain = "contain" if len(places) > 1 else "contains"
    return url.seen(f"Its {' and its '.join(places)} {contain} “_”") if places else ""


@rule(
    "URL108",
    "The base URL has the wrong host",
    "ngrok's API serves SCIM at api.ngrok.com. No other host knows the key, and no other host "
    "should receive it.",
    certainty=Certainty.DOCUMENTED,
    repair=lambda url: (url.with_parts(host=NGROK_HOST), f"change the host to {NGROK_HOST}"),
)
def _names_another_host(url: BaseUrl) -> str:
    if url.kind is HostKind.ANOTHER_OF_NGROK:
        return f"Its host is “{_host(url)}”, {known_as(url.parts.host)}."
    if url.kind is HostKind.TYPO:
        return f"Its host is “{_host(url)}”. ngrok's API is at “{NGROK_HOST}”."
    return ""


@rule(
    "URL116",
    "The base URL contains a port",
    "ngrok documents its API without a port, which means 443, the standard port of https.",
    'Remove the colon and the number after the host in "SCIM connector base URL".',
    severity=Severity.WARNING,
    repair=lambda url: (
        (url.with_parts(port=None), "remove the port") if url.kind in MEANT_FOR_NGROK else None
    ),
)
def _names_a_port(url: BaseUrl) -> Match | str:
    port = url.parts.port
    if port is None:
        return ""
    is_a_number = port.isascii() and port.isdecimal() and len(port) <= len(str(_LAST_PORT))
    if port and not (is_a_number and 0 < int(port) <= _LAST_PORT):
        return Match("The text after the colon is not a port number.", severity=Severity.ERROR)
    if not url.judged or url.kind is HostKind.LOOPBACK or (port and int(port) == _HTTPS_PORT):
        return ""
    return f"Its port is {int(port)}." if port else "The port after the colon is missing."


@rule(
    "URL112",
    "The base URL contains a double slash",
    "Two slashes make a different path, which ngrok may not serve.",
    repair=lambda url: (
        url.with_parts(path=single_slashes(url.parts.path)),
        "replace the double slash with one slash",
    ),
)
def _doubles_a_slash(url: BaseUrl) -> str:
    is_doubled = url.judged and single_slashes(url.parts.path) != url.parts.path
    return url.seen("Its path contains “//”") if is_doubled else ""


def _remove_the_resource(url: BaseUrl) -> Fixed:
    query = None if url.parts.has_oktas_query else url.parts.query
    resource = url.resource
    done = f"remove {resource[1:]} from the end" if resource else "remove Okta's query"
    base = url.path if resource else url.parts.path
    return url.with_parts(path=base, query=query), done


@rule(
    "URL110",
    "The base URL ends with a resource or a query",
    "Okta adds /Users and its query to the base URL itself, so they would be there twice.",
    certainty=Certainty.DOCUMENTED,
    repair=_remove_the_resource,
)
def _has_a_resource_appended(url: BaseUrl) -> str:
    resource = url.resource if url.judged else ""
    query = "Okta's query" if url.parts.has_oktas_query else ""
    extra = " and ".join(filter(None, (resource and f"“{resource}”", query)))
    return url.seen(f"It ends with {extra}") if extra else ""


def _write_small_letters(url: BaseUrl) -> Fixed:
    parts = url.parts
    lowered = url.with_parts(
        prefix=parts.prefix.lower(), host=parts.host.lower(), path=parts.path.lower()
    )
    return lowered, "change the path to lower case"


@rule(
    "URL117",
    "The path of the base URL contains capital letters",
    "Paths distinguish capital and small letters. ngrok's path has only small letters.",
    certainty=Certainty.DOCUMENTED,
    repair=_write_small_letters,
)
def _has_capitals_in_the_path(url: BaseUrl) -> str:
    plain = _PERCENT_ENCODED.sub("", url.path)
    has_them = url.judged and plain != plain.lower() and not has_credential(plain)
    return url.seen("Its path contains capital letters") if has_them else ""


def _write_ngroks_path(url: BaseUrl) -> Fixed:
    is_missing = url.parts.path in ("", "/")
    done = f"add {NGROK_PATH} at the end" if is_missing else f"change the path to {NGROK_PATH}"
    return url.with_parts(path=NGROK_PATH), done


@rule(
    "URL109",
    "The path of the base URL is not /scim/v2/",
    "ngrok serves SCIM only under this path. With another path Okta finds no users, even with the "
    "right key.",
    certainty=Certainty.DOCUMENTED,
    repair=_write_ngroks_path,
)
def _has_another_path(url: BaseUrl) -> Match | str:
    if not url.judged or url.path.lower() in (NGROK_PATH, NGROK_PATH.rstrip("/")):
        return ""
    if url.parts.path in ("", "/"):
        return url.seen(f"It has no path; ngrok's path is “{NGROK_PATH}”")
    if has_credential(url.path):
        return Match("Its path contains what looks like a key (not shown here).", fix=_KEY_APART)
    if not url.may_be_shown:
        return f"Its path is not “{NGROK_PATH}”."
    shown = visible(single_slashes(url.parts.path), 80)
    return f"Its path is “{shown}”, not “{NGROK_PATH}”."


@rule(
    "URL113",
    "The base URL ends without a slash",
    "Okta's custom apps accept it with and without the slash. ngrok's guide has the slash.",
    "If anything fails, use https://api.ngrok.com/scim/v2/ with the slash at the end.",
    severity=Severity.NOTICE,
    certainty=Certainty.OBSERVED,
    repair=lambda url: (url.with_parts(path=f"{url.parts.path}/"), "add / at the end"),
)
def _lacks_the_last_slash(url: BaseUrl) -> str:
    lacks_it = url.judged and url.path.lower() == NGROK_PATH.rstrip("/")
    return url.seen("It ends without a slash") if lacks_it else ""


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
