"""Reads a message: takes off what Okta wraps around it, and finds what the server said.

Also here: the HTTP status that a text names, and whether a text is about provisioning at all.
"""

import re
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.okta.http_statuses import STATUSES
from ngrok_scim_cli.diagnosis.okta.rows import Row, first_fit
from ngrok_scim_cli.diagnosis.okta.sentences import SENTENCES
from ngrok_scim_cli.diagnosis.okta.server_details import BY_SINGLE_WORDS, DETAILS, RATE_LIMITED
from ngrok_scim_cli.diagnosis.okta.situations import SITUATIONS
from ngrok_scim_cli.diagnosis.okta.stages import (
    STAGE_WORDS,
    WRITES,
    Stage,
    behind_remote,
    claimed_stage,
    stage_in,
)
from ngrok_scim_cli.diagnosis.okta.vocabulary import (
    COMMON_WORDS,
    SUBJECTS,
    VOCABULARY,
    each_of,
)
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import completed, corrected, words

# The name of the app in a task, which may be any words.
_APP = lazy_pattern(r"\b(to app|in app) (?!failed\b)[^:]{1,100}?( failed\b|:)", re.IGNORECASE)
# How Okta says what it was doing; the name of a person, which may be any words, follows.
_STEP = lazy_pattern(
    r"\b(verifying if user|(?:while )?creating user(?!(?-i: group\b))|(?:re|de)?activating user"
    r"|profile update for|(?:de)?provisioning of user|profile push of(?: user)?"
    r"|(?:de|re)activation of user|updating user(?!(?-i: group\b))|deprovisioning user)"
    r"(?: ([^:]{1,200}?))?( exists\b| to app\b|:|$)",
    re.IGNORECASE,
)
# A message that ends without a reason.
_NULL = lazy_pattern(
    r"(?:^|:|\bwith\b)[^\w:]*(?:null|none|no reason(?: given)?|n/a)"
    r"(?:[\"'”’]|\W*(?:$|the connector configuration could not|rescheduling))",
    re.IGNORECASE,
)
# Where a reply in JSON says in words what is wrong.
_MESSAGE = lazy_pattern(
    r"""["'](?:detail|message|msg|error|(?:error_?)?description|errorsummary|faultstring)["']\s*:\s*
    (["'])(.{1,500}?)(?<!\\)\1\s*[,}]""",
    re.IGNORECASE | re.VERBOSE,
)
# What Okta says of any look-up and of any failure of the test: its words are no words of a server.
_OF_ANY = lazy_pattern(
    r"application\.provision\.user\.verify_exists|verify user exists in external application"
    r"|the connector configuration could not be tested.*",
    re.IGNORECASE | re.DOTALL,
)
# What may be any words: a tag, a quoted value, an e-mail address, a host, the name of a class, and
# that of a product: "in use by another Acme account".
_ANY_WORDS = lazy_pattern(
    r"""<[^<>]{1,200}>|(?<!\w)["'“‘][^"'”’]{1,60}["'”’](?!\w)
    |(?<![\w.+-])[\w.+-]{1,100}@[\w.-]{1,200}
    |(?<![\w.-])(?:[\w.-]{1,100}\.[a-z]{2,24}(?!\w|\.\w)|(?:javax?|sun|com|org)\.[\w.]{1,100})
    |(?<=\bby\ another\ )\w{1,40}(?=\ (?:account|user|organization)\b)""",
    re.VERBOSE,
)
# Fewer words do not tell one sentence from another.
FEWEST_WORDS = 3
# In a longer text no typos are corrected.
_MOST_CORRECTED = 60
# A name like givenName, and where its words meet.
_ATTRIBUTE_NAME = lazy_pattern(r"\b[a-z]+[A-Z]")
_CAMEL_CASE = lazy_pattern(r"([a-z])([A-Z])")
# The type of an event of the System Log that is about no app, such as ``user.session.start``, and
# what else than an app Okta's API did not find.
_OF_OKTA_ALONE = lazy_pattern(
    r"resource not found: \S{1,100} \((?!AppInstance)\w"
    r"|(?<![\w.])(?:user\.(?:session|authentication|account|lifecycle|mfa|credential|risk)"
    r"|group\.(?:lifecycle|user_membership|privilege)|system\.(?!import)\w+|policy|security|device"
    r"|zone|workflows)\.[a-z_]{3,}",
    re.IGNORECASE,
)
# A word at the very end, which is no part of an address or a host name.
_CUT_OFF = lazy_pattern(r"(?<![\w.@/])\w+$")
# What comes before the reason in a sentence.
_BEHIND = lazy_pattern(r":\s|\b(?:because|due to|since)\b", re.IGNORECASE)
# The number of an HTTP status, by what is in front of it.
_NUMBER = lazy_pattern(
    r"""(?:\b(?:http(?:/[\d.]+)?|status(?:[ _-]?code)?|code|error|return(?:s|ed|ing)|answer(?:s|ed)
    |fail(?:s|ed)?\ with|response|g[eo]t(?:s|ting)?|an?)[\s"':=([]{1,4}
    |http/\d(?:\.\d)?"\s|^\W*|:\s+|\(|<(?:title|h1)>\s*|\s-\s|\.\s+(?=\d+\W*$))
    ([1-5]\d\d)\b(?!\.\d|\s(?:users|people|members|accounts))""",
    re.IGNORECASE | re.VERBOSE,
)
# Where a clause of a sentence ends; a reason phrase that is the reason fills a whole clause.
_ENDS = str.maketrans(dict.fromkeys('.:;,()[]{}"“”', "\n"))
FEW_WORDS = 6
# What people write themselves is short and has none of these, which messages have.
_MARKS_OF_A_MESSAGE = frozenset(":{}<>=")
_MOST_WORDS = 30
# One word in twelve may be unknown in a message of a SCIM server.
_WORDS_FOR_A_STRANGE_ONE = 12
_SUBJECTS = frozenset(SUBJECTS.split())


class Message(NamedTuple):
    """What somebody pasted, taken apart.

    Attributes:
        text: without the names of people and apps, which may be any words, and without what Okta
            says of any failure.
        remote: what the server said; empty where it cannot be told from the rest.
        is_quoted: whether Okta or a SCIM server is quoted; what people say themselves may be about
            any program.
        situation: the row for what somebody describes in their own words.
    """

    text: str
    remote: str
    stage: Stage | None
    is_quoted: bool
    situation: Row | None


def read_message(text: str, stage: Stage | None) -> Message:
    """Take a message apart; ``stage`` is what Okta was doing, where that is known already."""
    whole = _APP.sub(r"\1 …\2", without_names(text))
    situation = None
    reading = words(whole)
    is_message = _MARKS_OF_A_MESSAGE.intersection(whole) or len(reading.split()) > _MOST_WORDS
    if not stage and not is_message:
        situation = first_fit(SITUATIONS, reading)
    quoted = stage or stage_in(whole)
    stage = quoted or claimed_stage(whole)
    plain = _STEP.sub(r"\3", _OF_ANY.sub("", whole)).replace(" exists:", ":")
    remote = _said_by_the_server(plain, stage)
    is_quoted = bool(quoted or _said_by_the_server(plain, None))
    return Message(plain, remote, stage, is_quoted, situation)


def without_names(text: str) -> str:
    """Return ``text`` without the names of people that Okta's own sentences hold."""
    if "user" not in text and "profile" not in text:  # of many events, few have such a sentence
        return text
    return _STEP.sub(lambda step: f"{step[1]} …{step[3]}" if step[2] else step[0], text)


def readings(plain: str) -> Iterator[str]:
    """Yield the words of a text as typed, without typos, and with the last word completed."""
    as_typed = words(plain)
    yield as_typed
    if len(as_typed.split()) > _MOST_CORRECTED:
        return
    known = _known_words()
    meant = corrected(as_typed, known)
    if meant != as_typed:
        yield meant
    if _CUT_OFF.search(plain):
        yield from completed(as_typed, known)


def _said_by_the_server(plain: str, stage: Stage | None) -> str:
    """Return what the server said; nothing where it cannot be told from the rest."""
    behind = behind_remote(plain)
    said = " ".join(found[2] for found in _MESSAGE.finditer(behind or plain)) or behind
    if said.strip() or stage not in WRITES:
        return said.strip()
    pieces = _BEHIND.split(plain)
    clause = pieces[-1]
    if len(pieces) > 2 and clause.count(" ") < FEWEST_WORDS:  # noqa: PLR2004 - a step comes first
        clause = f"{pieces[-2]} {clause}"
    is_reason = clause != plain and not is_null(plain) and not status_in(words(clause), clause)
    return clause.strip() if is_reason else ""


def is_null(plain: str) -> bool:
    """Tell whether Okta gives no reason."""
    return _NULL.search(plain) is not None


def split_words(text: str) -> str:
    """Return the words of ``text``, those of camelCase whole and in their pieces."""
    pieces = _CAMEL_CASE.sub(r"\1 \2", text)
    return words(text) + words(pieces) if pieces != text else words(text)


def is_about_provisioning(text: str) -> bool:
    """Tell whether a text is about provisioning, or has no word but those that servers use.

    "The file name is too long for this disk" has words that no SCIM server uses. What is in quotes,
    addresses and numbers may be anything.
    """
    if _OF_OKTA_ALONE.search(text):
        return False
    if "/scim" in text or _ATTRIBUTE_NAME.search(text):
        return True
    return _is_of_a_server(words(text), words(_ANY_WORDS.sub(" ", text)))


def _is_of_a_server(reading: str, without_names: str) -> bool:
    """Tell whether a word is of provisioning, or nearly each is one of Okta's or of servers."""
    if not _SUBJECTS.isdisjoint(reading.split()):
        return True
    listed = [one for one in without_names.split() if one[1:] and not any(map(str.isdigit, one))]
    strange = sum(word not in _known_words() for word in listed)
    return strange <= len(listed) // _WORDS_FOR_A_STRANGE_ONE


@cache
def _known_words() -> set[str]:
    """Return the words that Okta and servers use: of the vocabulary and of the tables."""
    rows = (*SENTENCES, *DETAILS, *BY_SINGLE_WORDS, *STATUSES, *SITUATIONS)
    phrases = " ".join((*VOCABULARY.values(), *STAGE_WORDS, *(row.known_by for row in rows)))
    return {*re.findall(r"[^\W_]+", phrases.lower()), *_SUBJECTS, *COMMON_WORDS.split()}


@cache
def _by_number() -> dict[int, Row]:
    rows = (*DETAILS, *SENTENCES, *STATUSES)
    return {status: item for item in rows for status in item.statuses}


@cache
def _by_phrase() -> list[tuple[str, Row]]:
    rows = (*STATUSES, RATE_LIMITED._replace(wordings=""))
    return [(f" {phrase} ", item) for item in rows for phrase in each_of(item.known_by)]


def status_in(reading: str, plain: str) -> Row | None:
    """Return the row of the status that a text names: by its number, or by its reason phrase.

    A phrase must fill a clause, or be in a message.
    """
    number = _NUMBER.search(plain) if any(map(str.isdigit, plain)) else None
    if number and (row := _by_number().get(int(number[1]))):
        return row
    whole = words(plain)
    clauses = {words(clause) for clause in plain.translate(_ENDS).split("\n")}
    alone = [(whole.find(phrase), item) for phrase, item in _by_phrase() if phrase in clauses]
    if alone:  # what the server said may have one too: 'Department "Sales" not found'
        return min(alone, key=itemgetter(0))[1]
    if " found " in clauses:  # alone it is a status; in a sentence it is any word
        return _by_number()[302]
    is_short = len(clauses) == 1 and reading.count(" ") <= FEW_WORDS
    said = reading if is_short else whole
    is_message = _is_of_a_server(said, said)
    for phrase, item in _by_phrase():
        beside = (f" {status}{phrase}" for status in item.statuses)
        if (is_message and phrase in reading) or any(one in reading for one in beside):
            return item
    return None
