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

from ngrok_scim_cli.sandbox.message import RefusedError

# A text is put in parentheses, so that two in a row are no longer text. ``~`` binds as ``!`` does.
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


def compile_cel(text: str, fields: Collection[str]) -> Callable[[Mapping[str, Any]], bool]:
    """Return the test that an expression describes."""
    try:
        expression = ast.parse(_TOKEN.sub(_in_python, text).strip(), mode="eval").body
        _value(expression, nothing := dict.fromkeys(fields, ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # or nested too deeply
        raise _refused("Syntax error") from None
    return lambda obj: _value(expression, {**nothing, **obj}) is True


def _in_python(token: re.Match[str]) -> str:
    if token[2]:
        raise _refused("Syntax error")
    return f"({token[1]})" if token[1] else _IN_PYTHON[token[0]]


def _value(  # noqa: C901, PLR0911 - one a kind
    node: ast.expr, obj: Mapping[str, Any]
) -> Any:  # noqa: ANN401
    match node:
        case ast.BoolOp(op, values):
            parts = [_value(value, obj) is True for value in values]
            return all(parts) if isinstance(op, ast.And) else any(parts)
        case ast.UnaryOp(ast.Invert(), inner):
            return not _value(inner, obj)
        case ast.Compare(left, [operator], [right]) if type(operator) in _COMPARISONS:
            one, other = _value(left, obj), _value(right, obj)
            try:
                return _COMPARISONS[type(operator)](one, other)
            except TypeError:
                return False  # two values that cannot be compared
        case ast.Call(ast.Name("size" | "timestamp" as name), [argument], []):
            value = _value(argument, obj)
            if name == "timestamp":
                return _moment(value)
            return len(value) if isinstance(value, str | list) else None
        case ast.List(values):
            return [_value(value, obj) for value in values]
        case ast.Attribute(ast.Name("obj"), name):
            if name not in obj:
                raise _refused(f"Undefined field '{name}'")
            return _moment(obj[name]) if name.endswith("_at") else obj[name]
        case ast.Constant(str() | int() | None as literal):
            return literal
        case ast.UnaryOp(ast.USub(), ast.Constant(int(number))):
            return -number
    raise _refused(f"Undeclared reference to '{ast.unparse(node)}'")


def _refused(detail: str) -> RefusedError:
    return RefusedError("invalid_cel_expression", detail=detail)


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
