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
from ngrok_scim_cli.diagnosis.okta.complaints import field_in, thing_in
from ngrok_scim_cli.diagnosis.okta.headings import HEADINGS, NO_ANSWER, SYNC_FAILED
from ngrok_scim_cli.diagnosis.okta.http_statuses import STATUSES
from ngrok_scim_cli.diagnosis.okta.sayings import DOCUMENTED, Cause, Saying
from ngrok_scim_cli.diagnosis.okta.sentences import (
    LOOK_UP_REFUSED,
    PLAIN_TEXT,
    SENTENCES,
    WEB_PAGE,
)
from ngrok_scim_cli.diagnosis.okta.server_details import (
    ABOUT_A_PERSON,
    DEACTIVATION_REFUSED,
    DETAILS,
    FIREWALL,
    FORBIDDEN_FOR_A_PERSON,
    OWNER,
    TOO_MANY_REQUESTS,
)
from ngrok_scim_cli.diagnosis.okta.situations import SITUATIONS, situation_in
from ngrok_scim_cli.diagnosis.okta.stages import REMOTE, Stage, stage_in
from ngrok_scim_cli.text.phrases import completed, corrected, holds, squashed, words

# The steps of Okta's own sentences, and the names of people and apps, which may be any words.
_STEP = (
    r"\b(verifying if user|(?:while )?creating user(?!(?-i: group\b))|(?:re|de)?activating user"
    r"|profile update for"
    r"|(?:de)?provisioning of user|profile push of(?: user)?|(?:de|re)activation of user"
    r"|updating user(?!(?-i: group\b))|deprovisioning user)"
)
_END = r"( exists\b| to app\b|:|$)"
_NAMES = re.compile(rf"{_STEP} [^:]{{1,200}}?{_END}", re.IGNORECASE)
_STEPS = re.compile(rf"{_STEP}(?: [^:]{{0,200}}?)?{_END}", re.IGNORECASE)
_APP = re.compile(r"\b(to app|in app) (?!failed\b)[^:]{1,100}?( failed\b|:)", re.IGNORECASE)
_NUMBER = re.compile(
    r"""(?:\b(?:http(?:/[\d.]+)?|status(?:[ _-]?code)?|code|error|returned|answered|response|got)
    [\s"':=(]{1,4}|^\W*|:\s+|\(|<(?:title|h1)>\s*|\s-\s)([1-5]\d\d)\b(?!\.\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_NULL = re.compile(
    r"(?:^|:)\W*(?:null|none|no reason(?: given)?|n/a)\W*"
    r"(?:$|the connector configuration could not|rescheduling)",
    re.IGNORECASE,
)
# Where one clause of a sentence ends; a word of HTTP that is the reason fills a clause.
_CLAUSE = re.compile(r"[.:;,()\[\]{}\"“”\n]+")
_MOST_WORDS = 4
# Less is no part of a sentence that tells it from others.
_FEWEST_WORDS = 3
_SHORTEST_START = 6
# What tells a status where nothing else does: its reason phrase.
_WITH_A_PHRASE = (*STATUSES, TOO_MANY_REQUESTS)
# A longer text is no sentence of which somebody mistyped a word.
_MOST_CORRECTED = 60
# What a message is about, so that "my house is forbidden" is none.
_ABOUT = frozenset(
    {"okta", "ngrok", "scim", "http", "https", "error", "errors", "failed", "fails", "failure"}
    | {"provisioning", "provision", "user", "users", "app", "api", "server", "connector", "sync"}
    | {"says", "returned", "returns", "response", "status", "code", "got", "get", "getting"}
    | {"authenticating", "key", "token", "assignment", "push", "deactivate", "update"}
)
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
_OF_A_PERSON = frozenset(
    {Stage.ACCOUNT, Stage.PROFILE, Stage.REACTIVATION, Stage.DEACTIVATION},
)
# What is refused with these statuses is this person, and not the key or the address.
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_OF_A_REFUSAL = frozenset({400, 402, _FORBIDDEN, 409, 422})
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
    plain = _APP.sub(r"\1 …\2", without_names(text))
    stage = stage or stage_in(plain)
    plain = _STEPS.sub(r"\2", plain).replace(" exists:", ":")
    if code := code_in(plain):
        return _of_ngrok(code, stage)
    for reading in _readings(plain):
        if error := error_said_in(reading):
            return _of_ngrok(error.code, stage)
        if saying := _saying(reading, plain, stage):
            return _judgement(saying, stage)
    reading = words(plain)
    if not stage and _first((HEADINGS[Stage.CALL],), reading):
        stage = Stage.CALL
    return heading(stage) if stage else _part(reading)


def without_names(text: str) -> str:
    """Return ``text`` without the names of people that Okta's own sentences hold."""
    return _NAMES.sub(r"\1 …\2", text)


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
    known = [phrase for item in rows for phrase in item.phrases]
    meant = corrected(as_typed, known)
    if meant != as_typed:
        yield meant
    yield from completed(as_typed, known)


def _saying(reading: str, plain: str, stage: Stage | None) -> Saying | None:
    """Return the first row that fits: Okta's own sentence, a detail, a status, no reason at all."""
    status = _by_status(reading, plain)
    if found := _first(SENTENCES, reading):
        return _beside_a_status(found, status)
    if found := situation_in(plain):
        return found
    found = _detail(reading, plain, status, stage) or status
    if status and _UNAUTHORIZED in status.statuses and found and not _is_of_the_key(found):
        found = status
    if found:
        if stage is Stage.DEACTIVATION and found.sentence in _OF_ANOTHER_ACCOUNT:
            return DEACTIVATION_REFUSED
        return _at_a_look_up(found) if stage is Stage.LOOK_UP else found
    if _first((SYNC_FAILED,), reading):
        return SYNC_FAILED
    return NO_ANSWER if _NULL.search(plain) else None


def _detail(reading: str, plain: str, status: Saying | None, stage: Stage | None) -> Saying | None:
    """Return the row of what the server said, or of the thing that somebody calls invalid."""
    if stage is Stage.LOOK_UP:
        return _first(DETAILS, reading)
    if stage in _OF_A_PERSON:
        return _first(DETAILS, reading) or _about_a_person(plain, status, stage)
    found = field_in(reading) or _first(DETAILS, reading)
    if found is None or found.sentence in _OF_ANY_THING:
        return thing_in(reading) or found
    return found


def _first(rows: Iterable[Saying], reading: str) -> Saying | None:
    for item in rows:
        if any(holds(reading, phrase) or squashed(reading, phrase) for phrase in item.phrases):
            return item
    return None


def _by_status(reading: str, plain: str) -> Saying | None:
    number = _NUMBER.search(plain)
    return (number and _by_number(int(number[1]))) or _by_status_word(reading, plain)


def _beside_a_status(found: Saying, status: Saying | None) -> Saying:
    """Return the row, or the status that tells more than the complaint of Okta's parser."""
    if found not in (WEB_PAGE, PLAIN_TEXT) or status is None:
        return found
    if _FORBIDDEN in status.statuses:
        return FIREWALL if found is PLAIN_TEXT else found
    return status


def _at_a_look_up(found: Saying) -> Saying:
    """Return the row for a look-up: Okta sends no data with it, so none can be refused."""
    if _OF_DATA.isdisjoint(code for cause in found.causes for code in cause.codes):
        return found
    own = (cause for cause in found.causes if Stage.LOOK_UP in cause.stages)
    return LOOK_UP_REFUSED._replace(causes=(*LOOK_UP_REFUSED.causes, *own))


def _is_of_the_key(found: Saying) -> bool:
    codes = found.causes[0].codes
    return any(code.startswith(("KEY", "NGR", "SCM50")) for code in codes)


def _about_a_person(plain: str, status: Saying | None, stage: Stage | None) -> Saying | None:
    """Judge by single words what the server said about a person, where no phrase is known.

    Okta looked the person up before with the same key, so a refusal is no longer about the key.
    """
    _, _, said = REMOTE.sub("\0", plain).partition("\0")
    is_refusal = status is None or _OF_A_REFUSAL.intersection(status.statuses)
    if not said.strip(" :.") or not is_refusal:
        return None
    reading = words(said)
    rows = (OWNER, *ABOUT_A_PERSON) if stage is Stage.DEACTIVATION else ABOUT_A_PERSON
    for item in rows:
        if any(holds(reading, phrase) for phrase in item.phrases):
            return item
    return FORBIDDEN_FOR_A_PERSON if status and _FORBIDDEN in status.statuses else None


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


def _by_number(status: int) -> Saying | None:
    rows = (*STATUSES, *SENTENCES, *DETAILS)
    return next((item for item in rows if status in item.statuses), None)


def _by_status_word(reading: str, plain: str) -> Saying | None:
    """Return the status whose reason phrase fills a clause, or stands in a message."""
    clauses = [words(clause) for clause in _CLAUSE.split(plain)]
    known = [(words(phrase), item) for item in _WITH_A_PHRASE for phrase in item.phrases]
    for clause in clauses:
        for phrase, item in known:
            if clause == phrase:
                return item
    if words("Found") in clauses:  # alone it is a status; in a sentence it is any word
        return _by_number(302)
    listed = reading.split()
    is_message = len(listed) <= _MOST_WORDS or not _ABOUT.isdisjoint(listed)
    for phrase, item in known:
        beside = (f" {status}{phrase}" for status in item.statuses)
        anywhere = is_message or reading != words(plain)
        if any(one in reading for one in beside) or (anywhere and phrase in reading):
            return item
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
    own = (NO_ANSWER, SYNC_FAILED, FORBIDDEN_FOR_A_PERSON, *HEADINGS.values())
    situations = (found for found, *_ in SITUATIONS)
    for item in (*SENTENCES, *DETAILS, *STATUSES, *own, *situations):
        yield from (_judgement(item, stage) for stage in stages)
        yield _judgement(_at_a_look_up(item), Stage.LOOK_UP)
