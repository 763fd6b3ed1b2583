"""What the setup says, in the dashboards' own labels."""

from collections.abc import Sequence

NGROK_SETTINGS = "https://dashboard.ngrok.com/settings"
NGROK_API_KEYS = "https://dashboard.ngrok.com/api-keys"
NGROK_SERVICE_USERS = "https://dashboard.ngrok.com/service-users"
NGROK_SUPPORT = "support@ngrok.com"
NGROK_SSO_GUIDE = "https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-saml"

PREREQUISITES = f"""\
Before SCIM can work, three things must be in place, in this order:
  - Your people sign in to ngrok through Okta (SSO). How to set that up: {NGROK_SSO_GUIDE}
  - Your ngrok plan includes SCIM. If you are not sure, ask {NGROK_SUPPORT}.
  - SCIM is switched on: "Automated User Provisioning via SCIM 2.0" is chosen under "User \
Provisioning / SCIM", at {NGROK_SETTINGS}

Before you switch it on, know what changes: nobody can be invited, added or removed by hand in \
ngrok any more, and pending invitations stop working. Okta does it from then on."""

IN_PLACE = "Are all three in place?"

NOT_IN_PLACE = "That is fine, go on: what is missing stands in the list at the end."

ASK_APP_TYPE = """
Which sign-in method does the app for ngrok have in Okta? Okta shows it under Applications > the \
app > Sign On."""

OIDC_TRAP = """\
Okta cannot switch SCIM on for an OIDC app. Keep that app for signing in, and make a second one \
for provisioning only: in Okta, Applications > Create App Integration > "SAML 2.0" (or "SWA"). \
Its sign-on values may be placeholders, and its icon can be hidden from people."""

ADMIN_KEY = f"""\
This needs an ngrok administrator's API key. It is not stored. Make one at {NGROK_API_KEYS} \
if you have none."""

ASK_ADMIN_KEY = "ngrok API key of an administrator"

NO_ADMIN_KEY = "Without one, press Enter: a SCIM key that you make by hand will do as well."

KEY_BY_HAND = f"""\
To make the SCIM key by hand:
  1. At {NGROK_SERVICE_USERS}, add a Service User, like "Okta SCIM Bot".
  2. At {NGROK_API_KEYS}, make a new API key whose owner is that Service User.
Paste that key here, or press Enter to do it later."""

ASK_SERVICE_USER = "Name of the Service User"

SERVICE_USER = """\
The key will belong to a Service User: an account at ngrok that is no person's, so that the key \
goes on working when people leave. One of this name is used, or made."""

ASK_KEY_BY_HAND = "SCIM key, as ngrok's dashboard showed it"

PASTE_AGAIN = "Paste it again, or press Enter to do it later."

WHY_DOMAIN = """\
ngrok's support must allow the e-mail domain of your people, which stands behind the @ of their \
addresses. Until then Okta's test may pass while nobody arrives in ngrok."""

OTHER_OKTA_ADMIN = """\
If somebody else looks after Okta, write a page for them and type "later" below:
  ngrok-scim okta-values --html FILE"""

OKTA_FORM_PLACE = """\
In Okta, open the app. On the tab General, App Settings > Edit, set Provisioning to SCIM, or tick \
"Enable SCIM provisioning", whichever there is, and save. Then open the tab Provisioning > \
Integration > Edit and type these values:"""

ASK_FILLED_IN = """\
In Okta, press "Test Connector Configuration", then "Save".
Press Enter when that is done, or type "later\""""

WHAT_IT_DOES = """\
This connects Okta with ngrok, so that Okta adds and deactivates the people of your ngrok account \
by itself (SCIM). It takes five steps."""

WELCOME = f"""\
{WHAT_IT_DOES} Ctrl-C stops at any time; what is done is kept."""

REHEARSAL = f"""\
{WHAT_IT_DOES}

This is a rehearsal against a stand-in on this machine. Nothing reaches ngrok or Okta, and nothing \
is kept, so answer as you like."""

NO_KEYRING = f"""\
So no key is made, for nothing could keep it. Make one by hand at {NGROK_API_KEYS}, with a Service \
User as its owner, give it in NGROK_SCIM_API_KEY or with --api-key-file FILE, and run this again."""

COPY_KEY = """\
The key is not shown here. To paste it, run this in another terminal:
  ngrok-scim api-key show --copy"""

NOTHING_TO_PASTE = (
    "In earnest, the key is put on the clipboard here; the rehearsal's opens nothing."
)

VALUES_READY = "The values for Okta are known."
VALUES_STAND_IN_OKTA = "The values stand in Okta."

APP_TYPES = (
    ("saml", "SAML 2.0"),
    ("swa", "SWA - Secure Web Authentication"),
    ("oidc", "OIDC - OpenID Connect"),
)
NO_APP_TYPE = ("unknown", "I do not know, or there is no such app yet")


def switch_on_scim() -> str:
    """Return what a person has to do in ngrok's dashboard before SCIM works."""
    return (
        "In ngrok, once your people sign in through Okta and the plan includes SCIM, switch SCIM "
        f'on: {NGROK_SETTINGS} > User Provisioning / SCIM > "Automated User Provisioning via SCIM '
        '2.0".'
    )


def second_app() -> str:
    """Return what a person has to do in Okta whose app is an OIDC app."""
    return (
        'In Okta, make a second app for provisioning: Applications > Create App Integration > "SAML'
        ' 2.0" or "SWA". An OIDC app cannot have SCIM.'
    )


def submit_domain(name: str) -> str:
    """Return what a person has to do so that ngrok allows the domain ``name``."""
    return (
        f"In ngrok, submit {name}: {NGROK_SETTINGS} > Account Domain Controls > Submit New Domain."
    )


def domain_request(name: str) -> str:
    """Return the text for the field "Additional Information (optional)" of ngrok's form.

    Args:
        name: the e-mail domain.
    """
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
    return f"When it is sent, run ngrok-scim domain submit {' '.join(names)} --sent."


def prove_domain(name: str) -> str:
    """Return what a person has to do when ngrok's support asks for a proof of ownership."""
    return (
        "ngrok's support will send you a value. Publish it in the DNS as a TXT record of "
        f"{name}, and run ngrok-scim domain check {name} --txt VALUE."
    )


def record_approval(name: str) -> str:
    """Return what a person has to do once ngrok allows the domain ``name``."""
    return (
        f'When {name} is listed under "Account Domain Controls" at {NGROK_SETTINGS}, run '
        f"ngrok-scim domain approve {name}."
    )


def fill_in_okta() -> str:
    """Return what a person has to do in Okta once the key is there."""
    return (
        "In Okta, open the app > Provisioning > Integration > Edit, type the values above, press "
        '"Test Connector Configuration", then "Save".'
    )


def switch_on_to_app() -> str:
    """Return which boxes a person has to tick in Okta after the connector is saved."""
    return (
        "In Okta, open Provisioning > To App > Edit and tick Create Users, Update User Attributes "
        'and Deactivate Users. On the tab Sign On, set "Application username format" to Email.'
    )


def give_admin_key() -> str:
    """Return what a person has to do so that there is a key."""
    return (
        "Give an ngrok administrator's API key once: set NGROK_API_KEY, or use --admin-key-file, "
        "and run ngrok-scim setup again. Or make the SCIM key by hand, and store it: ngrok-scim "
        "api-key store."
    )


def step_done(number: int, name: str, day: str) -> str:
    """Return the one line that stands for a step that was done earlier."""
    return f"\nStep {number}: done on {day}; ngrok-scim setup --from {name} goes back"


def say_app_type() -> str:
    """Return what a person has to do who did not say how the Okta app was made."""
    return "Say how the Okta app was made: ngrok-scim setup --okta-app-type saml (or swa, or oidc)."


def ask_okta_admin() -> str:
    """Return what a person has to do who does not know how the Okta app was made, if at all."""
    return (
        "Give whoever looks after Okta the page that ngrok-scim okta-values --html FILE writes: it "
        "says how to make the app and what to type. An OIDC app does not do."
    )
