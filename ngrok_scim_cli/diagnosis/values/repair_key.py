"""Mends the key: one function for each finding, each changes one thing and says so without it."""

from collections.abc import Callable

from ngrok_scim_cli.diagnosis.values.pasted_key import (
    ASSIGNED,
    LATIN_1_BYTE_ORDER_MARK,
    PREFIXED,
    SHAPE,
    WRAPPED,
    PastedKey,
    read_key,
)
from ngrok_scim_cli.text.characters import Kind, Spot, describe, named_kinds, without
from ngrok_scim_cli.text.confusables import imitated_by

# The mended text, and what was done in words that never hold what was typed.
Mended = tuple[str, str]

_NAMED = 5


def _remove_the_name(key: PastedKey) -> Mended | None:
    cuts = key.peeled.cuts_of(ASSIGNED)
    if not cuts or not key.letters:
        return None
    return without(key.typed, cuts), "remove the name of the variable from the front"


def _remove_the_scheme(key: PastedKey) -> Mended:
    cuts = key.peeled.cuts_of(PREFIXED)
    words = " ".join(cut.name for cut in cuts[:_NAMED])
    return without(key.typed, cuts), f"remove {words} from the front"


def _unwrap(key: PastedKey) -> Mended:
    cuts = key.peeled.cuts_of(WRAPPED)
    names = " and ".join(dict.fromkeys(cut.name for cut in cuts))
    return without(key.typed, cuts), f"remove {names} around it"


def _remove_invisible(key: PastedKey) -> Mended:
    return _remove(key, key.peeled.of_kind(Kind.INVISIBLE), "")


def _remove_before(key: PastedKey) -> Mended:
    return _remove(key, key.peeled.before(), " at the start")


def _remove_after(key: PastedKey) -> Mended:
    return _remove(key, key.peeled.after(), " at the end")


def _remove_inside(key: PastedKey) -> Mended | None:
    inside = tuple(spot for spot in key.peeled.inside() if spot.kind is Kind.WHITESPACE)
    joined = _remove(key, inside, " inside it")
    is_whole = _is_a_key(joined[0]) or read_key(joined[0]).with_its_underscore
    return joined if is_whole else None


def _write_the_underscore(key: PastedKey) -> Mended | None:
    whole = key.with_its_underscore
    return (whole, "write _ between its two halves") if whole else None


def _write_what_a_header_can_hold(key: PastedKey) -> Mended | None:
    """Write the letters that were meant, if a key comes out of it."""
    odd = key.peeled.of_kind(Kind.CONTROL, Kind.UNREADABLE)
    text = without(key.typed, odd)
    done = [f"remove {named_kinds(odd)}"] if odd else []
    if key.letters.startswith(LATIN_1_BYTE_ORDER_MARK):
        text = text.replace(LATIN_1_BYTE_ORDER_MARK, "", 1)
        done.append("remove the byte-order mark")
    foreign = dict.fromkeys(letter for _, letter in key.peeled.foreign() if letter in text)
    done += [
        f"write {imitated_by(letter)} for {describe(letter)}"
        for letter in list(foreign)[:_NAMED]
        if imitated_by(letter)
    ]
    for letter in foreign:
        text = text.replace(letter, imitated_by(letter) or letter)
    return (text, " and ".join(done)) if _is_a_key(text) else None


def _is_a_key(text: str) -> bool:
    return SHAPE.fullmatch(read_key(text).letters) is not None


def _remove(key: PastedKey, spots: tuple[Spot, ...], place: str) -> Mended:
    return without(key.typed, spots), f"remove {named_kinds(spots)}{place}"


# From the outside in. An id, a mask and a placeholder have no key in them to be found.
MENDS: dict[str, Callable[[PastedKey], Mended | None]] = {
    ASSIGNED: _remove_the_name,
    PREFIXED: _remove_the_scheme,
    WRAPPED: _unwrap,
    "KEY204": _remove_invisible,
    "KEY201": _remove_before,
    "KEY202": _remove_after,
    "KEY213": _write_what_a_header_can_hold,
    "KEY203": _remove_inside,
    "KEY210": _write_the_underscore,
}
