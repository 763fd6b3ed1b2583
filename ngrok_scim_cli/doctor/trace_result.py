"""A traced person as a result: each place on the way as a check, and all that is known of them."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, ClassVar

from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Payload, Result, Section, Verdict
from ngrok_scim_cli.diagnosis.ngrok.domains import DomainRecord, domain_record_rules
from ngrok_scim_cli.diagnosis.okta.system_log import judge_failures
from ngrok_scim_cli.diagnosis.people.email_address import domain_of, shown
from ngrok_scim_cli.diagnosis.people.traced import NgrokHalf, OktaHalf, TraceStep
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.checks import status_of
from ngrok_scim_cli.doctor.evidence import LOG_KEPT_DAYS
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.okta.records import LogEvent
    from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
    from ngrok_scim_cli.diagnosis.people.traced import Conclusion, Traced
    from ngrok_scim_cli.doctor.evidence import Evidence

COMMAND = "users trace"

_OKTA, _NGROK = "Okta", "ngrok"
_CHECKS = {
    TraceStep.APP: ("App", _OKTA),
    TraceStep.PERSON: ("Person", _OKTA),
    TraceStep.ASSIGNMENT: ("Assignment", _OKTA),
    TraceStep.PROVISIONED: ("Provisioning", _OKTA),
    TraceStep.EVENTS: ("System Log", _OKTA),
    TraceStep.LOOK_UP: ("Look-up", _NGROK),
    TraceStep.ACCOUNT: ("User", _NGROK),
    TraceStep.DOMAIN: ("Domain", _NGROK),
}

_NO_DOMAIN = "The profile has no domain: `ngrok-scim domain submit DOMAIN`."
_ACTIVE = "ACTIVE"

# RFC 3339, as far as it is shown.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
_EVENTS_TOLD = 20
_EVENTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Trace(Payload):
    """All that is known of one person, and what that comes to."""

    shows_checks: ClassVar[bool] = True

    traced: Traced
    conclusion: Conclusion

    @property
    def summary(self) -> str:
        """Where the person is stuck, or how they are."""
        return _summary(self.conclusion)

    @property
    def next_step(self) -> str:
        """What to do where the person is stuck, or where nobody is found."""
        if self.conclusion.stuck:
            return self.conclusion.stuck.fix
        if not self.traced.is_found_nowhere or self.conclusion.findings:
            return ""
        near = self.traced.near
        if near:
            return f"If you meant {shown(near[0])}: `ngrok-scim users trace {near[0]}`"
        return "Compare the spelling with Okta. Who is in ngrok: `ngrok-scim users list`"

    @property
    def notes(self) -> tuple[str, ...]:
        """What was made of the address as typed."""
        return self.traced.asked.notes

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        asked, stuck = self.traced.asked, self.conclusion.stuck
        okta = self.traced.okta if isinstance(self.traced.okta, OktaHalf) else None
        ngrok = self.traced.ngrok if isinstance(self.traced.ngrok, NgrokHalf) else None
        state = self.conclusion.sync_state
        return {
            "summary": self.summary,
            "asked": {"typed": asked.typed, "looked_up": asked.text, "notes": list(asked.notes)},
            "okta_user": asdict(okta.person) if okta and okta.person else None,
            "assignment": _as_assignment(okta.app_user) if okta and okta.app_user else None,
            "events": [_as_event(item) for item in okta.events[:_EVENTS_TOLD]] if okta else None,
            "ngrok_user": _as_user(ngrok.user) if ngrok and ngrok.user else None,
            "standing": state.name.lower() if state else None,
            "stuck": {**asdict(stuck), "at": stuck.at.value} if stuck else None,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return the newest events, and why the person is stuck unless a finding says so.

        A single event stands among the checks already.
        """
        okta, stuck = self.traced.okta, self.conclusion.stuck
        events = okta.events if isinstance(okta, OktaHalf) else ()
        listed = Section(
            "Okta's System Log, newest first", rows=tuple(map(_event_row, events[:_EVENTS_SHOWN]))
        )
        why = Section(rows=(("Why", stuck.why),)) if stuck and not stuck.code else None
        return (*((listed,) if len(events) > 1 else ()), *((why,) if why else ()))


def traced_result(evidence: Evidence, traced: Traced, conclusion: Conclusion) -> Result:
    """Return what the command tells."""
    domain = _domain(evidence, traced)
    verdict = conclusion.verdict
    if verdict is Verdict.PASS and domain.findings:
        verdict = Verdict.WARN
    known = {found.code for found in conclusion.findings}
    return Result(
        COMMAND,
        verdict,
        findings=(
            *conclusion.findings,
            *(item for item in domain.findings if item.code not in known),
        ),
        checks=tuple(
            _as_concluded(item, conclusion) for item in (*_okta(traced), *_ngrok(traced), domain)
        ),
        exchanges=evidence.exchanges,
        payload=Trace(traced, conclusion),
    )


def _summary(conclusion: Conclusion) -> str:
    if conclusion.stuck is None:
        return conclusion.summary
    name, side = _CHECKS[conclusion.stuck.at]
    return f"{conclusion.summary.removesuffix('.')} at {side} > {name}."


def _as_concluded(check: Check, conclusion: Conclusion) -> Check:
    """Return the check of a place; only that where the person is stuck fails."""
    stuck = conclusion.stuck
    if stuck and check.code == stuck.at:
        found = tuple(item for item in conclusion.findings if item.code == stuck.code)
        reason = check.reason or stuck.why
        return replace(check, status=CheckStatus.FAIL, reason=reason, findings=found)
    if check.status is CheckStatus.FAIL:
        return replace(check, status=CheckStatus.WARN)
    return check


def _ended(
    step: TraceStep, status: CheckStatus, reason: str, findings: tuple[Finding, ...] = ()
) -> Check:
    return Check(step, *_CHECKS[step], status, reason, findings=findings)


def _passed(step: TraceStep, reason: str) -> Check:
    return _ended(step, CheckStatus.PASS, reason)


def _warned(step: TraceStep, reason: str) -> Check:
    return _ended(step, CheckStatus.WARN, reason)


def _skipped(step: TraceStep, reason: str) -> Check:
    return _ended(step, CheckStatus.SKIP, reason)


def _okta(traced: Traced) -> list[Check]:
    okta = traced.okta
    if isinstance(okta, Unknown):
        return [_skipped(step, okta.reason) for step, (_, side) in _CHECKS.items() if side == _OKTA]
    seen = f"“{excerpt(okta.app.label, 60)}” ({excerpt(okta.app.id)}), {okta.app.status}."
    return [
        _ended(TraceStep.APP, status_of(okta.faults), seen, okta.faults),
        _person(okta),
        _assignment(okta),
        _provisioned(okta),
        _events(okta),
    ]


def _person(okta: OktaHalf) -> Check:
    person = okta.person
    if person is None and not okta.is_directory_readable:
        return _skipped(TraceStep.PERSON, "The token may not read people.")
    if person is None:
        return _warned(TraceStep.PERSON, "Okta has no person with that name.")
    since = _since(person.status_changed)
    seen = f"{excerpt(person.login)} ({person.id}), {person.status}{since}."
    status = CheckStatus.PASS if person.status == _ACTIVE else CheckStatus.WARN
    return _ended(TraceStep.PERSON, status, seen)


def _assignment(okta: OktaHalf) -> Check:
    app_user = okta.app_user
    if app_user is None:
        return _warned(TraceStep.ASSIGNMENT, "There is none.")
    how = {"USER": "Directly", "GROUP": "By a group"}.get(app_user.scope, "Assigned")
    since = _since(app_user.created)
    return _passed(TraceStep.ASSIGNMENT, f"{how}{since}, as {shown(app_user.user_name)}.")


def _provisioned(okta: OktaHalf) -> Check:
    app_user = okta.app_user
    if app_user is None:
        return _skipped(TraceStep.PROVISIONED, "There is no assignment.")
    status = f"{app_user.status}{_since(app_user.status_changed)}"
    if not app_user.external_id:
        seen = f"Okta has no ngrok id (externalId); {status}."
        return _warned(TraceStep.PROVISIONED, seen)
    synced = f", last pushed {_moment(app_user.last_sync)}" if app_user.last_sync else ""
    return _passed(TraceStep.PROVISIONED, f"As {excerpt(app_user.external_id)}; {status}{synced}.")


def _events(okta: OktaHalf) -> Check:
    if okta.log_unread:
        return _skipped(TraceStep.EVENTS, okta.log_unread)
    if not okta.events:
        seen = f"Okta's System Log has no entry about this person in the last {LOG_KEPT_DAYS} days."
        return _skipped(TraceStep.EVENTS, seen)
    open_failures = judge_failures(okta.events).groups
    status = CheckStatus.WARN if open_failures else CheckStatus.PASS
    return _ended(TraceStep.EVENTS, status, f"The newest: {told_event(okta.events[0])}")


def _ngrok(traced: Traced) -> list[Check]:
    ngrok, okta = traced.ngrok, traced.okta
    if isinstance(ngrok, Unknown):
        return [
            _skipped(TraceStep.LOOK_UP, ngrok.reason),
            _skipped(TraceStep.ACCOUNT, "The look-up returned nothing."),
        ]
    found = {0: "nobody", 1: "one user"}.get(len(ngrok.named), f"{len(ngrok.named)} users")
    seen = f"userName eq {shown(ngrok.looked_up)}: {found}."
    external_id = okta.app_user.external_id if isinstance(okta, OktaHalf) and okta.app_user else ""
    return [
        _ended(TraceStep.LOOK_UP, status_of(ngrok.faults), seen, ngrok.faults),
        _account(ngrok, external_id),
    ]


def _account(ngrok: NgrokHalf, external_id: str) -> Check:
    user = ngrok.user
    gone = f" Nobody has the id {excerpt(external_id)}." if external_id and not ngrok.linked else ""
    if user is None:
        return _warned(TraceStep.ACCOUNT, gone.strip() or "There is none.")
    state = {True: "active", False: "deactivated", None: "neither active nor deactivated"}
    named = f", shown as “{excerpt(user.display_name)}”" if user.display_name else ""
    seen = f"{shown(user.user_name)} ({excerpt(user.id)}) is {state[user.active]}{named}.{gone}"
    return _ended(TraceStep.ACCOUNT, CheckStatus.PASS if user.active else CheckStatus.WARN, seen)


def _domain(evidence: Evidence, traced: Traced) -> Check:
    """Judge the domain of the user name by what the profile says of it."""
    user_name = _user_name(traced)
    name = domain_of(user_name)
    profile = evidence.access.profile
    if not name:
        return _skipped(TraceStep.DOMAIN, f"{shown(user_name)} is not an e-mail address.")
    if isinstance(profile, Unknown) or not profile.domains:
        return _skipped(TraceStep.DOMAIN, _NO_DOMAIN)
    known = next((item for item in profile.domains if item.name == name), None)
    if known is None:
        return _warned(TraceStep.DOMAIN, f"{name} is not one of the domains of the profile.")
    record = DomainRecord(name, bool(known.submitted_at), bool(known.approved_at))
    found = domain_record_rules.judge(record)
    seen = name if found else f"{name} is submitted and approved."
    return _ended(TraceStep.DOMAIN, status_of(found), seen, found)


def _user_name(traced: Traced) -> str:
    okta, ngrok = traced.okta, traced.ngrok
    if isinstance(okta, OktaHalf) and okta.app_user and okta.app_user.user_name:
        return okta.app_user.user_name
    if isinstance(ngrok, NgrokHalf):
        return ngrok.user.user_name if ngrok.user else ngrok.looked_up
    return traced.asked.text


def _event_row(event: LogEvent) -> tuple[str, str]:
    moment = event.published[:16].replace("T", " ")
    reason = f": “{event.reason}”" if event.reason else ""
    return moment, f"{event.result} {event.message or event.event_type}{reason}"


def _as_assignment(app_user: AppUser) -> dict[str, str]:
    return {name: value for name, value in asdict(app_user).items() if name != "email"}


def _as_event(event: LogEvent) -> dict[str, str]:
    names = ("published", "event_type", "message", "result", "reason")
    return {name: getattr(event, name) for name in names}


def _as_user(user: NgrokUser) -> dict[str, object]:
    return {
        "id": user.id,
        "user_name": user.user_name,
        "display_name": user.display_name,
        "active": user.active,
    }


def told_event(event: LogEvent) -> str:
    """Return an event of the System Log in one line."""
    what = excerpt(event.message or event.event_type)
    reason = f": “{excerpt(event.reason)}”" if event.reason else ""
    return f"{_moment(event.published)} {what}: {excerpt(event.result, 20)}{reason}"


def _since(moment: str) -> str:
    return f" since {_moment(moment)}" if moment else ""


def _moment(written: str) -> str:
    found = _MOMENT.match(written)
    return f"{found[1]} {found[2]} UTC" if found else excerpt(written, 30)
