"""Each finding that a server can cause can be tried in the sandbox."""

import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.sandbox import FAULTS
from tests.support.cases import each_case

# That a rotation is under way stands in the profile alone.
OF_SERVERS = [
    code for code in CATALOGUE if code.startswith(("SCM", "USR", "NGR", "OKT")) and code != "NGR716"
]
CODES = {code for fault in FAULTS.values() for code in fault.codes}


@each_case("code", OF_SERVERS)
def test_finding_has_a_fault(code: str) -> None:
    assert code in CODES


@pytest.mark.parametrize("kind", ["SCM", "USR", "NGR", "OKT"])
def test_every_kind_of_finding_is_meant(kind: str) -> None:
    assert any(code.startswith(kind) for code in OF_SERVERS)


def test_faults_name_findings_that_there_are() -> None:
    assert set(CATALOGUE) >= CODES
