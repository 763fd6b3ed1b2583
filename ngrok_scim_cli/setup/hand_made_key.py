"""Step two as a person at a terminal meets it: who has no administrator's key pastes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import api_key, texts
from ngrok_scim_cli.setup.stored_key import store_key
from ngrok_scim_cli.setup.workshop import StepFailed

if TYPE_CHECKING:
    from ngrok_scim_cli.setup.workshop import StepOutcome, Workshop

# It is refused, or it is no administrator's.
_OF_THE_ADMIN_KEY = ("NGR714", "NGR710")


def provide_or_paste_key(shop: Workshop) -> StepOutcome:
    """See to it that there is a SCIM key; a person without an administrator's key may paste it.

    Raises:
        StepFailed: ngrok refused or did not answer.
        NgrokScimError: the keyring or the profile cannot be used.
    """
    outcome = _provide_key(shop)
    if outcome.status is not StepStatus.TODO or not shop.person.present:
        return outcome
    shop.person.tell(texts.KEY_BY_HAND)
    while typed := shop.person.ask_secret(texts.ASK_KEY_BY_HAND):
        try:
            return store_key(shop, typed, trust=shop.trust)
        except StepFailed as failure:
            titles = (f"{item.title}." for item in failure.findings)
            shop.person.tell(" ".join((failure.detail, *titles, texts.PASTE_AGAIN)))
    return outcome


def _provide_key(shop: Workshop) -> StepOutcome:
    """Provide the key; who typed an administrator's key that ngrok refuses may type another one."""
    while True:
        try:
            return api_key.provide_key(shop)
        except StepFailed as failure:
            wrong_key = any(item.code in _OF_THE_ADMIN_KEY for item in failure.findings)
            if not (wrong_key and shop.types_admin_key()):
                raise
            shop.person.tell(failure.detail)
            for item in failure.findings:
                shop.person.tell(f"{item.title}. {item.evidence}")


def key_is_there(shop: Workshop) -> bool:
    """Tell whether no key has to be made: one is given, or the keyring has the profile's.

    Raises:
        NgrokScimError: the keyring or the profile cannot be used.
    """
    profile = shop.profile()
    if shop.given_key:
        return True
    if profile.key is None or profile.pending_key is not None:
        return False
    return shop.secrets().get(SecretKind.SCIM.of(shop.profile_name)) is not None
