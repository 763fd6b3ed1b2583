"""`ngrok-scim test-connect`: Okta's **Test Connector Configuration**, with the reason."""

from dataclasses import replace

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, flag, option
from ngrok_scim_cli.cli.runtime.progress import progressing
from ngrok_scim_cli.cli.runtime.session import Session
from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.probe.connector_test import compared


class ConnectorOptions(Options):
    okta_message: str = option(
        "--okta-message TEXT",
        "Error message that Okta showed, to compare with the result.",
        default="",
    )
    no_repair: bool = flag("--no-repair", "Send only Okta's request; do not try corrected values.")


@command(
    "test-connect",
    ("allow_empty", *shared.WHOLE_FORM, *shared.SANDBOX, *shared.NETWORK, *shared.REPORT),
    examples=("--sandbox", "--sandbox --fault key-refused --format json"),
    must_exist=True,
)
def test_connect(options: ConnectorOptions, session: Session) -> Result:
    """Run Okta's connector test, and say why it fails.

    Sends what Okta's button "Test Connector Configuration" sends, with the five values exactly as
    entered in Okta. Says what Okta would show, what is wrong, and which value to paste instead,
    after testing that value.
    """
    values = session.values()
    test = session.connector_test(repairing=not options.no_repair)
    with progressing("Asking the SCIM endpoint …", quiet=options.quiet):
        result = test.run(values).result
    if rotation := session.settings.profile.rotation:
        from ngrok_scim_cli.setup.key_plan import two_keys_live

        result = replace(result, findings=(*result.findings, two_keys_live(rotation)))
    message = options.okta_message
    return compared(result, message) if message.strip() else result
