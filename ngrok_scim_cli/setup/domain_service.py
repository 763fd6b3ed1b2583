"""The e-mail domains of one profile: read, changed, looked up, and the request to allow them.

ngrok has no API for this: the request goes through a form of its dashboard or by mail, and only the
dashboard shows the answer. So the profile remembers what a person says was done.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Finding, has_errors, status_of
from ngrok_scim_cli.diagnosis.ngrok.domains import (
    DomainRecord,
    domain_record_rules,
    is_only_mistyped,
    split_domains,
)
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.probe.domains import ask_dns, read_typed
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.text.characters import visible
from ngrok_scim_cli.wire.dns import Answer, Outcome, Resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ngrok_scim_cli.setup.context import Person, SetupContext

QUESTION = "E-mail domain of your users, like example.com"
NO_DOMAIN = "This profile has no domain."

_PORTS = range(65536)
_SHOWN_HOSTS = 3


@dataclass(frozen=True, slots=True)
class DomainService:
    """The domains of one profile. Without a ``resolver``, the DNS is not asked."""

    context: SetupContext
    resolver: Callable[[], Resolver] | None = None
    waiting: Callable[[], AbstractContextManager[object]] = nullcontext

    @property
    def person(self) -> Person:
        """The person who may be asked."""
        return self.context.person

    def domains(self) -> tuple[Domain, ...]:
        """Return the domains of the profile, each once."""
        return tuple(_by_name(self.context.profile()).values())

    def find(self, *names: str) -> tuple[Domain, ...]:
        """Return the domains ``names``; a new one for each that the profile does not know."""
        known = _by_name(self.context.profile())
        return tuple(known.get(name, Domain(name)) for name in names)

    def record(self, *names: str, **fields: object) -> None:
        """Store the domains ``names`` in the profile, with these fields of each changed."""

        def changed(profile: Profile) -> Profile:
            known = _by_name(profile)
            for name in names:
                known[name] = replace(known.get(name, Domain(name)), **fields)  # type: ignore[arg-type]
            return replace(profile, domains=tuple(known.values()))

        if names:
            self.context.update(changed)

    def remove(self, name: str) -> None:
        """Remove the domain ``name`` from the profile."""

        def changed(profile: Profile) -> Profile:
            kept = (domain for domain in profile.domains if domain.name != name)
            return replace(profile, domains=tuple(kept))

        self.context.update(changed)

    def choose(self, typed: Sequence[str]) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
        """Return the names that were meant, each once, and what is wrong with the others.

        A person is asked whether they meant what was made out of what they typed.
        """
        names: list[str] = []
        findings: list[Finding] = []
        for text in (part for item in typed for part in split_domains(item)):
            domain, found = read_typed(text)
            meant = not has_errors(found)
            if not meant and self.person.present and is_only_mistyped(domain, found):
                self.person.show(found[0].evidence)
                meant = self.person.confirm(f"Do you mean {domain.name}?")
            if meant:
                names.append(domain.name)
            else:
                findings += found
        return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(findings))

    def confirm_listed(self, name: str) -> bool:
        """Ask whether ngrok's dashboard lists a domain."""
        question = f'Is {name} listed under "Account Domain Controls" at {texts.NGROK_SETTINGS}?'
        return self.person.confirm(question, default=False)

    def show_request(self, names: tuple[str, ...], mail: str = "") -> None:
        """Show the request for ``names``, as forms or as a mail, and ask whether it was sent."""
        show = self.person.show
        if mail:
            heading = texts.SEND_DOMAIN_MAIL.format(", ".join(names))
            show(f"{heading}\n\n{whole_mail(names, mail)}\n")
            self._confirm_sent(names)
            return
        for name in names:
            show(texts.SUBMIT_DOMAIN.format(name))
            fields = _form_fields(name)
            rows = (f"  {label}: {value}" for label, value in fields.items())
            show("\n".join((*rows, '  Then press "Contact Support".')), tuple(fields.values()))
            self._confirm_sent((name,))

    def _confirm_sent(self, names: tuple[str, ...]) -> None:
        if names and self.person.confirm("Have you sent the request?", default=False):
            self.record(*names, submitted_at=self.context.now())


def _by_name(profile: Profile) -> dict[str, Domain]:
    known: dict[str, Domain] = {}
    for domain in profile.domains:  # a person may have written one twice
        known.setdefault(domain.name, domain)
    return known


def open_resolver(timeout: float, nameserver: str | None = None) -> Resolver:
    """Open a DNS resolver.

    Args:
        timeout: the deadline of all questions together, in seconds; it begins now.
        nameserver: the address of the server to ask, with its port behind a ``#`` where that is
            not 53; ``None``: the servers of this machine.
    """
    from ngrok_scim_cli.wire.dns import PORT, Resolver

    if nameserver is None:
        return Resolver(timeout=timeout)
    address, _, port = nameserver.partition("#")
    try:
        ip_address(address)
        number = _PORTS.index(int(port or PORT))
    except ValueError:
        raise UsageError(
            f"“{nameserver}” is not the address of a DNS server.",
            advice="Give an IP address, like --nameserver 192.0.2.53",
        ) from None
    return Resolver(timeout=timeout, nameservers=(address,), port=number)


# What the profile and the DNS show of a domain


@dataclass(frozen=True, slots=True)
class LookUp:
    """What was found out about a domain, and whether the DNS answered."""

    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    answered: bool = False


def look_up_record(domain: Domain, typed: tuple[Finding, ...] = ()) -> LookUp:
    """Return how far a domain is; ``typed`` is what is wrong with its name."""
    record = DomainRecord(domain.name, bool(domain.submitted_at), bool(domain.approved_at))
    findings = (*typed, *domain_record_rules.judge(record))
    submitted = f"On {domain.submitted_at:%Y-%m-%d}." if domain.submitted_at else ""
    approved = f"On {domain.approved_at:%Y-%m-%d}." if domain.approved_at else ""
    checks = (
        _checked("DOM803", f"{domain.name} is not a public mail provider's", findings),
        _checked("DOM801", f"{domain.name} is submitted", findings, submitted),
        _checked("DOM802", f"{domain.name} is approved", findings, approved)
        if domain.submitted_at or domain.approved_at
        else _skipped("DOM802", f"{domain.name} is approved", "It is not submitted yet."),
    )
    return LookUp(findings, checks)


def look_up_in_dns(name: str, proof: str, resolver: Resolver | None) -> LookUp:
    """Ask the DNS whether a domain exists, receives mail, and shows the proof of ownership.

    Args:
        proof: the TXT record that ngrok's support asked for; empty where that is not known.
        resolver: whom to ask; ``None`` where the name cannot be asked for.
    """
    seen = ask_dns(name, proof, resolver)
    hosts = ", ".join(visible(host) for host in seen.mail.values[:_SHOWN_HOSTS])
    found = seen.findings
    checks = (
        _asked("DOM806", f"{name} exists in the DNS", found, seen.mail, ""),
        _asked("DOM807", f"{name} receives mail", found, seen.mail, hosts),
        _asked("DOM808", f"{name} shows the proof of ownership", found, seen.texts, ""),
    )
    return LookUp(seen.findings, checks, answered=seen.mail.outcome is not Outcome.UNKNOWN)


def _asked(code: str, name: str, findings: tuple[Finding, ...], answer: Answer, seen: str) -> Check:
    reason = answer.reason
    if answer.outcome is Outcome.NO_NAME and code not in {item.code for item in findings}:
        reason = "The name does not exist."
    elif answer.outcome is not Outcome.UNKNOWN:
        return _checked(code, name, findings, seen, answer.elapsed_ms)
    return _skipped(code, name, reason, answer.elapsed_ms)


def _checked(
    code: str, name: str, findings: tuple[Finding, ...], seen: str = "", elapsed_ms: int = 0
) -> Check:
    found = tuple(item for item in findings if item.code == code)[:1]
    reason = found[0].evidence if found else seen
    return Check(code, name, "Domains", status_of(found), reason, elapsed_ms, found)


def _skipped(code: str, name: str, reason: str, elapsed_ms: int = 0) -> Check:
    return Check(code, name, "Domains", CheckStatus.SKIP, reason, elapsed_ms)


# What is open, and the request


def not_submitted(domains: Sequence[Domain]) -> tuple[str, ...]:
    """Return the names of the domains whose request was not sent."""
    return tuple(domain.name for domain in domains if domain.state == "not submitted")


def open_findings(domains: tuple[Domain, ...]) -> tuple[Finding, ...]:
    """Return what is open of each domain, as findings."""
    return tuple(item for domain in domains for item in look_up_record(domain).findings)


def request_documents(names: tuple[str, ...], mail: str) -> tuple[dict[str, object], ...]:
    """Return the requests as JSON values: the mail, or a form for each domain."""
    if mail and names:
        return ({"to": texts.NGROK_SUPPORT, "subject": _subject(names), "text": mail},)
    return tuple({"page": texts.NGROK_SETTINGS, "fields": _form_fields(name)} for name in names)


def remaining_for(domains: tuple[Domain, ...], *, by_mail: bool = False) -> tuple[str, ...]:
    """Return what a person has to do until ngrok allows ``domains``, in full."""
    unsent = not_submitted(domains)
    lines: list[str] = []
    if unsent and by_mail:
        lines = [texts.SEND_DOMAIN_MAIL.format(", ".join(unsent))]
    else:
        for name in unsent:
            lines += [
                texts.SUBMIT_DOMAIN.format(name),
                texts.FILL_IN_DOMAIN_FORM.format(name, name),
            ]
    if unsent:
        lines.append(texts.SAY_DOMAIN_WAS_SENT.format(" ".join(unsent)))
    awaited = (domain for domain in domains if domain.state == "submitted")
    return (*lines, *(line for domain in awaited for line in next_steps(domain)))


def next_steps(domain: Domain) -> tuple[str, ...]:
    """Return what a person has to do next so that ngrok allows ``domain``."""
    if domain.state == "not submitted":
        return (texts.SUBMIT_THE_DOMAIN.format(name=domain.name),)
    lines = (texts.PROVE_DOMAIN, texts.RECORD_APPROVAL) if domain.state == "submitted" else ()
    return tuple(line.format(name=domain.name) for line in lines)


def mail_body(names: Sequence[str]) -> str:
    """Return the text of the mail that asks for ``names``."""
    return texts.DOMAIN_MAIL.format("\n".join(f"    {name}" for name in names))


def whole_mail(names: Sequence[str], body: str) -> str:
    """Return a mail as it is sent: to whom, about what, and its text."""
    return f"To: {texts.NGROK_SUPPORT}\nSubject: {_subject(names)}\n\n{body}"


def _subject(names: Sequence[str]) -> str:
    return f"Account Domain Controls: please allow {', '.join(names)}"


def _form_fields(name: str) -> dict[str, str]:
    return {"Domain": name, "Additional Information (optional)": texts.DOMAIN_REQUEST.format(name)}
