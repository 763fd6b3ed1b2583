import re

from ngrok_scim_cli.sandbox.account import ksuid, new_token


def test_ksuid_is_the_one_that_ngrok_documents() -> None:
    # The id of an API key in ngrok's own example, whose created_at is 2025-09-04T10:11:14Z.
    documented = "32ELEgPmoXjxGJ3MXfoPBbZKrfD"
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number = 0
    for letter in documented:
        number = number * 62 + alphabet.index(letter)
    payload = number.to_bytes(20, "big")[4:]

    assert ksuid(1756980674, payload) == documented


def test_ksuids_of_one_second_differ() -> None:
    assert len({ksuid(1756980674) for _ in range(50)}) == 50


def test_key_has_the_shape_of_an_ngrok_key() -> None:
    for _ in range(50):
        token = new_token(ksuid(1756980674))
        assert re.fullmatch(r"[0-9A-Za-z]{27}_[0-9][0-9A-Za-z]{20}", token)
