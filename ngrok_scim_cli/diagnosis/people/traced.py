"""Records of a trace: the person, what both sides know, and the conclusion."""

import re
from enum import StrEnum

from ngrok_scim_cli.diagnosis.finding import Finding, Verdict
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, OktaApp, OktaPerson
from ngrok_scim_cli.diagnosis.okta.system_log import removed_people
from ngrok_scim_cli.diagnosis.people.match import PersonMatch, SyncState, match, with_own_status
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import named, odd_chars

LONGEST = 1000
"""Characters. What is longer is no name of anybody."""

# "Ada Abara <ada@corp.example>", as mail programs copy it (RFC 5322 section 3.4).
_MAILBOX = re.compile(r"[^<>]*<\s*(?P<address>(?=[^<>\s]+@[^<>\s])[^<>\s]+)\s*>\s*[,;]?\s*")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_AROUND = "\"'`<>()[]“”‘’«»"


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """The person to trace; ``notes`` say how the typed text was read."""

    typed: str
    text: str
    notes: tuple[str, ...] = ()

    @property
    def is_full_name(self) -> bool:
        """Whether it has the look of somebody's name: several words, and no address."""
        return "@" not in self.text and " " in self.text


def read_asked(typed: str) -> AskedPerson:
    """Read what was typed where an e-mail address is asked for.

    What cannot be seen is left out; words of a name keep one space between them. Capitals do not
    count (RFC 7643 section 4.1.1), and stay.
    """
    notes = []
    text = typed[:LONGEST]
    mailbox = _MAILBOX.fullmatch(text)
    if mailbox:
        text = mailbox["address"]
        notes.append("The address was taken from the brackets.")
    odd = tuple(char for char in odd_chars(text) if not char.written)  # what is encoded is seen
    plain = text
    for char in reversed(odd):  # between two words of a name, one space is left
        between = " " if char.character.isspace() and "@" not in text else ""
        plain = plain[: char.start] + between + plain[char.end :]
    plain = plain if "@" in text else " ".join(plain.split())
    if plain != text:
        notes.append(f"Typed with {named(odd)}, looked up without it.")
    bare = _MAILTO.sub("", plain.strip(_AROUND), count=1).strip(_AROUND)
    if bare != plain:
        notes.append("The text around the address was ignored.")
    return AskedPerson(typed, bare, tuple(notes))


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
        grant: the fix where the token may not read people of the directory; empty where it may.
        log_unread: why the System Log could not be read; empty where it was.
    """

    app: OktaApp
    faults: tuple[Finding, ...] = ()
    person: OktaPerson | None = None
    app_user: AppUser | None = None
    events: tuple[LogEvent, ...] = ()
    grant: str = ""
    log_unread: str = ""

    @property
    def can_be_assigned(self) -> bool:
        """Whether the person is in Okta, and not deactivated there."""
        return self.person is not None and not self.person.is_deactivated

    @property
    def is_removed(self) -> bool:
        """Whether Okta is known to have unassigned or deactivated the person."""
        person = self.person
        if person and person.is_deactivated:
            return True
        removed = removed_people(self.events)
        known = (person.id, person.login, person.email) if person else removed
        return any(name.casefold() in removed for name in known)

    def matched(self, user: NgrokUser | None, new_since: str = "") -> PersonMatch:
        """Compare with a user of ngrok's, as the audit does."""
        app_user = self.app_user
        if app_user and self.person:
            app_user = with_own_status(app_user, self.person.status)
        return match(app_user, user, removed=self.is_removed, new_since=new_since)


@dataclass(frozen=True, slots=True)
class NgrokHalf:
    """What ngrok knows of a person.

    Attributes:
        linked: the user with the id that Okta holds; ``None`` where there is none.
        elsewhere: what is wrong with its replies about others, like about somebody new.
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
    def app_user(self) -> AppUser | None:
        """The assignment in Okta, as far as it is known."""
        return None if isinstance(self.okta, Unknown) else self.okta.app_user

    @property
    def user(self) -> NgrokUser | None:
        """The user in ngrok, as far as it is known."""
        return None if isinstance(self.ngrok, Unknown) else self.ngrok.user

    @property
    def user_name(self) -> str:
        """The user name as Okta spells it, otherwise as ngrok does, or as it was looked up."""
        looked_up = "" if isinstance(self.ngrok, Unknown) else self.ngrok.looked_up
        known = (one.user_name for one in (self.app_user, self.user) if one)
        return next(filter(None, (*known, looked_up)), self.asked.text)

    @property
    def is_found_nowhere(self) -> bool:
        """Whether neither side, as far as it was asked, has anybody like that."""
        if isinstance(self.okta, Unknown):
            return not isinstance(self.ngrok, Unknown) and not self.user
        return not (self.okta.person or self.okta.app_user or self.user)


@dataclass(frozen=True, slots=True)
class Stuck:
    """Where a person is stuck, and the code of the finding that says so, if there is one."""

    at: TraceStep
    why: str
    fix: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a trace comes to.

    The verdict is a pass where the person is provisioned and in step, and a warning where both
    sides agree that there is no account, or something else is worth knowing.
    """

    verdict: Verdict
    summary: str
    stuck: Stuck | None = None
    findings: tuple[Finding, ...] = ()
    sync_state: SyncState | None = None
