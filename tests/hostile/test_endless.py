"""A list that is too long is broken off, and each command says so and what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.sandbox import open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ngrok_scim_cli.sandbox.server import Sandbox
    from tests.support.command_line import CommandLine


@pytest.fixture(scope="module")
def crowd() -> Iterator[Sandbox]:
    """So many that each side needs a second page for them."""
    with open_sandbox(users=600) as sandbox:
        yield sandbox


KNOWN = "Only the first 100 users are known."
NO_END = "It has no end: The list goes on after 100 entries."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("users", "list"), ("USR609", NO_END)),
        (
            ("users", "audit"),
            (
                "600 in all, 100 returned",
                "USR609",
                NO_END,
                KNOWN,
                "The list goes on after 500 entries.",
            ),
        ),
        (("doctor", "--only", "Users"), ("USR609", NO_END, KNOWN)),
        (("preview",), ("Could not verify what the first sync would do.", NO_END, KNOWN)),
    ],
)
def test_a_list_that_is_too_long_is_said_to_be_so(
    ngrok_scim: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    crowd: Sandbox,
    words: tuple[str, ...],
    told: tuple[str, ...],
) -> None:
    monkeypatch.setattr("ngrok_scim_cli.wire.pages.MOST_ITEMS", 90)
    values = crowd.values
    ran = ngrok_scim(
        *(*words, "--no-input"),
        environment={
            "NGROK_SCIM_BASE_URL": values.scim_base_url,
            "NGROK_SCIM_API_KEY": values.scim_key,
            "NGROK_API_BASE_URL": values.api_base_url,
            "OKTA_CLIENT_ORGURL": values.okta_org_url,
            "OKTA_CLIENT_TOKEN": values.okta_token,
        },
    )
    assert ran.status == 1, ran.err
    for text in told:
        assert text in ran.out + ran.err
