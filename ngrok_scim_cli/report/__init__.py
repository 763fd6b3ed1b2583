"""A result as text, JSON, Markdown, JUnit XML, SARIF, HTML or OpenMetrics; each returns a string.

May import: diagnosis, form, text, wire.
"""

from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.report.style import PLAIN, Format, Style

__all__ = ["PLAIN", "Format", "Style", "render"]


def render(result: Result, format_: Format, *, style: Style = PLAIN) -> str:
    """Return ``result`` in the format ``format_``; it ends with exactly one line break.

    Only the module of that format is loaded. Whoever calls this has redacted ``result``.
    """
    if result.profile or result.profiles or result.sandbox is not None:
        from ngrok_scim_cli.report.wording import result_in_place

        result = result_in_place(result)
    match format_:
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
