"""`ngrok-scim help` and `version`, which are answered before Typer is loaded, and `completion`."""

from enum import StrEnum

import typer

from ngrok_scim_cli import __version__
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, argument
from ngrok_scim_cli.cli.runtime.output import print_stdout
from ngrok_scim_cli.errors import UsageError

_VARIABLE = "_NGROK_SCIM_COMPLETE"

# A file that zsh loads by itself has to complete at once, not only from the next time on.
_ZSH_REGISTERS = "compdef _ngrok_scim_completion ngrok-scim"
_ZSH_COMPLETES = f"""\
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _ngrok_scim_completion "$@"
else
  {_ZSH_REGISTERS}
fi"""

Shell = StrEnum("Shell", ("BASH", "ZSH", "FISH", "POWERSHELL"))


class HelpOptions(Options):
    words: list[str] | None = argument("[COMMAND]...", "The command.", default=None)


@command("help", examples=("", "users trace"))
def help_command(options: HelpOptions) -> int:
    """Show the help page of a command."""
    # A page that exists was printed before this module was loaded.
    raise UsageError(
        f"No such command {' '.join(options.words or ())!r}.", advice="See: ngrok-scim --help"
    )


@command("version", examples=("",))
def version(_: Options) -> int:
    """Show the version."""
    print_stdout(f"ngrok-scim {__version__}")
    return 0


class CompletionOptions(Options):
    shell: Shell = argument("bash|zsh|fish|powershell", "The shell.")


@command("completion", examples=("bash", "fish"))
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
