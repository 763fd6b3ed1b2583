"""Write what is made from the code: help pages, completions, findings, reference, pictures.

``--check`` writes nothing and ends with 1 where a file is not current.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from ngrok_scim_cli.cli.commands.help import Shell, completion_script
from scripts.finding_pages import finding_pages
from scripts.help_pages import explanations, help_pages
from scripts.pictures import pictures
from scripts.reference_pages import reference_pages

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
# Folders and files of which nothing else stands: what is made no more is removed.
WHOLE = (
    "ngrok_scim_cli/cli/help/*.txt",
    "docs/findings/*.md",
    "docs/reference/*.md",
    "docs/pictures/*.svg",
)

# Named as each shell looks for them.
COMPLETIONS = {
    Shell.BASH: "ngrok-scim.bash",
    Shell.ZSH: "_ngrok-scim",
    Shell.FISH: "ngrok-scim.fish",
}


def generated() -> Iterator[tuple[Path, str]]:
    """Return each generated file with its content."""
    for name, page in help_pages().items():
        yield ROOT / "ngrok_scim_cli" / "cli" / "help" / name, page
    yield ROOT / "ngrok_scim_cli" / "cli" / "help" / "explanations", explanations()
    for shell, name in COMPLETIONS.items():
        yield ROOT / "completions" / name, f"{completion_script(shell)}\n"
    yield from finding_pages(DOCS)
    yield from reference_pages(DOCS)
    yield from pictures(DOCS)


def main() -> int:
    """Write the files, or check them."""
    checking = sys.argv[1:] == ["--check"]
    made = dict(generated())
    stale = [
        path
        for path, content in made.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != content
    ]
    there = {path for pattern in WHOLE for path in ROOT.glob(pattern)}
    stale += sorted(there - made.keys())
    if checking:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current; run: make generate")
        return 1 if stale else 0
    for path in stale:
        path.unlink(missing_ok=True)
        if path in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
    print(f"{len(stale)} files written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
