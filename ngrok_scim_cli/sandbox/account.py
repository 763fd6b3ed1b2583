"""The ngrok account of the sandbox: who is in it, its keys, its IP restrictions, and who may ask.

An id is a prefix and a KSUID: 27 characters of base62 for 20 bytes, of which the first four count
the seconds since 1400000000 (Unix). A key is the KSUID of its id, ``_``, and a secret of 21
characters that begins with a digit.
"""

import os
import re
import string
from collections import deque
from dataclasses import field
from datetime import UTC, datetime, timedelta
from time import monotonic

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.message import RefusedError, Request

SCIM_SERVICE_USER = "Okta SCIM Bot"
READ_ONLY = "developer-readonly"

# Seen on a live account in 2024; ngrok's documentation shows another one. Ids are opaque.
_SERVICE_USER_PREFIX = "bot_"
_ACCESS_TOKEN = "ngrok_pat_"  # noqa: S105 - its prefix

_MINUTE = 60  # seconds

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KSUID_EPOCH = 1_400_000_000
_KSUID_LENGTH = 27
_PAYLOAD_BYTES = 16
_SECRET_LENGTH = 21

_KEY_SHAPE = re.compile(rb"[0-9A-Za-z]{15,}_[0-9A-Za-z]{15,}")
# It begins where a run of letters and digits begins: otherwise a long run would be read over and
# over again.
_ACCESS_TOKEN_IN_TEXT = re.compile(r"(ngrok(?:_|%5[Ff])pat(?:_|%5[Ff]))[0-9A-Za-z]+")
_KEY_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])([0-9A-Za-z]{15,})(?:_|%5[Ff])[0-9A-Za-z]{8,}")


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
    """An IP restriction of type ``api``, which is enforced, with its one policy."""

    id: str
    policy_id: str
    description: str
    created: datetime


@dataclass(frozen=True, slots=True)
class IpPolicyRule:
    """A range of addresses that a policy allows."""

    id: str
    policy_id: str
    description: str
    created: datetime
    cidr: str


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
        self.ip_restrictions: dict[str, IpRestriction] = {}
        self.ip_policy_rules: dict[str, IpPolicyRule] = {}
        self.requests_per_minute: int | None = None
        self._requests: deque[float] = deque()
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
        self.scim_key = self.add_key(owner.id, "Okta SCIM Integration", "", created)

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
        text = _ACCESS_TOKEN + new_token(_new_id("", created)).replace("_", "")
        token_id = _new_id("pat_", created)
        token = ApiKey(token_id, text, description, metadata, created, owner_id, scopes)
        self.access_tokens[token_id] = token
        return token

    def add_ip_restriction(self, description: str, cidrs: tuple[str, ...]) -> None:
        """Add an enforced IP restriction for the API that allows ``cidrs``."""
        created = now()
        policy_id, restriction_id = _new_id("ipp_", created), _new_id("ipx_", created)
        restriction = IpRestriction(restriction_id, policy_id, description, created)
        self.ip_restrictions[restriction_id] = restriction
        for cidr in cidrs:
            rule_id = _new_id("ipr_", created)
            self.ip_policy_rules[rule_id] = IpPolicyRule(rule_id, policy_id, "", created, cidr)

    def authenticate(self, request: Request) -> ApiKey:
        """Return the key that a request was made with, compared byte for byte.

        Raises:
            RefusedError: ngrok repeats a refused credential in its message, and so does this.
        """
        header = request.header("authorization")
        if header is None or header.lower() in (b"", b"bearer"):
            raise RefusedError(200)
        credential = credential_of(request)
        if credential is None:
            raise RefusedError(201, credential=header.decode("utf-8", "replace"))
        key = self.key_of(credential)
        if key is None:
            code = self._refusal(credential)
            raise RefusedError(code, credential=credential.decode("utf-8", "replace"))
        owner = self.service_users.get(key.owner_id)
        if owner and not owner.active:
            raise RefusedError(636)
        if self._is_over_the_limit():
            raise RefusedError(226)
        if owner and READ_ONLY in owner.roles and request.method not in ("GET", "HEAD"):
            raise RefusedError(635)
        return key

    def presented(self, request: Request) -> str:
        """Return the id of the key or access token, ``unknown`` or ``none``."""
        if not request.header("authorization"):
            return "none"
        key = self.key_of(credential_of(request) or b"")
        return key.id if key else "unknown"

    def key_of(self, credential: bytes) -> ApiKey | None:
        """Return the key that is ``credential``, byte for byte, or ``None``."""
        known = (*self.keys.values(), *self.access_tokens.values())
        return next((key for key in known if key.token.encode() == credential), None)

    def _refusal(self, credential: bytes) -> int:
        for code, prefix in ((208, b"ak_"), (207, b"cr_"), (203, _ACCESS_TOKEN.encode())):
            if credential.startswith(prefix):
                return code
        if credential == self.authtoken.encode():
            return 206
        return 203 if _KEY_SHAPE.fullmatch(credential) else 202

    def _is_over_the_limit(self) -> bool:
        """Count a request, and return whether it is one too many in 60 seconds."""
        now = monotonic()
        while self._requests and self._requests[0] <= now - _MINUTE:
            self._requests.popleft()
        limit = self.requests_per_minute
        if limit is not None and len(self._requests) >= limit:
            return True
        self._requests.append(now)
        return False


def credential_of(request: Request) -> bytes | None:
    """Return what follows ``Bearer``, or ``None`` where the header cannot be read."""
    scheme, _, credential = (request.header("authorization") or b"").partition(b" ")
    readable = scheme.lower() == b"bearer" and b" " not in credential
    return credential if readable else None


def without_keys(text: str) -> str:
    """Return ``text`` in printable ASCII, each key in it cut down to its first half."""
    printable = "".join(
        letter if "!" <= letter <= "~" else f"%{ord(letter):02X}" for letter in text
    )
    return _KEY_IN_TEXT.sub(r"\1_...", _ACCESS_TOKEN_IN_TEXT.sub(r"\1...", printable))


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
