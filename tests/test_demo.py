"""`make demo` prints what the README shows; ``python -m tests.test_demo`` writes it there anew."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BEGIN = "<details><summary>All that it prints</summary>\n\n```\n"
END = "```\n\n</details>"

# What differs from run to run, and what stands for it in the README.
PASSING = (
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:40123"),
    (re.compile(r"\bak_[0-9A-Za-z]{27}"), "ak_3MXQDFak0UNDmOleoQmtsBpB9b2"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "2026-11-02 09:30 UTC"),
)


def demonstration() -> str:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    text = ended.stdout.lstrip("\n")
    for pattern, instead in PASSING:
        text = pattern.sub(instead, text)
    return text


def rewritten(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + demonstration() + END + after


def test_the_readme_shows_what_the_demonstration_prints() -> None:
    page = README.read_text(encoding="utf-8")
    assert page == rewritten(page), "write it anew: python -m tests.test_demo"


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
