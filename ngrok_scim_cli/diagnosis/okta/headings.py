"""What is known where no reason is given: no more than what Okta was doing."""

from ngrok_scim_cli.diagnosis.okta.clicks import DEACTIVATE_AGAIN, TEST, TEST_KEY, TRACE
from ngrok_scim_cli.diagnosis.okta.sayings import (
    DOCUMENTED,
    FIREWALL_DROPS_OKTA,
    MISSPELLED_HOST,
    NO_CONNECTION_FOR_A_MOMENT,
    OBSERVED,
    SERVICE_IS_DOWN,
    VENDOR,
    WRONG_NUMBERS,
    Cause,
    Saying,
    by_code,
    saying,
)
from ngrok_scim_cli.diagnosis.okta.sentences import GROUP_PUSH
from ngrok_scim_cli.diagnosis.okta.stages import Stage

NO_ANSWER = saying(
    "Error authenticating: null",
    "Okta received no reply that it could read",
    "No HTTP server replied at the base URL, or Okta gives no reason.",
    NO_CONNECTION_FOR_A_MOMENT,
    MISSPELLED_HOST,
    FIREWALL_DROPS_OKTA,
    SERVICE_IS_DOWN,
    Cause(
        '"Bearer" was typed before the key (some servers drop the connection then).',
        TEST_KEY,
        ("KEY205",),
        VENDOR,
    ),
)
_LOOK_UP_FAILS = Cause("The look-up by user name fails.", TEST, ("SCM519", "SCM523"))
# Okta gives no reason where it cannot use the reply to its look-up.
SYNC_FAILED = saying(
    "Sync user in external application",
    "Okta could not sync a user",
    "Okta gives no reason here. Usually Okta cannot use the reply of the server.",
    WRONG_NUMBERS,
    _LOOK_UP_FAILS,
    wordings="sync user in external application, provision user sync",
)

_GONE_OR_REFUSED = Cause(
    "The account is gone from ngrok, or ngrok refused the change.",
    TRACE,
    ("OKT909", "OKT912", "SCM522"),
)
HEADINGS: dict[Stage, Saying] = {
    Stage.LOOK_UP: saying(
        "Verify user exists in external application",
        "Okta looks for a user in ngrok",
        "Okta does this before it creates a user.",
        _LOOK_UP_FAILS,
    ),
    Stage.ACCOUNT: saying(
        "Push new user to external application",
        "Okta could not create somebody in ngrok",
        "The reason is at the end of Okta's message, under Dashboard > Tasks, and in the System "
        "Log.",
        Cause("ngrok refused this person.", TRACE, ("OKT912", "OKT914", "OKT908")),
        Cause("The server failed temporarily.", TEST, ("SCM506",)),
    ),
    Stage.PROFILE: saying(
        "Push user's profile to external application",
        "Okta could not update somebody in ngrok",
        "ngrok still has the old data. The reason is at the end of Okta's message, under Dashboard "
        "> Tasks, and in the System Log.",
        _GONE_OR_REFUSED,
    ),
    Stage.REACTIVATION: saying(
        "Push user reactivation in external application",
        "Okta could not reactivate somebody in ngrok",
        "The person is assigned in Okta and may be locked out of ngrok.",
        _GONE_OR_REFUSED,
    ),
    Stage.DEACTIVATION: saying(
        "Push user deactivation to external application",
        "Okta could not deactivate somebody in ngrok",
        "Okta does not retry by itself and has no retry button.",
        Cause("The deactivation failed.", DEACTIVATE_AGAIN, ("OKT911", "SCM522"), OBSERVED),
    ),
    Stage.PASSWORD: saying(
        "Push user's password to external application",
        "Okta could not push a password",
        "ngrok's SCIM does not support passwords.",
        Cause(
            '"Sync Password" is ticked under To App.',
            'In Okta, open Provisioning > To App > Edit and clear "Sync Password".',
            ("OKT915",),
        ),
    ),
    Stage.IMPORT: saying(
        "Import users",
        "Okta could not import users from ngrok",
        "ngrok's guide does not use imports.",
        by_code("FRM307"),
    ),
    Stage.GROUPS: GROUP_PUSH,
    Stage.CALL: saying(
        "Error authenticating: … . The connector configuration could not be tested. Make sure "
        "that the URL, Authentication Parameters are correct and that there is an implementation "
        "available at the URL provided.",
        "Okta's connector test failed",
        "These words are in each failure of the test (Okta's error E0000059). The reason is "
        "between them.",
        Cause("One of the values in Okta's form is wrong.", TEST, certainty=DOCUMENTED),
        wordings="""e0000059, url authentication parameters, implementation available at the url,
        url provided, errors reported by remote server, test connector configuration, ensure all
        details are set""",
    ),
}
