"""One rehearsal: the steps of a user's life in Okta's order, each judged as Okta would take it."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import answered
from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_absent, judge_read
from ngrok_scim_cli.diagnosis.finding import (
    Check,
    CheckStatus,
    Finding,
    Severity,
    has_errors,
    status_of,
)
from ngrok_scim_cli.diagnosis.rehearsal import rules
from ngrok_scim_cli.diagnosis.rehearsal.reply import (
    READ_BACK,
    STEPS,
    User,
    fix_of_failure,
    id_of,
    is_named,
    okta_shows,
    succeeded,
    total_of,
    users_in,
)
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.rehearsal import plan
from ngrok_scim_cli.rehearsal.user import Left, NotOurs, ThrowAwayUser, ThrowAwayUsers
from ngrok_scim_cli.wire.scim import COUNT_OF_A_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.rehearsal.plan import Names
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.retry_policy import RetryPolicy
    from ngrok_scim_cli.wire.scim import OktaScim

READ_ONLY = ("absent-look-up", "look-up", "read", "unknown-id", "import-pages")

_UNSUPPORTED = (404, 405, 501)
_NO_USER = "There is no user to continue with."
_STILL_ACTIVE = "The user was still active, so this could not be verified."

Found = tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class StepCheck(Check):
    """How one step ended.

    Attributes:
        okta_shows: what the admin would see in Okta; empty where the step did not fail.
    """

    okta_shows: str = ""
    exchanges: tuple[Exchange, ...] = ()


class Rehearsal:
    """The life of one throw-away user (and of one with a plus sign in the address).

    Args:
        names: ``None`` where only the steps that write nothing are made.
        note: is called with each id as it comes, so that the next run finds the user.
    """

    def __init__(
        self,
        scim: OktaScim,
        names: Names | None,
        dialect: Dialect,
        note: Callable[[str], None] = lambda _id: None,
        *,
        retry: RetryPolicy | None = None,
        on_step: Callable[[str], None] = lambda _title: None,
    ) -> None:
        self.users = ThrowAwayUsers(scim, names or (), retry, note)
        self.dialect = dialect
        self.steps: list[StepCheck] = []
        self._names = names or plan.Names("", "", "", "")
        self._on_step = on_step
        self._user: ThrowAwayUser | None = None
        self._no_user = _NO_USER
        self._not_found = "REH003"
        self._is_absent = False
        self._is_found = False

    @property
    def findings(self) -> Found:
        """What was found, in the order of the steps, each code with its first evidence."""
        by_code: dict[str, Finding] = {}
        for step in self.steps:
            for item in step.findings:
                by_code.setdefault(item.code, item)
        return tuple(by_code.values())

    def run(self) -> None:
        """Make every step; ``steps`` tells how each ended."""
        self._make_each(*STEPS)

    def run_read_only(self, listed: User) -> None:
        """Make the steps that write nothing, with a user of the list; ``{}`` if it is empty."""
        name, user_id = str(listed.get("userName") or ""), id_of(listed)
        self._names = self._names._replace(first=plan.absent_name(name))
        self._user = ThrowAwayUser(user_id, name)
        self._no_user = "The list of users is empty, so there is nobody to try it with."
        self._not_found = "SCM519"
        self._make_each(*READ_ONLY)

    def _make_each(self, *names: str) -> None:
        update = "REH004" if self.dialect is Dialect.PUT else "REH005"
        moves: dict[str, Callable[[], Found]] = {
            "absent-look-up": self._absent_look_up,
            "create": self._create,
            "look-up": self._look_up,
            "read": self._read,
            "update": lambda: self._change(update, {"displayName": plan.UPDATED_NAME}, "update"),
            "rename": self._rename,
            "second-create": self._second_create,
            "unknown-id": self._read_unknown_id,
            "deactivate": lambda: self._change("REH006", {"active": False}, "deactivate"),
            "look-up-deactivated": self._look_up_deactivated,
            "reactivate": self._reactivate,
            "plus-address": self._plus_address,
            "import-pages": self._import_pages,
            "final-deactivate": self._final_deactivate,
            "delete": self._delete,
        }
        for name in names:
            self._make(name, moves[name])

    def _make(self, name: str, move: Callable[[], Found]) -> None:
        """Make one step, and keep how it ended."""
        first, plus = self._names.first, self._names.plus
        about = {"absent-look-up": first, "plus-address": plus}
        user_name = about.get(name, self._user.user_name if self._user else first)
        self._on_step(STEPS[name].title)
        began = len(self.users.exchanges)
        status, reason, shown = CheckStatus.PASS, "", ""
        found: Found = ()
        try:
            found = _not_tried() if self.users.is_silent else move()
        except Unknown as unknown:
            reason, found = unknown.reason, unknown.findings
            # The findings then say that the server does not offer it.
            status = CheckStatus.UNSUPPORTED if found else CheckStatus.SKIP
        except NotOurs as other:
            found = (_not_ours(other),)
        exchanges = tuple(self.users.exchanges[began:])
        found += rules.judge_time(exchanges) + rules.judge_rate_limit(exchanges)
        if status is CheckStatus.PASS or has_errors(found):
            status = status_of(found)
        if status is CheckStatus.FAIL:
            shown = okta_shows(name, user_name, exchanges)
            found = _with_fix(found, fix_of_failure(exchanges))
        self.steps.append(
            StepCheck(
                code=name,
                name=STEPS[name].title,
                category="A user's life in Okta",
                status=status,
                reason=reason or (found[0].evidence if found else ""),
                elapsed_ms=sum(exchange.elapsed_ms for exchange in exchanges),
                findings=found,
                okta_shows=shown,
                exchanges=exchanges,
            )
        )

    def _absent_look_up(self) -> Found:
        found = self._look_up_absent(self._names.first, "absent look-up")
        self._is_absent = not found
        return found

    def _look_up_absent(self, user_name: str, purpose: str) -> Found:
        """Look up somebody who is not there, as Okta does before it creates anybody."""
        return judge_absent(self.users.find(user_name, purpose), user_name)

    def _create(self) -> Found:
        if not self._is_absent:
            raise Unknown("Okta stops at the look-up, so nothing was written.")
        self._user, found = self._post(self._names.first, "create")
        return found

    def _look_up(self) -> Found:
        user = self._needed()
        looked_up = self.users.find(user.user_name, "look-up")
        found = rules.judge_look_up(looked_up, user.user_name, user.user_id, code=self._not_found)
        self._is_found = not found
        return found

    def _read(self) -> Found:
        user = self._needed()
        return judge_read(self.users.read(user.user_id, "read"), user.user_id, user.user_name)

    def _rename(self) -> Found:
        user = self._needed()
        old, new = user.user_name, self._names.renamed
        changes: User = {"userName": new, "emails": [plan.work_email(new)]}
        found = self._change("REH009", changes, "rename")
        looked_up = {
            new: self.users.find(new, f"look-up by the new name{READ_BACK}"),
            old: self.users.find(old, f"look-up by the old name{READ_BACK}"),
        }
        other = old if user.user_name == new else new
        listed = users_in(looked_up[other]) or ()
        if any(is_named(one, other) and id_of(one) for one in listed):
            self.users.matching(other)
            return (finding("REH009", f"After the change “{other}” is there as well."),)
        if found or user.user_name != new:
            return found
        nobody = "REH009" if self._is_found else "REH003"
        return rules.judge_look_up(looked_up[new], new, user.user_id, nobody=nobody)

    def _second_create(self) -> Found:
        user = self._needed()
        exchange, _ = self.users.create(_new_user(user.user_name), "second create")
        return rules.judge_second_create(exchange, user.user_id)

    def _read_unknown_id(self) -> Found:
        return rules.judge_unknown_id(self.users.read(plan.UNKNOWN_ID, "unknown id"))

    def _look_up_deactivated(self) -> Found:
        user = self._needed(or_deleted=True)
        looked_up = self.users.find(user.user_name, "look-up of a deactivated user")
        if user.state is Left.DELETED and not users_in(looked_up):
            return (finding("REH007", "The server deletes a user who is deactivated."),)
        nobody = "REH007" if self._is_found else "REH003"
        found = rules.judge_look_up(looked_up, user.user_name, user.user_id, nobody=nobody)
        if not found and user.state is Left.ACTIVE:
            raise Unknown(_STILL_ACTIVE)
        return found

    def _reactivate(self) -> Found:
        was_active = self._needed().state is Left.ACTIVE
        found = self._change("REH008", {"active": True}, "reactivate")
        if not found and was_active:
            raise Unknown(_STILL_ACTIVE)
        return found

    def _plus_address(self) -> Found:
        self._needed()
        name = self._names.plus
        found = self._look_up_absent(name, "plus address: absent look-up")
        if found:
            return found
        user, found = self._post(name, "plus address: create")
        if found and has_errors(found):
            return found
        looked_up = self.users.find(name, "plus address: look-up")
        return found + rules.judge_look_up(looked_up, name, user.user_id if user else "")

    def _import_pages(self) -> Found:
        """List users as Okta's import does: two pages, and one after the last."""
        first = self.users.page(1, "import: first page")
        total = total_of(first)
        if total is None:
            seen = answered(first, "The list of users")
            if succeeded(first):
                seen = "The list of users is no ListResponse with a number as `totalResults`."
            return (finding("SCM511", seen),)
        ids = {id_of(user) for user in users_in(first) or ()}
        if total > COUNT_OF_A_PAGE:
            second = users_in(self.users.page(COUNT_OF_A_PAGE + 1, "import: second page"))
            if not second or any(id_of(user) in ids for user in second):
                seen = "The second page of 100 repeats the first, or is empty."
                return (finding("USR609", seen),)
            ids |= {id_of(user) for user in second}
        behind = users_in(self.users.page(total + 1, "import: behind the last page")) or ()
        # A server that repeats its last page there does no harm: Okta does not ask for it.
        if total <= 2 * COUNT_OF_A_PAGE and any(id_of(user) not in ids for user in behind):
            return (finding("USR609", f"More users come after the {total} that are counted."),)
        return ()

    def _final_deactivate(self) -> Found:
        if not self.users.known:
            raise Unknown(_NO_USER)
        found: Found = ()
        if self._user and self._user.user_id and self._user.state is not Left.DELETED:
            try:
                found = self._change("REH006", {"active": False}, "final deactivate")
            except NotOurs as other:
                found = (_not_ours(other),)
        for user in self.users.known:
            if user.state in (Left.ACTIVE, Left.NEVER_MADE):
                self.users.deactivate(user, self.dialect)
        if not self.users.active:
            return found
        still_active = rules.still_active(user.user_name for user in self.users.active)
        seen = " ".join(item.evidence for item in (*found, still_active))
        return (finding("REH006", seen),)

    def _delete(self) -> Found:
        left = (Left.ACTIVE, Left.DEACTIVATED)
        there = [user for user in self.users.known if user.user_id and user.state in left]
        if not there:
            raise Unknown(_NO_USER)
        refused = None
        for user in there:
            deleted = self.users.delete(user.user_id, "delete")
            if user.state is not Left.DELETED:
                refused = deleted
        if self.users.active:
            return (rules.still_active(user.user_name for user in self.users.active),)
        if refused is None:
            return ()
        found = (finding("REH014", answered(refused, "The delete")),)
        if refused.status in _UNSUPPORTED:
            raise Unknown(found[0].evidence, found)
        return found

    def _change(self, code: str, changes: User, purpose: str) -> Found:
        """Change the user; raises ``NotOurs`` as ``ThrowAwayUsers.change`` does."""
        user_id = self._needed().user_id
        before, written, read = self.users.change(user_id, changes, self.dialect, purpose)
        return rules.judge_change(code, self.dialect, written, read, before=before, changes=changes)

    def _post(self, user_name: str, purpose: str) -> tuple[ThrowAwayUser | None, Found]:
        sent = _new_user(user_name)
        exchange, user = self.users.create(sent, purpose)
        return user, rules.judge_create(exchange, sent)

    def _needed(self, *, or_deleted: bool = False) -> ThrowAwayUser:
        """Return the user of the rehearsal, or skip the step."""
        user = self._user
        if user is None or not user.user_id:
            raise Unknown(self._no_user)
        if user.state is Left.DELETED and not or_deleted:
            raise Unknown("The user no longer exists.")
        return user


def _not_tried() -> Found:
    raise Unknown("The endpoint did not reply any more, so the step was not tried.")


def _with_fix(found: Found, fix: str) -> Found:
    """Return what was found, the errors with another fix where there is one."""
    return tuple(
        replace(item, fix=fix) if fix and item.severity is Severity.ERROR else item
        for item in found
    )


def _not_ours(other: NotOurs) -> Finding:
    seen = "The read by id did not show the throw-away user, so nothing was written."
    if not succeeded(other.read):
        seen = answered(other.read, "The read by id")
    return finding("SCM522", seen)


def _new_user(user_name: str) -> User:
    """Return a user with what looks like an Okta user id and is nobody's.

    The password has eight letters: Okta sends one even where it syncs none.
    """
    return plan.new_user(user_name, f"00u{token_hex(9)[:17]}", token_hex(4))
