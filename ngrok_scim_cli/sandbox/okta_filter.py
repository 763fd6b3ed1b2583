"""Filters of Okta's lists: a part of SCIM's language, which scim2-models parses.

RFC 7644 section 3.4.2.2: ``eq``, ``sw``, ``and``, ``or``, parentheses. Anything else is refused.
"""

from collections.abc import Callable, Collection, Sequence

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
)

from ngrok_scim_cli.sandbox.message import RefusedError

# Returns the texts at a path, such as ``outcome.result``.
Lookup = Callable[[str], Sequence[str]]
Test = Callable[[Lookup], bool]

_COMPARISONS: dict[CompareOperator, Callable[[str, str], bool]] = {
    CompareOperator.eq: str.__eq__,
    CompareOperator.sw: str.startswith,
}


def compile_filter(
    text: str | None,
    code: str,
    *,
    fold: Callable[[str], str] = str,
    paths: Collection[str] | None = None,
) -> Test:
    """Return the test that a filter describes; ``None`` is true for all.

    Args:
        code: what refuses a filter that is not understood.
        fold: is applied to each value of the filter: ``str.casefold`` to compare without regard
            to case. What is looked at must be folded then.
        paths: the paths that can be filtered on; ``None`` for any.
    """

    def test(node: FilterNode) -> Test:
        match node:
            case LogicalExpr(op, terms):
                tests = [test(term) for term in terms]
                join = all if op is LogicalOperator.and_ else any
                return lambda look: join(one(look) for one in tests)
            case Comparison(attr_path, op, str(text)) if op in _COMPARISONS:
                path, compare, value = str(attr_path), _COMPARISONS[op], fold(text)
                if paths is None or path in paths:
                    return lambda look: any(compare(found, value) for found in look(path))
        raise InvalidFilterException(detail=f"{node} is not supported")

    if text is None:
        return lambda _: True
    try:
        return test(ScimFilter(text).ast)
    except InvalidFilterException as error:
        raise RefusedError(code, causes=(str(error),)) from None


def values_at(document: object, path: str) -> Sequence[str]:
    """Return the texts at ``path`` in a JSON document; the members of lists are included."""
    found = [document]
    for name in path.split("."):
        found = [item.get(name) for item in _flat(found) if isinstance(item, dict)]
    return [item for item in _flat(found) if isinstance(item, str)]


def _flat(found: list[object]) -> list[object]:
    return [item for one in found for item in (one if isinstance(one, list) else [one])]
