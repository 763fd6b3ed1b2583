import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.cli.runtime.browser import has_browser
from ngrok_scim_cli.sandbox import open_sandbox
from tests.support.admin import Admin
from tests.support.cases import each_case
from tests.support.pseudo_terminal import CTRL_C, ENTER, at_a_terminal

NO_DNS = ("--timeout", "0.1", "--nameserver", "127.0.0.1#1")
SUBMIT = ("domain", "submit", "corp.example", *NO_DNS)

BROWSER = f"""\
#!{sys.executable}
import json, os, sys
with open(__file__ + ".seen", "w") as seen:
    json.dump([sys.argv[1:], dict(os.environ)], seen)
"""


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Admin]:
    with open_sandbox(empty_account=True) as sandbox:
        yield Admin(sandbox, tmp_path)


@each_case(
    ("environment", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": "", "TERM": "xterm"}, "linux", False),
        ({"BROWSER": "w3m"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({"SSH_CONNECTION": "x"}, "darwin", False),
        ({"SSH_CONNECTION": "x", "DISPLAY": "localhost:10.0"}, "linux", True),
    ],
)
def test_a_page_is_offered_only_where_a_browser_can_show_it(
    environment: dict[str, str], platform: str, there: bool
) -> None:
    assert has_browser(environment, platform) is there


SETUP = ("setup", "--okta-app-type", "saml", "--domain", "corp.example", "--from", "domain")


@pytest.mark.parametrize("command", [SUBMIT, SETUP], ids=["domain submit", "setup"])
def test_the_browser_gets_the_page_and_no_key(
    admin: Admin, tmp_path: Path, command: tuple[str, ...]
) -> None:
    program = tmp_path / "browser"
    program.write_text(BROWSER)
    program.chmod(0o755)
    secrets = {
        "NGROK_SCIM_API_KEY": "2aBcDeFgHiJkLmNoPqRsTuVwXyZ_0123456789abcdefghijk",
        "OKTA_CLIENT_TOKEN": "00OktaTokenOktaTokenOktaTokenOktaTokenOkta",
    }
    admin.environment |= {"BROWSER": str(program), **secrets}
    words = " (later, back, quit, ?): " if command == SETUP else ": "
    with at_a_terminal(*command, environment=admin.environment, columns=100) as terminal:
        if command == SETUP:
            terminal.answer(f"three in place? [y/N]{words}", ENTER)
        terminal.answer(f"browser? [Y/n]{words}", ENTER)
        terminal.answer(f"sent the request? [y/N]{words}", CTRL_C)
        assert terminal.end() == 130
    arguments_seen, environment = json.loads(program.with_name("browser.seen").read_text())
    assert arguments_seen == ["https://dashboard.ngrok.com/settings"]
    everything = json.dumps(environment)
    for secret in (*secrets.values(), admin.environment["NGROK_API_KEY"]):
        assert secret not in everything


def test_without_a_desktop_the_person_opens_the_page(admin: Admin) -> None:
    admin.environment |= {"BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    with at_a_terminal(*SUBMIT, environment=admin.environment) as terminal:
        terminal.answer("sent the request? [y/N]: ", ENTER)
        assert terminal.end() == 0
        assert "https://dashboard.ngrok.com/settings" in terminal.everything
        assert "in the browser?" not in terminal.everything
