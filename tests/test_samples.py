"""Each command line that a page shows runs, ends as said, and prints what is shown.

``UPDATE_GOLDEN=1 python -m pytest -m "slow or not slow" tests/test_samples.py`` writes the outputs
anew; read the difference. How a page says what a block needs: ``tests/support/samples.py``.
"""

import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from scripts.finding_pages import finding_pages
from tests.support.cases import each_case
from tests.support.command_line import CommandLine
from tests.support.samples import ROOT, Reader, Sample, fits, reported, samples, shortened

pytestmark = pytest.mark.no_cover

DOCS = ROOT / "docs"
FINDINGS = sorted(DOCS.glob("findings/*.md"))
PAGES = [
    page
    for page in sorted([*ROOT.glob("*.md"), *DOCS.glob("**/*.md")])
    if page not in FINDINGS and list(samples(page.read_text("utf-8")))
]


def is_possible(sample: Sample) -> bool:
    return not sample.skipped and ("jq " not in sample.text or shutil.which("jq") is not None)


@pytest.mark.parametrize(
    "page",
    [
        page if page.name == "README.md" else pytest.param(page, marks=pytest.mark.slow)
        for page in PAGES
    ],
    ids=[str(page.relative_to(ROOT)) for page in PAGES],
)
def test_the_samples_of_a_page_are_the_real_output(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    rewritten = text
    problems = []
    with Reader(tmp_path) as reader:
        for sample in [found for found in samples(text) if is_possible(found)]:
            pieces = []
            status, printed = 0, ""
            if sample.before:
                assert reader.run(sample, sample.before)[0] == 0
            for command, shown in sample.commands():
                status, printed = reader.run(sample, command)
                output = shown
                if shown.strip() and not fits(shown, printed):
                    output = shortened(shown, printed)
                    problems.append(reported("It prints something else.", command, printed))
                pieces.append(f"$ {command}\n{output}" if sample.language == "console" else command)
            if status != sample.status:
                problems.append(reported(f"It ends with {status}.", sample.text, printed))
            anew = re.sub(r"^(?=.)", sample.indent, "".join(pieces), flags=re.MULTILINE)
            rewritten = rewritten.replace(text[sample.start : sample.end], anew, 1)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        page.write_text(rewritten, encoding="utf-8")
        problems = [problem for problem in problems if problem.startswith("It ends")]
    assert not problems, "\n\n".join(problems)


@each_case("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_each_block_says_what_it_holds(page: Path) -> None:
    found = list(samples(page.read_text("utf-8")))
    assert [sample.text for sample in found if not sample.language] == []
    assert [
        sample.text
        for sample in found
        if sample.language == "console" and not sample.text.startswith("$ ")
    ] == []


def finding_examples() -> dict[str, tuple[set[str], set[str]]]:
    """Return each command of the finding pages, with the codes that it shows and does not show."""
    examples: dict[str, tuple[set[str], set[str]]] = {}
    for page in FINDINGS:
        for number, sample in enumerate(samples(page.read_text("utf-8"))):
            for command, _ in sample.commands():
                shown_or_not = examples.setdefault(command, (set(), set()))
                shown_or_not[number].add(page.stem.upper())
    return examples


@pytest.mark.slow
@pytest.mark.parametrize(("command", "codes"), finding_examples().items(), ids=finding_examples())
def test_the_example_of_a_finding_leads_to_it(
    command: str, codes: tuple[set[str], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = CommandLine(monkeypatch)(*shlex.split(command)[1:], "--format=json")
    found = {item["code"] for item in json.loads(ran.out)["findings"]}
    assert codes[0] <= found
    assert not codes[1] & found


@each_case(
    ("shown", "printed", "does"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nb\nc\n", False),
        ("…\nd\n", "d\n", True),
        ("took … s\n", "took 0.4 s\n", True),
        ("took … s\n", "took 0.4\n", False),
        ("(a)\n", "a\n", False),
    ],
)
def test_an_output_fits_what_is_shown(shown: str, printed: str, does: bool) -> None:
    assert fits(shown, printed) is does


def test_an_output_is_written_anew_with_as_many_lines_left_out() -> None:
    assert shortened("a\n…\nz\n", "A\nB\nC\nZ\n") == "A\n…\nZ\n"
    assert shortened("a\n…\n", "A\nB\nC\n") == "A\n…\n"
    assert shortened("a\n", "A\nB\n") == "A\nB\n"


def test_a_block_is_read_with_its_comment() -> None:
    page = "<!-- run: --fault huge; status 1 -->\n\n  ```console\n  $ a \\\n    b\n  c\n  ```\n"
    (sample,) = samples(page)
    assert (sample.arguments, sample.status) == (("--fault", "huge"), 1)
    assert list(sample.commands()) == [("a \\\n  b", "c\n")]


def test_every_finding_page_is_looked_at() -> None:
    assert len(list(finding_pages(DOCS))) == len(FINDINGS) + 2
