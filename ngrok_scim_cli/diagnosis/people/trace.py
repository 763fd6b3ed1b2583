"""Finds where one person is stuck between Okta and ngrok, and what helps.

What is wrong with the person is judged by the same rules as in the audit of everybody
(``match``, ``user_rules``, ``system_log``); here one step is chosen at which to begin.
"""

from collections.abc import Iterator
from dataclasses import replace

from ngrok_scim_cli.diagnosis.finding import (
    Finding,
    Severity,
    Subject,
    Verdict,
    errors_first,
    verdict_of,
)
from ngrok_scim_cli.diagnosis.okta.fixes import (
    AFTER_TRACE,
    ASSIGN_AGAIN,
    DEACTIVATE_AGAIN,
    HAVE_DEACTIVATED,
    RETRY,
    TWO_ACCOUNTS,
)
from ngrok_scim_cli.diagnosis.okta.records import OBSTACLES, SUSPENDED, OktaPerson
from ngrok_scim_cli.diagnosis.okta.system_log import judge_failures
from ngrok_scim_cli.diagnosis.people.email_address import domain_of, shown
from ngrok_scim_cli.diagnosis.people.match import PersonMatch, SyncState, judge_match
from ngrok_scim_cli.diagnosis.people.traced import (
    Conclusion,
    NgrokHalf,
    OktaHalf,
    Stuck,
    Traced,
    TraceStep,
)
from ngrok_scim_cli.diagnosis.people.user_rules import UserAudit
from ngrok_scim_cli.diagnosis.unknown import Unknown

_OF_BOTH_SIDES = ("OKT908", "OKT909", "OKT910", "OKT911", "OKT917", "OKT918")
_FAILURES = ("OKT913", "OKT912")
_NOT_THERE_YET = (SyncState.NEVER_PROVISIONED, SyncState.NOT_LINKED)
# The account is not usable, so to unassign the person takes no access away.
_WITHOUT_ACCESS = (SyncState.GONE, SyncState.ANOTHER_ID, SyncState.LOCKED_OUT)
_AT = {
    **dict.fromkeys(_NOT_THERE_YET, TraceStep.PROVISIONED),
    **dict.fromkeys((*_WITHOUT_ACCESS, SyncState.STILL_ACTIVE), TraceStep.ACCOUNT),
    SyncState.ORPHANED: TraceStep.ASSIGNMENT,
}

_ASSIGN = (
    'In Okta, open the app > Assignments > Assign > "Assign to People", choose the person and '
    'press "Save and Go Back".'
)
_ASSIGN_AGAIN = "In Okta, open the app > Assignments, unassign the person and assign them again."
# What is to be done for one person, where it is proved; a finding about many begins with a trace.
_FIXES = {
    SyncState.GONE: f"{_ASSIGN_AGAIN} That creates a new account in ngrok. There is no old "
    "account to lose.",
    SyncState.ANOTHER_ID: f"{_ASSIGN_AGAIN} That links the account that ngrok has by this name.",
    SyncState.LOCKED_OUT: f"{_ASSIGN_AGAIN} The person cannot sign in now, so they lose nothing.",
    SyncState.ORPHANED: f"{_ASSIGN} Do this only if the person should keep access.",
    SyncState.SUSPENDED: (
        "To remove the access, unassign the person from the app in Okta. That deactivates the "
        "account in ngrok, and the person's agents and API keys stop."
    ),
}
_END_ACCESS = (
    'In Okta, tick "Deactivate Users" under Provisioning > To App, then assign the person to the '
    "app again and unassign them. That ends their access: their agents and API keys stop."
)
_ASK_WHETHER_ACTIVE = "Write to support@ngrok.com and ask whether this account is active."
_CHECK_ACCESS = (
    "In Okta, open the app > Assignments and check that the person should have access. If so, no "
    "action is needed."
)
_WHOSE = (
    "Find out whose account this is. If the person should keep access, add them in Okta and "
    "assign them to the app."
)


def conclude(traced: Traced) -> Conclusion:
    """Find where a person is stuck."""
    okta, ngrok = traced.okta, traced.ngrok
    # Where ngrok itself refuses, everybody is stuck there, not only in this run.
    refused = ngrok.findings if isinstance(ngrok, Unknown) and ngrok.conclusive else ()
    if traced.is_found_nowhere and not refused:
        return _found_nowhere(traced)
    if isinstance(okta, OktaHalf) and okta.faults:
        # That the person was never provisioned merely follows from it.
        of_the_person = _found(traced, okta, ngrok)
        found = okta.faults + tuple(item for item in of_the_person if item.code != "OKT908")
        return _stuck(traced, _at_finding(TraceStep.APP, okta.faults[0]), found)
    if refused:
        return _stuck(traced, _at_finding(TraceStep.LOOK_UP, errors_first(refused)[0]), refused)
    if isinstance(okta, Unknown):
        return _without_okta(traced, okta)
    if isinstance(ngrok, Unknown):
        return _without_ngrok(traced, okta, ngrok)
    return _with_both(traced, okta, ngrok)


def _found_nowhere(traced: Traced) -> Conclusion:
    """Conclude that nobody like that is known: a typo in the name, or somebody of no org."""
    okta, ngrok, who = traced.okta, traced.ngrok, shown(traced.asked.text)
    of_okta = okta.findings if isinstance(okta, Unknown) else okta.faults
    of_ngrok = ngrok.findings if isinstance(ngrok, Unknown) else ngrok.faults + ngrok.elsewhere
    findings = errors_first(of_okta + of_ngrok)
    is_read = {
        "Okta": isinstance(okta, OktaHalf) and not okta.grant,
        "ngrok": isinstance(ngrok, NgrokHalf),
    }
    # A finding that says why a side could not be asked does not make the person stuck.
    seen = (of_okta if isinstance(okta, OktaHalf) else ()) + (of_ngrok if is_read["ngrok"] else ())
    verdict = Verdict.FAIL if verdict_of(seen) is Verdict.FAIL else Verdict.INCOMPLETE
    if any(item.code == "SCM519" for item in findings):  # the list has somebody of this name
        summary = f"{who} is in ngrok's list of users, but Okta's look-up finds nobody."
        return Conclusion(verdict, summary, None, findings)
    asked = [name for name, is_asked in is_read.items() if is_asked]
    summary = f"{who} was not found in {' or '.join(asked)}."
    if isinstance(okta, OktaHalf) and okta.grant:
        summary = f"Could not verify whether Okta knows {who}. {summary if asked else ''}".rstrip()
    near = f" Did you mean {' or '.join(map(shown, traced.near))}?" if traced.near else ""
    return Conclusion(verdict, summary + near, None, findings)


def _without_okta(traced: Traced, okta: Unknown) -> Conclusion:
    who, ngrok, user = shown(traced.user_name), traced.ngrok, traced.user
    if isinstance(ngrok, Unknown):
        summary = f"Could not verify anything about {who}."
        return Conclusion(Verdict.INCOMPLETE, summary, None, ngrok.findings + okta.findings)
    found = _of_the_user(traced) + ngrok.faults
    wrong = _at_first_error(found)
    if wrong:
        return _stuck(traced, wrong, found + ngrok.elsewhere + okta.findings)
    state = "neither active nor deactivated"
    if user and user.active is not None:
        state = "active" if user.active else "deactivated"
    summary = f"{who} is {state} in ngrok. Could not verify whether Okta agrees."
    found = errors_first(found + okta.findings)
    return _with_errors_elsewhere(Conclusion(Verdict.INCOMPLETE, summary, None, found), ngrok)


def _without_ngrok(traced: Traced, okta: OktaHalf, ngrok: Unknown) -> Conclusion:
    who = shown(traced.user_name)
    summary = f"Okta has provisioned {who}."
    if not (okta.app_user and okta.app_user.external_id):
        seen = okta.matched(None, traced.new_since)
        conclusion = _of_sync_state(traced, okta, seen, _of_okta(okta, seen, traced.domains))
        if conclusion.stuck:
            return replace(conclusion, findings=conclusion.findings + ngrok.findings)
        summary = f"Okta requests no account for {who}."
    summary += " Could not verify whether ngrok agrees."
    return Conclusion(Verdict.INCOMPLETE, summary, None, ngrok.findings)


def _with_both(traced: Traced, okta: OktaHalf, ngrok: NgrokHalf) -> Conclusion:
    seen = okta.matched(ngrok.user, traced.new_since)
    found = _found(traced, okta, ngrok)
    # Nothing has to be provisioned any more, so failures to do so do not matter.
    if seen.sync_state is SyncState.NOT_NEEDED:
        found = tuple(item for item in found if item.code not in _FAILURES)
    if seen.sync_state is SyncState.NEVER_PROVISIONED:
        # What is wrong elsewhere keeps this very person from being created.
        conclusion = _of_sync_state(traced, okta, seen, found + ngrok.elsewhere)
    else:
        conclusion = _with_errors_elsewhere(_of_sync_state(traced, okta, seen, found), ngrok)
    return replace(conclusion, sync_state=seen.sync_state)


def _with_errors_elsewhere(conclusion: Conclusion, ngrok: NgrokHalf) -> Conclusion:
    """Add what is wrong with what Okta reads of others; this person may be well all the same."""
    found = conclusion.findings + ngrok.elsewhere
    if conclusion.stuck or not ngrok.elsewhere:
        return replace(conclusion, findings=found)
    but = "But ngrok's endpoint fails for another request that Okta makes."
    summary, found = f"{conclusion.summary} {but}", errors_first(found)
    return replace(conclusion, verdict=Verdict.FAIL, summary=summary, findings=found)


def _found(traced: Traced, okta: OktaHalf, ngrok: NgrokHalf | Unknown) -> tuple[Finding, ...]:
    """Return what is wrong with the person, as the audit finds it, each code once."""
    if isinstance(ngrok, Unknown):
        return ngrok.findings
    both = _of_okta(okta, okta.matched(ngrok.user, traced.new_since), traced.domains)
    known = {item.code for item in both}
    if "OKT917" in known:
        known.add("USR607")  # the other code says so more exactly
    of_the_user = (item for item in _of_the_user(traced) if item.code not in known)
    return both + ngrok.faults + tuple(of_the_user)


def _of_sync_state(
    traced: Traced, okta: OktaHalf, seen: PersonMatch, found: tuple[Finding, ...]
) -> Conclusion:
    stuck = next(filter(None, _places(traced, okta, seen, found)), None)
    if stuck:
        return _stuck(traced, stuck, found)
    who, state, user = shown(traced.user_name), seen.sync_state, seen.ngrok_user
    verdict, summary = Verdict.WARN, f"{who} is deactivated in ngrok, as in Okta."
    if state in _NOT_THERE_YET:
        summary = f"{who} was just assigned, and Okta is still provisioning them."
    elif state is SyncState.SUSPENDED:
        summary = f"{who} is {state.value}. Okta does not send this to ngrok."
    elif state is SyncState.IN_STEP and user and user.active is None:
        verdict = Verdict.INCOMPLETE
        summary = f"{who} is provisioned. Could not verify whether the account is active in ngrok."
    elif state is SyncState.IN_STEP and okta.grant:
        verdict = Verdict.INCOMPLETE
        summary = f"{who} is provisioned. Could not verify whether the person is active in Okta."
    elif state is SyncState.IN_STEP:
        verdict, summary = verdict_of(found), f"{who} is provisioned, and Okta and ngrok agree."
    elif state is SyncState.HELD and seen.app_user and seen.app_user.status == SUSPENDED:
        summary = f"{who} is suspended in Okta, and has no active account in ngrok."
    elif state is SyncState.HELD:
        summary = f"{who} is {state.value}, so ngrok keeps what it has."
    elif user is None:
        summary = f"{who} has no account in ngrok, and Okta requests none."
    return Conclusion(verdict, summary, None, errors_first(found))


def _places(
    traced: Traced, okta: OktaHalf, seen: PersonMatch, found: tuple[Finding, ...]
) -> Iterator[Stuck | None]:
    """Yield the places at which something is to be done; at the first one the person is stuck."""

    def at_codes(step: TraceStep, codes: tuple[str, ...]) -> Stuck | None:
        item = next((item for item in found if item.code in codes), None)
        return _at_finding(step, item) if item else None

    if okta.app_user is None and seen.ngrok_user is None:
        if not (okta.person and okta.person.is_deactivated):
            why = f"{shown(traced.user_name)} is not assigned to the app “{okta.app.label}”."
            yield Stuck(TraceStep.ASSIGNMENT, why, _ASSIGN)
        return
    if seen.sync_state in _NOT_THERE_YET:
        failure = at_codes(TraceStep.PROVISIONED, _FAILURES)
        yield _obstacle(okta.person)
        yield failure  # it knows the reason best
        yield _outside(traced, okta)
        if seen.is_new:
            return
        yield at_codes(TraceStep.LOOK_UP, ("SCM523",))
    step = _AT.get(seen.sync_state)
    if step is None:
        if seen.differs:  # linked with another name in ngrok than in Okta
            yield at_codes(TraceStep.ACCOUNT, ("OKT914",))
    else:
        if step is TraceStep.ASSIGNMENT and okta.person is None and not okta.grant:
            step = TraceStep.PERSON  # who is not there cannot be assigned
        if seen.sync_state is SyncState.STILL_ACTIVE:
            yield at_codes(step, _FAILURES)
        yield at_codes(step, _OF_BOTH_SIDES)
    yield _at_first_error(found)


def _at_first_error(found: tuple[Finding, ...]) -> Stuck | None:
    error = next((item for item in found if item.severity is Severity.ERROR), None)
    if error is None:
        return None
    is_of_the_look_up = error.subject is Subject.RESPONSE
    step = TraceStep.LOOK_UP if is_of_the_look_up else TraceStep.ACCOUNT
    return _at_finding(TraceStep.PROVISIONED if error.code in _FAILURES else step, error)


def _obstacle(person: OktaPerson | None) -> Stuck | None:
    status = person.status if person else ""
    if status not in OBSTACLES:
        return None
    what, button = OBSTACLES[status]
    fix = f'In Okta, open Directory > People, choose the person and press "{button}".'
    why = f"The person {what} ({status}), so Okta provisions nothing."
    return Stuck(TraceStep.PERSON, why, fix)


def _outside(traced: Traced, okta: OktaHalf) -> Stuck | None:
    """Return the place where the domain is not one of those that were submitted to ngrok."""
    domain = domain_of(okta.app_user.user_name) if okta.app_user else ""
    if not traced.domains or not domain or domain in traced.domains:
        return None
    why = f"{domain} is not one of the domains that were submitted to ngrok."
    fix = f"Run `ngrok-scim domain submit {domain}`."
    return Stuck(TraceStep.DOMAIN, why, fix, "OKT914")


def _at_finding(step: TraceStep, item: Finding) -> Stuck:
    return Stuck(step, f"{item.title}. {item.evidence}", item.fix, item.code)


def _stuck(traced: Traced, stuck: Stuck, found: tuple[Finding, ...]) -> Conclusion:
    """Conclude that the person is stuck; the finding that says so comes first."""
    first = [item for item in errors_first(found) if item.code == stuck.code]
    others = [item for item in errors_first(found) if item.code != stuck.code]
    # The fix of a finding may be for many people; here it is for this one.
    exact = [replace(item, fix=stuck.fix) for item in first[:1]]
    summary = f"{shown(traced.user_name)} is stuck."
    return Conclusion(Verdict.FAIL, summary, stuck, (*exact, *first[1:], *others))


def _of_okta(okta: OktaHalf, seen: PersonMatch, domains: frozenset[str]) -> tuple[Finding, ...]:
    """Return what both sides and the System Log show, with the fix for this one person.

    Nobody is unassigned or deactivated unless both sides prove that it is right.
    """
    state, fixes = seen.sync_state, dict(AFTER_TRACE)
    fix = _FIXES.get(state, "")  # empty where the finding says it
    after_failure = _CHECK_ACCESS
    if state is SyncState.ORPHANED and okta.person is None and not okta.grant:
        fix = _WHOSE
    elif state is SyncState.STILL_ACTIVE:
        fix = _END_ACCESS if okta.can_be_assigned else AFTER_TRACE[HAVE_DEACTIVATED]
        if not seen.is_active_leaver:
            fix = _ASK_WHETHER_ACTIVE
        after_failure = fix
    if state not in _WITHOUT_ACCESS:
        fixes[ASSIGN_AGAIN] = RETRY
    if not (seen.is_active_leaver and okta.can_be_assigned):
        fixes[DEACTIVATE_AGAIN] = fixes[HAVE_DEACTIVATED] = after_failure
    found = judge_match(seen, domains)
    if fix:
        found = tuple(replace(one, fix=fix) if one.code in _OF_BOTH_SIDES else one for one in found)
    return judge_failures(okta.events, fixes) + found


def _of_the_user(traced: Traced) -> tuple[Finding, ...]:
    audit = UserAudit(traced.domains)
    named = () if isinstance(traced.ngrok, Unknown) else traced.ngrok.named
    for one in dict.fromkeys((*named, *filter(None, [traced.user]))):
        audit.add(one)
    return tuple(
        replace(item, fix=AFTER_TRACE[TWO_ACCOUNTS]) if item.code == "USR605" else item
        for item in audit.findings()
    )
