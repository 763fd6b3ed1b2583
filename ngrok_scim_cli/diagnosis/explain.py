"""What a code, a sentence or a pasted event means. Offline."""

import re
from dataclasses import asdict

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, finding
from ngrok_scim_cli.diagnosis.finding import HOW_SURELY, Payload, Section, Severity
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS
from ngrok_scim_cli.diagnosis.okta.reasons import Judgement, judge_reason, worded
from ngrok_scim_cli.diagnosis.okta.rows import Cause
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.phrases import distance

_MEANINGS = {
    Severity.ERROR: "An error: provisioning does not work until this is repaired.",
    Severity.WARNING: "A warning: it works, but something is likely to go wrong.",
    Severity.NOTICE: "A notice: nothing is wrong, but it is good to know.",
}
_FINDING_CODE = re.compile(r"[A-Z]{3}\d{3}", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s_-]")
_AROUND = " \t\r\n\"'“”\u2018\u2019`[](),.;:"
# Characters.
_LONGEST = 16_384
LONGEST_PASTE = 1_000_000
_SUGGESTIONS = 3
_SHORTEST_CODE = 2
_LONGEST_CODE = 8
_MOST_TYPOS = 2


@dataclass(frozen=True, slots=True)
class Explanation:
    """What something means, and what to do about it.

    Attributes:
        what: what is explained: a code, or Okta's sentence.
        context: what Okta was doing, where that is known; in JSON it begins ``meaning``.
    """

    what: str
    kind: str
    title: str
    meaning: str
    causes: tuple[Cause, ...]
    more: str = ""
    context: str = ""


def answer_of(explained: Explanation | None, nearest: tuple[str, ...] = ()) -> Payload:
    """Return the answer to a question; ``nearest`` is what may have been meant instead."""
    if explained is None:
        return Payload({"explanation": None, "nearest": list(nearest)})
    fields = asdict(explained)
    fields["meaning"] = f"{fields.pop('context')} {explained.meaning}".strip()
    fields["causes"] = [
        {name: value for name, value in cause._asdict().items() if name != "stages"}
        for cause in explained.causes
    ]
    lines = tuple(filter(None, (explained.context, explained.meaning)))
    sections = [Section(f"{explained.what}: {explained.title}", lines=lines)]
    if len(explained.causes) == 1:
        only = explained.causes[0]
        sections.append(Section(lines=(_with_certainty(only),), rows=(("Fix", only.fix),)))
    else:
        sections.append(Section(lines=("Causes, the likeliest first:",)))
        for number, cause in enumerate(explained.causes, 1):
            codes = f" ({', '.join(cause.codes)})" if cause.codes else ""
            title = f"{number}. {_with_certainty(cause)}{codes}"
            sections.append(Section(title, rows=(("Fix", cause.fix),)))
    if explained.more.startswith("https://"):
        sections.append(Section(rows=(("More", explained.more),)))
    return Payload({"explanation": fields, "nearest": list(nearest)}, tuple(sections))


def _with_certainty(cause: Cause) -> str:
    return f"{cause.cause} {HOW_SURELY.get(cause.certainty, '')}".strip()


def explain(what: str) -> Explanation | None:
    """Return what ``what`` means, or ``None`` where it is not known.

    Args:
        what: a finding code, one of ngrok's codes (``ERR_NGROK_203``, ``NGROK_ERR_203`` or
            ``203``) by itself or in a message, an HTTP status, what Okta or a server said, whole
            or a part, in any case, or events of the System Log as JSON.
    """
    asked = what[:_LONGEST].strip(_AROUND)
    code = _SEPARATORS.sub("", asked[:_LONGEST_CODE]).upper()
    if code in CATALOGUE and len(asked) <= _LONGEST_CODE:
        found = finding(code, "")
        cause = Cause(found.cause, found.fix, (code,), found.certainty)
        meaning = _MEANINGS[found.severity]
        return Explanation(code, "finding", found.title, meaning, (cause,), found.more)
    if asked in NGROK_ERRORS:
        asked = f"ERR_NGROK_{asked}"
    if "{" in what:
        from ngrok_scim_cli.diagnosis.okta.system_log import judge_pasted, pasted_event

        if event := pasted_event(what[:LONGEST_PASTE]):
            judged = judge_pasted(event)
            return explain_judgement(judged) if judged else None
    judged = judge_reason(asked)
    return explain_judgement(judged) if judged else None


def nearest(what: str) -> tuple[str, ...]:
    """Return which codes ``what`` is close to, the likeliest first; may be empty."""
    asked = _SEPARATORS.sub("", what[:_LONGEST].strip(_AROUND)).upper()
    if not _SHORTEST_CODE < len(asked) <= _LONGEST_CODE or not asked.isalnum():
        return ()
    if asked.isascii() and asked.isdigit():
        return tuple(code for code in CATALOGUE if code.endswith(asked))[:_SUGGESTIONS]
    number = asked[3:] if _FINDING_CODE.fullmatch(asked) else "-"
    typos = {code: distance(asked, code) for code in CATALOGUE}
    near = [
        code
        for code in CATALOGUE
        if code.startswith(asked) or code.endswith(number) or typos[code] <= _MOST_TYPOS
    ]
    near.sort(key=lambda code: (not code.endswith(number), typos[code]))
    return tuple(near[:_SUGGESTIONS])


def explain_judgement(judged: Judgement) -> Explanation:
    """Return the explanation of what is behind a reason."""
    row, kind = judged.row, "ngrok" if judged.more else "okta"
    causes = tuple(worded(cause) for cause in judged.causes)
    return Explanation(
        row.sentence, kind, row.title, row.meaning, causes, judged.more, judged.context
    )
