"""What a fault is: a row with a name, what it replaces, and what must then be found."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.message import OKTA_PREFIX, Answer, Request

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.account import Account
    from ngrok_scim_cli.sandbox.directory import Directory
    from ngrok_scim_cli.sandbox.okta_org import OktaOrg

Scope = Callable[[Request], bool]


@dataclass(frozen=True, slots=True)
class SandboxState:
    """What a fault can change."""

    account: "Account"
    directory: "Directory"
    org: "OktaOrg"
    value: float = 0

    @property
    def count(self) -> int:
        """The number of the fault as a number of people or things."""
        return int(self.value)


@dataclass(frozen=True, slots=True)
class Call:
    """One request that a fault strikes.

    Attributes:
        serve: what would answer without this fault.
    """

    request: Request
    value: float
    serve: Callable[[Request], Answer]
    state: "SandboxState"

    def answer(self) -> Answer:
        """Return what would be answered without this fault."""
        return self.serve(self.request)


def on_every_request(request: Request) -> bool:
    """Every request strikes."""
    del request
    return True


def on_ngrok(request: Request) -> bool:
    """Requests to ngrok strike: its API and its SCIM endpoint."""
    return not on_okta(request)


def on_okta(request: Request) -> bool:
    """Requests to the Okta org strike."""
    return request.path.startswith(OKTA_PREFIX)


def on_scim(request: Request) -> bool:
    """Requests to the SCIM endpoint strike; a wrong base URL gets its 404 as ever."""
    return request.path.startswith("/scim/v2/")


def on_users(request: Request) -> bool:
    """Lists of users strike, with a filter or without."""
    return request.method == "GET" and request.path == "/scim/v2/Users"


def on_lookup(request: Request) -> bool:
    """Lists of users with a filter strike."""
    return on_users(request) and any(name == "filter" for name, _ in request.query)


def on_listing(request: Request) -> bool:
    """Lists of users without a filter strike."""
    return on_users(request) and not on_lookup(request)


def on_create(request: Request) -> bool:
    """Requests that make a user strike."""
    return request.method == "POST" and request.path == "/scim/v2/Users"


def on_one(*methods: str) -> Scope:
    """Requests with these methods on one user by id strike."""
    return lambda request: request.method in methods and request.path.startswith("/scim/v2/Users/")


def on_api(request: Request) -> bool:
    """Requests to ngrok's API strike."""
    return on_ngrok(request) and not request.path.startswith("/scim/")


def on_new_key(request: Request) -> bool:
    """Requests that make a key strike."""
    return request.method == "POST" and request.path == "/api_keys"


def on_new_service_user(request: Request) -> bool:
    """Requests that make a Service User strike."""
    return request.method == "POST" and request.path in ("/service_users", "/bot_users")


@dataclass(frozen=True, slots=True)
class Fault:
    """One named way in which the sandbox breaks: what it replaces, and what must then be found.

    A fault either answers requests (``strikes``) or is there when the sandbox is built
    (``builds``).

    Attributes:
        found: the finding codes that it provokes, with blanks between them.
        strikes: answers those requests; it may ask the call for the sound answer.
        builds: changes the account, the users or the org before anything is served.
        value: the number of ``NAME=NUMBER`` where none is given; ``None`` takes no number.
        most: the largest number of ``NAME=NUMBER``; ``None`` takes any.
    """

    name: str
    summary: str
    found: str
    scope: Scope = on_scim
    strikes: Callable[[Call], Answer] | None = None
    builds: Callable[[SandboxState], object] | None = None
    value: float | None = None
    unit: str = ""
    most: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The finding codes that it provokes."""
        return tuple(self.found.split())
