"""The help page of every command, as Typer prints it, so that it can be kept ready."""

import importlib
from collections.abc import Iterator

from typer.main import get_command
from typer.testing import CliRunner

from ngrok_scim_cli.cli.app import COMMANDS, app

# Wide enough for the longest option, narrow enough for the smallest terminal that people use.
WIDTH = 80


def help_pages() -> dict[str, str]:
    """Return the name of each kept help page (``ngrok-scim_setup.txt``) and its text."""
    return {"_".join(["ngrok-scim", *words]) + ".txt": _page(words) for words in _all_words()}


def _all_words() -> Iterator[list[str]]:
    yield []
    for name, module in COMMANDS.items():
        yield [name]
        command = get_command(importlib.import_module(f"ngrok_scim_cli.cli.commands.{module}").app)
        for below in getattr(command, "commands", ()):
            yield [name, below]


def _page(words: list[str]) -> str:
    result = CliRunner().invoke(
        app, [*words, "--help"], prog_name="ngrok-scim", terminal_width=WIDTH
    )
    if result.exit_code:
        raise RuntimeError(f"there is no help page of {' '.join(words)}") from result.exception
    return result.output
