"""Whoever may set a name in the directory, a label or a description gives no command by it."""

from __future__ import annotations

import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import trustme

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.people import Person
from tests.hostile.behaviours import KEY
from tests.hostile.test_servers import check
from tests.support.dns_server import dns_server
from tests.support.environment import environment_of
from tests.support.raw_server import EMPTY_OK, RawServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ngrok_scim_cli.sandbox.server import Sandbox
    from tests.support.command_line import CommandLine

pytestmark = pytest.mark.no_cover

ORDER = (
    "\n::add-mask::x::\n::stop-commands::t\n##vso[task.setvariable variable=a]b ##[error]c"
    " ##teamcity[testFailed name='x'] \x1b[2J\x9b31m\u202e"
    + " ::error::x"
    * 25  # wherever a long line is broken, the next one begins with it
)


@pytest.fixture
def directory() -> Iterator[Sandbox]:
    """An account and an org in which every name is an order."""
    with open_sandbox(users=2) as sandbox:
        org, account = sandbox.org, sandbox.account
        org.app = replace(org.app, label=f"ngrok{ORDER}", user_name_template=ORDER)
        org.other_apps = tuple(replace(app, label=ORDER) for app in org.other_apps)
        for key in account.keys.values():
            key.description = key.metadata = ORDER
        for owner in account.service_users.values():
            owner.name = ORDER
        org.assign(org.add_user(f"new{ORDER}@corp.example", ORDER), None, status="ACTIVE")
        strangers = [Person(f"a{ORDER}@corp.example", ORDER), Person(ORDER, ORDER, active=False)]
        sandbox.directory.put_first(strangers)
        yield sandbox


@pytest.mark.parametrize(
    "words",
    [
        ("doctor", "--verbose"),
        ("doctor", "--format", "markdown"),
        ("doctor", "--format", "junit"),
        ("doctor", "--format", "sarif"),
        ("doctor", "--format", "json"),
        ("users", "list"),
        ("users", "list", "--format", "csv"),
        ("users", "list", "--format", "json"),
        ("users", "audit", "--format", "markdown"),
        ("preview",),
        ("preview", "--format", "json"),
        ("users", "trace", "new@corp.example"),
        ("setup", "--no-input"),
    ],
    ids=" ".join,
)
def test_a_user_name_is_no_command_to_a_terminal_or_runner(
    ngrok_scim: CommandLine, directory: Sandbox, words: tuple[str, ...]
) -> None:
    ran = ngrok_scim(
        *words,
        environment={
            **environment_of(directory),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        },
    )

    assert ran.status in (0, 1, 3), ran.err
    lines = ran.out.replace("\r\n", "\n")  # as CSV ends them (RFC 4180)
    check(lines + ran.err, " ".join(words))


RECORD = "::add-mask::x ##[error]y ##vso[task.setvariable variable=a]b ##teamcity[message]"


@pytest.mark.parametrize("form", ["text", "markdown", "json", "junit", "sarif"])
def test_a_dns_record_is_no_command_to_a_terminal_or_runner(
    ngrok_scim: CommandLine, form: str
) -> None:
    with dns_server() as server:
        strings = [RECORD, "::stop-commands::t", "\\027[2J ::error::z"]
        server.records["corp.example"] = [
            ("MX", "10 \\035\\035vso[a]b.##[error]c.example."),
            *(("TXT", f'"{text}"') for text in strings),
        ]
        assert ngrok_scim("domain", "add", "corp.example").status == 0
        ran = ngrok_scim(
            *("domain", "check", "--verbose", "--format", form, "--no-input"),
            *("--nameserver", server.address, "--txt", f"{RECORD} ", "corp.example"),
        )

    assert ran.status in (0, 1, 3), ran.err
    assert ("corp.example", "TXT") in server.asked
    check(ran.out + ran.err, form)


@pytest.mark.parametrize("form", ["text", "markdown", "json", "junit", "sarif"])
@pytest.mark.parametrize(
    ("name", "command"),
    [("vso.corp.example", "test-connect"), ("127.0.0.1", "doctor")],
    ids=["refused", "taken"],
)
def test_a_certificate_is_no_command_to_a_terminal_or_runner(
    ngrok_scim: CommandLine, tmp_path: Path, form: str, name: str, command: str
) -> None:
    order = f"\n{RECORD}\n::stop-commands::t\n\x1b[2J"
    authority = trustme.CA(organization_name=RECORD[:60], organization_unit_name="##[group]")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(
        name, common_name=order[:60], organization_name="##[error]x"
    ).configure_cert(context)
    with RawServer(EMPTY_OK, context=context) as server:
        ran = ngrok_scim(
            *(command, "--verbose", "--format", form, "--no-input"),
            *("--ca-bundle", str(tmp_path / "ca.pem"), "--allow-host", "127.0.0.1"),
            *("--report", str(tmp_path / "report.json")),
            *("--base-url", f"https://127.0.0.1:{server.port}/scim/v2/"),
            environment={"NGROK_SCIM_API_KEY": KEY},
        )

    assert ran.status in (0, 1, 3), ran.err
    report = (tmp_path / "report.json").read_text()
    assert "add-mask" in ran.out + report  # it is shown
    check(ran.out + ran.err + report, form)
