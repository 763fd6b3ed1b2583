"""Checks of the values, the network and the endpoint, all out of one connector test.

The network is shown as a ladder, name, TCP, TLS, HTTP, as ``ngrok diagnose`` does: each phase is
read off the request that counts, so that the ladder shows what it really met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import Subject, Verdict
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.plan import Checked, CheckPlan, Examination, Outcome, status_of
from ngrok_scim_cli.form import OKTA_LABELS, Field
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.wire.exchange import FailureKind, Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.probe.connector_test import ConnectorTest, Tested
    from ngrok_scim_cli.wire.exchange import Exchange

VALUES = "Values for Okta"
NETWORK = "Network"
SCIM = "SCIM endpoint"

_THE_KEY = "the SCIM key"

# What only a reply shows about the key.
_REPLIED = ("KEY214", "KEY215")

_CREDENTIALS_REFUSED = ("SCM501", "SCM502")
_NAMED_BY_NGROK = {error.finding for error in NGROK_ERRORS.values()} - {"SCM507"}
_REFUSALS = tuple(sorted({*_NAMED_BY_NGROK, *_CREDENTIALS_REFUSED, "SCM520"}))
_OF_ONE_PERSON = ("SCM519", "SCM522", "SCM523")
_LISTED = tuple(
    code
    for code in CATALOGUE
    if code in ("USR601", "USR602")
    or (code.startswith("SCM") and code not in (*_CREDENTIALS_REFUSED, *_OF_ONE_PERSON))
)


def _about(field: Field) -> tuple[str, ...]:
    return tuple(
        code
        for code, entry in CATALOGUE.items()
        if entry.subject.value == field.value and code not in _REPLIED
    )


FIELDS = {
    field: CheckPlan(
        field.value,
        OKTA_LABELS[field],
        VALUES,
        _THE_KEY if field is Field.AUTHORIZATION else "",
        _about(field),
    )
    for field in Field
}
LADDER = {
    Phase.NAME: CheckPlan("name", "Name Resolution", NETWORK, _THE_KEY, ("NET401", "NET412")),
    Phase.TCP: CheckPlan("tcp", "TCP", NETWORK, _THE_KEY, ("NET402", "NET403", "NET410")),
    Phase.TLS: CheckPlan(
        "tls", "TLS", NETWORK, _THE_KEY, ("NET404", "NET405", "NET406", "NET407", "NET409")
    ),
    Phase.HTTP: CheckPlan(
        "http", "HTTP", NETWORK, _THE_KEY, ("NET408", "NET409", "NET410", "NET411")
    ),
}
KEY = CheckPlan("key", "Key accepted", SCIM, _THE_KEY, _REFUSALS)
LIST = CheckPlan("list", "List of users", SCIM, _THE_KEY, _LISTED)
LOOKUP = CheckPlan("look-up", "Look-up of one user", SCIM, _THE_KEY, ("SCM519",))
PLANS = (*FIELDS.values(), *LADDER.values(), KEY, LIST, LOOKUP)

_STOPPED_AT = {
    FailureKind.DNS: Phase.NAME,
    FailureKind.REFUSED: Phase.TCP,
    FailureKind.CONNECT_TIMEOUT: Phase.TCP,
    FailureKind.PROXY: Phase.TCP,
    FailureKind.TLS: Phase.TLS,
    FailureKind.READ_TIMEOUT: Phase.HTTP,
    FailureKind.DROPPED: Phase.HTTP,
    FailureKind.PROTOCOL: Phase.HTTP,
}
_ABOUT_THE_KEY = (Subject.AUTHORIZATION, Subject.NGROK)


def connector(evidence: Evidence) -> Examination:
    """Return the examination of the values, the network and the endpoint."""

    def look() -> Outcome:
        try:
            tested = evidence.tested.get()
        except Unknown as missing:
            return Outcome(tuple(plan.skipped(missing.reason) for plan in PLANS), told=False)
        return Outcome(
            (*_values(tested.typed), *_network(tested), *_endpoint(tested)),
            told=tested.result.verdict is not Verdict.INCOMPLETE,
            connector=tested.result,
        )

    return Examination(PLANS, look)


def without_key(form: Form, test: ConnectorTest, reason: str) -> Examination:
    """Return the examination of the values where there is no key."""

    def look() -> Outcome:
        typed = [item for item in test.examine(form) if item.subject is not Subject.AUTHORIZATION]
        *others, _ = _values(typed)
        after = (*LADDER.values(), KEY, LIST, LOOKUP)
        return Outcome(
            (
                *others,
                FIELDS[Field.AUTHORIZATION].skipped(reason),
                *(plan.skipped("there is no key to send") for plan in after),
            ),
            told=False,
        )

    return Examination(PLANS, look)


def _values(typed: Sequence[Finding]) -> tuple[Checked, ...]:
    return tuple(
        plan.judged([item for item in typed if item.subject.value == field.value])
        for field, plan in FIELDS.items()
    )


def _network(tested: Tested) -> tuple[Checked, ...]:
    exchange = tested.judged
    if exchange is None:
        return tuple(plan.skipped("nothing was sent") for plan in LADDER.values())
    findings = tuple(item for item in tested.replied if item.subject is Subject.NETWORK)
    if exchange.failure and exchange.failure.kind is FailureKind.WITHHELD:
        first, *others = (plan.skipped("the key was withheld") for plan in LADDER.values())
        return (Checked(first.check, findings), *others)
    return tuple(_phase_check(exchange, phase, findings) for phase in LADDER)


def _phase_check(exchange: Exchange, phase: Phase, findings: tuple[Finding, ...]) -> Checked:
    plan = LADDER[phase]
    failure = exchange.failure
    if failure and _STOPPED_AT[failure.kind] is phase:
        return plan.judged(findings, failure.detail)
    passed = next((timing for timing in exchange.timings if timing.phase is phase), None)
    if passed:
        # What does not stop a request (a private issuer) stands at the last phase.
        carried = findings if phase is Phase.HTTP else ()
        check = plan.ended(status_of(carried), passed.detail, elapsed_ms=passed.elapsed_ms)
        return Checked(check, carried)
    if phase is Phase.TLS and exchange.url.lower().startswith("http:"):
        return plan.skipped("plain http, which is right on this machine only")
    return plan.skipped("an earlier rung failed")


def _endpoint(tested: Tested) -> tuple[Checked, ...]:
    if tested.judged is None or tested.judged.reply is None:
        return tuple(plan.skipped("there is no reply") for plan in (KEY, LIST, LOOKUP))
    seen = [item for item in tested.replied if item.code[:3] not in ("NET", "ENV")]
    refused = [
        item for item in seen if item.subject in _ABOUT_THE_KEY or item.code in _CREDENTIALS_REFUSED
    ]
    if refused:
        after = "the key was refused"
        return KEY.judged(seen), LIST.skipped(after), LOOKUP.skipped(after)
    list_check = LIST.judged(seen, _count(tested))
    if tested.result.users is None:
        return KEY.skipped("the reply does not tell"), list_check, LOOKUP.skipped("no user")
    if tested.looked_up is None:
        repaired = tested.result.repair is not None
        why = "the values need the repair first" if repaired else "no user to look up"
        return (
            KEY.judged((), "with the repaired key" if repaired else ""),
            list_check,
            LOOKUP.skipped(why),
        )
    return KEY.judged(()), list_check, LOOKUP.judged(tested.looked_up)


def _count(tested: Tested) -> str:
    users = tested.result.users
    if users is None:
        return ""
    return counted(users.total, "user")
