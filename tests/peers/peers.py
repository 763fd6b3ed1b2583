"""Other SCIM servers, as their packages make them: installed into .peers/, run as processes."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

HOST = "127.0.0.1"
KEY = "3PeerPeerPeerPeerPeerPeer00_9VogelVogelVogelVogel12"
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--target"]
NPM = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"]
NPM += ["--ignore-scripts", "--silent", "--prefix"]
USERS = ("ada@corp.example", "bruno@corp.example", "chioma@corp.example")

_HERE = Path(__file__).parent
_INSTALLED = _HERE.parents[1] / ".peers"
_ATTEMPTS = 300
_ATTEMPT_SECONDS = 0.1
_INSTALL_SECONDS = 600

_DJANGO = ("django-scim2==0.23.0", "Django==5.2.19")
_EXPRESS = {"4": "4.22.3", "5": "5.3.0"}
_SCIMMY = ("scimmy@1.3.5", "scimmy-routers@1.3.2")


@dataclass(frozen=True)
class Peer:
    """A running server.

    Attributes:
        root: scheme, host and port.
        path: where its SCIM endpoint is.
    """

    root: str
    path: str

    @property
    def base_url(self) -> str:
        return self.root + self.path


@contextmanager
def scim2_server(folder: Path) -> Iterator[Peer]:
    """Run scim2-server from its own command line."""
    program = Path(sys.executable).with_name("scim2-server")
    port = _free_port()
    arguments = ["--hostname", HOST, "--port", str(port), "--bearer-token", KEY]
    with _running([str(program), *arguments], port, folder):
        yield Peer(f"http://{HOST}:{port}", "/v2")


@contextmanager
def django_scim2(folder: Path) -> Iterator[Peer]:
    """Run django-scim2 in a project of ours."""
    packages = installed("django", PIP, _DJANGO)
    port = _free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "django_peer.settings",
        "PYTHONPATH": os.pathsep.join([str(_HERE), str(packages)]),
        "PEER_DATABASE": str(folder / "users.sqlite"),
        "PEER_KEY": KEY,
    }
    django = [sys.executable, "-m", "django"]
    subprocess.run(
        [*django, "migrate", "--run-syncdb", "--verbosity", "0"],
        env=os.environ | environment,
        timeout=60,
        check=True,
    )
    serve = [*django, "runserver", "--noreload", f"{HOST}:{port}"]
    with _running(serve, port, folder, environment):
        yield Peer(f"http://{HOST}:{port}", "/scim/v2")


@contextmanager
def scimmy_on_express_4(folder: Path) -> Iterator[Peer]:
    """Run scimmy-routers on Express 4."""
    with _scimmy(folder, "4") as peer:
        yield peer


@contextmanager
def scimmy_on_express_5(folder: Path) -> Iterator[Peer]:
    """Run scimmy-routers on Express 5, where it loses how many users were asked for."""
    with _scimmy(folder, "5") as peer:
        yield peer


@contextmanager
def scimmy_without_filter(folder: Path) -> Iterator[Peer]:
    """Run scimmy-routers over a store that does not heed the filter."""
    with _scimmy(folder, "4", store="unfiltered") as peer:
        yield peer


@contextmanager
def _scimmy(folder: Path, express: str, store: str = "") -> Iterator[Peer]:
    packages = installed(
        f"scimmy{express}",
        NPM,
        (*_SCIMMY, f"express@{_EXPRESS[express]}"),
    )
    # Node looks for packages from where the file lies.
    server = shutil.copy(_HERE / "scimmy_peer" / "server.mjs", packages / "server.mjs")
    port = _free_port()
    environment = {"PEER_PORT": str(port), "PEER_KEY": KEY, "PEER_STORE": store}
    with _running([_program("node"), str(server)], port, folder, environment):
        yield Peer(f"http://{HOST}:{port}", "/scim/v2")


def fill(peer: Peer) -> None:
    """Make the users ``USERS``, as Okta does."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/scim+json"}
    for name in USERS:
        user = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name,
            "name": {"givenName": name.partition("@")[0].title(), "familyName": "Example"},
            "emails": [{"value": name, "type": "work", "primary": True}],
            "active": True,
        }
        made = httpx.post(f"{peer.base_url}/Users", json=user, headers=headers, trust_env=False)
        assert made.status_code == httpx.codes.CREATED, made.text


def installed(name: str, install_into: list[str], packages: tuple[str, ...]) -> Path:
    """Return the folder with ``packages``; they are installed when it is asked for first.

    Args:
        name: what the folder is called.
        install_into: the command, without the folder and the packages.
        packages: the packages with their versions.
    """
    folder = _INSTALLED / name
    # Written last, so that what was broken off is made anew.
    seal = folder / "installed.txt"
    wanted = "\n".join(packages)
    if not seal.is_file() or seal.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (_INSTALLED / ".gitignore").write_text("*\n")
        subprocess.run(
            [*install_into, str(folder), *packages], timeout=_INSTALL_SECONDS, check=True
        )
        seal.write_text(wanted)
    return folder


@contextmanager
def _running(
    command: list[str], port: int, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a server until the end of the block, which begins when it accepts connections."""
    log = folder / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, env=os.environ | (environment or {}), stdout=output, stderr=output
        ) as server,
    ):
        try:
            _wait_until_it_accepts(server, port, log)
            yield
        finally:
            server.kill()


def _wait_until_it_accepts(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(_ATTEMPTS):
        with socket.socket() as connection:
            if connection.connect_ex((HOST, port)) == 0:
                return
        try:
            server.wait(_ATTEMPT_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"The server does not serve:\n{log.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _program(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is not installed"
    return path
