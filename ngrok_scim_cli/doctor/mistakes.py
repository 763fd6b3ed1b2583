"""Mistakes in the values for Okta with which nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Severity, Subject

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.values.validate import Values

# On these alone it depends what a server answers.
_SUBJECTS = (Subject.BASE_URL, Subject.AUTHORIZATION)


def mistakes_in(values: Values) -> tuple[Finding, ...]:
    """Return what is wrong for certain with the base URL and the key, as typed."""
    return tuple(
        item
        for item in values.findings
        if item.severity is Severity.ERROR and item.subject in _SUBJECTS
    )
