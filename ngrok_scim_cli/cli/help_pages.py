"""What is kept ready: the help page of every command, and what `explain` prints for each code."""

from collections.abc import Iterator

from typer.main import get_command
from typer.testing import CliRunner

from ngrok_scim_cli.cli.app import COMMANDS, app, app_of
from ngrok_scim_cli.diagnosis.explain import codes_by_page

# Wide enough for the longest option, narrow enough for the smallest terminal that people use.
WIDTH = 80


def help_pages() -> dict[str, str]:
    """Return the name of each kept help page (``ngrok-scim_setup.txt``) and its text."""
    return {
        "_".join(["ngrok-scim", *words]) + ".txt": _output([*words, "--help"])
        for words in _all_words()
    }


def explanations() -> str:
    """Return what `explain` prints for each code: a line with its spellings, then the page."""
    return "".join(
        "".join((*(f"\f{code}" for code in codes), "\f\n", _output(["explain", codes[0]])))
        for codes in codes_by_page()
    )


def _all_words() -> Iterator[list[str]]:
    yield []
    for name in COMMANDS:
        yield [name]
        command = get_command(app_of(name))
        for below in getattr(command, "commands", ()):
            yield [name, below]


def _output(words: list[str]) -> str:
    result = CliRunner().invoke(app, words, prog_name="ngrok-scim", terminal_width=WIDTH)
    if result.exit_code:
        raise RuntimeError(f"there is no page of {' '.join(words)}") from result.exception
    return result.output
