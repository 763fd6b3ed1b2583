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
    has_errors,
    verdict_of,
)
from ngrok_scim_cli.diagnosis.ngrok.domains import bare_proof, is_usable
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.probe.domains import read_typed
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.domain_lookup import look_up_in_dns, look_up_record
from ngrok_scim_cli.setup.domain_payload import CheckedDomains, DomainList, Domains, said_of_request
from ngrok_scim_cli.setup.domain_request import (
    NO_DOMAIN,
    QUESTION,
    is_listed,
    mail_body,
    missing_of,
    names_to_submit,
    offer,
    remaining_of,
    requests_of,
    whole_mail,
)
from ngrok_scim_cli.setup.domain_service import choose_domains, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.finding import Check, Finding
    from ngrok_scim_cli.setup.domain_lookup import LookUp
    from ngrok_scim_cli.setup.domain_service import DomainService

_ORDER = tuple(Severity)


def submit(
    service: DomainService, typed: Sequence[str], *, sent: bool = False, by_mail: bool = False
) -> Result:
    """Prepare the request for domains, and record that it was sent where the person says so.

    Args:
        typed: what was typed for domains; empty: those of the profile that were not submitted.
        by_mail: write a mail to ngrok's support instead of using the form of the dashboard.
    """
    pending = names_to_submit(service.domains())
    names, findings = choose_domains(service, typed) if typed else (pending, ())
    if not typed and not pending:
        if not service.person.present:
            raise UsageError(
                "No domain is given.", advice="Name one: ngrok-scim domain submit example.com"
            )
        names, findings = choose_domains(service, (service.person.ask(QUESTION),))
    names, advice, checks = _advised(service, names, sent=sent)
    for name in names:
        service.record(name)
    open_names = names_to_submit([service.find(name) for name in names])
    mail = mail_body(open_names) if by_mail and open_names and not sent else ""
    if sent:
        for name in open_names:
            service.record(name, submitted_at=service.now())
    elif service.person.present:
        offer(service, open_names, mail)
    domains = tuple(service.find(name) for name in names)
    unsent = names_to_submit(domains)
    ready_mail = whole_mail(unsent, mail) if mail and unsent else ""
    return _result(
        "domain submit",
        (*findings, *advice),
        Domains(domains, requests_of(unsent, mail), ready_mail, said_of_request(domains)),
        checks=checks,
        remaining=remaining_of(domains, by_mail=bool(mail)),
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
        found = (finding("DOM801", NO_DOMAIN),)
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
        if confirmed or is_listed(service, name):
            service.record(name, approved_at=service.now())
    domains = tuple(service.find(name) for name in names)
    found = (*findings, *missing_of(domains))
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
    remaining = remaining_of(domains, by_mail=False)
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
