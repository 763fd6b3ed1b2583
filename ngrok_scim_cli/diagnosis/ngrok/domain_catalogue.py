"""What an admin reads about e-mail domains."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

_THIS_DOMAIN = (("domain", "this domain"),)
_PLACEHOLDER = (("domain", "DOMAIN"),)

_COMPARE = "Compare the spelling with the e-mail addresses of your people."

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "DOM801",
        Severity.WARNING,
        Subject.DOMAIN,
        "No e-mail domain was submitted to ngrok",
        "ngrok's support must allow the domain of your people. Until then Okta's test may pass "
        "while nobody is provisioned.",
        "Run `ngrok-scim domain submit {domain}`.",
        _PLACEHOLDER,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM802",
        Severity.WARNING,
        Subject.DOMAIN,
        "The approval of the domain is not recorded",
        "ngrok's support must allow it, and only its dashboard shows that they did. Until then "
        "Okta's test may pass while nobody is provisioned.",
        'When the domain is listed under "Account Domain Controls" at '
        "https://dashboard.ngrok.com/settings, run `ngrok-scim domain approve {domain}`.",
        _PLACEHOLDER,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM803",
        Severity.ERROR,
        Subject.DOMAIN,
        "Anybody can have an address at {domain}",
        "It belongs to a public mail provider. Nobody can prove that it is theirs, so ngrok "
        "cannot allow it.",
        "Use a domain that belongs to your organization.",
        _THIS_DOMAIN,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "DOM804",
        Severity.ERROR,
        Subject.DOMAIN,
        "This is not a valid domain name",
        "A domain has only letters of the English alphabet, digits, hyphens and dots.",
        "Type what stands behind the @ of your people's e-mail addresses, like example.com.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM805",
        Severity.ERROR,
        Subject.DOMAIN,
        "This is not just a domain",
        "ngrok asks for the domain alone, without a person, an address of a page or a wildcard.",
        "Type only what stands behind the @ of an e-mail address: {domain}",
        (("domain", "example.com"),),
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM806",
        Severity.ERROR,
        Subject.DOMAIN,
        "No organization can have {domain} as its domain",
        "Others register their names under it, or the DNS does not know it. So nobody of your "
        "organization has an e-mail address there.",
        _COMPARE,
        _THIS_DOMAIN,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM807",
        Severity.WARNING,
        Subject.DOMAIN,
        "No mail is received at {domain}",
        "It has no MX record, so probably nobody has an e-mail address there.",
        _COMPARE,
        _THIS_DOMAIN,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "DOM808",
        Severity.WARNING,
        Subject.DOMAIN,
        "The TXT record that proves the domain is yours is not visible yet",
        "ngrok's support asks for it. A new record can take hours until it is seen everywhere.",
        "Run `ngrok-scim domain check {domain}` again in an hour.",
        _PLACEHOLDER,
        certainty=Certainty.INFERRED,
    ),
)
