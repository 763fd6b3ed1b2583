"""What Okta says, and what a server lets it say, with what is behind each: one table.

The sentences are those of Okta's dialogs, tasks and System Log, as its documentation and support
articles quote them (https://help.okta.com/, https://support.okta.com/), and those of SCIM servers
in public reports. The words beside them are ours.
"""

from dataclasses import replace

from ngrok_scim_cli.diagnosis.finding import Certainty
from ngrok_scim_cli.diagnosis.okta.clicks import (
    ALLOW_OKTA,
    ASK_THE_FIREWALL,
    ASSIGN_AGAIN,
    DEACTIVATE_AGAIN,
    EMAIL_FORMAT,
    LOOK_AT_STATUS,
    NO_GROUPS,
    PROFILE_EDITOR,
    REHEARSE,
    REPORT,
    RETRY,
    SAME_PERSON,
    SET_BASE_URL,
    TEST,
    TEST_KEY,
    TO_APP,
    TRACE,
    WAIT,
    WAIT_FOR_OKTA,
)
from ngrok_scim_cli.diagnosis.okta.stages import Stage
from ngrok_scim_cli.records import dataclass

_VENDOR = Certainty.VENDOR
_OBSERVED = Certainty.OBSERVED
_INFERRED = Certainty.INFERRED

_TESTING = (Stage.CALL,)
_MAKING = (Stage.LOOK_UP, Stage.ACCOUNT)
_CHANGING = (Stage.PROFILE, Stage.REACTIVATION)
_OF_A_PERSON = (*_MAKING, *_CHANGING)
_ONCE = (*_OF_A_PERSON, Stage.DEACTIVATION)
# The key is looked at first of all: once Okta was creating or changing somebody, it was accepted.
_OF_THE_KEY = (None, Stage.CALL, Stage.LOOK_UP, Stage.IMPORT, Stage.GROUPS)


@dataclass(frozen=True, slots=True)
class Cause:
    """One way in which something comes about.

    Attributes:
        cause: what happened; empty where the first of ``codes`` says it.
        fix: the one thing to do about it; empty where the first of ``codes`` says it.
        stages: what Okta must have been doing, ``None`` where that is not known; empty where it
            fits anything.
    """

    cause: str
    fix: str
    codes: tuple[str, ...] = ()
    certainty: Certainty = Certainty.DOCUMENTED
    stages: tuple[Stage | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of Okta's, or a kind of them.

    Attributes:
        sentence: how it reads; ``…`` stands for what differs each time.
        keys: the wordings by which it is known; ``…`` as above. Without any, ``sentence`` is.
        is_gone: whether it proves that the account is gone, so that there is nothing left to
            deactivate.
    """

    sentence: str
    title: str
    meaning: str
    causes: tuple[Cause, ...]
    keys: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    is_gone: bool = False

    @property
    def phrases(self) -> tuple[str, ...]:
        """By what it is known."""
        return self.keys or (self.sentence,)


def _by_code(*codes: str) -> Cause:
    """Return a cause that the catalogue words."""
    return Cause("", "", codes)


_BASE_URL = Cause("The base URL is wrong.", SET_BASE_URL, ("SCM503", "URL109", "URL110"), _INFERRED)
_MISSPELT_HOST = Cause(
    "The host of the base URL is misspelled, or its name is not in the public DNS.",
    SET_BASE_URL,
    ("NET401", "URL108", "URL105", "URL103", "URL104"),
)
_DROPPED_BY_A_FIREWALL = Cause(
    "A firewall or IP restriction drops Okta's addresses.", ALLOW_OKTA, ("NET403", "NGR705")
)
_NO_CONNECTION_FOR_A_MOMENT = Cause(
    "The connection failed temporarily.", RETRY, ("OKT912",), _OBSERVED, _ONCE
)
_IS_DOWN = Cause("The service is down.", LOOK_AT_STATUS, ("NET402", "SCM506"))
_FIREWALL = Cause(
    "A firewall or gateway in front of the server refused Okta's request.",
    ASK_THE_FIREWALL,
    ("SCM502", "SCM520"),
)
_ANOTHER_HOST = Cause(
    "The base URL leads to a host that is not ngrok's.", SET_BASE_URL, ("URL108",), _INFERRED
)
_CATALOG_APP = Cause(
    "The app came from Okta's catalog.",
    'In Okta, press "Create App Integration" and choose "SAML 2.0" or "SWA - Secure Web '
    'Authentication".',
)
_SCIM_ON = Cause("SCIM is not turned on for the app.", "", ("OKT905",))
_STORED_KEY = Cause(
    "The key in Okta is revoked, replaced, incomplete, or another kind of credential.",
    TEST_KEY,
    ("KEY214", "SCM501", "OKT913"),
)
_DIRTY_KEY = Cause(
    'Something else was pasted with the key: a space, a line break, quotes, or the word "Bearer".',
    TEST_KEY,
    (
        *("KEY201", "KEY202", "KEY203", "KEY204", "KEY205", "KEY206"),
        *("KEY209", "KEY210", "KEY211", "KEY212", "KEY213", "KEY215"),
    ),
    _INFERRED,
)
_OTHER_CREDENTIAL = Cause(
    "Another credential was pasted: an authtoken, the id of a key, or an Okta token.",
    TEST_KEY,
    ("KEY207", "KEY208"),
    stages=_OF_THE_KEY,
)
_IP_RESTRICTIONS = Cause("ngrok's IP restrictions block Okta.", ALLOW_OKTA, ("NGR705", "SCM502"))
_GONE = Cause(
    "The account was removed in ngrok, and Okta still has its id.", ASSIGN_AGAIN, ("OKT909",)
)
_PROBABLY_GONE = Cause(
    "The account was removed in ngrok, and Okta still has its id.",
    ASSIGN_AGAIN,
    ("OKT909",),
    _OBSERVED,
    _CHANGING,
)
_NUMBERS = Cause(
    "A number in the server's list is missing, or is text.", TEST, ("SCM512", "SCM523"), _INFERRED
)
_ATTRIBUTES = Cause(
    "Okta maps an attribute that the server does not accept: a phone number, an address, the "
    "manager, or one that was added by hand.",
    PROFILE_EDITOR,
    ("OKT915",),
    _VENDOR,
)
_FAILED_FOR_A_MOMENT = Cause(
    "The server, or a gateway in front of it, failed for a moment.",
    RETRY,
    ("OKT912", "SCM506"),
    _OBSERVED,
    _ONCE,
)
_GROUPS_PUSHED = Cause(
    "Okta pushes groups, which ngrok's SCIM does not support.", NO_GROUPS, ("FRM306",)
)

WEB_PAGE = Saying(
    "Invalid JSON: Unexpected character ('<' (code 60))",
    "The server replied with a web page, not with an error that Okta can read",
    "The server, or a device in front of it, refused the request with a web page. Okta "
    "reports the format of the page. The reason is the word before it, such as Forbidden.",
    (_FIREWALL, Cause("The base URL leads to a website.", SET_BASE_URL, ("SCM509", "URL108"))),
    ("unexpected character code 60",),
)
PLAIN_TEXT = Saying(
    "Invalid JSON: Unrecognized token",
    "The server replied with plain text, not with an error that Okta can read",
    "A gateway, or a server that is not a SCIM server, replied with text. Okta reports the "
    "first word of the text, not the reason.",
    (
        Cause("A gateway failed temporarily.", TEST, ("SCM506", "SCM520"), _OBSERVED),
        Cause("The base URL leads to another service.", SET_BASE_URL, ("SCM510",), _VENDOR),
    ),
    (
        *("unrecognized token", "invalid json", "jsonparseexception", "malformed json"),
        *("jsonprocessingexception", "a valid json"),
        "unexpected character",
    ),
)
_THERE_ALREADY = (
    Cause(
        "Another account has the user name or e-mail address that the person has in Okta now.",
        SAME_PERSON,
        ("USR605", "OKT914"),
        _INFERRED,
        _CHANGING,
    ),
    Cause(
        "The user name of the account differs from the one that Okta looks for, or the account "
        "was created before SCIM was turned on.",
        SAME_PERSON,
        ("SCM519", "USR605"),
        _OBSERVED,
    ),
    Cause(
        "The user name that Okta sends is not the person's e-mail address.",
        EMAIL_FORMAT,
        ("OKT906", "USR603"),
        _INFERRED,
    ),
)
_OTHER_METHOD = Cause(
    "The server accepts PATCH but Okta sends PUT, or the other way round.",
    REHEARSE,
    ("SCM507", "REH004", "REH005"),
    _INFERRED,
    (*_CHANGING, Stage.DEACTIVATION),
)
_NOT_ACCEPTED = (
    _ATTRIBUTES,
    Cause(
        "A value in the person's profile has a format that the server does not accept.",
        "In Okta, open Directory > People, choose the person and correct the value.",
        ("OKT914",),
        _INFERRED,
    ),
)

# Okta's own sentences, and those of its Java client. The first that fits is taken, so what is
# special stands before what is general.
SENTENCES: tuple[Saying, ...] = (
    Saying(
        "Connector configured successfully",
        "The connector test passed",
        "Okta received a list of users. The ticks and crosses below it only repeat the boxes of "
        "the form. A cross means that the box is not ticked.",
        (
            Cause(
                "Nobody is provisioned yet: the switches under To App are off by default.",
                TO_APP,
                ("OKT916",),
            ),
            Cause(
                "Nobody is provisioned yet: ngrok support has not approved the e-mail domain.",
                "Run `ngrok-scim domain list` to see which domains wait for approval.",
                ("DOM801", "DOM802"),
                _INFERRED,
            ),
        ),
        ("connector configured successfully", "was verified successfully"),
    ),
    Saying(
        "No results for users returned",
        "Okta received a reply without a list of users",
        "The server replied with success, but the reply has no list that Okta can read, or no "
        "users.",
        (
            Cause(
                "The base URL has a typo, does not end in /scim/v2/, or leads to a web page.",
                SET_BASE_URL,
                ("URL108", "URL109", "URL110", "SCM508", "SCM509", "SCM510", "SCM511"),
            ),
            Cause(
                "A value in the form has a space before or after it.",
                TEST,
                ("KEY201", "KEY202", "URL101", "URL102"),
                _VENDOR,
            ),
            Cause(
                "The list is valid but has no users. ngrok's guide calls this a mistake in the "
                "configuration; Okta's support article says that Okta accepts it.",
                'Open https://dashboard.ngrok.com/settings and check that "Automated User '
                'Provisioning via SCIM 2.0" is chosen.',
                ("USR601",),
                _VENDOR,
            ),
        ),
        (
            "no results for users",
            "no result for users",
            "results for users returned",
            "no users were returned",
            "no users returned",
        ),
    ),
    WEB_PAGE,
    Saying(
        "No content to map due to end-of-input",
        "The server replied with an empty body",
        "Okta needs a list, or the whole user, in the reply.",
        (Cause("The reply has no body.", TEST, ("SCM508",), _INFERRED),),
        ("no content to map", "end of input", "empty response", "empty body"),
    ),
    Saying(
        "Cannot deserialize value of type …",
        "Okta cannot read a field of the server's reply",
        "The reply is JSON, but a field in it has another type than SCIM requires: a number that "
        "is text, a list that is an object.",
        (
            Cause(
                "A field of the list or of a user has the wrong type, or is missing.",
                TEST,
                ("SCM511", "SCM512", "SCM513", "SCM518", "SCM521"),
                _INFERRED,
            ),
        ),
        (
            *("cannot deserialize", "can not deserialize", "jsonmappingexception"),
            *("mismatchedinputexception", "invalidformatexception", "can not construct instance"),
            *("cannot construct instance", "numberformatexception", "classcastexception"),
            *("cannot be cast to", "exception in deserializing", "listresponse", "totalresults"),
            *("itemsperpage", "must be declared in the schemas", "unrecognizedpropertyexception"),
        ),
    ),
    PLAIN_TEXT,
    Saying(
        "Maximum redirects exceeded",
        "The server redirects Okta to another address",
        "The base URL is not the final address.",
        (_by_code("SCM504"),),
        (
            "circular redirect",
            "circularredirectexception",
            "maximum redirects",
            "redirectexception",
        ),
    ),
    Saying(
        "Illegal character in path at index …",
        "Okta cannot use the base URL",
        "The address has a character that no address may have, or is no address. Okta has not sent "
        "anything yet.",
        (
            Cause(
                "The base URL contains a space, a line break or another character by accident, or "
                "does not begin with https://.",
                SET_BASE_URL,
                ("URL103", "URL101", "URL102", "URL104", "URL107"),
                _INFERRED,
            ),
        ),
        (
            *("urisyntaxexception", "malformedurlexception", "illegal character in path"),
            *("illegal character in authority", "illegal character in scheme", "no protocol"),
            *("illegal character in query", "unknown protocol", "invalid uri", "malformed url"),
            *("host name may not be null", "target host", "valid host name", "uri is not absolute"),
            *("expected authority", "invalid url", "unsupported protocol scheme"),
        ),
    ),
    Saying(
        "Illegal character in message header value",
        "Okta cannot send the key",
        "What stands in the field cannot be sent in an HTTP header. Okta has not sent anything "
        "yet.",
        (
            Cause(
                "A line break, a space or another character was pasted with the key.",
                TEST_KEY,
                ("KEY202", "KEY203", "KEY201", "KEY204", "KEY213"),
                _INFERRED,
            ),
        ),
        ("header value", "illegal header", "invalid header"),
    ),
    Saying(
        "Error while retrieving OAuth token",
        "Okta tries OAuth 2.0, which ngrok's guide does not use",
        "Okta asked for a token before it called the server, and did not receive one.",
        (
            Cause(
                '"Authentication Mode" is not HTTP Header.',
                'In Okta, open Provisioning > Integration > Edit and set "Authentication Mode" to '
                '"HTTP Header".',
                ("FRM303",),
                _INFERRED,
            ),
        ),
        ("oauth token", "invalid_client", "invalid_grant", "unsupported_grant_type"),
    ),
    Saying(
        "java.net.UnknownHostException",
        "Okta cannot find the host of the base URL",
        "The name of the host does not resolve in the public DNS.",
        (_MISSPELT_HOST,),
        (
            *("unknownhostexception", "unknown host", "name or service not known"),
            *("no such host", "could not resolve host", "nodename nor servname", "enotfound"),
            *("name resolution", "nxdomain", "could not be resolved", "unresolved host"),
        ),
    ),
    Saying(
        "Connect to …:443 failed: Connect timed out",
        "Okta cannot connect to the server",
        "Okta's cloud tried to connect to the host of the base URL and received no reply.",
        (_NO_CONNECTION_FOR_A_MOMENT, _MISSPELT_HOST, _DROPPED_BY_A_FIREWALL, _IS_DOWN),
        (
            *("connect timed out", "connection timed out", "connecttimeoutexception"),
            *("connection timeout", "connect timeout", "no route to host"),
            *("noroutetohostexception", "network is unreachable"),
        ),
    ),
    Saying(
        "Connect to …:443 failed: Connection refused",
        "The server refuses Okta's connection",
        "Nothing accepts connections on this port.",
        (_NO_CONNECTION_FOR_A_MOMENT, _MISSPELT_HOST, _IS_DOWN),
        ("connection refused", "econnrefused", "connectexception", "httphostconnectexception"),
    ),
    Saying(
        "Connection reset",
        "The connection broke before the reply arrived",
        "The server, or a device on the network path, closed the connection.",
        (
            Cause("The connection broke temporarily.", RETRY, ("NET409",), _INFERRED, _ONCE),
            Cause(
                "A gateway on the network path closes the connection.", TEST, ("NET409",), _INFERRED
            ),
        ),
        (
            *("connection reset", "econnreset", "nohttpresponseexception", "failed to respond"),
            *("connection closed", "broken pipe", "unexpected end of file from server"),
            *("connectionclosedexception", "prematurely closed", "socketexception"),
            *("chunkedinputexception", "premature end", "socket hang up", "eofexception"),
            *("shut down incorrectly", "connection has been shutdown", "reset by peer"),
            *("connection was reset", "returned no response", "no response from server"),
        ),
    ),
    Saying(
        "Read timed out",
        "The server took too long to reply",
        "Okta closes the connection after 60 seconds without a reply.",
        (
            replace(_NO_CONNECTION_FOR_A_MOMENT, cause="The server was too slow for a moment."),
            Cause("The server is overloaded.", WAIT, ("NET408", "SCM516")),
        ),
        (
            *("read timed out", "sockettimeoutexception", "read timeout", "request timed out"),
            *("the operation timed out", "timeout waiting", "socket timeout", "timed out"),
        ),
        (408,),
    ),
    Saying(
        "PKIX path building failed",
        "Okta does not trust the server's certificate",
        "The certificate chain does not lead to a public certificate authority. Okta has no page "
        "to upload one.",
        (
            _ANOTHER_HOST,
            Cause(
                "The server does not send its full chain, or uses a self-signed certificate.",
                "Install a certificate from a public authority, with its full chain, on the "
                "server.",
                ("NET404", "NET406"),
                _INFERRED,
            ),
        ),
        (
            *("pkix path", "unable to find valid certification path", "certpathbuilderexception"),
            *("self signed certificate", "certificate unknown", "unknown ca", "untrusted root"),
            *("unable to get local issuer certificate", "verify the first certificate"),
        ),
    ),
    Saying(
        "Certificate expired",
        "The server's certificate has expired",
        "Okta probably does not accept an expired certificate.",
        (_by_code("NET406"), _ANOTHER_HOST),
        (
            *(
                "certificate … expired",
                "certificate has expired",
                "certificate expired",
                "certificateexpiredexception",
            ),
            *("certificate is not yet valid", "certificatenotyetvalidexception", "notafter"),
        ),
    ),
    Saying(
        "Certificate for <…> doesn't match any of the subject alternative names",
        "The server's certificate is for another name",
        "The certificate does not contain the host of the base URL.",
        (_ANOTHER_HOST, _by_code("NET405")),
        (
            *("doesn t match any of the subject alternative", "sslpeerunverifiedexception"),
            *("no subject alternative", "hostname … not verified", "hostname mismatch"),
            *("no name matching", "common name"),
        ),
    ),
    Saying(
        "Received fatal alert: protocol_version",
        "Okta and the server have no TLS version or cipher in common",
        "Okta needs TLS 1.2 or newer.",
        (
            Cause(
                "The server, or a proxy in front of it, offers only TLS 1.1 or older.",
                "Turn on TLS 1.2 or newer on the server, or on the proxy in front of it.",
                ("NET407",),
            ),
            _ANOTHER_HOST,
        ),
        (
            *("protocol version", "no appropriate protocol", "handshake failure"),
            *("sslhandshakeexception", "sslexception", "sslprotocolexception", "fatal alert"),
            *("no cipher suites in common", "ssl handshake", "tls handshake"),
            *(
                "unsupported or unrecognized ssl",
                "remote host terminated the handshake",
                "during handshake",
            ),
        ),
    ),
    Saying(
        "Base URL: Does not match required pattern",
        "Okta's form refuses the base URL",
        "This form belongs to an app from Okta's catalog, which does not accept a slash at the "
        "end. ngrok's guide uses an app that you create yourself.",
        (
            Cause(_CATALOG_APP.cause, _CATALOG_APP.fix, (), _VENDOR),
            Cause(
                "The address ends with a slash.",
                "In Okta, open Provisioning > Integration > Edit and remove the slash at the end.",
                ("URL113",),
                _VENDOR,
            ),
        ),
        ("does not match required pattern", "match required pattern"),
    ),
    Saying(
        "Invalid Base URL for the SCIM Connector",
        "Okta's form refuses the base URL",
        "Okta accepts only an address that begins with https:// and has no underscore. It has not "
        "sent anything yet.",
        (
            Cause(
                "The address does not begin with https://, contains an underscore, or does not "
                "end with a slash.",
                SET_BASE_URL,
                (
                    *("URL106", "URL107", "URL113", "URL114", "URL115", "URL116", "URL118"),
                    "URL103",
                ),
                _VENDOR,
            ),
        ),
        ("invalid base url",),
    ),
    Saying(
        "Invalid Authentication Header Parameter: … for the SCIM Connector",
        "On-premises provisioning is chosen instead of SCIM",
        "This message comes from the form for a SCIM server inside your own network.",
        (
            Cause(
                '"On-Premises Provisioning" is chosen for the app.',
                'In Okta, open General > App Settings > Edit, set "Provisioning" to "SCIM" and '
                "save.",
                ("OKT905",),
            ),
        ),
        ("invalid authentication header parameter", "on premises provisioning"),
    ),
    Saying(
        "Could not verify the administrator credentials",
        "The app from Okta's catalog could not sign in",
        "This message comes from apps of Okta's catalog, not from the kind of app in ngrok's "
        "guide.",
        (_CATALOG_APP,),
        ("verify the administrator credentials",),
    ),
    Saying(
        "The credentials used to connect to the API were invalid",
        "ngrok refuses the key in Okta",
        "The key in Okta does not work any more, or never did. After the right key is saved, "
        "retry the failed tasks under Dashboard > Tasks.",
        (_STORED_KEY, _DIRTY_KEY),
        ("credentials used to connect", "credentials … were invalid"),
    ),
    Saying(
        "Profile property in Okta managed template has conflicts with custom property",
        "An attribute that was added by hand conflicts with SCIM",
        "The app's profile already has an attribute with a name that SCIM uses.",
        (
            Cause(
                "Somebody added an attribute to the app's profile.",
                "In Okta, open Directory > Profile Editor, choose the app, delete that attribute "
                "and save the connection again.",
                ("OKT915",),
            ),
        ),
        ("conflicts with custom property", "okta managed template"),
    ),
    Saying(
        "Invalid externalNamespace: … for property: …",
        "Okta itself refuses the mapping of an attribute",
        "Okta sent nothing. In the app's profile, the namespace of this attribute is wrong.",
        (
            Cause(
                "The external namespace of that attribute is wrong.",
                "In Okta, open Directory > Profile Editor, choose the app, and delete or correct "
                "the attribute that the message names.",
                ("OKT915",),
            ),
        ),
        ("invalid externalnamespace", "externalnamespace", "invalid external namespace"),
    ),
    Saying(
        "Provisioning is not enabled for the app instance",
        "Provisioning is off for the app",
        "SCIM is not turned on, or its connection was never saved.",
        (_SCIM_ON,),
        ("not enabled for the app", "provisioning is not enabled for app"),
    ),
    Saying(
        "Matching user not found",
        "Okta found no user to update and is not allowed to create one",
        "The person is not in ngrok, and Okta did not create them.",
        (
            Cause('"Create Users" is off under To App. It is off by default.', TO_APP, ("OKT916",)),
            Cause("The account was removed in ngrok.", ASSIGN_AGAIN, ("OKT909",)),
        ),
        (
            *("matching user not found", "no matching user", "matching users not found"),
            *("matching user … not found", "matching user wasn t found"),
        ),
        is_gone=True,
    ),
    Saying(
        "No user returned for user …",
        "The account of this person is gone from ngrok",
        "Okta asked ngrok for the id that it has for this person, and ngrok has no user with that "
        "id. A retry fails again.",
        (_GONE,),
        ("no user returned", "no user was returned"),
        is_gone=True,
    ),
    Saying(
        "User … provision to app failed due to delay in reactivating remote User",
        "The account exists but is deactivated",
        "Okta found the person in ngrok and could not reactivate the account. Okta's message says "
        "that it will retry by itself.",
        (
            Cause(
                "The account is still deactivated in ngrok.",
                "Run `ngrok-scim users trace EMAIL`. It shows whether the account is active "
                "again, and the reason if it is not.",
                ("USR607", "OKT908"),
            ),
            Cause(
                "Okta has an assignment from before the account was deactivated.",
                ASSIGN_AGAIN,
                ("OKT909",),
                _INFERRED,
            ),
        ),
        ("delay in reactivating", "rescheduling provision job"),
    ),
    Saying(
        "User is not assigned to the client application.",
        "Okta does not let the person sign in to this app",
        "It is about signing in, not about provisioning: the person is not assigned to the app "
        "with which people sign in.",
        (
            Cause(
                "The person, or a group of theirs, is not assigned to the app.",
                "In Okta, open Assignments of the app for signing in and assign the person.",
            ),
        ),
        ("not assigned to the client", "not assigned to this application", "user is not assigned"),
    ),
    Saying(
        "The username template mapping returned null",
        "Okta could not make a user name for the person",
        "Okta makes it of the person's profile. Nothing was sent to the server.",
        (
            Cause(
                "The value of which the user name is made, such as the e-mail address, is empty in "
                "Okta.",
                "In Okta, open Directory > People, choose the person and fill in the e-mail "
                "address.",
                ("OKT906", "OKT914"),
                _INFERRED,
            ),
        ),
        (
            *("username template", "user name template", "username mapping", "user name mapping"),
            *("username … returned null", "could not evaluate … username", "app username is null"),
        ),
    ),
    Saying(
        "Create new user returned empty user",
        "The server did not return the new user",
        "Okta needs the whole user in the reply to a create.",
        (Cause("The server replies to a create with an empty body.", REPORT, ("SCM508",)),),
        ("returned empty user",),
    ),
    Saying(
        "User was assigned this application before Provisioning was enabled and not provisioned "
        "in the downstream application. Click Provision User.",
        "The person was assigned before SCIM was turned on",
        'Okta does not create people who were assigned before SCIM was turned on. "Force Sync" '
        "does not create them either.",
        (
            Cause(
                "The person was assigned before SCIM was turned on.",
                'In Okta, open Assignments and press "Provision User".',
                ("OKT908",),
            ),
        ),
        ("before provisioning was enabled", "click provision user"),
    ),
    Saying(
        "Application accounts need deprovisioning",
        "Somebody who left may still have an account in ngrok",
        "Okta could not deactivate the person and does not retry by itself. The person may still "
        "have access.",
        (
            Cause(
                "The deactivation failed, for example while the server was down.",
                DEACTIVATE_AGAIN,
                ("OKT911",),
                _OBSERVED,
            ),
            Cause('"Deactivate Users" is off under To App.', TO_APP, ("OKT916",)),
        ),
        ("need deprovisioning", "manually disable user accounts", "needs deprovisioning"),
    ),
    Saying(
        "Stop deprovisioning unassigned users",
        '"Deactivate Users" was turned off under To App',
        "The System Log shows this line when an administrator turns the switch off. People who "
        "leave then keep their account.",
        (Cause('"Deactivate Users" is off under To App.', TO_APP, ("OKT916",)),),
        ("stop deprovisioning unassigned users",),
    ),
    Saying(
        "Deprovisioning unassigned users",
        '"Deactivate Users" was turned on under To App',
        "The System Log shows this line when an administrator turns the switch on.",
        (
            Cause(
                "Nothing is wrong, but people who left before are not deactivated by it.",
                "Run `ngrok-scim users audit` to find people who left and still have an account.",
                ("OKT911",),
                _INFERRED,
            ),
        ),
        ("deprovisioning unassigned users",),
    ),
    Saying(
        "Linked group is missing in …. Change the linked group to resume pushing group "
        "memberships.",
        "Okta tries to push a group",
        "ngrok's SCIM does not support groups, so Okta cannot push them.",
        (_GROUPS_PUSHED,),
        (
            *("group push", "linked group", "push group", "push groups", "pushing group"),
            *("resource group", "group … already exists", "creating group", "updating group"),
            *("group memberships", "group not found", "groups are not supported"),
            *("group … not found", "members of group", "import groups"),
        ),
    ),
    Saying(
        "Implicitly assigned",
        "The app assigns all people automatically",
        "Federation Broker Mode, which only OIDC apps have, leaves Okta without assignments to "
        "provision.",
        (
            Cause(
                "Federation Broker Mode is on.",
                'In Okta, open General > Edit, turn "Federation Broker Mode" off and assign '
                "people.",
                ("OKT904", "OKT907"),
                _OBSERVED,
            ),
        ),
        ("implicitly assigned", "federation broker mode"),
    ),
    Saying(
        "An error occurred while pushing a profile update to this app",
        "Okta could not update somebody in ngrok",
        "This is only a heading. The reason is below it, under Dashboard > Tasks, and in the "
        "System Log.",
        (
            Cause(
                "ngrok refused the update, or no longer has the account.",
                "Run `ngrok-scim users trace EMAIL`. With an Okta token, it shows the reason from "
                "the System Log.",
                ("OKT912", "OKT909"),
                _INFERRED,
            ),
        ),
        ("error occurred while pushing a profile update",),
    ),
    Saying(
        "An error occurred while assigning this app",
        "Okta could not create somebody in ngrok",
        "This is only a heading. The reason is below it, under Dashboard > Tasks, and in the "
        "System Log.",
        (
            Cause(
                "ngrok refused the person.",
                "Run `ngrok-scim users trace EMAIL`. With an Okta token, it shows the reason from "
                "the System Log.",
                ("OKT912", "OKT908"),
                _INFERRED,
            ),
        ),
        ("error occurred while assigning",),
    ),
    Saying(
        "E0000049: Invalid SCIM data from SCIM implementation",
        "Okta cannot use the server's reply",
        "The server replied, but not with the data that SCIM requires.",
        (
            Cause(
                "A field is missing from the list or the user in the reply.",
                TEST,
                ("SCM511", "SCM518"),
            ),
        ),
        ("e0000049", "invalid scim data from scim implementation", "invalid scim data"),
    ),
    Saying(
        "E0000050: Invalid SCIM data from client",
        "The server cannot use what Okta sent",
        "A user in Okta has no value in a required field, or has a field that is not allowed.",
        (Cause("The person's profile in Okta is incomplete.", TRACE, ("OKT914", "OKT915")),),
        ("e0000050", "invalid scim data from client"),
    ),
    Saying(
        "E0000051: No response from SCIM implementation",
        "The server did not reply",
        "Okta received no reply within 60 seconds.",
        (_MISSPELT_HOST, _DROPPED_BY_A_FIREWALL, _IS_DOWN),
        ("e0000051", "no response from scim"),
    ),
    Saying(
        "E0000052: Endpoint not implemented",
        "The server does not support what Okta asks for",
        "ngrok's SCIM supports users only, not groups.",
        (
            Cause(
                "A box for groups is ticked.",
                'In Okta, open Provisioning > Integration > Edit and clear "Push Groups" and '
                '"Import Groups".',
                ("FRM306",),
            ),
        ),
        ("e0000052", "endpoint not implemented"),
    ),
    Saying(
        "E0000053: Invalid SCIM filter",
        "The server does not understand Okta's look-up",
        "Okta looks people up by their user name before it creates them.",
        (
            Cause(
                '"Unique identifier field for users" is not email.',
                'In Okta, open Provisioning > Integration > Edit and set "Unique identifier field '
                'for users" to email.',
                ("FRM301", "SCM519"),
            ),
            Cause("The server does not support the look-up.", TEST, ("SCM519",), _INFERRED),
        ),
        (
            "e0000053",
            "invalid scim filter",
            "invalid filter",
            "unsupported filter",
            "invalidfilter",
        ),
    ),
    Saying(
        "E0000054: Invalid pagination properties",
        "The numbers in the server's list are wrong",
        "Okta reads the list page by page with these numbers.",
        (_NUMBERS,),
        ("e0000054", "invalid pagination"),
    ),
    Saying(
        "E0000011: Invalid token provided",
        "Okta refuses the API token",
        "This is Okta's own error about an Okta API token, not about the ngrok key in the app.",
        (_by_code("OKT902"),),
        ("e0000011", "e0000005", "invalid session", "invalid token provided"),
    ),
    Saying(
        "E0000006: You do not have permission to perform the requested action",
        "Okta does not allow this token to do that",
        "This is Okta's own error. The token has the permissions of the administrator who created "
        "it.",
        (
            Cause(
                "The administrator who created the token is not allowed to read this, or is no "
                "longer allowed.",
                "Ask an administrator who may read apps, people and the System Log to create a "
                "token, and set OKTA_CLIENT_TOKEN to it.",
                ("OKT902",),
            ),
        ),
        ("e0000006", "permission to perform the requested action"),
    ),
    Saying(
        "E0000015: You do not have permission to access the feature you are requesting",
        "The Okta org does not have this feature",
        "This is Okta's own error about the license or the role, not about ngrok.",
        (
            Cause(
                "The Okta plan of the org does not include provisioning, or the role of the token "
                "is not sufficient.",
                "Ask Okta Support whether your org includes Lifecycle Management.",
                ("OKT902", "OKT905"),
                _INFERRED,
            ),
        ),
        ("e0000015", "e0000038", "access the feature you are requesting"),
    ),
    Saying(
        "E0000007: Not found: Resource not found",
        "Okta did not find what was requested",
        "This is Okta's own error about an id in Okta, such as the id of the app or of a person.",
        (_by_code("OKT903"),),
        ("e0000007", "e0000008", "e0000048"),
    ),
    Saying(
        "E0000004: Authentication failed",
        "Okta refuses the sign-in",
        "This is Okta's own error about signing in to Okta, not about the ngrok key in the app.",
        (_by_code("OKT902"),),
        ("e0000004", "e0000014", "e0000064", "e0000068", "e0000069", "e0000119"),
    ),
    Saying(
        "E0000047: API call exceeded rate limit",
        "Okta rate limits requests",
        "This is Okta's own API rate limit. It is not about ngrok.",
        (
            Cause(
                "Many requests were made to Okta's API in a short time.",
                "Wait a minute, then run the command again.",
                ("OKT902",),
            ),
        ),
        ("e0000047", "api call exceeded rate limit"),
    ),
    Saying(
        "E0000022: The endpoint does not support the provided HTTP method",
        "Okta's API does not know the request",
        "This is Okta's own error. Usually the address of the org is wrong.",
        (_by_code("OKT901"),),
        ("e0000022", "e0000021", "e0000060", "e0000010", "e0000009"),
    ),
    Saying(
        "E0000001: Api validation failed",
        "Okta refuses the request",
        "This is Okta's own error. The wrong field is named after it, under errorCauses.",
        (
            Cause(
                "A condition of the request is not met. For example, provisioning is off for the "
                "app.",
                "Run `ngrok-scim doctor --only OKT` to see what is off in the app.",
                ("OKT905",),
            ),
        ),
        ("e0000001", "e0000002", "e0000003", "e0000016", "e0000041", "api validation failed"),
    ),
)

FIREWALL = Saying(
    "error code: 1010",
    "A firewall in front of the server refuses Okta's request",
    "The text comes from a firewall or gateway. The server itself probably never received the "
    "request.",
    (_FIREWALL,),
    (
        *(f"error code {number}" for number in (*range(1006, 1013), 1015, 1016, 1020, 1033)),
        *(f"error {number}" for number in (1006, 1007, 1008, 1009, 1010, 1012, 1015, 1020)),
        *("request blocked", "request was blocked", "request has been blocked", "cloudflare"),
        *("you have been blocked", "attention required", "web application firewall"),
        *("incapsula", "imperva", "akamai", "reference 18", "access denied … reference"),
        *("requested url was rejected", "request rejected", "support id is", "zscaler"),
        *("fortigate", "fortiguard", "sucuri", "mod security", "blocked by … policy"),
        *("access to this page has been denied", "cloudfront", "blocked by firewall", "waf"),
        *("awselb", "awswaf", "incident id", "ray id", "cf ray", "barracuda", "firewall"),
    ),
)

_RATE_LIMITED = Saying(
    "Too Many Requests",
    "The server asked Okta to slow down (429)",
    "Okta waits as long as the server says, or five minutes, doubles that each time, and "
    "gives up after ten attempts.",
    (
        Cause(
            "Many people were assigned at once, or a script uses the same account.",
            WAIT_FOR_OKTA,
            ("SCM505", "NGR709"),
        ),
    ),
    (
        *("too many requests", "rate limit", "rate limited", "ratelimit", "throttled"),
        *("throttling", "rate exceeded", "rate_limit_exceeded", "request limit exceeded"),
        *("slow down", "slowdown", "reduce your request rate"),
    ),
    (429,),
)
TOO_MANY_REQUESTS = replace(_RATE_LIMITED, keys=(_RATE_LIMITED.sentence,))

# What the remote server said, in the words of many servers. They count before the status.
DETAILS: tuple[Saying, ...] = (
    FIREWALL,
    Saying(
        "Cannot GET /scim/v2/Users",
        "There is no SCIM at this address",
        "The text comes from a web server that does not know the path. It says nothing about the "
        "key.",
        (_BASE_URL,),
        (
            *("cannot get scim", "cannot get users", "default backend", "page not found"),
            *("no static resource", "no handler found", "on this server", "no route matched"),
            *("requested url", "requested resource could not"),
        ),
    ),
    Saying(
        "PUT is not supported",
        "The server does not accept the kind of request with which Okta changes people",
        "An app of the Classic experience updates people with PUT. An app of the Okta Integration "
        "Wizard uses PATCH.",
        (replace(_OTHER_METHOD, stages=()),),
        (
            *("put is not", "put not", "patch is not", "patch not", "only patch", "only put"),
            *("patch operation", "patch operations", "method put", "method patch", "patchop"),
            *("cannot put scim", "cannot patch scim", "cannot put users", "cannot patch users"),
        ),
    ),
    Saying(
        "User must be active",
        "The account exists but is deactivated",
        "The server does not update a deactivated account.",
        (
            Cause(
                "The account is deactivated on the server.",
                TRACE,
                ("USR607",),
                _VENDOR,
            ),
        ),
        (
            *("user must be active", "user is inactive", "user is not active", "account is locked"),
            *("user is deactivated", "user is disabled", "account is disabled", "is suspended"),
            *("account is inactive", "account is deactivated", "user is locked"),
            *("deactivated members", "deactivated member", "deactivated users", "deactivated user"),
            *("has been deactivated", "has been disabled", "inactive user", "disabled user"),
            *("has been suspended", "disabled account", "deactivated account", "is archived"),
            *("suspended user", "could not reactivate", "has been archived", "is deprovisioned"),
        ),
    ),
    Saying(
        "The maximum number of seats is reached",
        "The plan has no free seat for this person",
        "Each active user in ngrok needs a seat. A retry fails again while no seat is free.",
        (
            Cause(
                "All seats of the plan are in use.",
                "Open https://dashboard.ngrok.com/billing/choose-a-plan and add a seat.",
                ("NGR707",),
                _INFERRED,
            ),
        ),
        (
            *(
                "payment required",
                "seats",
                "seat limit",
                "no seat",
                "team size",
                "out of licenses",
            ),
            *("no licenses", "license limit", "licenses available", "not enough licenses"),
            *("number of licenses", "license … exceeded", "licenses have been"),
            *("user limit", "users limit", "member limit", "members limit", "user quota"),
            *("limit of users", "number of users", "maximum users", "max users", "too many users"),
            *("number of members", "upgrade your plan", "plan limit", "exceeds your plan"),
            *("available licenses", "no available license", "quota exceeded", "limit exceeded for"),
            *("available seats", "remaining licenses", "insufficient licenses", "more users"),
            *("maximum number of … users", "maximum number of … members", "seats are in use"),
            *("license_limit_exceeded", "quota of users", "limit of … users", "seat capacity"),
        ),
        (402,),
    ),
    Saying(
        "The e-mail domain is not allowed",
        "The account does not allow the domain of this e-mail address",
        "The server accepts only people of certain domains. A retry fails again.",
        (
            Cause(
                "The domain was not submitted, or ngrok support has not approved it.",
                "Run `ngrok-scim domain list` and ask support@ngrok.com about the domain of this "
                "person.",
                ("DOM801", "DOM802", "USR606"),
                _INFERRED,
            ),
            Cause(
                "The address of the person in Okta is not their work address.",
                "In Okta, open Directory > People, choose the person and correct the address.",
                ("OKT914",),
                _INFERRED,
            ),
        ),
        (
            *("not allowed to be created in this organization", "domain is not", "domain not"),
            *("unverified domain", "verified domain", "email domain", "e mail domain"),
            *("allowed domain", "domains are allowed", "domain … is not", "domain isn t"),
            *("domain … not verified", "domain … not allowed", "domain … not authorized"),
            *("domain … blocked", "domain must be", "domain has not", "domain … claimed"),
            *("domain restriction", "not part of this organization", "outside the organization"),
            *("domainaddress", "domain … whitelisted", "domain … allowlisted", "email domains"),
            *("outside … domain", "domain does not"),
        ),
    ),
    Saying(
        "SCIM is not available on your plan",
        "The plan does not include SCIM",
        "The server knows SCIM, but this account may not use it. A retry fails again.",
        (
            Cause(
                "The plan does not include SCIM.",
                "Ask support@ngrok.com whether SCIM is part of your plan.",
                ("NGR707",),
                _INFERRED,
            ),
        ),
        (
            *("scim … plan", "plan … scim", "enterprise plan", "enterprise customers"),
            *("not available on your", "not included in your", "not part of your plan"),
            *("does not have access to scim", "to use scim", "feature … plan", "upgrade to"),
            *("enterprise feature", "premium feature", "paid feature"),
            *("provisioning … plan", "requires a paid", "paid plan", "subscription … scim"),
        ),
    ),
    Saying(
        "Provisioning is not turned on",
        "The server says that provisioning is turned off",
        "Okta reaches the server, which accepts no users until SCIM is turned on there.",
        (
            Cause(
                "SCIM is not chosen in the settings of the ngrok account.",
                'Open https://dashboard.ngrok.com/settings and choose "Automated User '
                'Provisioning via SCIM 2.0".',
                ("SCM506", "SCM502"),
                _INFERRED,
            ),
        ),
        (
            *("provisioning is not", "provisioning not", "provisioning isn t", "scim not enabled"),
            *("provisioning is disabled", "provisioning disabled", "provisioning … turned off"),
            *("provisioning … switched off", "provisioning … is off", "scim is not enabled"),
            *("scim … not enabled", "scim … not activated", "scim is disabled", "scim disabled"),
            *("scim … not configured", "scim … turned off", "scim … switched off", "enable scim"),
            *("directory sync is not", "directory sync … disabled", "scim is not"),
            *("before scim can", "scim … must be enabled", "scim has not been", "scim turned on"),
            *(
                "scim integration not",
                "provisioning integration is not",
                "provisioning is inactive",
            ),
            *("provisioning … must be enabled", "scim … not active", "scim is inactive"),
            *("provisioning … not been activated", "provisioning … not been enabled"),
            *("turn on scim", "activate scim", "switch on scim", "scim … must be activated"),
            *("provisioning … not activated", "turn on provisioning", "enable provisioning"),
        ),
    ),
    Saying(
        "User not found",
        "The account of this person is gone from the server",
        "The server has no user with the id that Okta has. A retry fails again.",
        (_GONE,),
        (
            *("user not found", "user … not found", "user … does not exist", "no such user"),
            *("could not find user", "cannot find user", "can t find user", "unknown user"),
            *("member not found", "account not found", "resource … not found", "user … deleted"),
            *("user no longer exists", "no longer exists", "user was removed", "member … deleted"),
            *("account … deleted", "resource … does not exist", "user doesn t exist"),
            *("account … does not exist", "member … does not exist", "user was deleted"),
            *("no user found", "no user with", "user has been removed"),
            *("could not be found", "unable to find user", "cannot be found", "user cannot be"),
        ),
        (410,),
        is_gone=True,
    ),
    _RATE_LIMITED,
    Saying(
        "Insufficient permission",
        "The key is valid, but it is not allowed to do that",
        "The server accepts the key but does not allow it to make this request.",
        (
            Cause(
                "The owner of the key has read-only access, or the access token is missing a "
                "scope.",
                "Run `ngrok-scim doctor --only NGR` with an admin key: it shows the owner of the "
                "key and what it may do.",
                ("NGR704", "NGR717", "SCM502"),
                _INFERRED,
            ),
            _IP_RESTRICTIONS,
        ),
        (
            *("insufficient scope", "insufficient permission", "insufficient permissions"),
            *("insufficient privileges", "missing … scope", "insufficient_scope", "lacks … scope"),
            *("not have permission", "not have the permission", "doesn t have permission"),
            *("don t have permission", "permission denied", "not permitted", "missing permission"),
            *(
                "only administrators",
                "only admins",
                "required permission",
                "required scope",
                "read only",
                "required role",
            ),
            *("role is not allowed", "requires admin", "must be an admin", "not an administrator"),
            *("not have access", "lack permission", "insufficient rights", "not have sufficient"),
            *("not authorized to perform", "not accessible by", "admin rights", "owner role"),
            *("is not admin", "administrator rights", "admin role", "not allowed to manage"),
        ),
    ),
    Saying(
        "IP address not allowed",
        "The server does not allow Okta's addresses",
        "The request came from an address that the account does not allow. A test that passes on "
        "your machine does not show that Okta is allowed.",
        (_IP_RESTRICTIONS,),
        (
            *("ip address", "ip restriction", "ip restrictions", "ip policy", "ip not allowed"),
            *("ip allow list", "ip allowlist", "allowlist", "whitelist", "whitelisted", "ip range"),
            *("source ip", "your ip", "ip is not"),
        ),
    ),
    Saying(
        "Missing Authentication Token",
        "An API gateway replied instead of the server",
        "AWS API Gateway shows this for a path that it does not know. It says nothing about the "
        "key.",
        (_BASE_URL,),
        ("missing authentication token", "missingauthenticationtokenexception"),
    ),
    Saying(
        "Invalid token",
        "The server refuses the credentials",
        "Okta reached the server, which did not accept the key. After the right key is saved, "
        "retry the failed tasks under Dashboard > Tasks.",
        (_STORED_KEY, _DIRTY_KEY),
        (
            *("invalid token", "invalid scim token", "invalid api key", "invalid api token"),
            *("invalid access token", "invalid bearer", "invalid key", "invalid_token"),
            *("token expired", "token has expired", "token is expired", "expired token"),
            *("token revoked", "token … revoked", "key … revoked", "token is invalid"),
            *("token not valid", "token is not valid", "key is invalid", "key … expired"),
            *("invalid credentials", "bad credentials", "wrong credentials", "invalid credential"),
            *("authentication failed", "authentication error", "failed to authenticate"),
            *("unauthenticated", "not authenticated", "authentication required", "jwt"),
            *("authentication credentials were not provided", "could not authenticate"),
            *("invalid authorization", "invalid authentication", "missing authorization"),
            *("credentials … invalid", "credentials … expired", "credentials are not valid"),
            *("authorization header", "auth token", "invalid signature", "valid credential"),
            *("api key", "apikey", "api token", "bearer token", "token not found"),
            *("validate admin credentials", "administrator login", "authorization required"),
            *("token … no longer valid", "verification failed unauthorized", "token is missing"),
            *("missing token", "no token", "token … inactive", "session has expired"),
        ),
    ),
    Saying(
        "userName is immutable",
        "The server does not allow Okta to change the user name",
        "Okta sends a user name that differs from the one in the account.",
        (
            Cause(
                "The e-mail address or the user name of the person was changed in Okta.",
                TRACE,
                ("OKT914", "OKT906"),
                _INFERRED,
            ),
        ),
        (
            *("immutable", "mutability", "username cannot be", "username can t be", "readonly"),
            *("changing the username", "changing username", "rename the user"),
            *("email cannot be changed", "cannot change … email", "cannot be modified"),
            *("username change", "cannot update username", "not allowed to change"),
        ),
    ),
    Saying(
        "More than one user matches",
        "The server has several accounts for one person",
        "Okta looks a person up by user name and needs one match or none.",
        (_by_code("USR605", "SCM519"),),
        (
            *("multiple users", "more than one user", "multiple matching", "multiple matches"),
            *("more than one account", "more than one match"),
            *("multiple accounts", "ambiguous", "several users", "toomany"),
        ),
    ),
    Saying(
        "Cannot deactivate an owner",
        "The person is an administrator on the server",
        "Many servers do not allow SCIM to deactivate the last administrator or an owner.",
        (
            Cause(
                "The person is an administrator or the owner of the account.",
                "Make another member an administrator at "
                "https://dashboard.ngrok.com/team-members, then change the role of this person.",
                ("OKT911",),
                _INFERRED,
            ),
        ),
        (
            *(
                "last administrator",
                "last admin",
                "last owner",
                "deactivate an owner",
                "only owner",
            ),
            *("deactivate … owner", "remove … owner", "remove the owner", "only administrator"),
            *("at least one administrator", "at least one owner", "at least one admin"),
            *("super admin", "this user is the api user"),
            *("cannot deactivate yourself", "deactivate an admin", "deactivate admins"),
            *("account owner", "organization owner", "workspace owner"),
        ),
    ),
    Saying(
        "User already exists",
        "The account already exists",
        "The server has an account with this user name, e-mail address or id already. A retry "
        "fails again.",
        _THERE_ALREADY,
        (
            *("already exists", "already exist", "already in use", "already taken", "already used"),
            *("already been taken", "already a member", "already registered", "already associated"),
            *("user exists", "uniqueness", "must be unique", "not unique", "duplicate"),
            *(
                "duplicated",
                "name is taken",
                "email is taken",
                "address is taken",
                "id is taken",
                "email taken",
                "email_taken",
                "unique constraint",
            ),
            *("another user with", "already assigned to another", "external id already"),
            *("unique key", "unique index", "unique constraint", "already a user", "already has a"),
            "already has an account",
        ),
        (409,),
    ),
    Saying(
        "Invalid e-mail address",
        "The user name that Okta sends is not an e-mail address",
        "ngrok's documentation says that the user name must be the e-mail address.",
        (
            Cause(
                "The user name that Okta sends is not the person's e-mail address.",
                EMAIL_FORMAT,
                ("OKT906", "USR603", "OKT914"),
                _INFERRED,
            ),
        ),
        (
            *("invalid email", "not a valid email", "must be a valid email", "email is invalid"),
            *("email is not valid", "email … not valid", "username must be an email"),
            *("must be an email", "valid e mail", "invalid username", "username is invalid"),
            *("email format", "valid email address", "to be an email", "username as an email"),
            *("match the primary email", "email as username", "email as the username"),
        ),
    ),
    Saying(
        "The password does not meet the policy",
        "The server checks the password that Okta sends",
        'Okta sends a random password with each new person, also where "Sync Password" is off. '
        "ngrok's documentation names no password.",
        (Cause("The server applies its password policy to it.", REPORT, ("REH001",), _OBSERVED),),
        (
            *("password must", "password does not", "password should", "password policy"),
            *("password complexity", "password is too", "weak password", "password requirements"),
            *("password cannot be", "invalid password", "password … characters"),
        ),
    ),
    Saying(
        "An attribute is required",
        "An attribute that the server requires is empty",
        "Okta sent the person without it: it is empty in the person's profile or not mapped. A "
        "retry fails again.",
        (
            Cause(
                "The attribute that the message names, such as the first name, is empty in Okta.",
                "In Okta, open Directory > People, choose the person and fill in the attribute "
                "that the message names.",
                ("OKT914",),
                _INFERRED,
            ),
            Cause(
                "The attribute is not mapped.",
                'In Okta, open Provisioning > To App > "Show Unmapped Attributes" and map it.',
                ("OKT915",),
                _INFERRED,
            ),
        ),
        (
            *("is required", "are required", "cannot be null", "can t be null", "not be null"),
            *("must not be null", "cannot be blank", "can t be blank", "cannot be empty"),
            *("not be empty", "not be blank", "is missing", "missing required", "is empty"),
            *("required attribute", "required field", "missing attribute", "may not be null"),
            *("was not provided", "no value", "not null", "missing field", "is mandatory"),
            *("must be provided", "missing value", "null value", "missing … attribute"),
            *("not specified", "must have a value", "at least one email", "no email address"),
            *("missing from", "missing username", "mandatory attribute", "but got null"),
        ),
    ),
    Saying(
        "A value is too long",
        "A value of the person is longer than the server accepts",
        "A retry sends the same again.",
        (
            Cause(
                "The value that the message names, such as the display name, is too long in Okta.",
                "In Okta, open Directory > People, choose the person and shorten the value that "
                "the message names.",
                ("OKT914",),
                _INFERRED,
            ),
            _ATTRIBUTES,
        ),
        (
            *("too long", "maximum length", "max length", "exceeds … characters"),
            *("must not exceed", "longer than", "characters or fewer", "at most … characters"),
            *("exceeds the maximum", "exceeds maximum", "length limit"),
        ),
    ),
    Saying(
        "An attribute is not accepted",
        "The server refuses an attribute that Okta sends",
        "Okta maps many attributes by default. ngrok documents only the user name, the display "
        "name and the active state. A retry sends the same again.",
        _NOT_ACCEPTED,
        (
            *("violates schema", "validation error", "validation_error", "validation failed"),
            *("validation errors", "invalid value", "invalidvalue", "invalidpath", "invalid path"),
            *("unknown path", "invalidsyntax", "invalid syntax", "malformed", "no target"),
            *("unsupported attribute", "unknown attribute", "invalid attribute", "notarget"),
            *("attribute … not supported", "attribute … unknown", "attribute … invalid"),
            *("attribute … not allowed", "attributes are not", "unrecognized field"),
            "invalid parameter",
            *("does not conform", "no schema", "schema … not", "must be a string", "unknown field"),
            *("must be a boolean", "must be a valid", "not a valid", "is invalid", "not valid"),
            *("unsupported value", "invalid phone", "phone number", "unexpected attribute"),
            *("unknown property", "unrecognized property", "extension … not supported"),
            *(
                "invalid data",
                "invalid request",
                "invalid input",
                "invalid user",
                "invalid profile",
            ),
            *("schema validation", "invalid schema", "is not supported"),
        ),
        (422,),
    ),
)


def _status(
    sentence: str, title: str, meaning: str, causes: tuple[Cause, ...], *statuses: int
) -> Saying:
    return Saying(sentence, title, meaning, causes, (sentence,), statuses)


# The reason phrases of HTTP (RFC 9110 section 15), which stand where the server said no more.
STATUSES: tuple[Saying, ...] = (
    _status(
        "Unauthorized",
        "The server refuses the credentials (401)",
        "Okta reached the server, which did not accept the key. ngrok itself was seen to reply "
        "403, not 401, to a key that it refuses.",
        (_STORED_KEY, _DIRTY_KEY),
        401,
    ),
    Saying(
        "Forbidden",
        "The server forbids the request (403)",
        "ngrok replies with 403 to a key that it does not accept. An address that is not allowed "
        "is another possible reason.",
        (
            Cause(_STORED_KEY.cause, TEST_KEY, ("KEY214", "KEY207", "KEY208", "OKT913"), _OBSERVED),
            _DIRTY_KEY,
            _IP_RESTRICTIONS,
            Cause(
                "The plan does not include SCIM.",
                "Ask support@ngrok.com whether SCIM is part of your plan.",
                ("NGR707",),
                _INFERRED,
            ),
        ),
        ("forbidden", "access denied", "accessdenied", "explicit deny"),
        (403,),
    ),
    _status(
        "Not Found",
        "The address was not found (404)",
        "In the connector test it usually means a wrong base URL. For one person, it means that "
        "they are gone from ngrok.",
        (
            _PROBABLY_GONE,
            Cause(
                "The server does not know the request with which Okta updates people, where the "
                "account is there after all.",
                REHEARSE,
                ("SCM522", "REH004", "REH005"),
                _OBSERVED,
                _CHANGING,
            ),
            Cause(
                "The account was probably removed in ngrok already.",
                TRACE,
                ("OKT909",),
                _INFERRED,
                (Stage.DEACTIVATION,),
            ),
            Cause(
                "The base URL is wrong.",
                SET_BASE_URL,
                ("SCM503", "URL109", "URL110", "URL111", "URL112", "URL117"),
                _INFERRED,
            ),
        ),
        404,
    ),
    _status(
        "Conflict",
        "The account already exists (409)",
        "The server has an account with this user name, e-mail address or id already. A retry "
        "fails again.",
        _THERE_ALREADY,
        409,
    ),
    _status(
        "Bad Request",
        "The server does not understand what Okta sent (400)",
        "A retry sends the same again. ngrok also replies with 400 if an authtoken is used "
        "instead of an API key.",
        (_OTHER_CREDENTIAL, _ATTRIBUTES),
        400,
    ),
    _status(
        "Unprocessable Entity",
        "The server refuses the data of this person (422)",
        "A retry sends the same again.",
        _NOT_ACCEPTED,
        422,
    ),
    Saying(
        "Unprocessable Content",
        "The server refuses the data of this person (422)",
        "A retry sends the same again.",
        _NOT_ACCEPTED,
    ),
    _status(
        "Gone",
        "What Okta asked for is gone (410)",
        "For one person it means that the account was removed. In the connector test it means "
        "that SCIM is no longer at this address.",
        (_PROBABLY_GONE, _BASE_URL),
        410,
    ),
    _status(
        "Locked",
        "The account is locked on the server (423)",
        "The server does not update a locked account. A retry fails again.",
        (Cause("The account is locked or deactivated on the server.", TRACE, ("USR607",)),),
        423,
    ),
    _status(
        "Method Not Allowed",
        "The server does not accept this kind of request (405)",
        "An app of the Classic experience updates people with PUT. An app of the Okta Integration "
        "Wizard uses PATCH.",
        (
            _OTHER_METHOD,
            Cause(_BASE_URL.cause, SET_BASE_URL, _BASE_URL.codes, _INFERRED, (*_MAKING, *_TESTING)),
        ),
        405,
    ),
    _status(
        "Not Acceptable",
        "The server cannot reply in the format that Okta accepts (406)",
        "Okta asks for application/scim+json.",
        (
            Cause("The server does not support application/scim+json.", TEST, ("SCM515",)),
            _BASE_URL,
        ),
        406,
    ),
    _status(
        "Unsupported Media Type",
        "The server does not accept the format that Okta sends (415)",
        "Okta sends application/scim+json.",
        (Cause("The server does not support application/scim+json.", TEST, ("SCM515",)), _BASE_URL),
        415,
    ),
    *(
        _status(
            phrase,
            f"A device on the network path refuses the form of Okta's request ({status})",
            "SCIM servers do not usually reply like this to Okta. Probably a gateway or another "
            "service replied.",
            (
                Cause(
                    "A gateway in front of the server, or another service at the base URL, "
                    "replied.",
                    TEST,
                    ("SCM507", "URL109"),
                    _INFERRED,
                ),
                Cause(_ATTRIBUTES.cause, PROFILE_EDITOR, ("OKT915",), _INFERRED, _OF_A_PERSON),
            ),
            status,
        )
        for status, phrase in (
            (407, "Proxy Authentication Required"),
            (411, "Length Required"),
            (412, "Precondition Failed"),
            (413, "Payload Too Large"),
            (414, "URI Too Long"),
            (417, "Expectation Failed"),
            (421, "Misdirected Request"),
            (424, "Failed Dependency"),
            (425, "Too Early"),
            (426, "Upgrade Required"),
            (428, "Precondition Required"),
            (431, "Request Header Fields Too Large"),
            (451, "Unavailable For Legal Reasons"),
        )
    ),
    *(
        _status(
            phrase,
            f"The server redirects Okta to another address ({status})",
            "The base URL is not the final address. It is not known whether Okta follows "
            "redirects.",
            (_by_code("SCM504"),),
            status,
        )
        for status, phrase in (
            (301, "Moved Permanently"),
            (302, "302 Found"),
            (303, "See Other"),
            (307, "Temporary Redirect"),
            (308, "Permanent Redirect"),
        )
    ),
    _status(
        "Not Implemented",
        "The server does not support what Okta asks for (501)",
        "ngrok's SCIM supports users only, not groups.",
        (_OTHER_METHOD, _GROUPS_PUSHED, _BASE_URL),
        501,
    ),
    *(
        _status(
            phrase,
            f"The server failed ({status})",
            "The fault is on the server, or on a gateway in front of it, and not in your values.",
            (
                _FAILED_FOR_A_MOMENT,
                Cause("The service is down or overloaded.", LOOK_AT_STATUS, ("SCM506",)),
            ),
            *statuses,
        )
        for phrase, status, statuses in (
            ("Internal Server Error", "500", (500,)),
            ("Bad Gateway", "502", (502,)),
            ("Service Unavailable", "503", (503,)),
            ("Gateway Timeout", "504", (504,)),
            ("Gateway Time-out", "504", ()),
            ("Temporarily Unavailable", "503", ()),
            ("HTTP Version Not Supported", "505", (505, 507, 508, 510, 511)),
        )
    ),
    *(
        _status(
            phrase,
            f"A gateway cannot reach the server ({status})",
            "Cloudflare, a gateway between Okta and the server, uses these statuses.",
            (
                _FAILED_FOR_A_MOMENT,
                Cause(
                    "The base URL leads to a host behind Cloudflare whose server does not answer.",
                    TEST,
                    ("SCM506", "URL108"),
                    _INFERRED,
                ),
            ),
            status,
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
    Saying(
        "200 OK",
        "The server replied with success",
        "If Okta still shows a failure, it cannot use the content of the reply.",
        (Cause("The reply has no list of users.", TEST, ("SCM508", "SCM511", "USR601")),),
        ("200 ok", "201 created", "204 no content"),
    ),
)

# Okta looks people up before it creates or links them, and sends nothing but a user name with it.
LOOK_UP_REFUSED = next(item for item in SENTENCES if "e0000053" in item.keys)
FORBIDDEN_FOR_A_PERSON = Saying(
    "Forbidden. Errors reported by remote server: …",
    "The server forbids what Okta wants to do for this person (403)",
    'The reason stands behind "Errors reported by remote server". A retry fails again.',
    (
        Cause(
            "The owner of the key has a role that may not do this, or the access token lacks a "
            "scope.",
            "Run `ngrok-scim doctor --only NGR` with an admin key: it shows the owner of the key "
            "and what it may do.",
            ("NGR704", "NGR717", "SCM502"),
            _INFERRED,
        ),
        Cause(_STORED_KEY.cause, TEST_KEY, ("KEY214", "OKT913"), _INFERRED),
    ),
)


def _detail(sentence: str, *phrases: str) -> Saying:
    return replace(next(item for item in DETAILS if item.sentence == sentence), keys=phrases)


# Who cannot be deactivated; of a creation the same words tell what the key may not do.
OWNER = _detail(
    "Cannot deactivate an owner",
    *("owner", "owners", "admin", "admins", "administrator", "administrators"),
)
# Single words that tell what a server refused about a person, where it has words of its own.
ABOUT_A_PERSON: tuple[Saying, ...] = (
    _detail("The password does not meet the policy", "password"),
    _detail("The e-mail domain is not allowed", "domain", "domains"),
    _detail(
        "The maximum number of seats is reached",
        *("seat", "seats", "license", "licenses", "quota", "subscription", "billing", "capacity"),
        *("maximum number", "limit reached", "limit exceeded"),
    ),
    _detail(
        "User already exists",
        *("already", "unique", "taken", "exists", "duplicate", "conflict", "conflicts"),
        *("has an account", "in use", "assigned to"),
    ),
    _detail(
        "User must be active",
        *("archived", "suspended", "inactive", "deactivated", "disabled", "locked", "frozen"),
        *("blocked", "banned"),
    ),
    _detail(
        "An attribute is required",
        *("missing", "required", "mandatory", "blank", "empty", "absent", "must have", "null"),
        *("must contain at least", "at least one", "at least 1", "specified", "specify", "provide"),
    ),
    _detail("userName is immutable", "cannot change", "cannot be changed", "rename", "changing"),
    _detail(
        "Invalid e-mail address",
        *("email … format", "email … syntax", "email … valid", "e mail … valid", "malformed email"),
    ),
)

NO_ANSWER = Saying(
    "Error authenticating: null",
    "Okta received no reply that it could read",
    "No HTTP server replied at the base URL, or Okta gives no reason.",
    (
        _NO_CONNECTION_FOR_A_MOMENT,
        _MISSPELT_HOST,
        _DROPPED_BY_A_FIREWALL,
        _IS_DOWN,
        Cause(
            '"Bearer" was typed before the key (some servers drop the connection then).',
            TEST_KEY,
            ("KEY205",),
            _VENDOR,
        ),
    ),
)
# Okta writes it without a reason where the answer to its look-up is not as it needs it.
SYNC_FAILED = Saying(
    "Sync user in external application",
    "Okta could not sync a user",
    "Okta gives no reason here. Usually Okta cannot use the reply of the server.",
    (_NUMBERS, Cause("The look-up by user name fails.", TEST, ("SCM519",), _INFERRED)),
    ("sync user in external application", "provision user sync"),
)

# What is left where nothing tells more than what Okta was doing.
HEADINGS: dict[Stage, Saying] = {
    Stage.LOOK_UP: Saying(
        "Verify user exists in external application",
        "Okta looks for a user in ngrok",
        "Okta does this before it creates a user.",
        (Cause("The look-up by user name fails.", TEST, ("SCM519", "SCM523"), _INFERRED),),
    ),
    Stage.ACCOUNT: Saying(
        "Push new user to external application",
        "Okta could not create somebody in ngrok",
        "The reason is at the end of Okta's message and in the System Log.",
        (
            Cause("ngrok refused this person.", TRACE, ("OKT912", "OKT914"), _INFERRED),
            Cause("The server failed temporarily.", TEST, ("SCM506",), _INFERRED),
        ),
    ),
    Stage.PROFILE: Saying(
        "Push user's profile to external application",
        "Okta could not update somebody in ngrok",
        "ngrok still has the old data. The reason is at the end of Okta's message and in the "
        "System Log.",
        (
            Cause(
                "The account is gone from ngrok, or ngrok refused an attribute.",
                TRACE,
                ("OKT909", "SCM522"),
                _INFERRED,
            ),
        ),
    ),
    Stage.REACTIVATION: Saying(
        "Push user reactivation in external application",
        "Okta could not reactivate somebody in ngrok",
        "The person is assigned in Okta and may be locked out of ngrok.",
        (
            Cause(
                "The account is gone from ngrok, or ngrok refused the change.",
                TRACE,
                ("OKT909", "SCM522"),
                _INFERRED,
            ),
        ),
    ),
    Stage.DEACTIVATION: Saying(
        "Push user deactivation to external application",
        "Okta could not deactivate somebody in ngrok",
        "Okta does not retry by itself and has no retry button.",
        (Cause("The deactivation failed.", DEACTIVATE_AGAIN, ("OKT911", "SCM522"), _OBSERVED),),
    ),
    Stage.PASSWORD: Saying(
        "Push user's password to external application",
        "Okta could not push a password",
        "ngrok's SCIM does not support passwords.",
        (
            Cause(
                '"Sync Password" is ticked under To App.',
                'In Okta, open Provisioning > To App > Edit and clear "Sync Password".',
                ("OKT915",),
            ),
        ),
    ),
    Stage.IMPORT: Saying(
        "Import users",
        "Okta could not import users from ngrok",
        "ngrok's guide does not use imports.",
        (_by_code("FRM307"),),
    ),
    Stage.GROUPS: next(item for item in SENTENCES if item.causes == (_GROUPS_PUSHED,)),
    Stage.CALL: Saying(
        "Error authenticating: … . The connector configuration could not be tested. Make sure "
        "that the URL, Authentication Parameters are correct and that there is an implementation "
        "available at the URL provided.",
        "Okta's connector test failed",
        "These words are in each failure of the test (Okta's error E0000059). The reason is "
        "between them.",
        (Cause("One of the values in Okta's form is wrong.", TEST),),
    ),
}
# By what a heading is known that `stage_in` does not find.
TEST_WORDS = (
    *("e0000059", "url authentication parameters", "implementation available at the url"),
    *("errors reported by remote server", "url provided", "test connector configuration"),
    "ensure all details are set",
)
KEY_REFUSED = Saying(
    "application.integration.authentication_failure",
    "ngrok refused the key in Okta",
    "Okta writes this line into the System Log when a call is refused because of its credentials.",
    (_STORED_KEY, _DIRTY_KEY),
    ("application integration authentication failure", "application configuration update"),
)
