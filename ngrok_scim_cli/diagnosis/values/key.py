"""Parses the pasted key, and reads its id and age without the network.

What ``read_key`` returns contains the secret, but no text of it does.
"""

import base64
import binascii
import re
import string
from datetime import UTC, datetime
from functools import partial

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
from ngrok_scim_cli.diagnosis.values.placeholders import is_masked, is_placeholder, is_variable
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import EXAMINED, Kind, OddChar, odd_chars
from ngrok_scim_cli.text.confusables import fold_in_place
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

PREFIXED = "KEY205"
ASSIGNED = "KEY212"

# The shape of ngrok's keys and authtokens, old and new. Nothing else is known for certain, and
# secret scanners' patterns refuse what is made today.
_SHAPE = lazy_pattern(r"[0-9A-Za-z]{15,}_[0-9A-Za-z]{15,}")
_SHAPE_OF_TODAY = lazy_pattern(r"[0-9A-Za-z]{27}_[0-9A-Za-z]{21}")
_KEY_IN_TEXT = lazy_pattern(
    r"(?<![0-9A-Za-z_])(?:ak_)?([0-9A-Za-z]{27}_[0-9A-Za-z]{21})(?![0-9A-Za-z_])"
)
_ID_IN_TEXT = lazy_pattern(r"(?<![0-9A-Za-z])ak_[0-9A-Za-z]{27}(?![0-9A-Za-z_])")
# What a screenshot, markdown, a URL or an e-mail makes of the underscore between the halves.
_LOST_UNDERSCORE = lazy_pattern(
    r"([0-9A-Za-z]{27})(?:\\_|[%=]5[Ff]|\\u005[Ff]|&#95;|&lowbar;|__|[-.~]?)([0-9A-Za-z]{21})"
)
ACCESS_TOKEN = "ngrok_pat_"  # noqa: S105 - how one begins
_BASE64 = lazy_pattern(r"[0-9A-Za-z+/]{60,120}={0,2}")

# A key that was wrapped falls into fewer pieces, or they make a key when they are put together.
_WORDS_OF_A_SENTENCE = 3
_SOFT_BREAK = lazy_pattern(r"[=\\-]?(?<![ \t])[ \t]*\r?\n\s*")
# Lines as an editor or a listing numbers them.
_NUMBERED = lazy_pattern(r"(?:\d{1,3}[.):|]?[ \t]+\S+\s*){2,}")
_NUMBER_OF_A_LINE = lazy_pattern(r"^\d{1,3}[.):|]?[ \t]+", re.MULTILINE)

_NAMES = (
    "Bearer Token Basic SSWS Digest ApiKey Api-Key Authorization: Proxy-Authorization: X-Api-Key:"
)
_WORDS = {name.rstrip(":").lower(): name for name in _NAMES.split()}
_SEPARATORS = r"[ \t\r\n\v\f:=+]"
# Some are a prefix even where nothing follows them; others where a key does, or what is apart.
_PREFIX = lazy_pattern(
    rf"""(bearer|basic|authorization){_SEPARATORS}*\Z
      | ({"|".join(sorted(_WORDS, key=len, reverse=True))})
        (?: {_SEPARATORS}++(?=.) | (?=["'`<{{\[($%] | (?!{_SEPARATORS})[^!-~])
          | (?=[0-9A-Z]{{27}}_[0-9A-Z]{{21}}\Z) )
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_ASSIGNMENT = lazy_pattern(
    r"""(?:(?:export|set|setx|env)\s+|\$env:)?
        (?P<quote>["']?)(?P<name>[A-Za-z][A-Za-z0-9_.\x20-]{1,60}?)(?P=quote)
        [ \t]*(?:=|:(?!//))\s*""",
    re.VERBOSE,
)
_NAME_OF_A_KEY = lazy_pattern(r"key|token|secret|credential|password|auth|ngrok", re.IGNORECASE)
_CALLED_AUTHTOKEN = lazy_pattern(r"auth_?token\W*$", re.IGNORECASE)
_CALLED_API_KEY = lazy_pattern(r"api_?key\W*$", re.IGNORECASE)
_PERCENT_ENCODED = lazy_pattern(r"%[0-9A-Fa-f]{2}")
_LETTERS_AND_BLANKS = lazy_pattern(r"[A-Za-z _.-]+")


@dataclass(frozen=True, slots=True)
class PastedKey(Pasted):
    """The content of the field ``Authorization``."""

    @property
    def has_the_shape(self) -> bool:
        """Whether the letters have the shape of an ngrok key."""
        return _SHAPE.fullmatch(self.value) is not None

    @property
    def with_its_underscore(self) -> str:
        """The key, if nothing but the underscore between its halves is wrong; else empty."""
        halves = None if self.has_the_shape else _LOST_UNDERSCORE.fullmatch(self.value)
        return f"{halves[1]}_{halves[2]}" if halves else ""

    @property
    def is_a_key(self) -> bool:
        """Whether it is one, but for the underscore between its halves."""
        return self.has_the_shape or bool(self.with_its_underscore)

    @property
    def is_an_access_token(self) -> bool:
        """Whether it begins as ngrok's access tokens do."""
        return self.value.startswith(ACCESS_TOKEN)

    @property
    def is_called_an_authtoken(self) -> bool:
        """Whether the name in front says so: ``NGROK_AUTHTOKEN=``, ``add-authtoken``."""
        before = self.text[: self.start]
        return self.has_the_shape and _CALLED_AUTHTOKEN.search(before) is not None

    @property
    def is_unfilled(self) -> bool:
        """Whether there is a placeholder in place of the key."""
        if self.has_the_shape or is_masked(self.value):
            return False
        names = [affix.end for affix in self.affixes if affix.code]
        behind = self.text[max(names, default=0) :].strip()
        if is_variable(self.value) or is_variable(behind) or is_placeholder(behind):
            return True
        is_bracketed = any(affix.name == "brackets" for affix in self.affixes_of())
        return is_bracketed and _LETTERS_AND_BLANKS.fullmatch(self.value) is not None

    @property
    def keys(self) -> int:
        """How many different keys, letter for letter, there are to choose from."""
        if self.has_the_shape:
            return 1
        return len(set(_KEY_IN_TEXT.findall(_blanked(self.text, self.odd))))

    @property
    def has_a_value(self) -> bool:
        """Whether there is one key, or what may be one."""
        return not self.is_unfilled and self.keys <= 1

    @property
    def is_a_sentence(self) -> bool:
        """Whether it is several words that are no key, also when they are put together."""
        words = self.text[self.start : self.end].split()
        return len(words) >= _WORDS_OF_A_SENTENCE and not self.is_a_key

    @property
    def has_only_an_id(self) -> bool:
        """Whether the id of a key is among other words, and no key: a row of the dashboard."""
        return not self.keys and _ID_IN_TEXT.search(self.text) is not None

    @property
    def gaps(self) -> tuple[OddChar, ...]:
        """The whitespace inside the key, unless something else is to be said of its pieces."""
        odd = self.inside(Kind.WHITESPACE)
        return () if odd and (self.keys > 1 or self.is_a_sentence or self.has_only_an_id) else odd

    def joined(self) -> tuple[str, str] | None:
        """Return the key without the gaps inside it, if one comes out of it."""
        text, done = self.removed(self.gaps, " inside it")
        if _NUMBERED.fullmatch(self.typed):
            text = "".join(_NUMBER_OF_A_LINE.sub("", self.typed).split())
            done = "remove the line numbers and join the lines"
        # An e-mail ends a line that it breaks with "=" (RFC 2045 section 6.7), a document with a
        # hyphen, a shell with a backslash.
        soft = _SOFT_BREAK.sub("", self.typed)
        read = next((r for r in map(read_key, (text, soft)) if r.has_the_shape), read_key(text))
        return (read.typed, done) if read.is_a_key else None

    @property
    def decoded(self) -> str:
        """The key, if it was encoded with base64; else empty."""
        if not _BASE64.fullmatch(self.value):
            return ""
        bare = self.value.rstrip("=")
        try:
            text = base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            return ""
        found = set(_KEY_IN_TEXT.findall(text))
        return found.pop() if len(found) == 1 else ""


def read_key(typed: str) -> PastedKey:
    """Parse what was pasted as the key; its first ``EXAMINED`` characters are looked at."""
    text = typed[:EXAMINED]
    if _SHAPE_OF_TODAY.fullmatch(text):  # nothing is around it
        return PastedKey(typed, 0, len(text), (), ())
    odd = odd_chars(text, escapes=True)
    # Offsets stay the same, so that a word in look-alike letters is found at its position.
    plain, blanked = fold_in_place(text), _blanked(text, odd)
    has_several = len(set(_KEY_IN_TEXT.findall(blanked))) > 1
    stripped = strip(
        text,
        odd,
        lambda _, start, end: _prefix(plain, start, end),
        lambda _, start, end: () if has_several else _assignment(plain, start, end),
        partial(paste_marks, value=_SHAPE_OF_TODAY),
        _opening,
        _closing,
        lambda _, start, end: _other_text(blanked, start, end),
    )
    return PastedKey(typed, *stripped)


def _blanked(text: str, odd: tuple[OddChar, ...]) -> str:
    """Return ``text`` with blanks for ``odd`` and each ``%3D``: its letters are none of a key."""
    letters = list(_PERCENT_ENCODED.sub("   ", text))
    for char in odd:
        letters[char.start : char.end] = " " * (char.end - char.start)
    return "".join(letters)


def _prefix(text: str, start: int, end: int) -> tuple[Affix, ...]:
    """Take off a word that Okta or a command line puts in front of a key."""
    match = _PREFIX.match(text, start, end)
    if match is None:
        return ()
    return (Affix(start, match.end(), _WORDS[(match[1] or match[2]).lower()], PREFIXED),)


def _assignment(text: str, start: int, end: int) -> tuple[Affix, ...]:
    """Take off the name of a variable or of a setting in front of a key."""
    match = _ASSIGNMENT.match(text, start, end)
    if match is None or not _NAME_OF_A_KEY.search(match["name"]):
        return ()
    return (Affix(start, match.end(), "a name", ASSIGNED),)


def _opening(text: str, start: int, end: int) -> tuple[Affix, ...]:
    if start < end and text[start] == ">":
        return (Affix(start, start + 1, "a mark of citation"),)
    # After ESC, a bracket belongs to a code for the terminal.
    if start > 0 and text[start - 1] == "\x1b":
        return ()
    return opening_mark(text, start, end)


def _closing(text: str, start: int, end: int) -> tuple[Affix, ...]:
    if end - start > 1 and text[end - 1] in ",;." and text[end - 2] != ".":
        return (Affix(end - 1, end, "punctuation"),)
    return closing_mark(text, start, end)


def _other_text(text: str, start: int, end: int) -> tuple[Affix, ...]:
    """Take off what is around the one key in a command, a row of a table, a sentence.

    Of a whole ``ngrok.yml`` it is the one under ``api_key``, if all others are authtokens.
    """
    middle = (start + end) // 2
    if _SHAPE_OF_TODAY.fullmatch(text, start, middle) and text[start:middle] == text[middle:end]:
        return (Affix(middle, end, OTHER_TEXT),)
    found = list(_KEY_IN_TEXT.finditer(text, start, end))
    if len({match[1] for match in found}) > 1:
        others = [match for match in found if not _is_called(_CALLED_AUTHTOKEN, text, match)]
        found = [match for match in others if _is_called(_CALLED_API_KEY, text, match)]
        found = found if len(found) == len(others) else []
    if len({match[1] for match in found}) != 1:
        return ()
    first, last = found[0].span(1)
    rest = text[start:first] + text[last:end]
    if len(rest) == 1 and not rest.isascii():  # named as KEY213
        return ()
    return other_text((start, end), (first, last))


def _is_called(name: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    return name.search(text[max(match.start() - 40, 0) : match.start()]) is not None


_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KSUID_BITS = 160
_PAYLOAD_BITS = 128
# A KSUID counts the seconds since this Unix time (https://github.com/segmentio/ksuid).
_KSUID_EPOCH = 1_400_000_000
# What claims to be made later is no KSUID.
_LAST_YEAR = 2050

_KEY_ID = lazy_pattern(r"ak_[0-9A-Za-z]{27}")
_KEY = lazy_pattern(r"([0-9A-Za-z]{27})_[0-9A-Za-z]{15,}")
_PIECE = 8
_MARKS = lazy_pattern(r"[·⏎⇥]|⟨U\+[0-9A-F]+⟩")
# Words of labels and of addresses, which are no secret wherever they stand.
_PUBLIC = (
    "https://api.ngrok.com/scim/v2/users?startindex=1&count=2 https://dashboard.ngrok.com/api-keys "
    "import new users and profile updates push new users push profile updates push groups "
    "import groups http header basic auth oauth2 scim connector base url authorization "
    "unique identifier field for users supported provisioning actions authentication mode "
    "ngrok_scim_api_key ngrok_api_key ngrok_pat_ access tokens character characters "
    "quotation marks brackets"
)


def made_at(key_id: str) -> datetime | None:
    """Return when a key was made (UTC), by its id; ``None`` where the id does not show it.

    Behind ``ak_`` is a KSUID: 27 characters of base62, which begin with a time.
    """
    if not _KEY_ID.fullmatch(key_id):
        return None
    number = 0
    for letter in key_id.removeprefix("ak_"):
        number = number * len(_BASE62) + _BASE62.index(letter)
    if number >> _KSUID_BITS:
        return None
    made = datetime.fromtimestamp(_KSUID_EPOCH + (number >> _PAYLOAD_BITS), UTC)
    return made if made.year <= _LAST_YEAR else None


def id_of_key(key: str | PastedKey) -> str:
    """Return the id of a key, which is in its first half; empty where it is not."""
    matched = _KEY.fullmatch(_read(key).value)
    key_id = f"ak_{matched[1]}" if matched else ""
    return key_id if made_at(key_id) else ""


def name_of_key(key: str | PastedKey) -> str:
    """Return how output names ``key``: by its id and age, or by its length; never a secret part."""
    pasted = _read(key)
    if key_id := id_of_key(pasted):
        return f"{key_id}, made {made_at(key_id):%Y-%m-%d}"
    if pasted.is_an_access_token:
        return "an access token"
    length = counted(len(pasted.typed), "character")
    return f"a key of {length}" if pasted.typed else "an empty key"


def same_key(one: str | PastedKey, other: str | PastedKey) -> bool:
    """Return whether two keys are the same but for what is around them."""
    letters = _read(one).value
    return bool(letters) and letters == _read(other).value


def _read(key: str | PastedKey) -> PastedKey:
    return read_key(key) if isinstance(key, str) else key


def secret_pieces(key: PastedKey) -> set[str]:
    """Return every eight characters in a row of ``key`` that are not part of public words."""
    return pieces_in(key.value) - pieces_in(_PUBLIC)


def pieces_in(text: str) -> set[str]:
    """Return every eight characters in a row of ``text``, whatever ``visible`` made of them."""
    seen = "".join(_MARKS.sub("", text).split()).lower()
    return {seen[start : start + _PIECE] for start in range(len(seen) - _PIECE + 1)}
