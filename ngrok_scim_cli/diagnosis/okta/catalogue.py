"""What an admin reads about the Okta org and its app."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "OKT901",
        Severity.ERROR,
        Subject.OKTA,
        "The address of the Okta org is wrong",
        "Okta's API answers only over https and at the org's own address, not at the address of "
        'the Admin Console (with "-admin").',
        'Copy the address of your Okta sign-in page without "-admin" and without the path: '
        "https://example.okta.com.",
        certainty=Certainty.OBSERVED,
    ),
    Entry(
        "OKT902",
        Severity.ERROR,
        Subject.OKTA,
        "Okta refuses the API token",
        "The token is wrong, was not used for 30 days, is not allowed from this network, or its "
        "owner may not read apps, people or the System Log.",
        "In Okta, signed in as a read-only administrator, open Security > API > Tokens, press "
        '"Create token", and set OKTA_CLIENT_TOKEN to the new one.',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT903",
        Severity.ERROR,
        Subject.OKTA,
        "The Okta app does not exist or is not active",
        "Okta does not provision through an inactive app.",
        "In Okta, open Applications > Applications, find the app by its name, and activate it if "
        "it should be in use.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "OKT904",
        Severity.ERROR,
        Subject.OKTA,
        "The app is an OIDC app without provisioning, and Okta cannot add SCIM to it",
        "An OIDC app of the Classic experience cannot have SCIM. It can stay as it is, for "
        "sign-in. An OIDC app of the Okta Integration Wizard can have SCIM, and Okta would list "
        "it here.",
        "In Okta, create a second app for provisioning only: Applications > Applications > Create "
        "a new app integration > Okta Integration Wizard, with the capability Provisioning alone. "
        'If Okta does not offer that wizard, choose "SAML 2.0".',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT905",
        Severity.ERROR,
        Subject.OKTA,
        "SCIM is not turned on for the app",
        'Without SCIM, the app has no "Provisioning" tab and Okta sends nothing to ngrok.',
        'In Okta, open General > App Settings > Edit, set "Provisioning" to "SCIM" (or tick '
        '"Enable SCIM provisioning") and save.',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT906",
        Severity.ERROR,
        Subject.OKTA,
        '"Application username format" is not "Email"',
        "Okta sends this value as `userName`. ngrok's documentation says that `userName` must be "
        "the e-mail address.",
        'In Okta, open Sign On > Credentials Details, set "Application username format" to '
        '"Email", save, and press "Update Now".',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT907",
        Severity.ERROR,
        Subject.OKTA,
        "Nobody is assigned to the app",
        "Okta provisions only people who are assigned to the app.",
        'In Okta, open Assignments > Assign and choose "Assign to Groups" or "Assign to People".',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT908",
        Severity.ERROR,
        Subject.OKTA,
        "Somebody is assigned but was never provisioned",
        "They were assigned before SCIM was turned on, the attempt failed, or Okta has not "
        'processed them yet. "Force Sync" does not create them.',
        'In Okta, check that "Create Users" is ticked under Provisioning > To App. Then open '
        'Assignments and press "Provision User".',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT909",
        Severity.ERROR,
        Subject.OKTA,
        "Somebody was provisioned before, but is gone from ngrok",
        "Okta still has the id of an account that ngrok does not have, so each update fails with "
        "404.",
        "Run `ngrok-scim users trace EMAIL` for one of them. It reads the account by its id and "
        "says what to do.",
        certainty=Certainty.OBSERVED,
    ),
    Entry(
        "OKT910",
        Severity.WARNING,
        Subject.OKTA,
        "A user in ngrok is not assigned in Okta",
        "Okta does not manage this account, so it stays active when the person leaves.",
        "Run `ngrok-scim users trace EMAIL`. If the person should keep access, assign them to the "
        "app in Okta.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "OKT911",
        Severity.ERROR,
        Subject.OKTA,
        "Somebody who was removed in Okta is still active in ngrok",
        "The person may still have access. Either the deactivation failed, which Okta does not "
        'retry, or "Deactivate Users" was off.',
        "Run `ngrok-scim users trace EMAIL` for each of them. It shows what Okta did and how to "
        "end the access.",
        certainty=Certainty.OBSERVED,
    ),
    Entry(
        "OKT912",
        Severity.ERROR,
        Subject.OKTA,
        "Okta recently failed to provision somebody",
        "Okta's System Log contains failures. Okta does not retry most of them by itself.",
        'In Okta, open Dashboard > Tasks, select the failed tasks and press "Retry Selected".',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT913",
        Severity.ERROR,
        Subject.OKTA,
        "Okta recently could not authenticate to ngrok",
        'Since the last successful call, Okta\'s System Log shows "Error authenticating". Usually '
        "the key in Okta is old or was revoked.",
        "In Okta, open Provisioning > Integration > Edit, paste the current key into "
        '"Authorization", press "Test Connector Configuration" and save.',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT914",
        Severity.WARNING,
        Subject.OKTA,
        "A user name in Okta will not work in ngrok",
        "It has a space, is not an e-mail address, is outside the domains that you submitted, or "
        "differs from the user name in ngrok.",
        "In Okta, open Directory > People, choose the person, correct the address and save.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "OKT915",
        Severity.WARNING,
        Subject.OKTA,
        "Okta sends attributes that ngrok does not use",
        "ngrok documents only `userName`, `displayName` and `active`. Other attributes may make "
        "an update fail.",
        "In Okta, open Provisioning > To App, remove the mapping of each attribute named here, "
        'then delete the attribute under "Go to Profile Editor".',
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "OKT916",
        Severity.ERROR,
        Subject.OKTA,
        "A switch under To App is off in Okta",
        "All of them are off in a new app. While one is off, Okta does not create, update or "
        "deactivate users in ngrok.",
        'In Okta, open Provisioning > To App > Edit, tick "Create Users", "Update User '
        'Attributes" and "Deactivate Users", and save.',
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT917",
        Severity.ERROR,
        Subject.OKTA,
        "Somebody is assigned in Okta but deactivated in ngrok",
        "The person is locked out: they cannot sign in to ngrok, start an agent or use the API.",
        "Run `ngrok-scim users trace EMAIL`. It shows since when, and what to do.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT918",
        Severity.WARNING,
        Subject.OKTA,
        "Somebody is suspended in Okta but active in ngrok",
        "Okta sends nothing to ngrok when it suspends a person. They cannot sign in through Okta, "
        "but their agents and API keys may still work.",
        "Run `ngrok-scim users trace EMAIL` to see the account, and decide whether the person "
        "should keep access.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "OKT919",
        Severity.NOTICE,
        Subject.OKTA,
        "Several Okta apps lead to ngrok",
        "Each of them may provision people. What was checked here is one of them alone; the others "
        "may have other values and other people.",
        "Name the app that shall provision people: `ngrok-scim doctor --okta-app LABEL`.",
        certainty=Certainty.INFERRED,
    ),
)
