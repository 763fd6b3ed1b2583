"""The proxy that the environment names, if any."""

from collections.abc import Mapping
from dataclasses import field

import httpx

from ngrok_scim_cli.hosts import is_loopback
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.address import PORTS, host_of, port_of
from ngrok_scim_cli.wire.exchange import Failure, FailureKind, Stopped

_VARIABLES = ("https_proxy", "all_proxy")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is spoken to in plain HTTP, and passes TLS on by ``CONNECT``."""

    host: str
    port: int
    credentials: tuple[str, str] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def proxy_for(url: httpx.URL, environment: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for ``url``, by ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``.

    The rules are those of Python's ``urllib.request``: a variable in small letters goes first, and
    an empty one counts as given. Loopback is never asked for through a proxy.

    Raises:
        Stopped: the variable holds no address of a proxy that can be used.
    """
    host = host_of(url)
    given = next((value for name in _VARIABLES if (value := _variable(environment, name))), "")
    if not given or is_loopback(host):
        return None
    # Python documents what it does, but not its name.
    from urllib.request import (  # type: ignore[attr-defined]
        proxy_bypass_environment,
    )

    exceptions = _variable(environment, "no_proxy")
    if exceptions and proxy_bypass_environment(f"{host}:{port_of(url)}", {"no": exceptions}):
        return None
    return _parse(given)


def _variable(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name, environment.get(name.upper(), "")).strip()


def _parse(given: str) -> Proxy:
    try:
        url = httpx.URL(given if "://" in given else f"http://{given}")
    except (httpx.InvalidURL, ValueError):
        raise _unusable("The proxy in HTTPS_PROXY or ALL_PROXY is not a URL.") from None
    if url.password:
        redactor.learn(url.password)
    if url.scheme != "http":
        raise _unusable(
            f"The proxy in HTTPS_PROXY or ALL_PROXY is of a kind that is not supported "
            f"({url.scheme}); name one with http://."
        )
    if url.path.endswith((".pac", ".dat")):
        raise _unusable("HTTPS_PROXY or ALL_PROXY names a PAC file, which is not supported.")
    port = 80 if url.port is None else url.port
    if not url.raw_host or port not in PORTS:
        raise _unusable("The proxy in HTTPS_PROXY or ALL_PROXY has no host, or no such port.")
    credentials = (url.username, url.password) if url.userinfo else None
    return Proxy(host_of(url), port, credentials)


def _unusable(detail: str) -> Stopped:
    return Stopped(Failure(FailureKind.PROXY, detail))
