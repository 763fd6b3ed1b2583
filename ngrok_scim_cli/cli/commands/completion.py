"""`ngrok-scim completion`: the completion script of any shell."""

from __future__ import annotations

from enum import StrEnum

import typer

from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, argument
from ngrok_scim_cli.records import dataclass

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_VARIABLE = "_NGROK_SCIM_COMPLETE"

# A file that zsh loads by itself has to complete at once, not only from the next time on.
_ZSH_REGISTERS = "compdef _ngrok_scim_completion ngrok-scim"
_ZSH_COMPLETES = f"""\
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _ngrok_scim_completion "$@"
else
  {_ZSH_REGISTERS}
fi"""


class Shell(StrEnum):
    """A shell whose completion is known."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


@dataclass(frozen=True, kw_only=True)
class CompletionOptions(Options):
    """What `completion` takes."""

    shell: Shell = argument("bash|zsh|fish|powershell", "The shell.")


@command(app, "completion", examples=("ngrok-scim completion bash", "ngrok-scim completion fish"))
def completion(options: CompletionOptions) -> int:
    """Print the completion script of a shell.

    It completes commands and options, and values: faults, codes, checks and profiles.
    """
    typer.echo(completion_script(options.shell))
    return 0


def completion_script(shell: Shell) -> str:
    """Return the script, to be sourced, or to lie where the shell looks for completions."""
    from typer._completion_shared import get_completion_script

    script = get_completion_script(
        prog_name="ngrok-scim", complete_var=_VARIABLE, shell=shell.value
    )
    return script.replace(_ZSH_REGISTERS, _ZSH_COMPLETES) if shell is Shell.ZSH else script
