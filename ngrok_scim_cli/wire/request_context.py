"""One exchange under way: its deadline, and what it has passed."""

from collections.abc import Iterable
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING

from ngrok_scim_cli.wire.exchange import Phase, PhaseTiming

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.proxy import Proxy

# Enough of a reply to see whether it is HTTP.
_HTTP = b"HTTP/"


class RequestContext:
    """One exchange, from the look-up of the name to the last byte of the body.

    Attributes:
        seconds: the deadline of the whole, in seconds from its start.
        at_proxy: whether the talk is still with the proxy and not with the server behind it.
        host_line: where the header ``Host`` goes, counted from 0.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.timings: list[PhaseTiming] = []
        self.proxy: Proxy | None = None
        self.at_proxy = False
        self.private_issuer = ""
        self.host_line = 0
        self._started = self._passed_last = monotonic()
        self._ends = self._started + seconds
        self._is_request_sent = False
        self._is_reused = False
        self._reply_start = b""
        self._has_ended = False

    def time_left(self, late: type[Exception]) -> float:
        """Return the seconds up to the deadline, more than 0.

        Raises:
            late: the deadline has passed.
        """
        left = self._ends - monotonic()
        if left <= 0:
            raise late
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

    def request_leaves(
        self, head: bytes, connection: Iterable[PhaseTiming], private_issuer: str
    ) -> bytes:
        """Note that bytes are about to be sent to the server, and return them as they shall go."""
        if self._is_request_sent:
            return head
        self._is_request_sent = True
        self._reply_start = b""
        self._has_ended = False
        self.private_issuer = private_issuer
        if not self.timings:
            self._is_reused = True
            self.timings = list(connection)
        return _host_in_place(head, self.host_line)

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
        """Whether the connection is one that was kept open, and nothing came over it."""
        return self._is_reused and self.is_unanswered

    def start_over(self) -> None:
        """Forget what was passed, and go on towards the same deadline."""
        self.timings = []
        self._is_reused = False
        self._is_request_sent = False


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _host_in_place(head: bytes, position: int) -> bytes:
    """Put the line ``Host`` where the caller had it; h11 writes it first, whatever it is given."""
    request_line, host, *others = head.split(b"\r\n")
    return b"\r\n".join([request_line, *others[:position], host, *others[position:]])


CURRENT: ContextVar[RequestContext] = ContextVar("request_context")
"""The exchange that this thread is sending: the sockets below httpcore look its deadline up."""
