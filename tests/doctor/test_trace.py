from threading import Event

import pytest

from ngrok_scim_cli.diagnosis.finding import Verdict
from ngrok_scim_cli.diagnosis.okta.records import OktaApp
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.shared_future import SharedFuture
from ngrok_scim_cli.doctor.trace import trace_person
from ngrok_scim_cli.errors import CannotTell
from tests.doctor.scene import Scene

ADA = "ada.abara@corp.example"


def test_a_person_is_followed_to_the_end(scene: Scene) -> None:
    assert trace_person(scene.evidence(), ADA).verdict is Verdict.PASS


def test_a_peer_that_makes_one_wait_is_given_up(scene: Scene) -> None:
    answers = Event()

    def answer() -> OktaApp:
        answers.wait()
        raise Unknown("Okta did not reply.", ())

    evidence = scene.evidence(values=Unknown("There is no key."))
    evidence.okta_app = SharedFuture(answer)
    with pytest.raises(CannotTell, match="It did not finish within 0 seconds"):
        trace_person(evidence, ADA, timeout_s=0)
    answers.set()
