"""Screens with and without colours, each read by eye: what a person sees at a real terminal."""

import re
from itertools import chain
from pathlib import Path

import pytest

from tests.support.cases import each_case
from tests.support.command_line import CommandLine
from tests.support.pseudo_terminal import assert_screen, at_a_terminal

pytestmark = pytest.mark.no_cover

SCREENS = Path(__file__).parent / "screens"
_PASSING = (
    (re.compile(r"\b(ak|usr|bot)_[0-9A-Za-z]{27}"), rf"\1_{'i' * 27}"),
    (re.compile(r"127\.0\.0\.1:\d{5}"), "127.0.0.1:PPPPP"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "YYYY-MM-DD"),
    (re.compile(r"\b\d\d:\d\d(:\d\d)? UTC"), "HH:MM UTC"),
)

# Nearly everything is broken at once, and it must still be read.
BROKEN = (
    *("okta-deactivate-users-off", "okta-username-format", "okta-token-without-log"),
    *("okta-assigned-early", "okta-leaver-active", "okta-locked-out"),
    *("key-of-a-person", "shared-key", "ip-restrictions-enforced", "clock-ahead"),
    *("twin-users", "user-name-with-space", "foreign-domain-user", "deactivated-users"),
)

SHOWN = {
    "connect-fails": ("test-connect", "--base-url", "http://127.0.0.1:1/scim/v2/"),
    "doctor-broken": ("doctor", *chain(*(("--fault", name) for name in BROKEN))),
    "traced": ("users", "trace", "ada.kimura@corp.example"),
}


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(
    "colour",
    [pytest.param(True, id="colour"), pytest.param(False, id="plain", marks=pytest.mark.slow)],
)
def test_a_screen_is_as_it_was_read(name: str, *, colour: bool, tmp_path: Path) -> None:
    environment = {"NGROK_SCIM_HOME": str(tmp_path)} | ({} if colour else {"NO_COLOR": "1"})
    with at_a_terminal(*SHOWN[name], "--sandbox", "--quiet", environment=environment) as terminal:
        terminal.end()
    assert colour or "\x1b" not in terminal.everything
    shown = terminal.painted() if colour else terminal.plain()
    for pattern, instead in _PASSING:
        shown = pattern.sub(instead, shown)
    assert_screen(SCREENS / f"{name}-{'colour' if colour else 'plain'}.txt", shown)


@each_case(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_in_a_pipe_are_forced_alone(
    ngrok_scim: CommandLine, values: dict[str, str], variables: dict[str, str], *, coloured: bool
) -> None:
    ran = ngrok_scim("test-connect", environment=values | variables)
    assert ("\x1b[1;32mPASS\x1b[0m" in ran.out) is coloured
    assert ("\x1b" in ran.out) is coloured
