"""The one redactor: told of each secret when it enters, asked for each text that leaves.

ngrok repeats a refused credential in its error message, so every text is suspect, not only those
that we write. What is hidden is the secret part of each known credential, plain or encoded and
also in pieces, and whatever has the shape of a credential although nobody told us of it.
"""

import base64
import dataclasses
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, cast
from unicodedata import normalize
from urllib.parse import quote

HIDDEN = "[redacted]"

# A run of this many characters of a secret is taken for a piece of it.
_PIECE = 8

# What is longer is no credential, and is not sent as one.
_LONGEST = 8192

# Case does not matter; letters outside ASCII stay, so that no text changes its length.
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

# So many letters of a secret in a row, with anything in between, are taken for it.
_SCATTERED = 12
_LAST_ASCII = 128
_CHARACTER = re.compile(
    r"⟨U\+[0-9A-F]{4,6}⟩|<U\+[0-9A-F]{4,6}>"
    r"|[%=](?P<hex>[0-9A-Fa-f]{2})|\\x(?P<escaped>[0-9A-Fa-f]{2})"
    r"|(?:\\u|&#[xX])(?P<unicode>[0-9A-Fa-f]{2,4});?|&#(?P<decimal>\d{2,3});?|.",
    re.DOTALL,
)

# What stands around a pasted credential and is no secret.
_WRAPPING = re.compile(
    r"^(?:(?:export\s+)?[A-Za-z_]{3,40}\s*=|Authorization\s*:|Bearer\b|Basic\b|Token\b|SSWS\b|[\s\"'`<>{}()\[\]])+",
    re.IGNORECASE,
)

# An ngrok credential: the part before the underscore is the id of the key and may be shown. Okta's
# API tokens (00…) and access tokens (eyJ…) may hold an underscore, too, and are secret as a whole.
_ID_AND_SECRET = re.compile(r"^(?!00|eyJ)[0-9A-Za-z]{15,}_(?P<secret>.+)$", re.DOTALL)

# Words that anybody may print; a "secret" made of them (a placeholder, a pasted URL) is none.
_PUBLIC = (
    "https://api.ngrok.com/scim/v2/users?startindex=1&count=2 https://dashboard.ngrok.com/api-keys "
    "http header push new users push profile updates import groups "
    "ngrok_scim_api_key ngrok_api_key ngrok_authtoken scim_api_key your_api_key your-api-key "
    "<api_key> <api key> {api key} <your api key> $ngrok_api_key ${ngrok_api_key} "
    "$ngrok_scim_api_key ${ngrok_scim_api_key} authorization: bearer authtoken unique_identifier"
)

_SHAPES = (
    # ngrok's key and authtoken: FIRSTPART_SECONDPART.
    (re.compile(r"\b([0-9A-Za-z]{15,})_[0-9A-Za-z]{15,}\b"), r"\1_" + HIDDEN),
    # An Authorization header's value. A digit is asked for, so that prose stays prose.
    (
        re.compile(
            r"\b(Bearer|Basic|Token|SSWS)(\s+)(?=[^\s'\"]*\d)[0-9A-Za-z._~+/=-]{8,}", re.IGNORECASE
        ),
        r"\1\2" + HIDDEN,
    ),
    # The slots of ERR_NGROK_201 to 208 in which ngrok repeats what it was sent.
    (
        re.compile(
            r"(Your (?:credential|authentication|key)|Authorization Header): "
            r"(?!\[redacted\])(?:'[^'\n]*'|`[^`\n]*`|\"[^\"\n]*\"|[^\s'\"`]+)"
        ),
        r"\1: " + HIDDEN,
    ),
)

_Record = TypeVar("_Record")


class Redactor:
    """Hides the secrets that it was told of, and what looks like one."""

    def __init__(self) -> None:
        self._pieces: set[str] = set()
        self._skeletons: set[str] = set()

    def learn(self, secret: str) -> None:
        """Remember ``secret``, as it was typed; dirt around and inside it does not matter."""
        known = _skeleton(_PUBLIC).letters
        for form in set(_written_forms(_core(secret)[:_LONGEST])):
            for piece in _runs(form.translate(_LOWER), _PIECE):
                if piece not in _PUBLIC:
                    self._pieces.add(piece)
            for run in _runs(_skeleton(form).letters, _SCATTERED):
                if run not in known:
                    self._skeletons.add(run)

    def forget(self) -> None:
        """Forget every secret."""
        self._pieces.clear()
        self._skeletons.clear()

    def redact(self, text: str) -> str:
        """Return ``text`` without any known secret, whole or in part, and without look-alikes."""
        for pattern, replacement in _SHAPES:
            text = pattern.sub(replacement, text)
        if not self._pieces:
            return text
        lowered = text.translate(_LOWER)
        starts = range(len(lowered) - _PIECE + 1)
        spans = [(at, at + _PIECE) for at in starts if lowered[at : at + _PIECE] in self._pieces]
        return _cut(text, sorted(spans + self._scattered(text)))

    def _scattered(self, text: str) -> list[tuple[int, int]]:
        """Return where a secret stands with other characters in between, or each one escaped."""
        skeleton = _skeleton(text)
        letters = skeleton.letters
        return [
            (skeleton.starts[at], skeleton.ends[at + _SCATTERED - 1])
            for at in range(len(letters) - _SCATTERED + 1)
            if letters[at : at + _SCATTERED] in self._skeletons
        ]

    def clean(self, record: _Record) -> _Record:
        """Return ``record`` with every text in it redacted.

        Args:
            record: a text, or a dataclass, mapping, list or tuple that holds texts at any depth.
        """
        return cast("_Record", self._clean(record))

    def _clean(self, value: object) -> object:
        if isinstance(value, str):
            return self.redact(value) if type(value) is str else value
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [item.name for item in dataclasses.fields(value)]
            return dataclasses.replace(
                value, **{name: self._clean(getattr(value, name)) for name in names}
            )
        if isinstance(value, dict):
            return {key: self._clean(item) for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(self._clean(item) for item in value)
        if isinstance(value, list):
            return [self._clean(item) for item in value]
        return value


def _core(secret: str) -> str:
    """Return the part of a pasted credential that must stay secret."""
    bare = _WRAPPING.sub("", secret)
    visible = "".join(letter for letter in bare if "!" <= letter <= "~").strip("\"'`<>{}()[]")
    if len(visible) < len(bare) // 2:  # mostly letters outside ASCII: hide it as it stands
        visible = bare.strip()
    matched = _ID_AND_SECRET.match(visible)
    return matched["secret"] if matched else visible


def _written_forms(core: str) -> Iterator[str]:
    if not core:
        return
    yield core
    yield core[::-1]
    yield quote(core, safe="", errors="replace")
    raw = core.encode("utf-8", "surrogatepass")
    yield raw.hex()
    yield ascii(core)[1:-1]
    yield from _encoded(raw, base64.b32encode, 5, group=5)
    yield from _encoded(raw, base64.b64encode, 6, group=3)
    yield from _encoded(raw, base64.urlsafe_b64encode, 6, group=3)


def _encoded(
    raw: bytes, encode: Callable[[bytes], bytes], bits: int, *, group: int
) -> Iterator[str]:
    """Yield ``raw`` as it comes out of ``encode``, wherever it starts within a group of bytes.

    The letters that also depend on what stands next to it are cut off.
    """
    for shift in range(group):
        first = -(-8 * shift // bits)
        whole = 8 * (shift + len(raw)) // bits
        yield encode(b"\0" * shift + raw).decode()[first:whole]


def _runs(text: str, length: int) -> Iterator[str]:
    return (text[start : start + length] for start in range(len(text) - length + 1))


@dataclasses.dataclass(frozen=True, slots=True)
class _Skeleton:
    """The letters and digits of a text in lower case, and where each one begins and ends in it."""

    letters: str
    starts: Sequence[int]
    ends: Sequence[int]


def _skeleton(text: str) -> _Skeleton:
    r"""Return the ASCII letters and digits of ``text``.

    What stands for a character (``%41``, ``&#65;``, ``\u0041``) counts as that one, a letter in
    another form (full width, mathematical) as the plain one, and what output shows for an
    invisible character (``⟨U+200B⟩``) as nothing.
    """
    letters: list[str] = []
    starts, ends = array("Q"), array("Q")  # a list would take ten times as much for a long text
    for match in _CHARACTER.finditer(text):
        plain = _plain(match)
        if len(plain) == 1 and plain.isascii() and plain.isalnum():
            letters.append(plain)
            starts.append(match.start())
            ends.append(match.end())
    return _Skeleton("".join(letters).lower(), starts, ends)


def _plain(match: re.Match[str]) -> str:
    written = match[0]
    if len(written) == 1:
        return written if written.isascii() else normalize("NFKC", written)
    number = match["hex"] or match["escaped"] or match["unicode"]
    code = int(number, 16) if number else int(match["decimal"] or 0)
    return chr(code) if code < _LAST_ASCII else ""


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    """Replace the union of ``spans`` (in ascending order) by ``HIDDEN``, runs of them by one."""
    kept: list[str] = []
    end = 0
    for start, stop in spans:
        if start > end or not kept:
            kept += [text[end:start], HIDDEN]
        end = max(end, stop)
    kept.append(text[end:])
    return "".join(kept)


redactor = Redactor()
