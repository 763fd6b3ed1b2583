"""Texts of what can be wrong with the other fields of Okta's form.

The values are those of ngrok's guide:
https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-scim
"""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Severity, Subject

_TYPE_EMAIL = "Type email into “Unique identifier field for users”, in small letters."


def _entry(
    code: str,
    subject: Subject,
    title: str,
    cause: str,
    fix: str,
    severity: Severity = Severity.ERROR,
) -> Entry:
    return Entry(code, severity, subject, title, cause, fix)


ENTRIES: tuple[Entry, ...] = (
    _entry(
        "FRM301",
        Subject.UNIQUE_IDENTIFIER,
        "“Unique identifier field for users” is not email",
        "ngrok knows people by their e-mail address. With another identifier Okta looks them up by "
        "a value that ngrok does not have.",
        _TYPE_EMAIL,
    ),
    _entry(
        "FRM302",
        Subject.UNIQUE_IDENTIFIER,
        "“Unique identifier field for users” is email, but not letter for letter",
        "Okta takes the name as it is typed. A space, a capital or an invisible character makes it "
        "a different one.",
        _TYPE_EMAIL,
    ),
    _entry(
        "FRM303",
        Subject.AUTH_MODE,
        "“Authentication Mode” is not HTTP Header",
        "ngrok takes the key in the Authorization header, and Okta sends it there in this mode "
        "only.",
        "Choose HTTP Header under “Authentication Mode”.",
    ),
    _entry(
        "FRM304",
        Subject.ACTIONS,
        "“Push New Users” is off",
        "Okta then creates nobody at ngrok, though the connector test passes.",
        "Tick “Push New Users” under “Supported provisioning actions”.",
    ),
    _entry(
        "FRM305",
        Subject.ACTIONS,
        "“Push Profile Updates” is off",
        "Changes of a name or an e-mail address in Okta then never reach ngrok.",
        "Tick “Push Profile Updates” under “Supported provisioning actions”.",
        Severity.WARNING,
    ),
    _entry(
        "FRM306",
        Subject.ACTIONS,
        "“Push Groups” or “Import Groups” is on",
        "ngrok has no groups in SCIM, so everything that Okta does with them fails.",
        "Untick “Push Groups” and “Import Groups” under “Supported provisioning actions”.",
        Severity.WARNING,
    ),
    _entry(
        "FRM307",
        Subject.ACTIONS,
        "“Import New Users and Profile Updates” is on",
        "ngrok's guide leaves it off: with it Okta also reads people from ngrok, and asks an "
        "administrator to match each of them.",
        "Untick “Import New Users and Profile Updates” under “Supported provisioning actions”.",
        Severity.WARNING,
    ),
    _entry(
        "FRM308",
        Subject.ACTIONS,
        "There is an action that Okta's form does not have",
        "Okta's form has five boxes under “Supported provisioning actions”, and their labels are "
        "fixed.",
        "Give --action the label as Okta's form writes it: “Push New Users”, “Push Profile "
        "Updates”.",
    ),
)
