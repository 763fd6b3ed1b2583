"""Faults in what the account and its users are."""

from collections.abc import Callable
from datetime import timedelta

from ngrok_scim_cli.sandbox.account import SCIM_SERVICE_USER, Account, ApiKey
from ngrok_scim_cli.sandbox.faults.fault import (
    BUILT,
    HOSTILE,
    Fault,
    FaultContext,
    people_on_both_sides,
)
from ngrok_scim_cli.sandbox.people import Person

_MORE_THAN_A_YEAR = timedelta(days=400)

# This machine and a documentation range (RFC 5737), so none of Okta's.
_ALLOWED_RANGES = ("127.0.0.1/32", "203.0.113.0/24")


def _twins(state: FaultContext) -> None:
    """Have a person on both sides, and in ngrok another one of the same name."""
    people_on_both_sides(Person("noor.achterberg@corp.example", "Noor Achterberg"))(state)
    state.directory.put_first([Person("Noor.Achterberg@corp.example", "Noor Achterberg")])


def _scim_key(change: Callable[[Account, ApiKey], object]) -> Callable[[FaultContext], object]:
    """Change something about the SCIM key, where there is one."""
    return lambda state: state.account.scim_key and change(state.account, state.account.scim_key)


def _with_a_half_made_key(account: Account, key: ApiKey) -> None:
    """Leave a key alive that a setup made and was stopped before it could keep it."""
    mark = '{"made_by": "ngrok-scim", "mark": "00112233445566778899aabbccddeeff"}'
    account.add_key(key.owner_id, "Okta SCIM, interrupted", mark)


def _older(account: Account, key: ApiKey) -> None:
    """Put an older key in the place of this one: its id tells when it was made."""
    account.keys.pop(key.id, None)
    created = key.created - _MORE_THAN_A_YEAR
    account.scim_key = account.add_key(key.owner_id, key.description, key.metadata, created)


def _without_scim_keys(state: FaultContext) -> None:
    """Revoke the keys of the Service Users that are there."""
    account = state.account
    owner = account.administrator
    account.keys = {id_: key for id_, key in account.keys.items() if key.owner_id == owner}


def _access_token(account: Account, key: ApiKey) -> None:
    """Put an access token in the place of this key."""
    account.keys.pop(key.id, None)
    account.scim_key = account.add_access_token(key.owner_id, key.description, ("scim:write",))


def _service_users_off(state: FaultContext) -> None:
    for user in state.account.service_users.values():
        user.active = False


# fmt: off
FAULTS = (
    Fault("requests-per-minute",
        "answers so many requests in any 60 seconds at ngrok, as ngrok does (ERR_NGROK_226)", "",
        BUILT, lambda state: setattr(state.account, "requests_per_minute", state.count),
        value=120, unit="requests"),
    Fault("key-is-access-token", "has an access token of ngrok's in place of the SCIM key",
        "KEY217", BUILT, _scim_key(_access_token)),
    Fault("user-name-no-email", "holds a user, in Okta too, with a userName that is not an address",
        "USR603 SCM521 OKT914", BUILT, people_on_both_sides(Person("gpetrov", "Grace Petrov"))),
    Fault("user-name-with-space", "holds a user, in Okta too, whose userName ends with a space",
        "USR604 OKT914",
        BUILT, people_on_both_sides(Person("hana.brandt@corp.example ", "Hana Brandt"))),
    Fault("twin-users",
        "holds two users whose userName differs in case only, one of them from Okta",
        "USR605 OKT910", BUILT, _twins),
    Fault("foreign-domain-user", "holds a user, in Okta too, of another domain", "USR606 OKT914",
        BUILT, people_on_both_sides(Person("contractor@agency.example", "Pat Contractor"))),
    Fault("deactivated-users", "holds two deactivated users, whom Okta deactivated", "USR607",
        BUILT, people_on_both_sides(
            Person("oscar.calloway@corp.example", "Oscar Calloway", active=False),
            Person("vera.calloway@corp.example", "Vera Calloway", active=False))),
    Fault("no-display-name", "holds a user without displayName", "USR608 SCM521",
        BUILT, people_on_both_sides(Person("wei.drummond@corp.example", None))),
    Fault("hostile-text",
        "holds a user, in Okta too, with names full of escape sequences, markup, direction marks",
        "USR604 OKT914",
        BUILT, people_on_both_sides(Person("eve\u202e\x1b[31m[red]@corp.example", HOSTILE))),
    Fault("key-revoked", "has revoked the keys of its Service Users (ERR_NGROK_203)",
        "KEY214 NGR701", BUILT, _without_scim_keys),
    Fault("key-of-a-person",
        "has the SCIM key owned by the administrator instead of a Service User", "NGR702",
        BUILT, _scim_key(lambda account, key: setattr(key, "owner_id", account.administrator))),
    Fault("shared-key", "describes the SCIM key as one that other things use too", "NGR706",
        BUILT, _scim_key(
            lambda _, key: setattr(key, "description", "Okta, CI pipeline and the ops laptop"))),
    Fault("old-key", "has a SCIM key that is more than a year old; switched on from the start",
        "NGR711", BUILT, _scim_key(_older)),
    Fault("twin-keys", "holds a second key with the description of the SCIM key", "NGR713",
        BUILT, _scim_key(lambda account, key: account.add_key(key.owner_id, key.description, ""))),
    Fault("twin-service-users", "holds a second Service User whose name differs in case only",
        "NGR713",
        BUILT, _scim_key(lambda account, _: account.add_service_user(SCIM_SERVICE_USER.lower()))),
    Fault("half-made-key", "holds a key that an interrupted setup of this program left behind",
        "NGR712", BUILT, _scim_key(_with_a_half_made_key)),
    Fault("service-user-inactive", "has switched off its Service Users (ERR_NGROK_636)", "NGR703",
        BUILT, _service_users_off),
    Fault("ip-restrictions-enforced",
        "enforces IP restrictions for the API that let this machine in, but not Okta", "NGR705",
        BUILT,
        lambda state: state.account.add_ip_restriction("Office and VPN only", _ALLOWED_RANGES)),
)
# fmt: on
