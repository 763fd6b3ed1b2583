from dataclasses import replace
from datetime import timedelta

import pytest

from ngrok_scim_cli.diagnosis.finding import Result, StepStatus, Verdict
from ngrok_scim_cli.errors import KeyringLost, UsageError
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.setup.api_key import provide_key
from ngrok_scim_cli.setup.context import Answers
from ngrok_scim_cli.setup.person import NOBODY, Person
from ngrok_scim_cli.setup.rotation import End, rotate
from tests.support.setup_context import NAME, NEXT, SCIM, PaperClipboard, Place, Somebody

DONE, WAITING, TODO, FAILED = (
    StepStatus.DONE,
    StepStatus.WAITING,
    StepStatus.TODO,
    StepStatus.FAILED,
)


@pytest.fixture
def old(place: Place) -> str:
    """The id of a key that was made and is in use."""
    provide_key(place.context())
    (key_id,) = place.alive()
    place.clock += timedelta(days=400)
    return key_id


def statuses(result: Result) -> list[StepStatus]:
    return [step.status for step in result.steps]


def codes(result: Result) -> list[str]:
    return [item.code for item in result.findings]


def finish(place: Place, **fields: object) -> Result:
    return rotate(place.context(**fields), end=End.FINISH, yes=True)  # type: ignore[arg-type]


def abort(place: Place) -> Result:
    return rotate(place.context(), end=End.ABORT, yes=True)


@pytest.fixture
def new(place: Place, old: str) -> str:
    """The id of a key that was made beside the old one."""
    rotate(place.context())
    (key_id,) = place.alive().keys() - {old}
    return key_id


def test_the_new_key_is_made_beside_the_old_one_and_it_is_said_what_to_paste(
    place: Place, old: str
) -> None:
    result = rotate(place.context())
    (new,) = place.alive().keys() - {old}
    assert (result.verdict, statuses(result)) == (Verdict.WARN, [DONE, WAITING, TODO])
    assert f"Made {new}" in result.steps[0].detail
    assert "cannot be seen from here" in result.steps[1].detail
    assert "show --copy" in result.remaining[0]
    ends = [line.rpartition("--")[2].rstrip("`.") for line in result.remaining[-2:]]
    assert ends == ["finish", "abort"]
    assert codes(result) == ["NGR716"]
    profile = place.profile()
    assert (profile.key and profile.key.id, profile.next_key and profile.next_key.id) == (old, new)
    assert place.secrets.get(SCIM) == place.alive()[old].token
    assert place.secrets.get(NEXT) == place.alive()[new].token


def test_the_new_key_belongs_to_the_same_service_user(place: Place, old: str) -> None:
    rotate(place.context())
    assert len({key.owner_id for key in place.alive().values()}) == 1
    assert {key.description for key in place.alive().values()} == {"Okta SCIM Integration"}


def test_a_key_of_a_person_is_replaced_by_one_of_a_service_user(place: Place) -> None:
    account = place.sandbox.account
    personal = account.add_key(account.administrator, "mine", "")
    place.secrets.set(SCIM, personal.token)
    place.change(Profile(NAME, key=Key(personal.id, description="mine")))
    rotate(place.context())
    (new,) = place.alive().values()
    assert account.service_users[new.owner_id].name == "Okta SCIM Bot"
    assert new.description == "Okta SCIM Integration"


def test_another_service_user_can_be_named(place: Place, old: str) -> None:
    rotate(place.context(answers=Answers(service_user="Other", key_description="New")))
    new = next(key for key in place.alive().values() if key.id != old)
    assert place.sandbox.account.service_users[new.owner_id].name == "Other"
    assert new.description == "New"


@pytest.mark.parametrize("with_api", [True, False])
@pytest.mark.parametrize(
    "person", [NOBODY, Somebody(), Somebody(says=None)], ids=["nobody", "yes", "Enter"]
)
def test_a_further_run_revokes_nothing_and_says_it_again(
    place: Place, old: str, new: str, person: Person, with_api: bool
) -> None:
    for _ in range(2):
        result = rotate(place.context(person=person, with_api=with_api))
        assert statuses(result) == [DONE, WAITING, TODO]
        assert "show --copy" in result.remaining[0]
        assert new in result.steps[0].detail
    assert place.alive().keys() == {old, new}


def test_finish_tests_the_new_key_and_revokes_the_old_one(place: Place, old: str, new: str) -> None:
    result = finish(place)
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE] * 2)
    assert result.steps[-1].detail == f"Revoked {old}."
    assert list(place.alive()) == [new]
    profile = place.profile()
    assert profile.key is not None
    assert (profile.key.id, profile.next_key, profile.previous_key) == (new, None, None)
    assert (place.secrets.get(SCIM), place.secrets.get(NEXT)) == (place.alive()[new].token, None)


def test_abort_tests_the_old_key_and_revokes_the_new_one(place: Place, old: str, new: str) -> None:
    secret = place.secrets.get(SCIM)
    result = abort(place)
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE] * 2)
    assert result.steps[-1].detail == f"Revoked {new}."
    assert "paste the old one again" in result.remaining[0]
    assert list(place.alive()) == [old]
    assert place.profile().key_ids == (old,)
    assert (place.secrets.get(SCIM), place.secrets.get(NEXT)) == (secret, None)
    assert statuses(rotate(place.context())) == [DONE, WAITING, TODO]


@pytest.mark.parametrize(
    ("end", "goes", "question"),
    [
        (End.FINISH, "old", "Does Okta have the new key, and do you want to revoke the old one?"),
        (End.ABORT, "new", "Do you want to stay with the old key and revoke the new one?"),
    ],
)
def test_a_person_is_asked_by_the_names_of_both_keys(
    place: Place, old: str, new: str, end: End, goes: str, question: str
) -> None:
    for says in (False, None):
        person = Somebody(says=says)
        result = rotate(place.context(person=person), end=end)
        assert statuses(result) == [DONE, TODO]
        assert place.alive().keys() == {old, new}
        assert person.asked == [question]
        (named,) = (told for told in person.told if f"Old key: {old} (made on " in told)
        assert f"New key: {new} (made on " in named
        assert "provisioning stops" in named
    rotate(place.context(person=Somebody(says=True)), end=end)
    (left,) = place.alive()
    assert left != {"old": old, "new": new}[goes]


@pytest.mark.parametrize("end", End)
def test_where_nobody_says_yes_nothing_is_done(place: Place, old: str, new: str, end: End) -> None:
    before = place.profile()
    with pytest.raises(UsageError, match=r"No terminal to confirm revoking ak_.*; add --yes"):
        rotate(place.context(), end=end)
    assert place.alive().keys() == {old, new}
    assert place.profile() == before


@pytest.mark.parametrize("end", End)
@pytest.mark.parametrize("yes", [True, False])
def test_without_a_rotation_there_is_nothing_to_end(
    place: Place, old: str, end: End, yes: bool
) -> None:
    result = rotate(place.context(), end=end, yes=yes)
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE])
    assert f"nothing to {end}" in result.steps[0].detail
    assert list(place.alive()) == [old]


def test_at_a_terminal_the_new_key_lies_in_the_clipboard_while_it_is_pasted(
    place: Place, old: str
) -> None:
    clipboard = PaperClipboard()
    held = []

    class Pasting(Somebody):
        def ask(self, question: str, *, default: str = "") -> str:
            held.append(list(clipboard.holds))
            return super().ask(question, default=default)

    person = Pasting()
    rotate(replace(place.context(person=person), clipboard=lambda: clipboard))
    new = next(key for key in place.alive().values() if key.id != old)
    assert held == [[new.token]]
    assert clipboard.holds == []
    assert "The key is off the clipboard." in person.told


# The profile of an earlier version, or one whose keyring lost the old key.


@pytest.fixture
def superseded(place: Place, old: str) -> str:
    """The id of a key that has taken the place of ``old``, which is not revoked."""
    new = place.add_key()
    place.secrets.set(SCIM, new.token)
    place.change(replace(place.profile(), key=Key(new.id), previous_key=Key(old)))
    return new.id


def test_a_key_that_was_replaced_lives_until_the_rotation_is_finished(
    place: Place, old: str, superseded: str
) -> None:
    assert statuses(rotate(place.context())) == [DONE, WAITING, TODO]
    assert place.alive().keys() == {old, superseded}
    assert statuses(finish(place)) == [DONE] * 2
    assert list(place.alive()) == [superseded]
    assert place.profile().key_ids == (superseded,)


def test_there_is_no_way_back_to_a_key_that_nobody_has(
    place: Place, old: str, superseded: str
) -> None:
    result = abort(place)
    assert statuses(result) == [FAILED]
    assert "store it and run this again" in result.steps[0].detail
    assert place.alive().keys() == {old, superseded}


@pytest.mark.parametrize("end", End)
def test_a_new_key_that_an_earlier_version_kept_is_found(
    place: Place, old: str, new: str, end: End
) -> None:
    token = place.secrets.get(NEXT)
    assert token
    place.secrets.set("default/scim.next", token)
    place.secrets.delete(NEXT)
    assert statuses(rotate(place.context(), end=end, yes=True)) == [DONE] * 2
    assert list(place.alive()) == [new if end is End.FINISH else old]
    assert place.secrets.get("default/scim.next") is None


def test_who_owns_the_old_key_owns_the_new_one_and_nobody_is_asked(place: Place, old: str) -> None:
    person = Somebody()
    rotate(place.context(person=person))
    (asked,) = person.asked
    assert asked.startswith("Press Enter once the new key is saved in Okta")


@pytest.mark.parametrize("fault", ["key-refused", "not-found", "server-error", "empty-list"])
@pytest.mark.parametrize("end", End)
def test_no_key_is_revoked_where_the_other_one_does_not_pass(
    place: Place, old: str, new: str, fault: str, end: End
) -> None:
    place.sandbox.set_faults([fault])
    result = rotate(place.context(), end=end, yes=True)
    assert (result.verdict, statuses(result)) == (Verdict.FAIL, [FAILED])
    assert codes(result)[-1] == "NGR716"
    assert place.alive().keys() == {old, new}
    place.sandbox.set_faults([])
    assert statuses(rotate(place.context(), end=end, yes=True)) == [DONE] * 2


@pytest.mark.parametrize("end", End)
def test_the_test_is_made_with_the_key_that_stays(
    place: Place, old: str, new: str, end: End
) -> None:
    tested = []
    context = place.context()

    def test(form: Form) -> Result:
        tested.append(form.authorization)
        return Result("test-connect", Verdict.INCOMPLETE)

    result = rotate(replace(context, test=test), end=end, yes=True)
    assert tested == [place.alive()[new if end is End.FINISH else old].token]
    assert (result.verdict, len(place.alive())) == (Verdict.INCOMPLETE, 2)


@pytest.mark.parametrize("end", End)
def test_a_key_that_cannot_be_revoked_is_tried_again(
    place: Place, old: str, new: str, end: End
) -> None:
    place.sandbox.set_faults(["api-server-error@2"])
    assert statuses(rotate(place.context(), end=end, yes=True))[-1] is FAILED
    assert place.alive().keys() == {old, new}
    assert place.profile().rotation is not None
    place.sandbox.set_faults([])
    assert statuses(rotate(place.context(), end=end, yes=True)) == [DONE] * 2
    assert len(place.alive()) == 1


def test_a_new_key_that_the_keyring_lost_leaves_the_way_back(
    place: Place, old: str, new: str
) -> None:
    place.secrets.delete(NEXT)
    with pytest.raises(KeyringLost) as caught:
        finish(place)
    assert "--abort" in caught.value.advice
    assert len(place.alive()) == 2
    assert statuses(abort(place)) == [DONE] * 2


def test_an_old_key_that_tells_no_id_is_left_to_the_person(place: Place) -> None:
    place.secrets.set(SCIM, "an-old-key")
    place.change(Profile(NAME, key=Key("")))
    rotate(place.context())
    result = finish(place)
    assert statuses(result) == [DONE, WAITING]
    assert "dashboard.ngrok.com/api-keys" in result.remaining[0]
    assert len(place.alive()) == 1


def test_a_key_in_the_environment_is_named_because_it_wins(place: Place, old: str) -> None:
    result = rotate(place.context(given_key="NGROK_SCIM_API_KEY"))
    assert any(line.startswith("NGROK_SCIM_API_KEY holds a key") for line in result.remaining)


def test_without_an_admin_key_nothing_happens(place: Place, old: str) -> None:
    result = rotate(place.context(with_api=False))
    assert (result.verdict, statuses(result)) == (Verdict.INCOMPLETE, [FAILED])
    assert "NGROK_API_KEY" in result.remaining[0]


def test_without_a_key_there_is_nothing_to_replace(place: Place) -> None:
    result = rotate(place.context())
    assert statuses(result) == [FAILED]
    assert "api-key create" in result.steps[0].detail
    assert place.alive() == {}


def test_a_refusal_leaves_the_old_key_alone(place: Place, old: str) -> None:
    place.sandbox.set_faults(["key-limit"])
    result = rotate(place.context())
    assert (result.verdict, [item.code for item in result.findings]) == (Verdict.FAIL, ["NGR715"])
    assert list(place.alive()) == [old]
    assert place.profile().pending_key is None


def test_what_an_earlier_run_left_is_reported(place: Place, old: str) -> None:
    place.sandbox.set_faults(["drops-after-create", "api-server-error@4"])
    rotate(place.context())
    assert len(place.alive()) == 2
    place.sandbox.set_faults([])
    person = Somebody(says=False)
    result = rotate(place.context(person=person))
    assert "half-made; it is revoked" in person.told[0]
    assert statuses(result) == [DONE, WAITING, TODO]
    assert len(place.alive()) == 2
