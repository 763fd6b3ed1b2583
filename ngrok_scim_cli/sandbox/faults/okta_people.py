"""Faults of people between Okta and ngrok. Each brings people of its own into trouble."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from ngrok_scim_cli.sandbox.faults.fault import Fault, SandboxState
from ngrok_scim_cli.sandbox.okta_org import Assignment, Event, OktaUser
from ngrok_scim_cli.sandbox.people import Person, newcomers

ADD = "application.user_membership.add"
REMOVE = "application.user_membership.remove"

_MOST_PEOPLE = 1000
_BEFORE_SCIM = timedelta(days=60)
_YESTERDAY = timedelta(days=1)
_JUST_NOW = timedelta(minutes=1)


def ago(time: timedelta) -> datetime:
    """Return what time it was that long ago."""
    return datetime.now(UTC).replace(microsecond=0) - time


def on_both_sides(state: SandboxState, people: Iterable[Person]) -> list[Assignment]:
    """Have people in ngrok and in Okta, as Okta provisioned them."""
    return state.org.provision(state.directory.put_first(people))


def assigned(state: SandboxState, people: Iterable[Person]) -> list[Assignment]:
    """Have people assigned in Okta who were never provisioned."""
    made = [
        state.org.assign(_added(state, person), None, created=ago(_BEFORE_SCIM), status="ACTIVE")
        for person in people
    ]
    state.org.log(*(Event(one.created, ADD, one.user, one.user_name) for one in made))
    return made


def provisioned_once(state: SandboxState, people: Iterable[Person]) -> list[Assignment]:
    """Have people assigned in Okta with ids that ngrok does not know."""
    users = [_added(state, person) for person in people]
    return [
        state.org.assign(user, f"usr_{user.id.removeprefix('00u'):0>27}", created=ago(_BEFORE_SCIM))
        for user in users
    ]


def left(state: SandboxState, people: Iterable[Person], status: str) -> list[OktaUser]:
    """Have people whom Okta has unassigned since yesterday.

    Args:
        status: ``DEPROVISIONED`` where Okta deactivated them, otherwise ``ACTIVE``.
    """
    gone = ago(_YESTERDAY)
    changed = gone if status == "DEPROVISIONED" else None
    users = [_added(state, person, status=status, status_changed=changed) for person in people]
    state.org.log(*(Event(gone, REMOVE, user, user.login) for user in users))
    if changed:
        state.org.log(*(Event(gone, "user.lifecycle.deactivate", user) for user in users))
    return users


def _added(
    state: SandboxState,
    person: Person,
    *,
    status: str = "ACTIVE",
    status_changed: datetime | None = None,
) -> OktaUser:
    return state.org.add_user(
        person.user_name,
        person.display_name or "",
        created=ago(2 * _BEFORE_SCIM),
        status=status,
        status_changed=status_changed,
    )


def _assigned_early(state: SandboxState) -> None:
    assigned(state, newcomers("Ekström", state.count))


def _waiting(state: SandboxState) -> None:
    for person in newcomers("Farrow", state.count):
        state.org.assign(_added(state, person), None, created=ago(_JUST_NOW), status="STAGED")


def _not_linked(state: SandboxState) -> None:
    people = newcomers("Goodwin", state.count)
    assigned(state, people)
    state.directory.put_first(people)


def _gone(state: SandboxState) -> None:
    provisioned_once(state, newcomers("Holloway", state.count))


def _made_again(state: SandboxState) -> None:
    people = newcomers("Isaksson", state.count)
    provisioned_once(state, people)
    state.directory.put_first(people)


def _unknown_to_okta(state: SandboxState) -> None:
    state.directory.put_first(newcomers("Jankowski", state.count))


def _left_okta(state: SandboxState) -> None:
    people = newcomers("Kimura", state.count)
    left(state, people, "DEPROVISIONED")
    state.directory.put_first(people)


def _unassigned(state: SandboxState) -> None:
    people = newcomers("Lockhart", state.count)
    left(state, people, "ACTIVE")
    state.directory.put_first(people)


def _locked_out(state: SandboxState) -> None:
    users = state.directory.put_first(
        Person(person.user_name, person.display_name, active=False)
        for person in newcomers("Marchetti", state.count)
    )
    for user in users:
        state.org.assign(_added(state, user.person), user.id, created=user.created)


def _suspended(state: SandboxState) -> None:
    users = state.directory.put_first(newcomers("Nightingale", state.count))
    for user in users:
        person = _added(state, user.person, status="SUSPENDED", status_changed=ago(_YESTERDAY))
        state.org.assign(person, user.id, created=user.created)
        state.org.log(Event(person.status_changed, "user.lifecycle.suspend", person))


def _leaver_assigned(state: SandboxState) -> None:
    users = state.directory.put_first(newcomers("Ximenes", state.count))
    for user in users:
        person = _added(state, user.person, status="DEPROVISIONED", status_changed=ago(_YESTERDAY))
        state.org.assign(person, user.id, created=user.created)


def _queued(state: SandboxState) -> None:
    for person in newcomers("Zanetti", state.count):
        state.org.assign(_added(state, person), None, created=ago(_YESTERDAY), status="STAGED")


def _with_another_address(
    family_name: str, change: Callable[[str], str]
) -> Callable[[SandboxState], None]:
    """Have people whose address in Okta is not the one that ngrok has."""

    def stage(state: SandboxState) -> None:
        users = state.directory.put_first(newcomers(family_name, state.count))
        for user in users:
            name = user.person.display_name or ""
            address = change(user.person.user_name)
            person = state.org.add_user(address, name, created=ago(2 * _BEFORE_SCIM))
            state.org.assign(person, user.id, created=user.created)

    return stage


def people_fault(
    name: str, summary: str, found: str, builds: Callable[[SandboxState], object]
) -> Fault:
    """Return a fault that brings one person into trouble, or as many as its number says."""
    return Fault(name, summary, found, value=1, unit="people", most=_MOST_PEOPLE, builds=builds)


# fmt: off
FAULTS = (
    people_fault("okta-assigned-early",
        "has somebody assigned in Okta since before SCIM was switched on", "OKT908",
        _assigned_early),
    people_fault("okta-push-waiting",
        "has somebody just assigned in Okta, whose push has not begun (STAGED)", "OKT908",
        _waiting),
    people_fault("okta-push-queued",
        "has somebody assigned in Okta yesterday, whose push has not begun (STAGED)", "OKT908",
        _queued),
    people_fault("okta-leaver-assigned",
        "has somebody active in ngrok whom Okta deactivated, and whose assignment still looks fine",
        "OKT911", _leaver_assigned),
    people_fault("okta-not-linked",
        "has somebody assigned in Okta who is in ngrok, but was never linked", "OKT908",
        _not_linked),
    people_fault("okta-gone-in-ngrok", "has somebody in Okta whom ngrok has no more", "OKT909",
        _gone),
    people_fault("okta-made-again-in-ngrok",
        "has somebody in ngrok under another id than the one that Okta holds", "OKT909",
        _made_again),
    people_fault("okta-unknown", "has somebody in ngrok whom Okta never knew", "OKT910",
        _unknown_to_okta),
    people_fault("okta-leaver-active", "has somebody active in ngrok whom Okta deactivated",
        "OKT911", _left_okta),
    people_fault("okta-unassigned-active", "has somebody active in ngrok whom Okta unassigned",
        "OKT911", _unassigned),
    people_fault("okta-locked-out", "has somebody deactivated in ngrok who is assigned in Okta",
        "OKT917", _locked_out),
    people_fault("okta-suspended", "has somebody active in ngrok who is suspended in Okta",
        "OKT918", _suspended),
    people_fault("okta-address-differs", "has somebody with another address in Okta than in ngrok",
        "OKT914", _with_another_address("Oakley", lambda address: f"new.{address}")),
)
# fmt: on
