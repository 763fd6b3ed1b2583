import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.people.traced import LONGEST, read_asked
from ngrok_scim_cli.text.characters import kind_of
from tests.support.cases import each_case

SPACE = "U+0020 SPACE"


@each_case(
    ("typed", "text", "noted"),
    [
        ("ada@corp.example", "ada@corp.example", ""),
        ("Ada@Corp.Example", "Ada@Corp.Example", ""),
        (" ada@corp.example", "ada@corp.example", f"{SPACE} (character 1)"),
        ("ada@corp.example\n", "ada@corp.example", "U+000A LINE FEED (character 17)"),
        ("ada@\u200bcorp.example", "ada@corp.example", "U+200B ZERO WIDTH SPACE (character 5)"),
        ("ada @corp.example", "ada@corp.example", f"{SPACE} (character 4)"),
        ("Ada Abara <ada@corp.example>", "ada@corp.example", "from the brackets"),
        ('"Abara, Ada" < ada@corp.example >; ', "ada@corp.example", "from the brackets"),
        ("<ada@corp.example>", "ada@corp.example", "from the brackets"),
        ("mailto:ada@corp.example", "ada@corp.example", "around the address"),
        ("'ada@corp.example'", "ada@corp.example", "around the address"),
        ("Ada Abara", "Ada Abara", ""),
        ("Ada  Abara", "Ada Abara", "(characters 4 to 5)"),
        ("Ada\u00a0Abara", "Ada Abara", "U+00A0 NO-BREAK SPACE (character 4)"),
        ("Ada\u200b Abara", "Ada Abara", "U+200B ZERO WIDTH SPACE (character 4)"),
        ("Ada Abara ", "Ada Abara", f"{SPACE} (character 10)"),
        ("ada.abara", "ada.abara", ""),
        ("ada%20@corp.example", "ada%20@corp.example", ""),
        ("00u1k000000002Ngs5d7", "00u1k000000002Ngs5d7", ""),
        ("   ", "", "characters 1 to 3"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_what_is_looked_up_and_what_is_said_of_it(typed: str, text: str, noted: str) -> None:
    asked = read_asked(typed)
    assert asked.typed == typed
    assert asked.text == text
    assert bool(asked.notes) is bool(noted)
    assert noted in " ".join(asked.notes)


@pytest.mark.parametrize(
    ("typed", "is_full_name"),
    [("ada@corp.example", False), ("Ada Abara", True), ("ada.abara", False)],
)
def test_a_name_is_distinguished_from_an_address(typed: str, is_full_name: bool) -> None:
    assert read_asked(typed).is_full_name is is_full_name


@given(st.text(st.characters(exclude_categories=()), max_size=2 * LONGEST))
def test_nothing_invisible_is_looked_up(typed: str) -> None:
    text = read_asked(typed).text
    assert len(text) <= LONGEST
    assert all(kind_of(letter) is None or letter == " " for letter in text)


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_what_was_changed_is_said(typed: str) -> None:
    asked = read_asked(typed)
    assert bool(asked.notes) is (asked.text != typed)
