import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.people.email_address import (
    LONGEST_ADDRESS,
    domain_of,
    fault_of,
    is_plain,
    looks_like,
    person,
    shown,
    unseen_in,
    usual_names,
)
from tests.support.cases import each_case

NONE: frozenset[str] = frozenset()
SUBMITTED = frozenset({"corp.example", "xn--bcher-kva.example"})

ANY_TEXT = st.text(st.characters(codec=None)) | st.text("aZ.-@+\u00fc\u200b \u0130%2", max_size=20)


@each_case(
    ("text", "domain"),
    [
        ("jane@corp.example", "corp.example"),
        ("Jane.Doe+x_y'z-1@Corp.EXAMPLE", "corp.example"),
        ("jane@mail.corp.example", "mail.corp.example"),
        ("j\u00fcrgen@b\u00fccher.example", "xn--bcher-kva.example"),
        ("jane@corp.example ", "corp.example"),
        ("ja\u200bne@corp\u00ad.example", "corp.example"),
        ("jane", ""),
        ("", ""),
        (" ", ""),
        ("@corp.example", ""),
        ("jane@", ""),
        ("jane@laptop", ""),
        ("jane@corp.example.", ""),
        ("jane@corp..example", ""),
        ("jane@-corp.example", ""),
        ("jane@192.0.2.1", ""),
        ("jane@doe@corp.example", ""),
        ("CORP\\jane@corp.example", ""),
        ("Jane Doe <jane@corp.example>", ""),
        ("mailto:jane@corp.example", ""),
        ("jane@corp.example, joe@corp.example", ""),
        ("jane\x00doe@corp.example", "corp.example"),
        ("a" * 242 + "@corp.example", ""),
        ("a" * 241 + "@corp.example", "corp.example"),
    ],
)
def test_the_domain_of_an_address(text: str, domain: str) -> None:
    assert domain_of(text) == domain


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("jane@corp.example", "JANE@Corp.example"),
        ("jane@corp.example", " jane@corp.example\n"),
        ("jane@corp.example", "ja\u200bne@corp.\u00adexample"),
        ("j\u00fcrgen@corp.example", "JU\u0308RGEN@corp.example"),
        ("stra\u00dfe@corp.example", "STRASSE@corp.example"),
    ],
)
def test_texts_that_look_alike(text: str, same: str) -> None:
    assert looks_like(text) == looks_like(same)


@pytest.mark.parametrize(
    "other", ["janet@corp.example", "jane@corp.example.", "j\u00e4ne@corp.example"]
)
def test_texts_that_look_different(other: str) -> None:
    assert looks_like("jane@corp.example") != looks_like(other)


@each_case(
    ("user_name", "domains", "fault"),
    [
        ("jane@corp.example", NONE, ""),
        ("jane@other.example", NONE, ""),
        ("jane@corp.example", SUBMITTED, ""),
        ("Jane@CORP.example", SUBMITTED, ""),
        ("jane@b\u00fccher.example", SUBMITTED, ""),
        ("jane@other.example", SUBMITTED, "is outside the submitted domains"),
        ("jane@mail.corp.example", SUBMITTED, "is outside the submitted domains"),
        ("jane", SUBMITTED, "is not an e-mail address"),
        ("", NONE, "is not an e-mail address"),
        ("jane doe", NONE, "contains U+0020 SPACE (character 5)"),
        ("jane@corp.example\u00a0", SUBMITTED, "contains U+00A0 NO-BREAK SPACE (character 18)"),
        ("jane%20doe@corp.example", SUBMITTED, ""),
        ("\u00fc%20@corp.example", SUBMITTED, ""),
    ],
)
def test_why_ngrok_cannot_work_with_a_name(
    user_name: str, domains: frozenset[str], fault: str
) -> None:
    assert fault_of(user_name, domains) == fault


@given(ANY_TEXT, st.sampled_from([NONE, SUBMITTED]))
def test_any_text_has_a_fault_or_is_an_address(text: str, domains: frozenset[str]) -> None:
    fault = fault_of(text, domains)
    domain = domain_of(text)
    fine = bool(domain) and not unseen_in(text) and (not domains or domain in domains)
    assert (fault == "") is fine
    assert fault_of(f"{text} ", domains).startswith("contains")


@given(ANY_TEXT)
def test_what_cannot_be_seen_changes_nothing_of_what_a_text_looks_like(text: str) -> None:
    assert looks_like(f"\ufeff{text[:2]} {text[2:]}\u200b") == looks_like(text)


@st.composite
def names_and_domains(draw: st.DrawFn) -> tuple[str, frozenset[str]]:
    local = draw(st.from_regex(r"[A-Za-z0-9._+'-]{1,10}", fullmatch=True))
    domains = draw(st.sampled_from([NONE, SUBMITTED]) | st.frozensets(ANY_TEXT, max_size=2))
    domain = draw(st.sampled_from(["corp.example", *sorted(domains)]))
    return f"{local}@{domain}", domains


@given(names_and_domains())
def test_nothing_is_wrong_with_a_usual_name(drawn: tuple[str, frozenset[str]]) -> None:
    text, domains = drawn
    assume(usual_names(domains).fullmatch(text))
    domain = domain_of(text)
    assert domain
    assert not domains or domain in domains
    assert is_plain(text)
    assert len(text) <= LONGEST_ADDRESS


@each_case(
    ("name", "domains", "usual"),
    [
        ("jane.doe@corp.example", SUBMITTED, True),
        ("Jane_O'Neil+x-1@corp.example", SUBMITTED, True),
        ("jane@xn--bcher-kva.example", SUBMITTED, True),
        ("jane@corpxexample", SUBMITTED, False),
        ("jane@corp.example", frozenset({"corp"}), False),
        ("jane@corp", frozenset({"corp"}), False),
        ("jane@", frozenset({"", "corp"}), False),
        ("jane@eu.mail.big-corp.museum", NONE, True),
        ("jane@xn--bcher-kva.example", NONE, False),
        ("jane@corp", NONE, False),
        ("a" * 64 + "@corp.example", SUBMITTED, True),
        ("a" * 65 + "@corp.example", SUBMITTED, False),
        ("a@" + ".".join(["b" * 62] * 3), frozenset({".".join(["b" * 62] * 3)}), True),
        ("a@" + ".".join(["b" * 63] * 3), frozenset({".".join(["b" * 63] * 3)}), False),
    ],
)
def test_usual_user_names_are_recognised(name: str, domains: frozenset[str], usual: bool) -> None:
    assert bool(usual_names(domains).fullmatch(name)) is usual


@pytest.mark.parametrize(
    ("user_name", "identifier", "name"),
    [
        ("jane", "usr_1", "“jane”"),
        ("", "usr_1", "“usr_1” (no user name)"),
        (" ", "usr_1", "“·”"),
    ],
)
def test_a_person_is_named_by_the_user_name(user_name: str, identifier: str, name: str) -> None:
    assert person(user_name, identifier) == name


def test_a_long_address_is_shown_whole_and_a_longer_text_is_cut() -> None:
    assert shown("a" * 100) == f"“{'a' * 100}”"
    assert shown("a" * 101) == f"“{'a' * 67} … {'a' * 33}”"


@given(st.text(st.characters(codec=None), max_size=500) | st.text("\u200b\U000e0041", min_size=15))
def test_what_is_shown_is_never_long(text: str) -> None:
    assert len(shown(text)) <= 210
