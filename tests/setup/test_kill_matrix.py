"""SIGKILL at every moment that matters, then the same command again."""

import signal
from collections.abc import Iterator

import pytest

from tests.support.admin import Admin

pytestmark = pytest.mark.no_cover

CREATE = ("api-key", "create", "--no-input")
SETUP = ("setup", "--no-input", "--okta-app-type", "saml", "--domain", "corp.example")
STORE = ("api-key", "store", "--api-key-file", "-", "--no-input")
REVOKE = ("api-key", "revoke", "--yes", "--no-input")
ROTATE = ("api-key", "rotate", "--no-input")
FINISH = (*ROTATE, "--finish", "--yes")
ABORT = (*ROTATE, "--abort", "--yes")
LEAKED = (*REVOKE, "--leaked")

FEWEST_MOMENTS = 5
MOST_MOMENTS = 300

# Each moment takes three processes, so only a sample of them runs with all tests.
MOMENTS = pytest.mark.parametrize(
    "step",
    [
        pytest.param(17, id="every 17th moment"),
        pytest.param(1, id="every moment", marks=pytest.mark.slow),
    ],
)


def killed(admin: Admin, *command: str, step: int, stdin: str = "") -> Iterator[tuple[int, str]]:
    """Run ``command`` again and again, killed later each time, until it ends by itself.

    Each time, say when it was killed and what it had printed.
    """
    for kill_at in range(1, MOST_MOMENTS, step):
        ran = admin.run(*command, trouble=f"kill {kill_at}", stdin=stdin)
        assert ran.returncode in (-signal.SIGKILL, 0), ran.stderr
        if ran.returncode == 0:
            assert kill_at > FEWEST_MOMENTS, "the killer saw nothing"
            return
        yield kill_at, ran.stdout
    raise AssertionError("the command never ends")


def ends_with_one_key(admin: Admin, *command: str, step: int) -> None:
    for kill_at, _ in killed(admin, *command, step=step):
        assert admin.unknown() == [], kill_at
        again = admin.run(*command)
        assert again.returncode == 0, (kill_at, again.stderr)
        assert admin.has_exactly_one_key(), kill_at
        admin.start_over()
    assert admin.has_exactly_one_key()


@MOMENTS
def test_a_new_key_is_known_stored_and_alone_whenever_its_making_was_killed(
    admin: Admin, step: int
) -> None:
    ends_with_one_key(admin, *CREATE, step=step)


@MOMENTS
def test_a_setup_that_is_killed_goes_on_and_ends_with_one_key(admin: Admin, step: int) -> None:
    ends_with_one_key(admin, *SETUP, step=step)
    assert [domain.name for domain in admin.profile().domains] == ["corp.example"]


@MOMENTS
def test_a_key_made_by_hand_is_stored_and_used_whenever_its_storing_was_killed(
    admin: Admin, step: int
) -> None:
    owner = admin.sandbox.account.add_service_user("By hand")
    made = admin.sandbox.account.add_key(owner.id, "by hand", "")
    admin_key = admin.environment.pop("NGROK_API_KEY")  # who stores one may have none
    for kill_at, _ in killed(admin, *STORE, step=step, stdin=made.token):
        stored = admin.keyring()
        assert stored in ({}, {"default/scim": made.token}), kill_at
        # Where the keyring has it, the setup goes on without being given it again.
        command = SETUP if stored else STORE
        again = admin.run(*command, stdin="" if stored else made.token)
        assert again.returncode == 0, (kill_at, again.stderr)
        key = admin.profile().key
        assert key is not None, kill_at
        assert key.id == made.id, kill_at
        assert admin.keyring() == {"default/scim": made.token}, kill_at
        admin.lose_keyring()
        admin.lose_profile()
    assert made.id in admin.sandbox.account.keys
    assert admin_key not in admin.keyring().values()


@MOMENTS
def test_both_keys_live_and_are_known_whenever_the_storing_of_a_second_one_was_killed(
    admin: Admin, step: int
) -> None:
    admin.run(*CREATE)
    (old,) = admin.ours().values()
    account = admin.sandbox.account
    new = account.add_key(account.add_service_user("By hand").id, "by hand", "")
    for kill_at, _ in killed(admin, *STORE, step=step, stdin=new.token):
        # Neither is revoked, and the one in use stays where it is.
        assert {old.id, new.id} <= account.keys.keys(), kill_at
        assert admin.keyring()["default/scim"] == old.token, kill_at
        again = admin.run(*STORE, stdin=new.token)
        assert again.returncode == 0, (kill_at, again.stderr)
        profile = admin.profile()
        assert profile.key is not None, kill_at
        assert profile.next_key is not None, kill_at
        assert (profile.key.id, profile.next_key.id) == (old.id, new.id), kill_at
        stored = {"default/scim": old.token, "default/scim-next": new.token}
        assert admin.keyring() == stored, kill_at
        assert {old.id, new.id} <= account.keys.keys(), kill_at
        aborted = admin.run(*ROTATE, "--abort", "--yes")
        assert aborted.returncode == 0, (kill_at, aborted.stdout)
        assert admin.has_exactly_one_key(), kill_at
        account.keys[new.id] = new  # it lives again, for the next moment
    assert {old.id, new.id} <= account.keys.keys()


@MOMENTS
def test_a_revoked_key_is_gone_everywhere_whenever_its_revocation_was_killed(
    admin: Admin, step: int
) -> None:
    admin.run(*CREATE)
    for kill_at, _ in killed(admin, *REVOKE, step=step):
        assert admin.unknown() == [], kill_at
        admin.run(*REVOKE)
        assert admin.ours() == {}, kill_at
        assert admin.keyring() == {}, kill_at
        assert admin.profile().key is None, kill_at
        assert admin.run(*CREATE).returncode == 0, kill_at
    assert admin.ours() == {}


@MOMENTS
def test_a_rotation_that_is_killed_goes_on_without_a_third_key(admin: Admin, step: int) -> None:
    admin.run(*CREATE)
    (old,) = admin.ours()
    for kill_at, _ in killed(admin, *ROTATE, step=step):
        assert admin.unknown() == [], kill_at
        assert old in admin.ours(), kill_at
        again = admin.run(*ROTATE)
        assert again.returncode == 0, (kill_at, again.stderr)
        assert len(admin.ours()) == 2, kill_at
        assert old in admin.ours(), kill_at
        assert admin.run(*FINISH).returncode == 0, kill_at
        assert admin.has_exactly_one_key(), kill_at
        assert old not in admin.ours(), kill_at
        (old,) = admin.ours()
    assert len(admin.ours()) == 2


@MOMENTS
def test_the_new_key_lives_whenever_the_end_of_a_rotation_is_killed(
    admin: Admin, step: int
) -> None:
    admin.run(*CREATE)
    (old,) = admin.ours()
    admin.run(*ROTATE)
    for kill_at, _ in killed(admin, *FINISH, step=step):
        (new,) = admin.ours().keys() - {old}
        assert admin.unknown() == [], kill_at
        again = admin.run(*FINISH)
        assert again.returncode == 0, (kill_at, again.stdout)
        assert admin.has_exactly_one_key(), kill_at
        assert list(admin.ours()) == [new], kill_at
        old = new
        admin.run(*ROTATE)
    assert admin.has_exactly_one_key()


@MOMENTS
def test_the_old_key_lives_whenever_the_abort_of_a_rotation_is_killed(
    admin: Admin, step: int
) -> None:
    admin.run(*CREATE)
    (old,) = admin.ours()
    admin.run(*ROTATE)
    for kill_at, _ in killed(admin, *ABORT, step=step):
        assert admin.unknown() == [], kill_at
        again = admin.run(*ABORT)
        assert again.returncode == 0, (kill_at, again.stdout)
        assert admin.has_exactly_one_key(), kill_at
        assert list(admin.ours()) == [old], kill_at
        admin.run(*ROTATE)
    assert list(admin.ours()) == [old]


@MOMENTS
def test_a_leaked_key_is_replaced_whenever_its_revocation_was_killed(
    admin: Admin, step: int
) -> None:
    admin.run(*CREATE)
    for kill_at, _ in killed(admin, *LEAKED, step=step):
        assert admin.unknown() == [], kill_at
        admin.run(*LEAKED)  # ends with 2 where the key was gone: then there is none to name
        assert admin.run(*CREATE).returncode == 0, kill_at
        assert admin.has_exactly_one_key(), kill_at
    assert admin.has_exactly_one_key()
