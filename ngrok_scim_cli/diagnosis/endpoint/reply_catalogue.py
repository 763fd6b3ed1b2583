"""What an admin reads about the reply of the endpoint."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

_SET_BASE_URL = (
    'In Okta, open Provisioning > Integration > Edit and set "SCIM connector base URL" to '
    "https://api.ngrok.com/scim/v2/."
)
_REPORT = (
    "Send this evidence to those who run the SCIM server; for ngrok, write to support@ngrok.com."
)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "SCM501",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server does not accept the API key (401)",
        "The key was revoked, has expired, was not copied whole, or belongs to another server.",
        "Copy the key again from where it is kept and run `ngrok-scim test-connect`. If it is "
        "refused again, run `ngrok-scim api-key rotate`.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM502",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server forbids the request (403)",
        "The reply does not say that the key is wrong. The usual causes are an IP restriction, a "
        "firewall, or a plan without SCIM.",
        "Open https://dashboard.ngrok.com/ip-restrictions and check that Okta's addresses and the "
        "address of this machine are allowed.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM503",
        Severity.ERROR,
        Subject.RESPONSE,
        "There is no SCIM endpoint at this address (404)",
        "The path of the base URL is wrong. Usually /scim/v2 is missing, or something follows it.",
        _SET_BASE_URL,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM504",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server redirects to another address ({status})",
        "The base URL is not the final address. ngrok-scim never sends a key on to another "
        "address, and it is not known whether Okta follows redirects.",
        _SET_BASE_URL,
        (("status", "3xx"),),
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM505",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server rate limits requests (429)",
        "Too many requests came in a short time. When provisioning, Okta waits as long as the "
        "server says, or five minutes, doubles that each time, and gives up after ten attempts.",
        "Wait {wait}, then run the command again.",
        (("wait", "a few minutes"),),
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM506",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server failed ({status})",
        "The fault is on the server, or on a gateway in front of it, and not in your values.",
        "Run the command again in a few minutes. If it still fails, check "
        "https://status.ngrok.com/.",
        (("status", "5xx"),),
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM507",
        Severity.ERROR,
        Subject.RESPONSE,
        "Okta cannot use the status of the reply ({status})",
        "Okta needs status 200 and a list of users.",
        _SET_BASE_URL,
        (("status", "another status"),),
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM508",
        Severity.ERROR,
        Subject.RESPONSE,
        "The reply is empty",
        "Okta needs a list, even if it has no users. Usually the base URL is wrong, or a proxy or "
        "firewall replied.",
        _SET_BASE_URL,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM509",
        Severity.ERROR,
        Subject.RESPONSE,
        "The reply is a web page, not a list of users",
        "The base URL leads to a website or a sign-in page, or a firewall replied instead of the "
        "server.",
        _SET_BASE_URL,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM510",
        Severity.ERROR,
        Subject.RESPONSE,
        "The reply is not JSON",
        "The service at this address is not SCIM, or the reply was cut off.",
        _SET_BASE_URL,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM511",
        Severity.ERROR,
        Subject.RESPONSE,
        "The reply is not a SCIM list of users",
        "Another API seems to reply at this address. A SCIM list names its type in `schemas`.",
        _SET_BASE_URL,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM512",
        Severity.ERROR,
        Subject.RESPONSE,
        "The list does not count its users in whole numbers",
        "Okta needs `totalResults`, `startIndex` and `itemsPerPage` as JSON integers. Without "
        "them it may create nobody and give no reason.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM513",
        Severity.ERROR,
        Subject.RESPONSE,
        "The reply counts users but has no list of them",
        "`totalResults` is above 0, but `Resources` is missing or is not a list.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM514",
        Severity.WARNING,
        Subject.RESPONSE,
        "The server returned more users than requested",
        "It ignores `count`. Okta may see people twice, or miss some, when it reads a long list.",
        _REPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM515",
        Severity.WARNING,
        Subject.RESPONSE,
        "The reply is not labelled as SCIM",
        "Its `Content-Type` is neither application/scim+json nor application/json. A strict "
        "client may refuse it.",
        _REPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM516",
        Severity.WARNING,
        Subject.RESPONSE,
        "The server is slow",
        "Okta gives up after 60 seconds. When the server is busier, requests may fail.",
        "Run `ngrok-scim test-connect` again at another time. If it is still slow, check "
        "https://status.ngrok.com/.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM517",
        Severity.ERROR,
        Subject.RESPONSE,
        "The reply is larger than 1 MiB",
        "Two users need a few kilobytes. The service at this address is not SCIM, or it sends all "
        "users at once.",
        _SET_BASE_URL,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM518",
        Severity.ERROR,
        Subject.RESPONSE,
        "A user in the list lacks an `id` or a `userName`",
        "Okta identifies people by these two values and cannot update a user without them.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM519",
        Severity.ERROR,
        Subject.RESPONSE,
        "Looking up a user by user name does not work",
        'Each time somebody is assigned, Okta first asks for `filter=userName eq "…"`. If this '
        "fails, people may be created twice, linked to the wrong account, or not created.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM522",
        Severity.ERROR,
        Subject.RESPONSE,
        "Reading one user by id does not work",
        "Okta makes this request before each update and each deactivation. While it fails, those "
        "fail too, and people who leave keep their access. The connector test does not make it.",
        _REPORT,
        certainty=Certainty.OBSERVED,
    ),
    Entry(
        "SCM523",
        Severity.ERROR,
        Subject.RESPONSE,
        "The look-up of a user who does not exist does not return an empty list",
        "Okta looks a user name up before it creates the person. Without an empty list, no new "
        "person is created, or a person may be linked to somebody else's account.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM520",
        Severity.WARNING,
        Subject.RESPONSE,
        "Okta cannot show the reason of this error",
        "The error is not in SCIM format, so Okta's message hides the reason. For a web page or "
        'plain text Okta shows "Invalid JSON".',
        "Follow the first finding here, not the message that Okta shows.",
        certainty=Certainty.OBSERVED,
    ),
    Entry(
        "SCM521",
        Severity.WARNING,
        Subject.RESPONSE,
        "A user in the list is incomplete",
        "Okta's own SCIM test requires a name, an e-mail address, and `active` as true or false "
        "for each user.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
)
