"""The steps that are done in Okta: the app, its form, the test, the switches, the first person."""

from dataclasses import replace

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import StepStatus, Verdict, WaitingFor
from ngrok_scim_cli.diagnosis.people.records import read_ngrok_user
from ngrok_scim_cli.form import Wizard
from ngrok_scim_cli.report.okta_screens import Screen, okta_screen, pasted_values, screen_text
from ngrok_scim_cli.settings.profile import Okta, Profile
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import Person, SetupContext, StepOutcome, todo, waiting
from ngrok_scim_cli.setup.domain import all_domains_approved
from ngrok_scim_cli.setup.hand_off import key_on_clipboard
from ngrok_scim_cli.wire.pages import read_list_response
from ngrok_scim_cli.wire.scim import OktaScim

OIDC = "oidc"

_NO_APP, _UNKNOWN = "none", "unknown"


def check_prerequisites(context: SetupContext) -> StepOutcome:
    """Show what must be in place first, and ask what kind of Okta app there is."""
    person = context.person
    person.show(texts.PREREQUISITES)
    recorded = "prerequisites" in context.profile().steps
    in_place = person.present and person.confirm(texts.IN_PLACE, default=recorded)
    if not in_place:
        person.show(texts.NOT_IN_PLACE)
    okta, is_there = _learn_app(context)

    def changed(profile: Profile) -> Profile:
        known = replace(profile.okta, app_type=okta.app_type, wizard=okta.wizard)
        return replace(profile, okta=known)

    context.update(changed)
    to_do = texts.ASK_OKTA_ADMIN if person.present else texts.SAY_APP_TYPE
    return _state_of_app(okta, to_do, in_place=in_place, is_there=is_there)


def state_of_app(context: SetupContext) -> StepOutcome:
    """Return how far the first step is, from the profile alone."""
    profile = context.profile()
    if "prerequisites" in profile.steps:
        return StepOutcome(StepStatus.DONE, describe_app(profile.okta))
    return _state_of_app(profile.okta, texts.SAY_APP_TYPE)


def _state_of_app(
    okta: Okta, to_do: str, *, in_place: bool = False, is_there: bool = True
) -> StepOutcome:
    """Return how far the first step is; ``to_do`` is for an app that is not known."""
    said = describe_app(okta)
    missing = () if in_place else (texts.SWITCH_ON_SCIM,)
    whom = WaitingFor.OKTA_ADMIN if in_place else WaitingFor.YOU
    if okta.wizard != Wizard.OIW and okta.app_type not in texts.APP_TYPES:
        return todo(said, *missing, to_do)
    if _cannot_have_scim(okta):
        seen = "The app is said to be an OIDC app of the Classic experience."
        return StepOutcome(
            StepStatus.FAILED,
            "An OIDC app of the Classic experience cannot have SCIM.",
            findings=(finding("OKT904", seen),),
            remaining=(*missing, texts.SECOND_APP),
        )
    if not is_there:
        return waiting(texts.APP_NOT_MADE, whom, *missing, texts.MAKE_APP)
    return waiting(said, whom, *missing) if missing else StepOutcome(StepStatus.DONE, said)


def is_app_unchanged(context: SetupContext) -> bool:
    """Return whether the command line asks for no other kind of app than the profile has."""
    okta, answers = context.profile().okta, context.answers
    same_type = answers.okta_app_type in (None, okta.app_type)
    return same_type and answers.okta_wizard in (None, okta.wizard)


def describe_app(okta: Okta) -> str:
    """Return in a sentence how the Okta app was made."""
    kind = texts.APP_TYPES.get(okta.app_type, "")
    if okta.wizard == Wizard.OIW:
        return f"Okta app: made with the Okta Integration Wizard{f', {kind}' if kind else ''}."
    return f"Okta app: {kind}, Classic experience." if kind else "The Okta app is not known."


def _cannot_have_scim(okta: Okta) -> bool:
    return okta.app_type == OIDC and okta.wizard != Wizard.OIW


def _learn_app(context: SetupContext) -> tuple[Okta, bool]:
    """Return how the Okta app is made, and whether it is there."""
    okta, answers, person = context.profile().okta, context.answers, context.person
    if answers.okta_app_type or answers.okta_wizard:
        app_type = answers.okta_app_type or okta.app_type
        okta = replace(okta, app_type=app_type, wizard=answers.okta_wizard or okta.wizard)
        if app_type == "swa" and not answers.okta_wizard:
            okta = replace(okta, wizard=Wizard.CLASSIC)  # the other one does not offer it
        if not (_cannot_have_scim(okta) and person.present):
            return okta, True
        chosen = OIDC
    elif not person.present:
        return okta, True
    else:
        known = okta.wizard if okta.wizard == Wizard.OIW else okta.app_type
        chosen = person.choose(
            texts.ASK_APP, texts.APPS, default=known, explanation=texts.ABOUT_APPS
        )
    if chosen == _UNKNOWN:
        return replace(okta, app_type="", wizard=""), False
    if chosen == Wizard.OIW:
        return replace(okta, app_type="", wizard=Wizard.OIW), True
    if chosen not in (_NO_APP, OIDC):
        return replace(okta, app_type=chosen, wizard=Wizard.CLASSIC), True
    if chosen == OIDC:
        person.show(texts.OIDC_TRAP)
    wizard = Wizard(
        person.choose(
            texts.ASK_WIZARD, texts.WIZARDS, default=Wizard.OIW, explanation=texts.ABOUT_WIZARDS
        )
    )
    _show(person, okta_screen("app", wizard))
    is_there = person.confirm("Is that app there now?", default=False)
    return replace(okta, app_type="" if wizard is Wizard.OIW else "saml", wizard=wizard), is_there


def show_values(context: SetupContext) -> StepOutcome:
    """Show what goes into Okta's form, under Okta's labels and in its order.

    Waits until the person has entered it; the key may be on the clipboard meanwhile.
    """
    form, wizard, person = context.form(), context.profile().okta.made_by, context.person
    if wizard is Wizard.CLASSIC:
        person.show(texts.SWITCH_SCIM_ON_IN_APP)
    _show(person, okta_screen("connection", wizard, form))
    if wizard is Wizard.OIW:
        _show(person, okta_screen("instance", wizard))
    key = context.profile().key
    if not (form.authorization or (key and key.kept)):
        return state_of_values(context)
    fill_in = texts.FILL_IN_OKTA[wizard]
    outcome = waiting(texts.VALUES_READY, WaitingFor.OKTA_ADMIN, fill_in)
    if not person.present:
        return outcome
    otherwise = texts.NOTHING_TO_PASTE if context.is_sandbox else texts.COPY_KEY
    if key and key.kept:
        otherwise = texts.TAKE_KEY.format(texts.KEY_FIELDS[wizard])
    person.show(texts.OTHER_OKTA_ADMIN)
    with key_on_clipboard(context, form.authorization, otherwise):
        recorded = "okta-values" in context.profile().steps
        filled_in = person.confirm(texts.ASK_FILLED_IN[wizard], default=recorded)
    return StepOutcome(StepStatus.DONE, texts.VALUES_SAVED) if filled_in else outcome


def state_of_values(context: SetupContext) -> StepOutcome:
    """Return how far the fourth step is, from the profile alone."""
    profile = context.profile()
    fill_in = texts.FILL_IN_OKTA[profile.okta.made_by]
    too_early = "" if profile.key or context.given_key else texts.NO_KEY_YET
    words = texts.VALUES_SAVED, too_early, texts.VALUES_READY, fill_in
    return _state_of(context, "okta-values", *words)


def _state_of(
    context: SetupContext, name: str, done: str, too_early: str, still_open: str, to_do: str
) -> StepOutcome:
    """Return how far a step in Okta is, each with its text: done, too early, or still open."""
    if name in context.profile().steps and not context.goes_back:
        return StepOutcome(StepStatus.DONE, done)
    if too_early:
        return todo(too_early, to_do)
    return waiting(still_open, WaitingFor.OKTA_ADMIN, to_do)


def test_connector(context: SetupContext) -> StepOutcome:
    """Test the connector as Okta's button does, with the values that were shown."""
    form = context.form()
    if not form.authorization and not context.given_key:
        key = context.profile().key
        if key and key.kept:
            return todo(texts.KEY_NOT_HERE, texts.TEST_WITH_KEY)
        return todo("There is no key to test with yet.")
    tested = context.test(form)
    passed = tested.verdict in (Verdict.PASS, Verdict.WARN)
    status = StepStatus.DONE if passed else StepStatus.FAILED
    said = f"Okta would show: {tested.okta.message}" if tested.okta and tested.okta.message else ""
    return StepOutcome(status, said or texts.NOT_TESTED, findings=tested.findings, tested=tested)


def state_of_test(context: SetupContext) -> StepOutcome:
    """Return when the connector test passed, from the profile alone."""
    if passed := context.profile().steps.get("test-connect"):
        return StepOutcome(StepStatus.DONE, f"It passed on {passed:%Y-%m-%d}.")
    return todo("It has not passed yet.", texts.TEST_WITH_SETUP)


def switch_on_to_app(context: SetupContext) -> StepOutcome:
    """Have the boxes under To App ticked, and the e-mail address made the user name."""
    is_done, seen = context.prove_to_app()
    if is_done:
        return StepOutcome(StepStatus.DONE, seen)
    # What was recorded earlier counts for nothing where Okta contradicts it.
    person, state = context.person, state_of_to_app(replace(context, goes_back=True))
    if state.status is StepStatus.TODO or not person.present:
        return replace(state, detail=seen or state.detail)
    if seen:
        person.show(seen)
    for name in ("to-app", "sign-on"):
        _show(person, okta_screen(name))
    recorded = is_done is None and "to-app" in context.profile().steps
    if not person.confirm(texts.ASK_TO_APP, default=recorded):
        return state
    if is_done is False:  # what Okta said is mended now, or the answer is wrong
        is_done, seen = context.prove_to_app()
        if is_done is False:
            return replace(state, detail=seen or state.detail)
    return StepOutcome(StepStatus.DONE, texts.TO_APP_DONE)


def is_to_app_undisputed(context: SetupContext) -> bool:
    """Return whether Okta does not contradict what was recorded."""
    return context.prove_to_app()[0] is not False


def state_of_to_app(context: SetupContext) -> StepOutcome:
    """Return how far the step ``to-app`` is, from the profile alone."""
    early = _is_too_early(context, "okta-values", "test-connect")
    words = texts.TO_APP_DONE, texts.AFTER_THE_TEST if early else "", texts.TO_APP_OPEN
    return _state_of(context, "to-app", *words, texts.SWITCH_ON)


def see_first_person(context: SetupContext) -> StepOutcome:
    """Verify that one person was provisioned: assigned in Okta, and a user in ngrok."""
    if name := context.prove_first_person():
        return StepOutcome(StepStatus.DONE, texts.FIRST_PERSON_SEEN.format(name))
    state, person = state_of_first_person(context), context.person
    if state.status is StepStatus.TODO or not person.present:
        return state
    # The note says to wait for the domain, which ngrok has allowed by now.
    _show(person, replace(okta_screen("assignments"), note=""))
    while address := person.ask(texts.ASK_FIRST_PERSON).strip():
        found, said = _look_up(context, address)
        if found:
            return StepOutcome(StepStatus.DONE, said)
        person.show(said)
    return state


def state_of_first_person(context: SetupContext) -> StepOutcome:
    """Return how far the last step is, from the profile alone."""
    too_early = "" if all_domains_approved(context) else texts.AFTER_THE_DOMAIN
    if _is_too_early(context, "to-app"):
        too_early = texts.AFTER_TO_APP
    words = texts.FIRST_PERSON_DONE, too_early, texts.FIRST_PERSON_OPEN, texts.ASSIGN_FIRST
    return _state_of(context, "first-person", *words)


def _is_too_early(context: SetupContext, *names: str) -> bool:
    return any(name not in context.profile().steps for name in names)


def _look_up(context: SetupContext, address: str) -> tuple[bool, str]:
    """Ask ngrok for the user ``address``; return whether they can sign in, and what to say."""
    if context.wire is None:
        return False, texts.NOT_LOOKED_UP
    form = context.form()
    scim = OktaScim(context.wire, form.base_url, form.authorization)
    page = read_list_response(scim.find_user(address), 1)
    if not page.ok:
        return False, texts.NOT_LOOKED_UP
    users = map(read_ngrok_user, page.items)
    user = next((one for one in users if one.user_name.casefold() == address.casefold()), None)
    if user is None:
        return False, texts.NOT_IN_NGROK.format(name=address)
    if user.active is False:
        return False, texts.DEACTIVATED_IN_NGROK.format(name=user.user_name)
    return True, texts.FIRST_PERSON_SEEN.format(user.user_name)


def _show(person: Person, screen: Screen) -> None:
    person.show(f"\n{screen_text(screen)}", pasted_values(screen))
