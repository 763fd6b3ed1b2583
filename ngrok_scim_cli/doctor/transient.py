"""What passes by itself, so that it is worth another look (``doctor --wait``)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ngrok_scim_cli.diagnosis.finding import Finding

TRANSIENT = {
    "NET401": "a new name is not known everywhere at once",
    "NET402": "the service is being started",
    "NET403": "the network is down for a moment",
    "NET408": "the server is busy",
    "NET409": "the connection broke",
    "NET410": "the proxy is down for a moment",
    "SCM505": "the server takes no more requests for a while",
    "SCM506": "the server failed for a moment",
    "SCM516": "the server is busy",
    "NGR709": "ngrok takes no more requests for a while",
    "DOM808": "a new TXT record takes up to hours to be seen",
}
"""By code: why a finding may pass by itself."""

OF_A_NEW_KEY = {
    "KEY214": "ngrok does not know a key at once that was made a moment ago",
    "SCM501": "ngrok does not know a key at once that was made a moment ago",
    "NGR701": "ngrok does not list a key at once that was made a moment ago",
}
"""As ``TRANSIENT``, as long as the SCIM key is new. A revoked key would be refused for ever."""

NEW_KEY = timedelta(minutes=15)
"""For so long after it was made a key counts as new."""


def transient_codes(findings: Iterable[Finding], *, new_key: bool) -> tuple[str, ...]:
    """Return the codes of those ``findings`` that may pass by themselves."""
    codes = {**TRANSIENT, **OF_A_NEW_KEY} if new_key else TRANSIENT
    return tuple(dict.fromkeys(item.code for item in findings if item.code in codes))
