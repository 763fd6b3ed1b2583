"""Checks of the Okta org, its app, who is assigned to it, and what its System Log holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ngrok_scim_cli.diagnosis.okta.app import (
    judge_app,
    judge_apps,
    judge_assigned,
    judge_mappings,
    judge_provisioning,
    judge_switches,
)
from ngrok_scim_cli.diagnosis.okta.system_log import judge_failures
from ngrok_scim_cli.diagnosis.okta.user_name_format import judge_user_name_format
from ngrok_scim_cli.diagnosis.unknown import Unknown, present
from ngrok_scim_cli.doctor.peer_reads import LOG_DAYS, MOST_EVENTS
from ngrok_scim_cli.doctor.plan import LONG_TIMEOUT_S, CheckPlan, alone
from ngrok_scim_cli.doctor.shared_future import SharedFuture, gather
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.wire.okta_scopes import APPS, LOGS
from ngrok_scim_cli.wire.okta_scopes import MAPPINGS as MAPPINGS_SCOPE

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.okta.system_log import LogReport
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.okta_people import Assigned
    from ngrok_scim_cli.doctor.plan import Checked, Examination

_Value = TypeVar("_Value")

CATEGORY = "Okta app"
OKTA = "Okta token and org URL"


def _plan(code: str, name: str, *finds: str, scopes: tuple[str, ...] = (APPS,)) -> CheckPlan:
    return CheckPlan(code, name, CATEGORY, OKTA, finds, scopes)


ORG = CheckPlan("okta-org", "Address of the Okta org", CATEGORY, "the Okta org URL", ("OKT901",))
TOKEN = _plan("okta-token", "Okta token accepted", "OKT901", "OKT902")
APP = _plan("okta-app", "App is there and active", "OKT903")
ONE_APP = _plan("okta-one-app", "One app leads to ngrok", "OKT919")
KIND = _plan("okta-kind", "Kind of app", "OKT904")
SWITCHED_ON = _plan("okta-scim", "SCIM is switched on", "OKT905")
FORMAT = _plan("okta-username", "Application username format", "OKT906")
SWITCHES = _plan("okta-switches", "Switches under To App", "OKT916")
# A token may read some of an org and not the rest: each of these asks for something else.
MAPPINGS = _plan("okta-mappings", "Mapped attributes", "OKT915", scopes=(APPS, MAPPINGS_SCOPE))
ASSIGNED = _plan("okta-assigned", "People are assigned", "OKT902", "OKT907")
SIGN_IN = _plan("okta-sign-in", "Okta's sign-in to ngrok", "OKT913", scopes=(APPS, LOGS))
FAILURES = _plan("okta-failures", "Provisioning failures", "OKT912", scopes=(APPS, LOGS))
PLANS = (
    ORG,
    TOKEN,
    APP,
    ONE_APP,
    KIND,
    SWITCHED_ON,
    FORMAT,
    SWITCHES,
    MAPPINGS,
    ASSIGNED,
    SIGN_IN,
    FAILURES,
)


def okta(
    evidence: Evidence, org_url: str | Unknown, wrong: tuple[Finding, ...]
) -> tuple[Examination, ...]:
    """Return the examinations of the Okta side."""
    report = SharedFuture(lambda: judge_failures(evidence.log.get()))
    return (
        alone(ORG, lambda: ORG.judged(wrong, present(org_url))),
        alone(TOKEN, lambda: _token(evidence)),
        alone(APP, lambda: _app(evidence)),
        alone(ONE_APP, lambda: _one_app(evidence)),
        alone(KIND, lambda: KIND.judged_among(judge_app(evidence.okta_app.get()))),
        alone(SWITCHED_ON, lambda: _switched_on(evidence)),
        alone(FORMAT, lambda: _format(evidence)),
        alone(SWITCHES, lambda: _switches(evidence)),
        alone(MAPPINGS, lambda: MAPPINGS.judged(judge_mappings(evidence.mappings.get()))),
        alone(ASSIGNED, lambda: _assigned(evidence.assigned.get()), timeout_s=LONG_TIMEOUT_S),
        *(alone(plan, partial(_logged, evidence, plan, report)) for plan in (SIGN_IN, FAILURES)),
    )


def _token(evidence: Evidence) -> Checked:
    """Tell whether Okta takes the token. That the app is not there is for another check to say."""
    try:
        evidence.okta_app.get()
    except Unknown as refused:
        codes = {item.code for item in refused.findings}
        if not codes or not codes <= set(APP.finds) or not refused.told:
            raise
    return TOKEN.judged(())


def _app(evidence: Evidence) -> Checked:
    app = evidence.okta_app.get()
    return APP.judged_among(judge_app(app), f"“{app.label}” ({app.id})")


def _one_app(evidence: Evidence) -> Checked:
    profile = evidence.access.profile
    wizard = "" if isinstance(profile, Unknown) else profile.okta.wizard
    gather(evidence.okta_app, evidence.ngrok_apps)
    return ONE_APP.judged(judge_apps(evidence.okta_app.get(), evidence.ngrok_apps.get(), wizard))


def _switched_on(evidence: Evidence) -> Checked:
    gather(evidence.okta_app, evidence.features)
    people = _if_told(evidence.assigned)
    provisioned = people.provisioned if people else None
    answer = evidence.features.get()
    told = judge_provisioning(evidence.okta_app.get(), answer, provisioned=provisioned)
    return SWITCHED_ON.judged_as(told)


def _format(evidence: Evidence) -> Checked:
    app = evidence.okta_app.get()
    people = _if_told(evidence.assigned)
    return FORMAT.judged_as(judge_user_name_format(app, people.sample if people else ()))


def _switches(evidence: Evidence) -> Checked:
    gather(evidence.okta_app, evidence.features)
    changes = _if_told(evidence.app_changes) or ()
    return SWITCHES.judged_as(
        judge_switches(evidence.okta_app.get(), evidence.features.get(), changes)
    )


def _assigned(assigned: Assigned) -> Checked:
    seen = counted(assigned.count, "person", "people")
    return ASSIGNED.judged(judge_assigned(assigned.count), seen)


def _logged(evidence: Evidence, plan: CheckPlan, report: SharedFuture[LogReport]) -> Checked:
    found = [item for item in report.get().findings if item.code in plan.finds]
    read = f"the last {LOG_DAYS} days"
    if len(evidence.log.get()) >= MOST_EVENTS:
        read = f"the newest {MOST_EVENTS:,} events; there may be more"
    return plan.judged(found, "" if found else f"none failed in {read}")


def _if_told(future: SharedFuture[_Value]) -> _Value | None:
    try:
        return future.get()
    except Unknown:
        return None
