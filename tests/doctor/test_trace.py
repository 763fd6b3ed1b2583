from threading import Event

import pytest

from ngrok_scim_cli.diagnosis.finding import Verdict
from ngrok_scim_cli.diagnosis.okta.records import OktaApp
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.evidence import SharedFuture
from ngrok_scim_cli.doctor.trace import trace_person
from ngrok_scim_cli.errors import CannotTell
from tests.doctor.harness import Harness

ADA = "ada.abara@corp.example"


def test_a_person_is_followed_to_the_end(harness: Harness) -> None:
    assert trace_person(harness.evidence(), ADA).verdict is Verdict.PASS


def test_whom_the_look_up_misses_in_the_list_is_not_called_unknown(harness: Harness) -> None:
    evidence = harness.evidence("lookup-finds-nothing", okta=Unknown("There is no Okta org."))
    result = trace_person(evidence, ADA)
    assert result.verdict is Verdict.FAIL
    assert [item.code for item in result.findings] == ["SCM519"]
    assert "Did you mean" not in result.payload.summary


@pytest.mark.parametrize("typed", [ADA.replace("ada", "adda"), "abara"])
def test_a_name_that_nobody_has_gets_the_nearest_ones(harness: Harness, typed: str) -> None:
    result = trace_person(harness.evidence(), typed)
    assert result.verdict is Verdict.INCOMPLETE
    assert f"Did you mean “{ADA}”" in result.payload.summary


def test_a_peer_that_makes_one_wait_is_given_up(harness: Harness) -> None:
    answers = Event()

    def answer() -> OktaApp:
        answers.wait()
        raise Unknown("Okta did not reply.", ())

    evidence = harness.evidence(values=Unknown("There is no key."))
    evidence.okta_app = SharedFuture(answer)
    with pytest.raises(CannotTell, match="It did not finish within 0 seconds"):
        trace_person(evidence, ADA, timeout_s=0)
    answers.set()
