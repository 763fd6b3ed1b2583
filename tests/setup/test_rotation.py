from dataclasses import replace
from datetime import timedelta

import pytest

from ngrok_scim_cli.diagnosis.finding import Result, StepStatus, Verdict
from ngrok_scim_cli.errors import KeyringLost
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.setup.api_key import provide_key
from ngrok_scim_cli.setup.context import Answers
from ngrok_scim_cli.setup.rotation import announced, rotate
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


def test_without_a_terminal_the_first_run_makes_the_key_and_says_what_to_paste(
    place: Place, old: str
) -> None:
    result = rotate(place.context())
    (new,) = place.alive().keys() - {old}
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE, WAITING, TODO, TODO])
    assert f"Made {new}" in result.steps[0].detail
    assert "cannot be seen from here" in result.steps[1].detail
    assert "show --copy" in result.remaining[0]
    assert "--finish" in result.remaining[-1]
    profile = place.profile()
    assert profile.key is not None
    assert profile.next_key is not None
    assert (profile.key.id, profile.next_key.id) == (old, new)
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


def test_a_run_that_never_said_what_to_paste_says_it_again(place: Place, old: str) -> None:
    rotate(place.context())
    result = rotate(place.context())
    assert statuses(result) == [DONE, WAITING, TODO, TODO]
    assert len(place.alive()) == 2


def test_the_next_run_after_it_was_said_tests_and_revokes_the_old_key(
    place: Place, old: str
) -> None:
    rotate(place.context())
    announced(place.context())
    result = rotate(place.context())
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE] * 4)
    assert result.steps[3].detail == f"Revoked {old}."
    ((new, key),) = place.alive().items()
    profile = place.profile()
    assert profile.key is not None
    assert (profile.key.id, profile.next_key, profile.previous_key) == (new, None, None)
    assert (place.secrets.get(SCIM), place.secrets.get(NEXT)) == (key.token, None)


def test_what_another_run_said_since_this_one_began_does_not_count(place: Place, old: str) -> None:
    began = place.now()
    place.clock += timedelta(seconds=1)
    context = place.context()
    rotate(context)
    announced(context)
    result = rotate(context, began=began)
    assert statuses(result) == [DONE, WAITING, TODO, TODO]
    assert old in place.alive()


def test_what_was_said_of_an_earlier_rotation_does_not_count(place: Place, old: str) -> None:
    rotate(place.context())
    announced(place.context())
    rotate(place.context())
    place.clock += timedelta(days=1)
    result = rotate(place.context())
    assert statuses(result) == [DONE, WAITING, TODO, TODO]
    assert statuses(rotate(place.context())) == [DONE, WAITING, TODO, TODO]


def test_nothing_is_noted_where_no_rotation_is_under_way(place: Place, old: str) -> None:
    announced(place.context())
    assert place.profile().steps == {}


def test_finish_takes_the_new_key_to_be_in_okta(place: Place, old: str) -> None:
    rotate(place.context())
    result = rotate(place.context(), finish=True)
    assert statuses(result) == [DONE] * 4
    assert old not in place.alive()
    assert len(place.alive()) == 1


def test_finish_without_a_rotation_changes_nothing(place: Place, old: str) -> None:
    result = rotate(place.context(), finish=True)
    assert (result.verdict, statuses(result)) == (Verdict.PASS, [DONE])
    assert "nothing to finish" in result.steps[0].detail
    assert list(place.alive()) == [old]


def test_at_a_terminal_a_yes_does_it_in_one_go(place: Place, old: str) -> None:
    person = Somebody(says=True)
    result = rotate(place.context(person=person))
    assert statuses(result) == [DONE] * 4
    assert person.asked[-1] == "Is the new key saved in Okta, and did Okta's test pass?"
    assert old not in place.alive()


def test_at_a_terminal_the_new_key_lies_in_the_clipboard_while_it_is_pasted(
    place: Place, old: str
) -> None:
    clipboard = PaperClipboard()
    held = []

    class Pasting(Somebody):
        def confirm(self, question: str, *, default: bool = True) -> bool:
            held.append(list(clipboard.holds))
            return super().confirm(question, default=default)

    person = Pasting()
    rotate(replace(place.context(person=person), clipboard=lambda: clipboard))
    (new,) = place.alive().values()
    assert held == [[], [new.token]]
    assert clipboard.holds == []
    assert "The key is off the clipboard." in person.told


def test_who_owns_the_old_key_owns_the_new_one_and_nobody_is_asked(place: Place, old: str) -> None:
    person = Somebody()
    rotate(place.context(person=person))
    assert person.asked == ["Is the new key saved in Okta, and did Okta's test pass?"]


@pytest.mark.parametrize("says", [False, None], ids=["no", "Enter"])
def test_at_a_terminal_a_no_keeps_both_keys(place: Place, old: str, says: bool | None) -> None:
    for _ in range(2):
        result = rotate(place.context(person=Somebody(says=says)))
        assert statuses(result) == [DONE, WAITING, TODO, TODO]
        assert len(place.alive()) == 2
    announced(place.context())
    assert statuses(rotate(place.context(person=Somebody(says=False))))[1] is WAITING


@pytest.mark.parametrize("fault", ["key-refused", "not-found", "server-error", "empty-list"])
def test_the_old_key_stays_where_the_new_one_does_not_pass(
    place: Place, old: str, fault: str
) -> None:
    rotate(place.context())
    place.sandbox.set_faults([fault])
    result = rotate(place.context(), finish=True)
    assert (result.verdict, statuses(result)) == (Verdict.FAIL, [DONE, DONE, FAILED, TODO])
    assert result.findings[-1].code == "NGR712"
    assert len(place.alive()) == 2
    assert place.secrets.get(SCIM) == place.alive()[old].token
    place.sandbox.set_faults([])
    assert statuses(rotate(place.context(), finish=True)) == [DONE] * 4


def test_the_test_is_made_with_the_new_key(place: Place, old: str) -> None:
    rotate(place.context())
    new = next(key for key in place.alive().values() if key.id != old)
    tested = []

    context = place.context()

    def test(form: object) -> Result:
        tested.append(form)
        return Result("test-connect", Verdict.INCOMPLETE)

    result = rotate(replace(context, test=test), finish=True)
    assert [form.authorization for form in tested] == [new.token]  # type: ignore[attr-defined]
    assert (result.verdict, old in place.alive()) == (Verdict.INCOMPLETE, True)


def test_an_old_key_that_cannot_be_revoked_is_tried_again(place: Place, old: str) -> None:
    rotate(place.context())
    place.sandbox.set_faults(["api-server-error@2"])
    result = rotate(place.context(), finish=True)
    assert statuses(result)[3] is FAILED
    assert place.profile().previous_key is not None
    place.sandbox.set_faults([])
    assert statuses(rotate(place.context(), finish=True)) == [DONE] * 4
    assert old not in place.alive()


def test_a_new_key_that_the_keyring_lost_stops_everything(place: Place, old: str) -> None:
    rotate(place.context())
    place.secrets.delete(NEXT)
    with pytest.raises(KeyringLost):
        rotate(place.context(), finish=True)
    assert len(place.alive()) == 2


def test_an_old_key_that_tells_no_id_is_left_to_the_person(place: Place) -> None:
    place.secrets.set(SCIM, "an-old-key")
    place.change(Profile(NAME, key=Key("")))
    rotate(place.context())
    result = rotate(place.context(), finish=True)
    assert statuses(result) == [DONE, DONE, DONE, WAITING]
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


def test_what_an_earlier_run_left_is_told(place: Place, old: str) -> None:
    place.sandbox.set_faults(["drops-after-create", "api-server-error@4"])
    rotate(place.context())
    assert len(place.alive()) == 2
    place.sandbox.set_faults([])
    person = Somebody(says=False)
    result = rotate(place.context(person=person))
    assert "half-made; it is revoked" in person.told[0]
    assert statuses(result) == [DONE, WAITING, TODO, TODO]
    assert len(place.alive()) == 2
