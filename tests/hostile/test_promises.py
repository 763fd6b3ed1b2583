"""SECURITY.md names a test for each promise, and each of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_each_promise_is_held_by_a_test_that_exists() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    promised = page.partition("## What is promised")[2].partition("## What is not")[0]
    rows = [line for line in promised.splitlines() if line.startswith("| ")][1:]

    assert [row for row in rows if not NAMED.search(row) and not row.startswith("| ---")] == []
    assert [
        f"{path}::{name}"
        for path, name in NAMED.findall(promised)
        if f"def {name}(" not in (ROOT / path).read_text("utf-8")
    ] == []
