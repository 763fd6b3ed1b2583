"""Screens with and without colours, each read by eye: what a person sees at a real terminal."""

import re
from pathlib import Path

import pytest

from tests.support.pseudo_terminal import assert_screen, at_a_terminal

SCREENS = Path(__file__).parent / "screens"
_KEY_ID = re.compile(r"ak_[0-9A-Za-z]{27}")
_PORT = re.compile(r"127\.0\.0\.1:\d{5}")
_CURSOR = re.compile(r"\x1b\[\?25[lh]")

SHOWN = {
    "connect-fails": ("test-connect", "--base-url", "http://127.0.0.1:1/scim/v2/"),
    "doctor-broken": (
        *("doctor", "--fault", "okta-deactivate-users-off", "--fault", "empty-list"),
        *("--only", "list", "--only", "Okta app"),
    ),
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
    shown = _CURSOR.sub("", terminal.everything).replace("\r\n", "\n")
    shown = _PORT.sub("127.0.0.1:PPPPP", _KEY_ID.sub(f"ak_{'i' * 27}", shown))
    assert colour or "\x1b" not in shown
    visible = shown.replace("\x1b", "^[")
    assert_screen(SCREENS / f"{name}-{'colour' if colour else 'plain'}.txt", visible)
