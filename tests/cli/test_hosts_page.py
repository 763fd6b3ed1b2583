"""`docs/hosts.md` says whom each command asks: each is run, and what it sends is compared."""

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ngrok_scim_cli.hosts import NGROK_HOST, OKTA_DOMAINS
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.dns import Answer, Outcome, Resolver
from ngrok_scim_cli.wire.exchange import Exchange, Request
from tests.support.admin import Admin
from tests.support.command_line import CommandLine, every_command

PAGE = (Path(__file__).parents[2] / "docs" / "hosts.md").read_text("utf-8")
ROW = re.compile(r"^\| `([a-z -]+)` \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
PEERS = ("SCIM endpoint", "ngrok API", "Okta", "DNS")

# In an order in which each has something to do; together they ask whomever a command may ask.
RUNS = (
    "setup --no-input --okta-app-type saml --domain corp.example",
    "test-connect",
    "doctor",
    "users list",
    "users audit",
    "users trace ada.abara@corp.example",
    "okta-values",
    "setup --status",
    "api-key show",
    "api-key rotate",
    "api-key rotate --finish --yes",
    "api-key revoke --yes",
    "api-key create",
    "api-key store --api-key-file -",
    "domain list",
    "domain add x.example",
    "domain remove x.example --yes",
    "domain submit corp.example",
    "domain check corp.example",
    "domain approve corp.example --yes",
    "rehearse --domain corp.example --yes",
    "preview",
    "profile list",
    "profile show",
    "profile history",
    "profile delete --yes",
    "explain KEY202",
    "completion bash",
    "help",
    "version",
    "sandbox --list-faults",
)


def peer_of(path: str) -> str:
    if path.startswith("/scim/"):
        return "SCIM endpoint"
    return "Okta" if path.startswith(("/api/", "/oauth2/")) else "ngrok API"


@pytest.fixture
def asked(
    monkeypatch: pytest.MonkeyPatch, ngrok_scim: CommandLine, tmp_path: Path
) -> dict[str, set[tuple[str, str]]]:
    """What each command asked: the peer, and whether it read or wrote."""
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    command = ""
    begin = Wire.begin

    def note(wire: Wire, request: Request) -> Callable[[], Exchange]:
        does = "reads" if request.method == "GET" else "writes"
        seen[command].add((peer_of(urlsplit(request.url).path), does))
        return begin(wire, request)

    def note_name(resolver: Resolver, name: str, kind: str) -> Answer:
        seen[command].add(("DNS", "reads"))
        return Answer(Outcome.UNKNOWN, reason="Not asked in a test.")

    monkeypatch.setattr(Wire, "begin", note)
    monkeypatch.setattr(Resolver, "_ask", note_name)
    monkeypatch.chdir(tmp_path)
    names = {" ".join(words) for words in every_command()}
    with open_sandbox(empty_account=True) as sandbox:
        admin = Admin(sandbox, tmp_path)
        admin.environment["OKTA_CLIENT_ORGURL"] = sandbox.values.okta_org_url
        admin.environment["OKTA_CLIENT_TOKEN"] = sandbox.values.okta_token
        for run in RUNS:
            command = next(name for name in names if f"{run} ".startswith(f"{name} "))
            kept = admin.keyring().get("default/scim", "")
            ngrok_scim(*run.split(), environment=admin.environment, stdin=kept.encode())
    return seen


def test_the_page_says_whom_each_command_asks(asked: dict[str, set[tuple[str, str]]]) -> None:
    documented = {
        name: {
            (peer, does)
            for peer, cell in zip(PEERS, cells, strict=True)
            for does in cell.split(", ")
            if does != "-"
        }
        for name, *cells in ROW.findall(PAGE)
    }
    assert set(documented) == {" ".join(words) for words in every_command()}
    assert documented == {name: asked.get(name, set()) for name in documented}


def test_the_page_names_the_hosts_that_a_credential_may_go_to() -> None:
    peers = PAGE.partition("## What each command asks")[0]
    hosts = set(re.findall(r"`([a-z-]+(?:\.[a-z]+)+)`", peers))
    assert hosts == {NGROK_HOST, *OKTA_DOMAINS}
