"""``dataclass`` as the standard library has it, with methods that all records share.

``dataclasses`` writes six functions for each frozen class and compiles them at every start, which
takes 0.4 ms a class: for a hundred records, as long as everything else that a command does. Here it
collects the fields alone. For a record that one run makes 100,000 times, its methods are faster.
"""

# ruff: noqa: ANN401 - the methods serve records of any shape

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, KeysView
    from dataclasses import dataclass as dataclass  # noqa: PLC0414, TID251 - for type checkers


class _Shape(NamedTuple):
    """What the shared methods need to know of a class."""

    names: "KeysView[str]"
    positional: tuple[str, ...]
    defaults: dict[str, Any]
    factories: list[tuple[str, "Callable[[], Any]"]]
    compared: "Callable[[object], object]"


_set = object.__setattr__


def _init(self: Any, *values: Any, **named: Any) -> None:
    names, positional, defaults, factories, _ = self.__shape__
    given = {**defaults, **dict(zip(positional, values, strict=False)), **named}
    for name, factory in factories:
        if name not in given:
            given[name] = factory()
    if given.keys() != names or len(values) > len(positional):
        wrong = ", ".join(sorted(given.keys() ^ names)) or f"{len(values)} values"
        raise TypeError(f"{type(self).__name__}() takes {', '.join(names)}; wrong: {wrong}")
    for name, value in given.items():
        _set(self, name, value)


def _repr(self: Any) -> str:
    shown = (item.name for item in dataclasses.fields(self) if item.repr)
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({values})"


def _eq(self: Any, other: Any) -> Any:
    if type(self) is not type(other):
        return NotImplemented
    return self.__shape__.compared(self) == self.__shape__.compared(other)


def _hash(self: Any) -> int:
    return hash(self.__shape__.compared(self))


def _refuse(self: Any, name: str, *_: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name} of {type(self).__name__}")


def _getstate(self: Any) -> dict[str, object]:
    return {name: getattr(self, name) for name in self.__shape__.names}


def _setstate(self: Any, state: dict[str, object]) -> None:
    for name, value in state.items():
        _set(self, name, value)


_METHODS = {"__init__": _init, "__repr__": _repr, "__eq__": _eq}
_OF_FROZEN = {
    "__hash__": _hash,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}

if not TYPE_CHECKING:

    def dataclass(
        *, frozen: bool = False, slots: bool = False, kw_only: bool = False
    ) -> "Callable[[type], type]":
        """Return a decorator that makes a record of a class."""

        def decorate(cls: type) -> type:
            methods = _METHODS | (_OF_FROZEN if frozen else {"__hash__": None})
            methods = {name: method for name, method in methods.items() if name not in vars(cls)}
            cls = dataclasses.dataclass(  # noqa: TID251 - which collects the fields
                init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
            )(cls)
            fields = dataclasses.fields(cls)
            none = dataclasses.MISSING
            cls.__shape__ = _Shape(
                dict.fromkeys(item.name for item in fields).keys(),
                tuple(item.name for item in fields if not item.kw_only),
                {item.name: item.default for item in fields if item.default is not none},
                [
                    (item.name, item.default_factory)
                    for item in fields
                    if item.default_factory is not none
                ],
                attrgetter("__class__", *(item.name for item in fields if item.compare)),
            )
            for name, method in methods.items():
                setattr(cls, name, method)
            return cls

        return decorate
