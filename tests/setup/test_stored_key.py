import pytest

from ngrok_scim_cli.diagnosis.finding import Result, Severity, StepStatus, Verdict
from ngrok_scim_cli.hosts import Trust
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.setup.api_key import FINISH_ROTATION, provide_key
from ngrok_scim_cli.setup.context import StepFailed, StepOutcome
from ngrok_scim_cli.setup.rotation import ABORT, End, rotate
from ngrok_scim_cli.setup.stored_key import store_key
from tests.support.setup_context import NAME, NEXT, SCIM, Place, Somebody

NO_HOST = Trust()


def store(
    place: Place, typed: str, *, person: Somebody | None = None, clean: bool = False
) -> StepOutcome:
    return store_key(
        place.context(person=person),
        typed,
        trust=NO_HOST,
        clean=clean,
        admin_key=place.sandbox.values.admin_key,
    )


def test_a_key_made_by_hand_is_tried_stored_and_named(place: Place) -> None:
    key = place.add_key()
    outcome = store(place, key.token)
    assert outcome.status is StepStatus.DONE
    assert f"Stored {key.id}, made " in outcome.detail
    assert "ngrok accepts it." in outcome.detail
    assert place.secrets.get(SCIM) == key.token
    profile = place.profile()
    assert profile.key == Key(key.id, stored_at=place.clock)


@pytest.mark.parametrize(
    "dirt", [" {}", "{}\n", "{}\u00a0", "\ufeff{}", "Bearer {}", '"{}"', "\u200b{} "]
)
def test_dirt_is_named_and_taken_away_after_a_yes(place: Place, dirt: str) -> None:
    key = place.add_key()
    person = Somebody(says=True)
    outcome = store(place, dirt.format(key.token), person=person)
    assert place.secrets.get(SCIM) == key.token
    assert "Cleaned: " in outcome.detail
    assert person.told
    assert person.asked[0].startswith("To clean it: remove ")
    assert key.token.partition("_")[2] not in "".join(person.told + person.asked)


def test_a_no_stores_nothing(place: Place) -> None:
    with pytest.raises(StepFailed, match="--clean") as caught:
        store(place, f"{place.add_key().token} ", person=Somebody(says=False))
    assert [item.code for item in caught.value.findings] == ["KEY202"]
    assert place.secrets.get(SCIM) is None


def test_without_a_terminal_dirt_is_taken_away_only_where_that_was_asked_for(place: Place) -> None:
    key = place.add_key()
    with pytest.raises(StepFailed, match="--clean"):
        store(place, f"{key.token}\n")
    assert place.secrets.get(SCIM) is None
    store(place, f"{key.token}\n", clean=True)
    assert place.secrets.get(SCIM) == key.token


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
def test_what_is_no_key_is_refused(place: Place, typed: str, code: str) -> None:
    with pytest.raises(StepFailed, match="No key can be read") as caught:
        store(place, typed, clean=True)
    assert caught.value.findings[0].code == code
    assert place.secrets.get(SCIM) is None


@pytest.mark.parametrize(
    ("fault", "code"),
    [("authtoken-pasted", "KEY208"), ("key-refused", "KEY214"), ("owner-inactive", "NGR703")],
)
def test_a_key_that_ngrok_refuses_is_not_stored(place: Place, fault: str, code: str) -> None:
    place.sandbox.set_faults([fault])
    with pytest.raises(StepFailed, match="refuses this key") as caught:
        store(place, place.add_key().token)
    assert [item.code for item in caught.value.findings] == [code]
    assert place.secrets.get(SCIM) is None
    assert place.profile().key is None


@pytest.mark.parametrize("fault", ["server-error", "not-found", "drops-connection"])
def test_a_key_that_could_not_be_judged_is_stored(place: Place, fault: str) -> None:
    place.sandbox.set_faults([fault])
    key = place.add_key()
    outcome = store(place, key.token)
    assert "Could not verify" in outcome.detail
    assert place.secrets.get(SCIM) == key.token


def test_the_administrators_key_is_never_stored(place: Place) -> None:
    with pytest.raises(StepFailed, match="administrator's key is not stored") as caught:
        store(place, place.sandbox.values.admin_key)
    (found,) = caught.value.findings
    assert (found.code, found.severity) == ("KEY216", Severity.ERROR)
    assert place.secrets.get(SCIM) is None


def test_an_odd_key_is_stored_with_a_warning(place: Place) -> None:
    context = place.context(test=lambda form: Result("test-connect", Verdict.INCOMPLETE))
    store_key(context, "odd-but-mine-1234567", trust=NO_HOST)
    assert place.secrets.get(SCIM) == "odd-but-mine-1234567"
    assert place.profile().key == Key("", stored_at=place.clock)


def test_the_same_key_again_keeps_what_is_known_of_it(place: Place) -> None:
    provide_key(place.context())
    before = place.profile().key
    (key,) = place.alive().values()
    place.secrets.delete(SCIM)
    outcome = store(place, key.token)
    assert place.profile().key == before
    assert outcome.remaining == ()


@pytest.mark.parametrize("end", End)
def test_another_key_is_kept_beside_the_one_in_use_and_either_may_stay(
    place: Place, end: End
) -> None:
    provide_key(place.context())
    (old,) = place.alive().values()
    key = place.add_key()
    person = Somebody(says=True)
    outcome = store(place, key.token, person=person)
    assert person.asked == [f"{old.id} is in use. Store this one beside it?"]
    assert place.profile().key_ids == (old.id, key.id)
    assert (place.secrets.get(SCIM), place.secrets.get(NEXT)) == (old.token, key.token)
    assert outcome.remaining[-2:] == (FINISH_ROTATION, ABORT)
    assert rotate(place.context(), end=end, yes=True).verdict is Verdict.PASS
    stays = old if end is End.ABORT else key
    assert list(place.alive()) == [stays.id]
    assert place.secrets.get(SCIM) == stays.token


def test_a_key_whose_secret_is_lost_is_replaced_and_there_is_a_way_back(place: Place) -> None:
    provide_key(place.context())
    (old,) = place.alive().values()
    place.secrets.delete(SCIM)
    key = place.add_key()
    store(place, key.token)
    assert place.profile().key_ids == (key.id, old.id)
    refused = rotate(place.context(), end=End.ABORT, yes=True)
    assert "store it and run this again" in refused.steps[0].detail
    assert sorted(place.alive()) == sorted((old.id, key.id))
    store(place, old.token)
    assert place.profile().key_ids == (old.id, key.id)
    assert (place.secrets.get(SCIM), place.secrets.get(NEXT)) == (old.token, key.token)
    assert rotate(place.context(), end=End.ABORT, yes=True).verdict is Verdict.PASS
    assert list(place.alive()) == [old.id]


def test_a_no_keeps_the_key_in_use(place: Place) -> None:
    provide_key(place.context())
    before = place.profile()
    secret = place.secrets.get(SCIM)
    with pytest.raises(StepFailed, match="Nothing is stored"):
        store(place, place.add_key().token, person=Somebody(says=False))
    assert (place.profile(), place.secrets.get(SCIM)) == (before, secret)


def test_the_lost_new_key_of_a_rotation_is_put_back(place: Place) -> None:
    provide_key(place.context())
    (old,) = place.alive()
    rotate(place.context())
    new = next(key for key in place.alive().values() if key.id != old)
    place.secrets.delete(NEXT)
    before = place.profile()
    assert FINISH_ROTATION in store(place, new.token).remaining
    assert place.secrets.get(NEXT) == new.token
    assert place.profile() == before


def test_the_lost_old_key_of_a_rotation_is_put_back(place: Place) -> None:
    provide_key(place.context())
    (old,) = place.alive().values()
    rotate(place.context())
    place.secrets.delete(SCIM)
    assert FINISH_ROTATION in store(place, old.token).remaining
    assert place.secrets.get(SCIM) == old.token


def test_no_third_key_is_stored(place: Place) -> None:
    provide_key(place.context())
    rotate(place.context())
    before = place.profile()
    with pytest.raises(StepFailed, match="no third key") as caught:
        store(place, place.add_key().token)
    assert [item.code for item in caught.value.findings] == ["NGR716"]
    assert place.profile() == before


def test_a_key_that_a_lost_profile_named_is_kept_beside_the_new_one(place: Place) -> None:
    provide_key(place.context())
    (old,) = place.alive()
    place.profiles.path(NAME).unlink()
    key = place.add_key()
    store(place, key.token)
    assert place.profile().key_ids == (old, key.id)


def test_a_run_killed_between_keyring_and_profile_is_settled(place: Place) -> None:
    provide_key(place.context())
    (old,) = place.alive()
    key = place.add_key()

    class Killed(BaseException):
        pass

    def die(profile: Profile) -> None:
        raise Killed

    saved, place.profiles.save = place.profiles.save, die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        store(place, key.token)
    place.profiles.save = saved  # type: ignore[method-assign]
    place.journal().settle()
    assert place.profile().key_ids == (old, key.id)
