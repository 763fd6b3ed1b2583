"""What to click in Okta and what to run: fixes that several sentences and codes share."""

from collections.abc import Sequence

from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

SET_BASE_URL = (
    'In Okta, open Provisioning > Integration > Edit and set "SCIM connector base URL" to '
    "https://api.ngrok.com/scim/v2/."
)
TEST_KEY = (
    "Run `ngrok-scim test-connect` with the key that should be in Okta. If it passes, paste that "
    'key into "Authorization" under Provisioning > Integration > Edit.'
)
TEST = "Run `ngrok-scim test-connect`. It shows what the server replies, and why."
REPORT = "Run `ngrok-scim test-connect --report FILE` and send the file to support@ngrok.com."
REHEARSE = "Run `ngrok-scim rehearse`. It tries each step of Okta's with a throw-away user."
TRACE = (
    "Run `ngrok-scim users trace EMAIL` with the e-mail address of the person. With an Okta token, "
    "it also shows the reason from the System Log."
)
TWO_ACCOUNTS = (
    "Run `ngrok-scim users trace EMAIL` with either name. It shows which account Okta provisions."
)
ASSIGN_AGAIN = (
    "Run `ngrok-scim users trace EMAIL`. If ngrok does not have the person, unassign them in Okta "
    "under Assignments and assign them again."
)
DEACTIVATE_AGAIN = (
    "Run `ngrok-scim users trace EMAIL`. If the account is still active, assign the person to the "
    "app in Okta again, then unassign them."
)
HAVE_DEACTIVATED = (
    "Run `ngrok-scim users trace EMAIL`. If the account is still active, write to "
    "support@ngrok.com and ask them to deactivate it."
)
SAME_PERSON = (
    "Run `ngrok-scim users trace EMAIL`. It shows whether Okta and ngrok have the same person."
)
SEE_GONE = "Run `ngrok-scim users trace EMAIL` to see that ngrok no longer has the person."
SEE_ACTIVE = (
    "Run `ngrok-scim users trace EMAIL`. It shows whether the account is active again, and the "
    "reason if it is not."
)
# Warnings, which follow the cause of a deactivation that failed.
UNTIL_THEN = (
    "Until then the person may still have access to ngrok; `ngrok-scim users trace EMAIL` shows "
    "whether the account is active."
)
STILL_ACTIVE = (
    "The person may still have access to ngrok, and Okta does not try again. `ngrok-scim users "
    "trace EMAIL` shows whether the account is active."
)
CHECK_ATTRIBUTES = (
    "Run `ngrok-scim doctor --only OKT915` with an Okta token. It lists the attributes that Okta "
    "sends and ngrok does not use, and says how to remove them."
)
RETRY = 'In Okta, open Dashboard > Tasks, choose the task and press "Retry Selected".'
EMAIL_FORMAT = (
    'In Okta, open Sign On > Credentials Details, set "Application username format" to "Email" '
    'and press "Update Now".'
)
ALLOW_OKTA = "Open https://dashboard.ngrok.com/ip-restrictions and allow Okta's addresses."
ASK_THE_FIREWALL = (
    "Ask the administrator of the firewall in front of this server to allow Okta's addresses."
)
NO_GROUPS = (
    'In Okta, open the tab "Push Groups" of the app and remove the groups there. ngrok\'s SCIM '
    "does not support groups."
)
WAIT_FOR_OKTA = "Wait for Okta to retry by itself."
WAIT = "Try again in a few minutes."
LOOK_AT_STATUS = "Check https://status.ngrok.com/ and try again in a few minutes."

# What to say in `users trace` itself, in place of the texts that name it.
AFTER_TRACE = {
    ASSIGN_AGAIN: "In Okta, open Assignments, unassign the person and assign them again.",
    DEACTIVATE_AGAIN: "In Okta, assign the person to the app again, then unassign them. Okta "
    "does not retry a deactivation and has no button for it.",
    HAVE_DEACTIVATED: "Write to support@ngrok.com and ask them to deactivate this person. While "
    "SCIM manages the members, ngrok does not allow it by hand (ERR_NGROK_6620), and Okta does not "
    "retry it.",
    SAME_PERSON: "In Okta, make the e-mail address of the person the same as in ngrok (Directory > "
    "People).",
    TRACE: "Write to support@ngrok.com and send what is shown here.",
    TWO_ACCOUNTS: "Write to support@ngrok.com and ask which of the two accounts should stay.",
    SEE_GONE: 'Check that "User" in this trace shows no account. Then no action is needed.',
    SEE_ACTIVE: WAIT_FOR_OKTA,
    UNTIL_THEN: 'Until then the person may still have access to ngrok: see "User" in this trace.',
    STILL_ACTIVE: 'The person may still have access to ngrok (see "User" in this trace), and Okta '
    "does not try again.",
}

# What no shell reads as anything else.
_ADDRESS = lazy_pattern(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9.-]{1,253}")
_WHO = (
    "with the e-mail address of the person",
    "for one of them",
    "for each of them",
    "with either name",
)


def addressed(text: str, people: Sequence[str]) -> str:
    """Name the address in ``users trace EMAIL`` where it is about one person, and safe to paste."""
    if len(people) != 1 or not _ADDRESS.fullmatch(people[0]):
        return text
    text = text.replace("trace EMAIL", f"trace {people[0]}")
    for who in _WHO:
        text = text.replace(f" {who}", "")
    return text
