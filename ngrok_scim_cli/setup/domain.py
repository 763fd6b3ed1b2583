"""The e-mail domains that ngrok support must allow: `ngrok-scim domain`, and the setup's step."""

from collections.abc import Iterable, Sequence
from datetime import datetime

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
from ngrok_scim_cli.probe.domains import ask_dns, read_typed
from ngrok_scim_cli.settings.profile import Domain
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import SetupContext, StepOutcome
from ngrok_scim_cli.setup.domain_service import (
    NO_DOMAIN,
    QUESTION,
    DomainService,
    checks_of_dns,
    checks_of_record,
    form_fields,
    judge_record,
    next_steps,
    not_submitted,
)
from ngrok_scim_cli.wire.dns import Outcome

_NONE_YET = "No domain yet. Submit the domain of your users: ngrok-scim domain submit example.com"


def _result(
    name: str,
    findings: Sequence[Finding],
    domains: Sequence[Domain],
    summary: str = "",
    *,
    checks: Sequence[Check] = (),
    remaining: Iterable[str] = (),
    conclusive: bool = True,
    **fields: object,
) -> Result:
    """Return what `domain NAME` says of ``domains`` as they are now; ``summary``: what was done."""
    is_answer, shows_checks = name == "list", name == "check"
    sections = (Section(lines=(_NONE_YET,)),) if is_answer else ()
    if domains and not shows_checks:  # the checks show it all
        heads = ("Domain", "State", "Submitted", "Approved")
        rows = (
            (item.name, item.state, _date(item.submitted_at), _date(item.approved_at))
            for item in domains
        )
        sections = (Section(table=(heads, *rows)),)
    fields = {"domains": list(map(_as_json, domains)), **fields}
    return Result(
        f"domain {name}",
        verdict_of(tuple(findings), conclusive=conclusive),
        findings=errors_first(findings),
        checks=tuple(checks),
        remaining=tuple(remaining),
        payload=Payload(fields, sections, summary, is_answer, shows_checks),
    )


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


def submit(service: DomainService, typed: Sequence[str], *, sent: bool = False) -> Result:
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
    if sent:
        service.record(*unsent, submitted_at=service.context.now())
    elif service.person.present:
        service.show_request(unsent)
    domains = service.find(*names)
    unsent = not_submitted(domains)
    remaining: list[str] = []
    for name in unsent:
        remaining.append(texts.SUBMIT_DOMAIN.format(name))
        remaining.append(texts.FILL_IN_DOMAIN_FORM.format(name, name))
    if unsent:
        remaining.append(texts.SAY_DOMAIN_WAS_SENT.format(" ".join(unsent)))
    remaining += _next_steps(domain for domain in domains if domain.name not in unsent)
    state = "is ready to be sent" if unsent else "was sent"
    return _result(
        "submit",
        (*findings, *advice),
        domains,
        f"The request for {', '.join(names)} {state}." if names else "",
        checks=checks,
        remaining=remaining,
        requests=[{"page": texts.NGROK_SETTINGS, "fields": form_fields(name)} for name in unsent],
    )


def _known_to_dns(
    service: DomainService, names: tuple[str, ...], *, sent: bool
) -> tuple[tuple[str, ...], tuple[Finding, ...], tuple[Check, ...]]:
    """Look ``names`` up in the DNS; one that it denies is submitted only on a person's word."""
    if service.resolver is None or not names:
        return names, (), ()
    resolver, person = service.resolver(), service.person
    with service.waiting():
        looked_up = [ask_dns(name, "", resolver) for name in names]
    kept: list[str] = []
    for seen in looked_up:
        submits = sent or not has_errors(seen.findings)
        if seen.findings and person.present:
            _show(service, seen.findings)
            submits = person.confirm(f"Submit {seen.name} all the same?", default=False)
        if submits:
            kept.append(seen.name)
    findings = tuple(item for seen in looked_up for item in seen.findings)
    return tuple(kept), findings, tuple(item for seen in looked_up for item in checks_of_dns(seen))


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
        value = bare_proof(proof)
        if not value:
            raise UsageError(
                "--txt is empty.", advice="Give the value that ngrok's support sent you."
            )
        if len(names) != 1:
            raise UsageError(
                "--txt needs the name of its domain.",
                advice="Name it: ngrok-scim domain check NAME --txt VALUE",
            )
        service.record(names[0], txt=value)
    domains = service.find(*names)
    found, checks = list(findings), list[Check]()
    if not names and not findings:
        found.append(finding("DOM801", NO_DOMAIN))
    answered = not names
    resolver = service.resolver() if service.resolver else None
    with service.waiting():
        for domain in domains:
            wrong = read_typed(domain.name)[1]
            seen = ask_dns(domain.name, domain.txt, None if has_errors(wrong) else resolver)
            recorded = (*wrong, *judge_record(domain))
            found += (*seen.findings, *recorded)
            checks += (*checks_of_dns(seen), *checks_of_record(domain, recorded))
            answered |= seen.mail.outcome is not Outcome.UNKNOWN
    conclusive = answered or has_errors(found)
    return _result("check", found, domains, checks=checks, conclusive=conclusive)


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
    found = (*findings, *(item for domain in domains for item in judge_record(domain)))
    done = "" if found else f"It is recorded that ngrok allows {', '.join(names)}."
    return _result("approve", found, domains, done)


def list_domains(service: DomainService) -> Result:
    """Return the domains of the profile."""
    return _result("list", (), service.domains())


def add(service: DomainService, typed: Sequence[str]) -> Result:
    """Add domains to the profile; none is removed."""
    names, findings = service.choose(typed)
    service.record(*names)
    domains = service.find(*names)
    done = f"The profile has {', '.join(names)} now." if names and not findings else ""
    return _result("add", findings, domains, done, remaining=_next_steps(domains))


def remove(service: DomainService, typed: str, *, confirmed: bool = False) -> Result:
    """Remove a domain from the profile, on a person's word; ngrok is not asked."""
    known = [domain.name for domain in service.domains()]
    name = typed.strip().lower()
    if name not in known:
        name = read_typed(typed)[0]
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
    return _result("remove", (), service.domains(), done)


def _next_steps(domains: Iterable[Domain]) -> tuple[str, ...]:
    return tuple(line for domain in domains for line in next_steps(domain))


def _show(service: DomainService, findings: Iterable[Finding]) -> None:
    for item in findings:
        service.person.show(f"{item.title}. {item.evidence} {item.fix}")


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
    waiting = [domain for domain in domains if not domain.approved_at]
    if not waiting:
        names = ", ".join(domain.name for domain in domains)
        return StepOutcome(StepStatus.DONE, f"Allowed by ngrok: {names}.", findings=findings)
    states = ", ".join(f"{domain.name} ({domain.state})" for domain in waiting)
    return StepOutcome(
        StepStatus.WAITING,
        f"Not allowed by ngrok yet: {states}.",
        findings=(*findings, *(item for domain in waiting for item in judge_record(domain))),
        remaining=_next_steps(waiting),
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
        _show(service, findings)
        if names:
            return names
    return ()
