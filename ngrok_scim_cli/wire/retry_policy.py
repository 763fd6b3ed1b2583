"""What to do when a server says 429: wait for as long as it asks, within reason, and ask again."""

import re
import time
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.wire.exchange import Exchange, Reply

LONGEST_WAIT = 60.0
"""Seconds. ngrok and Okta count requests by the minute (https://ngrok.com/docs/api,
https://developer.okta.com/docs/reference/rate-limits/)."""

MOST_WAITS = 3
"""How often a request is sent again."""

_SHORTEST_WAIT = 1.0  # seconds
_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How to wait.

    Attributes:
        on_wait: called before each wait with what the request is for, and the seconds.
    """

    pause: Callable[[float], None] = time.sleep
    on_wait: Callable[[str, float], None] | None = None
    on_refusal: Callable[[], None] | None = None

    def wait(self, purpose: str, seconds: float) -> None:
        """Wait for ``seconds``, but for no longer than ``LONGEST_WAIT``."""
        bounded = min(seconds, LONGEST_WAIT)
        if self.on_wait is not None:
            self.on_wait(purpose, bounded)
        self.pause(bounded)

    def ask(
        self,
        send: Callable[[], Exchange],
        seconds: Callable[[Reply], float],
        begun: Callable[[], Exchange] | None = None,
    ) -> Exchange:
        """Send a request, again as long as the reply is 429, ``MOST_WAITS`` times at most.

        ``begun`` waits for the first reply, where the request was sent already.
        """
        exchange = (begun or send)()
        for _ in range(MOST_WAITS):
            if exchange.reply is None or not is_refused_for_now(exchange):
                break
            if self.on_refusal is not None:
                self.on_refusal()
            self.wait(exchange.purpose, seconds(exchange.reply))
            exchange = send()
        return exchange


def is_refused_for_now(exchange: Exchange) -> bool:
    """Tell whether the server says that there were too many requests (RFC 6585 section 4)."""
    return exchange.status == HTTPStatus.TOO_MANY_REQUESTS


def retry_after(reply: Reply) -> float:
    """Return the seconds that ``Retry-After`` asks for (RFC 9110 section 10.2.3), at least one.

    A minute where it is missing, a date, or no number: Okta, too, takes nothing but a number there
    (https://developer.okta.com/docs/concepts/scim/).
    """
    asked = _number(reply, "retry-after")
    return LONGEST_WAIT if asked is None else max(asked, _SHORTEST_WAIT)


def until_reset(reply: Reply, now: float) -> float:
    """Return the seconds up to Okta's ``X-Rate-Limit-Reset``, at least one; else a minute.

    It counts from the reply's own ``Date``, so that a wrong clock on this machine does not matter
    (https://developer.okta.com/docs/reference/rl-best-practices/).
    """
    reset = _number(reply, "x-rate-limit-reset")
    if reset is None:
        return LONGEST_WAIT
    try:
        moment = parsedate_to_datetime(reply.header("date") or "")
    except (ValueError, OverflowError):
        pass
    else:
        now = moment.replace(tzinfo=UTC).timestamp()  # an HTTP date is in GMT, always
    return max(reset - now, _SHORTEST_WAIT)


def is_used_up(reply: Reply) -> bool:
    """Tell whether Okta says that the next request would be one too many."""
    return _number(reply, "x-rate-limit-remaining") == 0


def _number(reply: Reply, header: str) -> float | None:
    value = reply.header(header)
    return float(value) if value is not None and _NUMBER.fullmatch(value) else None
