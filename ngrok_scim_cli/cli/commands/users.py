"""`ngrok-scim users`, and `ngrok-scim preview`, which asks the same two sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, new_app
from ngrok_scim_cli.cli.runtime.ending import finish
from ngrok_scim_cli.cli.runtime.options import argument, flag, option
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.report.user_table import UserFormat

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.doctor.evidence import Evidence

app = new_app("List the users, audit all of them, or trace one person.")
preview_app = new_app()


class UserOptions(
    shared.OktaOptions,
    shared.SandboxOptions,
    shared.FaultOptions,
    shared.NetworkOptions,
    shared.OutputOptions,
):
    """What the commands take that examine both sides."""


def examine_users(command: str, options: UserOptions, examine: Callable[[Evidence], Result]) -> int:
    """Ask both sides, print the result and return the exit status."""
    from ngrok_scim_cli.cli.runtime.peers import find_peers

    def work() -> Result:
        with open_session(options, must_exist=True) as session:
            watch = Watch("Reading …")
            evidence = find_peers(session, options, watch)()
            with progressing(watch, quiet=options.quiet):
                result = examine(evidence)
            return session.with_facts(result)

    return finish(command, options, work)


class ListOptions(
    shared.FormOptions,
    shared.SandboxOptions,
    shared.FaultOptions,
    shared.NetworkOptions,
    shared.PrintOptions,
):
    """What `users list` takes."""

    active: bool = flag("--active", "Only active users.")
    inactive: bool = flag("--inactive", "Only deactivated users.")
    match: str | None = option(
        "--match",
        "TEXT",
        "Only users with this text in their user name, display name, e-mail address or id "
        "(case-insensitive).",
    )
    format_: UserFormat = option(
        "--format",
        "text|jsonl|csv|json",
        "Format of the users. Default: text, a table",
        default=UserFormat.TEXT,
        case_sensitive=False,
    )


@command(app, "list", examples=("--sandbox", "--sandbox --inactive --format csv"))
def list_command(options: ListOptions) -> int:
    """List the users that ngrok's SCIM endpoint holds.

    They are printed page by page as they arrive, and their number on standard error. Changes
    nothing.
    """
    from ngrok_scim_cli.cli.commands.user_listing import Listing
    from ngrok_scim_cli.doctor.user_list import Wanted

    if options.active and options.inactive:
        raise UsageError(
            "--active and --inactive cannot be combined.", advice="Leave both out to list all."
        )
    if options.match is not None and not options.match.strip():
        raise UsageError("--match needs a text to look for.")
    which = True if options.active else False if options.inactive else None
    return Listing(options, Wanted(which, (options.match or "").strip())).deliver()


class AuditOptions(UserOptions, shared.ReportOptions):
    """What `users audit` takes."""


@command(app, "audit", examples=("--sandbox", "--sandbox --format json --output audit.json"))
def audit_command(options: AuditOptions) -> int:
    """Find problems with all users.

    Looks at every user of ngrok. With an Okta org and its token, it also compares them with the
    people assigned to the Okta app and reads Okta's System Log. Changes nothing.
    """
    from ngrok_scim_cli.doctor.users import audit

    return examine_users("users audit", options, audit)


class TraceOptions(UserOptions):
    """What `users trace` takes."""

    email: str = argument("EMAIL", "The person's e-mail address, or with Okta a name.")


@command(
    app,
    "trace",
    examples=(
        "ada.abara@corp.example --sandbox",
        "ada.abara@corp.example --sandbox --format markdown",
    ),
)
def trace_command(options: TraceOptions) -> int:
    """Follow one person from Okta to ngrok, and say where they are stuck.

    Shows the person in Okta, the assignment, the entries of Okta's System Log, the look-up that
    Okta sends, the user in ngrok and the domain; then the one thing to do. Changes nothing.
    """
    from ngrok_scim_cli.doctor.trace import trace_person

    return examine_users(
        "users trace", options, lambda evidence: trace_person(evidence, options.email)
    )


@command(
    preview_app, "preview", examples=("--sandbox", "--sandbox --format json --output preview.json")
)
def preview(options: UserOptions) -> int:
    """Say what Okta's first sync would do to each person.

    Compares the people assigned in Okta with the users of ngrok: who would be linked, created or
    left alone, where Okta would meet a conflict, and who in ngrok has no match in Okta. Needs the
    SCIM key, an Okta org and its token. Changes nothing.
    """
    from ngrok_scim_cli.doctor.preview import COMMAND, preview_first_sync

    return examine_users(COMMAND, options, preview_first_sync)
