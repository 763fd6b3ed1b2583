"""Mutation testing of what must never be wrong: change one thing, and see whether a test fails.

``python scripts/mutate.py`` mutates each of ``TARGETS``, runs the tests that are named beside it
and reach the changed line, and ends 1 where fewer than 90 % of the mutants are killed. A word picks
the targets whose path holds it; ``--sample N`` tries N mutants of each, the same ones each time.

mutmut and cosmic-ray start pytest for each mutant, which takes longer than our tests do. Here each
mutant is a fork of one pytest that has collected the tests.
"""

import argparse
import ast
import contextlib
import copy
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import unwrap
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NoReturn

import coverage
import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "ngrok_scim_cli"
ENOUGH = 0.9
MEMORY = 4 << 30  # bytes of addresses; a mutant that takes more fails
CPU_LIMIT, TIME_LIMIT = 30, 300  # seconds; a mutant that takes longer fails, too

PEOPLE, SETUP, WIRE = "tests/diagnosis/people/", "tests/setup/", "tests/wire/"

# What must never be wrong, and the tests that hold it.
TARGETS: dict[str, tuple[str, ...]] = {
    "redact.py": ("tests/test_redact.py",),
    "text/letters.py": ("tests/test_redact.py",),
    "hosts.py": ("tests/test_hosts.py", f"{WIRE}test_withheld.py"),
    "wire/connection.py": tuple(
        f"{WIRE}test_{name}.py" for name in ("connection", "body", "client", "proxy", "tls")
    ),
    "wire/sender.py": tuple(
        f"{WIRE}test_{name}.py" for name in ("withheld", "connection", "client", "proxy", "tls")
    ),
    "diagnosis/endpoint/paging.py": ("tests/diagnosis/endpoint/test_paging.py",),
    "diagnosis/people/both_sides.py": (f"{PEOPLE}test_both_sides.py",),
    "diagnosis/people/match.py": (f"{PEOPLE}test_match.py", f"{PEOPLE}test_both_sides.py"),
    "diagnosis/people/trace.py": (f"{PEOPLE}test_trace.py",),
    "diagnosis/people/user_rules.py": (f"{PEOPLE}test_user_rules.py",),
    "setup/key_plan.py": tuple(f"{SETUP}test_{name}.py" for name in ("key_plan", "key_journal")),
    "setup/rotation.py": (f"{SETUP}test_rotation.py",),
    "setup/revocation.py": (f"{SETUP}test_revocation.py",),
}

# Mutants that nobody can tell from the original, as they are printed, and why. They do not count.
EQUIVALENT: dict[str, dict[str, str]] = {
    "redact.py": {
        "module: _LONGEST = 8192  ->  _LONGEST = 8193": "a limit one higher",
        "module: _GRAM = 4  ->  _GRAM = 5": "n-grams of any length find the same",
        "module: ord('Z') + 1  ->  ord('Z') + 2": "[ counts as {, in texts and secrets alike",
        "module: _MANY = 500  ->  _MANY = 501": "a limit one higher",
        "module: _SHORT = 200  ->  _SHORT = 201": "a limit one higher",
        "redact: len(text) < _SHORT  ->  len(text) >= _SHORT": "then others are remembered",
        "learn: self._learned.add(core)  ->  pass": "then a secret is learned twice",
        "learn: self._times_learned += 1  ->  self._times_learned += 2": "it only has to differ",
        "__init__: self._times_learned = 0  ->  self._times_learned = 1": "as above",
        "module: _PIECE - _GRAM + 1  ->  _PIECE - _GRAM - 1": "a search at more places",
        "find: len(text) - _GRAM  ->  len(text) + _GRAM": "a gram that is too short is none",
        "find: len(text) - _GRAM + 1  ->  len(text) - _GRAM + 2": "as above",
        "find: place - _STEP + 1  ->  place - _STEP - 1": "a look at more places",
        "find: place + 1  ->  place + 2": "as above",
        "redact: self._remembered(text, times) if len(text) < _SHORT else self._redact(text)  ->  "
        "self._redact(text) if len(text) < _SHORT else self._remembered(text, times)": "as above",
        "_clean_many: _APART.join(texts) if len(texts) == _MANY else ''  ->  "
        "'' if len(texts) == _MANY else _APART.join(texts)": "which texts are looked at at once",
        "_clean_many: len(texts) == _MANY  ->  len(texts) != _MANY": "as above",
        "_written_forms: group=5  ->  group=6": "one more place in a group, which is the first",
        "_written_forms: group=3  ->  group=4": "as above",
        "__init__: lru_cache(1000)  ->  lru_cache(1001)": "a limit one higher",
    },
    "text/letters.py": {
        "module: LAST_ASCII = 128  ->  LAST_ASCII = 129": "U+0080 is no letter",
        "module: _ROUNDS = 4  ->  _ROUNDS = 5": "a limit one higher",
        "is_plain: return text.isascii() and (not _ESCAPE.search(text)) and "
        "(not _MARKUP.search(text)) and (n  ->  return None": "then each text is read in each way",
        "readings_of: len(text) + 1  ->  len(text) + 2": "one place more than there are letters",
        "readings_of: break  ->  pass": "another round changes nothing either",
        "_character: '' if is_literal else written  ->  written if is_literal else ''": "a text is "
        "read in both ways",
    },
    "wire/connection.py": {
        "module: 100 * 1024  ->  101 * 1024": "a limit one higher",
        "module: 100 * 1024  ->  100 * 1025": "as above",
        "module: 64 * 1024  ->  65 * 1024": "as above",
        "module: 64 * 1024  ->  64 * 1025": "as above",
        "read_body: (bytearray(), b'', 0)  ->  (bytearray(), b'', 1)": "a limit one lower",
        "start_next_exchange: return False  ->  return None": "both mean no",
    },
    "setup/key_plan.py": {
        "module: minutes=15  ->  minutes=16": "a limit one higher",
    },
    "diagnosis/endpoint/paging.py": {
        "_number: value > 0  ->  value > 1": "asked of numbers above a quadrillion alone",
        "add: :1  ->  :2": "the first and the last are read, and none between them",
    },
    "diagnosis/people/both_sides.py": {
        "_take: bool(self._new_since) and app_user.created > self._new_since  ->  "
        "bool(self._new_since) or app_user.created > self._new_since": "then more is kept",
        "orphans: self, at_most: int=1000  ->  self, at_most: int=1001": "a limit one higher",
    },
    "diagnosis/people/match.py": {
        "PersonMatch: is_new: bool = False  ->  is_new: bool = True": "match() always gives it",
    },
    "diagnosis/people/user_rules.py": {
        "module: _KEPT = 100  ->  _KEPT = 101": "five of them are shown",
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
    """A module with one thing changed.

    Attributes:
        lines: where the change is.
        is_run: whether a test runs it; the rest is run where the module is imported.
        change: the function, what is there, and what is there instead.
    """

    lines: range
    is_run: bool
    change: str
    code: CodeType


def mutants(module: str) -> Iterator[Mutant]:
    """Yield every mutant of ``module``: operators, conditions, constants, returns, statements."""
    path = ROOT / PACKAGE / module
    tree = ast.parse(path.read_text("utf-8"))

    def within(parent: ast.AST, scope: str, *, is_run: bool) -> Iterator[Mutant]:
        """Change one child of ``parent`` after another, and put each back; then go into it."""
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "decorator_list"):
                continue
            # Defaults are computed where the function is made.
            inside = is_run or (field == "body" and isinstance(parent, ast.FunctionDef))
            children = value if isinstance(value, list) else [value]
            for at, child in enumerate(children):
                if not isinstance(child, ast.AST):
                    continue
                # A number says little without what is around it.
                shown = parent if isinstance(child, ast.Constant) else child
                before = in_short(shown)
                for changed in instead_of(child):
                    new = [*children[:at], changed, *children[at + 1 :]]
                    setattr(parent, field, new if isinstance(value, list) else changed)
                    after = in_short(parent if shown is parent else changed)
                    located = ast.fix_missing_locations(copy.deepcopy(tree))
                    yield Mutant(
                        range(child.lineno, child.end_lineno + 1),  # type: ignore[attr-defined]
                        inside,
                        f"{scope}: {before}  ->  {after}",
                        compile(located, str(path), "exec", dont_inherit=True),
                    )
                setattr(parent, field, value)
                yield from within(child, getattr(child, "name", None) or scope, is_run=inside)

    yield from within(tree, "module", is_run=False)


def in_short(node: ast.AST) -> str:
    """Return the start of ``node`` as source, on one line."""
    return " ".join(ast.unparse(node).split())[:90]


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
        case ast.If(ast.Compare() | ast.UnaryOp(ast.Not()) | ast.Name("TYPE_CHECKING")):
            return  # the condition has a mutant of its own
        case ast.Expr(ast.Call(ast.Attribute(attr="describe"))):
            return  # texts of the catalogue
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


def replace(old: object, new: object) -> None:
    """Let ``old``, an imported module or a class, be as ``new``, also for those who hold it."""
    for name, value in vars(new).items():
        before = vars(old).get(name)
        was, becomes = _function(before), _function(value)
        if was and becomes:
            was.__code__, was.__defaults__ = becomes.__code__, becomes.__defaults__
            was.__kwdefaults__ = becomes.__kwdefaults__
        elif isinstance(value, type) and isinstance(before, type):
            if value is not before:  # not imported
                replace(before, value)
        elif not name.startswith("__") and type(value).__module__ == "builtins":
            if repr(value) == repr(before):  # an Enum in it is another one
                continue
            with contextlib.suppress(AttributeError, TypeError):  # an Enum
                setattr(old, name, value)


def _function(value: object) -> FunctionType | None:
    inner: Any = getattr(value, "fget", None) or getattr(value, "__func__", value)
    inner = unwrap(inner)
    return inner if isinstance(inner, FunctionType) else None


class Trial:
    """A plugin of pytest that runs the collected tests once for each mutant."""

    def __init__(self, modules: Sequence[str], sample: int | None) -> None:
        self.is_enough = True
        self._modules = modules
        self._sample = sample

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests without a mutant, then with each."""
        reached = _reached(session, self._modules)
        for module in self._modules:
            begun = time.monotonic()
            path = ROOT / PACKAGE / module
            unchanged = compile(path.read_text("utf-8"), str(path), "exec", dont_inherit=True)
            if not survives(session, session.items, module, unchanged):
                stop(f"{module}: a mutant with no change at all is killed")
            tests = reached.contexts_by_lineno(str(path))
            judged = EQUIVALENT.get(module, {})
            every = list(mutants(module))
            chosen = [mutant for mutant in every if mutant.change not in judged]
            if self._sample and self._sample < len(chosen):
                chosen = random.Random(module).sample(chosen, self._sample)  # noqa: S311
            survivors = 0
            for mutant in chosen:
                ids = {test for line in mutant.lines for test in tests.get(line, ())}
                items = [
                    item
                    for item in session.items
                    if item.nodeid.startswith(TARGETS[module])
                    and (item.nodeid in ids or not mutant.is_run)
                ]
                if survives(session, items, module, mutant.code):
                    survivors += 1
                    show(f"  {mutant.lines[0]}: {mutant.change}")
            unknown = judged.keys() - {mutant.change for mutant in every}
            share = 1 - survivors / len(chosen)
            self.is_enough = self.is_enough and share >= ENOUGH and not unknown
            show(
                f"{module}: {share:.1%} of {len(chosen)} killed, {survivors} survive; "
                f"{len(every)} in all, {len(judged)} judged equivalent; "
                f"{time.monotonic() - begun:.0f} s"
            )
            for change in unknown:
                show(f"  judged, but there is no such mutant: {change}")
        return True


def show(line: str) -> None:
    """Print a line past pytest, which captures what is printed."""
    print(line, file=sys.__stdout__, flush=True)


def stop(reason: str) -> NoReturn:
    """End the run."""
    show(reason)
    pytest.exit(reason, returncode=1)


def survives(
    session: pytest.Session, items: Sequence[pytest.Item], module: str, code: CodeType
) -> bool:
    """Tell whether ``items`` pass with ``code`` in the place of ``module``."""
    child = os.fork()
    if child == 0:
        has_failed = True
        try:
            signal.alarm(TIME_LIMIT)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            os.setpgid(0, 0)
            changed = ModuleType(f"{PACKAGE}.{module.removesuffix('.py').replace('/', '.')}")
            exec(code, changed.__dict__)  # noqa: S102 - our own source
            replace(sys.modules[changed.__name__], changed)
            has_failed = not passes(session, items)
        finally:
            os._exit(has_failed)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


def passes(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    """Run ``items`` until one fails."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


def _reached(session: pytest.Session, modules: Sequence[str]) -> coverage.CoverageData:
    """Run every test, and return which lines of ``modules`` each of them runs, by its node id."""
    files = [str(ROOT / PACKAGE / module) for module in modules]
    measured = coverage.Coverage(data_file=None, config_file=False, include=files)
    measured.start()
    for item in session.items:
        measured.switch_context(item.nodeid)
        if not passes(session, [item]):
            stop(f"fails without a mutant: {item.nodeid}")
    measured.stop()
    return measured.get_data()


def main() -> int:
    """Try the mutants and print those that survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only the targets whose path holds one of these")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants of each target")
    asked = parser.parse_args()
    os.chdir(ROOT)
    os.environ.update(CI="1", HYPOTHESIS_PROFILE="few")  # CI: the same examples each time
    modules = [name for name in TARGETS if any(word in name for word in asked.words or [""])]
    trial = Trial(modules, asked.sample)
    tests = dict.fromkeys(path for module in modules for path in TARGETS[module])
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        status = pytest.main(["-qs", "-pno:cacheprovider", *tests], plugins=[trial])
    return 0 if trial.is_enough and not status else 1


if __name__ == "__main__":
    sys.exit(main())
