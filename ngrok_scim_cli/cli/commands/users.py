"""`ngrok-scim users`: what ngrok holds, what is wrong with it, and where one person is stuck."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ngrok_scim_cli.cli.runtime import options
from ngrok_scim_cli.cli.runtime.output import Printing
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.user_table import UserFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ngrok_scim_cli.cli.runtime.session import Session
    from ngrok_scim_cli.form import Form

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="List the users, audit all of them, or trace one person.",
)


@app.command(name="list")
def list_command(
    active: Annotated[bool, typer.Option("--active", help="Only users who may sign in.")] = False,
    inactive: Annotated[bool, typer.Option("--inactive", help="Only deactivated users.")] = False,
    match: Annotated[
        str | None,
        typer.Option(
            "--match",
            metavar="TEXT",
            help="Only users with this in their user name, display name, e-mail address or id; "
            "capitals do not matter.",
        ),
    ] = None,
    base_url: options.BaseUrl = None,
    api_key_file: options.ApiKeyFile = None,
    allow_host: options.AllowHost = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    sandbox: options.Sandbox = False,
    fault: options.Fault = None,
    form: Annotated[
        UserFormat,
        typer.Option(
            "--format",
            metavar="text|jsonl|csv|json",
            case_sensitive=False,
            show_default=False,
            help="How to print the users. Default: text, a table",
        ),
    ] = UserFormat.TEXT,
    output: options.OutputFile = None,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """List the users that ngrok's SCIM endpoint holds.

    They are printed page by page as they come, and how many there are on standard error. Reads
    only.
    """
    from ngrok_scim_cli.cli.commands.user_listing import Listing
    from ngrok_scim_cli.doctor.user_list import Wanted

    if active and inactive:
        raise UsageError(
            "--active and --inactive exclude each other.", advice="Leave both out to list all."
        )
    if match is not None and not match.strip():
        raise UsageError("--match needs a text to look for.")

    @contextmanager
    def open_list() -> Iterator[tuple[Session, Form]]:
        with open_session(
            profile=profile,
            sandbox=sandbox,
            faults=fault,
            allowed_hosts=allow_host,
            ca_bundle=ca_bundle,
            timeout=timeout,
            no_input=no_input,
        ) as session:
            yield session, session.form(base_url=base_url, api_key_file=api_key_file)

    wanted = Wanted(True if active else False if inactive else None, (match or "").strip())
    listing = Listing(form, wanted, output=output, quiet=quiet, verbose=verbose)
    return listing.deliver(open_list)


@app.command(name="audit")
def audit_command(
    base_url: options.BaseUrl = None,
    api_key_file: options.ApiKeyFile = None,
    okta_org_url: options.OktaOrgUrl = None,
    okta_app: options.OktaApp = None,
    allow_host: options.AllowHost = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    sandbox: options.Sandbox = False,
    fault: options.Fault = None,
    form: options.OutputFormat = Format.TEXT,
    output: options.OutputFile = None,
    report: options.ReportFile = None,
    show_users: options.ShowUsers = False,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Find what is wrong with the users, all of them.

    Looks at every user of ngrok. With an Okta org and its token it holds them against the people of
    the Okta app, too, and reads what Okta's System Log says of them. Reads only.
    """
    from ngrok_scim_cli.cli.commands.user_examination import examine_users
    from ngrok_scim_cli.cli.runtime.peers import Given
    from ngrok_scim_cli.doctor.audit import audit

    given = Given(
        base_url=base_url,
        api_key_file=api_key_file,
        allowed_hosts=allow_host or (),
        okta_org_url=okta_org_url,
        okta_app=okta_app,
    )

    open_it = partial(
        open_session,
        profile=profile,
        sandbox=sandbox,
        faults=fault,
        allowed_hosts=allow_host,
        ca_bundle=ca_bundle,
        timeout=timeout,
        no_input=no_input,
    )
    printing = Printing(form, output, verbose, strict, report, show_users, quiet)
    return examine_users(
        "users audit", printing, open_it, given, lambda peers: audit(peers.evidence(), peers.okta)
    )


@app.command(name="trace")
def trace_command(
    email: Annotated[
        str,
        typer.Argument(
            metavar="EMAIL",
            help="The person's e-mail address, or with Okta a name.",
            show_default=False,
        ),
    ],
    base_url: options.BaseUrl = None,
    api_key_file: options.ApiKeyFile = None,
    okta_org_url: options.OktaOrgUrl = None,
    okta_app: options.OktaApp = None,
    allow_host: options.AllowHost = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    sandbox: options.Sandbox = False,
    fault: options.Fault = None,
    form: options.OutputFormat = Format.TEXT,
    output: options.OutputFile = None,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Follow one person from Okta to ngrok, and say where they are stuck.

    Shows the person in Okta, the assignment, what Okta's System Log says, the look-up that Okta
    sends, the user in ngrok and the domain; then the one thing to do. A handful of requests; reads
    only.
    """
    from ngrok_scim_cli.cli.commands.user_examination import examine_users
    from ngrok_scim_cli.cli.runtime.peers import Given
    from ngrok_scim_cli.doctor.trace import trace_person

    given = Given(
        base_url=base_url,
        api_key_file=api_key_file,
        allowed_hosts=allow_host or (),
        okta_org_url=okta_org_url,
        okta_app=okta_app,
    )

    open_it = partial(
        open_session,
        profile=profile,
        sandbox=sandbox,
        faults=fault,
        allowed_hosts=allow_host,
        ca_bundle=ca_bundle,
        timeout=timeout,
        no_input=no_input,
    )
    printing = Printing(form, output, verbose, strict, quiet=quiet)
    return examine_users(
        "users trace",
        printing,
        open_it,
        given,
        lambda peers: trace_person(peers.evidence(), peers.okta, email),
    )
