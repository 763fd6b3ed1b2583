"""The records of the tables of messages, and the causes that several rows share."""

from typing import NamedTuple

from ngrok_scim_cli.diagnosis.certainty import Certainty
from ngrok_scim_cli.diagnosis.okta import fixes
from ngrok_scim_cli.diagnosis.okta.stages import Stage
from ngrok_scim_cli.text.phrases import words

DOCUMENTED, VENDOR = Certainty.DOCUMENTED, Certainty.VENDOR
OBSERVED, INFERRED = Certainty.OBSERVED, Certainty.INFERRED

MAKING = (Stage.LOOK_UP, Stage.ACCOUNT)
CHANGING = (Stage.PROFILE, Stage.REACTIVATION)
OF_ONE_PERSON = (*MAKING, *CHANGING, Stage.DEACTIVATION)
# The key is checked first of all: once Okta was creating or changing somebody, it was accepted.
OF_THE_KEY = (None, Stage.CALL, Stage.LOOK_UP, Stage.IMPORT, Stage.GROUPS)


class Cause(NamedTuple):
    """One cause of a message, and its fix.

    Attributes:
        cause: what happened; empty where the first of ``codes`` says it.
        fix: the one thing to do about it; empty where the first of ``codes`` says it.
        stages: what Okta must have been doing, ``None`` where that is not known; empty where it
            fits anything.
    """

    cause: str
    fix: str
    codes: tuple[str, ...] = ()
    certainty: Certainty = Certainty.INFERRED
    stages: tuple[Stage | None, ...] = ()


class Row(NamedTuple):
    """A message of Okta's or a server's, or a kind of them, and its causes, the likeliest first.

    Attributes:
        sentence: how it reads; ``…`` replaces what differs each time.
        wordings: how it is recognized (``vocabulary``); without any, by ``sentence``.
        loosely: single words that suffice where a server refuses one person for a reason that no
            wording of any row fits.
    """

    sentence: str
    title: str
    meaning: str
    causes: tuple[Cause, ...]
    wordings: str = ""
    statuses: tuple[int, ...] = ()
    loosely: str = ""

    @property
    def known_by(self) -> str:
        """The wordings by which it is recognized."""
        return self.wordings or words(self.sentence).strip()


def row(
    sentence: str,
    title: str,
    meaning: str,
    *causes: Cause,
    wordings: str = "",
    statuses: tuple[int, ...] = (),
    loosely: str = "",
) -> Row:
    """Return a row of the tables."""
    return Row(sentence, title, meaning, causes, wordings, statuses, loosely)


def by_code(*codes: str) -> Cause:
    """Return a cause that the catalogue words."""
    return Cause("", "", codes)


# About the server, and the way to it.
WRONG_BASE_URL = Cause("The base URL is wrong.", fixes.SET_BASE_URL, ("SCM503", "URL109", "URL110"))
MISSPELLED_HOST = Cause(
    "The host of the base URL is misspelled, or its name is not in the public DNS.",
    fixes.SET_BASE_URL,
    ("NET401", "URL108", "URL105", "URL103", "URL104"),
    DOCUMENTED,
)
ANOTHER_HOST = Cause(
    "The base URL leads to a host that is not ngrok's.", fixes.SET_BASE_URL, ("URL108",)
)
FIREWALL_DROPS_OKTA = Cause(
    "A firewall or IP restriction drops Okta's addresses.",
    fixes.ALLOW_OKTA,
    ("NET403", "NGR705"),
    DOCUMENTED,
)
FIREWALL_REFUSES_OKTA = Cause(
    "A firewall or gateway in front of the server refused Okta's request.",
    fixes.ASK_THE_FIREWALL,
    ("SCM502", "SCM520"),
)
IP_RESTRICTIONS = Cause(
    "ngrok's IP restrictions block Okta.", fixes.ALLOW_OKTA, ("NGR705", "SCM502")
)
SERVICE_IS_DOWN = Cause(
    "The service is down.", fixes.LOOK_AT_STATUS, ("NET402", "SCM506"), DOCUMENTED
)
OVERLOADED = Cause("The service is down or overloaded.", fixes.LOOK_AT_STATUS, ("SCM506",))
FAILED_FOR_A_MOMENT = Cause(
    "The server, or a gateway in front of it, failed for a moment.",
    fixes.RETRY,
    ("OKT912", "SCM506"),
    OBSERVED,
    OF_ONE_PERSON,
)
NO_CONNECTION_FOR_A_MOMENT = FAILED_FOR_A_MOMENT._replace(
    cause="The connection failed temporarily.", codes=("OKT912",)
)
WRONG_NUMBERS = Cause(
    "A number in the server's list is missing, or is text.", fixes.TEST, ("SCM512", "SCM523")
)
OTHER_METHOD = Cause(
    "The server expects another kind of update: PUT instead of PATCH, PATCH instead of PUT, or "
    "another PATCH operation.",
    fixes.REHEARSE,
    ("SCM507", "REH004", "REH005"),
    stages=(*CHANGING, Stage.DEACTIVATION),
)

NO_SCIM_JSON = Cause("The server does not support application/scim+json.", fixes.TEST, ("SCM515",))

CATALOG_APP = Cause(
    "The app came from Okta's catalog.",
    'In Okta, press "Create App Integration" and choose "SAML 2.0" or "SWA - Secure Web '
    'Authentication".',
    certainty=VENDOR,
)

ASSIGNED_TOO_EARLY = Cause(
    "The person was assigned before SCIM was turned on.",
    'In Okta, open Assignments and press "Provision User".',
    ("OKT908",),
    DOCUMENTED,
)

# About the key.
STORED_KEY = Cause(
    "The key in Okta is revoked, replaced, incomplete, or another kind of credential.",
    fixes.TEST_KEY,
    ("KEY214", "SCM501", "OKT913"),
    DOCUMENTED,
)
DIRTY_KEY = Cause(
    'Something else was pasted with the key: a space, a line break, quotes, or the word "Bearer".',
    fixes.TEST_KEY,
    (
        *("KEY201", "KEY202", "KEY203", "KEY204", "KEY205", "KEY206"),
        *("KEY209", "KEY210", "KEY211", "KEY212", "KEY213", "KEY215"),
    ),
)
OTHER_CREDENTIAL = Cause(
    "Another credential was pasted: an authtoken, the id of a key, or an Okta token.",
    fixes.TEST_KEY,
    ("KEY207", "KEY208"),
    DOCUMENTED,
    OF_THE_KEY,
)
PLAN_WITHOUT_SCIM = Cause(
    "The plan does not include SCIM.",
    "Ask support@ngrok.com whether SCIM is part of your plan.",
    ("NGR707",),
)
NOT_ALLOWED_TO_WRITE = Cause(
    "The owner of the key has read-only access, or the access token is missing a scope.",
    "Run `ngrok-scim doctor --only NGR` with an admin key: it shows the owner of the key and what "
    "it may do.",
    ("NGR704", "NGR717", "SCM502"),
)

# About the person, and what Okta sends of them.
GONE = Cause(
    "The account was removed in ngrok, and Okta still has its id.",
    fixes.ASSIGN_AGAIN,
    ("OKT909",),
    DOCUMENTED,
)
PROBABLY_GONE = GONE._replace(certainty=OBSERVED, stages=CHANGING)
NOT_THE_EMAIL = Cause(
    "The user name that Okta sends is not the person's e-mail address.",
    fixes.EMAIL_FORMAT,
    ("OKT906", "USR603", "OKT914"),
)
EXISTS_ALREADY = (
    Cause(
        "Another account has the user name or e-mail address that the person has in Okta now.",
        fixes.SAME_PERSON,
        ("USR605", "OKT914"),
        stages=CHANGING,
    ),
    Cause(
        "The user name of the account differs from the one that Okta looks for, or the account "
        "was created before SCIM was turned on.",
        fixes.SAME_PERSON,
        ("SCM519", "USR605"),
        OBSERVED,
    ),
    NOT_THE_EMAIL,
)
ATTRIBUTES = Cause(
    "Okta maps an attribute that the server does not accept: a phone number, an address, the "
    "manager, or one that was added by hand.",
    fixes.CHECK_ATTRIBUTES,
    ("OKT915",),
    VENDOR,
)
WRONG_ATTRIBUTE = Cause(
    "An attribute in the person's profile is empty, too long, or in a format that the server does "
    "not accept.",
    "In Okta, open Directory > People, choose the person and fill in or correct the attribute that "
    "the message names.",
    ("OKT914",),
)
NOT_ACCEPTED = (ATTRIBUTES, WRONG_ATTRIBUTE)
GROUPS_ARE_PUSHED = Cause(
    "Okta pushes groups, which ngrok's SCIM does not support.", fixes.NO_GROUPS, ("FRM306",)
)
