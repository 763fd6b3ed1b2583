"""`ngrok-scim rehearse`: what Okta does in a user's life, with a throw-away user."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, flag, option
from ngrok_scim_cli.cli.runtime.output import print_wrapped
from ngrok_scim_cli.cli.runtime.progress import progressing
from ngrok_scim_cli.cli.runtime.session import Session, refuse_secret
from ngrok_scim_cli.diagnosis.finding import Result, Verdict, has_errors
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.form import Wizard
from ngrok_scim_cli.probe.domains import read_typed
from ngrok_scim_cli.rehearsal.keeper import Keeper, read_only
from ngrok_scim_cli.rehearsal.plan import names_for, planned_requests
from ngrok_scim_cli.rehearsal.result import COMMAND, plan_result
from ngrok_scim_cli.rehearsal.spec import okta_spec

_SANDBOX_DOMAIN = "corp.example"
_COST = (
    "The rehearsal creates two throw-away users in {domain}, named ngrok-scim-rehearsal-…, and "
    "deactivates them at the end. Each may take a seat until then, and ngrok may send an "
    "invitation. It makes about 45 of the 120 requests a minute that ngrok allows. ngrok documents "
    "no deletion, so two deactivated members may be left."
)


class RehearseOptions(Options):
    domain: str | None = option(
        "--domain NAME", "E-mail domain of the throw-away users; use one that ngrok already allows."
    )
    dialect: Dialect | None = option(
        "--dialect put|patch",
        "How the Okta app updates users: put (Classic) or patch (Okta Integration Wizard). "
        "Default: as the profile says, else put.",
    )
    read_only: bool = flag("--read-only", "Run only the steps that change nothing.")
    okta_spec: bool = flag(
        "--okta-spec", "Run the read-only tests of Okta's SCIM 2.0 SPEC suite instead."
    )
    clean_up: bool = flag("--clean-up", "Only deactivate the users that an earlier rehearsal left.")
    yes: bool = flag("--yes", "Do not ask for confirmation.", "-y")


@command(
    COMMAND,
    ("dry_run", *shared.URL_AND_KEY, *shared.SANDBOX, *shared.NETWORK, *shared.REPORT),
    examples=("--sandbox", "--sandbox --read-only"),
)
def rehearse(options: RehearseOptions, session: Session) -> Result:
    """Rehearse Okta's provisioning with a throw-away user.

    Creates, updates, deactivates and reactivates a user as Okta does. Says at which step
    provisioning would fail and what Okta would show. Asks before it changes anything, changes
    nobody else, and leaves the user deactivated.
    """
    chosen = (options.read_only, options.okta_spec, options.clean_up, options.dry_run)
    if sum(chosen) > 1:
        raise UsageError(
            "--read-only, --okta-spec, --clean-up and --dry-run cannot be combined.",
            advice="Choose one of them.",
        )
    usual = {Wizard.OIW: Dialect.PATCH, Wizard.CLASSIC: Dialect.PUT}
    dialect = options.dialect or usual[session.settings.profile.okta.made_by]
    domain = options.domain or (_SANDBOX_DOMAIN if options.sandbox else "")
    now = datetime.now(UTC)
    if not (domain or options.read_only or options.okta_spec or options.clean_up):
        raise UsageError(
            "A rehearsal needs an e-mail domain for its throw-away users.",
            advice="Add --domain NAME, or change nothing: --read-only",
        )
    if domain:
        refuse_secret("--domain", domain)
        domain, found = read_typed(domain)
        if has_errors(found):
            return Result(COMMAND, Verdict.FAIL, findings=found)
    if options.dry_run:
        requests = planned_requests(names_for(domain, now), dialect)
        return plan_result(session.form_with("").base_url, requests)
    values = session.values()
    wire, form = session.wire, values.form
    tested = session.connector_test(repairing=False, allow_empty=True).run(values).result
    if tested.okta is None or not tested.okta.accepts:
        return replace(tested, command=COMMAND)
    if options.okta_spec:
        return okta_spec(wire, form)
    if options.read_only:
        with progressing("Making the steps that only read …", quiet=options.quiet):
            return read_only(wire, form, dialect)
    if not (options.sandbox or options.yes):
        _confirm(session, options, domain)
    with session.profiles.rehearsing(session.profile_name):
        show: Callable[[str], None] = (lambda _: None) if options.quiet else print_wrapped
        keeper = Keeper(wire, form, session.profiles, session.profile_name, now, show=show)
        return keeper.clean_up() if options.clean_up else keeper.rehearse(domain, dialect)


def _confirm(session: Session, options: RehearseOptions, domain: str) -> None:
    if not session.person.present:
        done = "deactivated" if options.clean_up else "created and deactivated"
        raise UsageError(
            f"No terminal to confirm that users are {done}; add --yes.",
            advice="To change nothing: --read-only, or --dry-run.",
        )
    question = "Continue?"
    if not options.clean_up:
        session.person.show(_COST.format(domain=domain))
    elif session.settings.profile.rehearsal:
        question = "Deactivate the throw-away users of the earlier rehearsal?"
    else:
        return
    if not session.person.confirm(question, default=False):
        raise UsageError("Nothing was done.")
