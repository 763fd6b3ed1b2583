"""Checks of the values, the network and the endpoint, by one connector test and some more reads.

The network is shown in its phases, name, TCP, TLS, HTTP, as ``ngrok diagnose`` does: each is read
off the request that counts, so that they show what really happened.
"""

from __future__ import annotations

import os
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_absent, judge_lookup, judge_read
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.endpoint.reply_list import listed_users
from ngrok_scim_cli.diagnosis.finding import Check, Finding, Subject, Verdict
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS
from ngrok_scim_cli.diagnosis.people.email_address import domain_of
from ngrok_scim_cli.diagnosis.people.records import NgrokUser, read_ngrok_user
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.doctor.checks import CheckPlan, Checks
from ngrok_scim_cli.doctor.evidence import LONG_TIMEOUT_S, Evidence
from ngrok_scim_cli.doctor.people import read_people
from ngrok_scim_cli.form import OKTA_LABELS, Field
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.wire.exchange import Exchange, FailureKind, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ngrok_scim_cli.probe.connector_test import ConnectorOutcome
    from ngrok_scim_cli.wire.scim import OktaScim

_SCIM = "SCIM endpoint"
_THE_KEY = "the SCIM key"

_CREDENTIALS_REFUSED = ("SCM501", "SCM502")
_REFUSALS = {error.finding for error in NGROK_ERRORS.values()} - {"SCM507"}
_NOT_OF_A_LIST = (*_CREDENTIALS_REFUSED, "SCM519", "SCM522", "SCM523")


def _check(
    code: str, name: str, finds: Iterable[str], category: str = _SCIM, needs: str = _THE_KEY
) -> CheckPlan:
    def look(evidence: Evidence) -> Check:
        return evidence.shared(_examine).get()[code]

    return CheckPlan(code, name, category, look, needs, tuple(finds), group="connector")


def _codes_about(field: Field) -> list[str]:
    only_replied = ("KEY214", "KEY215")
    about = (code for code, entry in CATALOGUE.items() if entry.subject.value == field.value)
    return [code for code in about if code not in only_replied]


*_OTHER_FIELDS, _AUTHORIZATION = _FIELDS = tuple(
    _check(
        field.value,
        OKTA_LABELS[field],
        _codes_about(field),
        "Values for Okta",
        _THE_KEY if field is Field.AUTHORIZATION else "",
    )
    for field in Field
)
# The phases of a request, and the failures with which it ends in each.
_PHASES = {
    phase: (_check(code, name, finds.split(), "Network"), failures)
    for phase, code, name, finds, failures in (
        (Phase.NAME, "name", "Name Resolution", "NET401 NET412", (FailureKind.DNS,)),
        (
            Phase.TCP,
            "tcp",
            "TCP",
            "NET402 NET403 NET410",
            (FailureKind.REFUSED, FailureKind.CONNECT_TIMEOUT, FailureKind.PROXY),
        ),
        (Phase.TLS, "tls", "TLS", "NET404 NET405 NET406 NET407 NET409", (FailureKind.TLS,)),
        (
            Phase.HTTP,
            "http",
            "HTTP",
            "NET408 NET409 NET410 NET411",
            (FailureKind.READ_TIMEOUT, FailureKind.DROPPED, FailureKind.PROTOCOL),
        ),
    )
}
_NETWORK = tuple(plan for plan, _ in _PHASES.values())
_KEY, _LIST, _LOOKUP = _ENDPOINT = (
    _check("key", "Key accepted", sorted({*_REFUSALS, *_CREDENTIALS_REFUSED, "SCM520"})),
    _check(
        "list",
        "List of users",
        (
            code
            for code in CATALOGUE
            if code in ("USR601", "USR602")
            or (code.startswith("SCM") and code not in _NOT_OF_A_LIST)
        ),
    ),
    _check("look-up", "Look up a user", ("SCM519",)),
)
PLANS = (*_FIELDS, *_NETWORK, *_ENDPOINT)


def _test(evidence: Evidence) -> Judged:
    try:
        result = evidence.tested.get().result
    except Unknown as missing:
        raise Unknown(missing.in_full, missing.findings, conclusive=False) from None
    if result.verdict is Verdict.INCOMPLETE:
        raise Unknown("No usable reply came.", result.findings, conclusive=False)
    return Judged(result.findings, counted(result.users.total, "user") if result.users else "")


_ALL = tuple(dict.fromkeys(code for plan in PLANS for code in plan.finds))
TEST = CheckPlan("test-connect", "Connector test", _SCIM, _test, _THE_KEY, _ALL)
"""All checks of this module in one, for a command that is about something else."""


def _examine(evidence: Evidence) -> dict[str, Check]:
    """Return every check of ``PLANS``, by its code."""
    access, is_conclusive = evidence.access, False
    try:
        tested = evidence.tested.get()
    except Unknown as missing:
        checks = [plan.skipped(missing.reason) for plan in PLANS]
        if isinstance(access.values, Unknown) and access.other_values:
            typed = access.other_values.findings
            checks = [_judged(plan, typed) for plan in _OTHER_FIELDS]
            checks.append(_AUTHORIZATION.skipped(missing.in_full))
            after = (*_NETWORK, *_ENDPOINT)
            checks += [plan.skipped("There is no key to send.") for plan in after]
    else:
        fields = (_judged(plan, tested.typed) for plan in _FIELDS)
        checks = [*fields, *_network(tested), *_endpoint(tested)]
        is_conclusive = tested.result.verdict is not Verdict.INCOMPLETE
    return {
        check.code: replace(check, conclusive=check.conclusive and is_conclusive)
        for check in checks
    }


def _judged(plan: CheckPlan, found: Iterable[Finding]) -> Check:
    return plan.judged([item for item in found if item.code in plan.finds])


def _network(tested: ConnectorOutcome) -> Iterator[Check]:
    exchange = tested.judged
    failure = exchange.failure if exchange else None
    findings = tuple(item for item in tested.replied if item.subject is Subject.NETWORK)
    is_withheld = failure is not None and failure.kind is FailureKind.WITHHELD
    if exchange is None or is_withheld:
        why = "The key was withheld." if is_withheld else "Nothing was sent."
        first, *others = (plan.skipped(why) for plan in _NETWORK)
        yield from (replace(first, findings=findings), *others)
        return
    timings = {timing.phase: timing for timing in exchange.timings}
    for phase, (plan, failures) in _PHASES.items():
        if failure and failure.kind in failures:
            yield plan.judged(findings, failure.detail)
        elif timing := timings.get(phase):
            # What does not stop a request (a private issuer) is shown at the last phase.
            check = plan.judged(findings if phase is Phase.HTTP else (), timing.detail)
            yield replace(check, elapsed_ms=timing.elapsed_ms)
        elif phase is Phase.TLS and exchange.url.lower().startswith("http:"):
            why = "Plain http, which is allowed only on this machine."
            yield plan.skipped(why, conclusive=True)
        else:
            yield plan.skipped("An earlier step failed.")


def _endpoint(tested: ConnectorOutcome) -> tuple[Check, ...]:
    if tested.judged is None or tested.judged.reply is None:
        return tuple(plan.skipped("There is no reply.") for plan in _ENDPOINT)
    seen = [item for item in tested.replied if item.code[:3] not in ("NET", "ENV")]
    of_the_key = [
        item for item in seen if item.subject is Subject.AUTHORIZATION or item.code == "SCM501"
    ]
    if of_the_key or any(item.subject is Subject.NGROK or item.code == "SCM502" for item in seen):
        after = f"The {'key' if of_the_key else 'request'} was refused."
        return _KEY.judged(seen), _LIST.skipped(after), _LOOKUP.skipped(after)
    users = tested.result.users
    listed = _LIST.judged(seen, counted(users.total, "user") if users else "")
    if users is None:
        key = _KEY.skipped("The reply does not show it.")
        return key, listed, _LOOKUP.skipped("The list cannot be used.")
    key = _KEY.judged(())
    if any(exchange.purpose == "look-up" for exchange in tested.result.exchanges):
        return key, listed, _judged(_LOOKUP, tested.result.findings)
    if tested.result.repair is not None:
        key = _KEY.judged((), "with the repaired key")
        return key, listed, _LOOKUP.skipped("The values must be repaired first.")
    return key, listed, _LOOKUP.skipped("The list has no user to look up.", conclusive=True)


PERSON_READS = Checks(_SCIM, needs=_THE_KEY)
"""The reads that Okta makes in a person's life, and that the connector test does not make."""

# With these failures, the server had the request and did not answer it.
_OF_THE_SERVER = (FailureKind.READ_TIMEOUT, FailureKind.DROPPED, FailureKind.PROTOCOL)

# Reserved by RFC 2606, for where no user has an e-mail address.
_NO_DOMAIN = "example.com"


def read_by_id(evidence: Evidence, scim: OktaScim, user: NgrokUser) -> tuple[Finding, ...]:
    """Read somebody who is there by id, as Okta does before it updates or deactivates them."""
    exchange = _answered(evidence.note(scim.user(user.id)))
    return judge_read(exchange, user.id, user.user_name)


def look_up_absent(evidence: Evidence, scim: OktaScim, like: str) -> tuple[Finding, ...]:
    """Look up an address that nobody has, in the domain of ``like``, as Okta does at first."""
    name = f"ngrok-scim-{os.urandom(6).hex()}@{domain_of(like) or _NO_DOMAIN}"
    exchange = _answered(evidence.note(scim.find_user(name, purpose="look-up of somebody new")))
    return judge_absent(exchange, name)


@PERSON_READS.check("read-by-id", "Read a user by id", "SCM522")
def by_id(evidence: Evidence) -> Judged:
    user, scim = _listed(evidence)
    return Judged(read_by_id(evidence, scim, user), user.id)


@PERSON_READS.check("look-up-absent", "Look up a new user", "SCM523")
def absent(evidence: Evidence) -> Judged:
    user, scim = _listed(evidence)
    return Judged(look_up_absent(evidence, scim, user.user_name))


@PERSON_READS.check(
    "look-up-difficult", "Look up unusual names", "SCM519", timeout_s=LONG_TIMEOUT_S
)
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
    failure, is_busy = exchange.failure, exchange.status == HTTPStatus.TOO_MANY_REQUESTS
    if is_busy or (failure is not None and failure.kind not in _OF_THE_SERVER):
        judged = judge(exchange)
        reason = "ngrok did not reply to this request."
        raise Unknown(reason, judged.findings, conclusive=judged.accepts is not None)
    return exchange
