"""What an admin reads in twenty typical failures: golden files, read by eye before each commit.

``UPDATE_GOLDEN=1`` rewrites them.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.wire import tls
from tests.support.certificates import Authorities
from tests.support.command_line import CommandLine
from tests.support.loopback_network import loopback_network
from tests.support.stand_in import TlsFront

pytestmark = pytest.mark.no_cover

FOLDER = Path(__file__).parent / "failures"
UNKNOWN_KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"


@dataclass(frozen=True)
class Failure:
    """What the admin typed, and how the server behaves.

    Attributes:
        name: the name of the golden file.
        key: the key as pasted; ``{key}`` is the right one.
        base_url: the base URL as typed; ``{root}`` is that of the server.
        faults: how the sandbox is broken.
        arguments: what else stands on the command line.
    """

    name: str
    key: str = "{key}"
    base_url: str = "{root}/scim/v2/"
    faults: tuple[str, ...] = ()
    arguments: Sequence[str] = ()


FAILURES = [
    Failure("space-behind-the-key", key="{key} "),
    Failure("no-break-space-before-the-key", key="\u00a0{key}"),
    Failure("zero-width-space-in-the-key", key="\u200b{key}\ufeff"),
    Failure("bearer-before-the-key", key="Bearer {key}"),
    Failure("key-id-instead-of-the-key", key="ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD"),
    Failure("masked-key", key="••••••••••••"),
    Failure("variable-that-was-not-filled-in", key="$NGROK_API_KEY"),
    Failure("unknown-key", key=UNKNOWN_KEY),
    Failure("authtoken", faults=("authtoken-pasted",)),
    Failure("revoked-key", faults=("key-refused",)),
    Failure("path-missing", base_url="{root}/"),
    Failure("users-appended", base_url="{root}/scim/v2/Users"),
    Failure("dashboard-address", base_url="https://dashboard.ngrok.com/scim/v2/"),
    Failure("plain-http", base_url="http://api.ngrok.com/scim/v2"),
    Failure("cyrillic-letter", base_url="https://\u0430pi.ngrok.com/scim/v2/"),
    Failure("strange-host", base_url="https://scim.corp.example/scim/v2/"),
    Failure("nobody-listens", base_url="http://127.0.0.1:1/scim/v2/"),
    Failure("empty-list", faults=("empty-list",)),
    Failure("web-page", faults=("web-page",)),
    Failure("server-error", faults=("server-error",)),
    Failure("address-not-allowed", faults=("forbidden-address",)),
    Failure(
        "wrong-identifier-and-groups",
        arguments=(
            "--unique-id",
            "userName",
            "--action",
            "Push New Users",
            "--action",
            "Push Groups",
        ),
    ),
    Failure("path-missing-and-unknown-key", base_url="{root}/", key=UNKNOWN_KEY),
    Failure("hostile-server", faults=("hostile-error",)),
    Failure(
        "okta-shows-something-else",
        arguments=("--okta-message", "Error authenticating: Unauthorized"),
    ),
]


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities("api.ngrok.com")


@pytest.fixture
def ca_bundle(
    authorities: Authorities, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Path]:
    """Let the sandbox stand at ngrok's own address, too, with a certificate that is trusted."""
    place = ("127.0.0.1", int(sandbox.values.api_base_url.rpartition(":")[2]))
    public = authorities.trusted.cert_pem.bytes().decode().replace("\n", "")
    monkeypatch.setattr(tls, "_public_roots", lambda: public)
    with (
        TlsFront(authorities.context("trusted"), place) as front,
        loopback_network(monkeypatch) as network,
    ):
        network.ports = {"api.ngrok.com": front.port}
        yield authorities.write_bundle(tmp_path / "authorities.pem")
        assert network.left == []


@pytest.mark.parametrize("failure", FAILURES, ids=lambda item: item.name)
def test_the_screen_is_the_one_that_was_read(
    ngrok_scim: CommandLine, sandbox: Sandbox, ca_bundle: Path, failure: Failure
) -> None:
    sandbox.set_faults(failure.faults)
    root = sandbox.values.api_base_url
    ran = ngrok_scim(
        "test-connect",
        f"--ca-bundle={ca_bundle}",
        *failure.arguments,
        environment={
            "NGROK_SCIM_BASE_URL": failure.base_url.format(root=root),
            "NGROK_SCIM_API_KEY": failure.key.replace("{key}", sandbox.values.scim_key),
        },
    )
    shown = _masked(ran.out + ran.err + f"(exit status {ran.status})\n", sandbox)
    path = FOLDER / f"{failure.name}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def test_there_is_no_file_without_a_failure() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {item.name for item in FAILURES}


def _masked(text: str, sandbox: Sandbox) -> str:
    """Put what differs from run to run into words of the same length."""
    port = sandbox.values.api_base_url.rpartition(":")[2]
    key_id = sandbox.values.scim_key.partition("_")[0]
    text = text.replace(f":{port}", ":" + "9" * len(port)).replace(key_id, "3" * len(key_id))
    text = re.sub(r"op_[0-9A-Za-z]{27}", "op_" + "0" * 27, text)
    return re.sub(r"\d{4}-\d\d-\d\d", "2026-01-01", text)
