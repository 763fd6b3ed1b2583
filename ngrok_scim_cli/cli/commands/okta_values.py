"""`ngrok-scim okta-values`: what goes into Okta's form, to read, to copy or to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, run_in_session
from ngrok_scim_cli.cli.runtime.ending import show
from ngrok_scim_cli.cli.runtime.options import Options, flag, option
from ngrok_scim_cli.cli.runtime.output import print_wrapped, writing
from ngrok_scim_cli.cli.runtime.session import Session
from ngrok_scim_cli.cli.runtime.setup_context import find_clipboard_of_person
from ngrok_scim_cli.diagnosis.finding import Result, Subject, Verdict, has_errors, verdict_of
from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.okta_values import OktaValues

if TYPE_CHECKING:
    from ngrok_scim_cli.settings.clipboard import Clipboard
    from ngrok_scim_cli.setup.context import Person

COMMAND = "okta-values"


class ValuesOptions(Options):
    copy: bool = flag("--copy", "Copy the values to the clipboard, one after the other.")
    html: Path | None = option("--html FILE", "Write a page for the Okta admin, without the key.")
    force: bool = flag("--force", "Let --html overwrite an existing file.")


@command(
    COMMAND,
    ("okta_wizard", *shared.WHOLE_FORM, "sandbox", *shared.PROFILE, *shared.OUTPUT),
    examples=("", "--sandbox --format markdown --output okta.md"),
)
def okta_values(options: ValuesOptions) -> int:
    """Show the values for Okta's form, in Okta's order.

    Screen by screen, under Okta's own labels. The key is never shown. --copy copies the values to
    the clipboard one by one, the key last, and then removes the key from it. --html writes a page
    with everything that an Okta admin needs except the key.
    """
    if options.copy and options.html:
        raise UsageError("--copy and --html cannot be combined.", advice="Use one of the two.")
    if options.force and not options.html:
        raise UsageError("--force belongs to --html FILE.")
    is_asked = options.format_ or options.output
    is_handed_out = (options.copy or options.html) and not is_asked

    def show_result(result: Result, printing: Options) -> None:
        if result.verdict is Verdict.FAIL or not is_handed_out:
            show(result, printing)

    return run_in_session(COMMAND, options, _hand_out, show_result=show_result)


def _hand_out(options: ValuesOptions, session: Session) -> Result:
    """Copy the values or write the page; return what is wrong with them, but for a missing key."""
    from ngrok_scim_cli.diagnosis.values.validate import names_this_machine, validate

    key = ""
    if options.copy:
        if not session.person.present:
            raise UsageError(
                "--copy waits for a person at a terminal, and there is none.",
                advice="Leave --copy out to print the values, or use --html FILE.",
            )
        from ngrok_scim_cli.cli.commands.api_key import key_for_okta

        key = key_for_okta(session)
    form = session.form_with(key)
    for_others = options.html or Format.MARKDOWN in (options.format_ or ())
    if for_others and not options.sandbox and names_this_machine(form.base_url):
        raise UsageError(
            f"The base URL {form.base_url.strip()} leads to this computer only, so the page would "
            "be wrong for anybody else.",
            advice="Give ngrok's address, --base-url https://api.ngrok.com/scim/v2/, or try it out "
            "with --sandbox.",
        )
    findings = tuple(
        item
        for item in validate(form, session.trust).findings
        if key or item.subject is not Subject.AUTHORIZATION
    )
    profile, is_usable = session.settings.profile, not has_errors(findings)
    wizard = options.okta_wizard or profile.okta.made_by
    values = OktaValues(form, wizard, is_usable, session.options.sandbox, session.profile_name)
    if is_usable and options.copy:
        clipboard = find_clipboard_of_person()
        if clipboard is None:
            raise CannotTell(
                "There is no clipboard here.",
                advice="Install xclip or wl-clipboard, or run this on your own computer. Without "
                "--copy the values are printed, all but the key.",
            )
        is_made = "prerequisites" in profile.steps
        copy_values(form, clipboard, session.person, wizard=wizard, app_is_made=is_made)
    if is_usable and options.html:
        _write_page(options.html, values, force=options.force)
    verdict, payload = verdict_of(findings), values.payload()
    return Result(COMMAND, verdict, findings=findings, payload=payload)


def copy_values(
    form: Form,
    clipboard: Clipboard,
    person: Person,
    *,
    wizard: Wizard = Wizard.CLASSIC,
    app_is_made: bool = False,
) -> None:
    """Walk through Okta's screens and put what is typed there on the clipboard.

    Each value stays there until the person presses Enter. The key is taken off it in any case,
    also where the person interrupts.
    """
    from ngrok_scim_cli.report.okta_screens import Kind, okta_screen, one_line
    from ngrok_scim_cli.report.printable import printable
    from ngrok_scim_cli.setup.hand_off import clear_clipboard

    is_made = app_is_made or person.confirm("Have you made the app in Okta?")
    for name in ("connection",) if is_made else ("app", "connection"):
        screen = okta_screen(name, wizard, form)
        person.show(f"In Okta, open {screen.place} and go from top to bottom.\n")
        if screen.note:
            person.show(f"{screen.note}\n")
        group = ""
        for row in screen.rows:
            if row.group != group:
                group = row.group
                person.show(f"  {group}:" if group else "")
            if row.kind not in (Kind.TEXT, Kind.SECRET):
                person.show(f"  {one_line(row)}")
                continue
            is_key = row.kind is Kind.SECRET
            shown = "the key, which is not shown" if is_key else printable(row.value)
            try:
                clipboard.put(form.authorization if is_key else row.value)
                person.show(f"\n  Now on the clipboard  {row.label}: {shown}")
                person.ask("  Paste it there, then press Enter")
            finally:
                if is_key:
                    person.show(
                        f"\n  {clear_clipboard(clipboard, form.authorization)}\n"
                        "  If your clipboard keeps a history, delete the key there.\n"
                    )


def _write_page(path: Path, values: OktaValues, *, force: bool) -> None:
    """Write the hand-off page; it may be read by others, for there is no secret in it."""
    from ngrok_scim_cli.report.handoff import render_handoff
    from ngrok_scim_cli.report.printable import printable

    form = redactor.clean(values.form)
    page = render_handoff(form, wizard=values.wizard, rehearsal=values.rehearsal)
    try:
        with writing(path, is_new=not force) as write:
            write(page)
    except FileExistsError:
        raise UsageError(
            f"{path} is there already.", advice="Choose another name, or add --force to replace it."
        ) from None
    print_wrapped(
        f"Written: {printable(str(path))}, everything that the Okta admin needs but the key.",
        "Next: send them that file, and share the key through a password manager, never by e-mail "
        "or chat. On your side, `ngrok-scim okta-values --copy` puts the key on the clipboard.",
    )
