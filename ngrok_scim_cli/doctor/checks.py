"""Every check of ``doctor``, in the order in which they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor import account, connector, domains, machine, okta, person_reads, users
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.ngrok.ip_ranges import OktaRanges
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.plan import Examination
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.settings.sources import Settings
    from ngrok_scim_cli.wire.dns import Resolver

PLANS = (
    *machine.PLANS,
    *connector.PLANS,
    *person_reads.PLANS,
    *account.PLANS,
    *domains.PLANS,
    *okta.PLANS,
    *users.PLANS,
)
"""By their codes, no two alike."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the checks need besides the evidence.

    Attributes:
        settings: where values come from; all that are needed were looked up before.
        other_values: the values of Okta's form without the key, for where there is none; or why
            they are not known.
    """

    settings: Settings
    other_values: Form | Unknown
    okta_org_url: str | Unknown
    wrong_org_url: tuple[Finding, ...]
    okta_ranges: OktaRanges | None
    open_resolver: Callable[[], Resolver]


def examinations(evidence: Evidence, around: Surroundings) -> tuple[Examination, ...]:
    """Return every examination; each begins what it needs by itself."""
    return (
        *machine.machine(around.settings, evidence),
        _connector(evidence, around.other_values),
        *person_reads.person_reads(evidence),
        *account.account(evidence, around.okta_ranges),
        *domains.domains(evidence, around.open_resolver),
        *okta.okta(evidence, around.okta_org_url, around.wrong_org_url),
        *users.users(evidence),
    )


def _connector(evidence: Evidence, other_values: Form | Unknown) -> Examination:
    form = evidence.access.form
    if isinstance(form, Unknown) and not isinstance(other_values, Unknown):
        reason = f"{form.reason} {form.advice}".rstrip()
        return connector.without_key(other_values, evidence.access.connector, reason)
    return connector.connector(evidence)
