"""What may be asked of Okta's lists: their parameters, and filters in SCIM's language.

What is not served is refused: a wrong answer here would hide a wrong request. scim2-models parses
the filters (RFC 7644 section 3.4.2.2).
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Present,
)

from ngrok_scim_cli.sandbox.message import RefusedError

# Returns the texts at a path, such as ``outcome.result``.
Lookup = Callable[[str], Sequence[str]]
Test = Callable[[Lookup], bool]

_DIGITS = 10

# What each list takes, its path with ``*`` for an id.
_PAGE = ("limit", "after")
_TAKEN: dict[str, tuple[str, ...]] = {
    "apps": (*_PAGE, "q", "filter"),
    "apps/*/users": (*_PAGE, "q", "expand"),
    "groups": (*_PAGE, "q"),
    "mappings": (*_PAGE, "targetId"),
    "users": (*_PAGE, "q", "filter", "search"),
    "logs": (*_PAGE, "since", "until", "filter", "sortOrder"),
}

_COMPARISONS: dict[CompareOperator, Callable[[str, str], bool]] = {
    CompareOperator.eq: str.__eq__,
    CompareOperator.sw: str.startswith,
    CompareOperator.co: str.__contains__,
    CompareOperator.ew: str.endswith,
    CompareOperator.gt: str.__gt__,
    CompareOperator.ge: str.__ge__,
    CompareOperator.lt: str.__lt__,
    CompareOperator.le: str.__le__,
}


def check_parameters(path: tuple[str, ...], query: dict[str, str]) -> None:
    """Refuse a parameter that is not served."""
    of_list = "/".join("*" if place == 1 else segment for place, segment in enumerate(path))
    taken = _TAKEN.get(of_list, ())
    for name in query:
        if name not in taken:
            code = "E0000031" if name in ("filter", "search", "q") else "E0000001"
            raise RefusedError(code, what=name, causes=(f"{name} is not served here",))
    if query.get("expand", "user") != "user":
        raise RefusedError("E0000001", what="expand")


def read_number(
    query: dict[str, str], name: str, default: int, *, least: int = 0, most: int = 10**9
) -> int:
    """Read a number between ``least`` and ``most``."""
    text = query.get(name, str(default))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else -1
    if not least <= number <= most:
        raise RefusedError("E0000001", what=name)
    return number


def read_time(query: dict[str, str], name: str, default: datetime) -> datetime:
    """Read a time."""
    if name not in query:
        return default
    try:
        moment = datetime.fromisoformat(query[name])
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise RefusedError("E0000001", what=name) from None


def compile_filter(
    text: str | None,
    *,
    code: str = "E0000031",
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
            case Comparison(attr_path) | Present(attr_path):
                path = str(attr_path)
            case _:
                raise InvalidFilterException(detail=f"{node} is not supported")
        if paths is not None and path not in paths:
            raise InvalidFilterException(detail=f"{path} cannot be filtered on")
        if isinstance(node, Present):
            return lambda look: bool(look(path))
        if not isinstance(node.value, str):
            raise InvalidFilterException(detail=f"{node.value!r} is no text in quotes")
        value = fold(node.value)
        if node.op is CompareOperator.ne:
            return lambda look: value not in look(path)
        compare = _COMPARISONS[node.op]
        return lambda look: any(compare(found, value) for found in look(path))

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
