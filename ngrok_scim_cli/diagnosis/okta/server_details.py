"""What remote servers say, in the words of many of them: it counts before the status.

Okta passes it on behind "Errors reported by remote server". The texts are those of SCIM servers in
public reports; the words beside them are ours.
"""

from ngrok_scim_cli.diagnosis.okta import causes, clicks
from ngrok_scim_cli.diagnosis.okta.causes import (
    CHANGING,
    DOCUMENTED,
    INFERRED,
    OBSERVED,
    VENDOR,
    Cause,
    Saying,
    by_code,
    saying,
)
from ngrok_scim_cli.diagnosis.okta.stages import Stage

FIREWALL = saying(
    "error code: 1010",
    "A firewall in front of the server refuses Okta's request",
    "The text comes from a firewall or gateway. The server itself probably never received the "
    "request.",
    causes.FIREWALL_REFUSES_OKTA,
    wordings="""error code 1006, error code 1007, error code 1008, error code 1009, error code 1010,
    error code 1011, error code 1012, error code 1015, error code 1016, error code 1020, error code
    1033, error 1006, error 1007, error 1008, error 1009, error 1010, error 1012, error 1015, error
    1020, request blocked, request was blocked, request has been blocked, cloudflare, you have been
    blocked, attention required, incapsula, imperva, akamai, reference 18, access denied …
    reference, requested url was rejected, request rejected, support id is, zscaler, fortigate,
    fortiguard, sucuri, mod security, blocked by … policy, access to this page has been denied,
    cloudfront, waf, awselb, awswaf, incident id, ray id, cf ray, barracuda, firewall""",
)
RATE_LIMITED = saying(
    "Too Many Requests",
    "The server asked Okta to slow down (429)",
    "Okta waits as long as the server says, or five minutes, doubles that each time, and "
    "gives up after ten attempts.",
    Cause(
        "Many people were assigned at once, or a script uses the same account.",
        "Wait for Okta to retry by itself.",
        ("SCM505", "NGR709"),
        DOCUMENTED,
    ),
    wordings="""too many requests, rate limit, rate limited, ratelimit, throttled, throttling, rate
    exceeded, request limit exceeded, slow down, slowdown, reduce your request rate""",
    statuses=(429,),
)
# Beside what the server said, only the phrase of HTTP tells of it.
TOO_MANY_REQUESTS = RATE_LIMITED._replace(wordings="")
SIGN_IN = saying(
    "SAML response not valid",
    "The message is about sign-in, not about provisioning",
    "Sign-in (SAML, SSO) and provisioning (SCIM) are set up apart. One can fail while the other "
    "works.",
    Cause("Somebody could not sign in.", clicks.TEST),
    wordings="""saml account, saml response, saml assertion, saml authentication, saml identity,
    relaystate, aadsts, multi factor authentication, single sign on, sso login""",
)

DETAILS: tuple[Saying, ...] = (
    FIREWALL,
    saying(
        "Cannot GET /scim/v2/Users",
        "There is no SCIM at this address",
        "The text comes from a web server that does not know the path. It says nothing about the "
        "key.",
        causes.WRONG_BASE_URL,
        wordings="""cannot get scim, cannot get users, default backend, page not found, no static
        resource, no handler found, on this server, no route matched, requested url, requested
        resource could not""",
    ),
    saying(
        "PUT is not supported",
        "The server does not accept the kind of request with which Okta changes people",
        "An app of the Classic experience updates people with PUT. An app of the Okta Integration "
        "Wizard uses PATCH.",
        Cause(
            "The server accepts PATCH but Okta sends PUT, or the other way round.",
            clicks.REHEARSE,
            ("SCM507", "REH004", "REH005"),
        ),
        wordings="""put is not, put not, patch is not, patch not, only patch, only put, patch
        operation, patch operations, method put, method patch, patchop, cannot put scim, cannot
        patch scim, cannot put users, cannot patch users""",
    ),
    saying(
        "SCIM is not available on your plan",
        "The plan does not include SCIM",
        "The server knows SCIM, but this account may not use it. A retry fails again.",
        Cause(
            "The plan does not include SCIM.",
            "Ask support@ngrok.com whether SCIM is part of your plan.",
            ("NGR707",),
        ),
        wordings="""scim … plan, plan … scim, enterprise plan, enterprise customers, not available
        on your, not included in your, not part of your plan, does not have access to scim, to use
        scim, feature … plan, upgrade to, enterprise feature, premium feature, paid feature,
        provisioning … plan, requires a paid, paid plan, subscription … scim""",
    ),
    saying(
        "Provisioning is not turned on",
        "The server says that provisioning is turned off",
        "Okta reaches the server, which accepts no users until SCIM is turned on there.",
        Cause(
            "SCIM is not chosen in the settings of the ngrok account.",
            'Open https://dashboard.ngrok.com/settings and choose "Automated User '
            'Provisioning via SCIM 2.0".',
            ("SCM506", "SCM502"),
        ),
        wordings="""provisioning … disabled, scim … disabled, provisioning is not, provisioning not,
        provisioning isn t, scim not enabled, provisioning is disabled, provisioning disabled,
        provisioning … turned off, provisioning … switched off, provisioning … is off, scim … not
        enabled, scim … not activated, scim is disabled, scim disabled, scim … not configured, scim
        … turned off, scim … switched off, enable scim, directory sync is not, directory sync …
        disabled, scim is not, before scim can, scim … must be enabled, scim has not been, scim
        turned on, scim integration not, provisioning integration is not, provisioning is inactive,
        provisioning … must be enabled, scim … not active, scim is inactive, provisioning … not been
        activated, provisioning … not been enabled, turn on scim, activate scim, switch on scim,
        scim … must be activated, provisioning … not activated, turn on provisioning, enable
        provisioning""",
    ),
    saying(
        "User must be active",
        "The account exists but is deactivated",
        "The server does not update a deactivated account.",
        Cause("The account is deactivated on the server.", clicks.TRACE, ("USR607",), VENDOR),
        wordings="""user must be active, user is inactive, user is not active, account is locked,
        user is deactivated, user is disabled, account is disabled, is suspended, account is
        inactive, account is deactivated, user is locked, deactivated members, deactivated member,
        deactivated users, deactivated user, has been deactivated, has been disabled, inactive user,
        disabled user, has been suspended, disabled account, deactivated account, is archived,
        suspended user, could not reactivate, has been archived, is deprovisioned, inactive scim
        identity""",
    ),
    saying(
        "The maximum number of seats is reached",
        "The plan has no free seat for this person",
        "Each active user in ngrok needs a seat. A retry fails again while no seat is free.",
        Cause(
            "All seats of the plan are in use.",
            "Open https://dashboard.ngrok.com/billing/choose-a-plan and add a seat.",
            ("NGR707",),
        ),
        wordings="""payment required, seats, seat limit, no seat, team size, out of licenses, no
        licenses, license limit, licenses available, not enough licenses, number of licenses,
        license … exceeded, licenses have been, user limit, users limit, member limit, members
        limit, user quota, limit of users, number of users, maximum users, max users, too many
        users, number of members, upgrade your plan, plan limit, exceeds your plan, available
        licenses, no available license, quota exceeded, limit exceeded for, remaining licenses,
        insufficient licenses, more users, maximum number of … users, maximum number of … members,
        quota of users, limit of … users, seat capacity""",
        statuses=(402,),
    ),
    saying(
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
        wordings="""not allowed to be created in this organization, domain is not, domain not,
        unverified domain, verified domain, email domain, e mail domain, allowed domain, domains are
        allowed, domain … is not, domain isn t, domain … not verified, domain … not allowed, domain
        … not authorized, domain … blocked, domain must be, domain has not, domain … claimed, domain
        restriction, not part of this organization, outside the organization, domainaddress, domain
        … whitelisted, domain … allowlisted, email domains, outside … domain, domain does not, email
        address is not allowed, email is not allowed, email … not allowed for this""",
    ),
    saying(
        "User not found",
        "The account of this person is gone from the server",
        "The server has no user with the id that Okta has. A retry fails again.",
        causes.GONE,
        wordings="""user not found, user … not found, user … does not exist, no such user, could not
        find user, cannot find user, can t find user, unknown user, member not found, account not
        found, resource … not found, user … deleted, no longer exists, user was removed, member …
        deleted, account … deleted, resource … does not exist, user doesn t exist, account … does
        not exist, member … does not exist, user was deleted, no user found, no user with, user has
        been removed, could not be found, unable to find user, cannot be found, user cannot be""",
        statuses=(410,),
        is_gone=True,
    ),
    RATE_LIMITED,
    saying(
        "Insufficient permission",
        "The key is valid, but it is not allowed to do that",
        "The server accepts the key but does not allow it to make this request.",
        Cause(
            "The owner of the key has read-only access, or the access token is missing a scope.",
            "Run `ngrok-scim doctor --only NGR` with an admin key: it shows the owner of the "
            "key and what it may do.",
            ("NGR704", "NGR717", "SCM502"),
        ),
        causes.IP_RESTRICTIONS,
        wordings="""insufficient permission, insufficient permissions, insufficient privileges,
        missing … scope, insufficient_scope, lacks … scope, not have permission, not have the
        permission, doesn t have permission, don t have permission, permission denied, not
        permitted, missing permission, only administrators, only admins, required permission,
        required scope, read only, required role, role is not allowed, requires admin, must be an
        admin, not an administrator, not have access, lack permission, insufficient rights, not have
        sufficient, not authorized to perform, not accessible by, admin rights, owner role, is not
        admin, administrator rights, admin role, not allowed to manage, access control rules, not
        authorized to access, not authorized for, unable to access""",
    ),
    SIGN_IN,
    saying(
        "IP address not allowed",
        "The server does not allow Okta's addresses",
        "The request came from an address that the account does not allow. A test that passes on "
        "your machine does not show that Okta is allowed.",
        causes.IP_RESTRICTIONS,
        wordings="""ip address, ip restriction, ip restrictions, ip policy, ip not allowed, ip allow
        list, allowlist, whitelist, whitelisted, ip range, source ip, your ip, ip is not""",
    ),
    saying(
        "Missing Authentication Token",
        "An API gateway replied instead of the server",
        "AWS API Gateway shows this for a path that it does not know. It says nothing about the "
        "key.",
        causes.WRONG_BASE_URL,
        wordings="missing authentication token, missingauthenticationtokenexception",
    ),
    saying(
        "Invalid token",
        "The server refuses the credentials",
        "Okta reached the server, which did not accept the key. After the right key is saved, "
        "retry the failed tasks under Dashboard > Tasks.",
        causes.STORED_KEY,
        causes.DIRTY_KEY,
        wordings="""invalid scim token, invalid access token, invalid bearer, invalid key,
        invalid_token, token expired, token has expired, token is expired, expired token, token
        revoked, token … revoked, key … revoked, token is invalid, token not valid, token is not
        valid, key is invalid, key … expired, invalid credentials, bad credentials, wrong
        credentials, invalid credential, authentication failed, authentication error, failed to
        authenticate, unauthenticated, not authenticated, authentication required, jwt,
        authentication credentials were not provided, could not authenticate, invalid authorization,
        invalid authentication, missing authorization, credentials … invalid, credentials … expired,
        credentials are not valid, authorization header, auth token, invalid signature, valid
        credential, api key, apikey, api token, bearer token, token not found, validate admin
        credentials, administrator login, authorization required, token … no longer valid,
        verification failed unauthorized, token is missing, missing token, no token, token …
        inactive, session has expired""",
    ),
    saying(
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
        wordings="""last administrator, last admin, last owner, deactivate an owner, only owner,
        deactivate … owner, remove … owner, remove the owner, only administrator, at least one
        administrator, at least one owner, at least one admin, super admin, this user is the api
        user, cannot deactivate yourself, deactivate an admin, deactivate admins, account owner,
        owners cannot, owner cannot, owners can t, owner can t, multiple owners, create an owner,
        organization owner, workspace owner""",
    ),
    saying(
        "userName is immutable",
        "The server does not allow Okta to change the user name",
        "Okta sends a user name that differs from the one in the account.",
        Cause(
            "The e-mail address or the user name of the person was changed in Okta.",
            clicks.TRACE,
            ("OKT914", "OKT906"),
        ),
        wordings="""immutable, mutability, username cannot be, username can t be, readonly,
        changing the username, changing username, rename the user, email cannot be changed,
        cannot change … email, cannot be modified, username change, cannot update username, not
        allowed to change""",
    ),
    saying(
        "More than one user matches",
        "The server has several accounts for one person",
        "Okta looks a person up by user name and needs one match or none.",
        by_code("USR605", "SCM519"),
        wordings="""multiple users, more than one user, multiple matching, multiple matches,
        more than one account, more than one match, multiple accounts, ambiguous, several users,
        toomany""",
    ),
    saying(
        "User already exists",
        "The account already exists",
        "The server has an account with this user name, e-mail address or id already. A retry "
        "fails again.",
        *causes.EXISTS_ALREADY,
        wordings="""already exists, already exist, already in use, already taken, already used,
        already been taken, already a member, already registered, already associated, user exists,
        uniqueness, must be unique, not unique, duplicate, duplicated, name is taken, email is
        taken, address is taken, id is taken, email_taken, unique constraint, unique violation,
        another user with, already assigned to another, external id already, unique key, unique
        index, already a user, already has a, already has an account""",
        statuses=(409,),
    ),
    saying(
        "Invalid e-mail address",
        "The user name that Okta sends is not an e-mail address",
        "ngrok's documentation says that the user name must be the e-mail address.",
        causes.NOT_THE_EMAIL,
        wordings="""invalid email, not a valid email, must be a valid email, email is invalid, email
        is not valid, email … not valid, must be an email, valid e mail, invalid username, username
        is invalid, email format, valid email address, to be an email, username as an email, match
        the primary email, email as username, email as the username""",
    ),
    saying(
        "The password does not meet the policy",
        "The server checks the password that Okta sends",
        'Okta sends a random password with each new person, also where "Sync Password" is off. '
        "ngrok's documentation names no password.",
        Cause(
            "The server applies its password policy to it.", clicks.REPORT, ("REH001",), OBSERVED
        ),
        wordings="""password could not, password history, password must, password does not, password
        should, password policy, password complexity, password is too, weak password, password
        requirements, password cannot be, invalid password, password … characters""",
    ),
    saying(
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
        wordings="""is required, are required, cannot be null, can t be null, not be null, cannot be
        blank, can t be blank, cannot be empty, not be empty, not be blank, is missing, missing
        required, is empty, required attribute, required field, missing attribute, was not provided,
        no value, not null, missing field, is mandatory, must be provided, missing value, null
        value, missing … attribute, not specified, must have a value, at least one email, no email
        address, missing from, missing username, mandatory attribute, but got null""",
    ),
    saying(
        "A value is too long",
        "A value of the person is longer than the server accepts",
        "A retry sends the same again.",
        causes.WRONG_ATTRIBUTE,
        causes.ATTRIBUTES,
        wordings="""too long, maximum length, max length, exceeds … characters, must not exceed,
        longer than, characters or fewer, at most … characters, exceeds the maximum, exceeds
        maximum, length limit""",
    ),
    saying(
        "An attribute is not accepted",
        "The server refuses an attribute that Okta sends",
        "Okta maps many attributes by default. ngrok documents only the user name, the display "
        "name and the active state. A retry sends the same again.",
        *causes.NOT_ACCEPTED,
        wordings="""violates schema, validation_error, validation failed, validation errors, invalid
        value, invalidvalue, invalidpath, invalid path, unknown path, invalidsyntax, invalid syntax,
        malformed, no target, unsupported attribute, unknown attribute, invalid attribute, notarget,
        attribute … not supported, attribute … unknown, attribute … invalid, attribute … not
        allowed, attributes are not, unrecognized field, invalid parameter, does not conform, no
        schema, schema … not, must be a string, unknown field, must be a boolean, must be a valid,
        not a valid, is invalid, not valid, unsupported value, invalid phone, phone number,
        unexpected attribute, unknown property, unrecognized property, extension … not supported,
        invalid data, invalid request, invalid input, invalid user, invalid profile, schema
        validation, invalid schema, is not supported""",
        statuses=(422,),
    ),
)

DEACTIVATION_REFUSED = saying(
    "Conflict. Errors reported by remote server: …",
    "The server refuses to deactivate this person (409)",
    'The reason is behind "Errors reported by remote server". The same request is refused again.',
    Cause("Something on the server depends on the account.", clicks.TRACE, ("OKT911", "REH006")),
)
# Where nothing more is known than that ngrok refused this very person.
FORBIDDEN_FOR_A_PERSON = saying(
    "Forbidden. Errors reported by remote server: …",
    "The server forbids what Okta wants to do for this person (403)",
    'The reason stands behind "Errors reported by remote server". A retry fails again.',
    Cause(
        "The server gives a reason that is not known here, or it is cut off.",
        clicks.TRACE,
        ("OKT912",),
    ),
    causes.NOT_ALLOWED_TO_WRITE,
    causes.STORED_KEY._replace(codes=("KEY214", "OKT913"), certainty=INFERRED),
)
