"""What the admin would see in Okta where a step of a user's life fails.

The patterns were seen in Okta's System Log and Tasks: step, then the reason, then what the server
said (Okta's SCIM 2.0 reference and troubleshooting pages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.okta.messages import reason_of
from ngrok_scim_cli.diagnosis.rehearsal.reply import id_of, succeeded, user_in, users_in

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.exchange import Exchange

_PROVISIONING = "Automatic provisioning of user {name} to app ngrok failed: "
_VERIFY = _PROVISIONING + "Error while verifying if user {name} exists: {reason}"
_CREATE = _PROVISIONING + "Error while creating user {name}: {reason}"
_PUSH = (
    "Automatic profile push of user {name} to app ngrok failed: Error while trying to push profile "
    "update for {name}: {reason}"
)
_DEACTIVATE = (
    "Application accounts need deprovisioning - Go to third-party apps and manually disable user "
    "accounts"
)
# Seen where a look-up of somebody absent held text for a number; no create followed.
_SYNC = "Sync user in external application: FAILURE, with no reason (in the System Log)"
_NOTHING = "Nothing: Okta does not notice it."

_OF_STEP = {
    "absent-look-up": _VERIFY,
    "create": _CREATE,
    "look-up": _VERIFY,
    "read": _PUSH,
    "update": _PUSH,
    "rename": _PUSH,
    "second-create": _CREATE,
    "deactivate": _DEACTIVATE,
    "look-up-deactivated": _VERIFY,
    "reactivate": _PUSH,
    "plus-address": _CREATE,
    "final-deactivate": _DEACTIVATE,
}


def okta_shows(step: str, user_name: str, exchanges: tuple[Exchange, ...]) -> str:
    """Return what Okta would show for a step that failed."""
    pattern = _OF_STEP.get(step)
    if pattern is None:
        return _NOTHING
    broken = next((one for one in exchanges if not succeeded(one)), None)
    if broken is None:
        if any(one.method == "POST" and not id_of(user_in(one)) for one in exchanges):
            return _CREATE.format(name=user_name, reason="Create new user returned empty user.")
        is_unusable = step == "absent-look-up" and not users_in(exchanges[-1])
        return _SYNC if is_unusable else _NOTHING
    if broken.method == "GET" and pattern is _CREATE:
        pattern = _VERIFY
    return pattern.format(name=user_name, reason=reason_of(broken)[0])
