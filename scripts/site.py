"""Build the site from docs/ and check that each of its links leads somewhere.

The pages of the top folder (changes, contributing, security) belong to the site, too. They are laid
beside those of docs/, below build/, with their links bent to where the pages are then.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "build" / "pages"
SITE = ROOT / "build" / "site"
OF_THE_TOP = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")

# What a code host makes of a repository, like `[1.0]: ../../compare/…`; the site knows of none.
_OF_THE_HOST = re.compile(r"^\[[^\]]+\]: \.\./\.\./.*\n", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?://|#)([^)\s]+)\)")


def main() -> int:
    """Build the site with the `zensical` beside this Python; return 1 where anything is wrong."""
    lay_out(ROOT, PAGES)
    shutil.rmtree(SITE, ignore_errors=True)
    zensical = Path(sys.executable).with_name("zensical")
    built = subprocess.run([zensical, "build", "--strict", "--clean"], cwd=ROOT, check=False)
    if built.returncode:
        return built.returncode
    wrong = [*pages_left_out(PAGES, SITE), *broken_links(SITE)]
    for line in wrong:
        print(line)
    count = sum(1 for _ in SITE.rglob("*.html"))
    print(f"{count} pages in {SITE.relative_to(ROOT)}, {len(wrong)} wrong")
    return 1 if wrong or not count else 0


def lay_out(root: Path, pages: Path) -> None:
    """Copy docs/ and the pages of the top folder to ``pages``."""
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(root / "docs", pages)
    for name in OF_THE_TOP:
        shutil.copy(root / name, pages / name)
    for page in pages.rglob("*.md"):
        at = page.relative_to(pages)
        source = root / at if at.as_posix() in OF_THE_TOP else root / "docs" / at
        page.write_text(bent(page.read_text("utf-8"), source, root), encoding="utf-8")


def bent(text: str, source: Path, root: Path) -> str:
    """Return the text of a page with its links as they are on the site.

    A link to a file that the site does not have becomes its name.
    """

    def link(found: re.Match[str]) -> str:
        target, hash_, anchor = found[2].partition("#")
        path = (source.parent / target).resolve().relative_to(root.resolve())
        if path.parts[0] == "docs":
            place = Path(*path.parts[1:])
        elif path.as_posix() in OF_THE_TOP:
            place = path
        else:
            return f"{found[1]} (`{path.as_posix()}`)"
        here = source.resolve().relative_to(root.resolve())
        depth = len(here.parts) - 2 if here.parts[0] == "docs" else 0
        return f"[{found[1]}]({'../' * depth}{place.as_posix()}{hash_}{anchor})"

    return _LINK.sub(link, _OF_THE_HOST.sub("", text))


def pages_left_out(pages: Path, site: Path) -> Iterator[str]:
    """Yield each page that the site does not have; the address of a finding is one of them."""
    for page in sorted(pages.rglob("*.md")):
        at = page.relative_to(pages).with_suffix("")
        if not (site / (at.parent if at.name == "index" else at) / "index.html").exists():
            yield f"{at} is not in the site"


class _Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a tag leads, and by what name it is found."""
        for name, value in attrs:
            if name in ("href", "src") and value and tag != "base":
                self.links.append(value)
            elif name == "id" and value:
                self.anchors.add(value)


def broken_links(site: Path) -> Iterator[str]:
    """Yield each link within the site that leads nowhere,."""
    pages = {path: _Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        if path.name == "404.html":  # its links are absolute, for whatever address is missing
            continue
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                yield f"{path.relative_to(site)}: {link} leads nowhere"
            elif parts.fragment and target in pages and parts.fragment not in pages[target].anchors:
                yield f"{path.relative_to(site)}: {link} has no such anchor"


if __name__ == "__main__":
    sys.exit(main())
