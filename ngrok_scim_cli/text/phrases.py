"""Finds phrases and labels in what somebody copied, in spite of punctuation, spelling and typos."""

from collections.abc import Iterable, Iterator
from functools import cache

from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

_WORD = lazy_pattern(r"[^\W_]+")
# British spelling of the words that matter here.
_BRITISH = lazy_pattern(
    r"\b(\w*(?:author|recogn|organ|synchron|initial|custom|util))is(e[drs]?|ing|ations?)\b"
)
# Characters; _MOST_COMPLETED counts words.
_SHORTEST_CORRECTED = 5
_LONG = 9
_SHORTEST_CUT_OFF = 3
_MOST_COMPLETED = 10
_SHORTEST_JOINED = 2
_LONGEST_JOINED = 100
_COMPARED = 64


def words(text: str) -> str:
    """Return the words of ``text`` in small letters, a blank around each.

    Spelling is American, and "can't" is "cannot", "isn't" is "is not".
    """
    plain = _BRITISH.sub(r"\1iz\2", text.lower().replace("’", "'")).replace("licence", "license")
    for short, long in (("can't", "cannot"), ("can not", "cannot"), ("n't", " not")):
        plain = plain.replace(short, long)
    return f" {' '.join(_WORD.findall(plain))} "


def find(text: str, phrase: str) -> int:
    """Return where the last piece of ``phrase`` begins in ``text``; -1 where it is not there.

    Args:
        text: what ``words`` returned.
        phrase: its pieces, divided by ``…``, must follow one another.
    """
    at = -1
    for piece in _pieces(phrase):
        at = text.find(piece, at + 1)
        if at < 0:
            return -1
    return at


def corrected(text: str, known: set[str]) -> str:
    """Return ``text`` with each misspelt word as the one of ``known`` that it is near to.

    A word of five letters may have one typo, one of nine two. Words that lack the blanks between
    them get them.
    """
    meant = (_with_blanks(word, known) or _nearest(word, known) for word in text.split())
    return f" {' '.join(meant)} "


def _with_blanks(text: str, known: set[str]) -> str:
    """Return the words of ``known`` that ``text`` joins without blanks; nothing where it does not.

    From the end on, so that no rest of a hostile text is tried twice.
    """
    if len(text) > _LONGEST_JOINED:
        return ""
    rests = {len(text): ""}
    for start in range(len(text) - _SHORTEST_JOINED, -1, -1):
        ends = (end for end in reversed(range(start + _SHORTEST_JOINED, len(text) + 1)))
        end = next((end for end in ends if end in rests and text[start:end] in known), None)
        if end is not None:
            rests[start] = f"{text[start:end]} {rests[end]}"
    return rests.get(0, "").strip()


def completed(text: str, known: set[str]) -> Iterator[str]:
    """Return ``text``, which was cut off within its last word, with each word that it may be."""
    rest, _, last = text.strip().rpartition(" ")
    if len(last) >= _SHORTEST_CUT_OFF and " " in rest and last not in known:
        whole = (word for word in known if word.startswith(last) and word != last)
        yield from (f" {rest} {word} " for word in sorted(whole)[:_MOST_COMPLETED])


def _nearest(word: str, known: set[str]) -> str:
    if len(word) < _SHORTEST_CORRECTED - 1 or word in known or not word.isalpha():
        return word
    typos = 2 if len(word) >= _LONG else 1
    letters = set(word)
    near = (
        (distance(word, other), other)
        for other in known
        if len(other) >= _SHORTEST_CORRECTED
        and abs(len(other) - len(word)) <= typos
        and len(letters.symmetric_difference(other)) <= 2 * typos  # a typo changes two at most
    )
    best = min(near, default=(typos + 1, word))
    return best[1] if best[0] <= typos else word


@cache
def _pieces(phrase: str) -> tuple[str, ...]:
    pieces = filter(None, map(str.strip, phrase.split("…")))
    # Nearly all are small letters with one blank between words already.
    return tuple(
        f" {piece} " if piece.islower() and piece.replace(" ", "").isalnum() else words(piece)
        for piece in pieces
    )


def distance(one: str, other: str) -> int:
    """Count the typos between two texts: a letter more, less, wrong, or two swapped.

    This is the restricted Damerau-Levenshtein distance of the first 64 letters; a difference in
    length beyond them counts in full.
    """
    beyond = abs(len(one[_COMPARED:]) - len(other[_COMPARED:]))
    one, other = one[:_COMPARED], other[:_COMPARED]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != against))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against
            row.append(min(cost, earlier[j - 2] + 1) if swapped else cost)
    return row[-1] + beyond


def nearest(text: str, labels: Iterable[str]) -> str | None:
    """Return the label that was probably meant; ``None`` where more than a third would change.

    Capitals and whitespace do not count.
    """
    plain = _plain(text)
    ranked = sorted((distance(plain, _plain(label)), label) for label in labels)
    typos, label = ranked[0]
    return label if 3 * typos <= len(_plain(label)) else None


def is_part(label: str, text: str) -> bool:
    """Tell whether ``text`` has the letters of ``label``; capitals and marks do not count."""
    return _plain(label) in _plain(text)


def _plain(text: str) -> str:
    return "".join(letter for letter in text[: 4 * _COMPARED] if letter.isalnum()).lower()
