"""A known key goes through every command and is then looked for in everything that came out."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine

Everything = Callable[[tuple[str, ...], str, Sandbox], str]

CANARY = "3CanaryCanaryCanaryCanary00_9KanarienvogelGelb123"
SECRET = CANARY.partition("_")[2]

FORMS = {
    "plain": SECRET,
    "base64": base64.b64encode(CANARY.encode()).decode()[37:-3],
    "base64 of the header": base64.b64encode(f"Bearer {CANARY}".encode()).decode()[47:-3],
    "URL-encoded": quote(CANARY, safe=""),
    "hexadecimal": SECRET.encode().hex(),
    "a part of it": SECRET[4:16],
}

COMMANDS = [
    ("test-connect",),
    ("test-connect", "--verbose"),
    ("test-connect", "--format", "json"),
    ("test-connect", "--format", "markdown"),
    ("test-connect", "--format", "junit"),
    ("test-connect", "--format", "sarif"),
    ("test-connect", "--output", "result.txt"),
    ("test-connect", "--report", "report.json"),
    ("test-connect", "--report", "report.json", "--show-users"),
    ("test-connect", "--base-url", "https://scim.corp.example/scim/v2/"),
    ("test-connect", "--okta-message", CANARY),
    ("test-connect", CANARY),
    ("test-connect", "--api-key", CANARY),
    ("test-connect", f"--api-key={CANARY}"),
    ("test-connect", "--api-key-file", CANARY),
    ("doctor",),
    ("doctor", "--verbose"),
    ("doctor", "--format", "json"),
    ("doctor", "--report", "report.json"),
    ("okta-values",),
    ("okta-values", "--format", "json"),
    ("okta-values", "--html", "page.html"),
    ("api-key", "show"),
    ("api-key", "show", "--reveal"),
    ("api-key", "create", "--dry-run"),
    ("api-key", "create"),
    ("api-key", "store", "--clean"),
    ("api-key", "rotate"),
    ("api-key", "revoke", "--yes"),
    ("domain", "list"),
    ("domain", "submit", CANARY),
    ("setup", "--no-input"),
    ("setup", "--no-input", "--format", "json"),
    ("setup", "--status"),
    ("explain", CANARY),
    ("--verbose", CANARY),
]

DIRT = {"clean": "", "a space": " ", "a no-break space": "\u00a0", "a line break": "\n"}

FAULTS = ["", "key-refused", "key-revoked", "authtoken-pasted", "hostile-error", "server-error"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


@pytest.fixture
def everything_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Everything:
    """Runs a command with a key and returns all that it printed and wrote, file names included."""

    def run(arguments: tuple[str, ...], key: str, sandbox: Sandbox) -> str:
        monkeypatch.chdir(tmp_path)
        environment = {
            "NGROK_SCIM_API_KEY": key,
            "NGROK_API_KEY": CANARY,
            "NGROK_SCIM_BASE_URL": sandbox.values.scim_base_url,
            "NGROK_API_BASE_URL": sandbox.values.api_base_url,
        }
        ran = CommandLine(monkeypatch)(*arguments, environment=environment)
        assert ran.status in (0, 1, 2, 3), ran.err
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        contents = [path.read_text("utf-8", errors="replace") for path in files]
        return "\n".join([ran.out, ran.err, *map(str, files), *contents])

    return run


def leaks(text: str) -> list[str]:
    return [name for name, form in FORMS.items() if form in text]


@pytest.mark.parametrize(
    "arguments", COMMANDS, ids=lambda item: " ".join(item).replace(CANARY, "K")
)
def test_no_command_shows_the_key(
    everything_from: Everything, sandbox: Sandbox, arguments: tuple[str, ...]
) -> None:
    assert leaks(everything_from(arguments, CANARY, sandbox)) == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("dirt", DIRT.values(), ids=DIRT)
def test_no_answer_brings_the_key_out(
    everything_from: Everything, sandbox: Sandbox, fault: str, dirt: str
) -> None:
    sandbox.set_faults([fault] if fault else [])
    text = everything_from(("test-connect", "--verbose"), CANARY + dirt, sandbox)
    sandbox.set_faults([])
    assert leaks(text) == []


def test_the_key_is_named_by_its_id(everything_from: Everything, sandbox: Sandbox) -> None:
    text = everything_from(("test-connect",), CANARY, sandbox)
    assert f"ak_{CANARY.partition('_')[0]}" in text


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_search_finds_each_form(form: str) -> None:
    encoded = base64.b64encode(f"Bearer {CANARY}".encode()).decode()
    everything = " ".join(
        [CANARY, base64.b64encode(CANARY.encode()).decode(), encoded, SECRET.encode().hex()]
    )
    assert form in everything
