"""What an admin reads about the rehearsed life of a user."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

_SUPPORT = "Write to support@ngrok.com and send the report of `ngrok-scim rehearse --report FILE`."

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "REH001",
        Severity.ERROR,
        Subject.RESPONSE,
        "The endpoint refuses to create a user",
        "Okta would mark the person as failed and would not retry by itself. {blame}",
        "Run `ngrok-scim test-connect`, then rehearse again.",
        generic=(("blame", "The server's words say whether domain, seat or key is to blame."),),
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH002",
        Severity.ERROR,
        Subject.RESPONSE,
        "Okta cannot use the reply to a create",
        "Okta needs status 201 and the created user with its `id`. Without them Okta reports that "
        "the new user is empty, and does not link the account that may have been created.",
        _SUPPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "REH003",
        Severity.ERROR,
        Subject.RESPONSE,
        "Okta's look-up does not find exactly the created user",
        "Okta looks a person up before each assignment. If it finds nobody, it creates a second "
        "account. If it finds somebody else, it links the person to the wrong account.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH004",
        Severity.ERROR,
        Subject.RESPONSE,
        "An update by PUT is refused or not saved",
        "An app of the Classic experience sends every change as a PUT of the whole user. Changes "
        "made in Okta would not reach ngrok.",
        _SUPPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "REH005",
        Severity.ERROR,
        Subject.RESPONSE,
        "An update by PATCH is refused or not saved",
        "An app of the Okta Integration Wizard sends changes as PATCH. Changes made in Okta would "
        "not reach ngrok.",
        "Run `ngrok-scim rehearse --dialect put`. If it passes, use an app of the Classic "
        "experience in Okta.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "REH006",
        Severity.ERROR,
        Subject.RESPONSE,
        "A deactivation is refused or not saved",
        "Okta sends a deactivation once and has no retry button. People who leave would keep "
        "their access to ngrok.",
        _SUPPORT,
        certainty=Certainty.OBSERVED,
    ),
    Entry(
        "REH007",
        Severity.ERROR,
        Subject.RESPONSE,
        "A deactivated user can no longer be found",
        "When the person comes back, Okta finds nobody and creates a second account.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH008",
        Severity.ERROR,
        Subject.RESPONSE,
        "A reactivation is refused or not saved",
        "A person who is assigned again would stay locked out.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH009",
        Severity.ERROR,
        Subject.RESPONSE,
        "A change of address is refused, not saved, or creates a second user",
        "After a change of name or domain, Okta and ngrok would refer to different accounts.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH010",
        Severity.WARNING,
        Subject.RESPONSE,
        "A second create of the same user is not refused with 409",
        "Okta expects 409 with a SCIM error if the user already exists (Okta's SCIM 2.0 "
        "reference). Without it, two simultaneous requests may leave two accounts for one person.",
        _SUPPORT,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "REH011",
        Severity.WARNING,
        Subject.RESPONSE,
        "An unknown id does not get a 404",
        "Okta treats 404 as the sign that the account is gone. With any other reply, Okta keeps a "
        "link to an account that does not exist.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH012",
        Severity.WARNING,
        Subject.RESPONSE,
        "An attribute comes back different from what was sent",
        "ngrok documents `userName`, `displayName` and `active`. A changed attribute looks "
        "different in Okta and in ngrok.",
        "Compare the attribute in Okta with the one in ngrok before you assign more people.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH013",
        Severity.ERROR,
        Subject.RESPONSE,
        "A step takes too long",
        "Okta closes the connection after 60 seconds (Okta's SCIM FAQ) and counts the step as "
        "failed.",
        "Run the rehearsal again at another time. If it is still slow, write to support@ngrok.com.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "REH014",
        Severity.NOTICE,
        Subject.USERS,
        "The test user stays in ngrok, deactivated",
        "ngrok documents no way to delete users. The user cannot sign in.",
        "No action is needed. To have the user removed, write to support@ngrok.com.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "REH015",
        Severity.ERROR,
        Subject.USERS,
        "A test user of a rehearsal is still active",
        "It could not be deactivated. It belongs to nobody, but it may use a seat.",
        "Run `ngrok-scim rehearse --clean-up`.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH016",
        Severity.WARNING,
        Subject.RESPONSE,
        "The rate limit was reached",
        "ngrok allows an account 120 requests a minute. Okta waits as long as `Retry-After` says, "
        "or 5 minutes, and gives up after 10 attempts (Okta's SCIM concepts page).",
        "Assign people in groups of about 20, and wait for each to finish.",
        certainty=Certainty.DOCUMENTED,
    ),
)
