"""Okta's own sentences, those of its Java client, and its headings, with what is behind each.

They are those of Okta's dialogs, tasks and System Log, as its documentation and support articles
quote them (https://help.okta.com/, https://support.okta.com/). The words beside them are ours.
"""

from ngrok_scim_cli.diagnosis.okta import causes, fixes
from ngrok_scim_cli.diagnosis.okta.causes import (
    DOCUMENTED,
    OBSERVED,
    VENDOR,
    Cause,
    Row,
    by_code,
    row,
)
from ngrok_scim_cli.diagnosis.okta.stages import Stage

WEB_PAGE = row(
    "Invalid JSON: Unexpected character ('<' (code 60))",
    "The server replied with a web page, not with an error that Okta can read",
    "The server, or a device in front of it, refused the request with a web page. Okta "
    "reports the format of the page. The reason is the word before it, such as Forbidden.",
    causes.FIREWALL_REFUSES_OKTA,
    by_code("SCM509", "URL108"),
    wordings="unexpected character code 60",
)
REQUEST_BODY = row(
    "The request body is not valid JSON",
    "The server cannot read what Okta sent",
    "The server complains of the body of Okta's request, not of the data of a person.",
    Cause("Okta sent something that the server cannot read.", fixes.REPORT, ("SCM507",)),
    wordings="""request body, request payload, body of the request, json &
    payload|body|object|document""",
)
PLAIN_TEXT = row(
    "Invalid JSON: Unrecognized token",
    "The server replied with plain text, not with an error that Okta can read",
    "A gateway, or a server that is not a SCIM server, replied with text. Okta reports the "
    "first word of the text, not the reason.",
    Cause("A gateway failed temporarily.", fixes.TEST, ("SCM506", "SCM520"), OBSERVED),
    Cause("The base URL leads to another service.", fixes.SET_BASE_URL, ("SCM510",), VENDOR),
    wordings="""unrecognized token, invalid json, jsonparseexception, malformed json,
    jsonprocessingexception, a valid json, unexpected character … code""",
)
# Okta sends nothing but a user name with a look-up.
LOOK_UP_REFUSED = row(
    "E0000053: Invalid SCIM filter",
    "The server does not understand Okta's look-up",
    "Okta looks people up by their user name before it creates them.",
    by_code("FRM301", "SCM519"),
    Cause("The server does not support the look-up.", fixes.TEST, ("SCM519",)),
    wordings="e0000053, FILTER & INVALID|NOT|only|LIMIT|too",
)
GROUP_PUSH = row(
    "Linked group is missing in …",
    "Okta tries to push a group",
    "ngrok's SCIM does not support groups, so Okta cannot push them.",
    causes.GROUPS_ARE_PUSHED,
    wordings="""group push, linked group, push group, push groups, pushing group, resource group,
    creating|updating & group, group memberships, group membership, groups are not supported,
    members of group, import groups, e0000052, endpoint not implemented""",
)

# The text after it says more.
API_VALIDATION = row(
    "E0000001: Api validation failed",
    "Okta refuses the request",
    "This is Okta's own error. The wrong field is named after it, under errorCauses.",
    Cause(
        "A condition of the request is not met. For example, provisioning is off for the app.",
        "Run `ngrok-scim doctor --only OKT` to see what is off in the app.",
        ("OKT905",),
    ),
    wordings="e0000001, e0000002, e0000003, e0000016, e0000041, api validation failed",
)

# What is special comes before what is general.
_OF_THE_TEST: tuple[Row, ...] = (
    row(
        "The credentials used to connect to the API were invalid",
        "ngrok refuses the key in Okta",
        "The key in Okta no longer works, or never did. After the right key is saved, retry the "
        "failed tasks under Dashboard > Tasks.",
        causes.STORED_KEY,
        causes.DIRTY_KEY,
        wordings="""credentials used to connect, credentials … were invalid, application integration
        authentication failure, application configuration update""",
    ),
    row(
        "Connector configured successfully",
        "The connector test passed",
        "Okta received a list of users. The ticks and crosses below it only repeat the boxes of "
        "the form. A cross means that the box is not ticked.",
        by_code("OKT916"),
        Cause(
            "Nobody is provisioned yet: ngrok support has not approved the e-mail domain.",
            "Run `ngrok-scim domain list` to see which domains wait for approval.",
            ("DOM801", "DOM802"),
        ),
        wordings="connector configured successfully, was verified successfully",
    ),
    row(
        "No results for users returned",
        "Okta received a reply without a list of users",
        "The server replied with success, but the reply has no list that Okta can read, or no "
        "users.",
        Cause(
            "The base URL has a typo, does not end in /scim/v2/, or leads to a web page.",
            fixes.SET_BASE_URL,
            ("URL108", "URL109", "URL110", "SCM508", "SCM509", "SCM510", "SCM511"),
            DOCUMENTED,
        ),
        Cause(
            "A value in the form has a space before or after it.",
            fixes.TEST,
            ("KEY201", "KEY202", "URL101", "URL102"),
            VENDOR,
        ),
        by_code("USR601"),
        wordings="""no results for user, no result for user, no results for users, no result for
        users, results for users returned, no users were returned, no users returned, returned no
        users, 0 users returned, 0 users were returned, zero users were returned, no users found
        in""",
    ),
    WEB_PAGE,
    REQUEST_BODY,
    row(
        "No content to map due to end-of-input",
        "The server replied with an empty body",
        "Okta needs a list, or the whole user, in the reply.",
        Cause("The reply has no body.", fixes.TEST, ("SCM508",)),
        wordings="no content to map, end of input, empty response, empty body",
    ),
    row(
        "Cannot deserialize value of type …",
        "Okta cannot read a field of the server's reply",
        "The reply is JSON, but a field in it has another type than SCIM requires: a number that "
        "is text, a list that is an object.",
        Cause(
            "A field of the list or of a user has the wrong type, or is missing.",
            fixes.TEST,
            ("SCM511", "SCM512", "SCM513", "SCM518", "SCM521"),
        ),
        wordings="""cannot deserialize, cannot cast, cannot construct instance,
        jsonmappingexception, mismatchedinputexception, invalidformatexception,
        numberformatexception, classcastexception, be cast to, exception in deserializing,
        listresponse, totalresults, itemsperpage, declared in the schemas,
        unrecognizedpropertyexception, e0000049, invalid scim data from scim implementation""",
    ),
    PLAIN_TEXT,
    row(
        "Maximum redirects exceeded",
        "The server redirects Okta to another address",
        "The base URL is not the final address.",
        by_code("SCM504"),
        wordings="""circular redirect, circularredirectexception, maximum redirects,
        redirectexception""",
    ),
    row(
        "Illegal character in path at index …",
        "Okta cannot use the base URL",
        "The address has a character that no address may have, or is no address. Okta has not "
        "sent anything yet.",
        Cause(
            "The base URL contains a space, a line break or another character by accident, or "
            "does not begin with https://.",
            fixes.SET_BASE_URL,
            ("URL103", "URL101", "URL102", "URL104", "URL107"),
        ),
        wordings="""urisyntaxexception, malformedurlexception, illegal character in path, illegal
        character in authority, illegal character in scheme, no protocol, illegal character in
        query, unknown protocol, invalid uri, malformed url, host name may not be null, target host,
        valid host name, uri is not absolute, expected authority, invalid url, unsupported protocol
        scheme""",
    ),
)
# What any program says that cannot connect, or not send what it should.
_OF_A_CONNECTION: tuple[Row, ...] = (
    row(
        "Illegal character in message header value",
        "Okta cannot send the key",
        "The value of the field cannot be sent in an HTTP header. Okta has not sent anything yet.",
        Cause(
            "A line break, a space or another character was pasted with the key.",
            fixes.TEST_KEY,
            ("KEY202", "KEY203", "KEY201", "KEY204", "KEY213"),
        ),
        wordings="header value, illegal header, invalid header, headers & INVALID|ABSENT",
    ),
    row(
        "Error while retrieving OAuth token",
        "Okta tries OAuth 2.0, which ngrok's guide does not use",
        "Okta asked for a token before it called the server, and did not receive one.",
        by_code("FRM303"),
        wordings="""invalid client, invalid grant, unsupported grant type,
        retrieving|refreshing|requesting & oauth token, client secret|oauth token|token
        endpoint|grant type & INVALID|ABSENT""",
    ),
    row(
        "java.net.UnknownHostException",
        "Okta cannot find the host of the base URL",
        "The name of the host does not resolve in the public DNS.",
        causes.MISSPELLED_HOST,
        wordings="""does not resolve, unknownhostexception, unknown host, name or service not known,
        failed to resolve & host|ngrok|dns, dns resolution, dns lookup, dns probe, no such host,
        could not resolve host, nodename nor servname, enotfound, name resolution, nxdomain, could
        not be resolved, unresolved host""",
    ),
    row(
        "no healthy upstream",
        "A gateway cannot reach the server behind it",
        "The text comes from a gateway in front of the server, and not from the server.",
        causes.FAILED_FOR_A_MOMENT,
        causes.OVERLOADED,
        wordings="""healthy upstream, live upstreams, upstream & connect|connection|request|timed
        out|prematurely|reset|sent|unavailable""",
    ),
    row(
        "Connect to …:443 failed: Connect timed out",
        "Okta cannot connect to the server",
        "Okta's cloud tried to connect to the host of the base URL and received no reply.",
        causes.NO_CONNECTION_FOR_A_MOMENT,
        causes.MISSPELLED_HOST,
        causes.FIREWALL_DROPS_OKTA,
        causes.SERVICE_IS_DOWN,
        wordings="""connection times out, connect timed out, connection timed out,
        connecttimeoutexception, connection timeout, connect timeout, no route to host,
        noroutetohostexception, network is unreachable""",
    ),
    row(
        "Connect to …:443 failed: Connection refused",
        "The server refuses Okta's connection",
        "Nothing accepts connections on this port.",
        causes.NO_CONNECTION_FOR_A_MOMENT,
        causes.MISSPELLED_HOST,
        causes.SERVICE_IS_DOWN,
        wordings="""connection refused, econnrefused, connectexception, httphostconnectexception,
        failed to connect, could not connect""",
    ),
    row(
        "Connection reset",
        "The connection broke before the reply arrived",
        "The server, or a device on the network path, closed the connection.",
        Cause(
            "The connection broke temporarily.",
            fixes.RETRY,
            ("NET409",),
            stages=causes.FAILED_FOR_A_MOMENT.stages,
        ),
        by_code("NET409"),
        wordings="""connection reset, econnreset, nohttpresponseexception, failed to respond,
        connection closed, broken pipe, unexpected end of file, connectionclosedexception,
        prematurely closed, socketexception, chunkedinputexception, premature end, socket hang up,
        eofexception, shut down incorrectly, connection has been shutdown, reset by peer, connection
        was reset, returned no response, no response from server, empty reply, recv failure,
        clientprotocolexception, remotely closed, closed by the remote, closed by peer, hung up""",
    ),
    row(
        "Read timed out",
        "The server took too long to reply",
        "Okta closes the connection after 60 seconds without a reply.",
        Cause(
            "The server was too slow for a moment.",
            fixes.RETRY,
            ("OKT912",),
            OBSERVED,
            causes.FAILED_FOR_A_MOMENT.stages,
        ),
        Cause("The server is overloaded.", fixes.WAIT, ("NET408", "SCM516"), DOCUMENTED),
        wordings="""sockettimeoutexception, read timeout, timeout waiting, socket timeout, read
        timed out, request timed out, operation timed out, timed out after, timed out while, server
        timed out, has timed out waiting, timeout exceeded, deadline exceeded, e0000051, no response
        from scim""",
        statuses=(408,),
    ),
    row(
        "Certificate expired",
        "The server's certificate has expired",
        "Okta probably does not accept an expired certificate.",
        Cause(
            "The certificate of the server was not renewed in time, or it is not valid yet.",
            "Renew the certificate on the server.",
            ("NET406",),
        ),
        causes.ANOTHER_HOST,
        wordings="""certificate … expired, certificateexpiredexception, certificate is not yet
        valid, expired or not yet valid, certificatenotyetvalidexception, notafter, notbefore,
        timestamp check failed, validity check failed""",
    ),
    row(
        "PKIX path building failed",
        "Okta does not trust the server's certificate",
        "The certificate chain does not lead to a public certificate authority. Okta has no page "
        "to upload one.",
        causes.ANOTHER_HOST,
        by_code("NET404", "NET406"),
        wordings="""pkix path, unable to find valid certification path, certpathbuilderexception,
        self signed certificate, certificate unknown, unknown ca, unknown authority, untrusted root,
        trust anchors, local issuer certificate, certificate verify failed, verify the first
        certificate, algorithm constraints, certificate|certificates &
        INVALID|ABSENT|trusted|revoked""",
    ),
    row(
        "Certificate for <…> doesn't match any of the subject alternative names",
        "The server's certificate is for another name",
        "The certificate does not contain the host of the base URL.",
        causes.ANOTHER_HOST,
        by_code("NET405"),
        wordings="""match any of the subject alternative, sslpeerunverifiedexception, no subject
        alternative, hostname … not verified, hostname mismatch, no name matching, common name,
        certificate & is valid for|does not match, unrecognized name""",
    ),
    row(
        "Received fatal alert: protocol_version",
        "Okta and the server have no TLS version or cipher in common",
        "Okta needs TLS 1.2 or newer.",
        by_code("NET407"),
        causes.ANOTHER_HOST,
        wordings="""no appropriate protocol, handshake failure, protocol version, no cipher suites
        in common, unsupported or unrecognized ssl, ssl routines, wrong version number, tlsv1,
        insufficient security""",
    ),
    row(
        "Remote host closed connection during handshake",
        "The encrypted connection (TLS) could not be set up",
        "The host of the base URL, or a firewall in front of it, closed the connection before any "
        "request was sent. The message does not say why.",
        causes.ANOTHER_HOST,
        causes.FIREWALL_REFUSES_OKTA,
        by_code("NET407"),
        wordings="""fatal alert, sslhandshakeexception, sslexception, sslprotocolexception, ssl
        handshake, tls handshake, remote host terminated the handshake, during handshake, ssl
        connect error, alert protocol""",
    ),
)
_OF_THE_APP: tuple[Row, ...] = (
    *(
        row(
            f"The {what.partition('|')[0]} is invalid",
            f'"{label}" is not accepted',
            "The message is about a field of Okta's form, not about a person.",
            by_code(*codes),
            wordings=f"{what} & INVALID|ABSENT",
        )
        for what, label, *codes in (
            ("unique identifier|identifier field", "Unique identifier field for users", "FRM301"),
            (
                "authentication mode|auth mode|authentication method|authentication type",
                "Authentication Mode",
                "FRM303",
            ),
            (
                "provisioning action|provisioning actions",
                "Supported provisioning actions",
                "FRM308",
                "FRM304",
            ),
        )
    ),
    row(
        "The version is not supported",
        "The server does not know this version of SCIM",
        "ngrok's SCIM is version 2.0, and its address ends in /scim/v2/.",
        Cause("The base URL leads to another version of SCIM.", fixes.SET_BASE_URL, ("URL109",)),
        wordings="""scim version|connector version|protocol version|api version & INVALID|ABSENT,
        scim protocol version""",
    ),
    row(
        "Only application/scim+json is accepted",
        "Okta and the server do not speak the same format",
        "Okta sends and accepts application/scim+json.",
        causes.NO_SCIM_JSON,
        causes.WRONG_BASE_URL,
        wordings="MEDIA & INVALID|only|accepted|set to|must|NOT",
    ),
    row(
        "Base URL: Does not match required pattern",
        "Okta's form refuses the base URL",
        "This form belongs to an app from Okta's catalog, which does not accept a slash at the "
        "end. ngrok's guide uses an app that you create yourself.",
        causes.CATALOG_APP,
        Cause(
            "The address ends with a slash.",
            "In Okta, open Provisioning > Integration > Edit and remove the slash at the end.",
            ("URL113",),
            VENDOR,
        ),
        wordings="match required pattern",
    ),
    row(
        "Invalid Base URL for the SCIM Connector",
        "Okta's form refuses the base URL",
        "Okta accepts only an address that begins with https:// and has no underscore. It has not "
        "sent anything yet.",
        Cause(
            "The address does not begin with https://, contains an underscore, or does not "
            "end with a slash.",
            fixes.SET_BASE_URL,
            ("URL106", "URL107", "URL113", "URL114", "URL115", "URL116", "URL118", "URL103"),
            VENDOR,
        ),
        wordings="invalid base url",
    ),
    row(
        "Invalid Authentication Header Parameter: … for the SCIM Connector",
        "On-premises provisioning is chosen instead of SCIM",
        "This message comes from the form for a SCIM server inside your own network.",
        Cause('"On-Premises Provisioning" is chosen for the app.', "", ("OKT905",), DOCUMENTED),
        wordings="invalid authentication header parameter, on premises provisioning",
    ),
    row(
        "Could not verify the administrator credentials",
        "The app from Okta's catalog could not sign in",
        "This message comes from apps of Okta's catalog, not from the kind of app in ngrok's "
        "guide.",
        causes.CATALOG_APP,
        wordings="verify the administrator credentials",
    ),
    row(
        "Profile property in Okta managed template has conflicts with custom property",
        "An attribute that was added by hand conflicts with SCIM",
        "The app's profile already has an attribute with a name that SCIM uses.",
        Cause(
            "Somebody added an attribute to the app's profile.",
            "In Okta, open Directory > Profile Editor, choose the app, delete that attribute "
            "and save the connection again.",
            ("OKT915",),
        ),
        wordings="conflicts with custom property, okta managed template",
    ),
    row(
        "Invalid externalNamespace: … for property: …",
        "Okta itself refuses the mapping of an attribute",
        "Okta sent nothing. In the app's profile, the namespace of this attribute is wrong.",
        Cause(
            "The external namespace of that attribute is wrong.",
            "In Okta, open Directory > Profile Editor, choose the app, and correct the "
            "external namespace of the attribute that the message names.",
            ("OKT915",),
            DOCUMENTED,
        ),
        wordings="externalnamespace, invalid external namespace",
    ),
    row(
        "Provisioning is not enabled for the app instance",
        "Provisioning is off for the app",
        "SCIM is not turned on, or its connection was never saved.",
        by_code("OKT905"),
        wordings="""not enabled for the app, provisioning is not enabled for app, api integration &
        disabled|not enabled|enable""",
    ),
    row(
        "Matching user not found",
        "Okta found no user to update and is not allowed to create one",
        "The person is not in ngrok, and Okta did not create them.",
        by_code("OKT916"),
        causes.GONE,
        wordings="""matching user not found, no matching user, matching users not found, matching
        user … not found, matching user was not found""",
    ),
    row(
        "No user returned for user …",
        "The account of this person is gone from ngrok",
        "Okta asked ngrok for the id that it has for this person, and ngrok has no user with that "
        "id. A retry fails again.",
        causes.GONE,
        wordings="no user returned, no user was returned",
    ),
    row(
        "User … provision to app failed due to delay in reactivating remote User",
        "The account exists but is deactivated",
        "Okta found the person in ngrok and could not reactivate the account. Okta's message says "
        "that it will retry by itself.",
        Cause(
            "The account is still deactivated in ngrok.",
            fixes.SEE_ACTIVE,
            ("USR607", "OKT908"),
            DOCUMENTED,
        ),
        Cause(
            "Okta has an assignment from before the account was deactivated.",
            fixes.ASSIGN_AGAIN,
            ("OKT909",),
        ),
        wordings="delay in reactivating, rescheduling provision job",
    ),
    row(
        "User is not assigned to the client application.",
        "Okta does not let the person sign in to this app",
        "The message is about sign-in, not about provisioning: the person is not assigned to the "
        "app that people sign in with.",
        Cause(
            "Neither the person nor one of their groups is assigned to the app.",
            "In Okta, open Assignments of the app that people sign in with, and assign the person.",
            certainty=DOCUMENTED,
        ),
        wordings="""not assigned this app, app not assigned, unauthorized access to app, not
        assigned to the client, not assigned to this application, user is not assigned""",
    ),
    row(
        "The username template mapping returned null",
        "Okta could not make a user name for the person",
        "Okta builds it from the person's profile. Nothing was sent to the server.",
        Cause(
            "The value for the user name, such as the e-mail address, is empty in Okta.",
            "In Okta, open Directory > People, choose the person and fill in the e-mail address.",
            ("OKT906", "OKT914"),
        ),
        wordings="""username template, user name template, username mapping, user name mapping,
        username … returned null, could not evaluate … username, generate … username, username
        format, app username is null""",
    ),
    row(
        "Create new user returned empty user",
        "The server did not return the new user",
        "Okta needs the whole user in the reply to a create.",
        Cause(
            "The server replies to a create with an empty body, or without the id of the user.",
            fixes.REPORT,
            ("SCM508", "SCM518"),
            DOCUMENTED,
        ),
        wordings="returned empty user, user with empty id, returned user without",
    ),
    row(
        "User was assigned this application before Provisioning was enabled and not provisioned "
        "in the downstream application. Click Provision User.",
        "The person was assigned before SCIM was turned on",
        'Okta does not create people who were assigned before SCIM was turned on. "Force Sync" '
        "does not create them either.",
        causes.ASSIGNED_TOO_EARLY,
        wordings="before provisioning was enabled, click provision user",
    ),
    row(
        "Application accounts need deprovisioning",
        "Somebody who left may still have an account in ngrok",
        "Okta could not deactivate the person and does not retry by itself.",
        Cause(
            "The deactivation failed, for example while the server was down.",
            fixes.DEACTIVATE_AGAIN,
            ("OKT911",),
            OBSERVED,
        ),
        by_code("OKT916"),
        wordings="""need deprovisioning, manually disable user accounts, needs deprovisioning,
        manually deprovisioned, manually removed, manually deactivated, failed automatic
        deprovisioning""",
    ),
    row(
        "Stop deprovisioning unassigned users",
        '"Deactivate Users" was turned off under To App',
        "The System Log shows this line when an administrator turns the switch off. People who "
        "leave then keep their account.",
        by_code("OKT916"),
        wordings="stop deprovisioning unassigned users",
    ),
    row(
        "Deprovisioning unassigned users",
        '"Deactivate Users" was turned on under To App',
        "The System Log shows this line when an administrator turns the switch on.",
        Cause(
            "Nothing is wrong, but people who left before are not deactivated by it.",
            "Run `ngrok-scim users audit` to find people who left and still have an account.",
            ("OKT911",),
        ),
        wordings="deprovisioning unassigned users",
    ),
    GROUP_PUSH,
    row(
        "Implicitly assigned",
        "The app assigns all people automatically",
        "Federation Broker Mode, which only OIDC apps have, leaves Okta without assignments to "
        "provision.",
        Cause(
            "Federation Broker Mode is on.",
            'In Okta, open General > Edit, turn "Federation Broker Mode" off and assign people.',
            ("OKT904", "OKT907"),
            OBSERVED,
        ),
        wordings="implicitly assigned, federation broker mode",
    ),
    LOOK_UP_REFUSED,
    row(
        "E0000054: Invalid pagination properties",
        "The numbers in the server's list are wrong",
        "Okta reads the list page by page with these numbers.",
        causes.WRONG_NUMBERS,
        wordings="e0000054, PAGE & INVALID|ABSENT",
    ),
    row(
        "E0000011: Invalid token provided",
        "Okta refuses the API token or the sign-in",
        "This is Okta's own error about signing in to Okta, not about the ngrok key in the app.",
        by_code("OKT902"),
        wordings="""e0000011, e0000005, invalid token provided, e0000004, e0000014, e0000064,
        e0000068, e0000069, e0000119""",
    ),
    row(
        "E0000006: You do not have permission to perform the requested action",
        "Okta does not allow this token to do that",
        "This is Okta's own error. The token has the permissions of the administrator who created "
        "it.",
        Cause(
            "The administrator who created the token is not allowed to read this, or is no "
            "longer allowed.",
            "",
            ("OKT902",),
            DOCUMENTED,
        ),
        Cause(
            "The Okta plan of the org does not include provisioning, or the role of the token "
            "is not sufficient.",
            "Ask Okta Support whether your org includes Lifecycle Management.",
            ("OKT902", "OKT905"),
        ),
        wordings="""e0000006, permission to perform the requested action, e0000015, e0000038, access
        the feature you are requesting""",
    ),
    row(
        "E0000007: Not found: Resource not found: … (User)",
        "Okta does not have this person",
        "This is Okta's own error about the id of a person in Okta.",
        Cause(
            "The person was deleted in Okta, or the id is not one of this org.",
            "In Okta, open Directory > People and search for the person.",
            certainty=DOCUMENTED,
        ),
        wordings="e0000007 … resource not found … user",
    ),
    row(
        "E0000007: Not found: Resource not found",
        "Okta did not find what was requested",
        "This is Okta's own error about an id in Okta, such as the id of the app or of a person.",
        by_code("OKT903"),
        wordings="e0000007, e0000008, e0000048, resource not found … appinstance",
    ),
    row(
        "E0000047: API call exceeded rate limit",
        "Okta rate limits requests",
        "This is Okta's own API rate limit. It is not about ngrok.",
        Cause(
            "Many requests were made to Okta's API in a short time.",
            "Wait a minute, then run the command again.",
            certainty=DOCUMENTED,
        ),
        wordings="e0000047, api call exceeded rate limit",
    ),
    row(
        "E0000022: The endpoint does not support the provided HTTP method",
        "Okta's API does not know the request",
        "This is Okta's own error. Usually the address of the org is wrong.",
        by_code("OKT901"),
        wordings="e0000022, e0000021, e0000060, e0000010, e0000009",
    ),
    API_VALIDATION,
)
OKTAS_OWN = (*_OF_THE_TEST, *_OF_THE_APP)
# The first that fits is taken.
SENTENCES = (*_OF_THE_TEST, *_OF_A_CONNECTION, *_OF_THE_APP)

# What is known where no reason is given: no more than what Okta was doing.
NO_ANSWER = row(
    "Error authenticating: null",
    "Okta received no reply that it could read",
    "No HTTP server replied at the base URL, or Okta gives no reason.",
    causes.NO_CONNECTION_FOR_A_MOMENT,
    causes.MISSPELLED_HOST,
    causes.FIREWALL_DROPS_OKTA,
    causes.SERVICE_IS_DOWN,
    Cause(
        '"Bearer" was typed before the key (some servers drop the connection then).',
        fixes.TEST_KEY,
        ("KEY205",),
        VENDOR,
    ),
)
_LOOK_UP_FAILS = Cause("The look-up by user name fails.", fixes.TEST, ("SCM519", "SCM523"))
# Okta gives no reason where it cannot use the reply to its look-up.
SYNC_FAILED = row(
    "Sync user in external application",
    "Okta could not sync a user",
    "Okta gives no reason here. Usually Okta cannot use the reply of the server.",
    causes.WRONG_NUMBERS,
    _LOOK_UP_FAILS,
    wordings="sync user in external application, provision user sync",
)

_GONE_OR_REFUSED = Cause(
    "The account is gone from ngrok, or ngrok refused the change.",
    fixes.TRACE,
    ("OKT909", "OKT912", "SCM522"),
)
HEADINGS: dict[Stage, Row] = {
    Stage.LOOK_UP: row(
        "Verify user exists in external application",
        "Okta looks for a user in ngrok",
        "Okta does this before it creates a user.",
        _LOOK_UP_FAILS,
    ),
    Stage.ACCOUNT: row(
        "Push new user to external application",
        "Okta could not create somebody in ngrok",
        "The reason is at the end of Okta's message, under Dashboard > Tasks, and in the System "
        "Log.",
        Cause("ngrok refused this person.", fixes.TRACE, ("OKT912", "OKT914", "OKT908")),
        Cause("The server failed temporarily.", fixes.TEST, ("SCM506",)),
    ),
    Stage.PROFILE: row(
        "Push user's profile to external application",
        "Okta could not update somebody in ngrok",
        "ngrok still has the old data. The reason is at the end of Okta's message, under Dashboard "
        "> Tasks, and in the System Log.",
        _GONE_OR_REFUSED,
    ),
    Stage.REACTIVATION: row(
        "Push user reactivation in external application",
        "Okta could not reactivate somebody in ngrok",
        "The person is assigned in Okta and may be locked out of ngrok.",
        _GONE_OR_REFUSED,
    ),
    Stage.DEACTIVATION: row(
        "Push user deactivation to external application",
        "Okta could not deactivate somebody in ngrok",
        "Okta does not retry by itself and has no retry button.",
        Cause("The deactivation failed.", fixes.DEACTIVATE_AGAIN, ("OKT911", "SCM522"), OBSERVED),
    ),
    Stage.PASSWORD: row(
        "Push user's password to external application",
        "Okta could not push a password",
        "ngrok's SCIM does not support passwords.",
        Cause(
            '"Sync Password" is ticked under To App.',
            'In Okta, open Provisioning > To App > Edit and clear "Sync Password".',
            ("OKT915",),
        ),
    ),
    Stage.IMPORT: row(
        "Import users",
        "Okta could not import users from ngrok",
        "ngrok's guide does not use imports.",
        by_code("FRM307"),
    ),
    Stage.GROUPS: GROUP_PUSH,
    Stage.CALL: row(
        "Error authenticating: … . The connector configuration could not be tested. Make sure "
        "that the URL, Authentication Parameters are correct and that there is an implementation "
        "available at the URL provided.",
        "Okta's connector test failed",
        "These words are in each failure of the test (Okta's error E0000059). The reason is "
        "between them.",
        Cause("One of the values in Okta's form is wrong.", fixes.TEST, certainty=DOCUMENTED),
        wordings="""e0000059, url authentication parameters, implementation available at the url,
        url provided, test connector configuration, test api credentials, ensure all details are
        set""",
    ),
}
