"""A table in one test: pytest takes longer to start a test than most rules take to answer."""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest

from ngrok_scim_cli.redact import redactor

_Check = Callable[..., None]
_PARAM = type(pytest.param())
_LONGEST_LABEL = 300


def each_case(
    names: str | Sequence[str],
    cases: Iterable[Any],
    *,
    ids: Callable[[Any], object] | Iterable[object] | None = None,
) -> Callable[[_Check], _Check]:
    """Check every case of a table in one test, and report each that fails.

    It is written as ``pytest.mark.parametrize`` is. The check may ask for no fixture that one
    case would leave changed to the next.
    """
    split = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    cases = list(cases)
    table = [_labelled(split, case) for case in cases]
    assert table, "a table without a case checks nothing"
    if ids is not None:
        labels = [ids(*row.values()) for _, row in table] if callable(ids) else ids
        table = [(str(label), row) for label, (_, row) in zip(labels, table, strict=True)]

    def decorate(check: _Check) -> _Check:
        signature = inspect.signature(check)

        @functools.wraps(check)
        def check_all(*arguments: object, **fixtures: object) -> None:
            check_each(table, functools.partial(check, *arguments, **fixtures))

        remaining = [each for each in signature.parameters.values() if each.name not in split]
        check_all.__signature__ = signature.replace(parameters=remaining)  # type: ignore[attr-defined]
        check_all.__dict__["table"] = (names, cases)  # the findings' pages show examples of it
        return check_all

    return decorate


def check_each(table: Sequence[tuple[str, Mapping[str, Any]]], check: _Check) -> None:
    """Call ``check`` with the fields of each row, and report by its label each row that fails."""
    assert table, "a table without a case checks nothing"
    failures: list[BaseException] = []
    for label, row in table:
        try:
            check(**row)
        except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001 - raised below
            failure.add_note(f"case: {label}")
            failures.append(failure)
        redactor.forget()
    if failures:
        raise BaseExceptionGroup(f"{len(failures)} of {len(table)} cases", failures)


def _labelled(names: Sequence[str], case: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401 - a row
    label = None
    if isinstance(case, _PARAM):
        assert not case.marks, "a case with a mark needs a test of its own"
        label, case = case.id, case.values[0] if len(names) == 1 else case.values
    row = dict(zip(names, (case,) if len(names) == 1 else case, strict=True))
    return str(label or repr(row)[:_LONGEST_LABEL]), row
