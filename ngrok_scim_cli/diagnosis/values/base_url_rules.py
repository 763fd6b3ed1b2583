"""What is wrong with the letters of the ``SCIM connector base URL``."""

import re

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.diagnosis.values.base_url import WRAPPED, BaseUrl, has_credential
from ngrok_scim_cli.diagnosis.values.scim_path import NGROK_PATH, read_path, single_slashes
from ngrok_scim_cli.hosts import NGROK_HOST, HostKind, decoded_label, known_as
from ngrok_scim_cli.text.characters import (
    BYTE_ORDER_MARK,
    EXAMINED,
    Kind,
    describe,
    quoted,
    there_are,
    visible,
)
from ngrok_scim_cli.text.confusables import imitation
from ngrok_scim_cli.text.strip import there_are_cuts

# What these say holds for ngrok's URL alone. On loopback and on an allowed host they speak only
# where the reply is a failure.
ONLY_FOR_NGROK = frozenset(
    {"URL105", "URL106", "URL107", "URL108", "URL109", "URL110", "URL112", "URL113", "URL116"}
    | {"URL117"}
)

_NAMED = 5
_HTTPS_PORT = 443
_PORT = re.compile(r"[0-9]{1,5}")
_LAST_PORT = 65535
_IN_THE_WAY = ("URL118",)

base_url_rules: Rules[BaseUrl] = Rules()


@base_url_rules("URL118")
def _is_no_url(url: BaseUrl) -> Match | None:
    if url.is_a_url:
        return None
    if url.looks_like_a_key and not url.is_too_long:
        return Match(
            f"It is {len(url.letters)} characters that look like an ngrok credential. They are not "
            "shown here.",
            fix="Paste the key into “Authorization”, and type https://api.ngrok.com/scim/v2/ into "
            "“SCIM connector base URL”.",
        )
    return Match(_what_it_is_instead(url))


def _what_it_is_instead(url: BaseUrl) -> str:
    if url.is_too_long:
        return (
            f"It has {len(url.typed):,} characters, of which the first {EXAMINED:,} were looked "
            "at. No base URL is that long."
        )
    if not url.typed:
        return "The field is empty."
    if not url.letters:
        return f"It holds nothing but {quoted(url.typed)}."
    if url.is_an_email_address:
        return "It is an e-mail address."
    return f"There is no host in its {len(url.letters):,} characters."


@base_url_rules(WRAPPED, unless=_IN_THE_WAY)
def _is_wrapped(url: BaseUrl) -> Match | None:
    cuts = url.peeled.cuts_of(WRAPPED)
    if url.has_other_text:
        return Match(_seen("There is other text around it, which is not shown here", url))
    return Match(_seen(f"Around it {there_are_cuts(cuts)}", url)) if cuts else None


@base_url_rules("URL104", unless=_IN_THE_WAY)
def _holds_an_invisible_character(url: BaseUrl) -> Match | None:
    spots = url.peeled.of_kind(Kind.INVISIBLE, Kind.UNREADABLE)
    if not spots:
        return None
    marked = spots[0].start == 0 and spots[0].character == BYTE_ORDER_MARK
    source = " It comes from a file that was saved with a byte-order mark." if marked else ""
    return Match(_seen(f"In it {there_are(spots)}", url) + source)


@base_url_rules("URL101", unless=_IN_THE_WAY)
def _begins_with_whitespace(url: BaseUrl) -> Match | None:
    spots = url.peeled.before()
    return Match(_seen(f"Before it {there_are(spots)}", url)) if spots else None


@base_url_rules("URL102", unless=_IN_THE_WAY)
def _ends_with_whitespace(url: BaseUrl) -> Match | None:
    spots = url.peeled.after()
    return Match(_seen(f"After it {there_are(spots)}", url)) if spots else None


@base_url_rules("URL103", unless=_IN_THE_WAY)
def _holds_whitespace(url: BaseUrl) -> Match | None:
    outside = {*url.peeled.before(), *url.peeled.after()}
    odd = url.peeled.of_kind(Kind.WHITESPACE, Kind.CONTROL)
    spots = [spot for spot in odd if spot not in outside]
    return Match(_seen(f"In it {there_are(spots)}", url)) if spots else None


@base_url_rules("URL105", unless=_IN_THE_WAY)
def _imitates_ngrok(url: BaseUrl) -> Match | None:
    if not url.imitates:
        return None
    odd = [
        f"character {at + 1} is {describe(it)}{imitation(it)}" for at, it in url.peeled.foreign()
    ]
    odd += _names_in_disguise(url.letters)
    listed = "; ".join(odd[:_NAMED])
    rest = f"; and {len(odd) - _NAMED} more" if len(odd) > _NAMED else ""
    return Match(f"It imitates ngrok's address: {listed}{rest}.")


def _names_in_disguise(letters: str) -> list[str]:
    labels = re.findall(r"xn--[0-9a-z-]{1,59}", letters, re.IGNORECASE)
    found = []
    for label in labels:
        odd = [describe(each) for each in decoded_label(label) if not each.isascii()]
        found.append(f"“{label}” stands for a name with {', '.join(odd[:_NAMED])}")
    return found


@base_url_rules("URL107", unless=_IN_THE_WAY)
def _lacks_the_scheme(url: BaseUrl) -> Match | None:
    prefix = url.parts.prefix.lower()
    if prefix in ("https://", "http://"):
        return None
    if not prefix:
        return Match(_seen("It has no https:// in front", url))
    return Match(f"It begins with {quoted(url.parts.prefix)} and not with “https://”.")


@base_url_rules("URL106", unless=_IN_THE_WAY)
def _is_not_encrypted(url: BaseUrl) -> Match | None:
    secret_at_risk = url.kind is HostKind.ALLOWED or (
        url.judged and url.kind is not HostKind.LOOPBACK
    )
    if not secret_at_risk or url.parts.prefix.lower() != "http://":
        return None
    return Match("It begins with “http://” and not with “https://”.")


@base_url_rules("URL111", unless=_IN_THE_WAY)
def _has_more_than_a_path(url: BaseUrl) -> Match | None:
    parts = url.parts
    extra = []
    if parts.user_info is not None:
        extra.append("user info before an @ (not shown here, for it may be a credential)")
    if parts.query is not None and not parts.has_oktas_query:
        extra.append("a query behind “?”")
    if parts.fragment is not None:
        extra.append("a fragment behind “#”")
    return Match(_seen(f"It holds {' and '.join(extra)}", url)) if extra else None


@base_url_rules("URL108", unless=_IN_THE_WAY)
def _names_another_host(url: BaseUrl) -> Match | None:
    host = _host(url)
    if url.kind is HostKind.ANOTHER_OF_NGROK:
        return Match(f"Its host is “{host}”, {known_as(url.parts.host)}.")
    if url.kind is HostKind.SLIP:
        return Match(f"Its host is “{host}”. ngrok's API is at “{NGROK_HOST}”.")
    return None


@base_url_rules("URL116", unless=_IN_THE_WAY)
def _names_a_port(url: BaseUrl) -> Match | None:
    port = url.parts.port
    if port is None:
        return None
    if port and not (_PORT.fullmatch(port) and 0 < int(port) <= _LAST_PORT):
        return Match("What stands behind the host's colon is no port.", severity=Severity.ERROR)
    if not url.judged or url.kind is HostKind.LOOPBACK or (port and int(port) == _HTTPS_PORT):
        return None
    return Match(f"It names port {int(port)}." if port else "The port behind the colon is missing.")


@base_url_rules("URL112", unless=_IN_THE_WAY)
def _doubles_a_slash(url: BaseUrl) -> Match | None:
    if not url.judged or not read_path(url.parts.path).doubled:
        return None
    return Match(_seen("There is “//” in its path", url))


@base_url_rules("URL110", unless=_IN_THE_WAY)
def _has_a_resource_appended(url: BaseUrl) -> Match | None:
    resource = read_path(url.parts.path).resource if url.judged else ""
    query = "a query of Okta's" if url.parts.has_oktas_query else ""
    extra = " and ".join(filter(None, (resource and f"“{resource}”", query)))
    return Match(_seen(f"Behind the base URL stands {extra}", url)) if extra else None


@base_url_rules("URL117", unless=_IN_THE_WAY)
def _has_capitals_in_the_path(url: BaseUrl) -> Match | None:
    if not url.judged or not read_path(url.parts.path).has_capitals:
        return None
    return Match(_seen("There are capitals in its path", url))


@base_url_rules("URL115", unless=_IN_THE_WAY)
def _holds_an_underscore(url: BaseUrl) -> Match | None:
    names = {"host": url.parts.host, "path": read_path(url.parts.path).base}
    places = [name for name, text in names.items() if "_" in text]
    return Match(_seen(f"There is “_” in its {' and its '.join(places)}", url)) if places else None


@base_url_rules("URL109", unless=_IN_THE_WAY)
def _has_another_path(url: BaseUrl) -> Match | None:
    path = read_path(url.parts.path)
    if not url.judged or path.lowered in (NGROK_PATH, NGROK_PATH.rstrip("/")):
        return None
    if url.parts.path in ("", "/"):
        return Match(
            _seen(f"There is nothing behind its host; ngrok's path is “{NGROK_PATH}”", url)
        )
    if not url.may_be_shown:
        return Match(f"Its path is not ngrok's, “{NGROK_PATH}”.")
    shown = visible(single_slashes(url.parts.path), 80)
    return Match(f"Its path is “{shown}”; ngrok's is “{NGROK_PATH}”.")


@base_url_rules("URL113", unless=_IN_THE_WAY)
def _lacks_the_last_slash(url: BaseUrl) -> Match | None:
    if not url.judged or read_path(url.parts.path).lowered != NGROK_PATH.rstrip("/"):
        return None
    return Match(_seen("It ends without a slash", url))


@base_url_rules("URL119", unless=_IN_THE_WAY)
def _is_an_allowed_host(url: BaseUrl) -> Match | None:
    if url.kind is not HostKind.ALLOWED:
        return None
    return Match(f"Its host is “{_host(url)}”, which you allowed.")


def _host(url: BaseUrl) -> str:
    return "…" if has_credential(url.parts.host) else visible(url.parts.host, 80)


def _seen(sentence: str, url: BaseUrl) -> str:
    """Add the URL to ``sentence``, as far as it may be shown."""
    return f"{sentence}: {quoted(url.shown)}."
