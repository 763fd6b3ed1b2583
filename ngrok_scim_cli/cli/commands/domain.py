"""`ngrok-scim domain`: the e-mail domains that ngrok's support must allow."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.browser import opener
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.output import deliver, tell, waiting, write_file
from ngrok_scim_cli.cli.runtime.session import open_session, refuse_secret
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.printable import printable
from ngrok_scim_cli.setup import domain as domains
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.domain_service import DomainService, open_resolver, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.settings.profile import Domain
    from ngrok_scim_cli.setup.domain import DomainReport

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Submit the e-mail domains that ngrok must allow.",
)

_NO_DOMAINS = "No domain yet. Submit the one of your people: ngrok-scim domain submit example.com"


@dataclass(frozen=True, kw_only=True)
class DomainOptions(shared.SessionOptions, shared.OutputOptions):
    """What each of these commands takes."""


@dataclass(frozen=True, kw_only=True)
class DnsOptions(DomainOptions):
    """How the DNS is asked."""

    heading: ClassVar[str] = "DNS"

    nameserver: Annotated[
        str | None,
        typer.Option(
            "--nameserver",
            metavar="ADDRESS",
            help="Ask this DNS server, not the one of this machine, which may show an inner view.",
        ),
    ] = None
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            min=0.1,
            max=600,
            callback=shared.a_number,
            show_default=False,
            help="Give up on the DNS after this long, all questions together. Default: 10",
        ),
    ] = 10.0


@dataclass(frozen=True, kw_only=True)
class SubmitOptions(DnsOptions):
    """What `domain submit` takes."""

    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME...", help="The e-mail domain of your people.", show_default=False
        ),
    ] = None
    email: Annotated[
        bool, typer.Option("--email", help="Write a mail to ngrok's support instead.")
    ] = False
    sent: Annotated[bool, typer.Option("--sent", help="The request was sent: record it.")] = False


@command(app, "submit")
def submit_command(options: SubmitOptions) -> int:
    """Prepare the request to allow a domain, and record that it was sent.

    ngrok has no API for this: the request goes through a form of its dashboard, or by mail.
    Without a name, the domains of the profile that were not submitted yet are taken.
    """

    def work() -> DomainReport:
        with _open_desk(options) as service:
            asking = _with_dns(service, options)
            return domains.submit(
                asking, options.names or (), sent=options.sent, by_mail=options.email
            )

    def text(report: DomainReport) -> str:
        return report.mail or _table(report.domains)

    return _deliver("domain submit", options, work, text)


@dataclass(frozen=True, kw_only=True)
class CheckOptions(DnsOptions):
    """What `domain check` takes."""

    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="Default: every domain of the profile.", show_default=False
        ),
    ] = None
    txt: Annotated[
        str | None,
        typer.Option(
            "--txt",
            metavar="VALUE",
            help="The TXT record that ngrok's support asked for. It is remembered.",
        ),
    ] = None


@command(app, "check")
def check_command(options: CheckOptions) -> int:
    """Look a domain up in the DNS and in the profile.

    Says whether it exists, whether mail is received there, whether the proof of ownership can be
    seen, and whether it is submitted and approved.
    """

    def work() -> DomainReport:
        with _open_desk(options) as service:
            refuse_secret("--txt", options.txt)
            return domains.check(_with_dns(service, options), options.name, proof=options.txt)

    # Each check is shown: they are what was asked for.
    return _deliver("domain check", replace(options, verbose=True), work)


@dataclass(frozen=True, kw_only=True)
class ApproveOptions(DomainOptions):
    """What `domain approve` takes."""

    name: Annotated[str, typer.Argument(metavar="NAME", help="The domain.", show_default=False)]
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="It is listed in ngrok's dashboard: record it.")
    ] = False


@command(app, "approve")
def approve_command(options: ApproveOptions) -> int:
    """Record that ngrok allows a domain.

    Only ngrok's dashboard shows that: Settings > Account > Account Domain Controls.
    """

    def work() -> DomainReport:
        with _open_desk(options) as service:
            return domains.approve(service, options.name, confirmed=options.yes)

    def text(report: DomainReport) -> str:
        return _table(report.domains)

    return _deliver("domain approve", options, work, text)


@command(app, "list")
def list_command(options: DomainOptions) -> int:
    """List the domains of the profile and how far they are."""

    def work() -> DomainReport:
        with _open_desk(replace(options, no_input=True)) as service:
            return domains.list_domains(service)

    if options.format_ is not Format.TEXT:
        return _deliver("domain list", options, work)
    table = _table(work().domains) or _NO_DOMAINS
    if options.output is None:
        tell(table)
    else:
        write_file(options.output, redactor.redact(f"{table}\n"))
    return 0


@contextmanager
def _open_desk(options: DomainOptions) -> Iterator[DomainService]:
    with open_session(options) as session:
        yield DomainService(
            person=session.person,
            profiles=session.profiles,
            profile_name=session.profile_name,
            now=lambda: datetime.now(UTC),
            hold=lambda: session.profiles.lock(session.profile_name),
            open_page=opener(texts.NGROK_SETTINGS),
        )


def _with_dns(service: DomainService, options: DnsOptions) -> DomainService:
    return replace(
        service,
        resolver=lambda: open_resolver(options.timeout, options.nameserver),
        waiting=lambda: waiting("Asking the DNS …", quiet=options.quiet),
    )


def _deliver(
    command: str,
    options: DomainOptions,
    work: Callable[[], DomainReport],
    text: Callable[[DomainReport], str] = lambda _: "",
) -> int:
    """Print the result and, in a text for people, ``text`` below it."""
    reports: list[DomainReport] = []

    def find_out() -> Result:
        report = work()
        reports.append(report)
        return report.result

    status = deliver(command, options, find_out)
    below = "".join(text(report) for report in reports)
    if options.format_ is not Format.TEXT or not below:
        return status
    if options.output is None:
        tell(f"\n{below}")
    else:
        above = options.output.read_text(encoding="utf-8")
        write_file(options.output, redactor.redact(f"{above}\n{below}\n"))
    return status


def _table(listed: tuple[Domain, ...]) -> str:
    """Return the domains with their states and dates, a line each."""
    if not listed:
        return ""
    rows = [("Domain", "State", "Submitted", "Approved")]
    rows += [
        (
            printable(domain.name),
            state_of(domain),
            _date(domain.submitted_at),
            _date(domain.approved_at),
        )
        for domain in listed
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _date(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "-"
