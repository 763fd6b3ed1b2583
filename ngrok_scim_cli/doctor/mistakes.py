"""Mistakes in the values for Okta with which nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Severity, Subject

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.probe.connector_test import ConnectorTest

# On these alone it depends what a server answers.
_SUBJECTS = (Subject.BASE_URL, Subject.AUTHORIZATION)


def mistakes_in(form: Form, connector: ConnectorTest) -> tuple[Finding, ...]:
    """Return what is wrong for certain with the base URL and the key, as typed.

    Args:
        connector: examines them; it makes no test here.
    """
    return tuple(
        item
        for item in connector.examine(form)
        if item.severity is Severity.ERROR and item.subject in _SUBJECTS
    )
