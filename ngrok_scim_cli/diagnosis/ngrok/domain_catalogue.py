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
        "ngrok's guide says that ngrok support must approve the domain before users sync. Okta's "
        "test may pass without it while nobody is provisioned.",
        "Run `ngrok-scim domain submit {domain}`.",
        _PLACEHOLDER,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM802",
        Severity.WARNING,
        Subject.DOMAIN,
        "It is not recorded that ngrok approved the domain",
        "ngrok support must approve the domain before users sync, and only the dashboard shows "
        "that. Okta's test may pass without it while nobody is provisioned.",
        'When the domain is listed under "Account Domain Controls" at '
        "https://dashboard.ngrok.com/settings, run `ngrok-scim domain approve {domain}`.",
        _PLACEHOLDER,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM803",
        Severity.ERROR,
        Subject.DOMAIN,
        "Anyone can have an address at {domain}",
        "It belongs to a public mail provider. You cannot prove that you own it, so ngrok "
        "probably cannot approve it.",
        "Use a domain that belongs to your organization.",
        _THIS_DOMAIN,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "DOM804",
        Severity.ERROR,
        Subject.DOMAIN,
        "This is not a valid domain name",
        "A domain name has only letters of the English alphabet, digits, hyphens and dots.",
        "Type the part after the @ of your people's e-mail addresses, such as example.com.",
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM805",
        Severity.ERROR,
        Subject.DOMAIN,
        "This is not only a domain",
        "ngrok asks for the domain alone, without a person, a page address or a wildcard.",
        "Type only the part after the @ of an e-mail address: {domain}",
        (("domain", "example.com"),),
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "DOM806",
        Severity.ERROR,
        Subject.DOMAIN,
        "{domain} cannot be the domain of an organization",
        "Other people register names under it, or it does not exist in the DNS. So nobody in your "
        "organization has an e-mail address there.",
        _COMPARE,
        _THIS_DOMAIN,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "DOM807",
        Severity.WARNING,
        Subject.DOMAIN,
        "{domain} receives no mail",
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
        "ngrok support usually asks for this record. It can take hours until a new record is "
        "visible everywhere.",
        "Run `ngrok-scim domain check {domain}` again later.",
        _PLACEHOLDER,
        certainty=Certainty.INFERRED,
    ),
)
