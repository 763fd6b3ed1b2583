"""What is kept ready: the help page of every command, and what `explain` prints for each code."""

from collections.abc import Iterator
from dataclasses import replace

from typer.testing import CliRunner

from ngrok_scim_cli.cli.app import COMMANDS, app, command_of
from ngrok_scim_cli.cli.explanation import page_key
from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.explain import Explanation, answer_of, explain_judgement
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS
from ngrok_scim_cli.diagnosis.okta.http_statuses import STATUSES
from ngrok_scim_cli.diagnosis.okta.reasons import judgements
from ngrok_scim_cli.diagnosis.okta.server_details import DETAILS
from ngrok_scim_cli.report import Format, render

# Wide enough for the longest option, narrow enough for the smallest terminal that people use.
WIDTH = 80


def help_pages() -> dict[str, str]:
    """Return the name of each kept help page (``ngrok-scim_setup.txt``) and its text."""
    return {
        "_".join(["ngrok-scim", *words]) + ".txt": _output([*words, "--help"])
        for words in _all_words()
    }


def explanations() -> str:
    """Return what `explain` prints for each code and sentence: a line of names, then the page.

    What Okta was doing is kept apart, since it may come before any sentence.
    """
    kept = {codes: _output(["explain", codes[0]]) for codes in _codes_by_page()}
    for judged in judgements():
        explanation = explain_judgement(judged)
        alone = replace(explanation, context="")
        kept[page_key(judged),] = _rendered(alone)
        if judged.context:
            first, _, _ = _rendered(replace(alone, meaning=judged.context)).partition("\n\n")
            kept[judged.context,] = first.partition("\n")[2] + "\n"
    return "".join(
        "".join((*(f"\f{name}" for name in names), "\f\n", page)) for names, page in kept.items()
    )


def _codes_by_page() -> Iterator[tuple[str, ...]]:
    """Return each code that is explained by itself, with all its spellings."""
    yield from ((code,) for code in CATALOGUE)
    for code in NGROK_ERRORS:
        name = f"ERR_NGROK_{code}"
        yield (name, f"NGROK_ERR_{code}", code) if code.isdigit() else (name,)
    statuses = {status for item in (*STATUSES, *DETAILS) for status in item.statuses}
    yield from ((str(status),) for status in sorted(statuses) if str(status) not in NGROK_ERRORS)


def _rendered(explanation: Explanation) -> str:
    return render(Result("explain", Verdict.PASS, payload=answer_of(explanation)), Format.TEXT)


def _all_words() -> Iterator[list[str]]:
    yield []
    for name in COMMANDS:
        yield [name]
        command = command_of(name)
        for below in getattr(command, "commands", ()):
            yield [name, below]


def _output(words: list[str]) -> str:
    result = CliRunner().invoke(app, words, prog_name="ngrok-scim", terminal_width=WIDTH)
    if result.exit_code:
        raise RuntimeError(f"there is no page of {' '.join(words)}") from result.exception
    return result.output
