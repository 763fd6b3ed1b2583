"""Who may import whom: the rules of docs/architecture.md, and a check of a tree against them."""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGE = "ngrok_scim_cli"

# What each room may import of ours besides itself: whole rooms, or one module of a room.
ROOMS: Mapping[str, frozenset[str]] = {
    "cli": frozenset(
        {
            "setup",
            "doctor",
            "probe",
            "rehearsal",
            "report",
            "settings",
            "sandbox",
            "form",
            "redact",
            "errors",
            "hosts",
        }
        # What it hands from one room to the next.
        | {
            "diagnosis.finding",
            "diagnosis.rehearsal.rules",
            "diagnosis.unknown",
            "diagnosis.values.validate",
            "wire.client",
            "wire.ngrok_api",
        }
        # What a command asks that needs no other room: `explain`, and which id a key has.
        | {"diagnosis.explain", "diagnosis.okta.reasons", "diagnosis.values.key"}
        # Whose codes a shell completes.
        | {"diagnosis.catalogue"}
    ),
    "setup": frozenset(
        # Okta's screens, which the wizard, the hand-off page and `okta-values` share.
        {"report.okta_screens"}
        | {"probe", "wire", "diagnosis", "hosts", "text", "settings", "form", "errors"}
    ),
    "doctor": frozenset(
        {"probe", "wire", "diagnosis", "hosts", "text", "settings", "form", "errors"}
    ),
    "rehearsal": frozenset({"wire", "diagnosis", "settings", "form", "text"}),
    "probe": frozenset({"wire", "diagnosis", "hosts", "text", "form"}),
    "report": frozenset({"diagnosis", "text", "wire.exchange", "form"}),
    "wire": frozenset({"hosts", "redact", "text"}),
    "settings": frozenset({"redact", "form", "errors"}),
    "diagnosis": frozenset({"form", "hosts", "text", "wire.exchange", "wire.okta_scopes"}),
    "hosts": frozenset({"text"}),
    "text": frozenset(),
    "sandbox": frozenset(),
    "redact": frozenset({"text"}),
    "form": frozenset(),
    "errors": frozenset(),
    "records": frozenset(),
    "__main__": frozenset({"cli"}),
    "__init__": frozenset(),
}

# What every room may import: it is a decorator and knows nothing of this program.
FOR_ALL = frozenset({"records"})

# Where alone a package of others may be imported: a room, or one module of a room.
THIRD_PARTY: Mapping[str, frozenset[str]] = {
    "certifi": frozenset({"wire"}),
    "cryptography": frozenset({"wire.okta_oauth", "sandbox.okta_oauth"}),
    "dns": frozenset({"wire"}),
    "h11": frozenset({"wire"}),
    "httpx": frozenset({"wire"}),
    "idna": frozenset({"diagnosis.ngrok.domains"}),
    "jeepney": frozenset({"settings.secrets"}),
    "jwt": frozenset({"wire.okta_oauth", "sandbox.okta_oauth"}),
    "keyring": frozenset({"settings"}),
    "platformdirs": frozenset({"settings"}),
    "publicsuffixlist": frozenset({"probe.domains"}),
    "rich": frozenset({"cli", "report.terminal"}),
    "scim2_models": frozenset({"sandbox"}),
    "scim2_server": frozenset({"sandbox"}),
    "tomlkit": frozenset({"settings"}),
    "truststore": frozenset({"wire"}),
    "typer": frozenset({"cli"}),
    "yaml": frozenset({"settings"}),
}

# All that the rules need of the standard library; none of it knows a file, a socket or a clock.
PURE_ROOMS = frozenset({"diagnosis", "form", "hosts", "records", "text"})
PURE_MODULES = frozenset(
    {
        "__future__",
        "base64",
        "binascii",
        "collections",
        "collections.abc",
        "dataclasses",
        "datetime",
        "difflib",
    }
    | {"email.utils", "enum", "functools", "html", "itertools", "json", "math", "operator", "re"}
    | {"importlib", "string", "types", "typing", "unicodedata", "urllib.parse"}
    # Of these, what holds or looks up a list, or reckons with addresses and asks nobody.
    | {"array", "bisect", "ipaddress"}
    # The reason phrases alone: what talks HTTP is in ``http.client``.
    | {"http"}
)
IMPURE_CALLS = frozenset({"open", "input", "print", "__import__"})
CLOCK_CALLS = frozenset({"now", "utcnow", "today"})

_BY_TEXT = frozenset({"importlib.import_module", "import_module", "__import__"})


def broken_rules(files: Mapping[str, str]) -> list[str]:
    """Return what is wrong, one line each.

    An import counts wherever it stands: inside a function, for type checkers only, relative, or by
    ``import_module``.

    Args:
        files: path within the package (``wire/client.py``) and content of each module.
    """
    modules = {_module(path) for path in files}
    return [
        f"{path}: {problem}"
        for path, source in files.items()
        for problem in _problems(path, ast.parse(source), modules)
    ]


def import_circles(files: Mapping[str, str]) -> list[list[str]]:
    """Return the modules that import each other, be it through others: each circle sorted.

    Imports inside a function count. Those for type checkers do, too, but in ``cli.commands``, where
    a command names the type of its options and is imported late.
    """
    modules = {_module(path) for path in files}
    imports = {
        _module(path): {
            name.removeprefix(f"{PACKAGE}.") for name in _imported(path, ast.parse(source), modules)
        }
        & modules
        for path, source in files.items()
    }
    reached = {module: _reached(module, imports) for module in imports}
    circles = {
        tuple(sorted(other for other in reached[module] if module in reached[other]))
        for module in modules
        if module in reached[module]
    }
    return sorted(map(list, circles))


def _reached(start: str, imports: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = imports[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def read_package(folder: Path) -> dict[str, str]:
    """Return every module of the package in ``folder``."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def _problems(path: str, tree: ast.Module, modules: set[str]) -> Iterator[str]:
    module = _module(path)
    room = path.split("/", maxsplit=1)[0].removesuffix(".py")
    if room not in ROOMS:
        yield f"{room} has no rule that says what it may import"
        return
    for name in _imported(path, tree, modules):
        if name == PACKAGE or name.startswith(f"{PACKAGE}."):
            target = name.removeprefix(PACKAGE).lstrip(".")
            if not _within(target, ROOMS[room] | FOR_ALL | {room, "", "__version__"}):
                yield f"{room} may not import {target}"
        elif name.split(".")[0] in sys.stdlib_module_names:
            if room in PURE_ROOMS and name not in PURE_MODULES:
                yield f"{room} is pure and may not import {name}"
        else:
            top = name.split(".")[0]
            homes = THIRD_PARTY.get(top, frozenset())
            if not _within(module, homes):
                yield f"only {' and '.join(sorted(homes)) or 'nobody'} may import {top}"
    if room in PURE_ROOMS:
        yield from (f"{room} is pure and may not call {name}" for name in _impure_calls(tree))


def _within(module: str, places: frozenset[str]) -> bool:
    return any(f"{module}.".startswith(f"{place}.") for place in places)


def _module(path: str) -> str:
    """Return the dotted name of a module within the package: ``wire.client``, ``report``."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imported(path: str, tree: ast.Module, modules: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _imported_from(path, node, modules)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in _BY_TEXT and node.args:
            yield from _imported_by_text(node.args[0])


def _imported_from(path: str, node: ast.ImportFrom, modules: set[str]) -> Iterator[str]:
    base = node.module or ""
    if node.level:
        folder = [PACKAGE, *path.split("/")[:-1]]
        above = folder[: len(folder) - node.level + 1]
        base = ".".join([*above, *([base] if base else [])])
    for alias in node.names:
        member = f"{base}.{alias.name}"
        is_module = base == PACKAGE or member.removeprefix(f"{PACKAGE}.") in modules
        yield member if is_module else base


def _imported_by_text(name: ast.expr) -> Iterator[str]:
    """Return what is known of a module's name that is put together while running."""
    first = name.values[0] if isinstance(name, ast.JoinedStr) and name.values else name
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value.rstrip(".")


def _impure_calls(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            yield node.func.id
        elif isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS:
            yield ast.unparse(node.func)
