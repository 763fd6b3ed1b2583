"""Step two: a key that is used for nothing but SCIM: made for a Service User, or pasted."""

from dataclasses import replace

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import (
    Finding,
    Result,
    Severity,
    StepStatus,
    Subject,
    WaitingFor,
    has_errors,
)
from ngrok_scim_cli.diagnosis.values.key import id_of_key, name_of_key, same_key
from ngrok_scim_cli.diagnosis.values.validate import repair, validate
from ngrok_scim_cli.errors import KeyringUnusable, UsageError
from ngrok_scim_cli.form import Field
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import SetupContext, StepFailed, StepOutcome, todo, waiting
from ngrok_scim_cli.setup.hand_off import (
    KEPT_BY_HAND,
    Kept,
    ensure_storage,
    paste_and_end_rotation,
    where_secret_is,
)
from ngrok_scim_cli.setup.key_journal import KeyJournal, open_settled_journal
from ngrok_scim_cli.setup.key_plan import two_keys_live, with_key
from ngrok_scim_cli.setup.ngrok_account import find_or_make_service_user, list_service_users
from ngrok_scim_cli.wire.ngrok_api import NgrokApi

DEFAULT_SERVICE_USER = "Okta SCIM Bot"
DEFAULT_DESCRIPTION = "Okta SCIM Integration"
MOST_BYTES_OF_DESCRIPTION = 255  # https://ngrok.com/docs/api/resources/api-keys

# How the step ends where nobody gave an administrator's key.
WITHOUT_ADMIN_KEY = todo(
    "No administrator's API key was given, so no key was made.", texts.GIVE_ADMIN_KEY
)

_A_KEY = "That is a key, not a name, and ngrok's dashboard would show it."

# Key and owner in other words: refused with 401, inactive, may not write.
_ALSO_ABOUT_THE_KEY = ("SCM501", "NGR703", "NGR704")


def has_key(context: SetupContext) -> bool:
    """Return whether no key has to be made: one is given, or the keyring has the profile's."""
    key, pending = context.profile().key, context.profile().pending_key
    if context.given_key or key is None or pending:
        return bool(context.given_key)
    return bool(key.kept) or _is_of(key, _ask_keyring(context))


def _is_of(key: Key | None, secret: str | None) -> bool:
    """Return whether ``secret`` is the one of ``key``, as far as it tells its id."""
    return key is not None and secret is not None and id_of_key(secret) in ("", key.id)


def state_of_key(context: SetupContext) -> StepOutcome:
    """Return how far the step is, from the profile alone."""
    profile = context.profile()
    if profile.pending_key:
        return waiting(texts.KEY_CUT_SHORT, WaitingFor.YOU, texts.RUN_AGAIN)
    if profile.rotation:
        to_do = texts.PASTE_NEW_KEY, texts.FINISH_ROTATION
        outcome = waiting(texts.ROTATION_UNDER_WAY, WaitingFor.OKTA_ADMIN, *to_do)
        return replace(outcome, findings=(two_keys_live(profile.rotation),))
    if profile.key:
        return _using_key(context, profile)
    if context.given_key:
        return provide_key(context)
    if "api-key" in profile.steps:
        return StepOutcome(StepStatus.DONE, texts.KEY_WAS_GIVEN)
    return todo(texts.NO_KEY_MADE, texts.MAKE_KEY)


def provide_key(context: SetupContext) -> StepOutcome:
    """Provide the SCIM key: the given one, the stored one, or a new one."""
    if context.given_key:
        name = name_of_key(context.form().authorization)
        return StepOutcome(StepStatus.DONE, f"Using {name}, from {context.given_key}.")
    profile = context.profile()
    stored, is_known = None, bool(profile.key and profile.key.kept)
    if not is_known:
        # A person without a keyring is asked how to keep the key, before they are asked for one.
        is_first = profile.key is None and profile.pending_key is None
        if is_first and context.reveal and not ensure_storage(context):
            return WITHOUT_ADMIN_KEY
        try:
            stored = _ask_keyring(context)
        except KeyringUnusable:  # a machine without a keyring has no key
            if profile.key or context.person.present:
                raise
        is_known = _is_of(profile.key, stored)
    if is_known and profile.pending_key is None:
        return _using_key(context, profile)
    api = context.open_api()
    if api is not None:
        return make_key(context, api)
    if stored is None:
        return WITHOUT_ADMIN_KEY
    if profile.key is None:  # a run was killed before it could record the key that it stored
        context.change(key=Key(id_of_key(stored), stored_at=context.now()))
    return _using_key(context, context.profile())


def make_key(context: SetupContext, api: NgrokApi) -> StepOutcome:
    """Make the key of the profile at ngrok, unless the keyring has one."""
    profile = context.profile()
    settles_first = profile.pending_key or (profile.key and profile.key.kept)
    if not (settles_first or ensure_storage(context)):  # nothing is made that could not be kept
        return WITHOUT_ADMIN_KEY
    journal = open_settled_journal(context, api)
    profile = context.profile()
    if profile.key and profile.key.kept:
        return _using_key(context, profile)
    if not ensure_storage(context):
        return WITHOUT_ADMIN_KEY
    stored = _ask_keyring(context)
    if profile.key and stored is not None:
        outcome = _using_key(context, profile)
    else:
        key = make_key_for_service_user(context, journal)
        stored = _ask_keyring(context)
        outcome = StepOutcome(
            StepStatus.DONE,
            f"Made {key.id} for the Service User “{key.owner_name}”; "
            f"{where_secret_is(key, context.secrets.kind)}.",
            remaining=(texts.FINISH_ROTATION,) if context.profile().rotation else (),
        )
    said, found = check_key(context, stored or "")
    detail, findings = f"{outcome.detail} {said}", (*found, *outcome.findings)
    return replace(outcome, detail=detail, findings=findings)


def make_key_for_service_user(
    context: SetupContext, journal: KeyJournal, *, beside: bool = False
) -> Key:
    """Make a key for a Service User, which is found or made."""
    # Whether ngrok accepts the administrator's key shows before any question.
    listed = list_service_users(journal.api)
    name, description = answers_for_key(context)
    owner_id, made = find_or_make_service_user(journal.api, listed, name)
    context.person.show(f"{'Made' if made else 'Found'} the Service User “{name}” ({owner_id}).")
    return journal.create(
        owner_id=owner_id, owner_name=name, description=description, beside=beside
    )


def answers_for_key(context: SetupContext) -> tuple[str, str]:
    """Return the name of the Service User and the description of a key that is to be made.

    By default they are those of the key that is replaced, if that is a Service User's.
    """
    person, old = context.person, context.profile().key
    name, description = context.answers.service_user, context.answers.key_description
    if name is None and not (name := old.owner_name if old else ""):
        person.show(texts.SERVICE_USER)
        while id_of_key(name := person.ask(texts.ASK_SERVICE_USER, default=DEFAULT_SERVICE_USER)):
            person.show(_A_KEY)
    if description is None:
        description = (old.description if old and old.owner_name else "") or DEFAULT_DESCRIPTION
    name = name.strip()
    if not name:
        raise UsageError(
            "A Service User needs a name.", advice="Choose a name with --service-user."
        )
    if len(description.encode("utf-8", "replace")) > MOST_BYTES_OF_DESCRIPTION:
        raise UsageError(
            f"ngrok takes at most {MOST_BYTES_OF_DESCRIPTION} bytes for the description of a key.",
            advice="Choose a shorter text with --key-description.",
        )
    if any(id_of_key(text) for text in (name, description)):
        raise UsageError(_A_KEY, advice="Give a name, like Okta SCIM Bot.")
    return name, description


def test_key(context: SetupContext, key: str) -> Result:
    """Make a connector test with ``key``."""
    return context.test(context.form().with_field(Field.AUTHORIZATION, key))


def about_key(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return those of ``findings`` that are about a key or its owner."""
    return tuple(
        item
        for item in findings
        if item.subject is Subject.AUTHORIZATION or item.code in _ALSO_ABOUT_THE_KEY
    )


def check_key(context: SetupContext, key: str) -> tuple[str, tuple[Finding, ...]]:
    """Test ``key``; return in a sentence whether ngrok accepts it, and what is wrong with it."""
    tested = test_key(context, key)
    if found := about_key(tested.findings):
        return "But ngrok refuses it.", found
    accepted = tested.okta is not None and tested.okta.accepts
    return "ngrok accepts it." if accepted else "Could not verify whether ngrok accepts it.", ()


def _ask_keyring(context: SetupContext) -> str | None:
    """Return the key that the keyring holds; where it cannot be asked, say what to do instead."""
    try:
        return context.secret(SecretKind.SCIM)
    except KeyringUnusable as error:
        advice = error.advice if context.profile().key else texts.NO_KEYRING
        raise KeyringUnusable(error.message, advice=advice) from None


def _using_key(context: SetupContext, profile: Profile) -> StepOutcome:
    """Return the step as done with the key that the profile names, and any open rotation."""
    key, rotation = profile.key or Key(""), profile.rotation
    return StepOutcome(
        StepStatus.DONE,
        f"Using {key.id or 'the stored key'}; {where_secret_is(key, context.secrets.kind)}.",
        findings=(two_keys_live(rotation),) if rotation else (),
        remaining=(texts.FINISH_ROTATION,) if rotation else (),
    )


# A key that a person made by hand in ngrok's dashboard

# The administrator's key is refused, or it is no administrator's.
_WRONG_ADMIN_KEY = ("NGR714", "NGR710")


def provide_or_paste_key(context: SetupContext) -> StepOutcome:
    """Provide the SCIM key; a person without an administrator's key may paste it.

    The profile is locked: of two runs at a time, each would revoke the key of the other.
    """
    person, outcome = context.person, None
    with context.profiles.lock(context.profile_name):
        while outcome is None:
            try:
                outcome = provide_key(context)
            except StepFailed as failure:
                wrong_key = any(item.code in _WRONG_ADMIN_KEY for item in failure.findings)
                if not (wrong_key and context.types_admin_key()):
                    raise
                person.show(failure.detail)  # another one may be typed
                for item in failure.findings:
                    person.show(f"{item.title}. {item.evidence}")
        if outcome.status is not StepStatus.TODO or not person.present:
            return outcome
        person.show(texts.KEY_BY_HAND)
        while typed := person.ask_secret(texts.ASK_KEY_BY_HAND):
            try:
                return store_key(context, typed)
            except StepFailed as failure:
                person.show(f"{failure.detail} {texts.PASTE_AGAIN}")
        return replace(outcome, detail=texts.NOT_PASTED)


def store_key(
    context: SetupContext, typed: str, *, clean: bool = False, admin_key: str = ""
) -> StepOutcome:
    """Store a key that was made by hand in the keyring, and its id in the profile.

    Stray characters around the key are shown, and removed if the person agrees. The key is tested
    with Okta's request, and not stored where ngrok refuses it.
    """
    key, cleaned = _clean_key(context, typed, clean=clean)
    if admin_key and same_key(key, admin_key):
        seen = "It is the same key as the administrator's."
        raise StepFailed(
            "The administrator's key is not stored.",
            (finding("KEY216", seen, severity=Severity.ERROR),),
        )
    said, refused = check_key(context, key)
    if has_errors(refused):
        raise StepFailed("ngrok refuses this key, so it is not stored.", refused)
    kept, place = "", f"Stored {name_of_key(key)}, in the {context.secrets.kind}."
    if context.secrets.hand_off:  # no keyring can store it
        context.secrets.hand_off, kept = KEPT_BY_HAND, Kept.BY_HAND.value
        place = f"Using {name_of_key(key)}. It is not stored here, so keep it yourself."
    _store_as_current_or_next(context, key, kept)
    rotation = context.profile().rotation
    return StepOutcome(
        StepStatus.DONE,
        f"{cleaned} {place} {said}".lstrip(),
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


def _store_as_current_or_next(context: SetupContext, key: str, kept_as: str) -> None:
    """Store ``key`` as the key in use, or as its successor.

    A key that is in use stays, and ``key`` becomes its successor, as in a rotation: a person says
    later which of the two Okta has. Only a key whose secret is lost is replaced.
    """
    before = profile = context.profile()
    held = context.secret(SecretKind.SCIM)
    held_id = id_of_key(held or "")
    if held_id and held_id not in profile.key_ids:  # the profile may not know it
        profile = with_key(profile, Key(held_id))
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
    if context.profile() != before:  # other runs went on during the question
        raise StepFailed("Another run changed the keys meanwhile, so nothing is stored.")
    # If this is cut short, the next run sees from the ids in the keyring how far it came.
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
