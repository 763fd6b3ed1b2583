"""The commands that a text names, with the profile that they are to work on.

Who follows what is printed about one profile would otherwise change another one: paste its key into
Okta, or revoke it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Result

DEFAULT_PROFILE = "default"

_ON_A_PROFILE = re.compile(
    r"\bngrok-scim (?:setup|test-connect|doctor|okta-values|rehearse|preview"
    r"|(?:api-key|domain|users) [a-z]+)(?![a-z-])(?!\s+--profile\b)"
)


def on_profile(text: str, profile: str) -> str:
    """Return ``text``, in which each command that works on a profile names this one."""
    if profile in ("", DEFAULT_PROFILE):
        return text
    return _ON_A_PROFILE.sub(lambda found: f"{found[0]} --profile {profile}", text)


def result_on_profile(result: Result) -> Result:
    """Return ``result``, in whose texts each command names the profile of the run."""
    if result.profiles:
        return replace(result, profiles=tuple(map(result_on_profile, result.profiles)))
    if result.profile in ("", DEFAULT_PROFILE):
        return result

    def named(text: str) -> str:
        return on_profile(text, result.profile)

    return replace(
        result,
        findings=tuple(replace(item, fix=named(item.fix)) for item in result.findings),
        checks=tuple(replace(item, reason=named(item.reason)) for item in result.checks),
        steps=tuple(replace(item, detail=named(item.detail)) for item in result.steps),
        remaining=tuple(map(named, result.remaining)),
    )
