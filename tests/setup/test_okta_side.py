import io
from dataclasses import dataclass, field, replace

import pytest

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.settings.clipboard import TerminalClipboard
from ngrok_scim_cli.setup import okta_side, texts
from ngrok_scim_cli.setup.context import Answers
from tests.support.setup_context import PaperClipboard, Place, Somebody

KEY = "2aBcDeFgHiJkLmNoPqRsTuVwXyZ_0123456789abcdefghijk"


@dataclass
class Answering(Somebody):
    """A person who types ``typed`` line by line."""

    typed: list[str] = field(default_factory=list)
    chosen: str = "saml"

    def ask(self, question: str, *, default: str = "") -> str:
        self.asked.append(question)
        return self.typed.pop(0) if self.typed else default

    def choose(self, question: str, options: object, *, default: str) -> str:
        self.asked.append(question)
        return self.chosen if question == texts.ASK_APP_TYPE else "swa"


def test_what_switching_scim_on_changes_is_said_first(place: Place) -> None:
    person = Somebody()
    okta_side.check_prerequisites(
        place.context(person=person, answers=Answers(okta_app_type="swa"))
    )
    assert "SSO" in person.told[0]
    assert "plan" in person.told[0]
    assert "pending invitations stop working" in person.told[0]
    assert person.asked == [texts.IN_PLACE]


@pytest.mark.parametrize("says", [True, False])
def test_who_lacks_something_is_told_to_go_on_and_finds_it_in_the_list(
    place: Place, says: bool
) -> None:
    person = Somebody(says=says)
    outcome = okta_side.check_prerequisites(place.context(person=person))
    assert (texts.NOT_IN_PLACE in person.told) is not says
    assert (texts.switch_on_scim() in outcome.remaining) is not says


def test_what_must_be_in_place_is_asked_before_anything_else(place: Place) -> None:
    person = Answering()
    okta_side.check_prerequisites(place.context(person=person))
    assert person.asked == [texts.IN_PLACE, texts.ASK_APP_TYPE]


@pytest.mark.parametrize("says", [True, False])
def test_who_does_not_know_the_okta_app_goes_on_and_gets_a_page_for_those_who_do(
    place: Place, says: bool
) -> None:
    person = Answering(says=says, chosen="unknown")
    outcome = okta_side.check_prerequisites(place.context(person=person))
    assert outcome.status is StepStatus.TODO
    assert outcome.remaining == (
        *(() if says else (texts.switch_on_scim(),)),
        texts.ask_okta_admin(),
    )
    assert place.profile().okta.app_type == ""


def test_what_is_known_of_the_app_is_kept_where_nobody_is_there(place: Place) -> None:
    okta_side.check_prerequisites(place.context(answers=Answers(okta_app_type="swa")))
    outcome = okta_side.check_prerequisites(place.context())
    assert outcome.status is StepStatus.WAITING
    assert outcome.remaining == (texts.switch_on_scim(),)


@pytest.mark.parametrize("says", [True, False])
def test_an_oidc_app_leads_to_a_second_one(place: Place, says: bool) -> None:
    person = Answering(says=says, chosen="oidc")
    outcome = okta_side.check_prerequisites(place.context(person=person))
    assert texts.OIDC_TRAP in person.told
    assert place.profile().okta.app_type == "swa"
    assert outcome.status is (StepStatus.DONE if says else StepStatus.WAITING)
    assert outcome.remaining == (() if says else (texts.switch_on_scim(), texts.second_app()))


def test_an_oidc_app_without_a_person_fails(place: Place) -> None:
    outcome = okta_side.check_prerequisites(place.context(answers=Answers(okta_app_type="oidc")))
    assert outcome.status is StepStatus.FAILED
    assert [item.code for item in outcome.findings] == ["OKT904"]


def test_without_a_person_the_kind_of_app_stays_open(place: Place) -> None:
    outcome = okta_side.check_prerequisites(place.context())
    assert outcome.status is StepStatus.TODO
    assert texts.say_app_type() in outcome.remaining


def test_the_values_are_shown_and_the_key_is_not(place: Place) -> None:
    person = Answering()
    outcome = okta_side.show_values(place.context(person=person, key=KEY))
    assert outcome.status is StepStatus.DONE
    assert outcome.remaining == (texts.switch_on_to_app(),)
    shown = "\n".join(person.told)
    assert place.sandbox.values.scim_base_url in shown
    assert "ngrok-scim api-key show --copy" in shown
    assert "ngrok-scim okta-values --html FILE" in shown
    assert KEY not in shown


def test_in_a_rehearsal_no_command_that_works_on_the_real_key_is_named(place: Place) -> None:
    person = Answering()
    okta_side.show_values(replace(place.context(person=person, key=KEY), rehearsal=True))
    assert person.told[-1] == texts.NOTHING_TO_PASTE
    assert "api-key show" not in "\n".join(person.told)


@pytest.mark.parametrize("later", ["later", "Later ", "n"])
def test_who_types_later_is_reminded(place: Place, later: str) -> None:
    person = Answering(typed=["what", later])
    outcome = okta_side.show_values(place.context(person=person, key=KEY))
    assert outcome.status is StepStatus.WAITING
    assert outcome.remaining == (texts.fill_in_okta(), texts.switch_on_to_app())
    assert len(person.asked) == 2


def test_without_a_person_the_values_are_handed_out(place: Place) -> None:
    outcome = okta_side.show_values(place.context(key=KEY))
    assert outcome.status is StepStatus.WAITING
    assert outcome.values is not None
    recalled = okta_side.recall_values(place.context(key=KEY))
    assert recalled.values == outcome.values


def test_without_a_key_there_is_nothing_to_wait_for(place: Place) -> None:
    person = Answering()
    assert okta_side.show_values(place.context(person=person)).status is StepStatus.TODO
    assert person.asked == []


@pytest.mark.parametrize("cleared", [True, False])
def test_the_key_lies_in_the_clipboard_only_while_it_is_pasted(place: Place, cleared: bool) -> None:
    clipboard = PaperClipboard(cleared=cleared)
    held: list[list[str]] = []

    class Pasting(Answering):
        def ask(self, question: str, *, default: str = "") -> str:
            held.append(list(clipboard.holds))
            return default

    person = Pasting()
    context = replace(place.context(person=person, key=KEY), clipboard=lambda: clipboard)
    okta_side.show_values(context)
    assert held == [[KEY]]
    assert clipboard.holds == []
    assert ("The key is off the clipboard." in person.told) is cleared


def test_a_terminal_that_does_not_tell_what_it_holds_is_told_to_empty_its_clipboard(
    place: Place,
) -> None:
    stream = io.StringIO()
    person = Answering()
    context = replace(
        place.context(person=person, key=KEY), clipboard=lambda: TerminalClipboard(stream)
    )
    okta_side.show_values(context)
    assert stream.getvalue().endswith("\x1b]52;c;\x07")
    assert person.told[-1] == "Your terminal was told to empty its clipboard."


def test_ctrl_c_clears_the_clipboard(place: Place) -> None:
    clipboard = PaperClipboard()

    class Leaving(Answering):
        def ask(self, question: str, *, default: str = "") -> str:
            raise KeyboardInterrupt

    context = replace(place.context(person=Leaving(), key=KEY), clipboard=lambda: clipboard)
    with pytest.raises(KeyboardInterrupt):
        okta_side.show_values(context)
    assert clipboard.holds == []


def test_who_does_not_want_the_clipboard_is_told_the_command(place: Place) -> None:
    clipboard = PaperClipboard()
    person = Answering(says=False)
    context = replace(place.context(person=person, key=KEY), clipboard=lambda: clipboard)
    assert okta_side.show_values(context).status is StepStatus.DONE
    assert texts.COPY_KEY in person.told


def test_a_clipboard_that_fails_does_not_stop_the_setup(place: Place) -> None:
    person = Answering()
    clipboard = PaperClipboard(works=False)
    context = replace(place.context(person=person, key=KEY), clipboard=lambda: clipboard)
    assert okta_side.show_values(context).status is StepStatus.DONE
    assert "The clipboard could not be used. Show it instead." in person.told


def test_there_is_no_test_without_a_key(place: Place) -> None:
    assert okta_side.test_connector(place.context()).status is StepStatus.TODO
