"""The part of Okta's filter language that is understood.

``eq``, ``ne``, ``sw``, ``co``, ``ew``, ``gt``, ``ge``, ``lt``, ``le``, ``pr``, ``and``, ``or`` and
parentheses.

``and`` binds closer than ``or`` (RFC 7644 section 3.4.2.2, which Okta's filters follow).
"""

import json
import re
from collections.abc import Callable, Collection, Sequence
from functools import partial

from ngrok_scim_cli.sandbox.tokens import TokenReader

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
_TOKEN = re.compile(r'\s*([()]|"(?:[^"\\]|\\.)*"|[^\s()"]+)')


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
    parser = _Parser(text, fold_case=fold_case, paths=paths)
    test = parser.alternatives(0)
    parser.expect_end()
    return test


class _Parser(TokenReader):
    """Reads the operators, from those that bind loosest to the comparisons."""

    def __init__(self, text: str, *, fold_case: bool, paths: Collection[str] | None) -> None:
        super().__init__(text, _TOKEN, FilterError)
        self._paths = paths
        self._fold_case = fold_case

    def alternatives(self, depth: int) -> Test:
        """Read what ``or`` joins."""
        return self.joined("or", any, partial(self.joined, "and", all, self._one), depth)

    def _one(self, depth: int) -> Test:
        first = self.take()
        if first != "(":
            return self._comparison(first)
        if depth == DEEPEST:
            raise FilterError("too deep")
        test = self.alternatives(depth + 1)
        if self.take() != ")":
            raise FilterError("a parenthesis is not closed")
        return test

    def _comparison(self, path: str) -> Test:
        if self._paths is not None and path not in self._paths:
            raise FilterError(f"{path} cannot be asked for")
        operator = self.take().lower()
        if operator == "pr":
            return lambda look: bool(look(path))
        compare = _OPERATORS.get(operator)
        value = _text(self.take())
        if self._fold_case:
            value = value.casefold()
        if operator == "ne":
            return lambda look: value not in look(path)
        if compare is None:
            raise FilterError(f"unknown operator {operator!r}")
        return lambda look: any(compare(found, value) for found in look(path))


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
