from dataclasses import replace
from datetime import timedelta

import pytest

from ngrok_scim_cli.diagnosis.finding import Finding, Result, StepStatus, Verdict
from ngrok_scim_cli.errors import KeyringUnusable, UsageError
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile
from ngrok_scim_cli.settings.secrets import KeyringStore
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.api_key import about_key, make_key, provide_key
from ngrok_scim_cli.setup.context import Answers, StepFailed
from ngrok_scim_cli.setup.texts import FINISH_ROTATION
from tests.support.setup_context import NAME, NEXT, NOW, SCIM, FakePerson, SetupHarness

MARK = "0123456789abcdef"
A_KEY = "2aBcDeFgHiJkLmNoPqRsTuVwXyZ_0123456789abcdefghijk"


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [item.code for item in findings]


def test_a_key_is_made_for_a_service_user_of_its_own(harness: SetupHarness) -> None:
    outcome = provide_key(harness.context())
    (key,) = harness.alive().values()
    owner = harness.sandbox.account.service_users[key.owner_id]
    assert (owner.name, key.description) == ("Okta SCIM Bot", "Okta SCIM Integration")
    assert outcome.status is StepStatus.DONE
    assert f"Made {key.id} for the Service User “Okta SCIM Bot”" in outcome.detail
    assert "ngrok accepts it." in outcome.detail
    assert harness.secrets.get(SCIM) == key.token


def test_names_that_were_given_are_used(harness: SetupHarness) -> None:
    answers = Answers(service_user=" Bot ", key_description="For Okta")
    provide_key(harness.context(answers=answers))
    (key,) = harness.alive().values()
    assert harness.sandbox.account.service_users[key.owner_id].name == "Bot"
    assert key.description == "For Okta"


def test_the_person_names_the_service_user_and_sees_what_was_made(harness: SetupHarness) -> None:
    person = FakePerson()
    provide_key(harness.context(person=person))
    assert person.asked == ["Name of the Service User"]
    assert person.output[0] == texts.SERVICE_USER
    assert person.output[1].startswith("Made the Service User “Okta SCIM Bot” (bot_")


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
    harness: SetupHarness, answers: Answers
) -> None:
    with pytest.raises(UsageError) as caught:
        provide_key(harness.context(answers=answers))
    assert A_KEY not in str(caught.value)
    assert harness.alive() == {}
    assert harness.sandbox.account.service_users == {}


def test_a_description_may_fill_what_ngrok_takes(harness: SetupHarness) -> None:
    provide_key(harness.context(answers=Answers(key_description="ü" * 127 + "x")))
    assert len(harness.alive()) == 1


def test_who_pastes_a_key_where_a_name_is_asked_is_asked_again(harness: SetupHarness) -> None:
    class Pasting(FakePerson):
        def ask(self, question: str, *, default: str = "") -> str:
            super().ask(question)
            return A_KEY if len(self.asked) == 1 else default

    person = Pasting()
    provide_key(harness.context(person=person))
    (owner,) = harness.sandbox.account.service_users.values()
    assert owner.name == "Okta SCIM Bot"
    assert any(text.startswith("That is a key") for text in person.output)


def test_ngrok_is_asked_whether_it_takes_the_admin_key_before_the_person_is_asked(
    harness: SetupHarness,
) -> None:
    person = FakePerson()
    harness.sandbox.set_faults(["admin-key-revoked"])
    with pytest.raises(StepFailed):
        provide_key(harness.context(person=person))
    assert person.asked == []


def test_a_second_run_makes_no_second_key_and_needs_no_admin_key(harness: SetupHarness) -> None:
    provide_key(harness.context())
    outcome = provide_key(harness.context(with_api=False))
    (key_id,) = harness.alive()
    assert outcome.status is StepStatus.DONE
    assert f"Using {key_id}" in outcome.detail


def test_a_key_that_was_given_is_used_and_none_is_made(harness: SetupHarness) -> None:
    key = harness.add_key()
    outcome = provide_key(harness.context(given_key="NGROK_SCIM_API_KEY", key=key.token))
    assert outcome.detail.startswith(f"Using {key.id}, made ")
    assert outcome.detail.endswith(", from NGROK_SCIM_API_KEY.")
    assert list(harness.alive()) == [key.id]


def test_without_an_admin_key_the_step_waits(harness: SetupHarness) -> None:
    outcome = provide_key(harness.context(with_api=False))
    assert outcome.status is StepStatus.TODO
    assert "NGROK_API_KEY" in outcome.remaining[0]


def test_a_half_made_key_is_revoked_before_another_is_made(harness: SetupHarness) -> None:
    half_made = harness.add_key(f'{{"made_by": "ngrok-scim", "mark": "{MARK}"}}')
    harness.change(Profile(NAME, pending_key=PendingKey(MARK, started_at=NOW)))
    person = FakePerson()
    provide_key(harness.context(person=person))
    assert person.output[0] == f"An earlier run left {half_made.id} half-made; it is revoked."
    assert half_made.id not in harness.alive()
    assert len(harness.alive()) == 1


def begun_elsewhere(harness: SetupHarness) -> None:
    pending = PendingKey(MARK, started_at=NOW - timedelta(hours=1), owner_id="bot_elsewhere")
    harness.change(Profile(NAME, pending_key=pending))


@pytest.mark.parametrize("person", [None, FakePerson(says=False), FakePerson(says=None)])
def test_no_key_is_made_while_one_was_begun_in_another_account(
    harness: SetupHarness, person: FakePerson | None
) -> None:
    begun_elsewhere(harness)
    with pytest.raises(StepFailed, match="another ngrok account"):
        provide_key(harness.context(person=person))
    assert harness.alive() == {}
    assert harness.profile().pending_key is not None


def test_who_says_that_the_other_account_is_gone_goes_on(harness: SetupHarness) -> None:
    begun_elsewhere(harness)
    person = FakePerson(says=True)
    assert provide_key(harness.context(person=person)).status is StepStatus.DONE
    assert "that account" in person.asked[0]
    assert len(harness.alive()) == 1
    assert harness.profile().pending_key is None


def test_a_stored_key_is_used_though_a_half_made_one_cannot_be_looked_for(
    harness: SetupHarness,
) -> None:
    provide_key(harness.context())
    harness.change(replace(harness.profile(), pending_key=PendingKey(MARK, started_at=NOW)))
    outcome = provide_key(harness.context(with_api=False))
    assert outcome.status is StepStatus.DONE
    assert harness.profile().pending_key is not None


def test_a_key_whose_secret_is_lost_is_replaced_and_the_old_one_named(
    harness: SetupHarness,
) -> None:
    provide_key(harness.context())
    (old,) = harness.alive()
    harness.secrets.delete(SCIM)
    outcome = provide_key(harness.context())
    assert outcome.remaining == (FINISH_ROTATION,)
    assert harness.profile().previous_key == Key(
        old,
        owner_id=harness.alive()[old].owner_id,
        owner_name="Okta SCIM Bot",
        description="Okta SCIM Integration",
        stored_at=NOW,
    )
    again = provide_key(harness.context())
    assert (again.remaining, codes(again.findings)) == ((FINISH_ROTATION,), ["NGR716"])
    assert len(harness.alive()) == 2


def test_the_new_key_of_a_rotation_is_used_where_the_old_one_is_lost(harness: SetupHarness) -> None:
    provide_key(harness.context())
    key = harness.add_key()
    harness.change(replace(harness.profile(), next_key=Key(key.id)))
    harness.secrets.set(NEXT, key.token)
    harness.secrets.delete(SCIM)
    outcome = provide_key(harness.context())
    assert f"Using {key.id}" in outcome.detail
    assert len(harness.alive()) == 2


def test_another_key_in_the_keyring_than_the_profile_names_is_looked_into(
    harness: SetupHarness,
) -> None:
    provide_key(harness.context())
    other = harness.add_key()
    harness.secrets.set(SCIM, other.token)
    outcome = provide_key(harness.context())
    assert f"Using {other.id}" in outcome.detail


def test_a_key_that_was_stored_before_a_run_was_killed_is_found_without_an_admin_key(
    harness: SetupHarness,
) -> None:
    key = harness.add_key()
    harness.secrets.set(SCIM, key.token)
    outcome = provide_key(harness.context(with_api=False))
    assert outcome.detail.startswith(f"Using {key.id}")
    assert harness.profile().key == Key(key.id, stored_at=NOW)


def test_a_stored_key_that_ngrok_does_not_take_any_more_is_not_called_all_right(
    harness: SetupHarness,
) -> None:
    provide_key(harness.context())
    (dead,) = harness.alive()
    del harness.sandbox.account.keys[dead]
    outcome = make_key(harness.context(), harness.api)
    assert "But ngrok refuses it." in outcome.detail
    assert codes(outcome.findings) == ["KEY214"]
    assert harness.alive() == {}


@pytest.mark.parametrize("with_api", [True, False])
def test_a_missing_keyring_is_reported_before_any_question(
    harness: SetupHarness, with_api: bool
) -> None:
    person = FakePerson()
    harness.secrets = KeyringStore({}, platform="linux")
    with pytest.raises(KeyringUnusable) as caught:
        provide_key(harness.context(person=person, with_api=with_api))
    assert caught.value.advice == texts.NO_KEYRING
    assert person.asked == []
    assert harness.alive() == {}


def test_where_nobody_is_there_and_no_key_can_be_made_the_keyring_does_not_matter(
    harness: SetupHarness,
) -> None:
    harness.secrets = KeyringStore({}, platform="linux")
    assert provide_key(harness.context(with_api=False)).status is StepStatus.TODO
    with pytest.raises(KeyringUnusable) as caught:
        provide_key(harness.context())
    assert caught.value.advice == texts.NO_KEYRING


def test_a_key_without_an_id_is_used(harness: SetupHarness) -> None:
    harness.change(Profile(NAME, key=Key("")))
    harness.secrets.set(SCIM, "an-old-key")
    assert "Using the stored key" in provide_key(harness.context(with_api=False)).detail


def test_what_ngrok_says_of_the_new_key_is_reported(harness: SetupHarness) -> None:
    harness.sandbox.set_faults(["key-refused"])
    outcome = provide_key(harness.context())
    assert outcome.status is StepStatus.DONE
    assert "But ngrok refuses it." in outcome.detail
    assert codes(outcome.findings) == ["KEY214"]
    assert len(harness.alive()) == 1


@pytest.mark.parametrize("fault", ["not-found", "server-error", "empty-list"])
def test_what_is_not_the_keys_fault_is_left_to_the_connector_test(
    harness: SetupHarness, fault: str
) -> None:
    harness.sandbox.set_faults([fault])
    outcome = provide_key(harness.context())
    assert outcome.findings == ()
    assert "ngrok refuses it" not in outcome.detail


def test_a_key_that_could_not_be_tried_is_kept(harness: SetupHarness) -> None:
    def test(form: Form) -> Result:
        assert form.authorization
        return Result("test-connect", Verdict.INCOMPLETE)

    outcome = provide_key(harness.context(test=test))
    assert "Could not verify" in outcome.detail
    assert len(harness.alive()) == 1


@pytest.mark.parametrize("fault", ["key-limit", "key-limit-per-interval", "not-an-admin"])
def test_a_refusal_fails_the_step(harness: SetupHarness, fault: str) -> None:
    harness.sandbox.set_faults([fault])
    with pytest.raises(StepFailed):
        provide_key(harness.context())
    assert harness.alive() == {}


def test_only_findings_about_the_key_are_kept(harness: SetupHarness) -> None:
    harness.sandbox.set_faults(["owner-inactive"])
    tested = harness.context().test(
        Form(base_url=harness.sandbox.values.scim_base_url, authorization=harness.add_key().token)
    )
    assert codes(about_key(tested.findings)) == ["NGR703"]
