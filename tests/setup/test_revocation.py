import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.setup import revocation
from ngrok_scim_cli.setup.api_key import WITHOUT_ADMIN_KEY, provide_key
from ngrok_scim_cli.setup.context import StepFailed, StepOutcome
from ngrok_scim_cli.setup.revocation import (
    key_to_revoke,
    replace_leaked_key,
    revoke_key,
)
from ngrok_scim_cli.setup.rotation import rotate
from tests.support.setup_context import NAME, SCIM, FakePerson, SetupHarness

AN_HOUR = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def own(harness: SetupHarness) -> str:
    """The id of a key that was made and is in use."""
    provide_key(harness.context())
    (key_id,) = harness.alive()
    return key_id


def revoke(
    harness: SetupHarness, key_id: str, *, person: FakePerson | None = None, force: bool = False
) -> StepOutcome:
    context = harness.context(person=person)
    admin_key_id, yes = id_of_key(harness.sandbox.values.admin_key), person is None
    return revoke_key(context, harness.api, key_id, admin_key_id=admin_key_id, yes=yes, force=force)


def test_the_key_in_use_is_revoked_and_forgotten(harness: SetupHarness, own: str) -> None:
    outcome = revoke(harness, own)
    assert (outcome.status, outcome.detail) == (StepStatus.DONE, f"Revoked {own}.")
    assert (harness.alive(), harness.secrets.get(SCIM)) == ({}, None)
    assert harness.profile().key_ids == ()


@pytest.mark.parametrize("says", [False, None], ids=["no", "Enter"])
def test_a_person_is_warned_and_asked_first(
    harness: SetupHarness, own: str, says: bool | None
) -> None:
    person = FakePerson(says=says)
    outcome = revoke(harness, own, person=person)
    assert outcome.status is StepStatus.TODO
    (asked,) = person.asked
    assert asked.startswith(f"Revoke {own} (made on ")
    assert asked.endswith("? If Okta has it, provisioning stops at once.")
    assert list(harness.alive()) == [own]
    assert revoke(harness, own, person=FakePerson(says=True)).status is StepStatus.DONE
    assert harness.alive() == {}


def test_revoking_the_old_key_of_a_rotation_leaves_the_new_one_in_use(
    harness: SetupHarness, own: str
) -> None:
    rotate(harness.context())
    revoke(harness, own)
    ((new, key),) = harness.alive().items()
    assert harness.profile().key_ids == (new,)
    assert harness.secrets.get(SCIM) == key.token


def test_a_superseded_key_can_be_revoked_by_its_id(harness: SetupHarness, own: str) -> None:
    old = harness.add_key()
    harness.change(replace(harness.profile(), previous_key=Key(old.id)))
    person = FakePerson(says=True)
    revoke(harness, old.id, person=person)
    assert f"Revoke {old.id} " in person.asked[0]
    assert harness.profile().key_ids == (own,)


def test_a_half_made_key_of_ours_can_be_revoked(harness: SetupHarness, own: str) -> None:
    half_made = harness.add_key(json.dumps({"made_by": "ngrok-scim", "mark": "x"}))
    before = harness.profile()
    revoke(harness, half_made.id)
    assert list(harness.alive()) == [own]
    assert harness.profile() == before


def test_a_key_that_is_not_ours_needs_force(harness: SetupHarness, own: str) -> None:
    other = harness.add_key()
    with pytest.raises(UsageError, match="was not made by ngrok-scim") as caught:
        revoke(harness, other.id)
    assert "--force" in caught.value.advice
    assert other.id in harness.alive()
    revoke(harness, other.id, force=True)
    assert list(harness.alive()) == [own]


def test_the_administrators_own_key_is_never_revoked(harness: SetupHarness) -> None:
    admin_key_id = harness.sandbox.account.admin_key.id
    with pytest.raises(UsageError, match="this very command uses"):
        revoke(harness, admin_key_id, force=True)
    assert admin_key_id in harness.sandbox.account.keys


def test_a_key_that_is_nowhere_is_an_error(harness: SetupHarness, own: str) -> None:
    with pytest.raises(StepFailed) as caught:
        revoke(harness, "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD")
    assert [item.code for item in caught.value.findings] == ["NGR701"]
    assert list(harness.alive()) == [own]


@pytest.mark.parametrize(("says", "left"), [(True, 0), (False, 1), (None, 1)])
def test_a_key_that_is_gone_at_ngrok_is_forgotten_after_a_yes(
    harness: SetupHarness, own: str, says: bool | None, left: int
) -> None:
    del harness.sandbox.account.keys[own]
    outcome = revoke(harness, own, person=FakePerson(says=says))
    assert outcome.status is (StepStatus.DONE if says else StepStatus.TODO)
    assert len(harness.profile().key_ids) == left
    assert (harness.secrets.get(SCIM) is None) is bool(says)


@pytest.fixture
def elsewhere(harness: SetupHarness, own: str) -> str:
    """The id of the key in use, which is of another account than the administrator's key."""
    owner = harness.sandbox.account.keys.pop(own).owner_id
    del harness.sandbox.account.service_users[owner]
    return own


def test_a_key_of_another_account_is_not_forgotten_where_nobody_is_asked(
    harness: SetupHarness, elsewhere: str
) -> None:
    with pytest.raises(StepFailed, match="not in this account") as caught:
        revoke(harness, elsewhere)
    (found,) = caught.value.findings
    assert (found.code, "--force" in found.fix) == ("NGR701", True)
    assert harness.profile().key_ids == (elsewhere,)
    assert revoke(harness, elsewhere, force=True).status is StepStatus.DONE
    assert harness.profile().key_ids == ()


@pytest.mark.parametrize("says", [True, False])
def test_a_person_may_forget_a_key_of_another_account(
    harness: SetupHarness, elsewhere: str, says: bool
) -> None:
    revoke(harness, elsewhere, person=FakePerson(says=says))
    assert (harness.profile().key_ids == ()) is says


def test_a_key_that_only_the_keyring_knows_can_be_forgotten(harness: SetupHarness) -> None:
    key = harness.add_key()
    del harness.sandbox.account.keys[key.id]
    harness.secrets.set(SCIM, key.token)
    revoke(harness, key.id)
    assert harness.secrets.get(SCIM) is None


def test_where_ngrok_refuses_nothing_is_forgotten(harness: SetupHarness, own: str) -> None:
    harness.sandbox.set_faults(["api-server-error@2"])
    with pytest.raises(StepFailed, match="could not be revoked"):
        revoke(harness, own)
    assert harness.profile().key_ids == (own,)
    assert harness.secrets.get(SCIM) is not None


def test_without_an_id_the_key_in_use_is_meant(harness: SetupHarness, own: str) -> None:
    assert key_to_revoke(harness.context(), None) == own
    assert key_to_revoke(harness.context(), "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD").startswith("ak_32")


@pytest.mark.parametrize("profile", [Profile(NAME), Profile(NAME, key=Key(""))])
def test_without_an_id_a_key_must_be_known(harness: SetupHarness, profile: Profile) -> None:
    harness.change(profile)
    with pytest.raises(CannotTell, match="knows no key"):
        key_to_revoke(harness.context(), None)


@pytest.mark.parametrize(
    "given",
    ["", "ak_", "ak_../x", "ak_/x", "bot_32ELEgPmoXjxGJ3MXfoPBbZKrfD", "ak_\u0661\u0662", "all"],
)
def test_what_is_no_id_is_refused(harness: SetupHarness, given: str) -> None:
    with pytest.raises(UsageError, match="not the id"):
        key_to_revoke(harness.context(), given)


def test_a_key_given_as_an_id_is_refused_and_not_repeated(harness: SetupHarness) -> None:
    key = harness.add_key()
    with pytest.raises(UsageError, match="shell's history") as caught:
        key_to_revoke(harness.context(), key.token)
    assert key.token not in f"{caught.value} {caught.value.advice}"


def test_in_the_middle_of_a_rotation_it_must_be_said_which_key_is_meant(
    harness: SetupHarness, own: str
) -> None:
    rotate(harness.context())
    (new,) = harness.alive().keys() - {own}
    with pytest.raises(UsageError, match="A rotation is under way") as caught:
        key_to_revoke(harness.context(), None)
    assert f"The old key is {own} (" in str(caught.value)
    assert f"the new one {new} (" in str(caught.value)
    assert key_to_revoke(harness.context(), new) == new


def replace_leaked(harness: SetupHarness, key_id: str, *, says: bool) -> StepOutcome:
    context = harness.context(person=FakePerson(says=says))
    revoke = partial(revoke_key, context, harness.api, key_id, admin_key_id="", yes=False)
    return replace_leaked_key(context, harness.api, revoke)


def test_a_leaked_key_is_revoked_and_another_one_made(harness: SetupHarness, own: str) -> None:
    outcome = replace_leaked(harness, own, says=True)
    (new,) = harness.alive()
    assert new != own
    assert outcome.status is StepStatus.DONE
    assert outcome.detail.startswith(f"Revoked {own}. ")
    assert outcome.detail.endswith(
        f"If Okta had the revoked key, provisioning stops until you paste {new}."
    )
    assert harness.profile().key_ids == (new,)


def test_without_a_yes_no_leaked_key_is_revoked_or_replaced(
    harness: SetupHarness, own: str
) -> None:
    assert replace_leaked(harness, own, says=False).status is StepStatus.TODO
    assert list(harness.alive()) == [own]


def test_where_no_other_key_can_be_made_the_leaked_one_is_gone_all_the_same(
    harness: SetupHarness, own: str
) -> None:
    harness.sandbox.set_faults(["key-limit"])
    with pytest.raises(StepFailed, match="But no new key was made") as caught:
        replace_leaked(harness, own, says=True)
    assert [item.code for item in caught.value.findings] == ["NGR715"]
    assert harness.alive() == {}


def test_where_a_person_cannot_keep_another_key_the_leaked_one_is_gone_all_the_same(
    harness: SetupHarness, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocation, "make_key", lambda *_: WITHOUT_ADMIN_KEY)
    outcome = replace_leaked(harness, own, says=True)
    assert outcome.status is StepStatus.TODO
    assert outcome.detail.endswith("provisioning stops until you paste the new one.")
    assert harness.alive() == {}


def test_after_the_last_key_is_revoked_the_steps_that_need_one_are_open_again(
    harness: SetupHarness, own: str
) -> None:
    steps = dict.fromkeys(["api-key", "test-connect", "identity-provider"], AN_HOUR)
    harness.change(replace(harness.profile(), steps=steps))
    revoke(harness, own)
    assert harness.profile().steps == {"identity-provider": AN_HOUR}


def test_as_long_as_there_is_a_key_no_step_is_open_again(harness: SetupHarness, own: str) -> None:
    other = harness.add_key()
    steps = {"api-key": AN_HOUR}
    harness.change(replace(harness.profile(), steps=steps, previous_key=Key(other.id)))
    revoke(harness, other.id)
    assert harness.profile().steps == steps
