import io
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from ngrok_scim_cli.diagnosis.finding import StepStatus, WaitingFor
from ngrok_scim_cli.form import Wizard
from ngrok_scim_cli.settings.clipboard import TerminalClipboard
from ngrok_scim_cli.settings.profile import Domain, Key, Okta, Profile
from ngrok_scim_cli.setup import okta_steps, texts
from ngrok_scim_cli.setup.context import Answers, Back, Later, SetupContext, StepOutcome
from tests.support.setup_context import NAME, NOW, FakeClipboard, FakePerson, SetupHarness

KEY = "2aBcDeFgHiJkLmNoPqRsTuVwXyZ_0123456789abcdefghijk"


@dataclass
class Answering(FakePerson):
    """A person who types ``typed`` line by line."""

    typed: list[str] = field(default_factory=list)
    chosen: str = "saml"
    wizard: str = "oiw"

    def ask(self, question: str, *, default: str = "") -> str:
        self.asked.append(question)
        return self.typed.pop(0) if self.typed else default

    def choose(self, question: str, options: object, *, default: str, explanation: str = "") -> str:
        self.asked.append(question)
        return self.chosen if question == texts.ASK_APP else self.wizard


def test_what_switching_scim_on_changes_is_said_first(harness: SetupHarness) -> None:
    person = FakePerson()
    okta_steps.check_prerequisites(
        harness.context(person=person, answers=Answers(okta_app_type="swa"))
    )
    assert "SSO" in person.output[0]
    assert "plan" in person.output[0]
    assert "pending invitations stop working" in person.output[0]
    assert person.asked == [texts.IN_PLACE]


@pytest.mark.parametrize("says", [True, False])
def test_a_missing_prerequisite_stays_in_the_list_of_what_remains(
    harness: SetupHarness, says: bool
) -> None:
    person = FakePerson(says=says)
    outcome = okta_steps.check_prerequisites(harness.context(person=person))
    assert (texts.NOT_IN_PLACE in person.output) is not says
    assert (texts.SWITCH_ON_SCIM in outcome.remaining) is not says


def test_what_must_be_in_place_is_asked_before_anything_else(harness: SetupHarness) -> None:
    person = Answering()
    okta_steps.check_prerequisites(harness.context(person=person))
    assert person.asked == [texts.IN_PLACE, texts.ASK_APP]


@pytest.mark.parametrize("says", [True, False])
def test_who_does_not_know_the_okta_app_goes_on_and_gets_a_page_for_those_who_do(
    harness: SetupHarness, says: bool
) -> None:
    person = Answering(says=says, chosen="unknown")
    outcome = okta_steps.check_prerequisites(harness.context(person=person))
    assert outcome.status is StepStatus.TODO
    assert outcome.remaining == (
        *(() if says else (texts.SWITCH_ON_SCIM,)),
        texts.ASK_OKTA_ADMIN,
    )
    assert harness.profile().okta.app_type == ""


def test_what_is_known_of_the_app_is_kept_where_nobody_is_there(harness: SetupHarness) -> None:
    okta_steps.check_prerequisites(harness.context(answers=Answers(okta_app_type="swa")))
    outcome = okta_steps.check_prerequisites(harness.context())
    assert outcome.status is StepStatus.WAITING
    assert outcome.remaining == (texts.SWITCH_ON_SCIM,)


@pytest.mark.parametrize("says", [True, False])
@pytest.mark.parametrize(("wizard", "app_type"), [("oiw", ""), ("classic", "saml")])
@pytest.mark.parametrize("chosen", ["oidc", "none"])
def test_an_oidc_app_and_no_app_lead_into_making_one(
    harness: SetupHarness, says: bool, wizard: str, app_type: str, chosen: str
) -> None:
    person = Answering(says=says, chosen=chosen, wizard=wizard)
    outcome = okta_steps.check_prerequisites(harness.context(person=person))
    assert (texts.OIDC_TRAP in person.output) is (chosen == "oidc")
    assert any("Create a new app integration" in output for output in person.output)
    okta = harness.profile().okta
    assert (okta.wizard, okta.app_type) == (wizard, app_type)
    assert outcome.status is (StepStatus.DONE if says else StepStatus.WAITING)
    assert outcome.remaining == (() if says else (texts.SWITCH_ON_SCIM, texts.MAKE_APP))


def test_a_saml_app_is_made_with_values_to_copy(harness: SetupHarness) -> None:
    person = Answering(chosen="none", wizard="classic")
    okta_steps.check_prerequisites(harness.context(person=person))
    (shown,) = [
        output for output in person.output if "Classic experience" in output and "Next" in output
    ]
    assert "Single sign-on URL: https://dashboard.ngrok.com/" in shown


@pytest.mark.parametrize(
    ("answers", "known", "okta"),
    [
        (Answers(okta_app_type="saml"), Okta(), Okta("saml")),
        (Answers(okta_wizard="oiw"), Okta(), Okta(wizard="oiw")),
        (Answers(okta_app_type="oidc", okta_wizard="oiw"), Okta(), Okta("oidc", wizard="oiw")),
        (Answers(okta_app_type="oidc"), Okta(wizard="oiw"), Okta("oidc", wizard="oiw")),
        (Answers(okta_app_type="swa"), Okta(wizard="oiw"), Okta("swa", wizard="classic")),
        (Answers(), Okta("saml", wizard="classic"), Okta("saml", wizard="classic")),
    ],
)
def test_the_command_line_says_how_the_app_is_made(
    harness: SetupHarness, answers: Answers, known: Okta, okta: Okta
) -> None:
    harness.change(Profile(NAME, okta=known))
    outcome = okta_steps.check_prerequisites(harness.context(answers=answers))
    assert harness.profile().okta == okta
    assert outcome.status is StepStatus.WAITING


def test_an_oidc_app_without_a_person_fails(harness: SetupHarness) -> None:
    outcome = okta_steps.check_prerequisites(harness.context(answers=Answers(okta_app_type="oidc")))
    assert outcome.status is StepStatus.FAILED
    assert [item.code for item in outcome.findings] == ["OKT904"]


def test_without_a_person_the_kind_of_app_stays_open(harness: SetupHarness) -> None:
    outcome = okta_steps.check_prerequisites(harness.context())
    assert outcome.status is StepStatus.TODO
    assert texts.SAY_APP_TYPE in outcome.remaining


def test_the_values_are_shown_and_the_key_is_not(harness: SetupHarness) -> None:
    person = Answering()
    outcome = okta_steps.show_values(harness.context(person=person, key=KEY))
    assert (outcome.status, outcome.remaining) == (StepStatus.DONE, ())
    shown = "\n".join(person.output)
    assert harness.sandbox.values.scim_base_url in shown
    assert "ngrok-scim api-key show --copy" in shown
    assert "ngrok-scim okta-values --html FILE" in shown
    assert KEY not in shown


def test_in_a_sandbox_no_command_that_works_on_the_real_key_is_named(
    harness: SetupHarness,
) -> None:
    person = Answering()
    okta_steps.show_values(replace(harness.context(person=person, key=KEY), is_sandbox=True))
    assert texts.NOTHING_TO_PASTE in person.output
    assert "api-key show" not in "\n".join(person.output)


def test_who_has_not_filled_the_form_in_is_reminded(harness: SetupHarness) -> None:
    outcome = okta_steps.show_values(harness.context(person=Answering(says=False), key=KEY))
    assert (outcome.status, outcome.waiting_for) == (StepStatus.WAITING, WaitingFor.OKTA_ADMIN)
    assert outcome.remaining == (texts.FILL_IN_OKTA[Wizard.CLASSIC],)


def test_an_app_of_the_integration_wizard_has_a_form_of_its_own(harness: SetupHarness) -> None:
    harness.change(Profile(NAME, okta=Okta(wizard="oiw")))
    person = Answering(says=False)
    outcome = okta_steps.show_values(harness.context(person=person, key=KEY))
    assert any("Support PATCH for User" in output for output in person.output)
    assert outcome.remaining == (texts.FILL_IN_OKTA[Wizard.OIW],)


def test_without_a_person_the_values_wait_for_the_okta_admin(harness: SetupHarness) -> None:
    outcome = okta_steps.show_values(harness.context(key=KEY))
    assert (outcome.status, outcome.waiting_for) == (StepStatus.WAITING, WaitingFor.OKTA_ADMIN)


def test_without_a_key_there_is_nothing_to_wait_for(harness: SetupHarness) -> None:
    person = Answering()
    assert okta_steps.show_values(harness.context(person=person)).status is StepStatus.TODO
    assert person.asked == []


@pytest.mark.parametrize("cleared", [True, False])
def test_the_key_lies_in_the_clipboard_only_while_it_is_pasted(
    harness: SetupHarness, cleared: bool
) -> None:
    clipboard = FakeClipboard(cleared=cleared)
    held: list[list[str]] = []

    class Pasting(Answering):
        def confirm(self, question: str, *, default: bool = True) -> bool:
            held.append(list(clipboard.holds))
            return True

    person = Pasting()
    context = replace(harness.context(person=person, key=KEY), clipboard=lambda: clipboard)
    okta_steps.show_values(context)
    assert held == [[], [KEY]]  # the clipboard is asked for, then the form
    assert clipboard.holds == []
    assert ("The key is off the clipboard." in person.output) is cleared


def test_a_write_only_terminal_clipboard_is_cleared_blindly(
    harness: SetupHarness,
) -> None:
    stream = io.StringIO()
    person = Answering()
    context = replace(
        harness.context(person=person, key=KEY), clipboard=lambda: TerminalClipboard(stream)
    )
    okta_steps.show_values(context)
    assert stream.getvalue().endswith("\x1b]52;c;IA==\x07")
    assert person.output[-1] == "Your terminal was told to copy a blank over the key."


@pytest.mark.parametrize("stop", [KeyboardInterrupt, Later, Back])
def test_whoever_leaves_has_the_clipboard_cleared(
    harness: SetupHarness, stop: type[BaseException]
) -> None:
    clipboard = FakeClipboard()

    class Leaving(Answering):
        def confirm(self, question: str, *, default: bool = True) -> bool:
            if question in texts.ASK_FILLED_IN.values():
                raise stop
            return True

    context = replace(harness.context(person=Leaving(), key=KEY), clipboard=lambda: clipboard)
    with pytest.raises(stop):
        okta_steps.show_values(context)
    assert clipboard.holds == []


def test_declining_the_clipboard_prints_the_command(harness: SetupHarness) -> None:
    clipboard = FakeClipboard()
    person = Answering(says=False)
    context = replace(harness.context(person=person, key=KEY), clipboard=lambda: clipboard)
    assert okta_steps.show_values(context).status is StepStatus.WAITING
    assert texts.COPY_KEY in person.output


def test_a_clipboard_that_fails_does_not_stop_the_setup(harness: SetupHarness) -> None:
    person = Answering()
    clipboard = FakeClipboard(works=False)
    context = replace(harness.context(person=person, key=KEY), clipboard=lambda: clipboard)
    assert okta_steps.show_values(context).status is StepStatus.DONE
    assert "The clipboard could not be used. Show it instead." in person.output


def test_there_is_no_test_without_a_key(harness: SetupHarness) -> None:
    assert okta_steps.test_connector(harness.context()).status is StepStatus.TODO


# --- what Okta sends, and the first person ---

READY = {"okta-values": NOW, "test-connect": NOW}
PROVISIONING = Profile(
    NAME,
    steps={**READY, "to-app": NOW},
    domains=(Domain("corp.example", submitted_at=NOW, approved_at=NOW),),
)


def ready(
    harness: SetupHarness, person: FakePerson | None = None, **fields: object
) -> SetupContext:
    """Return a context in which the connector was saved in Okta."""
    if not harness.profile().steps:
        harness.change(Profile(NAME, steps=READY))
    context = harness.context(person=person, key=harness.add_key().token)
    return replace(context, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("says", [True, False])
def test_the_person_is_asked_to_tick_the_boxes_under_to_app(
    harness: SetupHarness, says: bool
) -> None:
    person = Answering(says=says)
    outcome = okta_steps.switch_on_to_app(ready(harness, person))
    shown = "\n".join(person.output)
    for label in ("Create Users", "Update User Attributes", "Deactivate Users", "Email"):
        assert label in shown
    assert outcome.status is (StepStatus.DONE if says else StepStatus.WAITING)
    assert outcome.remaining == (() if says else (texts.SWITCH_ON,))


@pytest.mark.parametrize("person", [None, Answering()])
def test_the_boxes_that_okta_reports_are_proof_enough(
    harness: SetupHarness, person: FakePerson | None
) -> None:
    context = ready(harness, person, prove_to_app=lambda: (True, "All three are on."))
    assert okta_steps.switch_on_to_app(context) == StepOutcome(StepStatus.DONE, "All three are on.")


def test_answering_yes_is_not_believed_where_okta_contradicts_it(harness: SetupHarness) -> None:
    off = '"Deactivate Users" is off.'
    context = ready(harness, Answering(), prove_to_app=lambda: (False, off))
    outcome = okta_steps.switch_on_to_app(context)
    assert (outcome.status, outcome.detail) == (StepStatus.WAITING, off)
    assert not okta_steps.is_to_app_undisputed(context)


def test_a_recorded_word_is_not_believed_where_okta_contradicts_it(harness: SetupHarness) -> None:
    off = '"Deactivate Users" is off.'
    context = ready(harness, prove_to_app=lambda: (False, off))
    context.update(lambda profile: replace(profile, steps={**profile.steps, "to-app": NOW}))
    outcome = okta_steps.switch_on_to_app(context)
    assert (outcome.status, outcome.detail) == (StepStatus.WAITING, off)


def test_a_box_that_is_ticked_after_all_is_seen(harness: SetupHarness) -> None:
    answers = [(False, "One is off."), (True, "All are on.")]
    context = ready(harness, Answering(), prove_to_app=lambda: answers.pop(0))
    assert okta_steps.switch_on_to_app(context).status is StepStatus.DONE


def test_before_the_connector_is_saved_nobody_is_asked_for_the_boxes(harness: SetupHarness) -> None:
    person = Answering()
    outcome = okta_steps.switch_on_to_app(harness.context(person=person))
    assert (outcome.status, outcome.waiting_for, person.asked) == (StepStatus.TODO, None, [])
    assert outcome.remaining == (texts.SWITCH_ON,)


def test_the_first_person_is_looked_up_at_ngrok(harness: SetupHarness) -> None:
    known = "ada.abara@corp.example"
    harness.change(PROVISIONING)
    person = Answering(typed=["nobody@corp.example", known.upper()])
    outcome = okta_steps.see_first_person(ready(harness, person, wire=harness.wire))
    assert any("nobody@corp.example" in output for output in person.output)
    assert (outcome.status, known in outcome.detail) == (StepStatus.DONE, True)


def test_where_ngrok_does_not_answer_nobody_is_taken_for_seen(harness: SetupHarness) -> None:
    harness.change(PROVISIONING)
    harness.sandbox.set_faults(["server-error"])
    person = Answering(typed=["nobody@corp.example"])
    outcome = okta_steps.see_first_person(ready(harness, person, wire=harness.wire))
    assert texts.NOT_LOOKED_UP in person.output
    assert outcome.status is StepStatus.WAITING


def test_one_person_known_to_both_sides_proves_provisioning(harness: SetupHarness) -> None:
    context = ready(harness, prove_first_person=lambda: "jane@corp.example")
    outcome = okta_steps.see_first_person(context)
    assert outcome.status is StepStatus.DONE
    assert "jane@corp.example" in outcome.detail


@pytest.mark.parametrize(
    ("steps", "domains", "said"),
    [
        (READY, (), texts.AFTER_TO_APP),
        ({**READY, "to-app": NOW}, (), texts.AFTER_THE_DOMAIN),
        ({**READY, "to-app": NOW}, (Domain("corp.example"),), texts.AFTER_THE_DOMAIN),
    ],
)
def test_the_first_person_is_looked_for_after_all_other_steps(
    harness: SetupHarness,
    steps: dict[str, datetime],
    domains: tuple[Domain, ...],
    said: str,
) -> None:
    harness.change(Profile(NAME, steps=steps, domains=domains))
    outcome = okta_steps.see_first_person(ready(harness, Answering()))
    assert (outcome.status, outcome.detail) == (StepStatus.TODO, said)


def test_a_key_that_a_person_keeps_is_pasted_by_them_and_given_to_be_tested(
    harness: SetupHarness,
) -> None:
    harness.change(Profile(NAME, key=Key("ak_1", kept="shown")))
    person = FakePerson()
    context = harness.context(person=person)
    assert okta_steps.show_values(context).status is StepStatus.DONE
    assert texts.TAKE_KEY.format("Authorization") in person.output
    assert okta_steps.test_connector(context).remaining == (texts.TEST_WITH_KEY,)
