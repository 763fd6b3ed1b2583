import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.report import Format, Style, render
from tests.report.golden import assert_golden
from tests.report.results import RESULTS
from tests.report.strategies import results
from tests.support.cases import each_case

SUFFIXES = {
    Format.TEXT: "txt",
    Format.JSON: "json",
    Format.MARKDOWN: "md",
    Format.JUNIT: "xml",
    Format.SARIF: "sarif",
}
MODULES = {
    Format.TEXT: "text",
    Format.JSON: "json_report",
    Format.MARKDOWN: "markdown",
    Format.JUNIT: "junit",
    Format.SARIF: "sarif",
}
STYLES = st.builds(Style, width=st.integers(1, 200), unicode=st.booleans(), verbose=st.booleans())


@each_case("name", RESULTS)
def test_text_looks_as_it_did(name: str) -> None:
    assert_golden(f"{name}.txt", render(RESULTS[name], Format.TEXT))


@pytest.mark.parametrize("format_", [item for item in Format if item is not Format.TEXT])
def test_a_document_for_programs_looks_as_it_did(format_: Format) -> None:
    assert_golden(f"repaired.{SUFFIXES[format_]}", render(RESULTS["repaired"], format_))


@pytest.mark.parametrize("name", ["repaired", "doctor", "setup"])
def test_narrow_text_looks_as_it_did(name: str) -> None:
    text = render(RESULTS[name], Format.TEXT, style=Style(width=40))

    assert_golden(f"{name}-40.txt", text)


def test_verbose_text_looks_as_it_did() -> None:
    text = render(RESULTS["repaired"], Format.TEXT, style=Style(verbose=True))

    assert_golden("repaired-verbose.txt", text)


@given(result=results, format_=st.sampled_from(Format), style=STYLES)
def test_nothing_that_steers_a_screen_is_printed(
    result: Result, format_: Format, style: Style
) -> None:
    printed = render(result, format_, style=style)

    assert printed.endswith("\n")
    assert not printed.endswith("\n\n")
    assert printed.replace("\n", "").isprintable()
    printed.encode("utf-8")


@given(result=results, format_=st.sampled_from([Format.TEXT, Format.MARKDOWN]))
def test_screen_without_unicode_gets_ascii(result: Result, format_: Format) -> None:
    assert render(result, format_, style=Style(unicode=False)).isascii()


@each_case("format_", Format)
@each_case("name", RESULTS)
def test_key_is_in_no_format(name: str, format_: Format) -> None:
    assert "never printed" not in render(RESULTS[name], format_, style=Style(verbose=True))


@pytest.mark.parametrize("format_", Format)
def test_only_the_module_of_the_format_is_loaded(format_: Format) -> None:
    script = f"""
import sys
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.report import Format, render
assert [name for name in sys.modules if name.startswith("ngrok_scim_cli.report.")] == [
    "ngrok_scim_cli.report.style"
]
render(Result("test-connect", Verdict.PASS), Format.{format_.name})
assert "rich" not in sys.modules
print(*(name for name in sys.modules if name.startswith("ngrok_scim_cli.report.")))
"""
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()

    others = {f"ngrok_scim_cli.report.{MODULES[other]}" for other in Format if other is not format_}
    if format_ is Format.SARIF:  # it writes JSON, too
        others.remove("ngrok_scim_cli.report.json_report")
    if format_ is Format.MARKDOWN:  # it holds the same as the text
        others.remove("ngrok_scim_cli.report.text")
    assert f"ngrok_scim_cli.report.{MODULES[format_]}" in loaded
    assert not others & set(loaded)
