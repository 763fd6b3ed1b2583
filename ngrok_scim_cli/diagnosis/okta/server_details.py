"""What remote servers say, in the words of many of them: it counts before the status.

Okta passes it on behind "Errors reported by remote server". The texts are those of SCIM servers in
public reports; the words beside them are ours. ``rows`` says how the table reads.
"""

from ngrok_scim_cli.diagnosis.okta.rows import read_rows
from ngrok_scim_cli.diagnosis.okta.sentences import SENTENCES

_TABLE = """
# error code: 1010
A firewall in front of the server refuses Okta's request
The text comes from a firewall or gateway. The server itself probably never received the request.
- FIREWALL_REFUSES_OKTA
~ cloudflare, you have been blocked, attention required, incapsula, imperva, akamai, access denied …
    reference, requested url was rejected, support id is, zscaler, netskope, fortigate, fortiguard,
    sucuri, mod security, modsecurity, application gateway, javascript and cookies, cloudfront,
    request could not be satisfied, waf, awselb, awswaf, incident id, ray id, cf ray, barracuda,
    firewall, error|code & 1006|1007|1008|1009|1010|1011|1012|1015|1016|1020|1033, client denied by
    server

# IP address not allowed
The server does not allow Okta's addresses
A test that passes on your machine does not show that Okta's addresses are allowed.
- IP_RESTRICTIONS
~ ip address, ip restriction, ip policy, ip not allowed, ip allow list, ip range, source ip, your
    ip, ip is not, ip & not allowed|blocked|denied|restricted|acl, ip|address|addresses &
    allowlist|whitelist|whitelisted|allowlisted

# error code: 1010
~ request … blocked, page … blocked, request rejected, blocked by … policy, access to this page

# Too Many Requests
The server asked Okta to slow down (429)
Okta waits as long as the server says, or five minutes, and gives up after ten attempts.
- Many people were assigned at once, or a script uses the same account.
> WAIT_FOR_OKTA : documented SCM505 NGR709
@ 429
~ too many … requests, quota … requests, requests per, rate limit, rate limited, ratelimit,
    throttled, throttling, rate exceeded, request limit, slow down, slowdown, reduce your request
    rate, limiting requests

# The request body is not valid JSON
The server cannot read what Okta sent
The server complains of the body of Okta's request, not of the data of a person.
- Okta sent something that the server cannot read.
> REPORT : SCM507
~ json & unexpected end|end of|parse|parsing|decode|unterminated, line … column … char

# An unexpected error occurred
The server failed
The words are those of a program or a database on the server, and not about this person.
- FAILED_FOR_A_MOMENT
- A program or a database on the server fails.
> REPORT : SCM506
~ unexpected error, unexpected exception, unhandled exception, uncaught exception,
    nullpointerexception, nonetype, nil pointer, of undefined, of null, runtime error, traceback,
    stack trace, undefined method, undefined index, access denied for user, table or view, unknown
    column, duplicate column, relation|table|column|class|method & GONE, database &
    unavailable|locked|connection|failed|error, deadlock, lock wait timeout, connection pool, too
    many connections, sqlstate hy000, out of memory, no space left

# Please retry
The server was busy with this person
Another change was under way, or the server failed for a moment.
- FAILED_FOR_A_MOMENT
- OVERLOADED
~ please retry, try again later, temporarily unavailable, no server is available to handle, gateway
    time out, concurrent, concurrently, another operation, optimistic lock

# Cannot GET /scim/v2/Users
There is no SCIM at this address
The text comes from a web server that does not know the path. It says nothing about the key.
- WRONG_BASE_URL
~ missing authentication token,
    cannot get|cannot post|cannot put|cannot patch|cannot delete & scim|users, default backend, page
    not found, no static resource, no handler found, on this server, route get|route post|route
    put|route patch & not found, no route matched, requested url, requested resource could not,
    directory not found, invalid namespace, organization not found, tenant not found, realm not
    found

# PUT is not supported
The server does not accept the kind of request with which Okta changes people
Classic apps update people with PUT, apps of the Okta Integration Wizard with PATCH.
- OTHER_METHOD
~ put instead of patch, patch instead of put, PATCH & not supported|not allowed|not accepted|not
    implemented|unsupported|without|only|missing|filter, cannot put|cannot patch & scim|users,
    patchop, PATCH & INVALID|ABSENT|must|too many, replace & path|operation|active & NOT|only

# SCIM is not available on your plan
The plan does not include SCIM
The server knows SCIM, but this account may not use it. A retry fails again.
- PLAN_WITHOUT_SCIM
~ plus teams only, scim|provisioning & require|requires|needs & license|licenses|premium, PLAN &
    NOT|require|requires|upgrade|included & scim|provisioning|enterprise, to use scim, enterprise
    plan, enterprise customers, plan|plans &
    available|included|includes|part|support|supports|allow|allows, license|licenses &
    include|includes|included & scim|provisioning, feature & plan|available|enterprise|premium|paid,
    upgrade to, paid plan, requires a paid, not have access to scim, scim|provisioning & not
    available & organization|account|plan

# SSO is not configured
The account has no identity provider for sign-in (SSO)
SCIM needs SSO: ngrok's documentation says that an identity provider must be configured before SCIM.
- No identity provider is configured for sign-in to the account.
> Open https://dashboard.ngrok.com/settings and choose "+ New Identity Provider".
    : documented SCM506 SCM502
~ neither saml, not using sso, without sso, sso|single sign on & not enabled|not configured|not set
    up, sso|single sign on & scim|provisioning|provisioned & must be|required|requires|first,
    configure|enable & sso|single sign on & first|before

# Provisioning is not turned on
The server says that provisioning is turned off
Okta reaches the server, which accepts no users until SCIM is turned on there.
- SCIM is not chosen in the settings of the ngrok account.
> Open https://dashboard.ngrok.com/settings and choose "Automated User Provisioning via SCIM 2.0". :
    SCM506 SCM502
~ SCIM & OFF, enable|activate|turn on|switch on & scim|provisioning, scim is not, scim not,
    provisioning is not, provisioning not, directory sync is not, scim is inactive, provisioning is
    inactive, before scim can, scim turned on, scim integration not, scim has not been

# The maximum number of seats is reached
The plan has no free seat for this person
Each active user in ngrok needs a seat. A retry fails again while no seat is free.
- All seats of the plan are in use.
> Open https://dashboard.ngrok.com/billing/choose-a-plan and add a seat. : NGR707
~ SEAT & LIMIT|no|none|without|not have|exhausted|in use|taken|used all, plan limit, upgrade your
    plan, cannot add more, exceeds your plan, exceed your plan, purchased seats,
    users|user|members|member|team & limit|maximum|max|quota|too many|number of|full|more &
    reached|exceeded|exceeds|limit|maximum|max|quota|too many|full|upgrade, number of &
    exceeded|reached|limit

# The license could not be assigned
The server refuses this person because of a license or the plan
The server does not say that all seats are in use. A retry fails again.
- The plan, or a license of the account, does not allow this person.
> Compare the seats and the members at https://dashboard.ngrok.com/billing/choose-a-plan. : NGR707
@ 402
~ payment required, SEAT & unable|not licensed|not assigned|could not|cannot assign|cannot allocate,
    subscription & active|reinstate|expired

# The workspace is suspended
The whole account is suspended on the server
The server accepts nobody while the account of the organization is suspended.
- NGR708
~ organization|workspace|tenant|company|org &
    suspended|disabled|deactivated|frozen|closed|expired|inactive

# SAML response not valid
The message is about sign-in, not about provisioning
Sign-in (SAML, SSO) and provisioning (SCIM) are set up apart. One can fail while the other works.
- Somebody could not sign in.
> TEST
~ unable to sign in, cannot sign in, failed to sign in, user failed to login, user failed to log in,
    user login to okta, your password has expired, your request resulted in an error

# Cannot deactivate an owner
The person is an administrator on the server
Many servers do not allow SCIM to deactivate the last administrator or an owner.
- The person is an administrator or the owner of the account.
> Make another member an administrator at https://dashboard.ngrok.com/team-members, then change the
    role of this person. : OKT911 @CHANGING @UNKNOWN @DEACTIVATION
- Okta sends a role that SCIM may not give.
> CHECK_ATTRIBUTES : vendor OKT915 @ACCOUNT
~ OWNER & cannot be

# This user cannot be deactivated
The server refuses to deactivate this person
The reason is behind "Errors reported by remote server". The same request is refused again.
- Something on the server depends on the account.
> TRACE : OKT911 REH006
~ cannot be deactivated, cannot be deprovisioned, update or delete on table

# User must be active
The account exists but is locked or deactivated
The server does not update such an account. A retry fails again.
- The account is locked or deactivated.
> TRACE : vendor USR607
@ 423
~ USER & INACTIVE, could not reactivate

# User … is not allowed to be created in this organization
The server does not let Okta create this person
The server does not say why. A retry fails again.
- The e-mail domain of the person may not be allowed.
> Run `ngrok-scim domain list` and ask support@ngrok.com about the domain of this person. : DOM801
    DOM802 USR606
- The account may have no free seat.
> Compare the seats and the members at https://dashboard.ngrok.com/billing/choose-a-plan. : NGR707
- NOT_ALLOWED_TO_WRITE
~ not allowed to|not permitted to|may not|must not|cannot & be created in|be added to|be provisioned
    in|be provisioned to|be invited to|join & this|your|the &
    organization|workspace|team|tenant|account|company, creation|creating & not allowed|not
    permitted|cannot & this|your & organization|workspace|team|tenant|account|company

# The e-mail domain is not allowed
The account does not allow the domain of this e-mail address
The server accepts only people of certain domains. A retry fails again.
- The domain was not submitted, or ngrok support has not approved it.
> Run `ngrok-scim domain list` and ask support@ngrok.com about the domain of this person. : DOM801
    DOM802 USR606
- The address of the person in Okta is not their work address.
> In Okta, open Directory > People, choose the person and correct the address. : OKT914
~ EMAIL & must be from|must belong|from one of, DOMAIN &
    NOT|INVALID|verified|allowed|must|claimed|blocked|outside|restriction|whitelisted|allowlisted|
    different|another, domainaddress, EMAIL|address & not part of, outside the organization,
    company|corporate|business & EMAIL & only|must, e mail providers, email providers,
    free|disposable & EMAIL & not allowed|not accepted|blocked, email & not allowed & is|for

# Linked group is missing in …
Okta tries to push a group
ngrok's SCIM does not support groups, so Okta cannot push them.
- GROUPS_ARE_PUSHED
~ GROUP & INVALID|ABSENT|GONE|EXISTS|FIXED|add|remove|members|scim

# An attribute is not accepted
The server refuses an attribute that Okta sends
ngrok documents only user name, display name and active state. A retry sends the same again.
- NOT_ACCEPTED
~ attribute … not exist, property … not exist, field … not exist, schema … not exist, schema … not
    found, invalid role, unknown role, role … not valid,
    role|roles|manager|department|division|entitlement & not found|not exist|no such, must be one
    of, enum value, not a valid choice, invalid choice

# User not found
The account of this person is gone from the server
The server has no user with the id that Okta has. A retry fails again.
- GONE
~ USER|resource|resources & GONE, not a registered user, unknown user, unknown account, unknown
    member

# Insufficient permission
The key is valid, but it is not allowed to do that
The server accepts the key but does not allow it to make this request.
- NOT_ALLOWED_TO_WRITE
- IP_RESTRICTIONS
~ you|user|token|key|client|operation|action|request|access & not permitted, only … administrators
    can, only … admins can, lack|lacks & access|token|key, RIGHT &
    NOT|missing|lacks|lack|insufficient|required|denied|requires|invalid|must be set|must
    provide|unsupported, only administrators, only admins, read only & key|token|access|user|role,
    required role, have & access|role & not, must be an admin, not an administrator, not an admin,
    not an account admin, access & limited|restricted, saml enforcement, role is not allowed, owner
    role, not authorized to perform, not authorized to access, not authorized for, not accessible
    by, admin|administrator & rights|role|requires, not allowed to manage, access control rules,
    unable to access, is not admin, rbac, allowing|allowed|allows & readonly|read only, not grant

# SAML response not valid
~ redirect uri, saml account, saml response, saml assertion, saml authentication, saml identity,
    relaystate, aadsts, multi factor authentication, single sign on, sso login

# The password does not meet the policy
The server checks the password that Okta sends
Okta sends a random password with each new person. ngrok's documentation names no password.
- The server applies its password policy to it.
> REPORT : observed REH001
~ credential must be, password requirements, strong password must be chosen

# Invalid token
The server refuses the credentials
The server did not accept the key. Once the right one is saved, retry under Dashboard > Tasks.
- STORED_KEY
- DIRTY_KEY
~ KEY & UNUSABLE, KEY & changed|rotated|replaced & fail|fails|failing, key &
    expired|revoked|invalid|not valid|no longer valid|inactive, no token, could not authenticate,
    failed to authenticate, unauthenticated, not authenticated, jwt, authorization header, auth
    token, valid credential, api key, apikey, api token, bearer token, administrator login, requires
    authentication, verification failed unauthorized, is unauthorized, unauthorizedexception,
    authentication & error|failure|failed

# Cannot deactivate an owner
~ OWNER & last|only|remaining|at least
    one|confirmed|default|deactivate|remove|revoke|suspend|deprovision|deactivated|multiple,
    owner|owners & cannot|create|not, the only active, the only remaining, account owner,
    organization owner, workspace owner, this user is the api user

# userName is immutable
The server does not allow Okta to change the user name
Okta sends a user name that differs from the one in the account.
- The e-mail address or the user name of the person was changed in Okta.
> TRACE : OKT914 OKT906
~ EMAIL|account|user & FIXED, immutable, mutability, not allowed to change, FIXED &
    attribute|attributes & not|can|immutable

# More than one user matches
The server has several accounts for one person
Okta looks a person up by user name and needs one match or none.
- USR605 SCM519
~ multiple|more than one|several|ambiguous & users|user|matching|matches|accounts|account|match,
    second|twice & account|accounts|user|users & created|creates|create|shows|appears|listed,
    ambiguous, toomany

# User already exists
The account already exists
The server has an account with this user name, e-mail address or id already. A retry fails again.
- EXISTS_ALREADY
~ EXISTS &
    USER|EMAIL|value|values|address|name|id|externalid|constraint|index|key|registered|another|
    operation|entry|resource,
    uniqueness, already taken, already used, already been taken, already associated, not unique,
    already exist, objectexistssyncexception, modelduplicateexception, duplicatekeyexception,
    sequelizeuniqueconstrainterror, uniqueconstrainterror, unique violation

# The password does not meet the policy
~ PASSWORD &
    NOT|must|history|should|policy|complexity|too|weak|compromised|recent|INVALID|characters

# The base URL is invalid
The base URL is not accepted
The message is about the address in Okta's form, not about a person.
- The base URL is wrong.
> SET_BASE_URL : URL103 URL106 URL107 URL108 URL109 URL115 URL118
~ URL & INVALID|ABSENT, invalid scim endpoint, scim endpoint is invalid, scim endpoint is not valid,
    scim endpoint is incorrect

# An attribute is required
An attribute that the server requires is empty
It is empty in the person's profile, or not mapped. A retry fails again.
- WRONG_ATTRIBUTE
- The attribute is not mapped.
> In Okta, open Provisioning > To App > "Show Unmapped Attributes" and map it. : OKT915
~ ATTRIBUTE|EMAIL|USER & ABSENT, EMAIL & not have|no|without & primary, is required, are required,
    cannot be null, cannot be blank, cannot be empty, missing required, but got null

# Invalid e-mail address
The user name that Okta sends is not an e-mail address
ngrok's documentation says that the user name must be the e-mail address.
- NOT_THE_EMAIL
~ EMAIL & invalid|not valid|malformed|format|must be|should be|an email|wrong|bad|match the
    primary|not an e mail|well formed, emailasusername, multiple & primary & email, user name must
    be, a valid email, email as username, email as the username, EMAIL & pattern

# A value is too long, or has special characters
A value of the person is too long, or has characters that the server does not accept
A retry sends the same again.
- WRONG_ATTRIBUTE
- ATTRIBUTES
~ LONG, name contains|name must|name may|name can|ATTRIBUTE|EMAIL &
    invalid|illegal|special|unsupported|disallowed|control|may only contain|can only contain &
    characters|character|letters|alphanumeric

# An attribute is not accepted
~ ATTRIBUTE|EMAIL|USER|patch|data|request|input|profile|path & INVALID, validation error, validation
    failed, validation errors, constraint violation, invalidvalue, invalidpath, invalid syntax,
    malformed syntax, syntactically incorrect, no target, notarget, path target, FIXED &
    attribute|attributes, remove & required & attribute, schema & not|no|violation, must be a
    string, must be a boolean, not able to parse input, attribute|attributes|property|properties &
    GONE|no|not implemented, e0000050, invalid scim data from client
"""

DETAILS = tuple(read_rows(_TABLE, SENTENCES))
_by_sentence = {row.sentence: row for row in reversed(DETAILS)}
FIREWALL = _by_sentence["error code: 1010"]
BLOCKED = next(row for row in DETAILS if row.sentence == FIREWALL.sentence and row != FIREWALL)
REFUSED = _by_sentence["User … is not allowed to be created in this organization"]
RATE_LIMITED = _by_sentence["Too Many Requests"]
SIGN_IN = next(row for row in DETAILS if row.wordings.startswith("redirect uri"))
GROUP = _by_sentence["Linked group is missing in …"]
USER_NOT_FOUND = _by_sentence["User not found"]
DEACTIVATION_REFUSED = _by_sentence["This user cannot be deactivated"]
# Single words that suffice where a server refuses one person, and no wording of any row fits.
_SINGLE_WORDS = {
    "The maximum number of seats is reached": "quota, capacity, maximum number, limit reached, "
    "limit exceeded, limited to",
    "The license could not be assigned": "SEAT, plan, plans, billing, upgrade",
    "User must be active": "INACTIVE",
    "The e-mail domain is not allowed": "DOMAIN",
    "Cannot deactivate an owner": "OWNER",
    "userName is immutable": "cannot change, cannot be changed, rename, changing",
    "User already exists": "EXISTS, conflict, conflicts, assigned to, another account, "
    "another organization",
    "The password does not meet the policy": "PASSWORD",
    "An attribute is required": "ABSENT, must have",
    "Invalid e-mail address": "email|e mail & format|syntax|valid",
    "An attribute is not accepted": "ATTRIBUTE",
}
BY_SINGLE_WORDS = tuple(
    _by_sentence[sentence]._replace(wordings=said) for sentence, said in _SINGLE_WORDS.items()
)
# Anything on the network says these; a typo of another word must not be read as one of them.
OF_A_NETWORK = (FIREWALL, _by_sentence["IP address not allowed"], BLOCKED)
# Any program says these; they count only where a SCIM server is known to have said them.
OF_ANY_PROGRAM = tuple(
    _by_sentence[name]
    for name in ("The request body is not valid JSON", "An unexpected error occurred")
)
