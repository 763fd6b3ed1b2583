"""Texts of what can be wrong with the key, in Okta's field ``Authorization``.

ngrok's own words about its credentials: https://ngrok.com/docs/errors
"""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Severity, Subject

_COPY_AGAIN = (
    "Copy the key again, without what stands around it, and paste it into “Authorization”."
)
_NEW_KEY = (
    "ngrok shows a key only once. If it is not kept anywhere, make a new one with "
    "`ngrok-scim api-key create`, or at https://dashboard.ngrok.com/api-keys, and paste it into "
    "“Authorization”."
)


def _entry(
    code: str, title: str, cause: str, fix: str = _COPY_AGAIN, severity: Severity = Severity.ERROR
) -> Entry:
    return Entry(code, severity, Subject.AUTHORIZATION, title, cause, fix)


ENTRIES: tuple[Entry, ...] = (
    _entry(
        "KEY201",
        "There is whitespace before the key",
        "A space or a line break was copied along with it, and ngrok compares every character.",
    ),
    _entry(
        "KEY202",
        "There is whitespace after the key",
        "A space or a line break was copied along with it, and ngrok compares every character.",
    ),
    _entry(
        "KEY203",
        "There is whitespace inside the key",
        "A key has no gaps. A terminal or an e-mail wrapped the line, and the break was copied "
        "along.",
        "Copy the key again from a place where it stands on one line, and paste it into "
        "“Authorization”.",
    ),
    _entry(
        "KEY204",
        "There is an invisible character in the key",
        "Web pages, chat programs and files put in characters that no screen shows. ngrok compares "
        "every character, so it is a different key.",
        "Copy the key again from where ngrok showed it, or from a password manager, and paste it "
        "into “Authorization”.",
    ),
    _entry(
        "KEY205",
        "The key begins with a word like Bearer",
        "Okta writes Bearer in front of the key itself: that is the grey box before the field. "
        "With a second one, ngrok cannot read the header.",
        "Paste the key alone into “Authorization”, without the word in front.",
    ),
    _entry(
        "KEY206",
        "There are quotation marks, brackets or other text around the key",
        "It was copied from a file, a command or a chat along with the key, and ngrok takes it for "
        "a part of it.",
    ),
    _entry(
        "KEY207",
        "This is the id of an API key, not the key",
        "ngrok's dashboard lists keys by their id, which begins with ak_. The key itself is shown "
        "once, when it is made.",
        _NEW_KEY,
    ),
    _entry(
        "KEY208",
        "This is another credential of ngrok's, not an API key",
        "SCIM takes API keys only. Authtokens are for the ngrok agent, and ids are no credentials.",
        "Make an API key with `ngrok-scim api-key create`, or at "
        "https://dashboard.ngrok.com/api-keys, and paste it into “Authorization”.",
    ),
    _entry(
        "KEY209",
        "There is no key",
        "Without a key ngrok refuses every request.",
        "Paste the API key into “Authorization”. Where there is none yet, "
        "`ngrok-scim api-key create` makes one.",
    ),
    _entry(
        "KEY210",
        "This has not the shape of an ngrok API key",
        "Keys are letters and digits in two halves, with an underscore between them. Something "
        "else was probably pasted, or a part is missing.",
        "Compare it with the key that ngrok showed. If that is not kept anywhere, make a new one "
        "with `ngrok-scim api-key create`.",
        Severity.WARNING,
    ),
    _entry(
        "KEY211",
        "The key is masked or cut off",
        "What a screen or a log shows of a key is often only a part of it, with dots or stars for "
        "the rest. The rest cannot be restored.",
        _NEW_KEY,
    ),
    _entry(
        "KEY212",
        "A placeholder or the name of a variable stands in the key's place",
        "An example was pasted as it is, or a script passed a variable on without its value.",
        "Paste the key itself into “Authorization”. Where there is none yet, "
        "`ngrok-scim api-key create` makes one.",
    ),
    _entry(
        "KEY213",
        "There is a character in the key that no HTTP header can hold",
        "A key is made of plain letters, digits and one underscore. Word processors and other "
        "keyboards put in dashes, quotation marks and letters that only look the same.",
        "Copy the key again from where ngrok showed it, or from a password manager, and paste it "
        "into “Authorization”.",
    ),
    _entry(
        "KEY214",
        "ngrok refuses the key",
        "It has the right form, but ngrok does not know it: it was revoked, belongs to another "
        "account, or a letter is wrong.",
        "Copy the key again from where it is kept, and test again. If ngrok still refuses it, make "
        "a new one with `ngrok-scim api-key rotate` and paste that into “Authorization”.",
    ),
    _entry(
        "KEY215",
        "ngrok could not read the Authorization header",
        "The header did not hold Bearer and one key. Either something stands around the key, or "
        "the field is empty, or something between here and ngrok changed the header.",
        "Paste the key alone into “Authorization”, without Bearer in front.",
    ),
    _entry(
        "KEY216",
        "The same key is used for setup and for SCIM",
        "The administrator's key can change the whole account, and Okta needs far less. When the "
        "administrator leaves, provisioning stops.",
        "Make a key that is for SCIM alone with `ngrok-scim api-key create`, and paste that into "
        "“Authorization”.",
        Severity.WARNING,
    ),
)
