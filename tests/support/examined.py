"""Runs ``ngrok-scim doctor`` against a sandbox, with as much around it as a test asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ngrok_scim_cli.cli.runtime import peers
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.wire.dns import Resolver
from tests.support.command_line import CommandLine, Ran
from tests.support.dns_server import HOST, DnsServer, dns_server
from tests.support.environment import environment_of

APPROVED = """\
[[domain]]
name = "corp.example"
submitted_at = 2026-01-01T00:00:00Z
approved_at = 2026-01-02T00:00:00Z
"""


@dataclass(frozen=True)
class Situation:
    """How everything stands.

    Attributes:
        faults: how the sandbox is broken.
        credentials: which of ``scim``, ``admin`` and ``okta`` there are.
        key: the SCIM key as pasted; ``{key}`` is the right one.
        environment: what else is set; ``{root}`` is the address of the sandbox, ``{token}`` its
            Okta token.
        profile: what stands in the profile; empty where there is none.
        mode: of the profile.
        arguments: what else stands on the command line.
    """

    faults: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ("scim", "admin", "okta")
    key: str = "{key}"
    environment: tuple[tuple[str, str], ...] = ()
    profile: str = APPROVED
    mode: int = 0o600
    arguments: tuple[str, ...] = ()


def examine(
    ngrok_scim: CommandLine, sandbox: Sandbox, home: Path, situation: Situation, *more: str
) -> Ran:
    """Run ``doctor`` in these surroundings.

    Args:
        ngrok_scim: runs it.
        sandbox: what is examined.
        home: where the profile and the keyring are.
        around: how everything stands.
        more: what else stands on the command line.
    """
    sandbox.set_faults(situation.faults)
    values = sandbox.values
    environment = {
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
        "NGROK_SCIM_TEST_KEYRING": str(home / "keyring.json"),
    }
    if situation.credentials:
        environment |= environment_of(sandbox, *situation.credentials)
    if "scim" in situation.credentials:
        environment["NGROK_SCIM_API_KEY"] = situation.key.replace("{key}", values.scim_key)
    for name, value in situation.environment:
        filled = value.replace("{root}", values.api_base_url)
        environment[name] = filled.replace("{token}", values.okta_token)
    _write_profile(home / "home" / "profiles" / "default.toml", situation.profile, situation.mode)
    arguments = (*situation.arguments, "--okta-app", values.okta_app, "--no-input", *more)
    return ngrok_scim("doctor", *arguments, environment=environment)


def _write_profile(path: Path, content: str, mode: int) -> None:
    path.unlink(missing_ok=True)
    if not content:
        return
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    path.write_text(f"version = 1\n{content}", encoding="utf-8")
    path.chmod(mode)


@contextmanager
def own_dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    """Let ``doctor`` ask a DNS server that knows corp.example, and nothing else."""
    with dns_server() as server:
        server.records["corp.example"] = [("MX", "10 mx.corp.example.")]

        def open_resolver(timeout_s: float) -> Resolver:
            return Resolver(timeout=timeout_s, nameservers=(HOST,), port=server.port)

        monkeypatch.setattr(peers, "open_resolver", open_resolver)
        yield server
