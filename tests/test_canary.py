"""A known key goes through every command and is then looked for in everything that came out."""

import base64
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.wire.client import Wire
from tests.support.command_line import CommandLine, every_command
from tests.support.leaks import SCHEMES, forms_of, secret_of
from tests.support.leaks import leaks as leaks_of

pytestmark = pytest.mark.no_cover

Everything = Callable[..., str]

CANARY = "3CanaryCanaryCanaryCanary00_9KanarienvogelGelb123"
ADMIN = "3GoldfinchGoldfinchGoldfi00_8StieglitzDistelfink4"
OKTA = "00Zaunkoenig7Heckenbraunelle_RotkehlchenZe"

NO_DNS = ("--timeout", "0.1", "--nameserver", "127.0.0.1#1")

REHEARSED = ("--domain", "corp.example", "--yes", "--verbose", "--report", "report.json")

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
    ("test-connect", "--base-url", f"https://{CANARY}@scim.corp.example/{ADMIN}?token={OKTA}"),
    ("test-connect", "--unique-id", CANARY, "--auth-mode", ADMIN, "--action", OKTA, "--verbose"),
    ("test-connect", "--allow-host", CANARY, "--ca-bundle", ADMIN),
    ("test-connect", "--okta-message", CANARY),
    ("test-connect", CANARY),
    ("test-connect", "--api-key", CANARY),
    ("test-connect", f"--api-key={CANARY}"),
    ("test-connect", "--api-key-file", CANARY),
    ("doctor",),
    ("doctor", "--verbose"),
    ("doctor", "--format", "json"),
    ("doctor", "--report", "report.json", "--metrics", "metrics.txt"),
    ("doctor", "--wait", "0.1", "--quiet", "--strict", "--output", "result.txt"),
    ("doctor", "--list-checks"),
    ("doctor", "--only", CANARY),
    (
        "doctor",
        "--okta-org-url",
        f"https://{OKTA}.okta.com",
        "--okta-app",
        CANARY,
        "--only",
        "okta",
    ),
    ("doctor", "--okta-app", ADMIN),
    ("doctor", "--okta-ip-ranges", OKTA),
    ("users", "list"),
    ("users", "list", "--format", "json"),
    ("users", "list", "--format", "csv", "--match", CANARY, "--output", "users.csv"),
    ("users", "list", "--format", "jsonl", "--verbose"),
    ("users", "audit", "--report", "report.json"),
    ("users", "audit", "--format", "sarif", "--verbose"),
    ("users", "trace", "ada@corp.example"),
    ("users", "trace", "ada@corp.example", "--format", "json"),
    ("users", "trace", OKTA),
    ("users", "trace", f"{CANARY}@corp.example", "--verbose"),
    ("okta-values",),
    ("okta-values", "--format", "json"),
    ("okta-values", "--html", "page.html"),
    ("okta-values", "--base-url", f"https://api.ngrok.com/{CANARY}", "--html", "page.html"),
    ("okta-values", "--copy"),
    ("api-key", "show"),
    ("api-key", "show", "--reveal"),
    ("api-key", "show", "--copy"),
    ("api-key", "create", "--dry-run"),
    ("api-key", "create"),
    ("api-key", "store", "--clean"),
    ("api-key", "rotate"),
    ("api-key", "revoke", "--yes"),
    ("api-key", "revoke", CANARY, "--yes"),
    ("domain", "list"),
    ("domain", "submit", CANARY, *NO_DNS),
    ("domain", "submit", "corp.example", "--sent", *NO_DNS),
    ("domain", "check", "corp.example", "--txt", ADMIN, "--nameserver", CANARY),
    ("domain", "check", ADMIN, *NO_DNS),
    ("domain", "approve", OKTA, "--yes"),
    ("domain", "add", CANARY),
    ("domain", "add", "corp.example", "--format", "json", "--verbose"),
    ("domain", "remove", ADMIN),
    ("domain", "remove", "corp.example", "--format", "json"),
    ("setup", "--no-input", "--service-user", ADMIN),
    ("setup", "--no-input", "--key-description", OKTA),
    ("setup", "--no-input", "--admin-key-file", ADMIN),
    ("setup", "--no-input", "--domain", CANARY, "--verbose"),
    ("setup", "--from", CANARY),
    ("setup", "--no-input", "--profile", OKTA),
    ("doctor", "--profile", CANARY, "--metrics", "metrics.txt"),
    ("domain", "submit", "corp.example", "--profile", ADMIN, *NO_DNS),
    ("setup", "--dry-run"),
    ("setup", "--no-input"),
    ("setup", "--no-input", "--format", "json"),
    ("setup", "--status"),
    ("rehearse",),
    ("rehearse", *REHEARSED),
    ("rehearse", *REHEARSED, "--dialect", "patch", "--format", "json"),
    ("rehearse", *REHEARSED, "--dry-run"),
    ("rehearse", "--domain", CANARY, "--yes", "--verbose"),
    ("rehearse", "--read-only", "--format", "markdown", "--show-users"),
    ("rehearse", "--okta-spec", "--verbose"),
    ("rehearse", "--clean-up", "--format", "json"),
    ("rehearse", "--dialect", OKTA),
    ("preview",),
    ("preview", "--verbose", "--report", "report.json"),
    ("preview", "--format", "json", "--show-users"),
    ("preview", "--okta-app", CANARY),
    ("profile", "list"),
    ("profile", "list", "--format", "json"),
    ("profile", "show"),
    ("profile", "show", "--format", "json"),
    ("profile", "show", "--profile", ADMIN),
    ("profile", "history"),
    ("profile", "history", "--format", "json"),
    ("profile", "delete"),
    ("profile", "delete", "--yes"),
    ("profile", "delete", "--profile", OKTA, "--yes"),
    ("completion", "bash"),
    ("completion", CANARY),
    ("help",),
    ("help", "users", "trace"),
    ("help", ADMIN),
    ("version",),
    ("version", OKTA),
    ("explain", CANARY),
    ("explain", f"Authorization: Bearer {ADMIN}", "--format", "json"),
    ("sandbox", "--list-faults"),
    ("sandbox", "--fault", CANARY),
    ("sandbox", "--port", ADMIN),
    ("--verbose", CANARY),
    (CANARY,),
]

DIRT = {"clean": "", "a space": " ", "a no-break space": "\u00a0", "a line break": "\n"}

FAULTS = ["", "key-refused", "key-revoked", "authtoken-pasted", "hostile-error", "server-error"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


@pytest.fixture
def everything_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Everything:
    """Runs a command with its credentials and returns all that it printed and wrote.

    The names of files belong to it, and files that are there for a while only.
    """
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def run(arguments: tuple[str, ...], sandbox: Sandbox, key: str = CANARY, **more: str) -> str:
        monkeypatch.chdir(tmp_path)
        environment = {
            "NGROK_SCIM_API_KEY": key,
            "NGROK_API_KEY": ADMIN,
            "NGROK_SCIM_BASE_URL": sandbox.values.scim_base_url,
            "NGROK_API_BASE_URL": sandbox.values.api_base_url,
            "OKTA_CLIENT_ORGURL": sandbox.values.okta_org_url,
            "OKTA_CLIENT_TOKEN": OKTA,
            **more,
        }
        given = {name: value for name, value in environment.items() if value}
        ran = CommandLine(monkeypatch)(*arguments, environment=given)
        assert ran.status in (0, 1, 2, 3) or "RuntimeError" in ran.err, ran.err
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        contents = [
            path.read_text("utf-8", errors="replace")
            for path in files
            if path.name != "keyring.json"
        ]
        return "\n".join([ran.out, ran.err, *map(str, files), *contents])

    return run


def leaks(text: str, *credentials: str) -> list[str]:
    return leaks_of(text, *(credentials or (CANARY, ADMIN, OKTA)))


def name_of(arguments: tuple[str, ...]) -> str:
    return " ".join(arguments).replace(CANARY, "K").replace(ADMIN, "A").replace(OKTA, "O")


@pytest.mark.parametrize("arguments", COMMANDS, ids=name_of)
def test_no_command_shows_a_credential(
    everything_from: Everything, sandbox: Sandbox, arguments: tuple[str, ...]
) -> None:
    assert leaks(everything_from(arguments, sandbox)) == []


@pytest.fixture
def willing_sandbox() -> Iterator[Sandbox]:
    """A sandbox that takes all three credentials."""
    with open_sandbox() as opened:
        account = opened.account
        service_user = next(iter(account.service_users))
        for token, owner in ((CANARY, service_user), (ADMIN, account.administrator)):
            key = account.add_key(owner, "Okta SCIM Integration", "")
            del account.keys[key.id]
            key.id, key.token = f"ak_{token.partition('_')[0]}", token
            account.keys[key.id] = key
        opened.org.token = OKTA
        yield opened


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        *((item, CANARY) for item in COMMANDS),
        *((item, "") for item in COMMANDS if item[0] in ("setup", "api-key")),
    ],
    ids=lambda item: name_of(item) if isinstance(item, tuple) else "given" if item else "made",
)
def test_no_command_shows_a_credential_that_works(
    everything_from: Everything, willing_sandbox: Sandbox, arguments: tuple[str, ...], key: str
) -> None:
    more = {
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
        "NGROK_SCIM_TEST_KEYRING": "keyring.json",
    }
    assert leaks(everything_from(arguments, willing_sandbox, key, **more)) == []


def test_no_command_is_forgotten() -> None:
    called = {item[:count] for item in COMMANDS for count in (1, 2)}
    assert every_command() - called == set()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("dirt", DIRT.values(), ids=DIRT)
def test_no_answer_brings_the_key_out_in_any_format(
    everything_from: Everything, sandbox: Sandbox, fault: str, dirt: str
) -> None:
    sandbox.set_faults([fault] if fault else [])
    forms = [f"--format={form}" for form in ("json", "markdown", "junit", "sarif", "text")]
    files = [f"--output={name}.txt" for name in ("json", "markdown", "junit", "sarif")]
    arguments = ("test-connect", "--verbose", *forms, *files, "--report=report.json")
    text = everything_from(arguments, sandbox, CANARY + dirt)
    sandbox.set_faults([])
    assert "<testsuite" in text
    assert leaks(text) == []


@pytest.mark.parametrize("dirt", DIRT.values(), ids=DIRT)
@pytest.mark.parametrize(
    "arguments",
    [
        ("setup", "--no-input"),
        ("api-key", "create"),
        ("api-key", "rotate"),
        ("api-key", "show"),
        ("api-key", "revoke", "ak_2aBcDeFgHiJkLmNoPqRsTuVwXyZ", "--yes"),
        ("doctor", "--verbose"),
    ],
    ids=" ".join,
)
def test_ngrok_repeats_the_admin_key_that_it_refuses_and_we_do_not(
    everything_from: Everything, sandbox: Sandbox, arguments: tuple[str, ...], dirt: str
) -> None:
    backend = "tests.support.keyring_backends.FileBackedKeyring"
    more = {
        "PYTHON_KEYRING_BACKEND": backend,
        "NGROK_SCIM_TEST_KEYRING": "keyring.json",
        "NGROK_API_KEY": f"{dirt}{ADMIN[:-1]} {ADMIN[-1]}{dirt}",
    }
    assert leaks(everything_from(arguments, sandbox, **more)) == []


@pytest.mark.parametrize(
    "arguments",
    [("test-connect",), ("setup", "--no-input"), ("api-key", "create"), ("doctor",)],
    ids=" ".join,
)
def test_a_fault_of_ours_that_holds_a_credential_does_not_show_it(
    everything_from: Everything,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    def fail(*_: object) -> None:
        cause = ValueError(f"{CANARY!r}: bad {OKTA}")
        raise RuntimeError(f"Authorization: Bearer {ADMIN}", CANARY.encode()) from cause

    monkeypatch.setattr(Wire, "send", fail)
    more = {
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
        "NGROK_SCIM_TEST_KEYRING": "keyring.json",
    }
    text = everything_from((*arguments, "--verbose"), sandbox, **more)
    assert "RuntimeError" in text
    assert leaks(text) == []


def test_the_whole_life_of_a_key_shows_none_of_its_secrets(
    everything_from: Everything, tmp_path: Path
) -> None:
    with open_sandbox(empty_account=True) as sandbox:
        more = {
            "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
            "NGROK_SCIM_TEST_KEYRING": str(tmp_path / "keyring.json"),
            "NGROK_API_KEY": sandbox.values.admin_key,
        }
        tokens = {sandbox.values.admin_key}
        text = ""
        for command in (
            ("setup", "--okta-app-type", "saml", "--domain", "corp.example"),
            ("api-key", "show", "--format", "json"),
            ("api-key", "rotate", "--format", "json"),
            ("api-key", "show"),
            ("api-key", "rotate", "--abort", "--yes", "--verbose"),
            ("api-key", "rotate"),
            ("api-key", "rotate", "--finish", "--yes", "--verbose"),
            ("test-connect", "--verbose", "--report", "report.json"),
            ("doctor", "--verbose", "--format", "json", "--skip", "Domains"),
            ("rehearse", *REHEARSED),
            ("rehearse", *REHEARSED, "--dialect", "patch", "--format", "json"),
            ("rehearse", "--clean-up", "--verbose"),
            ("domain", "remove", "corp.example"),
            ("profile", "list"),
            ("profile", "show", "--format", "json"),
            ("profile", "history", "--format", "json"),
            ("okta-values", "--html", "page.html"),
            ("setup", "--format", "json"),
            ("api-key", "revoke", "--yes"),
            ("profile", "history"),
            ("profile", "delete", "--yes"),
        ):
            text += everything_from(command, sandbox, "", **more)
            tokens |= {key.token for key in sandbox.account.keys.values()}
    assert '"left": "deactivated"' in text, "the rehearsal did not reach its end"
    assert len(tokens) == 1 + 3
    assert leaks(text, *tokens) == []
    assert json.loads((tmp_path / "keyring.json").read_text()) == {}


def test_the_key_is_named_by_its_id(everything_from: Everything, sandbox: Sandbox) -> None:
    text = everything_from(("test-connect",), sandbox)
    assert f"ak_{CANARY.partition('_')[0]}" in text


@pytest.mark.parametrize("credential", [CANARY, ADMIN, OKTA])
def test_the_search_finds_each_form(credential: str) -> None:
    everything = " ".join(
        [
            credential,
            base64.b64encode(credential.encode()).decode(),
            *(base64.b64encode((it + credential).encode()).decode() for it in SCHEMES),
            secret_of(credential).encode().hex(),
        ]
    )
    assert len(leaks(everything, credential)) == len(forms_of(credential))
