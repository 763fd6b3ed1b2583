"""Each finding that a server can cause can be tried in the sandbox."""

import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.sandbox import FAULTS

# What no server can cause.
EXEMPT = {
    "OKT901": "it is about the org's URL as it was typed",
}

OF_SERVERS = [code for code in CATALOGUE if code.startswith(("SCM", "USR", "NGR", "OKT"))]
CODES = {code for fault in FAULTS.values() for code in fault.codes}


def test_the_catalogue_is_not_empty() -> None:
    assert len(OF_SERVERS) > 50


@pytest.mark.parametrize("code", OF_SERVERS)
def test_finding_has_a_fault_or_a_reason_for_none(code: str) -> None:
    assert (code in CODES) != (code in EXEMPT)


def test_faults_name_findings_that_there_are() -> None:
    assert set(CATALOGUE) >= CODES
    assert set(EXEMPT) <= set(CATALOGUE)
