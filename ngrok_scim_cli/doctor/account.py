"""Checks of the ngrok account: the SCIM key, its owner, its twins, and who is let in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.ngrok.account import (
    AccountFacts,
    judge_account,
    not_in_account,
    rotation_under_way,
)
from ngrok_scim_cli.diagnosis.ngrok.api_keys import OwnerKind, read_api_key, read_service_user
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS
from ngrok_scim_cli.diagnosis.ngrok.ip_ranges import (
    PUBLISHED_AT,
    OktaRanges,
    RangesError,
    judge_ip_restrictions,
    read_okta_ranges,
)
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown, present
from ngrok_scim_cli.diagnosis.values.key import id_of_key, made_at
from ngrok_scim_cli.doctor.checks import Checks
from ngrok_scim_cli.doctor.evidence import Evidence, gather
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.text.counting import counted

if TYPE_CHECKING:
    from pathlib import Path


PLANS = Checks("ngrok account", needs="an ngrok admin key")
_BOTH_KEYS = "an ngrok admin key and the SCIM key"

_REFUSALS = {error.finding for error in NGROK_ERRORS.values() if error.finding.startswith("NGR")}

# Okta's own file has some 100 KB.
_LONGEST_RANGES = 8 * 1024 * 1024


@PLANS.check("admin-key", "Admin key accepted", " ".join(sorted({*_REFUSALS, "NGR714"})))
def admin_key(evidence: Evidence) -> Judged:
    return Judged(reason=f"{counted(len(evidence.api_keys.get()), 'key')} in the account")


@PLANS.check("key-exists", "SCIM key is in the account", "NGR701", needs=_BOTH_KEYS)
def key_exists(evidence: Evidence) -> Judged:
    facts = _facts_of_key(evidence, must_exist=False)
    return Judged(judge_account(facts), facts.key_id)


@PLANS.check("key-owner", "Owner of the SCIM key", "NGR702 NGR703 NGR704", needs=_BOTH_KEYS)
def key_owner(evidence: Evidence) -> Judged:
    facts = _facts_of_key(evidence)
    tested, owner = evidence.tested.get_or_none(), facts.owner
    # What the endpoint said of the owner is not to be said again in other words.
    replied = {item.code: item for item in tested.replied} if tested else {}
    found = (replied.get(item.code, item) for item in judge_account(facts))
    named = f"the Service User “{owner.name}”" if owner and owner.name else owner and owner.id
    return Judged(tuple(found), named or "")


def _judge_key(evidence: Evidence) -> Judged:
    return Judged(judge_account(_facts_of_key(evidence)))


PLANS.check("key-use", "SCIM key is only for SCIM", "NGR706", needs=_BOTH_KEYS)(_judge_key)


@PLANS.check("key-age", "Age of the SCIM key", "NGR711", needs="the SCIM key")
def age(evidence: Evidence) -> Judged:
    age = key_age(evidence)
    if age is None:
        present(evidence.access.values)
        raise Unknown("The SCIM key does not show when it was created.")
    facts = AccountFacts(key_id=scim_key_id(evidence), age_days=age.days)
    return Judged(judge_account(facts), counted(age.days, "day"))


PLANS.check("key-twins", "Only one SCIM key", "NGR713", needs=_BOTH_KEYS)(_judge_key)


@PLANS.check("key-left-over", "No leftover keys", "NGR712 NGR716")
def key_left_over(evidence: Evidence) -> Judged:
    """Judge what the account holds, or at least what the profile knows without it."""
    try:
        return Judged(judge_account(evidence.shared(_facts).get()))
    except Unknown:
        profile = evidence.access.profile
        rotation = None if isinstance(profile, Unknown) else profile.rotation
        if rotation is None:
            raise
        return Judged((rotation_under_way(old_id=rotation.old.id, new_id=rotation.new.id),))


@PLANS.check("ip-restrictions", "IP restrictions allow Okta", "NGR705")
def ip_restrictions(evidence: Evidence) -> Judged:
    gather(evidence.ip_restrictions, evidence.ip_policy_rules)
    restrictions, rules = evidence.ip_restrictions.get(), evidence.ip_policy_rules.get()
    # Without Okta's own addresses, the check is skipped.
    return present(judge_ip_restrictions(restrictions, rules, evidence.access.okta_ranges))


def read_ranges(path: Path) -> OktaRanges:
    """Read the file of ``--okta-ip-ranges``."""
    from ngrok_scim_cli.settings.files import CannotRead, read_file

    file = f"--okta-ip-ranges: the file {path}"
    try:
        return read_okta_ranges(read_file(path, _LONGEST_RANGES, pipes=True).data.decode("utf-8"))
    except CannotRead as problem:
        advice = "Check the name and the permissions of the file."
        raise UsageError(f"{file} {problem.reason}.", advice=advice) from None
    except (RangesError, UnicodeDecodeError) as problem:
        why = problem if isinstance(problem, RangesError) else "it is not UTF-8"
        raise UsageError(
            f"{file} is not the one that Okta publishes: {why}.",
            advice=f"Download it from {PUBLISHED_AT}.",
        ) from None


def key_age(evidence: Evidence) -> timedelta | None:
    """Return how long ago the SCIM key was made; ``None`` where its id does not show it."""
    made = made_at(scim_key_id(evidence))
    return max(timedelta(), evidence.now() - made) if made else None


def scim_key_id(evidence: Evidence) -> str:
    """Return the id of the SCIM key: the one in use, else the profile's; empty where unknown."""
    values, profile = evidence.access.values, evidence.access.profile
    if not isinstance(values, Unknown):
        return id_of_key(values.key)
    return "" if isinstance(profile, Unknown) or profile.key is None else profile.key.id


def _facts_of_key(evidence: Evidence, *, must_exist: bool = True) -> AccountFacts:
    """Return the facts of the key; raises ``Unknown`` where it is not known, or not in ngrok."""
    facts = evidence.shared(_facts).get()
    if not facts.key_id:
        raise Unknown("The id of the SCIM key is not known, so it cannot be looked up in ngrok.")
    if must_exist and facts.key is None:
        raise Unknown("The SCIM key is not in this account.", (not_in_account(facts.key_id),))
    return facts


def _facts(evidence: Evidence) -> AccountFacts:
    gather(evidence.api_keys, evidence.service_users)
    keys = tuple(map(read_api_key, evidence.api_keys.get()))
    owners = tuple(map(read_service_user, evidence.service_users.get()))
    key_id, profile = scim_key_id(evidence), evidence.access.profile
    key = next((item for item in keys if key_id and item.id == key_id), None)
    owner = next((item for item in owners if key and item.id == key.owner_id), None)
    kind = OwnerKind.SERVICE_USER if owner else OwnerKind.PERSON
    known = None if isinstance(profile, Unknown) else profile
    rotation, pending = (known.rotation, known.pending_key) if known else (None, None)
    return AccountFacts(
        key_id=key_id,
        in_account=key is not None,
        key=key,
        owner=owner,
        owner_kind=kind if key and key.owner_id else None,
        keys=keys,
        service_users=owners,
        # Without any key, the profile knows nothing.
        profile_ids=frozenset(known.key_ids) or None if known else None,
        rotation=(rotation.old.id, rotation.new.id) if rotation else None,
        half_made_mark=pending.mark if pending else "",
    )
