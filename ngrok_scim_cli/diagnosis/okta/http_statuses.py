"""The statuses of HTTP (RFC 9110 section 15), which count where the server said no more.

``rows`` says how the tables read.
"""

from ngrok_scim_cli.diagnosis.okta.rows import read_rows

_TABLE = """
# Unauthorized
The server refuses the credentials (401)
The server did not accept the key. ngrok itself was seen to reply 403, not 401, to such a key.
- STORED_KEY
- DIRTY_KEY
@ 401

# Forbidden
The server forbids the request (403)
ngrok replies 403 to a key that it refuses, and perhaps to an address that it does not allow.
- The key in Okta is revoked, replaced, incomplete, or another kind of credential.
> TEST_KEY : observed KEY214 KEY207 KEY208 OKT913
- DIRTY_KEY
- IP_RESTRICTIONS
- PLAN_WITHOUT_SCIM
@ 403
~ forbidden, access denied, accessdenied, explicit deny

# 404 Not Found, 410 Gone
What Okta asked for was not found ({})
In the connector test, usually the base URL is wrong; for one person, the account is gone.
- PROBABLY_GONE
- The server does not support Okta's kind of update. The account may still exist.
> REHEARSE : observed SCM522 REH004 REH005 @CHANGING
- The account was probably removed in ngrok already.
> TRACE : OKT909 @DEACTIVATION
- The base URL is wrong.
> SET_BASE_URL : SCM503 URL109 URL110 URL111 URL112 URL117

# Conflict
The account already exists (409)
The server has an account with this user name, e-mail address or id already. A retry fails again.
- EXISTS_ALREADY
@ 409
~ conflict, conflicts with

# Bad Request
The server does not understand what Okta sent (400)
A retry sends the same again. ngrok also replies with 400 to an authtoken.
- OTHER_CREDENTIAL
- ATTRIBUTES @UNKNOWN @ONE_PERSON
- The server expects another address, or something that Okta's test does not send.
> TEST : SCM507 URL109 @CALL
@ 400

# Unprocessable Entity
The server refuses the data of this person (422)
A retry sends the same again.
- NOT_ACCEPTED
@ 422
~ unprocessable entity, unprocessable content

# Method Not Allowed
The server does not accept this kind of request (405)
Classic apps update people with PUT, apps of the Okta Integration Wizard with PATCH.
- OTHER_METHOD
- WRONG_BASE_URL @MAKING @CALL
@ 405

# 406 Not Acceptable, 415 Unsupported Media Type
Okta and the server have no format in common ({})
Okta sends and accepts application/scim+json.
- NO_SCIM_JSON
- WRONG_BASE_URL

# 412 Precondition Failed, 424 Failed Dependency
A condition of the server is not met ({})
The server may refuse this person, or the form of the request. A retry fails again.
- The server does not accept this person or this change.
> TRACE : OKT912 @UNKNOWN @ONE_PERSON
- Another service at the base URL replied.
> TEST : SCM507 URL109

# 411 Length Required, 413 Payload Too Large, 414 URI Too Long, 417 Expectation Failed,
    421 Misdirected Request, 425 Too Early, 426 Upgrade Required, 428 Precondition Required,
    431 Request Header Fields Too Large, 451 Unavailable For Legal Reasons
A device on the network path refuses the form of Okta's request ({})
SCIM servers do not usually reply like this to Okta. Probably a gateway or another service replied.
- A gateway in front of the server, or another service at the base URL, replied.
> TEST : SCM507 URL109
- ATTRIBUTES @ONE_PERSON

# 301 Moved Permanently, 302 302 Found, 303 See Other, 307 Temporary Redirect,
    308 Permanent Redirect
The server redirects Okta to another address ({})
The base URL is not the final address. It is not known whether Okta follows redirects.
- SCM504

# Not Implemented
The server does not support what Okta asks for (501)
ngrok's SCIM supports users only, not groups.
- OTHER_METHOD
- GROUPS_ARE_PUSHED
- WRONG_BASE_URL
@ 501

# 500 Internal Server Error, 502 Bad Gateway, 503 Service Unavailable, 504 Gateway Timeout,
    505 HTTP Version Not Supported, 507 Insufficient Storage, 508 Loop Detected,
    510 Not Extended, 511 Network Authentication Required
The server failed ({})
The fault is on the server, or on a gateway in front of it, and not in your values.
- FAILED_FOR_A_MOMENT
- OVERLOADED

# 520 Web server returned an unknown error, 521 Web server is down,
    522 Origin connection time-out, 523 Origin is unreachable, 524 A timeout occurred,
    525 SSL handshake failed, 526 Invalid SSL certificate, 527 Railgun error,
    530 Origin DNS error
A gateway cannot reach the server ({})
Cloudflare, a gateway between Okta and the server, uses these statuses.
- FAILED_FOR_A_MOMENT
- The base URL leads to a host behind Cloudflare whose server does not answer.
> TEST : SCM506 URL108

# 200 OK
The server replied with success
If Okta still shows a failure, it cannot use the content of the reply.
- The reply has no list of users.
> TEST : SCM508 SCM511 USR601
@ 200 201 202 204
~ 200 ok, 201 created, 204 no content
"""
# A 403 with a message of the server that is not known.
_FORBIDDEN = """
# Forbidden. Errors reported by remote server: …
The server forbids what Okta wants to do for this person (403)
The reason is behind "Errors reported by remote server". A retry fails again.
- The server gives a reason that is not known here, or it is cut off.
> TRACE : OKT912
- NOT_ALLOWED_TO_WRITE
- The key in Okta is revoked, replaced, incomplete, or another kind of credential.
> TEST_KEY : KEY214 OKT913
"""

STATUSES = tuple(read_rows(_TABLE))
BAD_REQUEST = next(row for row in STATUSES if row.sentence == "Bad Request")
# Where the server said more, the key is not meant.
BAD_REQUEST_FOR_A_REASON = BAD_REQUEST._replace(causes=BAD_REQUEST.causes[1:])
FORBIDDEN_FOR_A_PERSON = next(read_rows(_FORBIDDEN))
