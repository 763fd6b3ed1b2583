"""What the profile and the DNS show of a domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.characters import visible
from ngrok_scim_cli.diagnosis.domain import (
    DomainInDns,
    DomainRecord,
    domain_dns_rules,
    domain_record_rules,
)
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Severity
from ngrok_scim_cli.wire.dns import Answer, Outcome

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.settings.profile import Domain
    from ngrok_scim_cli.wire.dns import Resolver

_CATEGORY = "Domains"
_SHOWN_HOSTS = 3

_NO_NAME = "The name does not exist."
_NO_PROOF = "ngrok's support has not given a value yet; when it has, add --txt VALUE."
_WRONG_NAME = "The name itself is wrong."

_STATUSES = {
    Severity.ERROR: CheckStatus.FAIL,
    Severity.WARNING: CheckStatus.WARN,
    Severity.NOTICE: CheckStatus.PASS,
}


@dataclass(frozen=True, slots=True)
class LookUp:
    """What was found out about a domain.

    Attributes:
        findings: what is wrong with it.
        checks: how each check of it ended.
        answered: whether the DNS gave an answer.
    """

    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    answered: bool


def look_up_record(domain: Domain, typed: tuple[Finding, ...]) -> LookUp:
    """Tell how far a domain is.

    Args:
        domain: the domain, as it stands in the profile.
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
        name: the domain.
        proof: the TXT record that ngrok's support asked for; empty where that is not known.
        resolver: whom to ask; ``None`` where the name cannot be asked for.
    """
    unasked = Answer(Outcome.UNKNOWN, reason=_WRONG_NAME)
    mail = resolver.mail_servers(name) if resolver else unasked
    texts = Answer(Outcome.UNKNOWN, reason=_NO_PROOF if resolver else _WRONG_NAME)
    if resolver and proof:
        texts = resolver.texts(name)
    dns = DomainInDns(
        name,
        exists=None if mail.outcome is Outcome.UNKNOWN else mail.outcome is not Outcome.NO_NAME,
        mail_servers=_known_values(mail),
        texts=_known_values(texts),
        proof=proof,
    )
    findings = domain_dns_rules.judge(dns)
    hosts = ", ".join(visible(host) for host in mail.values[:_SHOWN_HOSTS])
    checks = (
        _asked("DOM806", f"{name} exists in the DNS", findings, mail, ""),
        _asked("DOM807", f"{name} receives mail", findings, mail, hosts),
        _asked("DOM808", f"{name} shows the proof of ownership", findings, texts, ""),
    )
    return LookUp(findings, checks, answered=dns.exists is not None)


def _known_values(answer: Answer) -> tuple[str, ...] | None:
    return answer.values if answer.outcome in (Outcome.FOUND, Outcome.NO_RECORD) else None


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
