"""What is wrong with the letters of the key. Nothing that these rules say holds a piece of it."""

import re

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.diagnosis.values.key import ksuid_time
from ngrok_scim_cli.diagnosis.values.pasted_key import (
    ASSIGNED,
    LATIN_1_BYTE_ORDER_MARK,
    PREFIXED,
    WRAPPED,
    PastedKey,
)
from ngrok_scim_cli.diagnosis.values.placeholders import is_masked, is_placeholder, is_variable
from ngrok_scim_cli.text.characters import (
    BYTE_ORDER_MARK,
    EXAMINED,
    Kind,
    describe,
    named,
    there_are,
)
from ngrok_scim_cli.text.confusables import imitation
from ngrok_scim_cli.text.strip import OTHER_TEXT, there_are_cuts

_NAMED = 5

_KEY_ID = re.compile(r"ak_[0-9A-Za-z]*", re.IGNORECASE)
_OTHER_IDS = {
    "cr_": "the id of an authtoken",
    "usr_": "the id of a user",
    "bot_": "the id of a Service User",
    "service_": "the id of a Service User",
    "su_": "the id of a Service User",
    "ng_": "a key of ngrok's AI Gateway",
}
# Any id of ngrok's: a short word for what it names, and a KSUID.
_SOME_ID = re.compile(r"[a-z]{2,10}_[0-9A-Za-z]{27}")
_HALF = 27
_FIRST_HALF = re.compile(r"[0-9A-Za-z]{27}")
_CUT_IN_THE_MIDDLE = re.compile(r"[0-9A-Za-z]{15,}_|_[0-9A-Za-z]{15,}")
_URL = re.compile(r"https?:/|.*\bngrok\.com\b|.*/scim\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

key_rules: Rules[PastedKey] = Rules()


def is_unfilled(key: PastedKey) -> bool:
    """Tell whether something stands for the key and is none."""
    behind = key.behind_its_name
    if key.has_the_shape or is_redacted(key):
        return False
    if is_variable(key.letters) or is_variable(behind) or is_placeholder(behind):
        return True
    return key.is_bracketed and re.fullmatch(r"[A-Za-z _.-]+", key.letters) is not None


def is_redacted(key: PastedKey) -> bool:
    """Tell whether a screen or a log replaced a part of the key."""
    return not key.has_the_shape and is_masked(key.letters)


def _has_a_key(key: PastedKey) -> bool:
    return not (is_unfilled(key) or is_redacted(key))


@key_rules("KEY209")
def _is_empty(key: PastedKey) -> Match | None:
    if key.letters or key.peeled.cuts_of(ASSIGNED):
        return None
    if not key.typed:
        return Match("The field is empty.")
    prefixes = key.peeled.cuts_of(PREFIXED)
    if prefixes:
        words = " ".join(cut.name for cut in prefixes[:_NAMED])
        return Match(f"Behind {words} stands no key.")
    if key.peeled.cuts:
        return Match("There is nothing between the quotation marks or brackets.")
    return Match(f"It holds nothing but {named(key.peeled.spots)}.")


@key_rules("KEY212", unless=("KEY209",))
def _is_a_placeholder(key: PastedKey) -> Match | None:
    assigned = key.peeled.cuts_of(ASSIGNED)
    if assigned and not key.letters:
        return Match("There is the name of a variable and “=”, and nothing behind it.")
    if is_unfilled(key):
        return Match(
            f"It has {_length(key)} that stand for a key: a placeholder, or a variable that "
            "nothing filled in."
        )
    if assigned:
        return Match(
            f"Its first {_count(assigned[-1].end)} are the name of a variable. Only what stands "
            "behind it is the key.",
            fix="Paste the key alone into “Authorization”, without the name in front of it.",
        )
    return None


@key_rules("KEY211", unless=("KEY209",))
def _is_cut_off(key: PastedKey) -> Match | None:
    if is_redacted(key):
        return Match(f"A part of its {_length(key)} was replaced by dots, stars or the like.")
    if _FIRST_HALF.fullmatch(key.letters) and ksuid_time(key.letters):
        return Match(
            "It has 27 characters and no underscore: that is the first half of a key, and the "
            "half behind the underscore is missing."
        )
    if _CUT_IN_THE_MIDDLE.fullmatch(key.letters):
        side = "begins" if key.letters.startswith("_") else "ends"
        return Match(f"It has {_length(key)} and {side} with the underscore between two halves.")
    return None


@key_rules("KEY207", unless=("KEY209",))
def _is_the_id_of_a_key(key: PastedKey) -> Match | None:
    if not _KEY_ID.fullmatch(key.letters) or is_unfilled(key):
        return None
    return Match(f"It has {_length(key)} and begins with “ak_”, as the id of an API key does.")


@key_rules("KEY208", unless=("KEY207", "KEY209", "KEY211"))
def _is_another_credential(key: PastedKey) -> Match | None:
    if is_unfilled(key):
        return None
    lowered = key.letters.lower()
    prefix = next((prefix for prefix in _OTHER_IDS if lowered.startswith(prefix)), None)
    if prefix:
        # Eight characters in a row would be a piece of what was typed.
        shown = f", with “{prefix}”" if len(prefix) < len("service_") else ""
        return Match(f"It begins as {_OTHER_IDS[prefix]} does{shown}.")
    if _SOME_ID.fullmatch(key.letters):
        return Match(f"It has {_length(key)} and the shape of an id of ngrok's.")
    return None


@key_rules(PREFIXED)
def _begins_with_a_scheme(key: PastedKey) -> Match | None:
    cuts = key.peeled.cuts_of(PREFIXED)
    if not cuts:
        return None
    return Match(f"It begins with {' '.join(cut.name for cut in cuts[:_NAMED])}.")


@key_rules(WRAPPED, unless=("KEY209",))
def _is_wrapped(key: PastedKey) -> Match | None:
    cuts = key.peeled.cuts_of(WRAPPED)
    if not cuts or not _has_a_key(key):
        return None
    if any(cut.name == OTHER_TEXT for cut in cuts):
        first, last = key.peeled.start + 1, key.peeled.end
        return Match(f"Only its characters {first} to {last} are a key; the rest is other text.")
    places = [f"{describe(key.peeled.text[cut.start])} ({_place(cut.start)})" for cut in cuts]
    rest = f" and {len(cuts) - _NAMED} more" if len(cuts) > _NAMED else ""
    return Match(f"Around it {there_are_cuts(cuts)}: {', '.join(places[:_NAMED])}{rest}.")


@key_rules("KEY204", unless=("KEY209",))
def _holds_an_invisible_character(key: PastedKey) -> Match | None:
    spots = key.peeled.of_kind(Kind.INVISIBLE)
    if not spots:
        return None
    evidence = f"Among its {_typed_length(key)} {there_are(spots)}."
    if spots[0].start == 0 and spots[0].character == BYTE_ORDER_MARK:
        evidence += (
            " The file was saved with a byte-order mark, as “UTF-8 with BOM” and UTF-16 files are."
        )
    return Match(evidence)


@key_rules("KEY201", unless=("KEY209",))
def _begins_with_whitespace(key: PastedKey) -> Match | None:
    spots = key.peeled.before() if _has_a_key(key) else ()
    return Match(f"Before the key {there_are(spots)}.") if spots else None


@key_rules("KEY202", unless=("KEY209",))
def _ends_with_whitespace(key: PastedKey) -> Match | None:
    spots = key.peeled.after() if _has_a_key(key) else ()
    return Match(f"After the key {there_are(spots)}.") if spots else None


@key_rules("KEY203", unless=("KEY209", "KEY211"))
def _holds_whitespace(key: PastedKey) -> Match | None:
    spots = [spot for spot in key.peeled.inside() if spot.kind is Kind.WHITESPACE]
    if not spots or not _has_a_key(key) or key.keys > 1 or key.is_a_sentence:
        return None
    return Match(f"Inside the key {there_are(spots)}.")


@key_rules("KEY213", unless=("KEY209", "KEY211"))
def _holds_what_no_header_can(key: PastedKey) -> Match | None:
    if is_unfilled(key):
        return None
    if key.is_utf_16:
        return Match(
            "Every other character is U+0000 NULL: the file was saved as UTF-16.",
            fix="Save the file as plain text (UTF-8), or copy the key by hand.",
        )
    if key.letters.startswith(LATIN_1_BYTE_ORDER_MARK):
        return Match(
            "It begins with the three characters that a byte-order mark turns into where a file "
            "is not read as UTF-8.",
            fix="Save the file as UTF-8 without a byte-order mark, or copy the key by hand.",
        )
    places = [
        f"{_place(at)} is {describe(letter)}{imitation(letter)}"
        for at, letter in key.peeled.foreign()
    ]
    odd = key.peeled.of_kind(Kind.CONTROL, Kind.UNREADABLE)
    places += [f"{_place(spot.start)} is {describe(spot.character)}" for spot in odd]
    if not places:
        return None
    rest = f"; and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    listed = "; ".join(places[:_NAMED])
    return Match(f"{listed[0].upper()}{listed[1:]}{rest}.")


@key_rules("KEY210", unless=("KEY203", "KEY207", "KEY208", "KEY209", "KEY211", "KEY213"))
def _has_not_the_shape(key: PastedKey) -> Match | None:
    if key.is_too_long:
        return _no_key(
            f"It has {len(key.typed):,} characters, of which the first {EXAMINED:,} were looked "
            "at. No key is that long."
        )
    if key.has_the_shape or not key.letters or is_unfilled(key):
        return None
    underscores = key.letters.count("_")
    count = {0: "no underscore", 1: "one underscore"}.get(
        underscores, f"{underscores:,} underscores"
    )
    return _is_something_else(key) or Match(
        f"It has {_length(key)} and {count}. A key of today has 49, one underscore among them."
    )


def _is_something_else(key: PastedKey) -> Match | None:
    """Say what was pasted, where that is certain and no key."""
    if key.keys > 1:
        return _no_key(
            f"There are {key.keys:,} keys in it, and nobody can tell which is meant.",
            fix="Paste one key into “Authorization”, the one that ngrok showed for SCIM.",
        )
    if key.with_its_underscore and ksuid_time(key.with_its_underscore[:_HALF]):
        return _no_key(
            f"Behind its first {_HALF} characters no “_” stands, which joins the two halves of a "
            "key."
        )
    if key.is_a_sentence:
        return _no_key("It is several words, and none of them is a key.")
    if _URL.match(key.letters):
        return _no_key(
            f"Its {_length(key)} are a URL.",
            fix="Paste the key into “Authorization”. The URL belongs into “SCIM connector base "
            "URL”.",
        )
    return _no_key("It is an e-mail address.") if _EMAIL.fullmatch(key.letters) else None


def _no_key(evidence: str, fix: str | None = None) -> Match:
    return Match(evidence, fix=fix, severity=Severity.ERROR)


def _length(key: PastedKey) -> str:
    return _count(len(key.letters))


def _typed_length(key: PastedKey) -> str:
    return _count(len(key.typed))


def _count(number: int) -> str:
    return f"{number:,} character{'' if number == 1 else 's'}"


def _place(offset: int) -> str:
    return f"character {offset + 1}"
