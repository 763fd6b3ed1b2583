"""The ngrok account of the sandbox: who is in it, its keys, its IP restrictions.

An id is a prefix and a KSUID: 27 characters of base62 for 20 bytes, of which the first four count
the seconds since 1400000000 (Unix). A key is the KSUID of its id, ``_``, and a secret of 21
characters that begins with a digit.
"""

import os
import string
from collections import deque
from dataclasses import field
from datetime import UTC, datetime, timedelta
from time import monotonic

from ngrok_scim_cli.records import dataclass

SCIM_SERVICE_USER = "Okta SCIM Bot"
READ_ONLY = "developer-readonly"
ACCESS_TOKEN = b"ngrok_pat_"
SCIM_KEY_DESCRIPTION = "Okta SCIM Integration"

# Seen on a live account in 2024; ngrok's documentation shows another one. Ids are opaque.
_SERVICE_USER_PREFIX = "bot_"

_MINUTE = 60

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KSUID_EPOCH = 1_400_000_000
_KSUID_LENGTH = 27
_PAYLOAD_BYTES = 16
_SECRET_LENGTH = 21


@dataclass(slots=True)
class ServiceUser:
    """A Service User of the account."""

    id: str
    name: str
    active: bool
    created: datetime
    roles: tuple[str, ...] = ("developer",)


@dataclass(slots=True)
class ApiKey:
    """A key of the account, or an access token.

    Attributes:
        scopes: what an access token may do; ``None`` where a key may do all that its owner may.
    """

    id: str
    token: str = field(repr=False)
    description: str
    metadata: str
    created: datetime
    owner_id: str
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class IpRestriction:
    """An IP restriction of type ``api``, which is enforced, with its one policy.

    Attributes:
        rules: by their ids, the ranges of addresses that the policy allows.
    """

    id: str
    policy_id: str
    description: str
    created: datetime
    rules: dict[str, str]


class Account:
    """An account with one administrator.

    Attributes:
        requests_per_minute: how many requests are answered in any 60 seconds; ``None`` for all.
        administrator: the id of the one person in it.
        scim_key: the key that is in Okta; ``None`` as long as there is none.
        authtoken: an agent's authtoken: it has the shape of a key and is none.
    """

    def __init__(self) -> None:
        founded = now() - timedelta(days=90)
        self.service_users: dict[str, ServiceUser] = {}
        self.keys: dict[str, ApiKey] = {}
        self.access_tokens: dict[str, ApiKey] = {}
        self.requests_per_minute: int | None = None
        self._requests: deque[float] = deque()
        self.ip_restrictions: dict[str, IpRestriction] = {}
        self.administrator = _new_id("usr_", founded)
        self.scim_key: ApiKey | None = None
        self.authtoken = new_token(_new_id("", founded))
        self.admin_key = self.add_key(
            self.administrator, "Administration from a terminal", "", now() - timedelta(days=30)
        )

    def add_scim_key(self) -> None:
        """Add a Service User and its key, as ngrok's guide asks for them."""
        created = now() - timedelta(days=2)
        owner = self.add_service_user(SCIM_SERVICE_USER, created=created)
        self.scim_key = self.add_key(owner.id, SCIM_KEY_DESCRIPTION, "", created)

    def add_service_user(
        self,
        name: str,
        *,
        active: bool = True,
        created: datetime | None = None,
        roles: tuple[str, ...] = ("developer",),
    ) -> ServiceUser:
        """Add a Service User."""
        created = created or now()
        user = ServiceUser(_new_id(_SERVICE_USER_PREFIX, created), name, active, created, roles)
        self.service_users[user.id] = user
        return user

    def remove_service_user(self, user: ServiceUser) -> None:
        """Remove a Service User; its keys are revoked with it."""
        del self.service_users[user.id]
        for keys in (self.keys, self.access_tokens):
            for key in [key for key in keys.values() if key.owner_id == user.id]:
                del keys[key.id]

    def add_key(
        self, owner_id: str, description: str, metadata: str, created: datetime | None = None
    ) -> ApiKey:
        """Add a key."""
        created = created or now()
        first_half = _new_id("", created)
        key = ApiKey(
            f"ak_{first_half}", new_token(first_half), description, metadata, created, owner_id
        )
        self.keys[key.id] = key
        return key

    def add_access_token(
        self, owner_id: str, description: str, scopes: tuple[str, ...], metadata: str = ""
    ) -> ApiKey:
        """Add an access token."""
        created = now()
        token = ACCESS_TOKEN.decode() + new_token(_new_id("", created)).replace("_", "")
        made = ApiKey(
            _new_id("pat_", created), token, description, metadata, created, owner_id, scopes
        )
        self.access_tokens[made.id] = made
        return made

    def is_over_the_limit(self) -> bool:
        """Count a request; tell whether it is one too many in 60 seconds."""
        now = monotonic()
        while self._requests and self._requests[0] <= now - _MINUTE:
            self._requests.popleft()
        limit = self.requests_per_minute
        if limit is not None and len(self._requests) >= limit:
            return True
        self._requests.append(now)
        return False

    def add_ip_restriction(self, description: str, cidrs: tuple[str, ...]) -> IpRestriction:
        """Add an enforced IP restriction for the API that allows ``cidrs``."""
        created = now()
        rules = {_new_id("ipr_", created): cidr for cidr in cidrs}
        restriction = IpRestriction(
            _new_id("ipx_", created), _new_id("ipp_", created), description, created, rules
        )
        self.ip_restrictions[restriction.id] = restriction
        return restriction

    def key_of(self, credential: bytes) -> ApiKey | None:
        """Return the key that is ``credential``, byte for byte, or ``None``."""
        known = (*self.keys.values(), *self.access_tokens.values())
        return next((key for key in known if key.token.encode() == credential), None)

    def is_active(self, owner_id: str) -> bool:
        """Tell whether the owner of a key is active."""
        user = self.service_users.get(owner_id)
        return user is None or user.active

    def may_write(self, owner_id: str) -> bool:
        """Tell whether the owner of a key may change anything."""
        user = self.service_users.get(owner_id)
        return user is None or READ_ONLY not in user.roles

    def is_administrator(self, key: ApiKey) -> bool:
        """Tell whether ``key`` is an administrator's. A Service User never is one."""
        return key.owner_id == self.administrator


def now() -> datetime:
    """Return the time in whole seconds, as ids and documents have it."""
    return datetime.now(UTC).replace(microsecond=0)


def _new_id(prefix: str, created: datetime) -> str:
    return prefix + ksuid(int(created.timestamp()))


def ksuid(created: int, payload: bytes | None = None) -> str:
    """Return a KSUID.

    Args:
        created: seconds since 1970, UTC.
        payload: its 16 other bytes; random by default.
    """
    stamp = (created - _KSUID_EPOCH).to_bytes(4, "big")
    return _base62(stamp + (payload or os.urandom(_PAYLOAD_BYTES)), _KSUID_LENGTH)


def new_token(first_half: str) -> str:
    """Return a key whose id is ``ak_`` and ``first_half``. It opens this sandbox alone."""
    (number,) = os.urandom(1)
    secret = _base62(os.urandom(_PAYLOAD_BYTES), _SECRET_LENGTH - 1)
    return f"{first_half}_{number % 10}{secret}"


def _base62(data: bytes, length: int) -> str:
    number = int.from_bytes(data, "big")
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(reversed(letters))
