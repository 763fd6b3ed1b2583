"""Golden files: what a result looked like when somebody last looked at it.

``UPDATE_GOLDEN=1 python -m pytest tests/report`` writes them anew; read the difference.
"""

import os
from pathlib import Path

from ngrok_scim_cli import __version__

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Compare ``text`` with the golden file ``name``, or write it where that is asked for."""
    path = FOLDER / name
    lasting = text.replace(f'"version": "{__version__}"', '"version": "(this one)"')
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(lasting, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == lasting
