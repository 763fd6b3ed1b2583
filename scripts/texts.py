"""Print every text of the package that a person can read, in one list.

``texts.py [WORD ...]`` prints only the texts that contain one of the words, whatever their case.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS

PACKAGE = Path(__file__).parent.parent / "ngrok_scim_cli"
# Printed from their tables, which show more than the source does.
TABLES = ("catalogue.py", "error_codes.py")
# A text has a letter, a blank and another letter; a name, a pattern or an address has not.
SENTENCE = re.compile(r"[A-Za-z…”\"')}] +[A-Za-z“\"'({]")

Text = tuple[str, str]


def texts() -> Iterator[Text]:
    """Return where each text stands, and the text."""
    for code, entry in CATALOGUE.items():
        where = f"{code} {entry.severity}, {entry.certainty}"
        yield where, f"{entry.title}\n    why: {entry.cause}\n    fix: {entry.fix}"
    for number, error in NGROK_ERRORS.items():
        text = f"{error.meaning}\n    why: {error.cause}\n    fix: {error.fix or error.finding}"
        yield f"ERR_NGROK_{number}", text
    for path in sorted(PACKAGE.rglob("*.py")):
        if not path.name.endswith(TABLES):
            name = path.relative_to(PACKAGE)
            yield from ((f"{name}:{line}", text) for line, text in literals(path.read_text()))
    for path in sorted((PACKAGE / "cli" / "help").iterdir()):
        if path.suffix == ".txt":
            yield f"help/{path.name}", path.read_text()


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Return the line and the text of each literal that reads as a sentence, but no docstring."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent.update(id(part) for part in ast.walk(node) if part is not node)
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append((node.lineno, node.value))
        elif isinstance(node, ast.JoinedStr):
            found.append((node.lineno, ast.unparse(node).removeprefix("f")[1:-1]))
    yield from sorted(each for each in found if SENTENCE.search(each[1]))


def main() -> int:
    """Print the texts."""
    wanted = [word.lower() for word in sys.argv[1:]]
    for where, text in texts():
        if not wanted or any(word in text.lower() for word in wanted):
            print(f"{where}\n    {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
