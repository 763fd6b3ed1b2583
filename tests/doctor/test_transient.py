import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, finding
from ngrok_scim_cli.doctor.run import OF_A_NEW_KEY, TRANSIENT, is_transient


def test_every_code_is_in_the_catalogue() -> None:
    assert CATALOGUE.keys() >= TRANSIENT | OF_A_NEW_KEY
    assert not TRANSIENT & OF_A_NEW_KEY


@pytest.mark.parametrize(
    ("codes", "new_key", "passes"),
    [
        (["KEY202", "SCM505"], False, True),
        (["KEY202"], True, False),
        (["KEY214"], True, True),
        (["NGR701"], True, True),
        (["KEY214", "NGR701"], False, False),
    ],
)
def test_a_rate_limit_passes_and_a_refused_key_only_where_it_is_new(
    codes: list[str], new_key: bool, passes: bool
) -> None:
    found = [finding(code, "seen") for code in codes]
    assert is_transient(found, new_key=new_key) is passes
