"""`ngrok-scim completion`: the completion script of any shell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_VARIABLE = "_NGROK_SCIM_COMPLETE"


class Shell(StrEnum):
    """A shell whose completion is known."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


@dataclass(frozen=True, kw_only=True)
class CompletionOptions(Options):
    """What `completion` takes."""

    shell: Annotated[Shell, typer.Argument(metavar="bash|zsh|fish|powershell", help="The shell.")]


@command(
    app,
    "completion",
    examples=(
        "ngrok-scim completion bash",
        "ngrok-scim completion fish",
    ),
)
def completion(options: CompletionOptions) -> int:
    """Print the completion script of a shell.

    It completes commands and options, and values: faults, codes, checks and profiles.
    """
    from typer._completion_shared import get_completion_script

    typer.echo(
        get_completion_script(
            prog_name="ngrok-scim", complete_var=_VARIABLE, shell=options.shell.value
        )
    )
    return 0
