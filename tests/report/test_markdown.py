import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ngrok_scim_cli.diagnosis.finding import Repair, Result, Verdict
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.report import Style
from ngrok_scim_cli.report.markdown import render_markdown
from ngrok_scim_cli.report.wording import verdict_word
from tests.report.results import FAIL, FORBIDDEN, HOSTILE, PASS, REPAIRED, RESULTS, SETUP
from tests.report.strategies import results
from tests.support.cases import each_case

PARSER = MarkdownIt("commonmark").enable("table")
PLAIN = Style()

# All that this format is made of; whatever else comes out is somebody else's markup.
OWN = re.compile(
    r"(heading|paragraph|bullet_list|ordered_list|list_item|table|thead|tbody|tr|th|td)"
    r"_(open|close)|strong_(open|close)|inline|text|text_special|code_inline|fence"
)
LINK_LIKE = re.compile(r"://|www\.|@\w|#\d")


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


@given(results)
def test_no_text_becomes_markup(result: Result) -> None:
    page = render_markdown(result, PLAIN)

    assert {token.type for token in tokens(page) if not OWN.fullmatch(token.type)} == set()
    strong = [token for token in tokens(page) if token.type == "strong_open"]
    assert len(strong) == page.count("\n**Next:** ")


@given(results)
def test_no_text_becomes_a_link_by_itself(result: Result) -> None:
    prose = [
        "".join(
            child.content if child.type in ("text", "text_special") else "\0"
            for child in token.children or ()
        )
        for token in PARSER.parse(render_markdown(result, PLAIN))
    ]

    assert [text for text in prose if LINK_LIKE.search(text)] == []


@given(results)
def test_tables_keep_their_columns(result: Result) -> None:
    tables = re.findall(r"(?<=\n\n)(?:\|.*\n)+", render_markdown(result, PLAIN))
    assume(tables)
    for table in tables:
        parsed = list(tokens(table))
        heads = sum(token.type == "th_open" for token in parsed)
        rows = table.count("\n") - 2

        assert heads in (3, 4)
        assert sum(token.type == "td_open" for token in parsed) == heads * rows
        assert all(line.count("|") == heads + 1 for line in table.splitlines())


@given(results)
def test_lists_do_not_nest(result: Result) -> None:
    items = [
        token.level
        for token in tokens(render_markdown(result, PLAIN))
        if token.type == "list_item_open"
    ]

    assert set(items) <= {1}


@each_case("name", RESULTS)
def test_heading_is_the_verdict(name: str) -> None:
    first = render_markdown(RESULTS[name], PLAIN).splitlines()[0]

    assert first.startswith(f"## {verdict_word(RESULTS[name])}: ")


@pytest.mark.parametrize("message", ["```", "````", "~~~", "``` text"])
def test_message_cannot_leave_its_fence(message: str) -> None:
    okta = replace(FORBIDDEN, message=message)
    page = render_markdown(replace(FAIL, okta=okta), PLAIN)

    fences = [token.content for token in tokens(page) if token.type == "fence"]
    assert fences == [f"{message}\n"]


def test_value_stays_on_its_line() -> None:
    form = Form(base_url="````\n<b>")
    page = render_markdown(replace(FAIL, repair=Repair((), form)), PLAIN)

    fences = [token.content for token in tokens(page) if token.type == "fence"]
    assert fences[-1].startswith("SCIM connector base URL: ````⏎<b>\n")


def test_values_to_paste_stand_in_a_block_of_code() -> None:
    page = render_markdown(REPAIRED, PLAIN)

    fences = [token.content for token in tokens(page) if token.type == "fence"]
    assert any("SCIM connector base URL: https://api.ngrok.com/scim/v2/\n" in it for it in fences)
    assert "- KEY202: remove U+0020 SPACE at the end\n" in page


@each_case(
    ("text", "written"),
    [
        ("Run `ngrok-scim doctor` now.", "Run `ngrok-scim doctor` now."),
        ("`a``b`", "`a` `b`"),
        ("see https://evil.example/.", "see `https://evil.example/`."),
        ("<b>bold</b>", r"\<b\>bold\</b\>"),
        ("a|b `c|d`", "a&#124;b `c⟨U+007C⟩d`"),
        (r"a\|b", r"a\\&#124;b"),
        ("x@y", "`x@y`"),
        ("`x@y", "`` `x@y ``"),
        ("- one", r"\- one"),
        ("1. one", r"1\. one"),
        ("--- ===", r"--\- ==\="),
        ("    code", "code"),
        (":tada: :+1:", "`:tada`: `:+1`:"),
        ("The reply took 12.4 s.", "The reply took 12.4 s."),
        ("(corp.example),", "(`corp.example`),"),
    ],
)
def test_text_is_escaped(text: str, written: str) -> None:
    page = render_markdown(Result("setup", Verdict.PASS, remaining=(text,)), PLAIN)

    assert f"\n1. {written}\n" in page


def test_sentence_that_the_person_saw_is_compared() -> None:
    okta = replace(FORBIDDEN, fits=False, comparison="Okta shows [another](x).")

    page = render_markdown(replace(FAIL, okta=okta), PLAIN)

    assert "\nWhat was seen in Okta: Okta shows \\[another\\](x).\n" in page


def test_setup_shows_steps_and_what_remains() -> None:
    page = render_markdown(SETUP, PLAIN)

    assert "| domain | waiting | Not allowed by ngrok yet: `corp.example`. |" in page
    assert "\n1. In ngrok, submit `corp.example`: " in page


def test_repair_without_changes_has_no_list() -> None:
    page = render_markdown(replace(PASS, findings=(), repair=Repair((), Form())), PLAIN)

    assert "\n- " not in page


def test_long_text_is_shortened() -> None:
    page = render_markdown(Result("setup", Verdict.PASS, remaining=("x" * 10**6,)), PLAIN)

    assert len(page) < 5000
    assert "characters left out" in page


def test_hostile_text_stays_readable() -> None:
    assert "⟨U+202E⟩desrever" in render_markdown(HOSTILE, PLAIN)
