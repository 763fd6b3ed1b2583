"""What `explain WORDS…` prints where no terminal wants colour: the answer without Typer."""

from zlib import crc32

from ngrok_scim_cli.diagnosis.okta.reasons import Judgement, judge_reason

_LONGEST = 16_384


def answer(words: list[str], pages: str) -> str | None:
    """Return what is printed, or ``None`` where nothing is known and Typer must say so.

    Only what is not among the kept ``pages`` is laid out anew, which takes twice as long.
    """
    what = " ".join(words)
    if " " in what and "{" not in what and len(what) < _LONGEST:  # neither a code nor an event
        judged = judge_reason(what)
        page = stored(page_key(judged), pages) if judged else ""
        context = stored(judged.context, pages) if judged and judged.context else ""
        if judged and page and bool(context) == bool(judged.context):
            title, _, rest = page.partition("\n  ")  # a long title has two lines
            return f"{title}\n{context}  {rest}"
    from ngrok_scim_cli.diagnosis.explain import answer_of, explain
    from ngrok_scim_cli.diagnosis.finding import Result, Verdict
    from ngrok_scim_cli.report import Format, render

    explanation = explain(what)
    if explanation is None:
        return None
    return render(Result("explain", Verdict.PASS, payload=answer_of(explanation)), Format.TEXT)


def page_key(judged: Judgement) -> str:
    """Return under which name the page of a judgement is kept; it tells its causes, too."""
    return f"{judged.row.sentence} {crc32(repr(judged.causes).encode()):x}"


def stored(name: str, pages: str) -> str:
    """Return the page of that name; empty where there is none."""
    return pages.partition(f"\f{name}\f")[2].partition("\n")[2].partition("\f")[0]
