"""What an admin reads about the users."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "USR601",
        Severity.ERROR,
        Subject.USERS,
        "No users were returned",
        "ngrok's guide says that this message means a mistake in the configuration. Okta's "
        "support article says that Okta accepts an empty list. ngrok-scim counts it as a failure; "
        "`--allow-empty` makes it a warning.",
        'Open https://dashboard.ngrok.com/settings and check that "Automated User Provisioning '
        'via SCIM 2.0" is chosen.',
        certainty=Certainty.VENDOR,
    ),
    Entry(
        "USR602",
        Severity.ERROR,
        Subject.USERS,
        "The server counts users but returns none",
        "`totalResults` is above 0, but the list is empty, so Okta finds no users.",
        "Run `ngrok-scim test-connect` again. If the result is the same, send this evidence to "
        "support@ngrok.com.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR603",
        Severity.ERROR,
        Subject.USERS,
        "A user name is not an e-mail address",
        "ngrok's documentation says that `userName` must be the e-mail address. With another "
        "value ngrok may not recognize the person at sign-in.",
        'In Okta, open Sign On > Credentials Details, set "Application username format" to '
        '"Email" and press "Update Now".',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "USR604",
        Severity.ERROR,
        Subject.USERS,
        "A user name or e-mail address contains a space or an invisible character",
        "It looks right but is a different address, so ngrok may not match the person. Usually it "
        "was pasted into Okta that way.",
        "In Okta, open Directory > People, choose the person, retype the address and save.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR605",
        Severity.ERROR,
        Subject.USERS,
        "Two users have the same user name",
        "The names differ only in capitals, spaces or invisible characters. Okta may update one "
        "account and not the other.",
        "Run `ngrok-scim users trace EMAIL` for both names, to see which one Okta provisions.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR606",
        Severity.WARNING,
        Subject.USERS,
        "A user is outside the domains that you submitted",
        "ngrok's guide says that ngrok support must approve each e-mail domain before its users "
        "sync.",
        "Run `ngrok-scim domain submit DOMAIN` with the domain of this user.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "USR607",
        Severity.NOTICE,
        Subject.USERS,
        "Some users are deactivated",
        "They cannot sign in to ngrok, start an agent or use the API.",
        "Check that these people have left. To give somebody access again, assign them to the app "
        "in Okta.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "USR608",
        Severity.WARNING,
        Subject.USERS,
        "A user has no display name",
        "ngrok probably shows the person without a name.",
        "In Okta, open Provisioning > To App, map `displayName` under the attribute mappings and "
        'press "Force Sync".',
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR609",
        Severity.ERROR,
        Subject.USERS,
        "The list of users is not reliable",
        "Pages repeat, miss or overlap users, the total changes, or there are more users after "
        "the last page. Until the list is known to be complete, nobody who is missing from it "
        "counts as gone.",
        "Run `ngrok-scim users audit` again while nothing is being provisioned. If the result is "
        "the same, send this evidence to support@ngrok.com.",
        certainty=Certainty.INFERRED,
    ),
)
