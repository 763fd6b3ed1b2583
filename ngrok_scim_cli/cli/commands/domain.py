"""`ngrok-scim domain`: the e-mail domains that ngrok's support must allow."""

from dataclasses import replace
from functools import partial

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, argument, flag, option, seconds
from ngrok_scim_cli.cli.runtime.progress import progressing
from ngrok_scim_cli.cli.runtime.session import Session, refuse_secret
from ngrok_scim_cli.cli.runtime.setup_context import open_setup_context
from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.setup import domain as domains
from ngrok_scim_cli.setup.domain_service import DomainService, open_resolver

_SHARED = (*shared.PROFILE, *shared.OUTPUT)


class DnsOptions(Options, heading="DNS"):
    """How the DNS is asked."""

    nameserver: str | None = option(
        "--nameserver ADDRESS",
        "DNS server to ask instead of this machine's, which may give internal answers.",
    )
    timeout: float = seconds(
        "--timeout",
        "Time limit for all DNS queries together. Default: 10",
        10.0,
        least=0.1,
        most=600,
    )


def _service(session: Session) -> DomainService:
    return DomainService(open_setup_context(session))


def _asking_dns(options: DnsOptions, session: Session) -> DomainService:
    return replace(
        _service(session),
        resolver=partial(open_resolver, options.timeout, options.nameserver),
        waiting=lambda: progressing("Asking the DNS …", quiet=options.quiet),
    )


class SubmitOptions(DnsOptions):
    names: list[str] | None = argument("NAME...", "An e-mail domain of your users.", default=None)
    sent: bool = flag("--sent", "Record that the request was sent.")


@command(
    "domain submit", _SHARED, examples=("example.com --no-input", "example.com --sent --no-input")
)
def submit(options: SubmitOptions, session: Session) -> Result:
    """Prepare the request to allow a domain, and record that it was sent.

    ngrok has no API for this: the request is sent through a form in its dashboard.
    Without a name, all domains of the profile that are not submitted yet.
    """
    service = _asking_dns(options, session)
    return domains.submit(service, options.names or (), sent=options.sent)


class CheckOptions(DnsOptions):
    name: str | None = argument("[NAME]", "Default: every domain of the profile.", default=None)
    txt: str | None = option(
        "--txt VALUE",
        "Value of the TXT record that ngrok support asked for. It is saved in the profile.",
    )


@command("domain check", _SHARED, examples=("", "example.com"))
def check(options: CheckOptions, session: Session) -> Result:
    """Look up a domain in the DNS and in the profile.

    Says whether the domain exists, receives mail and shows the proof of ownership, and whether it
    is submitted and approved.
    """
    refuse_secret("--txt", options.txt)
    return domains.check(_asking_dns(options, session), options.name, proof=options.txt)


class ApproveOptions(Options):
    name: str = argument("NAME", "The domain.")
    yes: bool = flag("--yes", "Do not ask whether ngrok's dashboard lists the domain.", "-y")


@command(
    "domain approve", _SHARED, examples=("example.com --yes", "example.com --yes --format json")
)
def approve(options: ApproveOptions, session: Session) -> Result:
    """Record that ngrok allows a domain.

    Only ngrok's dashboard shows that: Settings > Account > Account Domain Controls.
    """
    return domains.approve(_service(session), options.name, confirmed=options.yes)


class AddOptions(Options):
    names: list[str] = argument("NAME...", "An e-mail domain of your users.")


@command("domain add", _SHARED, examples=("example.com", "a.example b.example"))
def add(options: AddOptions, session: Session) -> Result:
    """Add domains to the profile. No domain is removed, and nothing is sent."""
    return domains.add(_service(session), options.names)


class RemoveOptions(Options):
    name: str = argument("NAME", "The domain.")
    yes: bool = flag("--yes", "Do not ask for confirmation.", "-y")


@command("domain remove", _SHARED, examples=("example.com", "example.com --yes"))
def remove(options: RemoveOptions, session: Session) -> Result:
    """Remove a domain from the profile. What ngrok allows does not change."""
    return domains.remove(_service(session), options.name, confirmed=options.yes)


@command("domain list", _SHARED, examples=("", "--format json"), no_input=True, must_exist=True)
def list_command(_: Options, session: Session) -> Result:
    """List the domains of the profile and their states."""
    return domains.list_domains(_service(session))
