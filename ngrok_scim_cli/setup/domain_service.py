"""The e-mail domains of one profile: read, changed, looked up, and the request to allow them.

ngrok has no API for this: the request goes through a form of its dashboard, and only the dashboard
shows the answer. So the profile remembers what a person says was done.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from ipaddress import ip_address

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Finding, has_errors, status_of
from ngrok_scim_cli.diagnosis.ngrok.domains import (
    is_only_mistyped,
    judge_approval,
    split_domains,
)
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.probe.domains import SeenInDns, read_typed
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import Person, SetupContext
from ngrok_scim_cli.text.characters import visible
from ngrok_scim_cli.wire.dns import Outcome, Resolver

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
        return tuple(self.context.profile().domains_by_name.values())

    def find(self, *names: str) -> tuple[Domain, ...]:
        """Return the domains ``names``; a new one for each that the profile does not know."""
        known = self.context.profile().domains_by_name
        return tuple(known.get(name, Domain(name)) for name in names)

    def record(self, *names: str, **fields: object) -> None:
        """Store the domains ``names`` in the profile, with these fields of each changed."""

        def changed(profile: Profile) -> Profile:
            known = profile.domains_by_name
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
            name, found = read_typed(text)
            meant = not has_errors(found)
            if not meant and self.person.present and is_only_mistyped(name, found):
                self.person.show(found[0].evidence)
                meant = self.person.confirm(f"Do you mean {name}?")
            if meant:
                names.append(name)
            else:
                findings += found
        return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(findings))

    def confirm_listed(self, name: str) -> bool:
        """Ask whether ngrok's dashboard lists a domain."""
        question = f'Is {name} listed under "Account Domain Controls" at {texts.NGROK_SETTINGS}?'
        return self.person.confirm(question, default=False)

    def show_request(self, names: tuple[str, ...]) -> None:
        """Show the request for each of ``names``, and ask whether it was sent."""
        for name in names:
            fields = form_fields(name)
            rows = (f"  {label}: {value}" for label, value in fields.items())
            self.person.show(texts.SUBMIT_DOMAIN.format(name))
            shown = "\n".join((*rows, '  Then press "Contact Support".'))
            self.person.show(shown, tuple(fields.values()))
            if self.person.confirm("Have you sent the request?", default=False):
                self.record(name, submitted_at=self.context.now())


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


def judge_record(domain: Domain) -> tuple[Finding, ...]:
    """Return what is open of a domain, by what the profile remembers."""
    return judge_approval(domain.name, domain.submitted_at, domain.approved_at)


def checks_of_record(domain: Domain, findings: tuple[Finding, ...]) -> Iterator[Check]:
    """Yield how far a domain is; ``findings`` are what is wrong with its name and its record."""
    submitted, approved = domain.submitted_at, domain.approved_at
    too_early = "" if submitted or approved else "It is not submitted yet."
    rows = (
        ("DOM803", "is not a public mail provider's", None, ""),
        ("DOM801", "is submitted", submitted, ""),
        ("DOM802", "is approved", approved, too_early),
    )
    for code, what, at, skipped in rows:
        seen = f"On {at:%Y-%m-%d}." if at else ""
        yield _check(code, f"{domain.name} {what}", findings, seen, skipped)


def checks_of_dns(seen: SeenInDns) -> Iterator[Check]:
    """Yield whether a domain exists, receives mail, and shows the proof of ownership."""
    hosts = ", ".join(visible(host) for host in seen.mail.values[:_SHOWN_HOSTS])
    rows = (
        ("DOM806", "exists in the DNS", seen.mail, ""),
        ("DOM807", "receives mail", seen.mail, hosts),
        ("DOM808", "shows the proof of ownership", seen.texts, ""),
    )
    codes = {item.code for item in seen.findings}
    for code, what, answer, shown in rows:
        skipped = answer.reason if answer.outcome is Outcome.UNKNOWN else ""
        if answer.outcome is Outcome.NO_NAME and code not in codes:
            skipped = "The name does not exist."
        name = f"{seen.name} {what}"
        yield _check(code, name, seen.findings, shown, skipped, answer.elapsed_ms)


def _check(
    code: str,
    name: str,
    findings: tuple[Finding, ...],
    seen: str,
    skipped: str,
    elapsed_ms: int = 0,
) -> Check:
    """Return a check: what was found, else what was seen, or why it was ``skipped``."""
    if skipped:
        return Check(code, name, "Domains", CheckStatus.SKIP, skipped, elapsed_ms)
    found = tuple(item for item in findings if item.code == code)[:1]
    reason = found[0].evidence if found else seen
    return Check(code, name, "Domains", status_of(found), reason, elapsed_ms, found)


# What is open, and the request


def not_submitted(domains: Sequence[Domain]) -> tuple[str, ...]:
    """Return the names of the domains whose request was not sent."""
    return tuple(domain.name for domain in domains if domain.state == "not submitted")


def next_steps(domain: Domain) -> tuple[str, ...]:
    """Return what a person has to do next so that ngrok allows ``domain``."""
    steps = {
        "not submitted": (texts.SUBMIT_THE_DOMAIN,),
        "submitted": (texts.PROVE_DOMAIN, texts.RECORD_APPROVAL),
    }
    return tuple(line.format(name=domain.name) for line in steps.get(domain.state, ()))


def form_fields(name: str) -> dict[str, str]:
    """Return what goes into the form of ngrok's dashboard, by the labels of its fields."""
    return {"Domain": name, "Additional Information (optional)": texts.DOMAIN_REQUEST.format(name)}
