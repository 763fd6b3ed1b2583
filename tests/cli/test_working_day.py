"""The working day of an identity admin, at a terminal: each screen was read by eye.

``UPDATE_GOLDEN=1`` writes the screens anew; read the difference. On a terminal of 40 columns the
same words must stand, none of them broken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ngrok_scim_cli.sandbox import FAULTS, open_sandbox
from ngrok_scim_cli.sandbox.faults import FaultContext
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.admin import Admin
from tests.support.dns_server import dns_server
from tests.support.pseudo_terminal import CTRL_C, ENTER, assert_screen, at_a_terminal

pytestmark = pytest.mark.slow

SCREENS = Path(__file__).parent / "working_day"

WORDS = "(later, back, quit, ?): "
YES_NO = f"[y/N] {WORDS}"
SURE = "[y/N]: "
PASTED = "later: "

LEAVER = "ada.kimura@corp.example"
MISTYPED = "ada.abarra@corp.example"

_ID = re.compile(r"\b(ak|bot|usr|op)_([0-9A-Za-z]{27})")
_MOMENT = re.compile(r"\d|YYYYMMDD|HHMMSS")
_PASSING = (
    (re.compile(r"(/tmp)\w{8}\b"), r"\1XXXXXXXX"),
    (re.compile(r"127\.0\.0\.1([:#])\d{5}"), r"127.0.0.1\1PPPPP"),
    (re.compile(r"\b\d{8}T\d{6}Z"), "YYYYMMDDTHHMMSSZ"),
    (re.compile(r"\b\d\d:\d\d:\d\d UTC"), "HH:MM:SS UTC"),
    (re.compile(r"\b\d\d:\d\d(?=\s+UTC)"), "HH:MM"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "YYYY-MM-DD"),
)


@dataclass(frozen=True)
class TerminalKind:
    """What kind of terminal it is."""

    columns: int = 80
    colour: bool = False


TERMINALS = {
    "plain": TerminalKind(),
    "colour": TerminalKind(colour=True),
    "narrow": TerminalKind(columns=40),
}

# Longer ones, and a line of 40 columns is too short for them where it is indented.
LONGEST_WORD = 34


@dataclass
class Day:
    """An admin at work, and all that was on the screen."""

    admin: Admin
    kind: TerminalKind
    shown: list[str] = field(default_factory=list)
    _ids: dict[str, str] = field(default_factory=dict)

    def see(self, *arguments: str, answers: tuple[tuple[str, ...], ...] = ()) -> int:
        """Run a command, answer each prompt that it is asked at, and keep the screen."""
        with at_a_terminal(
            *arguments, environment=self.admin.environment, columns=self.kind.columns
        ) as terminal:
            for prompt, *keys in answers:
                terminal.answer(prompt, *keys)
            status = terminal.end()
            screen = terminal.painted() if self.kind.colour else terminal.plain()
        command = " ".join(f'"{word}"' if " " in word else word for word in arguments)
        ended = f"(exit status {status})\n" if status else ""
        self.shown.append(self._stable(f"$ ngrok-scim {command}\n{screen}{ended}"))
        return status

    def compare(self, name: str) -> None:
        """Compare all screens with the golden ones of this part of the day."""
        text = "\n\n".join(self.shown)
        if self.kind.columns < TERMINALS["plain"].columns:
            assert not _broken_words(text, (SCREENS / f"{name}.txt").read_text("utf-8"))
            return
        assert_screen(SCREENS / f"{name}{'-colour' if self.kind.colour else ''}.txt", text)

    def _stable(self, text: str) -> str:
        for pattern, instead in _PASSING:
            text = pattern.sub(instead, text)
        return _ID.sub(lambda found: f"{found[1]}_{self._letter(found[2]) * 27}", text)

    def _letter(self, number: str) -> str:
        """Return a letter for an id, in the order in which they appear."""
        return self._ids.setdefault(number, chr(ord("A") + len(self._ids)))


def _broken_words(text: str, whole: str) -> list[str]:
    """Return the words that stand nowhere in ``whole``.

    A very long one may be in pieces, and a cell of the table of users is cut.
    """
    words = set(whole.split())
    long = [_MOMENT.sub("", word) for word in words if len(word) > LONGEST_WORD]
    return [
        word
        for word in text.split()
        if word not in words
        and not any(_MOMENT.sub("", word) in one for one in long)
        and not (word.endswith("…") and word[:-1] in whole)
    ]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(empty_account=True) as sandbox:
        yield sandbox


@pytest.fixture(params=["plain", "colour", "narrow"])
def day(
    request: pytest.FixtureRequest, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Day]:
    # In /tmp its name has the length that the screens are broken for.
    with TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.chdir(folder)
        yield _begun(sandbox, TERMINALS[request.param], Path(folder))


def _begun(sandbox: Sandbox, kind: TerminalKind, folder: Path) -> Day:
    admin = Admin(sandbox, folder)
    admin.environment["OKTA_CLIENT_ORGURL"] = sandbox.values.okta_org_url
    admin.environment["OKTA_CLIENT_TOKEN"] = sandbox.values.okta_token
    if not kind.colour:
        admin.environment["NO_COLOR"] = "1"
    return Day(admin, kind)


@pytest.fixture
def equipped(day: Day) -> Day:
    """The day once the setup is done."""
    made = day.admin.run("setup", "--no-input", "--domain", "corp.example", "--okta-app-type=saml")
    assert made.returncode == 0, made.stderr
    done = ("prerequisites", "domain", "okta-values", "to-app", "first-person")
    assert day.admin.run("setup", *(f"--done={step}" for step in done)).returncode == 0
    return day


def write_private(name: str, text: str) -> None:
    path = Path(name)
    path.touch(0o600)
    path.write_text(text)


def test_the_morning_brings_the_setup(day: Day) -> None:
    day.see(
        "setup",
        answers=(
            (YES_NO, "y", ENTER),
            (f"Number {WORDS}", "2", ENTER),
            (f"Bot] {WORDS}", ENTER),
            (WORDS, "quit", ENTER),
        ),
    )
    day.see("setup", "--status")
    day.see("setup", answers=((WORDS, "corp.example", ENTER), (YES_NO, CTRL_C)))
    day.see("setup", answers=((YES_NO, "y", ENTER), (YES_NO, "later", ENTER)))
    day.see("okta-values", "--html", "okta.html")
    page = ("--base-url", "https://api.ngrok.com/scim/v2/", "--html", "okta.html")
    day.see("okta-values", *page)
    day.see("okta-values", *page)
    key = day.admin.keyring()["default/scim"]
    write_private("pasted", f"{key} \n")
    day.see("test-connect", "--api-key-file", "pasted")
    write_private("pasted", f"ak_{key.partition('_')[0]}\n")
    day.see("test-connect", "--api-key-file", "pasted")
    write_private("pasted", f"{key}\n")
    day.see("test-connect", "--api-key-file", "pasted", "--okta-message", "Unauthorized")
    day.see("test-connect")
    day.see("api-key", "show", "--copy")
    day.see("setup", answers=((YES_NO, "y", ENTER),) * 3)
    day.see("setup")
    day.see("setup", "--status")
    day.compare("morning")
    assert day.admin.has_exactly_one_key()
    assert not any(key.partition("_")[2] in screen for screen in day.shown)


def test_a_rotation_is_begun_aborted_begun_again_and_finished(equipped: Day) -> None:
    day, first = equipped, equipped.admin.keyring()["default/scim"]
    day.see("api-key", "rotate", answers=((PASTED, ENTER),))
    day.see("api-key", "rotate", answers=((PASTED, CTRL_C),))
    day.see("api-key", "show")
    day.see("setup", "--status")
    day.see("test-connect")
    day.see("api-key", "rotate", "--abort", answers=((SURE, "n", ENTER),))
    day.see("api-key", "rotate", "--abort", answers=((SURE, "y", ENTER),))
    assert day.admin.keyring() == {"default/scim": first}
    day.see("api-key", "rotate", "--abort")
    day.see("api-key", "rotate", answers=((PASTED, ENTER),))
    day.see("doctor", "--only", "ngrok account")
    day.see("api-key", "rotate", "--finish", answers=((SURE, "y", ENTER),))
    day.see("api-key", "rotate", "--finish")
    day.see("profile", "history")
    day.compare("rotation")
    assert day.admin.has_exactly_one_key()
    assert day.admin.keyring()["default/scim"] != first


def test_a_new_domain_is_added_checked_and_approved(equipped: Day) -> None:
    day = equipped
    with dns_server() as server:
        asked = ("--nameserver", server.address)
        day.see("domain", "add", "new.example")
        day.see("domain", "submit", *asked, answers=((SURE, "y", ENTER),) * 2)
        day.see("domain", "check", "new.example", *asked)
        server.records["new.example"] = [("MX", "10 mx.new.example.")]
        day.see("domain", "check", "new.example", "--txt", "ngrok-verify=1", *asked)
        server.records["new.example"].append(("TXT", '"ngrok-verify=1"'))
        day.see("domain", "check", "new.example", *asked)
    day.see("domain", "approve", "new.example", answers=((SURE, "n", ENTER),))
    day.see("setup", "--status")
    day.see("domain", "approve", "new.example", answers=((SURE, "y", ENTER),))
    day.see("domain", "remove", "corp.example", answers=((SURE, "n", ENTER),))
    day.see("domain", "list")
    day.see("doctor", "--skip", "Domains")
    day.compare("domain")


def test_a_leaver_is_found(equipped: Day, sandbox: Sandbox) -> None:
    day = equipped
    state = FaultContext(sandbox.account, sandbox.directory, sandbox.org, value=1)
    FAULTS["okta-leaver-active"].apply(state)
    day.see("users", "list")
    day.see("users", "audit")
    day.see("users", "trace", LEAVER)
    day.see("users", "trace", MISTYPED)
    day.see("users", "trace", "nobody@corp.example")
    day.see("preview")
    day.see("rehearse", "--domain", "corp.example", answers=((SURE, "n", ENTER),))
    day.see("rehearse", "--domain", "corp.example", answers=((SURE, "y", ENTER),))
    day.compare("leaver")


def test_in_the_evening_the_machine_is_left_clean(equipped: Day) -> None:
    day = equipped
    day.see("profile", "list")
    day.see("profile", "show")
    day.see("profile", "delete")
    day.see("profile", "delete", "--forget", answers=((SURE, "n", ENTER),))
    day.see("api-key", "revoke", answers=((SURE, "n", ENTER),))
    day.see("api-key", "revoke", answers=((SURE, "y", ENTER),))
    day.see("setup", "--status")
    day.see("profile", "delete", answers=((SURE, "y", ENTER),))
    day.see("profile", "list")
    day.see("profile", "delete")
    day.compare("evening")
    assert day.admin.ours() == {}
    assert day.admin.keyring() == {}
    left = [path.name for path in Path().rglob("*") if path.is_file()]
    assert left == ["keyring.json"]
