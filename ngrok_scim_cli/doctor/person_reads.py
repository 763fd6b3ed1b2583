"""The reads that Okta makes in a person's life, and that the connector test does not make."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_absent, judge_lookup, judge_read
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.endpoint.reply_list import listed_users
from ngrok_scim_cli.diagnosis.people.email_address import domain_of
from ngrok_scim_cli.diagnosis.people.records import NgrokUser, read_ngrok_user
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.doctor.background import LONG_TIMEOUT_S
from ngrok_scim_cli.doctor.checks import Checks
from ngrok_scim_cli.doctor.connector import SCIM
from ngrok_scim_cli.doctor.people import read_people
from ngrok_scim_cli.wire.exchange import Exchange, FailureKind

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.wire.scim import OktaScim

PLANS = Checks(SCIM, "the SCIM key")

_TOO_MANY_REQUESTS = 429
# With these the server had the request, and did not answer it.
_OF_THE_SERVER = (FailureKind.READ_TIMEOUT, FailureKind.DROPPED, FailureKind.PROTOCOL)

# Reserved by RFC 2606, for where no user has an e-mail address.
_NO_DOMAIN = "example.com"


def read_by_id(evidence: Evidence, scim: OktaScim, user_id: str) -> tuple[Finding, ...]:
    """Read somebody who is there by id, as Okta does before it updates or deactivates them."""
    exchange = _answered(evidence.note(scim.user(user_id)))
    return judge_read(exchange, user_id)


def look_up_absent(evidence: Evidence, scim: OktaScim, like: str) -> tuple[Finding, ...]:
    """Look up an address that nobody has, in the domain of ``like``, as Okta does at first."""
    name = f"ngrok-scim-{os.urandom(6).hex()}@{domain_of(like) or _NO_DOMAIN}"
    exchange = _answered(evidence.note(scim.find_user(name, purpose="look-up of somebody new")))
    return judge_absent(exchange, name)


@PLANS.check("read-by-id", "Read a user by id", "SCM522")
def by_id(evidence: Evidence) -> Judged:
    user, scim = _listed(evidence)
    return Judged(read_by_id(evidence, scim, user.id), user.id)


@PLANS.check("look-up-absent", "Look up a new user", "SCM523")
def absent(evidence: Evidence) -> Judged:
    user, scim = _listed(evidence)
    return Judged(look_up_absent(evidence, scim, user.user_name))


@PLANS.check("look-up-difficult", "Look up unusual names", "SCM519", timeout_s=LONG_TIMEOUT_S)
def difficult(evidence: Evidence) -> Judged:
    names = evidence.shared(read_people).get().difficult
    if not names:
        raise Unknown("No user has an unusual name.")
    scim = evidence.scim()
    found: list[Finding] = []
    for name in dict.fromkeys(names.values()):
        exchange = evidence.note(scim.find_user(name, purpose="look-up of a difficult name"))
        found += judge_lookup(_answered(exchange), name)
    return Judged(tuple(found[:1]), f"with {', '.join(names)}")


def _listed(evidence: Evidence) -> tuple[NgrokUser, OktaScim]:
    """Return somebody whom the connector test listed, and the endpoint with working values."""
    tested = evidence.tested.get()
    reply = tested.judged.reply if tested.judged else None
    users = map(read_ngrok_user, listed_users(reply))
    user = next((user for user in users if user.id), None)
    if user is None:
        raise Unknown("No user was returned, so none can be read by id.")
    return user, evidence.scim()


def _answered(exchange: Exchange) -> Exchange:
    """Return ``exchange``, unless the server was not reached or takes no requests for a while."""
    reply, failure = exchange.reply, exchange.failure
    is_busy = reply is not None and reply.status == _TOO_MANY_REQUESTS
    if is_busy or (failure is not None and failure.kind not in _OF_THE_SERVER):
        judged = judge(exchange)
        reason = "ngrok did not reply to this request."
        raise Unknown(reason, judged.findings, conclusive=judged.accepts is not None)
    return exchange
