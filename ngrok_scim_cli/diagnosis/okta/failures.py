"""Why Okta could not provision somebody, in Okta's words, and the one thing to do about it."""

import re
from enum import StrEnum

from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.ngrok.error_codes import FAULT_OF_OURS, NGROK_ERRORS, NgrokError
from ngrok_scim_cli.diagnosis.okta.records import LogEvent

NO_REASON = "no reason given"

# Okta cuts a reason at 255 characters; of a longer one, the rest is not looked at.
_LONGEST = 1000
_LEFT_OUT = "…"
# A shorter user name stands in many a word that is no name.
_SHORTEST_NAME = 3


class Stage(StrEnum):
    """What Okta was doing, in the words of a sentence."""

    ACCOUNT = "creating or linking the account"
    PROFILE = "updating the profile"
    DEACTIVATION = "deactivating the account"
    GROUPS = "pushing a group"
    CALL = "calling ngrok"


# By event type (https://developer.okta.com/docs/reference/api/event-types/); "import" is misnamed:
# there it stands for "Deactivate user from external application".
_USER = "application.provision.user."
_STAGES = {
    **{
        f"{_USER}{name}": Stage.ACCOUNT
        for name in ("verify_exists", "push", "sync", "activate", "reactivate")
    },
    **{
        f"{_USER}{name}": Stage.PROFILE
        for name in ("push_profile", "import_profile", "password", "push_password")
    },
    **{
        f"{_USER}{name}": Stage.DEACTIVATION
        for name in ("deactivate", "deprovision", "delete", "import", "remove_entitlements")
    },
    "app.user_management.push_new_user_success": Stage.ACCOUNT,
    "application.provision.integration.call_api": Stage.CALL,
    "application.integration.general_failure": Stage.CALL,
    "application.integration.api_query": Stage.CALL,
    "application.integration.rate_limit_exceeded": Stage.CALL,
}
_GROUPS = ("application.provision.group_push.", "application.provision.group.")

_RETRY = 'press "Retry Selected" under Dashboard > Tasks'
_TASKS = 'In Okta, open Dashboard > Tasks, choose the failed ones and press "Retry Selected".'
_NEW_KEY = (
    "In Okta, open Provisioning > Integration > Edit, paste the current key into "
    f'"Authorization" and save; then {_RETRY}.'
)
_NEW_KEY_TO_DEACTIVATE = (
    'In Okta, paste the current key into "Authorization" under Provisioning > Integration > Edit '
    "and save; then assign the person to the app once more and unassign them."
)
_PROVISION_USER = 'In Okta, open the Assignments of the app and press "Provision User".'
_TICK_CREATE = (
    'In Okta, tick "Create Users" under Provisioning > To App and save; then unassign the person '
    "under Assignments and assign them again."
)
_ASSIGN_AGAIN = (
    "In Okta, unassign the person under Assignments and assign them again: a retry would only "
    "repeat the failure."
)
_ALIGN = (
    "In Okta, make the e-mail address of the person the same as in ngrok (Directory > People); "
    f"then {_RETRY}."
)
_DEACTIVATE_AGAIN = (
    "In Okta, assign the person to the app once more and unassign them: Okta does not repeat a "
    "deactivation, and has no button for it."
)
_ADDRESSES = (
    "Open https://dashboard.ngrok.com/ip-restrictions and allow Okta's addresses; then, in Okta, "
    f"{_RETRY}."
)
_LATER = f"Wait an hour: Okta tries again by itself. For those that are left, {_RETRY}."
_MAPPING = (
    'In Okta, open Provisioning > To App > "Go to Profile Editor" and correct or delete the '
    "attribute that the reason names; then unassign the person and assign them again."
)
_CHECK = f"Run `ngrok-scim test-connect` and mend what it finds; then, in Okta, {_RETRY}."
_NO_GROUPS = (
    'In Okta, open the tab "Push Groups" of the app and remove the groups there: ngrok has none.'
)

_ABOUT_THE_KEY = (
    r"unauthori[sz]ed|\b401\b|credential|authentication you specified|authentication failed"
    r"|invalid (?:api |scim )?(?:token|key)"
)
_OUT_OF_ORDER = (
    r"bad gateway|internal server error|service unavailable|gateway time|timed? ?out|connection "
    r"|\b50\d\b"
)
# By words of the reason, in small letters; the first row that fits decides. The words are Okta's
# own and those of HTTP, which are English in every org.
_FIXES = tuple(
    (re.compile(words), fix)
    for words, fix in (
        (r"before provisioning was enabled|click provision user", _PROVISION_USER),
        (r"matching user not found", _TICK_CREATE),
        (_ABOUT_THE_KEY, _NEW_KEY),
        (r"too many requests|rate.?limit|\b429\b", _LATER),
        (r"forbidden|\b403\b", _ADDRESSES),
        (r"conflict|already exists|already in use|uniqueness|duplicate|\b409\b", _ALIGN),
        (r"not found|\b404\b", _ASSIGN_AGAIN),
        (_OUT_OF_ORDER, _TASKS),
        (r"bad request|\b400\b|violates|is required|unsupported|invalid value", _MAPPING),
    )
)
_NGROK_CODE = re.compile(r"(?:ERR_NGROK|NGROK_ERR)_(\d{1,6})\b", re.IGNORECASE)

# Names of people in Okta's own sentences.
_SENTENCES = re.compile(
    r"(\b(?:verifying if user|while creating user|profile update for|provisioning of user"
    r"|profile push of|deactivation of user)) [^:]{1,200}?( exists\b| to app\b|:|$)",
    re.IGNORECASE,
)
# What else differs from one failure to the next. Each begins where a word does, so that a long
# text is read once.
_LETTER = r"""[^\s@"'“”<>(),;:]"""
_VARIABLE = re.compile(
    rf"(?<!{_LETTER}){_LETTER}{{1,200}}@{_LETTER}{{1,200}}\.[A-Za-z]{_LETTER}{{0,60}}"  # e-mail
    r"""
    | @[0-9a-f]{4,16}\b                                     # a Java object: StringReader@4c76ba04
    | \b(?:line|column):\ ?\d+                              # where a parser stopped
    | \b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b       # UUID
    | \b(?!ERR_NGROK_|NGROK_ERR_)(?=[A-Za-z_]*\d)[0-9A-Za-z_]{12,200}\b  # an id: 00u…, ak_…, op_…
    | \b\d{4}-\d\d-\d\d(?:T[0-9:.]{5,20}Z?)?                # a date, or a time
    | \b\d\d:\d\d:\d\d\b                                    # a time of day
    | \b\d{4,20}\b                                          # a number that is no HTTP status
    """,
    re.VERBOSE,
)


def stage_of(event: LogEvent) -> Stage | None:
    """Return what Okta was doing; ``None`` where an event has nothing to do with provisioning."""
    if event.event_type.startswith(_GROUPS):
        return Stage.GROUPS
    return _STAGES.get(event.event_type)


def reason_of(event: LogEvent) -> str:
    """Return the reason of a failure without what differs from person to person.

    Names, e-mail addresses, ids, memory addresses, times and places in a parsed text are left out,
    so that failures of the same kind have the same reason.

    Returns:
        One line that is safe to show; ``no reason given`` where Okta gave none.
    """
    reason = event.reason[:_LONGEST]
    name = event.user_name.strip()[:_LONGEST]
    if len(name) >= _SHORTEST_NAME:
        whole_name = rf"(?<!\w){re.escape(name)}(?!\w)"
        reason = re.sub(whole_name, _LEFT_OUT, reason, flags=re.IGNORECASE)
    reason = _SENTENCES.sub(rf"\1 {_LEFT_OUT}\2", reason)
    reason = excerpt(_VARIABLE.sub(_LEFT_OUT, reason), _LONGEST).rstrip(".")
    return NO_REASON if reason.casefold() in ("", "null") else reason


def fix_of(event: LogEvent) -> str:
    """Return the one thing to do about a failure.

    Where ngrok names its own error (``ERR_NGROK_…``), that decides; then what Okta was doing; then
    the words of the reason. What tells nothing is tried again, which does no harm.
    """
    reason = event.reason[:_LONGEST]
    code = _NGROK_CODE.search(reason)
    known = NGROK_ERRORS.get(int(code[1])) if code else None
    by_words = next((fix for words, fix in _FIXES if words.search(reason.lower())), _TASKS)
    fix = _fix_of_ngrok(known) or by_words
    stage = stage_of(event)
    if stage is Stage.GROUPS:
        return _NO_GROUPS
    if stage is Stage.DEACTIVATION and not _fix_of_ngrok(known):
        return _NEW_KEY_TO_DEACTIVATE if fix is _NEW_KEY else _DEACTIVATE_AGAIN
    if fix is _ASSIGN_AGAIN and stage is not Stage.PROFILE:
        return _CHECK
    return _LATER if event.event_type.endswith("rate_limit_exceeded") else fix


def _fix_of_ngrok(known: NgrokError | None) -> str:
    """Return the fix that belongs to ngrok's own error, in the words of somebody in Okta."""
    if known is None or known.fix == FAULT_OF_OURS:
        return ""
    if known.finding.startswith("KEY"):
        return _NEW_KEY
    return _LATER if known.finding == "NGR709" else known.fix
