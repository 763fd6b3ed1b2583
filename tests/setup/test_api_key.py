from dataclasses import replace
from datetime import timedelta

import pytest

from ngrok_scim_cli.diagnosis.finding import Finding, Result, StepStatus, Verdict
from ngrok_scim_cli.errors import KeyringUnusable, UsageError
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile
from ngrok_scim_cli.settings.secrets import KeyringStore
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.api_key import FINISH_ROTATION, about_key, make_key, provide_key
from ngrok_scim_cli.setup.context import Answers, StepFailed
from tests.support.setup_context import NAME, NEXT, NOW, SCIM, Place, Somebody

MARK = "0123456789abcdef"
A_KEY = "2aBcDeFgHiJkLmNoPqRsTuVwXyZ_0123456789abcdefghijk"


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [item.code for item in findings]


def test_a_key_is_made_for_a_service_user_of_its_own(place: Place) -> None:
    outcome = provide_key(place.context())
    (key,) = place.alive().values()
    owner = place.sandbox.account.service_users[key.owner_id]
    assert (owner.name, key.description) == ("Okta SCIM Bot", "Okta SCIM Integration")
    assert outcome.status is StepStatus.DONE
    assert f"Made {key.id} for the Service User “Okta SCIM Bot”" in outcome.detail
    assert "ngrok accepts it." in outcome.detail
    assert place.secrets.get(SCIM) == key.token


def test_names_that_were_given_are_used(place: Place) -> None:
    answers = Answers(service_user=" Bot ", key_description="For Okta")
    provide_key(place.context(answers=answers))
    (key,) = place.alive().values()
    assert place.sandbox.account.service_users[key.owner_id].name == "Bot"
    assert key.description == "For Okta"


def test_a_person_is_asked_for_the_name_and_told_what_was_made(place: Place) -> None:
    person = Somebody()
    provide_key(place.context(person=person))
    assert person.asked == ["Name of the Service User"]
    assert person.told[0] == texts.SERVICE_USER
    assert person.told[1].startswith("Made the Service User “Okta SCIM Bot” (bot_")


@pytest.mark.parametrize(
    "answers",
    [
        Answers(service_user=" "),
        Answers(service_user=A_KEY),
        Answers(key_description=A_KEY),
        Answers(key_description="ü" * 128),
    ],
    ids=["no name", "a key as name", "a key as description", "too long"],
)
def test_what_cannot_be_a_name_is_refused_and_nothing_is_made(
    place: Place, answers: Answers
) -> None:
    with pytest.raises(UsageError) as caught:
        provide_key(place.context(answers=answers))
    assert A_KEY not in str(caught.value)
    assert place.alive() == {}
    assert place.sandbox.account.service_users == {}


def test_a_description_may_fill_what_ngrok_takes(place: Place) -> None:
    provide_key(place.context(answers=Answers(key_description="ü" * 127 + "x")))
    assert len(place.alive()) == 1


def test_who_pastes_a_key_where_a_name_is_asked_is_asked_again(place: Place) -> None:
    class Pasting(Somebody):
        def ask(self, question: str, *, default: str = "") -> str:
            super().ask(question)
            return A_KEY if len(self.asked) == 1 else default

    person = Pasting()
    provide_key(place.context(person=person))
    (owner,) = place.sandbox.account.service_users.values()
    assert owner.name == "Okta SCIM Bot"
    assert any(text.startswith("That is a key") for text in person.told)


def test_ngrok_is_asked_whether_it_takes_the_admin_key_before_the_person_is_asked(
    place: Place,
) -> None:
    person = Somebody()
    place.sandbox.set_faults(["admin-key-revoked"])
    with pytest.raises(StepFailed):
        provide_key(place.context(person=person))
    assert person.asked == []


def test_a_second_run_makes_no_second_key_and_needs_no_admin_key(place: Place) -> None:
    provide_key(place.context())
    outcome = provide_key(place.context(with_api=False))
    (key_id,) = place.alive()
    assert outcome.status is StepStatus.DONE
    assert f"Using {key_id}" in outcome.detail


def test_a_key_that_was_given_is_used_and_none_is_made(place: Place) -> None:
    key = place.add_key()
    outcome = provide_key(place.context(given_key="NGROK_SCIM_API_KEY", key=key.token))
    assert outcome.detail.startswith(f"Using {key.id}, made ")
    assert outcome.detail.endswith(", from NGROK_SCIM_API_KEY.")
    assert list(place.alive()) == [key.id]


def test_without_an_admin_key_the_step_waits(place: Place) -> None:
    outcome = provide_key(place.context(with_api=False))
    assert outcome.status is StepStatus.TODO
    assert "NGROK_API_KEY" in outcome.remaining[0]


def test_a_half_made_key_is_revoked_before_another_is_made(place: Place) -> None:
    half_made = place.add_key(f'{{"made_by": "ngrok-scim", "mark": "{MARK}"}}')
    place.change(Profile(NAME, pending_key=PendingKey(MARK, started_at=NOW)))
    person = Somebody()
    provide_key(place.context(person=person))
    assert person.told[0] == f"An earlier run left {half_made.id} half-made; it is revoked."
    assert half_made.id not in place.alive()
    assert len(place.alive()) == 1


def begun_elsewhere(place: Place) -> None:
    pending = PendingKey(MARK, started_at=NOW - timedelta(hours=1), owner_id="bot_elsewhere")
    place.change(Profile(NAME, pending_key=pending))


@pytest.mark.parametrize("person", [None, Somebody(says=False), Somebody(says=None)])
def test_no_key_is_made_while_one_was_begun_in_another_account(
    place: Place, person: Somebody | None
) -> None:
    begun_elsewhere(place)
    with pytest.raises(StepFailed, match="another ngrok account"):
        provide_key(place.context(person=person))
    assert place.alive() == {}
    assert place.profile().pending_key is not None


def test_who_says_that_the_other_account_is_gone_goes_on(place: Place) -> None:
    begun_elsewhere(place)
    person = Somebody(says=True)
    assert provide_key(place.context(person=person)).status is StepStatus.DONE
    assert "that account" in person.asked[0]
    assert len(place.alive()) == 1
    assert place.profile().pending_key is None


def test_a_stored_key_is_used_though_a_half_made_one_cannot_be_looked_for(place: Place) -> None:
    provide_key(place.context())
    place.change(replace(place.profile(), pending_key=PendingKey(MARK, started_at=NOW)))
    outcome = provide_key(place.context(with_api=False))
    assert outcome.status is StepStatus.DONE
    assert place.profile().pending_key is not None


def test_a_key_whose_secret_is_lost_is_replaced_and_the_old_one_named(place: Place) -> None:
    provide_key(place.context())
    (old,) = place.alive()
    place.secrets.delete(SCIM)
    outcome = provide_key(place.context())
    assert outcome.remaining == (FINISH_ROTATION,)
    assert place.profile().previous_key == Key(
        old,
        owner_id=place.alive()[old].owner_id,
        owner_name="Okta SCIM Bot",
        description="Okta SCIM Integration",
        stored_at=NOW,
    )
    again = provide_key(place.context())
    assert (again.remaining, codes(again.findings)) == ((FINISH_ROTATION,), ["NGR716"])
    assert len(place.alive()) == 2


def test_the_new_key_of_a_rotation_is_used_where_the_old_one_is_lost(place: Place) -> None:
    provide_key(place.context())
    key = place.add_key()
    place.change(replace(place.profile(), next_key=Key(key.id)))
    place.secrets.set(NEXT, key.token)
    place.secrets.delete(SCIM)
    outcome = provide_key(place.context())
    assert f"Using {key.id}" in outcome.detail
    assert len(place.alive()) == 2


def test_another_key_in_the_keyring_than_the_profile_names_is_looked_into(place: Place) -> None:
    provide_key(place.context())
    other = place.add_key()
    place.secrets.set(SCIM, other.token)
    outcome = provide_key(place.context())
    assert f"Using {other.id}" in outcome.detail


def test_a_key_that_was_stored_before_a_run_was_killed_is_found_without_an_admin_key(
    place: Place,
) -> None:
    key = place.add_key()
    place.secrets.set(SCIM, key.token)
    outcome = provide_key(place.context(with_api=False))
    assert outcome.detail.startswith(f"Using {key.id}")
    assert place.profile().key == Key(key.id, stored_at=NOW)


def test_a_stored_key_that_ngrok_does_not_take_any_more_is_not_called_all_right(
    place: Place,
) -> None:
    provide_key(place.context())
    (dead,) = place.alive()
    del place.sandbox.account.keys[dead]
    outcome = make_key(place.context(), place.api)
    assert "But ngrok refuses it." in outcome.detail
    assert codes(outcome.findings) == ["KEY214"]
    assert place.alive() == {}


@pytest.mark.parametrize("with_api", [True, False])
def test_where_nothing_can_keep_a_key_a_person_is_told_before_they_are_asked(
    place: Place, with_api: bool
) -> None:
    person = Somebody()
    place.secrets = KeyringStore({}, platform="linux")
    with pytest.raises(KeyringUnusable) as caught:
        provide_key(place.context(person=person, with_api=with_api))
    assert caught.value.advice == texts.NO_KEYRING
    assert person.asked == []
    assert place.alive() == {}


def test_where_nobody_is_there_and_no_key_can_be_made_the_keyring_does_not_matter(
    place: Place,
) -> None:
    place.secrets = KeyringStore({}, platform="linux")
    assert provide_key(place.context(with_api=False)).status is StepStatus.TODO
    with pytest.raises(KeyringUnusable) as caught:
        provide_key(place.context())
    assert caught.value.advice == texts.NO_KEYRING


def test_a_key_that_tells_no_id_is_used(place: Place) -> None:
    place.change(Profile(NAME, key=Key("")))
    place.secrets.set(SCIM, "an-old-key")
    assert "Using the stored key" in provide_key(place.context(with_api=False)).detail


def test_what_ngrok_says_of_the_new_key_is_reported(place: Place) -> None:
    place.sandbox.set_faults(["key-refused"])
    outcome = provide_key(place.context())
    assert outcome.status is StepStatus.DONE
    assert "But ngrok refuses it." in outcome.detail
    assert codes(outcome.findings) == ["KEY214"]
    assert len(place.alive()) == 1


@pytest.mark.parametrize("fault", ["not-found", "server-error", "empty-list"])
def test_what_is_not_the_keys_fault_is_left_to_the_connector_test(place: Place, fault: str) -> None:
    place.sandbox.set_faults([fault])
    outcome = provide_key(place.context())
    assert outcome.findings == ()
    assert "ngrok refuses it" not in outcome.detail


def test_a_key_that_could_not_be_tried_is_kept(place: Place) -> None:
    def test(form: Form) -> Result:
        assert form.authorization
        return Result("test-connect", Verdict.INCOMPLETE)

    outcome = provide_key(place.context(test=test))
    assert "Could not verify" in outcome.detail
    assert len(place.alive()) == 1


@pytest.mark.parametrize("fault", ["key-limit", "key-limit-per-interval", "not-an-admin"])
def test_a_refusal_fails_the_step(place: Place, fault: str) -> None:
    place.sandbox.set_faults([fault])
    with pytest.raises(StepFailed):
        provide_key(place.context())
    assert place.alive() == {}


def test_only_what_is_about_the_key_counts(place: Place) -> None:
    place.sandbox.set_faults(["owner-inactive"])
    tested = place.context().test(
        Form(base_url=place.sandbox.values.scim_base_url, authorization=place.add_key().token)
    )
    assert codes(about_key(tested.findings)) == ["NGR703"]
