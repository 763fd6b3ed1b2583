"""Faults of people between Okta and ngrok, and of what Okta's System Log says.

Each brings people of its own into trouble.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ngrok_scim_cli.sandbox.faults.fault import Builder, Fault, SandboxState
from ngrok_scim_cli.sandbox.faults.handlers import HOSTILE
from ngrok_scim_cli.sandbox.okta_org import Event
from ngrok_scim_cli.sandbox.people import Person, newcomers

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
_REFUSED = {"result": "FAILURE", "reason": _UNAUTHORIZED}
_DEACTIVATION_OFF = (_EARLIER, _UPDATE, {"message": "Stop deprovisioning unassigned users"})

# Events about a person: how long ago, the event type, the result and its reason.
_ASSIGNED = (_BEFORE_SCIM, "application.user_membership.add")
_LEFT = (
    (_YESTERDAY, "application.user_membership.remove"),
    (_YESTERDAY, "user.lifecycle.deactivate"),
)


def people_on_both_sides(*people: Person) -> Builder:
    """Have people in ngrok and in Okta, as Okta provisioned them."""
    return lambda state: state.org.provision(state.directory.put_first(people))


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

    def build(state: SandboxState) -> None:
        people = [replace(one, active=active) for one in newcomers(family_name, state.count)]
        accounts = state.directory.put_first(people) if in_ngrok else []
        for position, person in enumerate(people):
            user = state.org.add_user(
                renamed + person.user_name,
                person.display_name or "",
                created=_ago(2 * _BEFORE_SCIM),
                status=status,
                status_changed=None if status == "ACTIVE" else _ago(_YESTERDAY),
            )
            if assigned == "PROVISIONED" and not stale:
                account = accounts[position]
                state.org.assign(user, account.id, created=account.created, scope=scope)
            elif assigned:
                unknown_id = f"usr_{user.id.removeprefix('00u'):0>27}" if stale else None
                state.org.assign(user, unknown_id, created=_ago(since), status=assigned)
            for time, event_type, *outcome in log:
                published = _ago(time) - position * _APART
                state.org.log(Event(published, event_type, user, user.login, *outcome))

    return build


def _logged(*events: tuple[timedelta, str, dict[str, Any]]) -> Builder:
    """Have the System Log say this of the app."""
    return lambda state: state.org.log(
        *(Event(_ago(time), event_type, **fields) for time, event_type, fields in events)
    )


def _hostile(state: SandboxState) -> None:
    reason = (2 * HOSTILE)[:_LONGEST_REASON]
    state.org.change_app(label=f"ngrok {HOSTILE}")
    log = ((_LATELY, _PROFILE, "FAILURE", reason),)
    _people("Whitlock", in_ngrok=True, assigned="PROVISIONED", scope="GROUP", log=log)(state)


def _ago(time: timedelta) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - time


def _fault(name: str, summary: str, found: str, builder: Builder) -> Fault:
    """Return a fault that brings one person into trouble, or as many as its number says."""
    return Fault(name, summary, found, value=1, unit="people", most=_MOST_PEOPLE, builder=builder)


# fmt: off
FAULTS = (
    _fault("okta-assigned-early",
        "has somebody assigned in Okta since before SCIM was switched on", "OKT908",
        _people("Ekström", assigned="ACTIVE", log=(_ASSIGNED,))),
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
    _fault("okta-not-linked",
        "has somebody assigned in Okta who is in ngrok, but was never linked", "OKT908",
        _people("Goodwin", in_ngrok=True, assigned="ACTIVE", log=(_ASSIGNED,))),
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
        builder=_logged(_DEACTIVATION_OFF)),
    Fault("okta-deactivate-users-on-again",
        "says in the System Log that Deactivate Users was taken off and put on again", "",
        builder=_logged(_DEACTIVATION_OFF,
            (_LATELY, _UPDATE, {"message": "Deprovisioning unassigned users"}))),
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
    _fault("okta-create-without-reason",
        "has somebody whom Okta could not create, and Okta does not say why", "OKT912 OKT908",
        _people("Sandoval", assigned="ACTIVE",
            log=(_ASSIGNED, (_LATELY, "application.provision.user.sync", "FAILURE")))),
    _fault("okta-update-not-found",
        "has somebody whose update failed in Okta: Not Found, because ngrok lacks the user",
        "OKT912 OKT909", _people("Thornton", assigned="PROVISIONED", stale=True,
            log=((_LATELY, _PROFILE, "FAILURE", f"Not Found. {_REMOTE} Resource not found"),))),
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
        builder=_logged((_LATELY, _SIGN_IN, _REFUSED))),
    Fault("okta-sign-in-mended",
        "says that Okta could not sign in to ngrok before the last call that worked", "",
        builder=_logged((_EARLIER, _SIGN_IN, _REFUSED))),
)
# fmt: on
