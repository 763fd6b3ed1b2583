"""The part of CEL that ngrok's lists take in ``?filter=`` (https://ngrok.com/docs/api/api-filtering).

``!``, ``&&``, ``||``, comparisons, parentheses, ``in``, ``size()``, ``null``, and
``timestamp("…")`` on the fields of one object, ``obj``.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from typing import Any

DEEPEST = 20
_TOKEN = re.compile(
    r"""\s*("(?:[^"\\]|\\.)*"|'[^'\\]*'|-?\d+|[A-Za-z_][\w.]*|&&|\|\||[<>=!]=|[<>!()\[\],])"""
)
_COMPARISONS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_WORDS = {"true": True, "false": False, "null": None}

Value = Callable[[Mapping[str, Any]], Any]


class CelError(ValueError):
    """The expression is not understood."""


def compile_cel(text: str, fields: Collection[str]) -> Callable[[Mapping[str, Any]], bool]:
    """Return the test that an expression stands for."""
    parser = _Parser(_tokens(text), fields)
    value = parser.alternatives(0)
    parser.expect_end()

    def holds(obj: Mapping[str, Any]) -> bool:
        try:
            return value(obj) is True
        except TypeError:
            return False  # two values that cannot be compared

    return holds


def _tokens(text: str) -> deque[str]:
    tokens: deque[str] = deque()
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            raise CelError(f"Syntax error at position {place}")
        tokens.append(found[1])
        place = found.end()
    return tokens


class _Parser:
    """Reads tokens from left to right."""

    def __init__(self, tokens: deque[str], fields: Collection[str]) -> None:
        self._tokens = tokens
        self._fields = fields

    def expect_end(self) -> None:
        """Refuse what stands behind the expression."""
        if self._tokens:
            raise CelError(f"Unexpected {self._tokens[0]!r}")

    def alternatives(self, depth: int) -> Value:
        """Read what ``||`` joins."""
        return self._joined("||", any, partial(self._joined, "&&", all, self._comparison), depth)

    def _joined(
        self, sign: str, join: Callable[..., bool], part: Callable[[int], Value], depth: int
    ) -> Value:
        values = [part(depth)]
        while self._next_is(sign):
            self._take()
            values.append(part(depth))
        return values[0] if len(values) == 1 else lambda obj: join(one(obj) for one in values)

    def _comparison(self, depth: int) -> Value:
        left = self._value(depth)
        if self._next_is("in"):
            self._take()
            members = self._value(depth)
            return lambda obj: left(obj) in members(obj)
        compare = _COMPARISONS.get(self._tokens[0]) if self._tokens else None
        if compare is None:
            return left
        self._take()
        right = self._value(depth)
        return lambda obj: compare(left(obj), right(obj))

    def _value(self, depth: int) -> Value:
        if depth == DEEPEST:
            raise CelError("The expression is nested too deeply")
        word = self._take()
        if word == "!":
            inner = self._value(depth + 1)
            return lambda obj: not inner(obj)
        if word == "(":
            return self._inside(depth)
        if word in ("size", "timestamp"):
            if self._take() != "(":
                raise CelError(f"{word} is a function")
            inner, function = self._inside(depth), len if word == "size" else _moment
            return lambda obj: function(inner(obj))
        if word == "[":
            return self._list(depth)
        if word.startswith("obj."):
            return self._field(word.removeprefix("obj."))
        literal = _literal(word)
        return lambda _: literal

    def _inside(self, depth: int) -> Value:
        value = self.alternatives(depth + 1)
        if self._take() != ")":
            raise CelError("A parenthesis is not closed")
        return value

    def _list(self, depth: int) -> Value:
        values: list[Value] = []
        while not self._next_is("]"):
            values.append(self.alternatives(depth + 1))
            if not self._next_is("]") and self._take() != ",":
                raise CelError("A list is not closed")
        self._take()
        return lambda obj: [value(obj) for value in values]

    def _field(self, name: str) -> Value:
        if name not in self._fields:
            raise CelError(f"Undefined field '{name}'")
        return lambda obj: _moment(obj[name]) if name.endswith("_at") else obj.get(name, "")

    def _next_is(self, token: str) -> bool:
        return bool(self._tokens) and self._tokens[0] == token

    def _take(self) -> str:
        if not self._tokens:
            raise CelError("Unexpected end of the expression")
        return self._tokens.popleft()


def _literal(token: str) -> object:
    if token in _WORDS:
        return _WORDS[token]
    if token.startswith("'"):
        return token[1:-1]
    try:
        return json.loads(token)
    except ValueError:
        raise CelError(f"Undeclared reference to '{token}'") from None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise TypeError from None
