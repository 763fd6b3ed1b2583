"""How text looks at a terminal with colours: the one module of ``report`` that loads rich.

What is painted is printable already; no markup in it is obeyed.
"""

import re

from rich.color import ColorSystem
from rich.style import Style

# Only addresses of ngrok's and Okta's: what a server wrote becomes no link to elsewhere.
ADDRESS = re.compile(
    r"https://(?:[a-z0-9-]+\.)*(?:ngrok|okta)\.com"
    r"(?:[/?#][!-~]*|(?=[.,;:!?)'\"]*(?:\s|$)))"
)
_BEHIND_IT = ".,;:!?)'\""


def paint(text: str, look: str) -> str:
    """Return ``text`` in ``look``: rich's words for a style, like ``bold red``."""
    return Style.parse(look).render(text, color_system=ColorSystem.STANDARD)


def addresses_in(text: str) -> set[str]:
    """Return the addresses of ngrok's and Okta's in ``text``."""
    return {found[0].rstrip(_BEHIND_IT) for found in ADDRESS.finditer(text)}


def link(text: str, address: str) -> str:
    """Return ``text`` as a link to ``address`` (OSC 8), which holds nothing that steers."""
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"


def linked(line: str, addresses: set[str]) -> str:
    """Return ``line`` with those of ``addresses`` as links that it contains whole."""

    def one(found: re.Match[str]) -> str:
        address = found[0].rstrip(_BEHIND_IT)
        rest = found[0][len(address) :]
        return link(address, address) + rest if address in addresses else found[0]

    return ADDRESS.sub(one, line)
