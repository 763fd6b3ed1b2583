"""Every command beside a rotation that is under way: none revokes a key that nobody said yes to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from tests.support.admin import Admin
from tests.support.command_line import CommandLine, every_command
from tests.support.pseudo_terminal import ENTER, at_a_terminal

pytestmark = pytest.mark.no_cover

NO_DNS = ("--timeout", "0.1", "--nameserver", "127.0.0.1#1")

# How a command is run, where its name alone is not enough. OLD and NEW are the ids of the two keys.
ARGUMENTS: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
    ("api-key", "revoke"): (
        (),
        ("OLD",),
        ("NEW",),
        ("OLD", "--force"),
        ("--leaked",),
        ("OLD", "--leaked"),
        ("NEW", "--leaked"),
    ),
    ("api-key", "rotate"): ((), ("--finish",), ("--abort",), ("--service-user", "Another")),
    ("api-key", "show"): ((), ("--copy", "--clear-after", "0")),
    ("domain", "add"): (("corp.example",),),
    ("domain", "remove"): (("corp.example",),),
    ("domain", "approve"): (("corp.example",),),
    ("domain", "check"): (("corp.example", *NO_DNS),),
    ("domain", "submit"): (("corp.example", *NO_DNS),),
    ("explain",): (("NGR716",), ("NGR712",)),
    ("profile", "delete"): ((), ("--forget",)),
    ("setup",): (("--okta-app-type", "saml"), ("--okta-app-type", "saml", "--from", "api-key")),
    ("users", "trace"): (("ada@corp.example",),),
}
# They know no profile; the first serves until it is interrupted.
ENDLESS = {("sandbox",), ("completion",), ("help",), ("version",)}

RUNS = tuple(
    (*command, *arguments)
    for command in sorted(every_command() - ENDLESS)
    for arguments in ARGUMENTS.get(command, ((),))
)
# Those that ask whether a key shall be revoked.
REVOKING = (
    ("api-key", "revoke", "OLD"),
    ("api-key", "rotate", "--finish"),
    ("api-key", "rotate", "--abort"),
)
NO = f"n{ENTER}"


@pytest.fixture
def admin(ngrok_scim: CommandLine, tmp_path: Path) -> Iterator[Admin]:
    """An admin whose key is being replaced: the old and the new key work."""
    with open_sandbox(empty_account=True) as sandbox:
        admin = Admin(sandbox, tmp_path)
        for command in ("create", "rotate"):
            assert ngrok_scim("api-key", command, environment=admin.environment).status == 0
        yield admin


def named(admin: Admin, run: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``run`` with the ids of the admin's two keys in place of their names."""
    rotation = admin.profile().rotation
    assert rotation is not None
    ids = {"OLD": rotation.old.id, "NEW": rotation.new.id}
    return tuple(ids.get(word, word) for word in run)


@pytest.mark.parametrize("run", RUNS, ids=" ".join)
def test_no_command_revokes_a_key_without_a_yes(
    admin: Admin, ngrok_scim: CommandLine, run: tuple[str, ...]
) -> None:
    keys, kept = admin.ours(), admin.keyring()
    words = named(admin, run)
    for _ in range(2):
        ran = ngrok_scim(*words, environment=admin.environment)
        assert "Missing argument" not in ran.err
        assert (admin.ours(), admin.keyring()) == (keys, kept)


@pytest.mark.parametrize(
    "run",
    [run if run in REVOKING else pytest.param(run, marks=pytest.mark.slow) for run in RUNS],
    ids=" ".join,
)
def test_no_command_revokes_a_key_after_a_no(admin: Admin, run: tuple[str, ...]) -> None:
    keys, kept = admin.ours(), admin.keyring()
    for keys_pressed in (ENTER, NO):
        with at_a_terminal(*named(admin, run), environment=admin.environment) as terminal:
            terminal.press_until_it_ends(keys_pressed)
        assert (admin.ours(), admin.keyring()) == (keys, kept), terminal.text()
    assert admin.profile().rotation is not None


def test_a_yes_revokes_what_was_asked_for(admin: Admin) -> None:
    (old, new) = (admin.profile().key, admin.profile().next_key)
    assert old is not None
    assert new is not None
    with at_a_terminal("api-key", "rotate", "--finish", environment=admin.environment) as terminal:
        terminal.answer("[y/N]: ", "y", ENTER)
        assert terminal.end() == 0
    assert list(admin.ours()) == [new.id]
