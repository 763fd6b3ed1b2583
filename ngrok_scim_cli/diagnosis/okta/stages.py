"""What Okta was doing when something failed: by the type of an event, or by the words of a text."""

import re
from enum import StrEnum
from functools import cache

from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
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


WRITES = frozenset({Stage.ACCOUNT, Stage.PROFILE, Stage.REACTIVATION, Stage.DEACTIVATION})
"""Steps that write one person, whom Okta has looked up before."""


# What the name of an event type has in it, also of the old types, which an event has besides
# (https://developer.okta.com/docs/reference/api/event-types/). The first that fits is taken.
_BY_NAME = {
    Stage.GROUPS: "group membership",
    Stage.PASSWORD: "password",
    Stage.LOOK_UP: "verif check",
    Stage.REACTIVATION: "reactivat inactive",
    Stage.DEACTIVATION: "deactivat deprovision delete remove",
    Stage.IMPORT: "import_ importing download from_master",
    Stage.PROFILE: "profile",
    Stage.ACCOUNT: "push sync activat create provision_user",
}
_CALLS = (
    *("application.provision.integration.call_api", "application.integration.general_failure"),
    *("application.integration.api_query", "application.integration.rate_limit_exceeded"),
)
_FAMILIES = (
    *("application.provision.user.", "application.provision.group"),
    *("app.user_management.", "app.api.error."),
)
_TYPE = lazy_pattern(r"\b(?:application|app|system)(?:\.[a-z_]+){2,9}\b")
# A request in the log of a server or of a proxy.
_REQUEST = lazy_pattern(
    r"\b(GET|POST|PUT|PATCH|DELETE) (?:https?://)?[^\s\"?]{0,200}/(Users|Groups)\b([^\s\"]{0,300})"
)
_METHODS = {
    "POST": Stage.ACCOUNT,
    "PUT": Stage.PROFILE,
    "PATCH": Stage.PROFILE,
    "DELETE": Stage.DEACTIVATION,
}
# What follows it is what the server said, and not what Okta was doing.
_REMOTE = lazy_pattern(r"errors reported by (?:the )?(?:remote server|connector)", re.IGNORECASE)

# By words. Of several, the last one in the text counts: the outer sentence comes first.
_PHRASES = {
    Stage.LOOK_UP: "verifying if user, verify user exists, verify if user",
    Stage.ACCOUNT: """provisioning of user, while creating user, provisioning failed, push new user,
    pushing new, synchronize user with app, application assignment, application assignments,
    assignment encountered, provision to app, sync user in external application, error occurred
    while assigning""",
    Stage.PROFILE: """profile push of, profile update, push profile, push user s profile, pushing
    user s profile""",
    Stage.REACTIVATION: "while reactivating, while activating, push user reactivation",
    Stage.DEACTIVATION: """deactivating, user deactivation, deactivation of user, automatic
    deactivation, deprovisioning of, deprovision user, while deprovisioning, deactivate user, need
    deprovisioning, needs deprovisioning, automatic deprovisioning, manually deprovisioned, manually
    disable user accounts, manually removed, manually deactivated, deprovisioning failed,
    deactivation failed""",
    Stage.PASSWORD: """password push, pushing password, push password, password update, push user s
    password""",
    Stage.IMPORT: """import users, user import, import of users, while importing, users import,
    import failed, failed to import, error importing, importing users, downloading all users,
    downloading users, download users, apply import, import user profile, user profile import,
    importing profile, import job, import safeguard, import from ngrok, import from app, this choice
    creates a conflict""",
    Stage.GROUPS: """group push, push group, pushing group, push groups, linked group, resource
    group, creating group, updating group, deleting group, group memberships, group membership, user
    group, app group, group name is, s to group, s from group, users for group, all groups, get the
    group, individual group, group was found, group … was not found, scim group, members to team,
    members to group, target systems group""",
    Stage.CALL: "error authenticating, connector configuration could not be tested",
}

# What somebody could not do to a person, in the words of servers and of other clients: a word of
# failure and one for a person are within a few words of a verb.
_FAILED = frozenset({"not", "t", "failed", "failure", "unable", "cannot", "error"})
_PEOPLE = frozenset(
    {"user", "users", "account", "accounts", "member", "members", "person", "people", "employee"}
    | {"admin", "admins", "owner", "owners", "yourself"}
)
_NEAR = 4
_VERBS = {
    verb: stage
    for stage, verbs in {
        Stage.ACCOUNT: "create creating created provision provisioning provisioned add adding "
        "added synchronize synchronizing synchronized sync syncing synced",
        Stage.PROFILE: "update updating updated modify modifying modified",
        Stage.REACTIVATION: "activate activating activated reactivate reactivating reactivated",
        Stage.DEACTIVATION: "deactivate deactivating deactivated deprovision deprovisioning "
        "deprovisioned suspend suspending suspended",
        Stage.IMPORT: "import importing imported download downloading downloaded",
    }.items()
    for verb in verbs.split()
}
# All words of the two tables.
STAGE_WORDS = (*_PHRASES.values(), *_VERBS)


@cache
def stage_of_type(event_type: str) -> Stage | None:
    """Return what Okta was doing; ``None`` where an event has nothing to do with provisioning."""
    if event_type in _CALLS:
        return Stage.CALL
    if event_type == "application.provision.user.import":  # misnamed: Okta deactivates by it
        return Stage.DEACTIVATION
    if event_type.startswith("system.import."):
        return Stage.IMPORT
    if not event_type.startswith(_FAMILIES):
        return None
    stages = (
        stage
        for stage, parts in _BY_NAME.items()
        if any(part in event_type for part in parts.split())
    )
    return next(stages, None)


def stage_in(text: str) -> Stage | None:
    """Return what Okta was doing by a sentence or by a line of the System Log."""
    named = _TYPE.findall(text) if "app" in text or "system." in text else ()
    if by_type := next(filter(None, map(stage_of_type, named)), None):
        return by_type
    if ("/Users" in text or "/Groups" in text) and (request := _REQUEST.search(text)):
        method, kind, rest = request.groups()
        if kind == "Groups":
            return Stage.GROUPS
        looked_up = Stage.LOOK_UP if "filter=" in rest else Stage.CALL
        return _METHODS.get(method, Stage.PROFILE if rest.startswith("/") else looked_up)
    before = text.removesuffix(behind_remote(text))
    return _stage_by_phrase(before) or _stage_by_phrase(text)


def claimed_stage(text: str) -> Stage | None:
    """Return what somebody says that they could not do to a person, in words of their own."""
    listed = words(text).split()
    for at, word in enumerate(listed):
        if stage := _VERBS.get(word):
            before, behind = listed[max(0, at - _NEAR) : at], listed[at + 1 : at + _NEAR]
            if not _FAILED.isdisjoint(before) and not _PEOPLE.isdisjoint((*before, *behind)):
                return stage
    return None


def behind_remote(text: str) -> str:
    """Return what the server said, as Okta passes it on; empty where Okta does not."""
    if "errors reported by" not in text.lower():
        return ""
    found = _REMOTE.search(text)
    return text[found.end() :] if found else ""


def _stage_by_phrase(text: str) -> Stage | None:
    plain = words(text)
    places = (
        (find(plain, phrase), stage)
        for stage, phrases in _PHRASES.items()
        for phrase in phrases.split(",")
    )
    at, stage = max(places)
    return stage if at >= 0 else None
