"""Rules for the ngrok account: the SCIM key, its owner, and other keys."""

import re
from collections.abc import Iterator, Sequence

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Finding, Subject
from ngrok_scim_cli.diagnosis.ngrok.api_keys import (
    ApiKey,
    OwnerKind,
    ServiceUser,
    ago,
    dated_key,
)
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import kind_of
from ngrok_scim_cli.text.counting import first_of

_OLD_DAYS = 365
# A role that lets its owner read only; ngrok has "developer-readonly" by that name.
_READ_ONLY = re.compile(r"read[-_ ]?only$", re.IGNORECASE)

_SHOWN = 5
# ngrok takes at most 255 bytes; of a longer text, the rest is not looked at.
_LONGEST = 1000

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


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of the SCIM key and its account; what is empty or ``None`` is not known.

    Attributes:
        key_id: the id of the key that is in Okta.
        in_account: whether ngrok has it in the account of the admin key.
        profile_ids: the ids of the keys that the profile names.
        rotation: the ids of the old and the new key, while one replaces the other.
        half_made_mark: the mark of a key that an earlier run began to make.
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


rule: Rules[None] = Rules(Subject.NGROK)
rule.describe("""
NGR701
The SCIM key is not in this ngrok account
The key was deleted, or the admin key belongs to a different account.
Run `ngrok-scim test-connect`. If it passes, the admin key belongs to another account. If ngrok
    refuses the key, run `ngrok-scim api-key rotate`.

NGR702 warning documented
The SCIM key belongs to a person
When that person is deactivated, the key and provisioning stop. The owner of a key cannot be changed
    later.
Run `ngrok-scim api-key rotate` and make a Service User the owner of the new key.

NGR703 documented
The owner of the key is inactive
The keys of a person or a Service User do not work while their owner is inactive.
Open https://dashboard.ngrok.com/service-users and activate the owner of the key. If the owner is a
    person, run `ngrok-scim api-key rotate` instead.

NGR704 documented
The owner of the key has read-only access
ngrok's API requires that the owner of an API key has write privileges.
Run `ngrok-scim api-key rotate` and make a Service User with write access the owner of the new key.

NGR705 documented
ngrok's IP restrictions block Okta or this machine
ngrok's documentation says that they apply to SCIM. Okta calls from its own cloud, so allow Okta's
    addresses. This machine's address is needed only for tests from here.
Open https://dashboard.ngrok.com/ip-restrictions and allow the addresses that Okta publishes at
    https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json.

NGR706 warning
The key is not used only for SCIM
Replacing it for its other use also stops provisioning.
Run `ngrok-scim api-key rotate` to give Okta a key of its own. The old key works until you finish.

NGR707 documented
The ngrok plan does not include a feature that is needed
Not every plan includes SCIM and Service Users.
Compare the plans at https://dashboard.ngrok.com/billing/choose-a-plan. If yours should include
    SCIM, ask support@ngrok.com.

NGR708 documented
The ngrok account is suspended or may not use the API
The key is valid, but the account is suspended for an unpaid bill or a breach of the terms, or it
    has no access to the API.
Write to support@ngrok.com. If a bill is unpaid, pay it at https://dashboard.ngrok.com/billing
    first.

NGR709 documented
ngrok rate limits this account
An account may make 120 API requests a minute, shared by all its programs. It is not documented
    whether SCIM requests count towards this limit.
Wait a minute, then run the command again.

NGR710 documented
The admin key does not belong to an administrator
Only an administrator may create Service Users, and keys for other owners.
Ask an ngrok administrator to create a key at https://dashboard.ngrok.com/api-keys, and set
    NGROK_API_KEY to it.

NGR711 notice
The key is older than a year
ngrok's API shows no expiry date for keys. The longer a key is in use, the more people and places
    may have seen it.
Run `ngrok-scim api-key rotate` when convenient. The old key works until you finish.

NGR712 warning
A key that ngrok-scim made is active, but this profile does not use it
A run was interrupted while it made the key, or another profile or computer uses it. Anyone with the
    key can create and deactivate users.
Run `ngrok-scim api-key show` with each profile on each computer that sets up SCIM for this account,
    to see which one uses the key.

NGR713 warning documented
There are two Service Users or two keys for SCIM
ngrok does not show which of them Okta uses. Both can create and deactivate users.
Open https://dashboard.ngrok.com/api-keys and find out who made each of them, and for what.

NGR714 documented
ngrok refuses the admin key
This is the administrator's key for setup, not the key in Okta. It was revoked, was not copied
    whole, or is another kind of credential.
Create an API key as an administrator at https://dashboard.ngrok.com/api-keys and set NGROK_API_KEY
    to it.

NGR715 documented
The ngrok account has reached a limit for API keys or Service Users
ngrok limits the number of API keys of an account, and how many are added in a period of time.
Compare the limit in ngrok's message with your keys at https://dashboard.ngrok.com/api-keys, and ask
    support@ngrok.com for a higher limit if all are in use.

NGR716 notice documented
A key rotation is in progress: the old key and the new key both work
ngrok does not show which of the two keys Okta has, so nothing is revoked until you confirm it.
Run `ngrok-scim api-key rotate` to see what to paste into Okta. When Okta has the new key, run
    `ngrok-scim api-key rotate --finish`. To keep the old key, run `ngrok-scim api-key rotate
    --abort`.

NGR717 documented
The access token is not allowed to do this
An access token can do only what its scopes allow, and it may expire. It is not documented which
    scope SCIM needs; ngrok's SCIM guide asks for an API key.
Use the API key of a Service User instead: run `ngrok-scim api-key create` and paste the key into
    Okta.
""")
ENTRIES = rule.entries


def not_in_account(key_id: str, *, fix: str | None = None) -> Finding:
    """Return ``NGR701`` for a key that the administrator's account does not have."""
    return finding("NGR701", f"ngrok does not list {key_id} for this account.", fix=fix)


def rotation_under_way(old_id: str, new_id: str, missing: str = "") -> Finding:
    """Return ``NGR716`` for a profile that names an old and a new key."""
    return finding("NGR716", f"New: {dated_key(new_id)}. Old: {dated_key(old_id)}.{missing}")


def judge_account(facts: AccountFacts) -> tuple[Finding, ...]:
    """Return what is wrong with the SCIM key and its account, the root cause first."""
    is_missing = facts.in_account is False and facts.key_id
    # A key that is not in the account has no owner and no use to judge.
    found = [not_in_account(facts.key_id)] if is_missing else [*_judge_key(facts)]
    found += filter(None, (_judge_left_over(facts), _judge_rotation(facts), _judge_twins(facts)))
    if facts.age_days and facts.age_days > _OLD_DAYS:
        named = _id(facts.key_id) or "The key"
        found.append(finding("NGR711", f"{named} was made {ago(facts.age_days)}."))
    return tuple(found)


def _judge_key(facts: AccountFacts) -> Iterator[Finding]:
    """Judge the owner of the key, and what it is used for."""
    owner, key_id = facts.owner, facts.key_id
    if owner and owner.active is False:
        yield finding("NGR703", f"ngrok says that {_service_user(owner)} is inactive.")
    if owner and owner.roles and all(map(_READ_ONLY.search, owner.roles)):
        roles = ", ".join(excerpt(role, 40) for role in owner.roles[:_SHOWN])
        fix = (
            "Open https://dashboard.ngrok.com/service-users and give the owner of the key the role "
            "Developer."
        )
        seen = f"{_service_user(owner)} has no other role than {roles}."
        yield finding("NGR704", seen, fix=fix)
    if facts.owner_kind is OwnerKind.PERSON:
        owner_id = _id(facts.key.owner_id) if facts.key else "a person"
        yield finding("NGR702", f"{key_id} belongs to {owner_id}.")
    described = facts.key.description if facts.key else ""
    parts = _PARTS.split(described[:_LONGEST])
    if any(_OTHER_USE.search(part) and not _OUR_USE.search(part) for part in parts):
        seen = f"{key_id} has the description “{excerpt(described, 80)}”."
        yield finding("NGR706", seen)


def _judge_left_over(facts: AccountFacts) -> Finding | None:
    half_made = [
        key.id
        for key in facts.keys
        if facts.half_made_mark and key.is_ours and key.mark == facts.half_made_mark
        if key.id not in (facts.profile_ids or ()) and key.id != facts.key_id
    ]
    if half_made:
        fix = (
            "Run `ngrok-scim setup`. It keeps the key if the keyring has it. Otherwise nobody has "
            "its secret, and it revokes the key."
        )
        seen = f"Left half-made: {', '.join(map(_id, half_made[:_SHOWN]))}."
        return finding("NGR712", seen, fix=fix)
    if unknown := _unknown_of_ours(facts):
        fix = (
            "Run `ngrok-scim api-key show` with each profile on each computer that sets up SCIM "
            f"for this account, to see who uses {_id(unknown[0].id)}."
        )
        seen = f"ngrok-scim made {_ids(unknown)}, which this profile neither uses nor knows."
        return finding("NGR712", seen, fix=fix)
    return None


def _judge_rotation(facts: AccountFacts) -> Finding | None:
    if facts.rotation is None:
        return None
    listed = {"", *(key.id for key in facts.keys)}
    gone = [key_id for key_id in facts.rotation if facts.keys and key_id not in listed]
    missing = "".join(f" ngrok does not list {_id(key_id)} any more." for key_id in gone)
    return rotation_under_way(*facts.rotation, missing)


def _judge_twins(facts: AccountFacts) -> Finding | None:
    owner, key = facts.owner, facts.key
    # The others of ours are NGR712.
    known = {facts.key_id, *(facts.profile_ids or ()), *(key.id for key in _unknown_of_ours(facts))}
    keys = [each for each in facts.keys if key and _is_alike(each.description, key.description)]
    keys = [each for each in keys if each.id not in known]
    users = [each for each in facts.service_users if owner and _is_alike(each.name, owner.name)]
    users = [each for each in users if owner and each.id != owner.id]
    seen, fixes = [], []
    if key and keys:
        described = f"described like {facts.key_id}, as “{excerpt(key.description, 60)}”"
        seen.append(f"{_ids(keys)}: {described}.")
        fixes.append(
            f"Find out what uses {_id(keys[0].id)}: its owner is shown at "
            "https://dashboard.ngrok.com/api-keys. The key that was examined here is "
            f"{facts.key_id}; to be sure that Okta has that one, paste it into Okta again."
        )
    if owner and users:
        listed = ", ".join(map(_service_user, users[:_SHOWN]))
        seen.append(f"{listed}: named like {_service_user(owner)}.")
        fixes.append(
            "Open https://dashboard.ngrok.com/api-keys and see which keys each of them owns. "
            f"{facts.key_id} belongs to {_id(owner.id)}."
        )
    return finding("NGR713", " ".join(seen), fix=fixes[0]) if seen else None


def _unknown_of_ours(facts: AccountFacts) -> list[ApiKey]:
    """Return the keys that this program made, beside the one in use, and the profile does not know.

    A key of another owner than the one in use is of another connection.
    """
    known = {facts.key_id, *(facts.profile_ids or ())} - {""}
    if not known:
        return []  # it is not known which of them is in use
    return [
        key
        for key in facts.keys
        if key.is_ours and key.id not in known
        if facts.key is None or key.owner_id == facts.key.owner_id
    ]


def _service_user(user: ServiceUser) -> str:
    name = excerpt(user.name, 60)
    return f"“{name}” ({_id(user.id)})" if name else _id(user.id)


def _ids(keys: Sequence[ApiKey]) -> str:
    return first_of([_id(key.id) for key in keys], _SHOWN)


def _id(identifier: str) -> str:
    return excerpt(identifier, 60)


def _is_alike(one: str, other: str) -> bool:
    """Tell whether two names are the same but for case and what cannot be seen."""
    plain, like = (
        "".join(letter for letter in words[:_LONGEST] if kind_of(letter) is None).casefold()
        for words in (one, other)
    )
    return plain == like != ""
