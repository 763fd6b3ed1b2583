"""Parses the base URL, however it was mistyped."""

import re
from dataclasses import field
from functools import partial
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.values.pasted import (
    OTHER_TEXT,
    Affix,
    Pasted,
    closing_mark,
    opening_mark,
    other_text,
    paste_marks,
    strip,
)
from ngrok_scim_cli.diagnosis.values.placeholders import is_placeholder_url
from ngrok_scim_cli.hosts import (
    MEANT_FOR_NGROK,
    NGROK_HOST,
    HostKind,
    Trust,
    host_as_read,
    kind_of_host,
)
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import EXAMINED, Kind, OddChar, odd_chars, quoted
from ngrok_scim_cli.text.confusables import fold
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

NGROK_PATH = "/scim/v2/"

# A URL with nothing around it.
_PLAIN = lazy_pattern(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/(?:[A-Za-z0-9./]*[A-Za-z0-9/])?)?"
)

# The parts of any text.
_ANY = lazy_pattern(
    r"""
    ( (?:
          (?!localhost)(?:[a-z][a-z+]{0,11})?(?:[:;]|%3A|&\#58;)+(?:[/\\]|%2F)+  # htps:/, ://, ftp://
        | [htps]{3,8}[.,]?(?:[/\\]|%2F)+(?:[:;](?!\d))?                   # https//, https//:
        | [htps]{3,8}[:;]+(?![\d@])                                       # https:
        | https?(?=api\.ngrok)                                            # httpsapi.ngrok.com
      ){1,4}
    | [/\\]* )
    ( (?:(?!%2F)[^/\\?\#])*@ )?                                           # user info
    ( \[[0-9a-f:.]+\](?=[:/\\?\#]|%2F|\Z) | (?:(?!%2F)[^/\\?\#:])* )     # host
    ( :(?:(?!%2F)[^/\\?\#])* )?                                           # port
    ( [^?\#]* ) ( \?[^\#]* )? ( \#.* )?                                   # path, query, fragment
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_IPV6 = lazy_pattern(r"\[[0-9a-f:.]+\](?::.*)?", re.IGNORECASE | re.DOTALL)

_PROSE = ",;.!…"
_ENDS_WITH_A_SLASH = lazy_pattern(r".*/", re.DOTALL)
_A_URL = lazy_pattern(r"""(?<![a-z])https?://[^\s"'<>()\[\]|,;*`]+""", re.IGNORECASE)
_BEHIND_A_LINK = ">|)]*_`\"'"

# The look-behind keeps a long run of letters from being tried from each of them.
_CREDENTIAL = lazy_pattern(r"(?<![0-9A-Za-z])[0-9A-Za-z]{15,}_[0-9A-Za-z]{15,}")
_CREDENTIAL_ALONE = lazy_pattern(
    r"(?:bearer|token)?(?:[0-9A-Za-z]{15,}_[0-9A-Za-z]{10,}|[0-9A-Za-z]{27}_?|ak_[0-9A-Za-z]{15,})",
    re.IGNORECASE,
)
_EMAIL = lazy_pattern(r"(?:mailto:)?[^@/\s:]+@(?=[^@/\s:]+\.[^@/\s:])[^@/\s:]+", re.IGNORECASE)
_HOST = lazy_pattern(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?", re.IGNORECASE)
_OKTAS_QUERY = lazy_pattern(r"\?(?:(?:startIndex|count|filter|attributes)=[^&]*(?:&|$))+")
_HARMLESS_QUERY = lazy_pattern(r"\?(?:(?:startIndex|count)=\d{1,6}(?:&|$))+")
_RESOURCE = lazy_pattern(
    r"(?P<base>.*?)/(?P<resource>Users|Groups|ServiceProviderConfigs?|Schemas|ResourceTypes|Me|Bulk)"
    r"(?:/.*)?",
    re.IGNORECASE | re.DOTALL,
)
_DOUBLED = lazy_pattern(r"/{2,}")


class Parts(NamedTuple):
    """The parts of a URL, each with its own mark; put together they give it back."""

    prefix: str
    user_info: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    def __str__(self) -> str:
        """Put the parts together again."""
        return "".join(self)

    @property
    def has_oktas_query(self) -> bool:
        """Whether the query is one that Okta itself appends."""
        return _OKTAS_QUERY.fullmatch(self.query) is not None


@dataclass(frozen=True, slots=True)
class BaseUrl(Pasted):
    """A base URL as typed, and what was meant by it.

    Attributes:
        judged: whether it is compared with ngrok's URL.
        imitates: whether look-alikes were replaced in ``parts``, or an ``xn--`` host decoded.
        is_wrapped: whether it is a link to somebody else, with ngrok's address in it; the rest of
            the link may name a person, and is not in ``parts``.
    """

    parts: Parts = field(repr=False)
    kind: HostKind
    judged: bool
    imitates: bool
    is_wrapped: bool

    @property
    def path(self) -> str:
        """The path with single slashes, without a resource."""
        return read_path(self.parts.path)[0]

    @property
    def invisible(self) -> tuple[OddChar, ...]:
        """The characters that no screen shows, or that are none."""
        return self.of_kind(Kind.INVISIBLE, Kind.UNREADABLE)

    @property
    def gaps(self) -> tuple[OddChar, ...]:
        """The whitespace and the control characters inside it, but for a query of Okta's."""
        outside = {*self.before, *self.after}
        odd = self.of_kind(Kind.WHITESPACE, Kind.CONTROL)
        query = self.text.find("?") if self.parts.has_oktas_query else -1
        stop = query if query >= 0 else len(self.text)
        return tuple(each for each in odd if each not in outside and each.start < stop)

    def seen(self, sentence: str) -> str:
        """Return ``sentence`` as evidence, with as much of the URL as may be shown."""
        return f"{sentence}: {quoted(self.shown)}."

    def changed(self, done: str, **parts: str) -> tuple[str, str]:
        """Return the URL with other parts, and what was ``done``."""
        return str(self.parts._replace(**parts)), done

    @property
    def shown(self) -> str:
        """The URL as it may be shown: "…" replaces each part that can be a credential."""
        parts = self.parts
        masked = {"user_info": "…@", "port": ":…", "query": "?…", "fragment": "#…"}
        if not parts.port[1:] or parts.port[1:].isdecimal():
            del masked["port"]
        if _HARMLESS_QUERY.fullmatch(parts.query):
            del masked["query"]
        masked = {name: mask for name, mask in masked.items() if len(getattr(parts, name)) > 1}
        is_harmless = (
            not masked
            and not self.is_wrapped
            and all(affix.name != OTHER_TEXT for affix in self.affixes)
            and not has_credential(self.value)
        )
        return self.typed if is_harmless else _CREDENTIAL.sub("…", self.changed("", **masked)[0])

    @property
    def looks_like_a_key(self) -> bool:
        """Whether it is no URL but a credential of ngrok's, perhaps with https:// in front."""
        return _CREDENTIAL_ALONE.fullmatch(self.value.removeprefix("https://")) is not None

    @property
    def why_no_url(self) -> str:
        """What it is instead of a URL, as evidence; empty where it names a host."""
        host, length, why = self.parts.host, f"{len(self.value):,} characters", ""
        if self.is_too_long:
            why = f"Its {len(self.typed):,} characters are too many for a base URL."
        elif self.looks_like_a_key:
            why = f"It looks like an ngrok credential ({length}, not shown here)."
        elif not self.typed:
            why = "The field is empty."
        elif not self.value:
            why = f"It contains only {quoted(self.typed)}."
        elif "@" in self.value and _EMAIL.fullmatch(self.value):
            why = "It is an e-mail address."
        elif self.kind is HostKind.OTHER and is_placeholder_url(self.text.strip(), host):
            why = "It is a placeholder or an example, not an address."
        elif not self._names_a_host:
            why = f"Its {length} contain no host name."
        return why

    @property
    def _names_a_host(self) -> bool:
        host, has_scheme = self.parts.host, self.parts.prefix.lower() in ("http://", "https://")
        if host.lower() in ("http", "https"):  # the scheme of another URL
            return False
        if self.kind in MEANT_FOR_NGROK:
            return "." in host or has_scheme
        is_a_name = not self.inside(Kind.WHITESPACE) and _HOST.fullmatch(host) is not None
        is_known = self.kind in (HostKind.LOOPBACK, HostKind.ALLOWED)
        return is_known or (any(map(str.isalnum, host)) and (has_scheme or is_a_name))


def has_credential(text: str) -> bool:
    """Return whether something in ``text`` has the shape of an ngrok credential."""
    return _CREDENTIAL.search(text) is not None


def read_base_url(typed: str, trust: Trust, *, as_ngrok: bool = False) -> BaseUrl:
    """Parse a base URL; ``as_ngrok`` compares that of any host with ngrok's URL."""
    text = typed[:EXAMINED]
    marks = partial(paste_marks, value=_ENDS_WITH_A_SLASH)
    strippers = (marks, _opening, _closing, _other_text)
    plain = _PLAIN.fullmatch(text)
    stripped = (0, len(text), (), ()) if plain else strip(text, odd_chars(text), *strippers)
    letters = Pasted(typed, *stripped).value
    parts = split(letters)
    kind = kind_of_host(parts.host, Trust() if as_ngrok else trust)
    imitated = None if kind is HostKind.ALLOWED else _imitated(letters, parts)
    if imitated:
        parts, kind = imitated, kind_of_host(imitated.host, Trust())
    if kind is HostKind.OTHER and NGROK_HOST in letters.lower():
        kind = HostKind.TYPO
    # A mail filter wraps a link in its own: https://….outlook.com/?url=…
    names_ngrok = NGROK_HOST in f"{parts.path}{parts.query}{parts.fragment}".lower()
    is_wrapped = kind is HostKind.TYPO and names_ngrok and not parts.user_info
    if is_wrapped:  # the rest is the filter's own, so that only the host is wrong
        parts = Parts("https://", "", parts.host, "", NGROK_PATH, "", "")
    judged = as_ngrok or kind in MEANT_FOR_NGROK
    return BaseUrl(typed, *stripped, parts, kind, judged, imitated is not None, is_wrapped)


def _imitated(letters: str, parts: Parts) -> Parts | None:
    """Return the parts with look-alikes replaced, if ngrok's host comes out of it."""
    if letters.isascii() and "xn--" not in parts.host.lower():
        return None
    plain = fold(letters)
    folded = split(plain)
    host = host_as_read(folded.host)
    differs = plain != letters or host != parts.host.lower()
    is_ngroks = kind_of_host(host, Trust()) in MEANT_FOR_NGROK
    return folded._replace(host=host) if differs and is_ngroks else None


def split(letters: str) -> Parts:
    """Split a URL that has no odd characters left; any text gives some parts."""
    return Parts(*_ANY.findall(letters)[0])


def read_path(path: str) -> tuple[str, str]:
    """Split a path from the SCIM resource that was appended to it (RFC 7644, section 3.2)."""
    single = single_slashes(path)
    match = _RESOURCE.fullmatch(single)
    return (f"{match['base']}/", f"/{match['resource']}") if match else (single, "")


def single_slashes(path: str) -> str:
    """Return ``path`` with each run of slashes made one."""
    return _DOUBLED.sub("/", path)


def _opening(text: str, start: int, end: int) -> tuple[Affix, ...]:
    return () if _IPV6.match(text, start, end) else opening_mark(text, start, end)


def _closing(text: str, start: int, end: int) -> tuple[Affix, ...]:
    bare = text[start:end].rstrip(_PROSE)
    punctuation = text[start + len(bare) : end]
    parts = split(bare)
    is_of_the_host = not (parts.path or parts.query or parts.fragment)
    if punctuation and not (punctuation == "." and is_of_the_host):
        return (Affix(start + len(bare), end, "punctuation"),)
    return closing_mark(text, start, end)


def _other_text(text: str, start: int, end: int) -> tuple[Affix, ...]:
    """Take off what is around the one URL in a command, a sentence, a link, or behind a label.

    Words after it may be the rest of its path, unless that is whole.
    """
    middle = (start + end) // 2
    if _A_URL.match(text, start, end) and text[start:middle] == text[middle:end]:
        return (Affix(middle, end, OTHER_TEXT),)
    urls = list(_A_URL.finditer(text, start, end))
    urls = [url for url in urls if text[: url.start()].endswith("](")] or urls
    if len({url[0].rstrip("/") for url in urls}) != 1:
        return ()
    first, last = urls[0].span()
    if text[:first].endswith("_"):  # _emphasis_
        last = first + len(urls[0][0].rstrip("_"))
    path = read_path(split(text[first:last]).path)[0].lower().rstrip("/")
    is_closed = text[last : last + 1] in _BEHIND_A_LINK and text[last + 1 : last + 2] != "/"
    goes_on = not is_closed and path != NGROK_PATH.rstrip("/")
    return other_text((start, end), (first, end if goes_on else last))
