"""`make demo` prints what the README shows; ``python -m tests.test_demo`` writes it there anew."""

import subprocess
import sys
from pathlib import Path

from scripts.sandbox_run import stable

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BEGIN = "<details><summary>All that it prints</summary>\n\n```\n"
END = "```\n\n</details>"


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
    return stable(text)


def rewritten(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + demonstration() + END + after


def test_the_readme_shows_what_the_demonstration_prints() -> None:
    page = README.read_text(encoding="utf-8")
    assert page == rewritten(page), "write it anew: python -m tests.test_demo"


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
