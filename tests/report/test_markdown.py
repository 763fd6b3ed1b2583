import re
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ngrok_scim_cli.diagnosis.finding import Repair, Result, Verdict
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.report import Style
from ngrok_scim_cli.report.markdown import MarkdownPage, render_markdown
from ngrok_scim_cli.report.wording import verdict_word
from tests.report.results import DOCTOR, FAIL, FORBIDDEN, HOSTILE, REPAIRED, RESULTS, SETUP
from tests.report.strategies import results, texts
from tests.support.cases import each_case

PARSER = MarkdownIt("commonmark").enable("table")
PLAIN = Style()

# All that this format is made of; whatever else comes out is somebody else's markup.
OWN = re.compile(
    r"(heading|paragraph|bullet_list|ordered_list|list_item|table|thead|tbody|tr|th|td)"
    r"_(open|close)|strong_(open|close)|inline|text|text_special|code_inline|fence|hardbreak"
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


@given(st.lists(st.tuples(texts, texts, texts), min_size=2))
def test_tables_keep_their_columns(rows: list[tuple[str, str, str]]) -> None:
    page = MarkdownPage(PLAIN)
    page.table(rows)
    parsed = list(tokens(page.text()))

    assert sum(token.type == "th_open" for token in parsed) == 3
    assert sum(token.type == "td_open" for token in parsed) == 3 * (len(rows) - 1)
    assert all(line.count("|") == 4 for line in page.text().splitlines())


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


def test_what_is_wrong_comes_before_the_checks() -> None:
    page = render_markdown(DOCTOR, PLAIN)
    headings = [line.partition(":")[0] for line in page.splitlines() if line.startswith("#")]

    assert headings == [
        "## FAIL",
        "### SCIM endpoint",
        "#### Error KEY214",
        "### Domains",
        "#### Warning DOM802",
        "### Good to know",
        "#### Notice ENV009",
        "### This machine",
        "### Values for Okta",
        "### Network",
        "### SCIM endpoint",
        "### Domains",
        "### Okta app",
        "### Requests",
    ]


@each_case("address", ["```", "````\n<b>", "` `", "x | y"])
def test_a_value_to_paste_cannot_leave_its_code(address: str) -> None:
    page = render_markdown(replace(FAIL, repair=Repair((), Form(base_url=address))), PLAIN)

    codes = [token.content for token in tokens(page) if token.type == "code_inline"]
    assert address.replace("\n", "⏎") in codes


def test_values_to_paste_are_code() -> None:
    page = render_markdown(REPAIRED, PLAIN)

    assert "SCIM connector base URL: `https://api.ngrok.com/scim/v2/`\n" in page
    assert "- \\* Authorization: the same key; remove U+0020 SPACE at the end\n" in page


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
    page = render_markdown(Result("setup", Verdict.PASS, remaining=("Begin.", text)), PLAIN)

    assert f"\n1. {written}\n" in page


def test_sentence_that_the_person_saw_is_compared() -> None:
    okta = replace(FORBIDDEN, fits=False, comparison="Okta shows [another](x).")

    page = render_markdown(replace(FAIL, okta=okta), PLAIN)

    assert "\n- What you saw: Okta shows \\[another\\](x).\n" in page


def test_setup_shows_steps_and_what_remains() -> None:
    page = render_markdown(SETUP, PLAIN)

    assert "\n- waiting domain: Not allowed by ngrok yet: `corp.example`.\n" in page
    assert "\n**Next:** In ngrok, submit `corp.example`: " in page
    assert '\n1. In Okta, press "Test Connector Configuration", then Save.\n' in page


def test_long_text_is_shortened() -> None:
    page = render_markdown(Result("setup", Verdict.PASS, remaining=("x" * 10**6,)), PLAIN)

    assert len(page) < 5000
    assert "characters left out" in page


def test_hostile_text_stays_readable() -> None:
    assert "⟨U+202E⟩desrever" in render_markdown(HOSTILE, PLAIN)
