"""Makes a command of a function that takes one record of options."""

import inspect
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import MISSING, fields
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand
from typer.models import ArgumentInfo

from ngrok_scim_cli.cli.runtime.options import PARAMETER, Options

_OTHER = "Help"

# The widest label that has its text beside it, in columns.
_LABELS = 26

_Record = TypeVar("_Record", bound="Options")


class Command(TyperCommand):
    """A command whose help page groups its options by purpose and ends with examples."""

    examples: tuple[str, ...] = ()

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options under their headings."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            row = param.get_help_record(ctx)
            if row is not None:
                is_argument = param.param_type_name == "argument"
                heading = "Arguments" if is_argument else getattr(param, "rich_help_panel", None)
                groups.setdefault(heading or _OTHER, []).append(row)
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl(rows, col_max=_LABELS)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples, a line each."""
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"  {ctx.command_path} {example}".rstrip() + "\n")


def new_app(text: str | None = None) -> typer.Typer:
    """Return what a command is added to; with a ``text`` for its help page, a group of commands."""
    return typer.Typer(
        rich_markup_mode=None, add_completion=False, no_args_is_help=text is not None, help=text
    )


def command(
    app: typer.Typer, name: str | None = None, *, examples: tuple[str, ...] = ()
) -> Callable[[Callable[[_Record], int]], Callable[[_Record], int]]:
    """Add the decorated function to ``app`` as a command.

    Its docstring is the help page; ``examples`` are what follows the command's name. Each
    field of its record that carries a Typer option or argument is one on the command line: first
    those of the record's own class, then those of its bases, under the ``heading`` of each.
    """

    def register(work: Callable[[_Record], int]) -> Callable[[_Record], int]:
        (taken,) = inspect.signature(work, eval_str=True).parameters.values()
        record = taken.annotation

        def run(**values: Any) -> int:
            return work(record(**values))

        run.__name__, run.__doc__ = work.__name__, work.__doc__
        run.__signature__ = inspect.Signature(list(_parameters(record)))  # type: ignore[attr-defined]
        kind = type("Command", (Command,), {"examples": examples})
        app.command(name=name, cls=kind)(run)
        return work

    return register


def _parameters(record: type[Options]) -> Iterator[inspect.Parameter]:
    taken: set[str] = set()
    for owner in (kind for kind in record.__mro__ if issubclass(kind, Options)):
        known = {item.name: item for item in fields(owner)}
        for name, kind in inspect.get_annotations(owner, eval_str=True).items():
            item = known.get(name)
            if item is None or name in taken or PARAMETER not in item.metadata:
                continue
            taken.add(name)
            shown = copy(item.metadata[PARAMETER])
            if not isinstance(shown, ArgumentInfo):
                shown.rich_help_panel = owner.heading
            yield inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=inspect.Parameter.empty if item.default is MISSING else item.default,
                annotation=Annotated[kind, shown],
            )
