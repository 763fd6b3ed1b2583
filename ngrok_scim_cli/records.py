"""``dataclass`` as the standard library has it, without compiling methods for each class.

``dataclasses`` writes six functions for each frozen class and compiles them at every start, which
takes 0.4 ms a class: for a hundred records, as long as everything else that a command does. Here it
collects the fields alone. For a record that one run makes 100,000 times, its methods are faster.
"""

# ruff: noqa: ANN401 - the methods serve records of any shape

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass  # noqa: PLC0414, TID251 - for type checkers

_set = object.__setattr__


def _repr(self: Any) -> str:
    shown = (item.name for item in dataclasses.fields(self) if item.repr)
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({values})"


def _refuse(self: Any, name: str, *_: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name} of {type(self).__name__}")


def _getstate(self: Any) -> dict[str, object]:
    return {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}


def _setstate(self: Any, state: dict[str, object]) -> None:
    for name, value in state.items():
        _set(self, name, value)


def _methods(cls: type, *, frozen: bool) -> dict[str, Any]:
    """Return the methods that ``dataclasses`` would write for ``cls``."""
    fields, none = dataclasses.fields(cls), dataclasses.MISSING
    names = dict.fromkeys(item.name for item in fields).keys()
    positional = [item.name for item in fields if not item.kw_only]
    defaults = {item.name: item.default for item in fields if item.default is not none}
    factories = [(item.name, item.default_factory) for item in fields]
    factories = [item for item in factories if item[1] is not none]
    compared = attrgetter("__class__", *(item.name for item in fields if item.compare))

    def init(self: Any, *values: Any, **named: Any) -> None:
        given = {**defaults, **dict(zip(positional, values, strict=False)), **named}
        for name, factory in factories:
            if name not in given:
                given[name] = factory()  # type: ignore[operator]
        if given.keys() != names or len(values) > len(positional):
            wrong = ", ".join(sorted(given.keys() ^ names)) or f"{len(values)} values"
            raise TypeError(f"{cls.__name__}() takes {', '.join(names)}; wrong: {wrong}")
        for name, value in given.items():
            _set(self, name, value)

    def equals(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if type(self) is type(other) else NotImplemented

    methods: dict[str, Any] = {
        "__init__": init,
        "__repr__": _repr,
        "__eq__": equals,
        "__hash__": None,
    }
    if frozen:
        methods["__hash__"] = lambda self: hash(compared(self))
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
        methods |= {"__getstate__": _getstate, "__setstate__": _setstate}
    return methods


if not TYPE_CHECKING:

    def dataclass(
        *, frozen: bool = False, slots: bool = False, kw_only: bool = False
    ) -> "Callable[[type], type]":
        """Return a decorator that makes a record of a class."""

        def decorate(cls: type) -> type:
            own = set(vars(cls))
            cls = dataclasses.dataclass(  # noqa: TID251 - which collects the fields
                init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
            )(cls)
            for name, method in _methods(cls, frozen=frozen).items():
                if name not in own:
                    setattr(cls, name, method)
            return cls

        return decorate
