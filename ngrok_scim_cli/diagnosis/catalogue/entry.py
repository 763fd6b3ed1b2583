"""One row of the catalogue."""

from dataclasses import dataclass

from ngrok_scim_cli.diagnosis.finding import Severity, Subject


@dataclass(frozen=True, slots=True)
class Entry:
    """What a finding code stands for, in the words that an admin reads.

    ``title``, ``cause`` and ``fix`` may hold slots like ``{host}``, which the rule fills in.

    Attributes:
        code: the code; never reused for another meaning.
        severity: how much it matters, unless the command is stricter or laxer by its contract.
        subject: what it is about.
        title: what is wrong, in one short sentence without a full stop.
        cause: why it matters or how it comes about.
        fix: the one thing to do, with the literal label or command.
        generic: the values of the slots where no rule filled them in (``explain``).
    """

    code: str
    severity: Severity
    subject: Subject
    title: str
    cause: str
    fix: str
    generic: tuple[tuple[str, str], ...] = ()
