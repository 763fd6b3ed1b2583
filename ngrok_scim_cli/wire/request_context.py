"""One exchange under way: its deadline, and what it has passed."""

from collections.abc import Iterable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from ngrok_scim_cli.wire.exchange import Phase, PhaseTiming

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.proxy import Proxy

KEEP_ALIVE = 4.0
"""Seconds. Servers commonly drop an idle connection after 5 seconds or more."""

# Enough of a reply to see whether it is HTTP.
_HTTP = b"HTTP/"


class RequestContext:
    """One exchange, from the look-up of the name to the last byte of the body.

    Attributes:
        seconds: the deadline of the whole, in seconds from its start.
        at_proxy: whether the talk is still with the proxy and not with the server behind it.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.timings: list[PhaseTiming] = []
        self.proxy: Proxy | None = None
        self.at_proxy = False
        self.private_issuer = ""
        self._is_reused = self._was_left = False
        self._started = self._passed_last = monotonic()
        self._ends = self._started + seconds
        self._reply_start = b""
        self._has_ended = False

    def time_left(self) -> float:
        """Return the seconds up to the deadline, more than 0.

        Raises:
            TimeoutError: the deadline has passed.
        """
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    @property
    def elapsed_ms(self) -> int:
        """The time since the start, in milliseconds."""
        return _milliseconds(monotonic() - self._started)

    def passed(self, phase: Phase, detail: str) -> None:
        """Note that ``phase`` has been passed just now."""
        now = monotonic()
        self.timings.append(PhaseTiming(phase, _milliseconds(now - self._passed_last), detail))
        self._passed_last = now

    def reuse(self, connection: Iterable[PhaseTiming], private_issuer: str) -> None:
        """Note that an earlier connection is used again."""
        self._is_reused = True
        self.private_issuer = private_issuer
        self.timings = [replace(timing, elapsed_ms=0) for timing in connection]

    def leave_out(self, seconds: float) -> None:
        """Do not count the last ``seconds``, in which nobody waited for the reply."""
        self._was_left = seconds > KEEP_ALIVE
        self._started += seconds
        self._passed_last += seconds
        self._ends += seconds

    def arrived(self, data: bytes) -> None:
        """Note bytes from the other side; none means that it has closed the connection."""
        self._has_ended = not data
        if len(self._reply_start) < len(_HTTP):
            self._reply_start += data[: len(_HTTP)]

    @property
    def is_unanswered(self) -> bool:
        """Whether not a single byte of a reply has come."""
        return not self._reply_start

    @property
    def is_cut_off(self) -> bool:
        """Whether the other side closed the connection before or within an HTTP reply."""
        return self._has_ended and not self.is_no_http

    @property
    def is_no_http(self) -> bool:
        """Whether the first bytes that came begin no HTTP reply."""
        return not _HTTP.startswith(self._reply_start[: len(_HTTP)])

    @property
    def is_stale(self) -> bool:
        """Whether the server may have closed the connection because nobody used it."""
        return (self._is_reused and self.is_unanswered) or self._was_left

    def start_over(self) -> None:
        """Forget what was passed, and go on towards the same deadline."""
        self.timings = []
        self._is_reused = self._was_left = False
        self.server_answers()

    def server_answers(self) -> None:
        """Forget what the proxy said: from here on, the server answers."""
        self.at_proxy = False
        self._reply_start = b""
        self._has_ended = False


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
