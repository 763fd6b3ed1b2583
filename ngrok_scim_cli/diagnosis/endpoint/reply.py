"""What came back from the endpoint, judged as Okta would take it."""

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt, read_error
from ngrok_scim_cli.diagnosis.endpoint.reply_list import is_user_list, judge_list, listed_users
from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.finding import Finding, UserCount
    from ngrok_scim_cli.wire.exchange import Exchange, Reply

__all__ = ["Judgement", "clock_skew", "judge", "judge_lookup", "listed_users"]

_OK = 200
_SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one exchange comes to.

    Attributes:
        accepts: whether Okta would accept the connector; ``None`` where that cannot be told,
            because the key was withheld or the way to ngrok fails on this side.
    """

    findings: "tuple[Finding, ...]"
    accepts: bool | None
    users: "UserCount | None" = None


def judge(
    exchange: "Exchange", *, allow_empty: bool = False, key_name: str = "the key"
) -> Judgement:
    """Judge Okta's request for the list of users, and what came of it.

    Args:
        allow_empty: take a list of no users for a warning instead of an error.
        key_name: how the key is called in the evidence, like ``ak_…``; never the key itself.
    """
    circumstances = _circumstances(exchange)
    if exchange.reply is None:
        return _judge_failure(exchange, circumstances)
    if exchange.reply.status != _OK:
        return _judge_status(exchange, exchange.reply, key_name, circumstances)
    found, users = judge_list(exchange, exchange.reply, allow_empty=allow_empty)
    accepts = all(item.severity is not Severity.ERROR for item in found)
    return Judgement(found + circumstances, accepts, users)


def judge_lookup(exchange: "Exchange", user_name: str) -> "tuple[Finding, ...]":
    """Judge the look-up that Okta makes whenever somebody is assigned.

    A hit counts only if it is the user who was asked for, in any case (RFC 7643 section 4.1.1): a
    server that does not heed the filter returns everybody.

    Args:
        user_name: the ``userName`` that was asked for, of a user who is there.
    """
    seen = _failed_lookup(exchange) or _wrong_hit(exchange, user_name)
    return (finding("SCM519", seen),) if seen else ()


def clock_skew(reply: "Reply", now: "datetime") -> "Finding | None":
    """Compare the clock of this machine with the ``Date`` of a reply (RFC 9110 section 6.6.1).

    Returns:
        ``ENV003`` where the two are more than 60 seconds apart.
    """
    from email.utils import parsedate_to_datetime

    try:
        there = parsedate_to_datetime(reply.header("date") or "")
        ahead = now - (there if there.tzinfo else there.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError):
        return None
    if abs(ahead) <= _SKEW:
        return None
    direction = "ahead of" if ahead > timedelta() else "behind"
    return finding("ENV003", f"It is {_in_words(abs(ahead))} {direction} the server's clock.")


def _in_words(span: timedelta) -> str:
    """Return a span of more than a minute in the largest unit of which there are about two."""
    units = {
        "days": timedelta(days=1),
        "hours": timedelta(hours=1),
        "minutes": timedelta(minutes=1),
    }
    fitting = (
        f"{round(span / unit):,} {name}" for name, unit in units.items() if span > 1.9 * unit
    )
    return next(fitting, f"{round(span.total_seconds())} seconds")


def _judge_failure(exchange: "Exchange", circumstances: "tuple[Finding, ...]") -> Judgement:
    from ngrok_scim_cli.diagnosis.endpoint.reply_failure import (
        judge_failure,
    )

    if exchange.failure is None:
        raise ValueError("an exchange has a reply or a failure")
    found, accepts = judge_failure(exchange, exchange.failure)
    return Judgement((found, *circumstances), accepts)


def _judge_status(
    exchange: "Exchange", reply: "Reply", key_name: str, circumstances: "tuple[Finding, ...]"
) -> Judgement:
    from ngrok_scim_cli.diagnosis.endpoint.reply_status import (
        judge_status,
    )

    found = judge_status(exchange, reply, key_name)
    is_of_the_proxy = found[0].code == "NET410"
    return Judgement(found + circumstances, None if is_of_the_proxy else False)


def _circumstances(exchange: "Exchange") -> "tuple[Finding, ...]":
    """Return what stands between this machine and the server, and not between it and Okta."""
    found = []
    if exchange.private_issuer and exchange.reply:
        issuer = excerpt(exchange.private_issuer, 100)
        found.append(finding("NET411", f"The certificate was signed by “{issuer}”."))
    if exchange.proxy:
        found.append(finding("ENV004", f"The proxy is {excerpt(exchange.proxy, 100)}."))
    return tuple(found)


def _failed_lookup(exchange: "Exchange") -> str:
    reply = exchange.reply
    if reply is None:
        detail = excerpt(exchange.failure.detail) if exchange.failure else ""
        return f"The look-up brought no reply. {detail}".strip()
    if reply.status == _OK:
        return "" if is_user_list(reply) else "The look-up was answered with no list of users."
    body = read_error(reply)
    code = f" (ERR_NGROK_{body.ngrok_code})" if body.ngrok_code else ""
    said = f": “{excerpt(body.detail).rstrip('.')}”" if body.detail else ""
    return f"The look-up was answered with {reply.status}{code}{said}."


def _wrong_hit(exchange: "Exchange", user_name: str) -> str:
    users = listed_users(exchange.reply) if exchange.reply else ()
    names = [str(user.get("userName", "")) for user in users]
    others = [name for name in names if name.casefold() != user_name.casefold()]
    asked = f"Asked for “{excerpt(user_name, 100)}”, who is in the list of users, the server"
    if not names:
        return f"{asked} found nobody."
    if not others:
        return ""
    instead = "instead" if len(others) == len(names) else "as well"
    return f"{asked} returned “{excerpt(others[0], 100)}” {instead}."
