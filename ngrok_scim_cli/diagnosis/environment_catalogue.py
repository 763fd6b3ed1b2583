"""What an admin reads about the machine that the program runs on."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "ENV001",
        Severity.WARNING,
        Subject.ENVIRONMENT,
        "No keyring works on this machine",
        "ngrok-scim keeps the API key in the system keyring, so that it is in no file. Servers "
        "and containers often have no keyring.",
        "Set the environment variable NGROK_SCIM_API_KEY to the key, for example from your "
        "password manager.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV002",
        Severity.ERROR,
        Subject.ENVIRONMENT,
        "The keyring does not return the API key that this profile names",
        "The keyring is locked, it refused access, or the key was removed from it.",
        "Unlock the keyring, then run `ngrok-scim api-key store` and paste the key. If you no "
        "longer have the key, run `ngrok-scim api-key rotate` instead.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "ENV003",
        Severity.WARNING,
        Subject.ENVIRONMENT,
        "The clock of this machine is wrong",
        "A wrong clock makes valid certificates look expired and puts wrong times into reports. "
        "Okta does not use this clock.",
        "Turn on automatic time in the date and time settings of this machine.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV004",
        Severity.NOTICE,
        Subject.ENVIRONMENT,
        "The request went through a proxy",
        "Okta calls ngrok from its own cloud and not through your proxy. Okta may get a different "
        "reply than this machine.",
        "If Okta shows a different result, run the test again from a network without a proxy.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV005",
        Severity.WARNING,
        Subject.ENVIRONMENT,
        "Other users of this machine can read or change a profile or key file",
        "Anyone who reads the key can create and deactivate users in your ngrok account. Anyone "
        "who can change the profile can make this machine send the key to their own program.",
        "Run `chmod 600` on the file named here.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV006",
        Severity.ERROR,
        Subject.ENVIRONMENT,
        "Only NGROK_AUTHTOKEN is set, and an authtoken is not an API key",
        "An authtoken connects the ngrok agent. ngrok's API and SCIM need an API key, which looks "
        "the same but comes from another page of the dashboard.",
        "Create an API key at https://dashboard.ngrok.com/api-keys and set NGROK_API_KEY to it.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV007",
        Severity.WARNING,
        Subject.ENVIRONMENT,
        "A value begins or ends with a space or a line break",
        "ngrok-scim used the value without it. Another program may treat it as part of the value "
        "and fail.",
        "Remove the spaces or the line break where this value is set.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV008",
        Severity.ERROR,
        Subject.ENVIRONMENT,
        "The profile cannot be read",
        "The file is damaged, or a newer version of ngrok-scim wrote it.",
        "Update ngrok-scim. If the profile still cannot be read, rename its file and run "
        "`ngrok-scim setup`.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV009",
        Severity.NOTICE,
        Subject.ENVIRONMENT,
        "The test ran from this machine, not from Okta's cloud",
        "If your ngrok account uses IP restrictions, they may allow this machine and block Okta, "
        "or the other way round.",
        'In Okta, press "Test Connector Configuration" once. Only Okta can show that its own '
        "requests get through.",
        certainty=Certainty.DOCUMENTED,
    ),
)
