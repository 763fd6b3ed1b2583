"""Judges the reason of a failure, for `explain` and for the System Log alike.

What Okta was doing comes first, then what the server said (ngrok's own codes and messages, then the
words of many servers), then the status. ``null`` counts only as the whole reason. A text that is
not about provisioning is not explained.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.certainty import Certainty
from ngrok_scim_cli.diagnosis.ngrok.error_codes import (
    FAULT_OF_OURS,
    code_in,
    error_of,
    error_said_in,
    page_of,
)
from ngrok_scim_cli.diagnosis.okta import fixes, http_statuses, sentences
from ngrok_scim_cli.diagnosis.okta import server_details as details
from ngrok_scim_cli.diagnosis.okta.readings import (
    FEW_WORDS,
    FEWEST_WORDS,
    Message,
    is_about_provisioning,
    is_null,
    read_message,
    readings,
    split_words,
    status_in,
)
from ngrok_scim_cli.diagnosis.okta.rows import Cause, Row, first_fit
from ngrok_scim_cli.diagnosis.okta.situations import SITUATIONS
from ngrok_scim_cli.diagnosis.okta.stages import WRITES, Stage, behind_remote
from ngrok_scim_cli.diagnosis.okta.vocabulary import OTHER_PROGRAMS, OTHER_SERVERS, fits
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import words

_PAGE = lazy_pattern(r"<(?:html|title|h1|body)\b", re.IGNORECASE)
_OF_WHO_IS_GONE = frozenset(
    {"Matching user not found", "No user returned for user …", "User not found"}
)
# Only this proves that nothing is left to deactivate; "user role not found" does not.
_PROVES_GONE = lazy_pattern(
    r"\b(?:no such (?:user|account|member)|no user returned|matching user not found"
    r"|(?:user|account|member|resource)(?: with)?(?: the)?(?: id)?(?: (?=\S*\d)\S++){0,6}"
    r"(?: was| has been| is)?"
    r" (?:not found|does not exist|no longer exists|deleted))\b"
)
# Whom a text looks for, by an id or an e-mail address.
_NAMES_ONE = lazy_pattern(
    r"\b(?:users|found|returned|exists?) (?:with|for|by|matching|named)\b"
    r"(?:(?!\"?[.,;]\s|\",).){0,40}?(?:@|\bid\b|(?<![\w./:-])(?=[a-z_-]*+\d)[\w-]++(?![./:]))",
    re.IGNORECASE,
)
# What Okta itself says of the list that its test asks for, which is never about one person.
_OF_THE_TEST = lazy_pattern(r"\bfor users? returned\b")
_SHORTEST_START = 6
_NOTHING_LEFT = Cause(
    "The server says that the account is gone, so there is nothing to deactivate.",
    fixes.SEE_GONE,
    ("OKT909",),
    Certainty.DOCUMENTED,
)
# A deactivation is not helped by what helps an update. One that failed for a moment can be sent
# again; another fails again.
_OF_A_MOMENT = dict.fromkeys(
    (fixes.RETRY, fixes.LOOK_AT_STATUS, fixes.WAIT), fixes.DEACTIVATE_AGAIN
)
_FOR_A_DEACTIVATION = _OF_A_MOMENT | dict.fromkeys(
    (fixes.ASSIGN_AGAIN, fixes.TRACE, fixes.TEST, fixes.REHEARSE), fixes.HAVE_DEACTIVATED
)
# What may be wrong beside groups, passwords and imports, since it would concern each call.
_OF_THE_WHOLE_APP = frozenset(
    {fixes.TEST_KEY, fixes.TEST, fixes.SET_BASE_URL, fixes.LOOK_AT_STATUS, fixes.ALLOW_OKTA}
    | {fixes.ASK_THE_FIREWALL, fixes.WAIT_FOR_OKTA}
)
_UNAUTHORIZED, _FORBIDDEN, _CONFLICT = 401, 403, 409
# The codes of what a 401 can be about.
_OF_THE_KEY = ("KEY", "NGR", "SCM50")
# What is refused with these statuses is this person, and not the key or the address.
_OF_A_REFUSAL = frozenset({400, 402, _FORBIDDEN, _CONFLICT, 412, 422, 424})
# A deactivation creates nobody, so a conflict is about the person, and not about another account.
_OF_ANOTHER_ACCOUNT = frozenset({"User already exists", "Conflict"})
# What can hinder a deactivation: it makes no account and takes no seat.
_OF_A_DEACTIVATION = frozenset(
    {"Cannot deactivate an owner", "User must be active", "An attribute is required"}
)
# The findings about what Okta sends, and about how.
_OF_A_PROFILE = frozenset({"OKT914", "OKT915"})
_OF_DATA = _OF_A_PROFILE | {"SCM507", "FRM306"}


class Judgement(NamedTuple):
    """What is behind a reason.

    Attributes:
        warning: what the reader must know until it is repaired, whatever the cause is.
        more: ngrok's page, where one of its error codes tells the cause.
    """

    row: Row
    causes: tuple[Cause, ...]
    stage: Stage | None = None
    warning: str = ""
    more: str = ""

    @property
    def context(self) -> str:
        """What Okta was doing, where that is more than calling ngrok, and the warning."""
        if self.stage in (None, Stage.CALL):
            return ""
        return f"It failed while Okta was {self.stage}. {self.warning}".strip()


def judge_reason(text: str, stage: Stage | None = None) -> Judgement | None:
    """Return the causes of ``text``, or ``None`` where nothing is known of it.

    ``stage`` is what Okta was doing, where that is known from elsewhere.
    """
    is_of_another = fits(words(text), OTHER_PROGRAMS, is_whole=False)
    by_itself = words(text.removesuffix(behind_remote(text)))
    if is_of_another or fits(by_itself, OTHER_SERVERS, is_whole=False):
        return None
    message = read_message(text, stage)
    stage = message.stage
    if "ngrok" in message.text.lower() and (code := code_in(message.text)):
        return _of_ngrok(code, stage)
    for reading in readings(message.text):
        if error := error_said_in(reading):
            return _of_ngrok(error.code, stage)
        found = _row(reading, message)
        if found and (message.is_quoted or _counts_alone(found, reading, message)):
            return _judgement(found, stage, is_gone=bool(_PROVES_GONE.search(reading)))
    reading = words(text)
    if not stage and fits(reading, sentences.HEADINGS[Stage.CALL].known_by):
        stage = Stage.CALL
    if stage and (message.is_quoted or stage is Stage.CALL or is_about_provisioning(text)):
        return heading(stage)
    return _part(reading)


def heading(stage: Stage | None) -> Judgement:
    """Return the causes where no reason is known, but only ``stage``."""
    return _judgement(sentences.HEADINGS[stage or Stage.CALL], stage)


def _row(reading: str, message: Message) -> Row | None:
    """Return the first row that fits: Okta's own sentence, a detail, a status, no reason at all."""
    text, stage = message.text, message.stage
    found = first_fit(sentences.SENTENCES, reading)
    if found is sentences.API_VALIDATION and stage:
        found = first_fit(_details(stage), words(text)) or found
    if found is sentences.NO_USERS and _is_filtered(reading, text, stage):
        # The list was filtered for one person.
        return _for_stage(details.USER_NOT_FOUND, stage, None)
    if found and found not in (sentences.WEB_PAGE, sentences.PLAIN_TEXT):
        return found
    status = status_in(reading, text)
    if found or ("<" in text and _PAGE.search(text)):
        return _beside_a_status(found or sentences.WEB_PAGE, status)
    if status is None and first_fit((sentences.SYNC_FAILED,), reading):
        return sentences.SYNC_FAILED
    if is_null(text) and not message.remote:
        return status or first_fit((details.RATE_LIMITED,), reading) or sentences.NO_ANSWER
    found = _of_the_server(reading, message, status)
    return _for_stage(found, stage, status) if found else None


def _is_filtered(reading: str, text: str, stage: Stage | None) -> bool:
    """Tell whether the list that holds nobody was asked for because of one person."""
    names_one = stage in (Stage.LOOK_UP, *WRITES) or _NAMES_ONE.search(text) is not None
    return names_one and not _OF_THE_TEST.search(reading)


def _for_stage(found: Row, stage: Stage | None, status: Row | None) -> Row:
    """Return the row that is right for what Okta was doing."""
    if stage is Stage.DEACTIVATION and found.sentence in _OF_ANOTHER_ACCOUNT:
        return details.DEACTIVATION_REFUSED
    if stage is Stage.CALL and found is details.USER_NOT_FOUND:  # the test looks for nobody
        return status or found
    if stage is Stage.LOOK_UP and found is details.USER_NOT_FOUND:  # a new user is not there yet
        return sentences.HEADINGS[stage]
    if stage is Stage.CALL and _OF_A_PROFILE.intersection(found.causes[0].codes):
        # The test sends no data of a person.
        is_400 = status is http_statuses.BAD_REQUEST
        return http_statuses.BAD_REQUEST_FOR_A_REASON if is_400 else sentences.HEADINGS[stage]
    return _at_a_look_up(found) if stage is Stage.LOOK_UP else found


def _of_the_server(reading: str, message: Message, status: Row | None) -> Row | None:
    """Return the row of what the server said, or else of its status."""
    text, remote, stage = message.text, message.remote, message.stage
    is_quoted = first_fit((details.SIGN_IN, details.REFUSED), reading) is not None
    found = first_fit(_details(stage), words(remote)) if remote else None
    found = found or (None if is_quoted else message.situation)
    found = found or first_fit(_details(stage), reading, is_whole=not remote)
    if found is None and (remote or not status):
        found = first_fit(_details(stage), split_words(remote or text))
    found = found or _of_a_person(remote, status, stage) or status
    if found == http_statuses.BAD_REQUEST and words(remote).strip() not in ("", "bad request"):
        # The server said more, so the key is not meant.
        return http_statuses.BAD_REQUEST_FOR_A_REASON
    if found and status and _UNAUTHORIZED in status.statuses:
        is_of_the_key = any(code.startswith(_OF_THE_KEY) for code in found.causes[0].codes)
        return found if is_of_the_key else status
    return found


def _counts_alone(found: Row, reading: str, message: Message) -> bool:
    """Tell whether a row is believed where nothing shows that Okta or a SCIM server is quoted."""
    text = message.text
    if found in (details.SIGN_IN, message.situation):
        return True
    if found is details.REFUSED and fits(reading, "USER"):  # the name of a person may be any word
        return True
    # A phrase of Okta's is unlike any other; its words in any order are not.
    if found in sentences.OKTAS_OWN and fits(reading, found.known_by, is_whole=False):
        return True
    if found in details.OF_ANY_PROGRAM:
        status = status_in(reading, text)
        return status is not None and str(status.statuses[0]) in text
    if found in details.OF_A_NETWORK:
        return reading == words(text)
    is_short = reading.count(" ") <= FEW_WORDS  # so that typos are corrected
    return is_about_provisioning(text) or (is_short and is_about_provisioning(reading))


def _details(stage: Stage | None) -> Iterator[Row]:
    """Yield what servers say; ngrok has no groups, so a person is never one."""
    return (item for item in details.DETAILS if item is not details.GROUP or stage not in WRITES)


def _beside_a_status(found: Row, status: Row | None) -> Row:
    """Return the row, or the status that tells more than the complaint of Okta's parser."""
    if status and _FORBIDDEN in status.statuses:
        return details.FIREWALL if found is sentences.PLAIN_TEXT else found
    return status or found


def _at_a_look_up(found: Row) -> Row:
    """Return the row for a look-up: Okta sends no data with it, so none can be refused."""
    if _OF_DATA.isdisjoint(code for cause in found.causes for code in cause.codes):
        return found
    own = (cause for cause in found.causes if Stage.LOOK_UP in cause.stages)
    return sentences.LOOK_UP_REFUSED._replace(causes=(*sentences.LOOK_UP_REFUSED.causes, *own))


def _of_a_person(remote: str, status: Row | None, stage: Stage | None) -> Row | None:
    """Judge by single words what the server said about a person, where no wording fits.

    Okta looked the person up before with the same key, so a refusal is no longer about the key.
    """
    of_a_refusal = _OF_A_REFUSAL if stage else _OF_A_REFUSAL - {_CONFLICT}
    is_refusal = status is None or of_a_refusal.intersection(status.statuses)
    if not remote or not is_refusal or stage not in (None, *WRITES):
        return None
    rows = details.BY_SINGLE_WORDS
    if stage is Stage.DEACTIVATION:
        rows = tuple(row for row in rows if row.sentence in _OF_A_DEACTIVATION)
    is_forbidden = stage is not None and status is not None and _FORBIDDEN in status.statuses
    otherwise = http_statuses.FORBIDDEN_FOR_A_PERSON if is_forbidden else None
    return first_fit(rows, split_words(remote)) or otherwise


def _part(reading: str) -> Judgement | None:
    """Judge what is no more than a part of one of Okta's sentences."""
    asked = reading.strip()
    for item in (*sentences.SENTENCES, *http_statuses.STATUSES):
        known = words(item.sentence)
        is_part = len(asked.split()) >= FEWEST_WORDS and reading in known
        is_start = len(asked) >= _SHORTEST_START and known.startswith(f" {asked}")
        if is_part or (is_start and len(known.split()) == 1):
            return _judgement(item, None)
    return None


def _of_ngrok(code: str, stage: Stage | None) -> Judgement:
    """Judge by one of ngrok's own codes, also by one that is not known here."""
    page, known = page_of(code), error_of(code)
    title = "An error of ngrok's, described on its page"
    said = f"ngrok replied with ERR_NGROK_{code}, which is not described here."
    cause = Cause(f"{said} The cause is described only on ngrok's page.", f"Read {page}.")
    if known:
        title, fix = known.meaning.rstrip("."), known.fix
        if known.finding.startswith("KEY") and known.finding != "KEY215":
            fix = fixes.TEST_KEY
        if stage and fix == FAULT_OF_OURS:  # the request was Okta's, and not this program's
            fix = fixes.CHECK_ATTRIBUTES
        if stage and known.finding == "NGR709":
            fix = fixes.WAIT_FOR_OKTA
        cause = Cause(f"{known.meaning} {known.cause}", fix, (known.finding,))
    cause = cause._replace(certainty=Certainty.DOCUMENTED)
    name, meaning = f"ERR_NGROK_{code}", "An ngrok error code, from ngrok's reply."
    return _judgement(Row(name, title, meaning, (cause,)), stage)._replace(more=page)


def _judgement(row: Row, stage: Stage | None, *, is_gone: bool = False) -> Judgement:
    """Fit the causes of a row to what Okta was doing."""
    causes = tuple(one for one in row.causes if not one.stages or stage in one.stages)
    causes, warning = causes or row.causes, ""
    if stage in (Stage.GROUPS, Stage.PASSWORD, Stage.IMPORT):
        own = sentences.HEADINGS[stage].causes
        others = (one for one in causes if one.fix in _OF_THE_WHOLE_APP and one not in own)
        causes = (*own, *others)
    elif stage is Stage.DEACTIVATION and is_gone and row.sentence in _OF_WHO_IS_GONE:
        causes = (_NOTHING_LEFT,)
    elif stage is Stage.DEACTIVATION:
        # Okta retries a deactivation only where it was rate limited.
        is_retried = causes[0].fix == fixes.WAIT_FOR_OKTA
        warning = fixes.UNTIL_THEN if is_retried else fixes.STILL_ACTIVE
        causes = tuple(
            one._replace(fix=_FOR_A_DEACTIVATION.get(one.fix, one.fix)) for one in causes
        )
    return Judgement(row, causes, stage, warning)


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
    """Yield the judgement of each row, alone and by stage; `explain` keeps their pages ready."""
    stages = (None, Stage.LOOK_UP, Stage.ACCOUNT, Stage.PROFILE, Stage.DEACTIVATION)
    own = (sentences.NO_ANSWER, sentences.SYNC_FAILED, *sentences.HEADINGS.values(), *SITUATIONS)
    refusals = (http_statuses.FORBIDDEN_FOR_A_PERSON, http_statuses.BAD_REQUEST_FOR_A_REASON)
    rows = (*sentences.SENTENCES, *details.DETAILS, *http_statuses.STATUSES)
    for item in (*rows, *refusals, *own):
        yield from (_judgement(item, stage) for stage in stages)
        yield _judgement(item, Stage.DEACTIVATION, is_gone=True)
        yield _judgement(_at_a_look_up(item), Stage.LOOK_UP)
