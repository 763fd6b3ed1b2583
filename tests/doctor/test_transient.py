import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, finding
from ngrok_scim_cli.doctor.transient import OF_A_NEW_KEY, TRANSIENT, transient_codes

SEEN = "seen"


def test_every_code_is_in_the_catalogue_and_says_why_it_passes() -> None:
    assert {*TRANSIENT, *OF_A_NEW_KEY} <= CATALOGUE.keys()
    assert all((*TRANSIENT.values(), *OF_A_NEW_KEY.values()))
    assert not TRANSIENT.keys() & OF_A_NEW_KEY.keys()


@pytest.mark.parametrize("new_key", [True, False])
def test_a_rate_limit_passes_and_a_mistake_does_not(new_key: bool) -> None:
    found = [finding("SCM505", SEEN), finding("KEY202", SEEN), finding("SCM505", SEEN)]
    assert transient_codes(found, new_key=new_key) == ("SCM505",)


@pytest.mark.parametrize(("new_key", "codes"), [(True, ("KEY214", "NGR701")), (False, ())])
def test_a_refused_key_passes_only_where_it_is_new(new_key: bool, codes: tuple[str, ...]) -> None:
    found = [finding("KEY214", SEEN), finding("NGR701", SEEN)]
    assert transient_codes(found, new_key=new_key) == codes
