from dataclasses import dataclass, field, replace

import pytest

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.api_key import has_key, provide_or_paste_key
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from tests.support.setup_context import SCIM, FakePerson, SetupHarness


@dataclass
class Pasting(FakePerson):
    pasted: list[str] = field(default_factory=list)

    def ask_secret(self, question: str) -> str:
        self.asked.append(question)
        return self.pasted.pop(0)


def test_a_pasted_key_is_stored_and_a_wrong_one_asked_again(harness: SetupHarness) -> None:
    made = harness.add_key()
    person = Pasting(pasted=["", ""])
    context = harness.context(person=person, with_api=False)
    assert provide_or_paste_key(context).status is StepStatus.TODO
    assert not has_key(context)
    person.pasted = ["2aBcDeFgHiJkLmNoPqRsTuVwXyZ_wrong", made.token]
    assert provide_or_paste_key(context).status is StepStatus.DONE
    assert harness.secrets.get(SCIM) == made.token
    assert any(text.endswith(texts.PASTE_AGAIN) for text in person.output)
    assert has_key(context)


@pytest.mark.parametrize("fault", ["admin-key-revoked", "not-an-admin"])
def test_an_admin_key_that_was_typed_and_is_refused_is_asked_for_again(
    harness: SetupHarness, fault: str
) -> None:
    person = FakePerson()
    asked = []

    def open_api() -> NgrokApi:
        asked.append(True)
        harness.sandbox.set_faults([fault] if len(asked) == 1 else [])
        return harness.api

    context = replace(
        harness.context(person=person), open_api=open_api, types_admin_key=lambda: True
    )
    assert provide_or_paste_key(context).status is StepStatus.DONE
    assert len(asked) == 2
    assert len(harness.alive()) == 1
    assert any("was answered with" in text for text in person.output)


@pytest.mark.parametrize(
    ("fault", "typed"), [("admin-key-revoked", False), ("api-server-error", True)]
)
def test_what_another_admin_key_would_not_repair_fails_the_step(
    harness: SetupHarness, fault: str, typed: bool
) -> None:
    harness.sandbox.set_faults([fault])
    context = replace(harness.context(person=FakePerson()), types_admin_key=lambda: typed)
    with pytest.raises(StepFailed):
        provide_or_paste_key(context)


def test_without_a_person_nothing_is_pasted(harness: SetupHarness) -> None:
    assert provide_or_paste_key(harness.context(with_api=False)).status is StepStatus.TODO
