"""One rehearsal: the steps of a user's life in Okta's order, each judged as Okta would take it."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import answered
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Finding, has_errors
from ngrok_scim_cli.diagnosis.rehearsal import rules
from ngrok_scim_cli.diagnosis.rehearsal.reply import (
    NOT_FOUND,
    User,
    id_of,
    is_active,
    is_named,
    status_of,
    succeeded,
    user_in,
    users_in,
)
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.rehearsal import plan
from ngrok_scim_cli.rehearsal.steps import Skipped, Steps
from ngrok_scim_cli.rehearsal.user import ThrowAwayUsers
from ngrok_scim_cli.wire.retry_policy import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
    from ngrok_scim_cli.rehearsal.plan import Names
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.scim import OktaScim

_FIRST_REFUSAL, _FIRST_FAULT = 400, 500
_UNSUPPORTED = (404, 405, 501)
_NO_USER = "There is no user to continue with."


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of the throw-away user.

    Attributes:
        user_name: its user name by now.
    """

    state: str
    user_id: str
    user_name: str


class Rehearsal(Steps):
    """The life of one throw-away user (and of one with a plus sign in the address).

    Args:
        note: is called with each id as it comes, so that the next run finds the user.
    """

    def __init__(
        self,
        scim: OktaScim,
        names: Names,
        dialect: Dialect,
        note: Callable[[str], None],
        *,
        retry: RetryPolicy | None = None,
        on_step: Callable[[str], None] = lambda _title: None,
    ) -> None:
        super().__init__(ThrowAwayUsers(scim, names.all, retry or RetryPolicy()), on_step)
        self._names = names
        self._name = names.first
        self._dialect = dialect
        self._note = note
        self._id = ""
        self._plus_id = ""
        self._extra_ids: list[str] = []
        self._blocked = ""
        self._left = "never-made"
        self._still_active: list[str] = []

    def run(self) -> None:
        """Make every step; ``steps`` tells how each ended."""
        update = "REH004" if self._dialect is rules.Dialect.PUT else "REH005"
        moves: dict[str, Callable[[], tuple[Finding, ...]]] = {
            "absent-look-up": self._absent_look_up,
            "create": self._create,
            "look-up": self._look_up,
            "read": lambda: self.read_by_id(self._name, self._needed()),
            "update": lambda: self._change(update, {"displayName": plan.UPDATED_NAME}, "update"),
            "rename": self._rename,
            "second-create": self._second_create,
            "unknown-id": self.read_unknown_id,
            "deactivate": lambda: self._change("REH006", {"active": False}, "deactivate"),
            "look-up-deactivated": self._look_up_deactivated,
            "reactivate": lambda: self._change("REH008", {"active": True}, "reactivate"),
            "plus-address": self._plus_address,
            "import-pages": self.import_pages,
            "final-deactivate": self._final_deactivate,
            "delete": self._delete,
        }
        for name in plan.STEPS:
            self.make(name, self._name, moves[name])

    @property
    def left(self) -> Left:
        """What is left of the user, as far as the last reads tell."""
        return Left(self._left, self._id, self._name if self._id else "")

    @property
    def may_have_created(self) -> bool:
        """Whether a create was sent, whatever became of it."""
        return any(exchange.method == "POST" for exchange in self.users.exchanges)

    def _absent_look_up(self) -> tuple[Finding, ...]:
        found = self.look_up_absent(self._names.first, "absent look-up")
        if found:
            self._blocked = "Okta stops at the look-up, so nothing was written."
        return found

    def _create(self) -> tuple[Finding, ...]:
        if self._blocked:
            raise Skipped(self._blocked)
        sent, exchange = self._post(self._names.first, "create")
        found = rules.judge_create(exchange, sent)
        self._id = self._adopt(exchange, self._names.first)
        if self._id:
            self._left = "active"
        return found

    def _look_up(self) -> tuple[Finding, ...]:
        user_id = self._needed()
        return rules.judge_look_up(self.users.find(self._name, "look-up"), self._name, user_id)

    def _rename(self) -> tuple[Finding, ...]:
        self._needed()
        old, new = self._name, self._names.renamed
        email = {"primary": True, "value": new, "type": "work"}
        found = self._change("REH009", {"userName": new, "emails": [email]}, "rename")
        if found:
            return found
        self._name = new
        found = rules.judge_look_up(
            self.users.find(new, "rename: look-up"), new, self._id, code="REH009"
        )
        others = [
            user
            for user in users_in(self.users.find(old, "rename: look-up of the old name")) or ()
            if is_named(user, old) and id_of(user)
        ]
        if others:
            for user in others:
                self._also_made(id_of(user))
            return (finding("REH009", f"After the change “{old}” is there as well."),)
        return found

    def _second_create(self) -> tuple[Finding, ...]:
        self._needed()
        _, exchange = self._post(self._name, "second create")
        second = self._adopt(exchange, self._name) if succeeded(exchange) else ""
        if second and second != self._id:
            self._extra_ids.append(second)
        return rules.judge_second_create(exchange, self._id)

    def _look_up_deactivated(self) -> tuple[Finding, ...]:
        if not self._id:
            raise Skipped(_NO_USER)
        exchange = self.users.find(self._name, "look-up of a deactivated user")
        return rules.judge_look_up(exchange, self._name, self._id, code="REH007")

    def _plus_address(self) -> tuple[Finding, ...]:
        self._needed()
        name = self._names.plus
        found = self.look_up_absent(name, "plus address: absent look-up")
        if found:
            return found
        sent, exchange = self._post(name, "plus address: create")
        found = rules.judge_create(exchange, sent)
        self._plus_id = self._adopt(exchange, name)
        if found and has_errors(found):
            return found
        looked_up = self.users.find(name, "plus address: look-up")
        return found + rules.judge_look_up(looked_up, name, self._plus_id)

    def _final_deactivate(self) -> tuple[Finding, ...]:
        if not (self._id or self._plus_id or self._extra_ids):
            raise Skipped(_NO_USER)
        found: tuple[Finding, ...] = ()
        is_gone = self._left == "deleted"
        if self._id and not is_gone:
            found = self._change("REH006", {"active": False}, "final deactivate")
        others = (self._plus_id, *self._extra_ids)
        for user_id in filter(None, (self._id, *others) if found else others):
            if not self.users.deactivate(user_id, self._dialect):
                self._still_active.append(user_id)
        if self._still_active:
            self._left = "active"
            seen = f"Still active: {', '.join(self._still_active)}."
            return found or (finding("REH006", seen),)
        if not is_gone:
            self._left = "deactivated"
        return found

    def _delete(self) -> tuple[Finding, ...]:
        ids = [one for one in (self._id, self._plus_id, *self._extra_ids) if one]
        if not ids:
            raise Skipped(_NO_USER)
        if self._left == "deleted":
            raise Skipped("The user no longer exists.")
        refused = None
        still: list[str] = []
        for user_id in ids:
            deleted = self.users.delete(user_id, "delete")
            if status_of(self.users.read(user_id, "delete: read back")) != NOT_FOUND:
                refused = deleted
                still += {user_id} & set(self._still_active)
        if refused is None:
            self._left = "deleted"
            return ()
        if still:
            return (finding("REH015", f"Still active: {', '.join(still)}."),)
        self._left = "deactivated"
        found = (finding("REH014", answered(refused, "The delete")),)
        if status_of(refused) in _UNSUPPORTED:
            raise Skipped(found[0].evidence, CheckStatus.UNSUPPORTED, found)
        return found

    def _change(self, code: str, changes: User, purpose: str) -> tuple[Finding, ...]:
        user_id = self._needed()
        before, written, read = self.users.change(user_id, changes, self._dialect, purpose)
        active = is_active(user_in(read))
        if active is not None:
            self._left = "active" if active else "deactivated"
        elif status_of(read) == NOT_FOUND:
            self._left = "deleted"
        return rules.judge_change(
            code, self._dialect, written, read, before=before, changes=changes
        )

    def _post(self, user_name: str, purpose: str) -> tuple[User, Exchange]:
        # What looks like an Okta user id and is nobody's; and eight letters, which Okta sends even
        # where it syncs no password.
        sent = plan.new_user(user_name, f"00u{token_hex(9)[:17]}", token_hex(4))
        return sent, self.users.create(sent, purpose)

    def _adopt(self, exchange: Exchange, user_name: str) -> str:
        """Return the id of the user that a create made, and note it.

        Where the reply does not tell, the user is looked up, so that nobody is left behind.
        """
        made = user_in(exchange)
        user_id = id_of(made) if is_named(made, user_name) else ""
        if not user_id and not _was_refused(exchange):
            found = self.users.matching(user_name) or ()
            user_id = next((id_of(user) for user in found), "")
        if user_id:
            self._note(user_id)
        return user_id

    def _also_made(self, user_id: str) -> None:
        if user_id != self._id:
            self._extra_ids.append(user_id)
            self._note(user_id)

    def _needed(self) -> str:
        if not self._id:
            raise Skipped(_NO_USER)
        if self._left == "deleted":
            raise Skipped("The user no longer exists.")
        return self._id


def _was_refused(exchange: Exchange) -> bool:
    """Tell whether the server said no, so that nobody was made."""
    status = status_of(exchange)
    return status is not None and _FIRST_REFUSAL <= status < _FIRST_FAULT
