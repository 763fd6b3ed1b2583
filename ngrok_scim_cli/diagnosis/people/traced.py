"""What is known of one person on the way from Okta to ngrok, and what it comes to."""

from dataclasses import dataclass
from enum import StrEnum

from ngrok_scim_cli.diagnosis.finding import Finding, Verdict
from ngrok_scim_cli.diagnosis.okta.directory_user import OktaPerson
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, OktaApp
from ngrok_scim_cli.diagnosis.people.asked_person import AskedPerson
from ngrok_scim_cli.diagnosis.people.match import SyncState
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from ngrok_scim_cli.diagnosis.unknown import Unknown


class TraceStep(StrEnum):
    """A place on the way, in its order."""

    APP = "okta-app"
    PERSON = "okta-user"
    ASSIGNMENT = "assignment"
    PROVISIONED = "provisioned"
    EVENTS = "events"
    LOOK_UP = "look-up"
    ACCOUNT = "ngrok-user"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class OktaHalf:
    """What Okta knows of a person.

    Attributes:
        app: the app through which people are provisioned.
        faults: what is wrong with that app.
        person: the person in the directory; ``None`` where there is none, or Okta does not tell.
        app_user: the assignment to the app; ``None`` where there is none.
        events: what the System Log holds of both, the newest first.
        is_directory_told: whether Okta let the directory be read.
        log_untold: why the System Log could not be read; empty where it was.
    """

    app: OktaApp
    faults: tuple[Finding, ...] = ()
    person: OktaPerson | None = None
    app_user: AppUser | None = None
    events: tuple[LogEvent, ...] = ()
    is_directory_told: bool = True
    log_untold: str = ""


@dataclass(frozen=True, slots=True)
class NgrokHalf:
    """What ngrok knows of a person.

    Attributes:
        looked_up: the user name that Okta would look up.
        named: the users that the look-up found.
        linked: the user with the id that Okta holds; ``None`` where there is none.
        faults: what is wrong with the reads that Okta makes of this person.
        elsewhere: what is wrong with those that it makes of others, like of somebody new.
    """

    looked_up: str
    named: tuple[NgrokUser, ...] = ()
    linked: NgrokUser | None = None
    faults: tuple[Finding, ...] = ()
    elsewhere: tuple[Finding, ...] = ()

    @property
    def user(self) -> NgrokUser | None:
        """The user: the linked one, otherwise the first of that name."""
        return self.linked or next(iter(self.named), None)


@dataclass(frozen=True, slots=True)
class Traced:
    """What is known of a person.

    Attributes:
        asked: who was asked about.
        okta: Okta's half.
        ngrok: ngrok's half.
        domains: the domains that were submitted to ngrok; empty where none is known.
        new_since: an assignment made after that is new (RFC 3339, UTC); empty: none is.
        near: names that are nearly the one that was asked for, where nobody was found.
    """

    asked: AskedPerson
    okta: OktaHalf | Unknown
    ngrok: NgrokHalf | Unknown
    domains: frozenset[str] = frozenset()
    new_since: str = ""
    near: tuple[str, ...] = ()

    @property
    def is_found_nowhere(self) -> bool:
        """Whether neither side, as far as it was asked, has anybody like that."""
        okta, ngrok = self.okta, self.ngrok
        if isinstance(okta, Unknown) and isinstance(ngrok, Unknown):
            return False
        in_okta = isinstance(okta, OktaHalf) and bool(okta.person or okta.app_user)
        in_ngrok = isinstance(ngrok, NgrokHalf) and ngrok.user is not None
        return not in_okta and not in_ngrok


@dataclass(frozen=True, slots=True)
class Stuck:
    """Where a person is stuck.

    Attributes:
        at: the place.
        why: what is wrong there, in one or two sentences.
        fix: the one thing to do.
        code: the finding that it stands for; empty where there is none.
    """

    at: TraceStep
    why: str
    fix: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a trace comes to.

    Attributes:
        verdict: pass where the person is provisioned and in step; fail where they are stuck;
            incomplete where it cannot be told; a warning where both sides agree that they have
            no account, or where something else is worth knowing.
        summary: the same in one sentence.
        stuck: where they are stuck; ``None`` where they are not, or where it cannot be told.
        findings: what was found, the root cause first.
        sync_state: where the person stands between the two sides; ``None`` where one is not known.
    """

    verdict: Verdict
    summary: str
    stuck: Stuck | None = None
    findings: tuple[Finding, ...] = ()
    sync_state: SyncState | None = None
