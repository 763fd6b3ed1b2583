"""What ngrok's REST API answered to the administrator's key."""

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, finding
from ngrok_scim_cli.diagnosis.error_body import read_error
from ngrok_scim_cli.diagnosis.ngrok_errors import NGROK_ERRORS
from ngrok_scim_cli.diagnosis.reply import judge

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.wire.exchange import Exchange

_FIRST_ERROR = 400


def judge_api(exchange: "Exchange") -> "tuple[Finding, ...]":
    """Return why ngrok's REST API refused a request; nothing where it did not.

    ngrok's own code decides, not the HTTP status: a bad credential is answered with 403 or 400
    (https://ngrok.com/docs/errors). What would be a KEY finding for the SCIM key is NGR714 here,
    because the key in question is the administrator's.

    Args:
        exchange: one request to ``https://api.ngrok.com`` and what came of it.
    """
    reply = exchange.reply
    if reply is None:
        return judge(exchange).findings
    if reply.status < _FIRST_ERROR:
        return ()
    error = read_error(reply)
    seen = f"ngrok answered {reply.status}: {error.detail}".strip()
    known = NGROK_ERRORS.get(error.ngrok_code or 0)
    if known is None:
        return judge(exchange).findings
    seen = f"{seen} (ERR_NGROK_{known.code})"
    code = "NGR714" if known.finding.startswith("KEY") else known.finding
    fix = None if code == "NGR714" else known.fix
    return (finding(code, seen, fix=fix),) if code in CATALOGUE else ()
