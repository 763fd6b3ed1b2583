"""Faults in what the account and its users are, for as long as they are switched on."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from ngrok_scim_cli.sandbox.account import SCIM_SERVICE_USER
from ngrok_scim_cli.sandbox.faults.fault import Fault, SandboxState, Undo
from ngrok_scim_cli.sandbox.faults.refusals import HOSTILE
from ngrok_scim_cli.sandbox.faults.staging import on_both_sides, staged
from ngrok_scim_cli.sandbox.people import Person

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.account import Account, ApiKey
    from ngrok_scim_cli.sandbox.people import StoredUser

_MORE_THAN_A_YEAR = timedelta(days=400)

# This machine and a documentation range (RFC 5737), so none of Okta's.
_ALLOWED_RANGES = ("127.0.0.1/32", "203.0.113.0/24")


def _with_people(*people: Person) -> Callable[[SandboxState], Undo]:
    """Have people on both sides, as Okta provisioned them."""
    return staged(lambda state: on_both_sides(state, people))


def _with_twins(state: SandboxState) -> "list[StoredUser]":
    """Have a person on both sides, and in ngrok another one of the same name."""
    first = on_both_sides(state, [Person("noor.achterberg@corp.example", "Noor Achterberg")])
    again = state.directory.put_first([Person("Noor.Achterberg@corp.example", "Noor Achterberg")])
    return first + again


def _with_scim_key(change: "Callable[[Account, ApiKey], Undo]") -> Callable[[SandboxState], Undo]:
    """Change something about the SCIM key, where there is one."""

    def stage(state: SandboxState) -> Undo:
        account = state.account
        key = account.scim_key
        if key is None:
            return lambda: None
        with account.lock:
            take_back = change(account, key)

        def undo() -> None:
            with account.lock:
                take_back()

        return undo

    return stage


def _owned_by_a_person(account: "Account", key: "ApiKey") -> Undo:
    owner_id, key.owner_id = key.owner_id, account.administrator

    def undo() -> None:
        key.owner_id = owner_id

    return undo


def _described_for_more(_: "Account", key: "ApiKey") -> Undo:
    description, key.description = key.description, "Okta, CI pipeline and the ops laptop"

    def undo() -> None:
        key.description = description

    return undo


def _with_a_twin(account: "Account", key: "ApiKey") -> Undo:
    twin = account.add_key(key.owner_id, key.description, "")

    def undo() -> None:
        account.keys.pop(twin.id, None)

    return undo


def _with_a_half_made_key(account: "Account", key: "ApiKey") -> Undo:
    """Leave a key alive that a setup made and was stopped before it could keep it."""
    mark = '{"made_by": "ngrok-scim", "mark": "00112233445566778899aabbccddeeff"}'
    half_made = account.add_key(key.owner_id, "Okta SCIM, interrupted", mark)

    def undo() -> None:
        account.keys.pop(half_made.id, None)

    return undo


def _with_a_twin_service_user(account: "Account", _: "ApiKey") -> Undo:
    twin = account.add_service_user(SCIM_SERVICE_USER.lower())

    def undo() -> None:
        account.service_users.pop(twin.id, None)

    return undo


def _older(account: "Account", key: "ApiKey") -> Undo:
    """Put an older key in the place of this one: its id tells when it was made."""
    created = key.created - _MORE_THAN_A_YEAR
    older = account.add_key(key.owner_id, key.description, key.metadata, created)
    account.scim_key = older
    account.keys.pop(key.id, None)

    def undo() -> None:
        account.keys.pop(older.id, None)
        account.keys[key.id] = key
        account.scim_key = key

    return undo


def _without_scim_keys(state: SandboxState) -> Undo:
    """Revoke the keys of the Service Users that are there."""
    account = state.account
    with account.lock:
        revoked = [key for key in account.keys.values() if not account.is_administrator(key)]
        for key in revoked:
            del account.keys[key.id]

    def undo() -> None:
        with account.lock:
            account.keys.update((key.id, key) for key in revoked)

    return undo


def _service_users_inactive(state: SandboxState) -> Undo:
    account = state.account
    with account.lock:
        switched_off = [user for user in account.service_users.values() if user.active]
        for user in switched_off:
            user.active = False

    def undo() -> None:
        with account.lock:
            for user in switched_off:
                user.active = True

    return undo


def _ip_restriction(state: SandboxState) -> Undo:
    account = state.account
    with account.lock:
        restriction = account.add_ip_restriction("Office and VPN only", _ALLOWED_RANGES)

    def undo() -> None:
        with account.lock:
            account.ip_restrictions.pop(restriction.id, None)

    return undo


FAULTS = (
    Fault(
        "user-name-no-email",
        "holds a user, in Okta too, whose userName is no e-mail address",
        ("USR603", "SCM521", "OKT914"),
        stage=_with_people(Person("gpetrov", "Grace Petrov")),
    ),
    Fault(
        "user-name-with-space",
        "holds a user, in Okta too, whose userName ends with a space",
        ("USR604", "OKT914"),
        stage=_with_people(Person("hana.brandt@corp.example ", "Hana Brandt")),
    ),
    Fault(
        "twin-users",
        "holds two users whose userName differs in case only, one of them from Okta",
        ("USR605", "OKT910"),
        stage=staged(_with_twins),
    ),
    Fault(
        "foreign-domain-user",
        "holds a user, in Okta too, of another domain",
        ("USR606", "OKT914"),
        stage=_with_people(Person("contractor@agency.example", "Pat Contractor")),
    ),
    Fault(
        "deactivated-users",
        "holds two deactivated users, whom Okta deactivated",
        ("USR607",),
        stage=_with_people(
            Person("oscar.calloway@corp.example", "Oscar Calloway", active=False),
            Person("vera.calloway@corp.example", "Vera Calloway", active=False),
        ),
    ),
    Fault(
        "no-display-name",
        "holds a user without displayName",
        ("USR608", "SCM521"),
        stage=_with_people(Person("wei.drummond@corp.example", None)),
    ),
    Fault(
        "hostile-text",
        "holds a user, in Okta too, with names full of escape sequences, markup, direction marks",
        ("USR604", "USR603", "OKT914"),
        stage=_with_people(Person("eve\u202e\x1b[31m[red]@corp.example", HOSTILE)),
    ),
    Fault(
        "key-revoked",
        "has revoked the keys of its Service Users (ERR_NGROK_203)",
        ("KEY214", "NGR701"),
        stage=_without_scim_keys,
    ),
    Fault(
        "key-of-a-person",
        "has the SCIM key owned by the administrator instead of a Service User",
        ("NGR702",),
        stage=_with_scim_key(_owned_by_a_person),
    ),
    Fault(
        "shared-key",
        "describes the SCIM key as one that other things use too",
        ("NGR706",),
        stage=_with_scim_key(_described_for_more),
    ),
    Fault(
        "old-key",
        "has a SCIM key that is more than a year old; switched on from the start",
        ("NGR711",),
        stage=_with_scim_key(_older),
    ),
    Fault(
        "twin-keys",
        "holds a second key with the description of the SCIM key",
        ("NGR713",),
        stage=_with_scim_key(_with_a_twin),
    ),
    Fault(
        "twin-service-users",
        "holds a second Service User whose name differs in case only",
        ("NGR713",),
        stage=_with_scim_key(_with_a_twin_service_user),
    ),
    Fault(
        "half-made-key",
        "holds a key that an interrupted setup of this program left behind",
        ("NGR712",),
        stage=_with_scim_key(_with_a_half_made_key),
    ),
    Fault(
        "service-user-inactive",
        "has switched off its Service Users (ERR_NGROK_636)",
        ("NGR703",),
        stage=_service_users_inactive,
    ),
    Fault(
        "ip-restrictions-enforced",
        "enforces IP restrictions for the API that let this machine in, but not Okta",
        ("NGR705",),
        stage=_ip_restriction,
    ),
)
