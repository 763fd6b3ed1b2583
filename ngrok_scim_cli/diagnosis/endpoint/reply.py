"""Judges the endpoint's reply as Okta would."""

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.endpoint.reply_list import judge_list
from ngrok_scim_cli.diagnosis.finding import has_errors
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding, UserCount
    from ngrok_scim_cli.wire.exchange import Exchange

_OK = 200


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one exchange comes to; ``accepts`` is ``None`` where Okta's view is not known."""

    findings: "tuple[Finding, ...]"
    accepts: bool | None
    users: "UserCount | None" = None


def judge(
    exchange: "Exchange", *, allow_empty: bool = False, key_name: str = "the key"
) -> Judgement:
    """Judge Okta's request for the list of users; ``key_name`` is ``ak_…``, never the key."""
    circumstances = _circumstances(exchange)
    if exchange.failure:
        from ngrok_scim_cli.diagnosis.endpoint.reply_failure import judge_failure

        item, accepts = judge_failure(exchange, exchange.failure)
        return Judgement((item, *circumstances), accepts)
    if exchange.reply is None:
        raise ValueError("an exchange has a reply or a failure")
    if exchange.reply.status != _OK:
        from ngrok_scim_cli.diagnosis.endpoint.reply_status import judge_status

        found = judge_status(exchange, exchange.reply, key_name)
        is_of_the_proxy = found[0].code == "NET410"
        return Judgement(found + circumstances, None if is_of_the_proxy else False)
    found, users = judge_list(exchange, exchange.reply, allow_empty=allow_empty)
    return Judgement(found + circumstances, not has_errors(found), users)


def _circumstances(exchange: "Exchange") -> "tuple[Finding, ...]":
    """Return what stands between this machine and the server, and not between it and Okta."""
    found = []
    if exchange.private_issuer and exchange.reply:
        issuer = excerpt(exchange.private_issuer, 100)
        found.append(finding("NET411", f"The certificate was signed by “{issuer}”."))
    if exchange.proxy:
        found.append(finding("ENV004", f"The proxy is {excerpt(exchange.proxy, 100)}."))
    return tuple(found)
