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


@pytest.mark.parametrize("name", RESULTS)
def test_text_looks_as_it_did(name: str) -> None:
    assert_golden(f"{name}.txt", render(RESULTS[name], Format.TEXT))


@pytest.mark.parametrize("form", [item for item in Format if item is not Format.TEXT])
def test_a_document_for_programs_looks_as_it_did(form: Format) -> None:
    assert_golden(f"repaired.{SUFFIXES[form]}", render(RESULTS["repaired"], form))


@pytest.mark.parametrize("name", ["repaired", "doctor", "setup"])
def test_narrow_text_looks_as_it_did(name: str) -> None:
    text = render(RESULTS[name], Format.TEXT, style=Style(width=40))

    assert_golden(f"{name}-40.txt", text)


def test_verbose_text_looks_as_it_did() -> None:
    text = render(RESULTS["repaired"], Format.TEXT, style=Style(verbose=True))

    assert_golden("repaired-verbose.txt", text)


@given(result=results, form=st.sampled_from(Format), style=STYLES)
def test_nothing_that_steers_a_screen_is_printed(
    result: Result, form: Format, style: Style
) -> None:
    printed = render(result, form, style=style)

    assert printed.endswith("\n")
    assert not printed.endswith("\n\n")
    assert printed.replace("\n", "").isprintable()
    printed.encode("utf-8")


@given(result=results, form=st.sampled_from([Format.TEXT, Format.MARKDOWN]))
def test_screen_without_unicode_gets_ascii(result: Result, form: Format) -> None:
    assert render(result, form, style=Style(unicode=False)).isascii()


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("name", RESULTS)
def test_key_is_in_no_format(name: str, form: Format) -> None:
    assert "never printed" not in render(RESULTS[name], form, style=Style(verbose=True))


@pytest.mark.parametrize("form", Format)
def test_only_the_module_of_the_format_is_loaded(form: Format) -> None:
    script = f"""
import sys
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.report import Format, render
assert [name for name in sys.modules if name.startswith("ngrok_scim_cli.report.")] == [
    "ngrok_scim_cli.report.style"
]
render(Result("test-connect", Verdict.PASS), Format.{form.name})
assert "rich" not in sys.modules
print(*(name for name in sys.modules if name.startswith("ngrok_scim_cli.report.")))
"""
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()

    others = {f"ngrok_scim_cli.report.{MODULES[other]}" for other in Format if other is not form}
    if form is Format.SARIF:  # it writes JSON, too
        others.remove("ngrok_scim_cli.report.json_report")
    assert f"ngrok_scim_cli.report.{MODULES[form]}" in loaded
    assert not others & set(loaded)
