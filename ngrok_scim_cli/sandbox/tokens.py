"""Reads an expression token by token, as the filters of ngrok's API and of Okta's are read."""

import re
from collections import deque
from collections.abc import Callable
from typing import Any

Test = Callable[[Any], Any]


class TokenReader:
    """The tokens of a text, from left to right.

    Args:
        token: its first group is a token.
        error: what is raised where the text is not understood.
    """

    def __init__(
        self, text: str, token: re.Pattern[str], error: Callable[[str], Exception]
    ) -> None:
        self._error = error
        self._tokens: deque[str] = deque()
        place, end = 0, len(text.rstrip())
        while place < end:
            found = token.match(text, place)
            if found is None:
                raise error(f"Syntax error at position {place}")
            self._tokens.append(found[1])
            place = found.end()

    def expect_end(self) -> None:
        """Refuse what stands behind the expression."""
        if self._tokens:
            raise self._error(f"Unexpected {self._tokens[0]!r}")

    def next(self) -> str:
        """Return the next token, and leave it; empty at the end."""
        return self._tokens[0] if self._tokens else ""

    def take(self) -> str:
        """Return the next token."""
        if not self._tokens:
            raise self._error("Unexpected end of the expression")
        return self._tokens.popleft()

    def joined(
        self, sign: str, join: Callable[..., bool], part: Callable[[int], Test], depth: int
    ) -> Test:
        """Read the parts between which ``sign`` stands."""
        parts = [part(depth)]
        while self.next().lower() == sign:
            self.take()
            parts.append(part(depth))
        return parts[0] if len(parts) == 1 else lambda obj: join(one(obj) for one in parts)
