"""Plain records of one request and what came back. No I/O; the rules read these."""

from dataclasses import field, replace
from enum import StrEnum

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import json_value

# No reply is read beyond this many bytes (decoded).
BODY_LIMIT = 1024 * 1024

# How the detail of a failure ends where something else than an HTTP server answered.
NO_HTTP = "What the server sent is not valid HTTP."
NO_TLS = "does not speak TLS at this port."

# What a header takes in memory besides its letters, in bytes.
_HEADER_COSTS = 160


class FailureKind(StrEnum):
    """Why there is no HTTP reply."""

    DNS = "dns"
    REFUSED = "refused"
    CONNECT_TIMEOUT = "connect_timeout"
    READ_TIMEOUT = "read_timeout"
    TLS = "tls"
    PROXY = "proxy"
    DROPPED = "dropped"
    PROTOCOL = "protocol"
    WITHHELD = "withheld"


class TlsProblem(StrEnum):
    """What is wrong with the TLS handshake, where that is known."""

    UNTRUSTED = "untrusted"
    SELF_SIGNED = "self_signed"
    WRONG_NAME = "wrong_name"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    VERSION = "version"
    CLIENT_CERTIFICATE = "client_certificate"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, just as it goes out.

    Attributes:
        headers: name and value in the order in which they are sent. Left out of ``repr``: one of
            them holds the key.
        purpose: what the request is for, in a few words (``as typed``, ``repaired``).
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no reply came.

    Attributes:
        detail: one short line for a person; holds no credential.
        certificate: the peer's names, issuer or dates, as far as they explain ``tls``.
        is_local: whether this machine or its network is at fault, and not the server.
    """

    kind: FailureKind
    detail: str
    tls: TlsProblem | None = None
    certificate: str = ""
    is_local: bool = False


class Stopped(Exception):  # noqa: N818 - it says what happened; "Error" would add nothing
    """An exchange ended without a reply, for a reason that is known: a ``Failure`` of these."""

    def __init__(
        self,
        kind: FailureKind,
        detail: str,
        tls: TlsProblem | None = None,
        certificate: str = "",
        *,
        is_local: bool = False,
    ) -> None:
        super().__init__(kind.value)
        self.failure = Failure(kind, detail, tls, certificate, is_local)


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply.

    Attributes:
        headers: name (lower case) and value, in the order received.
        body: the decoded body, at most ``BODY_LIMIT`` bytes.
        dropped: how many bytes of the body were read and not kept.
    """

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    truncated: bool = False
    dropped: int = field(default=0, compare=False)

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return self.status // 100 == 2  # noqa: PLR2004 - a class of statuses

    @property
    def size(self) -> int:
        """How many bytes of the decoded body were read."""
        return len(self.body) + self.dropped

    @property
    def head_size(self) -> int:
        """How many bytes the reason and the headers take in memory, roughly."""
        sizes = (len(name) + len(value) + _HEADER_COSTS for name, value in self.headers)
        return len(self.reason) + sum(sizes)

    def header(self, name: str) -> str | None:
        """Return the first value of the header ``name`` (any case), or ``None``."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def media_type(self) -> str | None:
        """The media type without its parameters, in lower case; ``None`` where none was sent."""
        value = self.header("content-type")
        return value.split(";")[0].strip().lower() if value else None


class Phase(StrEnum):
    """A phase of an exchange on the network."""

    NAME = "name"
    TCP = "tcp"
    TLS = "tls"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class PhaseTiming:
    """How one phase went; ``detail`` is what was reached: addresses, TLS version, issuer."""

    phase: Phase
    elapsed_ms: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it: exactly one of ``reply`` and ``failure`` is there.

    Attributes:
        proxy: host and port of the proxy that was used, or empty.
        private_issuer: the authority that signed the peer's chain, where it is in no public trust
            store (the network re-signs TLS); else empty.
    """

    purpose: str
    method: str
    url: str
    reply: Reply | None = None
    failure: Failure | None = None
    elapsed_ms: int = 0
    timings: tuple[PhaseTiming, ...] = ()
    proxy: str = ""
    private_issuer: str = ""

    @property
    def status(self) -> int | None:
        """The status of the reply; ``None`` where none came."""
        return self.reply.status if self.reply else None

    def json(self) -> object:
        """Return the JSON value of a successful reply; ``None`` where there is none to be read."""
        if self.reply is None or not self.reply.is_success or self.reply.truncated:
            return None
        return json_value(self.reply.body)

    def json_object(self) -> dict[str, object] | None:
        """Return the JSON object of a successful reply; ``None`` where it has none."""
        value = self.json()
        return value if isinstance(value, dict) else None

    def without_body(self) -> "Exchange":
        """Return it without the body of its reply, whose size stays known."""
        if self.reply is None or not self.reply.body:
            return self
        return replace(self, reply=replace(self.reply, body=b"", dropped=self.reply.size))
