"""The sentences that Okta shows while people are provisioned, and what is behind each.

They are those of Okta's dialogs, tasks and System Log, as its documentation and support articles
quote them (https://help.okta.com/, https://support.okta.com/). The words beside them are ours.
"""

from dataclasses import dataclass

_EDIT = "In Okta, open Provisioning > Integration > Edit"
_SET_BASE_URL = f'{_EDIT} and set "SCIM connector base URL" to https://api.ngrok.com/scim/v2/.'
_PASTE_THE_KEY = f'{_EDIT} and paste the key, and nothing else, into "Authorization".'
_NEW_KEY = "Run `ngrok-scim api-key rotate` and paste the new key into Okta."
_RETRY = 'In Okta, open Dashboard > Tasks, choose the task and press "Retry Selected".'
_ALLOW_OKTA = "Open https://dashboard.ngrok.com/ip-restrictions and allow Okta's addresses."
_LOOK_AT_STATUS = "Look at https://status.ngrok.com/ and try again in a few minutes."
_TO_APP = (
    'In Okta, open Provisioning > To App > Edit, tick "Create Users", "Update User Attributes" and '
    '"Deactivate Users", and save.'
)
_ASSIGN_AGAIN = "In Okta, open Assignments, unassign the person and assign them again."
_TRACE = "Run `ngrok-scim users trace EMAIL` with the e-mail address of the person."
_TEST = "Run `ngrok-scim test-connect`: it says what the server answers and why."
_REPORT = "Run `ngrok-scim test-connect --report FILE` and send the file to support@ngrok.com."
_EMAIL_FORMAT = (
    'In Okta, open Sign On > Credentials Details, set "Application username format" to "Email" and '
    'press "Update Now".'
)


@dataclass(frozen=True, slots=True)
class Cause:
    """One way in which something comes about.

    Attributes:
        cause: what happened.
        fix: the one thing to do about it.
        codes: the findings that tell of it.
    """

    cause: str
    fix: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OktaSentence:
    """A sentence of Okta's.

    Attributes:
        sentence: what tells it from others; ``…`` stands for what differs each time.
        title: what it says, in short.
        meaning: what it means.
        causes: what is behind it, the likeliest first.
        keys: further wordings, in lower case, by which it is known; ``…`` as above.
        status: the HTTP status that it is the word for; 0 where there is none.
    """

    sentence: str
    title: str
    meaning: str
    causes: tuple[Cause, ...]
    keys: tuple[str, ...] = ()
    status: int = 0


_UNREACHABLE = (
    Cause("The host of the base URL is misspelt.", _SET_BASE_URL, ("NET401", "URL108", "URL105")),
    Cause(
        "A firewall or IP restriction drops Okta's addresses.", _ALLOW_OKTA, ("NET403", "NGR705")
    ),
    Cause("The service is down.", _LOOK_AT_STATUS, ("NET402",)),
)

# The first that fits is taken, so what is special stands before what is general.
OKTA_SENTENCES: tuple[OktaSentence, ...] = (
    OktaSentence(
        "Connector configured successfully",
        "The connector test passed",
        "Okta got a list of users. The ticks and crosses below it only repeat the boxes of the "
        "form: a cross means that the box is not ticked.",
        (
            Cause(
                "Nobody is provisioned yet: the switches under To App are off at first.",
                _TO_APP,
                ("OKT916",),
            ),
            Cause(
                "Nobody is provisioned yet: ngrok's support has not allowed the e-mail domain.",
                "Run `ngrok-scim domain list` to see which domains wait for approval.",
                ("DOM801", "DOM802"),
            ),
        ),
        ("was verified successfully",),
    ),
    OktaSentence(
        "No results for users returned",
        "Okta got an answer, but no list of users in it",
        "The server answered with success, but the answer holds no list that Okta can read, or no "
        "users.",
        (
            Cause(
                "The base URL has a typo, lacks /scim/v2, or leads to a web page.",
                _SET_BASE_URL,
                ("URL109", "URL110", "SCM509", "SCM511", "SCM508", "SCM510"),
            ),
            Cause(
                "A space stands before or after a value in the form.",
                _PASTE_THE_KEY,
                ("KEY201", "KEY202", "URL101", "URL102"),
            ),
            Cause(
                "The list is right but has no users. ngrok's guide calls this a mistake in the "
                "configuration, Okta's support article accepts it.",
                'Open https://dashboard.ngrok.com/settings and check that "Automated User '
                'Provisioning via SCIM 2.0" is chosen.',
                ("USR601",),
            ),
        ),
        ("no users were returned", "no results for users"),
    ),
    OktaSentence(
        "Invalid JSON: Unexpected character ('<' (code 60))",
        "A web page came back in place of an error that Okta can read",
        "The server, or something before it, refused the request with a web page. Okta complains "
        "of the page and not of the reason, which is the word before it, like Forbidden.",
        (
            Cause(
                "A firewall does not let Okta's addresses in.", _ALLOW_OKTA, ("SCM502", "SCM520")
            ),
            Cause("The base URL leads to a website.", _SET_BASE_URL, ("SCM509", "URL108")),
        ),
        ("unexpected character ('<'",),
    ),
    OktaSentence(
        "Invalid JSON: Unrecognized token",
        "A plain text came back in place of an error that Okta can read",
        "A gateway, or a server that is no SCIM server, answered with a text. Okta complains of "
        "its first word and not of the reason.",
        (
            Cause("A gateway failed for a moment.", _LOOK_AT_STATUS, ("SCM506", "SCM520")),
            Cause("The base URL leads to another service.", _SET_BASE_URL, ("SCM510",)),
        ),
        ("unrecognized token", "invalid json received from the scim server", "invalid json"),
    ),
    OktaSentence(
        "Connect to …:443 failed: Connect timed out",
        "Okta cannot connect to the server",
        "Okta's cloud tried to connect to the host of the base URL and got no answer at all.",
        _UNREACHABLE,
        ("connect timed out", "connection timed out"),
    ),
    OktaSentence(
        "Connect to …:443 failed: Connection refused",
        "The server refuses Okta's connection",
        "The machine is there, but nothing answers on this port.",
        _UNREACHABLE,
        ("connection refused",),
    ),
    OktaSentence(
        "Read timed out",
        "The server took longer than Okta waits",
        "Okta closes the connection after 60 seconds without a reply.",
        (Cause("The server is overloaded.", "Try again in a few minutes.", ("NET408", "SCM516")),),
    ),
    OktaSentence(
        "Received fatal alert: protocol_version",
        "The server offers only old TLS versions",
        "Okta needs TLS 1.2 or newer.",
        (
            Cause(
                "The server, or a proxy before it, offers only TLS 1.1 or older.",
                "Switch on TLS 1.2 or newer on the server, or on the proxy in front of it.",
                ("NET407",),
            ),
            Cause("The base URL leads to another host than ngrok's.", _SET_BASE_URL, ("URL108",)),
        ),
        ("protocol_version",),
    ),
    OktaSentence(
        "PKIX path building failed",
        "Okta does not trust the server's certificate",
        "The certificate does not lead to a publicly known authority. Okta has no place to upload "
        "one.",
        (
            Cause("The base URL leads to another host than ngrok's.", _SET_BASE_URL, ("URL108",)),
            Cause(
                "The server does not send its whole chain, or signs for itself.",
                "Install a certificate from a public authority, with its full chain, on the "
                "server.",
                ("NET404", "NET406"),
            ),
        ),
        ("pkix path validation failed", "unable to find valid certification path"),
    ),
    OktaSentence(
        "Base URL: Does not match required pattern",
        "Okta's form refuses the base URL",
        "This form belongs to an app of Okta's catalog, which takes no slash at the end. ngrok's "
        "guide uses an app that you create yourself.",
        (
            Cause(
                "The app came from Okta's catalog.",
                'In Okta, press "Create App Integration" and choose "SAML 2.0" or "SWA - Secure '
                'Web Authentication".',
            ),
            Cause(
                "The address has a slash at its end.",
                f"{_EDIT} and take the slash at the end away.",
                ("URL113",),
            ),
        ),
        ("does not match required pattern",),
    ),
    OktaSentence(
        "Invalid Base URL for the SCIM Connector",
        "Okta's form refuses the base URL",
        "Okta takes only an address that begins with https:// and has no underscore, and sent "
        "nothing yet.",
        (
            Cause(
                "The address does not begin with https://, has an underscore, or lacks the slash "
                "at its end.",
                _SET_BASE_URL,
                ("URL106", "URL107", "URL113", "URL114", "URL115"),
            ),
        ),
        ("invalid base url",),
    ),
    OktaSentence(
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
    ),
    OktaSentence(
        "Could not verify the administrator credentials",
        "Okta's catalog app could not sign in",
        "This message belongs to apps of Okta's catalog and not to the kind that ngrok's guide "
        "uses.",
        (
            Cause(
                "The app came from Okta's catalog.",
                'In Okta, press "Create App Integration" and choose "SAML 2.0" or "SWA - Secure '
                'Web Authentication".',
            ),
        ),
    ),
    OktaSentence(
        "Profile property in Okta managed template has conflicts with custom property",
        "An attribute that was added by hand is in the way",
        "The app's profile already has an attribute with a name that SCIM brings along.",
        (
            Cause(
                "Somebody added an attribute to the app's profile.",
                "In Okta, open Directory > Profile Editor, choose the app, delete that attribute "
                "and save the connection again.",
                ("OKT915",),
            ),
        ),
    ),
    OktaSentence(
        "Provisioning is not enabled for the app instance",
        "Provisioning is off for the app",
        "SCIM is not switched on, or its connection was never saved.",
        (
            Cause(
                "SCIM is not switched on for the app.",
                'In Okta, open General > App Settings > Edit, set "Provisioning" to "SCIM" and '
                "save.",
                ("OKT905",),
            ),
        ),
    ),
    OktaSentence(
        "Matching user not found",
        "Okta found nobody to update and may not create anybody",
        "The person is not in ngrok, and Okta did not create them.",
        (
            Cause('"Create Users" is off under To App; it is off at first.', _TO_APP, ("OKT916",)),
            Cause("The user was removed in ngrok.", _ASSIGN_AGAIN, ("OKT909",)),
        ),
    ),
    OktaSentence(
        "Create new user returned empty user",
        "The server did not give the new user back",
        "Okta needs the whole user in the answer to a create.",
        (Cause("The server answers a create with an empty body.", _REPORT, ("SCM508",)),),
    ),
    OktaSentence(
        "User was assigned this application before Provisioning was enabled and not provisioned in "
        "the downstream application. Click Provision User.",
        "The person was assigned too early",
        'Okta creates nobody who was assigned before SCIM was switched on; "Force Sync" does not '
        "either.",
        (
            Cause(
                "The person was assigned before SCIM was switched on.",
                'In Okta, open Assignments and press "Provision User".',
                ("OKT908",),
            ),
        ),
        ("before provisioning was enabled",),
    ),
    OktaSentence(
        "Application accounts need deprovisioning",
        "Somebody who left still has an account in ngrok",
        "Okta could not deactivate the person and does not try again by itself.",
        (
            Cause(
                "The deactivation failed once, for example while the server was down.",
                "In Okta, open Assignments, assign the person once more and unassign them.",
                ("OKT911",),
            ),
            Cause('"Deactivate Users" is off under To App.', _TO_APP, ("OKT916",)),
        ),
        ("manually disable user accounts",),
    ),
    OktaSentence(
        "Error while trying to push profile update for …: Not Found",
        "The person is gone in ngrok",
        "Okta still holds the id of a user who no longer exists, so each update fails.",
        (Cause("The user was removed in ngrok.", _ASSIGN_AGAIN, ("OKT909",)),),
        ("push profile update…not found", "automatic profile push…not found"),
    ),
    OktaSentence(
        "Error while verifying if user exists: null",
        "Okta could not reach the server while assigning somebody",
        "Before it creates anybody, Okta looks for the user name. This look-up got no answer.",
        (
            Cause("The connection failed for a moment.", _RETRY, ("OKT912",)),
            Cause("The base URL is wrong.", _SET_BASE_URL, ("NET401", "NET403")),
        ),
        ("while verifying if user…null",),
    ),
    OktaSentence(
        "violates schema",
        "Okta sends an attribute that the server refuses",
        "Okta maps many attributes at first; ngrok needs only the user name and the name.",
        (
            Cause(
                "Phone numbers, addresses, the manager or others are mapped.",
                'In Okta, open Provisioning > To App > "Go to Profile Editor" and delete the '
                "attributes that ngrok does not need.",
                ("OKT915",),
            ),
        ),
    ),
    OktaSentence(
        "Unable to update Group Push mapping target App group",
        "Okta tries to push a group",
        "ngrok has no groups, so pushing them cannot work.",
        (
            Cause(
                '"Push Groups" is ticked.',
                f'{_EDIT} and take the tick from "Push Groups".',
                ("FRM306",),
            ),
        ),
        ("group push",),
    ),
    OktaSentence(
        "Sync user in external application",
        "Okta could not bring a user into step",
        "Okta gives no reason here. Mostly the answer of the server is not as Okta needs it.",
        (
            Cause("A number in the server's list is no integer.", _TEST, ("SCM512",)),
            Cause("The look-up by user name fails.", _TEST, ("SCM519",)),
        ),
        ("application.provision.user.sync",),
    ),
    OktaSentence(
        "E0000049: Invalid SCIM data from SCIM implementation",
        "Okta cannot use the server's answer",
        "The server answered, but not with the data that SCIM asks for.",
        (Cause("The list or the user in the answer lacks a field.", _TEST, ("SCM511", "SCM518")),),
        ("e0000049", "invalid scim data from scim implementation"),
    ),
    OktaSentence(
        "E0000050: Invalid SCIM data from client",
        "The server cannot use what Okta sent",
        "A user in Okta lacks a field that is needed, or has one that is not allowed.",
        (Cause("The person's profile in Okta is incomplete.", _TRACE, ("OKT914",)),),
        ("e0000050", "invalid scim data from client"),
    ),
    OktaSentence(
        "E0000051: No response from SCIM implementation",
        "The server did not answer",
        "Okta got no reply within 60 seconds.",
        _UNREACHABLE,
        ("e0000051", "no response from scim implementation"),
    ),
    OktaSentence(
        "E0000052: Endpoint not implemented",
        "The server does not offer what Okta asks for",
        "ngrok offers users only. Groups are not part of its SCIM.",
        (
            Cause(
                "A box for groups is ticked.",
                f'{_EDIT} and take the ticks from "Push Groups" and "Import Groups".',
                ("FRM306",),
            ),
        ),
        ("e0000052", "endpoint not implemented"),
    ),
    OktaSentence(
        "E0000053: Invalid SCIM filter",
        "The server does not understand Okta's look-up",
        "Okta looks people up by their user name before it creates them.",
        (
            Cause(
                '"Unique identifier field for users" is not email.',
                f'{_EDIT} and set "Unique identifier field for users" to email.',
                ("FRM301", "SCM519"),
            ),
        ),
        ("e0000053", "invalid scim filter"),
    ),
    OktaSentence(
        "E0000054: Invalid pagination properties",
        "The numbers in the server's list are wrong",
        "Okta goes through the list by these numbers.",
        (Cause("A number in the server's list is no integer.", _TEST, ("SCM512",)),),
        ("e0000054", "invalid pagination properties"),
    ),
    OktaSentence(
        "Too Many Requests",
        "The server asked Okta to slow down (429)",
        "Okta waits as long as the server says, else five minutes, doubles that each time, and "
        "gives up after ten attempts.",
        (
            Cause(
                "Many people were assigned at once, or a script uses the same account.",
                "Wait, and leave Okta to try again by itself.",
                ("SCM505", "NGR709"),
            ),
        ),
        ("application.integration.rate_limit_exceeded",),
        status=429,
    ),
    OktaSentence(
        "Unauthorized",
        "The server refuses the credentials (401)",
        "The server was reached and did not accept the key.",
        (
            Cause(
                "The key was revoked, replaced or has expired.",
                _NEW_KEY,
                ("KEY214", "SCM501"),
            ),
            Cause(
                '"Bearer" was typed before the key, though Okta puts it there itself.',
                _PASTE_THE_KEY,
                ("KEY205",),
            ),
            Cause("A space or a line break came along.", _PASTE_THE_KEY, ("KEY201", "KEY202")),
        ),
        status=401,
    ),
    OktaSentence(
        "Forbidden",
        "The server forbids the request (403)",
        "ngrok answers so to a key that it does not accept, and to an address that is not allowed.",
        (
            Cause(
                "The key is not accepted: revoked, cut off, or another kind of credential.",
                _NEW_KEY,
                ("KEY214", "KEY215", "KEY208"),
            ),
            Cause("ngrok's IP restrictions do not let Okta in.", _ALLOW_OKTA, ("NGR705", "SCM502")),
            Cause(
                "The plan does not include SCIM.",
                "Ask support@ngrok.com whether SCIM is part of your plan.",
                ("NGR707",),
            ),
        ),
        status=403,
    ),
    OktaSentence(
        "Not Found",
        "There is nothing at this address (404)",
        "In the connector test it means a wrong base URL; for one person, that they are gone in "
        "ngrok.",
        (
            Cause("The base URL is wrong.", _SET_BASE_URL, ("SCM503", "URL109", "URL110")),
            Cause("The user was removed in ngrok.", _ASSIGN_AGAIN, ("OKT909",)),
        ),
        status=404,
    ),
    OktaSentence(
        "Conflict",
        "The user is there already (409)",
        "Okta looked for the user, did not find them, and was then refused when it created them.",
        (
            Cause(
                "The user name that Okta sends is not the person's e-mail address.",
                _EMAIL_FORMAT,
                ("OKT906", "USR603"),
            ),
            Cause("The person was made a member before SCIM was switched on.", _TRACE, ("SCM519",)),
        ),
        ("already exists", "already in use"),
        status=409,
    ),
    OktaSentence(
        "Bad Request",
        "The server does not understand what Okta sent (400)",
        "ngrok answers so to an authtoken in place of a key, too.",
        (
            Cause(
                "An authtoken, or the id of a key, was pasted instead of the key.",
                _NEW_KEY,
                ("KEY208", "KEY207"),
            ),
            Cause(
                "Okta sends attributes that the server refuses.",
                'In Okta, open Provisioning > To App > "Go to Profile Editor" and delete the '
                "attributes that ngrok does not need.",
                ("OKT915",),
            ),
        ),
        status=400,
    ),
    *(
        OktaSentence(
            phrase,
            f"The server failed ({status})",
            "The fault lies with the server, or with a gateway before it, and not with your "
            "values.",
            (
                Cause("The service is down or overloaded.", _LOOK_AT_STATUS, ("SCM506",)),
                Cause("A task failed meanwhile.", _RETRY, ("OKT912",)),
            ),
            status=status,
        )
        for status, phrase in (
            (500, "Internal Server Error"),
            (502, "Bad Gateway"),
            (503, "Service Unavailable"),
            (504, "Gateway Timeout"),
        )
    ),
    OktaSentence(
        "Error authenticating: null",
        "Okta got no answer at all",
        "Nothing that speaks HTTP answered at the base URL.",
        (
            *_UNREACHABLE,
            Cause(
                '"Bearer" was typed before the key (some servers drop the connection then).',
                _PASTE_THE_KEY,
                ("KEY205",),
            ),
        ),
        ("null",),
    ),
    OktaSentence(
        "application.integration.authentication_failure",
        "ngrok refused the key that Okta holds",
        "This line of the System Log is written when a call is refused for its credentials.",
        (Cause("The key in Okta is old, or was revoked.", _NEW_KEY, ("OKT913", "KEY214")),),
        ("application.configuration.update",),
    ),
    OktaSentence(
        "Push user deactivation to external application",
        "Okta deactivates somebody in ngrok",
        "With the result FAILURE the person is still active in ngrok, and Okta does not try again.",
        (
            Cause(
                "The deactivation failed.",
                "In Okta, open Assignments, assign the person once more and unassign them.",
                ("OKT911",),
            ),
        ),
        ("application.provision.user.deactivate",),
    ),
    OktaSentence(
        "Verify user exists in external application",
        "Okta looks for a user in ngrok",
        "Okta does so before it creates anybody.",
        (Cause("The look-up by user name fails.", _TEST, ("SCM519",)),),
        ("application.provision.user.verify_exists", "while verifying if user"),
    ),
    OktaSentence(
        "Push new user to external application",
        "Okta creates a user in ngrok",
        "With the result FAILURE nobody was created; the reason stands behind it.",
        (Cause("ngrok refused this user.", _TRACE, ("OKT912", "OKT914")),),
        ("application.provision.user.push", "error while creating user"),
    ),
    OktaSentence(
        "Push user's profile to external application",
        "Okta updates a user in ngrok",
        "With the result FAILURE ngrok still has the old data; the reason stands behind it.",
        (Cause("The user is gone in ngrok, or an attribute is refused.", _TRACE, ("OKT909",)),),
        ("application.provision.user.push_profile", "error while trying to push profile update"),
    ),
    OktaSentence(
        "Automatic provisioning of user … to app … failed",
        "Okta could not create somebody in ngrok",
        "The reason stands at the end of the sentence. Okta tries such a task again only when "
        "somebody asks it to.",
        (
            Cause("The person's user name or profile does not suit ngrok.", _TRACE, ("OKT912",)),
            Cause("The server failed for a moment.", _RETRY, ("SCM506",)),
        ),
        ("automatic provisioning of user",),
    ),
    OktaSentence(
        "Automatic profile push of … to app … failed",
        "Okta could not update somebody in ngrok",
        "The reason stands at the end of the sentence. Okta tries such a task again only when "
        "somebody asks it to.",
        (Cause("The user is gone in ngrok, or an attribute is refused.", _TRACE, ("OKT909",)),),
        ("automatic profile push",),
    ),
    OktaSentence(
        "Error authenticating: … . The connector configuration could not be tested. Make sure that "
        "the URL, Authentication Parameters are correct and that there is an implementation "
        "available at the URL provided.",
        "Okta's connector test failed",
        "These words stand in each failure of the test (Okta's error E0000059). The reason stands "
        "between them.",
        (Cause("One of the values in Okta's form is wrong.", _TEST),),
        (
            "e0000059",
            "error authenticating",
            "the connector configuration could not be tested",
            "errors reported by remote server",
        ),
    ),
)
