"""The cases, read from ``cases/*.toml``; what each field means stands in ``README.md``."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from tests.support.stand_in import Behaviour, Reply

FOLDER = Path(__file__).parent / "cases"

# What ``{one_user}`` stands for in the body of a reply.
ONE_USER = (
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,'
    '"startIndex":1,"itemsPerPage":1,"Resources":[{"id":"1","userName":"ada@corp.example",'
    '"displayName":"Ada","active":true}]}'
)


@dataclass(frozen=True)
class Okta:
    """What Okta makes of the values; ``accepts`` is ``None`` where it cannot be told.

    ``fits`` is about ``--okta-message``.
    """

    accepts: bool | None
    message: str = ""
    certainty: str = ""
    fits: bool | None = None


@dataclass(frozen=True)
class ExpectedRepair:
    """The repair: a piece of each change in order, whether it passes, and some of its values."""

    changes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    accepts: bool | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One case. The defaults are a healthy admin with a healthy endpoint."""

    name: str
    family: str
    # What stands in Okta's form.
    base_url: str = "{root}/scim/v2/"
    key: str = "{key}"
    no_key: bool = False
    key_file: str | None = None
    key_file_encoding: str = "utf-8"
    unique_id: str | None = None
    auth_mode: str | None = None
    actions: tuple[str, ...] = ()
    # How the command is called.
    allow: tuple[str, ...] = ()
    no_repair: bool = False
    allow_empty: bool = False
    strict: bool = False
    timeout: float = 10.0
    okta_message: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    # How the server behaves.
    faults: tuple[str, ...] = ()
    reply: Reply | None = None
    lookup: Reply | None = None
    elsewhere: Reply | None = None
    behaviour: Behaviour = Behaviour.ANSWERS
    garbage: str = ""
    port: str = ""
    tls: str = ""
    names: tuple[str, ...] = ()
    resigned: bool = False
    proxy: str = ""
    seconds: float = 0.0
    # What is expected.
    expect: tuple[str, ...] = ()
    severity_first: str = ""
    verdict: str = ""
    status: int | None = None
    okta: Okta | None = None
    repair: ExpectedRepair | None = None
    requests: int | None = None
    refused: int | None = None
    evidence: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    users: Mapping[str, int] | None = None
    never: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its name among all cases."""
        return f"{self.family}: {self.name}"

    @property
    def wanted_severity(self) -> str:
        """The severity of the first finding."""
        return self.severity_first or ("error" if self.expect else "")

    @property
    def wanted_verdict(self) -> str:
        """The verdict: what the first finding asks for, unless the case says otherwise."""
        by_severity = {"error": "fail", "warning": "warn", "notice": "pass", "": "pass"}
        return self.verdict or by_severity[self.wanted_severity]

    @property
    def wanted_status(self) -> int:
        """The exit status: what the verdict asks for, unless the case says otherwise."""
        by_verdict = {"pass": 0, "warn": 0, "fail": 1, "incomplete": 3}
        return by_verdict[self.wanted_verdict] if self.status is None else self.status

    @property
    def wanted_okta(self) -> Okta:
        """What Okta makes of it: success where nothing is wrong."""
        if self.okta:
            return self.okta
        if self.wanted_verdict == "incomplete":
            return Okta(None)
        is_healthy = self.wanted_verdict in ("pass", "warn")
        return Okta(is_healthy, "Connector configured successfully" if is_healthy else "")


def read_cases() -> Iterator[Case]:
    """Yield every case of every family."""
    for file in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(file.read_text(encoding="utf-8"))
        for entry in document["case"]:
            yield _case(entry, file.stem)


def _case(entry: dict[str, Any], family: str) -> Case:
    unknown = entry.keys() - {item.name for item in fields(Case)}
    if unknown:
        raise ValueError(f"{family}: {entry.get('name')}: unknown fields {sorted(unknown)}")
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }
    for name in ("reply", "lookup", "elsewhere"):
        if name in values:
            values[name] = _reply(values[name])
    if "behaviour" in values:
        values["behaviour"] = Behaviour(values["behaviour"])
    if "okta" in values:
        values["okta"] = Okta(**{**values["okta"], "accepts": _told(values["okta"]["accepts"])})
    if "repair" in values:
        values["repair"] = _mended(values["repair"])
    return Case(family=family, **values)


def _reply(entry: dict[str, Any]) -> Reply:
    body = entry.get("body", "").replace("{one_user}", ONE_USER)
    headers = {"Content-Type": "application/scim+json", **entry.get("headers", {})}
    return Reply(
        status=entry.get("status", 200),
        headers=tuple((name, value) for name, value in headers.items() if value),
        body=body.encode(entry.get("encoding", "utf-8")),
        reason=entry.get("reason", ""),
    )


def _mended(entry: dict[str, Any]) -> ExpectedRepair:
    return ExpectedRepair(
        changes=tuple(entry.get("changes", ())),
        codes=tuple(entry.get("codes", ())),
        accepts=_told(entry["accepts"]),
        values=entry.get("values", {}),
    )


def _told(accepts: bool | str) -> bool | None:
    """Return ``None`` for "unknown": TOML has no null."""
    return None if accepts == "unknown" else bool(accepts)
