"""The part of CEL that ngrok's lists take in ``?filter=`` (https://ngrok.com/docs/api/api-filtering).

``!``, ``&&``, ``||``, comparisons, parentheses, ``in``, ``size()``, ``null``, and
``timestamp("…")`` on the fields of one object, ``obj``. Python parses the expression once its
operators have Python's names; nothing but the nodes listed here is evaluated.
"""

import ast
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from operator import contains, eq, ge, gt, le, lt, ne
from typing import Any

# A text stands in parentheses, so that two in a row are no longer text. ``~`` binds as ``!`` does.
# The last group is what Python has and CEL has not.
_TOKEN = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|&&|\|\||!(?!=)|\b(?:true|false|null)\b"""
    r"""|([#~]|\b(?:and|or|not|is|True|False|None)\b)"""
)
_IN_PYTHON = {
    "&&": " and ",
    "||": " or ",
    "!": "~",
    "true": "True",
    "false": "False",
    "null": "None",
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: eq,
    ast.NotEq: ne,
    ast.Lt: lt,
    ast.LtE: le,
    ast.Gt: gt,
    ast.GtE: ge,
    ast.In: lambda one, members: contains(members, one),
}

Value = Callable[[Mapping[str, Any]], Any]


class CelError(ValueError):
    """The expression is not understood."""


def compile_cel(text: str, fields: Collection[str]) -> Callable[[Mapping[str, Any]], bool]:
    """Return the test that an expression stands for."""
    try:
        python = _TOKEN.sub(_in_python, text)
        value = _value(ast.parse(python.strip(), mode="eval").body, fields)
    except CelError:
        raise
    except SyntaxError:
        raise CelError("Syntax error") from None
    except (ValueError, RecursionError, MemoryError):
        raise CelError("The expression is nested too deeply") from None

    def holds(obj: Mapping[str, Any]) -> bool:
        try:
            return value(obj) is True
        except TypeError:
            return False  # two values that cannot be compared

    return holds


def _in_python(token: re.Match[str]) -> str:
    if token[2]:
        raise CelError("Syntax error")
    return f"({token[1]})" if token[1] else _IN_PYTHON[token[0]]


def _value(node: ast.expr, fields: Collection[str]) -> Value:  # noqa: PLR0911 - one a kind
    match node:
        case ast.BoolOp(op, values):
            join, parts = all if isinstance(op, ast.And) else any, _values(values, fields)
            return lambda obj: join(part(obj) for part in parts)
        case ast.UnaryOp(ast.Invert(), inner):
            value = _value(inner, fields)
            return lambda obj: not value(obj)
        case ast.Compare(left, [operator], [right]) if type(operator) in _COMPARISONS:
            compare, (one, other) = _COMPARISONS[type(operator)], _values([left, right], fields)
            return lambda obj: compare(one(obj), other(obj))
        case ast.Call(ast.Name("size" | "timestamp" as name), [argument], []):
            function, value = len if name == "size" else _moment, _value(argument, fields)
            return lambda obj: function(value(obj))
        case ast.List(values):
            parts = _values(values, fields)
            return lambda obj: [part(obj) for part in parts]
        case ast.Attribute(ast.Name("obj"), name):
            if name not in fields:
                raise CelError(f"Undefined field '{name}'")
            return lambda obj: _moment(obj[name]) if name.endswith("_at") else obj.get(name, "")
        case ast.Constant(str() | int() | None as literal):
            return lambda _: literal
        case ast.UnaryOp(ast.USub(), ast.Constant(int(number))):
            return lambda _: -number
    raise CelError(f"Undeclared reference to '{ast.unparse(node)}'")


def _values(nodes: list[ast.expr], fields: Collection[str]) -> list[Value]:
    return [_value(node, fields) for node in nodes]


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise TypeError from None
