import re
from string import Formatter

import pytest

from ngrok_scim_cli.diagnosis.catalogue import (
    CATALOGUE,
    account,
    base_url,
    domain,
    environment,
    finding,
    form,
    key,
    network,
    okta,
    reply,
    users,
)
from ngrok_scim_cli.diagnosis.catalogue.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Severity

CATEGORIES = (
    environment,
    base_url,
    key,
    form,
    network,
    reply,
    users,
    account,
    domain,
    okta,
)
ENTRIES = tuple(entry for category in CATEGORIES for entry in category.ENTRIES)

# The severity of each code, in the order of the numbers: E error, W warning, N notice.
SEVERITIES = {
    "ENV0": "WEWNWEWEN",
    "URL1": "EEEEEEEEEEEENEEWEEW",
    "KEY2": "EEEEEEEEEWEEEEEW",
    "FRM3": "EEEEWWWE",
    "NET4": "EEEEEEEEEEWE",
    "SCM5": "EEEEEEEEEEEEEWWWEEEWW",
    "USR6": "EEEEEWNWE",
    "NGR7": "EWEEEWEEEENWWEE",
    "DOM8": "WWEEEEWW",
    "OKT9": "EEEEEEEEEWEEEWWW",
}
EXPECTED = {
    f"{prefix}{number:02}": letter
    for prefix, letters in SEVERITIES.items()
    for number, letter in enumerate(letters, start=1)
}
LETTERS = {"E": Severity.ERROR, "W": Severity.WARNING, "N": Severity.NOTICE}

LONGEST = 300


def texts(entry: Entry) -> tuple[str, str, str]:
    made = finding(entry.code, "seen")
    return made.title, made.cause, made.fix


def test_every_code_stands_exactly_once() -> None:
    assert sorted(entry.code for entry in ENTRIES) == sorted(EXPECTED)


@pytest.mark.parametrize(("code", "letter"), EXPECTED.items())
def test_a_code_has_its_severity(code: str, letter: str) -> None:
    assert CATALOGUE[code].severity is LETTERS[letter]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_generic_slots_fill_every_text(entry: Entry) -> None:
    for text in texts(entry):
        assert text
        assert text == text.strip()
        assert not re.search(r"\{\w*\}", text.replace("{API Key}", ""))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_no_generic_slot_is_left_over(entry: Entry) -> None:
    named = {
        name
        for text in (entry.title, entry.cause, entry.fix)
        for _, name, _, _ in Formatter().parse(text)
        if name
    }
    assert named == {name for name, _ in entry.generic}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_texts_are_short(entry: Entry) -> None:
    title, cause, fix = texts(entry)
    assert len(title) <= 100
    assert max(len(cause), len(fix)) <= LONGEST


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_titles_have_no_full_stop_and_sentences_have_one(entry: Entry) -> None:
    title, cause, fix = texts(entry)
    assert not title.endswith(".")
    assert cause.endswith((".", ".”", ')"'))
    assert fix.endswith((".", "`", "example.com"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_texts_do_not_shout(entry: Entry) -> None:
    assert "!" not in "".join(texts(entry))


def test_a_finding_points_into_the_documentation() -> None:
    assert finding("SCM503", "seen").more == "docs/findings.md#scm503"


def test_an_unknown_code_makes_no_finding() -> None:
    with pytest.raises(KeyError):
        finding("SCM599", "seen")
