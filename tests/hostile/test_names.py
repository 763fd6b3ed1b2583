"""Whoever may set a name in the directory, a label or a description gives no command by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.people import Person
from tests.hostile.test_servers import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ngrok_scim_cli.sandbox.server import Sandbox
    from tests.support.command_line import CommandLine

ORDER = (
    "\n::add-mask::x::\n::stop-commands::t\n##vso[task.setvariable variable=a]b ##[error]c"
    " ##teamcity[testFailed name='x'] \x1b[2J\x9b31m\u202e"
)


@pytest.fixture
def directory() -> Iterator[Sandbox]:
    """An account and an org in which every name is an order."""
    with open_sandbox(users=2) as sandbox:
        org, account = sandbox.org, sandbox.account
        org.app = replace(org.app, label=f"ngrok{ORDER}", user_name_template=ORDER)
        org.other_apps = tuple(replace(app, label=ORDER) for app in org.other_apps)
        org.app_group = replace(org.app_group, name=ORDER, description=ORDER)
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
    values = directory.values
    ran = ngrok_scim(
        *words,
        environment={
            "NGROK_SCIM_BASE_URL": values.scim_base_url,
            "NGROK_SCIM_API_KEY": values.scim_key,
            "NGROK_API_BASE_URL": values.api_base_url,
            "NGROK_API_KEY": values.admin_key,
            "OKTA_CLIENT_ORGURL": values.okta_org_url,
            "OKTA_CLIENT_TOKEN": values.okta_token,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        },
    )

    assert ran.status in (0, 1, 3), ran.err
    lines = ran.out.replace("\r\n", "\n")  # as CSV ends them (RFC 4180)
    check(lines + ran.err, " ".join(words))
