"""A full disk, a keyring that fails, a line that breaks: at every moment, then the same again."""

from collections.abc import Iterator

import pytest

from tests.support.admin import Admin

pytestmark = pytest.mark.no_cover

CREATE = ("api-key", "create", "--no-input")
SETUP = ("setup", "--no-input", "--okta-app-type", "saml", "--domain", "corp.example")
ROTATE = ("api-key", "rotate", "--no-input")
FINISH = (*ROTATE, "--finish", "--yes")

MOST_MOMENTS = 100
FAULT_OF_OURS = 70

TROUBLES = pytest.mark.parametrize("trouble", ["disk", "network", "keyring", "keyring-late"])
SOME = pytest.param(13, id="every 13th moment")
EVERY = pytest.param(1, id="every moment", marks=pytest.mark.slow)


def troubled(admin: Admin, *command: str, trouble: str, step: int = 1) -> Iterator[str]:
    """Run ``command`` again and again, troubled later each time, until nothing befalls it.

    Each time, say what befell it and when.
    """
    for moment in range(1, MOST_MOMENTS, step):
        what = f"{trouble} {moment}"
        ran = admin.run(*command, trouble=what)
        if f"Trouble: {trouble}" not in ran.stderr:
            assert ran.returncode == 0, ran.stderr
            assert moment > 1, "nothing was troubled at all"
            return
        assert ran.returncode != FAULT_OF_OURS, ran.stderr
        assert admin.unknown() == [], what
        yield what
    raise AssertionError("the command never ends")


@TROUBLES
@pytest.mark.parametrize("step", [SOME, EVERY])
def test_a_new_key_is_known_stored_and_alone_whatever_failed(
    admin: Admin, trouble: str, step: int
) -> None:
    for what in troubled(admin, *CREATE, trouble=trouble, step=step):
        assert admin.run(*CREATE).returncode == 0, what
        assert admin.has_exactly_one_key(), what
        admin.start_over()
    assert admin.has_exactly_one_key()


@pytest.mark.slow
@TROUBLES
def test_a_resumed_setup_ends_with_one_key_whatever_failed(admin: Admin, trouble: str) -> None:
    for what in troubled(admin, *SETUP, trouble=trouble):
        assert admin.run(*SETUP).returncode == 0, what
        assert admin.has_exactly_one_key(), what
        admin.start_over()
    assert admin.has_exactly_one_key()


@pytest.mark.slow
@TROUBLES
def test_the_old_key_lives_whatever_failed_while_the_new_one_was_made(
    admin: Admin, trouble: str
) -> None:
    admin.run(*CREATE)
    (old,) = admin.ours()
    for what in troubled(admin, *ROTATE, trouble=trouble):
        assert old in admin.ours(), what
        assert admin.run(*ROTATE).returncode == 0, what
        assert admin.run(*FINISH).returncode == 0, what
        assert admin.has_exactly_one_key(), what
        (old,) = admin.ours()
    assert len(admin.ours()) == 2


@pytest.mark.slow
@TROUBLES
def test_the_new_key_lives_whatever_failed_at_the_end_of_a_rotation(
    admin: Admin, trouble: str
) -> None:
    admin.run(*CREATE)
    (old,) = admin.ours()
    admin.run(*ROTATE)
    for what in troubled(admin, *FINISH, trouble=trouble):
        (new,) = admin.ours().keys() - {old}
        assert admin.run(*FINISH).returncode == 0, what
        assert list(admin.ours()) == [new], what
        assert admin.has_exactly_one_key(), what
        old = new
        admin.run(*ROTATE)
    assert admin.has_exactly_one_key()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(SETUP, SETUP, id="two setups"),
        pytest.param(CREATE, SETUP, id="create and setup", marks=pytest.mark.slow),
        pytest.param(ROTATE, ROTATE, id="two rotations"),
        pytest.param(SETUP, ROTATE, id="setup and rotation", marks=pytest.mark.slow),
        pytest.param(FINISH, FINISH, id="two ends", marks=pytest.mark.slow),
    ],
)
def test_of_two_at_once_neither_loses_a_key(
    admin: Admin, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    for command in {ROTATE: (CREATE,), FINISH: (CREATE, ROTATE)}.get(second, ()):
        assert admin.run(*command).returncode == 0
    before = set(admin.ours())
    with admin.started(*first) as one, admin.started(*second) as other:
        outputs = [process.communicate() for process in (one, other)]
    for process, (_, said) in zip((one, other), outputs, strict=True):
        assert process.returncode == 0 or "Another ngrok-scim" in said, said
    assert 0 in (one.returncode, other.returncode)
    assert admin.unknown() == []
    # Nobody has read yet what a rotation says, so the old key is not revoked.
    assert second == FINISH or before <= set(admin.ours())
    assert admin.run(*FINISH).returncode == 0
    assert admin.has_exactly_one_key()
