import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ngrok_scim_cli.cli.commands.okta_values import copy_values
from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.report.okta_screens import APP_NAME, PLACEHOLDER_AUDIENCE, PLACEHOLDER_URL
from ngrok_scim_cli.settings.clipboard import Clipboard, TerminalClipboard
from ngrok_scim_cli.setup.context import Person
from tests.support.cases import each_case
from tests.support.command_line import CommandLine

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"
SECRET = "1aBcDeFgHiJkLmNoPqRsT"
BASE_URL = "https://api.ngrok.com/scim/v2/"
TIMEOUT_S = 60
END_OF_INPUT = b"\x04"


# --- what is printed ---


def test_the_values_stand_under_okta_s_labels(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("okta-values")
    assert (ran.status, ran.err) == (0, "")
    for label in (
        "SCIM connector base URL",
        "[x] Push New Users",
        "Deactivate Users",
        "Update Now",
    ):
        assert label in ran.out


def test_programs_get_one_object(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("okta-values", "--format", "json")
    document = json.loads(ran.out)
    assert (ran.status, ran.err) == (0, "")
    assert (document["schema"], document["command"], document["verdict"]) == (
        1,
        "okta-values",
        "pass",
    )
    assert document["values"] == {
        "base_url": BASE_URL,
        "unique_identifier": "email",
        "auth_mode": "HTTP Header",
        "actions": ["Push New Users", "Push Profile Updates"],
    }
    assert {tuple(item) for item in document["fields"]} == {("place", "label", "value", "kind")}


def test_markdown_has_a_heading_for_each_screen(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("okta-values", "--format", "markdown")
    assert ran.status == 0
    assert ran.out.count("\n## ") == 7


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:8080/scim/v2/",
        "http://localhost:8080/scim/v2",
        "http://LOCALHOST./scim/v2/",
        "http://[::1]:80/scim/v2/",
        "http://0.0.0.0:8080/scim/v2/",
        "http://ngrok.localhost/scim/v2/",
    ],
)
def test_no_page_for_somebody_else_leads_to_this_computer(
    ngrok_scim: CommandLine, tmp_path: Path, base_url: str
) -> None:
    page = tmp_path / "page"
    for how in (("--html", str(page)), ("--format", "markdown", "--output", str(page))):
        ran = ngrok_scim("okta-values", "--base-url", base_url, *how)
        assert (ran.status, ran.out, page.exists()) == (2, "", False)
        assert "this computer only" in ran.err
    ran = ngrok_scim("okta-values", "--base-url", base_url)
    assert "this computer only" not in ran.err


def test_a_rehearsal_s_page_is_made_and_says_that_it_is_one(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    ran = ngrok_scim("okta-values", "--sandbox", "--html", str(page), "--format", "markdown")
    assert ran.status == 0
    assert "This is a rehearsal" in ran.out
    assert "This is a rehearsal" in page.read_text(encoding="utf-8")


@each_case("format_", ["text", "markdown"])
def test_the_commands_on_the_page_work_on_the_same_profile_in_the_same_sandbox(
    ngrok_scim: CommandLine, format_: str
) -> None:
    ran = ngrok_scim("okta-values", "--sandbox", "--profile", "acme", "--format", format_)
    assert "ngrok-scim okta-values --sandbox --profile acme --copy" in " ".join(ran.out.split())
    assert "ngrok-scim okta-values --copy" not in " ".join(ran.out.split())


def test_the_profile_and_the_option_choose_the_wizard(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / "profiles"
    folder.mkdir(parents=True)
    (folder / "default.toml").write_text('[okta]\nwizard = "oiw"\n')
    assert "Test API Credentials" in ngrok_scim("okta-values").out
    classic = ngrok_scim("okta-values", "--okta-wizard", "classic")
    assert "Test API Credentials" not in classic.out


@pytest.mark.parametrize("output_format", ["text", "json", "markdown"])
def test_the_key_is_never_printed(
    ngrok_scim: CommandLine, tmp_path: Path, output_format: str
) -> None:
    page = tmp_path / "page.html"
    ran = ngrok_scim(
        *("okta-values", "--format", output_format, "--html", str(page)),
        environment={"NGROK_SCIM_API_KEY": KEY},
    )
    assert ran.status == 0
    assert SECRET not in ran.out + ran.err + page.read_text(encoding="utf-8")


@pytest.mark.parametrize("output_format", ["text", "json", "markdown"])
@pytest.mark.parametrize("pasted", [KEY, SECRET])
def test_a_key_that_was_pasted_into_the_base_url_is_not_printed(
    ngrok_scim: CommandLine, tmp_path: Path, output_format: str, pasted: str
) -> None:
    page, output = tmp_path / "page.html", tmp_path / "output"
    arguments = ("okta-values", "--format", output_format, "--html", str(page), "--force")
    typed = ("--base-url", f"https://scim.corp.example/{pasted}/scim/v2/")
    environment = {"NGROK_SCIM_API_KEY": KEY}
    ran = ngrok_scim(*arguments, *typed, environment=environment)
    ngrok_scim(*arguments, *typed, "--output", str(output), environment=environment)
    written = [path.read_text(encoding="utf-8") for path in (page, output) if path.exists()]
    assert written
    assert SECRET not in "".join((ran.out, ran.err, *written))


@pytest.mark.parametrize("output_format", ["text", "json", "markdown"])
@pytest.mark.parametrize(
    ("option", "typed", "code"),
    [
        ("--base-url", "https://api.ngrok.com/scim/v2/ ", "URL102"),
        ("--base-url", "http://api.ngrok.com/scim/v2/", "URL106"),
        ("--unique-id", "Email", "FRM302"),
        ("--auth-mode", "Basic Auth", "FRM303"),
        ("--action", "Push Everything", "FRM308"),
    ],
)
def test_values_that_cannot_work_are_not_offered(
    ngrok_scim: CommandLine,
    tmp_path: Path,
    output_format: str,
    option: str,
    typed: str,
    code: str,
) -> None:
    page = tmp_path / "page.html"
    ran = ngrok_scim(
        *("okta-values", "--format", output_format, "--html", str(page), option, typed)
    )
    assert ran.status == 1
    assert code in ran.out
    assert "Update Now" not in ran.out
    assert not page.exists()


def test_a_missing_key_is_no_error_as_long_as_it_is_not_to_be_copied(
    ngrok_scim: CommandLine,
) -> None:
    ran = ngrok_scim("okta-values", "--format", "json")
    assert json.loads(ran.out)["findings"] == []


def test_a_warning_fails_where_that_is_asked_for(ngrok_scim: CommandLine) -> None:
    typed = ("--action", "Push New Users")
    assert ngrok_scim("okta-values", *typed).status == 0
    assert ngrok_scim("okta-values", *typed, "--strict").status == 1


def test_the_values_can_go_into_a_file(ngrok_scim: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "values.md"
    ran = ngrok_scim("okta-values", "--format", "markdown", "--output", str(file))
    assert (ran.status, ran.out) == (0, "")
    assert file.read_text(encoding="utf-8").startswith("# Okta's screens")


def test_the_sandbox_gives_its_own_base_url(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("okta-values", "--sandbox", "--format", "json")
    assert ran.status == 0
    assert json.loads(ran.out)["values"]["base_url"].startswith("http://127.0.0.1:")


def test_a_broken_profile_is_a_finding_for_programs(ngrok_scim: CommandLine) -> None:
    folder = Path(os.environ["NGROK_SCIM_HOME"]) / "profiles"
    folder.mkdir(parents=True)
    (folder / "default.toml").write_text("schema = [", encoding="utf-8")
    ran = ngrok_scim("okta-values", "--format", "json")
    assert ran.status == 1
    assert json.loads(ran.out)["findings"][0]["code"] == "ENV008"


# --- the page ---


def test_the_page_says_what_comes_next(ngrok_scim: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = ngrok_scim("okta-values", "--html", str(page))
    assert (ran.status, ran.out) == (0, "")
    assert "password manager" in ran.err
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_page_may_be_read_by_others(ngrok_scim: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    before = os.umask(0o022)
    try:
        ngrok_scim("okta-values", "--html", str(page))
    finally:
        os.umask(before)
    assert stat.S_IMODE(page.stat().st_mode) == 0o644


def test_a_file_that_is_there_is_only_replaced_on_demand(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine" * 10_000, encoding="utf-8")
    refused = ngrok_scim("okta-values", "--html", str(page))
    assert refused.status == 2
    assert "--force" in refused.err
    assert page.read_text(encoding="utf-8") == "mine" * 10_000
    forced = ngrok_scim("okta-values", "--html", str(page), "--force")
    assert forced.status == 0
    assert page.read_text(encoding="utf-8").endswith("</html>\n")


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights on Windows")
def test_a_link_in_the_way_is_not_followed(ngrok_scim: CommandLine, tmp_path: Path) -> None:
    page, elsewhere = tmp_path / "page.html", tmp_path / "elsewhere"
    page.symlink_to(elsewhere)
    assert ngrok_scim("okta-values", "--html", str(page)).status == 2
    assert not elsewhere.exists()


@pytest.mark.parametrize("arguments", [(), ("--force",)])
def test_a_folder_that_is_not_there_is_named(
    ngrok_scim: CommandLine, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ran = ngrok_scim("okta-values", "--html", str(tmp_path / "nowhere" / "page.html"), *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "nowhere" in ran.err


@pytest.mark.parametrize("arguments", [("--force",), ("--copy", "--html", "page.html")])
def test_options_that_make_no_sense_are_refused(
    ngrok_scim: CommandLine, arguments: tuple[str, ...]
) -> None:
    ran = ngrok_scim("okta-values", *arguments)
    assert (ran.status, ran.out) == (2, "")


# --- the clipboard ---


@dataclass
class FakeClipboard(Clipboard):
    """A clipboard that remembers everything."""

    can_be_cleared: bool = True
    obeys: bool = True
    held: list[str] = field(default_factory=list)
    name: str = "a clipboard"
    copy_kept = ""

    def put(self, text: str) -> None:
        self.held.append(text)

    def clear(self, text: str) -> bool:
        if self.obeys and self.held[-1:] == [text]:
            self.held.append("")
            return True
        return False


class Listener(Person):
    """Somebody who presses Enter at each question, until they have enough."""

    def __init__(self, *, patience: int = 99) -> None:
        self.heard: list[str] = []
        self._patience = patience

    def show(self, text: str, values: Sequence[str] = ()) -> None:
        self.heard.append(text)

    def ask(self, question: str, *, default: str = "") -> str:
        self.heard.append(question)
        self._patience -= 1
        if self._patience < 0:
            raise EOFError
        return default

    @property
    def said(self) -> str:
        return "\n".join(self.heard)


FORM = Form(authorization=KEY)


def test_each_value_is_copied_exactly_and_the_key_last() -> None:
    clipboard, listener = FakeClipboard(), Listener()
    copy_values(FORM, clipboard, listener)
    assert clipboard.held == [BASE_URL, "email", KEY, ""]


@pytest.mark.parametrize(
    ("wizard", "made"),
    [
        (Wizard.CLASSIC, [APP_NAME, PLACEHOLDER_URL, PLACEHOLDER_AUDIENCE]),
        (Wizard.OIW, [APP_NAME]),
    ],
)
def test_who_has_no_app_yet_copies_what_is_typed_when_it_is_made(
    wizard: Wizard, made: list[str]
) -> None:
    class Beginner(Listener):
        def confirm(self, question: str, *, default: bool = True) -> bool:
            self.heard.append(question)
            return False

    clipboard, listener = FakeClipboard(), Beginner()
    copy_values(FORM, clipboard, listener, wizard=wizard)
    assert clipboard.held[: len(made)] == made
    assert KEY in clipboard.held
    clipboard, listener = FakeClipboard(), Beginner()
    copy_values(FORM, clipboard, listener, wizard=wizard, app_is_made=True)
    assert clipboard.held[0] != APP_NAME
    assert "Have you made the app in Okta?" not in listener.said


def test_what_is_on_the_clipboard_is_said_but_for_the_key() -> None:
    listener = Listener()
    copy_values(FORM, FakeClipboard(), listener)
    assert f"Now on the clipboard  SCIM connector base URL: {BASE_URL}" in listener.said
    assert "Now on the clipboard  Unique identifier field for users: email" in listener.said
    assert "Now on the clipboard  Authorization: the key, which is not shown" in listener.said
    assert SECRET not in listener.said


def test_what_is_not_typed_is_said_in_its_place() -> None:
    listener = Listener()
    copy_values(FORM, FakeClipboard(), listener)
    order = [
        "SCIM connector base URL",
        "Supported provisioning actions",
        "[x] Push New Users",
        "[ ] Push Groups",
        "Authentication Mode: HTTP Header",
        "Authorization",
        "The key is off the clipboard.",
        "Press Test Connector Configuration",
        "Press Save",
    ]
    places = [listener.said.index(item) for item in order]
    assert places == sorted(places)


def test_who_leaves_before_the_key_leaves_no_key_behind() -> None:
    clipboard = FakeClipboard()
    with pytest.raises(EOFError):
        copy_values(FORM, clipboard, Listener(patience=1))
    assert clipboard.held == [BASE_URL, "email"]


def test_who_leaves_at_the_key_leaves_no_key_behind() -> None:
    clipboard = FakeClipboard()
    with pytest.raises(EOFError):
        copy_values(FORM, clipboard, Listener(patience=2))
    assert clipboard.held == [BASE_URL, "email", KEY, ""]


def test_a_key_that_cannot_be_taken_off_is_reported() -> None:
    listener = Listener()
    copy_values(FORM, FakeClipboard(obeys=False), listener)
    assert "The key was not taken off the clipboard" in listener.said


def test_a_write_only_terminal_clipboard_is_cleared_blindly() -> None:
    clipboard, listener = FakeClipboard(can_be_cleared=False), Listener()
    copy_values(FORM, clipboard, listener)
    assert clipboard.held == [BASE_URL, "email", KEY, " "]
    assert "was told to copy a blank" in listener.said


def test_over_ssh_the_terminal_gets_each_value_and_then_a_blank() -> None:
    stream = io.StringIO()
    copy_values(FORM, TerminalClipboard(stream), Listener())
    assert stream.getvalue().count("\x1b]52;c;") == 4
    assert stream.getvalue().endswith("\x1b]52;c;IA==\x07")


class BrokenClipboard(FakeClipboard):
    def put(self, text: str) -> None:
        raise CannotTell("The clipboard could not be used.")


def test_a_clipboard_that_fails_ends_it() -> None:
    with pytest.raises(CannotTell):
        copy_values(FORM, BrokenClipboard(), Listener())


def test_without_a_terminal_nothing_is_copied(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("okta-values", "--copy", environment={"NGROK_SCIM_API_KEY": KEY})
    assert (ran.status, ran.out) == (2, "")
    assert "terminal" in ran.err


# --- the whole, at a terminal ---


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    terminal: str


def at_a_terminal(
    arguments: Sequence[str], environment: Mapping[str, str], *, typed: bytes
) -> Ended:
    """Run the program with a terminal as standard input and error, and type ahead."""
    import pty  # Windows has none

    ours, theirs = pty.openpty()
    os.write(ours, typed + END_OF_INPUT)  # whoever asks once more gets no answer, and ends
    with subprocess.Popen(
        [sys.executable, "-m", "ngrok_scim_cli", *arguments],
        env={**os.environ, **environment},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        terminal = b"".join(_all_of(ours))
        out, _ = process.communicate(timeout=TIMEOUT_S)
    os.close(ours)
    return Ended(process.returncode, out.decode(), terminal.decode())


def _all_of(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(descriptor, 4096)
        except OSError:  # Linux says so when the last writer has gone
            return
        if not chunk:
            return
        yield chunk


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    """A desktop with a clipboard that keeps what it is given, and the arguments too."""
    programs = tmp_path / "bin"
    programs.mkdir()
    log, clipboard = tmp_path / "log", tmp_path / "board"
    clipboard.touch()
    xclip = programs / "xclip"
    xclip.write_text(
        "#!/bin/sh\n"
        f'echo "$0 $*" >>"{tmp_path}/arguments"\n'
        f'case "$*" in *-out*) cat "{clipboard}";;\n'
        f'*) cat >"{clipboard}"; cat "{clipboard}" >>"{log}"; echo "|" >>"{log}";; esac\n',
        encoding="utf-8",
    )
    xclip.chmod(0o755)
    return {"DISPLAY": ":7", "PATH": f"{programs}:/usr/bin:/bin", "NGROK_SCIM_API_KEY": KEY}


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_at_a_terminal_every_value_reaches_the_clipboard_to_the_byte(
    desktop: dict[str, str], tmp_path: Path
) -> None:
    ended = at_a_terminal(["okta-values", "--copy"], desktop, typed=b"\n" * 4)
    assert (ended.status, ended.out) == (0, "")
    assert (tmp_path / "log").read_text(encoding="utf-8") == f"{BASE_URL}|\nemail|\n{KEY}|\n|\n"
    assert SECRET not in ended.terminal + (tmp_path / "arguments").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_programs_still_get_their_object_after_the_copying(desktop: dict[str, str]) -> None:
    arguments = ["okta-values", "--copy", "--format", "json"]
    ended = at_a_terminal(arguments, desktop, typed=b"\n" * 4)
    assert ended.status == 0
    assert json.loads(ended.out)["values"]["base_url"] == BASE_URL
    assert SECRET not in ended.out


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.usefixtures("measured_children")
def test_the_end_of_input_leaves_no_key_on_the_clipboard(
    desktop: dict[str, str], tmp_path: Path
) -> None:
    ended = at_a_terminal(["okta-values", "--copy"], desktop, typed=b"\n" * 3)
    assert ended.status == 130
    assert (tmp_path / "board").read_text(encoding="utf-8") == ""


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.usefixtures("measured_children")
def test_a_key_that_cannot_work_is_not_copied(desktop: dict[str, str], tmp_path: Path) -> None:
    desktop["NGROK_SCIM_API_KEY"] = f"{KEY} "
    ended = at_a_terminal(["okta-values", "--copy"], desktop, typed=b"")
    assert ended.status == 1
    assert "KEY202" in ended.out
    assert not (tmp_path / "log").exists()


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.usefixtures("measured_children")
def test_without_a_clipboard_the_ways_out_are_named(desktop: dict[str, str]) -> None:
    del desktop["DISPLAY"]
    ended = at_a_terminal(["okta-values", "--copy"], desktop, typed=b"")
    assert (ended.status, ended.out) == (3, "")
    assert "xclip" in ended.terminal


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_without_a_key_nothing_is_copied(desktop: dict[str, str], tmp_path: Path) -> None:
    del desktop["NGROK_SCIM_API_KEY"]
    ended = at_a_terminal(["okta-values", "--copy"], desktop, typed=b"")
    assert ended.status == 3
    assert "ngrok-scim api-key create" in ended.terminal
    assert not (tmp_path / "log").exists()
