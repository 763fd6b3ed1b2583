"""ngrok's error codes, as far as they can meet somebody who sets up provisioning.

The codes and what they mean are those of https://ngrok.com/docs/errors; the words are ours. Which
finding a code leads to is our judgement. Codes that tell of a fault in a request that this program
makes, or of a step that has nothing to do with the connector, lead to ``SCM507``.
"""

from dataclasses import dataclass

_API_KEYS = "https://dashboard.ngrok.com/api-keys"
_SETTINGS = "https://dashboard.ngrok.com/settings"
_PLANS = "https://dashboard.ngrok.com/billing/choose-a-plan"
_SUPPORT = "support@ngrok.com"

_PASTE_THE_KEY = (
    "In Okta, open Provisioning > Integration > Edit and paste the key, and nothing else, into "
    '"Authorization".'
)
_NEW_KEY = "Run `ngrok-scim api-key rotate` and paste the new key into Okta."
_KEY_OF_A_SERVICE_USER = (
    "Run `ngrok-scim api-key rotate` and let a Service User be the owner of the new key."
)
_ADMIN_KEY = (
    f"Have an ngrok administrator create a key at {_API_KEYS}, and set NGROK_API_KEY to it."
)
FAULT_OF_OURS = (
    "Run `ngrok-scim --version` and report this as a fault of ngrok-scim, with the operation id."
)
_IN_OKTA = "Make the change in Okta: assign or unassign the person in the app."
_ASK_SUPPORT = f"Write to {_SUPPORT} and name this code."


@dataclass(frozen=True, slots=True)
class NgrokError:
    """What one of ngrok's codes means.

    Attributes:
        code: the number of ``ERR_NGROK_<number>``.
        meaning: what ngrok says with it, in our words.
        causes: how it comes about, the likeliest first.
        fix: the one thing to do.
        finding: the catalogue code that it leads to.
        more: ngrok's own page about it.
    """

    code: int
    meaning: str
    causes: tuple[str, ...]
    fix: str
    finding: str
    more: str


def page_of(code: int) -> str:
    """Return the address of ngrok's own page about ``ERR_NGROK_<code>``."""
    return f"https://ngrok.com/docs/errors/err_ngrok_{code}"


_Row = tuple[int, str, str, tuple[str, ...], str]

# Code, finding, meaning, causes, fix.
_CREDENTIAL: tuple[_Row, ...] = (
    (
        200,
        "KEY215",
        "The request came without an Authorization header.",
        (
            'The field "Authorization" is empty.',
            "A proxy on the way took the header off.",
        ),
        _PASTE_THE_KEY,
    ),
    (
        201,
        "KEY215",
        "The Authorization header could not be read.",
        (
            'The word "Bearer" stands in the field too, though Okta puts it there itself.',
            "Stray characters stand around the key.",
        ),
        _PASTE_THE_KEY,
    ),
    (
        202,
        "KEY215",
        "What was sent does not look like a credential of ngrok's.",
        ("The key was cut off or garbled when it was copied.",),
        _PASTE_THE_KEY,
    ),
    (
        203,
        "KEY214",
        "The key has the right form, but ngrok does not know it.",
        (
            "It was revoked or deleted.",
            "A letter of it is wrong.",
        ),
        _NEW_KEY,
    ),
    (
        204,
        "NGR708",
        "The key is right, but its account may not use ngrok's API.",
        ("ngrok has not opened the API for this account.",),
        _ASK_SUPPORT,
    ),
    (
        205,
        "NGR708",
        "The account is suspended.",
        ("ngrok suspends accounts that breach its terms of service.",),
        _ASK_SUPPORT,
    ),
    (
        206,
        "KEY208",
        "What was sent is an authtoken, not an API key.",
        ("An authtoken connects the ngrok agent; it looks just like an API key.",),
        _NEW_KEY,
    ),
    (
        207,
        "KEY208",
        "What was sent is an authtoken, or the id of one, and not an API key.",
        ("An authtoken connects the ngrok agent; it looks just like an API key.",),
        _NEW_KEY,
    ),
    (
        208,
        "KEY207",
        "What was sent is the id of an API key, not the key.",
        ("The dashboard shows the id (ak_…) at all times, the key only once, when it is made.",),
        _NEW_KEY,
    ),
    (
        220,
        "NGR705",
        "The account's IP restrictions do not let this address in.",
        ("The address that the request came from is in no range that the account allows.",),
        "Open https://dashboard.ngrok.com/ip-restrictions and allow Okta's addresses.",
    ),
    (
        225,
        "NGR709",
        "Too many requests of this account are under way at the same time.",
        ("Several programs use the API of this account at once.",),
        "Wait a minute, then run the command again.",
    ),
    (
        226,
        "NGR709",
        "The account made more requests in a minute than it may.",
        ("A large push from Okta, or a script, used up the requests of this minute.",),
        "Wait a minute, then run the command again.",
    ),
    (
        247,
        "NGR708",
        "The account is suspended because a bill is open.",
        ("A payment failed or is overdue.",),
        "Pay the open bill at https://dashboard.ngrok.com/billing.",
    ),
    (
        635,
        "NGR704",
        "The owner of the key may only read, and so may not use the API.",
        ("The owner's role in ngrok has no write privileges.",),
        _KEY_OF_A_SERVICE_USER,
    ),
    (
        636,
        "NGR703",
        "The owner of the key is inactive in the account.",
        ("Somebody deactivated the Service User or the person whom the key belongs to.",),
        "Open https://dashboard.ngrok.com/service-users and activate the owner of the key.",
    ),
    (
        1219,
        "NGR704",
        "The owner of the key may not change developer resources.",
        ("The owner's role in ngrok has no write privileges.",),
        _KEY_OF_A_SERVICE_USER,
    ),
    (
        1220,
        "NGR710",
        "This needs an administrator, and the user is none.",
        ("The key belongs to somebody who is no administrator.",),
        _ADMIN_KEY,
    ),
    (
        27007,
        "KEY208",
        "ngrok's AI Gateway does not know the key.",
        ("A key that begins with ng_ is one of the AI Gateway, another product.",),
        _NEW_KEY,
    ),
)

_OUR_REQUEST: tuple[_Row, ...] = tuple(
    (code, "SCM507", meaning, ("ngrok and this program do not agree.",), FAULT_OF_OURS)
    for code, meaning in (
        (210, "ngrok does not take the content type of the request."),
        (211, "The request has a body where ngrok expects none."),
        (216, "The request has a body but does not say of which type."),
        (217, "The request asks for a version of the API that ngrok does not have."),
        (218, "The request does not say which version of the API it wants."),
        (231, "The request has a query parameter that ngrok does not know."),
        (232, "A query parameter stands in the request more than once."),
        (233, "The request asks for a page of a size that ngrok does not offer."),
        (244, "The size of the page in the request is no number."),
        (606, "An update of a credential holds nothing to update."),
        (631, "The request names the owner of a key in more than one way."),
        (632, "The request names both an owner and a membership."),
        (638, "The request brings a token of its own, and the account may not do that."),
    )
)

_KEYS_AND_SERVICE_USERS: tuple[_Row, ...] = (
    *(
        (
            code,
            "NGR715",
            "The account has as many API keys as it may have.",
            ("Old keys were never deleted, or the plan allows only a few.",),
            f"Ask support@ngrok.com for a higher limit, or look for unused keys at {_API_KEYS}.",
        )
        for code in (603, 613)
    ),
    (
        604,
        "SCM507",
        "The description of the key is too long.",
        ("ngrok takes at most 255 bytes.",),
        "Choose a shorter text with `--key-description`.",
    ),
    (
        605,
        "SCM507",
        "The metadata of the key is too long.",
        ("ngrok takes at most 4096 bytes.",),
        FAULT_OF_OURS,
    ),
    (
        614,
        "NGR715",
        "Too many keys were made in a short time.",
        ("A script makes keys again and again.",),
        "Wait an hour, then run the command once.",
    ),
    (
        628,
        "SCM507",
        "A key cannot be given to another owner.",
        ("ngrok fixes the owner when the key is made.",),
        _KEY_OF_A_SERVICE_USER,
    ),
    *(
        (
            code,
            "NGR710",
            "Only an administrator may say to whom a key belongs.",
            ("The key that makes the new key belongs to somebody who is no administrator.",),
            _ADMIN_KEY,
        )
        for code in (630, 633)
    ),
    (
        634,
        "SCM507",
        "ngrok cannot tell to whom the key should belong.",
        ("The Service User was deleted under way.",),
        "Run `ngrok-scim setup` again.",
    ),
    (
        4109,
        "SCM507",
        "A Service User needs a name.",
        ("The name is empty.",),
        "Choose a name with `--service-user`.",
    ),
    (
        4110,
        "SCM507",
        "The name of the Service User is too long.",
        ("ngrok limits its length.",),
        "Choose a shorter name with `--service-user`.",
    ),
    (
        4111,
        "NGR710",
        'Only an administrator may create or change Service Users (ngrok still says "Bots").',
        ("The key that was used belongs to somebody who is no administrator.",),
        _ADMIN_KEY,
    ),
    (
        4112,
        "SCM507",
        "There already is a Service User with this name.",
        ("It was made earlier, by hand or by another run.",),
        "Run `ngrok-scim setup` again: it takes the Service User that is there.",
    ),
    (
        4119,
        "NGR707",
        "The plan of the account has no Service Users.",
        ("Service Users need a paid plan.",),
        f"Change the plan at {_PLANS}.",
    ),
)

_PLAN_AND_MODE: tuple[_Row, ...] = (
    (
        1806,
        "NGR707",
        "The plan of the account has no IP restrictions for the API.",
        ("They need Pay-as-you-go with the Account Governance add-on.",),
        f"Change the plan at {_PLANS}.",
    ),
    (
        4012,
        "NGR707",
        "The plan of the account does not have this feature.",
        ("The feature, like SCIM, belongs to another plan or to an add-on.",),
        f"Change the plan at {_PLANS}.",
    ),
    (
        4023,
        "NGR707",
        "The account does not have this feature; ngrok grants it by contract.",
        ("The feature, like SCIM, was not agreed on for this account.",),
        f"Ask {_SUPPORT} for SCIM on your account.",
    ),
    *(
        (code, "SCM507", meaning, ("SCIM is switched on, so Okta manages the members.",), _IN_OKTA)
        for code, meaning in (
            (4414, "Nobody can be invited while SCIM manages the members."),
            (4415, "An invitation from before SCIM was switched on cannot be used any more."),
            (6618, "Members cannot be added by hand while SCIM manages them."),
            (6619, "Members cannot be removed by hand while SCIM manages them."),
            (6620, "Members cannot be switched on or off by hand while SCIM manages them."),
        )
    ),
    (
        4454,
        "SCM507",
        "A user whom SCIM manages cannot change their own e-mail address.",
        ("The address comes from Okta.",),
        "Change the address in Okta, under Directory > People.",
    ),
)

_PEOPLE: tuple[_Row, ...] = (
    *(
        (code, "SCM507", meaning, (cause,), _ASK_SUPPORT)
        for code, meaning, cause in (
            (
                4114,
                "Nobody can register by themselves with an address of this domain.",
                "The domain is claimed by an ngrok account that allows no sign-ups of its own.",
            ),
            (
                4115,
                "No new account can be made with an address of this domain.",
                "The domain is claimed by an ngrok account, and its people belong to that one.",
            ),
            (
                5511,
                "This account may not use the e-mail address.",
                "The domain of the address is not among those that the account is allowed.",
            ),
            (
                25000,
                "ngrok could not check the domain.",
                "The fault lies inside ngrok.",
            ),
            (
                1233,
                "The e-mail address already belongs to another single sign-on connection.",
                "The person signs in to another ngrok account through its own identity provider.",
            ),
            (
                10077,
                "The account does not create people when they first sign in.",
                "The person was not provisioned before signing in.",
            ),
        )
    ),
    (
        4116,
        "SCM507",
        "People of this domain must sign up through single sign-on.",
        ("The domain is claimed by an ngrok account.",),
        "Sign in at https://dashboard.ngrok.com/login/sso.",
    ),
    (
        4455,
        "SCM507",
        "Who must sign in through single sign-on cannot change their e-mail address.",
        ("The account enforces single sign-on.",),
        "Change the address in Okta, under Directory > People.",
    ),
    (
        4701,
        "SCM507",
        "An identity provider is given both as SAML and as OpenID Connect.",
        ("Only one of the two can be set.",),
        f"Choose one of them at {_SETTINGS}.",
    ),
    *(
        (code, "SCM507", meaning, ("The account enforces single sign-on.",), fix)
        for code, meaning, fix in (
            (
                4702,
                "The last identity provider cannot be deleted.",
                f'Switch "SSO Enforced" off at {_SETTINGS} first.',
            ),
            (
                10078,
                "People must have signed in through single sign-on.",
                "Sign in at https://dashboard.ngrok.com/login/sso.",
            ),
            (
                10084,
                "The identity provider that you signed in with cannot be deleted.",
                "Sign in through another identity provider first.",
            ),
        )
    ),
    (
        6600,
        "NGR707",
        "The team has as many members as the plan allows.",
        ("Everybody whom Okta assigns needs a seat.",),
        f"Change the plan at {_PLANS}.",
    ),
    (
        6601,
        "SCM507",
        "The person already is a member of the account.",
        ("They were added by hand before SCIM was switched on.",),
        "Run `ngrok-scim users trace EMAIL` to see whether Okta and ngrok mean the same person.",
    ),
    *(
        (
            code,
            "SCM507",
            meaning,
            ("Okta unassigned the only administrator of the ngrok account.",),
            "Make another member an administrator at https://dashboard.ngrok.com/team-members.",
        )
        for code, meaning in (
            (6602, "The last administrator of the account cannot be removed."),
            (6622, "The last administrator of the account cannot be deactivated."),
        )
    ),
)

NGROK_ERRORS: dict[int, NgrokError] = {
    code: NgrokError(code, meaning, causes, fix, finding, page_of(code))
    for code, finding, meaning, causes, fix in (
        *_CREDENTIAL,
        *_OUR_REQUEST,
        *_KEYS_AND_SERVICE_USERS,
        *_PLAN_AND_MODE,
        *_PEOPLE,
    )
}
