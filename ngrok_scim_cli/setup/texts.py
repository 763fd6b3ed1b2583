"""What the setup says, in the dashboards' own labels. ``{}`` is the slot of a name."""

from ngrok_scim_cli.form import Wizard

NGROK_SETTINGS = "https://dashboard.ngrok.com/settings"
NGROK_SIGN_UP = "https://dashboard.ngrok.com/settings/auth"
NGROK_API_KEYS = "https://dashboard.ngrok.com/api-keys"
NGROK_SERVICE_USERS = "https://dashboard.ngrok.com/service-users"
NGROK_SUPPORT = "support@ngrok.com"
NGROK_SSO_GUIDE = "https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-saml"

# The setup as a whole

WELCOME = """\
This setup connects Okta to ngrok, so that Okta creates, updates and deactivates the users of \
your ngrok account (SCIM). It has seven steps. At every question you can also type:
  later  skip this step for now
  back   go back to the previous step
  quit   stop the setup
  ?      explain this step
"""
STEPS_ARE_KEPT = f"""\
{WELCOME}
Finished steps are kept. To continue later, run the same command again."""
IN_SANDBOX = f"""\
{WELCOME}
This is a trial run in a sandbox on this computer. Nothing reaches ngrok or Okta, and nothing is \
kept, so answer as you like."""
END_OF_TRIAL = (
    "This was a trial run, and nothing of it is kept. To connect your own Okta and ngrok, run "
    "`ngrok-scim setup`."
)
_IN_OKTA = "In Okta, open the app > Provisioning > Integration"
LEFT_FOR_LATER = "Skipped for now. The list at the end names it."
NOTHING_BEFORE = "This is the first step."
STEP_DONE = "Step {}, {}: done on {}."
RESUMED = """\
The setup continues where you left off.
To go back to a step: `ngrok-scim setup --from STEP`"""
GOES_BACK = "The setup goes back to the step {}."
RUN_AGAIN = "Run `ngrok-scim setup` again."

# prerequisites

ABOUT_PREREQUISITES = """\
The order matters: ngrok lets you choose SCIM only after SSO is configured, and some plans do not \
include it. Answer y if all three are in place. If you answer n, the setup goes on, and the list \
at the end says what is missing."""
PREREQUISITES = f"""\
Before SCIM can work, three things must be in place, in this order:
  - Your users sign in to ngrok through Okta (SSO). How to set that up: {NGROK_SSO_GUIDE}
  - Your ngrok plan includes SCIM. If you are not sure, ask {NGROK_SUPPORT}.
  - SCIM is on: "Automated User Provisioning via SCIM 2.0" is chosen under "User Provisioning / \
SCIM", at {NGROK_SETTINGS}

Once SCIM is on, nobody can be invited, added or removed by hand in ngrok, and pending \
invitations stop working. From then on, Okta does this.
"""
IN_PLACE = "Are all three in place?"
NOT_IN_PLACE = "You can continue. The list at the end says what is missing."
ASK_APP = """
Which Okta app will provision users to ngrok? To see the sign-in method of an app, open \
Applications > the app > Sign On."""
APP_TYPES = {
    "saml": "SAML 2.0",
    "swa": "SWA - Secure Web Authentication",
    "oidc": "OIDC - OpenID Connect",
}
APPS = (
    ("oiw", "An app made with the Okta Integration Wizard"),
    *((value, f"{name}, Classic experience") for value, name in APP_TYPES.items()),
    ("none", "There is no such app yet: make one now"),
    ("unknown", "I do not know"),
)
ABOUT_APPS = """\
It decides which of Okta's forms you will fill in.
  1     has a form of its own. The app is also listed under Browse app catalog > Private apps.
  2, 3  are made in the "Classic experience" (older consoles: "Create App Integration"). Such an \
app has a tab Provisioning once SCIM is switched on in it.
  4     cannot have SCIM. The setup shows how to make a second app, for provisioning only.
  5     The setup shows how to make one.
  6     The setup goes on. Ask your Okta admin before the step "the values for Okta"."""
ASK_WIZARD = """
To make the app: in Okta, open Applications > Applications and press "Create a new app \
integration" (older consoles: "Create App Integration"). What does Okta offer there?"""
WIZARDS = (
    ("oiw", "Okta Integration Wizard (recommended: no sign-on values are needed)"),
    ("classic", "Only the Classic experience, or a list of sign-in methods"),
)
ABOUT_WIZARDS = """\
Which of them Okta offers depends on your org. In the Okta Integration Wizard, the capability \
Provisioning alone is enough. The Classic experience also asks for sign-on values; the next screen \
says which to enter."""
OIDC_TRAP = """\
An OIDC app of the Classic experience cannot have SCIM. Keep it for signing in, and make a \
second app for provisioning only."""
APP_NOT_MADE = "The app in Okta is not made yet."
SWITCH_ON_SCIM = (
    "In ngrok, once your users sign in through Okta and the plan includes SCIM, turn SCIM on: "
    f"{NGROK_SETTINGS} > User Provisioning / SCIM > "
    '"Automated User Provisioning via SCIM 2.0". Then run `ngrok-scim setup --done '
    "prerequisites`."
)
MAKE_APP = (
    "In Okta, make the app for provisioning as the first screen of `ngrok-scim okta-values` says. "
    "Then run `ngrok-scim setup --done prerequisites`."
)
SECOND_APP = (
    'In Okta, make a second app for provisioning: Applications > Applications > "Create a new app '
    'integration" > Okta Integration Wizard, with the capability Provisioning alone. Where Okta '
    'does not offer that, choose "SAML 2.0".'
)
SAY_APP_TYPE = (
    "Say which Okta app provisions your users: `ngrok-scim setup --okta-wizard oiw`, or "
    "`--okta-app-type saml` (or `swa`)."
)
ASK_OKTA_ADMIN = (
    "Run `ngrok-scim okta-values --html FILE` and give that page to your Okta admin. It says how "
    "to make the app and which values to enter."
)

# api-key

ABOUT_KEY = """\
Okta signs in to ngrok's SCIM endpoint with an API key. This step makes one that is used for \
nothing else, and stores it in the keyring of this computer, or where you say if there is none. No \
other key is changed or revoked."""
ADMIN_KEY = f"""\
This step needs an API key of an ngrok administrator. The key is used now and is not stored.
To make one: {NGROK_API_KEYS}"""
ASK_ADMIN_KEY = "ngrok API key of an administrator"
NO_ADMIN_KEY = "If you have none, press Enter and make the SCIM key in ngrok's dashboard instead."
GIVE_ADMIN_KEY = (
    f"Give an API key of an ngrok administrator ({NGROK_API_KEYS}) in NGROK_API_KEY or with "
    "--admin-key-file. If you have none, make the SCIM key there and store it with `ngrok-scim "
    "api-key store`."
)
KEY_BY_HAND = f"""\
To make the SCIM key by hand:
  1. At {NGROK_SERVICE_USERS}, add a Service User, like "Okta SCIM Bot".
  2. At {NGROK_API_KEYS}, make a new API key whose owner is that Service User.
Paste that key here."""
ASK_KEY_BY_HAND = "SCIM key, as ngrok's dashboard showed it"
PASTE_AGAIN = "Paste it again."
NOT_PASTED = "No key was pasted."
SERVICE_USER = """\
The key will belong to a Service User. That is an ngrok account that is not a person, so the key \
keeps working when people leave. A Service User of this name is made if there is none."""
ASK_SERVICE_USER = "Name of the Service User"
KEY_CUT_SHORT = "A run was interrupted while it made a key. The next run finds that key."
ROTATION_UNDER_WAY = "The key is being replaced; both keys work."
PASTE_NEW_KEY = "Paste the new key into Okta, as `ngrok-scim api-key rotate` says."
NO_KEY_MADE = "There is no SCIM key yet."
KEY_WAS_GIVEN = "The key was given to an earlier run; it is not stored here."
MAKE_KEY = "Make the key: run `ngrok-scim setup` again."

WITHOUT_KEYRING = "The new key must be stored somewhere else."
ASK_HOW_TO_KEEP = "How do you want to store it?"
WAYS_TO_KEEP = (
    ("shown", "Show the key once, at this terminal; you store it yourself"),
    ("command", "Pass the key to a command, such as your vault's"),
    ("by-hand", "Make the key in ngrok's dashboard yourself"),
)
ASK_COMMAND = "Command that reads the key from standard input, like vault kv put secret/scim key=-"
NO_COMMAND = "No command was given."
SHOWN_ONCE = "This is the key. It is shown only once: store it where you keep secrets."
ASK_PUT_AWAY = "Have you stored the key?"
ASK_REVOKE_SHOWN = "Revoke the key, and make none?"
NO_KEYRING = f"""\
No key was made, because it could not be stored. Pass it to a command with --key-to COMMAND (such \
as --key-to "vault kv put secret/scim key=-"). Or make one at {NGROK_API_KEYS}, owned by a \
Service User, give it in NGROK_SCIM_API_KEY or with --api-key-file FILE, and run this again."""

# api-key rotate

ROTATE_TO_COMMAND = """\
No key was made. Pass the new key to a command: ngrok-scim api-key rotate --key-to COMMAND (such \
as --key-to "vault kv put secret/scim key=-")."""
NEEDS_KEYRING = "Nothing was revoked. Run this again where that keyring works."
COPY_NEW_KEY = "Copy the new key: `ngrok-scim api-key show --copy`"
KEY_FIELDS = {Wizard.CLASSIC: "Authorization", Wizard.OIW: "Token"}
PASTE_IN_OKTA = {
    Wizard.CLASSIC: f'{_IN_OKTA} > Edit, paste it into "Authorization", press "Test Connector '
    'Configuration", then "Save".',
    Wizard.OIW: "In Okta, paste it where you entered the first key: in the integration (Edit "
    "integration; deploy it again afterwards) or in the app (Provisioning > Configure API "
    'Integration). Press "Test API Credentials", then save.',
}
FINISH_ROTATION = (
    "Once Okta has the new key, revoke the old one: `ngrok-scim api-key rotate --finish`"
)
ABORT_ROTATION = "To stay with the old key, run `ngrok-scim api-key rotate --abort`."
ANOTHER_KEY_GIVEN = "{} is used before the keyring: put the new key there, too."

# domain

ABOUT_DOMAIN = f"""\
ngrok has no API for this. You send a request from its dashboard, ngrok support answers with a \
TXT record to publish, and the domain is listed there once it is allowed. If the dashboard says \
that a sign-up domain must be set up first (ERR_NGROK_10102), do that at {NGROK_SIGN_UP} and \
request the domain again."""
WHY_DOMAIN = """\
ngrok support must allow the e-mail domain of your users: the part of their addresses after the \
@. Until then, Okta's test can pass, but no user arrives in ngrok."""
SUBMIT_A_DOMAIN = "Run `ngrok-scim domain submit DOMAIN` with the e-mail domain of your users."
SUBMIT_THE_DOMAIN = (
    "Run `ngrok-scim domain submit {name}`. It says what to enter in ngrok's dashboard."
)
SUBMIT_DOMAIN = (
    f"In ngrok, submit {{}}: {NGROK_SETTINGS} > Account Domain Controls > Submit New Domain."
)
DOMAIN_REQUEST = (
    "Please allow the e-mail domain {} for our account, so that Okta can provision our users "
    "through SCIM 2.0. We can prove that we own it with a DNS TXT record; please send us its value."
)
FILL_IN_DOMAIN_FORM = (
    'Type {} under "Domain", and under "Additional Information (optional)": '
    f'{DOMAIN_REQUEST} Then press "Contact Support".'
)
SAY_DOMAIN_WAS_SENT = "When it is sent, run `ngrok-scim domain submit {} --sent`."
PROVE_DOMAIN = (
    "ngrok support will send you a value. Publish it in the DNS as a TXT record of {name}, and run "
    "`ngrok-scim domain check {name} --txt VALUE`."
)
RECORD_APPROVAL = (
    f'When {{name}} is listed under "Account Domain Controls" at {NGROK_SETTINGS}, run '
    "`ngrok-scim domain approve {name}`."
)

# okta-values and test-connect

ABOUT_VALUES = """\
These values connect Okta to ngrok. If Okta shows an error when you test them, type "later": \
the next step tests the same values from this computer and says what is wrong."""
SWITCH_SCIM_ON_IN_APP = """\
In Okta, open the app. On the tab General, press App Settings > Edit, set Provisioning to SCIM \
(or tick "Enable SCIM provisioning", if that is there) and save."""
OTHER_OKTA_ADMIN = """
If somebody else administers Okta, type "later" and write a page for them:
  ngrok-scim okta-values --html FILE"""
COPY_KEY = """\
The key is not shown here. To copy it, run this in another terminal:
  ngrok-scim api-key show --copy"""
TAKE_KEY = "Get the key from where you stored it, and paste it under {}."
NOTHING_TO_PASTE = "In a real setup, the key would be put on the clipboard here."
ASK_FILLED_IN = {
    Wizard.CLASSIC: "Did Okta's test pass, and are the values saved in Okta?",
    Wizard.OIW: "Did Okta's test pass, and is the app there, with the values?",
}
NO_KEY_YET = "The key is missing. Everything else is known."
VALUES_READY = "The values are ready to be entered in Okta."
VALUES_SAVED = "The values are saved in Okta."
FILL_IN_OKTA = {
    Wizard.CLASSIC: f'{_IN_OKTA} > Edit, enter the values of `ngrok-scim okta-values`, press "Test '
    'Connector Configuration", then "Save". Then run `ngrok-scim setup --done okta-values`.',
    Wizard.OIW: "In Okta, open the integration in the Okta Integration Wizard, enter the values of "
    '`ngrok-scim okta-values`, press "Test API Credentials", deploy it, and add the app from '
    "Browse app catalog > Private apps. Then run `ngrok-scim setup --done okta-values`.",
}
KEY_NOT_HERE = "The key is not on this machine, so it was not tested."
TEST_WITH_KEY = (
    "Give the key in NGROK_SCIM_API_KEY, and run `ngrok-scim setup` again to test the connector."
)
TEST_KEY_OF_ROTATION = (
    "Put {} into NGROK_SCIM_API_KEY, and run `ngrok-scim test-connect` to test it."
)
TEST_WITH_SETUP = "Test the connector: run `ngrok-scim setup` again."
NOT_TESTED = "Could not verify whether Okta would accept the values."

# to-app and first-person

ABOUT_TO_APP = """\
A connector that passes its test sends nothing yet. The boxes under To App choose what Okta does \
in ngrok: create accounts, update them, and deactivate those of people who leave."""
AFTER_THE_TEST = (
    "This step comes after the values are saved in Okta and the connector test has passed."
)
ASK_TO_APP = "Are the three boxes ticked and saved, and is the username format Email?"
TO_APP_OPEN = "The boxes under To App are not recorded as ticked."
TO_APP_DONE = "The boxes under To App are ticked, and the username format is Email."
SWITCH_ON = (
    "In Okta, open Provisioning > To App > Edit, tick Create Users, Update User Attributes and "
    'Deactivate Users, and save. On the tab Sign On, set "Application username format" to Email. '
    "Then run `ngrok-scim setup --done to-app`."
)
ABOUT_FIRST_PERSON = """\
Start with one person, so that a mistake affects only one. To try it without a real person, run \
`ngrok-scim rehearse`. To see what Okta's first sync would do to everybody, run `ngrok-scim \
preview`. If the person does not arrive, type "later" and run `ngrok-scim users trace EMAIL`."""
AFTER_TO_APP = "This step comes after the settings under To App are saved."
AFTER_THE_DOMAIN = "This step comes after ngrok has allowed the e-mail domain."
ASK_FIRST_PERSON = "E-mail address of the person whom you assigned"
FIRST_PERSON_OPEN = "Nobody has been seen in both Okta and ngrok yet."
FIRST_PERSON_DONE = "One person was provisioned."
FIRST_PERSON_SEEN = "{} is in ngrok and can sign in."
ASSIGN_FIRST = (
    "In Okta, open Assignments > Assign > Assign to People and choose one person. Check that they "
    "arrive: `ngrok-scim users trace EMAIL`. Then run `ngrok-scim setup --done first-person`."
)
NOT_LOOKED_UP = "Could not verify whether ngrok has this person: the SCIM endpoint did not answer."
NOT_IN_NGROK = (
    "ngrok has no user {name} yet. Okta can take a few minutes after an assignment. To see where "
    "it stops: `ngrok-scim users trace {name}`"
)
DEACTIVATED_IN_NGROK = (
    "{name} is in ngrok, but deactivated. To see why: `ngrok-scim users trace {name}`"
)
