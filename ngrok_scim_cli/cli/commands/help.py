"""`ngrok-scim help` and `ngrok-scim version`; both are answered before Typer is loaded."""

from __future__ import annotations

import typer

from ngrok_scim_cli import __version__
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, argument
from ngrok_scim_cli.cli.runtime.output import tell
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.records import dataclass

app = typer.Typer(rich_markup_mode=None, add_completion=False)
version_app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, kw_only=True)
class HelpOptions(Options):
    """What `help` takes."""

    words: list[str] | None = argument("[COMMAND]...", "The command.", default=None)


@command(app, "help", examples=("ngrok-scim help", "ngrok-scim help users trace"))
def help_command(options: HelpOptions) -> int:
    """Show the help page of a command."""
    # A page that exists was printed before this module was loaded.
    raise UsageError(
        f"No such command {' '.join(options.words or ())!r}.", advice="See: ngrok-scim --help"
    )


@command(version_app, "version", examples=("ngrok-scim version",))
def version(options: Options) -> int:
    """Show the version."""
    del options
    tell(f"ngrok-scim {__version__}")
    return 0
