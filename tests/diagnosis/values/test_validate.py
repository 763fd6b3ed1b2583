import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.form import Form
from ngrok_scim_cli.hosts import Trust
from ngrok_scim_cli.text.characters import kind_of
from tests.support.cases import each_case
from tests.support.values import examine, suspect

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_6abcdefghijklmnopqrst"
TRUST = Trust(frozenset({"scim.corp.com", "::2"}))
ANY_TEXT = st.text(st.characters(codec=None))


def codes(form: Form) -> list[str]:
    return [item.code for item in examine(form)]


def test_the_guides_values_have_no_finding() -> None:
    assert examine(Form(authorization=KEY)) == ()


def test_errors_come_first_whatever_field_they_are_in() -> None:
    form = Form("https://api.ngrok.com/scim/v2", f" {KEY}", "Email", actions=("Push New Users",))
    assert codes(form) == ["KEY201", "FRM302", "FRM305", "URL113"]


def test_swapped_fields_are_recognised_and_the_key_is_not_shown() -> None:
    found = examine(Form(base_url=KEY, authorization="https://api.ngrok.com/scim/v2/"))
    assert [item.code for item in found] == ["URL118", "KEY210"]
    assert 'Paste the key into "Authorization"' in found[0].fix
    assert 'belongs in "SCIM connector base URL"' in found[1].fix
    assert KEY[28:] not in repr(found)


@pytest.mark.parametrize(
    "form",
    [
        Form(f" https://h/{KEY[28:]}", KEY),
        Form(authorization=KEY, unique_identifier=KEY[28:40]),
        Form("https://api.ngrok.com/my own pass phrase", "my own pass phrase"),
        Form("https://hunter22hunter22.ngrok.app/", "hunter22hunter22"),
    ],
)
def test_a_piece_of_the_key_in_another_field_is_not_shown(form: Form) -> None:
    assert "not shown here, because it contains part of the key" in repr(examine(form))


@given(st.builds(Form, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, st.tuples(ANY_TEXT)))
def test_any_text_is_examined_and_what_is_reported_is_visible(form: Form) -> None:
    found = examine(form, TRUST) + suspect(form, TRUST)
    texts = "".join(f"{item.title}{item.evidence}{item.fix}" for item in found)
    assert {letter for letter in texts if kind_of(letter)} <= {" "}


@pytest.mark.no_cover
@each_case(
    "piece", [" ", " \t", "\u200b", "%20", "(", "[", "https://", "/", "a", "_", "\u0430", '`"', ","]
)
def test_a_huge_value_is_examined_up_to_a_bound(piece: str) -> None:
    huge = piece * (200_000 // len(piece))
    found = examine(Form(huge, huge, huge, huge, (huge,)))
    assert {"URL118", "FRM303", "FRM308"} <= {item.code for item in found}
    assert len(repr(found)) < 20_000
