from dataclasses import replace
from datetime import timedelta

import pytest

from ngrok_scim_cli.diagnosis.finding import Result, StepStatus, Verdict
from ngrok_scim_cli.errors import KeyringLost, UsageError
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.api_key import provide_key
from ngrok_scim_cli.setup.context import NOBODY, Answers, Person
from ngrok_scim_cli.setup.rotation import End, rotate
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from tests.support.setup_context import NAME, NEXT, SCIM, FakeClipboard, FakePerson, SetupHarness

DONE, WAITING, TODO, FAILED = (
    StepStatus.DONE,
    StepStatus.WAITING,
    StepStatus.TODO,
    StepStatus.FAILED,
)


@pytest.fixture
def old(harness: SetupHarness) -> str:
    """The id of a key that was made and is in use."""
    provide_key(harness.context())
    (key_id,) = harness.alive()
    harness.clock += timedelta(days=400)
    return key_id


def statuses(result: Result) -> list[StepStatus]:
    return [step.status for step in result.steps]


def codes(result: Result) -> list[str]:
    return [item.code for item in result.findings]


def finish(harness: SetupHarness, **fields: object) -> Result:
    return rotate(harness.context(**fields), end=End.FINISH, yes=True)  # type: ignore[arg-type]


def abort(harness: SetupHarness) -> Result:
    return rotate(harness.context(), end=End.ABORT, yes=True)


@pytest.fixture
def new(harness: SetupHarness, old: str) -> str:
    """The id of a key that was made beside the old one."""
    rotate(harness.context())
    (key_id,) = harness.alive().keys() - {old}
    return key_id


def test_the_new_key_is_made_beside_the_old_one_and_it_is_said_what_to_paste(
    harness: SetupHarness, old: str
) -> None:
    result = rotate(harness.context())
    (new,) = harness.alive().keys() - {old}
    assert (result.verdict, statuses(result)) == (Verdict.WARN, [DONE, WAITING, TODO])
    assert f"Made {new}" in result.steps[0].detail
    assert "cannot see which key Okta has" in result.steps[1].detail
    assert "show --copy" in result.remaining[0]
    assert "--finish" in result.remaining[-1]
    assert "--abort" in result.findings[0].fix
    assert codes(result) == ["NGR716"]
    profile = harness.profile()
    assert (profile.key and profile.key.id, profile.next_key and profile.next_key.id) == (old, new)
    assert harness.secrets.get(SCIM) == harness.alive()[old].token
    assert harness.secrets.get(NEXT) == harness.alive()[new].token


def test_the_new_key_belongs_to_the_same_service_user(harness: SetupHarness, old: str) -> None:
    rotate(harness.context())
    assert len({key.owner_id for key in harness.alive().values()}) == 1
    assert {key.description for key in harness.alive().values()} == {"Okta SCIM Integration"}


def test_a_key_of_a_person_is_replaced_by_one_of_a_service_user(harness: SetupHarness) -> None:
    account = harness.sandbox.account
    personal = account.add_key(account.administrator, "mine", "")
    harness.secrets.set(SCIM, personal.token)
    harness.change(Profile(NAME, key=Key(personal.id, description="mine")))
    rotate(harness.context())
    (new,) = harness.alive().values()
    assert account.service_users[new.owner_id].name == "Okta SCIM Bot"
    assert new.description == "Okta SCIM Integration"


def test_another_service_user_can_be_named(harness: SetupHarness, old: str) -> None:
    rotate(harness.context(answers=Answers(service_user="Other", key_description="New")))
    new = next(key for key in harness.alive().values() if key.id != old)
    assert harness.sandbox.account.service_users[new.owner_id].name == "Other"
    assert new.description == "New"


@pytest.mark.parametrize("with_api", [True, False])
@pytest.mark.parametrize(
    "person", [NOBODY, FakePerson(), FakePerson(says=None)], ids=["nobody", "yes", "Enter"]
)
def test_a_further_run_revokes_nothing_and_says_it_again(
    harness: SetupHarness, old: str, new: str, person: Person, with_api: bool
) -> None:
    for _ in range(2):
        result = rotate(harness.context(person=person, with_api=with_api))
        assert statuses(result) == [DONE, WAITING, TODO]
        assert "show --copy" in result.remaining[0]
        assert new in result.steps[0].detail
    assert harness.alive().keys() == {old, new}


def test_finish_tests_the_new_key_and_revokes_the_old_one(
    harness: SetupHarness, old: str, new: str
) -> None:
    result = finish(harness)
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE] * 2)
    assert result.steps[-1].detail == f"Revoked {old}."
    assert list(harness.alive()) == [new]
    profile = harness.profile()
    assert profile.key is not None
    assert (profile.key.id, profile.next_key, profile.previous_key) == (new, None, None)
    assert (harness.secrets.get(SCIM), harness.secrets.get(NEXT)) == (
        harness.alive()[new].token,
        None,
    )


def test_abort_tests_the_old_key_and_revokes_the_new_one(
    harness: SetupHarness, old: str, new: str
) -> None:
    secret = harness.secrets.get(SCIM)
    result = abort(harness)
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE] * 2)
    assert result.steps[-1].detail == f"Revoked {new}."
    assert "paste the old one again" in result.remaining[0]
    assert list(harness.alive()) == [old]
    assert harness.profile().key_ids == (old,)
    assert (harness.secrets.get(SCIM), harness.secrets.get(NEXT)) == (secret, None)
    assert statuses(rotate(harness.context())) == [DONE, WAITING, TODO]


@pytest.mark.parametrize(
    ("end", "goes", "question"),
    [
        (End.FINISH, "old", "Does Okta have the new key, and do you want to revoke the old one?"),
        (End.ABORT, "new", "Do you want to stay with the old key and revoke the new one?"),
    ],
)
def test_a_person_is_asked_by_the_names_of_both_keys(
    harness: SetupHarness, old: str, new: str, end: End, goes: str, question: str
) -> None:
    for says in (False, None):
        person = FakePerson(says=says)
        result = rotate(harness.context(person=person), end=end)
        assert statuses(result) == [DONE, TODO]
        assert harness.alive().keys() == {old, new}
        assert person.asked == [question]
        (named,) = (output for output in person.output if f"Old key: {old} (made on " in output)
        assert f"New key: {new} (made on " in named
        assert "provisioning stops" in named
    rotate(harness.context(person=FakePerson(says=True)), end=end)
    (left,) = harness.alive()
    assert left != {"old": old, "new": new}[goes]


@pytest.mark.parametrize("end", End)
def test_where_nobody_says_yes_nothing_is_done(
    harness: SetupHarness, old: str, new: str, end: End
) -> None:
    before = harness.profile()
    with pytest.raises(UsageError, match=r"No terminal to confirm revoking ak_.*; add --yes"):
        rotate(harness.context(), end=end)
    assert harness.alive().keys() == {old, new}
    assert harness.profile() == before


@pytest.mark.parametrize("end", End)
@pytest.mark.parametrize("yes", [True, False])
def test_without_a_rotation_there_is_nothing_to_end(
    harness: SetupHarness, old: str, end: End, yes: bool
) -> None:
    result = rotate(harness.context(), end=end, yes=yes)
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE])
    assert f"nothing to {end}" in result.steps[0].detail
    assert list(harness.alive()) == [old]


def test_at_a_terminal_the_new_key_lies_in_the_clipboard_while_it_is_pasted(
    harness: SetupHarness, old: str
) -> None:
    clipboard = FakeClipboard()
    held = []

    class Pasting(FakePerson):
        def ask(self, question: str, *, default: str = "") -> str:
            held.append(list(clipboard.holds))
            return super().ask(question, default=default)

    person = Pasting()
    rotate(replace(harness.context(person=person), clipboard=lambda: clipboard))
    new = next(key for key in harness.alive().values() if key.id != old)
    assert held == [[new.token]]
    assert clipboard.holds == []
    assert "The key is off the clipboard." in person.output


# The profile of an earlier version, or one whose keyring lost the old key.


@pytest.fixture
def superseded(harness: SetupHarness, old: str) -> str:
    """The id of a key that has taken the place of ``old``, which is not revoked."""
    new = harness.add_key()
    harness.secrets.set(SCIM, new.token)
    harness.change(replace(harness.profile(), key=Key(new.id), previous_key=Key(old)))
    return new.id


def test_a_key_that_was_replaced_lives_until_the_rotation_is_finished(
    harness: SetupHarness, old: str, superseded: str
) -> None:
    assert statuses(rotate(harness.context())) == [DONE, WAITING, TODO]
    assert harness.alive().keys() == {old, superseded}
    assert statuses(finish(harness)) == [DONE] * 2
    assert list(harness.alive()) == [superseded]
    assert harness.profile().key_ids == (superseded,)


def test_a_rotation_cannot_be_aborted_without_the_old_key(
    harness: SetupHarness, old: str, superseded: str
) -> None:
    result = abort(harness)
    assert statuses(result) == [FAILED]
    assert (result.verdict, codes(result)) == (Verdict.INCOMPLETE, ["NGR716"])
    assert "store it and run this again" in result.steps[0].detail
    assert harness.alive().keys() == {old, superseded}


def test_who_owns_the_old_key_owns_the_new_one_and_nobody_is_asked(
    harness: SetupHarness, old: str
) -> None:
    person = FakePerson()
    rotate(harness.context(person=person))
    (asked,) = person.asked
    assert asked.startswith("Press Enter to continue.")


@pytest.mark.no_cover
@pytest.mark.parametrize("fault", ["key-refused", "not-found", "server-error", "empty-list"])
@pytest.mark.parametrize("end", End)
def test_no_key_is_revoked_where_the_other_one_does_not_pass(
    harness: SetupHarness, old: str, new: str, fault: str, end: End
) -> None:
    harness.sandbox.set_faults([fault])
    result = rotate(harness.context(), end=end, yes=True)
    assert (result.verdict, statuses(result)) == (Verdict.FAIL, [FAILED])
    assert codes(result)[-1] == "NGR716"
    assert harness.alive().keys() == {old, new}
    harness.sandbox.set_faults([])
    assert statuses(rotate(harness.context(), end=end, yes=True)) == [DONE] * 2


@pytest.mark.parametrize("end", End)
def test_the_test_is_made_with_the_key_that_stays(
    harness: SetupHarness, old: str, new: str, end: End
) -> None:
    tested = []
    context = harness.context()

    def test(form: Form) -> Result:
        tested.append(form.authorization)
        return Result("test-connect", Verdict.INCOMPLETE)

    result = rotate(replace(context, test=test), end=end, yes=True)
    assert tested == [harness.alive()[new if end is End.FINISH else old].token]
    assert (result.verdict, len(harness.alive())) == (Verdict.INCOMPLETE, 2)


@pytest.mark.parametrize("end", End)
def test_a_key_that_cannot_be_revoked_is_tried_again(
    harness: SetupHarness, old: str, new: str, end: End
) -> None:
    harness.sandbox.set_faults(["api-server-error@2"])
    assert statuses(rotate(harness.context(), end=end, yes=True))[-1] is FAILED
    assert harness.alive().keys() == {old, new}
    assert harness.profile().rotation is not None
    harness.sandbox.set_faults([])
    assert statuses(rotate(harness.context(), end=end, yes=True)) == [DONE] * 2
    assert len(harness.alive()) == 1


def test_a_new_key_that_the_keyring_lost_leaves_the_way_back(
    harness: SetupHarness, old: str, new: str
) -> None:
    harness.secrets.delete(NEXT)
    with pytest.raises(KeyringLost) as caught:
        finish(harness)
    assert "--abort" in caught.value.advice
    assert len(harness.alive()) == 2
    assert statuses(abort(harness)) == [DONE] * 2


def test_an_old_key_without_an_id_is_left_to_the_person(harness: SetupHarness) -> None:
    harness.secrets.set(SCIM, "an-old-key")
    harness.change(Profile(NAME, key=Key("")))
    rotate(harness.context())
    result = finish(harness)
    assert statuses(result) == [DONE, WAITING]
    assert "dashboard.ngrok.com/api-keys" in result.remaining[0]
    assert len(harness.alive()) == 1


def test_a_key_in_the_environment_is_named_because_it_wins(harness: SetupHarness, old: str) -> None:
    result = rotate(harness.context(given_key="NGROK_SCIM_API_KEY"))
    assert any(line.startswith("NGROK_SCIM_API_KEY is used before") for line in result.remaining)


def test_without_an_admin_key_nothing_happens(harness: SetupHarness, old: str) -> None:
    result = rotate(harness.context(with_api=False))
    assert (result.verdict, statuses(result)) == (Verdict.INCOMPLETE, [FAILED])
    assert "NGROK_API_KEY" in result.remaining[0]


def test_without_a_key_there_is_nothing_to_replace(harness: SetupHarness) -> None:
    result = rotate(harness.context())
    assert statuses(result) == [FAILED]
    assert "api-key create" in result.steps[0].detail
    assert harness.alive() == {}


def test_a_refusal_leaves_the_old_key_alone(harness: SetupHarness, old: str) -> None:
    harness.sandbox.set_faults(["key-limit"])
    result = rotate(harness.context())
    assert (result.verdict, [item.code for item in result.findings]) == (Verdict.FAIL, ["NGR715"])
    assert list(harness.alive()) == [old]
    assert harness.profile().pending_key is None


def test_what_an_earlier_run_left_is_reported(harness: SetupHarness, old: str) -> None:
    harness.sandbox.set_faults(["drops-after-create", "api-server-error@4"])
    rotate(harness.context())
    assert len(harness.alive()) == 2
    harness.sandbox.set_faults([])
    person = FakePerson(says=False)
    result = rotate(harness.context(person=person))
    assert "half-made; it is revoked" in person.output[0]
    assert statuses(result) == [DONE, WAITING, TODO]
    assert len(harness.alive()) == 2


def test_after_an_abort_it_is_said_where_the_old_key_is(
    harness: SetupHarness, old: str, new: str
) -> None:
    assert "api-key show --copy" in abort(harness).remaining[0]
    rotate(harness.context())
    profile = harness.profile()
    harness.change(replace(profile, key=replace(profile.key or Key(""), kept="shown")))
    assert f"Get the key {old} from where you put it." in abort(harness).remaining[0]


# What is said, and what stops a run.


def test_the_person_sees_what_to_paste_and_is_waited_for(harness: SetupHarness, old: str) -> None:
    person = FakePerson()
    rotate(harness.context(person=person, given_key="NGROK_SCIM_API_KEY"))
    (new,) = harness.alive().keys() - {old}
    assert [line for line in person.output if "clipboard" not in line][-6:] == [
        f"Made {new} for the Service User “Okta SCIM Bot”. {old} works until you revoke it.",
        "Copy the new key: `ngrok-scim api-key show --copy`",
        texts.PASTE_IN_OKTA[Wizard.CLASSIC],
        texts.ANOTHER_KEY_GIVEN.format("NGROK_SCIM_API_KEY"),
        "ngrok-scim cannot see which key Okta has.",
        "",
    ]
    assert person.asked[-1].startswith("Press Enter to continue.")


@pytest.mark.parametrize(
    ("end", "goes", "has"), [(End.FINISH, "old", "still has"), (End.ABORT, "new", "has")]
)
def test_it_is_said_what_a_yes_costs(
    harness: SetupHarness, old: str, new: str, end: End, goes: str, has: str
) -> None:
    cost = f"The {goes} one stops working at once; if Okta {has} it, provisioning stops."
    with pytest.raises(UsageError) as caught:
        rotate(harness.context(), end=end)
    assert str(caught.value) == (
        f"No terminal to confirm revoking {old if goes == 'old' else new}; add --yes."
    )
    assert caught.value.advice.endswith(cost)
    person = FakePerson(says=False)
    result = rotate(harness.context(person=person), end=end)
    assert any(told.endswith(cost) for told in person.output)
    assert person.output[-2:] == ["Nothing was revoked. Both keys work.", ""]
    assert (result.verdict, codes(result)) == (Verdict.WARN, ["NGR716"])
    assert [f"--{end}" in way for way in result.remaining] == [True, False]


@pytest.mark.parametrize("end", End)
def test_it_is_said_which_key_was_tested(
    harness: SetupHarness, old: str, new: str, end: End
) -> None:
    stays = new if end is End.FINISH else old
    harness.sandbox.set_faults(["key-refused"])
    failed = rotate(harness.context(), end=end, yes=True)
    begin = f"The test does not pass with {stays}, so nothing is revoked. "
    assert failed.okta is not None
    assert failed.steps[-1].detail == begin + failed.okta.message
    harness.sandbox.set_faults([])
    passed = rotate(harness.context(), end=end, yes=True)
    assert passed.okta is not None
    assert passed.steps[0].detail == f"Tested {stays}: {passed.okta.message}"


def test_an_old_key_without_an_id_is_mentioned(harness: SetupHarness) -> None:
    harness.secrets.set(SCIM, "an-old-key")
    harness.change(Profile(NAME, key=Key("")))
    made = rotate(harness.context())
    assert "The old key works until you revoke it." in made.steps[0].detail
    with pytest.raises(UsageError, match="confirm revoking the old key; add --yes"):
        rotate(harness.context(), end=End.FINISH)
    assert "does not pass with this key, so" in abort(harness).steps[0].detail
    context = harness.context(test=lambda _: Result("test-connect", Verdict.PASS))
    aborted = rotate(context, end=End.ABORT, yes=True)
    assert aborted.steps[0].detail == "Tested the key that stays: "


@pytest.mark.parametrize("end", End)
def test_nothing_is_revoked_where_another_run_ended_the_rotation_meanwhile(
    harness: SetupHarness, old: str, new: str, end: End
) -> None:
    class Slow(FakePerson):
        def confirm(self, question: str, *, default: bool = True) -> bool:
            abort(harness)
            return super().confirm(question, default=default)

    result = rotate(harness.context(person=Slow(says=True)), end=end)
    assert "Another run changed the keys meanwhile" in result.steps[-1].detail
    assert list(harness.alive()) == [old]


@pytest.mark.parametrize("end", End)
def test_nothing_is_revoked_where_an_earlier_run_had_to_be_settled_first(
    harness: SetupHarness, old: str, new: str, end: End
) -> None:
    def open_api() -> NgrokApi:
        abort(harness)
        return harness.api

    result = rotate(replace(harness.context(), open_api=open_api), end=end, yes=True)
    assert "An earlier run was completed first" in result.steps[-1].detail
    assert list(harness.alive()) == [old]


def test_a_new_key_that_is_not_on_this_machine_is_not_tested(
    harness: SetupHarness, old: str, new: str
) -> None:
    profile = harness.profile()
    assert profile.next_key is not None
    handed_over = replace(profile.next_key, kept="command", kept_by="vault")
    harness.change(replace(profile, next_key=handed_over))
    harness.secrets.delete(NEXT)
    further = rotate(harness.context(person=FakePerson()))
    assert further.remaining[0] == f"Get the key {new} from where the command “vault” put it."
    result = finish(harness)
    assert (result.verdict, statuses(result)) == (Verdict.WARN, [TODO, DONE])
    assert result.steps[0].detail == (f"{new} was not tested, because it is not on this machine.")
    assert result.remaining[0] == texts.TEST_KEY_OF_ROTATION.format(new)
    assert list(harness.alive()) == [new]


def test_that_two_keys_work_is_said_of_each_failure_in_a_rotation_alone(
    harness: SetupHarness, old: str
) -> None:
    before = rotate(harness.context(with_api=False))
    assert (before.verdict, codes(before)) == (Verdict.INCOMPLETE, [])
    rotate(harness.context())
    ended = rotate(harness.context(with_api=False), end=End.FINISH, yes=True)
    assert (ended.verdict, codes(ended)) == (Verdict.INCOMPLETE, ["NGR716"])
    assert len(harness.alive()) == 2
