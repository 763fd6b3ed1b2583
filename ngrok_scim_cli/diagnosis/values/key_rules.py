"""Rules for the key, in Okta's field ``Authorization``, and their repairs.

No text of these rules contains a piece of the key. ngrok's own words about its credentials:
https://ngrok.com/docs/errors
"""

import re

from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.diagnosis.values.key import (
    ASSIGNED,
    PREFIXED,
    PastedKey,
    made_at,
    read_key,
)
from ngrok_scim_cli.diagnosis.values.pasted import (
    NAMED,
    foreign_letters,
    stray_character_rules,
)
from ngrok_scim_cli.diagnosis.values.placeholders import is_masked
from ngrok_scim_cli.text.characters import Kind, describe, named, without
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
# An API token of Okta's. A part of it may be an underscore, so it can have the shape of a key.
_OKTA_TOKEN = lazy_pattern(r"00[0-9A-Za-z_-]{40}")
_HALF = 27
_LENGTH = 49
_CUT_IN_THE_MIDDLE = lazy_pattern(r"[0-9A-Za-z]{15,}_|_[0-9A-Za-z]{15,}")
_FILE = lazy_pattern(r"@?(?:~|\.{1,2})?/[\w./-]+|@[\w-]+\.\w+|@?[A-Z]:\\.*", re.IGNORECASE)
_URL = lazy_pattern(r"https?:/|.*\bngrok\.com\b|.*/scim\b", re.IGNORECASE)
_EMAIL = lazy_pattern(r"[^@\s]+@(?=[^@\s]+\.[^@\s])[^@\s]+")

_COPY_FROM_NGROK = (
    "Copy the key again from where ngrok showed it, or from a password manager, and paste it into "
    '"Authorization".'
)
_NEW_KEY = (
    "ngrok shows a key only once. If you did not keep it, make a new one with "
    "`ngrok-scim api-key create`, or at https://dashboard.ngrok.com/api-keys, and paste it into "
    '"Authorization".'
)
_CREATE_A_KEY = (
    "Create an API key with `ngrok-scim api-key create`, or at "
    'https://dashboard.ngrok.com/api-keys, and paste it into "Authorization".'
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
    if is_masked(key.value):
        return f"A part of its {_length(key)} was replaced by dots, stars or the like."
    if key.has_the_shape or _OKTA_TOKEN.fullmatch(key.value):
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
    _CREATE_A_KEY,
    certainty=Certainty.DOCUMENTED,
    unless=("KEY207", "KEY209", "KEY211"),
)
def _is_another_credential(key: PastedKey) -> str:
    if key.is_called_an_authtoken:
        return "The text in front of it says that it is an authtoken."
    if _OKTA_TOKEN.fullmatch(key.value):
        return f"It begins with “00” and has {_length(key)}, like an Okta API token."
    if key.has_the_shape or key.is_an_access_token or key.is_unfilled:
        return ""
    lowered = key.value.lower()
    if prefix := next((each for each in _OTHER_IDS if lowered.startswith(each)), ""):
        # Eight characters in a row would be a piece of what was typed.
        shown = f" with “{prefix}”," if len(prefix) < len("service_") else ""
        return f"It begins{shown} like {_OTHER_IDS[prefix]}."
    is_an_id = _SOME_ID.fullmatch(key.value)
    return f"Its {_length(key)} look like one of ngrok's ids." if is_an_id else ""


@rule(
    ASSIGNED,
    "There is a placeholder or the name of a variable instead of the key",
    "An example was pasted as it is, or a script passed on a variable that had no value.",
    _PASTE_THE_KEY,
    unless=("KEY207", "KEY208", "KEY209", "KEY211"),
)
def _is_a_placeholder(key: PastedKey) -> Match | None:
    assigned = key.affixes_of(ASSIGNED)
    if assigned and not key.value:
        return Match("It is the name of a variable and “=”, with nothing after it.")
    done = "remove the name of the variable from the front"
    repaired = (without(key.typed, assigned), done) if assigned else None
    if key.is_unfilled:
        seen = f"Its {_length(key)} are a placeholder, or a variable that was not filled in."
        return Match(seen, repaired=repaired)
    if not assigned or key.keys > 1:
        return None
    return Match(
        f"Its first {counted(assigned[-1].end, 'character')} are the name of a variable. The "
        "key comes after it.",
        fix='Paste the key alone into "Authorization", without the name in front of it.',
        repaired=repaired,
    )


@rule(
    "KEY217",
    "This is an ngrok access token, not an API key",
    "ngrok's SCIM guide asks for an API key. An access token may expire and needs the right "
    "scopes. It is not documented whether SCIM accepts one.",
    _CREATE_A_KEY,
    severity=Severity.WARNING,
    certainty=Certainty.UNKNOWN,
    unless=("KEY209", "KEY211"),
)
def _is_an_access_token(key: PastedKey) -> str:
    is_one = key.is_an_access_token and not key.is_unfilled
    return "It begins with “ngrok_pat_”, like an access token." if is_one else ""


@rule(
    PREFIXED,
    "The key begins with a word like Bearer",
    "Okta writes Bearer in front of the key itself: that is the grey box before the field. With a "
    "second one, ngrok cannot read the header.",
    'Paste the key alone into "Authorization", without the word in front.',
    certainty=Certainty.DOCUMENTED,
    unless=("KEY207", "KEY208", "KEY211"),
)
def _begins_with_a_scheme(key: PastedKey) -> Match | None:
    words = _words_in_front(key)
    if not words:
        return None
    bare = without(key.typed, key.affixes_of(PREFIXED))
    return Match(f"It begins with {words}.", repaired=(bare, f"remove {words} from the front"))


stray_character_rules(
    rule,
    "the key",
    "KEY206 KEY204 KEY201 KEY202 KEY203",
    retype=_COPY_FROM_NGROK,
    unless=("KEY207", "KEY208", "KEY209", "KEY211"),
)


@rule(
    "KEY213",
    "The key contains a character that an HTTP header cannot carry",
    "A key has only letters, digits and one underscore. Word processors and other keyboards add "
    "dashes, quotation marks and letters that only look the same.",
    _COPY_FROM_NGROK,
    certainty=Certainty.DOCUMENTED,
    unless=("KEY209", "KEY211"),
)
def _has_what_no_header_can(key: PastedKey) -> Match | None:
    if key.is_unfilled:
        return None
    odd = key.of_kind(Kind.CONTROL, Kind.UNREADABLE)
    seen = foreign_letters(key)
    seen += [f"character {each.start + 1} is {describe(each.character)}" for each in odd]
    if not seen:
        return None
    text, removed = key.removed(odd)
    foreign = dict.fromkeys(letter for _, letter in key.foreign if letter in text)
    plain = {letter: meant for letter in foreign if (meant := imitated_by(letter))}
    for letter, meant in plain.items():
        text = text.replace(letter, meant)
    replaced = [f"{describe(letter)} with {meant}" for letter, meant in plain.items()]
    done = [removed] if odd else []
    done += [f"replace {first_of(replaced, NAMED)}"] if replaced else []
    repaired = (text, " and ".join(done)) if read_key(text).is_a_key else None
    # UTF-16 that was read byte by byte: every other character of more than a few is U+0000.
    nulls = sum(char.count for char in odd if char.character == "\0")
    if 3 * nulls >= len(key.text) > 3:  # noqa: PLR2004 - a few letters prove nothing
        return Match(
            "Every other character is U+0000 NULL: the file was saved as UTF-16.",
            fix="Save the file as plain text (UTF-8), or copy the key by hand.",
            repaired=repaired,
        )
    listed = first_of(seen, NAMED, "; ")
    return Match(f"{listed[0].upper()}{listed[1:]}.", repaired=repaired)


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
)
def _has_not_the_shape(key: PastedKey) -> Match | None:
    if (key.has_the_shape or not key.value or key.is_unfilled) and not key.is_too_long:
        return None
    whole, decoded, length, fix = key.with_its_underscore, key.decoded, _length(key), None
    repaired = (whole, "add _ between its two halves") if whole else None
    if key.is_too_long:
        seen = f"Its {len(key.typed):,} characters are too many for a key."
    elif key.keys > 1:
        seen = f"It contains {key.keys:,} keys. Only you know which one is meant."
        fix = 'Paste one key into "Authorization", the one that ngrok showed for SCIM.'
    elif decoded:
        seen = f"Its {length} are a key encoded as base64."
        fix = 'Paste the key into "Authorization" as ngrok showed it, not encoded.'
        repaired = decoded, "decode it from base64"
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
        seen = f"It has {length} and {count}. A key has {_LENGTH}, one of them an underscore."
        return Match(seen, repaired=repaired)
    return Match(seen, fix, Severity.ERROR, repaired=repaired)


# These are found in a reply, or on this machine.
rule.describe("""
KEY214 documented
ngrok refuses the key
The key has the right format, but ngrok does not accept it: it was revoked, belongs to another
    account, or has a wrong character.
Copy the key again from where it is kept, and test again. If ngrok still refuses it, create a new
    key with `ngrok-scim api-key rotate` and paste it into "Authorization".

KEY215 documented
ngrok could not read the Authorization header
The header did not contain Bearer and one key. There is extra text around the key, the field is
    empty, or a proxy changed the header.
Paste only the key into "Authorization", without Bearer before it.

KEY216 warning
The same key is used for setup and for SCIM
The administrator's key can change the whole account, and Okta needs much less. When the
    administrator leaves, provisioning stops.
Create a key only for SCIM with `ngrok-scim api-key create`, and paste it into "Authorization".
""")
ENTRIES = rule.entries


def _words_in_front(key: PastedKey) -> str:
    """Return the words like Bearer in front of the key; no piece of it is in them."""
    return " ".join(affix.name for affix in key.affixes_of(PREFIXED)[:NAMED])


def _length(key: PastedKey) -> str:
    return counted(len(key.value), "character")
