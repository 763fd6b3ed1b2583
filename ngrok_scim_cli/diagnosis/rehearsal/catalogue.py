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
        "Okta would mark the person as failed and not try again by itself. {blame}",
        "Run `ngrok-scim test-connect`, then rehearse again.",
        generic=(("blame", "The server's words say whether domain, seat or key is to blame."),),
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH002",
        Severity.ERROR,
        Subject.RESPONSE,
        "The reply to a create is not one that Okta can use",
        "Okta needs 201 and the created user with its `id`. Without them it reports that the new "
        "user is empty, and keeps no link to the account that was perhaps made.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH003",
        Severity.ERROR,
        Subject.RESPONSE,
        "Okta's look-up does not find exactly the created user",
        "Okta looks a person up before each assignment. If it finds nobody it creates a second "
        "account; if it finds somebody else it links the person to the wrong account.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH004",
        Severity.ERROR,
        Subject.RESPONSE,
        "An update by PUT is refused or not kept",
        "A Classic app of Okta's sends every change as a PUT of the whole user. Changes made in "
        "Okta would not reach ngrok.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH005",
        Severity.ERROR,
        Subject.RESPONSE,
        "An update by PATCH is refused or not kept",
        "An app of the Okta Integration Wizard sends changes as PATCH. Changes made in Okta would "
        "not reach ngrok.",
        "Run `ngrok-scim rehearse --dialect put`: if that passes, use a Classic app in Okta.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH006",
        Severity.ERROR,
        Subject.RESPONSE,
        "A deactivation is refused or not kept",
        "Okta tries a deactivation once and has no retry button: people who leave would keep "
        "their access to ngrok.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH007",
        Severity.ERROR,
        Subject.RESPONSE,
        "A deactivated user is not found any more",
        "When the person comes back, Okta finds nobody and creates a second account.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH008",
        Severity.ERROR,
        Subject.RESPONSE,
        "A reactivation is refused or not kept",
        "A person who is assigned again stays locked out.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH009",
        Severity.ERROR,
        Subject.RESPONSE,
        "A change of address is refused, not kept, or makes a second user",
        "After a change of name or domain Okta and ngrok would not mean the same account.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH010",
        Severity.WARNING,
        Subject.RESPONSE,
        "A second create of the same user is not refused with 409",
        "Okta expects 409 with a SCIM error where the user is there already (Okta's SCIM 2.0 "
        "reference). Without it a race may leave two accounts for one person.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH011",
        Severity.WARNING,
        Subject.RESPONSE,
        "An unknown id is not answered with 404",
        "Okta takes 404 as the sign that the account is gone (RFC 7644 section 3.12). Any other "
        "answer leaves it with a wrong picture.",
        _SUPPORT,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH012",
        Severity.WARNING,
        Subject.RESPONSE,
        "An attribute comes back other than it was sent",
        "ngrok documents `userName`, `displayName` and `active`. What is changed on the way looks "
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
        "Run the rehearsal again at another time; if it stays slow, write to support@ngrok.com.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH014",
        Severity.NOTICE,
        Subject.USERS,
        "The throw-away user is left deactivated",
        "ngrok documents no deletion of users. The user cannot sign in.",
        "Nothing is to be done. To have it removed, write to support@ngrok.com.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH015",
        Severity.ERROR,
        Subject.USERS,
        "A throw-away user is still active",
        "It could not be deactivated. It belongs to nobody, but it may use a seat.",
        "Run `ngrok-scim rehearse --clean-up`.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "REH016",
        Severity.WARNING,
        Subject.RESPONSE,
        "The rate limit was reached",
        "ngrok allows 120 requests a minute for an account. Okta waits as long as `Retry-After` "
        "says, else 5 minutes, and gives up after 10 attempts (Okta's SCIM concepts page).",
        "Assign people in groups of about 20, and wait for each to finish.",
        certainty=Certainty.INFERRED,
    ),
)
