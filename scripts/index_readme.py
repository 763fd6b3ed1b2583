"""The README as a package index shows it, which knows no file of the repository beside it.

hatchling calls this while it builds. Relative links become their words, and pictures, diagrams and
comments go, until the project has a public address that they could lead to.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_GONE = re.compile(
    r"^(?:```mermaid\n.*?^```|!\[[^\]]*\]\([^)]*\)|<!--.*?-->)\n\n?", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\[([^\]]+)\]\((?!https://)[^)\s]+\)")


class IndexReadme(MetadataHookInterface):
    """Puts the README into the metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the field ``readme``."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": for_an_index(text)}


def for_an_index(text: str) -> str:
    """Return the README without what would lead nowhere."""
    return _LINK.sub(r"\1", _GONE.sub("", text))
