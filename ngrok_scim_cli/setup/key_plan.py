"""The keys of a profile, and what is to be done where a run was cut short. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.ngrok.account import rotation_under_way
from ngrok_scim_cli.diagnosis.ngrok.api_keys import ApiKey
from ngrok_scim_cli.errors import KeyringLost
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile, Rotation
from ngrok_scim_cli.setup.context import StepFailed

# The keys of the account, by their ids.
Listed = Mapping[str, ApiKey]

# A request whose reply was never seen may still be carried out for this long: longer than the
# longest time limit of ours.
_LATE = timedelta(minutes=15)


class Held(NamedTuple):
    """The ids of the keys that the keyring holds: of the key in use, and of its successor.

    An id is empty where the key does not tell it, and ``None`` where there is no key.
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


class Action(NamedTuple):
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


def plan(
    profile: Profile, held: Held, listed: Callable[[], Listed], now: datetime
) -> Iterator[Action]:
    """Yield what brings a run that was cut short to its end, in order.

    ``listed`` gives ngrok's list of keys by their ids; it is asked only where that is needed.
    """
    known = set(profile.key_ids)
    current, new = (key.id if key else None for key in (profile.key, profile.next_key))
    pending = profile.pending_key
    for action in tuple(_end_intent(pending, known, held, listed(), now)) if pending else ():
        if action.do is Do.RECORD:
            current, new = (current, action.id) if action.beside else (action.id, new)
        yield action
    if new and (held.current == new or (held.current is None and held.next == new)):
        yield Action(Do.PROMOTE, new)  # it has replaced the old key, or that one is lost
        return
    if held.current and held.current != current:
        if held.current not in listed():
            yield Action(Do.REFUSE, held.current)
            return
        yield Action(Do.RECORD, held.current)
    elif held.current == "" and current is None:
        # It does not tell its id, so ngrok cannot be asked; the connector test judges it.
        yield Action(Do.RECORD)
    if held.next and new is None:
        if held.next in known or held.next == held.current:
            yield Action(Do.CLEAR_NEXT)
        elif held.next in listed():
            yield Action(Do.RECORD, held.next, beside=True)


def _end_intent(
    pending: PendingKey, known: set[str], held: Held, listed: Listed, now: datetime
) -> Iterator[Action]:
    """Yield what becomes of the keys that were made with the mark of ``pending``.

    One that the keyring holds is kept. Every other one that the profile does not name ends.
    """
    ours = (key for key in listed.values() if key.is_ours)
    marked = [key.id for key in ours if key.mark == pending.mark != ""]
    if not (marked or known & listed.keys()):
        yield Action(Do.CHECK_ACCOUNT, pending.owner_id)
    stored = [key_id for key_id in dict.fromkeys(held) if key_id in {*marked} - known]
    for key_id in stored:
        yield Action(Do.RECORD, key_id, beside=key_id != held.current, half_made=True)
    named = known.union(stored)
    yield from (Action(Do.REVOKE, key_id) for key_id in marked if key_id not in named)
    is_recent = pending.started_at is not None and now - pending.started_at < _LATE
    if named & set(marked) or not is_recent:
        yield Action(Do.CLOSE_INTENT)


# The keys that a profile names


def with_key(profile: Profile, key: Key, *, beside: bool = False) -> Profile:
    """Return ``profile`` with ``key`` in use, or ``beside`` the one in use, as its successor.

    The key that was in use before is superseded.
    """
    old, superseded = profile.key, profile.previous_key
    if beside:
        return replace(profile, next_key=key)
    if old is None or old.id in ("", key.id):
        return replace(profile, key=key)
    if superseded and superseded.id not in (old.id, key.id):
        raise StepFailed(
            "There are two keys already; no third one is kept.",
            (two_keys_live(Rotation(superseded, old)),),
        )
    return replace(profile, key=key, previous_key=old)


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
