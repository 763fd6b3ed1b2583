import pytest

from ngrok_scim_cli.diagnosis.values.pasted_key import read_key

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_6abcdefghijklmnopqrst"


@pytest.mark.parametrize(
    "typed", ["token", "api-key", "tokenizer", "https://h/p", "a=b", "Bearers", "32EL..."]
)
def test_what_only_resembles_a_prefix_stays(typed: str) -> None:
    assert read_key(typed).letters == typed


def test_no_text_of_a_pasted_key_holds_it() -> None:
    assert KEY[:8] not in repr(read_key(KEY))
    assert KEY[-8:] not in str(read_key(KEY))
