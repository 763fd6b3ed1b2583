"""What `explain WORDS…` prints where no terminal wants colour: the answer without Typer."""

from ngrok_scim_cli.diagnosis.explain import Explained, explain
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.report import Format, render


def answer(words: list[str]) -> str | None:
    """Return what is printed, or ``None`` where nothing is known and Typer must say so."""
    explanation = explain(" ".join(words))
    if explanation is None:
        return None
    return render(Result("explain", Verdict.PASS, payload=Explained(explanation)), Format.TEXT)
