"""What the setup says, in the dashboards' own labels."""

from collections.abc import Sequence

from ngrok_scim_cli.form import Wizard

NGROK_SETTINGS = "https://dashboard.ngrok.com/settings"
NGROK_SIGN_UP = "https://dashboard.ngrok.com/settings/auth"
NGROK_API_KEYS = "https://dashboard.ngrok.com/api-keys"
NGROK_SERVICE_USERS = "https://dashboard.ngrok.com/service-users"
NGROK_SUPPORT = "support@ngrok.com"
NGROK_SSO_GUIDE = "https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-saml"

ABOUT_PREREQUISITES = """\
SCIM only works where people already sign in to ngrok through Okta, so this step asks for that, \
and for the Okta app that is to provision them. You find the app in Okta under Applications > \
Applications. An app made with the Okta Integration Wizard is also listed under Browse app \
catalog > Private apps."""

ABOUT_KEY = """\
Okta signs in to ngrok's SCIM endpoint with an API key. This step makes one that is used for \
nothing else, and keeps it in the keyring of this computer. No other key is changed or revoked."""

ABOUT_DOMAIN = f"""\
ngrok has no API for this. You send a request from its dashboard, ngrok support answers with a \
TXT record to publish, and the domain is listed there once it is allowed. If the dashboard says \
that a sign-up domain must be set up first (ERR_NGROK_10102), do that at {NGROK_SIGN_UP} and \
request the domain again."""

ABOUT_VALUES = """\
These values connect Okta to ngrok. If Okta shows an error when you test them, type "later": \
the next step tests the same values from this computer and says what is wrong."""

ABOUT_TO_APP = """\
A connector that passes its test sends nothing yet. The boxes under To App say what Okta does \
in ngrok: make accounts, update them, and deactivate those of people who leave."""

ABOUT_FIRST_PERSON = """\
One person first, so that a mistake concerns one person. To try it without a real person, run \
`ngrok-scim rehearse`. To see what Okta's first sync would do to everybody, run `ngrok-scim \
preview`. If the person does not arrive, type "later" and run `ngrok-scim users trace EMAIL`."""

LEFT_FOR_LATER = "Left for later. It is in the list at the end."
NOTHING_BEFORE = "This is the first step."

PREREQUISITES = f"""\
Before SCIM can work, three things must be in place, in this order:
  - Your people sign in to ngrok through Okta (SSO). How to set that up: {NGROK_SSO_GUIDE}
  - Your ngrok plan includes SCIM. If you are not sure, ask {NGROK_SUPPORT}.
  - SCIM is on: "Automated User Provisioning via SCIM 2.0" is chosen under "User Provisioning / \
SCIM", at {NGROK_SETTINGS}

Turning SCIM on changes this: nobody can be invited, added or removed by hand in ngrok any \
more, and pending invitations stop working. From then on Okta does it."""

IN_PLACE = "Are all three in place?"

NOT_IN_PLACE = "You can go on. What is missing is in the list at the end."

ASK_APP = """
Which app in Okta is to provision people to ngrok? Okta shows the sign-in method of an app under \
Applications > the app > Sign On."""

ASK_WIZARD = """
To make one: in Okta, open Applications > Applications and press "Create a new app integration" \
(older consoles: "Create App Integration"). What does Okta offer there?"""

OIDC_TRAP = """\
An OIDC app of the Classic experience cannot have SCIM. Keep it for signing in, and make a \
second app for provisioning only."""

ADMIN_KEY = f"""\
This needs the API key of an ngrok administrator. It is used now and not stored. You can make \
one at {NGROK_API_KEYS}"""

ASK_ADMIN_KEY = "ngrok API key of an administrator"

NO_ADMIN_KEY = "No administrator key? Press Enter, and make the SCIM key in ngrok's dashboard."

KEY_BY_HAND = f"""\
To make the SCIM key by hand:
  1. At {NGROK_SERVICE_USERS}, add a Service User, like "Okta SCIM Bot".
  2. At {NGROK_API_KEYS}, make a new API key whose owner is that Service User.
Paste that key here."""

ASK_SERVICE_USER = "Name of the Service User"

SERVICE_USER = """\
The key will belong to a Service User, an ngrok account that is not a person, so the key keeps \
working when people leave. If there is no Service User of this name, it is made."""

ASK_KEY_BY_HAND = "SCIM key, as ngrok's dashboard showed it"

PASTE_AGAIN = "Paste it again."

WHY_DOMAIN = """\
ngrok support must allow the e-mail domain of your people, the part after the @ of their \
addresses. Until then Okta's test can pass while nobody arrives in ngrok."""

OTHER_OKTA_ADMIN = """\
Does somebody else run Okta? Type "later", and write a page for them:
  ngrok-scim okta-values --html FILE"""

SWITCH_SCIM_ON_IN_APP = """\
In Okta, open the app. On the tab General, press App Settings > Edit, set Provisioning to SCIM \
(or tick "Enable SCIM provisioning", if that is there) and save."""

ASK_FILLED_IN = "Are the values saved in Okta, after its test passed?"

ASK_TO_APP = "Are the three boxes ticked and saved, and is the username format Email?"

ASK_FIRST_PERSON = "E-mail address of the person whom you assigned"

WHAT_IT_DOES = """\
This connects Okta with ngrok, so that Okta adds and deactivates the people of your ngrok \
account (SCIM). It takes seven steps. At every question you can also type:
  later  leave this step and go on with the next one
  back   go back to the step before
  quit   stop; what is done is kept
  ?      what this step is for"""

WELCOME = WHAT_IT_DOES

RESUMED = """\
The setup goes on where it stands.
To go back to a step: `ngrok-scim setup --from STEP`"""

REHEARSAL = f"""\
{WHAT_IT_DOES}

This is a rehearsal against a stand-in on this computer. Nothing reaches ngrok or Okta, and \
nothing is kept, so answer as you like."""

WITHOUT_KEYRING = "So the new key must be kept in another way."

ASK_HOW_TO_KEEP = "How do you want to keep it?"

WAYS_TO_KEEP = (
    ("shown", "Show the key once, at this terminal; you put it away"),
    ("command", "Hand the key to a command, such as that of your vault"),
    ("by-hand", "Make the key in ngrok's dashboard yourself"),
)

ASK_COMMAND = "Command that reads the key from standard input, like vault kv put secret/scim key=-"

SHOWN_ONCE = "This is the key. It is shown this once; put it where you keep secrets."

ASK_PUT_AWAY = "Have you put the key away?"

ASK_REVOKE_SHOWN = "Revoke it and make none?"

NO_KEYRING = f"""\
No key was made, because nothing here could keep it. Hand it to a command with --key-to COMMAND \
(such as --key-to "vault kv put secret/scim key=-"). Or make one by hand at {NGROK_API_KEYS}, with \
a Service User as its owner, give it in NGROK_SCIM_API_KEY or with --api-key-file FILE, and run \
this again."""

TAKE_KEY = "Take the key from where it is kept now, and paste it under Authorization."

KEY_NOT_HERE = "The key is not on this machine. Give it in NGROK_SCIM_API_KEY to test with it."

COPY_KEY = """\
The key is not shown here. To paste it, run this in another terminal:
  ngrok-scim api-key show --copy"""

NOTHING_TO_PASTE = "Outside a rehearsal, the key would be put on the clipboard here."

KEY_CUT_SHORT = "A run was stopped while it made a key. The next run looks for that key."
ROTATION_UNDER_WAY = "The key is being replaced; both keys work."
RUN_AGAIN = "Run `ngrok-scim setup` again."
NO_KEY_MADE = "There is no SCIM key yet."
MAKE_KEY = "Make the key: run `ngrok-scim setup` again."
TEST_WITH_SETUP = "Test the connector: run `ngrok-scim setup` again."
PASTE_NEW_KEY = "Paste the new key into Okta, as `ngrok-scim api-key rotate` says."
SUBMIT_A_DOMAIN = "Submit your e-mail domain: run `ngrok-scim domain submit DOMAIN`."

APP_NOT_MADE = "The app in Okta is not made yet."
NO_KEY_YET = "The key is missing. Everything else is known."
VALUES_READY = "The values are ready to be typed into Okta."
VALUES_STAND_IN_OKTA = "The values are saved in Okta."
NOT_TESTED = "Could not verify whether Okta would accept the values."
AFTER_THE_TEST = "This comes after the values are saved in Okta and the connector test has passed."
AFTER_TO_APP = "This comes after the step to-app."
AFTER_THE_DOMAIN = "This comes after ngrok has allowed the e-mail domain."
TO_APP_OPEN = "The boxes under To App are not recorded as ticked."
TO_APP_DONE = "The boxes under To App are ticked, and the username format is Email."
FIRST_PERSON_OPEN = "Nobody has been seen on both sides yet."
FIRST_PERSON_DONE = "One person was provisioned."
NOT_LOOKED_UP = "Could not verify whether ngrok has this person: its endpoint gave no answer."

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
WIZARDS = (
    ("oiw", "Okta Integration Wizard (recommended: no sign-on values are needed)"),
    ("classic", "Only the Classic experience, or a list of sign-in methods"),
)

_IN_OKTA = "In Okta, open the app > Provisioning > Integration"
FILL_IN_OKTA = {
    Wizard.CLASSIC: f'{_IN_OKTA} > Edit, type the values of `ngrok-scim okta-values`, press "Test '
    'Connector Configuration", then "Save". Then run `ngrok-scim setup --done okta-values`.',
    Wizard.OIW: "In Okta, open the integration in the Okta Integration Wizard, type the values of "
    '`ngrok-scim okta-values`, press "Test API Credentials", deploy it, and add the app from '
    "Browse app catalog > Private apps. Then run `ngrok-scim setup --done okta-values`.",
}
SWITCH_ON = (
    "In Okta, open Provisioning > To App > Edit, tick Create Users, Update User Attributes and "
    'Deactivate Users, and save. On the tab Sign On, set "Application username format" to Email. '
    "Then run `ngrok-scim setup --done to-app`."
)
ASSIGN_FIRST = (
    "In Okta, open Assignments > Assign > Assign to People and choose one person. Check that they "
    "arrive: `ngrok-scim users trace EMAIL`. Then run `ngrok-scim setup --done first-person`."
)
SECOND_APP = (
    'In Okta, make a second app for provisioning: Applications > Applications > "Create a new app '
    'integration" > Okta Integration Wizard, with the capability Provisioning alone. Where Okta '
    'does not offer that, choose "SAML 2.0".'
)
MAKE_APP = (
    "In Okta, make the app for provisioning as the first screen of `ngrok-scim okta-values` says. "
    "Then run `ngrok-scim setup --done prerequisites`."
)
SAY_APP_TYPE = (
    "Say which app provisions people in Okta: `ngrok-scim setup --okta-wizard oiw`, or "
    "`--okta-app-type saml` (or `swa`)."
)
ASK_OKTA_ADMIN = (
    "Give whoever runs Okta the page that `ngrok-scim okta-values --html FILE` writes: it says how "
    "to make the app and what to type."
)


def first_person_seen(name: str) -> str:
    """Return that somebody is provisioned."""
    return f"{name} is in ngrok and can sign in."


def not_in_ngrok(name: str) -> str:
    """Return that somebody is not there yet, and how to find out why."""
    return (
        f"ngrok has no user {name} yet. Okta can take a few minutes after an assignment. To see "
        f"where it stops: `ngrok-scim users trace {name}`"
    )


def deactivated_in_ngrok(name: str) -> str:
    """Return that somebody's account is deactivated, and how to find out why."""
    return f"{name} is in ngrok, but deactivated. To see why: `ngrok-scim users trace {name}`"


def switch_on_scim() -> str:
    """Return what a person has to do in ngrok's dashboard before SCIM works."""
    return (
        "In ngrok, once your people sign in through Okta and the plan includes SCIM, turn SCIM on: "
        f"{NGROK_SETTINGS} > User Provisioning / SCIM > "
        '"Automated User Provisioning via SCIM 2.0". Then run `ngrok-scim setup --done '
        "prerequisites`."
    )


def submit_domain(name: str) -> str:
    """Return what a person has to do so that ngrok allows the domain ``name``."""
    return (
        f"In ngrok, submit {name}: {NGROK_SETTINGS} > Account Domain Controls > Submit New Domain."
    )


def domain_request(name: str) -> str:
    """Return the text for the field "Additional Information (optional)" of ngrok's form."""
    return (
        f"Please allow the e-mail domain {name} for our account, so that Okta can provision our "
        "users through SCIM 2.0. We can prove that we own it with a DNS TXT record; please send "
        "us its value."
    )


def domain_mail(names: Sequence[str]) -> str:
    """Return the text of a mail to ngrok's support that asks for the domains ``names``."""
    listed = "\n".join(f"    {name}" for name in names)
    return f"""\
Hello,

please allow for our ngrok account, under "Account Domain Controls":

{listed}

Okta shall provision our users through SCIM 2.0. We can prove that we own what is listed with
DNS TXT records; please send us their values.

Thank you"""


def send_domain_mail(names: Sequence[str]) -> str:
    """Return what a person has to do with the mail to ngrok's support."""
    return (
        f"Send the mail about {', '.join(names)} to {NGROK_SUPPORT}, from the address with which "
        "you sign in to ngrok."
    )


def fill_in_domain_form(name: str) -> str:
    """Return what a person has to type into the dialog of ngrok's dashboard."""
    return (
        f'Type {name} under "Domain", and under "Additional Information (optional)": '
        f'{domain_request(name)} Then press "Contact Support".'
    )


def say_domain_was_sent(names: Sequence[str]) -> str:
    """Return what a person has to do once the request for ``names`` was sent."""
    return f"When it is sent, run `ngrok-scim domain submit {' '.join(names)} --sent`."


def prove_domain(name: str) -> str:
    """Return what a person has to do when ngrok's support asks for a proof of ownership."""
    return (
        "ngrok's support will send you a value. Publish it in the DNS as a TXT record of "
        f"{name}, and run `ngrok-scim domain check {name} --txt VALUE`."
    )


def record_approval(name: str) -> str:
    """Return what a person has to do once ngrok allows the domain ``name``."""
    return (
        f'When {name} is listed under "Account Domain Controls" at {NGROK_SETTINGS}, run '
        f"`ngrok-scim domain approve {name}`."
    )


def give_admin_key() -> str:
    """Return what a person has to do so that there is a key."""
    return (
        "Give the API key of an ngrok administrator once, in NGROK_API_KEY or with "
        f"--admin-key-file, and run `ngrok-scim setup` again ({NGROK_API_KEYS}). Or make the SCIM "
        "key there by hand and store it: `ngrok-scim api-key store`."
    )


def step_done(number: int, name: str, day: str) -> str:
    """Return the one line that stands for a step that was done earlier."""
    return f"Step {number}, {name}: done on {day}."
