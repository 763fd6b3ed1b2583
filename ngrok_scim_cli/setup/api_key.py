"""Step two: a key that is used for nothing but SCIM, owned by a Service User."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import StepStatus, Subject
from ngrok_scim_cli.diagnosis.key import identify, name_of_key
from ngrok_scim_cli.form import Field
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.key_journal import KeyJournal, two_keys_live
from ngrok_scim_cli.setup.service_user import find_or_make_service_user
from ngrok_scim_cli.setup.workshop import StepOutcome

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding, Result
    from ngrok_scim_cli.settings.profile import Key, Profile
    from ngrok_scim_cli.setup.workshop import Workshop
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

DEFAULT_SERVICE_USER = "Okta SCIM Bot"
DEFAULT_DESCRIPTION = "Okta SCIM Integration"

FINISH_ROTATION = "Once the new key stands in Okta: ngrok-scim api-key rotate --finish"

# What is said of a key and its owner in other words: refused with 401, inactive, may not write.
_ALSO_ABOUT_THE_KEY = ("SCM501", "NGR703", "NGR704")


def provide_key(shop: Workshop) -> StepOutcome:
    """See to it that there is a SCIM key: the given one, the stored one, or a new one.

    Raises:
        StepFailed: ngrok refused or did not answer.
        NgrokScimError: the keyring or the profile cannot be used.
    """
    if shop.given_key:
        name = name_of_key(shop.form().authorization)
        return StepOutcome(StepStatus.DONE, f"Using {name}, from {shop.given_key}.")
    profile = shop.profile()
    stored = shop.secrets().get(SecretKind.SCIM.of(shop.profile_name)) if profile.key else None
    if profile.pending_key is None and _names(profile, stored):
        return _keep_key(shop, profile)
    api = shop.open_api()
    if api is not None:
        return make_key(shop, api)
    if stored is not None:
        return _keep_key(shop, profile)
    return without_admin_key()


def make_key(shop: Workshop, api: NgrokApi) -> StepOutcome:
    """Make the key of the profile at ngrok, unless the keyring has one.

    Args:
        shop: what to work with.
        api: ngrok's API with an administrator's key.

    Raises:
        StepFailed: ngrok refused or did not answer.
        NgrokScimError: the keyring or the profile cannot be used.
    """
    journal = open_journal(shop, api)
    for line in journal.settle():
        shop.person.tell(line)
    profile = shop.profile()
    if profile.key and shop.secrets().get(SecretKind.SCIM.of(shop.profile_name)) is not None:
        return _keep_key(shop, profile)
    key = make_key_for_service_user(shop, api, journal)
    tested = test_stored(shop, SecretKind.SCIM)
    return StepOutcome(
        StepStatus.DONE,
        f"Made {key.id} for the Service User “{key.owner_name}”; "
        f"its secret is in the {shop.secrets().kind}. {said_of_key(tested)}",
        findings=about_key(tested.findings),
        remaining=_remaining(shop.profile()),
    )


def make_key_for_service_user(
    shop: Workshop, api: NgrokApi, journal: KeyJournal, *, beside: bool = False
) -> Key:
    """Find or make the Service User, and make a key that it owns.

    Args:
        shop: what to work with.
        api: ngrok's API with an administrator's key.
        journal: the journal of the profile, settled.
        beside: keep the new key beside the one that there is, as its successor.

    Raises:
        StepFailed: ngrok refused or did not answer.
        NgrokScimError: the keyring or the profile cannot be used.
    """
    name, description = answers_for_key(shop)
    owner_id, made = find_or_make_service_user(api, name)
    shop.person.tell(f"{'Made' if made else 'Found'} the Service User “{name}” ({owner_id}).")
    return journal.create(
        owner_id=owner_id, owner_name=name, description=description, beside=beside
    )


def answers_for_key(shop: Workshop) -> tuple[str, str]:
    """Return the name of the Service User and the description of a key that is to be made.

    Where nobody gives them, they are those of the key that is replaced, if that is a Service
    User's.
    """
    old = shop.profile().key
    name, description = DEFAULT_SERVICE_USER, DEFAULT_DESCRIPTION
    if old and old.owner_name:
        name, description = old.owner_name, old.description or description
    chosen = shop.answers.service_user
    if chosen is None:
        question = "Name of the Service User whom the key belongs to"
        chosen = shop.person.ask(question, default=name)
    return chosen.strip(), shop.answers.key_description or description


def open_journal(shop: Workshop, api: NgrokApi) -> KeyJournal:
    """Open the journal of the profile's keys."""
    return KeyJournal(
        api, shop.secrets(), shop.profiles, profile_name=shop.profile_name, now=shop.now
    )


def without_admin_key() -> StepOutcome:
    """Return how the step ends where nobody gave an administrator's key."""
    return StepOutcome(
        StepStatus.TODO,
        "No administrator's API key was given, so no key was made.",
        remaining=(texts.give_admin_key(),),
    )


def test_stored(shop: Workshop, kind: SecretKind) -> Result:
    """Make a connector test with a key of the keyring.

    Args:
        shop: what to work with.
        kind: the key in use, or its successor.

    Raises:
        NgrokScimError: the keyring or the profile cannot be used.
    """
    key = shop.secrets().get(kind.of(shop.profile_name)) or ""
    return shop.test(shop.form().with_field(Field.AUTHORIZATION, key))


def about_key(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return those of ``findings`` that are about a key or its owner."""
    return tuple(
        item
        for item in findings
        if item.subject is Subject.AUTHORIZATION or item.code in _ALSO_ABOUT_THE_KEY
    )


def said_of_key(tested: Result) -> str:
    """Return in a sentence whether ngrok took the key in the connector test ``tested``."""
    if about_key(tested.findings):
        return "But ngrok does not take it."
    accepted = tested.okta is not None and tested.okta.accepts
    return "ngrok takes it." if accepted else "Whether ngrok takes it, could not be told."


def _names(profile: Profile, stored: str | None) -> bool:
    """Tell whether ``profile`` names the key that the keyring holds."""
    identity = identify(stored or "")
    if stored is None or profile.key is None:
        return False
    return identity is None or identity.id == profile.key.id


def _keep_key(shop: Workshop, profile: Profile) -> StepOutcome:
    key_id = profile.key.id if profile.key else ""
    return StepOutcome(
        StepStatus.DONE,
        f"Using {key_id or 'the stored key'}; its secret is in the {shop.secrets().kind}.",
        findings=(two_keys_live(profile),) if _remaining(profile) else (),
        remaining=_remaining(profile),
    )


def _remaining(profile: Profile) -> tuple[str, ...]:
    return (FINISH_ROTATION,) if profile.next_key or profile.previous_key else ()
