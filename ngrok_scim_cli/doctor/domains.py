"""Checks of the e-mail domains: how they are written, how far they are, what the DNS shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.ngrok.domains import DomainRecord, domain_record_rules, is_usable
from ngrok_scim_cli.diagnosis.unknown import Unknown, present
from ngrok_scim_cli.doctor.plan import CheckPlan, alone
from ngrok_scim_cli.doctor.shared_future import SharedFuture
from ngrok_scim_cli.probe.domains import ask_dns, read_typed
from ngrok_scim_cli.wire.dns import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.plan import Checked, Examination
    from ngrok_scim_cli.probe.domains import SeenInDns
    from ngrok_scim_cli.settings.profile import Domain
    from ngrok_scim_cli.wire.dns import Answer, Resolver

CATEGORY = "Domains"
_A_DOMAIN = "a domain in the profile"

NAMES = CheckPlan(
    "domain-names",
    "Names of the domains",
    CATEGORY,
    _A_DOMAIN,
    ("DOM803", "DOM804", "DOM805", "DOM806"),
)
SUBMITTED = CheckPlan("domains-submitted", "Submitted to ngrok", CATEGORY, "a profile", ("DOM801",))
APPROVED = CheckPlan("domains-approved", "Approved by ngrok", CATEGORY, _A_DOMAIN, ("DOM802",))
IN_DNS = CheckPlan("domains-dns", "Known to the DNS", CATEGORY, _A_DOMAIN, ("DOM806",))
MAIL = CheckPlan("domains-mail", "Mail is received there", CATEGORY, _A_DOMAIN, ("DOM807",))
PROOF = CheckPlan(
    "domains-proof", "Proof of ownership", CATEGORY, "the TXT value of ngrok's support", ("DOM808",)
)
PLANS = (NAMES, SUBMITTED, APPROVED, IN_DNS, MAIL, PROOF)

_NONE = (
    "No domain stands in the profile. Record the one of your people: ngrok-scim domain submit NAME."
)
_UNUSABLE = "No domain has a name that the DNS can be asked for."
_NO_PROOF = (
    "ngrok's support has not given a value yet; when it has: ngrok-scim domain check NAME --txt "
    "VALUE."
)

# The DNS answers within some seconds, or not at all.
_DNS_TIMEOUT_S = 10.0

# So many questions at a time; a resolver at home takes no more.
_SIDE_BY_SIDE = 8


def open_resolver(timeout_s: float) -> Resolver:
    """Begin to ask the DNS servers of this machine."""
    from ngrok_scim_cli.wire.dns import Resolver

    return Resolver(timeout=min(timeout_s, _DNS_TIMEOUT_S))


def domains(evidence: Evidence, open_resolver: Callable[[], Resolver]) -> tuple[Examination, ...]:
    """Return the examinations of the domains that the profile knows."""
    seen = SharedFuture(lambda: _look_up(_known(evidence), open_resolver))

    def in_dns(plan: CheckPlan) -> Checked:
        looked_up = seen.get()
        return _judged(plan, looked_up, [item.mail for item in looked_up])

    return (
        alone(NAMES, lambda: _names(_known(evidence))),
        alone(SUBMITTED, lambda: _submitted(evidence)),
        alone(APPROVED, lambda: _approved(_known(evidence))),
        *(alone(plan, partial(in_dns, plan)) for plan in (IN_DNS, MAIL)),
        alone(PROOF, lambda: _proof(_known(evidence), seen)),
    )


def _known(evidence: Evidence) -> tuple[Domain, ...]:
    """Return the domains of the profile, each once."""
    stored = present(evidence.access.profile).domains
    known: dict[str, Domain] = {}
    for domain in stored:
        known.setdefault(domain.name, domain)
    if not known:
        raise Unknown(_NONE)
    return tuple(known.values())


def _names(known: tuple[Domain, ...]) -> Checked:
    found = [item for domain in known for item in read_typed(domain.name)[1]]
    return NAMES.judged(found, ", ".join(domain.name for domain in known))


def _submitted(evidence: Evidence) -> Checked:
    """Judge what the profile says; one that no setup has written anything into says nothing."""
    profile = present(evidence.access.profile)
    if profile.domains:
        return SUBMITTED.judged_among(_recorded(_known(evidence)))
    if not profile.steps and profile.key is None:
        raise Unknown(_NONE)
    return SUBMITTED.judged((finding("DOM801", "No domain stands in this profile."),))


def _approved(known: tuple[Domain, ...]) -> Checked:
    if not any(domain.submitted_at or domain.approved_at for domain in known):
        raise Unknown("None is submitted yet.")
    return APPROVED.judged_among(_recorded(known))


def _recorded(known: tuple[Domain, ...]) -> list[Finding]:
    return [
        found
        for domain in known
        for found in domain_record_rules.judge(
            DomainRecord(domain.name, bool(domain.submitted_at), bool(domain.approved_at))
        )
    ]


def _look_up(
    known: tuple[Domain, ...], open_resolver: Callable[[], Resolver]
) -> tuple[SeenInDns, ...]:
    """Ask the DNS for every domain whose name may be right."""
    asked = [domain for domain in known if is_usable(read_typed(domain.name)[1])]
    seen: list[SeenInDns] = []
    for start in range(0, len(asked), _SIDE_BY_SIDE):
        some = [
            SharedFuture(partial(_ask, domain, open_resolver))
            for domain in asked[start : start + _SIDE_BY_SIDE]
        ]
        for one in some:
            one.begin()
        seen += [one.get() for one in some]
    return tuple(seen)


def _ask(domain: Domain, open_resolver: Callable[[], Resolver]) -> SeenInDns:
    return ask_dns(domain.name, domain.txt, open_resolver())


def _proof(known: tuple[Domain, ...], seen: SharedFuture[tuple[SeenInDns, ...]]) -> Checked:
    asked_for = {domain.name for domain in known if domain.txt}
    if not asked_for:
        raise Unknown(_NO_PROOF)
    looked_up = [item for item in seen.get() if item.name in asked_for]
    return _judged(PROOF, looked_up, [item.texts for item in looked_up])


def _judged(plan: CheckPlan, looked_up: Sequence[SeenInDns], answers: Sequence[Answer]) -> Checked:
    """Judge what the DNS answered."""
    if not looked_up:
        raise Unknown(_UNUSABLE)
    judged = plan.judged_among([found for item in looked_up for found in item.findings])
    untold = next((item for item in answers if item.outcome is Outcome.UNKNOWN), None)
    if untold and not judged.findings:
        raise Unknown(untold.reason, (), told=False)
    return judged
