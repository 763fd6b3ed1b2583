"""Findings about this machine, as the settings noticed them while they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.errors import NgrokScimError
    from ngrok_scim_cli.settings.sources import Facts


def judge_facts(facts: Facts) -> tuple[Finding, ...]:
    """Return what the settings noticed, as findings."""
    found = [
        finding("ENV005", f"Other users can read or change {path}.")
        for path in facts.readable_by_others
    ]
    if facts.authtoken_only:
        found.append(finding("ENV006", "NGROK_AUTHTOKEN is set, and no API key."))
    found += [
        finding("ENV007", f"{origin} has whitespace at its start or end. It is used without it.")
        for origin in facts.trimmed
    ]
    return tuple(found)


def judge_error(error: NgrokScimError) -> tuple[Finding, ...]:
    """Return the finding that belongs to an error of ours, if one does."""
    return (finding(error.code, error.message),) if error.code else ()
