"""A traced person as a result: each step on the way as a check, and all that is known of them."""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from shlex import quote

from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import (
    Check,
    CheckStatus,
    Finding,
    Payload,
    Result,
    Section,
    Verdict,
    fields_of,
    status_of,
)
from ngrok_scim_cli.diagnosis.ngrok.domains import judge_approval
from ngrok_scim_cli.diagnosis.okta.system_log import judge_failures
from ngrok_scim_cli.diagnosis.people.email_address import domain_of, shown
from ngrok_scim_cli.diagnosis.people.traced import (
    Conclusion,
    OktaHalf,
    Stuck,
    Traced,
    TraceStep,
)
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.evidence import LOG_KEPT_DAYS, Evidence
from ngrok_scim_cli.settings.profile import Profile

_OF_OKTA = {
    TraceStep.APP: ("App", "Okta"),
    TraceStep.PERSON: ("Person", "Okta"),
    TraceStep.ASSIGNMENT: ("Assignment", "Okta"),
    TraceStep.PROVISIONED: ("Provisioning", "Okta"),
    TraceStep.EVENTS: ("System Log", "Okta"),
}
_CHECKS = _OF_OKTA | {
    TraceStep.LOOK_UP: ("Look-up", "ngrok"),
    TraceStep.ACCOUNT: ("User", "ngrok"),
    TraceStep.DOMAIN: ("Domain", "ngrok"),
}
_PASS, _WARN, _SKIP = CheckStatus.PASS, CheckStatus.WARN, CheckStatus.SKIP

_ACTIVITY = {
    True: "is active",
    False: "is deactivated",
    None: "is there, but `active` is neither true nor false",
}

_SEND_ACTIVE = (
    "Send what is shown here to those who run the SCIM server: `active` must be true or false. For "
    "ngrok, write to support@ngrok.com."
)

# RFC 3339, as far as it is shown.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
# What JSON has of an event and of an assignment.
_EVENT = "published event_type message result reason"
_ASSIGNMENT = "id user_name external_id status scope created status_changed last_sync"
_EVENTS_IN_JSON = 20
_EVENTS_SHOWN = 5


def trace_result(evidence: Evidence, traced: Traced, conclusion: Conclusion) -> Result:
    """Return the result of ``users trace``."""
    domain = _domain(evidence.access.profile, traced.user_name)
    verdict = conclusion.verdict
    if verdict is Verdict.PASS and domain.findings:
        verdict = Verdict.WARN
    known = {found.code for found in conclusion.findings}
    new = tuple(item for item in domain.findings if item.code not in known)
    checks = (*_okta(traced.okta), *_ngrok(traced), domain)
    return Result(
        "users trace",
        verdict,
        findings=conclusion.findings + new,
        checks=tuple(_concluded(check, conclusion) for check in checks),
        exchanges=evidence.exchanges,
        payload=_payload(traced, conclusion),
    )


def _payload(traced: Traced, conclusion: Conclusion) -> Payload:
    """Return what is known of the person, and where they are stuck."""
    asked, stuck, state = traced.asked, conclusion.stuck, conclusion.sync_state
    okta = traced.okta if isinstance(traced.okta, OktaHalf) else None
    app_user, user, summary = traced.app_user, traced.user, conclusion.summary
    if stuck:
        name, side = _CHECKS[stuck.at]
        summary = f"{summary.removesuffix('.')} at {side} > {name}."
    next_step = stuck.fix if stuck else ""
    if not stuck and not conclusion.findings:  # otherwise a finding says it
        if user and user.active is None:
            next_step = _SEND_ACTIVE
        elif traced.is_found_nowhere and traced.near:
            near = traced.near[0]
            next_step = f"If you meant {shown(near)}: `ngrok-scim users trace {quote(near)}`"
        elif traced.is_found_nowhere and not (okta and okta.grant):
            next_step = "Compare the spelling with Okta. Who is in ngrok: `ngrok-scim users list`"
    fields: dict[str, object] = {
        "summary": summary,
        "asked": {"typed": asked.typed, "looked_up": asked.text, "notes": list(asked.notes)},
        "okta_user": asdict(okta.person) if okta and okta.person else None,
        "assignment": fields_of(app_user, _ASSIGNMENT) if app_user else None,
        "events": okta and [fields_of(item, _EVENT) for item in okta.events[:_EVENTS_IN_JSON]],
        "ngrok_user": fields_of(user, "id user_name display_name active") if user else None,
        "standing": state.name.lower() if state else None,
        "stuck": {**asdict(stuck), "at": stuck.at.value} if stuck else None,
    }
    return Payload(
        fields,
        tuple(_sections(okta, stuck)),
        summary,
        is_answer=False,
        shows_checks=True,
        next_step=next_step,
        notes=asked.notes,
    )


def _sections(okta: OktaHalf | None, stuck: Stuck | None) -> Iterator[Section]:
    """Give the newest events, unless a check shows the only one, and why the person is stuck."""
    if okta and len(okta.events) > 1:
        rows = []
        for event in okta.events[:_EVENTS_SHOWN]:
            reason = f": “{event.reason}”" if event.reason else ""
            what = f"{event.result} {event.message or event.event_type}{reason}"
            rows.append((event.published[:16].replace("T", " "), what))
        yield Section("Okta's System Log, newest first", rows=tuple(rows))
    if stuck and not stuck.code:  # otherwise a finding says so
        yield Section(rows=(("Why", stuck.why),))


def _concluded(check: Check, conclusion: Conclusion) -> Check:
    """Return the check of a step; only that where the person is stuck fails."""
    stuck = conclusion.stuck
    if stuck and check.code == stuck.at:
        found = tuple(item for item in conclusion.findings if item.code == stuck.code)
        return replace(check, status=CheckStatus.FAIL, findings=found)
    if stuck and check.status is CheckStatus.FAIL:
        return replace(check, status=_WARN)
    return check


def _check(
    step: TraceStep, status: CheckStatus, seen: str, findings: tuple[Finding, ...] = ()
) -> Check:
    return Check(step, *_CHECKS[step], status, seen, findings=findings)


def _okta(okta: OktaHalf | Unknown) -> Iterator[Check]:
    """Yield a check for each step in Okta: app, person, assignment, provisioned, events."""
    if isinstance(okta, Unknown):
        yield from (_check(step, _SKIP, okta.in_full) for step in _OF_OKTA)
        return
    seen = f"“{excerpt(okta.app.label, 60)}” ({excerpt(okta.app.id)}), {okta.app.status}."
    yield _check(TraceStep.APP, status_of(okta.faults), seen, okta.faults)
    person = okta.person
    if person:
        seen = f"{excerpt(person.login)} ({person.id}), {person.status}"
        status = _PASS if person.status == "ACTIVE" else _WARN
        yield _check(TraceStep.PERSON, status, f"{seen}{_since(person.status_changed)}.")
    elif okta.grant:
        unread = _check(TraceStep.PERSON, _SKIP, f"The token may not read people. {okta.grant}")
        yield replace(unread, grant=okta.grant)
    else:
        yield _check(TraceStep.PERSON, _WARN, "Okta has no person with that name.")
    app_user = okta.app_user
    if app_user is None:
        yield _check(TraceStep.ASSIGNMENT, _WARN, "There is none.")
        yield _check(TraceStep.PROVISIONED, _SKIP, "There is no assignment.")
    else:
        how = {"USER": "Directly", "GROUP": "By a group"}.get(app_user.scope, "Assigned")
        seen = f"{how}{_since(app_user.created)}, as {shown(app_user.user_name)}."
        yield _check(TraceStep.ASSIGNMENT, _PASS, seen)
        seen = f"{app_user.status}{_since(app_user.status_changed)}"
        if app_user.external_id:
            synced = f", last pushed {_moment(app_user.last_sync)}" if app_user.last_sync else ""
            seen = f"As {excerpt(app_user.external_id)}; {seen}{synced}."
            yield _check(TraceStep.PROVISIONED, _PASS, seen)
        else:
            seen = f"Okta has no ngrok id (externalId); {seen}."
            yield _check(TraceStep.PROVISIONED, _WARN, seen)
    yield _events(okta)


def _events(okta: OktaHalf) -> Check:
    if okta.log_unread:
        return _check(TraceStep.EVENTS, _SKIP, okta.log_unread)
    if not okta.events:
        seen = f"Okta's System Log has no entry about this person in the last {LOG_KEPT_DAYS} days."
        return _check(TraceStep.EVENTS, _SKIP, seen)
    event = okta.events[0]
    what = f"{_moment(event.published)} {excerpt(event.message or event.event_type)}"
    reason = f": “{excerpt(event.reason)}”" if event.reason else ""
    seen = f"Last event: {what}: {excerpt(event.result, 20)}{reason}"
    status = _WARN if judge_failures(okta.events) else _PASS
    return _check(TraceStep.EVENTS, status, seen)


def _ngrok(traced: Traced) -> Iterator[Check]:
    """Yield the checks of the look-up and of the account in ngrok."""
    ngrok = traced.ngrok
    if isinstance(ngrok, Unknown):
        yield _check(TraceStep.LOOK_UP, _SKIP, ngrok.in_full)
        yield _check(TraceStep.ACCOUNT, _SKIP, "Not known without the look-up.")
        return
    found = {0: "nobody", 1: "one user"}.get(len(ngrok.named), f"{len(ngrok.named)} users")
    seen = f"userName eq {shown(ngrok.looked_up)}: {found}."
    faults = (*ngrok.faults, *ngrok.elsewhere)
    yield _check(TraceStep.LOOK_UP, status_of(faults), seen, faults)
    external_id = traced.app_user.external_id if traced.app_user else ""
    gone = f" Nobody has the id {excerpt(external_id)}." if external_id and not ngrok.linked else ""
    user = ngrok.user
    if user is None:
        yield _check(TraceStep.ACCOUNT, _WARN, gone.strip() or "There is none.")
        return
    named = f", shown as “{excerpt(user.display_name)}”" if user.display_name else ""
    seen = f"{shown(user.user_name)} ({excerpt(user.id)}) {_ACTIVITY[user.active]}{named}.{gone}"
    yield _check(TraceStep.ACCOUNT, _PASS if user.active else _WARN, seen)


def _domain(profile: Profile | Unknown, user_name: str) -> Check:
    """Judge the domain of the user name by what the profile says of it."""
    name = domain_of(user_name)
    if not name:
        return _check(TraceStep.DOMAIN, _SKIP, f"{shown(user_name)} is not an e-mail address.")
    if isinstance(profile, Unknown) or not profile.domains:
        seen = "The profile has no domain: `ngrok-scim domain submit DOMAIN`."
        return _check(TraceStep.DOMAIN, _SKIP, seen)
    known = profile.domains_by_name.get(name)
    if known is None:
        seen = f"{name} is not one of the domains of the profile."
        return _check(TraceStep.DOMAIN, _WARN, seen)
    found = judge_approval(name, known.submitted_at, known.approved_at)
    seen = name if found else f"{name} is submitted and approved."
    return _check(TraceStep.DOMAIN, status_of(found), seen, found)


def _since(moment: str) -> str:
    return f" since {_moment(moment)}" if moment else ""


def _moment(written: str) -> str:
    found = _MOMENT.match(written)
    return f"{found[1]} {found[2]} UTC" if found else excerpt(written, 30)
