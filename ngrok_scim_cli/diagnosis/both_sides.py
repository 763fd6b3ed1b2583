"""The people of the Okta app and the users of ngrok, held against each other.

Okta keeps the SCIM ``id`` of each person that it has provisioned as ``externalId`` of its app
user; that links both sides. Where there is no link, the user name decides, without case
(RFC 7643 section 4.1.1): so does Okta when it looks somebody up.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from ngrok_scim_cli.diagnosis.address import fault_of, person, shown
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.people import AppUser, NgrokUser
from ngrok_scim_cli.diagnosis.tally import PeopleRules, Tally


class Assignment(Enum):
    """What the status of an app user means for the account in ngrok."""

    ASSIGNED = "Okta keeps the account active"
    HELD = "Okta leaves the account as it is"
    REMOVED = "Okta has deactivated the account"
    NONE = "nobody in Okta has the account"


# Okta Management API, "application user", `status`. What is not listed here is left alone.
_ASSIGNMENTS = {
    "ACTIVE": Assignment.ASSIGNED,
    "APPROVED": Assignment.ASSIGNED,
    "IMPLICIT": Assignment.ASSIGNED,
    "PENDING": Assignment.ASSIGNED,
    "PROVISIONED": Assignment.ASSIGNED,
    "STAGED": Assignment.ASSIGNED,
    "SUSPENDED": Assignment.HELD,
    "DEPROVISIONED": Assignment.REMOVED,
    "INACTIVE": Assignment.REMOVED,
    "REVOKED": Assignment.REMOVED,
    "UNASSIGNED": Assignment.REMOVED,
    # Found by an import, and assigned to nobody yet.
    "IMPORTED": Assignment.NONE,
    "MATCHED": Assignment.NONE,
}


class Standing(Enum):
    """Where a person stands between Okta and ngrok; the value says it in words."""

    IN_STEP = "assigned in Okta and active in ngrok"
    NEVER_PROVISIONED = "assigned in Okta, but not in ngrok"
    NOT_LINKED = "in ngrok, but Okta has not linked the account"
    GONE = "provisioned once, but gone in ngrok"
    ANOTHER_ID = "in ngrok under another id than Okta holds"
    LOCKED_OUT = "assigned in Okta, but deactivated in ngrok"
    HELD = "suspended in Okta, which sends ngrok nothing then"
    STILL_ACTIVE = "removed in Okta, but active in ngrok"
    ORPHANED = "active in ngrok, but not assigned in Okta"
    NOT_NEEDED = "neither assigned in Okta nor active in ngrok"


@dataclass(frozen=True, slots=True)
class Match:
    """A person on both sides.

    Attributes:
        app_user: the assignment in Okta; ``None`` where there is none.
        ngrok_user: the user in ngrok; ``None`` where there is none.
        standing: where the person stands.
    """

    app_user: AppUser | None
    ngrok_user: NgrokUser | None
    standing: Standing

    @property
    def differs(self) -> bool:
        """Whether a linked person has another user name in Okta than in ngrok, case aside."""
        return False


def match(
    app_user: AppUser | None, ngrok_user: NgrokUser | None, *, removed: bool = False
) -> Match:
    """Hold one person against each other; the audit of everybody does just this.

    Args:
        app_user: the assignment in Okta; ``None`` where there is none.
        ngrok_user: the user in ngrok with the id that Okta holds, otherwise the one with the same
            user name; ``None`` where there is neither.
        removed: whether Okta is known to have unassigned or deactivated the person.
    """
    return Match(app_user, ngrok_user, Standing.IN_STEP)


def judge_match(matched: Match, domains: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Return what is wrong with one person: OKT908 to OKT911 and OKT914.

    Args:
        matched: the person on both sides.
        domains: the domains that were submitted to ngrok, in lower case and ASCII; empty where
            none is known.
    """
    return ()


class BothSides:
    """All people of both sides (OKT908 to OKT911 and OKT914).

    Args:
        app_users: everybody in the Okta app; read once, and not kept whole.
        domains: the domains that were submitted to ngrok, in lower case and ASCII; empty where
            none is known.
    """

    def __init__(
        self, app_users: Iterable[AppUser], *, domains: frozenset[str] = frozenset()
    ) -> None:
        self._app_users = list(app_users)

    def meet(self, user: NgrokUser) -> None:
        """Look at one more user of ngrok's."""

    def orphans(self, at_most: int = 1000) -> list[NgrokUser]:
        """Return users that are active in ngrok and whom nobody in the Okta app has.

        Whether Okta has removed them is told neither by the app nor by ngrok: ask Okta about
        them, and give those to ``findings``.

        Args:
            at_most: how many are returned; the first ones.
        """
        return []

    def findings(self, *, removed: Collection[str] = ()) -> tuple[Finding, ...]:
        """Return what is wrong: each code with the number of people and the first five.

        Args:
            removed: user names or SCIM ids of people that Okta is known to have unassigned or
                deactivated, casefolded.
        """
        return ()
