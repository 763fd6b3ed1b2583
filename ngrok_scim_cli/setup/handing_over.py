"""A key that is being handed over to what keeps it in place of a keyring.

The profile says so before it is done, and afterwards who has the key. A run that ended in between
leaves it open: only a person can find out whether the key arrived.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.setup.context import StepFailed

if TYPE_CHECKING:
    from ngrok_scim_cli.settings.profile import PendingKey
    from ngrok_scim_cli.settings.run_secrets import Keeper

_SEEN = "An earlier run ended while it handed {} to {}. Could not verify whether it arrived."
_FIX = (
    "Run the same command at a terminal, and say whether the key arrived. If it did not: "
    "ngrok-scim api-key revoke {}"
)


class HalfHandedOver(StepFailed):
    """A run ended while it handed a key over. The key is kept."""

    def __init__(self, pending: PendingKey) -> None:
        seen = _SEEN.format(pending.handing_over, whom(pending))
        fix = _FIX.format(pending.handing_over)
        super().__init__(f"{seen} The key is kept.", (finding("NGR712", seen, fix=fix),))
        self.pending = pending


def half_way(pending: PendingKey, keeper: Keeper, key_id: str, place: str) -> PendingKey:
    """Return ``pending`` as it stands while the key is handed over."""
    return replace(pending, kept=keeper.kept, kept_by=keeper.by, handing_over=key_id, place=place)


def whom(pending: PendingKey) -> str:
    """Say to whom the key was handed."""
    return f"the command “{pending.kept_by}”" if pending.kept_by else "a person"
