"""The request that ngrok support allow domains: its texts, and whether it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.domain_lookup import look_up_record
from ngrok_scim_cli.setup.domain_service import state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.settings.profile import Domain
    from ngrok_scim_cli.setup.domain_service import DomainService

QUESTION = "E-mail domain of your users, like example.com"
NO_DOMAIN = "This profile has no domain."


def names_to_submit(domains: Sequence[Domain]) -> tuple[str, ...]:
    """Return the names of the domains whose request was not sent."""
    return tuple(domain.name for domain in domains if state_of(domain) == "not submitted")


def missing_of(domains: tuple[Domain, ...]) -> tuple[Finding, ...]:
    """Return what is open of each domain, as findings."""
    return tuple(item for domain in domains for item in look_up_record(domain, ()).findings)


def is_listed(service: DomainService, name: str) -> bool:
    """Ask whether ngrok's dashboard lists a domain."""
    question = f'Is {name} listed under "Account Domain Controls" at {texts.NGROK_SETTINGS}?'
    return service.person.confirm(question, default=False)


def offer(service: DomainService, names: tuple[str, ...], mail: str = "") -> None:
    """Show the request for ``names``, and ask whether it was sent."""
    if mail:
        service.person.tell(
            f"{texts.SEND_DOMAIN_MAIL.format(', '.join(names))}\n\n{whole_mail(names, mail)}\n"
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


def requests_of(names: tuple[str, ...], mail: str) -> tuple[dict[str, object], ...]:
    """Return the requests as JSON values: the mail, or a form for each domain."""
    if mail and names:
        return ({"to": texts.NGROK_SUPPORT, "subject": _subject(names), "text": mail},)
    return tuple({"page": texts.NGROK_SETTINGS, "fields": _form_fields(name)} for name in names)


def remaining_of(domains: tuple[Domain, ...], *, by_mail: bool) -> tuple[str, ...]:
    """Return what a person has to do until ngrok allows ``domains``."""
    unsent = names_to_submit(domains)
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
    return (*lines, *(line for domain in awaited for line in next_of(domain)))


def next_of(domain: Domain) -> tuple[str, ...]:
    """Return what a person has to do so that ngrok allows ``domain``, from where it stands."""
    return {
        "not submitted": (texts.SUBMIT_DOMAIN.format(domain.name),),
        "submitted": (
            texts.PROVE_DOMAIN.format(name=domain.name),
            texts.RECORD_APPROVAL.format(name=domain.name),
        ),
        "approved": (),
    }[state_of(domain)]


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
