import pytest

from ngrok_scim_cli.diagnosis.values.pasted_key import read_key

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_6abcdefghijklmnopqrst"


@pytest.mark.parametrize(
    "typed",
    [
        KEY,
        f" \n{KEY}\u00a0",
        f"Bearer {KEY}",
        f"bearer:{KEY}",
        f"BEARER\u00a0{KEY}",
        f"Bearer{KEY}",
        f"\u0412earer {KEY}",
        f"Bearer Bearer {KEY}",
        f"Authorization: Bearer {KEY}",
        f'Authorization="{KEY}"',
        f'"Bearer <{KEY}>",',
        f"Token {KEY}",
        f"x-api-key: {KEY}",
        f"export NGROK_API_KEY='{KEY}'",
        f'$env:NGROK_API_KEY = "{KEY}"',
        f"api_key: {KEY}",
        f'{{"token": "{KEY}"}}',
        f"{KEY}\\n",
    ],
)
def test_the_key_is_found_in_what_stands_around_it(typed: str) -> None:
    assert read_key(typed).letters == KEY


@pytest.mark.parametrize(
    "typed", ["token", "api-key", "tokenizer", "https://h/p", "a=b", "Bearers", "32EL..."]
)
def test_what_only_resembles_a_prefix_stays(typed: str) -> None:
    assert read_key(typed).letters == typed


def test_no_text_of_a_pasted_key_holds_it() -> None:
    assert KEY[:8] not in repr(read_key(KEY))
    assert KEY[-8:] not in str(read_key(KEY))
