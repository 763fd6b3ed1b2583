"""Checks of the e-mail domains: their names, their approval by ngrok, their DNS records."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import has_errors
from ngrok_scim_cli.diagnosis.ngrok.domains import judge_approval
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown, present
from ngrok_scim_cli.doctor.checks import Checks
from ngrok_scim_cli.doctor.evidence import Evidence, SharedFuture, gather
from ngrok_scim_cli.probe.domains import SeenInDns, ask_dns, read_typed
from ngrok_scim_cli.wire.dns import Outcome

if TYPE_CHECKING:
    from ngrok_scim_cli.settings.profile import Domain

PLANS = Checks("Domains", needs="a domain in the profile")

_NONE = "The profile has no domain. Record your e-mail domain: `ngrok-scim domain submit DOMAIN`."
_UNPROVEN = "DOM808"
_NO_PROOF = (
    "No value from ngrok support is recorded. When you have it: ngrok-scim domain check NAME "
    "--txt VALUE."
)

# At most this many questions at a time; a resolver at home takes no more.
_SIDE_BY_SIDE = 8


def _known(evidence: Evidence) -> tuple[Domain, ...]:
    """Return the domains of the profile, each once."""
    known = tuple(present(evidence.access.profile).domains_by_name.values())
    if not known:
        raise Unknown(_NONE)
    return known


@PLANS.check("domain-names", "Domain names", "DOM803 DOM804 DOM805 DOM806")
def names(evidence: Evidence) -> Judged:
    known = _known(evidence)
    found = [item for domain in known for item in read_typed(domain.name)[1]]
    return Judged(tuple(found), ", ".join(domain.name for domain in known))


@PLANS.check("domains-submitted", "Submitted to ngrok", "DOM801", needs="a profile")
def submitted(evidence: Evidence) -> Judged:
    """Judge what the profile says; one that no setup has written anything into says nothing."""
    profile = present(evidence.access.profile)
    if profile.domains:
        return _recorded(_known(evidence))
    if not profile.steps and profile.key is None:
        raise Unknown(_NONE)
    return Judged((finding("DOM801", "This profile has no domain."),))


@PLANS.check("domains-approved", "Approved by ngrok", "DOM802")
def approved(evidence: Evidence) -> Judged:
    known = _known(evidence)
    sent = [domain for domain in known if domain.submitted_at or domain.approved_at]
    judged = _recorded(tuple(sent))
    if not judged.findings and len(sent) < len(known):
        raise Unknown(
            "Not every domain is submitted yet." if sent else "No domain is submitted yet."
        )
    return judged


def _in_dns(evidence: Evidence, code: str) -> Judged:
    """Judge by one finding what the DNS answered."""
    asked_for = {one.name for one in _known(evidence) if one.txt or code != _UNPROVEN}
    if not asked_for:
        raise Unknown(_NO_PROOF)
    seen = [item for item in evidence.shared(_look_up).get() if item.name in asked_for]
    if not seen:
        raise Unknown("No domain has a name that can be looked up in the DNS.")
    found = tuple(one for item in seen for one in item.findings if one.code == code)
    answers = (item.texts if code == _UNPROVEN else item.mail for item in seen)
    unanswered = next((item for item in answers if item.outcome is Outcome.UNKNOWN), None)
    if unanswered and not found:
        raise Unknown(unanswered.reason, (), conclusive=False)
    return Judged(found)


for _code, _name, _finds, _needs in (
    ("domains-dns", "Exist in the DNS", "DOM806", "a domain in the profile"),
    ("domains-mail", "Receive mail", "DOM807", "a domain in the profile"),
    ("domains-proof", "Proof of ownership", _UNPROVEN, "the TXT value of ngrok's support"),
):
    PLANS.check(_code, _name, _finds, needs=_needs)(partial(_in_dns, code=_finds))


def _recorded(known: tuple[Domain, ...]) -> Judged:
    found = (judge_approval(one.name, one.submitted_at, one.approved_at) for one in known)
    return Judged(tuple(chain.from_iterable(found)))


def _look_up(evidence: Evidence) -> tuple[SeenInDns, ...]:
    """Ask the DNS for every domain whose name may be right."""
    asked = [domain for domain in _known(evidence) if not has_errors(read_typed(domain.name)[1])]
    # One resolver, so that all questions end within its deadline.
    resolver = evidence.access.open_resolver() if asked else None
    seen: list[SeenInDns] = []
    for start in range(0, len(asked), _SIDE_BY_SIDE):
        some = [
            SharedFuture(partial(ask_dns, domain.name, domain.txt, resolver))
            for domain in asked[start : start + _SIDE_BY_SIDE]
        ]
        gather(*some)
        seen += [one.get() for one in some]
    return tuple(seen)
