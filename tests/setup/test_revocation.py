import json
from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.errors import NoKey, UsageError
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.setup.api_key import provide_key
from ngrok_scim_cli.setup.context import StepFailed, StepOutcome
from ngrok_scim_cli.setup.revocation import Revocation, key_to_revoke, revoke_key
from ngrok_scim_cli.setup.rotation import rotate
from tests.support.setup_context import NAME, SCIM, Place, Somebody


@pytest.fixture
def own(place: Place) -> str:
    """The id of a key that was made and is in use."""
    provide_key(place.context())
    (key_id,) = place.alive()
    return key_id


def revoke(
    place: Place, key_id: str, *, person: Somebody | None = None, force: bool = False
) -> StepOutcome:
    context = place.context(person=person)
    admin_key = place.sandbox.values.admin_key
    asked = Revocation(key_id, admin_key, yes=person is None, force=force)
    return revoke_key(context, place.api, asked)


def test_the_key_in_use_is_revoked_and_forgotten(place: Place, own: str) -> None:
    outcome = revoke(place, own)
    assert (outcome.status, outcome.detail) == (StepStatus.DONE, f"Revoked {own}.")
    assert (place.alive(), place.secrets.get(SCIM)) == ({}, None)
    assert place.profile().key_ids == ()


@pytest.mark.parametrize("says", [False, None], ids=["no", "Enter"])
def test_a_person_is_warned_and_asked_first(place: Place, own: str, says: bool | None) -> None:
    person = Somebody(says=says)
    outcome = revoke(place, own, person=person)
    assert outcome.status is StepStatus.TODO
    (asked,) = person.asked
    assert asked.startswith(f"Revoke {own} (made on ")
    assert asked.endswith("? If Okta has it, provisioning stops at once.")
    assert list(place.alive()) == [own]
    assert revoke(place, own, person=Somebody(says=True)).status is StepStatus.DONE
    assert place.alive() == {}


def test_revoking_the_old_key_of_a_rotation_leaves_the_new_one_in_use(
    place: Place, own: str
) -> None:
    rotate(place.context())
    revoke(place, own)
    ((new, key),) = place.alive().items()
    assert place.profile().key_ids == (new,)
    assert place.secrets.get(SCIM) == key.token


def test_a_superseded_key_can_be_revoked_by_its_id(place: Place, own: str) -> None:
    old = place.add_key()
    place.change(replace(place.profile(), previous_key=Key(old.id)))
    person = Somebody(says=True)
    revoke(place, old.id, person=person)
    assert f"Revoke {old.id} " in person.asked[0]
    assert place.profile().key_ids == (own,)


def test_a_half_made_key_of_ours_can_be_revoked(place: Place, own: str) -> None:
    half_made = place.add_key(json.dumps({"made_by": "ngrok-scim", "mark": "x"}))
    before = place.profile()
    revoke(place, half_made.id)
    assert list(place.alive()) == [own]
    assert place.profile() == before


def test_a_key_that_is_not_ours_needs_force(place: Place, own: str) -> None:
    other = place.add_key()
    with pytest.raises(UsageError, match="was not made by ngrok-scim") as caught:
        revoke(place, other.id)
    assert "--force" in caught.value.advice
    assert other.id in place.alive()
    revoke(place, other.id, force=True)
    assert list(place.alive()) == [own]


def test_the_administrators_own_key_is_never_revoked(place: Place) -> None:
    admin_key_id = place.sandbox.account.admin_key.id
    with pytest.raises(UsageError, match="this very command uses"):
        revoke(place, admin_key_id, force=True)
    assert admin_key_id in place.sandbox.account.keys


def test_a_key_that_is_nowhere_is_an_error(place: Place, own: str) -> None:
    with pytest.raises(StepFailed) as caught:
        revoke(place, "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD")
    assert [item.code for item in caught.value.findings] == ["NGR701"]
    assert list(place.alive()) == [own]


@pytest.mark.parametrize(("says", "left"), [(True, 0), (False, 1)])
def test_a_key_that_is_gone_at_ngrok_is_forgotten_after_a_yes(
    place: Place, own: str, says: bool, left: int
) -> None:
    del place.sandbox.account.keys[own]
    outcome = revoke(place, own, person=Somebody(says=says))
    assert outcome.status is (StepStatus.DONE if says else StepStatus.TODO)
    assert len(place.profile().key_ids) == left
    assert (place.secrets.get(SCIM) is None) is says


@pytest.fixture
def elsewhere(place: Place, own: str) -> str:
    """The id of the key in use, which is of another account than the administrator's key."""
    owner = place.sandbox.account.keys.pop(own).owner_id
    del place.sandbox.account.service_users[owner]
    return own


def test_a_key_of_another_account_is_not_forgotten_where_nobody_is_asked(
    place: Place, elsewhere: str
) -> None:
    with pytest.raises(StepFailed, match="not in this account") as caught:
        revoke(place, elsewhere)
    (found,) = caught.value.findings
    assert (found.code, "--force" in found.fix) == ("NGR701", True)
    assert place.profile().key_ids == (elsewhere,)
    assert revoke(place, elsewhere, force=True).status is StepStatus.DONE
    assert place.profile().key_ids == ()


@pytest.mark.parametrize("says", [True, False])
def test_a_person_may_forget_a_key_of_another_account(
    place: Place, elsewhere: str, says: bool
) -> None:
    revoke(place, elsewhere, person=Somebody(says=says))
    assert (place.profile().key_ids == ()) is says


def test_a_key_that_only_the_keyring_knows_can_be_forgotten(place: Place) -> None:
    key = place.add_key()
    del place.sandbox.account.keys[key.id]
    place.secrets.set(SCIM, key.token)
    revoke(place, key.id)
    assert place.secrets.get(SCIM) is None


def test_where_ngrok_refuses_nothing_is_forgotten(place: Place, own: str) -> None:
    place.sandbox.set_faults(["api-server-error@2"])
    with pytest.raises(StepFailed, match="could not be revoked"):
        revoke(place, own)
    assert place.profile().key_ids == (own,)
    assert place.secrets.get(SCIM) is not None


def test_without_an_id_the_key_in_use_is_meant(place: Place, own: str) -> None:
    assert key_to_revoke(place.context(), None) == own
    assert key_to_revoke(place.context(), "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD").startswith("ak_32")


@pytest.mark.parametrize("profile", [Profile(NAME), Profile(NAME, key=Key(""))])
def test_without_an_id_a_key_must_be_known(place: Place, profile: Profile) -> None:
    place.change(profile)
    with pytest.raises(NoKey):
        key_to_revoke(place.context(), None)


@pytest.mark.parametrize(
    "given",
    ["", "ak_", "ak_../x", "bot_32ELEgPmoXjxGJ3MXfoPBbZKrfD", "ak_\u0661\u0662", "all"],
)
def test_what_is_no_id_is_refused(place: Place, given: str) -> None:
    with pytest.raises(UsageError, match="not the id"):
        key_to_revoke(place.context(), given)


def test_a_key_given_as_an_id_is_refused_and_not_repeated(place: Place) -> None:
    key = place.add_key()
    with pytest.raises(UsageError, match="shell's history") as caught:
        key_to_revoke(place.context(), key.token)
    assert key.token not in f"{caught.value} {caught.value.advice}"
