"""Faults in what the account and its users are, for as long as they are switched on."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from ngrok_scim_cli.sandbox.faults.fault import Fault, Scene, Undo
from ngrok_scim_cli.sandbox.faults.refusals import HOSTILE
from ngrok_scim_cli.sandbox.people import Person

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.account import Account, ApiKey

_MORE_THAN_A_YEAR = timedelta(days=400)

# This machine and a documentation range (RFC 5737), so none of Okta's.
_ALLOWED_RANGES = ("127.0.0.1/32", "203.0.113.0/24")


def _with_people(*people: Person) -> Callable[[Scene], Undo]:
    """Have people on both sides, as Okta provisioned them."""

    def stage(scene: Scene) -> Undo:
        with scene.org.lock:
            back = scene.org.checkpoint()
            users = scene.directory.put_first(people)
            scene.org.provision(users)

        def undo() -> None:
            scene.directory.take_out(users)
            back()

        return undo

    return stage


def _with_scim_key(change: "Callable[[Account, ApiKey], Undo]") -> Callable[[Scene], Undo]:
    """Change something about the SCIM key, where there is one."""

    def stage(scene: Scene) -> Undo:
        account = scene.account
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


def _without_scim_keys(scene: Scene) -> Undo:
    """Revoke the keys of the Service Users that are there."""
    account = scene.account
    with account.lock:
        revoked = [key for key in account.keys.values() if not account.is_administrator(key)]
        for key in revoked:
            del account.keys[key.id]

    def undo() -> None:
        with account.lock:
            account.keys.update((key.id, key) for key in revoked)

    return undo


def _service_users_inactive(scene: Scene) -> Undo:
    account = scene.account
    with account.lock:
        switched_off = [user for user in account.service_users.values() if user.active]
        for user in switched_off:
            user.active = False

    def undo() -> None:
        with account.lock:
            for user in switched_off:
                user.active = True

    return undo


def _ip_restriction(scene: Scene) -> Undo:
    account = scene.account
    with account.lock:
        restriction = account.add_ip_restriction("Office and VPN only", _ALLOWED_RANGES)

    def undo() -> None:
        with account.lock:
            account.ip_restrictions.pop(restriction.id, None)

    return undo


FAULTS = (
    Fault(
        "user-name-no-email",
        "holds a user whose userName is no e-mail address",
        ("USR603",),
        stage=_with_people(Person("gpetrov", "Grace Petrov")),
    ),
    Fault(
        "user-name-with-space",
        "holds a user whose userName ends with a space",
        ("USR604",),
        stage=_with_people(Person("hana.fischer@corp.example ", "Hana Fischer")),
    ),
    Fault(
        "twin-users",
        "holds two users whose userName differs in case only",
        ("USR605",),
        stage=_with_people(
            Person("Noor.Haddad@corp.example", "Noor Haddad"),
            Person("noor.haddad@corp.example", "Noor Haddad"),
        ),
    ),
    Fault(
        "foreign-domain-user",
        "holds a user of another domain",
        ("USR606",),
        stage=_with_people(Person("contractor@agency.example", "Pat Contractor")),
    ),
    Fault(
        "deactivated-users",
        "holds two deactivated users",
        ("USR607",),
        stage=_with_people(
            Person("oscar.bauer@corp.example", "Oscar Bauer", active=False),
            Person("vera.chen@corp.example", "Vera Chen", active=False),
        ),
    ),
    Fault(
        "no-display-name",
        "holds a user without displayName",
        ("USR608",),
        stage=_with_people(Person("wei.lopez@corp.example", None)),
    ),
    Fault(
        "hostile-text",
        "holds a user whose names are full of escape sequences, markup and direction marks",
        ("USR604",),
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
