"""What is called invalid, unsupported or missing: the thing tells what to do, not the complaint."""

from ngrok_scim_cli.diagnosis.okta.clicks import SET_BASE_URL
from ngrok_scim_cli.diagnosis.okta.sayings import WRONG_BASE_URL, Cause, Saying, by_code, saying
from ngrok_scim_cli.diagnosis.okta.sentences import GROUP_PUSH, LOOK_UP_REFUSED, SENTENCES
from ngrok_scim_cli.diagnosis.okta.server_details import DETAILS
from ngrok_scim_cli.text.phrases import holds

_INVALID = (
    *("invalid", "not valid", "malformed", "wrong", "incorrect", "unsupported", "not supported"),
    *("not correct", "unrecognized", "not recognized", "bad", "must begin", "must start"),
    *("must end", "must match", "must not", "could not be parsed", "not accepted", "not allowed"),
)
_ABSENT = (
    *("missing", "required", "empty", "blank", "must be set", "not set", "must be provided"),
    *("not provided", "not specified", "must be specified", "cannot be null"),
)
# A complaint is short; in a longer text the words need not belong together.
_MOST_WORDS = 20


def _row(sentence: str, things: str) -> Saying:
    rows = (*SENTENCES, *DETAILS)
    return next(item for item in rows if item.sentence == sentence)._replace(wordings=things)


# Fields of Okta's form with names of their own: these go before what servers say.
_FIELDS = (
    saying(
        "The unique identifier field is invalid",
        '"Unique identifier field for users" is not accepted',
        "The message is about a field of Okta's form, not about a person.",
        by_code("FRM301"),
        wordings="unique identifier, identifier field",
    ),
    saying(
        "The authentication mode is invalid",
        '"Authentication Mode" is not accepted',
        "The message is about a field of Okta's form, not about a person.",
        by_code("FRM303"),
        wordings="authentication mode, auth mode, authentication method, authentication type",
    ),
    saying(
        "The provisioning action is invalid",
        '"Supported provisioning actions" is not accepted',
        "The message is about a field of Okta's form, not about a person.",
        by_code("FRM308", "FRM304"),
        wordings="provisioning action, provisioning actions",
    ),
    _row(
        "Error while retrieving OAuth token",
        "client id, client secret, oauth token, token endpoint, grant type",
    ),
)
# The most special first: a URL has a host, and a token may lack a scope.
_THINGS = (
    _row("PKIX path building failed", "certificate, certificates, certificate chain"),
    _row("Insufficient permission", "scope, scopes, permission, permissions"),
    _row("Illegal character in message header value", "header value, headers"),
    saying(
        "The version is not supported",
        "The server does not know this version of SCIM",
        "ngrok's SCIM is version 2.0, and its address ends in /scim/v2/.",
        Cause("The base URL leads to another version of SCIM.", SET_BASE_URL, ("URL109",)),
        wordings="scim version, connector version, protocol version, api version",
    ),
    _row(
        "Invalid token",
        "token, credential, credentials, api key, authorization, bearer, secret, authentication",
    ),
    saying(
        "The base URL is invalid",
        "The base URL is not accepted",
        "The message is about the address in Okta's form, not about a person.",
        WRONG_BASE_URL._replace(
            codes=("URL103", "URL106", "URL107", "URL108", "URL109", "URL115", "URL118")
        ),
        wordings="base url, url, uri, endpoint, host, hostname, host name",
    ),
    LOOK_UP_REFUSED._replace(wordings="filter, query"),
    _row(
        "E0000054: Invalid pagination properties",
        "startindex, start index, totalresults, total results, itemsperpage, items per page, "
        "pagination, page size",
    ),
    _row("Cannot deserialize value of type …", "response, reply, resources, listresponse"),
    _row("Invalid JSON: Unrecognized token", "json"),
    _row("The maximum number of seats is reached", "license, licenses, seat, seats"),
    GROUP_PUSH._replace(wordings="group, groups, group name"),
    _row("The password does not meet the policy", "password"),
)
_EMAIL = _row("Invalid e-mail address", "email, email address, e mail, username, user name")
_OF_A_PROFILE = (
    "first name, last name, given name, family name, givenname, familyname, displayname, display "
    "name, phone, phone number, attribute, title, locale, timezone, email, email address, "
    "username, user name, field, value"
)
_REFUSED = _row("An attribute is not accepted", _OF_A_PROFILE)
_REQUIRED = _row("An attribute is required", _OF_A_PROFILE)


def field_in(reading: str) -> Saying | None:
    """Return the row of a field of Okta's form of which ``reading`` complains."""
    return _first(_FIELDS, reading) if _has(reading, (*_INVALID, *_ABSENT)) else None


def thing_in(reading: str) -> Saying | None:
    """Return the row of the thing that ``reading`` calls invalid or missing."""
    if len(reading.split()) > _MOST_WORDS:
        return None
    if _has(reading, _INVALID):
        return _first((*_THINGS, _EMAIL, _REFUSED), reading)
    return _first((*_THINGS, _REQUIRED), reading) if _has(reading, _ABSENT) else None


def _first(rows: tuple[Saying, ...], reading: str) -> Saying | None:
    return next((item for item in rows if _has(reading, item.phrases)), None)


def _has(reading: str, phrases: "list[str] | tuple[str, ...]") -> bool:
    return any(holds(reading, phrase) for phrase in phrases)
