"""Regular expressions that are compiled at first use, so that imports stay fast."""

import re
from typing import cast


class _LazyPattern:
    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> object:
        self.__dict__[name] = method = getattr(re.compile(*self._source), name)
        return method


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return ``re.compile(pattern, flags)``, compiled when one of its methods is first called."""
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))
