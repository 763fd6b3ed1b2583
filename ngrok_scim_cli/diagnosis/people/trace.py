"""One person's way from Okta to ngrok: how far it goes, and what helps.

What is wrong with the person is judged by the same rules as in the audit of everybody
(``match``, ``users``, ``okta_log``); here one place is chosen at which to begin.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from ngrok_scim_cli.diagnosis.finding import Finding, Severity, Subject, Verdict, verdict_of
from ngrok_scim_cli.diagnosis.okta.directory_user import OBSTACLES, SUSPENDED, OktaPerson
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, OktaApp
from ngrok_scim_cli.diagnosis.okta.system_log import judge_failures, removed_people
from ngrok_scim_cli.diagnosis.people.asked_person import AskedPerson
from ngrok_scim_cli.diagnosis.people.email_address import domain_of, shown
from ngrok_scim_cli.diagnosis.people.match import PersonMatch, SyncState, judge_match, match
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from ngrok_scim_cli.diagnosis.people.user_rules import UserAudit
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
        faults: what is wrong with the look-up.
    """

    looked_up: str
    named: tuple[NgrokUser, ...] = ()
    linked: NgrokUser | None = None
    faults: tuple[Finding, ...] = ()

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
    """

    asked: AskedPerson
    okta: OktaHalf | Unknown
    ngrok: NgrokHalf | Unknown
    domains: frozenset[str] = frozenset()


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


_AT = {
    SyncState.NEVER_PROVISIONED: TraceStep.PROVISIONED,
    SyncState.NOT_LINKED: TraceStep.PROVISIONED,
    SyncState.GONE: TraceStep.ACCOUNT,
    SyncState.ANOTHER_ID: TraceStep.ACCOUNT,
    SyncState.LOCKED_OUT: TraceStep.ACCOUNT,
    SyncState.STILL_ACTIVE: TraceStep.ACCOUNT,
    SyncState.ORPHANED: TraceStep.ASSIGNMENT,
}
# USR607 here is somebody who is assigned, and deactivated in ngrok all the same.
_OF_BOTH_SIDES = ("OKT908", "OKT909", "OKT910", "OKT911", "USR607")
_FAILURES = ("OKT913", "OKT912")
_NOT_THERE_YET = (SyncState.NEVER_PROVISIONED, SyncState.NOT_LINKED)
_SEVERITIES = tuple(Severity)

_ASSIGN = (
    'In Okta, open the app > Assignments > Assign > "Assign to People", choose the person and '
    'press "Save and Go Back".'
)
_FIND_IN_OKTA = (
    "In Okta, open Directory > People, look the person up by name, and trace the address that "
    "stands there."
)
_LOOK_AT_ASSIGNMENTS = "In Okta, open the app > Assignments and look for the person there."


def conclude(traced: Traced) -> Conclusion:
    """Find where a person is stuck."""
    okta, ngrok = traced.okta, traced.ngrok
    if isinstance(okta, Unknown):
        return _without_okta(traced, okta)
    if okta.faults:
        # That the person was never provisioned merely follows from it.
        of_the_person = _found(traced, okta, ngrok)
        found = okta.faults + tuple(item for item in of_the_person if item.code != "OKT908")
        return _stuck(traced, _at_finding(TraceStep.APP, okta.faults[0]), found)
    if isinstance(ngrok, Unknown):
        return _without_ngrok(traced, okta, ngrok)
    return _with_both(traced, okta, ngrok)


def matched(okta: OktaHalf, user: NgrokUser | None) -> PersonMatch:
    """Hold the two sides of a person against each other, as the audit does."""
    return match(okta.app_user, user, removed=is_removed(okta))


def is_removed(okta: OktaHalf) -> bool:
    """Tell whether Okta is known to have unassigned or deactivated the person."""
    if okta.person and okta.person.is_deactivated:
        return True
    removed = removed_people(okta.events)
    known = (okta.person.id, okta.person.login, okta.person.email) if okta.person else ()
    return bool(removed) and (not known or any(name.casefold() in removed for name in known))


def _without_okta(traced: Traced, okta: Unknown) -> Conclusion:
    who, ngrok = _who(traced), traced.ngrok
    if isinstance(ngrok, Unknown):
        if ngrok.told and ngrok.findings:
            return _at_the_look_up(traced, ngrok)
        findings = ngrok.findings + okta.findings
        return Conclusion(Verdict.INCOMPLETE, f"Nothing could be told of {who}.", None, findings)
    user = ngrok.user
    found = _of_the_user(traced, user) + ngrok.faults
    if user is None:
        stuck = Stuck(TraceStep.ACCOUNT, f"ngrok holds no user {who}.", _LOOK_AT_ASSIGNMENTS)
        return _stuck(traced, stuck, found + okta.findings)
    wrong = _at_first_error(found)
    if wrong:
        return _stuck(traced, wrong, found + okta.findings)
    state = _state(user)
    summary = f"{who} is {state} in ngrok; whether Okta agrees cannot be told."
    return Conclusion(Verdict.INCOMPLETE, summary, None, _sorted(found + okta.findings))


def _without_ngrok(traced: Traced, okta: OktaHalf, ngrok: Unknown) -> Conclusion:
    if ngrok.told and ngrok.findings:
        return _at_the_look_up(traced, ngrok)
    linked = okta.app_user is not None and bool(okta.app_user.external_id)
    if okta.app_user is None or not linked:
        seen = matched(okta, None)
        conclusion = _of_sync_state(traced, okta, seen, _of_okta(okta, seen, traced.domains))
        if conclusion.stuck:
            return replace(conclusion, findings=conclusion.findings + ngrok.findings)
    summary = f"Okta has provisioned {_who(traced)}; whether ngrok agrees cannot be told."
    if not linked:
        summary = f"{_who(traced)} is to have no account; whether ngrok agrees cannot be told."
    return Conclusion(Verdict.INCOMPLETE, summary, None, ngrok.findings)


def _with_both(traced: Traced, okta: OktaHalf, ngrok: NgrokHalf) -> Conclusion:
    seen = matched(okta, ngrok.user)
    found = _found(traced, okta, ngrok)
    if (
        seen.sync_state is SyncState.NOT_NEEDED
    ):  # what could not be brought over need not be any more
        found = tuple(item for item in found if item.code not in _FAILURES)
    return replace(_of_sync_state(traced, okta, seen, found), sync_state=seen.sync_state)


def _found(traced: Traced, okta: OktaHalf, ngrok: NgrokHalf | Unknown) -> tuple[Finding, ...]:
    """Return what is wrong with the person, as the audit finds it, each code once."""
    if isinstance(ngrok, Unknown):
        return ngrok.findings
    both = _of_okta(okta, matched(okta, ngrok.user), traced.domains)
    known = {item.code for item in both}
    of_the_user = _of_the_user(traced, ngrok.user)
    return both + ngrok.faults + tuple(item for item in of_the_user if item.code not in known)


def _of_sync_state(
    traced: Traced, okta: OktaHalf, seen: PersonMatch, found: tuple[Finding, ...]
) -> Conclusion:
    stuck = _begin_at(traced, okta, seen, found)
    if stuck:
        return _stuck(traced, stuck, found)
    who = _who(traced)
    if seen.sync_state is SyncState.IN_STEP and okta.person and okta.person.status == SUSPENDED:
        summary = (
            f"{who} is suspended in Okta and active in ngrok; Okta sends nothing of that. To take "
            "ngrok away, unassign the person from the app."
        )
        return Conclusion(Verdict.WARN, summary, None, _sorted(found))
    if seen.sync_state is SyncState.IN_STEP and seen.ngrok_user and seen.ngrok_user.active is None:
        summary = f"{who} is provisioned; whether the account is active in ngrok is not told."
        return Conclusion(Verdict.INCOMPLETE, summary, None, _sorted(found))
    if seen.sync_state is SyncState.IN_STEP:
        summary = f"{who} is provisioned, and both sides are in step."
        return Conclusion(verdict_of(found), summary, None, _sorted(found))
    summary = f"{who} is deactivated in ngrok, as Okta wants it."
    if seen.ngrok_user is None:
        summary = f"{who} has no account in ngrok, and Okta asks for none."
    if seen.sync_state is SyncState.HELD:
        summary = f"{who} is {seen.sync_state.value}, so ngrok keeps what it has."
    return Conclusion(Verdict.WARN, summary, None, _sorted(found))


def _begin_at(
    traced: Traced, okta: OktaHalf, seen: PersonMatch, found: tuple[Finding, ...]
) -> Stuck | None:
    """Return the first place at which something is to be done; ``None`` where nothing is."""
    if okta.app_user is None and seen.ngrok_user is None:
        return _not_assigned(traced, okta)
    before = None
    if seen.sync_state in _NOT_THERE_YET:
        before = (
            _obstacle(okta.person)
            or _at_failure(TraceStep.PROVISIONED, found)
            or _outside(traced, okta, found)
        )
    return before or _at_standing(okta, seen, found) or _at_first_error(found)


def _at_failure(place: TraceStep, found: tuple[Finding, ...]) -> Stuck | None:
    """Return where Okta failed, as its System Log tells; that knows the reason best."""
    failure = next((item for item in found if item.code in _FAILURES), None)
    return _at_finding(place, failure) if failure else None


def _at_standing(okta: OktaHalf, seen: PersonMatch, found: tuple[Finding, ...]) -> Stuck | None:
    place = _AT.get(seen.sync_state)
    if place is None:
        return _at_another_name(seen, found)
    if place is TraceStep.ASSIGNMENT and okta.person is None and okta.is_directory_told:
        place = TraceStep.PERSON  # who is not there cannot be assigned
    if seen.sync_state is SyncState.STILL_ACTIVE:
        failure = _at_failure(place, found)
        if failure:
            return failure
    told = next((item for item in found if item.code in _OF_BOTH_SIDES), None)
    return _at_finding(place, told) if told else None


def _at_another_name(seen: PersonMatch, found: tuple[Finding, ...]) -> Stuck | None:
    """Return the place where somebody is linked, and called otherwise in ngrok than in Okta."""
    told = next((item for item in found if item.code == "OKT914"), None)
    return _at_finding(TraceStep.ACCOUNT, told) if told and seen.differs else None


def _at_first_error(found: tuple[Finding, ...]) -> Stuck | None:
    error = next((item for item in found if item.severity is Severity.ERROR), None)
    if error is None:
        return None
    is_of_the_look_up = error.subject is Subject.RESPONSE
    place = TraceStep.LOOK_UP if is_of_the_look_up else TraceStep.ACCOUNT
    return _at_failure(TraceStep.PROVISIONED, (error,)) or _at_finding(place, error)


def _not_assigned(traced: Traced, okta: OktaHalf) -> Stuck | None:
    """Say why somebody is on neither side; ``None`` where both rightly agree."""
    who = _who(traced)
    if okta.person is None and okta.is_directory_told:
        return Stuck(TraceStep.PERSON, f"Okta knows nobody called {who}.", _FIND_IN_OKTA)
    if okta.person and okta.person.is_deactivated:
        return None
    return Stuck(
        TraceStep.ASSIGNMENT, f"{who} is not assigned to the app “{okta.app.label}”.", _ASSIGN
    )


def _obstacle(person: OktaPerson | None) -> Stuck | None:
    status = person.status if person else ""
    if status not in OBSTACLES:
        return None
    what, button = OBSTACLES[status]
    fix = f'In Okta, open Directory > People, choose the person and press "{button}".'
    return Stuck(
        TraceStep.PERSON, f"The person {what} ({status}), so Okta provisions nothing.", fix
    )


def _outside(traced: Traced, okta: OktaHalf, found: tuple[Finding, ...]) -> Stuck | None:
    """Return the place where the domain is not one of those that were submitted to ngrok."""
    name = okta.app_user.user_name if okta.app_user else ""
    domain = domain_of(name)
    if not traced.domains or not domain or domain in traced.domains:
        return None
    told = next((item for item in found if item.code == "OKT914"), None)
    why = f"{domain} is none of the domains that were submitted to ngrok."
    fix = f"Run `ngrok-scim domain submit {domain}`."
    return Stuck(TraceStep.DOMAIN, why, fix, told.code if told else "")


def _at_the_look_up(traced: Traced, ngrok: Unknown) -> Conclusion:
    first = _sorted(ngrok.findings)[0]
    return _stuck(traced, _at_finding(TraceStep.LOOK_UP, first), ngrok.findings)


def _at_finding(place: TraceStep, item: Finding) -> Stuck:
    return Stuck(place, f"{item.title}. {item.evidence}", item.fix, item.code)


def _stuck(traced: Traced, stuck: Stuck, found: tuple[Finding, ...]) -> Conclusion:
    """Conclude that the person is stuck; the finding that says so comes first."""
    first = [item for item in _sorted(found) if item.code == stuck.code]
    others = [item for item in _sorted(found) if item.code != stuck.code]
    # The fix of a finding may be for many people; here it is for this one.
    exact = [replace(item, fix=stuck.fix) for item in first[:1]]
    summary = f"{_who(traced)} is stuck."
    return Conclusion(Verdict.FAIL, summary, stuck, (*exact, *first[1:], *others))


def _of_okta(okta: OktaHalf, seen: PersonMatch, domains: frozenset[str]) -> tuple[Finding, ...]:
    return judge_failures(okta.events, is_traced=True).findings + judge_match(seen, domains)


def _of_the_user(traced: Traced, user: NgrokUser | None) -> tuple[Finding, ...]:
    audit = UserAudit(traced.domains)
    for named in dict.fromkeys((*_named(traced), *((user,) if user else ()))):
        audit.add(named)
    return audit.findings()


def _named(traced: Traced) -> tuple[NgrokUser, ...]:
    return () if isinstance(traced.ngrok, Unknown) else traced.ngrok.named


def _sorted(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda item: _SEVERITIES.index(item.severity)))


def _state(user: NgrokUser) -> str:
    if user.active is None:
        return "neither active nor deactivated"
    return "active" if user.active else "deactivated"


def _who(traced: Traced) -> str:
    """Name the person as Okta spells the name, otherwise as it was asked for."""
    okta, ngrok = traced.okta, traced.ngrok
    if isinstance(okta, OktaHalf) and okta.app_user and okta.app_user.user_name:
        return shown(okta.app_user.user_name)
    if isinstance(ngrok, NgrokHalf) and ngrok.user:
        return shown(ngrok.user.user_name)
    return shown(traced.asked.text)
