"""What passes by itself, so that it is worth another look (``doctor --wait``)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ngrok_scim_cli.diagnosis.finding import Finding

# A service that starts, a network, a proxy or a server in trouble, a rate limit, a new record.
TRANSIENT = frozenset(
    {"NET401", "NET402", "NET403", "NET408", "NET409", "NET410"}
    | {"SCM505", "SCM506", "SCM516", "NGR709", "DOM808"}
)

# ngrok may not know, or list, a key at once that was just created. A revoked key stays refused.
OF_A_NEW_KEY = frozenset({"KEY214", "SCM501", "NGR701"})

NEW_KEY = timedelta(minutes=15)
"""For so long after it was made a key counts as new."""


def is_transient(findings: Iterable[Finding], *, new_key: bool) -> bool:
    """Tell whether one of ``findings`` may pass by itself."""
    codes = TRANSIENT | OF_A_NEW_KEY if new_key else TRANSIENT
    return any(item.code in codes for item in findings)
