from datetime import UTC, datetime

import pytest

from ngrok_scim_cli.diagnosis.values.key import (
    id_of_key,
    made_at,
    name_of_key,
    pieces_in,
    read_key,
    same_key,
    secret_pieces,
)
from tests.support.cases import each_case

ID = "32ELEgPmoXjxGJ3MXfoPBbZKrfD"
KEY = f"{ID}_6abcdefghijklmnopqrst"
MADE = datetime(2025, 9, 4, 10, 11, 14, tzinfo=UTC)


@each_case(
    "typed",
    [KEY, f" {KEY}\n", f"Bearer {KEY}", f'"{KEY}"', f"\ufeff{KEY}", f"NGROK_API_KEY={KEY}"],
)
def test_a_key_gives_its_id_and_its_age(typed: str) -> None:
    assert id_of_key(typed) == f"ak_{ID}"
    assert made_at(id_of_key(typed)) == MADE


@each_case("typed", ["", "short", ID, f"{ID}_", f"ak_{ID}", f"{'z' * 27}_{'a' * 21}"])
def test_a_text_that_is_no_key_gives_no_id(typed: str) -> None:
    assert id_of_key(typed) == ""


def test_the_time_of_a_ksuid_ends_where_it_cannot_be() -> None:
    assert made_at("ak_" + "0" * 27) == datetime.fromtimestamp(1_400_000_000, UTC)
    assert made_at("ak_a" + "0" * 26) is None
    assert made_at("ak_" + "z" * 27) is None
    assert made_at("") is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (KEY, f"ak_{ID}, made 2025-09-04"),
        ("abcdefghijkl", "a key of 12 characters"),
        ("x", "a key of 1 character"),
        ("", "an empty key"),
    ],
)
def test_output_names_a_key_without_its_secret(typed: str, name: str) -> None:
    assert name_of_key(typed) == name


def test_keys_are_the_same_but_for_what_stands_around_them() -> None:
    assert same_key(KEY, f"Bearer {KEY}\n")
    assert not same_key(KEY, KEY[:-1])
    assert not same_key("", " ")


@each_case(
    ("text", "key", "holds"),
    [
        (f"seen: {KEY}", KEY, True),
        (f"seen: {KEY[30:38]}", KEY, True),
        (f"seen: {KEY[30:37]}", KEY, False),
        ("a·b⏎c⟨U+200B⟩d e f g h", "abcdefgh", True),
        ("ABCDEFGH", "abcdefgh", True),
        ("It ends with a space.", KEY, False),
        ("https://api.ngrok.com/scim/v2/", "https://api.ngrok.com/scim/v2/", False),
        ("short", "short", False),
    ],
)
def test_a_piece_of_the_key_is_recognised(text: str, key: str, holds: bool) -> None:
    assert bool(secret_pieces(read_key(key)) & pieces_in(text)) is holds


@each_case("typed", ["token", "api-key", "tokenizer", "https://h/p", "a=b", "Bearers", "32EL..."])
def test_text_that_only_resembles_a_prefix_is_kept(typed: str) -> None:
    assert read_key(typed).value == typed


def test_no_text_of_a_pasted_key_holds_it() -> None:
    assert KEY[:8] not in repr(read_key(KEY))
    assert KEY[-8:] not in str(read_key(KEY))
