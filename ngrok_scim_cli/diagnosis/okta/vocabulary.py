"""The words of servers and of Okta, by what they mean, and the small language of the tables.

A row is known by wordings, divided by commas. Each is a phrase (``…`` stands for any words), or
several parts in any order, with `` & `` between them. A part is a phrase, a concept of the
vocabulary (in capitals), or several of either with ``|`` between them.
"""

from functools import cache, lru_cache

from ngrok_scim_cli.text.phrases import find

# What a message is about, and what it says of it.
VOCABULARY = {
    "USER": "user, users, account, accounts, member, members, person, people, identity, invitation",
    "OWNER": """owner, owners, admin, admins, administrator, administrators, administrative,
    privileged, superuser, instance operators, operator accounts, yourself, themselves, own account,
    api user""",
    "EMAIL": "email, emails, e mail, e mails, username, usernames, user name",
    "ATTRIBUTE": """attribute, attributes, field, fields, property, properties, value, values,
    parameter, parameters, argument, arguments, first name, last name, given name, family name,
    givenname, familyname, displayname, display name, surname, names, phone, phonenumbers, title,
    locale, timezone, externalid, external id, nickname, manager, department, usertype, role, roles,
    datatype, schema, extension, data element, entitlement, entitlements""",
    "DOMAIN": "domain, domains, domainaddress",
    "SEAT": "seat, seats, license, licenses, licensed, subscription, team size",
    "PLAN": "plan, plans, tier, edition, subscription, feature, features",
    "KEY": """token, tokens, credential, credentials, api key, apikey, access key, bearer,
    authorization, authentication, secret, jwt, signature""",
    "RIGHT": "scope, scopes, permission, permissions, privilege, privileges, rights",
    "FILTER": """filter, filters, filtering, scim query, search query, expression, expressions,
    comparison, valuepath""",
    "PATCH": "patch, patchop, operations, replace operation, put",
    "GROUP": "group, groups, team, teams",
    "SCIM": "scim, provisioning, directory sync, directory syncing",
    "PASSWORD": "password, passwords",
    "URL": "url, uri, host, hostname",
    "MEDIA": "content type, media type, scim json, mime type, accept header",
    "PAGE": """startindex, start index, totalresults, total results, itemsperpage, items per page,
    pagination, page size""",
    "NOT": "not, no, cannot, never, none, without, fail, fails, unable, only some, nobody, nothing",
    "GONE": """not found, no such, not exist, no longer exists, was removed, been removed, could not
    be found, cannot be found, unable to find, could not find, cannot find, non existent, not a
    member, not member of, no longer a member, no user, no users, not belong, was deleted, been
    deleted, is deleted, permanently deleted, user deleted, account deleted""",
    "EXISTS": """already, exists, in use, taken, duplicate, duplicates, duplicated, unique,
    uniqueness, reserved, belongs to, belong to, pending invitation, has an account, managed by
    another, claimed""",
    "INACTIVE": """inactive, deactivated, disabled, suspended, locked, archived, terminated, on
    hold, deleted users, not active, must be active, deprovisioned, blocked, banned, frozen,
    reactivate, revoked""",
    "ABSENT": """required, requires, missing, none is not, not found in, no primary, have a default
    value, be null, blank, empty, must be provided, not provided, mandatory, is null, are null, got
    null, no value, null value, not specified, must be specified, must be set, not set, does not
    have, must contain at least, at least one, at least 1, has no, needs a, absent, not present, not
    null, specify, provide, supply, supplied, needed""",
    "INVALID": """invalid, not valid, malformed, wrong, incorrect, unsupported, not supported,
    unrecognized, not recognized, not a registered, not registered, unexpected, must begin, must
    start, must end, must match, must be, must not, should be, not accepted, not allowed, not be
    parsed, failed to parse, unparsable, does not conform, violates, violation, unknown, not
    correct, not compatible, match the type, not in the correct, format, can only, incorrectly,
    illegal, failed validation, validation failed, not in the list, not an allowed, syntax,
    expected, of type""",
    "LIMIT": """limit, limits, limited, maximum, max, exceed, exceeds, exceeded, too many, reached,
    quota, not enough, insufficient, additional, available, remaining, free up, upgrade, purchase,
    no more, out of, capacity, more users, left, full""",
    "LONG": """too long, too short, length must be, characters or fewer, characters or less, maximum
    length, max length, must not exceed, cannot exceed, longer than, shorter than, exceeds the
    maximum, exceeds maximum, length limit, at most … characters, exceeds … characters, at least …
    characters, less than … characters""",
    "UNUSABLE": """expired, revoked, no longer valid, inactive, invalid, not valid, wrong,
    incorrect, bad, not found, missing, required, malformed, unsupported, not provided, must be set,
    not set, rejected, failed, stopped working, not working, no longer works, not work, not
    recognized, verify, verified, validate""",
    "OFF": """disabled, not enabled, turned off, switched off, is off, are off, not activated, not
    active, not configured, not turned on, not switched on, cannot use, not available, must be
    enabled, must be activated, been enabled, been activated""",
    "FIXED": """cannot be changed, cannot be modified, cannot be updated, cannot update, changing,
    rename, immutable, mutability, read only, readonly, mutable, change""",
}
# Words that only provisioning is about, and words of any text.
SUBJECTS = """ngrok scim provisioning provision externalid givenname familyname displayname
    patch license licenses"""
COMMON_WORDS = """a an the and or but of for with by at from to into in on off as if so than that
    this these those there here it its we you your our they their he she his her i my me do does did
    be been being is are was were will would shall should may might can could must have has had all
    any both each few something most other some such own same too very just because while after
    before during until please sorry make made try trying contact provider changes current message
    reason problem error errors received existing encountered seconds customer only start starts
    https http state target column row request history pushed subscriptions status due new system
    description entered confirm using correct information building chain close www saml array nginx
    openresty curl bytes ms milliseconds errorcode getaddrinfo probe finished downloading schemas
    arn aws iam identitystore createuser accessdeniedexception authenticating okta mail notify
    inappropriate mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep oct nov dec xxxx eq
    test tests now tasks every nobody detail details expires"""
# What Microsoft Entra ID, Adobe, Terraform and Okta's directory agents say of their own work.
OTHER_PROGRAMS = """azure active directory scim client, the expected http 200 ok, provisioning has
    been quarantined, the api returned an error api validation failed, the api returned an error the
    request body, posting data back to okta, ldap agent, ad agent, active directory agent,
    insufficient access rights to perform the operation, invalid provider configuration,
    createfederatedid, umapi, jsonrpc, jsonrpcerror, json rpc, error from server forbidden, error
    from server notfound, error from server alreadyexists, in api group"""
# What mail servers and apt say, and what is said of the certificate of a custom domain. A SCIM
# server may pass it on.
OTHER_SERVERS = """smtp, starttls, 530 5 7, 535 … 5 7, 535 authentication, 535 incorrect, 454 4 7,
    550 5 1, 550 5 7, e failed to fetch, gpg error, inrelease, apt get, dpkg, cannot update a
    deprovisioned, custom domain … certificate, certificate … custom domain, custom url domain, let
    s encrypt"""
# Parts in any order need not belong together in a longer text.
_MOST_WORDS = 32


def fits(reading: str, wordings: str, *, is_whole: bool = True) -> bool:
    """Tell whether ``reading`` contains one of ``wordings``.

    Args:
        reading: what ``words`` returned.
        is_whole: ``False`` where parts may be far apart, so that only phrases count.
    """
    whole, gapped, joined = _parsed(wordings)
    if any(one in reading for one in whole) or any(find(reading, one) >= 0 for one in gapped):
        return True
    if not (joined and is_whole) or reading.count(" ") > _MOST_WORDS:
        return False
    return any(all(_contains(reading, part) for part in parts) for parts in joined)


@lru_cache(maxsize=2048)  # of a log with many reasons, only the latest are kept
def _contains(reading: str, part: str) -> bool:
    for one in part.split("|"):
        if one.isupper():
            if _contains(reading, phrases_of(one)):
                return True
        elif find(reading, one) >= 0 if "…" in one else f" {one} " in reading:
            return True
    return False


@cache
def phrases_of(concept: str) -> str:
    """Return the phrases of a concept, divided by ``|``."""
    return "|".join(each_of(VOCABULARY[concept]))


def each_of(wordings: str) -> list[str]:
    """Return the wordings one by one."""
    return " ".join(wordings.split()).split(", ")


@cache
def _parsed(wordings: str) -> tuple[list[str], list[str], list[list[str]]]:
    """Return the plain phrases with a blank around, those with a gap (…), and the joined parts."""
    whole: list[str] = []
    gapped: list[str] = []
    joined: list[list[str]] = []
    for one in each_of(wordings):
        if "&" in one or one.isupper():
            joined.append(one.split(" & "))
        elif "…" in one:
            gapped.append(one)
        else:
            whole.append(f" {one} ")
    return whole, gapped, joined
