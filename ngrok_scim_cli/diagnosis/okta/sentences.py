"""Okta's own sentences, those of its Java client, and its headings, with what is behind each.

They are those of Okta's dialogs, tasks and System Log, as its documentation and support articles
quote them (https://help.okta.com/, https://support.okta.com/). The words beside them are ours.
``rows`` says how a table reads. Of each table, the first row that fits is taken: what is special
comes before what is general.
"""

from ngrok_scim_cli.diagnosis.okta.rows import read_rows
from ngrok_scim_cli.diagnosis.okta.stages import Stage

_OF_THE_TEST = """
# The credentials used to connect to the API were invalid
ngrok refuses the key in Okta
After the right key is saved, retry the failed tasks under Dashboard > Tasks.
- STORED_KEY
- DIRTY_KEY
~ credentials used to connect, credentials … were invalid, application integration authentication
    failure, application configuration update

# Connector configured successfully
The connector test passed
Okta received a list of users. A cross below it means that this box of the form is not ticked.
- OKT916
- Nobody is provisioned yet: ngrok support has not approved the e-mail domain.
> Run `ngrok-scim domain list` to see which domains wait for approval. : DOM801 DOM802
~ connector configured successfully, was verified successfully

# No results for users returned
Okta received a reply without a list of users
The server replied with success, but the reply has no list that Okta can read, or no users.
- The base URL has a typo, does not end in /scim/v2/, or leads to a web page.
> SET_BASE_URL : documented URL108 URL109 URL110 SCM508 SCM509 SCM510 SCM511
- A value in the form has a space before or after it.
> TEST : vendor KEY201 KEY202 URL101 URL102
- USR601
~ no results for user, no result for user, no results for users, no result for users, results for
    users returned, no users were returned, no users returned, returned no users, 0 users returned,
    0 users were returned, zero users were returned, no users were found, no users found, found no
    users, 0 users found, zero users found, no users exist

# Invalid JSON: Unexpected character ('<' (code 60))
The server replied with a web page, not with an error that Okta can read
Okta reports the format of the page. The reason is the word before it, such as Forbidden.
- FIREWALL_REFUSES_OKTA
- SCM509 URL108
~ unexpected character code 60

# The request body is not valid JSON
The server cannot read what Okta sent
The server complains of the body of Okta's request, not of the data of a person.
- Okta sent something that the server cannot read.
> REPORT : SCM507
~ request body is, request body must, invalid request body, parse request body, missing request
    body, a request body, request payload, body of the request, json & payload|body|object|document

# No content to map due to end-of-input
The server replied with an empty body
Okta needs a list, or the whole user, in the reply.
- The reply has no body.
> TEST : SCM508
~ no content to map, end of input, empty response, empty body

# Cannot deserialize value of type …
Okta cannot read a field of the server's reply
The reply is JSON, but a field in it has another type than SCIM requires.
- A field of the list or of a user has the wrong type, or is missing.
> TEST : SCM511 SCM512 SCM513 SCM518 SCM521
~ cannot deserialize, cannot cast, cannot construct instance, jsonmappingexception,
    mismatchedinputexception, invalidformatexception, numberformatexception, classcastexception, be
    cast to, exception in deserializing, listresponse, totalresults, itemsperpage, declared in the
    schemas, unrecognizedpropertyexception, e0000049, invalid scim data from scim implementation

# Invalid JSON: Unrecognized token
The server replied with plain text, not with an error that Okta can read
A gateway, or another server, replied with text. Okta reports its first word, not the reason.
- A gateway failed temporarily.
> TEST : observed SCM506 SCM520
- The base URL leads to another service.
> SET_BASE_URL : vendor SCM510
~ unrecognized token, invalid json, jsonparseexception, malformed json, jsonprocessingexception, a
    valid json, unexpected character … code

# Maximum redirects exceeded
The server redirects Okta to another address
The base URL is not the final address.
- SCM504
~ circular redirect, circularredirectexception, maximum redirects, redirectexception

# Illegal character in path at index …
Okta cannot use the base URL
Okta cannot read it as an address, and has not sent anything yet.
- The base URL has a space, a line break or another stray character, or lacks https://.
> SET_BASE_URL : URL103 URL101 URL102 URL104 URL107
~ urisyntaxexception, malformedurlexception, illegal character in path, illegal character in
    authority, illegal character in scheme, no protocol, illegal character in query, unknown
    protocol, invalid uri, malformed url, host name may not be null, target host, valid host name,
    uri is not absolute, expected authority, invalid url, unsupported protocol scheme
"""
# What any program says that cannot connect, or not send what it should.
_OF_A_CONNECTION = """
# Illegal character in message header value
Okta cannot send the key
The value of the field cannot be sent in an HTTP header. Okta has not sent anything yet.
- A line break, a space or another character was pasted with the key.
> TEST_KEY : KEY202 KEY203 KEY201 KEY204 KEY213
~ header value, illegal header, invalid header, headers & INVALID|ABSENT

# Error while retrieving OAuth token
Okta tries OAuth 2.0, which ngrok's guide does not use
Okta asked for a token before it called the server, and did not receive one.
- FRM303
~ invalid client, invalid grant, unsupported grant type, retrieving|refreshing|requesting & oauth
    token, client secret|oauth token|token endpoint|grant type & INVALID|ABSENT

# Proxy Authentication Required
A proxy between Okta and the server refuses the request (407)
SCIM servers do not reply like this.
- A proxy in front of the server asks Okta for credentials, for which Okta's form has no field.
> Ask the administrator of the server to let Okta's requests through without them. : NET410
@ 407
~ proxy authentication required

# java.net.UnknownHostException
Okta cannot find the host of the base URL
The name of the host does not resolve in the public DNS.
- MISSPELLED_HOST
~ does not resolve, unknownhostexception, unknown host, name or service not known, failed to resolve
    & host|ngrok|dns, dns resolution, dns lookup, dns probe, no such host, could not resolve host,
    nodename nor servname, enotfound, name resolution, nxdomain, could not be resolved, unresolved
    host

# no healthy upstream
A gateway cannot reach the server behind it
The text comes from a gateway in front of the server, and not from the server.
- FAILED_FOR_A_MOMENT
- OVERLOADED
~ healthy upstream, live upstreams, upstream & connect|connection|request|timed
    out|prematurely|reset|sent|unavailable

# Connect to …:443 failed: Connect timed out
Okta cannot connect to the server
Okta's cloud tried to connect to the host of the base URL and received no reply.
- NO_CONNECTION_FOR_A_MOMENT
- MISSPELLED_HOST
- FIREWALL_DROPS_OKTA
- SERVICE_IS_DOWN
~ connection times out, connect timed out, connection timed out, connecttimeoutexception, connection
    timeout, connect timeout, no route to host, noroutetohostexception, network is unreachable

# Connect to …:443 failed: Connection refused
The server refuses Okta's connection
Nothing accepts connections on this port.
- NO_CONNECTION_FOR_A_MOMENT
- MISSPELLED_HOST
- SERVICE_IS_DOWN
~ connection refused, econnrefused, connectexception, httphostconnectexception, failed to connect,
    could not connect

# Connection reset
The connection broke before the reply arrived
The server, or a device on the network path, closed the connection.
- The connection broke temporarily.
> RETRY : NET409 @ONE_PERSON
- NET409
~ connection reset, econnreset, nohttpresponseexception, failed to respond, connection closed,
    broken pipe, unexpected end of file, connectionclosedexception, prematurely closed,
    socketexception, chunkedinputexception, premature end, socket hang up, eofexception, shut down
    incorrectly, connection has been shutdown, reset by peer, connection was reset, returned no
    response, no response from server, empty reply, recv failure, clientprotocolexception, remotely
    closed, closed by the remote, closed by peer, hung up

# Read timed out
The server took too long to reply
Okta closes the connection after 60 seconds without a reply.
- The server was too slow for a moment.
> RETRY : observed OKT912 @ONE_PERSON
- The server is overloaded.
> WAIT : documented NET408 SCM516
@ 408
~ sockettimeoutexception, read timeout, timeout waiting, socket timeout, read timed out, request
    timed out, operation timed out, timed out after, timed out while, server timed out, has timed
    out waiting, timeout exceeded, deadline exceeded, e0000051, no response from scim

# Certificate expired
The server's certificate has expired
Okta probably does not accept an expired certificate.
- The certificate of the server was not renewed in time, or it is not valid yet.
> Renew the certificate on the server. : NET406
- ANOTHER_HOST
~ certificate … expired, certificateexpiredexception, certificate is not yet valid, expired or not
    yet valid, certificatenotyetvalidexception, notafter, notbefore, timestamp check failed,
    validity check failed

# PKIX path building failed
Okta does not trust the server's certificate
Its chain leads to no public certificate authority, and Okta has no page to upload a certificate.
- ANOTHER_HOST
- NET404 NET406
~ pkix path, unable to find valid certification path, certpathbuilderexception, self signed
    certificate, certificate unknown, unknown ca, unknown authority, untrusted root, trust anchors,
    local issuer certificate, certificate verify failed, verify the first certificate, algorithm
    constraints, certificate|certificates & INVALID|ABSENT|trusted|revoked

# Certificate for <…> doesn't match any of the subject alternative names
The server's certificate is for another name
The certificate does not contain the host of the base URL.
- ANOTHER_HOST
- NET405
~ match any of the subject alternative, sslpeerunverifiedexception, no subject alternative, hostname
    … not verified, hostname mismatch, no name matching, common name, certificate & is valid
    for|does not match, unrecognized name

# Received fatal alert: protocol_version
Okta and the server have no TLS version or cipher in common
Okta needs TLS 1.2 or newer.
- NET407
- ANOTHER_HOST
~ no appropriate protocol, handshake failure, protocol version, no cipher suites in common,
    unsupported or unrecognized ssl, ssl routines, wrong version number, tlsv1, insufficient
    security

# Remote host closed connection during handshake
The encrypted connection (TLS) could not be set up
The host, or a firewall in front of it, closed the connection. The message does not say why.
- ANOTHER_HOST
- FIREWALL_REFUSES_OKTA
- NET407
~ fatal alert, sslhandshakeexception, sslexception, sslprotocolexception, ssl handshake, tls
    handshake, remote host terminated the handshake, during handshake, ssl connect error, alert
    protocol
"""
_OF_THE_APP = """
# The unique identifier is invalid
"Unique identifier field for users" is not accepted
The message is about a field of Okta's form, not about a person.
- FRM301
~ unique identifier|identifier field & INVALID|ABSENT

# The authentication mode is invalid
"Authentication Mode" is not accepted
The message is about a field of Okta's form, not about a person.
- FRM303
~ authentication mode|auth mode|authentication method|authentication type & INVALID|ABSENT

# The provisioning action is invalid
"Supported provisioning actions" is not accepted
The message is about a field of Okta's form, not about a person.
- FRM308 FRM304
~ provisioning action|provisioning actions & INVALID|ABSENT

# The version is not supported
The server does not know this version of SCIM
ngrok's SCIM is version 2.0, and its address ends in /scim/v2/.
- The base URL leads to another version of SCIM.
> SET_BASE_URL : URL109
~ scim version|connector version|protocol version|api version & INVALID|ABSENT, scim protocol
    version

# Only application/scim+json is accepted
Okta and the server do not speak the same format
Okta sends and accepts application/scim+json.
- NO_SCIM_JSON
- WRONG_BASE_URL
~ MEDIA & INVALID|only|accepted|set to|must|NOT

# Base URL: Does not match required pattern
Okta's form refuses the base URL
This form belongs to an app from Okta's catalog. ngrok's guide uses an app that you create.
- CATALOG_APP
- The address ends with a slash.
> In Okta, open Provisioning > Integration > Edit and remove the slash at the end. : vendor URL113
~ match required pattern

# Invalid Base URL for the SCIM Connector
Okta's form refuses the base URL
Okta accepts only https:// addresses without an underscore. It has not sent anything yet.
- The address does not begin with https://, contains an underscore, or does not end with a slash.
> SET_BASE_URL : vendor URL106 URL107 URL113 URL114 URL115 URL116 URL118 URL103
~ invalid base url

# Invalid Authentication Header Parameter: … for the SCIM Connector
On-premises provisioning is chosen instead of SCIM
This message comes from the form for a SCIM server inside your own network.
- "On-Premises Provisioning" is chosen for the app.
> : documented OKT905
~ invalid authentication header parameter, on premises provisioning

# Could not verify the administrator credentials
The app from Okta's catalog could not sign in
This message comes from apps of Okta's catalog, not from the kind of app in ngrok's guide.
- CATALOG_APP
~ verify the administrator credentials

# Profile property in Okta managed template has conflicts with custom property
An attribute that was added by hand conflicts with SCIM
The app's profile already has an attribute with a name that SCIM uses.
- Somebody added an attribute to the app's profile.
> In Okta, open Directory > Profile Editor, choose the app, delete that attribute and save the
    connection again. : OKT915
~ conflicts with custom property, okta managed template

# Invalid externalNamespace: … for property: …
Okta itself refuses the mapping of an attribute
Okta sent nothing. In the app's profile, the namespace of this attribute is wrong.
- The external namespace of that attribute is wrong.
> In Okta, open Directory > Profile Editor, choose the app, and correct the external namespace of
    the attribute that the message names. : documented OKT915
~ externalnamespace, invalid external namespace

# Provisioning is not enabled for the app instance
Provisioning is off for the app
SCIM is not turned on, or its connection was never saved.
- OKT905
~ not enabled for the app, provisioning is not enabled for app, api integration & disabled|not
    enabled|enable

# Matching user not found
Okta found no user to update and is not allowed to create one
The person is not in ngrok, and Okta did not create them.
- OKT916
- GONE
~ no matching user, matching users not found, matching user … not found

# No user returned for user …
The account of this person is gone from ngrok
ngrok has no user with the id that Okta has for this person. A retry fails again.
- GONE
~ no user returned, no user was returned

# User … provision to app failed due to delay in reactivating remote User
The account exists but is deactivated
Okta could not reactivate the account. Its message says that it will retry by itself.
- The account is still deactivated in ngrok.
> SEE_ACTIVE : documented USR607 OKT908
- Okta has an assignment from before the account was deactivated.
> ASSIGN_AGAIN : OKT909
~ delay in reactivating, rescheduling provision job

# User is not assigned to the client application.
Okta does not let the person sign in to this app
The message is about sign-in, not about provisioning.
- Neither the person nor one of their groups is assigned to the app.
> In Okta, open Assignments of the app that people sign in with, and assign the person. : documented
~ not assigned this app, app not assigned, unauthorized access to app, not assigned to the client,
    not assigned to this application, user is not assigned

# The username template mapping returned null
Okta could not make a user name for the person
Okta builds it from the person's profile. Nothing was sent to the server.
- The value for the user name, such as the e-mail address, is empty in Okta.
> In Okta, open Directory > People, choose the person and fill in the e-mail address. : OKT906
    OKT914
~ username template, user name template, username mapping, user name mapping, username … returned
    null, could not evaluate … username, generate … username, username format, app username is null

# Create new user returned empty user
The server did not return the new user
Okta needs the whole user in the reply to a create.
- The server replies to a create with an empty body, or without the id of the user.
> REPORT : documented SCM508 SCM518
~ returned empty user, user with empty id, returned user without

# User was assigned this application before Provisioning was enabled and not provisioned in the
    downstream application. Click Provision User.
The person was assigned before SCIM was turned on
Okta does not create people who were assigned before that, not even with "Force Sync".
- ASSIGNED_TOO_EARLY
~ before provisioning was enabled, click provision user

# Application accounts need deprovisioning
Somebody who left may still have an account in ngrok
Okta could not deactivate the person and does not retry by itself.
- The deactivation failed, for example while the server was down.
> DEACTIVATE_AGAIN : observed OKT911
- OKT916
~ need deprovisioning, manually disable user accounts, needs deprovisioning, manually deprovisioned,
    manually removed, manually deactivated, failed automatic deprovisioning

# Stop deprovisioning unassigned users
"Deactivate Users" was turned off under To App
An administrator turned the switch off. People who leave since then keep their account.
- OKT916
~ stop deprovisioning unassigned users

# Deprovisioning unassigned users
"Deactivate Users" was turned on under To App
The System Log shows this line when an administrator turns the switch on.
- Nothing is wrong, but people who left before are not deactivated by it.
> Run `ngrok-scim users audit` to find people who left and still have an account. : OKT911
~ deprovisioning unassigned users

# Linked group is missing in …
Okta tries to push a group
ngrok's SCIM does not support groups, so Okta cannot push them.
- GROUPS_ARE_PUSHED
~ group push, linked group, push group, push groups, pushing group, resource group,
    creating|updating & group, group memberships, group membership, groups are not supported,
    members of group, import groups, e0000052, endpoint not implemented

# Implicitly assigned
The app assigns all people automatically
Federation Broker Mode, which only OIDC apps have, leaves Okta without assignments to provision.
- Federation Broker Mode is on.
> In Okta, open General > Edit, turn "Federation Broker Mode" off and assign people. : observed
    OKT904 OKT907
~ implicitly assigned, federation broker mode

# E0000053: Invalid SCIM filter
The server does not understand Okta's look-up
Okta looks people up by their user name before it creates them.
- FRM301 SCM519
- The server does not support the look-up.
> TEST : SCM519
~ e0000053, invalidfilter, FILTER & INVALID|NOT|only|LIMIT|too

# E0000054: Invalid pagination properties
The numbers in the server's list are wrong
Okta reads the list page by page with these numbers.
- WRONG_NUMBERS
~ e0000054, PAGE & INVALID|ABSENT

# E0000011: Invalid token provided
Okta refuses the API token or the sign-in
This is Okta's own error about signing in to Okta, not about the ngrok key in the app.
- OKT902
~ e0000011, e0000005, invalid token provided, e0000004, e0000014, e0000064, e0000068, e0000069,
    e0000119

# E0000006: You do not have permission to perform the requested action
Okta does not allow this token to do that
This is Okta's own error. The token has the permissions of the administrator who created it.
- The administrator who created the token is not allowed to read this, or is no longer allowed.
> : documented OKT902
- The org's Okta plan has no provisioning, or the role of the token is not sufficient.
> Ask Okta Support whether your org includes Lifecycle Management. : OKT902 OKT905
~ e0000006, permission to perform the requested action, e0000015, e0000038, access the feature you
    are requesting

# E0000007: Not found: Resource not found: … (User)
Okta does not have this person
This is Okta's own error about the id of a person in Okta.
- The person was deleted in Okta, or the id is not one of this org.
> In Okta, open Directory > People and search for the person. : documented
~ e0000007 … resource not found … user

# E0000007: Not found: Resource not found
Okta did not find what was requested
This is Okta's own error about an id in Okta, such as the id of the app or of a person.
- OKT903
~ e0000007, e0000008, e0000048, resource not found … appinstance

# E0000047: API call exceeded rate limit
Okta rate limits requests
This is Okta's own API rate limit. It is not about ngrok.
- Many requests were made to Okta's API in a short time.
> Wait a minute, then run the command again. : documented
~ e0000047, api call exceeded rate limit

# E0000022: The endpoint does not support the provided HTTP method
Okta's API does not know the request
This is Okta's own error. Usually the address of the org is wrong.
- OKT901
~ e0000022, e0000021, e0000060, e0000010, e0000009

# E0000001: Api validation failed
Okta refuses the request
This is Okta's own error. The wrong field is named after it, under errorCauses.
- A condition of the request is not met. For example, provisioning is off for the app.
> Run `ngrok-scim doctor --only OKT` to see what is off in the app. : OKT905
~ e0000001, e0000002, e0000003, e0000016, e0000041, api validation failed
"""
# What is known where no reason is given: no more than what Okta was doing.
_WITHOUT_A_REASON = """
# Error authenticating: null
Okta received no reply that it could read
No HTTP server replied at the base URL, or Okta gives no reason.
- NO_CONNECTION_FOR_A_MOMENT
- MISSPELLED_HOST
- FIREWALL_DROPS_OKTA
- SERVICE_IS_DOWN
- "Bearer" was typed before the key (some servers drop the connection then).
> TEST_KEY : vendor KEY205

# Sync user in external application
Okta could not sync a user
Okta gives no reason here. Usually Okta cannot use the reply of the server.
- WRONG_NUMBERS
- The look-up by user name fails.
> TEST : SCM519 SCM523
~ sync user in external application, provision user sync

# Verify user exists in external application
Okta looks for a user in ngrok
Okta does this before it creates a user.
- The look-up by user name fails.
> TEST : SCM519 SCM523

# Push new user to external application
Okta could not create somebody in ngrok
The reason is at the end of Okta's message, under Dashboard > Tasks, and in the System Log.
- ngrok refused this person.
> TRACE : OKT912 OKT914 OKT908
- The server failed temporarily.
> TEST : SCM506

# Push user's profile to external application
Okta could not update somebody in ngrok
The reason is at the end of Okta's message, under Dashboard > Tasks, and in the System Log.
- The account is gone from ngrok, or ngrok refused the change.
> TRACE : OKT909 OKT912 SCM522

# Push user reactivation in external application
Okta could not reactivate somebody in ngrok
The person is assigned in Okta and may be locked out of ngrok.
- The account is gone from ngrok, or ngrok refused the change.
> TRACE : OKT909 OKT912 SCM522

# Push user deactivation to external application
Okta could not deactivate somebody in ngrok
Okta does not retry by itself and has no retry button.
- The deactivation failed.
> DEACTIVATE_AGAIN : observed OKT911 SCM522

# Push user's password to external application
Okta could not push a password
ngrok's SCIM does not support passwords.
- "Sync Password" is ticked under To App.
> In Okta, open Provisioning > To App > Edit and clear "Sync Password". : OKT915

# Import users
Okta could not import users from ngrok
ngrok's guide does not use imports.
- FRM307

# Error authenticating: … . The connector configuration could not be tested. Make sure that the URL,
    Authentication Parameters are correct and that there is an implementation available at the URL
    provided.
Okta's connector test failed
These words are in each failure of the test (Okta's error E0000059). The reason is between them.
- One of the values in Okta's form is wrong.
> TEST : documented
~ e0000059, url authentication parameters, implementation available at the url, url provided, test
    connector configuration, test api credentials, ensure all details are set
"""

_of_the_test, _of_the_app = (tuple(read_rows(table)) for table in (_OF_THE_TEST, _OF_THE_APP))
OKTAS_OWN = (*_of_the_test, *_of_the_app)
SENTENCES = (*_of_the_test, *read_rows(_OF_A_CONNECTION), *_of_the_app)
_by_sentence = {row.sentence: row for row in SENTENCES}
NO_USERS = _by_sentence["No results for users returned"]
WEB_PAGE = _by_sentence["Invalid JSON: Unexpected character ('<' (code 60))"]
PLAIN_TEXT = _by_sentence["Invalid JSON: Unrecognized token"]
LOOK_UP_REFUSED = _by_sentence["E0000053: Invalid SCIM filter"]
API_VALIDATION = _by_sentence["E0000001: Api validation failed"]
GROUP_PUSH = _by_sentence["Linked group is missing in …"]

NO_ANSWER, SYNC_FAILED, *_headings = read_rows(_WITHOUT_A_REASON)
_stages = (Stage.LOOK_UP, Stage.ACCOUNT, Stage.PROFILE, Stage.REACTIVATION, Stage.DEACTIVATION)
HEADINGS = {
    **dict(zip((*_stages, Stage.PASSWORD, Stage.IMPORT, Stage.CALL), _headings, strict=True)),
    Stage.GROUPS: GROUP_PUSH,
}
