"""A result as text, JSON, Markdown, JUnit XML or SARIF: pure functions, each returns a string."""

from dataclasses import dataclass
from enum import StrEnum

from ngrok_scim_cli.diagnosis.finding import Result


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"


@dataclass(frozen=True, slots=True)
class Style:
    """How to print for people.

    Attributes:
        width: the widest line, in columns; taken as 40 to 100 (text only).
        unicode: whether the reader's screen can show more than ASCII (text and Markdown).
        links: make a code a terminal hyperlink, where its ``more`` is an https address (text
            only).
    """

    colour: bool = False
    width: int = 100
    unicode: bool = True
    verbose: bool = False
    links: bool = False


PLAIN = Style()


def render(result: Result, form: Format, *, style: Style = PLAIN) -> str:
    """Return ``result`` in the format ``form``; it ends with exactly one line break.

    Only the module of that format is loaded. Whoever calls this has redacted ``result``.
    """
    if result.profile or result.profiles:
        from ngrok_scim_cli.report.commands import result_on_profile

        result = result_on_profile(result)
    match form:
        case Format.JSON:
            from ngrok_scim_cli.report.json_report import render_json

            return render_json(result)
        case Format.TEXT:
            from ngrok_scim_cli.report.text import render_text

            return render_text(result, style)
        case Format.MARKDOWN:
            from ngrok_scim_cli.report.markdown import render_markdown

            return render_markdown(result, style)
        case Format.JUNIT:
            from ngrok_scim_cli.report.junit import render_junit

            return render_junit(result)
        case Format.SARIF:
            from ngrok_scim_cli.report.sarif import render_sarif

            return render_sarif(result)
