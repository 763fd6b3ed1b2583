"""Looks e-mail domains up in the public suffix list and in the DNS."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.ngrok.domains import judge_dns, read_domain
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.wire.dns import Answer, Outcome, Resolver

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

    from ngrok_scim_cli.diagnosis.finding import Finding

_NO_PROOF = "ngrok's support has not given a value yet; when it has, add --txt VALUE."
_WRONG_NAME = "The name itself is wrong."


@dataclass(frozen=True, slots=True)
class SeenInDns:
    """What the DNS shows of a domain.

    Attributes:
        mail: the answer to the question for its MX records.
    """

    name: str
    findings: tuple[Finding, ...]
    mail: Answer
    texts: Answer


def read_typed(typed: str) -> tuple[str, tuple[Finding, ...]]:
    """Return the domain that was meant, and what is wrong with it; see ``read_domain``."""
    return read_domain(typed, _public_suffixes().is_public)


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    # The other half of the list holds domains that belong to somebody, like github.io.
    return PublicSuffixList(only_icann=True)


def ask_dns(name: str, proof: str, resolver: Resolver | None) -> SeenInDns:
    """Ask the DNS whether a domain exists, receives mail, and shows the proof of ownership.

    Args:
        proof: the TXT record that ngrok's support asked for; empty where that is not known.
        resolver: which to ask; ``None`` where the name cannot be asked for.
    """
    unasked = Answer(Outcome.UNKNOWN, reason=_WRONG_NAME)
    mail = resolver.mail_servers(name) if resolver else unasked
    texts = Answer(Outcome.UNKNOWN, reason=_NO_PROOF if resolver else _WRONG_NAME)
    if resolver and proof:
        texts = resolver.texts(name)
    findings = judge_dns(
        name,
        exists=None if mail.outcome is Outcome.UNKNOWN else mail.outcome is not Outcome.NO_NAME,
        mail_servers=_known_values(mail),
        texts=_known_values(texts),
        proof=proof,
    )
    return SeenInDns(name, findings, mail, texts)


def _known_values(answer: Answer) -> tuple[str, ...] | None:
    return answer.values if answer.outcome in (Outcome.FOUND, Outcome.NO_RECORD) else None
