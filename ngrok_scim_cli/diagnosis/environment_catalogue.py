"""What an admin reads about the machine that the program runs on."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "ENV001",
        Severity.WARNING,
        Subject.ENVIRONMENT,
        "No keyring works on this machine",
        "The API key is kept in the system's keyring, so that it stands in no file. Servers and "
        "containers often have none.",
        "Set the environment variable NGROK_SCIM_API_KEY to the key, for example from your "
        "password manager.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV002",
        Severity.ERROR,
        Subject.ENVIRONMENT,
        "The keyring does not give the API key that this profile names",
        "The keyring is locked, refused access, or the key was removed from it.",
        "Unlock the keyring, then run `ngrok-scim api-key store` and paste the key. If nobody has "
        "it any more, run `ngrok-scim api-key rotate` instead.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV003",
        Severity.WARNING,
        Subject.ENVIRONMENT,
        "The clock of this machine is wrong",
        "A wrong clock makes good certificates look expired and puts wrong times into reports. "
        "Okta is not affected by it.",
        "Switch on automatic time in this machine's date and time settings.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV004",
        Severity.NOTICE,
        Subject.ENVIRONMENT,
        "The request went through a proxy",
        "Okta calls ngrok from its own cloud and not through your proxy, so Okta may get another "
        "answer than this machine.",
        "If Okta shows something else than this test, run the test again from a network without a "
        "proxy.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV005",
        Severity.WARNING,
        Subject.ENVIRONMENT,
        "Other users of this machine can read or change a profile or key file",
        "Whoever reads the key can create and deactivate users in your ngrok account. Whoever can "
        "change the profile can send the key to a program of theirs on this machine.",
        "Run `chmod 600` on the file that is named here.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV006",
        Severity.ERROR,
        Subject.ENVIRONMENT,
        "Only NGROK_AUTHTOKEN is set, and that is no API key",
        "An authtoken connects the ngrok agent. ngrok's API and SCIM take an API key, which looks "
        "just the same but comes from another page of the dashboard.",
        "Create an API key at https://dashboard.ngrok.com/api-keys and set NGROK_API_KEY to it.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV007",
        Severity.WARNING,
        Subject.ENVIRONMENT,
        "A value has spaces or a line break at its ends",
        "It was used without them here. Another program may take them as part of the value and "
        "fail for no visible reason.",
        "Remove the spaces or the line break where this value is set.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV008",
        Severity.ERROR,
        Subject.ENVIRONMENT,
        "The profile cannot be read",
        "Its file is damaged, or a newer version of ngrok-scim wrote it.",
        "Update ngrok-scim. If the profile still cannot be read, rename its file and run "
        "`ngrok-scim setup`.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "ENV009",
        Severity.NOTICE,
        Subject.ENVIRONMENT,
        "The test ran from this machine, not from Okta's cloud",
        "If your ngrok account uses IP restrictions, they may let this machine in and keep Okta "
        "out, or the other way round.",
        'In Okta, press "Test Connector Configuration" once: only Okta can show that Okta gets '
        "through.",
        certainty=Certainty.DOCUMENTED,
    ),
)
