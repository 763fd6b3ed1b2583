"""Faults of the Okta org: its answers, its token, its app, its people, its System Log.

A fault of people adds the people whom it is about.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import time
from typing import Any

from ngrok_scim_cli.sandbox.account import now
from ngrok_scim_cli.sandbox.faults.fault import (
    BUILT,
    HOSTILE,
    HTML,
    TO_OKTA,
    Fault,
    FaultContext,
    Handler,
    answered,
    web_page,
)
from ngrok_scim_cli.sandbox.message import Answer
from ngrok_scim_cli.sandbox.okta_errors import okta_error, rate_limit
from ngrok_scim_cli.sandbox.okta_objects import OKTA_USERNAME_FORMAT, App, Event, okta_id
from ngrok_scim_cli.sandbox.okta_org import MAPPED
from ngrok_scim_cli.sandbox.people import newcomers

# What the wizard's own mapping sends besides, unless somebody takes it out.
_MORE_ATTRIBUTES = {
    "nickName": "user.nickName",
    "title": "user.title",
    "mobilePhone": "user.mobilePhone",
    "streetAddress": "user.streetAddress",
    "manager": "user.manager",
}

_MOST_PEOPLE = 1000
# Okta cuts a reason at this length.
_LONGEST_REASON = 255

_BEFORE_SCIM = timedelta(days=60)
_EARLIER = timedelta(days=3)
_YESTERDAY = timedelta(days=1)
_LATELY = timedelta(hours=1)
_JUST_NOW = timedelta(minutes=1)
_APART = timedelta(seconds=7)

_PUSH = "application.provision.user.push"
_PROFILE = "application.provision.user.push_profile"
_DEACTIVATE = "application.provision.user.deactivate"
_UPDATE = "application.lifecycle.update"
_SIGN_IN = "application.integration.authentication_failure"

_REMOTE = "Errors reported by remote server:"
_UNAUTHORIZED = (
    f"Unauthorized. {_REMOTE} The API authentication you specified is properly formed, but it is "
    "invalid."
)

# Events about a person: how long ago, the event type, the result and its reason.
_ASSIGNED = (_BEFORE_SCIM, "application.user_membership.add")
_LEFT = (
    (_YESTERDAY, "application.user_membership.remove"),
    (_YESTERDAY, "user.lifecycle.deactivate"),
)


Builder = Callable[[FaultContext], object]


def _refused(code: str) -> Handler:
    return lambda context: okta_error(context.request, code)


def _rate_limited(context: FaultContext) -> Answer:
    return rate_limit(okta_error(context.request, "E0000047"), 0, int(time() + context.value))


def _app(*, linked: bool = True, **changes: Any) -> Builder:  # noqa: ANN401 - fields of App
    """Change fields of the app; where it is not linked, nobody was ever provisioned."""

    def build(state: FaultContext) -> None:
        state.org.app = replace(state.org.app, **changes)
        if not linked:
            state.org.unlink_everybody()

    return build


def _second_app(state: FaultContext) -> None:
    scim = ("SCIM_PROVISIONING",)
    app = App(okta_id("0oa", 5), "oidc_client", "ngrok (new)", "ACTIVE", "OPENID_CONNECT", scim)
    state.org.other_apps += (app,)


def _without_log_scope(state: FaultContext) -> None:
    granted = state.org.granted_scopes
    state.org.granted_scopes = tuple(scope for scope in granted if "logs" not in scope)


def _people(
    family_name: str,
    *,
    in_ngrok: bool = False,
    active: bool = True,
    renamed: str = "",
    status: str = "ACTIVE",
    assigned: str = "",
    scope: str = "USER",
    stale: bool = False,
    since: timedelta = _BEFORE_SCIM,
    log: tuple[tuple[timedelta, str, *tuple[str, ...]], ...] = (),
) -> Builder:
    """Have people in Okta.

    Args:
        in_ngrok: whether ngrok has them, too; there they are ``active`` or not.
        renamed: what their address in Okta has in front.
        status: their status in Okta, where it is not ``ACTIVE`` since yesterday.
        assigned: the status of their assignment to the app; empty for none. Whoever is
            ``PROVISIONED`` is linked to ngrok, with a ``stale`` id to nobody there.
        scope: ``USER`` where assigned directly, ``GROUP`` where by a group.
        since: how long ago they were assigned.
        log: what the System Log says of each, with some seconds between two people.
    """

    def build(state: FaultContext) -> None:
        people = [replace(one, active=active) for one in newcomers(family_name, state.count)]
        accounts = state.directory.put_first(people) if in_ngrok else []
        for position, person in enumerate(people):
            user = state.org.add_user(
                renamed + person.user_name,
                person.display_name or "",
                created=now() - 2 * _BEFORE_SCIM,
                status=status,
                status_changed=None if status == "ACTIVE" else now() - _YESTERDAY,
            )
            if assigned == "PROVISIONED" and not stale:
                account = accounts[position]
                state.org.assign(user, account.id, created=account.created, scope=scope)
            elif assigned:
                unknown_id = f"usr_{user.id.removeprefix('00u'):0>27}" if stale else None
                state.org.assign(user, unknown_id, created=now() - since, status=assigned)
            for ago, event_type, *outcome in log:
                published = now() - ago - position * _APART
                state.org.events.append(Event(published, event_type, user, user.login, *outcome))

    return build


def _logged(ago: timedelta, event_type: str, **fields: Any) -> Builder:  # noqa: ANN401 - of Event
    """Have the System Log say this of the app."""
    return lambda state: state.org.events.append(Event(now() - ago, event_type, **fields))


def _hostile(state: FaultContext) -> None:
    reason = (2 * HOSTILE)[:_LONGEST_REASON]
    _app(label=f"ngrok {HOSTILE}")(state)
    log = ((_LATELY, _PROFILE, "FAILURE", reason),)
    _people("Whitlock", in_ngrok=True, assigned="PROVISIONED", scope="GROUP", log=log)(state)


def _fault(name: str, summary: str, found: str, builder: Builder) -> Fault:
    """Return a fault that brings one person into trouble, or as many as its number says."""
    return Fault(name, summary, found, BUILT, builder, value=1, unit="people", most=_MOST_PEOPLE)


# fmt: off
FAULTS = (
    Fault("okta-scope-not-granted",
        "has a service app in Okta to which okta.logs.read is not granted (insufficient_scope)", "",
        BUILT, _without_log_scope),
    Fault("okta-second-app",
        "has a second app in Okta that leads to ngrok, made with the other wizard", "OKT919",
        BUILT, _second_app),
    Fault("okta-token-refused", "Okta refuses every token (E0000011)", "OKT902", TO_OKTA,
        _refused("E0000011")),
    Fault("okta-token-without-rights", "Okta's token may read nothing (E0000006)", "OKT902",
        TO_OKTA, _refused("E0000006")),
    Fault("okta-token-without-log", "Okta's token may not read the System Log (E0000006)", "",
        rf"{TO_OKTA}logs(\?|$)", _refused("E0000006")),
    Fault("okta-token-without-people",
        "Okta's token may not read people of the directory (E0000006)", "",
        rf"{TO_OKTA}users(/|\?|$)", _refused("E0000006")),
    Fault("okta-rate-limited", "Okta answers 429 until its limit begins anew (E0000047)", "",
        TO_OKTA, _rate_limited, value=30, unit="seconds until then"),
    Fault("okta-server-error", "Okta answers 500 (E0000009)", "", TO_OKTA, _refused("E0000009")),
    Fault("okta-web-page", "Okta answers 200 with the web page for signing in", "OKT901", TO_OKTA,
        answered(body=web_page(200, "Sign in").body, media_type=HTML)),
    Fault("okta-app-missing", "has no app for ngrok in Okta (E0000007)", "OKT903",
        BUILT, _app(status="DELETED")),
    Fault("okta-app-inactive", "has the Okta app deactivated", "OKT903",
        BUILT, _app(status="INACTIVE")),
    Fault("okta-oidc-app", "has an OIDC app in Okta, to which SCIM cannot be added", "OKT904",
        BUILT, _app(linked=False, name="oidc_client", sign_on_mode="OPENID_CONNECT", features=())),
    Fault("okta-scim-off", "has SCIM switched off for the Okta app, and nobody provisioned",
        "OKT905", BUILT, _app(linked=False, features=())),
    Fault("okta-username-format",
        "has the application username format of Okta's app set to Okta username", "OKT906",
        BUILT, _app(user_name_template=OKTA_USERNAME_FORMAT)),
    Fault("okta-nobody-assigned", "has nobody assigned to the Okta app", "OKT907 OKT910",
        BUILT, lambda state: state.org.assignments.clear()),
    Fault("okta-more-attributes", "has attributes mapped in Okta that ngrok does not take",
        "OKT915", BUILT, _app(mapped=tuple({**MAPPED, **_MORE_ATTRIBUTES}.items()))),
    Fault("okta-switches-off", "has the switches under To App off, and Okta reports it", "OKT916",
        BUILT, _app(switches=(False, False, False))),
    Fault("okta-deactivate-users-off", "has Deactivate Users under To App off, and Okta reports it",
        "OKT916", BUILT, _app(switches=(True, True, False))),
    _fault("okta-assigned-early", "has somebody assigned in Okta since before SCIM was switched on",
        "OKT908", _people("Ekström", assigned="ACTIVE", log=(_ASSIGNED,))),
    _fault("okta-push-waiting",
        "has somebody just assigned in Okta, whose push has not begun (STAGED)", "OKT908",
        _people("Farrow", assigned="STAGED", since=_JUST_NOW)),
    _fault("okta-push-queued",
        "has somebody assigned in Okta yesterday, whose push has not begun (STAGED)", "OKT908",
        _people("Zanetti", assigned="STAGED", since=_YESTERDAY)),
    _fault("okta-leaver-assigned",
        "has somebody active in ngrok whom Okta deactivated, and whose assignment still looks fine",
        "OKT911",
        _people("Ximenes", in_ngrok=True, status="DEPROVISIONED", assigned="PROVISIONED")),
    _fault("okta-not-linked", "has somebody assigned in Okta who is in ngrok, but was never linked",
        "OKT908", _people("Goodwin", in_ngrok=True, assigned="ACTIVE", log=(_ASSIGNED,))),
    _fault("okta-gone-in-ngrok", "has somebody in Okta who no longer exists in ngrok", "OKT909",
        _people("Holloway", assigned="PROVISIONED", stale=True)),
    _fault("okta-made-again-in-ngrok",
        "has somebody in ngrok under another id than the one that Okta holds", "OKT909",
        _people("Isaksson", in_ngrok=True, assigned="PROVISIONED", stale=True)),
    _fault("okta-unknown", "has somebody in ngrok who was never in Okta", "OKT910",
        lambda state: state.directory.put_first(newcomers("Jankowski", state.count))),
    _fault("okta-leaver-active", "has somebody active in ngrok whom Okta deactivated",
        "OKT911", _people("Kimura", in_ngrok=True, status="DEPROVISIONED", log=_LEFT)),
    _fault("okta-unassigned-active", "has somebody active in ngrok whom Okta unassigned",
        "OKT911", _people("Lockhart", in_ngrok=True, log=_LEFT[:1])),
    _fault("okta-locked-out", "has somebody deactivated in ngrok who is assigned in Okta",
        "OKT917", _people("Marchetti", in_ngrok=True, active=False, assigned="PROVISIONED")),
    _fault("okta-suspended", "has somebody active in ngrok who is suspended in Okta",
        "OKT918", _people("Nightingale", in_ngrok=True, status="SUSPENDED", assigned="PROVISIONED",
            log=((_YESTERDAY, "user.lifecycle.suspend"),))),
    _fault("okta-address-differs", "has somebody with another address in Okta than in ngrok",
        "OKT914", _people("Oakley", in_ngrok=True, assigned="PROVISIONED", renamed="new.")),
    Fault("okta-deactivate-users-taken-off",
        "says in the System Log that an administrator took Deactivate Users off", "OKT916",
        BUILT, _logged(_EARLIER, _UPDATE, message="Stop deprovisioning unassigned users")),
    _fault("okta-update-refused", "has somebody whose update failed in Okta: Unauthorized",
        "OKT912", _people("Prescott", in_ngrok=True, assigned="PROVISIONED", scope="GROUP",
            log=((_LATELY, _PROFILE, "FAILURE", _UNAUTHORIZED),))),
    _fault("okta-create-conflict", "has somebody whom Okta could not create: Conflict",
        "OKT912 OKT908", _people("Quimby", in_ngrok=True, assigned="ACTIVE",
            log=(_ASSIGNED,
                (_LATELY, _PUSH, "FAILURE", f"Conflict. {_REMOTE} User already exists")))),
    _fault("okta-no-matching-user",
        "has somebody whom Okta could not create: Matching user not found", "OKT912 OKT908",
        _people("Rutherford", assigned="ACTIVE",
            log=(_ASSIGNED, (_LATELY, _PUSH, "FAILURE", "Matching user not found")))),
    _fault("okta-deactivation-failed",
        "has somebody active in ngrok whom Okta could not deactivate: Bad Gateway", "OKT912 OKT911",
        _people("Underhill", in_ngrok=True, status="DEPROVISIONED",
            log=(*_LEFT, (_YESTERDAY - _APART, _DEACTIVATE, "FAILURE", "Bad Gateway")))),
    _fault("okta-update-mended",
        "has somebody whose update failed in Okta and worked a moment later", "",
        _people("Villanueva", in_ngrok=True, assigned="PROVISIONED", scope="GROUP",
            log=((_LATELY, _PROFILE, "FAILURE", "Bad Gateway"), (_LATELY - _APART, _PROFILE)))),
    _fault("okta-hostile-text",
        "has a label and a reason in Okta full of escape sequences, markup and direction marks",
        "OKT912", _hostile),
    Fault("okta-sign-in-failed",
        "says that Okta could not sign in to ngrok since the last call that worked", "OKT913",
        BUILT, _logged(_LATELY, _SIGN_IN, result="FAILURE", reason=_UNAUTHORIZED)),
)
# fmt: on
