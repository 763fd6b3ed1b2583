"""One exchange under way: its deadline, and what it has passed."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from ngrok_scim_cli.wire.exchange import Phase, PhaseTiming

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.proxy import Proxy

KEEP_ALIVE = 4.0
"""Seconds. Servers commonly drop an idle connection after 5 seconds or more."""

HTTP = b"HTTP/"
"""Enough of a reply to see whether it is HTTP."""


class RequestContext:
    """One exchange, from the look-up of the name to the last byte of the body.

    Attributes:
        seconds: the deadline of the whole, in seconds from its start.
        at_proxy: whether the proxy is spoken to, and not yet the server behind it.
        first_bytes: how the reply begins, as many bytes as ``HTTP`` has.
        has_ended: whether the other side has closed the connection.
        is_reused: whether an earlier connection is used again.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.timings: list[PhaseTiming] = []
        self.proxy: Proxy | None = None
        self.at_proxy = self.has_ended = self.is_reused = False
        self.private_issuer = ""
        self.first_bytes = b""
        self._was_left = self._is_second = False
        self._started = self._passed_last = monotonic()
        self._ends = self._started + seconds

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
        return round((monotonic() - self._started) * 1000)

    def passed(self, phase: Phase, detail: str) -> None:
        """Note that ``phase`` has been passed just now."""
        now = monotonic()
        self.timings.append(PhaseTiming(phase, round((now - self._passed_last) * 1000), detail))
        self._passed_last = now

    @contextmanager
    def left_out(self) -> Iterator[None]:
        """Do not count the time of the block, in which nobody waits for the reply."""
        left = monotonic()
        yield
        seconds = monotonic() - left
        self._was_left = seconds > KEEP_ALIVE
        self._started += seconds
        self._passed_last += seconds
        self._ends += seconds

    def arrived(self, data: bytes) -> None:
        """Note bytes from the other side; none means that it has closed the connection."""
        self.has_ended = not data
        self.first_bytes += data[: len(HTTP) - len(self.first_bytes)]

    @property
    def is_stale(self) -> bool:
        """Whether a first attempt failed on a connection that was idle.

        A server may close such a one whenever it likes, so that says nothing of the server.
        """
        may_be_closed = (self.is_reused and not self.first_bytes) or self._was_left
        return may_be_closed and not self._is_second

    def start_over(self) -> None:
        """Forget what was passed, and go on towards the same deadline."""
        self.timings = []
        self.is_reused = self._was_left = False
        self._is_second = True
        self.server_answers()

    def server_answers(self) -> None:
        """Forget what the proxy said: from here on, the server answers."""
        self.at_proxy = self.has_ended = False
        self.first_bytes = b""
