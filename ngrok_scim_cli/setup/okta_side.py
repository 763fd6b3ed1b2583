"""Steps one, four and five: what the Okta app must be, what goes into its form, and the test."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import StepStatus, Verdict
from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import StepOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ngrok_scim_cli.settings.clipboard import Clipboard
    from ngrok_scim_cli.setup.context import SetupContext
    from ngrok_scim_cli.setup.person import Person

OIDC = "oidc"

_LATER = ("later", "l", "no", "n")


def check_prerequisites(context: SetupContext) -> StepOutcome:
    """Say what must be there before SCIM works, and find out what kind of Okta app there is."""
    context.person.tell(texts.PREREQUISITES)
    in_place = context.person.present and context.person.confirm(texts.IN_PLACE, default=False)
    switch_on = () if in_place else (texts.switch_on_scim(),)
    if switch_on:
        context.person.tell(texts.NOT_IN_PLACE)
    app_type = context.answers.okta_app_type or _ask_app_type(context)
    if not app_type:
        to_do = texts.ask_okta_admin() if context.person.present else texts.say_app_type()
        return StepOutcome(StepStatus.TODO, said_of_app(""), remaining=(*switch_on, to_do))
    second_app: tuple[str, ...] = ()
    if app_type == OIDC and context.person.present:
        context.person.tell(texts.OIDC_TRAP)
        there = context.person.confirm("Is that second app there?", default=False)
        second_app = () if there else (texts.second_app(),)
        question = "How is it made?" if there else "How will it be made?"
        app_type = context.person.choose(question, texts.APP_TYPES[:2], default="saml")
    context.change(okta=replace(context.profile().okta, app_type=app_type))
    if app_type == OIDC:
        seen = "The Okta app was made as an OIDC app."
        return StepOutcome(
            StepStatus.FAILED,
            "An OIDC app cannot have SCIM.",
            findings=(finding("OKT904", seen),),
            remaining=(*switch_on, texts.second_app()),
        )
    remaining = (*switch_on, *second_app)
    status = StepStatus.WAITING if remaining else StepStatus.DONE
    return StepOutcome(status, said_of_app(app_type), remaining=remaining)


def app_stands(context: SetupContext) -> bool:
    """Tell whether the command line does not ask for another kind of app than the profile has."""
    return context.answers.okta_app_type in (None, context.profile().okta.app_type)


def recall_app(context: SetupContext) -> StepOutcome:
    """Return how the first step ended earlier."""
    return StepOutcome(StepStatus.DONE, said_of_app(context.profile().okta.app_type))


def said_of_app(app_type: str) -> str:
    """Return in a sentence how the Okta app was made."""
    kinds = dict(texts.APP_TYPES)
    return f"Okta app: {kinds[app_type]}." if app_type in kinds else "The Okta app is not known."


def show_values(context: SetupContext) -> StepOutcome:
    """Show what goes into Okta's form, under Okta's labels and in its order.

    A person is waited for until they typed it; the key may lie in the clipboard meanwhile.
    """
    form = context.form()
    context.person.tell(texts.OKTA_FORM_PLACE)
    width = max(len(label) for label, _ in form.rows())
    context.person.tell("\n".join(f"  {label:<{width}}  {value}" for label, value in form.rows()))
    if not form.authorization:
        return StepOutcome(StepStatus.TODO, "The key is missing; everything else is known.")
    remaining = (texts.fill_in_okta(), texts.switch_on_to_app())
    if not context.person.present:
        return StepOutcome(StepStatus.WAITING, texts.VALUES_READY, remaining=remaining, values=form)
    otherwise = texts.NOTHING_TO_PASTE if context.rehearsal else texts.COPY_KEY
    context.person.tell(texts.OTHER_OKTA_ADMIN)
    with key_at_hand(context, form.authorization, otherwise):
        filled_in = _wait_until_filled_in(context.person)
    if not filled_in:
        return StepOutcome(StepStatus.WAITING, texts.VALUES_READY, remaining=remaining)
    return StepOutcome(StepStatus.DONE, texts.VALUES_STAND_IN_OKTA, remaining=remaining[1:])


def recall_values(context: SetupContext) -> StepOutcome:
    """Return how the fourth step ended earlier; without a person the values are handed out."""
    values = None if context.person.present else context.form()
    return StepOutcome(StepStatus.DONE, texts.VALUES_STAND_IN_OKTA, values=values)


def test_connector(context: SetupContext) -> StepOutcome:
    """Do what Okta's button does, with the very values that were shown."""
    form = context.form()
    if not form.authorization:
        return StepOutcome(StepStatus.TODO, "There is no key yet to test with.")
    tested = context.test(form)
    passed = tested.verdict in (Verdict.PASS, Verdict.WARN)
    status = StepStatus.DONE if passed else StepStatus.FAILED
    said = f"Okta would show: {tested.okta.message}" if tested.okta else ""
    return StepOutcome(status, said, findings=tested.findings, tested=tested)


def _ask_app_type(context: SetupContext) -> str:
    """Return how the Okta app was made; empty where nobody knows."""
    known = context.profile().okta.app_type
    if not context.person.present:
        return known
    unknown, _ = texts.NO_APP_TYPE
    options = (*texts.APP_TYPES, texts.NO_APP_TYPE)
    chosen = context.person.choose(texts.ASK_APP_TYPE, options, default=known)
    return "" if chosen == unknown else chosen


@contextmanager
def key_at_hand(context: SetupContext, key: str, otherwise: str) -> Iterator[None]:
    """Keep the key in the clipboard as long as the person wants to paste it.

    Args:
        context: what to work with.
        key: the key.
        otherwise: what the person is told who has no clipboard, or does not want it.
    """
    clipboard = context.clipboard()
    if clipboard is None or not context.person.confirm(f"Copy the key to {clipboard.name} now?"):
        context.person.tell(otherwise)
        yield
        return
    failed = False
    try:
        try:
            clipboard.put(key)
            told = f"The key is in {clipboard.name}. Paste it under Authorization."
        except CannotTell as error:
            failed = True
            told = f"{error.message} {error.advice}"
        context.person.tell(told)
        yield
    finally:
        if not failed:
            context.person.tell(take_off(clipboard, key))


def take_off(clipboard: Clipboard, key: str) -> str:
    """Take the key off the clipboard, and return in a sentence what came of it."""
    if not clipboard.can_be_cleared:
        # A terminal does not tell what it holds; the key was pasted a moment ago.
        clipboard.put("")
        return "Your terminal was told to empty its clipboard."
    if clipboard.clear(key):
        return "The key is off the clipboard."
    return "The key was not taken off the clipboard: something else seems to stand there now."


def _wait_until_filled_in(person: Person) -> bool:
    """Wait for Enter; tell whether the values stand in Okta."""
    while answer := person.ask(texts.ASK_FILLED_IN).strip().lower():
        if answer in _LATER:
            return False
    return True
