"""What the profile and the DNS show of a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Severity
from ngrok_scim_cli.diagnosis.ngrok.domains import DomainRecord, domain_record_rules
from ngrok_scim_cli.probe.domains import ask_dns
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import visible
from ngrok_scim_cli.wire.dns import Outcome

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.settings.profile import Domain
    from ngrok_scim_cli.wire.dns import Answer, Resolver

_CATEGORY = "Domains"
_SHOWN_HOSTS = 3

_NO_NAME = "The name does not exist."

_STATUSES = {
    Severity.ERROR: CheckStatus.FAIL,
    Severity.WARNING: CheckStatus.WARN,
    Severity.NOTICE: CheckStatus.PASS,
}


@dataclass(frozen=True, slots=True)
class LookUp:
    """What was found out about a domain.

    Attributes:
        answered: whether the DNS gave an answer.
    """

    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    answered: bool


def look_up_record(domain: Domain, typed: tuple[Finding, ...]) -> LookUp:
    """Tell how far a domain is.

    Args:
        typed: what is wrong with its name.
    """
    record = DomainRecord(domain.name, bool(domain.submitted_at), bool(domain.approved_at))
    findings = (*typed, *domain_record_rules.judge(record))
    submitted = f"On {domain.submitted_at:%Y-%m-%d}." if domain.submitted_at else ""
    approved = f"On {domain.approved_at:%Y-%m-%d}." if domain.approved_at else ""
    checks = (
        _ended("DOM803", f"{domain.name} is not a public mail provider's", findings),
        _ended("DOM801", f"{domain.name} is submitted", findings, submitted),
        _ended("DOM802", f"{domain.name} is approved", findings, approved)
        if domain.submitted_at or domain.approved_at
        else _skipped("DOM802", f"{domain.name} is approved", "It is not submitted yet."),
    )
    return LookUp(findings, checks, answered=False)


def look_up_in_dns(name: str, proof: str, resolver: Resolver | None) -> LookUp:
    """Ask the DNS whether a domain exists, receives mail, and shows the proof of ownership.

    Args:
        proof: the TXT record that ngrok's support asked for; empty where that is not known.
        resolver: whom to ask; ``None`` where the name cannot be asked for.
    """
    seen = ask_dns(name, proof, resolver)
    findings, mail = seen.findings, seen.mail
    hosts = ", ".join(visible(host) for host in mail.values[:_SHOWN_HOSTS])
    checks = (
        _asked("DOM806", f"{name} exists in the DNS", findings, mail, ""),
        _asked("DOM807", f"{name} receives mail", findings, mail, hosts),
        _asked("DOM808", f"{name} shows the proof of ownership", findings, seen.texts, ""),
    )
    return LookUp(findings, checks, answered=mail.outcome is not Outcome.UNKNOWN)


def _asked(code: str, name: str, findings: tuple[Finding, ...], answer: Answer, seen: str) -> Check:
    if answer.outcome is Outcome.UNKNOWN:
        return _skipped(code, name, answer.reason, answer.elapsed_ms)
    if answer.outcome is Outcome.NO_NAME and code not in {item.code for item in findings}:
        return _skipped(code, name, _NO_NAME, answer.elapsed_ms)
    return _ended(code, name, findings, seen, answer.elapsed_ms)


def _ended(
    code: str, name: str, findings: tuple[Finding, ...], seen: str = "", elapsed_ms: int = 0
) -> Check:
    found = next((item for item in findings if item.code == code), None)
    status = _STATUSES[found.severity] if found else CheckStatus.PASS
    return Check(code, name, _CATEGORY, status, found.evidence if found else seen, elapsed_ms)


def _skipped(code: str, name: str, reason: str, elapsed_ms: int = 0) -> Check:
    return Check(code, name, _CATEGORY, CheckStatus.SKIP, reason, elapsed_ms)
