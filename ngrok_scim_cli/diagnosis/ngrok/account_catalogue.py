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
        "It was deleted, or the admin key belongs to another account than the SCIM key.",
        "Run `ngrok-scim test-connect`. If it passes, the admin key belongs to another account; if "
        "ngrok refuses the key, run `ngrok-scim api-key rotate`.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR702",
        Severity.WARNING,
        Subject.NGROK,
        "The SCIM key belongs to a person",
        "When that person leaves, provisioning stops. The owner of a key cannot be changed later.",
        _KEY_OF_A_SERVICE_USER,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR703",
        Severity.ERROR,
        Subject.NGROK,
        "The owner of the key is inactive",
        "All keys of a person or Service User stop while their owner is inactive.",
        "Open https://dashboard.ngrok.com/service-users and activate the owner of the key.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR704",
        Severity.ERROR,
        Subject.NGROK,
        "The owner of the key may only read",
        "ngrok takes an API key only from an owner who has write privileges.",
        _KEY_OF_A_SERVICE_USER,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR705",
        Severity.ERROR,
        Subject.NGROK,
        "ngrok's IP restrictions are in the way",
        "They hold for SCIM too. Okta calls from its own cloud, so Okta's addresses must be "
        "allowed; the address of this machine only for tests from here.",
        "Open https://dashboard.ngrok.com/ip-restrictions and allow the addresses that Okta "
        "publishes at https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json, or ask "
        "support@ngrok.com to leave SCIM out of the restrictions.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR706",
        Severity.WARNING,
        Subject.NGROK,
        "The key is not only for SCIM",
        "Whoever replaces it for its other use stops provisioning without noticing.",
        "Run `ngrok-scim api-key rotate` to give Okta a key of its own. The old key works until "
        "you finish.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NGR707",
        Severity.ERROR,
        Subject.NGROK,
        "The ngrok plan does not include what is needed",
        "SCIM and Service Users are not part of every plan.",
        "Compare the plans at https://dashboard.ngrok.com/billing/choose-a-plan, or ask "
        "support@ngrok.com for SCIM.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR708",
        Severity.ERROR,
        Subject.NGROK,
        "The ngrok account is suspended or may not use the API",
        "The key is in order, the account is not: a bill is open, the terms were breached, or the "
        "API was never allowed.",
        "Write to support@ngrok.com; if a bill is open, pay it at "
        "https://dashboard.ngrok.com/billing first.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR709",
        Severity.ERROR,
        Subject.NGROK,
        "ngrok takes no more requests for a while",
        "An account may make 120 API requests a minute, and all its programs share them.",
        "Wait a minute, then run the command again.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR710",
        Severity.ERROR,
        Subject.NGROK,
        "The admin key is not an administrator's",
        "Only an administrator may create Service Users, and keys for others.",
        "Ask an ngrok administrator to create a key at https://dashboard.ngrok.com/api-keys, and "
        "set NGROK_API_KEY to it.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR711",
        Severity.NOTICE,
        Subject.NGROK,
        "The key is older than a year",
        "ngrok's keys never expire by themselves, and nobody remembers who has seen an old one.",
        "Run `ngrok-scim api-key rotate` when it suits you. The old key works until you finish.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NGR712",
        Severity.WARNING,
        Subject.NGROK,
        "A key that ngrok-scim made is alive, and this profile does not use it",
        "A run was interrupted while it made a key, or another profile or computer uses this key. "
        "Whoever has it can create and deactivate users.",
        "Run `ngrok-scim api-key show` with each profile on each computer that sets up SCIM for "
        "this account, to see who uses the key.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR713",
        Severity.WARNING,
        Subject.NGROK,
        "There are two Service Users or two keys for SCIM",
        "Which of them Okta uses cannot be seen from outside, and both can create and deactivate "
        "users.",
        "Open https://dashboard.ngrok.com/api-keys and find out who made each of them, and for "
        "what.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR714",
        Severity.ERROR,
        Subject.NGROK,
        "ngrok refuses the admin key",
        "This is the administrator's key, which sets things up, and not the key that goes into "
        "Okta. It was revoked, cut off, or is another kind of credential.",
        "Create an API key as an administrator at https://dashboard.ngrok.com/api-keys and set "
        "NGROK_API_KEY to it.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR715",
        Severity.ERROR,
        Subject.NGROK,
        "The ngrok account can take no further key or Service User",
        "Each account has a limit, and one for how many are added within a time.",
        "Wait and run the command again; if it still fails, ask support@ngrok.com for a higher "
        "limit.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR716",
        Severity.NOTICE,
        Subject.NGROK,
        "The key is being replaced: the old and the new one work",
        "The new key was made beside the old one. Which of them Okta has cannot be seen from "
        "outside, so nothing is revoked until you say so.",
        "Run `ngrok-scim api-key rotate` to see what to paste into Okta. Once Okta has the new "
        "key: `ngrok-scim api-key rotate --finish`. To stay with the old key: "
        "`ngrok-scim api-key rotate --abort`.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NGR717",
        Severity.ERROR,
        Subject.NGROK,
        "The access token may not do this",
        "An access token can do only what its scopes allow, and it may expire. Which scope SCIM "
        "needs is not documented; ngrok's SCIM guide asks for an API key.",
        "Put an API key of a Service User in its place: run `ngrok-scim api-key create` and paste "
        "the key into Okta.",
        certainty=Certainty.DOCUMENTED,
    ),
)
