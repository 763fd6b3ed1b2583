"""Whatever a command prints for programs fits the published schema, and nothing is left unsaid."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine, every_command
from tests.support.environment import environment_of

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "result.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

# In an order in which each finds what it needs; `sandbox` prints its addresses and keys instead.
COMMANDS = [
    ("setup", "--dry-run"),
    ("setup", "--status"),
    ("setup", "--no-input", "--domain", "corp.example"),
    ("api-key", "show"),
    ("api-key", "rotate", "--dry-run"),
    ("api-key", "rotate"),
    ("api-key", "show"),
    ("api-key", "rotate", "--abort", "--yes"),
    ("test-connect",),
    ("test-connect", "--unique-id", "userName"),
    ("test-connect", "--okta-message", "Error authenticating: Not Found."),
    ("doctor", "--list-checks"),
    ("doctor", "--wait", "0.1", "--only", "Network"),
    ("doctor", "--skip", "Domains"),
    ("okta-values",),
    ("okta-values", "--unique-id", "userName"),
    ("users", "list"),
    ("users", "audit"),
    ("users", "trace", "sam.rivers@corp.example"),
    ("users", "trace", "nobody@corp.example"),
    ("preview",),
    ("rehearse", "--dry-run", "--domain", "corp.example"),
    ("rehearse", "--yes", "--domain", "corp.example"),
    ("rehearse", "--read-only"),
    ("rehearse", "--okta-spec"),
    ("rehearse", "--clean-up", "--yes"),
    ("domain", "submit", "corp.example"),
    ("domain", "submit", "corp.example", "--sent"),
    ("domain", "check"),
    ("domain", "approve", "corp.example", "--yes"),
    ("domain", "list"),
    ("domain", "add", "example.com"),
    ("domain", "remove", "example.com", "--yes"),
    ("api-key", "create", "--dry-run"),
    ("api-key", "rotate", "--abort", "--yes"),
    ("api-key", "revoke", "--dry-run"),
    ("api-key", "revoke", "--yes"),
    ("api-key", "create"),
    ("api-key", "store"),
    ("explain", "KEY202"),
    ("explain", "ERR_NGROK_206"),
    ("explain", "Error authenticating: Not Found."),
    ("explain", "KEY299"),
    ("profile", "list"),
    ("profile", "show"),
    ("profile", "history"),
    ("profile", "delete", "--forget", "--yes"),
]
# They print no result.
WITHOUT_RESULT = {("sandbox",), ("completion",), ("help",), ("version",)}


def words_of(arguments: tuple[str, ...]) -> tuple[str, ...]:
    return next(arguments[:count] for count in (1, 2) if arguments[:count] in every_command())


@pytest.fixture(scope="module")
def full_sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


def environment(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    return {
        **environment_of(sandbox, "admin", "okta"),
        "NGROK_SCIM_BASE_URL": sandbox.values.scim_base_url,
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
        "NGROK_SCIM_TEST_KEYRING": str(folder / "keyring.json"),
    }


def on_this_machine(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return what keeps a look-up of the DNS here, where nobody answers it."""
    asks_dns = words_of(arguments) in (("domain", "submit"), ("domain", "check"))
    return ("--nameserver", "127.0.0.1#1", "--timeout", "0.1") if asks_dns else ()


def test_every_command_prints_what_the_schema_promises(
    ngrok_scim: CommandLine, full_sandbox: Sandbox, tmp_path: Path
) -> None:
    for arguments in COMMANDS:
        ran = ngrok_scim(
            *arguments,
            *on_this_machine(arguments),
            "--format=json",
            environment=environment(full_sandbox, tmp_path),
        )
        assert ran.out, (arguments, ran.err)
        document = json.loads(ran.out)
        assert [error.message for error in VALIDATOR.iter_errors(document)] == [], arguments
        assert document["command"].startswith(" ".join(words_of(arguments)))


# To remove what is not there is a mistake of the command line.
REMOVING = (("domain", "remove"), ("profile", "delete"))
ONE_OF_EACH = {words_of(item): item for item in COMMANDS if item[:2] not in REMOVING}


@pytest.mark.parametrize("arguments", ONE_OF_EACH.values(), ids=" ".join)
@pytest.mark.parametrize("trouble", ["nobody listens", "the key is refused", "no profile"])
def test_errors_are_json_in_the_same_form(
    ngrok_scim: CommandLine,
    full_sandbox: Sandbox,
    tmp_path: Path,
    arguments: tuple[str, ...],
    trouble: str,
) -> None:
    given = environment(full_sandbox, tmp_path)
    if trouble == "nobody listens":
        nobody = "http://127.0.0.1:9/"
        given |= {"NGROK_API_BASE_URL": nobody, "NGROK_SCIM_BASE_URL": f"{nobody}scim/v2/"}
    elif trouble == "the key is refused":
        given |= {"NGROK_API_KEY": "3GoldfinchGoldfinchGoldfi00_8StieglitzDistelfink4"}
    else:
        profiles = tmp_path / "home" / "profiles"
        profiles.mkdir(parents=True)
        (profiles / "default.toml").write_text("this is no TOML")
    if arguments[0] != "api-key":
        given |= {"NGROK_SCIM_API_KEY": full_sandbox.values.scim_key}
    ran = ngrok_scim(*arguments, *on_this_machine(arguments), "--format=json", environment=given)
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(ran.out))] == []


def test_no_command_is_forgotten() -> None:
    assert {words_of(item) for item in COMMANDS} == every_command() - WITHOUT_RESULT
