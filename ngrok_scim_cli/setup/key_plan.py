"""The keys of a profile, and what is to be done where a run was cut short. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.ngrok.account import rotation_under_way
from ngrok_scim_cli.diagnosis.ngrok.api_keys import MAKER
from ngrok_scim_cli.errors import KeyringLost
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile, Rotation
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.text.json_values import json_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ngrok_scim_cli.diagnosis.finding import Finding

    ListedKey = Mapping[str, object]
    Listed = Mapping[str, ListedKey]

# A request whose reply was never seen may still be carried out for this long: longer than the
# longest time limit of ours.
_LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Held:
    """The ids of the keys that the keyring holds.

    Attributes:
        current: of the key in use; empty where it does not tell its id, ``None`` without one.
        next: of the new key of a rotation; likewise.
    """

    current: str | None = None
    next: str | None = None


class Do(Enum):
    """What can be done to bring a run that was cut short to its end."""

    CHECK_ACCOUNT = auto()  # the account in which a key was begun has the Service User
    RECORD = auto()  # the profile names a key that the keyring holds
    REVOKE = auto()  # a half-made key ends, whose secret nobody has
    CLOSE_INTENT = auto()  # it is forgotten that a key was begun
    PROMOTE = auto()  # the new key takes the place of the old one
    CLEAR_NEXT = auto()  # the keyring forgets what is no new key any more
    REFUSE = auto()  # the keyring holds a key that neither the profile nor the account knows


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    Attributes:
        id: of the key, empty where it does not tell its id; of the Service User for
            ``CHECK_ACCOUNT``.
        beside: the key is recorded as the successor of the one in use.
        half_made: a run was cut short before it could record the key.
    """

    do: Do
    id: str = ""
    beside: bool = False
    half_made: bool = False


def needs_listing(profile: Profile, held: Held) -> bool:
    """Return whether ngrok must be asked for its keys before anything can be planned."""
    if profile.pending_key:
        return True
    if _takes_its_place(profile.next_key.id if profile.next_key else None, held):
        return False
    strangers = {held.current, held.next} - {None, "", *profile.key_ids}
    other = bool(held.current and profile.key and profile.key.id != held.current)
    return bool(strangers or other)


def plan(profile: Profile, held: Held, listed: Listed, now: datetime) -> tuple[Action, ...]:
    """Return what brings a run that was cut short to its end, in order.

    ``listed`` is empty where ``needs_listing`` says no.
    """
    actions: list[Action] = []
    known = set(profile.key_ids)
    current = profile.key.id if profile.key else None
    new = profile.next_key.id if profile.next_key else None
    if profile.pending_key:
        actions += _end_intent(profile.pending_key, known, held, listed, now)
        for action in actions:
            if action.do is Do.RECORD:
                known.add(action.id)
                current, new = (current, action.id) if action.beside else (action.id, new)
    if new and _takes_its_place(new, held):
        return (*actions, Action(Do.PROMOTE, new))
    if held.current and held.current not in (current, *listed):
        return (*actions, Action(Do.REFUSE, held.current))
    return (*actions, *_name_held_keys(known, current, new, held, listed))


def _name_held_keys(
    known: set[str], current: str | None, new: str | None, held: Held, listed: Listed
) -> list[Action]:
    """Return what lets the profile name the keys that the keyring holds."""
    actions: list[Action] = []
    if held.current == "" and current is None:
        # It does not tell its id, so ngrok cannot be asked; the connector test judges it.
        actions.append(Action(Do.RECORD))
    elif held.current and held.current != current:
        actions.append(Action(Do.RECORD, held.current))
    if held.next and new is None:
        if held.next in known or held.next == held.current:
            actions.append(Action(Do.CLEAR_NEXT))
        elif held.next in listed:
            actions.append(Action(Do.RECORD, held.next, beside=True))
    return actions


def _takes_its_place(new: str | None, held: Held) -> bool:
    """Return whether the new key replaces the old one, or that one is lost."""
    return bool(new) and (held.current == new or (held.current is None and held.next == new))


def _end_intent(
    pending: PendingKey, known: set[str], held: Held, listed: Listed, now: datetime
) -> list[Action]:
    """Return what becomes of the keys that were made with the mark of ``pending``.

    The one that the keyring holds is kept. Every other one that the profile does not name ends.
    """
    marked = [key_id for key_id, item in listed.items() if has_mark(item, pending.mark)]
    stored = ((held.current, False), (held.next, True))
    kept = [
        Action(Do.RECORD, key_id, beside=beside, half_made=True)
        for key_id, beside in stored
        if key_id in marked and key_id not in known
    ][:1]
    named = known | {action.id for action in kept}
    unwanted = [key_id for key_id in marked if key_id not in named]
    late = pending.started_at is not None and now - pending.started_at < _LATE
    still_open = late and not named & set(marked)
    elsewhere = not (marked or known & listed.keys())
    return [
        *([Action(Do.CHECK_ACCOUNT, pending.owner_id)] if elsewhere else []),
        *kept,
        *(Action(Do.REVOKE, key_id) for key_id in unwanted),
        *([] if still_open else [Action(Do.CLOSE_INTENT)]),
    ]


# The keys that a profile names, and keys as ngrok lists them


def is_ours(item: ListedKey) -> bool:
    """Return whether this program made the key that ngrok listed as ``item``."""
    return _metadata(item).get("made_by") == MAKER


def has_mark(item: ListedKey, mark: str) -> bool:
    """Return whether this program made the key that ngrok listed as ``item``, with this mark."""
    return is_ours(item) and _metadata(item).get("mark") == mark


def _metadata(item: ListedKey) -> dict[str, object]:
    return json_object(str(item.get("metadata")))


def with_current(profile: Profile, key: Key) -> Profile:
    """Return ``profile`` with ``key`` in use; the one before it is superseded."""
    old, superseded = profile.key, profile.previous_key
    if old is None or old.id in ("", key.id):
        return replace(profile, key=key)
    if superseded and superseded.id not in (old.id, key.id):
        raise StepFailed(
            "There are two keys already; no third one is kept.",
            (two_keys_live(Rotation(superseded, old)),),
        )
    return replace(profile, key=key, previous_key=old)


def with_key(profile: Profile, key: Key, *, beside: bool) -> Profile:
    """Return ``profile`` with ``key`` in use, or beside the one in use, as its successor."""
    return replace(profile, next_key=key) if beside else with_current(profile, key)


def two_keys_live(rotation: Rotation) -> Finding:
    """Return ``NGR716``: both keys work, and which is which."""
    return rotation_under_way(old_id=rotation.old.id, new_id=rotation.new.id)


def lost(key_id: str, *, end: str = "finish") -> KeyringLost:
    """Return the error for a key that the keyring lost; ``end`` is how the rotation was to end."""
    other = "finish" if end == "abort" else "abort"
    return KeyringLost(
        f"The keyring does not hold the key {key_id}.",
        advice="Paste it into `ngrok-scim api-key store`. If nobody has it, stay with the other "
        f"key: `ngrok-scim api-key rotate --{other}`",
    )
