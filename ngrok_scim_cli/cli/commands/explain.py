"""`ngrok-scim explain`: what a code or a sentence of Okta's means, offline."""

import sys

from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.ending import finish
from ngrok_scim_cli.cli.runtime.options import OUTPUT, Options, argument
from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.explain import LONGEST_PASTE, answer_of, explain, nearest
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.errors import UsageError


def _codes(incomplete: str) -> list[str]:
    return [code for code in CATALOGUE if code.startswith(incomplete.upper())]


class ExplainOptions(Options):
    what: list[str] = argument(
        "WHAT",
        "A code (KEY202, ERR_NGROK_203) or the message that Okta showed; - reads standard input.",
        autocompletion=_codes,
    )


@command("explain", OUTPUT, examples=("KEY202", "ERR_NGROK_203"))
def explain_command(options: ExplainOptions) -> int:
    """Explain a code or an error message: its cause and its fix.

    Works offline.
    """
    asked = " ".join(options.what)
    if options.what == ["-"]:
        asked = sys.stdin.buffer.read(LONGEST_PASTE).decode("utf-8", "replace")
    explanation = explain(asked)
    close = () if explanation else nearest(asked)
    verdict = Verdict.PASS if explanation else Verdict.INCOMPLETE
    explained = answer_of(explanation, close)
    if explanation or options.format_:
        finish("explain", options, lambda: Result("explain", verdict, payload=explained))
    if explanation is None:
        raise UsageError(
            "Unknown code or message.",
            advice=f"Did you mean: {', '.join(close)}?"
            if close
            else "Paste the whole message, in quotes, as Okta or the server shows it. "
            "`ngrok-scim doctor --list-checks` lists the codes.",
        )
    return 0
