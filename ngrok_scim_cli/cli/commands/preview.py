"""`ngrok-scim preview`: what the first sync would do to the people who are there already."""

from ngrok_scim_cli.cli.commands.users import UserOptions, examine_users
from ngrok_scim_cli.cli.runtime.command import command, new_app

app = new_app()


class PreviewOptions(UserOptions):
    """What `preview` takes."""


@command(app, examples=("--sandbox", "--sandbox --format json --output preview.json"))
def preview(options: PreviewOptions) -> int:
    """Say what Okta's first sync would do to each person.

    Compares the people assigned in Okta with the users of ngrok: who would be linked, created or
    left alone, where Okta would meet a conflict, and who in ngrok has no match in Okta. Needs the
    SCIM key, an Okta org and its token. Changes nothing.
    """
    from ngrok_scim_cli.doctor.preview import COMMAND, preview_first_sync

    return examine_users(COMMAND, options, preview_first_sync)
