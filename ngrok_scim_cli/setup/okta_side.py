"""Steps one, four and five: what the Okta app must be, what goes into its form, and the test."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import StepStatus, Verdict
from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.workshop import StepOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ngrok_scim_cli.settings.clipboard import Clipboard
    from ngrok_scim_cli.setup.person import Person
    from ngrok_scim_cli.setup.workshop import Workshop

OIDC = "oidc"

_LATER = ("later", "l", "no", "n")


def check_prerequisites(shop: Workshop) -> StepOutcome:
    """Say what must be there before SCIM works, and find out what kind of Okta app there is."""
    shop.person.tell(texts.PREREQUISITES)
    in_place = shop.person.present and shop.person.confirm(texts.IN_PLACE, default=False)
    switch_on = () if in_place else (texts.switch_on_scim(),)
    if switch_on:
        shop.person.tell(texts.NOT_IN_PLACE)
    app_type = shop.answers.okta_app_type or _ask_app_type(shop)
    if not app_type:
        to_do = texts.ask_okta_admin() if shop.person.present else texts.say_app_type()
        return StepOutcome(StepStatus.TODO, said_of_app(""), remaining=(*switch_on, to_do))
    second_app: tuple[str, ...] = ()
    if app_type == OIDC and shop.person.present:
        shop.person.tell(texts.OIDC_TRAP)
        there = shop.person.confirm("Is that second app there?", default=False)
        second_app = () if there else (texts.second_app(),)
        question = "How is it made?" if there else "How will it be made?"
        app_type = shop.person.choose(question, texts.APP_TYPES[:2], default="saml")
    shop.change(okta=replace(shop.profile().okta, app_type=app_type))
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


def app_stands(shop: Workshop) -> bool:
    """Tell whether the command line does not ask for another kind of app than the profile has."""
    return shop.answers.okta_app_type in (None, shop.profile().okta.app_type)


def recall_app(shop: Workshop) -> StepOutcome:
    """Return how the first step ended earlier."""
    return StepOutcome(StepStatus.DONE, said_of_app(shop.profile().okta.app_type))


def said_of_app(app_type: str) -> str:
    """Return in a sentence how the Okta app was made."""
    kinds = dict(texts.APP_TYPES)
    return f"Okta app: {kinds[app_type]}." if app_type in kinds else "The Okta app is not known."


def show_values(shop: Workshop) -> StepOutcome:
    """Show what goes into Okta's form, under Okta's labels and in its order.

    A person is waited for until they typed it; the key may lie in the clipboard meanwhile.
    """
    form = shop.form()
    shop.person.tell(texts.OKTA_FORM_PLACE)
    width = max(len(label) for label, _ in form.rows())
    shop.person.tell("\n".join(f"  {label:<{width}}  {value}" for label, value in form.rows()))
    if not form.authorization:
        return StepOutcome(StepStatus.TODO, "The key is missing; everything else is known.")
    remaining = (texts.fill_in_okta(), texts.switch_on_to_app())
    if not shop.person.present:
        return StepOutcome(StepStatus.WAITING, texts.VALUES_READY, remaining=remaining, values=form)
    otherwise = texts.NOTHING_TO_PASTE if shop.rehearsal else texts.COPY_KEY
    shop.person.tell(texts.OTHER_OKTA_ADMIN)
    with key_at_hand(shop, form.authorization, otherwise):
        filled_in = _wait_until_filled_in(shop.person)
    if not filled_in:
        return StepOutcome(StepStatus.WAITING, texts.VALUES_READY, remaining=remaining)
    return StepOutcome(StepStatus.DONE, texts.VALUES_STAND_IN_OKTA, remaining=remaining[1:])


def recall_values(shop: Workshop) -> StepOutcome:
    """Return how the fourth step ended earlier; without a person the values are handed out."""
    values = None if shop.person.present else shop.form()
    return StepOutcome(StepStatus.DONE, texts.VALUES_STAND_IN_OKTA, values=values)


def test_connector(shop: Workshop) -> StepOutcome:
    """Do what Okta's button does, with the very values that were shown."""
    form = shop.form()
    if not form.authorization:
        return StepOutcome(StepStatus.TODO, "There is no key yet to test with.")
    tested = shop.test(form)
    passed = tested.verdict in (Verdict.PASS, Verdict.WARN)
    status = StepStatus.DONE if passed else StepStatus.FAILED
    said = f"Okta would show: {tested.okta.message}" if tested.okta else ""
    return StepOutcome(status, said, findings=tested.findings, tested=tested)


def _ask_app_type(shop: Workshop) -> str:
    """Return how the Okta app was made; empty where nobody knows."""
    known = shop.profile().okta.app_type
    if not shop.person.present:
        return known
    unknown, _ = texts.NO_APP_TYPE
    options = (*texts.APP_TYPES, texts.NO_APP_TYPE)
    chosen = shop.person.choose(texts.ASK_APP_TYPE, options, default=known)
    return "" if chosen == unknown else chosen


@contextmanager
def key_at_hand(shop: Workshop, key: str, otherwise: str) -> Iterator[None]:
    """Keep the key in the clipboard as long as the person wants to paste it.

    Args:
        shop: what to work with.
        key: the key.
        otherwise: what the person is told who has no clipboard, or does not want it.
    """
    clipboard = shop.clipboard()
    if clipboard is None or not shop.person.confirm(f"Copy the key to {clipboard.name} now?"):
        shop.person.tell(otherwise)
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
        shop.person.tell(told)
        yield
    finally:
        if not failed:
            shop.person.tell(take_off(clipboard, key))


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
