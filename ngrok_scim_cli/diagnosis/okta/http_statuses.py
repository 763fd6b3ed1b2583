"""The statuses of HTTP (RFC 9110 section 15), which count where the server said no more."""

from collections.abc import Iterator

from ngrok_scim_cli.diagnosis.okta import causes, fixes
from ngrok_scim_cli.diagnosis.okta.causes import (
    CHANGING,
    INFERRED,
    MAKING,
    OBSERVED,
    OF_ONE_PERSON,
    Cause,
    Row,
    by_code,
    row,
)
from ngrok_scim_cli.diagnosis.okta.stages import Stage

BAD_REQUEST = row(
    "Bad Request",
    "The server does not understand what Okta sent (400)",
    "A retry sends the same again. ngrok also replies with 400 if an authtoken is used instead "
    "of an API key.",
    causes.OTHER_CREDENTIAL,
    causes.ATTRIBUTES._replace(stages=(None, *OF_ONE_PERSON)),
    Cause(
        "The server expects another address, or something that Okta's test does not send.",
        fixes.TEST,
        ("SCM507", "URL109"),
        stages=(Stage.CALL,),
    ),
    statuses=(400,),
)
# Where the server said more, the key is not meant.
BAD_REQUEST_FOR_A_REASON = BAD_REQUEST._replace(causes=BAD_REQUEST.causes[1:])


def _rows(statuses: str, title: str, meaning: str, *causes: Cause) -> Iterator[Row]:
    """Yield a row for each of ``statuses`` ("502 Bad Gateway, 504 …"); ``{}`` is its number."""
    for one in " ".join(statuses.split()).split(", "):
        number, _, phrase = one.partition(" ")
        yield row(phrase, title.format(number), meaning, *causes, statuses=(int(number),))


STATUSES: tuple[Row, ...] = (
    row(
        "Unauthorized",
        "The server refuses the credentials (401)",
        "Okta reached the server, which did not accept the key. ngrok itself was seen to reply "
        "403, not 401, to a key that it refuses.",
        causes.STORED_KEY,
        causes.DIRTY_KEY,
        statuses=(401,),
    ),
    row(
        "Forbidden",
        "The server forbids the request (403)",
        "ngrok replies with 403 to a key that it does not accept. An address that is not allowed "
        "is another possible reason.",
        Cause(
            causes.STORED_KEY.cause,
            fixes.TEST_KEY,
            ("KEY214", "KEY207", "KEY208", "OKT913"),
            OBSERVED,
        ),
        causes.DIRTY_KEY,
        causes.IP_RESTRICTIONS,
        causes.PLAN_WITHOUT_SCIM,
        wordings="forbidden, access denied, accessdenied, explicit deny",
        statuses=(403,),
    ),
    row(
        "Not Found",
        "The address was not found (404)",
        "In the connector test it usually means a wrong base URL. For one person, it means that "
        "they are gone from ngrok.",
        causes.PROBABLY_GONE,
        Cause(
            "The server does not support the request with which Okta updates people. The account "
            "may still exist.",
            fixes.REHEARSE,
            ("SCM522", "REH004", "REH005"),
            OBSERVED,
            CHANGING,
        ),
        Cause(
            "The account was probably removed in ngrok already.",
            fixes.TRACE,
            ("OKT909",),
            stages=(Stage.DEACTIVATION,),
        ),
        causes.WRONG_BASE_URL._replace(
            codes=("SCM503", "URL109", "URL110", "URL111", "URL112", "URL117")
        ),
        statuses=(404,),
    ),
    row(
        "Conflict",
        "The account already exists (409)",
        "The server has an account with this user name, e-mail address or id already. A retry "
        "fails again.",
        *causes.EXISTS_ALREADY,
        wordings="conflict, conflicts with",
        statuses=(409,),
    ),
    BAD_REQUEST,
    row(
        "Unprocessable Entity",
        "The server refuses the data of this person (422)",
        "A retry sends the same again.",
        *causes.NOT_ACCEPTED,
        wordings="unprocessable entity, unprocessable content",
        statuses=(422,),
    ),
    row(
        "Gone",
        "What Okta asked for is gone (410)",
        "For one person it means that the account was removed. In the connector test it means "
        "that SCIM is no longer at this address.",
        causes.PROBABLY_GONE,
        causes.WRONG_BASE_URL,
        statuses=(410,),
    ),
    row(
        "Method Not Allowed",
        "The server does not accept this kind of request (405)",
        "An app of the Classic experience updates people with PUT. An app of the Okta Integration "
        "Wizard uses PATCH.",
        causes.OTHER_METHOD,
        causes.WRONG_BASE_URL._replace(stages=(*MAKING, Stage.CALL)),
        statuses=(405,),
    ),
    *_rows(
        "406 Not Acceptable, 415 Unsupported Media Type",
        "Okta and the server have no format in common ({})",
        "Okta sends and accepts application/scim+json.",
        causes.NO_SCIM_JSON,
        causes.WRONG_BASE_URL,
    ),
    *_rows(
        "407 Proxy Authentication Required",
        "A proxy between Okta and the server refuses the request ({})",
        "SCIM servers do not reply like this.",
        Cause(
            "A proxy in front of the server asks Okta for credentials of its own, for which Okta's "
            "form has no field.",
            "Ask the administrator of the server to let Okta's requests through the proxy without "
            "such credentials.",
            ("NET410",),
        ),
    ),
    *_rows(
        "412 Precondition Failed, 424 Failed Dependency",
        "A condition of the server is not met ({})",
        "Some servers reply like this to a person whom they may not take, others to a request "
        "of a form that they do not accept. A retry fails again.",
        Cause(
            "The server does not accept this person or this change.",
            fixes.TRACE,
            ("OKT912",),
            stages=(None, *OF_ONE_PERSON),
        ),
        Cause("Another service at the base URL replied.", fixes.TEST, ("SCM507", "URL109")),
    ),
    *_rows(
        """411 Length Required, 413 Payload Too Large, 414 URI Too Long, 417 Expectation Failed,
        421 Misdirected Request, 425 Too Early, 426 Upgrade Required, 428 Precondition Required,
        431 Request Header Fields Too Large, 451 Unavailable For Legal Reasons""",
        "A device on the network path refuses the form of Okta's request ({})",
        "SCIM servers do not usually reply like this to Okta. Probably a gateway or another "
        "service replied.",
        Cause(
            "A gateway in front of the server, or another service at the base URL, replied.",
            fixes.TEST,
            ("SCM507", "URL109"),
        ),
        causes.ATTRIBUTES._replace(stages=OF_ONE_PERSON),
    ),
    *_rows(
        """301 Moved Permanently, 302 302 Found, 303 See Other, 307 Temporary Redirect,
        308 Permanent Redirect""",
        "The server redirects Okta to another address ({})",
        "The base URL is not the final address. It is not known whether Okta follows redirects.",
        by_code("SCM504"),
    ),
    row(
        "Not Implemented",
        "The server does not support what Okta asks for (501)",
        "ngrok's SCIM supports users only, not groups.",
        causes.OTHER_METHOD,
        causes.GROUPS_ARE_PUSHED,
        causes.WRONG_BASE_URL,
        statuses=(501,),
    ),
    *_rows(
        """500 Internal Server Error, 502 Bad Gateway, 503 Service Unavailable, 504 Gateway Timeout,
        505 HTTP Version Not Supported, 507 Insufficient Storage, 508 Loop Detected,
        510 Not Extended, 511 Network Authentication Required""",
        "The server failed ({})",
        "The fault is on the server, or on a gateway in front of it, and not in your values.",
        causes.FAILED_FOR_A_MOMENT,
        causes.OVERLOADED,
    ),
    *_rows(
        """520 Web server returned an unknown error, 521 Web server is down,
        522 Origin connection time-out, 523 Origin is unreachable, 524 A timeout occurred,
        525 SSL handshake failed, 526 Invalid SSL certificate, 527 Railgun error,
        530 Origin DNS error""",
        "A gateway cannot reach the server ({})",
        "Cloudflare, a gateway between Okta and the server, uses these statuses.",
        causes.FAILED_FOR_A_MOMENT,
        Cause(
            "The base URL leads to a host behind Cloudflare whose server does not answer.",
            fixes.TEST,
            ("SCM506", "URL108"),
        ),
    ),
    row(
        "200 OK",
        "The server replied with success",
        "If Okta still shows a failure, it cannot use the content of the reply.",
        Cause("The reply has no list of users.", fixes.TEST, ("SCM508", "SCM511", "USR601")),
        wordings="200 ok, 201 created, 204 no content",
        statuses=(200, 201, 202, 204),
    ),
)

# Where the server said more to a status, and nothing of it is known.
DEACTIVATION_REFUSED = row(
    "Conflict. Errors reported by remote server: …",
    "The server refuses to deactivate this person (409)",
    'The reason is behind "Errors reported by remote server". The same request is refused again.',
    Cause("Something on the server depends on the account.", fixes.TRACE, ("OKT911", "REH006")),
)
# Where nothing more is known than that ngrok refused this very person.
FORBIDDEN_FOR_A_PERSON = row(
    "Forbidden. Errors reported by remote server: …",
    "The server forbids what Okta wants to do for this person (403)",
    'The reason is behind "Errors reported by remote server". A retry fails again.',
    Cause(
        "The server gives a reason that is not known here, or it is cut off.",
        fixes.TRACE,
        ("OKT912",),
    ),
    causes.NOT_ALLOWED_TO_WRITE,
    causes.STORED_KEY._replace(codes=("KEY214", "OKT913"), certainty=INFERRED),
)
