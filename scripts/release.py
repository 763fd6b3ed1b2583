"""Build what a release consists of into dist/: wheel, sdist, SBOM, completions, checksums.

The same commit gives the same bytes: every time in an archive is that of the commit.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ngrok_scim_cli import __version__

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
PINS = ROOT / "requirements" / "run.txt"
CYCLONEDX = ROOT / ".checks" / "bin" / "cyclonedx-py"


def main() -> int:
    """Build everything anew."""
    shutil.rmtree(DIST, ignore_errors=True)
    packages = DIST / "packages"  # nothing else may lie there: all of it goes to the index
    build(ROOT, packages, commit_time())
    (wheel,) = packages.glob("*.whl")
    write_sbom(wheel, DIST / "ngrok-scim-cli.cdx.json")
    shutil.copytree(ROOT / "completions", DIST / "completions")
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(DIST)}\n"
        for path in sorted(DIST.rglob("*"))
        if path.is_file()
    ]
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    print("".join(lines), end="")
    return 0


def commit_time() -> str:
    """Return the time of the commit in seconds, or what SOURCE_DATE_EPOCH says instead."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return given or _output("git", "log", "-1", "--format=%ct").strip()


def build(tree: Path, folder: Path, epoch: str) -> None:
    """Build the wheel and the sdist of ``tree`` into ``folder``; archives bear the time ``epoch``.

    The backend is the one that is installed here, at its pinned version.
    """
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)],
        cwd=tree,
        env=os.environ | {"SOURCE_DATE_EPOCH": epoch},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def write_sbom(wheel: Path, file: Path) -> None:
    """Install ``wheel`` with what it needs, at the pinned versions, and list that as CycloneDX."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", scratch], check=True)
        python = str(Path(scratch, "bin", "python"))
        install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
        subprocess.run(
            [*install, "--no-deps", "--require-hashes", "--requirement", str(PINS)], check=True
        )
        subprocess.run([*install, "--no-deps", str(wheel)], check=True)
        subprocess.run(
            [
                *(str(CYCLONEDX), "environment", python),
                *("--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"),
                *("--output-reproducible", "--validate", "--output-file", str(file)),
            ],
            check=True,
        )
    # The version stands in the code and not in pyproject.toml, where it was looked for.
    document = json.loads(file.read_text("utf-8"))
    document["metadata"]["component"] |= {
        "version": __version__,
        "purl": f"pkg:pypi/ngrok-scim-cli@{__version__}",
    }
    file.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
