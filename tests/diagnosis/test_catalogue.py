import re
from string import Formatter

import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, FAMILIES, Entry, finding
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity
from tests.support.cases import each_case

# The codes that are no errors; each other code is one.
MILD = {
    Severity.WARNING: """
        ENV001 ENV003 ENV005 ENV007
        URL116 URL119
        KEY210 KEY216 KEY217
        FRM305 FRM306 FRM307
        NET411
        SCM514 SCM515 SCM516 SCM520 SCM521
        USR606 USR608
        NGR702 NGR706 NGR712 NGR713
        DOM801 DOM802 DOM807 DOM808
        OKT910 OKT914 OKT915 OKT918
        REH010 REH011 REH012 REH016
    """,
    Severity.NOTICE: "ENV004 ENV009 URL113 USR607 NGR711 NGR716 OKT919 REH014",
}
SEVERITIES = {code: severity for severity, codes in MILD.items() for code in codes.split()}

# Whether ngrok's SCIM takes an access token is documented nowhere; a 403 need not say why.
NOT_KNOWN = {"KEY217", "SCM502"}

ENTRIES = tuple(CATALOGUE.values())
LONGEST, LONGEST_TITLE = 300, 100


def texts(entry: Entry) -> tuple[str, str, str]:
    made = finding(entry.code, "seen")
    return made.title, made.cause, made.fix


@each_case("entry", ENTRIES, ids=lambda entry: entry.code)
def test_a_code_has_its_severity(entry: Entry) -> None:
    assert entry.severity is SEVERITIES.get(entry.code, Severity.ERROR)


def test_every_code_that_is_no_error_exists() -> None:
    assert SEVERITIES.keys() <= CATALOGUE.keys()


def test_a_code_stands_in_the_module_of_its_family() -> None:
    assert [code for code in CATALOGUE if not re.fullmatch(r"[A-Z]{3}\d{3}", code)] == []
    assert list(dict.fromkeys(code[:3] for code in CATALOGUE)) == list(FAMILIES)
    assert len(CATALOGUE) == len({*CATALOGUE})


@each_case("entry", ENTRIES, ids=lambda entry: entry.code)
def test_an_entry_says_how_surely_its_cause_is_known(entry: Entry) -> None:
    assert (entry.certainty is Certainty.UNKNOWN) == (entry.code in NOT_KNOWN)


@each_case("entry", ENTRIES, ids=lambda entry: entry.code)
def test_generic_slots_fill_every_text_and_none_is_left_over(entry: Entry) -> None:
    patterns = (entry.title, entry.cause, entry.fix)
    named = {name for text in patterns for _, name, _, _ in Formatter().parse(text) if name}
    assert named == {name for name, _ in entry.generic}
    assert not re.search(r"\{\w*\}", "".join(texts(entry)).replace("{API Key}", ""))


@each_case("entry", ENTRIES, ids=lambda entry: entry.code)
def test_texts_are_short_and_calm_and_the_title_alone_has_no_full_stop(entry: Entry) -> None:
    title, cause, fix = texts(entry)
    assert 0 < len(title) <= LONGEST_TITLE
    assert 0 < min(len(cause), len(fix)) <= max(len(cause), len(fix)) <= LONGEST
    assert not title.endswith(".")
    assert cause.endswith((".", ".”", ')"'))
    assert fix.endswith((".", "`", "example.com"))
    for text in (title, cause, fix):
        assert text == text.strip()
        assert "!" not in text


def test_a_finding_points_into_the_documentation() -> None:
    assert finding("SCM503", "seen").more == "docs/findings/scm503.md"


@pytest.mark.parametrize("code", ["SCM599", "XYZ101", ""])
def test_an_unknown_code_makes_no_finding(code: str) -> None:
    with pytest.raises(KeyError):
        finding(code, "seen")
