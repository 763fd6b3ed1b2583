"""E-mail addresses and names of people, cut down to what a support ticket may show.

Others read the ticket, so this rather hides too much: ``a***@corp.com`` replaces whatever was in
front of the last ``@``, and of a name the first letter is left.
"""

import re

from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

# Addresses that anybody may write to.
_PUBLIC = frozenset({"support@ngrok.com"})

_MASK = "***"

# Other ways to write an @; as %40 it stays, as in a URL.
_SPELLINGS_OF_AT = lazy_pattern(
    "\N{FULLWIDTH COMMERCIAL AT}|\N{SMALL COMMERCIAL AT}"
    r"|\\u0040|\\x40|&#0*64;|&#x0*40;|&commat;",
    re.IGNORECASE,
)

# No quantifier here is a possessive one: Python before 3.11.5, Debian 12's, matches those wrongly.
# Each run ends at a letter that is not in it, so that there is nothing to try again.

# RFC 5321 section 4.1.2 and RFC 6531: atoms with dots between them, or a quoted string. In JSON the
# quotes have a backslash in front.
_SPECIALS = r'\s\x00-\x20\x7f"(),:;<>@\[\]\\“”„«»'
_ATOM = rf"(?<![^{_SPECIALS}])[^{_SPECIALS}]+"
_QUOTED = (
    r'\\"(?!\\")[^"\\\r\n]*(?:\\[^"\r\n][^"\\\r\n]*)*\\"'
    r'|(?<!\\)"(?!")[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"'
)
_DOMAIN = rf"[^{_SPECIALS}/?#&='`{{|}}]+|\[[^\]\s]*\]?"
_PLAIN = lazy_pattern(rf"(?P<local>{_QUOTED}|{_ATOM})(?P<at>@)(?P<domain>{_DOMAIN})")

# The same in a URL: what ends an address there is encoded, like the quote as %22.
_ENDS = r"[01].|2[0289C]|3[ABCE]|40|5[BCD]|7F"
_UNENCODED = r"[^\x00-\x20\x7f\"#%&(),/:;<=>?@\[\]\\^`{|}]"
_ENCODED_OTHERS = rf"%(?:25)*(?!25|{_ENDS})[0-9A-F]{{2}}{_UNENCODED}*"
_ENCODED_ATOM = rf"(?:{_UNENCODED}+|{_ENCODED_OTHERS})(?:{_ENCODED_OTHERS})*"
_ENCODED_START = (
    rf"(?:(?<!{_UNENCODED})(?<!%)"
    r"|(?<=%[01][0-9A-F])|(?<=%2[0289C])|(?<=%3[ABCE])|(?<=%5[BCD]))"
)
_ENCODED = lazy_pattern(
    rf"(?P<local>%22(?:(?!%22)[^\s\"&])+%22|{_ENCODED_START}{_ENCODED_ATOM})"
    r"(?P<at>%(?:25)*40)(?P<domain>[\w.%-]*)",
    re.IGNORECASE,
)

# What a filter compares with (RFC 7644 section 3.4.2.2), plain or as in a URL.
_COMPARED = lazy_pattern(
    r"(?P<before>(?:\b|(?<=%20))eq(?:\s|%20|\+)+)"
    r'(?:"(?P<plain>[^"\\]*(?:\\.[^"\\]*)*)|%22(?P<encoded>(?:%5C%22|(?!%22)[^\s"&])*))',
    re.IGNORECASE,
)

# The attributes of a user that tell who it is (RFC 7643 section 4.1). "value" is that of an e-mail
# address or a telephone number. The end of the text may cut the last one off.
_ATTRIBUTES = (
    "userName|displayName|nickName|formatted|familyName|givenName|middleName|honorificPrefix"
    "|honorificSuffix|display|value|streetAddress|postalCode|employeeNumber|profileUrl"
    # The same in Okta's words (https://developer.okta.com/docs/api/openapi/okta-management/).
    "|firstName|lastName|login|email|secondEmail|mobilePhone|primaryPhone|homePhone|phoneNumber"
    "|zipCode|city|locality|ipAddress"
)
_PERSONAL = lazy_pattern(
    rf'(?P<before>"(?:{_ATTRIBUTES})"\s*:\s*)"(?P<value>[^"\\]*(?:\\.[^"\\]*)*)',
    re.IGNORECASE,
)

# An IPv4 address, or an IPv6 address with four groups or more.
_IP_ADDRESS = lazy_pattern(
    r"(?<![\w.])(\d{1,3}\.)(?:\d{1,3}\.){2}\d{1,3}(?![\w.]*\d)"
    r"|(?<![\w:])([0-9a-f]{1,4}:)(?:[0-9a-f]{0,4}:){2,6}[0-9a-f]{0,4}(?![\w:])",
    re.IGNORECASE,
)

_BETWEEN_QUOTES = lazy_pattern("(?<=“)[^“”]*(?=”)")


def masked(text: str, names: frozenset[str] = frozenset()) -> str:
    """Return ``text`` with its e-mail addresses and names of people masked.

    ``names`` are hidden where they are in typographic quotes, as in our own messages.
    """
    text = _SPELLINGS_OF_AT.sub("@", text)
    # To compile a pattern takes longer than most texts; each finds nothing without these letters.
    if '"' in text:
        text = _PERSONAL.sub(lambda item: f'{item["before"]}"{_masked_name(item["value"])}', text)
    text = _COMPARED.sub(_masked_comparison, text)
    if "@" in text:
        text = _PLAIN.sub(_masked_address, text)
    if "40" in text:
        text = _ENCODED.sub(_masked_address, text)
    return _BETWEEN_QUOTES.sub(
        lambda found: _masked_name(found[0]) if found[0] in names else found[0], text
    )


def without_addresses(text: str) -> str:
    """Return ``text`` with its IP addresses masked: in a reply they may be those of people."""
    return _IP_ADDRESS.sub(lambda found: (found[1] or found[2]) + _MASK, text)


def _masked_address(found: re.Match[str]) -> str:
    if found[0].rstrip(".").lower() in _PUBLIC:
        return found[0]
    return _initial(found["local"]) + _MASK + found["at"] + found["domain"]


def _masked_comparison(found: re.Match[str]) -> str:
    if found["plain"] is not None:
        return f'{found["before"]}"{_masked_name(found["plain"])}'
    return f"{found['before']}%22{_masked_name(found['encoded'])}"


def _masked_name(name: str) -> str:
    """Return the first letter of ``name``; of an e-mail address the domain, too."""
    if not name or name.startswith(_MASK, 1):
        return name
    cuts = list(re.finditer(r"@|%(?:25)*40", name))
    cut = cuts[-1] if cuts else None
    if not cut or not re.fullmatch(r"[\w.%-]+", name[cut.end() :]):
        return _initial(name) + _MASK
    return _initial(name[: cut.start()]) + _MASK + name[cut.start() :]


def _initial(local: str) -> str:
    """Return the first letter, where that is one and no part of an escape."""
    letter = re.match(r'(?:\\?"|%5C|%22)*(\w)', local, re.IGNORECASE)
    return letter[1] if letter else ""
