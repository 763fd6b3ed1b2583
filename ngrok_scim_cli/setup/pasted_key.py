"""Takes over a key that a person made by hand in ngrok's dashboard."""

from dataclasses import replace

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Severity, StepStatus, has_errors
from ngrok_scim_cli.diagnosis.values.key import id_of_key, name_of_key, same_key
from ngrok_scim_cli.diagnosis.values.validate import repair, validate
from ngrok_scim_cli.form import Field
from ngrok_scim_cli.settings.profile import Key
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.api_key import about_key, describe_key_test, provide_key, test_key
from ngrok_scim_cli.setup.context import SetupContext, StepFailed, StepOutcome
from ngrok_scim_cli.setup.hand_off import KEPT_BY_HAND, Kept, paste_and_end_rotation
from ngrok_scim_cli.setup.key_plan import two_keys_live, with_current

# The administrator's key is refused, or it is no administrator's.
_WRONG_ADMIN_KEY = ("NGR714", "NGR710")


def provide_or_paste_key(context: SetupContext) -> StepOutcome:
    """See to it that there is a SCIM key; a person without an administrator's key may paste it.

    The profile is held: two runs that make a key at a time would each end the other's.
    """
    show = context.person.show
    with context.profiles.lock(context.profile_name):
        outcome = _provide_key(context)
        if outcome.status is not StepStatus.TODO or not context.person.present:
            return outcome
        show(texts.KEY_BY_HAND)
        while typed := context.person.ask_secret(texts.ASK_KEY_BY_HAND):
            try:
                return store_key(context, typed)
            except StepFailed as failure:
                show(f"{failure.detail} {texts.PASTE_AGAIN}")
        return replace(outcome, detail=texts.NOT_PASTED)


def _provide_key(context: SetupContext) -> StepOutcome:
    """Provide the key; who typed an administrator's key that ngrok refuses may type another one."""
    while True:
        try:
            return provide_key(context)
        except StepFailed as failure:
            wrong_key = any(item.code in _WRONG_ADMIN_KEY for item in failure.findings)
            if not (wrong_key and context.types_admin_key()):
                raise
            context.person.show(failure.detail)
            for item in failure.findings:
                context.person.show(f"{item.title}. {item.evidence}")


def store_key(
    context: SetupContext, typed: str, *, clean: bool = False, admin_key: str = ""
) -> StepOutcome:
    """Put a key that was made by hand into the keyring, and its id into the profile.

    What is around the key is shown and, after a yes, taken away. The key is tried with Okta's
    request; where ngrok refuses it, it is not stored.
    """
    key, cleaned = _clean_key(context, typed, clean=clean)
    if admin_key and same_key(key, admin_key):
        seen = "It is the same key as the administrator's."
        raise StepFailed(
            "The administrator's key is not stored.",
            (finding("KEY216", seen, severity=Severity.ERROR),),
        )
    tested = test_key(context, key)
    refused = about_key(tested.findings)
    if has_errors(refused):
        raise StepFailed("ngrok refuses this key, so it is not stored.", refused)
    kept = ""
    if context.secrets.hand_off:  # no keyring can store it
        context.secrets.hand_off, kept = KEPT_BY_HAND, Kept.BY_HAND.value
    _store(context, key, kept)
    place = f"Stored {name_of_key(key)}, in the {context.secrets.kind}."
    if kept:
        place = f"Using {name_of_key(key)}. It is not stored here, so keep it yourself."
    rotation = context.profile().rotation
    return StepOutcome(
        StepStatus.DONE,
        f"{cleaned} {place} {describe_key_test(tested)}".lstrip(),
        findings=refused,
        remaining=paste_and_end_rotation(context, rotation) if rotation else (),
    )


def _clean_key(context: SetupContext, typed: str, *, clean: bool) -> tuple[str, str]:
    """Return the key without what is around it, and in a sentence what was taken away."""
    values = validate(context.form().with_field(Field.AUTHORIZATION, typed), context.trust)
    found = about_key(values.findings)
    if not has_errors(found):
        return typed, ""
    for item in found:
        context.person.show(f"{item.title}. {item.evidence}")
    repaired = repair(values, found)
    if repaired is None or has_errors(about_key(repaired.values.findings)):
        raise StepFailed("No key can be read out of this, so nothing is stored.", found)
    changes = "; ".join(
        item.change for item in repaired.changes if item.field is Field.AUTHORIZATION
    )
    question = f"Clean the key ({changes}) and use it?"
    if clean or (context.person.present and context.person.confirm(question)):
        return repaired.values.form.authorization, f"The key was cleaned ({changes})."
    raise StepFailed(
        "Nothing is stored. To have it cleaned, run the same command with --clean.", found
    )


def _store(context: SetupContext, key: str, kept_as: str) -> None:
    """Put ``key`` where it belongs.

    Beside a key that is in use it becomes its successor, as a rotation would make one: both are
    kept, and which of them Okta has, a person says. Only a key whose secret is lost is replaced.
    """
    before = profile = context.profile()
    held = context.secret(SecretKind.SCIM)
    held_id = id_of_key(held or "")
    if held_id and held_id not in profile.key_ids:  # the profile may not know it
        profile = with_current(profile, Key(held_id))
    stored = Key(id_of_key(key), stored_at=context.now(), kept=kept_as)
    old, new, former = profile.key, profile.next_key, profile.previous_key
    if new and new.id == stored.id:
        context.set_secret(SecretKind.NEXT_SCIM, key)
        return
    if old is None or (old.id == stored.id and (stored.id or held in (None, key))):
        same = replace(old or stored, stored_at=stored.stored_at, kept=kept_as)
        context.set_secret(SecretKind.SCIM, key)
        context.change(key=same)
        return
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
    # Whatever a kill leaves half done, the next run tells it from the ids that are in the keyring.
    if held is None and not old.kept:  # it is lost
        context.set_secret(SecretKind.SCIM, key)
        context.change(key=stored, previous_key=old)
    elif is_back:
        if held is not None:
            context.set_secret(SecretKind.NEXT_SCIM, held)
        context.change(key=stored, next_key=old, previous_key=None)
        context.set_secret(SecretKind.SCIM, key)
    else:
        context.set_secret(SecretKind.NEXT_SCIM, key)
        context.change(key=old, next_key=stored)
