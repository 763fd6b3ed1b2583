"""Parses e-mail addresses in user names, compares them, and shows them."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from ngrok_scim_cli.diagnosis.ngrok.domains import host_name
from ngrok_scim_cli.diagnosis.people.records import NgrokUser
from ngrok_scim_cli.text.characters import EXAMINED, OddChar, kind_of, named, odd_chars, visible

# RFC 5321 section 4.5.3.1.3, without the angle brackets.
LONGEST_ADDRESS = 254

# How nearly all addresses are written; no longer than an address may be.
# None of it can match in two ways, so the possessive quantifiers (+) only save time.
_USUAL_LOCAL_PART = r"[A-Za-z0-9._+'-]{1,64}+"
_USUAL_DOMAIN = r"(?:[a-z0-9]{1,25}+(?:-[a-z0-9]{1,25}+)?+\.){1,3}+[a-z]{2,20}+"
_LONGEST_DOMAIN = LONGEST_ADDRESS - 64 - len("@")

# What no local part contains without quotation marks (RFC 5322 section 3.2.3).
_NEVER_IN_A_LOCAL_PART = re.compile(r"[\x00-\x20\"(),:;<>@\[\\\]\x7f]")

_SHOWN = 100
_SHOWN_OF_ODD = 20


@lru_cache(maxsize=16)
def usual_names(domains: frozenset[str]) -> re.Pattern[str]:
    """Return what nearly all user names match, and none that has a ``fault_of`` its own.

    To match is much faster than to look for a fault. With ``domains`` (lower case, ASCII), only
    addresses in them match.
    """
    known = [
        re.escape(domain)
        for domain in sorted(domains)
        if domain and _with_a_dot(domain) == domain and len(domain) <= _LONGEST_DOMAIN
    ]
    # Where none of the domains is one, no name matches: (?!) matches nothing.
    domain = "|".join(known or ["(?!)"]) if domains else _USUAL_DOMAIN
    return re.compile(f"{_USUAL_LOCAL_PART}@(?:{domain})")


def is_plain(text: str) -> bool:
    """Tell whether ``text`` is of visible ASCII characters only, as nearly every address is."""
    return text.isascii() and text.isprintable() and " " not in text


def seen_by_eye(text: str) -> str:
    """Return ``text`` without the characters that cannot be seen."""
    if is_plain(text):
        return text
    return "".join(letter for letter in text[:EXAMINED] if kind_of(letter) is None)


def unseen_in(text: str) -> tuple[OddChar, ...]:
    """Find the characters of ``text`` that cannot be seen; ``%20`` is three that can."""
    if is_plain(text):
        return ()
    return tuple(char for char in odd_chars(text[:EXAMINED]) if not char.written)


def looks_like(text: str) -> str:
    """Return the same for texts that differ only in case or in what cannot be seen."""
    if is_plain(text):
        return text.lower()
    return unicodedata.normalize("NFC", seen_by_eye(text).casefold())


def domain_of(text: str) -> str:
    """Return the domain of an e-mail address in lower case and ASCII (RFC 5890 A-labels).

    It is empty where ``text`` is none of the internet, like ``jane`` and ``jane@laptop``. What
    cannot be seen does not count.
    """
    if len(text) > LONGEST_ADDRESS:
        return ""
    local, _, domain = seen_by_eye(text).rpartition("@")
    if not local or _NEVER_IN_A_LOCAL_PART.search(local):
        return ""
    return _with_a_dot(domain)


@lru_cache(maxsize=256)
def _with_a_dot(domain: str) -> str:
    name = host_name(domain)
    return name if "." in name else ""


def fault_of(user_name: str, domains: frozenset[str]) -> str:
    """Say why ngrok cannot work with a user name, as in ``is not an e-mail address``."""
    if usual_names(domains).fullmatch(user_name):
        return ""
    odd = unseen_in(user_name)
    if odd:
        return f"contains {named(odd)}"
    domain = domain_of(user_name)
    if not domain:
        return "is not an e-mail address"
    return "is outside the submitted domains" if domains and domain not in domains else ""


def shown(text: str) -> str:
    """Return a name or an id made visible and in quotation marks, cut where it is long."""
    if len(text) <= _SHOWN and is_plain(text):  # quickly, for nearly every address
        return f"“{text}”"
    seen = visible(text, _SHOWN)
    return f"“{seen if len(seen) <= 2 * _SHOWN else visible(text, _SHOWN_OF_ODD)}”"


def person(user_name: str, identifier: str) -> str:
    """Name a person: by the user name, or where there is none, by the id."""
    return shown(user_name) if user_name else f"{shown(identifier)} (no user name)"


# What makes a user name difficult in a filter: how it is called, and its characters in a pattern.
_DIFFICULT = {
    "a plus sign": "+",
    "a quotation mark": "\"'",
    "capitals": "A-Z",
    "letters beyond ASCII": "\x80-\U0010ffff",
}
_PATTERNS = {kind: re.compile(f"[{letters}]") for kind, letters in _DIFFICULT.items()}
_ANYTHING_DIFFICULT = re.compile(f"[{''.join(_DIFFICULT.values())}]")


def note_difficult(found: dict[str, str], users: Iterable[NgrokUser]) -> None:
    """Add to ``found`` the first user name of each kind that a server may trip over in a filter."""
    names = [user.user_name for user in users]
    # It is over quickly where nothing is new.
    if len(found) == len(_DIFFICULT) or not _ANYTHING_DIFFICULT.search(" ".join(names)):
        return
    for name in names:
        if len(name) <= LONGEST_ADDRESS:
            for kind, pattern in _PATTERNS.items():
                if kind not in found and pattern.search(name):
                    found[kind] = name
