"""Our ``dataclass`` does what that of the standard library does."""

# ruff: noqa: ANN401 - records of any shape

from __future__ import annotations

import copy
import dataclasses
from typing import Any, ClassVar

import pytest

from ngrok_scim_cli import records
from tests.support.cases import each_case


def _made(decorate: Any) -> tuple[type[Any], type[Any]]:
    @decorate(frozen=True, slots=True)
    class Point:
        unit: ClassVar[str] = "mm"
        x: int
        y: int = 2
        note: str = dataclasses.field(default="", compare=False, repr=False)
        marks: list[int] = dataclasses.field(default_factory=list, compare=False)

        def far(self) -> bool:
            return self.x > self.y

    @decorate(kw_only=True)
    class Named:
        name: str = "a"

    @decorate(kw_only=True)
    class Longer(Named):
        more: int

        def __repr__(self) -> str:
            return f"<{self.name}>"

    return Point, Longer


EXPRESSIONS = (
    "Point(1)",
    "Point(1, 3, 'seen', [4])",
    "Point(x=1, marks=[4]).marks",
    "Point(1, note='a') == Point(1, note='b')",
    "Point(1) == Point(2)",
    "Point(1) == (1, 2)",
    "hash(Point(1, note='a')) == hash(Point(1, note='b'))",
    "Point(1).marks is Point(1).marks",
    "Point(1).far()",
    "Point.__match_args__",
    "Point(1).unit",
    "dataclasses.asdict(Point(1))",
    "dataclasses.replace(Point(1), y=7)",
    "copy.deepcopy(Point(1, marks=[3]))",
    "copy.copy(Longer(more=1))",
    "[item.name for item in dataclasses.fields(Point)]",
    "Longer(more=1)",
    "Longer(more=1).name",
    "Longer(more=1) == Longer(name='a', more=1)",
    "vars(Longer(more=1, name='b')) == {'more': 1, 'name': 'b'}",
)

REFUSED = (
    "Point()",
    "Point(1, z=2)",
    "Point(1, 2, '', [], 5)",
    "Longer(1)",
    "Longer(nmae='x', more=1)",
    "setattr(Point(1), 'x', 2)",
    "delattr(Point(1), 'x')",
    "hash(Longer(more=1))",
    "dataclasses.replace(Point(1), z=1)",
)


def _value(decorate: Any, expression: str) -> Any:
    point, longer = _made(decorate)
    scope = {"Point": point, "Longer": longer, "dataclasses": dataclasses, "copy": copy}
    return eval(expression, scope)  # noqa: S307 - the expressions above


@each_case("expression", EXPRESSIONS)
def test_a_record_behaves_as_a_dataclass(expression: str) -> None:
    ours, theirs = (_value(it.dataclass, expression) for it in (records, dataclasses))

    assert repr(ours) == repr(theirs)


@each_case("expression", REFUSED)
def test_a_record_refuses_what_a_dataclass_refuses(expression: str) -> None:
    with pytest.raises((TypeError, AttributeError)) as theirs:
        _value(dataclasses.dataclass, expression)

    with pytest.raises(theirs.type):
        _value(records.dataclass, expression)


def test_no_method_is_compiled_for_a_record() -> None:
    ours, theirs = (_made(it.dataclass)[0] for it in (records, dataclasses))

    assert ours.__init__.__code__.co_filename == records.__file__
    assert theirs.__init__.__code__.co_filename == "<string>"
