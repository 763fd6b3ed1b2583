"""Rules for the key, in Okta's field ``Authorization``, and their repairs.

No text of these rules contains a piece of the key. ngrok's own words about its credentials:
https://ngrok.com/docs/errors
"""

import re

from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject
from ngrok_scim_cli.diagnosis.rules import Fixed, Match, Rules
from ngrok_scim_cli.diagnosis.values.key import (
    ASSIGNED,
    PREFIXED,
    PastedKey,
    made_at,
    read_key,
)
from ngrok_scim_cli.diagnosis.values.stray_characters import (
    NAMED,
    foreign_letters,
    stray_character_rules,
    without_gaps,
)
from ngrok_scim_cli.text.characters import Kind, describe, named, named_kinds, without
from ngrok_scim_cli.text.confusables import imitated_by
from ngrok_scim_cli.text.counting import counted, first_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

_KEY_ID = lazy_pattern(r"ak_[0-9A-Za-z]*", re.IGNORECASE)
_OTHER_IDS = {
    "cr_": "the id of an authtoken",
    "usr_": "the id of a user",
    "bot_": "the id of a Service User",
    "service_": "the id of a Service User",
    "su_": "the id of a Service User",
    "ng_": "a key of ngrok's AI Gateway",
}
# Any id of ngrok's: a short word for what it names, and a KSUID.
_SOME_ID = lazy_pattern(r"[a-z]{2,10}_[0-9A-Za-z]{27}")
_HALF = 27
_LENGTH = 49
_SOFT_BREAK = lazy_pattern(r"[=\\-]?(?<![ \t])[ \t]*\r?\n\s*")
# Lines as an editor or a listing numbers them.
_NUMBERED = lazy_pattern(r"(?:\d{1,3}[.):|]?[ \t]+\S+\s*){2,}")
_NUMBER_OF_A_LINE = lazy_pattern(r"^\d{1,3}[.):|]?[ \t]+", re.MULTILINE)
_CUT_IN_THE_MIDDLE = lazy_pattern(r"[0-9A-Za-z]{15,}_|_[0-9A-Za-z]{15,}")
_FILE = lazy_pattern(r"@?(?:~|\.{1,2})?/[\w./-]+|@[\w-]+\.\w+|@?[A-Z]:\\.*", re.IGNORECASE)
_URL = lazy_pattern(r"https?:/|.*\bngrok\.com\b|.*/scim\b", re.IGNORECASE)
_EMAIL = lazy_pattern(r"[^@\s]+@(?=[^@\s]+\.[^@\s])[^@\s]+")

_COPY_FROM_NGROK = (
    "Copy the key again from where ngrok showed it, or from a password manager, and paste it into "
    '"Authorization".'
)
_PASTE_ALONE = 'Paste the key alone into "Authorization", without the word in front.'
_NEW_KEY = (
    "ngrok shows a key only once. If you did not keep it, make a new one with "
    "`ngrok-scim api-key create`, or at https://dashboard.ngrok.com/api-keys, and paste it into "
    '"Authorization".'
)
_PASTE_THE_KEY = (
    'Paste the API key into "Authorization". If you have none yet, `ngrok-scim api-key create` '
    "makes one."
)

rule: Rules[PastedKey] = Rules(
    Subject.AUTHORIZATION,
    fix='Copy only the key, without any other character, and paste it into "Authorization".',
)


@rule(
    "KEY209",
    "There is no key",
    "ngrok refuses every request without a key.",
    _PASTE_THE_KEY,
    certainty=Certainty.DOCUMENTED,
)
def _is_empty(key: PastedKey) -> str:
    if key.value or key.affixes_of(ASSIGNED):
        return ""
    if not key.typed:
        return "The field is empty."
    if words := _words_in_front(key):
        return f"No key follows {words}."
    if key.affixes:
        return "There is nothing between the quotation marks or brackets."
    return f"It contains only {named(key.odd)}."


@rule(
    "KEY211",
    "The key is masked or cut off",
    "Screens and logs often show only part of a key, with dots or stars for the rest. The rest "
    "cannot be recovered.",
    _NEW_KEY,
    unless=("KEY209",),
)
def _is_cut_off(key: PastedKey) -> str:
    if key.has_the_shape and not key.is_redacted:
        return ""
    if key.is_redacted:
        return f"A part of its {_length(key)} was replaced by dots, stars or the like."
    if key.is_a_token_of_okta:
        return ""
    if made_at(f"ak_{key.value}"):
        return "It has 27 characters and no underscore. The second half of the key is missing."
    if _CUT_IN_THE_MIDDLE.fullmatch(key.value):
        begins = key.value.startswith("_")
        side, half = ("begins", "first") if begins else ("ends", "second")
        return f"It has {_length(key)} and {side} with the underscore; the {half} half is missing."
    return ""


@rule(
    "KEY207",
    "This is the id of an API key, not the key",
    "ngrok's dashboard lists keys by their id, which begins with ak_. It shows the key itself "
    "once, when the key is created.",
    _NEW_KEY,
    certainty=Certainty.DOCUMENTED,
    unless=("KEY209",),
)
def _is_the_id_of_a_key(key: PastedKey) -> str:
    if key.is_unfilled:
        return ""
    if _KEY_ID.fullmatch(key.value):
        return f"It has {_length(key)} and begins with “ak_”, like the id of an API key."
    return "It contains the id of an API key, and no key." if key.has_only_an_id else ""


@rule(
    "KEY208",
    "This is another credential, not an ngrok API key",
    "SCIM needs an API key. An authtoken is for the ngrok agent, an id is not a credential, and "
    "an Okta token works only in Okta.",
    "Create an API key with `ngrok-scim api-key create`, or at "
    'https://dashboard.ngrok.com/api-keys, and paste it into "Authorization".',
    certainty=Certainty.DOCUMENTED,
    unless=("KEY207", "KEY209", "KEY211"),
)
def _is_another_credential(key: PastedKey) -> str:
    if key.is_called_an_authtoken:
        return "The text in front of it says that it is an authtoken."
    if key.is_a_token_of_okta:
        return f"It begins with “00” and has {_length(key)}, like an Okta API token."
    if key.has_the_shape or key.is_an_access_token or key.is_unfilled:
        return ""
    lowered = key.value.lower()
    prefix = next((prefix for prefix in _OTHER_IDS if lowered.startswith(prefix)), None)
    if prefix:
        # Eight characters in a row would be a piece of what was typed.
        shown = f" with “{prefix}”," if len(prefix) < len("service_") else ""
        return f"It begins{shown} like {_OTHER_IDS[prefix]}."
    is_an_id = _SOME_ID.fullmatch(key.value)
    return f"Its {_length(key)} look like one of ngrok's ids." if is_an_id else ""


def _remove_the_name(key: PastedKey) -> Fixed | None:
    affixes = key.affixes_of(ASSIGNED) if key.value else ()
    done = "remove the name of the variable from the front"
    return (without(key.typed, affixes), done) if affixes else None


@rule(
    ASSIGNED,
    "There is a placeholder or the name of a variable instead of the key",
    "An example was pasted as it is, or a script passed on a variable that had no value.",
    _PASTE_THE_KEY,
    unless=("KEY207", "KEY208", "KEY209", "KEY211"),
    repair=_remove_the_name,
)
def _is_a_placeholder(key: PastedKey) -> Match | str:
    assigned = key.affixes_of(ASSIGNED)
    if assigned and not key.value:
        return "It is the name of a variable and “=”, with nothing after it."
    if key.is_unfilled:
        return f"Its {_length(key)} are a placeholder, or a variable that was not filled in."
    if assigned and key.keys <= 1:
        return Match(
            f"Its first {counted(assigned[-1].end, 'character')} are the name of a variable. The "
            "key comes after it.",
            fix='Paste the key alone into "Authorization", without the name in front of it.',
        )
    return ""


@rule(
    "KEY217",
    "This is an ngrok access token, not an API key",
    "ngrok's SCIM guide asks for an API key. An access token may expire and needs the right "
    "scopes. It is not documented whether SCIM accepts one.",
    "Create an API key with `ngrok-scim api-key create`, or at "
    'https://dashboard.ngrok.com/api-keys, and paste it into "Authorization".',
    severity=Severity.WARNING,
    certainty=Certainty.UNKNOWN,
    unless=("KEY209", "KEY211"),
)
def _is_an_access_token(key: PastedKey) -> str:
    is_one = key.is_an_access_token and not key.is_unfilled
    return "It begins with “ngrok_pat_”, like an access token." if is_one else ""


def _words_in_front(key: PastedKey) -> str:
    """Return the words like Bearer in front of the key; no piece of it is in them."""
    return " ".join(affix.name for affix in key.affixes_of(PREFIXED)[:NAMED])


@rule(
    PREFIXED,
    "The key begins with a word like Bearer",
    "Okta writes Bearer in front of the key itself: that is the grey box before the field. With a "
    "second one, ngrok cannot read the header.",
    _PASTE_ALONE,
    certainty=Certainty.DOCUMENTED,
    unless=("KEY207", "KEY208", "KEY211"),
    repair=lambda key: (
        without(key.typed, key.affixes_of(PREFIXED)),
        f"remove {_words_in_front(key)} from the front",
    ),
)
def _begins_with_a_scheme(key: PastedKey) -> str:
    words = _words_in_front(key)
    return f"It begins with {words}." if words else ""


def _join(key: PastedKey) -> Fixed | None:
    text, done = without_gaps(key)
    if _NUMBERED.fullmatch(key.typed):
        text = "".join(_NUMBER_OF_A_LINE.sub("", key.typed).split())
        done = "remove the line numbers and join the lines"
    # An e-mail ends a line that it breaks with "=" (RFC 2045 section 6.7), a document with a
    # hyphen, a shell with a backslash.
    soft = _SOFT_BREAK.sub("", key.typed)
    read = next((r for r in map(read_key, (text, soft)) if r.has_the_shape), read_key(text))
    return (read.typed, done) if read.has_the_shape or read.with_its_underscore else None


stray_character_rules(
    rule,
    "the key",
    "KEY206 KEY204 KEY201 KEY202 KEY203",
    retype=_COPY_FROM_NGROK,
    unless=("KEY207", "KEY208", "KEY209", "KEY211"),
    has_a_value=lambda key: not key.is_unfilled and key.keys <= 1,
    join=_join,
)


def _write_what_a_header_can_hold(key: PastedKey) -> Fixed | None:
    """Write the letters that were meant, if a key comes out of it."""
    odd = key.of_kind(Kind.CONTROL, Kind.UNREADABLE)
    text = without(key.typed, odd)
    done = [f"remove {named_kinds(odd)}"] if odd else []
    foreign = dict.fromkeys(letter for _, letter in key.foreign if letter in text)
    plain = [
        f"{describe(letter)} with {imitated_by(letter)}"
        for letter in foreign
        if imitated_by(letter)
    ]
    done += [f"replace {first_of(plain, NAMED)}"] if plain else []
    for letter in foreign:
        text = text.replace(letter, imitated_by(letter) or letter)
    read = read_key(text)
    is_a_key = read.has_the_shape or read.with_its_underscore
    return (text, " and ".join(done)) if is_a_key else None


@rule(
    "KEY213",
    "The key contains a character that an HTTP header cannot carry",
    "A key has only letters, digits and one underscore. Word processors and other keyboards add "
    "dashes, quotation marks and letters that only look the same.",
    _COPY_FROM_NGROK,
    certainty=Certainty.DOCUMENTED,
    unless=("KEY209", "KEY211"),
    repair=_write_what_a_header_can_hold,
)
def _has_what_no_header_can(key: PastedKey) -> Match | str:
    if (key.typed.isascii() and not key.odd) or key.is_unfilled:
        return ""
    if key.is_utf_16:
        return Match(
            "Every other character is U+0000 NULL: the file was saved as UTF-16.",
            fix="Save the file as plain text (UTF-8), or copy the key by hand.",
        )
    places = foreign_letters(key)
    odd = key.of_kind(Kind.CONTROL, Kind.UNREADABLE)
    places += [f"character {each.start + 1} is {describe(each.character)}" for each in odd]
    listed = first_of(places, NAMED, "; ")
    return f"{listed[0].upper()}{listed[1:]}." if listed else ""


def _write_the_key(key: PastedKey) -> Fixed | None:
    """Write the key that was meant, where only its writing is wrong."""
    if key.with_its_underscore:
        return key.with_its_underscore, "add _ between its two halves"
    return (key.decoded, "decode it from base64") if key.decoded else None


@rule(
    "KEY210",
    "This does not look like an ngrok API key",
    "A key is two groups of letters and digits, joined by an underscore. Probably something else "
    "was pasted, or a part is missing.",
    "Compare it with the key that ngrok showed. If you do not have that key, create a new one "
    "with `ngrok-scim api-key create`.",
    severity=Severity.WARNING,
    certainty=Certainty.OBSERVED,
    unless=("KEY203", "KEY207", "KEY208", "KEY209", "KEY211", "KEY213", "KEY217"),
    repair=_write_the_key,
)
def _has_not_the_shape(key: PastedKey) -> Match | str:
    if (key.has_the_shape or not key.value or key.is_unfilled) and not key.is_too_long:
        return ""
    whole, length, fix = key.with_its_underscore, _length(key), None
    if key.is_too_long:
        seen = f"Its {len(key.typed):,} characters are too many for a key."
    elif key.keys > 1:
        seen = f"It contains {key.keys:,} keys. Only you know which one is meant."
        fix = 'Paste one key into "Authorization", the one that ngrok showed for SCIM.'
    elif key.decoded:
        seen = f"Its {length} are a key encoded as base64."
        fix = 'Paste the key into "Authorization" as ngrok showed it, not encoded.'
    elif whole and made_at(f"ak_{whole[:_HALF]}"):
        seen = f"The underscore after its first {_HALF} characters is missing."
    elif key.is_a_sentence:
        seen = "It is several words, and none of them is a key."
    elif _FILE.fullmatch(key.value) and not key.value.lower().startswith("/scim/v2"):
        seen = f"Its {length} are the path of a file, not what is in it."
        fix = 'Paste what is in the file into "Authorization".'
    elif _URL.match(key.value):
        seen = f"Its {length} are a URL."
        fix = 'Paste the key into "Authorization". The URL belongs in "SCIM connector base URL".'
    elif _EMAIL.fullmatch(key.value):
        seen = "It is an e-mail address."
    else:
        number = key.value.count("_")
        count = counted(number, "underscore") if number else "no underscore"
        return f"It has {length} and {count}. A key has {_LENGTH}, one of them an underscore."
    return Match(seen, fix=fix, severity=Severity.ERROR)


# These are found in a reply, or on this machine.
rule.describe(
    "KEY214",
    "ngrok refuses the key",
    "The key has the right format, but ngrok does not accept it: it was revoked, belongs to "
    "another account, or has a wrong character.",
    "Copy the key again from where it is kept, and test again. If ngrok still refuses it, create "
    'a new key with `ngrok-scim api-key rotate` and paste it into "Authorization".',
    certainty=Certainty.DOCUMENTED,
)
rule.describe(
    "KEY215",
    "ngrok could not read the Authorization header",
    "The header did not contain Bearer and one key. There is extra text around the key, the field "
    "is empty, or a proxy changed the header.",
    'Paste only the key into "Authorization", without Bearer before it.',
    certainty=Certainty.DOCUMENTED,
)
rule.describe(
    "KEY216",
    "The same key is used for setup and for SCIM",
    "The administrator's key can change the whole account, and Okta needs much less. When the "
    "administrator leaves, provisioning stops.",
    "Create a key only for SCIM with `ngrok-scim api-key create`, and paste it into "
    '"Authorization".',
    severity=Severity.WARNING,
)
ENTRIES = rule.entries


def _length(key: PastedKey) -> str:
    return counted(len(key.value), "character")
