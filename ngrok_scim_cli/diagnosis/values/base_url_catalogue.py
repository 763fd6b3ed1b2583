"""Texts of what can be wrong with the ``SCIM connector base URL``.

What Okta asks of it: https://developer.okta.com/docs/guides/scim-provisioning-integration-prepare/
What ngrok's must be: https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-scim
"""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Severity, Subject

_TYPE_IT = (
    "Type https://api.ngrok.com/scim/v2/ into “SCIM connector base URL”, with nothing around it."
)


def _entry(
    code: str, title: str, cause: str, fix: str = _TYPE_IT, severity: Severity = Severity.ERROR
) -> Entry:
    return Entry(code, severity, Subject.BASE_URL, title, cause, fix)


ENTRIES: tuple[Entry, ...] = (
    _entry(
        "URL101",
        "There is whitespace before the base URL",
        "A space or a line break was copied along with it. Okta may take it for a part of the "
        "address; ngrok's guide names such spaces as a cause of a failed test.",
    ),
    _entry(
        "URL102",
        "There is whitespace after the base URL",
        "A space or a line break was copied along with it. Okta may take it for a part of the "
        "address; ngrok's guide names such spaces as a cause of a failed test.",
    ),
    _entry(
        "URL103",
        "There is whitespace or a control character inside the base URL",
        "An address has no gaps. They come from a line that was wrapped in an e-mail or a "
        "document, or from two values that were pasted together.",
    ),
    _entry(
        "URL104",
        "There is an invisible character in the base URL",
        "Web pages, chat programs and word processors put in characters that no screen shows. They "
        "count as letters, so the address is a different one.",
        "Type https://api.ngrok.com/scim/v2/ by hand into “SCIM connector base URL”. A copy would "
        "bring the character along.",
    ),
    _entry(
        "URL105",
        "The base URL holds letters that only look like the right ones",
        "A letter of another alphabet makes it a different address, which may belong to somebody "
        "else. It comes from a keyboard set to another language, or from somebody who is after "
        "the key.",
        "Type https://api.ngrok.com/scim/v2/ by hand into “SCIM connector base URL”, and find out "
        "where the copied address came from.",
    ),
    _entry(
        "URL106",
        "The base URL begins with http:// and not with https://",
        "The key would travel unencrypted, and Okta takes nothing but https://.",
        "Write https:// at the beginning of “SCIM connector base URL”.",
    ),
    _entry(
        "URL107",
        "The base URL does not begin with https://",
        "Without exactly these letters in front, Okta does not know how to reach the host.",
        "Write https:// at the beginning of “SCIM connector base URL”, once and exactly so.",
    ),
    _entry(
        "URL108",
        "The base URL names the wrong host",
        "SCIM is served by ngrok's API, at api.ngrok.com. Any other host does not know the key, "
        "and should never see it.",
    ),
    _entry(
        "URL109",
        "The path of the base URL is not /scim/v2/",
        "ngrok serves SCIM under this path alone. Anywhere else Okta finds no users, even with the "
        "right key.",
    ),
    _entry(
        "URL110",
        "A resource or a query was appended to the base URL",
        "Okta puts /Users and its query behind the base URL itself. Here it would ask for them "
        "twice.",
    ),
    _entry(
        "URL111",
        "The base URL holds more than a host and a path",
        "Okta puts the path of each request behind the base URL, so what stands behind “?” or “#” "
        "ends up in the middle. A name or a password before “@” is not used at all.",
    ),
    _entry(
        "URL112",
        "A slash is doubled in the base URL",
        "Two slashes make a different path, and ngrok may not know it.",
    ),
    _entry(
        "URL113",
        "The base URL ends without a slash",
        "Okta's custom apps take it with and without. ngrok's guide writes it with the slash.",
        "If anything fails, write https://api.ngrok.com/scim/v2/ with the slash at the end.",
        Severity.NOTICE,
    ),
    _entry(
        "URL114",
        "There are quotation marks, brackets or other marks around the base URL",
        "They were copied from a document or a chat along with the address. Okta takes them for a "
        "part of it.",
    ),
    _entry(
        "URL115",
        "There is an underscore in the base URL",
        "Okta refuses every base URL that has one.",
    ),
    _entry(
        "URL116",
        "The base URL names a port",
        "ngrok's API answers on the usual port of https, 443, and on no other.",
        "Remove the colon and the number behind the host in “SCIM connector base URL”.",
        Severity.WARNING,
    ),
    _entry(
        "URL117",
        "There are capitals in the path of the base URL",
        "In a path, capitals and small letters are different. ngrok's has small letters only.",
    ),
    _entry(
        "URL118",
        "There is no base URL",
        "Okta needs the address of ngrok's SCIM endpoint, and it is the same for everybody.",
    ),
    _entry(
        "URL119",
        "The base URL leads to a host that is not ngrok's",
        "You allowed this host with --allow-host, so it gets the key. Whoever runs it can use the "
        "key at ngrok.",
        "Leave out --allow-host unless you know who runs the host, and why it stands between Okta "
        "and ngrok.",
        Severity.WARNING,
    ),
)
