"""The part of Okta's filter language that is understood.

``eq``, ``ne``, ``sw``, ``co``, ``ew``, ``gt``, ``ge``, ``lt``, ``le``, ``pr``, ``and``, ``or`` and
parentheses.

``and`` binds closer than ``or`` (RFC 7644 section 3.4.2.2, which Okta's filters follow).
"""

import json
import re
from collections import deque
from collections.abc import Callable, Collection, Sequence

# Gives the texts that stand under a path, such as ``outcome.result``.
Look = Callable[[str], Sequence[str]]
Test = Callable[[Look], bool]

DEEPEST = 20
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": str.__eq__,
    "sw": str.startswith,
    "co": str.__contains__,
    "ew": str.endswith,
    "gt": str.__gt__,
    "ge": str.__ge__,
    "lt": str.__lt__,
    "le": str.__le__,
}
_TOKEN = re.compile(r'\s*(?:([()])|("(?:[^"\\]|\\.)*")|([^\s()"]+))')


class FilterError(ValueError):
    """The filter is not understood."""


def compile_filter(
    text: str, *, fold_case: bool = False, paths: Collection[str] | None = None
) -> Test:
    """Return the test that a filter stands for.

    Args:
        fold_case: whether to compare without regard to case. What is looked at must be folded
            then.
        paths: what may be asked for; ``None`` for anything.
    """
    parser = _Parser(_tokens(text), fold_case=fold_case, paths=paths)
    test = parser.alternatives(0)
    if parser.rest() is not None:
        raise FilterError(f"unexpected {parser.rest()!r}")
    return test


def _tokens(text: str) -> list[str]:
    tokens, place, end = [], 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            raise FilterError(f"unreadable at {place}")
        tokens.append(found.group().strip())
        place = found.end()
    return tokens


class _Parser:
    """Reads tokens from left to right."""

    def __init__(
        self, tokens: list[str], *, fold_case: bool, paths: Collection[str] | None
    ) -> None:
        self._tokens = deque(tokens)
        self._paths = paths
        self._fold_case = fold_case

    def rest(self) -> str | None:
        """Return the first token that was not read."""
        return self._tokens[0] if self._tokens else None

    def alternatives(self, depth: int) -> Test:
        """Read what ``or`` joins."""
        tests = [self._conditions(depth)]
        while self._next_is("or"):
            self._take()
            tests.append(self._conditions(depth))
        return lambda look: any(test(look) for test in tests)

    def _conditions(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while self._next_is("and"):
            self._take()
            tests.append(self._one(depth))
        return lambda look: all(test(look) for test in tests)

    def _one(self, depth: int) -> Test:
        first = self._take()
        if first != "(":
            return self._comparison(first)
        if depth == DEEPEST:
            raise FilterError("too deep")
        test = self.alternatives(depth + 1)
        if self._take() != ")":
            raise FilterError("a parenthesis is not closed")
        return test

    def _comparison(self, path: str) -> Test:
        if self._paths is not None and path not in self._paths:
            raise FilterError(f"{path} cannot be asked for")
        operator = self._take().lower()
        if operator == "pr":
            return lambda look: bool(look(path))
        compare = _OPERATORS.get(operator)
        value = _text(self._take())
        if self._fold_case:
            value = value.casefold()
        if operator == "ne":
            return lambda look: value not in look(path)
        if compare is None:
            raise FilterError(f"unknown operator {operator!r}")
        return lambda look: any(compare(found, value) for found in look(path))

    def _next_is(self, word: str) -> bool:
        return bool(self._tokens) and self._tokens[0].lower() == word

    def _take(self) -> str:
        if not self._tokens:
            raise FilterError("it ends too early")
        return self._tokens.popleft()


def _text(token: str) -> str:
    try:
        value = json.loads(token)
    except ValueError:
        value = None
    if not isinstance(value, str):
        raise FilterError(f"{token!r} is no text in quotes")
    return value


def values_at(document: object, path: str) -> Sequence[str]:
    """Return the texts that stand under ``path`` in a JSON document; lists are looked into."""
    found = [document]
    for name in path.split("."):
        found = [item.get(name) for item in _flat(found) if isinstance(item, dict)]
    return [item for item in _flat(found) if isinstance(item, str)]


def _flat(found: list[object]) -> list[object]:
    flat: list[object] = []
    for item in found:
        flat += item if isinstance(item, list) else [item]
    return flat
