"""The one redactor: it learns each secret that enters, and cleans each text that leaves.

ngrok repeats a refused credential in its error message, so every text may hold a secret, not only
those that we write. Hidden is the secret part of each known credential (plain, encoded, or in
pieces), and whatever has the shape of a credential although nobody told the redactor of it.
"""

from __future__ import annotations

import base64
import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import compress, count
from typing import Any, TypeVar, cast
from urllib.parse import quote

from ngrok_scim_cli.text.letters import LAST_ASCII, LETTERS, Reading, is_plain, readings_of

HIDDEN = "[redacted]"

# This many characters of a secret in a row are a piece of it; so are this many of its letters and
# digits, with other characters between them.
_PIECE = 8

# A text is first searched for pieces this short (n-grams), at a few places only: that is fast.
_GRAM = 4
_STEP = _PIECE - _GRAM + 1

# A longer text is no credential, and is never sent as one.
_LONGEST = 8192

# Case does not matter; letters outside ASCII stay, so that no text changes its length.
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

# Where a text was cut in the middle of a secret, this many letters are one; fewer can be a word.
_BEFORE_A_CUT = 5
# How servers and this program show that something was cut: … ... *** •••
_CUT_OFF = re.compile(r"…|\.\.\.+|\*\*\*+|•••+")

# Eight numbers or more in a row, each of two to four digits: bytes as Go's %v prints them
# ([55 83 101 …]), a dump (37 53 65 …), 0x37, or U+0037.
_NUMBERS = re.compile(
    r"(?=[0-9A-Fa-fU])(?<![0-9A-Za-z])"  # so that the rest is tried in few places
    r"(?:(?:0[xXoO]|U\+)?[0-9A-Fa-f]{2,4}(?:[^0-9A-Za-z]+|(?![0-9A-Za-z]))){8,}"
)
_NUMBER = re.compile(r"(?:0[xXoO]|U\+)?([0-9A-Fa-f]{2,4})")

# This many texts are searched at once, joined by line breaks, over which no secret is found.
_MANY = 500
_APART = "\n\n\n\n"

# A text shorter than this is cached with its result.
_SHORT = 200

# What people copy in front of a credential: ``export NGROK_API_KEY=``, ``Authorization: Bearer``,
# ``curl -H``, quotation marks, brackets, blanks.
_WRAPPING = re.compile(
    r"^(?:(?:export\s+)?[A-Za-z_]{3,40}\s*=|(?:curl\s+)?(?:-H|--header)[\s=]|Authorization\s*:|Bearer\b|Basic\b|Token\b|SSWS\b|[\s\"'`<>{}()\[\]])+",
    re.IGNORECASE,
)

# ngrok's credentials, ID_SECRET: the id may be shown. Okta's API tokens (00…) and access tokens
# (eyJ…) can hold an underscore too, and are secret as a whole.
_ID_AND_SECRET = re.compile(r"^(?!00|eyJ)[0-9A-Za-z]{15,}_(?P<secret>.+)$", re.DOTALL)

# Public texts. A "secret" that consists of them (a placeholder, a pasted URL) is not hidden.
_PUBLIC = (
    "https://api.ngrok.com/scim/v2/users?startindex=1&count=2 https://dashboard.ngrok.com/api-keys "
    "http header push new users push profile updates import groups "
    "ngrok_pat_ ngrok_scim_api_key ngrok_api_key ngrok_authtoken scim_api_key "
    "your_api_key your-api-key "
    "<api_key> <api key> {api key} <your api key> $ngrok_api_key ${ngrok_api_key} "
    "$ngrok_scim_api_key ${ngrok_scim_api_key} authorization: bearer authtoken unique_identifier "
    "\"authorization\" 'authorization'"
)

_SHAPES = (
    # ngrok's key and authtoken, FIRSTPART_SECONDPART: the second part.
    (re.compile(r"\b([0-9A-Za-z]{15,})_[0-9A-Za-z]{15,}\b"), r"\1_" + HIDDEN),
    # ngrok's access token.
    (re.compile(r"(ngrok_pat_)[0-9A-Za-z_-]{8,}"), r"\1" + HIDDEN),
    # Okta's API token: 42 characters, of which an object's id has 20.
    (re.compile(r"00(?<![0-9A-Za-z]00)[0-9A-Za-z_-]{40}(?![0-9A-Za-z_-])"), HIDDEN),
    # The value of an Authorization header: ``Bearer abc123``. It must hold a digit, so that the
    # words "Bearer authentication" stay.
    (
        re.compile(
            r"(?=[BTS])\b(Bearer|Basic|Token|SSWS)(\s+)(?=[^\s'\"]*\d)[0-9A-Za-z._~+/=-]{8,}",
            re.IGNORECASE,
        ),
        r"\1\2" + HIDDEN,
    ),
    # The password in a URL: ``//user:password@``.
    (re.compile(r"(://[^\s/?#@:\"'<>]*:)[^\s/?#@\"'<>]+@"), rf"\1{HIDDEN}@"),
    # What ngrok repeats in ERR_NGROK_201 to 208: ``Your credential: '…'``.
    (
        re.compile(
            r"(Your (?:credential|authentication|key)|Authorization Header): "
            r"(?!\[redacted\])(?:'[^'\n]*'|`[^`\n]*`|\"[^\"\n]*\"|[^\s'\"`]+)"
        ),
        r"\1: " + HIDDEN,
    ),
)

_Record = TypeVar("_Record")


class _Pieces:
    """All pieces of the known secrets, and a fast search for them in a text.

    A piece contains ``_STEP`` n-grams, each one place further on. Wherever the piece is in a text,
    exactly one of them begins at a multiple of ``_STEP``, so a search looks only there.
    """

    def __init__(self) -> None:
        self._pieces: set[str] = set()
        self._grams: set[str] = set()

    def learn(self, text: str) -> None:
        """Add the pieces of ``text``."""
        self._pieces.update(_slices(text, _PIECE))
        self._grams.update(_slices(text, _GRAM))

    def leave_out(self, text: str) -> None:
        """Take away the pieces of ``text``."""
        self._pieces.difference_update(_slices(text, _PIECE))

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where ``text`` holds a piece, in ascending order."""
        places = range(0, len(text) - _GRAM + 1, _STEP)
        for place in compress(places, map(self._grams.__contains__, _slices(text, _GRAM, _STEP))):
            for start in range(max(0, place - _STEP + 1), place + 1):
                if text[start : start + _PIECE] in self._pieces:
                    yield start, start + _PIECE


class Redactor:
    """Hides the secrets that it learned, and what looks like one."""

    def __init__(self) -> None:
        self._start_anew()
        # Most of what is printed repeats: field names, codes, hosts. A cached result is valid only
        # for the secrets known at that time: another thread may learn one meanwhile.
        self._remembered = lru_cache(1000)(lambda text, _times_learned: self._redact(text))
        self._times_learned = 0

    def _start_anew(self) -> None:
        self._learned: set[str] = set()
        self._letters = _Pieces()  # of the letters and digits of what was learned
        self._pieces = _Pieces()  # of what has other characters, too, as it is written
        self._whole: set[str] = set()  # the letters and digits of each secret

    def learn(self, secret: str) -> None:
        """Remember ``secret`` as it was typed; stray characters around and in it do not matter."""
        core = _core(secret)[:_LONGEST]
        if core in self._learned:  # each source of a value calls this
            return
        self._learned.add(core)
        self._whole.update(reading.letters().text for reading in readings_of(core))
        for form in set(_written_forms(core)):
            if not (form.isascii() and form.isalnum()):
                self._pieces.learn(form.translate(_LOWER))
            for reading in readings_of(form):
                self._letters.learn(reading.letters().text)
        self._pieces.leave_out(_PUBLIC)
        self._letters.leave_out(_PUBLIC.translate(LETTERS))
        self._times_learned += 1

    def forget(self) -> None:
        """Forget every secret."""
        self._remembered.cache_clear()
        self._start_anew()

    def redact(self, text: str) -> str:
        """Return ``text`` without any known secret, whole or in part, and without look-alikes."""
        times = self._times_learned
        return self._remembered(text, times) if len(text) < _SHORT else self._redact(text)

    def _redact(self, text: str) -> str:
        for pattern, replacement in _SHAPES:
            text = pattern.sub(replacement, text)
        return _cut(text, sorted(self._find(text))) if self._learned else text

    def _find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where ``text`` holds a secret: plain, escaped, scattered, cut, or as numbers."""
        yield from self._pieces.find(text.translate(_LOWER))
        if (
            is_plain(text)
            and not _CUT_OFF.search(text)
            and not _NUMBERS.search(text)
            and not any(self._letters.find(text.translate(LETTERS)))
        ):
            return
        for reading in readings_of(text):
            letters = reading.letters()
            for at, stop in self._letters.find(letters.text):
                yield letters.starts[at], letters.ends[stop - 1]
            for first, last in self._beside_a_cut(reading, letters):
                yield letters.starts[first], letters.ends[last]
            for first, last in self._in_numbers(reading.text):
                yield reading.starts[first], reading.ends[last]

    def _beside_a_cut(self, reading: Reading, letters: Reading) -> Iterator[tuple[int, int]]:
        """Yield what is left of a secret where a text was cut: its first and its last letter."""
        for cut in _CUT_OFF.finditer(reading.text) if letters.text else ():
            before = bisect_right(letters.ends, reading.starts[cut.start()])
            behind = bisect_left(letters.starts, reading.ends[cut.end() - 1])
            for length in range(_BEFORE_A_CUT, _PIECE):
                for first in (before - length, behind):
                    piece = letters.text[max(0, first) : first + length]
                    is_secret = piece not in _PUBLIC and any(piece in one for one in self._whole)
                    if len(piece) == length and is_secret:
                        yield first, first + length - 1

    def _in_numbers(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where numbers are the character codes of a secret, in any base."""
        for numbers in _NUMBERS.finditer(text):
            found = list(_NUMBER.finditer(text, *numbers.span()))
            for base in (10, 16, 8):
                try:
                    codes = [int(number[1], base) for number in found]
                except ValueError:
                    continue
                spelled = "".join(chr(code) if code < LAST_ASCII else " " for code in codes)
                if any(self._letters.find(spelled.translate(LETTERS))):
                    yield found[0].start(), found[-1].end() - 1

    def clean(self, record: _Record) -> _Record:
        """Return ``record`` with every text in it redacted.

        It is a text, or a dataclass, mapping, list or tuple that holds texts at any depth.
        """
        value: Any = record
        if type(value) is str:
            value = self.redact(value)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [item.name for item in dataclasses.fields(value)]
            texts = {name: self.clean(getattr(value, name)) for name in names}
            value = dataclasses.replace(value, **texts)
        elif isinstance(value, dict):
            value = {self.clean(key): self.clean(item) for key, item in value.items()}
        elif isinstance(value, tuple):
            make = getattr(value, "_make", tuple)  # a named tuple stays one
            value = make(self._clean_many(value))
        elif isinstance(value, list):
            value = [self.clean(item) for item in value]
        return cast("_Record", value)

    def _clean_many(self, values: tuple[object, ...]) -> Iterator[object]:
        """Yield each of ``values`` redacted; many texts without a secret are checked at once."""
        for start in range(0, len(values), _MANY):
            some = values[start : start + _MANY]
            texts = [item for item in some if type(item) is str]
            together = _APART.join(texts) if len(texts) == _MANY else ""
            are_clean = together and self.redact(together) == together
            yield from some if are_clean else map(self.clean, some)


def _core(secret: str) -> str:
    """Return the part of a pasted credential that must stay secret."""
    bare = _WRAPPING.sub("", secret)
    visible = "".join(letter for letter in bare if "!" <= letter <= "~").strip("\"'`<>{}()[]")
    if len(visible) < len(bare) // 2:  # mostly letters outside ASCII: hide it as it is
        visible = bare.strip()
    matched = _ID_AND_SECRET.match(visible)
    return matched["secret"] if matched else visible


def _written_forms(core: str) -> Iterator[str]:
    """Yield ``core`` as it may be repeated: reversed, escaped, in a URL, in base16, 32 or 64.

    Some servers change the case of a credential before they encode it.
    """
    if not core:
        return
    yield core
    yield core[::-1]
    yield quote(core, safe="", errors="replace")
    raw = core.encode("utf-8", "surrogatepass")
    yield ascii(core)[1:-1]
    for folded in {raw, raw.lower(), raw.upper()}:
        yield folded.hex()
        yield from _encoded(folded, base64.b32encode, 5, group=5)
        yield from _encoded(folded, base64.b64encode, 6, group=3)
        yield from _encoded(folded, base64.urlsafe_b64encode, 6, group=3)


def _encoded(
    raw: bytes, encode: Callable[[bytes], bytes], bits: int, *, group: int
) -> Iterator[str]:
    """Yield ``raw`` encoded, as part of a longer text, for each place in a group of bytes.

    Letters at both ends that also depend on the text around it are left out.
    """
    for shift in range(group):
        first = -(-8 * shift // bits)
        whole = 8 * (shift + len(raw)) // bits
        yield encode(b"\0" * shift + raw).decode()[first:whole]


def _slices(text: str, length: int, step: int = 1) -> Iterator[str]:
    """Return the pieces of ``text`` that begin at each place, or at each ``step``-th one."""
    # Every output passes here, so there is no loop in Python.
    return map(text.__getitem__, map(slice, count(0, step), range(length, len(text) + 1, step)))


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    """Replace ``spans``, which are in ascending order, by ``HIDDEN``; those that touch, by one."""
    kept: list[str] = []
    end = 0
    for start, stop in spans:
        if start > end or not kept:
            kept += [text[end:start], HIDDEN]
        end = max(end, stop)
    kept.append(text[end:])
    return "".join(kept)


redactor = Redactor()
