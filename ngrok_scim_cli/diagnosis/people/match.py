"""Compares one person's assignment in Okta with their user in ngrok.

Okta keeps the SCIM ``id`` of each person that it has provisioned as ``externalId`` of its app
user; that links both sides. Where nothing is linked, the user name decides, without case (RFC 7643
section 4.1.1), as it does when Okta looks a person up.

A linked person who has another user name in Okta than in ngrok is OKT914: the name that Okta has
does not work in ngrok, which knows the person by the other one.
"""

from enum import Enum

from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, Severity, Subject
from ngrok_scim_cli.diagnosis.okta.records import DEPROVISIONED, SUSPENDED
from ngrok_scim_cli.diagnosis.people.aggregate import Aggregate
from ngrok_scim_cli.diagnosis.people.email_address import fault_of, person, shown
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.records import dataclass


class Assignment(Enum):
    """What the status of an app user means for the account in ngrok."""

    ASSIGNED = "Okta keeps the account active"
    HELD = "Okta leaves the account as it is"
    REMOVED = "Okta has deactivated the account"
    NONE = "nobody in Okta has this account"


# Okta Management API, "application user", `status`. Any other is left alone, like SUSPENDED.
_ASSIGNMENTS = {
    status: assignment
    for assignment, statuses in {
        Assignment.ASSIGNED: "ACTIVE APPROVED IMPLICIT PENDING PROVISIONED STAGED",
        Assignment.REMOVED: "DEPROVISIONED INACTIVE REVOKED UNASSIGNED",
        # Found by an import of ngrok's users, and assigned to nobody yet.
        Assignment.NONE: "IMPORTED MATCHED",
    }.items()
    for status in statuses.split()
}


class SyncState(Enum):
    """How a person is linked between Okta and ngrok; the value says it in words."""

    IN_STEP = "assigned in Okta and active in ngrok"
    NEVER_PROVISIONED = "assigned in Okta, but not in ngrok"
    NOT_LINKED = "in ngrok, but Okta has not linked the account"
    GONE = "provisioned before, but gone from ngrok"
    ANOTHER_ID = "in ngrok with a different id than in Okta"
    LOCKED_OUT = "assigned in Okta, but deactivated in ngrok"
    HELD = "neither assigned nor removed in Okta"
    SUSPENDED = "suspended in Okta, but active in ngrok"
    STILL_ACTIVE = "removed in Okta, but active in ngrok"
    ORPHANED = "active in ngrok, but not assigned in Okta"
    NOT_NEEDED = "neither assigned in Okta nor active in ngrok"


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A person on both sides."""

    app_user: AppUser | None
    ngrok_user: NgrokUser | None
    sync_state: SyncState
    is_new: bool = False

    @property
    def okta_name(self) -> str:
        """The user name in Okta; empty where there is none."""
        return self.app_user.user_name if self.app_user else ""

    @property
    def ngrok_name(self) -> str:
        """The user name in ngrok; empty where there is none."""
        return self.ngrok_user.user_name if self.ngrok_user else ""

    @property
    def is_active_leaver(self) -> bool:
        """Whether somebody who was removed in Okta is proved to be active in ngrok."""
        is_active = self.ngrok_user is not None and self.ngrok_user.active is True
        return is_active and self.sync_state is SyncState.STILL_ACTIVE

    @property
    def differs(self) -> bool:
        """Whether a linked person has one user name in Okta and another in ngrok, case aside."""
        linked = self.sync_state in (SyncState.IN_STEP, SyncState.LOCKED_OUT)
        both = self.okta_name.casefold(), self.ngrok_name.casefold()
        return linked and all(both) and both[0] != both[1]


def assignment_of(app_user: AppUser | None) -> Assignment:
    """Tell what Okta does with the account of an app user."""
    if app_user is None:
        return Assignment.NONE
    return _ASSIGNMENTS.get(app_user.status, Assignment.HELD)


def with_own_status(app_user: AppUser, status: str) -> AppUser:
    """Return an assignment as the person's own status in Okta makes it.

    Okta takes every app from somebody whom it deactivates; where that failed, it looks fine here.
    """
    if status not in (DEPROVISIONED, SUSPENDED):
        return app_user
    if assignment_of(app_user) not in (Assignment.ASSIGNED, Assignment.HELD):
        return app_user
    return app_user._replace(status=status)


def match(
    app_user: AppUser | None,
    ngrok_user: NgrokUser | None,
    *,
    removed: bool = False,
    new_since: str = "",
) -> PersonMatch:
    """Compare the two sides of one person, as the audit does.

    Args:
        ngrok_user: the one whose ``id`` Okta holds as ``externalId``, else the one of this name.
        removed: whether Okta is known to have unassigned or deactivated the person.
        new_since: an assignment made after that is new (RFC 3339, UTC); empty: none is.
    """
    is_new = bool(new_since) and app_user is not None and app_user.created > new_since
    assignment = assignment_of(app_user)
    if app_user and assignment is Assignment.ASSIGNED:
        state = _state_of_assigned(app_user.external_id, ngrok_user)
    elif app_user and assignment is Assignment.HELD:
        is_active = ngrok_user is not None and ngrok_user.active is True
        is_suspended = app_user.status == SUSPENDED and is_active
        state = SyncState.SUSPENDED if is_suspended else SyncState.HELD
    elif ngrok_user is None or ngrok_user.active is False:
        state = SyncState.NOT_NEEDED
    else:
        removed = removed or assignment is Assignment.REMOVED
        state = SyncState.STILL_ACTIVE if removed else SyncState.ORPHANED
    return PersonMatch(app_user, ngrok_user, state, is_new)


def _state_of_assigned(external_id: str, ngrok_user: NgrokUser | None) -> SyncState:
    if not external_id:
        return SyncState.NOT_LINKED if ngrok_user else SyncState.NEVER_PROVISIONED
    if ngrok_user is None:
        return SyncState.GONE
    if ngrok_user.id != external_id:
        return SyncState.ANOTHER_ID
    return SyncState.LOCKED_OUT if ngrok_user.active is False else SyncState.IN_STEP


def _named(matched: PersonMatch) -> str:
    """Name the person, with what is unclear of an account that Okta does not manage."""
    user, account = matched.app_user or matched.ngrok_user, matched.ngrok_user
    unmanaged = matched.sync_state in (SyncState.STILL_ACTIVE, SyncState.ORPHANED)
    is_unclear = unmanaged and account is not None and account.active is None
    unclear = ", whose `active` is neither true nor false" if is_unclear else ""
    return f"{person(user.user_name, user.id)}{unclear}" if user else ""


match_rules: Rules[PersonMatch] = Rules(Subject.OKTA)


def aggregated() -> Aggregate[PersonMatch]:
    """Return what counts people on both sides."""
    return Aggregate(match_rules, name_of=lambda one: one.okta_name or one.ngrok_name)


@match_rules(
    "OKT914",
    "A user name in Okta will not work in ngrok",
    "It has a space, is not an e-mail address, is outside the domains that you submitted, or "
    "differs from the user name in ngrok.",
    "In Okta, open Directory > People, choose the person, correct the address and save.",
    severity=Severity.WARNING,
)
def _has_another_name(matched: PersonMatch) -> Match | None:
    if not matched.differs:
        return None
    return Match(
        f"{shown(matched.okta_name)} in Okta, {shown(matched.ngrok_name)} in ngrok",
        'In Okta, open Provisioning > To App, tick "Update User Attributes", save, and press '
        '"Force Sync".',
        title="Somebody has a different user name in Okta than in ngrok",
    )


@match_rules(
    "OKT908",
    "Somebody is assigned but was never provisioned",
    "They were assigned before SCIM was turned on, the attempt failed, or Okta has not "
    'processed them yet. "Force Sync" does not create them.',
    'In Okta, check that "Create Users" is ticked under Provisioning > To App. Then open '
    'Assignments and press "Provision User".',
    certainty=Certainty.DOCUMENTED,
)
def _was_never_provisioned(matched: PersonMatch) -> Match | None:
    state, seen = matched.sync_state, _named(matched)
    if state not in (SyncState.NEVER_PROVISIONED, SyncState.NOT_LINKED):
        return None
    if state is SyncState.NOT_LINKED:
        seen += f", who is {state.value}"
    if matched.is_new:
        return Match(
            seen,
            "Run the same command again in a few minutes.",
            Severity.WARNING,
            title="Somebody was just assigned, and Okta is still provisioning them",
        )
    if matched.app_user and matched.app_user.status == "STAGED":
        return Match(
            seen,
            "Wait a few minutes and run the same command again. If somebody is still listed: "
            'in Okta, open Assignments and press "Provision User".',
            title="Somebody is in Okta's queue to be provisioned",
        )
    return Match(seen)


@match_rules(
    "OKT909",
    "Somebody was provisioned before, but is gone from ngrok",
    "Okta still has the id of an account that ngrok does not have, so each update fails with 404.",
    "Run `ngrok-scim users trace EMAIL` for one of them. It reads the account by its id and "
    "says what to do.",
    certainty=Certainty.OBSERVED,
)
def _is_gone(matched: PersonMatch) -> str:
    if matched.sync_state not in (SyncState.GONE, SyncState.ANOTHER_ID):
        return ""
    other = matched.ngrok_user
    different = f", who has a different id in ngrok, {shown(other.id)}" if other else ""
    return _named(matched) + different


@match_rules(
    "OKT911",
    "Somebody who was removed in Okta is still active in ngrok",
    "The person may still have access. Either the deactivation failed, which Okta does not "
    'retry, or "Deactivate Users" was off.',
    "Run `ngrok-scim users trace EMAIL` for each of them. It shows what Okta did and how to "
    "end the access.",
    certainty=Certainty.OBSERVED,
)
def _is_still_active(matched: PersonMatch) -> Match | None:
    if matched.sync_state is not SyncState.STILL_ACTIVE:
        return None
    unproven = "Somebody who was removed in Okta may still be active in ngrok"
    return Match(_named(matched), title="" if matched.is_active_leaver else unproven)


@match_rules(
    "OKT910",
    "A user in ngrok is not assigned in Okta",
    "Okta does not manage this account, so it stays as it is when the person leaves.",
    "Run `ngrok-scim users trace EMAIL`. If the person should keep access, assign them to the "
    "app in Okta.",
    severity=Severity.WARNING,
)
def _is_an_orphan(matched: PersonMatch) -> str:
    return _named(matched) if matched.sync_state is SyncState.ORPHANED else ""


@match_rules(
    "OKT917",
    "Somebody is assigned in Okta but deactivated in ngrok",
    "The person is locked out: they cannot sign in to ngrok, start an agent or use the API.",
    "Run `ngrok-scim users trace EMAIL`. It shows since when, and what to do.",
    certainty=Certainty.DOCUMENTED,
)
def _is_locked_out(matched: PersonMatch) -> str:
    return _named(matched) if matched.sync_state is SyncState.LOCKED_OUT else ""


@match_rules(
    "OKT918",
    "Somebody is suspended in Okta but active in ngrok",
    "Okta sends nothing to ngrok when it suspends a person. They cannot sign in through Okta, "
    "but their agents and API keys may still work.",
    "Run `ngrok-scim users trace EMAIL` to see the account, and decide whether the person "
    "should keep access.",
    severity=Severity.WARNING,
    certainty=Certainty.DOCUMENTED,
)
def _is_suspended(matched: PersonMatch) -> str:
    return _named(matched) if matched.sync_state is SyncState.SUSPENDED else ""


def count_name(people: Aggregate[PersonMatch], app_user: AppUser, domains: frozenset[str]) -> None:
    """Count the user name of somebody who is assigned in Okta, where ngrok cannot work with it."""
    fault = fault_of(app_user.user_name, domains)
    if fault:
        people.count("OKT914", Match(f"{person(app_user.user_name, app_user.id)} {fault}"))


def judge_match(matched: PersonMatch, domains: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Return what is wrong with one person: OKT908 to OKT911, OKT914, OKT917 and OKT918."""
    people = aggregated()
    if matched.app_user and assignment_of(matched.app_user) is Assignment.ASSIGNED:
        count_name(people, matched.app_user, domains)
    people.add(matched)
    return people.findings()


ENTRIES = match_rules.entries
