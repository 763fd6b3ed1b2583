"""The one judge of reasons: what is behind a sentence, for `explain` and for the System Log alike.

First what Okta was doing is recognised, then what the remote server said (ngrok's own codes and
messages, then the words of many servers), then the status. ``null`` counts only as the whole
reason.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.ngrok.error_codes import (
    FAULT_OF_OURS,
    NGROK_ERRORS,
    NgrokError,
    code_in,
    error_said_in,
    page_of,
)
from ngrok_scim_cli.diagnosis.okta import clicks
from ngrok_scim_cli.diagnosis.okta.causes import DOCUMENTED, Cause, Saying
from ngrok_scim_cli.diagnosis.okta.combinations import (
    SITUATIONS,
    field_in,
    single_word_in,
    situation_in,
    thing_in,
)
from ngrok_scim_cli.diagnosis.okta.http_statuses import (
    BAD_REQUEST,
    BAD_REQUEST_FOR_A_REASON,
    STATUSES,
    has_a_subject,
    status_in,
)
from ngrok_scim_cli.diagnosis.okta.sentences import (
    HEADINGS,
    LOOK_UP_REFUSED,
    NO_ANSWER,
    PLAIN_TEXT,
    SENTENCES,
    SYNC_FAILED,
    WEB_PAGE,
)
from ngrok_scim_cli.diagnosis.okta.server_details import (
    DEACTIVATION_REFUSED,
    DETAILS,
    FIREWALL,
    FORBIDDEN_FOR_A_PERSON,
    SIGN_IN,
)
from ngrok_scim_cli.diagnosis.okta.stages import Stage, behind_remote, stage_in
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import completed, corrected, stands, words, words_of

# Okta's own steps, with the names of people and apps behind them, which may be any words.
_STEPS = (
    *("verifying if user", "creating user", "activating user", "profile update for"),
    *("provisioning of user", "profile push of", "activation of user", "updating user"),
    "deprovisioning user",
)
_STEP = lazy_pattern(
    r"\b(verifying if user|(?:while )?creating user(?!(?-i: group\b))|(?:re|de)?activating user"
    r"|profile update for|(?:de)?provisioning of user|profile push of(?: user)?"
    r"|(?:de|re)activation of user|updating user(?!(?-i: group\b))|deprovisioning user)"
    r"(?: ([^:]{1,200}?))?( exists\b| to app\b|:|$)",
    re.IGNORECASE,
)
_APP = lazy_pattern(r"\b(to app|in app) (?!failed\b)[^:]{1,100}?( failed\b|:)", re.IGNORECASE)
_NULL = lazy_pattern(
    r"(?:^|:)\W*(?:null|none|no reason(?: given)?|n/a)\W*"
    r"(?:$|the connector configuration could not|rescheduling)",
    re.IGNORECASE,
)
# Where a reply in JSON says in words what is wrong.
_MESSAGE = lazy_pattern(
    r"""["'](?:detail|message|msg|error|(?:error_?)?description|errorsummary|faultstring)["']\s*:\s*
    (["'])(.{1,500}?)(?<!\\)\1\s*[,}]""",
    re.IGNORECASE | re.VERBOSE,
)
# Less is no part of a sentence that tells it from others.
_FEWEST_WORDS = 3
_SHORTEST_START = 6
# A longer text is no sentence of which somebody mistyped a word.
_MOST_CORRECTED = 60
_CAMEL_CASE = lazy_pattern(r"([a-z])([A-Z])")
# What stands before the reason in a sentence of Okta's, or of somebody's.
_BEHIND = lazy_pattern(r":\s|\b(?:because|due to|since)\b", re.IGNORECASE)
_NOTHING_LEFT = Cause(
    "The server says that the account is gone, so there is nothing to deactivate.",
    clicks.SEE_GONE,
    ("OKT909",),
    DOCUMENTED,
)
# A deactivation is not helped by what helps an update. One that failed for a moment can be sent
# again; another fails again.
_OF_A_MOMENT = dict.fromkeys(
    (clicks.RETRY, clicks.LOOK_AT_STATUS, clicks.WAIT), clicks.DEACTIVATE_AGAIN
)
_FOR_A_DEACTIVATION = _OF_A_MOMENT | dict.fromkeys(
    (clicks.ASSIGN_AGAIN, clicks.TRACE, clicks.TEST, clicks.REHEARSE), clicks.HAVE_DEACTIVATED
)
# What may be wrong beside groups, passwords and imports, since it would concern each call.
_OF_THE_WHOLE_APP = frozenset(
    {clicks.TEST_KEY, clicks.TEST, clicks.SET_BASE_URL, clicks.LOOK_AT_STATUS, clicks.ALLOW_OKTA}
    | {clicks.ASK_THE_FIREWALL, clicks.WAIT_FOR_OKTA}
)
_OF_A_PERSON = frozenset({Stage.ACCOUNT, Stage.PROFILE, Stage.REACTIVATION, Stage.DEACTIVATION})
# What is refused with these statuses is this person, and not the key or the address.
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_CONFLICT = 409
_OF_A_REFUSAL = frozenset({400, 402, _FORBIDDEN, _CONFLICT, 412, 422, 424})
# A deactivation creates nobody, so a conflict is about the person, and not about another account.
_OF_ANOTHER_ACCOUNT = frozenset({"User already exists", "Conflict"})
# Rows that speak of an attribute, because of words that may stand with anything.
_OF_ANY_THING = frozenset({"An attribute is not accepted", "An attribute is required"})
# The findings about what Okta sends, and about how.
_OF_DATA = frozenset({"OKT914", "OKT915", "SCM507", "FRM306"})


class Judgement(NamedTuple):
    """What is behind a reason.

    Attributes:
        saying: what it says; ``None`` where only ngrok's own error tells.
        warning: what holds until it is mended, whatever the cause is.
    """

    saying: Saying | None
    causes: tuple[Cause, ...]
    stage: Stage | None = None
    ngrok_code: str = ""
    warning: str = ""

    @property
    def context(self) -> str:
        """What Okta was doing, where that is more than calling ngrok, and the warning."""
        if self.stage in (None, Stage.CALL):
            return ""
        return f"It failed while Okta was {self.stage}. {self.warning}".strip()


def judge_reason(text: str, stage: Stage | None = None) -> Judgement | None:
    """Say what is behind ``text``, or ``None`` where nothing is known of it.

    Args:
        stage: what Okta was doing, where that is known from elsewhere.
    """
    plain = without_names(text)
    if "app " in plain.lower():
        plain = _APP.sub(r"\1 …\2", plain)
    situation = None if stage else situation_in(plain)
    stage = stage or stage_in(plain)
    if _has_steps(plain):
        plain = _STEP.sub(r"\3", plain).replace(" exists:", ":")
    if "ngrok" in plain.lower() and (code := code_in(plain)):
        return _of_ngrok(code, stage)
    told = _told(plain, stage)
    for reading in _readings(plain):
        if error := error_said_in(reading):
            return _of_ngrok(error.code, stage)
        if found := _saying(reading, told, plain, stage, situation):
            return _judgement(found, stage)
    reading = words(plain)
    if not stage and stands(reading, HEADINGS[Stage.CALL].known_by):
        stage = Stage.CALL
    return heading(stage) if stage else _part(reading)


def without_names(text: str) -> str:
    """Return ``text`` without the names of people that Okta's own sentences hold."""
    return _STEP.sub(_unnamed, text) if _has_steps(text) else text


def _has_steps(text: str) -> bool:
    plain = text.lower()
    return any(step in plain for step in _STEPS)


def _unnamed(step: re.Match[str]) -> str:
    return f"{step[1]} …{step[3]}" if step[2] else step[0]


def heading(stage: Stage | None) -> Judgement:
    """Return what is known where only ``stage`` is."""
    return _judgement(HEADINGS[stage or Stage.CALL], stage)


def _readings(plain: str) -> Iterator[str]:
    """Return the words of a text as they stand, as they were probably meant, and not cut off."""
    as_typed = words(plain)
    yield as_typed
    if len(as_typed.split()) > _MOST_CORRECTED:
        return
    rows = (*SENTENCES, *DETAILS, *STATUSES)
    known = words_of(" ".join(item.known_by for item in rows))
    meant = corrected(as_typed, known)
    if meant != as_typed:
        yield meant
    yield from completed(as_typed, known)


def _told(plain: str, stage: Stage | None) -> str:
    """Return what the server said, as far as it stands apart; else nothing."""
    behind = behind_remote(plain)
    text = behind or plain
    quoted = _MESSAGE.finditer(text) if '"' in text or "'" in text else ()
    told = " ".join(found[2] for found in quoted) or behind
    if told or stage not in _OF_A_PERSON:
        return told
    clause = _BEHIND.split(plain)[-1]
    is_reason = clause != plain and not _is_null(plain) and not status_in(words(clause), clause)
    return clause if is_reason else ""


def _is_null(plain: str) -> bool:
    return any(one in plain.lower() for one in ("null", "none", "no reason", "n/a")) and bool(
        _NULL.search(plain)
    )


def _saying(
    reading: str, told: str, plain: str, stage: Stage | None, situation: Saying | None
) -> Saying | None:
    """Return the first row that fits: Okta's own sentence, a detail, a status, no reason at all."""
    found = _first(SENTENCES, reading)
    if found and found not in (WEB_PAGE, PLAIN_TEXT):
        return found
    status = status_in(reading, plain)
    if found:
        return _beside_a_status(found, status)
    if stands(reading, SIGN_IN.known_by):
        situation = None
    found = _detail(words(told), stage) or situation or _detail(reading, stage)
    is_told = bool(stage or status or told.strip() or found in (FIREWALL, situation))
    if found and not is_told and not has_a_subject(reading) and not _CAMEL_CASE.search(plain):
        return None
    found = found or _about_a_person(told, status, stage) or _refused(status, told)
    if status and _UNAUTHORIZED in status.statuses and found and not _is_of_the_key(found):
        found = status
    if found is None:
        found = SYNC_FAILED if stands(reading, SYNC_FAILED.known_by) else None
        return found or (NO_ANSWER if _is_null(plain) else None)
    if stage is Stage.DEACTIVATION and found.sentence in _OF_ANOTHER_ACCOUNT:
        return DEACTIVATION_REFUSED
    return _at_a_look_up(found) if stage is Stage.LOOK_UP else found


def _refused(status: Saying | None, told: str) -> Saying | None:
    """Return the status; where the server said more than "Bad Request", the key is not meant."""
    is_more = words(told).strip() not in ("", "bad request")
    return BAD_REQUEST_FOR_A_REASON if status == BAD_REQUEST and is_more else status


def _detail(reading: str, stage: Stage | None) -> Saying | None:
    """Return the row of what the server said, or of the thing that somebody calls invalid."""
    if stage is Stage.LOOK_UP or stage in _OF_A_PERSON:
        return _first(DETAILS, reading)
    found = field_in(reading) or _first(DETAILS, reading)
    if found is None or found.sentence in _OF_ANY_THING:
        return thing_in(reading) or found
    return found


def _first(rows: Iterable[Saying], reading: str) -> Saying | None:
    return next((item for item in rows if stands(reading, item.known_by)), None)


def _beside_a_status(found: Saying, status: Saying | None) -> Saying:
    """Return the row, or the status that tells more than the complaint of Okta's parser."""
    if status and _FORBIDDEN in status.statuses:
        return FIREWALL if found is PLAIN_TEXT else found
    return status or found


def _at_a_look_up(found: Saying) -> Saying:
    """Return the row for a look-up: Okta sends no data with it, so none can be refused."""
    if _OF_DATA.isdisjoint(code for cause in found.causes for code in cause.codes):
        return found
    own = (cause for cause in found.causes if Stage.LOOK_UP in cause.stages)
    return LOOK_UP_REFUSED._replace(causes=(*LOOK_UP_REFUSED.causes, *own))


def _is_of_the_key(found: Saying) -> bool:
    codes = found.causes[0].codes
    return any(code.startswith(("KEY", "NGR", "SCM50")) for code in codes)


def _about_a_person(told: str, status: Saying | None, stage: Stage | None) -> Saying | None:
    """Judge by single words what the server said about a person, where no phrase is known.

    Okta looked the person up before with the same key, so a refusal is no longer about the key.
    """
    of_a_refusal = _OF_A_REFUSAL if stage else _OF_A_REFUSAL - {_CONFLICT}
    is_refusal = status is None or of_a_refusal.intersection(status.statuses)
    if not told.strip() or not is_refusal or stage not in (None, *_OF_A_PERSON):
        return None
    reading = words(told) + words(_CAMEL_CASE.sub(r"\1 \2", told))
    if found := single_word_in(reading, is_deactivation=stage is Stage.DEACTIVATION):
        return found
    return FORBIDDEN_FOR_A_PERSON if status and _FORBIDDEN in status.statuses and stage else None


def _part(reading: str) -> Judgement | None:
    """Judge what is no more than a part of one of Okta's sentences."""
    asked = reading.strip()
    for item in (*SENTENCES, *STATUSES):
        known = words(item.sentence)
        is_part = len(asked.split()) >= _FEWEST_WORDS and reading in known
        is_start = len(asked) >= _SHORTEST_START and known.startswith(f" {asked}")
        if is_part or (is_start and len(known.split()) == 1):
            return _judgement(item, None)
    return None


def _of_ngrok(code: str, stage: Stage | None) -> Judgement:
    error = NGROK_ERRORS.get(code) or _unknown(code)
    fix = error.fix
    if error.finding.startswith("KEY"):
        fix = fix if error.finding == "KEY215" else clicks.TEST_KEY
    if stage and fix == FAULT_OF_OURS:  # the request was Okta's, and not this program's
        fix = clicks.CHECK_ATTRIBUTES
    if stage and error.finding == "NGR709":
        fix = clicks.WAIT_FOR_OKTA
    codes = (error.finding,) if error.finding else ()
    cause = Cause(f"{error.meaning} {error.cause}", fix, codes, DOCUMENTED)
    return _at_stage(Judgement(None, (cause,), stage, code))


def _unknown(code: str) -> NgrokError:
    return NgrokError(
        code,
        "",
        "",
        f"ngrok replied with ERR_NGROK_{code}, which is not described here.",
        "The cause is described only on ngrok's page.",
        f"Read {page_of(code)}.",
    )


def _judgement(saying: Saying, stage: Stage | None) -> Judgement:
    if saying.is_gone and stage is Stage.DEACTIVATION:
        return Judgement(saying, (_NOTHING_LEFT,), stage)
    fitting = tuple(cause for cause in saying.causes if not cause.stages or stage in cause.stages)
    return _at_stage(Judgement(saying, fitting or saying.causes, stage))


def _at_stage(judged: Judgement) -> Judgement:
    """Fit causes to what Okta was doing."""
    causes, stage = judged.causes, judged.stage
    if stage in (Stage.GROUPS, Stage.PASSWORD, Stage.IMPORT):
        own = HEADINGS[stage].causes
        others = (cause for cause in causes if cause.fix in _OF_THE_WHOLE_APP)
        return judged._replace(causes=(*own, *(cause for cause in others if cause not in own)))
    if stage is not Stage.DEACTIVATION:
        return judged
    # Okta retries a deactivation only where it was rate limited.
    is_retried = causes[0].fix == clicks.WAIT_FOR_OKTA
    return judged._replace(
        causes=tuple(
            cause._replace(fix=_FOR_A_DEACTIVATION.get(cause.fix, cause.fix)) for cause in causes
        ),
        warning=clicks.UNTIL_THEN if is_retried else clicks.STILL_ACTIVE,
    )


def worded(cause: Cause) -> Cause:
    """Return ``cause`` with the words of the catalogue where it has none of its own."""
    if cause.cause and cause.fix:
        return cause
    from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE

    entry = CATALOGUE[cause.codes[0]]
    slots = dict(entry.generic)
    said = f"{entry.title}. {entry.cause}".format_map(slots)
    fix = cause.fix or entry.fix.format_map(slots)
    if cause.cause:
        return cause._replace(fix=fix)
    return Cause(said[:1].upper() + said[1:], fix, cause.codes, entry.certainty)


def judgements() -> Iterator[Judgement]:
    """Yield what is judged of each row by itself, and where Okta did something with a person."""
    stages = (None, Stage.LOOK_UP, Stage.ACCOUNT, Stage.PROFILE, Stage.DEACTIVATION)
    own = (NO_ANSWER, SYNC_FAILED, FORBIDDEN_FOR_A_PERSON, BAD_REQUEST_FOR_A_REASON)
    situations = (found for found, *_ in SITUATIONS)
    for item in (*SENTENCES, *DETAILS, *STATUSES, *own, *HEADINGS.values(), *situations):
        yield from (_judgement(item, stage) for stage in stages)
        yield _judgement(_at_a_look_up(item), Stage.LOOK_UP)
