"""Loads httpx without its command line."""

import sys
from threading import Lock
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from types import ModuleType

_COMMAND_LINE = "httpx._main"
_LOADING = Lock()


def load_httpx() -> None:
    """Import httpx, and leave out the command line that it brings along.

    Wherever click is installed, httpx imports its own command line with it, and with that rich and
    pygments: two thirds of its import, for nothing. It takes an ``ImportError`` there for "not
    installed", and ``None`` in ``sys.modules`` raises one
    (https://docs.python.org/3/reference/import.html#the-module-cache).
    """
    # Two wires may send their first requests at the same time.
    with _LOADING:
        if "httpx" in sys.modules:
            return
        sys.modules[_COMMAND_LINE] = cast("ModuleType", None)
        try:
            import httpx  # noqa: F401 - loaded here so that the others find it
        finally:
            del sys.modules[_COMMAND_LINE]
