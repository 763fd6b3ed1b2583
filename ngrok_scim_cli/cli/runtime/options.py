"""The options that several commands share, spelled the same everywhere: a record for each purpose.

A command's own record inherits those that it takes; ``command`` makes the command line of it.
A field without a Typer option is not on the command line: it says what a command without that
option does.
"""

import re
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from ngrok_scim_cli.cli.runtime import completions
from ngrok_scim_cli.form import Wizard
from ngrok_scim_cli.report import Format

# A name in ASCII, as it goes over the wire, or an address.
_BARE_HOST = re.compile(
    r"[0-9a-z_](?:[0-9a-z._-]*[0-9a-z_])?|\[?[0-9a-f.]*:[0-9a-f:.]*\]?", re.IGNORECASE | re.ASCII
)


def a_number(seconds: float) -> float:
    """Return ``seconds``, which must be a number: ``nan`` lies within every range."""
    if isnan(seconds):
        raise typer.BadParameter("nan is not a number of seconds.")
    return seconds


def bare_hosts(hosts: list[str] | None) -> list[str] | None:
    """Return ``hosts``, each of which must be a name alone: a URL or a pattern would match none."""
    for host in hosts or ():
        if not _BARE_HOST.fullmatch(host):
            raise typer.BadParameter(
                f"“{host}” is no bare host name; write it like scim.example.com."
            )
    return hosts


@dataclass(frozen=True, kw_only=True)
class Options:
    """What all of them are."""

    heading: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class SessionOptions(Options):
    """On which profile a command works, and whom it may ask."""

    heading: ClassVar[str] = "Profile"

    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            metavar="NAME",
            autocompletion=completions.profiles,
            show_default=False,
            help="Which saved profile to use. Default: default",
        ),
    ] = "default"
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask anything.")] = False

    timeout: float = 60.0
    ca_bundle: Path | None = None
    allow_host: list[str] | None = None
    sandbox: bool = False
    fault: list[str] | None = None


@dataclass(frozen=True, kw_only=True)
class NetworkOptions(SessionOptions):
    """How requests are made, and where they may go."""

    heading: ClassVar[str] = "Network"

    timeout: Annotated[
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
    ] = 60.0
    ca_bundle: Annotated[
        Path | None,
        typer.Option(
            "--ca-bundle", metavar="PATH", help="Trust the authorities in this PEM file, too."
        ),
    ] = None
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="HOST",
            callback=bare_hosts,
            help="Let the key go to this host (always over verified HTTPS). Repeatable.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class SandboxOptions(SessionOptions):
    """Whether the command runs against a stand-in."""

    heading: ClassVar[str] = "Sandbox"

    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox", help="Run against a local stand-in: no account, nothing is kept."
        ),
    ] = False
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="NAME",
            autocompletion=completions.faults,
            help="Break the sandbox in a named way (see: ngrok-scim sandbox --list-faults). "
            "Repeatable.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class BaseUrlOptions(Options):
    """The SCIM endpoint."""

    heading: ClassVar[str] = "Values of Okta's form"

    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url",
            metavar="TEXT",
            help="SCIM connector base URL, exactly as it stands in Okta. "
            "Default: https://api.ngrok.com/scim/v2/",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class ApiKeyOptions(Options):
    """The SCIM key."""

    heading: ClassVar[str] = "Values of Okta's form"

    api_key_file: Annotated[
        str | None,
        typer.Option(
            "--api-key-file",
            metavar="PATH",
            help="Read the SCIM key from this file, byte for byte ('-': standard input). "
            "Default: NGROK_SCIM_API_KEY, or the keyring.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class FormOptions(BaseUrlOptions, ApiKeyOptions):
    """The endpoint and the key; the other fields of Okta's form as they stand by default."""

    unique_id: str | None = None
    auth_mode: str | None = None
    action: list[str] | None = None


@dataclass(frozen=True, kw_only=True)
class WholeFormOptions(FormOptions):
    """The five fields of Okta's form."""

    heading: ClassVar[str] = "Values of Okta's form"

    unique_id: Annotated[
        str | None,
        typer.Option(
            "--unique-id",
            metavar="TEXT",
            help="Unique identifier field for users, as it stands in Okta. Default: email",
        ),
    ] = None
    auth_mode: Annotated[
        str | None,
        typer.Option(
            "--auth-mode",
            metavar="TEXT",
            help="Authentication Mode, as it stands in Okta. Default: HTTP Header",
        ),
    ] = None
    action: Annotated[
        list[str] | None,
        typer.Option(
            "--action",
            metavar="TEXT",
            help="A ticked box of Supported provisioning actions. Repeatable. "
            "Default: Push New Users, Push Profile Updates",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class AdminKeyOptions(Options):
    """The key that manages the ngrok account."""

    heading: ClassVar[str] = "ngrok account"

    admin_key_file: Annotated[
        str | None,
        typer.Option(
            "--admin-key-file",
            metavar="PATH",
            help="Read an administrator's ngrok API key from this file ('-': standard input). "
            "Default: NGROK_API_KEY, or ngrok.yml.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class NewKeyOptions(AdminKeyOptions):
    """What a new key is to be called, and whose it is to be."""

    heading: ClassVar[str] = "ngrok account"

    service_user: Annotated[
        str | None,
        typer.Option(
            "--service-user",
            metavar="NAME",
            help="The Service User whom the key shall belong to. Default: Okta SCIM Bot",
        ),
    ] = None
    key_description: Annotated[
        str | None,
        typer.Option(
            "--key-description",
            metavar="TEXT",
            help="What ngrok's dashboard shall show for the key. Default: Okta SCIM Integration",
        ),
    ] = None
    key_to: Annotated[
        str | None,
        typer.Option(
            "--key-to",
            metavar="COMMAND",
            help="Hand the new key to this command, on its standard input, in place of the "
            "keyring. A command that fails has the key revoked.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class PeerOptions(FormOptions):
    """What a command needs that asks ngrok and Okta."""

    okta_org_url: str | None = None
    okta_app: str | None = None
    okta_token: str = field(default="", repr=False)
    okta_token_file: str | None = None
    admin_key_file: str | None = None
    allow_empty: bool = False
    allow_host: list[str] | None = None


@dataclass(frozen=True, kw_only=True)
class OktaOptions(PeerOptions):
    """The Okta side."""

    heading: ClassVar[str] = "Okta"

    okta_org_url: Annotated[
        str | None,
        typer.Option(
            "--okta-org-url",
            metavar="URL",
            help="Address of your Okta org, like https://example.okta.com. "
            "Default: OKTA_CLIENT_ORGURL, the profile, or okta.yaml.",
        ),
    ] = None
    okta_token_file: Annotated[
        str | None,
        typer.Option(
            "--okta-token-file",
            metavar="PATH",
            help="Read the API token of that org from this file ('-': standard input). "
            "Default: OKTA_CLIENT_TOKEN, the keyring, or okta.yaml; or a service app "
            "(OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey).",
        ),
    ] = None
    okta_app: Annotated[
        str | None,
        typer.Option(
            "--okta-app",
            metavar="APP",
            help="Id (0oa…) or label of the Okta app that provisions people to ngrok. "
            "Default: the profile, or the app with “ngrok” in its label.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class WizardOptions(Options):
    """How the Okta app is made."""

    heading: ClassVar[str] = "Okta"

    okta_wizard: Annotated[
        Wizard | None,
        typer.Option(
            "--okta-wizard",
            metavar="classic|oiw",
            case_sensitive=False,
            help="How the Okta app is made: in the Classic experience, or in the Okta Integration "
            "Wizard. Default: the profile, or classic",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class ContextOptions(Options):
    """What the setup and the commands of the key are told."""

    base_url: str | None = None
    admin_key_file: str | None = None
    service_user: str | None = None
    key_description: str | None = None
    key_to: str | None = None
    allow_empty: bool = False
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class EmptyListOptions(Options):
    """What an empty list of users means."""

    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Take an empty user list for a warning.")
    ] = False


@dataclass(frozen=True, kw_only=True)
class DryRunOptions(Options):
    """Whether anything is to be written at ngrok."""

    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Print each request that would be made; make none that writes."
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class PrintOptions(Options):
    """Where a result goes, and what counts as a failure."""

    heading: ClassVar[str] = "Output"

    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="Write the result to this file ('-': standard output). Repeatable.",
        ),
    ] = None
    strict: Annotated[
        bool, typer.Option("--strict", help="Let warnings fail, too (exit status 1).")
    ] = False
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the result and nothing else.")
    ] = False
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every request and every check.")
    ] = False


@dataclass(frozen=True, kw_only=True)
class OutputOptions(PrintOptions):
    """How a result is printed."""

    heading: ClassVar[str] = "Output"

    format_: Annotated[
        list[Format] | None,
        typer.Option(
            "--format",
            metavar="text|json|markdown|junit|sarif",
            case_sensitive=False,
            show_default=False,
            help="How to print the result. Repeatable: the first format goes to the first "
            "--output, and so on; the last may lack one. Default: text",
        ),
    ] = None

    report: Path | None = None
    show_users: bool = False


@dataclass(frozen=True, kw_only=True)
class ReportOptions(OutputOptions):
    """A result, and a report of it for a support ticket."""

    heading: ClassVar[str] = "Output"

    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Also write a report for a support ticket to this file: versions, checks and "
            "replies, no key, e-mail addresses and names masked.",
        ),
    ] = None
    show_users: Annotated[
        bool,
        typer.Option(
            "--show-users",
            help="Leave addresses and names as they are, in that report and in URLs of a result.",
        ),
    ] = False
