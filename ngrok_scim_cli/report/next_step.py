"""The one thing to do next, for every format that people read, and where its commands run.

Who follows what is printed about one profile would otherwise change another one: paste its key into
Okta, or revoke it. Who follows what is printed about a sandbox would change what is real.
"""

from collections.abc import Sequence
from dataclasses import replace
from re import Match

from ngrok_scim_cli.diagnosis.finding import (
    Check,
    CheckStatus,
    Finding,
    Result,
    Severity,
    Subject,
    Verdict,
)
from ngrok_scim_cli.form import Field
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

DEFAULT_PROFILE = "default"

_ON_A_PROFILE = lazy_pattern(
    r"\bngrok-scim (?:setup|test-connect|doctor|okta-values|rehearse|preview"
    r"|(?P<group>api-key|domain|users) [a-z]+)(?![a-z-])(?!\s+--(?:profile|sandbox)\b)"
)

AFTER_SETUP = (
    "Assign the others in Okta, and run `ngrok-scim doctor` now and then. The admin key is not "
    "needed any more: test-connect, users, okta-values and all checks of doctor but those of the "
    "ngrok account work without it. If nothing else uses it, you may revoke it at "
    "https://dashboard.ngrok.com/api-keys - not the SCIM key, which Okta uses."
)
_AGAIN = "then run the same command again."
_THEN_AGAIN = f" {_AGAIN.capitalize()}"
_WAIT_AND_AGAIN = lazy_pattern("Wait .* again")
_RUN_OR_WAIT = lazy_pattern("(?:Run|Wait) .* again")
# Warnings that keep nobody from ngrok, or that only those who run the server can end.
_CAN_WAIT = (Subject.ENVIRONMENT, Subject.RESPONSE)
_PRESS_TEST = 'press "Test Connector Configuration"'


def next_step(result: Result) -> str:
    """Return the one thing to do next; empty where there is none."""
    step = _of_setup(result) if result.command == "setup" else _next_step(result)
    return in_place(step, result.profile, result.sandbox)


def _of_setup(result: Result) -> str:
    error = wording.first_open(result.findings, result.repair)
    if error:
        fix = error.fix.removesuffix(_THEN_AGAIN)
        return fix if _WAIT_AND_AGAIN.match(fix) else f"{fix} Then run `ngrok-scim setup` again."
    if not result.remaining:
        return "Run `ngrok-scim setup` again." if wording.unfinished(result) else AFTER_SETUP
    first = result.remaining[0]
    names_setup = "ngrok-scim setup" in first
    return first if names_setup else f"{first} Then run `ngrok-scim setup` again."


def _next_step(result: Result) -> str:
    repair = result.repair
    error = wording.first_open(result.findings, repair)
    # In full where the fix may stand far above.
    is_alone = sum(item.severity is not Severity.NOTICE for item in result.findings) == 1
    if result.payload.next_step:
        step = result.payload.next_step
        return _see(error) if is_alone and error and step == error.fix else step
    if repair and repair.accepts:
        return (
            "In Okta, open Provisioning > Integration > Edit, paste the repaired values, and "
            f"{_PRESS_TEST}."
        )
    # What is wrong with another value comes first; what this machine alone does not reach can wait.
    if repair and repair.accepts is None and not (error and wording.where(error)):
        return f"Put the repaired values in place, {_AGAIN}"
    if error:
        return _of_error(error, is_alone=is_alone)
    if result.remaining:
        return result.remaining[0]
    incomplete = result.verdict is Verdict.INCOMPLETE
    return _without_answer(result.checks) if incomplete else _without_error(result)


def _see(error: Finding) -> str:
    return f'Do what "Fix" says under {error.code}.'


def _of_error(error: Finding, *, is_alone: bool) -> str:
    """Return what to do about an error, and the words that tell to run this again, once."""
    fix = error.fix
    says_it = fix.endswith(_THEN_AGAIN) or _RUN_OR_WAIT.match(fix)
    if is_alone:
        return _see(error) if says_it else f"{_see(error)[:-1]}, {_AGAIN}"
    return fix if says_it else fix + _THEN_AGAIN


def _without_answer(checks: Sequence[Check]) -> str:
    """Return what to do where not everything could be verified."""
    key = next((item for item in checks if item.code == Field.AUTHORIZATION), None)
    if key and key.status is CheckStatus.SKIP:
        return f'Make a key with `ngrok-scim setup`, or give yours as "{key.name}" says above.'
    if grant := _grant(checks):
        return f"{grant}{_THEN_AGAIN}"
    unread = [item for item in checks if item.status is CheckStatus.SKIP and item.reason]
    inconclusive = (item for item in checks if not item.conclusive and item.reason)
    missing = next(inconclusive, unread[0] if unread else None)
    if missing is None:
        return f"See above what is missing, {_AGAIN}"
    return f'"{missing.name}" could not be checked: see why above, {_AGAIN}'


def _without_error(result: Result) -> str:
    if result.verdict is Verdict.FAIL:
        return "Run `ngrok-scim doctor` to see more."
    if result.command == "test-connect":
        if result.okta and result.okta.fits is False:
            return "Compare the values in Okta with these: `ngrok-scim okta-values`."
        return f'In Okta, {_PRESS_TEST}, then "Save".'
    warnings = [item for item in result.findings if item.severity is Severity.WARNING]
    if warnings and result.command.startswith("domain "):
        return warnings[0].fix
    if warnings and result.command in wording.CHECKLISTS:
        first = next((item for item in warnings if item.subject not in _CAN_WAIT), warnings[0])
        return f"Do what {first.code} says above, {_AGAIN}"
    return _after_doctor(result) if result.command in ("doctor", "users audit") else ""


def _grant(checks: Sequence[Check]) -> str:
    """Return how to grant the first right for whose want a check could not be made."""
    return next((check.grant for check in checks if check.grant), "")


def _after_doctor(result: Result) -> str:
    rotation = next((item for item in result.findings if item.code == "NGR716"), None)
    if rotation:
        return rotation.fix
    if grant := _grant(result.checks):
        return f"{grant}{_THEN_AGAIN}"
    provisioned = next((item for item in result.checks if item.code == "provisioned"), None)
    if provisioned is None:
        return "Run every check: `ngrok-scim doctor`."
    if provisioned.status is CheckStatus.SKIP:
        return "Before you assign the first person, rehearse a user's life: `ngrok-scim rehearse`."
    return ""


def in_place(text: str, profile: str, sandbox: Sequence[str] | None = None) -> str:
    """Return ``text`` with the profile and the sandbox of the run in each command that takes them.

    ``sandbox`` has the faults of the sandbox; ``None``: the run was in none. ``api-key`` and
    ``domain`` take no sandbox.
    """
    named = "" if profile in ("", DEFAULT_PROFILE) else f" --profile {profile}"
    if not named and sandbox is None:
        return text
    faults = "".join(f" --fault {name}" for name in sandbox or ())

    def completed(found: Match[str]) -> str:
        if sandbox is None or found["group"] in ("api-key", "domain"):
            return found[0] + named
        more = "" if found[0].endswith("okta-values") else faults
        return f"{found[0]} --sandbox{more}{named}"

    return _ON_A_PROFILE.sub(completed, text)


def result_in_place(result: Result) -> Result:
    """Return ``result`` with the profile and the sandbox of its run in the commands in it."""
    if result.profiles:
        return replace(result, profiles=tuple(map(result_in_place, result.profiles)))
    if result.profile in ("", DEFAULT_PROFILE) and result.sandbox is None:
        return result

    def named(text: str) -> str:
        return in_place(text, result.profile, result.sandbox)

    return replace(
        result,
        findings=tuple(
            replace(item, cause=named(item.cause), fix=named(item.fix)) for item in result.findings
        ),
        checks=tuple(replace(item, reason=named(item.reason)) for item in result.checks),
        steps=tuple(replace(item, detail=named(item.detail)) for item in result.steps),
        remaining=tuple(map(named, result.remaining)),
    )
