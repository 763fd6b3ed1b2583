"""ngrok's error codes that somebody who sets up provisioning can meet.

The codes and what they mean are those of https://ngrok.com/docs/errors; the words are ours, except
for a piece of ngrok's message, by which the code is found where only the message was passed on.
Which finding a code leads to is our judgement. Codes of a fault in a request that this program
makes, or of a step that has nothing to do with the connector, lead to ``SCM507``.
"""

import re
from typing import NamedTuple

from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import find, words

FAULT_OF_OURS = (
    "Run `ngrok-scim --version` and report this as a fault of ngrok-scim, with the operation id."
)

# Behind the prefix a number, or since 2026 words.
_CODE = lazy_pattern(
    r"(?<![A-Za-z0-9])(?:(?:ERR|NGROK)[_ -]?(?:NGROK|ERR)[_ -]?(\d{1,6})(?!\w)"
    r"|(?:ERR_NGROK|NGROK_ERR)_([A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,20}){0,8})(?!\w))",
    re.IGNORECASE | re.ASCII,
)


_OF_AN_ENDPOINT = lazy_pattern(r"3\d{3}", re.ASCII)


class NgrokError(NamedTuple):
    """What one of ngrok's codes means.

    Attributes:
        said: a piece of ngrok's message, in small letters; ``…`` replaces what differs.
        fix: empty where the one of ``finding`` fits.
    """

    code: str
    finding: str
    said: str
    meaning: str
    cause: str
    fix: str


def code_in(text: str) -> str:
    """Return the code that ``text`` names, without ``ERR_NGROK_``; empty if it names none."""
    found = _CODE.search(text)
    return (found[1] or found[2]).upper() if found else ""


def page_of(code: str) -> str:
    """Return the address of ngrok's own page about ``ERR_NGROK_<code>``."""
    return f"https://ngrok.com/docs/errors/err_ngrok_{code.lower()}"


# A group begins with its finding, and its fix where that of the finding does not fit. Of each code:
# a piece of ngrok's message. Below one or several codes: what they mean, and the cause unless it is
# the one above.
_TABLE = """
# URL108
3004
    An ngrok endpoint received no proper HTTP reply from the service behind it.
    The base URL leads to an ngrok endpoint (a tunnel), not to ngrok's API.
3200 is offline
    The ngrok endpoint at this address is offline.
6022
    An ngrok endpoint serves no web page before its owner has installed an authtoken.
6024
    ngrok shows the page with which it warns visitors of a free endpoint.
727 reached its http requests limit
    The account behind an ngrok endpoint has used up its requests of this month.
8012
    The ngrok agent could not reach the service behind an endpoint.
# KEY215
200 requires that you set the authorization header
    The request came without an Authorization header.
    The field "Authorization" is empty, or a proxy removed the header.
201 could not parse the header in this request
    The Authorization header could not be read.
    "Bearer" or stray characters were pasted with the key.
202 does not look like a valid credential
    What was sent does not look like a credential of ngrok's.
    The key was cut off or changed when it was copied.
# KEY214
203 properly formed, but it is invalid
    The key has the right form, but ngrok does not know it.
    It was revoked or deleted, or a character of it is wrong.
# KEY208
206 is actually an authtoken. your credential
    What was sent is an authtoken, not an API key.
    An authtoken connects the ngrok agent. It looks like an API key.
207 is actually an authtoken
    What was sent is an authtoken, or the id of one, and not an API key.
27007 keys begin with ng_
    ngrok's AI Gateway does not know the key.
    A key that begins with ng_ is one of the AI Gateway, another product.
# KEY207
208 is actually an api key id
    What was sent is the id of an API key, not the key.
    The dashboard shows the id (ak_…) at all times, the key only once, when it is made.
# NGR708
204 is not allowed to use the ngrok api
    The key is right, but its account may not use ngrok's API.
    ngrok has not opened the API for this account.
205 account … has been suspended
    The account is suspended.
    ngrok suspends accounts that breach its terms of service.
# NGR708: Pay the open bill at https://dashboard.ngrok.com/billing.
247 suspended for non-payment
    The account is suspended because a bill is open.
    A payment failed or is overdue.
# NGR705
220 ip does not match the ip policy
    The account's IP restrictions do not allow this address.
    The address that the request came from is in no range that the account allows.
# NGR709
225 simultaneous api requests
    Too many requests of this account run at the same time.
    Several programs use the API of this account at once.
226 rate limited to … api requests
    The account made more requests in a minute than it may.
    A large push from Okta, or a script, used the requests of this minute.
# NGR704
635 owner of the api key has write privileges
    The owner of the key has read-only access and cannot use the API.
    The owner's role in ngrok has no write privileges.
1219 permissions to change developer resources
    The owner of the key may not change developer resources.
1216 permissions to manage team members
6612 not allowed to remove members
6613 not allowed to create members
    The owner of the key may not manage the members of the account.
    The owner's role in ngrok does not include it.
# NGR704: Open https://dashboard.ngrok.com/service-users and give the owner of the key a role
# that may write.
IAM_SERVICE_USER_ROLE_NOT_ALLOWED
    ngrok does not allow this role for a Service User.
    The role of the Service User does not fit what was asked.
IAM_ACCESS_TOKEN_OWNER_ROLE_REQUIRED
    The owner of the access token lacks a role that this needs.
    An access token can do no more than its owner.
# NGR703: Open https://dashboard.ngrok.com/service-users and activate the owner of the key.
636 credential owner is marked as inactive
    The owner of the key is inactive in the account.
    Somebody deactivated the Service User or the person whom the key belongs to.
# NGR717
29001 missing the … scope
    The access token lacks a scope.
    An access token can do only what its scopes allow; ngrok's SCIM guide asks for an API key.
# NGR710
1220 administrative privileges which are required
    This needs an administrator.
    The owner of the key is not an administrator.
630 must be an admin to set credential ownership
633 not authorized to specify credential ownership
    Only an administrator may choose the owner of a key.
    The owner of the admin key is not an administrator.
4111 must be an admin to create, update, or delete bots
    Only an administrator may create or change Service Users (ngrok still says "Bots").
    The owner of the key is not an administrator.
# NGR710: Make the change at https://dashboard.ngrok.com/team-members, as an administrator.
6621 not allowed to activate/deactivate admins
    Only an administrator may deactivate another administrator.
    The person is an ngrok administrator, and the owner of Okta's key is not.
# NGR715
603 api keys. upgrade your account
613 limited to … api keys
    The account has reached its limit of API keys.
    Old keys were never deleted, or the plan allows only a few.
# NGR715: Wait until the interval that ngrok names is over, then run the command once.
614 rate limited for adding … api keys
    Too many keys were made in a short time.
    A script makes keys again and again.
# NGR707
1806 can use api ip restrictions
    The plan of the account has no IP restrictions for the API.
    They need Pay-as-you-go with the Account Governance add-on.
4012 does not have access to … upgrade to get access
    The plan of the account does not have this feature.
    The feature, like SCIM, belongs to another plan or to an add-on.
4119 does not have access to service users
    The plan of the account has no Service Users.
    Service Users need a paid plan.
4023 does not have access to
    The account does not have this feature; ngrok grants it by contract.
    The feature, like SCIM, was not agreed on for this account.
# NGR707: Open https://dashboard.ngrok.com/billing/choose-a-plan and add a seat.
4402 would exceed your current team size limit
6600 has reached its team size limit
    The team has as many members as the plan allows.
    Everybody whom Okta assigns needs a seat.
# SCM507: Choose a shorter text with `--key-description`.
604 description is limited to
    The description of the key is too long.
    ngrok accepts at most 255 bytes.
# SCM507: Run `ngrok-scim api-key rotate` and let a Service User be the owner of the new key.
628 cannot be re-assigned ownership
    A key cannot be given to another owner.
    ngrok fixes the owner when the key is made.
# SCM507: Choose another name with `--service-user`.
4109 name must not be empty
    A Service User needs a name.
    The name is empty.
4110 name exceeds max length
    The name of the Service User is too long.
    ngrok limits its length.
# SCM507: Run `ngrok-scim setup` again: it takes the Service User that is there.
4112 service user names must be unique
    A Service User with this name exists already.
    It was made earlier, by hand or by another run.
634 no credential owner could be determined
    ngrok cannot determine the owner of the key.
    The Service User was deleted meanwhile.
# SCM507: Make the change in Okta: assign or unassign the person in the app.
4414 not allowed to create invitations
    Nobody can be invited while SCIM manages the members.
    SCIM is turned on, so Okta manages the members.
4415 not allowed to redeem this invitation
    An invitation from before SCIM was turned on no longer works.
6618 not allowed to create members, this account uses scim
6619 not allowed to remove members, this account uses scim
6620 not allowed to activate/deactivate members
    Members cannot be added, removed, activated or deactivated by hand while SCIM manages them.
# SCM507: Change the address in Okta, under Directory > People.
4454 scim-managed users cannot change their email
    A user whom SCIM manages cannot change their own e-mail address.
    The address comes from Okta.
4455 accounts that enforce sso cannot change their email
    People who sign in through single sign-on cannot change their e-mail address.
    The account enforces single sign-on.
# DOM802: Run `ngrok-scim domain list`, and ask support@ngrok.com about the domain of this
# address.
4114 does not allow self-serve user registrations
    Nobody can register by themselves with an address of this domain.
    The domain is claimed by an ngrok account that allows no sign-ups of its own.
4115 does not allow account creation
    No new account can be made with an address of this domain.
    The domain is claimed by an ngrok account, and its people belong to that one.
5511 is not authorized for use by this account
    This account may not use the e-mail address.
    The domain of the address is not among those that the account is allowed.
10099 sso is not authorized for this email domain
    Single sign-on is not allowed for the domain of this e-mail address.
    The domain is not set up for the account's identity provider.
10104 signup domains aren't available on this account
    The account cannot have sign-up domains.
    ngrok's support has not enabled them for this account.
10106 signup domain requests aren't available right now
    The dashboard takes no requests for a domain at the moment.
    ngrok asks to write to its support instead.
# DOM801: Set up an identity provider at https://dashboard.ngrok.com/settings/auth, then request
# the domain again.
10102 signup domains send new users to your sso identity provider
    A domain can be requested only once single sign-on is set up.
    The account has no identity provider yet.
25000 redirect_blocked_signups_to_sso
    The domain controls name no identity provider.
    Domain controls that send blocked sign-ups to single sign-on need one.
# DOM805: Run `ngrok-scim domain check DOMAIN`, then request the domain again as it says.
10103 enter a valid domain name
    The request does not name a valid domain.
    ngrok accepts a name like example.com.
# DOM801: Shorten the additional information, then request the domain again.
10105 shorten the additional information
    The request for the domain is too long.
    ngrok limits the length of its text.
# SCM507: Assign the person to the app in Okta.
10077 does not support jit provisioning
    The person has no account, and signing in does not create one.
    Just-in-time provisioning is off, and Okta has not provisioned the person.
# SCM507: Run `ngrok-scim users trace EMAIL`. It shows whether Okta and ngrok have the same person.
6601 already a member
    The person already is a member of the account.
    They were added by hand before SCIM was switched on.
1228 no longer an active member of the current account
    The person is deactivated in this account.
    Okta or an administrator deactivated them.
# SCM507: Sign in at https://dashboard.ngrok.com/login/sso.
4116 must signup via sso
    People of this domain must sign up through single sign-on.
    The domain is claimed by an ngrok account.
10078 requires users to be authenticated with a valid sso provider
    People must have signed in through single sign-on.
    The account enforces single sign-on.
# SCM507: Write to support@ngrok.com and name this code.
1233 already associated with an sso identity provider
    The e-mail address already belongs to another single sign-on connection.
    The person signs in to another ngrok account through its own identity provider.
# SCM507: Switch "SSO Enforced" off at https://dashboard.ngrok.com/settings first.
4702 cannot delete your last idp provider
    The last identity provider cannot be deleted.
    The account enforces single sign-on.
# SCM507: Choose another identity provider at https://dashboard.ngrok.com/settings.
4701 both saml and openid connect
    An identity provider is given both as SAML and as OpenID Connect.
    Only one of the two can be set.
10084 idp you logged in with
    The identity provider that you signed in with cannot be deleted.
    The account enforces single sign-on.
# SCM507: Make another member an administrator at https://dashboard.ngrok.com/team-members.
6602 may not remove the last administrator
6622 may not deactivate the last administrator
    The last administrator of the account can be neither removed nor deactivated.
    Okta unassigned the only administrator of the ngrok account.
# SCM507: Copy the authtoken from https://dashboard.ngrok.com/get-started/your-authtoken into the
# configuration of the agent.
105 does not look like a proper ngrok agent authtoken
107 authtoken you specified is properly formed
4018 usage of ngrok requires a verified account and authtoken
    The ngrok agent has no valid authtoken.
    The message is about the agent and its tunnels, not about provisioning.
# SCM507: Run `ngrok-scim --version` and report this as a fault of ngrok-scim, with the operation
# id.
210,211,213,214,215,216,217,218,223,227,231,232,233,243,244,605,606,631,632,638
    ngrok-scim sent a request that ngrok's API does not accept.
    The message says what is wrong with the request: a header, a field, an id or a parameter.
"""


def _read(table: str) -> dict[str, NgrokError]:
    errors: dict[str, NgrokError] = {}
    finding = fix = meaning = cause = ""
    said: dict[str, str] = {}
    for line in table.strip().splitlines():
        text = line.strip()
        if line.startswith("# "):
            name, _, rest = text[2:].partition(": ")
            if name[3:6].isdigit():
                finding, fix, cause = name, rest, ""
            else:  # the fix takes a second line
                fix = f"{fix} {text[2:]}"
        elif line == text:
            codes, _, message = text.partition(" ")
            said = ({} if meaning else said) | dict.fromkeys(codes.split(","), message)
            meaning = ""
        else:
            meaning, cause = (meaning, text) if meaning else (text, cause)
            for code, message in said.items():
                errors[code] = NgrokError(code, finding, message, meaning, cause, fix)
    return errors


NGROK_ERRORS = _read(_TABLE)


def error_of(code: str) -> NgrokError | None:
    """Return what ``code`` means, also where only its family is known.

    A number from 3000 to 3999 is of an endpoint, which somebody's own service is behind.
    """
    known = NGROK_ERRORS.get(code)
    if known or not _OF_AN_ENDPOINT.fullmatch(code):
        return known
    meaning = "An ngrok endpoint answered, not ngrok's API."
    return NGROK_ERRORS["3004"]._replace(code=code, meaning=meaning)


def error_said_in(text: str) -> NgrokError | None:
    """Return the error whose message is in ``text``, which does not name its code."""
    reading = words(text)
    errors = (error for error in NGROK_ERRORS.values() if error.said)
    said = (error for error in errors if find(reading, error.said) >= 0)
    return max(said, key=lambda error: len(error.said), default=None)
