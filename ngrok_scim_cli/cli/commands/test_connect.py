"""`ngrok-scim test-connect`: Okta's **Test Connector Configuration**, with the reason."""

from typing import Annotated

import typer

from ngrok_scim_cli.cli.runtime import options
from ngrok_scim_cli.cli.runtime.output import Printing, deliver, waiting
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.probe.connector_test import compared
from ngrok_scim_cli.report import Format

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def test_connect(
    base_url: options.BaseUrl = None,
    api_key_file: options.ApiKeyFile = None,
    unique_id: options.UniqueId = None,
    auth_mode: options.AuthMode = None,
    action: options.Action = None,
    okta_message: Annotated[
        str,
        typer.Option(
            "--okta-message",
            metavar="TEXT",
            show_default=False,
            help="The sentence that Okta showed, to compare.",
        ),
    ] = "",
    no_repair: Annotated[
        bool, typer.Option("--no-repair", help="Send Okta's one request and try nothing further.")
    ] = False,
    allow_empty: options.AllowEmpty = False,
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
    """Do Okta's connector test, and say why it fails.

    Does what the button "Test Connector Configuration" does. Takes the five values exactly as
    they stand in Okta, says what Okta would show, which single thing is wrong, and what to paste
    instead, already tried.
    """

    def work() -> Result:
        with open_session(
            profile=profile,
            sandbox=sandbox,
            faults=fault,
            allowed_hosts=allow_host,
            ca_bundle=ca_bundle,
            timeout=timeout,
            no_input=no_input,
        ) as session:
            typed = session.form(
                base_url=base_url,
                api_key_file=api_key_file,
                unique_identifier=unique_id,
                auth_mode=auth_mode,
                actions=action,
            )
            test = session.connector_test(allow_empty=allow_empty, repairing=not no_repair)
            with waiting("Asking the SCIM endpoint …", quiet=quiet):
                result = test.run(typed).result
        return compared(result, okta_message) if okta_message.strip() else result

    printing = Printing(form, output, verbose, strict, report, show_users, quiet)
    return deliver("test-connect", printing, work)
