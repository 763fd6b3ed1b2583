"""Look for known holes in what the program needs, at the pinned versions.

The data is asked of two services. Where neither can be had, that is said and nothing fails: a
machine without a network knows of no hole, which is no proof that there is none.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PIP_AUDIT = ROOT / ".checks" / "bin" / "pip-audit"
PINS = ROOT / "requirements" / "run.txt"


def main() -> int:
    """Return 1 where a hole is known."""
    for service in ("pypi", "osv"):
        packages = _audited(service)
        known = [package for package in packages if "vulns" in package]
        if not known:
            print(f"{service}: the data could not be had")
            continue
        for package in known:
            for hole in package["vulns"]:
                print(f"{package['name']} {package['version']}: {hole['id']}")
        holes = sum(len(package["vulns"]) for package in known)
        left = len(packages) - len(known)
        print(f"{service}: {len(known)} packages, {holes} known holes; {left} could not be told")
        return 1 if holes else 0
    print("NOT VERIFIED: whether there are known holes")
    return 0


def _audited(service: str) -> list[dict[str, Any]]:
    """Return each package as pip-audit tells of it; nothing where it cannot reach the service."""
    ended = subprocess.run(
        [
            *(str(PIP_AUDIT), "--vulnerability-service", service, "--format", "json"),
            *("--progress-spinner", "off", "--disable-pip", "--require-hashes"),
            *("--timeout", "10", "--requirement", str(PINS)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
    except ValueError:
        return []
    return packages


if __name__ == "__main__":
    sys.exit(main())
