"""What an admin reads about the way to the endpoint."""

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject

_THE_HOST = (("host", "The host of the base URL"),)

_COMPARE = (
    'In Okta, compare "SCIM connector base URL" letter by letter with '
    "https://api.ngrok.com/scim/v2/."
)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "NET401",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} cannot be found: the name does not resolve",
        "The name is misspelt, or it is known only inside a private network. Okta cannot find it "
        "either.",
        _COMPARE,
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET402",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} refuses the connection",
        "The machine is there, but nothing answers on this port: the host or port is wrong, or "
        "the service is down.",
        _COMPARE,
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET403",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} does not answer: connecting timed out",
        "The address is wrong or private, a firewall drops the connection, or the service is down.",
        _COMPARE,
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET404",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} shows a certificate that is not trusted",
        "Its chain does not lead to a publicly known authority. Okta accepts no other "
        "certificate, and there is no place in Okta to upload one.",
        "Install a certificate from a public authority, with its full chain, on the server.",
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET405",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} shows a certificate that is for another name",
        "The base URL leads to another server than the one that was meant, or names it by an "
        "address that is not in its certificate.",
        _COMPARE,
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET406",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} shows a certificate that has expired or is not valid yet",
        "The certificate was not renewed in time, or the clock of this machine is wrong.",
        "Check the date and time of this machine first; if they are right, have the certificate "
        "renewed on the server.",
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET407",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} offers no TLS version or cipher that Okta accepts",
        "Okta needs TLS 1.2 or newer. The server, or a proxy in front of it, offers only older "
        "ones.",
        "Switch on TLS 1.2 or newer on the server, or on the proxy in front of it.",
        _THE_HOST,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NET408",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} took the request but did not reply in time",
        "Okta waits 60 seconds for a reply and then gives up.",
        "Run `ngrok-scim test-connect` again in a few minutes; if no reply comes then either, "
        "look at https://status.ngrok.com/.",
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET409",
        Severity.ERROR,
        Subject.NETWORK,
        "The connection broke, or the reply was not HTTP",
        "Something on the way cut the connection, or another kind of service answers at this "
        "address.",
        "Run `ngrok-scim test-connect` again; if it breaks again, compare the base URL with "
        "https://api.ngrok.com/scim/v2/.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET410",
        Severity.ERROR,
        Subject.NETWORK,
        "The proxy refuses the connection or fails",
        "The request got no further than the proxy that this machine uses, so it tells nothing "
        "about ngrok. Okta does not use this proxy.",
        "Ask whoever runs the proxy to let this machine reach api.ngrok.com on port 443.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET411",
        Severity.WARNING,
        Subject.NETWORK,
        "Something on this network opens the encrypted connection",
        "The certificate was signed by a private authority that this machine trusts. Whatever "
        "holds that authority can read the API key on its way. Okta's own calls do not pass it.",
        "Ask your network team to leave api.ngrok.com out of TLS inspection.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET412",
        Severity.ERROR,
        Subject.NETWORK,
        "The API key was not sent, because the host is not ngrok's",
        "The key goes only over verified HTTPS to api.ngrok.com, to this machine itself, or to a "
        "host that you allowed. Anybody else could use it.",
        "Correct the base URL. If this host is right and yours, run the command again with "
        "`--allow-host {host}`.",
        (("host", "HOST"),),
        certainty=Certainty.DOCUMENTED,
    ),
)
