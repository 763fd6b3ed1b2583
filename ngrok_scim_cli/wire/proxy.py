"""Where a URL leads to, read by the library that sends it, and through which proxy."""

from collections.abc import Mapping
from dataclasses import field
from functools import partial

import httpx

from ngrok_scim_cli.hosts import is_loopback
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.exchange import FailureKind, Stopped

PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is spoken to in plain HTTP, and passes TLS on by ``CONNECT``."""

    host: str
    port: int
    credentials: tuple[str, str] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return authority(self.host, self.port)


def authority(host: str, port: int) -> str:
    """Return ``host:port``, with brackets around an IPv6 address (RFC 3986 section 3.2.2)."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def host_of(url: httpx.URL) -> str:
    """Return the host that is connected to: ASCII, in lower case, IPv6 without brackets."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    """Return the port that is connected to."""
    default = 443 if url.scheme == "https" else 80
    return default if url.port is None else url.port


def proxy_for(url: httpx.URL, environment: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for ``url``, by ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``.

    The rules are those of Python's ``urllib.request``: a variable in small letters goes first, and
    an empty one counts as given. Loopback is never asked for through a proxy.

    Raises:
        Stopped: the variable holds no address of a proxy that can be used.
    """

    def variable(name: str) -> str:
        return environment.get(name, environment.get(name.upper(), "")).strip()

    given = variable("https_proxy") or variable("all_proxy")
    if not given or is_loopback(host_of(url)):
        return None
    # Python documents what it does, but not its name.
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

    exceptions = variable("no_proxy")
    if exceptions and proxy_bypass_environment(
        f"{host_of(url)}:{port_of(url)}", {"no": exceptions}
    ):
        return None
    return _parse(given)


def _parse(given: str) -> Proxy:
    variables = "HTTPS_PROXY or ALL_PROXY"
    unusable = partial(Stopped, FailureKind.PROXY)
    try:
        url = httpx.URL(given if "://" in given else f"http://{given}")
    except (httpx.InvalidURL, ValueError):
        raise unusable(f"The proxy in {variables} is not a URL.") from None
    if url.password:
        redactor.learn(url.password)
    if url.scheme != "http":
        raise unusable(
            f"The proxy in {variables} is of a kind that is not supported ({url.scheme}); name one "
            "with http://."
        )
    if url.path.endswith((".pac", ".dat")):
        raise unusable(f"{variables} names a PAC file, which is not supported.")
    port = 80 if url.port is None else url.port
    if not url.raw_host or port not in PORTS:
        raise unusable(f"The proxy in {variables} has no host, or no such port.")
    return Proxy(host_of(url), port, (url.username, url.password) if url.userinfo else None)
