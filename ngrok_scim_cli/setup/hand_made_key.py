"""Step two as a person at a terminal meets it: who has no administrator's key pastes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import api_key, texts
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.setup.stored_key import store_key

if TYPE_CHECKING:
    from ngrok_scim_cli.setup.context import SetupContext, StepOutcome

# It is refused, or it is no administrator's.
_OF_THE_ADMIN_KEY = ("NGR714", "NGR710")


def provide_or_paste_key(context: SetupContext) -> StepOutcome:
    """See to it that there is a SCIM key; a person without an administrator's key may paste it.

    The profile is held: two runs that make a key at a time would each end the other's.
    """
    with context.profiles.lock(context.profile_name):
        outcome = _provide_key(context)
        if outcome.status is not StepStatus.TODO or not context.person.present:
            return outcome
        context.person.tell(texts.KEY_BY_HAND)
        while typed := context.person.ask_secret(texts.ASK_KEY_BY_HAND):
            try:
                return store_key(context, typed, trust=context.trust)
            except StepFailed as failure:
                titles = (f"{item.title}." for item in failure.findings)
                context.person.tell(" ".join((failure.detail, *titles, texts.PASTE_AGAIN)))
        return outcome


def _provide_key(context: SetupContext) -> StepOutcome:
    """Provide the key; who typed an administrator's key that ngrok refuses may type another one."""
    while True:
        try:
            return api_key.provide_key(context)
        except StepFailed as failure:
            wrong_key = any(item.code in _OF_THE_ADMIN_KEY for item in failure.findings)
            if not (wrong_key and context.types_admin_key()):
                raise
            context.person.tell(failure.detail)
            for item in failure.findings:
                context.person.tell(f"{item.title}. {item.evidence}")


def key_is_there(context: SetupContext) -> bool:
    """Tell whether no key has to be made: one is given, or the keyring has the profile's."""
    profile = context.profile()
    if context.given_key:
        return True
    if profile.key is None or profile.pending_key is not None:
        return False
    if profile.key.kept:
        return True
    return context.secrets().get(SecretKind.SCIM.of(context.profile_name)) is not None
