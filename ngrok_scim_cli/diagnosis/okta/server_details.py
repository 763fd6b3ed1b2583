"""What remote servers say, in the words of many of them: it counts before the status.

Okta passes it on behind "Errors reported by remote server". The texts are those of SCIM servers in
public reports; the words beside them are ours.
"""

from ngrok_scim_cli.diagnosis.okta import causes, fixes
from ngrok_scim_cli.diagnosis.okta.causes import (
    CHANGING,
    DOCUMENTED,
    OBSERVED,
    VENDOR,
    Cause,
    Row,
    by_code,
    row,
)
from ngrok_scim_cli.diagnosis.okta.sentences import GROUP_PUSH, REQUEST_BODY
from ngrok_scim_cli.diagnosis.okta.stages import Stage

FIREWALL = row(
    "error code: 1010",
    "A firewall in front of the server refuses Okta's request",
    "The text comes from a firewall or gateway. The server itself probably never received the "
    "request.",
    causes.FIREWALL_REFUSES_OKTA,
    wordings="""cloudflare, you have been blocked, attention required, incapsula, imperva, akamai,
    access denied … reference, requested url was rejected, support id is, zscaler, netskope,
    fortigate, fortiguard, sucuri, mod security, modsecurity, application gateway, javascript and
    cookies, cloudfront, request could not be satisfied, waf, awselb, awswaf, incident id, ray id,
    cf ray, barracuda, firewall, error|code &
    1006|1007|1008|1009|1010|1011|1012|1015|1016|1020|1033, client denied by server""",
)
BLOCKED = FIREWALL._replace(
    wordings="""request … blocked, page … blocked, request rejected, blocked by … policy, access to
    this page"""
)
RATE_LIMITED = row(
    "Too Many Requests",
    "The server asked Okta to slow down (429)",
    "Okta waits as long as the server says, or five minutes, doubles that each time, and "
    "gives up after ten attempts.",
    Cause(
        "Many people were assigned at once, or a script uses the same account.",
        fixes.WAIT_FOR_OKTA,
        ("SCM505", "NGR709"),
        DOCUMENTED,
    ),
    wordings="""too many … requests, quota … requests, requests per, rate limit, rate limited,
    ratelimit, throttled, throttling, rate exceeded, request limit, slow down, slowdown, reduce your
    request rate, limiting requests""",
    statuses=(429,),
)
SIGN_IN = row(
    "SAML response not valid",
    "The message is about sign-in, not about provisioning",
    "Sign-in (SAML, SSO) and provisioning (SCIM) are set up apart. One can fail while the other "
    "works.",
    Cause("Somebody could not sign in.", fixes.TEST),
    wordings="""redirect uri, saml account, saml response, saml assertion, saml authentication, saml
    identity, relaystate, aadsts, multi factor authentication, single sign on, sso login""",
)

IP_NOT_ALLOWED = row(
    "IP address not allowed",
    "The server does not allow Okta's addresses",
    "The request came from an address that the account does not allow. A test that passes on "
    "your machine does not show that Okta is allowed.",
    causes.IP_RESTRICTIONS,
    wordings="""ip address, ip restriction, ip policy, ip not allowed, ip allow list, ip range,
    source ip, your ip, ip is not, ip & not allowed|blocked|denied|restricted|acl,
    ip|address|addresses & allowlist|whitelist|whitelisted|allowlisted""",
)
GROUP = GROUP_PUSH._replace(
    wordings="GROUP & INVALID|ABSENT|GONE|EXISTS|FIXED|add|remove|members|scim"
)

UNREADABLE = REQUEST_BODY._replace(
    wordings="json & unexpected end|end of|parse|parsing|decode|unterminated, line … column … char"
)
PROGRAM_FAILED = row(
    "An unexpected error occurred",
    "The server failed",
    "The words are those of a program or a database on the server, and not about this person.",
    causes.FAILED_FOR_A_MOMENT,
    Cause("A program or a database on the server fails.", fixes.REPORT, ("SCM506",)),
    wordings="""unexpected error, unexpected exception, unhandled exception, uncaught exception,
    nullpointerexception, nonetype, nil pointer, of undefined, of null, runtime error, traceback,
    stack trace, undefined method, undefined index, access denied for user, table or view, unknown
    column, duplicate column, relation|table|column|class|method & GONE, database &
    unavailable|locked|connection|failed|error, deadlock, lock wait timeout, connection pool, too
    many connections, sqlstate hy000, out of memory, no space left""",
)
USER_NOT_FOUND = row(
    "User not found",
    "The account of this person is gone from the server",
    "The server has no user with the id that Okta has. A retry fails again.",
    causes.GONE,
    wordings="""USER|resource|resources & GONE, not a registered user, unknown user, unknown
    account, unknown member""",
)
OWNER = row(
    "Cannot deactivate an owner",
    "The person is an administrator on the server",
    "Many servers do not allow SCIM to deactivate the last administrator or an owner.",
    Cause(
        "The person is an administrator or the owner of the account.",
        "Make another member an administrator at https://dashboard.ngrok.com/team-members, "
        "then change the role of this person.",
        ("OKT911",),
        stages=(None, *CHANGING, Stage.DEACTIVATION),
    ),
    causes.ATTRIBUTES._replace(
        cause="Okta sends a role that SCIM may not give.", stages=(Stage.ACCOUNT,)
    ),
    wordings="""OWNER & last|only|remaining|at least
    one|confirmed|default|deactivate|remove|revoke|suspend|deprovision|deactivated|multiple,
    owner|owners & cannot|create|not, the only active, the only remaining, account owner,
    organization owner, workspace owner, this user is the api user""",
    loosely="OWNER",
)
ATTRIBUTE_REFUSED = row(
    "An attribute is not accepted",
    "The server refuses an attribute that Okta sends",
    "Okta maps many attributes by default. ngrok documents only the user name, the display "
    "name and the active state. A retry sends the same again.",
    *causes.NOT_ACCEPTED,
    wordings="""ATTRIBUTE|EMAIL|USER|patch|data|request|input|profile|path & INVALID, validation
    error, validation failed, validation errors, constraint violation, invalidvalue, invalidpath,
    invalid syntax, malformed syntax, syntactically incorrect, no target, notarget, path target,
    FIXED & attribute|attributes, remove & required & attribute, schema & not|no|violation, must
    be a string, must be a boolean, not able to parse input,
    attribute|attributes|property|properties & GONE|no|not implemented, e0000050, invalid scim
    data from client""",
    loosely="ATTRIBUTE",
)
# Anything on the network says these; a typo of another word must not be read as one of them.
OF_A_NETWORK = (FIREWALL, IP_NOT_ALLOWED, BLOCKED)
# Any program says these; they count only where a SCIM server is known to have said them.
OF_ANY_PROGRAM = (UNREADABLE, PROGRAM_FAILED)

DETAILS: tuple[Row, ...] = (
    *OF_A_NETWORK,
    RATE_LIMITED,
    *OF_ANY_PROGRAM,
    row(
        "Please retry",
        "The server was busy with this person",
        "Another change was under way, or the server failed for a moment.",
        causes.FAILED_FOR_A_MOMENT,
        causes.OVERLOADED,
        wordings="""please retry, try again later, temporarily unavailable, no server available,
        gateway time out, concurrent, concurrently, another operation, optimistic lock""",
    ),
    row(
        "Cannot GET /scim/v2/Users",
        "There is no SCIM at this address",
        "The text comes from a web server that does not know the path. It says nothing about the "
        "key.",
        causes.WRONG_BASE_URL,
        wordings="""cannot get|cannot post|cannot put|cannot patch|cannot delete & scim|users,
        default backend, page not found, no static resource, no handler found, on this server,
        route get|route post|route put|route patch & not found, no route matched, requested url,
        requested resource could not, directory not found, invalid namespace, organization not
        found, tenant not found, realm not found""",
    ),
    row(
        "PUT is not supported",
        "The server does not accept the kind of request with which Okta changes people",
        "An app of the Classic experience updates people with PUT. An app of the Okta Integration "
        "Wizard uses PATCH.",
        causes.OTHER_METHOD,
        wordings="""put instead of patch, patch instead of put, PATCH & not supported|not
        allowed|not accepted|not implemented|unsupported|without|only|missing|filter, cannot
        put|cannot patch & scim|users, patchop, PATCH & INVALID|ABSENT|must|too many, replace &
        path|operation|active & NOT|only""",
    ),
    row(
        "SCIM is not available on your plan",
        "The plan does not include SCIM",
        "The server knows SCIM, but this account may not use it. A retry fails again.",
        causes.PLAN_WITHOUT_SCIM,
        wordings="""plus teams only, scim|provisioning & require|requires|needs &
        license|licenses|premium, PLAN &
        NOT|require|requires|upgrade|included & scim|provisioning|enterprise, to use scim,
        enterprise plan, enterprise customers, plan|plans &
        available|included|includes|part|support|supports|allow|allows, license|licenses &
        include|includes|included & scim|provisioning, feature &
        plan|available|enterprise|premium|paid, upgrade to, paid plan, requires a paid, not have
        access to scim, scim|provisioning & not available & organization|account|plan""",
    ),
    row(
        "SSO is not configured",
        "The account has no identity provider for sign-in (SSO)",
        "SCIM needs SSO: ngrok's documentation says that an identity provider must be configured "
        "before SCIM.",
        Cause(
            "No identity provider is configured for sign-in to the account.",
            'Open https://dashboard.ngrok.com/settings and choose "+ New Identity Provider".',
            ("SCM506", "SCM502"),
            DOCUMENTED,
        ),
        wordings="""neither saml, not using sso, without sso, sso|single sign on & not enabled|not
        configured|not set up, sso|single sign on & scim|provisioning & must
        be|required|requires|first, configure|enable & sso|single sign on & first|before""",
    ),
    row(
        "Provisioning is not turned on",
        "The server says that provisioning is turned off",
        "Okta reaches the server, which accepts no users until SCIM is turned on there.",
        Cause(
            "SCIM is not chosen in the settings of the ngrok account.",
            'Open https://dashboard.ngrok.com/settings and choose "Automated User '
            'Provisioning via SCIM 2.0".',
            ("SCM506", "SCM502"),
        ),
        wordings="""SCIM & OFF, enable|activate|turn on|switch on & scim|provisioning, scim is not,
        scim not, provisioning is not, provisioning not, directory sync is not, scim is inactive,
        provisioning is inactive, before scim can, scim turned on, scim integration not, scim has
        not been""",
    ),
    row(
        "The maximum number of seats is reached",
        "The plan has no free seat for this person",
        "Each active user in ngrok needs a seat. A retry fails again while no seat is free.",
        Cause(
            "All seats of the plan are in use.",
            "Open https://dashboard.ngrok.com/billing/choose-a-plan and add a seat.",
            ("NGR707",),
        ),
        wordings="""payment required, SEAT & LIMIT|no|none|without|unable|not have|not
        licensed|not assigned|exhausted|could not|cannot assign|cannot allocate, plan limit, upgrade
        your plan, exceeds your plan, exceed your plan, purchased seats, seats are in use,
        users|user|members|member|team & limit|maximum|max|quota|too many|number of|full|more &
        reached|exceeded|exceeds|limit|maximum|max|quota|too many|full|upgrade, subscription &
        active|reinstate|expired, number of & exceeded|reached|limit""",
        loosely="""SEAT, plan, plans, quota, billing, capacity, maximum number, limit reached, limit
        exceeded, upgrade, limited to""",
        statuses=(402,),
    ),
    row(
        "The workspace is suspended",
        "The whole account is suspended on the server",
        "The server accepts nobody while the account of the organization is suspended.",
        by_code("NGR708"),
        wordings="""organization|workspace|tenant|company|org &
        suspended|disabled|deactivated|frozen|closed|expired|inactive""",
    ),
    # Before an account that is locked: "Unable to sign in. Your account is locked."
    SIGN_IN._replace(
        wordings="""unable to sign in, cannot sign in, failed to sign in, user failed to login, user
        failed to log in, user login to okta, your password has expired, your request resulted in an
        error"""
    ),
    # Before an account that is deactivated: "An owner cannot be deactivated".
    OWNER._replace(wordings="owner|owners|admin|admins|administrator & cannot be", loosely=""),
    row(
        "User must be active",
        "The account exists but is locked or deactivated",
        "The server does not update such an account. A retry fails again.",
        Cause("The account is locked or deactivated.", fixes.TRACE, ("USR607",), VENDOR),
        wordings="USER & INACTIVE, could not reactivate",
        loosely="INACTIVE",
        statuses=(423,),
    ),
    row(
        "The e-mail domain is not allowed",
        "The account does not allow the domain of this e-mail address",
        "The server accepts only people of certain domains. A retry fails again.",
        Cause(
            "The domain was not submitted, or ngrok support has not approved it.",
            "Run `ngrok-scim domain list` and ask support@ngrok.com about the domain of this "
            "person.",
            ("DOM801", "DOM802", "USR606"),
        ),
        Cause(
            "The address of the person in Okta is not their work address.",
            "In Okta, open Directory > People, choose the person and correct the address.",
            ("OKT914",),
        ),
        wordings="""not allowed to|may not|cannot & be created in|be added to & this|your &
        organization|workspace|team|tenant|account|company, EMAIL & must be from|must
        belong|from one of, DOMAIN &
        NOT|INVALID|verified|allowed|must|claimed|blocked|outside|restriction|whitelisted|allowlisted|different|another,
        domainaddress, EMAIL|address & not part of, outside the organization,
        company|corporate|business & EMAIL & only|must, email & not allowed & is|for""",
        loosely="DOMAIN",
    ),
    GROUP,
    # Before a person who does not exist: "Attribute 'title' does not exist on User".
    ATTRIBUTE_REFUSED._replace(
        wordings="""attribute … not exist, property … not exist, field … not exist, invalid
        role, unknown role, role … not valid, role|roles|manager|department|division|entitlement &
        not found|not exist|no such, enum value, not a valid choice, invalid choice""",
        loosely="",
    ),
    USER_NOT_FOUND,
    row(
        "Insufficient permission",
        "The key is valid, but it is not allowed to do that",
        "The server accepts the key but does not allow it to make this request.",
        causes.NOT_ALLOWED_TO_WRITE,
        causes.IP_RESTRICTIONS,
        wordings="""you|user|token|key|client|operation|action|request|access & not permitted, only
        … administrators can, only … admins can, lack|lacks & access, RIGHT &
        NOT|missing|lacks|lack|insufficient|required|denied|requires|invalid|must be
        set|must provide|unsupported, only administrators, only admins, read only &
        key|token|access|user|role, required role, have & access|role & not, must be an admin, not
        an administrator, not an admin, not an account admin, saml enforcement, role is not allowed,
        owner role, not authorized to perform, not authorized to access, not authorized for, not
        accessible by, admin|administrator & rights|role|requires, not allowed to manage,
        access control rules, unable to access, is not admin, rbac, allowing|allowed|allows &
        readonly|read only""",
    ),
    SIGN_IN,
    row(
        "Missing Authentication Token",
        "An API gateway replied instead of the server",
        "AWS API Gateway shows this for a path that it does not know. It says nothing about the "
        "key.",
        causes.WRONG_BASE_URL,
        wordings="missing authentication token",
    ),
    row(
        "Invalid token",
        "The server refuses the credentials",
        "Okta reached the server, which did not accept the key. After the right key is saved, "
        "retry the failed tasks under Dashboard > Tasks.",
        causes.STORED_KEY,
        causes.DIRTY_KEY,
        wordings="""KEY & UNUSABLE, KEY & changed|rotated|replaced & fail|fails|failing, key &
        expired|revoked|invalid|not valid|no longer valid|inactive, no token, could not
        authenticate, failed to authenticate, unauthenticated, not authenticated, jwt, authorization
        header, auth token, valid credential, api key, apikey, api token, bearer token,
        administrator login, requires authentication, verification failed unauthorized, is
        unauthorized, unauthorizedexception, authentication & error|failure|failed""",
    ),
    OWNER,
    row(
        "userName is immutable",
        "The server does not allow Okta to change the user name",
        "Okta sends a user name that differs from the one in the account.",
        Cause(
            "The e-mail address or the user name of the person was changed in Okta.",
            fixes.TRACE,
            ("OKT914", "OKT906"),
        ),
        wordings="""EMAIL|account|user & FIXED, immutable, mutability, not allowed to change, FIXED
        & attribute|attributes & not|can|immutable""",
        loosely="cannot change, cannot be changed, rename, changing",
    ),
    row(
        "More than one user matches",
        "The server has several accounts for one person",
        "Okta looks a person up by user name and needs one match or none.",
        by_code("USR605", "SCM519"),
        wordings="""multiple|more than one|several|ambiguous &
        users|user|matching|matches|accounts|account|match, second|twice &
        account|accounts|user|users & created|creates|create|shows|appears|listed, ambiguous,
        toomany""",
    ),
    row(
        "User already exists",
        "The account already exists",
        "The server has an account with this user name, e-mail address or id already. A retry "
        "fails again.",
        *causes.EXISTS_ALREADY,
        wordings="""EXISTS &
        USER|EMAIL|value|values|address|name|id|externalid|constraint|index|key|registered|another|operation|entry|resource,
        uniqueness, already taken, already used, already been taken, already associated, not unique,
        already exist, objectexistssyncexception, modelduplicateexception, duplicatekeyexception,
        sequelizeuniqueconstrainterror, uniqueconstrainterror, unique violation""",
        loosely="EXISTS, conflict, conflicts, assigned to, another account, another organization",
    ),
    row(
        "The password does not meet the policy",
        "The server checks the password that Okta sends",
        'Okta sends a random password with each new person, also where "Sync Password" is off. '
        "ngrok's documentation names no password.",
        Cause("The server applies its password policy to it.", fixes.REPORT, ("REH001",), OBSERVED),
        wordings="""strong password must be chosen, PASSWORD &
        NOT|must|history|should|policy|complexity|too|weak|requirements|INVALID|characters""",
        loosely="PASSWORD",
    ),
    row(
        "The base URL is invalid",
        "The base URL is not accepted",
        "The message is about the address in Okta's form, not about a person.",
        causes.WRONG_BASE_URL._replace(
            codes=("URL103", "URL106", "URL107", "URL108", "URL109", "URL115", "URL118")
        ),
        wordings="""URL & INVALID|ABSENT, invalid scim endpoint, scim endpoint is invalid, scim
        endpoint is not valid, scim endpoint is incorrect""",
    ),
    row(
        "An attribute is required",
        "An attribute that the server requires is empty",
        "Okta sent the person without it: it is empty in the person's profile or not mapped. A "
        "retry fails again.",
        causes.WRONG_ATTRIBUTE,
        Cause(
            "The attribute is not mapped.",
            'In Okta, open Provisioning > To App > "Show Unmapped Attributes" and map it.',
            ("OKT915",),
        ),
        wordings="""ATTRIBUTE|EMAIL|USER & ABSENT, EMAIL & not have|no|without & primary, is
        required, are required, cannot be null, cannot be blank, cannot be empty, missing required,
        but got null""",
        loosely="ABSENT, must have",
    ),
    row(
        "Invalid e-mail address",
        "The user name that Okta sends is not an e-mail address",
        "ngrok's documentation says that the user name must be the e-mail address.",
        causes.NOT_THE_EMAIL,
        wordings="""EMAIL & invalid|not valid|malformed|format|must be|should be|an
        email|wrong|bad|match the primary|not an e mail|well formed, emailasusername, multiple &
        primary & email, email as username, email as the username, EMAIL & pattern""",
        loosely="email|e mail & format|syntax|valid",
    ),
    row(
        "The name contains special characters",
        "A value of the person has characters that the server does not accept",
        "A retry sends the same again.",
        causes.WRONG_ATTRIBUTE,
        causes.ATTRIBUTES,
        wordings="""name contains|name must|name may|name can|ATTRIBUTE|EMAIL &
        invalid|illegal|special|unsupported|disallowed|control|may only contain|can only contain &
        characters|character|letters|alphanumeric""",
    ),
    row(
        "A value is too long",
        "A value of the person is longer than the server accepts",
        "A retry sends the same again.",
        causes.WRONG_ATTRIBUTE,
        causes.ATTRIBUTES,
        wordings="LONG",
    ),
    ATTRIBUTE_REFUSED,
)
