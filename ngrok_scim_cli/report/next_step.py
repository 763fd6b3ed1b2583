"""The one thing to do next, as every format for people says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Severity, Verdict
from ngrok_scim_cli.form import Field
from ngrok_scim_cli.report import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.finding import Check, Finding, Result

AFTER_SETUP = (
    "Assign the others in Okta, and run `ngrok-scim doctor` now and then. The admin key is not "
    "needed any more: test-connect, users, okta-values and all checks of doctor but those of the "
    "ngrok account work without it. If nothing else uses it, you may revoke it at "
    "https://dashboard.ngrok.com/api-keys - not the SCIM key, which Okta uses."
)
_PRESS_TEST = 'press "Test Connector Configuration"'


def next_step(result: Result) -> str:
    """Return the one thing to do next; empty where there is none."""
    step = _next_step(result)
    if not result.profile:
        return step
    from ngrok_scim_cli.report.commands import on_profile

    return on_profile(step, result.profile)


def _next_step(result: Result) -> str:
    if result.command == "setup":
        return _next_of_setup(result)
    if result.payload and result.payload.next_step:
        return result.payload.next_step
    if result.repair and result.repair.accepts:
        return (
            "In Okta, open Provisioning > Integration > Edit, paste the repaired values, and "
            f"{_PRESS_TEST}."
        )
    again = "then run the same command again."
    error = wording.first_open(result.findings, result.repair)
    untried = result.repair is not None and result.repair.accepts is None
    # What is wrong with another value comes first; what this machine alone does not reach can wait.
    if untried and not (error and wording.where(error)):
        return f"Put the repaired values in place, {again}"
    if error:
        return _next_of_error(error, result.findings, again)
    return result.remaining[0] if result.remaining else _next_without_error(result, again)


def _next_of_error(error: Finding, findings: Sequence[Finding], again: str) -> str:
    """Return what to do about ``error``, in full where its fix may stand far above."""
    troubles = [item for item in findings if item.severity is not Severity.NOTICE]
    if len(troubles) == 1:
        return f'Do what "Fix" says under {error.code}, {again}'
    return f"{_fix_once(error)} {again.capitalize()}"


def _fix_once(finding: Finding) -> str:
    """Return the fix of a finding without the words that tell to run this again."""
    return finding.fix.removesuffix(" Then run the same command again.")


def _next_without_error(result: Result, again: str) -> str:
    if result.verdict is Verdict.INCOMPLETE:
        return _next_without_key(result) or _next_of_unverified(result.checks, again)
    if result.verdict is Verdict.FAIL:
        return "Run `ngrok-scim doctor` to see more."
    if result.okta and result.okta.fits is False:
        return "Compare the values in Okta with these: `ngrok-scim okta-values`."
    if result.command == "test-connect":
        return f'In Okta, {_PRESS_TEST}, then "Save".'
    if result.verdict is Verdict.WARN and result.command.startswith("domain "):
        return result.findings[0].fix
    return _next_of_examination(result)


def _next_without_key(result: Result) -> str:
    """Return what to do where there was no key to examine the chain with; else ``""``."""
    field = next((item for item in result.checks if item.code == Field.AUTHORIZATION), None)
    if field is None or field.status is not CheckStatus.SKIP:
        return ""
    return f'Make a key with `ngrok-scim setup`, or give yours as "{field.name}" says above.'


def _next_of_unverified(checks: Sequence[Check], again: str) -> str:
    """Return what to do where not everything could be verified."""
    missing = next((item for item in checks if not item.conclusive and item.reason), None)
    if missing is None:
        return f"See above what is missing, {again}"
    return f'"{missing.name}" could not be checked: see why above, {again}'


def _next_of_examination(result: Result) -> str:
    checks = {item.code: item for item in result.checks}
    locked_out, provisioned = checks.get("locked-out"), checks.get("provisioned")
    if locked_out and locked_out.findings:
        return f"See {locked_out.codes[0]} above: somebody who should have access has none."
    if result.command != "doctor":
        return ""
    if result.verdict is Verdict.WARN:
        return "Do what the warnings say when it suits you."
    rotation = next((item for item in result.findings if item.code == "NGR716"), None)
    return rotation.fix if rotation else _next_after_a_pass(provisioned)


def _next_after_a_pass(provisioned: Check | None) -> str:
    if provisioned is None:
        return "Run every check: `ngrok-scim doctor`."
    if provisioned.status is CheckStatus.SKIP:
        return "Before you assign the first person, rehearse a user's life: `ngrok-scim rehearse`."
    return "Nothing is left to repair."


def _next_of_setup(result: Result) -> str:
    error = wording.first_open(result.findings, result.repair)
    again = "Then run `ngrok-scim setup` again."
    if error:
        return f"{_fix_once(error)} {again}"
    if not wording.unfinished(result):
        return AFTER_SETUP
    if not result.remaining:
        return "Run `ngrok-scim setup` again."
    first = result.remaining[0]
    return first if "ngrok-scim setup" in first else f"{first} {again}"
