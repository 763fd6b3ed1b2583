"""The options that several commands share, spelled the same everywhere.

``Options`` has all of them, each with what a command without it does; the tuples below it name
those that go together. ``command`` makes the command line of it.
"""

import os
import re
from dataclasses import MISSING, field
from math import isnan
from pathlib import Path
from typing import Any, ClassVar, dataclass_transform

import typer

from ngrok_scim_cli.form import Wizard
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.report import Format

PARAMETER = "parameter"
"""Under which name the metadata of a field hold Typer's part of it."""

# A name in ASCII, as it goes over the wire, or an address.
_BARE_HOST = re.compile(
    r"[0-9a-z_](?:[0-9a-z._-]*[0-9a-z_])?|\[?[0-9a-f.]*:[0-9a-f:.]*\]?", re.IGNORECASE | re.ASCII
)


def option(spelled: str, text: str, default: Any = None, **more: Any) -> Any:
    """Return a field that is an option with a value, like ``--base-url TEXT``.

    Its help text names the default, too.
    """
    name, _, metavar = spelled.partition(" ")
    shown = typer.Option(name, metavar=metavar or None, help=text, show_default=False, **more)
    return field(default=default, metadata={PARAMETER: shown})


def seconds(name: str, text: str, default: float, *, least: float = 0, most: float) -> Any:
    """Return a field that is an option with a number of seconds."""
    return option(f"{name} SECONDS", text, default, min=least, max=most, callback=_a_number)


def _a_number(value: float) -> float:
    if isnan(value):  # it lies within every range
        raise typer.BadParameter("nan is not a number of seconds.")
    return value


def flag(name: str, text: str, *short: str) -> Any:
    """Return a field that is an option without a value."""
    return field(default=False, metadata={PARAMETER: typer.Option(name, *short, help=text)})


def argument(metavar: str, text: str, default: Any = MISSING, **more: Any) -> Any:
    """Return a field that is an argument; without a default, it must be given."""
    shown = typer.Argument(metavar=metavar, help=text, show_default=False, **more)
    return field(default=default, metadata={PARAMETER: shown})


def bare_hosts(hosts: list[str] | None) -> list[str] | None:
    """Return ``hosts``, each of which must be a name alone: a URL or a pattern would match none."""
    for host in hosts or ():
        if not _BARE_HOST.fullmatch(host):
            raise typer.BadParameter(
                f"“{host}” is no bare host name; write it like scim.example.com."
            )
    return hosts


# The values that a shell can complete. What they come from is loaded only then.


def _profiles(incomplete: str) -> list[str]:
    from ngrok_scim_cli.settings.environment import profiles_folder
    from ngrok_scim_cli.settings.profile_store import ProfileStore

    names = ("default", *ProfileStore(profiles_folder(os.environ)).names())
    return [name for name in dict.fromkeys(names) if name.startswith(incomplete)]


def complete_faults(incomplete: str) -> list[str]:
    """Return the faults of the sandbox that begin so."""
    from ngrok_scim_cli.sandbox import FAULTS

    return [name for name in FAULTS if name.startswith(incomplete)]


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, kw_only=True)
class Options:
    """The shared options; a command that has more of its own takes a subclass.

    Each subclass becomes a frozen dataclass, whose options have its ``heading`` on the help page.
    A field that is no ``option``, ``flag`` or ``argument`` is never on the command line.
    """

    heading: ClassVar[str] = "Options"

    def __init_subclass__(cls, heading: str = heading) -> None:
        cls.heading = heading
        dataclass(frozen=True, kw_only=True)(cls)

    dry_run: bool = flag(
        "--dry-run", "Print the requests that would be sent, and send none that changes anything."
    )
    allow_empty: bool = flag(
        "--allow-empty", "Report an empty user list as a warning, not as an error."
    )
    base_url: str | None = option(
        "--base-url TEXT",
        "SCIM connector base URL, exactly as entered in Okta. Default: "
        "https://api.ngrok.com/scim/v2/",
    )
    api_key_file: str | None = option(
        "--api-key-file PATH",
        "Read the SCIM key from this file, byte for byte ('-': standard input). Default: "
        "NGROK_SCIM_API_KEY, or the keyring.",
    )
    unique_id: str | None = option(
        "--unique-id TEXT", "Unique identifier field for users, as entered in Okta. Default: email"
    )
    auth_mode: str | None = option(
        "--auth-mode TEXT", "Authentication Mode, as entered in Okta. Default: HTTP Header"
    )
    action: list[str] | None = option(
        "--action TEXT",
        "A box that is ticked under Supported provisioning actions. Repeatable. Default: Push "
        "New Users, Push Profile Updates",
    )
    admin_key_file: str | None = option(
        "--admin-key-file PATH",
        "Read an administrator's ngrok API key from this file ('-': standard input). Default: "
        "NGROK_API_KEY, or ngrok.yml.",
    )
    service_user: str | None = option(
        "--service-user NAME", "Service User that owns the new key. Default: Okta SCIM Bot"
    )
    key_description: str | None = option(
        "--key-description TEXT",
        "Description of the new key in ngrok's dashboard. Default: Okta SCIM Integration",
    )
    key_to: str | None = option(
        "--key-to COMMAND",
        "Pass the new key to this command on its standard input instead of storing it in the "
        "keyring. If the command fails, the key is revoked.",
    )
    okta_org_url: str | None = option(
        "--okta-org-url URL",
        "Address of your Okta org, like https://example.okta.com. Default: OKTA_CLIENT_ORGURL, "
        "the profile, or okta.yaml.",
    )
    okta_token_file: str | None = option(
        "--okta-token-file PATH",
        "Read the API token of that org from this file ('-': standard input). Default: "
        "OKTA_CLIENT_TOKEN, the keyring, or okta.yaml; or a service app "
        "(OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey).",
    )
    okta_app: str | None = option(
        "--okta-app APP",
        "Id (0oa…) or label of the Okta app that provisions people to ngrok. Default: the "
        "profile, or the app with “ngrok” in its label.",
    )
    okta_wizard: Wizard | None = option(
        "--okta-wizard classic|oiw",
        "How the Okta app was made: in the Classic experience or in the Okta Integration "
        "Wizard. Default: the profile, or classic",
        case_sensitive=False,
    )
    sandbox: bool = flag(
        "--sandbox",
        "Run against a local stand-in for ngrok and Okta. Needs no account and keeps nothing.",
    )
    fault: list[str] | None = option(
        "--fault NAME",
        "Inject a fault into the sandbox (names: ngrok-scim sandbox --list-faults). Repeatable.",
        autocompletion=complete_faults,
    )
    timeout: float = seconds(
        "--timeout",
        "Give up on a request after this long. Default: 60, as Okta does.",
        60.0,
        least=0.1,
        most=600,
    )
    ca_bundle: Path | None = option(
        "--ca-bundle PATH", "Also trust the certificate authorities in this PEM file."
    )
    allow_host: list[str] | None = option(
        "--allow-host HOST",
        "Allow the key to be sent to this host, over verified HTTPS. Repeatable.",
        callback=bare_hosts,
    )
    profile: str = option(
        "--profile NAME",
        "Which saved profile to use. Default: default",
        default="default",
        autocompletion=_profiles,
    )
    no_input: bool = flag("--no-input", "Do not prompt for anything.")
    report: Path | None = option(
        "--report FILE",
        "Also write a report for a support ticket to this file: versions, checks and replies. "
        "It holds no key, and e-mail addresses and names are masked.",
    )
    show_users: bool = flag(
        "--show-users",
        "Do not mask e-mail addresses and names in that report and in the URLs of the result.",
    )
    format_: list[Format] | None = option(
        "--format text|json|markdown|junit|sarif",
        "Format of the result. Repeatable: the first format goes to the first --output, and so "
        "on; the last one may lack an --output. Default: text",
        case_sensitive=False,
    )
    output: list[Path] | None = option(
        "--output FILE", "Write the result to this file ('-': standard output). Repeatable."
    )
    strict: bool = flag("--strict", "Treat warnings as failures (exit status 1).")
    quiet: bool = flag("--quiet", "Print only the result.", "-q")
    verbose: bool = flag("--verbose", "Show every request and every check.", "-v")

    okta_token: str = field(default="", repr=False)  # typed, where nothing gives it

    @property
    def meant_profile(self) -> str:
        """The profile to work on."""
        return self.profile


# The names of those that go together, in the order of the help page.
URL_AND_KEY = ("base_url", "api_key_file")
WHOLE_FORM = ("unique_id", "auth_mode", "action", *URL_AND_KEY)
NEW_KEY = ("service_user", "key_description", "key_to", "admin_key_file")
OKTA = ("okta_org_url", "okta_token_file", "okta_app")
SANDBOX = ("sandbox", "fault")
PROFILE = ("profile", "no_input")
NETWORK = ("timeout", "ca_bundle", "allow_host", *PROFILE)
OUTPUT = ("format_", "output", "strict", "quiet", "verbose")
REPORT = ("report", "show_users", *OUTPUT)

_HEADINGS = {
    "Values of Okta's form": WHOLE_FORM,
    "ngrok account": NEW_KEY,
    "Okta": (*OKTA, "okta_wizard"),
    "Sandbox": SANDBOX,
    "Profile": PROFILE,
    "Network": NETWORK,
    "Output": REPORT,
}


def heading_of(name: str) -> str:
    """Return the heading of a shared option on the help page."""
    return next((heading for heading, names in _HEADINGS.items() if name in names), Options.heading)
