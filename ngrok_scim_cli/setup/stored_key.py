"""Takes over a key that was made by hand in ngrok's dashboard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Severity, StepStatus, has_errors
from ngrok_scim_cli.diagnosis.values.key import id_of_key, name_of_key, same_key
from ngrok_scim_cli.diagnosis.values.validate import repair, validate
from ngrok_scim_cli.form import Field
from ngrok_scim_cli.settings.profile import Key
from ngrok_scim_cli.settings.secrets import SecretKind, read_secret
from ngrok_scim_cli.setup.api_key import FINISH_ROTATION, about_key, said_of_key
from ngrok_scim_cli.setup.context import StepFailed, StepOutcome
from ngrok_scim_cli.setup.key_keeper import use_pasted_key
from ngrok_scim_cli.setup.known_keys import two_keys_live, with_current
from ngrok_scim_cli.setup.rotation import ABORT, PASTE_IN_OKTA, copy_key_text

if TYPE_CHECKING:
    from ngrok_scim_cli.hosts import Trust
    from ngrok_scim_cli.settings.profile import Profile
    from ngrok_scim_cli.setup.context import SetupContext


def store_key(
    context: SetupContext, typed: str, *, trust: Trust, clean: bool = False, admin_key: str = ""
) -> StepOutcome:
    """Put a key that was made by hand into the keyring, and its id into the profile.

    What stands around the key is shown and, after a yes, taken away. The key is tried with Okta's
    request; where ngrok refuses it, it is not stored.

    Args:
        clean: take away what stands around the key without asking.
    """
    key, cleaned = clean_key(context, typed, trust=trust, clean=clean)
    if admin_key and same_key(key, admin_key):
        seen = "It is the same key as the administrator's."
        raise StepFailed(
            "The administrator's key is not stored.",
            (finding("KEY216", seen, severity=Severity.ERROR),),
        )
    tested = context.test(context.form().with_field(Field.AUTHORIZATION, key))
    refused = about_key(tested.findings)
    if has_errors(refused):
        raise StepFailed("ngrok refuses this key, so it is not stored.", refused)
    kept = use_pasted_key(context.secrets())
    remaining = _keep(context, key, kept)
    place = f"Stored {name_of_key(key)}, in the {context.secrets().kind}."
    if kept:
        place = f"Using {name_of_key(key)}; it is stored nowhere here, and you keep it."
    said = f"{place} {said_of_key(tested)}"
    return StepOutcome(
        StepStatus.DONE, f"{cleaned} {said}".lstrip(), findings=refused, remaining=remaining
    )


def clean_key(context: SetupContext, typed: str, *, trust: Trust, clean: bool) -> tuple[str, str]:
    """Return the key without what stands around it, and in a sentence what was taken away.

    Raises:
        StepFailed: no key can be read out of it, or the person does not want it cleaned.
    """
    form = context.form().with_field(Field.AUTHORIZATION, typed)
    values = validate(form, trust)
    found = about_key(values.findings)
    if not has_errors(found):
        return typed, ""
    for item in found:
        context.person.tell(f"{item.title}. {item.evidence}")
    repaired = repair(values, found)
    key = repaired.values.form.authorization if repaired else typed
    if repaired is None or has_errors(about_key(repaired.values.findings)):
        raise StepFailed("No key can be read out of this, so nothing is stored.", found)
    changes = "; ".join(
        item.change for item in repaired.changes if item.field is Field.AUTHORIZATION
    )
    question = f"To clean it: {changes}. Store it so?"
    if clean or (context.person.present and context.person.confirm(question)):
        return key, f"Cleaned: {changes}."
    raise StepFailed(
        "Nothing is stored. To have it cleaned, run the same command with --clean.", found
    )


def _keep(context: SetupContext, key: str, kept_as: str) -> tuple[str, ...]:
    """Put ``key`` where it belongs, and return what a person has to do.

    Beside a key that is in use it becomes its successor, as a rotation would make one: both are
    kept, and which of them Okta has, a person says. Only a key whose secret is lost is replaced.
    """
    before = context.profile()
    profile = _with_what_the_keyring_holds(context)
    secrets, name = context.secrets(), context.profile_name
    held = read_secret(secrets, SecretKind.SCIM, name)
    stored = Key(id_of_key(key), stored_at=context.now(), kept=kept_as)
    old, new, former = profile.key, profile.next_key, profile.previous_key
    if new and new.id == stored.id:
        secrets.set(SecretKind.NEXT_SCIM.of(name), key)
        return _what_to_do(context)
    if old is None or (old.id == stored.id and (stored.id or held in (None, key))):
        same = replace(old or stored, stored_at=stored.stored_at, kept=kept_as)
        secrets.set(SecretKind.SCIM.of(name), key)
        context.change(key=same)
        return _what_to_do(context)
    is_back = former is not None and former.id == stored.id
    if profile.rotation and not is_back:
        raise StepFailed(
            "A rotation is under way; no third key is stored.", (two_keys_live(profile.rotation),)
        )
    question = f"{old.id or 'Another key'} is in use. Store this one beside it?"
    if context.person.present and not context.person.confirm(question):
        raise StepFailed("Nothing is stored.")
    if context.profile() != before:  # nobody was held up by the question
        raise StepFailed("Another run changed the keys meanwhile, so nothing is stored.")
    is_lost = held is None and not old.kept
    # Whatever a kill leaves half done, the next run tells it from the ids that are in the keyring.
    if is_lost:
        secrets.set(SecretKind.SCIM.of(name), key)
        context.change(key=stored, previous_key=old)
    elif is_back:
        if held is not None:
            secrets.set(SecretKind.NEXT_SCIM.of(name), held)
        context.change(key=stored, next_key=old, previous_key=None)
        secrets.set(SecretKind.SCIM.of(name), key)
    else:
        secrets.set(SecretKind.NEXT_SCIM.of(name), key)
        context.change(key=old, next_key=stored)
    return _what_to_do(context)


def _what_to_do(context: SetupContext) -> tuple[str, ...]:
    rotation = context.profile().rotation
    if rotation is None:
        return ()
    return (copy_key_text(rotation.new), PASTE_IN_OKTA, FINISH_ROTATION, ABORT)


def _with_what_the_keyring_holds(context: SetupContext) -> Profile:
    """Return the profile, naming the key that the keyring holds, which it may not know."""
    profile = context.profile()
    held = id_of_key(context.secrets().get(SecretKind.SCIM.of(context.profile_name)) or "")
    return with_current(profile, Key(held)) if held and held not in profile.key_ids else profile
