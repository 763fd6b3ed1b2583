"""Write what is generated from the code: the help pages that are kept ready, and docs/findings.md.

``--check`` writes nothing and ends with 1 where a file is not current.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from ngrok_scim_cli.cli.help_pages import explanations, help_pages
from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE

ROOT = Path(__file__).parent.parent

CATEGORIES = {
    "ENV": "This machine",
    "URL": "SCIM connector base URL",
    "KEY": "Authorization",
    "FRM": "The other fields of Okta's form",
    "NET": "Reaching the endpoint",
    "SCM": "The reply",
    "USR": "The users",
    "NGR": "The ngrok account",
    "DOM": "Domains",
    "OKT": "The Okta org and app",
}


def generated() -> Iterator[tuple[Path, str]]:
    """Return each generated file with its content."""
    for name, page in help_pages().items():
        yield ROOT / "ngrok_scim_cli" / "cli" / "help" / name, page
    yield ROOT / "ngrok_scim_cli" / "cli" / "help" / "explanations", explanations()
    yield ROOT / "docs" / "findings.md", findings_page()


def findings_page() -> str:
    """Return docs/findings.md: every code with its cause and its fix."""
    lines = [
        "# Findings",
        "",
        "Every code that `ngrok-scim` can report. A code never changes its meaning.",
        "`ngrok-scim explain CODE` prints the same offline.",
    ]
    for prefix, title in CATEGORIES.items():
        lines += ["", f"## {prefix}: {title}"]
        for code, entry in CATALOGUE.items():
            if code.startswith(prefix):
                slots = dict(entry.generic)
                lines += [
                    "",
                    f"### {code}",
                    "",
                    f"**{entry.title.format_map(slots)}** ({entry.severity})",
                    "",
                    entry.cause.format_map(slots),
                    "",
                    f"*To do:* {entry.fix.format_map(slots)}",
                ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the files, or check them."""
    checking = sys.argv[1:] == ["--check"]
    stale = [
        path
        for path, content in generated()
        if not path.is_file() or path.read_text(encoding="utf-8") != content
    ]
    if checking:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current; run: make generate")
        return 1 if stale else 0
    for path in (ROOT / "ngrok_scim_cli" / "cli" / "help").glob("*.txt"):
        path.unlink()
    for path, content in generated():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    print(f"{len(stale)} files written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
