import base64
import io
import json
import os
import sys
from pathlib import Path

import pytest

from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.settings.clipboard import (
    ClipboardProgram,
    TerminalClipboard,
    find_clipboard,
)
from tests.support.cases import each_case

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_4nLkWq8ZbT1cVx6RyM2Hs"

# Stands in for xclip and its like: keeps its input in a file, and notes how it was called.
PROGRAM = """\
#!{python}
import json, os, sys
folder = os.path.dirname(os.path.abspath(__file__))
held = os.path.join(folder, "held")
with open(os.path.join(folder, "calls"), "a") as calls:
    calls.write(json.dumps({{"arguments": sys.argv, "environment": dict(os.environ)}}) + "\\n")
reads = any(word in sys.argv for word in ("-out", "--output", "--no-newline", "Get-Clipboard"))
if os.path.basename(sys.argv[0]) == "pbpaste" or reads:
    print(open(held).read(), end={ending!r})
else:
    open(held, "w").write(sys.stdin.read())
"""


class FakePrograms:
    """A folder of stand-ins for clipboard programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, *names: str, ending: str = "") -> None:
        for name in names:
            program = self.folder / name
            program.write_text(PROGRAM.format(python=sys.executable, ending=ending))
            program.chmod(0o755)

    @property
    def held(self) -> str:
        return (self.folder / "held").read_text()

    @property
    def calls(self) -> str:
        return (self.folder / "calls").read_text()

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": str(self.folder), **more}


@pytest.fixture
def fake_programs(tmp_path: Path) -> FakePrograms:
    return FakePrograms(tmp_path)


def terminal(*, is_one: bool = True) -> io.StringIO:
    stream = io.StringIO()
    stream.isatty = lambda: is_one  # type: ignore[method-assign]
    return stream


@pytest.mark.skipif(os.name != "posix", reason="the stand-ins are scripts with a first line")
@pytest.mark.parametrize(
    ("programs", "variables"),
    [
        (("pbcopy", "pbpaste"), {}),
        (("xclip",), {"DISPLAY": ":0"}),
        (("xsel",), {"DISPLAY": ":0"}),
        (("wl-copy", "wl-paste"), {"WAYLAND_DISPLAY": "wayland-0"}),
        (("clip.exe", "powershell.exe"), {}),
    ],
)
def test_a_key_is_put_there_and_cleared(
    fake_programs: FakePrograms, programs: tuple[str, ...], variables: dict[str, str]
) -> None:
    fake_programs.install(*programs, ending="\n" if "clip.exe" in programs else "")
    environment = fake_programs.environment(NGROK_SCIM_API_KEY=KEY, NGROK_API_KEY=KEY, **variables)
    clipboard = find_clipboard(environment)
    assert isinstance(clipboard, ClipboardProgram)
    assert clipboard.can_be_cleared
    clipboard.put(KEY)
    assert fake_programs.held == KEY
    assert clipboard.clear(KEY)
    assert fake_programs.held == ""
    assert KEY not in fake_programs.calls, "as an argument, or in the environment"


@pytest.mark.skipif(os.name != "posix", reason="the stand-ins are scripts with a first line")
def test_a_key_with_line_breaks_behind_it_is_cleared_too(fake_programs: FakePrograms) -> None:
    fake_programs.install("xclip")
    clipboard = find_clipboard(fake_programs.environment(DISPLAY=":0"))
    assert clipboard is not None
    clipboard.put(f"{KEY}\r\n")
    assert clipboard.clear(f"{KEY}\r\n")
    assert fake_programs.held == ""


@pytest.mark.skipif(os.name != "posix", reason="the stand-ins are scripts with a first line")
def test_what_was_copied_since_is_left_alone(fake_programs: FakePrograms) -> None:
    fake_programs.install("xclip")
    clipboard = find_clipboard(fake_programs.environment(DISPLAY=":0"))
    assert clipboard is not None
    clipboard.put(KEY)
    clipboard.put("a shopping list")
    assert not clipboard.clear(KEY)
    assert fake_programs.held == "a shopping list"


@each_case(
    ("programs", "variables", "name"),
    [
        (("xclip", "xsel", "wl-copy", "wl-paste"), {"DISPLAY": ":0"}, "the clipboard (xclip)"),
        (
            ("xclip", "wl-copy", "wl-paste"),
            {"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"},
            "the clipboard (wl-copy)",
        ),
        (("xclip", "wl-copy"), {"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, "the clipboard (xclip)"),
        (("xclip", "xsel"), {}, None),
        (("clip.exe",), {}, None),
        ((), {"DISPLAY": ":0"}, None),
    ],
)
def test_the_program_fits_the_desktop(
    programs: tuple[str, ...], variables: dict[str, str], name: str | None
) -> None:
    def which(program: str, path: str | None = None) -> str | None:
        return f"/usr/bin/{program}" if program in programs else None

    clipboard = find_clipboard(variables, which=which)
    assert (clipboard.name if clipboard else None) == name


@pytest.mark.parametrize("variable", ["SSH_TTY", "SSH_CONNECTION"])
def test_over_ssh_it_is_the_clipboard_in_front_of_the_person(variable: str) -> None:
    stream = terminal()
    environment = {variable: "x", "DISPLAY": ":0"}
    clipboard = find_clipboard(environment, terminal=stream, which=lambda *_, **__: "/bin/true")
    assert isinstance(clipboard, TerminalClipboard)
    clipboard.put(KEY)
    sequence = stream.getvalue()
    assert (sequence[:7], sequence[-1]) == ("\x1b]52;c;", "\x07")
    assert base64.b64decode(sequence[7:-1]).decode() == KEY
    assert not clipboard.can_be_cleared
    assert not clipboard.clear(KEY)
    assert stream.getvalue() == sequence


@pytest.mark.parametrize(
    ("variable", "before", "escape"),
    [("TMUX", "\x1bPtmux;", "\x1b\x1b"), ("STY", "\x1bP", "\x1b")],
    ids=["tmux", "screen"],
)
def test_tmux_and_screen_pass_the_clipboard_sequence_on(
    variable: str, before: str, escape: str
) -> None:
    stream = terminal()
    environment = {"SSH_TTY": "/dev/pts/1", variable: "x"}
    clipboard = find_clipboard(environment, terminal=stream)
    assert clipboard is not None
    clipboard.put(KEY)
    bare, _, wrapped = stream.getvalue().partition("\x07")
    assert bare.startswith("\x1b]52;c;")
    assert wrapped == f"{before}{bare.replace(chr(27), escape)}\x07\x1b\\"
    assert ("tmux choose-buffer" in clipboard.copy_kept) is (variable == "TMUX")


@pytest.mark.parametrize("stream", [None, terminal(is_one=False)])
def test_over_ssh_without_a_terminal_there_is_none(stream: io.StringIO | None) -> None:
    environment = {"SSH_TTY": "/dev/pts/1", "DISPLAY": ":0"}
    found = find_clipboard(environment, terminal=stream, which=lambda *_, **__: "/bin/true")
    assert found is None


@pytest.mark.parametrize("program", ["false", "no-such-program-at-all"])
def test_a_program_that_fails_is_named_without_the_key(program: str) -> None:
    clipboard = ClipboardProgram("it", (program,), (program,), {"PATH": os.environ["PATH"]})
    with pytest.raises(CannotTell, match=program) as caught:
        clipboard.put(KEY)
    assert "--reveal" in caught.value.advice
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert not clipboard.clear(KEY)


def test_the_child_gets_what_it_needs_and_no_more(fake_programs: FakePrograms) -> None:
    def find(program: str, path: str | None = None) -> str:
        return f"/x/{program}"

    environment = fake_programs.environment(
        DISPLAY=":0", HOME="/home/a", NGROK_API_KEY=KEY, OKTA_CLIENT_TOKEN=KEY
    )
    clipboard = find_clipboard(environment, which=find)
    assert isinstance(clipboard, ClipboardProgram)
    assert set(clipboard.environment) == {"PATH", "DISPLAY", "HOME"}
    assert KEY not in json.dumps(dict(clipboard.environment))
