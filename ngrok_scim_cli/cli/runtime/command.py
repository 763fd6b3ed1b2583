"""Makes a command of a function that takes one record of options, and perhaps a session."""

import inspect
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import MISSING, fields
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand
from typer.models import ArgumentInfo

from ngrok_scim_cli.cli.runtime.options import PARAMETER, Options, heading_of

# The widest label that has its text beside it, in columns.
_LABELS = 26

# The help texts of the groups of commands.
_GROUPS = {
    "api-key": "Make, show, replace or revoke the API key that goes into Okta.",
    "domain": "The e-mail domains that ngrok must allow.",
    "profile": "Show what is set up on this machine, or delete it.",
    "users": "List the users, audit all of them, or trace one person.",
}

apps: dict[str, typer.Typer] = {}
"""The commands of the modules that are imported, by the first word of their names."""

_Work = TypeVar("_Work", bound=Callable[..., Any])


class Command(TyperCommand):
    """A command whose help page groups its options by purpose and ends with examples."""

    examples: tuple[str, ...] = ()

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options under their headings."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            row = param.get_help_record(ctx)
            if row is not None:
                heading = getattr(param, "rich_help_panel", None) or "Help"
                groups.setdefault(heading, []).append(row)
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl(rows, col_max=_LABELS)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples, a line each."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"  {ctx.command_path} {example}".rstrip() + "\n")


def command(
    name: str,
    takes: tuple[str, ...] = (),
    *,
    examples: tuple[str, ...],
    **how: bool,
) -> Callable[[_Work], _Work]:
    """Make the command ``name``, like ``users list``, of the decorated function.

    It takes a record of options and returns the exit status. Where it takes a session, too, it
    returns a ``Result``, which is printed; ``how`` goes to ``open_session``.

    Its docstring is the help page; ``examples`` are what follows the command's name. On the command
    line are the options of the record's own class, those of its bases, and the shared options that
    ``takes`` names.
    """

    def register(work: _Work) -> _Work:
        record, *session = (
            taken.annotation for taken in inspect.signature(work, eval_str=True).parameters.values()
        )

        def run(**values: Any) -> int:
            options = record(**values)
            if session:
                return run_in_session(name, options, work, **how)
            status: int = work(options)
            return status

        run.__doc__ = work.__doc__
        run.__signature__ = inspect.Signature(list(_parameters(record, takes)))  # type: ignore[attr-defined]
        kind = type("Command", (Command,), {"examples": examples})
        first, _, own = name.partition(" ")
        if first not in apps:
            text = _GROUPS.get(first)
            apps[first] = typer.Typer(
                rich_markup_mode=None, add_completion=False, no_args_is_help=bool(own), help=text
            )
        apps[first].command(name=own or first, cls=kind)(run)
        return work

    return register


def run_in_session(
    name: str, options: Any, work: Callable[..., Any], *, show_result: Any = None, **how: bool
) -> int:
    """Do ``work`` in a session, print its result as ``finish`` does, return the exit status."""
    from ngrok_scim_cli.cli.runtime import session
    from ngrok_scim_cli.cli.runtime.ending import finish

    def in_session() -> Any:
        with session.open_session(options, **how) as opened:
            return work(options, opened)

    return finish(name, options, in_session, show_result=show_result)


def _parameters(record: type[Options], takes: tuple[str, ...]) -> Iterator[inspect.Parameter]:
    rows = [
        (name, kind, owner.heading)
        for owner in record.__mro__
        if issubclass(owner, Options) and owner is not Options
        for name, kind in inspect.get_annotations(owner, eval_str=True).items()
    ]
    shared = inspect.get_annotations(Options)
    rows += [(name, shared[name], heading_of(name)) for name in takes]
    known = {item.name: item for item in fields(record)}
    for name, kind, heading in rows:
        item = known[name]
        shown = copy(item.metadata[PARAMETER])
        shown.rich_help_panel = "Arguments" if isinstance(shown, ArgumentInfo) else heading
        yield inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if item.default is MISSING else item.default,
            annotation=Annotated[kind, shown],
        )
