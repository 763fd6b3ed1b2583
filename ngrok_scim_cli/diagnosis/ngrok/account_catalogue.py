"""What an admin reads about the ngrok account."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

_KEY_OF_A_SERVICE_USER = (
    "Run `ngrok-scim api-key rotate` and let a Service User be the owner of the new key."
)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "NGR701",
        Severity.ERROR,
        Subject.NGROK,
        "The SCIM key is not in this ngrok account",
        "The key was deleted, or the admin key belongs to a different account.",
        "Run `ngrok-scim test-connect`. If it passes, the admin key belongs to another account. "
        "If ngrok refuses the key, run `ngrok-scim api-key rotate`.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NGR702",
        Severity.WARNING,
        Subject.NGROK,
        "The SCIM key belongs to a person",
        "When that person is deactivated, the key and provisioning stop. The owner of a key "
        "cannot be changed later.",
        "Run `ngrok-scim api-key rotate` and make a Service User the owner of the new key.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR703",
        Severity.ERROR,
        Subject.NGROK,
        "The owner of the key is inactive",
        "The keys of a person or a Service User do not work while their owner is inactive.",
        "Open https://dashboard.ngrok.com/service-users and activate the owner of the key. If the "
        "owner is a person, run `ngrok-scim api-key rotate` instead.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR704",
        Severity.ERROR,
        Subject.NGROK,
        "The owner of the key has read-only access",
        "ngrok's API requires that the owner of an API key has write privileges.",
        "Run `ngrok-scim api-key rotate` and make a Service User with write access the owner of "
        "the new key.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR705",
        Severity.ERROR,
        Subject.NGROK,
        "ngrok's IP restrictions block Okta or this machine",
        "They apply to SCIM too. Okta calls from its own cloud, so allow Okta's addresses. This "
        "machine's address is needed only for tests from here.",
        "Open https://dashboard.ngrok.com/ip-restrictions and allow the addresses that Okta "
        "publishes at https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR706",
        Severity.WARNING,
        Subject.NGROK,
        "The key is not used only for SCIM",
        "Replacing it for its other use also stops provisioning.",
        "Run `ngrok-scim api-key rotate` to give Okta a key of its own. The old key works until "
        "you finish.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NGR707",
        Severity.ERROR,
        Subject.NGROK,
        "The ngrok plan does not include a feature that is needed",
        "Not every plan includes SCIM and Service Users.",
        "Compare the plans at https://dashboard.ngrok.com/billing/choose-a-plan. If yours should "
        "include SCIM, ask support@ngrok.com.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR708",
        Severity.ERROR,
        Subject.NGROK,
        "The ngrok account is suspended or may not use the API",
        "The key is valid, but the account is suspended for an unpaid bill or a breach of the "
        "terms, or it has no access to the API.",
        "Write to support@ngrok.com. If a bill is unpaid, pay it at "
        "https://dashboard.ngrok.com/billing first.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR709",
        Severity.ERROR,
        Subject.NGROK,
        "ngrok rate limits this account",
        "An account may make 120 API requests a minute, shared by all its programs. It is not "
        "documented whether SCIM requests count towards this limit.",
        "Wait a minute, then run the command again.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR710",
        Severity.ERROR,
        Subject.NGROK,
        "The admin key does not belong to an administrator",
        "Only an administrator may create Service Users, and keys for other owners.",
        "Ask an ngrok administrator to create a key at https://dashboard.ngrok.com/api-keys, and "
        "set NGROK_API_KEY to it.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR711",
        Severity.NOTICE,
        Subject.NGROK,
        "The key is older than a year",
        "ngrok's API shows no expiry date for keys. The longer a key is in use, the more people "
        "and places may have seen it.",
        "Run `ngrok-scim api-key rotate` when convenient. The old key works until you finish.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NGR712",
        Severity.WARNING,
        Subject.NGROK,
        "A key that ngrok-scim made is active, but this profile does not use it",
        "A run was interrupted while it made the key, or another profile or computer uses it. "
        "Anyone with the key can create and deactivate users.",
        "Run `ngrok-scim api-key show` with each profile on each computer that sets up SCIM for "
        "this account, to see which one uses the key.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NGR713",
        Severity.WARNING,
        Subject.NGROK,
        "There are two Service Users or two keys for SCIM",
        "ngrok does not show which of them Okta uses. Both can create and deactivate users.",
        "Open https://dashboard.ngrok.com/api-keys and find out who made each of them, and for "
        "what.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR714",
        Severity.ERROR,
        Subject.NGROK,
        "ngrok refuses the admin key",
        "This is the administrator's key for setup, not the key in Okta. It was revoked, was not "
        "copied whole, or is another kind of credential.",
        "Create an API key as an administrator at https://dashboard.ngrok.com/api-keys and set "
        "NGROK_API_KEY to it.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR715",
        Severity.ERROR,
        Subject.NGROK,
        "The ngrok account has reached a limit for API keys or Service Users",
        "ngrok limits the number of API keys of an account, and how many are added in a period of "
        "time.",
        "Compare the limit in ngrok's message with your keys at "
        "https://dashboard.ngrok.com/api-keys, and ask support@ngrok.com for a higher limit if "
        "all are in use.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR716",
        Severity.NOTICE,
        Subject.NGROK,
        "A key rotation is in progress: the old key and the new key both work",
        "ngrok does not show which of the two keys Okta has, so nothing is revoked until you "
        "confirm it.",
        "Run `ngrok-scim api-key rotate` to see what to paste into Okta. When Okta has the new "
        "key, run `ngrok-scim api-key rotate --finish`. To keep the old key, run `ngrok-scim "
        "api-key rotate --abort`.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR717",
        Severity.ERROR,
        Subject.NGROK,
        "The access token is not allowed to do this",
        "An access token can do only what its scopes allow, and it may expire. It is not "
        "documented which scope SCIM needs; ngrok's SCIM guide asks for an API key.",
        "Use the API key of a Service User instead: run `ngrok-scim api-key create` and paste the "
        "key into Okta.",
        certainty=Certainty.DOCUMENTED,
    ),
)
