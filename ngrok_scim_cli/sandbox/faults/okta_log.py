"""Faults that stand in Okta's System Log, with the people whom they hit."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from ngrok_scim_cli.sandbox.faults.fault import Fault, SandboxState
from ngrok_scim_cli.sandbox.faults.okta_people import (
    ago,
    assigned,
    left,
    on_both_sides,
    people_fault,
    provisioned_once,
)
from ngrok_scim_cli.sandbox.faults.refusals import HOSTILE
from ngrok_scim_cli.sandbox.okta_org import Assignment, Event
from ngrok_scim_cli.sandbox.people import newcomers

PUSH = "application.provision.user.push"
PUSH_PROFILE = "application.provision.user.push_profile"
SYNC = "application.provision.user.sync"
DEACTIVATE = "application.provision.user.deactivate"
UPDATE = "application.lifecycle.update"
SIGN_IN = "application.integration.authentication_failure"

_REMOTE = "Errors reported by remote server:"
_UNAUTHORIZED = (
    f"Unauthorized. {_REMOTE} The API authentication you specified is properly formed, but it is "
    "invalid."
)
_CONFLICT = f"Conflict. {_REMOTE} User already exists"
_NOT_FOUND = f"Not Found. {_REMOTE} Resource not found"
_NO_MATCH = "Matching user not found"
# Okta cuts a reason at this length.
_LONGEST_REASON = 255

_LATELY = timedelta(hours=1)
_EARLIER = timedelta(days=3)
_APART = timedelta(seconds=7)


def _failures(event_type: str, who: Iterable[Assignment], reason: str | None) -> list[Event]:
    """Return a failure for each person, one soon before the other."""
    return [
        Event(ago(_LATELY) - place * _APART, event_type, one.user, one.user_name, "FAILURE", reason)
        for place, one in enumerate(who)
    ]


def _provisioned(state: SandboxState, family_name: str) -> list[Assignment]:
    """Have people on both sides with whom everything was well."""
    return on_both_sides(state, newcomers(family_name, state.count))


def _updates_refused(state: SandboxState) -> None:
    people = _provisioned(state, "Prescott")
    state.org.log(*_failures(PUSH_PROFILE, people, _UNAUTHORIZED))


def _conflict(state: SandboxState) -> None:
    people = newcomers("Quimby", state.count)
    state.org.log(*_failures(PUSH, assigned(state, people), _CONFLICT))
    state.directory.put_first(people)


def _no_match(state: SandboxState) -> None:
    people = assigned(state, newcomers("Rutherford", state.count))
    state.org.log(*_failures(PUSH, people, _NO_MATCH))


def _no_reason(state: SandboxState) -> None:
    people = assigned(state, newcomers("Sandoval", state.count))
    state.org.log(*_failures(SYNC, people, None))


def _not_found(state: SandboxState) -> None:
    people = provisioned_once(state, newcomers("Thornton", state.count))
    state.org.log(*_failures(PUSH_PROFILE, people, _NOT_FOUND))


def _deactivation_lost(state: SandboxState) -> None:
    people = newcomers("Underhill", state.count)
    for user in left(state, people, "DEPROVISIONED"):
        tried = user.status_changed + _APART
        state.org.log(Event(tried, DEACTIVATE, user, user.login, "FAILURE", "Bad Gateway"))
    state.directory.put_first(people)


def _mended(state: SandboxState) -> None:
    people = _provisioned(state, "Villanueva")
    for failure in _failures(PUSH_PROFILE, people, "Bad Gateway"):
        mended = failure.published + _APART
        state.org.log(failure, Event(mended, PUSH_PROFILE, failure.user, failure.user_name))


def _hostile(state: SandboxState) -> None:
    people = _provisioned(state, "Whitlock")
    state.org.change_app(label=f"ngrok {HOSTILE}")
    state.org.log(*_failures(PUSH_PROFILE, people, (2 * HOSTILE)[:_LONGEST_REASON]))


def _sign_in_failed(time: timedelta) -> Callable[[SandboxState], None]:
    def change(state: SandboxState) -> None:
        failure = Event(ago(time), SIGN_IN, result="FAILURE", reason=_UNAUTHORIZED)
        state.org.log(failure)

    return change


def _deactivation_off(state: SandboxState) -> None:
    taken_off = Event(ago(_EARLIER), UPDATE, message="Stop deprovisioning unassigned users")
    state.org.log(taken_off)


def _deactivation_on_again(state: SandboxState) -> None:
    _deactivation_off(state)
    state.org.log(Event(ago(_LATELY), UPDATE, message="Deprovisioning unassigned users"))


# fmt: off
FAULTS = (
    Fault("okta-deactivate-users-taken-off",
        "says in the System Log that an administrator took Deactivate Users off", "OKT916",
        builds=_deactivation_off),
    Fault("okta-deactivate-users-on-again",
        "says in the System Log that Deactivate Users was taken off and put on again", "",
        builds=_deactivation_on_again),
    people_fault("okta-update-refused", "has somebody whose update failed in Okta: Unauthorized",
        "OKT912", _updates_refused),
    people_fault("okta-create-conflict", "has somebody whom Okta could not create: Conflict",
        "OKT912 OKT908", _conflict),
    people_fault("okta-no-matching-user",
        "has somebody whom Okta could not create: Matching user not found", "OKT912 OKT908",
        _no_match),
    people_fault("okta-create-without-reason",
        "has somebody whom Okta could not create, and Okta does not say why", "OKT912 OKT908",
        _no_reason),
    people_fault("okta-update-not-found",
        "has somebody whose update failed in Okta, because ngrok has them no more: Not Found",
        "OKT912 OKT909", _not_found),
    people_fault("okta-deactivation-failed",
        "has somebody active in ngrok whom Okta could not deactivate: Bad Gateway", "OKT912 OKT911",
        _deactivation_lost),
    people_fault("okta-update-mended",
        "has somebody whose update failed in Okta and worked a moment later", "", _mended),
    people_fault("okta-hostile-text",
        "has a label and a reason in Okta full of escape sequences, markup and direction marks",
        "OKT912", _hostile),
    Fault("okta-sign-in-failed",
        "says that Okta could not sign in to ngrok since the last call that worked", "OKT913",
        builds=_sign_in_failed(_LATELY)),
    Fault("okta-sign-in-mended",
        "says that Okta could not sign in to ngrok before the last call that worked", "",
        builds=_sign_in_failed(_EARLIER)),
)
# fmt: on
