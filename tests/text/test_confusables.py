from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.text.confusables import (
    CONFUSABLES,
    fold,
    fold_in_place,
    imitated_by,
    imitation,
    skeleton,
)
from tests.support.cases import each_case


def test_the_table_is_wide_enough() -> None:
    assert len(CONFUSABLES) > 300
    assert all(len(imitated) == 1 and imitated.isascii() for imitated in CONFUSABLES.values())
    assert not [letter for letter in CONFUSABLES if letter.isascii()]


@each_case(
    ("character", "imitated"),
    [
        ("\u0430", "a"),
        ("\u03bf", "o"),
        ("\u0581", "g"),
        ("\u0415", "E"),
        ("\uff41", "a"),
        ("\U0001d41a", "a"),
        ("\u2024", "."),
        ("\uff61", "."),
        ("\u2215", "/"),
        ("\uff1a", ":"),
        ("\u2013", "-"),
        ("\uff3f", "_"),
        ("\u0663", "3"),
        ("\u0966", "0"),
        ("\ufb01", "fi"),
        ("a", None),
        ("é", None),
        ("中", None),
        ("\U0001f511", None),
    ],
)
def test_a_look_alike_is_known_by_what_it_imitates(character: str, imitated: str | None) -> None:
    assert imitated_by(character) == imitated


def test_the_imitated_character_is_reported() -> None:
    assert imitation("\u0430") == ", which looks like “a”"
    assert imitation("中") == ""


def test_folding_replaces_look_alikes() -> None:
    assert fold("\u0430pi.ngr\u043ek.com") == "api.ngrok.com"
    assert fold("\ufb01x") == "fix"
    assert fold_in_place("\ufb01\u0430") == "\ufb01a"
    assert skeleton("ngr\u00f6k") == "ngrok"


@given(st.text(st.characters(codec=None)))
def test_folding_in_place_keeps_every_offset(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)
