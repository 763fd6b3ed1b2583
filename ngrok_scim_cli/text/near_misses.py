"""Edit distance of short texts, to recognize typos."""

from collections.abc import Iterable

_COMPARED = 64


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
