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
        "The name is misspelled, or only a private network knows it. Okta then cannot find it "
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
        "Nothing accepts connections on this port: the host or the port is wrong, or the service "
        "is down.",
        _COMPARE,
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET403",
        Severity.ERROR,
        Subject.NETWORK,
        "Connecting to {host} timed out",
        "The address is wrong or private, a firewall drops the connection, or the service is down.",
        _COMPARE,
        _THE_HOST,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NET404",
        Severity.ERROR,
        Subject.NETWORK,
        "The certificate of {host} is not trusted",
        "Its chain does not lead to a public certificate authority. Okta is not known to accept "
        "any other certificate, and has no page to upload one for SCIM.",
        "Install a certificate of a public authority, with its full chain, on the server.",
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET405",
        Severity.ERROR,
        Subject.NETWORK,
        "The certificate of {host} is for another name",
        "The base URL leads to a different server than intended, or uses an address that is not "
        "in the certificate.",
        _COMPARE,
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET406",
        Severity.ERROR,
        Subject.NETWORK,
        "The certificate of {host} has expired or is not valid yet",
        "The certificate was not renewed in time, or the clock of this machine is wrong.",
        "Check the date and time of this machine. If they are right, renew the certificate on the "
        "server.",
        _THE_HOST,
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET407",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} offers no TLS version or cipher that Okta accepts",
        "Okta needs TLS 1.2 or newer. The server, or a proxy in front of it, offers only older "
        "versions.",
        "Turn on TLS 1.2 or newer on the server, or on the proxy in front of it.",
        _THE_HOST,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NET408",
        Severity.ERROR,
        Subject.NETWORK,
        "{host} accepted the request but did not reply in time",
        "Okta waits 60 seconds for a reply, then closes the connection.",
        "Run `ngrok-scim test-connect` again in a few minutes. If there is still no reply, check "
        "https://status.ngrok.com/.",
        _THE_HOST,
        certainty=Certainty.DOCUMENTED,
    ),
    Entry(
        "NET409",
        Severity.ERROR,
        Subject.NETWORK,
        "The connection broke, or the reply is not HTTP",
        "A device on the network path closed the connection, or another kind of service answers "
        "at this address.",
        "Run `ngrok-scim test-connect` again. If it breaks again, compare the base URL with "
        "https://api.ngrok.com/scim/v2/.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET410",
        Severity.ERROR,
        Subject.NETWORK,
        "The proxy refuses the connection or fails",
        "The request got no further than the proxy of this machine, so ngrok was not tested. Okta "
        "does not use this proxy.",
        "Ask the administrator of the proxy to allow this machine to reach api.ngrok.com on port "
        "443.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET411",
        Severity.WARNING,
        Subject.NETWORK,
        "A device on this network decrypts the connection (TLS inspection)",
        "A private authority that this machine trusts signed the certificate. The owner of that "
        "authority can read the API key in transit. Okta's own requests do not pass through this "
        "network.",
        "Ask your network team to exclude api.ngrok.com from TLS inspection.",
        certainty=Certainty.INFERRED,
    ),
    Entry(
        "NET412",
        Severity.ERROR,
        Subject.NETWORK,
        "The API key was not sent, because the host is not ngrok's",
        "ngrok-scim sends the key only over verified HTTPS to api.ngrok.com, to this machine, or "
        "to a host that you allowed. Any other host could use the key.",
        "Correct the base URL. If this host is right and yours, run the command again with "
        "`--allow-host {host}`.",
        (("host", "HOST"),),
        certainty=Certainty.DOCUMENTED,
    ),
)
