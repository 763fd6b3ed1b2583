"""One rehearsal: the steps of a user's life in Okta's order, each judged as Okta would take it."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import answered
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Finding, has_errors
from ngrok_scim_cli.diagnosis.rehearsal import rules
from ngrok_scim_cli.diagnosis.rehearsal.reply import (
    READ_BACK,
    User,
    id_of,
    is_named,
    succeeded,
    users_in,
)
from ngrok_scim_cli.rehearsal import plan
from ngrok_scim_cli.rehearsal.steps import Skipped, Steps
from ngrok_scim_cli.rehearsal.user import Left, NotOurs, ThrowAwayUser, ThrowAwayUsers
from ngrok_scim_cli.wire.retry_policy import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
    from ngrok_scim_cli.rehearsal.plan import Names
    from ngrok_scim_cli.wire.scim import OktaScim

_UNSUPPORTED = (404, 405, 501)
_NO_USER = "There is no user to continue with."
_STILL_ACTIVE = "The user was still active, so this could not be verified."


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
        super().__init__(ThrowAwayUsers(scim, names.all, retry or RetryPolicy(), note), on_step)
        self._names = names
        self._dialect = dialect
        self._user: ThrowAwayUser | None = None
        self._is_absent = False
        self._is_found = False

    def run(self) -> None:
        """Make every step; ``steps`` tells how each ended."""
        update = "REH004" if self._dialect is rules.Dialect.PUT else "REH005"
        moves: dict[str, Callable[[], tuple[Finding, ...]]] = {
            "absent-look-up": self._absent_look_up,
            "create": self._create,
            "look-up": self._look_up,
            "read": self._read,
            "update": lambda: self._change(update, {"displayName": plan.UPDATED_NAME}, "update"),
            "rename": self._rename,
            "second-create": self._second_create,
            "unknown-id": self.read_unknown_id,
            "deactivate": lambda: self._change("REH006", {"active": False}, "deactivate"),
            "look-up-deactivated": self._look_up_deactivated,
            "reactivate": self._reactivate,
            "plus-address": self._plus_address,
            "import-pages": self.import_pages,
            "final-deactivate": self._final_deactivate,
            "delete": self._delete,
        }
        for name in plan.STEPS:
            of_first = self._user.user_name if self._user else self._names.first
            self.make(name, self._names.plus if name == "plus-address" else of_first, moves[name])

    def _absent_look_up(self) -> tuple[Finding, ...]:
        found = self.look_up_absent(self._names.first, "absent look-up")
        self._is_absent = not found
        return found

    def _create(self) -> tuple[Finding, ...]:
        if not self._is_absent:
            raise Skipped("Okta stops at the look-up, so nothing was written.")
        self._user, found = self._post(self._names.first, "create")
        return found

    def _look_up(self) -> tuple[Finding, ...]:
        user = self._needed()
        looked_up = self.users.find(user.user_name, "look-up")
        found = rules.judge_look_up(looked_up, user.user_name, user.user_id)
        self._is_found = not found
        return found

    def _read(self) -> tuple[Finding, ...]:
        user = self._needed()
        return self.read_by_id(user.user_name, user.user_id)

    def _rename(self) -> tuple[Finding, ...]:
        user = self._needed()
        old, new = user.user_name, self._names.renamed
        email = {"primary": True, "value": new, "type": "work"}
        found = self._change("REH009", {"userName": new, "emails": [email]}, "rename")
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

    def _second_create(self) -> tuple[Finding, ...]:
        user = self._needed()
        exchange, _ = self.users.create(_new_user(user.user_name), "second create")
        return rules.judge_second_create(exchange, user.user_id)

    def _look_up_deactivated(self) -> tuple[Finding, ...]:
        user = self._needed(or_deleted=True)
        looked_up = self.users.find(user.user_name, "look-up of a deactivated user")
        if user.state is Left.DELETED and not users_in(looked_up):
            return (finding("REH007", "The server deletes a user who is deactivated."),)
        nobody = "REH007" if self._is_found else "REH003"
        found = rules.judge_look_up(looked_up, user.user_name, user.user_id, nobody=nobody)
        if not found and user.state is Left.ACTIVE:
            raise Skipped(_STILL_ACTIVE)
        return found

    def _reactivate(self) -> tuple[Finding, ...]:
        was_active = self._needed().state is Left.ACTIVE
        found = self._change("REH008", {"active": True}, "reactivate")
        if not found and was_active:
            raise Skipped(_STILL_ACTIVE)
        return found

    def _plus_address(self) -> tuple[Finding, ...]:
        self._needed()
        name = self._names.plus
        found = self.look_up_absent(name, "plus address: absent look-up")
        if found:
            return found
        user, found = self._post(name, "plus address: create")
        if found and has_errors(found):
            return found
        looked_up = self.users.find(name, "plus address: look-up")
        return found + rules.judge_look_up(looked_up, name, user.user_id if user else "")

    def _final_deactivate(self) -> tuple[Finding, ...]:
        if not self.users.known:
            raise Skipped(_NO_USER)
        found: tuple[Finding, ...] = ()
        if self._user and self._user.user_id and self._user.state is not Left.DELETED:
            found = self._change("REH006", {"active": False}, "final deactivate")
        for user in self.users.known:
            if user.state in (Left.ACTIVE, Left.NEVER_MADE):
                self.users.deactivate(user, self._dialect)
        active = self._active()
        if not active:
            return found
        seen = " ".join(item.evidence for item in (*found, rules.still_active(active)))
        return (finding("REH006", seen),)

    def _delete(self) -> tuple[Finding, ...]:
        there = [
            user
            for user in self.users.known
            if user.user_id and user.state in (Left.ACTIVE, Left.DEACTIVATED)
        ]
        if not there:
            raise Skipped(_NO_USER)
        refused = None
        for user in there:
            try:
                deleted = self.users.delete(user.user_id, "delete")
            except NotOurs as other:
                return (_not_ours(other),)
            if user.state is not Left.DELETED:
                refused = deleted
        active = self._active()
        if active:
            return (rules.still_active(active),)
        if refused is None:
            return ()
        found = (finding("REH014", answered(refused, "The delete")),)
        if refused.status in _UNSUPPORTED:
            raise Skipped(found[0].evidence, CheckStatus.UNSUPPORTED, found)
        return found

    def _active(self) -> list[str]:
        return [user.user_name for user in self.users.known if user.state is Left.ACTIVE]

    def _change(self, code: str, changes: User, purpose: str) -> tuple[Finding, ...]:
        user_id = self._needed().user_id
        try:
            before, written, read = self.users.change(user_id, changes, self._dialect, purpose)
        except NotOurs as other:
            return (_not_ours(other),)
        return rules.judge_change(
            code, self._dialect, written, read, before=before, changes=changes
        )

    def _post(
        self, user_name: str, purpose: str
    ) -> tuple[ThrowAwayUser | None, tuple[Finding, ...]]:
        sent = _new_user(user_name)
        exchange, user = self.users.create(sent, purpose)
        return user, rules.judge_create(exchange, sent)

    def _needed(self, *, or_deleted: bool = False) -> ThrowAwayUser:
        """Return the user of the rehearsal, or skip the step."""
        user = self._user
        if user is None or not user.user_id:
            raise Skipped(_NO_USER)
        if user.state is Left.DELETED and not or_deleted:
            raise Skipped("The user no longer exists.")
        return user


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
