"""The ngrok account: the SCIM key, its owner, and what else lives there."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.people.records import mapping, text
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.diagnosis.values.key import ksuid_time
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import kind_of
from ngrok_scim_cli.text.counting import counted, first_of
from ngrok_scim_cli.text.json_values import NotJsonError, read_json

MAKER = "ngrok-scim"

_OLD_DAYS = 365
# A role that lets its owner read only; ngrok has "developer-readonly" by that name.
_READ_ONLY = re.compile(r"read[-_ ]?only$", re.IGNORECASE)

_SHOWN = 5
# ngrok takes at most 255 bytes; of a longer text, the rest is not looked at.
_LONGEST = 1000

# The id of a key is ``ak_`` and a KSUID, which holds the time at which it was made.
_KEY_ID = re.compile(r"ak_([0-9A-Za-z]{27})")
# A description may list what a key is for; each part of it is looked at by itself.
_PARTS = re.compile(r"[,;+&|/\n]|\band\b", re.IGNORECASE)
_OUR_USE = re.compile(r"scim|okta|provision|identity", re.IGNORECASE)
# Words for another use than SCIM, as people write them into the description of a key.
_OTHER_USE = re.compile(
    r"\b(?:terraform|pulumi|ansible|kubernetes|k8s|operator|github|gitlab|jenkins|ci|pipelines?"
    r"|agents?|tunnels?|grafana|datadog|prometheus|monitoring|backups?|scripts?|laptops?|terminal"
    r"|dev)\b",
    re.IGNORECASE,
)


class OwnerKind(StrEnum):
    """Of what kind the owner of a key is."""

    SERVICE_USER = "service_user"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as ngrok shows it (https://ngrok.com/docs/api-reference/apikeys/get).

    Attributes:
        maker: what made it, by its ``metadata``; ``ngrok-scim`` is this program.
        mark: the random letters of the run that made it, by its ``metadata``.
    """

    id: str
    owner_id: str = ""
    description: str = ""
    maker: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """A Service User (https://ngrok.com/docs/api-reference/service-users/get)."""

    id: str
    name: str = ""
    active: bool | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of the SCIM key and its account. What is not known gives no finding.

    Attributes:
        key_id: the id of the key that is in Okta; empty where the key does not tell it.
        age_days: how many days ago it was made; ``None`` where its id does not tell.
        in_account: whether ngrok has it in the account of the admin key; ``None`` where ngrok
            could not be asked.
        profile_ids: the ids of the keys that the profile names; ``None`` where there is no profile.
        rotation: the ids of the old and the new key, while one replaces the other.
        half_made_mark: the mark of a key that an earlier run began to make.
        used_by: for what the same key is used besides, as the person says.
    """

    key_id: str = ""
    age_days: int | None = None
    in_account: bool | None = None
    key: ApiKey | None = None
    owner_kind: OwnerKind | None = None
    owner: ServiceUser | None = None
    keys: Sequence[ApiKey] = ()
    service_users: Sequence[ServiceUser] = ()
    profile_ids: frozenset[str] | None = None
    rotation: tuple[str, str] | None = None
    half_made_mark: str = ""
    used_by: tuple[str, ...] = ()


_RULES = Rules[AccountFacts]()


def read_api_key(document: dict[str, object]) -> ApiKey:
    """Read an API key."""
    try:
        metadata = mapping(read_json(text(document.get("metadata")) or "{}"))
    except NotJsonError:
        metadata = {}
    return ApiKey(
        text(document.get("id")),
        text(document.get("owner_id")),
        text(document.get("description")),
        text(metadata.get("made_by")),
        text(metadata.get("mark")),
    )


def read_service_user(document: dict[str, object]) -> ServiceUser:
    """Read a Service User."""
    active, roles = document.get("active"), document.get("roles")
    return ServiceUser(
        text(document.get("id")),
        text(document.get("name")),
        active if isinstance(active, bool) else None,
        tuple(map(text, roles)) if isinstance(roles, list) else (),
    )


def judge_account(facts: AccountFacts) -> tuple[Finding, ...]:
    """Return what is wrong with the SCIM key and its account, the root cause first.

    ``NGR701`` to ``NGR704``, ``NGR706``, ``NGR711`` to ``NGR713`` and ``NGR716``.
    """
    return _RULES.judge(facts)


def not_in_account(key_id: str, *, fix: str | None = None) -> Finding:
    """Return ``NGR701`` for a key that the administrator's account does not have."""
    return finding("NGR701", _not_listed(key_id), fix=fix)


def rotation_under_way(*, old_id: str, new_id: str) -> Finding:
    """Return ``NGR716`` for a profile that names an old and a new key."""
    return finding("NGR716", f"New: {dated_key(new_id)}. Old: {dated_key(old_id)}.")


def dated_key(key_id: str) -> str:
    """Name a key by its id and the day on which it was made, which its id tells."""
    made = made_on(key_id)
    named = _id(key_id) or "a key without a known id"
    return f"{named} (made on {made})" if made else named


def made_on(key_id: str) -> date | None:
    """Return the day (UTC) on which a key was made, by its id; ``None`` where it does not tell."""
    matched = _KEY_ID.fullmatch(key_id)
    made = ksuid_time(matched[1]) if matched else None
    return made.date() if made else None


def age_in_days(key_id: str, today: date) -> int | None:
    """Return how old a key is, by its id; ``None`` where it does not tell.

    Args:
        today: the day, UTC. What was made later by its clock is of today.
    """
    made = made_on(key_id)
    return max(0, (today - made).days) if made else None


def ago(days: int | None) -> str:
    """Say how many days ago something was."""
    if not days:
        return "today"
    return f"{counted(days, 'day')} ago"


@_RULES("NGR701")
def _is_missing(facts: AccountFacts) -> Match | None:
    if facts.in_account is not False or not facts.key_id:
        return None
    return Match(_not_listed(facts.key_id))


@_RULES("NGR703", unless=("NGR701",))
def _owner_is_inactive(facts: AccountFacts) -> Match | None:
    if facts.owner is None or facts.owner.active is not False:
        return None
    return Match(f"ngrok says that {_service_user(facts.owner)} is inactive.")


@_RULES("NGR704", unless=("NGR701",))
def _owner_may_only_read(facts: AccountFacts) -> Match | None:
    roles = facts.owner.roles if facts.owner else ()
    if facts.owner is None or not roles or not all(_READ_ONLY.search(role) for role in roles):
        return None
    shown = ", ".join(excerpt(role, 40) for role in roles[:_SHOWN])
    return Match(
        f"{_service_user(facts.owner)} has no other role than {shown}.",
        fix="Open https://dashboard.ngrok.com/service-users and give the owner of the key the role "
        "Developer.",
    )


@_RULES("NGR702", unless=("NGR701",))
def _belongs_to_a_person(facts: AccountFacts) -> Match | None:
    if facts.owner_kind is not OwnerKind.PERSON:
        return None
    owner_id = excerpt(facts.key.owner_id, 60) if facts.key else "a person"
    return Match(f"{facts.key_id} belongs to {owner_id}.")


@_RULES("NGR706", unless=("NGR701",))
def _is_used_elsewhere(facts: AccountFacts) -> Match | None:
    if facts.used_by:
        uses = ", ".join(excerpt(use, 80) for use in facts.used_by)
        return Match(f"{facts.key_id or 'The key'} is also used by: {uses}.")
    described = facts.key.description if facts.key else ""
    parts = _PARTS.split(described[:_LONGEST])
    if any(_OTHER_USE.search(part) and not _OUR_USE.search(part) for part in parts):
        return Match(f"{facts.key_id} has the description “{excerpt(described, 80)}”.")
    return None


@_RULES("NGR712")
def _lives_on(facts: AccountFacts) -> Match | None:
    half_made = [
        key.id
        for key in facts.keys
        if facts.half_made_mark and key.maker == MAKER and key.mark == facts.half_made_mark
        if key.id not in (facts.profile_ids or ()) and key.id != facts.key_id
    ]
    if half_made:
        fix = (
            "Run `ngrok-scim setup`. It keeps the key if the keyring has it. Otherwise nobody has "
            "its secret, and it revokes the key."
        )
        return Match(f"Left half-made: {', '.join(map(_id, half_made[:_SHOWN]))}.", fix=fix)
    unknown = _unknown_of_ours(facts)
    if not unknown:
        return None
    return Match(
        f"ngrok-scim made {_ids(unknown)}, which this profile neither uses nor knows.",
        fix="Run `ngrok-scim api-key show` with each profile on each computer that sets up SCIM "
        f"for this account, to see who uses {_id(unknown[0].id)}.",
    )


@_RULES("NGR716")
def _is_being_replaced(facts: AccountFacts) -> Match | None:
    if facts.rotation is None:
        return None
    old, new = facts.rotation
    listed = {key.id for key in facts.keys}
    gone = "".join(
        f" ngrok does not list {_id(key_id)} any more."
        for key_id in facts.rotation
        if facts.keys and key_id and key_id not in listed
    )
    return Match(f"New: {dated_key(new)}. Old: {dated_key(old)}.{gone}")


@_RULES("NGR713")
def _has_a_twin(facts: AccountFacts) -> Match | None:
    twins, others = _twin_keys(facts), _twin_owners(facts)
    seen = []
    fix = None
    if others and facts.owner:
        listed = ", ".join(map(_service_user, others[:_SHOWN]))
        seen.append(f"{listed}: named like {_service_user(facts.owner)}.")
        fix = (
            "Open https://dashboard.ngrok.com/api-keys and see which keys each of them owns. "
            f"{facts.key_id} belongs to {_id(facts.owner.id)}."
        )
    if twins and facts.key:
        seen.insert(0, f"{_ids(twins)}: described like {facts.key_id}, as “{_shown(facts.key)}”.")
        fix = (
            f"Find out what uses {_id(twins[0].id)}: its owner is shown at "
            "https://dashboard.ngrok.com/api-keys. The key that was examined here is "
            f"{facts.key_id}; to be sure that Okta has that one, paste it into Okta again."
        )
    return Match(" ".join(seen), fix=fix) if seen else None


@_RULES("NGR711")
def _is_old(facts: AccountFacts) -> Match | None:
    if facts.age_days is None or facts.age_days <= _OLD_DAYS:
        return None
    return Match(f"{_id(facts.key_id) or 'The key'} was made {ago(facts.age_days)}.")


def _twin_keys(facts: AccountFacts) -> list[ApiKey]:
    """Return the keys described like the one in use that no other rule speaks of."""
    described = _plain(facts.key.description) if facts.key else ""
    counted = {facts.key_id, *(facts.profile_ids or ())}
    counted |= {key.id for key in _unknown_of_ours(facts)}
    return [
        key
        for key in facts.keys
        if described and key.id not in counted and _plain(key.description) == described
    ]


def _twin_owners(facts: AccountFacts) -> list[ServiceUser]:
    """Return the Service Users named like the owner of the key in use."""
    owner = facts.owner
    named = _plain(owner.name) if owner else ""
    return [
        user
        for user in facts.service_users
        if owner and named and user.id != owner.id and _plain(user.name) == named
    ]


def _unknown_of_ours(facts: AccountFacts) -> list[ApiKey]:
    """Return the keys that this program made, beside the one in use, and the profile does not know.

    A key of another owner than the one in use is of another connection.
    """
    known = {facts.key_id, *(facts.profile_ids or ())} - {""}
    if not known:
        return []  # which of them is in use, nobody tells
    return [
        key
        for key in facts.keys
        if key.maker == MAKER and key.id not in known
        if facts.key is None or key.owner_id == facts.key.owner_id
    ]


def _not_listed(key_id: str) -> str:
    return f"ngrok does not list {key_id} for this account."


def _service_user(user: ServiceUser) -> str:
    name = excerpt(user.name, 60)
    return f"“{name}” ({_id(user.id)})" if name else _id(user.id)


def _shown(key: ApiKey) -> str:
    return excerpt(key.description, 60)


def _ids(keys: Sequence[ApiKey]) -> str:
    return first_of([_id(key.id) for key in keys], _SHOWN)


def _id(identifier: str) -> str:
    return excerpt(identifier, 60)


def _plain(words: str) -> str:
    """Return ``words`` without case, and without what cannot be seen."""
    return "".join(letter for letter in words[:_LONGEST] if kind_of(letter) is None).casefold()
