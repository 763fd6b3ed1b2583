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
        "The key was revoked, has expired, or is another server's.",
        "Run `ngrok-scim api-key rotate` and paste the new key into Okta.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM502",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server forbids the request (403)",
        "It says nothing against the key. Mostly the caller's address is not allowed, a firewall "
        "stepped in, or the plan does not include SCIM.",
        "Open https://dashboard.ngrok.com/ip-restrictions and check that the addresses of Okta "
        "and of this machine are allowed.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM503",
        Severity.ERROR,
        Subject.RESPONSE,
        "There is no SCIM endpoint at this address (404)",
        "The path of the base URL is wrong: mostly /scim/v2 is missing, or something stands "
        "behind it.",
        _SET_BASE_URL,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM504",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server sends the request to another address ({status})",
        "The base URL is not the final address. A key is never carried along to another one, and "
        "it is not known whether Okta follows.",
        _SET_BASE_URL,
        (("status", "3xx"),),
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM505",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server takes no more requests for a while (429)",
        "Too many came in a short time. In provisioning, Okta waits as long as the server says, "
        "else five minutes, doubles that each time, and gives up after ten attempts.",
        "Wait {wait}, then run the command again.",
        (("wait", "a few minutes"),),
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM506",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server failed ({status})",
        "The fault lies with the server, or with a gateway in front of it, and not with your "
        "values.",
        "Run the command again in a few minutes; if it still fails, look at "
        "https://status.ngrok.com/.",
        (("status", "5xx"),),
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM507",
        Severity.ERROR,
        Subject.RESPONSE,
        "The server gives an answer that Okta cannot use ({status})",
        "Okta needs the status 200 and a list of users.",
        _SET_BASE_URL,
        (("status", "another status"),),
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM508",
        Severity.ERROR,
        Subject.RESPONSE,
        "The answer is empty",
        "Okta needs a list, even of no users. An empty answer mostly means that the base URL is "
        "wrong, or that something in between answered.",
        _SET_BASE_URL,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM509",
        Severity.ERROR,
        Subject.RESPONSE,
        "A web page came back instead of users",
        "The base URL leads to a website or a sign-in page, or a firewall answered in the "
        "server's place.",
        _SET_BASE_URL,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM510",
        Severity.ERROR,
        Subject.RESPONSE,
        "The answer is not JSON",
        "Something else than SCIM answers at this address, or the answer was cut off on its way.",
        _SET_BASE_URL,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM511",
        Severity.ERROR,
        Subject.RESPONSE,
        "The answer is no SCIM list of users",
        "Another API seems to answer at this address. A SCIM list names its kind in `schemas`.",
        _SET_BASE_URL,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM512",
        Severity.ERROR,
        Subject.RESPONSE,
        "The list does not count its users in whole numbers",
        "Okta needs `totalResults`, `startIndex` and `itemsPerPage` as JSON integers. Without "
        "them people are not created, and Okta gives no reason.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM513",
        Severity.ERROR,
        Subject.RESPONSE,
        "The answer counts users, but holds no list of them",
        "`totalResults` is above 0, but `Resources` is missing or no list.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM514",
        Severity.WARNING,
        Subject.RESPONSE,
        "The server returned more users than were asked for",
        "It does not heed `count`, so Okta may see people twice or miss some when it goes through "
        "a long list.",
        _REPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM515",
        Severity.WARNING,
        Subject.RESPONSE,
        "The answer is not labelled as SCIM",
        "Its `Content-Type` is neither application/scim+json nor application/json; a strict "
        "client may refuse it.",
        _REPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM516",
        Severity.WARNING,
        Subject.RESPONSE,
        "The server is slow",
        "Okta gives up after 60 seconds, so a busy hour can turn this into failures.",
        "Run `ngrok-scim test-connect` again at another time; if it stays slow, look at "
        "https://status.ngrok.com/.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM517",
        Severity.ERROR,
        Subject.RESPONSE,
        "The answer is larger than 1 MiB",
        "Two users take a few kilobytes. Something else than SCIM answered, or the server sends "
        "everybody at once.",
        _SET_BASE_URL,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "SCM518",
        Severity.ERROR,
        Subject.RESPONSE,
        "A user in the list lacks an `id` or a `userName`",
        "Okta remembers people by these two texts and cannot update anybody without them.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM519",
        Severity.ERROR,
        Subject.RESPONSE,
        "Looking up a user by user name does not work",
        'Whenever somebody is assigned, Okta first asks for `filter=userName eq "…"`. Where this '
        "fails, people are created twice, taken for others, or not created at all.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM522",
        Severity.ERROR,
        Subject.RESPONSE,
        "Reading one user by id does not work",
        "Okta makes this read before each update and each deactivation. While it fails, all of "
        "them fail, and people who leave keep their access. The connector test does not make it.",
        _REPORT,
        certainty=Certainty.OBSERVED,
    ),
    Entry(
        "SCM523",
        Severity.ERROR,
        Subject.RESPONSE,
        "Looking up somebody who is not there does not give an empty list",
        "Okta looks a user name up before it creates the person. Without an empty list, nobody new "
        "is created, or somebody is linked to another person's account.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "SCM520",
        Severity.WARNING,
        Subject.RESPONSE,
        "Okta cannot show the reason of this error",
        "The error is not written as SCIM asks, so what Okta shows hides the reason; for a web "
        'page or plain text it complains of "Invalid JSON".',
        "Go by the first finding here, and not by the sentence that Okta shows.",
        certainty=Certainty.OBSERVED,
    ),
    Entry(
        "SCM521",
        Severity.WARNING,
        Subject.RESPONSE,
        "A user in the list is incomplete",
        "Okta's own test asks that each user has a name, an e-mail address, and `active` as true "
        "or false.",
        _REPORT,
        certainty=Certainty.DOCUMENTED,
    ),
)
