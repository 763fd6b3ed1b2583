"""What an admin reads about the users."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "USR601",
        Severity.ERROR,
        Subject.USERS,
        "No users were returned",
        "ngrok's guide: this means a mistake in the configuration; and every ngrok account has a "
        "user. Okta's support article: an empty list is accepted. Here it counts as a failure; "
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
        "`totalResults` is above 0, but the list is empty, so Okta finds nobody.",
        "Run `ngrok-scim test-connect` again; if it stays so, send this evidence to "
        "support@ngrok.com.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR603",
        Severity.ERROR,
        Subject.USERS,
        "A user name is no e-mail address",
        "ngrok needs the e-mail address in `userName`. Without it the person is not recognized at "
        "sign-in.",
        'In Okta, open Sign On > Credentials Details, set "Application username format" to '
        '"Email" and press "Update Now".',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "USR604",
        Severity.ERROR,
        Subject.USERS,
        "A user name or e-mail address holds a space or an invisible character",
        "It looks right but is another address, so the person is not matched. Mostly it was "
        "pasted into Okta that way.",
        "In Okta, open Directory > People, choose the person, type the address anew and save.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR605",
        Severity.ERROR,
        Subject.USERS,
        "Two users share one user name",
        "The names differ only in capitals, spaces or invisible characters, so Okta may update "
        "one and leave the other as it is.",
        "Run `ngrok-scim users trace EMAIL` for both names, to see which one Okta provisions.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR606",
        Severity.WARNING,
        Subject.USERS,
        "A user is outside the domains that you submitted",
        "ngrok's support must allow each e-mail domain before its people are kept in step.",
        "Run `ngrok-scim domain submit DOMAIN` with the domain of this user.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "USR607",
        Severity.NOTICE,
        Subject.USERS,
        "Some users are deactivated",
        "They cannot sign in to ngrok, start an agent or use the API.",
        "Nothing needs to be done if these people have left; who has not can be assigned to the "
        "app in Okta again.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR608",
        Severity.WARNING,
        Subject.USERS,
        "A user has no display name",
        "In ngrok the person is shown without a name.",
        "In Okta, open Provisioning > To App, map `displayName` under the attribute mappings and "
        'press "Force Sync".',
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "USR609",
        Severity.ERROR,
        Subject.USERS,
        "The list of users cannot be trusted",
        "Pages repeat, miss or overlap users, the total changes, or more users stand behind the "
        "last page. While the list is not proven whole, nobody who is missing in it counts as "
        "gone.",
        "Run `ngrok-scim users audit` again while nothing is being provisioned. If the result is "
        "the same, send this evidence to support@ngrok.com.",
        certainty=Certainty.INFERRED,
    ),
)
