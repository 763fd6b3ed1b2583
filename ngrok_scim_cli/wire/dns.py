"""DNS queries. The answer says whatever happened; nothing is raised."""

from __future__ import annotations

import time
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dns.rdata import Rdata
    from dns.resolver import Resolver as _Resolver

PORT = 53

# A server that does not know this name either (in a closed network, say) does not know the
# public DNS: what it says of another name is worth nothing.
KNOWN_NAME = "ngrok.com"


class Outcome(StrEnum):
    """How a question to the DNS ended."""

    FOUND = "found"
    NO_RECORD = "no record"
    NO_NAME = "no name"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question to the DNS.

    Attributes:
        outcome: ``FOUND``; ``NO_RECORD``, the name exists without such a record; ``NO_NAME``
            (NXDOMAIN, RFC 8020); or ``UNKNOWN``, nobody gave an answer that could be used.
        values: the records as a server sent them: hostile text, which must be made harmless
            before it is shown.
    """

    outcome: Outcome
    values: tuple[str, ...] = ()
    reason: str = ""
    elapsed_ms: int = 0


class Resolver:
    """Asks the DNS, all questions together within one deadline that begins now."""

    def __init__(
        self, *, timeout: float, nameservers: Sequence[str] = (), port: int = PORT
    ) -> None:
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        self._nameservers = list(nameservers)
        self._port = port
        self._configured: _Resolver | None = None
        self._known: Answer | None = None

    def mail_servers(self, name: str) -> Answer:
        """Ask for the MX records of ``name``: the hosts, lower-case, without the dot at the end.

        The preferred host comes first. A host ``.`` is the null MX: no mail is taken (RFC 7505).
        """
        return self._confirmed(self._ask(name, "MX"))

    def texts(self, name: str) -> Answer:
        """Ask for the TXT records of ``name``, the strings of each put together (RFC 7208, 3.3)."""
        return self._confirmed(self._ask(name, "TXT"))

    def _confirmed(self, answer: Answer) -> Answer:
        """Believe that a name does not exist only of a server that knows names."""
        if answer.outcome is not Outcome.NO_NAME:
            return answer
        self._known = self._known or self._ask(KNOWN_NAME, "A")
        if self._known.outcome in (Outcome.FOUND, Outcome.NO_RECORD):
            return answer
        reason = self._known.reason or (
            f"The DNS server does not know {KNOWN_NAME} either, so it does not show the public DNS."
        )
        return replace(answer, outcome=Outcome.UNKNOWN, reason=reason)

    def _ask(self, name: str, kind: str) -> Answer:
        """Ask the DNS once; a failure is an answer with its reason, too."""
        from dns.exception import DNSException
        from dns.resolver import NXDOMAIN, NoNameservers, NoResolverConfiguration, Timeout
        from dns.resolver import Resolver as _Resolver

        started = time.monotonic()
        values: tuple[str, ...] = ()
        outcome, reason = Outcome.UNKNOWN, ""
        try:
            if self._configured is None:
                resolver = _Resolver(configure=not self._nameservers)
                if self._nameservers:
                    resolver.nameservers, resolver.port = self._nameservers, self._port
                self._configured = resolver
            answer = self._configured.resolve(
                f"{name}.",
                kind,
                lifetime=self._deadline - started,
                search=False,
                raise_on_no_answer=False,
            )
            values = tuple(map(_value, sorted(answer.rrset or ())))
            outcome = Outcome.FOUND if values else Outcome.NO_RECORD
        except NXDOMAIN:
            outcome = Outcome.NO_NAME
        except Timeout:
            reason = f"The DNS did not answer within {self._timeout:g} seconds."
        except NoResolverConfiguration:
            reason = "This machine has no DNS server set up."
        except NoNameservers as error:  # the last server that sent an error code tells why
            problems = (attempt[3] for attempt in error.kwargs.get("errors", ()))
            codes = [problem for problem in problems if isinstance(problem, str)]
            reason = "No DNS server can be reached, or none sends what can be read."
            if codes:
                reason = f"The DNS server could not answer ({codes[-1]})."
        except (DNSException, OSError, ValueError) as error:
            reason = f"The DNS could not be asked ({type(error).__name__})."
        return Answer(outcome, values, reason, round((time.monotonic() - started) * 1000))


def _value(record: Rdata) -> str:
    from dns.rdtypes.ANY.MX import MX

    if isinstance(record, MX):
        return str(record.exchange).lower().removesuffix(".") or "."
    parts: tuple[bytes, ...] = getattr(record, "strings", ())
    return b"".join(parts).decode("utf-8", "backslashreplace")
