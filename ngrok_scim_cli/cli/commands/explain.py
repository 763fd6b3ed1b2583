"""`ngrok-scim explain`: what a code or a sentence of Okta's means, offline."""

import textwrap
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated

import typer

from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, OutputOptions
from ngrok_scim_cli.cli.runtime.output import show, tell
from ngrok_scim_cli.diagnosis.explain import Explanation, explain, nearest
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.report import Format

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_WIDTH = 96


class ExplainFormat(StrEnum):
    """How to print an explanation."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class ExplainOptions(Options):
    """What `explain` takes."""

    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT", help="A code (KEY202, ERR_NGROK_203) or the sentence that Okta showed."
        ),
    ]
    format_: Annotated[ExplainFormat, typer.Option("--format", help="How to print it.")] = (
        ExplainFormat.TEXT
    )


@command(app, "explain")
def explain_command(options: ExplainOptions) -> int:
    """Say what a code or a sentence of Okta's means.

    Works offline, and says what to do.
    """
    asked = " ".join(options.what)
    explanation = explain(asked)
    if options.format_ is ExplainFormat.JSON:
        show(_as_result(asked, explanation), OutputOptions(format_=Format.JSON))
    elif explanation:
        tell(_as_text(explanation))
    if explanation is None:
        close = ", ".join(nearest(asked))
        raise UsageError(
            "Nothing is known of that.",
            advice=f"Did you mean: {close}?" if close else "Every code stands in docs/findings.md.",
        )
    return 0


def _as_result(asked: str, explanation: Explanation | None) -> Result:
    verdict = Verdict.PASS if explanation else Verdict.INCOMPLETE
    told = asdict(explanation) if explanation else None
    close = () if explanation else nearest(asked)
    return Result("explain", verdict, extra=(("explanation", told), ("nearest", close)))


def _as_text(explanation: Explanation) -> str:
    several = len(explanation.causes) > 1
    heading = _wrapped(f"{explanation.what}: {explanation.title}", "")
    lines = [*heading, "", *_wrapped(explanation.meaning, "")]
    if several:
        lines += ["", "Causes, the likeliest first:"]
    for number, cause in enumerate(explanation.causes, 1):
        codes = f"  ({', '.join(cause.codes)})" if several and cause.codes else ""
        lines += [
            "",
            *_wrapped(f"{f'{number}. ' if several else ''}{cause.cause}{codes}", "  "),
            *_wrapped(f"Fix: {cause.fix}", "     " if several else "  "),
        ]
    if explanation.more.startswith("https://"):
        lines += ["", f"More: {explanation.more}"]
    return "\n".join(lines)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
