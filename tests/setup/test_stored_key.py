import pytest

from ngrok_scim_cli.diagnosis.finding import Result, Severity, StepStatus, Verdict
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.setup.api_key import provide_key, store_key
from ngrok_scim_cli.setup.context import StepFailed, StepOutcome
from ngrok_scim_cli.setup.rotation import End, rotate
from ngrok_scim_cli.setup.texts import FINISH_ROTATION
from tests.support.setup_context import NAME, NEXT, SCIM, FakePerson, SetupHarness


def store(
    harness: SetupHarness, typed: str, *, person: FakePerson | None = None, clean: bool = False
) -> StepOutcome:
    return store_key(
        harness.context(person=person),
        typed,
        clean=clean,
        admin_key=harness.sandbox.values.admin_key,
    )


def test_a_key_made_by_hand_is_tried_stored_and_named(harness: SetupHarness) -> None:
    key = harness.add_key()
    outcome = store(harness, key.token)
    assert outcome.status is StepStatus.DONE
    assert f"Stored {key.id}, made " in outcome.detail
    assert "ngrok accepts it." in outcome.detail
    assert harness.secrets.get(SCIM) == key.token
    profile = harness.profile()
    assert profile.key == Key(key.id, stored_at=harness.clock)


@pytest.mark.parametrize(
    "dirt", [" {}", "{}\n", "{}\u00a0", "\ufeff{}", "Bearer {}", '"{}"', "\u200b{} "]
)
def test_dirt_is_named_and_taken_away_after_a_yes(harness: SetupHarness, dirt: str) -> None:
    key = harness.add_key()
    person = FakePerson(says=True)
    outcome = store(harness, dirt.format(key.token), person=person)
    assert harness.secrets.get(SCIM) == key.token
    assert "The key was cleaned (" in outcome.detail
    assert person.output
    assert person.asked[0].startswith("Clean the key (remove ")
    assert key.token.partition("_")[2] not in "".join(person.output + person.asked)


def test_answering_no_stores_no_key(harness: SetupHarness) -> None:
    with pytest.raises(StepFailed, match="--clean") as caught:
        store(harness, f"{harness.add_key().token} ", person=FakePerson(says=False))
    assert [item.code for item in caught.value.findings] == ["KEY202"]
    assert harness.secrets.get(SCIM) is None


def test_without_a_terminal_a_key_is_cleaned_only_on_request(
    harness: SetupHarness,
) -> None:
    key = harness.add_key()
    with pytest.raises(StepFailed, match="--clean"):
        store(harness, f"{key.token}\n")
    assert harness.secrets.get(SCIM) is None
    store(harness, f"{key.token}\n", clean=True)
    assert harness.secrets.get(SCIM) == key.token


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "KEY209"),
        ("ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD", "KEY207"),
        ("cr_32ELEgPmoXjxGJ3MXfoPBbZKrfD", "KEY208"),
        ("<your API key>", "KEY212"),
        ("$NGROK_API_KEY", "KEY212"),
        ("••••••••", "KEY211"),
    ],
)
def test_what_is_no_key_is_refused(harness: SetupHarness, typed: str, code: str) -> None:
    with pytest.raises(StepFailed, match="No key can be read") as caught:
        store(harness, typed, clean=True)
    assert caught.value.findings[0].code == code
    assert harness.secrets.get(SCIM) is None


@pytest.mark.parametrize(
    ("fault", "code"),
    [("authtoken-pasted", "KEY208"), ("key-refused", "KEY214"), ("owner-inactive", "NGR703")],
)
def test_a_key_that_ngrok_refuses_is_not_stored(
    harness: SetupHarness, fault: str, code: str
) -> None:
    harness.sandbox.set_faults([fault])
    with pytest.raises(StepFailed, match="refuses this key") as caught:
        store(harness, harness.add_key().token)
    assert [item.code for item in caught.value.findings] == [code]
    assert harness.secrets.get(SCIM) is None
    assert harness.profile().key is None


@pytest.mark.parametrize("fault", ["server-error", "not-found", "drops-connection"])
def test_a_key_that_could_not_be_judged_is_stored(harness: SetupHarness, fault: str) -> None:
    harness.sandbox.set_faults([fault])
    key = harness.add_key()
    outcome = store(harness, key.token)
    assert "Could not verify" in outcome.detail
    assert harness.secrets.get(SCIM) == key.token


def test_the_administrators_key_is_never_stored(harness: SetupHarness) -> None:
    with pytest.raises(StepFailed, match="administrator's key is not stored") as caught:
        store(harness, harness.sandbox.values.admin_key)
    (found,) = caught.value.findings
    assert (found.code, found.severity) == ("KEY216", Severity.ERROR)
    assert harness.secrets.get(SCIM) is None


def test_an_odd_key_is_stored_with_a_warning(harness: SetupHarness) -> None:
    context = harness.context(test=lambda form: Result("test-connect", Verdict.INCOMPLETE))
    store_key(context, "odd-but-mine-1234567")
    assert harness.secrets.get(SCIM) == "odd-but-mine-1234567"
    assert harness.profile().key == Key("", stored_at=harness.clock)


def test_the_same_key_again_keeps_what_is_known_of_it(harness: SetupHarness) -> None:
    provide_key(harness.context())
    before = harness.profile().key
    (key,) = harness.alive().values()
    harness.secrets.delete(SCIM)
    outcome = store(harness, key.token)
    assert harness.profile().key == before
    assert outcome.remaining == ()


@pytest.mark.parametrize("end", End)
def test_another_key_is_kept_beside_the_one_in_use_and_either_may_stay(
    harness: SetupHarness, end: End
) -> None:
    provide_key(harness.context())
    (old,) = harness.alive().values()
    key = harness.add_key()
    person = FakePerson(says=True)
    outcome = store(harness, key.token, person=person)
    assert person.asked == [f"{old.id} is in use. Store this one beside it?"]
    assert harness.profile().key_ids == (old.id, key.id)
    assert (harness.secrets.get(SCIM), harness.secrets.get(NEXT)) == (old.token, key.token)
    assert outcome.remaining[-1] == FINISH_ROTATION
    assert rotate(harness.context(), end=end, yes=True).verdict is Verdict.PASS
    stays = old if end is End.ABORT else key
    assert list(harness.alive()) == [stays.id]
    assert harness.secrets.get(SCIM) == stays.token


def test_a_key_whose_secret_is_lost_is_replaced_and_there_is_a_way_back(
    harness: SetupHarness,
) -> None:
    provide_key(harness.context())
    (old,) = harness.alive().values()
    harness.secrets.delete(SCIM)
    key = harness.add_key()
    store(harness, key.token)
    assert harness.profile().key_ids == (key.id, old.id)
    refused = rotate(harness.context(), end=End.ABORT, yes=True)
    assert "store it and run this again" in refused.steps[0].detail
    assert sorted(harness.alive()) == sorted((old.id, key.id))
    store(harness, old.token)
    assert harness.profile().key_ids == (old.id, key.id)
    assert (harness.secrets.get(SCIM), harness.secrets.get(NEXT)) == (old.token, key.token)
    assert rotate(harness.context(), end=End.ABORT, yes=True).verdict is Verdict.PASS
    assert list(harness.alive()) == [old.id]


def test_a_no_keeps_the_key_in_use(harness: SetupHarness) -> None:
    provide_key(harness.context())
    before = harness.profile()
    secret = harness.secrets.get(SCIM)
    with pytest.raises(StepFailed, match="Nothing is stored"):
        store(harness, harness.add_key().token, person=FakePerson(says=False))
    assert (harness.profile(), harness.secrets.get(SCIM)) == (before, secret)


def test_the_lost_new_key_of_a_rotation_is_put_back(harness: SetupHarness) -> None:
    provide_key(harness.context())
    (old,) = harness.alive()
    rotate(harness.context())
    new = next(key for key in harness.alive().values() if key.id != old)
    harness.secrets.delete(NEXT)
    before = harness.profile()
    assert FINISH_ROTATION in store(harness, new.token).remaining
    assert harness.secrets.get(NEXT) == new.token
    assert harness.profile() == before


def test_the_lost_old_key_of_a_rotation_is_put_back(harness: SetupHarness) -> None:
    provide_key(harness.context())
    (old,) = harness.alive().values()
    rotate(harness.context())
    harness.secrets.delete(SCIM)
    assert FINISH_ROTATION in store(harness, old.token).remaining
    assert harness.secrets.get(SCIM) == old.token


def test_no_third_key_is_stored(harness: SetupHarness) -> None:
    provide_key(harness.context())
    rotate(harness.context())
    before = harness.profile()
    with pytest.raises(StepFailed, match="no third key") as caught:
        store(harness, harness.add_key().token)
    assert [item.code for item in caught.value.findings] == ["NGR716"]
    assert harness.profile() == before


def test_a_key_that_a_lost_profile_named_is_kept_beside_the_new_one(harness: SetupHarness) -> None:
    provide_key(harness.context())
    (old,) = harness.alive()
    harness.profiles.path(NAME).unlink()
    key = harness.add_key()
    store(harness, key.token)
    assert harness.profile().key_ids == (old, key.id)


def test_a_run_killed_between_keyring_and_profile_is_settled(harness: SetupHarness) -> None:
    provide_key(harness.context())
    (old,) = harness.alive()
    key = harness.add_key()

    class Killed(BaseException):
        pass

    def die(profile: Profile) -> None:
        raise Killed

    saved, harness.profiles.save = harness.profiles.save, die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        store(harness, key.token)
    harness.profiles.save = saved  # type: ignore[method-assign]
    harness.journal().settle()
    assert harness.profile().key_ids == (old, key.id)
