"""`ngrok-scim okta-values`: what goes into Okta's form, to read, to copy or to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, new_app
from ngrok_scim_cli.cli.runtime.ending import finish, show, show_nothing
from ngrok_scim_cli.cli.runtime.options import Options, flag, option
from ngrok_scim_cli.cli.runtime.output import print_wrapped, writing
from ngrok_scim_cli.cli.runtime.session import Session, open_session
from ngrok_scim_cli.cli.runtime.setup_context import find_clipboard_of_person
from ngrok_scim_cli.diagnosis.finding import Result, Subject, Verdict, has_errors, verdict_of
from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.okta_values import OktaValues

if TYPE_CHECKING:
    from ngrok_scim_cli.report.okta_screens import Screen
    from ngrok_scim_cli.settings.clipboard import Clipboard
    from ngrok_scim_cli.setup.context import Person

app = new_app()

COMMAND = "okta-values"


class ValuesOptions(Options):
    copy: bool = flag("--copy", "Copy the values to the clipboard, one after the other.")
    html: Path | None = option("--html FILE", "Write a page for the Okta admin, without the key.")
    force: bool = flag("--force", "Let --html overwrite an existing file.")


@command(
    app,
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
    copy, html = options.copy, options.html
    if copy and html:
        raise UsageError("--copy and --html cannot be combined.", advice="Use one of the two.")
    if options.force and not html:
        raise UsageError("--force belongs to --html FILE.")
    for_others = html is not None or Format.MARKDOWN in (options.format_ or ())
    is_handed_out = bool(copy or html) and not options.format_ and not options.output

    def work() -> Result:
        with open_session(options) as session:
            form = session.form_with(_key(session, options) if copy else "", options)
            if for_others and not options.sandbox:
                _refuse_this_machine(form.base_url)
            result, values = _look_up(session, form, options)
            if copy and values.is_usable:
                _copy(values, session)
        if html and values.is_usable:
            _write_page(html, values, force=options.force)
        return result

    def show_result(result: Result, printing: Options) -> int:
        shows = show_nothing if is_handed_out and result.verdict is not Verdict.FAIL else show
        return shows(result, printing)

    return finish(COMMAND, options, work, show_result=show_result)


def _refuse_this_machine(base_url: str) -> None:
    """Make no page for somebody else with an address that leads to this computer only."""
    from ngrok_scim_cli.diagnosis.values.validate import names_this_machine

    if names_this_machine(base_url):
        raise UsageError(
            f"The base URL {base_url.strip()} leads to this computer only, so the page would be "
            "wrong for anybody else.",
            advice="Give ngrok's address, --base-url https://api.ngrok.com/scim/v2/, or try it out "
            "with --sandbox.",
        )


def _key(session: Session, options: ValuesOptions) -> str:
    if not session.person.present:
        raise UsageError(
            "--copy waits for a person at a terminal, and there is none.",
            advice="Leave --copy out to print the values, or use --html FILE.",
        )
    from ngrok_scim_cli.cli.commands.key_show import key_for_okta

    return key_for_okta(session, options.api_key_file)


def _look_up(session: Session, form: Form, options: ValuesOptions) -> tuple[Result, OktaValues]:
    """Return what is wrong with the form, and its values; a key that is missing is not wrong."""
    from ngrok_scim_cli.diagnosis.values.validate import validate

    findings = tuple(
        item
        for item in validate(form, session.trust).findings
        if form.authorization or item.subject is not Subject.AUTHORIZATION
    )
    wizard = options.okta_wizard or session.settings.profile.okta.made_by
    values = OktaValues(
        form, wizard, not has_errors(findings), session.is_sandbox, session.profile_name
    )
    verdict, payload = verdict_of(findings), values.payload()
    return Result(COMMAND, verdict, findings=findings, payload=payload), values


def _copy(values: OktaValues, session: Session) -> None:
    clipboard = find_clipboard_of_person()
    if clipboard is None:
        raise CannotTell(
            "There is no clipboard here.",
            advice="Install xclip or wl-clipboard, or run this on your own computer. Without "
            "--copy the values are printed, all but the key.",
        )
    is_made = "prerequisites" in session.settings.profile.steps
    copy_values(values.form, clipboard, session.person, wizard=values.wizard, app_is_made=is_made)


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
    from ngrok_scim_cli.report.okta_screens import okta_screen

    if not (app_is_made or person.confirm("Have you made the app in Okta?")):
        _walk(okta_screen("app", wizard), form, clipboard, person)
    _walk(okta_screen("connection", wizard, form), form, clipboard, person)


def _walk(screen: Screen, form: Form, clipboard: Clipboard, person: Person) -> None:
    from ngrok_scim_cli.report.okta_screens import Kind, one_line
    from ngrok_scim_cli.report.printable import printable

    person.show(f"In Okta, open {screen.place} and go from top to bottom.\n")
    if screen.note:
        person.show(f"{screen.note}\n")
    group = ""
    for row in screen.rows:
        if row.group != group:
            group = row.group
            person.show(f"  {group}:" if group else "")
        if row.kind is Kind.TEXT:
            clipboard.put(row.value)
            _wait_for_paste(f"{row.label}: {printable(row.value)}", person)
        elif row.kind is Kind.SECRET:
            try:
                clipboard.put(form.authorization)
                _wait_for_paste(f"{row.label}: the key, which is not shown", person)
            finally:
                _take_off(form.authorization, clipboard, person)
        else:
            person.show(f"  {one_line(row)}")


def _wait_for_paste(what: str, person: Person) -> None:
    person.show(f"\n  Now on the clipboard  {what}")
    person.ask("  Paste it there, then press Enter")


def _take_off(key: str, clipboard: Clipboard, person: Person) -> None:
    from ngrok_scim_cli.setup.hand_off import clear_clipboard

    cleared = clear_clipboard(clipboard, key)
    person.show(f"\n  {cleared}\n  If your clipboard keeps a history, delete the key there.\n")


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
