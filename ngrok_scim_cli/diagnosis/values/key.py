"""What a key says of itself, without the network and without showing it."""

from datetime import UTC, datetime
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.values.pasted_key import PastedKey, read_key
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_KSUID_BITS = 160
_PAYLOAD_BITS = 128
# A KSUID counts the seconds since this Unix time (https://github.com/segmentio/ksuid).
_KSUID_EPOCH = 1_400_000_000
# What claims to be made later is no KSUID.
_LAST_YEAR = 2050

_KEY = lazy_pattern(r"([0-9A-Za-z]{27})_[0-9A-Za-z]{15,}")

_PIECE = 8
_MARKS = lazy_pattern(r"[·⏎⇥]|⟨U\+[0-9A-F]+⟩")
# Words that anybody may print; to hide them would hide nothing.
_PUBLIC = (
    "https://api.ngrok.com/scim/v2/users?startindex=1&count=2 https://dashboard.ngrok.com/api-keys "
    "import new users and profile updates push new users push profile updates push groups "
    "import groups http header basic auth oauth2 scim connector base url authorization "
    "unique identifier field for users supported provisioning actions authentication mode "
    "ngrok_scim_api_key ngrok_api_key ngrok_pat_ access tokens character characters "
    "quotation marks brackets"
)


class KeyIdentity(NamedTuple):
    """What the first half of a key tells; none of it is secret. The time is UTC."""

    id: str
    created: datetime


def identify(key: str | PastedKey) -> KeyIdentity | None:
    """Read a key's id and age off its first half, which is a KSUID; ``None`` where it is none."""
    matched = _KEY.fullmatch(_read(key).letters)
    created = ksuid_time(matched[1]) if matched else None
    return KeyIdentity(f"ak_{matched[1]}", created) if matched and created else None


def id_of_key(key: str | PastedKey) -> str:
    """Return the id of a key; empty where the key does not tell it."""
    identity = identify(key)
    return identity.id if identity else ""


def ksuid_time(ksuid: str) -> datetime | None:
    """Return when a KSUID (27 characters of base62) was made, UTC; ``None`` where it is none."""
    number = 0
    for letter in ksuid:
        number = number * len(_ALPHABET) + _VALUES[letter]
    if number >> _KSUID_BITS:
        return None
    created = datetime.fromtimestamp(_KSUID_EPOCH + (number >> _PAYLOAD_BITS), UTC)
    return created if created.year <= _LAST_YEAR else None


def name_of_key(key: str | PastedKey) -> str:
    """Return how output names ``key``: by its id and age, or by its length; never a secret part."""
    pasted = _read(key)
    identity = identify(pasted)
    if identity:
        return f"{identity.id}, made {identity.created:%Y-%m-%d}"
    if pasted.is_an_access_token:
        return "an access token"
    length = len(pasted.typed)
    if not length:
        return "an empty key"
    return f"a key of {counted(length, 'character')}"


def same_key(one: str | PastedKey, other: str | PastedKey) -> bool:
    """Tell whether two keys are the same but for what stands around them."""
    letters = _read(one).letters
    return bool(letters) and letters == _read(other).letters


def pieces_of(key: str | PastedKey) -> frozenset[str]:
    """Return every eight characters in a row of ``key``, as far as they are no public words."""
    return frozenset(_pieces(_read(key).letters) - _pieces(_PUBLIC))


def _read(key: str | PastedKey) -> PastedKey:
    return read_key(key) if isinstance(key, str) else key


def holds_one_of(text: str, pieces: frozenset[str]) -> bool:
    """Tell whether ``text`` holds one of ``pieces``; the marks of ``visible`` do not matter."""
    return bool(pieces) and not pieces.isdisjoint(_pieces(text))


def _pieces(text: str) -> set[str]:
    seen = "".join(_MARKS.sub("", text).split()).lower()
    return {seen[start : start + _PIECE] for start in range(len(seen) - _PIECE + 1)}
