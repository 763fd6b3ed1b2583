"""**Application username format** of the Okta app: what Okta sends to ngrok as ``userName``."""

import re
from collections.abc import Iterable

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Subject
from ngrok_scim_cli.diagnosis.okta.records import OktaApp
from ngrok_scim_cli.diagnosis.people.records import AppUser
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown

# The e-mail address; ``user`` is the older name of ``source``.
_EMAIL = frozenset({"source.email", "user.email"})
# What changes only the case, which does not count (RFC 7643 section 4.1.1); it is written in either
# of Okta's expression languages.
_CASE = re.compile(r"^(?:fn:|String\.)?to(?:Lower|Upper)Case\((.*)\)$", re.IGNORECASE | re.DOTALL)
_WRAPPED = re.compile(r"^\$\{(.*)\}$", re.DOTALL)
# What the console offers besides, without ``source.`` (Okta Management API,
# ``ApplicationCredentialsUsernameTemplate``).
_LABELS = {
    "login": "Okta username",
    'fn:substringBefore(login,"@")': "Okta username prefix",
    'fn:substringBefore(email,"@")': "Email prefix",
    "employeeID": "AD Employee ID",
    "samAccountName": "AD SAM account name",
    "samAccountName}@${instance.namingContext": "AD SAM account name + domain",
    "userName": "AD user principal name",
    'fn:substringBefore(userName,"@")': "AD user principal name prefix",
    "userName}${instance.userSuffix": "LDAP UID + custom suffix",
    "NONE": "(None)",
}
_SOURCE = re.compile(r"\b(?:source|user)\.")
_DEEPEST = 10

_rules: Rules[None] = Rules(Subject.OKTA)
_rules.describe("""
OKT906 documented
"Application username format" is not "Email"
Okta sends this value as `userName`. ngrok's documentation says that `userName` must be the e-mail
    address.
In Okta, open Sign On > Credentials Details, set "Application username format" to "Email", save, and
    press "Update Now".
""")
ENTRIES = _rules.entries


def judge_user_name_format(app: OktaApp, people: Iterable[AppUser] = ()) -> Judged | Unknown:
    """Tell whether **Application username format** is Email: ``OKT906`` where it is not.

    Whether an expression of the org's own gives the e-mail address cannot be read off it; that is
    judged by the people who have both.
    """
    template = "".join(app.user_name_template.split())
    if not template:
        return Unknown("Okta does not report this for this app.")
    meant = _meant(template)
    if meant in _EMAIL:
        return Judged(reason="It is “Email”.")
    label = _LABELS.get(_SOURCE.sub("", meant))
    if label:
        return Judged((finding("OKT906", f"It is “{label}” ({excerpt(template, 80)})."),))
    return _by_people(template, people)


def _meant(template: str) -> str:
    """Return the expression without what does not change who is meant."""
    meant = _WRAPPED.sub(r"\1", template)
    for _ in range(_DEEPEST):
        meant = _CASE.sub(r"\1", meant)
    return meant


def _by_people(template: str, people: Iterable[AppUser]) -> Judged | Unknown:
    known = [one for one in people if one.email and one.user_name]
    others = [one for one in known if one.email.casefold() != one.user_name.casefold()]
    what = f"It is an expression of your own, “{excerpt(template, 80)}”"
    if not known:
        return Unknown(f"{what}. It is not known whether it returns the e-mail address.")
    if not others:
        return Judged(reason=f"{what}, and it returns each person's e-mail address.")
    name, email = excerpt(others[0].user_name, 80), excerpt(others[0].email, 80)
    seen = (
        f"{what}. For {len(others):,} of {len(known):,} people it does not return the e-mail "
        f"address: “{name}” instead of “{email}”."
    )
    return Judged((finding("OKT906", seen),))
