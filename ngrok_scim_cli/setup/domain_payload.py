"""The domains that a command is about, as it prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ngrok_scim_cli.diagnosis.finding import Payload, Section
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.setup.domain_service import state_of

if TYPE_CHECKING:
    from datetime import datetime

    from ngrok_scim_cli.settings.profile import Domain

_NONE_YET = "No domain yet. Submit the domain of your users: ngrok-scim domain submit example.com"


@dataclass(frozen=True, slots=True)
class Domains(Payload):
    """The domains that a command is about, as they stand now.

    Attributes:
        done: what the command did with them, in a sentence.
    """

    domains: tuple[Domain, ...]
    requests: tuple[dict[str, object], ...] | None = None
    mail: str = ""
    done: str = ""

    @property
    def summary(self) -> str:
        """What was done."""
        return self.done

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        requests = {} if self.requests is None else {"requests": list(self.requests)}
        return {"domains": list(map(_as_json, self.domains)), **requests}

    def sections(self) -> tuple[Section, ...]:
        """Return the mail, or a line for each domain."""
        if self.mail:
            return (Section(verbatim=self.mail),)
        return (_table(self.domains),) if self.domains else ()


@dataclass(frozen=True, slots=True)
class DomainList(Domains):
    """The domains of the profile, which were asked for."""

    is_answer: ClassVar[bool] = True

    def sections(self) -> tuple[Section, ...]:
        """Return a line for each domain."""
        return (_table(self.domains) if self.domains else Section(lines=(_NONE_YET,)),)


@dataclass(frozen=True, slots=True)
class CheckedDomains(Domains):
    """The domains that were looked up, whose checks were asked for."""

    shows_checks: ClassVar[bool] = True

    def sections(self) -> tuple[Section, ...]:
        """Return nothing: the checks tell it."""
        return ()


def said_of_request(domains: tuple[Domain, ...]) -> str:
    """Return how far the request for ``domains`` is; empty where there are none."""
    names = ", ".join(domain.name for domain in domains)
    is_open = any(state_of(domain) == "not submitted" for domain in domains)
    said = f"The request for {names} {'is ready to be sent' if is_open else 'was sent'}."
    return said if names else ""


def _table(domains: tuple[Domain, ...]) -> Section:
    heads = ("Domain", "State", "Submitted", "Approved")
    rows = (
        (item.name, state_of(item), _date(item.submitted_at), _date(item.approved_at))
        for item in domains
    )
    return Section(table=(heads, *rows))


def _date(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "-"


def _as_json(domain: Domain) -> dict[str, object]:
    return {
        "name": domain.name,
        "state": state_of(domain),
        "submitted_at": domain.submitted_at.isoformat() if domain.submitted_at else None,
        "approved_at": domain.approved_at.isoformat() if domain.approved_at else None,
        "txt": domain.txt or None,
    }
