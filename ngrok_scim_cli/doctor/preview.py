"""Previews the first sync: reads both sides as the audit does, and asks for nothing else.

A list alone does not show that somebody will be created. Some of those who are missing in it are
looked up as Okta would: if one of them is found, the list is not complete.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_absent
from ngrok_scim_cli.diagnosis.endpoint.reply_list import listed_users
from ngrok_scim_cli.diagnosis.finding import (
    CheckStatus,
    Finding,
    Payload,
    Result,
    Section,
    Verdict,
    has_errors,
)
from ngrok_scim_cli.diagnosis.people.email_address import looks_like, shown
from ngrok_scim_cli.diagnosis.people.preview import REQUESTS_A_MINUTE, Preview, What, preview
from ngrok_scim_cli.diagnosis.people.records import read_ngrok_user
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor import okta, users
from ngrok_scim_cli.doctor.people import read_assigned, read_people, read_statuses
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.counting import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ngrok_scim_cli.doctor.evidence import Evidence

COMMAND = "preview"

_CHECKS = (
    *("okta-org", "okta-token", "okta-app", "okta-kind", "okta-assigned"),
    *("user-pages", "user-twins", "okta-user-names", "gone", "locked-out"),
)
_PLANS = [plan for plan in (*okta.PLANS, *users.PLANS) if plan.code in _CHECKS]

# At most this many people whom Okta would create are looked up, to prove that they are absent.
_MOST_LOOKED_UP = 10
_SHOWN = 20
_MORE = f"The first {_SHOWN}; --format json has all of them."

_TITLES = {
    What.CONFLICT: "Conflicts",
    What.LOCKED_OUT: "Locked out",
    What.CREATE: "Created",
    What.LINK: "Linked",
    What.UNMANAGED: "Managed by nobody",
    What.LEAVE_ALONE: "Left alone",
}
_ATTENTION = (What.CONFLICT, What.LOCKED_OUT, What.UNMANAGED)

_INVITATIONS = (
    "Once SCIM manages the members, ngrok refuses new invitations (ERR_NGROK_4414), and pending "
    "ones can no longer be accepted (ERR_NGROK_4415)."
)
_ADMINISTRATOR = (
    "Roles are not part of SCIM, so this preview cannot see administrators. Make sure that an "
    "administrator is assigned in Okta: ngrok refuses to deactivate the last one (ERR_NGROK_6622)."
)
_STATUSES_UNKNOWN = (
    "Could not verify who is deactivated in Okta, so somebody who has left may be among those who "
    "are left alone."
)
_NOT_WHOLE = (
    "Could not verify that ngrok's list of users is complete, so nothing is said of people who are "
    "missing from it."
)


@dataclass(frozen=True)
class _People(list[dict[str, str]]):
    """Everybody as JSON has them, made one by one: the json module takes nothing but a list."""

    seen: Preview

    def __bool__(self) -> bool:
        return bool(self.seen.groups)

    def __iter__(self) -> Iterator[dict[str, str]]:
        for user_name, what, why in self.seen.people:
            yield {"user_name": user_name, "what": what.value, "why": why}


def _payload(
    seen: Preview | None,
    notes: tuple[str, ...],
    next_step: str = "",
    summary: str = "Could not verify what the first sync would do.",
) -> Payload:
    """Return what the first sync would do; where ``seen`` is ``None``, ``notes`` say why not."""
    fields: dict[str, object] | None = None
    sections = []
    if seen:
        whole = seen.is_whole
        fields = {
            "link": seen.count(What.LINK),
            "create": seen.count(What.CREATE) if whole else None,
            "conflict": seen.count(What.CONFLICT),
            "unmanaged": seen.count(What.UNMANAGED),
            "requests": seen.requests if whole else None,
            "least_seconds": seen.least_seconds if whole else None,
            "people": _People(seen),
        }
    for what in What if seen else ():
        if seen and (number := seen.count(what)):
            first = islice(seen.of(what), _SHOWN)
            rows = tuple((shown(one.user_name), one.why) for one in first)
            more = (_MORE,) if number > _SHOWN else ()
            sections.append(Section(f"{_TITLES[what]} ({number:,})", rows=rows, lines=more))
    return Payload(
        {"preview": fields},
        tuple(sections),
        summary,
        is_answer=False,
        next_step=next_step,
        notes=notes,
    )


def preview_first_sync(evidence: Evidence) -> Result:
    """Preview the first sync."""
    result = users.both_sides_result(COMMAND, evidence, _PLANS)
    try:
        seen, found = _previewed(evidence)
    except Unknown as unknown:
        verdict = Verdict.FAIL if result.verdict is Verdict.FAIL else Verdict.INCOMPLETE
        skipped = [check.reason for check in result.checks if check.status is CheckStatus.SKIP]
        reasons = [] if has_errors(result.findings) else skipped
        payload = _payload(None, _each_once([*reasons, unknown.in_full]))
        return replace(result, verdict=verdict, payload=payload)
    findings = result.findings + tuple(item for item in found if item not in result.findings)
    statuses = evidence.shared(read_statuses).get().unknown
    verdict = result.verdict
    if not seen.is_whole or (statuses and verdict is not Verdict.FAIL):
        verdict = Verdict.INCOMPLETE
    elif verdict is Verdict.PASS and any(map(seen.count, _ATTENTION)):
        verdict = Verdict.WARN
    if seen.is_whole:
        step = "" if has_errors(findings) else _next_step(seen, statuses)
        payload = _payload(seen, _notes(seen, statuses), step, _summary(seen))
    else:
        payload = _payload(seen, (_NOT_WHOLE,))
    exchanges = evidence.all_exchanges
    return replace(result, verdict=verdict, findings=findings, exchanges=exchanges, payload=payload)


def _summary(seen: Preview) -> str:
    """Say in numbers what would be done."""
    conflicts = seen.count(What.CONFLICT)
    met = counted(conflicts, "conflict") if conflicts else "no conflict"
    done = f"link {seen.count(What.LINK):,}, create {seen.count(What.CREATE):,} and meet {met}"
    unmanaged = seen.count(What.UNMANAGED)
    rest = f" Not managed by Okta: {counted(unmanaged, 'ngrok user')}."
    return f"The first sync would {done}.{rest if unmanaged else ''}"


def _notes(seen: Preview, statuses: Unknown | None) -> tuple[str, ...]:
    """Say what the first sync costs, and what to know before it."""
    least = "Okta would send nothing."
    if seen.requests:
        least = (
            f"Okta would send at least {counted(seen.requests, 'request')}; at the "
            f"{REQUESTS_A_MINUTE} a minute that ngrok allows, that takes at least "
            f"{counted(seen.least_seconds, 'second')}."
        )
    unknown = f"{_STATUSES_UNKNOWN} {statuses.in_full}" if statuses else ""
    caution = _ADMINISTRATOR if seen.count(What.UNMANAGED) else ""
    return tuple(filter(None, (least, unknown, _INVITATIONS, caution)))


def _next_step(seen: Preview, statuses: Unknown | None) -> str:
    """Return what to do before the first sync."""
    if statuses:
        return statuses.grant and f"{statuses.grant} Then run `ngrok-scim preview` again."
    if seen.count(What.CONFLICT):
        return "Resolve the conflicts, then run `ngrok-scim preview` again."
    if seen.count(What.LINK) or seen.count(What.CREATE):
        return "Rehearse one user's life: `ngrok-scim rehearse --domain NAME`."
    if seen.count(What.UNMANAGED):
        return "Run `ngrok-scim users audit`: it says what to do about each of them."
    return "Run `ngrok-scim doctor`."


def _each_once(reasons: Sequence[str]) -> tuple[str, ...]:
    """Return the reasons, each once and in its longest form: some checks say less of the same."""
    known = dict.fromkeys(filter(None, reasons))
    return tuple(
        one for one in known if not any(one != other and other.startswith(one) for other in known)
    )


def _previewed(evidence: Evidence) -> tuple[Preview, tuple[Finding, ...]]:
    """Return the preview, and what shows that ngrok's list is not whole."""
    evidence.okta()
    people = evidence.shared(read_people).get()
    if isinstance(people.both, Unknown):
        raise people.both
    both = evidence.shared(read_assigned).get().both
    whole = people.unproven is None

    def seen(*, is_whole: bool) -> Preview:
        return preview(both, domains=evidence.domains(), removed=people.removed, is_whole=is_whole)

    first = seen(is_whole=whole)
    found = _look_up_missing(evidence, first) if whole else ()
    return (seen(is_whole=False), found) if found else (first, ())


def _look_up_missing(evidence: Evidence, seen: Preview) -> tuple[Finding, ...]:
    """Look some people up who are missing in the list; return what shows that it is not whole."""
    scim = evidence.scim()
    for person in islice(seen.of(What.CREATE), _MOST_LOOKED_UP):
        name = person.user_name
        exchange = evidence.note(scim.find_user(name, purpose="look-up of somebody new"))
        judged = judge_absent(exchange, name)
        listed = listed_users(exchange.reply)
        if any(looks_like(read_ngrok_user(one).user_name) == looks_like(name) for one in listed):
            found = f"{shown(name)} is found by a look-up, but is missing from the list."
            return (finding("USR609", found),)
        if judged:
            return judged
    return ()
