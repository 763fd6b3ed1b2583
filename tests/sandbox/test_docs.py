"""The table of faults in the documentation; ``python -m tests.sandbox.test_docs`` writes it."""

from pathlib import Path

from ngrok_scim_cli.sandbox import FAULTS, Fault

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
BEGIN = "<!-- faults: begin -->\n"
END = "<!-- faults: end -->\n"


def _row(fault: Fault) -> str:
    number = ""
    if fault.value is not None:
        number = f"; `=N`: {fault.unit}, {int(fault.value)} unless given"
    codes = ", ".join(f"`{code}`" for code in fault.codes)
    return f"| `{fault.name}` | {fault.summary}{number} | {codes} |\n"


def table() -> str:
    rows = "".join(_row(fault) for fault in FAULTS.values())
    return f"| fault | what it does | findings |\n| --- | --- | --- |\n{rows}"


def rewritten(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


def test_documentation_lists_every_fault() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == rewritten(page), "write it anew: python -m tests.sandbox.test_docs"


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
