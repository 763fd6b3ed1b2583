"""The records that a diagnosis is made of."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ngrok_scim_cli.diagnosis.certainty import HOW_SURELY as HOW_SURELY  # noqa: PLC0414 - handed on
from ngrok_scim_cli.diagnosis.certainty import Certainty as Certainty  # noqa: PLC0414 - handed on
from ngrok_scim_cli.form import Field, Form
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.wire.exchange import Exchange


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Subject(StrEnum):
    """What a finding is about."""

    BASE_URL = "base_url"
    AUTHORIZATION = "authorization"
    UNIQUE_IDENTIFIER = "unique_identifier"
    AUTH_MODE = "auth_mode"
    ACTIONS = "actions"
    NETWORK = "network"
    RESPONSE = "response"
    USERS = "users"
    NGROK = "ngrok"
    OKTA = "okta"
    DOMAIN = "domain"
    ENVIRONMENT = "environment"


class CheckStatus(StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 - the word of the contract, no password
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"
    UNSUPPORTED = "unsupported"


class Verdict(StrEnum):
    """The verdict on a whole run."""

    PASS = "pass"  # noqa: S105 - the word of the contract, no password
    WARN = "warn"
    FAIL = "fail"
    INCOMPLETE = "incomplete"


class StepStatus(StrEnum):
    """The state of a step of the setup."""

    DONE = "done"
    WAITING = "waiting"
    TODO = "todo"
    FAILED = "failed"


class WaitingFor(StrEnum):
    """Whom a step of the setup waits for."""

    YOU = "you"
    NGROK = "ngrok"
    OKTA_ADMIN = "okta-admin"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was noticed.

    Attributes:
        evidence: what was seen; never a secret.
        more: the page of the documentation.
    """

    code: str
    severity: Severity
    subject: Subject
    title: str
    evidence: str
    cause: str
    fix: str
    more: str
    certainty: Certainty = Certainty.UNKNOWN


@dataclass(frozen=True, slots=True)
class Check:
    """How one check ended.

    Attributes:
        code: its name for ``--only`` and ``--skip``; a finding code or a short word.
        follows: whether ``findings`` only say why it could not be made. Where a check before it
            said the same, it is skipped.
        conclusive: ``False`` where the question of the run stays open; see ``Unknown``.
        grant: the fix where it could not be made for want of a right; see ``Unknown``.
    """

    code: str
    name: str
    category: str
    status: CheckStatus
    reason: str = ""
    elapsed_ms: int = 0
    findings: tuple[Finding, ...] = ()
    follows: bool = False
    conclusive: bool = True
    grant: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of what it found, each once."""
        return tuple(dict.fromkeys(item.code for item in self.findings))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a repair changes.

    Attributes:
        change: what is done, in words that never hold the key.
    """

    field: Field
    code: str
    change: str


@dataclass(frozen=True, slots=True)
class Repair:
    """The repaired form, and whether Okta would accept it.

    Attributes:
        accepts: ``True`` or ``False`` where it was tried, ``None`` where it was not.
    """

    changes: tuple[Change, ...]
    form: Form
    accepts: bool | None = None


@dataclass(frozen=True, slots=True)
class OktaView:
    """Whether Okta accepts the connector, and what it shows.

    Attributes:
        accepts: whether Okta takes the connector; ``None`` where that is not known.
        fits: whether a sentence that the person saw in Okta fits; ``None`` where none was given.
    """

    accepts: bool | None
    message: str
    certainty: Certainty
    fits: bool | None = None
    comparison: str = ""


@dataclass(frozen=True, slots=True)
class UserCount:
    """How many users the endpoint reported (``totalResults``) and returned (``Resources``)."""

    total: int
    returned: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the setup; ``detail`` is shown beside its state."""

    name: str
    status: StepStatus
    detail: str = ""
    waiting_for: WaitingFor | None = None


class KeySource(StrEnum):
    """Where a key came from."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    PROMPT = "prompt"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Tested:
    """What a run tested."""

    base_url: str
    key_id: str
    key_source: KeySource


@dataclass(frozen=True, slots=True)
class Section:
    """A section of what a person reads, in every format that people read.

    Attributes:
        table: rows of cells, the first of them the heads.
        verbatim: a text whose lines stay as they are, to be copied.
    """

    title: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    verbatim: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """What a command reports beyond the common parts of a result.

    Attributes:
        fields: its fields of the JSON object, in the promised order.
        sections: what a person reads of it.
        summary: the headline; empty where the general one will do.
        is_answer: whether this is what was asked for; then it has no verdict above it.
        shows_checks: whether the checks are what was asked for; then each is shown.
        next_step: the one thing to do next; empty where the findings say it.
        notes: what comes below the headline, a paragraph each.
        page: has ``write(page)``, where a person reads a page of its own; nothing but findings is
            above it.
    """

    fields: dict[str, object]
    sections: tuple[Section, ...] = ()
    summary: str = ""
    is_answer: bool = True
    shows_checks: bool = False
    next_step: str = ""
    notes: tuple[str, ...] = ()
    page: Any = None


NO_PAYLOAD = Payload({}, is_answer=False)


def fields_of(record: object, names: str) -> dict[str, object]:
    """Return fields of ``record`` by their names, which have blanks between them."""
    return {name: getattr(record, name) for name in names.split()}


def json_values(record: Any) -> dict[str, object]:  # noqa: ANN401 - a record of any shape
    """Return the fields of ``record`` as JSON values: no text is ``null``, a day is ISO 8601."""
    values = ((item.name, getattr(record, item.name)) for item in fields(record))
    return {
        name: value.isoformat() if isinstance(value, date) else None if value == "" else value
        for name, value in values
    }


@dataclass(frozen=True, slots=True)
class Result:
    """All that one run of a command found out.

    Attributes:
        values: what goes into Okta's form, where the command hands it out.
        profile: the profile on which it ran; empty where it ran on none.
        sandbox: the faults of the sandbox in which it ran; ``None`` where it ran in none.
        profiles: the result of each profile, where several were asked for; then ``verdict`` is the
            worst of theirs, and nothing else is in this one.
    """

    command: str
    verdict: Verdict
    okta: OktaView | None = None
    findings: tuple[Finding, ...] = ()
    checks: tuple[Check, ...] = ()
    repair: Repair | None = None
    users: UserCount | None = None
    exchanges: tuple[Exchange, ...] = ()
    steps: tuple[Step, ...] = ()
    remaining: tuple[str, ...] = ()
    values: Form | None = None
    payload: Payload = NO_PAYLOAD
    profile: str = ""
    sandbox: tuple[str, ...] | None = None
    started_at: datetime | None = None
    tested: Tested | None = None
    profiles: tuple["Result", ...] = ()

    @property
    def each(self) -> tuple["Result", ...]:
        """The results of the profiles; of a run on one profile, itself."""
        return self.profiles or (self,)

    @property
    def began(self) -> str | None:
        """When the run began, in UTC (RFC 3339); ``None`` where that is not known."""
        return f"{self.started_at:%Y-%m-%dT%H:%M:%SZ}" if self.started_at else None

    def run_facts(self) -> dict[str, str]:
        """Return the profile, the time and the tested values of the run, where they are known."""
        tested = fields_of(self.tested, "base_url key_id key_source") if self.tested else {}
        facts = {"profile": self.profile, "started_at": self.began, **tested}
        return {name: str(value) for name, value in facts.items() if value}


def worst_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of ``verdicts``: a failure is worse than what could not be verified."""
    order = (Verdict.PASS, Verdict.WARN, Verdict.INCOMPLETE, Verdict.FAIL)
    return max(verdicts, key=order.index)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether one of ``findings`` is an error."""
    return any(item.severity is Severity.ERROR for item in findings)


def status_of(findings: Iterable[Finding]) -> CheckStatus:
    """Return how a check with these findings ended."""
    severities = {item.severity for item in findings}
    if Severity.ERROR in severities:
        return CheckStatus.FAIL
    return CheckStatus.WARN if Severity.WARNING in severities else CheckStatus.PASS


def errors_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return ``findings``, each once: errors, then warnings, then notices."""
    order = tuple(Severity)
    return tuple(sorted(dict.fromkeys(findings), key=lambda item: order.index(item.severity)))


def verdict_of(findings: tuple[Finding, ...], *, conclusive: bool = True) -> Verdict:
    """Return the verdict on ``findings``; ``conclusive``: the question could be answered at all."""
    return Verdict(status_of(findings).value) if conclusive else Verdict.INCOMPLETE
