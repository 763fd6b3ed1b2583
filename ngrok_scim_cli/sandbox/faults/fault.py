"""What a fault is: a row with a name, what it replaces, and what must then be found."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.message import OKTA_PREFIX, Answer, Request

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.account import Account
    from ngrok_scim_cli.sandbox.directory import Directory
    from ngrok_scim_cli.sandbox.okta_org import OktaOrg

USERS = "/scim/v2/Users"


@dataclass(frozen=True, slots=True)
class SandboxState:
    """What a fault can change, with the number of the fault."""

    account: "Account"
    directory: "Directory"
    org: "OktaOrg"
    value: float = 0

    @property
    def count(self) -> int:
        """The number as a number of people or things."""
        return int(self.value)


@dataclass(frozen=True, slots=True)
class FaultContext:
    """One request that a fault is about.

    Attributes:
        serve: what would answer without this fault.
    """

    request: Request
    value: float
    serve: Callable[[Request], Answer]
    state: SandboxState

    def answer(self) -> Answer:
        """Return what would be answered without this fault."""
        return self.serve(self.request)


Scope = Callable[[Request], bool]
Handler = Callable[[FaultContext], Answer]
Builder = Callable[[SandboxState], object]


def on_every_request(_: Request) -> bool:
    """Choose every request."""
    return True


def on_okta(request: Request) -> bool:
    """Choose requests to the Okta org."""
    return request.path.startswith(OKTA_PREFIX)


def on_ngrok(request: Request) -> bool:
    """Choose requests to ngrok: its API and its SCIM endpoint."""
    return not on_okta(request)


def on_scim(request: Request) -> bool:
    """Choose requests to the SCIM endpoint; a wrong base URL gets its 404 as ever."""
    return request.path.startswith("/scim/v2/")


def on_api(request: Request) -> bool:
    """Choose requests to ngrok's API."""
    return on_ngrok(request) and not request.path.startswith("/scim/")


def on_users(request: Request) -> bool:
    """Choose lists of users, with a filter or without."""
    return request.method == "GET" and request.path == USERS


def on_lookup(request: Request) -> bool:
    """Choose lists of users with a filter."""
    return on_users(request) and any(name == "filter" for name, _ in request.query)


def on_listing(request: Request) -> bool:
    """Choose lists of users without a filter."""
    return on_users(request) and not on_lookup(request)


def on_post(*paths: str) -> Scope:
    """Choose requests that make something at one of these paths."""
    return lambda request: request.method == "POST" and request.path in paths


on_create = on_post(USERS)
on_new_key = on_post("/api_keys")
on_new_service_user = on_post("/service_users", "/bot_users")


def on_one(*methods: str) -> Scope:
    """Choose requests with these methods on one user by id."""
    return lambda request: request.method in methods and request.path.startswith(f"{USERS}/")


@dataclass(frozen=True, slots=True)
class Fault:
    """One named way in which the sandbox breaks: what it replaces, and what must then be found.

    A fault either answers requests (``handler``) or is there when the sandbox is built
    (``builder``).

    Attributes:
        found: the finding codes that it provokes, with blanks between them.
        scope: chooses the requests that the handler answers.
        value: the number of ``NAME=NUMBER`` where none is given; ``None`` takes no number.
        most: the largest number of ``NAME=NUMBER``; ``None`` takes any.
    """

    name: str
    summary: str
    found: str
    scope: Scope = on_scim
    handler: Handler | None = None
    builder: Builder | None = None
    value: float | None = None
    unit: str = ""
    most: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The finding codes that it provokes."""
        return tuple(self.found.split())
