"""The whole setup against `https://api.ngrok.com`, and each request letter for letter.

The name leads to loopback, where a certificate of an authority of the test's own is shown.
"""

import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ngrok_scim_cli import __version__
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.certificates import Authorities
from tests.support.command_line import CommandLine, Ran
from tests.support.loopback_network import loopback_network
from tests.support.stand_in import HOST, TlsFront, _content_length, _FrontConversation

pytestmark = pytest.mark.no_cover

HOST_OF_NGROK = "api.ngrok.com"

PASSING = (
    (rb"Bearer [0-9A-Za-z]{27}_[0-9A-Za-z]{21}", b"Bearer KEY"),
    (rb"bot_[0-9A-Za-z]{27}", b"bot_ID"),
    (rb"ak_[0-9A-Za-z]{27}", b"ak_ID"),
    (rb'"mark\\": \\"[0-9a-f]{16}', b'"mark\\\\": \\\\"MARK'),
)

_HEADERS_OF_NGROK = f"""\
Accept: application/json
User-Agent: ngrok-scim/{__version__}
Ngrok-Version: 2
Authorization: Bearer KEY
Host: api.ngrok.com"""

LIST_SERVICE_USERS = f"""\
GET /service_users HTTP/1.1
{_HEADERS_OF_NGROK}"""

CREATE_SERVICE_USER = f"""\
POST /service_users HTTP/1.1
{_HEADERS_OF_NGROK}
Content-Type: application/json
Content-Length: 25

{{"name": "Okta SCIM Bot"}}"""

CREATE_API_KEY = (
    f"""\
POST /api_keys HTTP/1.1
{_HEADERS_OF_NGROK}
Content-Type: application/json
Content-Length: 164

"""
    r'{"description": "Okta SCIM Integration", '
    r'"metadata": "{\"made_by\": \"ngrok-scim\", \"mark\": \"MARK\"}", "owner_id": "bot_ID"}'
)

TEST_CONNECTOR = """\
GET /scim/v2/Users?startIndex=1&count=2 HTTP/1.1
Accept: application/scim+json
Accept-Charset: utf-8
User-Agent: Okta SCIM Client 1.0.0
Authorization: Bearer KEY
Host: api.ngrok.com
Connection: Keep-Alive
Accept-Encoding: gzip,deflate"""


LIST_API_KEYS = f"""\
GET /api_keys HTTP/1.1
{_HEADERS_OF_NGROK}"""

REVOKE_API_KEY = f"""\
DELETE /api_keys/ak_ID HTTP/1.1
{_HEADERS_OF_NGROK}"""

SETUP = ("setup", "--okta-app-type", "saml", "--domain", "corp.example")
ROTATE = ("api-key", "rotate")


class RecordingFront(TlsFront):
    """Hands each request on, with its body, and keeps it as it came."""

    def __init__(self, authorities: Authorities, harness: tuple[str, int]) -> None:
        super().__init__(authorities.context("trusted"), harness)
        self.requests: list[bytes] = []
        self.RequestHandlerClass = _RecordingConversation


class _RecordingConversation(_FrontConversation):
    server: RecordingFront

    def _answer(self, connection: socket.socket, head: bytes) -> bool:
        body = b""
        while len(body) < _content_length(head):
            body += connection.recv(65536)
        self.server.requests.append(head + body)
        return super()._answer(connection, head + body)


@pytest.fixture
def account() -> Iterator[Sandbox]:
    with open_sandbox(empty_account=True) as opened:
        yield opened


@pytest.fixture
def ngrok(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[RecordingFront]:
    authorities = Authorities(HOST_OF_NGROK)
    authorities.write_bundle(tmp_path / "authority.pem")
    port = urlsplit(account.values.api_base_url).port
    assert port is not None
    backend = "tests.support.keyring_backends.FileBackedKeyring"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    monkeypatch.setenv("NGROK_SCIM_TEST_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("NGROK_API_KEY", account.values.admin_key)
    with (
        loopback_network(monkeypatch) as network,
        RecordingFront(authorities, (HOST, port)) as front,
    ):
        network.ports[HOST_OF_NGROK] = front.port
        yield front
        assert network.left == []


@pytest.fixture
def run(
    ngrok: RecordingFront, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Ran]:
    options = ("--no-input", "--ca-bundle", str(tmp_path / "authority.pem"))
    return lambda *command: CommandLine(monkeypatch)(*command, *options)


@pytest.fixture
def ran(run: Callable[..., Ran]) -> Ran:
    first = run(*SETUP)
    assert first.status == 0, first.out + first.err
    return first


def letters(request: bytes) -> str:
    """Return a request as it came, with what differs from run to run named."""
    for passing, name in PASSING:
        request = re.sub(passing, name, request)
    return request.decode().replace("\r\n", "\n").rstrip("\n")


def test_each_request_of_the_whole_setup_is_ngroks_and_none_is_needless(
    ran: Ran, ngrok: RecordingFront, account: Sandbox
) -> None:
    admin_key = f"Bearer {account.values.admin_key}\r\n".encode()
    assert [admin_key in request for request in ngrok.requests] == [True, True, True, False]
    assert [letters(request) for request in ngrok.requests] == [
        LIST_SERVICE_USERS,
        CREATE_SERVICE_USER,
        CREATE_API_KEY,
        TEST_CONNECTOR,
    ]


def test_the_test_of_the_connector_carries_the_new_key(
    ran: Ran, ngrok: RecordingFront, account: Sandbox
) -> None:
    (made,) = (key for key in account.account.keys.values() if key.metadata)
    assert f"Bearer {made.token}\r\n".encode() in ngrok.requests[-1]
    assert json.loads(made.metadata)["made_by"] == "ngrok-scim"


def test_a_second_run_tests_and_asks_nothing_else(
    ran: Ran, run: Callable[..., Ran], ngrok: RecordingFront
) -> None:
    before = len(ngrok.requests)
    run(*SETUP)
    assert [letters(request) for request in ngrok.requests[before:]] == [TEST_CONNECTOR]


def test_a_rotation_asks_for_no_more_than_it_needs(
    ran: Ran, run: Callable[..., Ran], ngrok: RecordingFront
) -> None:
    before = len(ngrok.requests)
    run(*ROTATE)
    made = len(ngrok.requests)
    run(*ROTATE, "--finish", "--yes")
    assert [letters(request) for request in ngrok.requests[before:made]] == [
        LIST_SERVICE_USERS,
        CREATE_API_KEY,
    ]
    assert [letters(request) for request in ngrok.requests[made:]] == [
        TEST_CONNECTOR,
        LIST_API_KEYS,
        REVOKE_API_KEY,
    ]
