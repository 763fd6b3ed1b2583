"""Checks of the Okta org, its app, who is assigned to it, and what its System Log holds.

The last two functions prove by them that a step of the setup is done.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.okta.app import (
    judge_app,
    judge_apps,
    judge_assigned,
    judge_mappings,
    judge_provisioning,
    judge_switches,
    judge_user_name_format,
)
from ngrok_scim_cli.diagnosis.okta.system_log import judge_failures
from ngrok_scim_cli.diagnosis.people.records import read_app_user, read_ngrok_user
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown, present
from ngrok_scim_cli.doctor.checks import Checks
from ngrok_scim_cli.doctor.evidence import LOG_DAYS, LONG_TIMEOUT_S, MOST_EVENTS, Evidence, gather
from ngrok_scim_cli.doctor.people import read_assigned
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.wire.okta_scopes import APPS, LOGS, MAPPINGS

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding

OKTA = "Okta token and org URL"

PLANS = Checks("Okta app", needs=OKTA, scopes=(APPS,))

# At most this many people who have a SCIM id in Okta are looked up in ngrok.
_MOST_LOOKED_UP = 5


@PLANS.check("okta-org", "Okta org URL", "OKT901", needs="the Okta org URL", scopes=())
def org(evidence: Evidence) -> Judged:
    side = evidence.access.okta
    refused = side.api.findings if isinstance(side.api, Unknown) else ()
    return Judged(refused, present(side.org_url))


@PLANS.check("okta-token", "Okta token accepted", "OKT901 OKT902")
def token(evidence: Evidence) -> Judged:
    """Tell whether Okta accepts the token. Another check says whether the app is there."""
    try:
        evidence.okta_app.get()
    except Unknown as refused:
        codes = {item.code for item in refused.findings}
        if not codes or not codes <= set(app.finds) or not refused.conclusive:
            raise
    return Judged()


@PLANS.check("okta-app", "App exists and is active", "OKT903")
def app(evidence: Evidence) -> Judged:
    found = evidence.okta_app.get()
    return Judged(judge_app(found), f"“{found.label}” ({found.id})")


@PLANS.check("okta-one-app", "Apps that lead to ngrok", "OKT919")
def one_app(evidence: Evidence) -> Judged:
    profile = evidence.access.profile
    wizard = "" if isinstance(profile, Unknown) else profile.okta.wizard
    gather(evidence.okta_app, evidence.ngrok_apps)
    return Judged(judge_apps(evidence.okta_app.get(), evidence.ngrok_apps.get(), wizard))


@PLANS.check("okta-kind", "App type", "OKT904")
def kind(evidence: Evidence) -> Judged:
    return Judged(judge_app(evidence.okta_app.get()))


@PLANS.check("okta-scim", "SCIM is turned on", "OKT905")
def scim_is_on(evidence: Evidence) -> Judged | Unknown:
    gather(evidence.okta_app, evidence.features)
    people = evidence.shared(read_assigned).get_or_none()
    provisioned = people.provisioned if people else None
    answer = evidence.features.get()
    return judge_provisioning(evidence.okta_app.get(), answer, provisioned=provisioned)


@PLANS.check("okta-username", "Application username format", "OKT906")
def user_name_format(evidence: Evidence) -> Judged | Unknown:
    found = evidence.okta_app.get()
    people = evidence.shared(read_assigned).get_or_none()
    return judge_user_name_format(found, people.sample if people else ())


@PLANS.check("okta-switches", "Switches under To App", "OKT916")
def switches(evidence: Evidence) -> Judged | Unknown:
    gather(evidence.okta_app, evidence.features)
    changes = evidence.app_changes.get_or_none() or ()
    return judge_switches(evidence.okta_app.get(), evidence.features.get(), changes)


# A token may read some of an org and not the rest: each of these asks for something else.
@PLANS.check("okta-mappings", "Mapped attributes", "OKT915", scopes=(APPS, MAPPINGS))
def mappings(evidence: Evidence) -> Judged:
    found = evidence.mappings.get()
    if not found:
        evidence.okta_app.get()
        raise Unknown("Okta lists no attribute mapping of the app.")
    return Judged(judge_mappings(found))


@PLANS.check("okta-assigned", "People are assigned", "OKT902 OKT907", timeout_s=LONG_TIMEOUT_S)
def assigned(evidence: Evidence) -> Judged:
    count = evidence.shared(read_assigned).get().count
    return Judged(judge_assigned(count), counted(count, "person", "people"))


def _log_findings(evidence: Evidence) -> tuple[Finding, ...]:
    return judge_failures(evidence.log.get())


def _logged(evidence: Evidence, code: str) -> Judged:
    found = tuple(item for item in evidence.shared(_log_findings).get() if item.code == code)
    if found:
        return Judged(found)
    try:
        evidence.okta_app.get()
    except Unknown as unknown:
        if any(item.code in app.finds for item in unknown.findings):
            raise  # of an app that is not there, the log has nothing
    read = f"the last {LOG_DAYS} days"
    if len(evidence.log.get()) >= MOST_EVENTS:
        read = f"the newest {MOST_EVENTS:,} events; there may be more"
    return Judged(reason=f"none failed in {read}")


for _code, _name, _finds in (
    ("okta-sign-in", "No authentication failures", "OKT913"),
    ("okta-failures", "No provisioning failures", "OKT912"),
):
    PLANS.check(_code, _name, _finds, scopes=(APPS, LOGS))(partial(_logged, code=_finds))


def prove_to_app(evidence: Evidence) -> tuple[bool | None, str]:
    """Tell whether the switches under **To App** are on and the username format is Email.

    Returns the answer (``None`` where Okta does not report it) and what was seen.
    """
    try:
        gather(evidence.okta_app, evidence.features)
        app = evidence.okta_app.get()
        judged = (judge_switches(app, evidence.features.get()), judge_user_name_format(app))
    except Unknown:
        return None, ""
    wrong = [item.evidence for one in judged if isinstance(one, Judged) for item in one.findings]
    if wrong:
        return False, " ".join(wrong)
    if all(isinstance(one, Judged) for one in judged):
        return True, "Okta says that the switches are on and the username format is Email."
    return None, ""


def prove_first_person(evidence: Evidence) -> str:
    """Return the user name of somebody who is assigned in Okta and whom ngrok holds; or nothing."""
    try:
        scim = evidence.scim()
        pages = evidence.okta().app_users(evidence.app_id())
        people = (
            read_app_user(item)
            for page in evidence.pages("the people of the app", pages)
            for item in page.items
        )
        provisioned = (person for person in people if person.external_id)
        for person in islice(provisioned, _MOST_LOOKED_UP):
            document = evidence.note(scim.user(person.external_id)).json_object()
            user = read_ngrok_user(document) if document else None
            if user and user.id == person.external_id and user.active:
                return user.user_name
    except Unknown:
        return ""
    return ""
