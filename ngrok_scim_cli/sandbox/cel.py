"""The part of CEL that ngrok's lists take in ``?filter=`` (https://ngrok.com/docs/api/api-filtering).

``!``, ``&&``, ``||``, comparisons, parentheses, ``in``, ``size()``, ``null``, and
``timestamp("…")`` on the fields of one object, ``obj``.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from ngrok_scim_cli.sandbox.tokens import TokenReader

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
    parser = _Parser(text, fields)
    value = parser.alternatives(0)
    parser.expect_end()

    def holds(obj: Mapping[str, Any]) -> bool:
        try:
            return value(obj) is True
        except TypeError:
            return False  # two values that cannot be compared

    return holds


class _Parser(TokenReader):
    """Reads the operators, from those that bind loosest to the values."""

    def __init__(self, text: str, fields: Collection[str]) -> None:
        super().__init__(text, _TOKEN, CelError)
        self._fields = fields

    def alternatives(self, depth: int) -> Value:
        """Read what ``||`` joins."""
        return self.joined("||", any, partial(self.joined, "&&", all, self._comparison), depth)

    def _comparison(self, depth: int) -> Value:
        left = self._value(depth)
        if self.next() == "in":
            self.take()
            members = self._value(depth)
            return lambda obj: left(obj) in members(obj)
        compare = _COMPARISONS.get(self.next())
        if compare is None:
            return left
        self.take()
        right = self._value(depth)
        return lambda obj: compare(left(obj), right(obj))

    def _value(self, depth: int) -> Value:
        if depth == DEEPEST:
            raise CelError("The expression is nested too deeply")
        word = self.take()
        if word == "!":
            inner = self._value(depth + 1)
            return lambda obj: not inner(obj)
        if word == "(":
            return self._inside(depth)
        if word in ("size", "timestamp"):
            if self.take() != "(":
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
        if self.take() != ")":
            raise CelError("A parenthesis is not closed")
        return value

    def _list(self, depth: int) -> Value:
        values: list[Value] = []
        while self.next() != "]":
            values.append(self.alternatives(depth + 1))
            if self.next() != "]" and self.take() != ",":
                raise CelError("A list is not closed")
        self.take()
        return lambda obj: [value(obj) for value in values]

    def _field(self, name: str) -> Value:
        if name not in self._fields:
            raise CelError(f"Undefined field '{name}'")
        return lambda obj: _moment(obj[name]) if name.endswith("_at") else obj.get(name, "")


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
