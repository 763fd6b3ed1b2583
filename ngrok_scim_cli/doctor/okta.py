"""Checks of the Okta org, its app, who is assigned to it, and what its System Log holds."""

from __future__ import annotations

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
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown, present
from ngrok_scim_cli.doctor.evidence import LOG_DAYS, MOST_EVENTS
from ngrok_scim_cli.doctor.okta_people import read_assigned
from ngrok_scim_cli.doctor.plan import check
from ngrok_scim_cli.doctor.shared_future import LONG_TIMEOUT_S, gather
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.wire.okta_scopes import APPS, LOGS, MAPPINGS

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.okta.system_log import LogReport
    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.doctor.shared_future import SharedFuture

_Value = TypeVar("_Value")

CATEGORY = "Okta app"
OKTA = "Okta token and org URL"


_APPS, _APPS_AND_LOGS = (APPS,), (APPS, LOGS)


@check("okta-org", "Okta org URL", CATEGORY, "the Okta org URL", "OKT901")
def org(evidence: Evidence) -> Judged:
    side = evidence.access.okta
    return Judged(side.wrong, present(side.org_url))


@check("okta-token", "Okta token accepted", CATEGORY, OKTA, "OKT901 OKT902", scopes=_APPS)
def token(evidence: Evidence) -> Judged:
    """Tell whether Okta takes the token. That the app is not there is for another check to say."""
    try:
        evidence.okta_app.get()
    except Unknown as refused:
        codes = {item.code for item in refused.findings}
        if not codes or not codes <= set(app.finds) or not refused.conclusive:
            raise
    return Judged()


@check("okta-app", "App exists and is active", CATEGORY, OKTA, "OKT903", scopes=_APPS)
def app(evidence: Evidence) -> Judged:
    found = evidence.okta_app.get()
    return Judged(judge_app(found), f"“{found.label}” ({found.id})")


@check("okta-one-app", "Only one app for ngrok", CATEGORY, OKTA, "OKT919", scopes=_APPS)
def one_app(evidence: Evidence) -> Judged:
    profile = evidence.access.profile
    wizard = "" if isinstance(profile, Unknown) else profile.okta.wizard
    gather(evidence.okta_app, evidence.ngrok_apps)
    return Judged(judge_apps(evidence.okta_app.get(), evidence.ngrok_apps.get(), wizard))


@check("okta-kind", "App type", CATEGORY, OKTA, "OKT904", scopes=_APPS)
def kind(evidence: Evidence) -> Judged:
    return Judged(judge_app(evidence.okta_app.get()))


@check("okta-scim", "SCIM is turned on", CATEGORY, OKTA, "OKT905", scopes=_APPS)
def scim_is_on(evidence: Evidence) -> Judged | Unknown:
    gather(evidence.okta_app, evidence.features)
    people = _if_told(evidence.shared(read_assigned))
    provisioned = people.provisioned if people else None
    answer = evidence.features.get()
    return judge_provisioning(evidence.okta_app.get(), answer, provisioned=provisioned)


@check("okta-username", "Application username format", CATEGORY, OKTA, "OKT906", scopes=_APPS)
def user_name_format(evidence: Evidence) -> Judged | Unknown:
    found = evidence.okta_app.get()
    people = _if_told(evidence.shared(read_assigned))
    return judge_user_name_format(found, people.sample if people else ())


@check("okta-switches", "Switches under To App", CATEGORY, OKTA, "OKT916", scopes=_APPS)
def switches(evidence: Evidence) -> Judged | Unknown:
    gather(evidence.okta_app, evidence.features)
    changes = _if_told(evidence.app_changes) or ()
    return judge_switches(evidence.okta_app.get(), evidence.features.get(), changes)


# A token may read some of an org and not the rest: each of these asks for something else.
@check("okta-mappings", "Mapped attributes", CATEGORY, OKTA, "OKT915", scopes=(APPS, MAPPINGS))
def mappings(evidence: Evidence) -> Judged:
    return Judged(judge_mappings(evidence.mappings.get()))


@check(
    "okta-assigned",
    "People are assigned",
    CATEGORY,
    OKTA,
    "OKT902 OKT907",
    scopes=_APPS,
    timeout_s=LONG_TIMEOUT_S,
)
def assigned(evidence: Evidence) -> Judged:
    count = evidence.shared(read_assigned).get().count
    return Judged(judge_assigned(count), counted(count, "person", "people"))


@check(
    "okta-sign-in", "Sign-in to ngrok through Okta", CATEGORY, OKTA, "OKT913", scopes=_APPS_AND_LOGS
)
def sign_in(evidence: Evidence) -> Judged:
    return _logged(evidence, "OKT913")


@check("okta-failures", "No provisioning failures", CATEGORY, OKTA, "OKT912", scopes=_APPS_AND_LOGS)
def failures(evidence: Evidence) -> Judged:
    return _logged(evidence, "OKT912")


PLANS = (
    org,
    token,
    app,
    one_app,
    kind,
    scim_is_on,
    user_name_format,
    switches,
    mappings,
    assigned,
    sign_in,
    failures,
)


def _log_report(evidence: Evidence) -> LogReport:
    return judge_failures(evidence.log.get())


def _logged(evidence: Evidence, code: str) -> Judged:
    found = tuple(item for item in evidence.shared(_log_report).get().findings if item.code == code)
    read = f"the last {LOG_DAYS} days"
    if len(evidence.log.get()) >= MOST_EVENTS:
        read = f"the newest {MOST_EVENTS:,} events; there may be more"
    return Judged(found, "" if found else f"none failed in {read}")


def _if_told(future: SharedFuture[_Value]) -> _Value | None:
    try:
        return future.get()
    except Unknown:
        return None
