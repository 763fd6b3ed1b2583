"""What Okta was doing when something failed: by the type of an event, or by the words of a text."""

import re
from enum import StrEnum

from ngrok_scim_cli.text.phrases import find, words


class Stage(StrEnum):
    """What Okta was doing, in the words of a sentence."""

    LOOK_UP = "looking the account up"
    ACCOUNT = "creating or linking the account"
    PROFILE = "updating the profile"
    REACTIVATION = "reactivating the account"
    DEACTIVATION = "deactivating the account"
    PASSWORD = "pushing a password"  # noqa: S105 - what Okta does, no password
    IMPORT = "importing users"
    GROUPS = "pushing a group"
    CALL = "calling ngrok"


# By event type (https://developer.okta.com/docs/reference/api/event-types/); "import" is misnamed:
# there it stands for "Deactivate user from external application".
_USER = "application.provision.user."
_TYPES = {
    f"{_USER}verify_exists": Stage.LOOK_UP,
    f"{_USER}push": Stage.ACCOUNT,
    f"{_USER}sync": Stage.ACCOUNT,
    f"{_USER}activate": Stage.ACCOUNT,
    f"{_USER}reactivate": Stage.REACTIVATION,
    f"{_USER}push_profile": Stage.PROFILE,
    f"{_USER}import_profile": Stage.IMPORT,
    f"{_USER}password": Stage.PASSWORD,
    f"{_USER}push_password": Stage.PASSWORD,
    f"{_USER}deactivate": Stage.DEACTIVATION,
    f"{_USER}deprovision": Stage.DEACTIVATION,
    f"{_USER}delete": Stage.DEACTIVATION,
    f"{_USER}import": Stage.DEACTIVATION,
    f"{_USER}remove_entitlements": Stage.DEACTIVATION,
    "app.user_management.push_new_user_success": Stage.ACCOUNT,
    "app.user_management.provision_user_failed": Stage.ACCOUNT,
    "app.user_management.provision_user.user_inactive": Stage.REACTIVATION,
    "app.user_management.deactivate_user.api_account": Stage.DEACTIVATION,
    "app.user_management.update_from_master_failed": Stage.IMPORT,
    "app.api.error.check_user_exists": Stage.LOOK_UP,
    "app.api.error.create_user": Stage.ACCOUNT,
    "app.api.error.push_profile_update": Stage.PROFILE,
    "app.api.error.push_password_update": Stage.PASSWORD,
    "app.api.error.deactivate_user": Stage.DEACTIVATION,
    "app.api.error.reactivate_user": Stage.REACTIVATION,
    "app.api.error.download_users": Stage.IMPORT,
    "app.api.error.import_user_profile": Stage.IMPORT,
    "application.provision.integration.call_api": Stage.CALL,
    "application.integration.general_failure": Stage.CALL,
    "application.integration.api_query": Stage.CALL,
    "application.integration.rate_limit_exceeded": Stage.CALL,
}
_GROUPS = ("application.provision.group_push.", "application.provision.group.")
_IMPORT = "system.import."
_OLD_ERROR = "app.api.error."
_TYPE = re.compile(r"\b(?:application|app|system)(?:\.[a-z_]+){2,9}\b")
# What stands behind it is what the server said, and not what Okta was doing.
REMOTE = re.compile(r"errors reported by remote server", re.IGNORECASE)

# By words. Of several the last that stands in the text counts: the outer sentence comes first.
_PHRASES = {
    Stage.LOOK_UP: ("verifying if user", "verify user exists", "verify if user"),
    Stage.ACCOUNT: (
        "provisioning of user",
        "while creating user",
        "could not create user",
        "push new user",
        "provision to app",
        "sync user in external application",
        "error occurred while assigning",
    ),
    Stage.PROFILE: (
        "profile push of",
        "profile update",
        "push user s profile",
        "while updating user",
        "could not update user",
    ),
    Stage.REACTIVATION: ("while reactivating", "while activating", "push user reactivation"),
    Stage.DEACTIVATION: (
        "deactivating",
        "user deactivation",
        "deactivation of user",
        "automatic deactivation",
        "deprovisioning of",
        "deprovision user",
        "while deprovisioning",
        "deactivate user",
        "could not deactivate",
        "failed to deactivate",
        "need deprovisioning",
        "deprovisioning failed",
        "failed to deprovision",
        "deactivation failed",
    ),
    Stage.PASSWORD: (
        *("password push", "pushing password", "push password", "password update"),
        "push user s password",
    ),
    Stage.IMPORT: (
        *("import users", "user import", "import of users", "while importing", "users import"),
        *("import failed", "failed to import", "error importing", "importing users"),
        *("downloading all users", "downloading users", "download users", "apply import"),
        *("import user profile", "user profile import"),
    ),
    Stage.GROUPS: (
        *("group push", "push group", "pushing group", "push groups", "linked group"),
        *("resource group", "creating group", "updating group", "deleting group"),
        *("group memberships", "group membership", "user group", "app group", "group name is"),
        *("s to group", "s from group", "users for group", "all groups", "get the group"),
        *("individual group", "group was found", "group … was not found"),
    ),
    Stage.CALL: ("error authenticating", "connector configuration could not be tested"),
}


def stage_of_type(event_type: str) -> Stage | None:
    """Return what Okta was doing; ``None`` where an event has nothing to do with provisioning."""
    is_old_group = event_type.startswith(_OLD_ERROR) and (
        "group" in event_type or "membership" in event_type
    )
    if event_type.startswith(_GROUPS) or is_old_group:
        return Stage.GROUPS
    return Stage.IMPORT if event_type.startswith(_IMPORT) else _TYPES.get(event_type)


def stage_in(text: str) -> Stage | None:
    """Return what Okta was doing by a sentence or by a line of the System Log."""
    for named in _TYPE.findall(text):
        if stage := stage_of_type(named):
            return stage
    return _stage_by_words(REMOTE.split(text, maxsplit=1)[0]) or _stage_by_words(text)


def _stage_by_words(text: str) -> Stage | None:
    plain = words(text)
    places = (
        (find(plain, phrase), stage) for stage, phrases in _PHRASES.items() for phrase in phrases
    )
    at, stage = max(places)
    return stage if at >= 0 else None
