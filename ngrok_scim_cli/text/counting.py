"""Plurals, and the first items of a list, in English."""

from collections.abc import Sequence


def counted(number: int, one: str, several: str = "") -> str:
    """Return ``1 user``, ``0 users`` or ``1,200 users``; ``several`` is another plural."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def first_of(items: Sequence[str], shown: int, separator: str = ", ") -> str:
    """Return the first ``shown`` items, and how many more there are: ``A, B and 3 more``."""
    more = len(items) - shown
    before = " and" if separator == ", " else f"{separator}and"
    return separator.join(items[:shown]) + (f"{before} {more:,} more" if more > 0 else "")
