"""The options that several commands share, spelled the same everywhere."""

import re
from math import isnan
from pathlib import Path
from typing import Annotated

import typer

from ngrok_scim_cli.report import Format

# A name in ASCII, as it goes over the wire, or an address.
_BARE_HOST = re.compile(
    r"[0-9a-z_](?:[0-9a-z._-]*[0-9a-z_])?|\[?[0-9a-f.]*:[0-9a-f:.]*\]?", re.IGNORECASE | re.ASCII
)


def a_number(seconds: float) -> float:
    """Return ``seconds``, which must be a number: ``nan`` lies within every range.

    Raises:
        typer.BadParameter: it is none.
    """
    if isnan(seconds):
        raise typer.BadParameter("nan is not a number of seconds.")
    return seconds


def bare_hosts(hosts: list[str] | None) -> list[str] | None:
    """Return ``hosts``, each of which must be a name alone: a URL or a pattern would match none.

    Raises:
        typer.BadParameter: one is something else.
    """
    for host in hosts or ():
        if not _BARE_HOST.fullmatch(host):
            raise typer.BadParameter(
                f"“{host}” is no bare host name; write it like scim.example.com."
            )
    return hosts


Profile = Annotated[
    str,
    typer.Option(
        "--profile",
        metavar="NAME",
        show_default=False,
        help="Which saved profile to use. Default: default",
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="TEXT",
        help="SCIM connector base URL, exactly as it stands in Okta. "
        "Default: https://api.ngrok.com/scim/v2/",
    ),
]
ApiKeyFile = Annotated[
    str | None,
    typer.Option(
        "--api-key-file",
        metavar="PATH",
        help="Read the SCIM key from this file, byte for byte ('-': standard input). "
        "Default: NGROK_SCIM_API_KEY, or the keyring.",
    ),
]
AdminKeyFile = Annotated[
    str | None,
    typer.Option(
        "--admin-key-file",
        metavar="PATH",
        help="Read an administrator's ngrok API key from this file ('-': standard input). "
        "Default: NGROK_API_KEY, or ngrok.yml.",
    ),
]
UniqueId = Annotated[
    str | None,
    typer.Option(
        "--unique-id",
        metavar="TEXT",
        help="Unique identifier field for users, as it stands in Okta. Default: email",
    ),
]
AuthMode = Annotated[
    str | None,
    typer.Option(
        "--auth-mode",
        metavar="TEXT",
        help="Authentication Mode, as it stands in Okta. Default: HTTP Header",
    ),
]
Action = Annotated[
    list[str] | None,
    typer.Option(
        "--action",
        metavar="TEXT",
        help="A ticked box of Supported provisioning actions. Repeatable. "
        "Default: Push New Users, Push Profile Updates",
    ),
]
OutputFormat = Annotated[
    Format,
    typer.Option(
        "--format",
        metavar="text|json|markdown|junit|sarif",
        case_sensitive=False,
        show_default=False,
        help="How to print the result. Default: text",
    ),
]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write the result to this file."),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Also write a report for a support ticket to this file: versions, checks and "
        "replies, no key, e-mail addresses and names masked.",
    ),
]
ShowUsers = Annotated[
    bool,
    typer.Option("--show-users", help="Leave addresses and names in that report as they are."),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.1,
        max=600,
        callback=a_number,
        show_default=False,
        help="Give up on a request after this long. Default: 60, as Okta does.",
    ),
]
CaBundle = Annotated[
    Path | None,
    typer.Option(
        "--ca-bundle", metavar="PATH", help="Trust the authorities in this PEM file, too."
    ),
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="HOST",
        callback=bare_hosts,
        help="Let the key go to this host (always over verified HTTPS). Repeatable.",
    ),
]
OktaOrgUrl = Annotated[
    str | None,
    typer.Option(
        "--okta-org-url",
        metavar="URL",
        help="Address of your Okta org, like https://example.okta.com. "
        "Default: OKTA_CLIENT_ORGURL, or the profile. Its token: OKTA_CLIENT_TOKEN, or the "
        "keyring.",
    ),
]
OktaApp = Annotated[
    str | None,
    typer.Option(
        "--okta-app",
        metavar="APP",
        help="Id (0oa…) or label of the Okta app that provisions people to ngrok. "
        "Default: the profile, or the app with “ngrok” in its label.",
    ),
]
AllowEmpty = Annotated[
    bool, typer.Option("--allow-empty", help="Take an empty user list for a warning.")
]
ServiceUser = Annotated[
    str | None,
    typer.Option(
        "--service-user",
        metavar="NAME",
        help="The Service User whom the key shall belong to. Default: Okta SCIM Bot",
    ),
]
KeyDescription = Annotated[
    str | None,
    typer.Option(
        "--key-description",
        metavar="TEXT",
        help="What ngrok's dashboard shall show for the key. Default: Okta SCIM Integration",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Print each request that would be made; make none that writes."),
]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask anything.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the result and nothing else.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show every request and every check.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Let warnings fail, too (exit status 1).")]
Sandbox = Annotated[
    bool,
    typer.Option("--sandbox", help="Run against a local stand-in: no account, nothing is kept."),
]
Fault = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="NAME",
        help="Break the sandbox in a named way (see: ngrok-scim sandbox --list-faults). "
        "Repeatable.",
    ),
]
