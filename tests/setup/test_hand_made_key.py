from dataclasses import dataclass, field

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.hand_made_key import key_is_there, provide_or_paste_key
from tests.support.shop import SCIM, Place, Somebody


@dataclass
class Pasting(Somebody):
    pasted: list[str] = field(default_factory=list)

    def ask_secret(self, question: str) -> str:
        self.asked.append(question)
        return self.pasted.pop(0)


def test_a_pasted_key_is_stored_and_a_wrong_one_asked_again(place: Place) -> None:
    made = place.add_key()
    person = Pasting(pasted=["", ""])
    shop = place.shop(person=person, with_api=False)
    assert provide_or_paste_key(shop).status is StepStatus.TODO
    assert not key_is_there(shop)
    person.pasted = ["2aBcDeFgHiJkLmNoPqRsTuVwXyZ_wrong", made.token]
    assert provide_or_paste_key(shop).status is StepStatus.DONE
    assert place.secrets.get(SCIM) == made.token
    assert any(text.endswith(texts.PASTE_AGAIN) for text in person.told)
    assert key_is_there(shop)


def test_without_a_person_nothing_is_pasted(place: Place) -> None:
    assert provide_or_paste_key(place.shop(with_api=False)).status is StepStatus.TODO
