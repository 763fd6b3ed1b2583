"""What no phrase tells: several together in any order, or a single word of what a server said.

A situation is what people see where Okta shows no message, in their own words. A complaint calls
something invalid or missing: the thing tells what to do.
"""

from collections.abc import Iterable

from ngrok_scim_cli.diagnosis.okta import causes, clicks
from ngrok_scim_cli.diagnosis.okta.causes import (
    DOCUMENTED,
    OBSERVED,
    Cause,
    Saying,
    by_code,
    saying,
)
from ngrok_scim_cli.diagnosis.okta.sentences import GROUP_PUSH, LOOK_UP_REFUSED, SENTENCES
from ngrok_scim_cli.diagnosis.okta.server_details import DETAILS
from ngrok_scim_cli.text.phrases import holds, words

# A message has a colon or braces; what people tell has neither, and is short.
_MARKS_OF_A_MESSAGE = frozenset(":{}<>=")
_MOST_WORDS = 30
# A complaint is shorter; in a longer text the words need not belong together.
_MOST_WORDS_OF_A_COMPLAINT = 20

_NOT = "not|no|none|never|nobody|nothing|t|cannot|fail|fails|without|only some"
_TOO_EARLY = Cause(
    "The people were assigned before SCIM was turned on.",
    'In Okta, open Assignments and press "Provision User".',
    ("OKT908",),
    DOCUMENTED,
)

# Each is known by one phrase of each group behind it, in any order; ``|`` divides the phrases.
SITUATIONS: tuple[tuple[Saying, *tuple[str, ...]], ...] = (
    (
        saying(
            "There is no tab Provisioning",
            "The app in Okta has no SCIM yet",
            "The tab appears once SCIM is turned on for the app. An OIDC app of the Classic "
            "experience cannot have it.",
            by_code("OKT905"),
            by_code("OKT904"),
        ),
        """provisioning tab|tab provisioning|scim option|scim checkbox|enable scim
        |provisioning option|scim choice|scim provisioning checkbox""",
        f"{_NOT}|missing|where|gone|disappeared|hidden|absent",
    ),
    (
        saying(
            "Create Users cannot be ticked",
            "A switch under To App is not there",
            "Okta shows under To App only what is ticked in the connection.",
            Cause(
                "An action is not ticked in the connection.",
                'In Okta, open Provisioning > Integration > Edit, tick "Push New Users" and '
                '"Push Profile Updates", and save.',
                ("FRM304", "FRM305"),
                OBSERVED,
            ),
        ),
        "create users|update user attributes|to app",
        f"{_NOT}|missing|greyed|grayed|gone|unavailable|disabled|hidden",
        "tab|option|box|checkbox|button|greyed|grayed|to app|tick",
    ),
    (
        saying(
            "A suspended person still has access",
            "Okta sends nothing when somebody is suspended",
            "The person keeps the account in ngrok until they are deactivated or unassigned.",
            Cause(
                "The person is suspended, not deactivated.", clicks.TRACE, ("OKT918",), DOCUMENTED
            ),
        ),
        "suspended|suspending|suspension",
        "still|not|remain|remains|active|access|keeps",
        "user|users|person|people|employee|account|accounts|okta|ngrok|app",
    ),
    (
        saying(
            "Somebody who came back is locked out",
            "Okta did not reactivate somebody in ngrok",
            "Okta reactivates the account when the person is assigned again.",
            Cause(
                "The reactivation failed, or Okta has an assignment from before.",
                clicks.TRACE,
                ("OKT917", "USR607"),
            ),
        ),
        "rehire|rehired|rehiring|came back|returned|reactivated|assigned again|reassigned",
        "still|stays|stay|remains|remain|not|t|cannot",
        "deactivated|inactive|disabled|locked|suspended|locked out|reactivated in ngrok",
    ),
    (
        saying(
            "Somebody who left is still active",
            "Somebody who left may still have access to ngrok",
            "Okta deactivates people only while “Deactivate Users” is on, sends a deactivation "
            "once, and does not retry it.",
            Cause(
                "The deactivation failed, or was never sent. The person may still have access.",
                clicks.TRACE,
                ("OKT911",),
            ),
            by_code("OKT916"),
        ),
        """deactivated|deprovisioned|unassigned|removed|terminated|offboarded|left|disabled
        |deleted|leaver|leavers|former|deactivate|deactivating|deactivation|unassign
        |offboarding|deprovisioning|unassigning|removing|i remove|terminate""",
        """still|remain|remains|keep|keeps|stays|stay|continues|no effect|not deactivated
        |not removed|not deprovisioned|t deactivated|t deactivate them|not deactivate them
        |not disabled""",
        """active|access|log in|login|sign in|enabled|signed in|not deactivated|not removed
        |not deprovisioned|t deactivated|t deactivate them|not deactivate them|account|accounts
        |not disabled""",
    ),
    (
        saying(
            "Force Sync does nothing",
            "Okta does not create people with Force Sync",
            '"Force Sync" updates people who are provisioned. It creates nobody.',
            _TOO_EARLY,
            by_code("OKT916"),
        ),
        "force sync",
        f"{_NOT}|does nothing|no effect",
    ),
    (
        saying(
            "People are assigned, but not created",
            "Okta reaches the server, and creates nobody",
            "A connector test that passes shows only that Okta can read the list of users.",
            by_code("OKT916"),
            _TOO_EARLY,
            Cause(
                "Okta tried and failed, nobody is assigned, or the e-mail domain is not approved.",
                "Run `ngrok-scim doctor`. With an Okta token, it shows who is not provisioned, "
                "and why.",
                ("OKT912", "OKT907", "DOM801"),
            ),
        ),
        """user|users|people|person|employee|employees|account|accounts|members|hires|starters
        |group|nobody|assignment|i assign|assigning|assigned|okta""",
        _NOT,
        """created|provisioned|pushed|appear|appearing|show up|showing up|arrive|synced
        |happens|provisioning|syncing|pushing|linked|matched|send post|send requests|sent
        |get an|get their|get access|have an account""",
    ),
    (
        saying(
            "A change is not pushed",
            "Okta does not update somebody in ngrok",
            "Okta pushes changes only while “Update User Attributes” is on, and each attribute "
            "only as its mapping says.",
            Cause(
                "The update failed, was never sent, or Okta has another account of this person.",
                clicks.TRACE,
                ("OKT914", "OKT909"),
            ),
            by_code("OKT916"),
        ),
        "change|changes|update|updates|attribute|attributes|email|name|profile|title",
        _NOT,
        "synced|updated|pushed|reflected|propagated|syncing|updating",
    ),
    (
        saying(
            "The connector test fails",
            "Okta's connector test failed",
            "Okta shows the reason in the dialog of the test.",
            Cause("One of the values in Okta's form is wrong.", clicks.TEST),
        ),
        "connector test|test connector|test api credentials|test connection",
        "fails|failed|failing|does not|not working|error",
    ),
)

_INVALID = (
    *("invalid", "not valid", "malformed", "wrong", "incorrect", "unsupported", "not supported"),
    *("not correct", "unrecognized", "not recognized", "bad", "must begin", "must start"),
    *("must end", "must match", "must not", "could not be parsed", "not accepted", "not allowed"),
)
_ABSENT = (
    *("missing", "required", "empty", "blank", "must be set", "not set", "must be provided"),
    *("not provided", "not specified", "must be specified", "cannot be null"),
)
_OF_THE_FORM = "The message is about a field of Okta's form, not about a person."


def _row(sentence: str, things: str) -> Saying:
    rows = (*SENTENCES, *DETAILS)
    return next(item for item in rows if item.sentence == sentence)._replace(wordings=things)


# Fields of Okta's form with names of their own: these go before what servers say.
_FIELDS = (
    saying(
        "The unique identifier field is invalid",
        '"Unique identifier field for users" is not accepted',
        _OF_THE_FORM,
        by_code("FRM301"),
        wordings="unique identifier, identifier field",
    ),
    saying(
        "The authentication mode is invalid",
        '"Authentication Mode" is not accepted',
        _OF_THE_FORM,
        by_code("FRM303"),
        wordings="authentication mode, auth mode, authentication method, authentication type",
    ),
    saying(
        "The provisioning action is invalid",
        '"Supported provisioning actions" is not accepted',
        _OF_THE_FORM,
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
        Cause("The base URL leads to another version of SCIM.", clicks.SET_BASE_URL, ("URL109",)),
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
        causes.WRONG_BASE_URL._replace(
            codes=("URL103", "URL106", "URL107", "URL108", "URL109", "URL115", "URL118")
        ),
        wordings="url, uri, endpoint, host, hostname",
    ),
    LOOK_UP_REFUSED._replace(wordings="filter, query"),
    _row(
        "E0000054: Invalid pagination properties",
        "startindex, start index, totalresults, total results, itemsperpage, items per page, "
        "pagination, page size",
    ),
    _row("Cannot deserialize value of type …", "response, reply, resources, listresponse"),
    _row("The maximum number of seats is reached", "license, licenses, seat, seats"),
    GROUP_PUSH._replace(wordings="group, groups, group name"),
    _row("The password does not meet the policy", "password"),
)
_JSON = _row("Invalid JSON: Unrecognized token", "json")
_EMAIL = _row("Invalid e-mail address", "email, email address, e mail, username, user name")
_OF_A_PROFILE = (
    "first name, last name, given name, family name, givenname, familyname, displayname, display "
    "name, phone, phone number, attribute, title, locale, timezone, email, email address, "
    "username, user name, field, value"
)
_REFUSED = _row("An attribute is not accepted", _OF_A_PROFILE)
_REQUIRED = _row("An attribute is required", _OF_A_PROFILE)
# Single words that tell what a server refused about a person, where it has words of its own.
_OWNER = _row(
    "Cannot deactivate an owner", "owner, owners, admin, admins, administrator, administrators"
)
_IN_WORDS = (
    _row("The password does not meet the policy", "password"),
    _row("The e-mail domain is not allowed", "domain, domains"),
    _row(
        "The maximum number of seats is reached",
        """seat, seats, license, licenses, quota, subscription, billing, capacity, maximum number,
        limit reached, limit exceeded, plan, plans, upgrade, limited to""",
    ),
    _row(
        "User already exists",
        """already, unique, taken, exists, duplicate, conflict, conflicts, has an account, in use,
        assigned to, belongs to, belong to, another account, another organization""",
    ),
    _row(
        "User must be active",
        "archived, suspended, inactive, deactivated, disabled, locked, frozen, blocked, banned",
    ),
    _row(
        "An attribute is required",
        """missing, required, mandatory, blank, empty, absent, must have, be null, is null, must
        contain at least, at least one, at least 1, specified, specify, provide, supply,
        not present""",
    ),
    _row("userName is immutable", "cannot change, cannot be changed, rename, changing"),
    _row(
        "Invalid e-mail address",
        "email … format, email … syntax, email … valid, e mail … valid, malformed email",
    ),
    _row("An attribute is not accepted", "attribute, attributes, field, fields, property, value"),
)
# Of a deactivation only these words tell something: it makes no account and takes no seat.
_AT_A_DEACTIVATION = (
    _OWNER,
    *(
        item
        for item in _IN_WORDS
        if item.sentence in ("An attribute is required", "User must be active")
    ),
)
_PEOPLE = frozenset({"user", "users", "account", "accounts", "member", "members", "person"})


def situation_in(text: str) -> Saying | None:
    """Return what is known of the situation that ``text`` tells; ``None`` for a message."""
    reading = words(text)
    if _MARKS_OF_A_MESSAGE.intersection(text) or len(reading.split()) > _MOST_WORDS:
        return None
    for found, *groups in SITUATIONS:
        if all(_has(reading, group.split("|")) for group in groups):
            return found
    return None


def field_in(reading: str) -> Saying | None:
    """Return the row of a field of Okta's form of which ``reading`` complains."""
    return _first(_FIELDS, reading) if _has(reading, (*_INVALID, *_ABSENT)) else None


def thing_in(reading: str) -> Saying | None:
    """Return the row of the thing that ``reading`` calls invalid or missing."""
    if len(reading.split()) > _MOST_WORDS_OF_A_COMPLAINT:
        return None
    if _has(reading, _INVALID):
        return _first((*_THINGS, _JSON, _EMAIL, _REFUSED), reading)
    return _first((*_THINGS, _REQUIRED), reading) if _has(reading, _ABSENT) else None


def single_word_in(reading: str, *, is_deactivation: bool) -> Saying | None:
    """Return the row of a single word of what a server said about a person."""
    rows = _AT_A_DEACTIVATION if is_deactivation else _IN_WORDS
    found = _first(rows, reading)
    # A feature may be disabled as well.
    is_other = (
        found and found.sentence == "User must be active" and _PEOPLE.isdisjoint(reading.split())
    )
    return None if is_other else found


def _first(rows: tuple[Saying, ...], reading: str) -> Saying | None:
    return next((item for item in rows if _has(reading, item.known_by.split(","))), None)


def _has(reading: str, phrases: Iterable[str]) -> bool:
    return any(holds(reading, phrase) for phrase in phrases)
