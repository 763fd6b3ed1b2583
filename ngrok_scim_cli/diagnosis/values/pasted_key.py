"""Takes apart what was pasted as the key. What it returns holds the secret; no text of it does."""

import re
from dataclasses import dataclass, field

from ngrok_scim_cli.text.characters import EXAMINED, Kind, odd_spots
from ngrok_scim_cli.text.confusables import fold_in_place
from ngrok_scim_cli.text.strip import (
    OTHER_TEXT,
    Cut,
    Peeled,
    closing_mark,
    opening_mark,
    peel,
)

PREFIXED = "KEY205"
WRAPPED = "KEY206"
ASSIGNED = "KEY212"

# The shape of ngrok's keys and authtokens, old and new. Nothing else is known for certain, and
# secret scanners' patterns refuse what is made today.
SHAPE = re.compile(r"[0-9A-Za-z]{15,}_[0-9A-Za-z]{15,}")
SHAPE_OF_TODAY = re.compile(r"[0-9A-Za-z]{27}_[0-9A-Za-z]{21}")
_KEY_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z_])(?:ak_)?([0-9A-Za-z]{27}_[0-9A-Za-z]{21})(?![0-9A-Za-z_])"
)
# What a screenshot, markdown, a URL or an e-mail makes of the underscore between the halves.
_LOST_UNDERSCORE = re.compile(
    r"([0-9A-Za-z]{27})(?:\\_|[%=]5[Ff]|&#95;|&lowbar;|__|[-.~]?)([0-9A-Za-z]{21})"
)
# What the byte-order mark of a file becomes where the file is not read as UTF-8.
LATIN_1_BYTE_ORDER_MARK = "ï»¿"

# A key that was wrapped falls into fewer pieces, or they make a key when they are put together.
_WORDS_OF_A_SENTENCE = 3

_WORDS = {
    "bearer": "Bearer",
    "token": "Token",
    "basic": "Basic",
    "ssws": "SSWS",
    "digest": "Digest",
    "apikey": "ApiKey",
    "api-key": "Api-Key",
    "authorization": "Authorization:",
    "proxy-authorization": "Proxy-Authorization:",
    "x-api-key": "X-Api-Key:",
}
# Those that are a prefix even where nothing stands behind them.
_SCHEMES = ("Bearer", "Basic", "Authorization:")
_PREFIX = re.compile("(" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")", re.IGNORECASE)
_ESCAPE = "\x1b"
_SEPARATORS = " \t\r\n\v\f:="
_ASSIGNMENT = re.compile(
    r"""(?:(?:export|set|setx|env)\s+|\$env:)?
        (?P<quote>["']?)(?P<name>[A-Za-z][A-Za-z0-9_.\x20-]{1,60}?)(?P=quote)
        [ \t]*(?:=|:(?!//))\s*""",
    re.VERBOSE,
)
_NAME_OF_A_KEY = re.compile(r"key|token|secret|credential|password|auth|ngrok", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PastedKey:
    """What stands in the field ``Authorization``.

    Attributes:
        typed: all of it, letter for letter. Left out of ``repr``, as is everything below it.
        peeled: the key, and what stands around it.
        letters: the key without what cannot be seen.
    """

    typed: str = field(repr=False)
    peeled: Peeled = field(repr=False)
    letters: str = field(repr=False)

    @property
    def is_too_long(self) -> bool:
        """Whether it was not examined to its end."""
        return len(self.typed) > EXAMINED

    @property
    def has_the_shape(self) -> bool:
        """Whether the letters have the shape of an ngrok key."""
        return SHAPE.fullmatch(self.letters) is not None

    @property
    def with_its_underscore(self) -> str:
        """The key, if nothing but the underscore between its halves is wrong; else empty."""
        halves = None if self.has_the_shape else _LOST_UNDERSCORE.fullmatch(self.letters)
        return f"{halves[1]}_{halves[2]}" if halves else ""

    @property
    def keys(self) -> int:
        """How many different keys there are in it, letter for letter."""
        return len(set(_KEY_IN_TEXT.findall(self.peeled.text)))

    @property
    def is_a_sentence(self) -> bool:
        """Whether it is several words that are no key, also when they are put together."""
        words = self.peeled.text[self.peeled.start : self.peeled.end].split()
        is_a_key = self.has_the_shape or self.with_its_underscore
        return len(words) >= _WORDS_OF_A_SENTENCE and not is_a_key

    @property
    def behind_its_name(self) -> str:
        """What stands behind a prefix or a name, wrapped as it is."""
        cuts = (*self.peeled.cuts_of(PREFIXED), *self.peeled.cuts_of(ASSIGNED))
        return self.peeled.text[max((cut.end for cut in cuts), default=0) :].strip()

    @property
    def is_bracketed(self) -> bool:
        """Whether there are brackets around it."""
        return any(cut.name == "brackets" for cut in self.peeled.cuts_of(WRAPPED))

    @property
    def is_utf_16(self) -> bool:
        """Whether it is UTF-16 that was read byte by byte: every other character is U+0000."""
        nulls = sum(
            spot.count for spot in self.peeled.of_kind(Kind.CONTROL) if spot.character == "\0"
        )
        return 3 * nulls >= len(self.peeled.text) > 3  # noqa: PLR2004 - a few letters tell nothing


def read_key(typed: str) -> PastedKey:
    """Take apart what was pasted as the key.

    Args:
        typed: what stands in Okta's field; its first ``EXAMINED`` characters are looked at.
    """
    text = typed[:EXAMINED]
    spots = odd_spots(text, escapes=True)
    # Offsets stay the same, so that a word in look-alike letters is found where it stands.
    plain = fold_in_place(text)

    def cut_prefix(_: str, start: int, end: int) -> tuple[Cut, ...]:
        return _prefix(plain, start, end) or _assignment(plain, start, end)

    def cut_opening(_: str, start: int, end: int) -> tuple[Cut, ...]:
        return _opening(text, start, end)

    def cut_closing(_: str, start: int, end: int) -> tuple[Cut, ...]:
        return _closing(text, start, end)

    peeled = peel(text, spots, cut_prefix, cut_opening, cut_closing, _other_text)
    return PastedKey(typed, peeled, peeled.letters())


def _prefix(text: str, start: int, end: int) -> tuple[Cut, ...]:
    """Cut a word that Okta or a command line puts in front of a key."""
    match = _PREFIX.match(text, start, end)
    if match is None:
        return ()
    name = _WORDS[match[1].lower()]
    stop = match.end()
    while stop < end and text[stop] in _SEPARATORS:
        stop += 1
    if stop == end:
        return (Cut(PREFIXED, start, stop, name),) if name in _SCHEMES else ()
    behind = text[match.end()]
    apart = stop > match.end() or behind in "\"'`<{[($%" or not "!" <= behind <= "~"
    if apart or SHAPE_OF_TODAY.fullmatch(text, stop, end):
        return (Cut(PREFIXED, start, stop, name),)
    return ()


def _assignment(text: str, start: int, end: int) -> tuple[Cut, ...]:
    """Cut the name of a variable or of a setting in front of a key."""
    match = _ASSIGNMENT.match(text, start, end)
    if match is None or not _NAME_OF_A_KEY.search(match["name"]):
        return ()
    return (Cut(ASSIGNED, start, match.end(), "a name"),)


def _opening(text: str, start: int, end: int) -> tuple[Cut, ...]:
    if start < end and text[start] == ">":
        return (Cut(WRAPPED, start, start + 1, "a mark of citation"),)
    # Behind ESC, a bracket is no bracket but tells a terminal a colour.
    if start > 0 and text[start - 1] == _ESCAPE:
        return ()
    return opening_mark(WRAPPED, text, start, end)


def _closing(text: str, start: int, end: int) -> tuple[Cut, ...]:
    if end - start > 1 and text[end - 1] in ",;." and text[end - 2] != ".":
        return (Cut(WRAPPED, end - 1, end, "punctuation"),)
    return closing_mark(WRAPPED, text, start, end)


def _other_text(text: str, start: int, end: int) -> tuple[Cut, ...]:
    """Cut what stands around the one key in a command, a row of a table, a sentence."""
    middle = (start + end) // 2
    if SHAPE_OF_TODAY.fullmatch(text, start, middle) and text[start:middle] == text[middle:end]:
        return (Cut(WRAPPED, middle, end, OTHER_TEXT),)
    found = list(_KEY_IN_TEXT.finditer(text, start, end))
    if len({match[1] for match in found}) != 1:
        return ()
    first, last = found[0].span(1)
    rest = text[start:first] + text[last:end]
    is_a_letter = len(rest) == 1 and not rest.isascii()
    if is_a_letter or rest.startswith(LATIN_1_BYTE_ORDER_MARK):  # named as KEY213
        return ()
    cuts = (Cut(WRAPPED, start, first, OTHER_TEXT), Cut(WRAPPED, last, end, OTHER_TEXT))
    return tuple(cut for cut in cuts if cut.start < cut.end)
