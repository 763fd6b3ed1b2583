import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.okta.org import judge_token
from tests.support.cases import each_case

TOKEN = "00QCjAl4MlV-WPXMexample_0HmjFx-vbGua"


@pytest.mark.parametrize(
    "token", [TOKEN, "eyJhbGciOi.eyJzdWIi.c2ln", "sswsX", "bearer", "x" * 9000]
)
def test_what_may_be_a_token_is_sent(token: str) -> None:
    assert judge_token(token) == ()


@each_case(
    ("token", "evidence"),
    [
        (f"SSWS {TOKEN}", "It begins with “SSWS”, which is not part of a token."),
        (f"ssws\t{TOKEN}", "It begins with “ssws”, which is not part of a token."),
        (f"Bearer {TOKEN}", "It begins with “Bearer”, which is not part of a token."),
        (f"Authorization: SSWS {TOKEN}", "It begins with “SSWS”, which is not part of a token."),
        (
            f"authorization:{TOKEN}",
            "It begins with the name of a header, which is not part of a token.",
        ),
        ("00Q Cj", "It contains U+0020 SPACE (character 4)."),
        ("00Q\nCj", "It contains U+000A LINE FEED (character 4)."),
        ("00Qö", "It contains U+00F6 LATIN SMALL LETTER O WITH DIAERESIS (character 4)."),
    ],
)
def test_what_is_no_token_is_not_sent(token: str, evidence: str) -> None:
    [found] = judge_token(token)
    assert (found.code, found.title) == ("OKT902", "The Okta token is not valid")
    assert found.evidence == f"{evidence} Nothing was sent."
    assert TOKEN not in str(found)


@given(st.text(st.characters(codec=None)))
def test_any_text_is_judged(token: str) -> None:
    assert len(judge_token(token)) <= 1
