"""`ngrok-scim domain`: the e-mail domains that ngrok's support must allow."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, new_app
from ngrok_scim_cli.cli.runtime.ending import finish
from ngrok_scim_cli.cli.runtime.options import argument, flag, option, seconds
from ngrok_scim_cli.cli.runtime.progress import progressing
from ngrok_scim_cli.cli.runtime.session import open_session, refuse_secret
from ngrok_scim_cli.cli.runtime.setup_context import open_setup_context
from ngrok_scim_cli.setup import domain as domains
from ngrok_scim_cli.setup.domain_service import DomainService, open_resolver

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.diagnosis.finding import Result

app = new_app("The e-mail domains that ngrok must allow.")


class DomainOptions(shared.SessionOptions, shared.OutputOptions, shared.ContextOptions):
    """What each of these commands takes."""


class DnsOptions(DomainOptions, heading="DNS"):
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


class SubmitOptions(DnsOptions):
    names: list[str] | None = argument("NAME...", "An e-mail domain of your users.", default=None)
    email: bool = flag("--email", "Write an e-mail to ngrok support instead.")
    sent: bool = flag("--sent", "Record that the request was sent.")


@command(app, "submit", examples=("example.com --no-input", "example.com --email --no-input"))
def submit_command(options: SubmitOptions) -> int:
    """Prepare the request to allow a domain, and record that it was sent.

    ngrok has no API for this: the request is sent through a form in its dashboard, or by e-mail.
    Without a name, all domains of the profile that are not submitted yet.
    """

    def work(service: DomainService) -> Result:
        names = options.names or ()
        return domains.submit(service, names, sent=options.sent, by_mail=options.email)

    return _run("submit", options, work)


class CheckOptions(DnsOptions):
    name: str | None = argument("[NAME]", "Default: every domain of the profile.", default=None)
    txt: str | None = option(
        "--txt VALUE",
        "Value of the TXT record that ngrok support asked for. It is saved in the profile.",
    )


@command(app, "check", examples=("", "example.com"))
def check_command(options: CheckOptions) -> int:
    """Look up a domain in the DNS and in the profile.

    Says whether the domain exists, receives mail and shows the proof of ownership, and whether it
    is submitted and approved.
    """

    def work(service: DomainService) -> Result:
        refuse_secret("--txt", options.txt)
        return domains.check(service, options.name, proof=options.txt)

    return _run("check", options, work)


class ApproveOptions(DomainOptions):
    name: str = argument("NAME", "The domain.")
    yes: bool = flag("--yes", "Do not ask whether ngrok's dashboard lists the domain.", "-y")


@command(app, "approve", examples=("example.com --yes", "example.com --yes --format json"))
def approve_command(options: ApproveOptions) -> int:
    """Record that ngrok allows a domain.

    Only ngrok's dashboard shows that: Settings > Account > Account Domain Controls.
    """
    approve, name = domains.approve, options.name
    return _run("approve", options, lambda it: approve(it, name, confirmed=options.yes))


class AddOptions(DomainOptions):
    names: list[str] = argument("NAME...", "An e-mail domain of your users.")


@command(app, "add", examples=("example.com", "a.example b.example"))
def add_command(options: AddOptions) -> int:
    """Add domains to the profile. No domain is removed, and nothing is sent."""
    return _run("add", options, lambda service: domains.add(service, options.names))


class RemoveOptions(DomainOptions):
    name: str = argument("NAME", "The domain.")
    yes: bool = flag("--yes", "Do not ask for confirmation.", "-y")


@command(app, "remove", examples=("example.com", "example.com --yes"))
def remove_command(options: RemoveOptions) -> int:
    """Remove a domain from the profile. What ngrok allows does not change."""
    remove, name = domains.remove, options.name
    return _run("remove", options, lambda it: remove(it, name, confirmed=options.yes))


@command(app, "list", examples=("", "--format json"))
def list_command(options: DomainOptions) -> int:
    """List the domains of the profile and their states."""
    asking_nothing = replace(options, no_input=True)
    return _run("list", asking_nothing, domains.list_domains, must_exist=True)


def _run(
    name: str,
    options: DomainOptions,
    work: Callable[[DomainService], Result],
    *,
    must_exist: bool = False,
) -> int:
    """Do ``work`` on the domains of the profile, print the result, return the exit status."""

    def opened() -> Result:
        with open_session(options, must_exist=must_exist) as session:
            service = DomainService(open_setup_context(session, options))
            if isinstance(options, DnsOptions):
                service = replace(
                    service,
                    resolver=partial(open_resolver, options.timeout, options.nameserver),
                    waiting=lambda: progressing("Asking the DNS …", quiet=options.quiet),
                )
            return work(service)

    return finish(f"domain {name}", options, opened)
