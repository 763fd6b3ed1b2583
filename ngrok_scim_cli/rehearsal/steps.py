"""The steps of a rehearsal, each with a record of how it ended, and those that only read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import answered
from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_absent, judge_read
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Finding, Severity
from ngrok_scim_cli.diagnosis.rehearsal import rules
from ngrok_scim_cli.diagnosis.rehearsal.reply import (
    User,
    fix_of_failure,
    id_of,
    is_named,
    okta_shows,
    succeeded,
    total_of,
    user_in,
    users_in,
)
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.rehearsal import plan
from ngrok_scim_cli.rehearsal.user import ThrowAwayUsers
from ngrok_scim_cli.wire.retry_policy import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.scim import OktaScim

_PAGE = 100


@dataclass(frozen=True, slots=True)
class StepRecord:
    """How one step ended.

    Attributes:
        okta_shows: what the admin would see in Okta; empty where the step did not fail.
    """

    name: str
    status: CheckStatus
    reason: str = ""
    okta_shows: str = ""
    findings: tuple[Finding, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


class Skipped(Exception):  # noqa: N818 - it is no error
    """The step cannot be made, or the server does not offer it."""

    def __init__(
        self,
        reason: str,
        status: CheckStatus = CheckStatus.SKIP,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.reason, self.status, self.findings = reason, status, findings


def _not_tried() -> tuple[Finding, ...]:
    raise Skipped("The endpoint did not reply any more, so the step was not tried.")


def _with_fix(found: tuple[Finding, ...], fix: str) -> tuple[Finding, ...]:
    """Return what was found, the errors with another fix where there is one."""
    return tuple(
        replace(item, fix=fix) if fix and item.severity is Severity.ERROR else item
        for item in found
    )


class Steps:
    """Makes steps one after another and keeps a record of each."""

    def __init__(self, users: ThrowAwayUsers, on_step: Callable[[str], None]) -> None:
        self.users = users
        self.steps: list[StepRecord] = []
        self._on_step = on_step

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the steps, each code with its first evidence."""
        by_code: dict[str, Finding] = {}
        for step in self.steps:
            for item in step.findings:
                by_code.setdefault(item.code, item)
        return tuple(by_code.values())

    def make(self, name: str, user_name: str, move: Callable[[], tuple[Finding, ...]]) -> None:
        """Make one step, and keep a record of it."""
        self._on_step(plan.STEPS[name])
        began = len(self.users.exchanges)
        status, reason = CheckStatus.PASS, ""
        found: tuple[Finding, ...] = ()
        try:
            found = _not_tried() if self.users.is_silent else move()
        except Skipped as skipped:
            status, reason, found = skipped.status, skipped.reason, skipped.findings
        exchanges = tuple(self.users.exchanges[began:])
        found += rules.judge_time(exchanges) + rules.judge_rate_limit(exchanges)
        severities = {item.severity for item in found}
        shown = ""
        if Severity.ERROR in severities:
            status = CheckStatus.FAIL
            shown = okta_shows(name, user_name, exchanges)
            found = _with_fix(found, fix_of_failure(exchanges))
        elif Severity.WARNING in severities and status is CheckStatus.PASS:
            status = CheckStatus.WARN
        reason = reason or (found[0].evidence if found else "")
        self.steps.append(StepRecord(name, status, reason, shown, found, exchanges))

    def look_up_absent(self, user_name: str, purpose: str) -> tuple[Finding, ...]:
        """Look up somebody who is not there, as Okta does before it creates anybody."""
        return judge_absent(self.users.find(user_name, purpose), user_name)

    def read_by_id(self, user_name: str, user_id: str) -> tuple[Finding, ...]:
        """Read a user by id, as Okta does before each update."""
        exchange = self.users.read(user_id, "read")
        found = judge_read(exchange, user_id)
        if found or is_named(user_in(exchange), user_name):
            return found
        return (finding("SCM522", "The read by id gave a user with another user name."),)

    def read_unknown_id(self) -> tuple[Finding, ...]:
        """Read an id that nobody has."""
        return rules.judge_unknown_id(self.users.read(plan.UNKNOWN_ID, "unknown id"))

    def import_pages(self) -> tuple[Finding, ...]:
        """List users as Okta's import does: two pages, and one after the last."""
        first = self.users.page(1, "import: first page")
        total = total_of(first)
        if total is None:
            found = answered(first, "The list of users")
            if succeeded(first):
                found = "The list of users is no ListResponse with a number as `totalResults`."
            return (finding("SCM511", found),)
        seen = {id_of(user) for user in users_in(first) or ()}
        if total > _PAGE:
            second = users_in(self.users.page(_PAGE + 1, "import: second page"))
            if not second or any(id_of(user) in seen for user in second):
                return (
                    finding("USR609", "The second page of 100 repeats the first, or is empty."),
                )
            seen |= {id_of(user) for user in second}
        behind = users_in(self.users.page(total + 1, "import: behind the last page")) or ()
        # A server that repeats its last page there does no harm: Okta does not ask for it.
        if total <= 2 * _PAGE and any(id_of(user) not in seen for user in behind):
            return (finding("USR609", f"More users come after the {total} that are counted."),)
        return ()


def read_only_steps(scim: OktaScim, listed: User) -> Steps:
    """Make the steps that write nothing, with a user of the list; ``{}`` if the list is empty."""
    steps = Steps(ThrowAwayUsers(scim, (), RetryPolicy()), lambda _title: None)
    name, user_id = str(listed.get("userName") or ""), id_of(listed)
    absent = plan.absent_name(name)

    def look_up() -> tuple[Finding, ...]:
        found = steps.users.find(name, "look-up")
        return rules.judge_look_up(found, name, user_id, code="SCM519")

    def with_somebody(move: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
        if not user_id:
            raise Skipped("The list of users is empty, so there is nobody to try it with.")
        return move()

    steps.make("absent-look-up", absent, lambda: steps.look_up_absent(absent, "absent look-up"))
    steps.make("look-up", name, lambda: with_somebody(look_up))
    steps.make("read", name, lambda: with_somebody(lambda: steps.read_by_id(name, user_id)))
    steps.make("unknown-id", name, steps.read_unknown_id)
    steps.make("import-pages", name, steps.import_pages)
    return steps
