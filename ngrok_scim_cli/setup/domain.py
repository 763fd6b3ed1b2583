"""The e-mail domains that ngrok's support must allow before anything syncs.

There is no API for it: the request goes through a form of ngrok's dashboard or by mail, and only
the dashboard shows the answer. So the profile remembers what a person says was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import (
    Result,
    Severity,
    StepStatus,
    WaitingFor,
    has_errors,
    verdict_of,
)
from ngrok_scim_cli.diagnosis.ngrok.domains import bare_proof, is_usable
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.probe.domains import read_typed
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import StepOutcome
from ngrok_scim_cli.setup.domain_lookup import look_up_in_dns, look_up_record
from ngrok_scim_cli.setup.domain_payload import CheckedDomains, DomainList, Domains, said_of_request
from ngrok_scim_cli.setup.domain_service import DomainService, choose_domains, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.finding import Check, Finding
    from ngrok_scim_cli.settings.profile import Domain
    from ngrok_scim_cli.setup.context import SetupContext
    from ngrok_scim_cli.setup.domain_lookup import LookUp

_QUESTION = "E-mail domain of your users, like example.com"
_NO_DOMAIN = "This profile has no domain."

_ORDER = tuple(Severity)


def submit(
    service: DomainService, typed: Sequence[str], *, sent: bool = False, by_mail: bool = False
) -> Result:
    """Prepare the request for domains, and record that it was sent where the person says so.

    Args:
        typed: what was typed for domains; empty: those of the profile that were not submitted.
        by_mail: write a mail to ngrok's support instead of using the form of the dashboard.
    """
    pending = _unsent(service.domains())
    names, findings = choose_domains(service, typed) if typed else (pending, ())
    if not typed and not pending:
        if not service.person.present:
            raise UsageError(
                "No domain is given.", advice="Name one: ngrok-scim domain submit example.com"
            )
        names, findings = choose_domains(service, (service.person.ask(_QUESTION),))
    names, advice, checks = _advised(service, names, sent=sent)
    for name in names:
        service.record(name)
    open_names = _unsent([service.find(name) for name in names])
    mail = _mail(open_names) if by_mail and open_names and not sent else ""
    if sent:
        for name in open_names:
            service.record(name, submitted_at=service.now())
    elif service.person.present:
        _offer(service, open_names, mail)
    domains = tuple(service.find(name) for name in names)
    unsent = _unsent(domains)
    ready_mail = _mail_text(unsent, mail) if mail and unsent else ""
    return _result(
        "domain submit",
        (*findings, *advice),
        Domains(domains, _requests(unsent, mail), ready_mail, said_of_request(domains)),
        checks=checks,
        remaining=_remaining(domains, by_mail=bool(mail)),
    )


def check(service: DomainService, typed: str | None = None, *, proof: str | None = None) -> Result:
    """Look a domain up in the DNS and in the profile.

    Args:
        typed: what was typed for a domain; ``None``: every domain of the profile.
        proof: the value of the TXT record that ngrok's support asked for; remembered.
    """
    known = tuple(domain.name for domain in service.domains())
    names, findings = choose_domains(service, (typed,)) if typed is not None else (known, ())
    if proof is not None and not findings:
        _remember_proof(service, names, proof)
    seen = _look_up(service, names)
    found = (*findings, *(item for look_up in seen for item in look_up.findings))
    if not names and not findings:
        found = (finding("DOM801", _NO_DOMAIN),)
    failed = has_errors(found)
    conclusive = failed or not names or any(look_up.answered for look_up in seen)
    domains = tuple(service.find(name) for name in names)
    checks = tuple(item for look_up in seen for item in look_up.checks)
    return _result(
        "domain check", found, CheckedDomains(domains), checks=checks, conclusive=conclusive
    )


def approve(service: DomainService, typed: str, *, confirmed: bool = False) -> Result:
    """Record that ngrok's dashboard lists a domain."""
    names, findings = choose_domains(service, (typed,))
    for name in names:
        if state_of(service.find(name)) == "approved":
            continue
        if not confirmed and not service.person.present:
            raise UsageError(
                f"No terminal to confirm that ngrok lists {name}.",
                advice=f"Look at {texts.NGROK_SETTINGS} > Account Domain Controls, then add --yes.",
            )
        if confirmed or _is_listed(service, name):
            service.record(name, approved_at=service.now())
    domains = tuple(service.find(name) for name in names)
    found = (*findings, *_missing(domains))
    done = "" if found else f"It is recorded that ngrok allows {', '.join(names)}."
    return _result("domain approve", found, Domains(domains, done=done))


def list_domains(service: DomainService) -> Result:
    """Return the domains of the profile."""
    return _result("domain list", (), DomainList(service.domains()))


def add(service: DomainService, typed: Sequence[str]) -> Result:
    """Let the profile know domains, and drop none."""
    names, findings = choose_domains(service, typed)
    for name in names:
        service.record(name)
    domains = tuple(service.find(name) for name in names)
    remaining = _remaining(domains, by_mail=False)
    done = f"The profile has {', '.join(names)} now." if names and not findings else ""
    return _result("domain add", findings, Domains(domains, done=done), remaining=remaining)


def remove(service: DomainService, typed: str, *, confirmed: bool = False) -> Result:
    """Let the profile forget a domain, on a person's word; ngrok is told nothing."""
    known = {domain.name: domain for domain in service.domains()}
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
    return _result("domain remove", (), Domains(service.domains(), done=done))


def submit_domains(context: SetupContext) -> StepOutcome:
    """Take the domains, prepare the request for each, and record what was sent and allowed."""
    service = _service_of(context)
    names, findings = choose_domains(service, context.answers.domains)
    if not context.answers.domains and (context.goes_back or not service.domains()):
        names = _ask_until_usable(service)
    for name in names:
        service.record(name)
    if service.person.present:
        before = service.domains()
        _offer(service, _unsent(before))
        for domain in before:
            if state_of(domain) == "submitted" and _is_listed(service, domain.name):
                service.record(domain.name, approved_at=service.now())
    return _step_outcome(service.domains(), findings)


def state_of_domains(context: SetupContext) -> StepOutcome:
    """Tell from the profile how far the domains are."""
    return _step_outcome(_service_of(context).domains(), ())


def domains_stand(context: SetupContext) -> bool:
    """Tell whether every domain is allowed, and the command line names no other one."""
    return not context.answers.domains and all(
        domain.approved_at for domain in context.profile().domains
    )


def approve_all(context: SetupContext) -> None:
    """Record that ngrok allows every domain of the profile and of the command line."""
    service = _service_of(context)
    names, findings = choose_domains(service, context.answers.domains)
    if findings:
        raise UsageError(f"{findings[0].title}.", advice=findings[0].fix)
    names = (*(domain.name for domain in service.domains()), *names)
    if not names:
        raise UsageError(
            "No domain is known that ngrok could have allowed.",
            advice="Name it: ngrok-scim setup --done domain --domain example.com",
        )
    for name in names:
        if not service.find(name).approved_at:
            service.record(name, approved_at=service.now())


def _service_of(context: SetupContext) -> DomainService:
    return DomainService(
        context.person,
        context.profiles,
        context.profile_name,
        context.now,
        open_page=context.open_page,
    )


def _unsent(domains: Sequence[Domain]) -> tuple[str, ...]:
    return tuple(domain.name for domain in domains if state_of(domain) == "not submitted")


def _is_listed(service: DomainService, name: str) -> bool:
    question = f'Is {name} listed under "Account Domain Controls" at {texts.NGROK_SETTINGS}?'
    return service.person.confirm(question, default=False)


def _step_outcome(domains: tuple[Domain, ...], findings: tuple[Finding, ...]) -> StepOutcome:
    if not domains:
        return StepOutcome(
            StepStatus.TODO,
            "None of the domains can be submitted." if findings else "No domain was given.",
            findings=(*findings, finding("DOM801", _NO_DOMAIN)),
            remaining=(texts.SUBMIT_A_DOMAIN,),
        )
    missing = _missing(domains)
    if not missing:
        names = ", ".join(domain.name for domain in domains)
        return StepOutcome(StepStatus.DONE, f"Allowed by ngrok: {names}.", findings=findings)
    waiting = ", ".join(
        f"{domain.name} ({state_of(domain)})" for domain in domains if not domain.approved_at
    )
    return StepOutcome(
        StepStatus.WAITING,
        f"Not allowed by ngrok yet: {waiting}.",
        findings=(*findings, *missing),
        remaining=tuple(line for domain in domains for line in _next_of(domain)),
        waiting_for=WaitingFor.YOU if _unsent(domains) else WaitingFor.NGROK,
    )


def _ask_until_usable(service: DomainService) -> tuple[str, ...]:
    """Ask for domains until a usable one is typed; Enter adds none."""
    known = ", ".join(domain.name for domain in service.domains())
    service.person.tell(texts.WHY_DOMAIN)
    if known:
        service.person.tell(f"Known: {known}. To take one away: `ngrok-scim domain remove DOMAIN`")
    question = "Another e-mail domain (Enter: none)" if known else _QUESTION
    while service.person.present:
        typed = service.person.ask(question)
        if not typed:
            break
        names, findings = choose_domains(service, (typed,))
        for item in findings:
            service.person.tell(f"{item.title}. {item.evidence} {item.fix}")
        if names:
            return names
    return ()


def _advised(
    service: DomainService, names: tuple[str, ...], *, sent: bool
) -> tuple[tuple[str, ...], tuple[Finding, ...], tuple[Check, ...]]:
    """Look ``names`` up in the DNS; one that it denies is submitted only on a person's word."""
    if service.resolver is None or not names:
        return names, (), ()
    resolver = service.resolver()
    with service.waiting():
        seen = {name: look_up_in_dns(name, "", resolver) for name in names}
    kept = [
        name
        for name, look_up in seen.items()
        if not look_up.findings or _submits_anyway(service, name, look_up.findings, sent=sent)
    ]
    advice = tuple(item for look_up in seen.values() for item in look_up.findings)
    checks = tuple(item for look_up in seen.values() for item in look_up.checks)
    return tuple(kept), advice, checks


def _submits_anyway(
    service: DomainService, name: str, found: tuple[Finding, ...], *, sent: bool
) -> bool:
    if not service.person.present:
        return sent or is_usable(found)
    for item in found:
        service.person.tell(f"{item.title}. {item.evidence} {item.fix}")
    return service.person.confirm(f"Submit {name} all the same?", default=False)


def _offer(service: DomainService, names: tuple[str, ...], mail: str = "") -> None:
    """Show the request for ``names``, and ask whether it was sent."""
    if mail:
        service.person.tell(
            f"{texts.SEND_DOMAIN_MAIL.format(', '.join(names))}\n\n{_mail_text(names, mail)}\n"
        )
        _ask_whether_sent(service, names)
        return
    for name in names:
        service.person.tell(texts.SUBMIT_DOMAIN.format(name))
        fields = _form_fields(name)
        rows = (f"  {label}: {value}" for label, value in fields.items())
        told = "\n".join((*rows, '  Then press "Contact Support".'))
        service.person.tell(told, tuple(fields.values()))
        page = texts.NGROK_SETTINGS
        wanted = service.open_page and service.person.confirm(f"Open {page} in the browser?")
        if wanted and service.open_page and not service.open_page():
            service.person.tell(f"No browser could be started. Open {page} yourself.")
        _ask_whether_sent(service, (name,))


def _ask_whether_sent(service: DomainService, names: tuple[str, ...]) -> None:
    if names and service.person.confirm("Have you sent the request?", default=False):
        for name in names:
            service.record(name, submitted_at=service.now())


def _mail(names: Sequence[str]) -> str:
    return texts.DOMAIN_MAIL.format("\n".join(f"    {name}" for name in names))


def _mail_text(names: Sequence[str], body: str) -> str:
    return f"To: {texts.NGROK_SUPPORT}\nSubject: {_subject(names)}\n\n{body}"


def _subject(names: Sequence[str]) -> str:
    return f"Account Domain Controls: please allow {', '.join(names)}"


def _form_fields(name: str) -> dict[str, str]:
    return {"Domain": name, "Additional Information (optional)": texts.DOMAIN_REQUEST.format(name)}


def _requests(names: tuple[str, ...], mail: str) -> tuple[dict[str, object], ...]:
    if mail and names:
        return ({"to": texts.NGROK_SUPPORT, "subject": _subject(names), "text": mail},)
    return tuple({"page": texts.NGROK_SETTINGS, "fields": _form_fields(name)} for name in names)


def _remaining(domains: tuple[Domain, ...], *, by_mail: bool) -> tuple[str, ...]:
    unsent = _unsent(domains)
    lines: list[str] = []
    if unsent and by_mail:
        lines = [
            texts.SEND_DOMAIN_MAIL.format(", ".join(unsent)),
            texts.SAY_DOMAIN_WAS_SENT.format(" ".join(unsent)),
        ]
    elif unsent:
        for name in unsent:
            lines += [
                texts.SUBMIT_DOMAIN.format(name),
                texts.FILL_IN_DOMAIN_FORM.format(name, name),
            ]
        lines.append(texts.SAY_DOMAIN_WAS_SENT.format(" ".join(unsent)))
    awaited = (domain for domain in domains if state_of(domain) == "submitted")
    return (*lines, *(line for domain in awaited for line in _next_of(domain)))


def _next_of(domain: Domain) -> tuple[str, ...]:
    """Return what a person has to do so that ngrok allows ``domain``, from where it stands."""
    return {
        "not submitted": (texts.SUBMIT_DOMAIN.format(domain.name),),
        "submitted": (
            texts.PROVE_DOMAIN.format(name=domain.name),
            texts.RECORD_APPROVAL.format(name=domain.name),
        ),
        "approved": (),
    }[state_of(domain)]


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


def _look_up(service: DomainService, names: tuple[str, ...]) -> tuple[LookUp, ...]:
    """Return what the profile shows of each domain, and what the DNS shows of it."""
    seen: list[LookUp] = []
    resolver = service.resolver() if service.resolver else None
    with service.waiting():
        for name in names:
            domain = service.find(name)
            _, typed = read_typed(name)
            asked = resolver if is_usable(typed) else None
            seen += [look_up_in_dns(name, domain.txt, asked), look_up_record(domain, typed)]
    return tuple(seen)


def _missing(domains: tuple[Domain, ...]) -> tuple[Finding, ...]:
    return tuple(item for domain in domains for item in look_up_record(domain, ()).findings)


def _result(
    command: str,
    findings: tuple[Finding, ...],
    payload: Domains,
    *,
    checks: tuple[Check, ...] = (),
    remaining: tuple[str, ...] = (),
    conclusive: bool = True,
) -> Result:
    ordered = tuple(sorted(dict.fromkeys(findings), key=lambda item: _ORDER.index(item.severity)))
    verdict = verdict_of(ordered, conclusive=conclusive)
    return Result(
        command, verdict, findings=ordered, checks=checks, remaining=remaining, payload=payload
    )
