"""`ngrok-scim test-connect`: Okta's **Test Connector Configuration**, with the reason."""

import typer

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.ending import finish
from ngrok_scim_cli.cli.runtime.options import flag, option
from ngrok_scim_cli.cli.runtime.progress import progressing
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.probe.connector_test import compared
from ngrok_scim_cli.records import dataclass

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, kw_only=True)
class ConnectorOptions(
    shared.WholeFormOptions,
    shared.EmptyListOptions,
    shared.SandboxOptions,
    shared.FaultOptions,
    shared.NetworkOptions,
    shared.ReportOptions,
):
    """What `test-connect` takes."""

    okta_message: str = option(
        "--okta-message", "TEXT", "The sentence that Okta showed, to compare.", default=""
    )
    no_repair: bool = flag("--no-repair", "Send Okta's one request and try nothing further.")


@command(
    app,
    examples=(
        "ngrok-scim test-connect --sandbox",
        "ngrok-scim test-connect --sandbox --fault key-refused --format json",
    ),
)
def test_connect(options: ConnectorOptions) -> int:
    """Do Okta's connector test, and say why it fails.

    Does what the button "Test Connector Configuration" does. Takes the five values exactly as
    they stand in Okta, says what Okta would show, which single thing is wrong, and what to paste
    instead, already tried.
    """

    def work() -> Result:
        with open_session(options, must_exist=True) as session:
            typed = session.form(options)
            test = session.connector_test(
                allow_empty=options.allow_empty, repairing=not options.no_repair
            )
            with progressing("Asking the SCIM endpoint …", quiet=options.quiet):
                result = test.run(typed).result
        message = options.okta_message
        return compared(result, message) if message.strip() else result

    return finish("test-connect", options, work)
