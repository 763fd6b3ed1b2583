"""Change what must never be wrong, one thing at a time, and see whether a test notices.

``python scripts/mutate.py`` mutates each of ``TARGETS`` in a copy of this tree, runs the tests that
are named beside it, and ends 1 where fewer than 90 % of the changes are noticed. ``--sample N``
tries N of each target, the same ones each time; a word picks the targets whose path holds it.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ENOUGH = 0.9
TIME_LIMIT = 120.0  # seconds; a loop that does not end any more is noticed, too
COPIED = ("ngrok_scim_cli", "tests", "docs", "pyproject.toml")

# What must never be wrong, and the tests that hold it.
TARGETS: dict[str, tuple[str, ...]] = {
    "redact.py": ("tests/test_redact.py",),
    "hosts.py": ("tests/test_hosts.py", "tests/wire/test_withheld.py"),
    "diagnosis/people/both_sides.py": ("tests/diagnosis/people",),
    "diagnosis/people/match.py": ("tests/diagnosis/people",),
    "diagnosis/people/trace.py": ("tests/diagnosis/people",),
    "diagnosis/endpoint/paging.py": ("tests/diagnosis/endpoint/test_paging.py",),
    "setup/rotation.py": ("tests/setup/test_rotation.py", "tests/setup/test_revocation.py"),
    "setup/revocation.py": ("tests/setup/test_rotation.py", "tests/setup/test_revocation.py"),
}

# Changes that change nothing a person could notice, by the start of their line; and why.
_MORE = "hides more, and takes longer"
EQUIVALENT: dict[str, dict[str, str]] = {
    "redact.py": {
        "_LONGEST = ": "a limit one higher",
        "_ROUNDS = ": _MORE,
        "_MANY = ": "a limit one higher",
        "self._learned.add(": "then a secret is learned twice",
        "if core in self._learned": "as above",
        "yield from _encoded(": _MORE,
        "yield ascii(core)": "a letter less at either end; eight of them do",
        "starts = range(len(text)": "map ends with the shorter of the two",
        "return map(text.__getitem__": "map ends with the shorter of the two",
        'return "" if drop_controls else': "both are tried for each text",
        'code = int(match["octal"], 8)': "a list of numbers in base 8 is hidden, too",
    },
    "hosts.py": {
        'return ""': "nothing and an empty text are the same to whoever asks",
        "_LONGEST_": "a limit one higher",
        'bracketed = host.startswith("[")': "no address has one bracket; the parsers refuse it",
    },
    "diagnosis/people/match.py": {
        "is_new: bool = False": "match() always gives it",
    },
    "diagnosis/endpoint/paging.py": {
        "self._first_total_on = 0": "set with the first total, and not read before",
    },
}

OPPOSITES: dict[type[ast.AST], Any] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


@dataclass(frozen=True)
class Mutant:
    """A module with one thing changed: where, how, and its source."""

    module: str
    line: int
    change: str
    source: str


def mutants(module: str) -> Iterator[Mutant]:
    """Yield every mutant of ``module``: operators, conditions, constants, returns, statements."""
    text = (ROOT / "ngrok_scim_cli" / module).read_text("utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    unseen = tuple(EQUIVALENT.get(module, ()))
    # Whether a record has slots and refuses a change that nobody makes is seen nowhere.
    decorators = [
        part
        for node in ast.walk(tree)
        for item in getattr(node, "decorator_list", ())
        for part in ast.walk(item)
    ]
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            children = value if isinstance(value, list) else [value]
            for at, child in enumerate(children):
                if not isinstance(child, ast.AST) or is_of_types(parent, field, child):
                    continue
                if parent in decorators:
                    continue
                for changed in instead_of(child):
                    new = [*children[:at], changed, *children[at + 1 :]]
                    setattr(parent, field, new if isinstance(value, list) else changed)
                    source = ast.unparse(ast.fix_missing_locations(tree))
                    change = f"{in_short(child)}  ->  {in_short(changed)}"
                    line = getattr(child, "lineno", 0)
                    if not lines[line - 1].strip().startswith(unseen):
                        yield Mutant(module, line, change, source)
                setattr(parent, field, value)


def in_short(node: ast.AST) -> str:
    """Return the start of ``node`` as source, on one line."""
    return " ".join(ast.unparse(node).split())[:70]


def is_of_types(parent: ast.AST, field: str, child: ast.AST) -> bool:
    """Tell whether ``child`` says something to a type checker alone, or is a docstring."""
    if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
        return True
    return field in ("annotation", "returns") or (isinstance(parent, ast.Expr))


def instead_of(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 - a case for each kind
    """Yield what may stand in place of ``node``."""
    match node:
        case ast.Compare(left, [operator, *others], values) if type(operator) in OPPOSITES:
            yield ast.Compare(left, [OPPOSITES[type(operator)](), *others], values)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(OPPOSITES[type(operator)](), values)
        case ast.BinOp(left, operator, right) if type(operator) in OPPOSITES:
            yield ast.BinOp(left, OPPOSITES[type(operator)](), right)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.If(test, body, rest):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, rest)
        case ast.IfExp(test, yes, no):
            yield ast.IfExp(test, no, yes)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() as value):
            yield ast.Constant(value + 1)
        case ast.Return(value) if value is not None and ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass()


def is_noticed(mutant: Mutant, tree: Path) -> bool:
    """Tell whether a test fails in ``tree``, where the mutant stands in for its module."""
    path = tree / "ngrok_scim_cli" / mutant.module
    kept = path.read_bytes()
    path.write_text(mutant.source, "utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    try:
        status = subprocess.run(
            [*command, *TARGETS[mutant.module]],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=TIME_LIMIT,
        ).returncode
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_bytes(kept)
    return status != 0


def survivors(chosen: list[Mutant], workers: int) -> list[Mutant]:
    """Return those of ``chosen`` that no test notices; each worker has a tree of its own."""
    with tempfile.TemporaryDirectory() as folder:

        def work(number: int) -> list[Mutant]:
            tree = Path(folder) / str(number)
            for name in COPIED:
                copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
                tree.mkdir(exist_ok=True)
                copy(ROOT / name, tree / name)
            return [mutant for mutant in chosen[number::workers] if not is_noticed(mutant, tree)]

        with ThreadPoolExecutor(workers) as pool:
            return [mutant for found in pool.map(work, range(workers)) for mutant in found]


def main() -> int:
    """Try the mutants and print those that survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only the targets whose path holds one of these")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants of each target")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    is_enough = True
    for module in TARGETS:
        if asked.words and not any(word in module for word in asked.words):
            continue
        chosen = list(mutants(module))
        if asked.sample and asked.sample < len(chosen):
            chosen = random.Random(module).sample(chosen, asked.sample)  # noqa: S311 - no secret
        left = survivors(chosen, asked.workers)
        share = 1 - len(left) / len(chosen)
        is_enough = is_enough and share >= ENOUGH
        print(f"{module}: {share:.0%} of {len(chosen)} noticed", flush=True)
        for mutant in sorted(left, key=lambda it: it.line):
            print(f"  {mutant.line}: {mutant.change}", flush=True)
    return 0 if is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
