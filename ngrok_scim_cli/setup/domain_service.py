"""Where the domains of one profile are asked for and changed."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.ngrok.domains import (
    is_only_mistyped,
    is_usable,
    split_domains,
)
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.probe.domains import read_typed
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.settings.profile import Domain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.ngrok.domains import TypedDomain
    from ngrok_scim_cli.settings.profile import Profile
    from ngrok_scim_cli.settings.profile_store import ProfileStore
    from ngrok_scim_cli.setup.person import Person
    from ngrok_scim_cli.wire.dns import Resolver

_PORTS = range(65536)


@dataclass(frozen=True, slots=True)
class DomainService:
    """Where the domains of one profile are asked for, changed and looked up.

    Attributes:
        resolver: begins to ask the DNS, and its deadline; ``None``: the DNS is not asked.
    """

    person: Person
    profiles: ProfileStore
    profile_name: str
    now: Callable[[], datetime]
    resolver: Callable[[], Resolver] | None = None
    waiting: Callable[[], AbstractContextManager[object]] = nullcontext
    open_page: Callable[[], bool] | None = None

    def domains(self) -> tuple[Domain, ...]:
        """Return the domains of the profile, each once."""
        return tuple(_by_name(self.profiles.load(self.profile_name)).values())

    def find(self, name: str) -> Domain:
        """Return the domain ``name``; a new one where the profile does not know it."""
        return _by_name(self.profiles.load(self.profile_name)).get(name, Domain(name))

    def record(self, name: str, **fields: object) -> None:
        """Let the profile know the domain ``name``, with these fields of it changed."""

        def changed(profile: Profile) -> Profile:
            known = _by_name(profile)
            new = replace(known.get(name, Domain(name)), **fields)  # type: ignore[arg-type]
            return replace(profile, domains=tuple({**known, name: new}.values()))

        self.profiles.update(self.profile_name, changed)

    def remove(self, name: str) -> None:
        """Let the profile forget the domain ``name``."""

        def changed(profile: Profile) -> Profile:
            kept = (domain for domain in profile.domains if domain.name != name)
            return replace(profile, domains=tuple(kept))

        self.profiles.update(self.profile_name, changed)


def _by_name(profile: Profile) -> dict[str, Domain]:
    known: dict[str, Domain] = {}
    for domain in profile.domains:  # a person may have written one twice
        known.setdefault(domain.name, domain)
    return known


def open_resolver(timeout: float, nameserver: str | None = None) -> Resolver:
    """Begin to ask the DNS.

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


def state_of(domain: Domain) -> str:
    """Return how far a domain is: ``approved``, ``submitted`` or ``not submitted``."""
    if domain.approved_at:
        return "approved"
    return "submitted" if domain.submitted_at else "not submitted"


def choose_domains(
    service: DomainService, typed: Sequence[str]
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Return the domains that were meant, each once, and what is wrong with the others.

    A person is asked whether they meant what was made out of what they typed.
    """
    names: list[str] = []
    findings: list[Finding] = []
    for text in (part for item in typed for part in split_domains(item)):
        domain, found = read_typed(text)
        if is_usable(found) or _meant(service, domain, found):
            names.append(domain.name)
        else:
            findings += found
    return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(findings))


def _meant(service: DomainService, domain: TypedDomain, found: tuple[Finding, ...]) -> bool:
    if not service.person.present or not is_only_mistyped(domain, found):
        return False
    service.person.tell(found[0].evidence)
    return service.person.confirm(f"Do you mean {domain.name}?")
