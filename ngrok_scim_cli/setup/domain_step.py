"""Step three: the e-mail domains, from the first request until ngrok has allowed each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding, StepStatus, WaitingFor
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import SetupContext, StepOutcome
from ngrok_scim_cli.setup.domain_service import (
    NO_DOMAIN,
    QUESTION,
    DomainService,
    next_steps,
    not_submitted,
    open_findings,
)

if TYPE_CHECKING:
    from ngrok_scim_cli.settings.profile import Domain


def submit_domains(context: SetupContext) -> StepOutcome:
    """Take the domains, prepare the request for each, and record what was sent and allowed."""
    service = _service_of(context)
    names, findings = service.choose(context.answers.domains)
    if not context.answers.domains and (context.goes_back or not service.domains()):
        names = _ask_until_usable(service)
    service.record(*names)
    if service.person.present:
        before = service.domains()
        service.show_request(not_submitted(before))
        for domain in before:
            if domain.state == "submitted" and service.confirm_listed(domain.name):
                service.record(domain.name, approved_at=service.now())
    return _outcome(service.domains(), findings)


def state_of_domains(context: SetupContext) -> StepOutcome:
    """Tell from the profile how far the domains are."""
    return _outcome(_service_of(context).domains(), ())


def all_domains_approved(context: SetupContext) -> bool:
    """Tell whether there are domains, all of them allowed, and the command line names no other."""
    domains = context.profile().domains
    return bool(domains) and not context.answers.domains and all(it.approved_at for it in domains)


def approve_all(context: SetupContext) -> None:
    """Record that ngrok allows every domain of the profile and of the command line."""
    service = _service_of(context)
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
    service.record(*fresh, approved_at=service.now())


def _service_of(context: SetupContext) -> DomainService:
    return DomainService(
        context.person,
        context.profiles,
        context.profile_name,
        context.now,
        open_page=context.open_page,
    )


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
