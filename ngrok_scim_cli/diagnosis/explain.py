"""What a code or a sentence of Okta's means. Offline."""

import re
from dataclasses import asdict, dataclass
from typing import ClassVar

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import Payload, Section, Severity
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS, page_of
from ngrok_scim_cli.diagnosis.okta.sentences import OKTA_SENTENCES, Cause, OktaSentence
from ngrok_scim_cli.text.near_misses import distance

_MEANINGS = {
    Severity.ERROR: "An error: provisioning does not work until this is repaired.",
    Severity.WARNING: "A warning: it works, but something is likely to go wrong.",
    Severity.NOTICE: "A notice: nothing is wrong, but it is good to know.",
}
_FINDING_CODE = re.compile(r"[A-Z]{3}\d{3}", re.IGNORECASE)
_NGROK_CODE = re.compile(
    r"(?:ERR[_ -]?NGROK|NGROK[_ -]?ERR)[_ -]?(\d{1,6})\b", re.IGNORECASE | re.ASCII
)
_WHITE = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s_-]")
_AROUND = " \"'“”\u2018\u2019`[](),.;:"
_SHORTEST_PART = 4
_LONGEST = 4096
_SUGGESTIONS = 3
_SHORTEST_CODE = 2
_SLIPS = 2


@dataclass(frozen=True, slots=True)
class Explanation:
    """What something means, and what to do about it.

    Attributes:
        what: what is explained: a code, or Okta's sentence.
        kind: ``finding``, ``ngrok`` or ``okta``.
        title: what it says, in short.
        meaning: what it means, in a sentence or two.
        causes: what is behind it, the likeliest first, each with its fix.
        more: where the documentation tells more; may be empty.
    """

    what: str
    kind: str
    title: str
    meaning: str
    causes: tuple[Cause, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Explained(Payload):
    """The answer to a question.

    Attributes:
        explanation: what it means; ``None`` where that is not known.
        nearest: what may have been meant instead.
    """

    is_answer: ClassVar[bool] = True

    explanation: Explanation | None
    nearest: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        told = asdict(self.explanation) if self.explanation else None
        return {"explanation": told, "nearest": list(self.nearest)}

    def sections(self) -> tuple[Section, ...]:
        """Return what it means, and each cause with its fix."""
        told = self.explanation
        if told is None:
            return ()
        several = len(told.causes) > 1
        meaning = Section(f"{told.what}: {told.title}", lines=(told.meaning,))
        causes = (
            Section(
                f"{number}. {item.cause}{_codes(item)}" if several else "",
                lines=() if several else (item.cause,),
                rows=(("Fix", item.fix),),
            )
            for number, item in enumerate(told.causes, 1)
        )
        more = told.more if told.more.startswith("https://") else ""
        page = (Section(rows=(("More", more),)),) if more else ()
        heading = (Section(lines=("Causes, the likeliest first:",)),) if several else ()
        return (meaning, *heading, *causes, *page)


def _codes(cause: Cause) -> str:
    return f" ({', '.join(cause.codes)})" if cause.codes else ""


def explain(what: str) -> Explanation | None:
    """Return what ``what`` means, or ``None`` where it is not known.

    Args:
        what: a finding code, one of ngrok's codes (``ERR_NGROK_203``, ``NGROK_ERR_203`` or
            ``203``) by itself or in a message, an HTTP status, or what Okta showed, whole or a
            part; in any case.
    """
    asked = _WHITE.sub(" ", what[:_LONGEST]).strip(_AROUND)
    code = _SEPARATORS.sub("", asked).upper()
    if code in CATALOGUE:
        return _explain_finding(code)
    named = _NGROK_CODE.search(asked)
    if named:
        return _explain_ngrok(int(named[1]))
    if asked.isascii() and asked.isdigit():
        number = int(asked[:6])
        if number in NGROK_ERRORS:
            return _explain_ngrok(number)
        sentence = next((item for item in OKTA_SENTENCES if item.status == number), None)
    else:
        sentence = _sentence(asked.lower())
    return _explain_sentence(sentence) if sentence else None


def nearest(what: str) -> tuple[str, ...]:
    """Return what could have been meant by ``what``, the likeliest first; may be empty."""
    from difflib import get_close_matches

    asked = _WHITE.sub(" ", what[:_LONGEST]).strip(_AROUND)
    if asked.isascii() and asked.isdigit():
        return tuple(code for code in CATALOGUE if code.endswith(asked.rjust(3, "?")))
    codes = _near_codes(_SEPARATORS.sub("", asked).upper())
    names = {name.lower(): name for name in _names()}
    close = get_close_matches(asked.lower()[:200], names, n=_SUGGESTIONS, cutoff=0.5)
    return (codes or tuple(names[name] for name in close))[:_SUGGESTIONS]


def _near_codes(asked: str) -> tuple[str, ...]:
    """Return the codes of the catalogue that are like ``asked``, the likeliest first."""
    if len(asked) < _SHORTEST_CODE:
        return ()
    slips = {code: distance(asked, code) for code in CATALOGUE}
    number = asked[3:] if _FINDING_CODE.fullmatch(asked) else "-"
    near = (
        code
        for code in CATALOGUE
        if code.startswith(asked) or code.endswith(number) or slips[code] <= _SLIPS
    )
    return tuple(sorted(near, key=lambda code: (not code.endswith(number), slips[code])))


def _names() -> tuple[str, ...]:
    codes = tuple(f"ERR_NGROK_{code}" for code in NGROK_ERRORS)
    return (*codes, *(item.sentence for item in OKTA_SENTENCES))


def _explain_finding(code: str) -> Explanation:
    entry = CATALOGUE[code]
    slots = dict(entry.generic)
    cause = Cause(entry.cause.format_map(slots), entry.fix.format_map(slots), (code,))
    return Explanation(
        what=code,
        kind="finding",
        title=entry.title.format_map(slots),
        meaning=_MEANINGS[entry.severity],
        causes=(cause,),
        more=f"docs/findings.md#{code.lower()}",
    )


def _explain_ngrok(number: int) -> Explanation:
    known = NGROK_ERRORS.get(number)
    name = f"ERR_NGROK_{number}"
    if known is None:
        return Explanation(
            what=name,
            kind="ngrok",
            title="An error of ngrok's that is not described here",
            meaning="ngrok has a page about each of its codes.",
            causes=(Cause("Only ngrok's page tells it.", f"Read {page_of(number)}."),),
            more=page_of(number),
        )
    codes = (known.finding,) if known.finding in CATALOGUE else ()
    return Explanation(
        what=name,
        kind="ngrok",
        title=known.meaning.rstrip("."),
        meaning="An error code of ngrok's, which stands in the server's answer.",
        causes=(Cause(" Or: ".join(known.causes), known.fix, codes),),
        more=known.more,
    )


def _explain_sentence(item: OktaSentence) -> Explanation:
    return Explanation(
        what=item.sentence,
        kind="okta",
        title=item.title,
        meaning=item.meaning,
        causes=item.causes,
    )


def _sentence(asked: str) -> OktaSentence | None:
    """Return the first sentence that stands in ``asked``, or that ``asked`` is a part of."""
    for item in OKTA_SENTENCES:
        if any(_holds(asked, key) for key in (item.sentence.lower(), *item.keys)):
            return item
    if len(asked) < _SHORTEST_PART:
        return None
    return next((item for item in OKTA_SENTENCES if asked in item.sentence.lower()), None)


def _holds(asked: str, key: str) -> bool:
    """Tell whether the pieces of ``key`` stand in ``asked``, one behind the other, as words."""
    pieces = [re.escape(piece.strip(_AROUND + "'(")) for piece in key.split("…")]
    pattern = r"(?<!\w)" + ".*?".join(pieces) + r"(?!\w)"
    return re.search(pattern, asked) is not None
