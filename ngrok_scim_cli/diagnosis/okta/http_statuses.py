"""The statuses of HTTP (RFC 9110 section 15), which count where the server said no more."""

import re
from functools import cache

from ngrok_scim_cli.diagnosis.okta import causes, clicks
from ngrok_scim_cli.diagnosis.okta.causes import (
    CHANGING,
    MAKING,
    OBSERVED,
    OF_A_PERSON,
    TESTING,
    Cause,
    Saying,
    by_code,
    saying,
)
from ngrok_scim_cli.diagnosis.okta.sentences import SENTENCES
from ngrok_scim_cli.diagnosis.okta.server_details import DETAILS, TOO_MANY_REQUESTS
from ngrok_scim_cli.diagnosis.okta.stages import Stage
from ngrok_scim_cli.diagnosis.okta.vocabulary import is_of_provisioning
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import words

_NUMBER = lazy_pattern(
    r"""(?:\b(?:http(?:/[\d.]+)?|status(?:[ _-]?code)?|code|error|returned|answered|response|got)
    [\s"':=([]{1,4}|http/\d(?:\.\d)?"\s|^\W*|:\s+|\(|<(?:title|h1)>\s*|\s-\s)([1-5]\d\d)\b(?!\.\d)""",
    re.IGNORECASE | re.VERBOSE,
)
# Where one clause of a sentence ends; a word of HTTP that is the reason fills a clause.
_ENDS = str.maketrans(dict.fromkeys('.:;,()[]{}"“”', "\n"))
_FEW_WORDS = 5
_FOUND = 302

BAD_REQUEST = saying(
    "Bad Request",
    "The server does not understand what Okta sent (400)",
    "A retry sends the same again. ngrok also replies with 400 if an authtoken is used instead "
    "of an API key.",
    causes.OTHER_CREDENTIAL,
    causes.ATTRIBUTES._replace(stages=(None, *OF_A_PERSON, Stage.DEACTIVATION)),
    Cause(
        "The server expects another address, or something that Okta's test does not send.",
        clicks.TEST,
        ("SCM507", "URL109"),
        stages=TESTING,
    ),
    statuses=(400,),
)
# Where the server said more, the key is not meant.
BAD_REQUEST_FOR_A_REASON = BAD_REQUEST._replace(causes=BAD_REQUEST.causes[1:])

STATUSES: tuple[Saying, ...] = (
    saying(
        "Unauthorized",
        "The server refuses the credentials (401)",
        "Okta reached the server, which did not accept the key. ngrok itself was seen to reply "
        "403, not 401, to a key that it refuses.",
        causes.STORED_KEY,
        causes.DIRTY_KEY,
        statuses=(401,),
    ),
    saying(
        "Forbidden",
        "The server forbids the request (403)",
        "ngrok replies with 403 to a key that it does not accept. An address that is not allowed "
        "is another possible reason.",
        Cause(
            causes.STORED_KEY.cause,
            clicks.TEST_KEY,
            ("KEY214", "KEY207", "KEY208", "OKT913"),
            OBSERVED,
        ),
        causes.DIRTY_KEY,
        causes.IP_RESTRICTIONS,
        causes.PLAN_WITHOUT_SCIM,
        wordings="forbidden, access denied, accessdenied, explicit deny",
        statuses=(403,),
    ),
    saying(
        "Not Found",
        "The address was not found (404)",
        "In the connector test it usually means a wrong base URL. For one person, it means that "
        "they are gone from ngrok.",
        causes.PROBABLY_GONE,
        Cause(
            "The server does not support the request with which Okta updates people. The account "
            "may still exist.",
            clicks.REHEARSE,
            ("SCM522", "REH004", "REH005"),
            OBSERVED,
            CHANGING,
        ),
        Cause(
            "The account was probably removed in ngrok already.",
            clicks.TRACE,
            ("OKT909",),
            stages=(Stage.DEACTIVATION,),
        ),
        causes.WRONG_BASE_URL._replace(
            codes=("SCM503", "URL109", "URL110", "URL111", "URL112", "URL117")
        ),
        statuses=(404,),
    ),
    saying(
        "Conflict",
        "The account already exists (409)",
        "The server has an account with this user name, e-mail address or id already. A retry "
        "fails again.",
        *causes.EXISTS_ALREADY,
        wordings="conflict, conflicts with",
        statuses=(409,),
    ),
    BAD_REQUEST,
    saying(
        "Unprocessable Entity",
        "The server refuses the data of this person (422)",
        "A retry sends the same again.",
        *causes.NOT_ACCEPTED,
        wordings="unprocessable entity, unprocessable content",
        statuses=(422,),
    ),
    saying(
        "Gone",
        "What Okta asked for is gone (410)",
        "For one person it means that the account was removed. In the connector test it means "
        "that SCIM is no longer at this address.",
        causes.PROBABLY_GONE,
        causes.WRONG_BASE_URL,
        statuses=(410,),
    ),
    saying(
        "Locked",
        "The account is locked on the server (423)",
        "The server does not update a locked account. A retry fails again.",
        Cause("The account is locked or deactivated on the server.", clicks.TRACE, ("USR607",)),
        statuses=(423,),
    ),
    saying(
        "Method Not Allowed",
        "The server does not accept this kind of request (405)",
        "An app of the Classic experience updates people with PUT. An app of the Okta Integration "
        "Wizard uses PATCH.",
        causes.OTHER_METHOD,
        causes.WRONG_BASE_URL._replace(stages=(*MAKING, *TESTING)),
        statuses=(405,),
    ),
    saying(
        "Not Acceptable",
        "The server cannot reply in the format that Okta accepts (406)",
        "Okta asks for application/scim+json.",
        causes.NO_SCIM_JSON,
        causes.WRONG_BASE_URL,
        statuses=(406,),
    ),
    saying(
        "Unsupported Media Type",
        "The server does not accept the format that Okta sends (415)",
        "Okta sends application/scim+json.",
        causes.NO_SCIM_JSON,
        causes.WRONG_BASE_URL,
        statuses=(415,),
    ),
    *(
        saying(
            phrase,
            f"A condition of the server is not met ({status})",
            "Some servers reply like this to a person whom they may not take, others to a request "
            "of a form that they do not accept. A retry fails again.",
            Cause(
                "The server does not accept this person or this change.",
                clicks.TRACE,
                ("OKT912",),
                stages=(None, *OF_A_PERSON, Stage.DEACTIVATION),
            ),
            Cause("Another service at the base URL replied.", clicks.TEST, ("SCM507", "URL109")),
            statuses=(status,),
        )
        for status, phrase in ((412, "Precondition Failed"), (424, "Failed Dependency"))
    ),
    *(
        saying(
            phrase,
            f"A device on the network path refuses the form of Okta's request ({status})",
            "SCIM servers do not usually reply like this to Okta. Probably a gateway or another "
            "service replied.",
            Cause(
                "A gateway in front of the server, or another service at the base URL, replied.",
                clicks.TEST,
                ("SCM507", "URL109"),
            ),
            causes.ATTRIBUTES._replace(stages=OF_A_PERSON),
            statuses=(status,),
        )
        for status, phrase in (
            (411, "Length Required"),
            (413, "Payload Too Large"),
            (414, "URI Too Long"),
            (417, "Expectation Failed"),
            (421, "Misdirected Request"),
            (425, "Too Early"),
            (426, "Upgrade Required"),
            (428, "Precondition Required"),
            (431, "Request Header Fields Too Large"),
            (451, "Unavailable For Legal Reasons"),
        )
    ),
    *(
        saying(
            phrase,
            f"The server redirects Okta to another address ({status})",
            "The base URL is not the final address. It is not known whether Okta follows "
            "redirects.",
            by_code("SCM504"),
            statuses=(status,),
        )
        for status, phrase in (
            (301, "Moved Permanently"),
            (302, "302 Found"),
            (303, "See Other"),
            (307, "Temporary Redirect"),
            (308, "Permanent Redirect"),
        )
    ),
    saying(
        "Not Implemented",
        "The server does not support what Okta asks for (501)",
        "ngrok's SCIM supports users only, not groups.",
        causes.OTHER_METHOD,
        causes.GROUPS_ARE_PUSHED,
        causes.WRONG_BASE_URL,
        statuses=(501,),
    ),
    *(
        saying(
            phrase,
            f"The server failed ({statuses[0]})",
            "The fault is on the server, or on a gateway in front of it, and not in your values.",
            causes.FAILED_FOR_A_MOMENT,
            Cause("The service is down or overloaded.", clicks.LOOK_AT_STATUS, ("SCM506",)),
            wordings=wordings,
            statuses=statuses,
        )
        for statuses, phrase, wordings in (
            ((500,), "Internal Server Error", ""),
            ((502,), "Bad Gateway", ""),
            (
                (503,),
                "Service Unavailable",
                "service unavailable, temporarily unavailable, no server available",
            ),
            ((504,), "Gateway Timeout", "gateway timeout, gateway time out"),
            ((505, 507, 508, 510, 511), "HTTP Version Not Supported", ""),
        )
    ),
    *(
        saying(
            phrase,
            f"A gateway cannot reach the server ({status})",
            "Cloudflare, a gateway between Okta and the server, uses these statuses.",
            causes.FAILED_FOR_A_MOMENT,
            Cause(
                "The base URL leads to a host behind Cloudflare whose server does not answer.",
                clicks.TEST,
                ("SCM506", "URL108"),
            ),
            statuses=(status,),
        )
        for status, phrase in (
            (520, "Web server returned an unknown error"),
            (521, "Web server is down"),
            (522, "Origin connection time-out"),
            (523, "Origin is unreachable"),
            (524, "A timeout occurred"),
            (525, "SSL handshake failed"),
            (526, "Invalid SSL certificate"),
            (527, "Railgun error"),
            (530, "Origin DNS error"),
        )
    ),
    saying(
        "200 OK",
        "The server replied with success",
        "If Okta still shows a failure, it cannot use the content of the reply.",
        Cause("The reply has no list of users.", clicks.TEST, ("SCM508", "SCM511", "USR601")),
        wordings="200 ok, 201 created, 204 no content",
        statuses=(200, 201, 202, 204),
    ),
)
# What tells a status where nothing else does: its reason phrase.
_WITH_A_PHRASE = (*STATUSES, TOO_MANY_REQUESTS)


def status_in(reading: str, plain: str) -> Saying | None:
    """Return the row of the status that a text names, by its number or its reason phrase.

    Args:
        reading: the words of ``plain``, or what they were probably meant to be.
    """
    number = _NUMBER.search(plain) if any(map(str.isdigit, plain)) else None
    return (number and _by_number(int(number[1]))) or _by_phrase(reading, plain)


def _by_number(status: int) -> Saying | None:
    rows = (*STATUSES, *SENTENCES, *DETAILS)
    return next((item for item in rows if status in item.statuses), None)


@cache
def _known_phrases() -> list[tuple[str, Saying]]:
    rows = ((item, " ".join(item.known_by.split())) for item in _WITH_A_PHRASE)
    return [(f" {phrase} ", item) for item, wordings in rows for phrase in wordings.split(", ")]


def _by_phrase(reading: str, plain: str) -> Saying | None:
    """Return the status whose reason phrase fills a clause, or is in a message."""
    clauses = {words(clause) for clause in plain.translate(_ENDS).split("\n")}
    known = _known_phrases()
    for phrase, item in known:
        if phrase in clauses:
            return item
    if words("Found") in clauses:  # alone it is a status; in a sentence it is any word
        return _by_number(_FOUND)
    is_short = len(clauses) == 1 and reading.count(" ") <= _FEW_WORDS
    is_message = is_of_provisioning(reading if is_short else words(plain))
    for phrase, item in known:
        beside = (f" {status}{phrase}" for status in item.statuses)
        if any(one in reading for one in beside) or (is_message and phrase in reading):
            return item
    return None
