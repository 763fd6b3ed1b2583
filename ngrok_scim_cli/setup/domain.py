"""The e-mail domains that ngrok support must allow: `ngrok-scim domain`, and the setup's step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import (
    Check,
    Finding,
    Payload,
    Result,
    Section,
    StepStatus,
    WaitingFor,
    errors_first,
    has_errors,
    verdict_of,
)
from ngrok_scim_cli.diagnosis.ngrok.domains import bare_proof
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.probe.domains import read_typed
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import SetupContext, StepOutcome
from ngrok_scim_cli.setup.domain_service import (
    NO_DOMAIN,
    QUESTION,
    DomainService,
    LookUp,
    look_up_in_dns,
    look_up_record,
    mail_body,
    next_steps,
    not_submitted,
    open_findings,
    remaining_for,
    request_documents,
    whole_mail,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ngrok_scim_cli.settings.profile import Domain

_NONE_YET = "No domain yet. Submit the domain of your users: ngrok-scim domain submit example.com"


@dataclass(frozen=True, slots=True)
class Domains(Payload):
    """The domains that a command is about, as they are now.

    Attributes:
        summary: what was done.
        is_answer: they were asked for.
        shows_checks: they were looked up, and their checks tell it all.
    """

    domains: tuple[Domain, ...]
    requests: tuple[dict[str, object], ...] | None = None
    mail: str = ""
    summary: str = ""
    is_answer: bool = False
    shows_checks: bool = False

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        requests = {} if self.requests is None else {"requests": list(self.requests)}
        return {"domains": list(map(_as_json, self.domains)), **requests}

    def sections(self) -> tuple[Section, ...]:
        """Return the mail, or a line for each domain; nothing beside the checks."""
        if self.shows_checks:
            return ()
        if self.mail:
            return (Section(verbatim=self.mail),)
        if not self.domains:
            return (Section(lines=(_NONE_YET,)),) if self.is_answer else ()
        heads = ("Domain", "State", "Submitted", "Approved")
        rows = (
            (item.name, item.state, _date(item.submitted_at), _date(item.approved_at))
            for item in self.domains
        )
        return (Section(table=(heads, *rows)),)


def _date(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "-"


def _as_json(domain: Domain) -> dict[str, object]:
    return {
        "name": domain.name,
        "state": domain.state,
        "submitted_at": domain.submitted_at.isoformat() if domain.submitted_at else None,
        "approved_at": domain.approved_at.isoformat() if domain.approved_at else None,
        "txt": domain.txt or None,
    }


def submit(
    service: DomainService, typed: Sequence[str], *, sent: bool = False, by_mail: bool = False
) -> Result:
    """Prepare the request for domains, and record that it was sent where the person says so."""
    open_names = not_submitted(service.domains())
    if not (typed or open_names):
        if not service.person.present:
            raise UsageError(
                "No domain is given.", advice="Name one: ngrok-scim domain submit example.com"
            )
        typed = (service.person.ask(QUESTION),)
    names, findings = service.choose(typed)
    names, advice, checks = _known_to_dns(service, names if typed else open_names, sent=sent)
    service.record(*names)
    unsent = not_submitted(service.find(*names))
    mail = mail_body(unsent) if by_mail and unsent and not sent else ""
    if sent:
        service.record(*unsent, submitted_at=service.context.now())
    elif service.person.present:
        service.show_request(unsent, mail)
    domains = service.find(*names)
    unsent = not_submitted(domains)
    state = "is ready to be sent" if unsent else "was sent"
    payload = Domains(
        domains,
        request_documents(unsent, mail),
        mail=whole_mail(unsent, mail) if mail and unsent else "",
        summary=f"The request for {', '.join(names)} {state}." if names else "",
    )
    remaining = remaining_for(domains, by_mail=bool(mail))
    return _result("submit", (*findings, *advice), payload, checks=checks, remaining=remaining)


def check(service: DomainService, typed: str | None = None, *, proof: str | None = None) -> Result:
    """Look a domain up in the DNS and in the profile.

    Args:
        typed: what was typed for a domain; ``None``: every domain of the profile.
        proof: the value of the TXT record that ngrok's support asked for; remembered.
    """
    names, findings = service.choose(() if typed is None else (typed,))
    if typed is None:
        names = tuple(domain.name for domain in service.domains())
    if proof is not None and not findings:
        _remember_proof(service, names, proof)
    seen: list[LookUp] = []
    resolver = service.resolver() if service.resolver else None
    with service.waiting():
        for domain in service.find(*names):
            wrong = read_typed(domain.name)[1]
            asked = resolver if not has_errors(wrong) else None
            seen += [look_up_in_dns(domain.name, domain.txt, asked), look_up_record(domain, wrong)]
    found = (*findings, *(item for look_up in seen for item in look_up.findings))
    if not names and not findings:
        found = (finding("DOM801", NO_DOMAIN),)
    conclusive = has_errors(found) or not names or any(look_up.answered for look_up in seen)
    payload = Domains(service.find(*names), shows_checks=True)
    checks = tuple(item for look_up in seen for item in look_up.checks)
    return _result("check", found, payload, checks=checks, conclusive=conclusive)


def approve(service: DomainService, typed: str, *, confirmed: bool = False) -> Result:
    """Record that ngrok's dashboard lists a domain."""
    names, findings = service.choose((typed,))
    for name, domain in zip(names, service.find(*names), strict=True):
        if domain.approved_at:
            continue
        if not confirmed and not service.person.present:
            raise UsageError(
                f"No terminal to confirm that ngrok lists {name}.",
                advice=f"Look at {texts.NGROK_SETTINGS} > Account Domain Controls, then add --yes.",
            )
        if confirmed or service.confirm_listed(name):
            service.record(name, approved_at=service.context.now())
    domains = service.find(*names)
    found = (*findings, *open_findings(domains))
    done = "" if found else f"It is recorded that ngrok allows {', '.join(names)}."
    return _result("approve", found, Domains(domains, summary=done))


def list_domains(service: DomainService) -> Result:
    """Return the domains of the profile."""
    return _result("list", (), Domains(service.domains(), is_answer=True))


def add(service: DomainService, typed: Sequence[str]) -> Result:
    """Add domains to the profile; none is removed."""
    names, findings = service.choose(typed)
    service.record(*names)
    domains = service.find(*names)
    done = f"The profile has {', '.join(names)} now." if names and not findings else ""
    remaining = tuple(line for domain in domains for line in next_steps(domain))
    return _result("add", findings, Domains(domains, summary=done), remaining=remaining)


def remove(service: DomainService, typed: str, *, confirmed: bool = False) -> Result:
    """Remove a domain from the profile, on a person's word; ngrok is not asked."""
    known = [domain.name for domain in service.domains()]
    name = typed.strip().lower()
    if name not in known:
        name = read_typed(typed)[0].name
    if name not in known:
        listed = ", ".join(known) or "none"
        raise UsageError(f"This profile has no domain {typed}.", advice=f"Its domains: {listed}.")
    if not confirmed and not service.person.present:
        raise UsageError(f"No terminal to confirm removing {name}.", advice="Add --yes.")
    done = "Nothing was removed."
    if confirmed or service.person.confirm(
        f"Remove {name} from this profile? What ngrok allows does not change.", default=False
    ):
        service.remove(name)
        done = f"Removed {name} from the profile."
    return _result("remove", (), Domains(service.domains(), summary=done))


def _known_to_dns(
    service: DomainService, names: tuple[str, ...], *, sent: bool
) -> tuple[tuple[str, ...], tuple[Finding, ...], tuple[Check, ...]]:
    """Look ``names`` up in the DNS; one that it denies is submitted only on a person's word."""
    if service.resolver is None or not names:
        return names, (), ()
    resolver, person = service.resolver(), service.person
    with service.waiting():
        seen = {name: look_up_in_dns(name, "", resolver) for name in names}
    kept: list[str] = []
    for name, look_up in seen.items():
        submits = sent or not has_errors(look_up.findings)
        if look_up.findings and person.present:
            for item in look_up.findings:
                person.show(f"{item.title}. {item.evidence} {item.fix}")
            submits = person.confirm(f"Submit {name} all the same?", default=False)
        if submits:
            kept.append(name)
    advice = tuple(item for look_up in seen.values() for item in look_up.findings)
    checks = tuple(item for look_up in seen.values() for item in look_up.checks)
    return tuple(kept), advice, checks


def _remember_proof(service: DomainService, names: tuple[str, ...], proof: str) -> None:
    value = bare_proof(proof)
    if not value:
        raise UsageError("--txt is empty.", advice="Give the value that ngrok's support sent you.")
    if len(names) != 1:
        raise UsageError(
            "--txt needs the name of its domain.",
            advice="Name it: ngrok-scim domain check NAME --txt VALUE",
        )
    service.record(names[0], txt=value)


def _result(
    name: str,
    findings: tuple[Finding, ...],
    payload: Domains,
    *,
    checks: tuple[Check, ...] = (),
    remaining: tuple[str, ...] = (),
    conclusive: bool = True,
) -> Result:
    return Result(
        f"domain {name}",
        verdict_of(findings, conclusive=conclusive),
        findings=errors_first(findings),
        checks=checks,
        remaining=remaining,
        payload=payload,
    )


# The step of the setup, from the first request until ngrok has allowed each domain


def submit_domains(context: SetupContext) -> StepOutcome:
    """Ask for the domains, prepare the request for each, and record what was sent and allowed."""
    service = DomainService(context)
    names, findings = service.choose(context.answers.domains)
    if not context.answers.domains and (context.goes_back or not service.domains()):
        names = _ask_until_usable(service)
    service.record(*names)
    if service.person.present:
        before = service.domains()
        service.show_request(not_submitted(before))
        for domain in before:
            if domain.state == "submitted" and service.confirm_listed(domain.name):
                service.record(domain.name, approved_at=service.context.now())
    return _outcome(service.domains(), findings)


def state_of_domains(context: SetupContext) -> StepOutcome:
    """Return how far the domains are, from the profile alone."""
    return _outcome(DomainService(context).domains(), ())


def all_domains_approved(context: SetupContext) -> bool:
    """Return whether every domain is allowed, and the command line names no other."""
    domains = context.profile().domains
    return bool(domains) and not context.answers.domains and all(it.approved_at for it in domains)


def approve_all(context: SetupContext) -> None:
    """Record that ngrok allows every domain of the profile and of the command line."""
    service = DomainService(context)
    names, findings = service.choose(context.answers.domains)
    if findings:
        raise UsageError(f"{findings[0].title}.", advice=findings[0].fix)
    names = (*(domain.name for domain in service.domains()), *names)
    if not names:
        raise UsageError(
            "No domain is known that ngrok could have allowed.",
            advice="Name it: ngrok-scim setup --done domain --domain example.com",
        )
    fresh = (domain.name for domain in service.find(*names) if not domain.approved_at)
    service.record(*fresh, approved_at=service.context.now())


def _outcome(domains: tuple[Domain, ...], findings: tuple[Finding, ...]) -> StepOutcome:
    if not domains:
        return StepOutcome(
            StepStatus.TODO,
            "None of the domains can be submitted." if findings else "No domain was given.",
            findings=(*findings, finding("DOM801", NO_DOMAIN)),
            remaining=(texts.SUBMIT_A_DOMAIN,),
        )
    missing = open_findings(domains)
    if not missing:
        names = ", ".join(domain.name for domain in domains)
        return StepOutcome(StepStatus.DONE, f"Allowed by ngrok: {names}.", findings=findings)
    waiting = ", ".join(
        f"{domain.name} ({domain.state})" for domain in domains if not domain.approved_at
    )
    return StepOutcome(
        StepStatus.WAITING,
        f"Not allowed by ngrok yet: {waiting}.",
        findings=(*findings, *missing),
        remaining=tuple(line for domain in domains for line in next_steps(domain)),
        waiting_for=WaitingFor.YOU if not_submitted(domains) else WaitingFor.NGROK,
    )


def _ask_until_usable(service: DomainService) -> tuple[str, ...]:
    """Ask for domains until a usable one is typed; Enter adds none."""
    person, known = service.person, ", ".join(domain.name for domain in service.domains())
    person.show(texts.WHY_DOMAIN)
    if known:
        person.show(f"Known: {known}. To take one away: `ngrok-scim domain remove DOMAIN`")
    question = "Another e-mail domain (Enter: none)" if known else QUESTION
    while person.present and (typed := person.ask(question)):
        names, findings = service.choose((typed,))
        for item in findings:
            person.show(f"{item.title}. {item.evidence} {item.fix}")
        if names:
            return names
    return ()
