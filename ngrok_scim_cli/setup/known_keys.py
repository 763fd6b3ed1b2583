"""The keys that a profile names, and keys as ngrok lists them. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.ngrok.account import rotation_under_way
from ngrok_scim_cli.diagnosis.ngrok.api_keys import MAKER
from ngrok_scim_cli.errors import KeyringLost
from ngrok_scim_cli.settings.profile import Rotation
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.text.json_values import json_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.settings.profile import Key, Profile


def lost(key_id: str, *, end: str = "finish") -> KeyringLost:
    """Return the error for a key of a rotation that the keyring does not have.

    Args:
        end: how the rotation was to be ended; the other way is the way out.
    """
    other = "finish" if end == "abort" else "abort"
    return KeyringLost(
        f"The keyring does not hold the key {key_id}.",
        advice="Paste it into `ngrok-scim api-key store`. If nobody has it, stay with the other "
        f"key: `ngrok-scim api-key rotate --{other}`",
    )


def is_ours(item: Mapping[str, object]) -> bool:
    """Tell whether this program made the key that ngrok listed as ``item``."""
    return _metadata(item).get("made_by") == MAKER


def bears(item: Mapping[str, object], mark: str) -> bool:
    """Tell whether this program made the key that ngrok listed as ``item``, with this mark."""
    return is_ours(item) and _metadata(item).get("mark") == mark


def two_keys_live(rotation: Rotation) -> Finding:
    """Return ``NGR716``: both keys work, and which is which."""
    return rotation_under_way(old_id=rotation.old.id, new_id=rotation.new.id)


def with_current(profile: Profile, key: Key) -> Profile:
    """Return ``profile`` with ``key`` in use; the one before it is superseded.

    Raises:
        StepFailed: there is a superseded key already.
    """
    old, superseded = profile.key, profile.previous_key
    if old is None or old.id in ("", key.id):
        return replace(profile, key=key)
    if superseded and superseded.id not in (old.id, key.id):
        raise StepFailed(
            "There are two keys already; no third one is kept.",
            (two_keys_live(Rotation(superseded, old)),),
        )
    return replace(profile, key=key, previous_key=old)


def check_room(profile: Profile, *, occupied: bool) -> None:
    """Refuse to make a key where a third one would live, or one would be overwritten.

    Args:
        occupied: whether the keyring has a key at the place of the new one.
    """
    if profile.rotation:
        raise StepFailed(
            "There are two keys already; no third one is made.", (two_keys_live(profile.rotation),)
        )
    if occupied:
        raise StepFailed(
            "The keyring holds a key already. To replace it: ngrok-scim api-key rotate"
        )


def with_next(profile: Profile, key: Key) -> Profile:
    """Return ``profile`` with ``key`` as the successor of the one in use."""
    return replace(profile, next_key=key)


def id_of(item: Mapping[str, object]) -> str:
    """Return the id of the key that ngrok listed as ``item``; empty where it has none."""
    key_id = item.get("id")
    return key_id if isinstance(key_id, str) else ""


def _metadata(item: Mapping[str, object]) -> dict[str, object]:
    return json_object(str(item.get("metadata")))
