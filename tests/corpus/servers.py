"""The servers of the corpus: started once, each case gives them another script."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ngrok_scim_cli.sandbox import RequestLine
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.corpus.cases import ONE_USER, Case
from tests.support.certificates import Authorities
from tests.support.loopback_network import LoopbackNetwork
from tests.support.stand_in import (
    HOST,
    DeadPort,
    ProxyStandIn,
    Reply,
    Script,
    SilentPort,
    StandIn,
    TlsFront,
)

_REFUSALS = (400, 401, 403)
_PROXY_REPLIES = {
    "passes": Reply(200),
    "refuses": Reply(403, body=b"<html><title>Blocked by policy</title></html>"),
    "wants_password": Reply(407, (("Proxy-Authenticate", 'Basic realm="corp"'),)),
    "fails": Reply(502, body=b"upstream"),
}


@dataclass(frozen=True)
class Asked:
    """A request that reached the server: what for, and what it was answered."""

    target: str
    status: int | None

    @property
    def was_refused(self) -> bool:
        """Whether the answer may be the refusal of a credential."""
        return self.status in _REFUSALS


@dataclass
class CaseServer:
    """What one case runs against.

    Attributes:
        root: scheme, host and port of the server.
        port: the port on loopback.
        asked: returns the requests that it got.
        environment: what must be set, so that a proxy is used.
    """

    root: str
    port: int
    asked: Callable[[], list[Asked]]
    environment: dict[str, str] = field(default_factory=dict)


class Servers:
    """Starts servers when a case first needs them."""

    def __init__(
        self,
        authorities: Authorities,
        sandbox: Sandbox,
        sandbox_requests: list[RequestLine],
        closing: ExitStack,
    ) -> None:
        self.authorities = authorities
        self.sandbox = sandbox
        self._sandbox_requests = sandbox_requests
        self._closing = closing
        self._started: dict[str, StandIn] = {}
        self._ports: dict[str, int] = {}

    def prepare(
        self, case: Case, network: LoopbackNetwork, pass_time: Callable[[], None]
    ) -> CaseServer:
        """Make a server behave as ``case`` says.

        Args:
            case: the case.
            network: what leads its names to the server.
            pass_time: called by the server before each answer.
        """
        self.sandbox.set_faults(case.faults)
        self._sandbox_requests.clear()
        if case.port:
            return CaseServer(f"http://{HOST}:{self._port(case.port)}", self._port(case.port), list)
        is_scripted = case.reply is not None or case.behaviour != "answers" or bool(case.tls)
        case_server = self._scripted(case, pass_time) if is_scripted else self._sandboxed(case)
        network.ports = dict.fromkeys(case.names, case_server.port)
        if case.names:
            case_server.root = f"https://{case.names[0]}"
        if case.proxy:
            case_server.environment = {"HTTPS_PROXY": self._proxy(case.proxy, case_server.port)}
        return case_server

    def _scripted(self, case: Case, pass_time: Callable[[], None]) -> CaseServer:
        tls = case.tls or ("trusted" if case.names else "plain")
        speaks_tls = tls not in ("plain", "plain_http")
        server = self._start(
            tls if speaks_tls else "plain",
            lambda: StandIn(self.authorities.context(tls) if speaks_tls else None),
        )
        script = Script(
            reply=case.reply or HEALTHY,
            lookup=case.lookup,
            elsewhere=case.elsewhere,
            behaviour=case.behaviour,
            on_request=pass_time,
        )
        if case.garbage:
            script = Script(behaviour=case.behaviour, garbage=case.garbage.encode("latin-1"))
        server.follow(script)
        root = f"https://localhost:{server.port}" if case.tls else f"http://{HOST}:{server.port}"
        return CaseServer(
            root, server.port, lambda: [Asked(seen.target, seen.status) for seen in server.seen]
        )

    def _sandboxed(self, case: Case) -> CaseServer:
        root = self.sandbox.values.api_base_url
        port = urlsplit(root).port or 0
        if case.names:
            context = self.authorities.context
            port = self._start("front", lambda: TlsFront(context("trusted"), (HOST, port))).port
        requests = self._sandbox_requests
        return CaseServer(root, port, lambda: [Asked(line.path, line.status) for line in requests])

    def _proxy(self, kind: str, port: int) -> str:
        if kind == "dead":
            return f"http://{HOST}:{self._port('dead')}"
        proxy = self._start(f"proxy to {port}", lambda: ProxyStandIn((HOST, port)))
        proxy.follow(Script(reply=_PROXY_REPLIES[kind]))
        return f"http://{HOST}:{proxy.port}"

    def _start(self, name: str, make: Callable[[], StandIn]) -> StandIn:
        if name not in self._started:
            self._started[name] = self._closing.enter_context(make())
        return self._started[name]

    def _port(self, kind: str) -> int:
        if kind not in self._ports:
            port = DeadPort() if kind == "dead" else SilentPort()
            self._ports[kind] = self._closing.enter_context(port)
        return self._ports[kind]


HEALTHY = Reply(headers=(("Content-Type", "application/scim+json"),), body=ONE_USER.encode())
