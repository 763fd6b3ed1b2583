import csv
import io
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.people.records import NgrokUser
from ngrok_scim_cli.report import PLAIN, Style
from ngrok_scim_cli.report.printable import display_width
from ngrok_scim_cli.report.user_table import (
    FIELDS,
    UserFormat,
    user_texts,
)
from tests.support.cases import each_case

ADA = NgrokUser("usr_1", "ada@corp.example", "Ada Abara", active=True)
BRUNO = NgrokUser("usr_22", "bruno.becker@corp.example", "Bruno", active=False)
ODD = NgrokUser("", "", "", active=None)

any_text = st.text(st.characters(exclude_categories=()), max_size=60)
users = st.builds(
    NgrokUser, any_text, any_text, any_text, st.sampled_from([True, False, None]), st.tuples()
)


def table(*pages: Sequence[NgrokUser], style: Style = PLAIN) -> list[str]:
    return list(user_texts(pages, UserFormat.TEXT, style))


def as_json(user: NgrokUser) -> str:
    (line,) = user_texts([[user]], UserFormat.JSONL, PLAIN)
    return line.removesuffix("\n")


def sheet(*pages: Sequence[NgrokUser]) -> str:
    return "".join(user_texts(pages, UserFormat.CSV, PLAIN))


def cells(sheet: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet, newline=""), strict=True))


class TestTable:
    def test_columns_are_aligned_below_their_heads(self) -> None:
        assert table((ADA, BRUNO, ODD))[0].splitlines() == [
            "User name                  Display name  Active  Id",
            "ada@corp.example           Ada Abara     yes     usr_1",
            "bruno.becker@corp.example  Bruno         no      usr_22",
            "                                         ?",
        ]

    def test_the_header_is_printed_once(self) -> None:
        pages = table((), (ADA,), (), (BRUNO,))
        assert ["User name" in page for page in pages] == [False, True, False, False]
        assert pages[0] == pages[2] == ""

    def test_columns_grow_and_never_shrink(self) -> None:
        _, page = table((BRUNO,), (ADA,))
        (line,) = page.splitlines()
        assert line == "ada@corp.example           Ada Abara     yes     usr_1"

    @pytest.mark.parametrize("width", [40, 60, 89, 90, 100])
    def test_no_line_is_wider_than_the_page(self, width: int) -> None:
        long = NgrokUser("usr_" + "x" * 80, "a" * 300, "漢" * 300, active=True)
        page = table((ADA, long), style=Style(width=width))[0]
        assert max(map(display_width, page.splitlines())) <= width
        assert "…" in page

    def test_a_narrow_page_goes_without_the_id(self) -> None:
        assert "usr_1" in table((ADA,), style=Style(width=90))[0]
        assert "usr_1" not in table((ADA,), style=Style(width=89))[0]

    def test_the_display_name_gives_way_before_the_user_name(self) -> None:
        long = NgrokUser("usr_1", "a" * 40, "b" * 60, active=True)
        page = table((long,))[0]
        assert "a" * 40 in page
        assert "b" * 60 not in page

    def test_a_screen_without_unicode_gets_ascii(self) -> None:
        page = table((ADA._replace(display_name="Zoë" * 60),), style=Style(unicode=False))[0]
        assert page.isascii()
        assert "..." in page

    def test_a_name_of_a_megabyte_is_cut(self) -> None:
        page = table((ADA._replace(user_name="\x1b" * 1_000_000),))[0]
        assert len(page) < 300

    @given(st.lists(users, max_size=4))
    def test_nothing_steers_the_terminal(self, page: list[NgrokUser]) -> None:
        shown = table(page)[0]
        assert len(shown.splitlines()) == len(page) + bool(page)
        assert all(letter.isprintable() or letter == "\n" for letter in shown)


class TestLines:
    def test_a_user_is_a_line_with_the_names_of_scim(self) -> None:
        user = ADA._replace(emails=("ada@corp.example", "a@x.example"))
        assert as_json(user) + "\n" == (
            '{"id": "usr_1", "userName": "ada@corp.example", "displayName": "Ada Abara", '
            '"active": true, "emails": ["ada@corp.example", "a@x.example"]}\n'
        )

    def test_what_is_not_known_is_null(self) -> None:
        assert json.loads(as_json(ODD))["active"] is None

    @given(users)
    def test_nothing_is_lost_and_all_is_ascii(self, user: NgrokUser) -> None:
        line = as_json(user)
        assert line.isascii()
        assert line.isprintable()
        read = json.loads(line)
        assert list(read) == list(FIELDS)
        assert (read["id"], read["userName"], read["displayName"], read["active"]) == (
            user.id,
            user.user_name,
            user.display_name,
            user.active,
        )


class TestSheet:
    def test_a_head_and_a_record_for_each_user(self) -> None:
        assert sheet((ADA,), (BRUNO,)) == (
            '"id","userName","displayName","active","emails"\r\n'
            '"usr_1","ada@corp.example","Ada Abara","true",""\r\n'
            '"usr_22","bruno.becker@corp.example","Bruno","false",""\r\n'
        )

    def test_several_addresses_stand_in_one_cell(self) -> None:
        user = ODD._replace(emails=("a@x.example", "b@x.example"))
        assert cells(sheet((user,)))[1] == ["", "", "", "", "a@x.example; b@x.example"]

    @each_case(
        ("name", "cell"),
        [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "  '=1"),
            ("\uff1d1", "'\uff1d1"),
            ('Ada";=cmd|x', 'Ada";\'=cmd|x'),
            ("a,-b", "a,'-b"),
            ("\t=1", "⇥=1"),
            ("\r=1", "⏎=1"),
            ("Ada-Maria", "Ada-Maria"),
            ("a=b", "a=b"),
            ("a\nb", "a⏎b"),
            ("a\x1b[31m", "a⟨U+001B⟩[31m"),
        ],
    )  # fmt: skip
    def test_no_cell_is_a_formula_and_none_has_a_line_break(self, name: str, cell: str) -> None:
        assert cells(sheet((ADA._replace(display_name=name),)))[1][2] == cell

    @given(st.lists(users, max_size=4))
    def test_every_record_has_as_many_cells_as_the_head(self, page: list[NgrokUser]) -> None:
        records = cells(sheet(page))
        assert [len(record) for record in records] == [len(FIELDS)] * (len(page) + 1)
        assert all(
            not cell.startswith(("=", "+", "-", "@")) for record in records for cell in record
        )


@pytest.mark.parametrize(
    ("format_", "start"),
    [
        (UserFormat.TEXT, "User name  "),
        (UserFormat.CSV, '"id","userName"'),
        (UserFormat.JSONL, '{"id": "usr_1"'),
        (UserFormat.JSON, '{"id": "usr_1"'),
    ],
)
def test_each_format_has_its_writer(format_: UserFormat, start: str) -> None:
    (text,) = user_texts([[ADA]], format_, PLAIN)
    assert text.startswith(start)
