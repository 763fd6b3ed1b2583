import socket
import threading

import pytest

from ngrok_scim_cli.sandbox import RequestLine, open_sandbox
from ngrok_scim_cli.sandbox.http_server import BODY_LIMIT, _Connection
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import NGROK_VERSION, OKTA_TEST, port_of, raw, scim, send
from tests.support.cases import each_case


def _connect(sandbox: Sandbox) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port_of(sandbox)), timeout=5)


def test_values_name_the_port_that_was_bound(shared_sandbox: Sandbox) -> None:
    values = shared_sandbox.values
    root = f"http://127.0.0.1:{port_of(shared_sandbox)}"

    assert (values.api_base_url, values.scim_base_url) == (root, f"{root}/scim/v2/")
    assert values.okta_org_url == root


def test_taken_port_is_an_os_error(shared_sandbox: Sandbox) -> None:
    with pytest.raises(OSError, match="use"), open_sandbox(port=port_of(shared_sandbox)):
        pass


def test_connection_serves_one_request_after_another(shared_sandbox: Sandbox) -> None:
    one = b"GET /nope HTTP/1.1\r\n\r\n"
    last = b"GET /last HTTP/1.1\r\nConnection: close\r\n\r\n"
    received = raw(shared_sandbox, one + one + last)

    assert received.count(b"HTTP/1.1 404 Not Found\r\n") == 3
    assert received.count(b"Connection: close") == 1
    assert received.endswith(b'"details": {"path": "/last"}}')


def test_http_1_0_gets_its_answer_and_the_end(shared_sandbox: Sandbox) -> None:
    received = raw(shared_sandbox, b"GET /nope HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")

    assert b"Connection: close" in received


def test_head_is_answered_without_a_body(shared_sandbox: Sandbox) -> None:
    received = raw(shared_sandbox, b"HEAD /nope HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert received.startswith(b"HTTP/1.1 404")
    assert received.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Content-Length: ten", b"400"),
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: %d" % (BODY_LIMIT + 1), b"413"),
        (b"Content-Length: " + b"9" * 5000, b"413"),
    ],
)
def test_body_that_cannot_be_read_is_refused(
    shared_sandbox: Sandbox, header: bytes, status: bytes
) -> None:
    received = raw(shared_sandbox, b"POST /api_keys HTTP/1.1\r\n" + header + b"\r\n\r\n")

    assert received.startswith(b"HTTP/1.1 " + status)


def test_request_with_an_incomplete_body_is_not_served() -> None:
    lines: list[RequestLine] = []
    with open_sandbox(on_request=lines.append) as sandbox:
        with _connect(sandbox) as connection:
            connection.sendall(b"POST /api_keys HTTP/1.1\r\nContent-Length: 9\r\n\r\n{}")
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(100) == b""
        send(sandbox, "GET", "/nope")

    assert [line.path for line in lines] == ["/nope"]


def test_line_that_is_no_http_is_refused(shared_sandbox: Sandbox) -> None:
    assert b"400" in raw(shared_sandbox, b"\x16\x03\x01\x02\x00\r\n\r\n")


def test_each_request_is_reported_with_the_key_by_its_id() -> None:
    lines: list[RequestLine] = []
    with open_sandbox(on_request=lines.append) as sandbox:
        scim(sandbox, "GET", OKTA_TEST)
        send(sandbox, "GET", "/api_keys", headers=NGROK_VERSION)
        send(sandbox, "GET", "/api_keys", authorization=b"Bearer x")
        send(sandbox, "GET", f"/{sandbox.values.scim_key}")
        sandbox.set_faults(["never-answers", "drops-connection"])
        raw(sandbox, b"GET /scim/v2/Users HTTP/1.1\r\n\r\n")
        scim_key = sandbox.values.scim_key

    key_id = "ak_" + scim_key.partition("_")[0]
    assert [(line.path, line.status, line.credential, line.faults) for line in lines] == [
        (OKTA_TEST, 200, key_id, ()),
        ("/api_keys", 403, "none", ()),
        ("/api_keys", 403, "unknown", ()),
        (f"/{key_id.removeprefix('ak_')}_...", 404, "none", ()),
        ("/scim/v2/Users", None, "none", ("never-answers", "drops-connection")),
    ]
    assert all(line.elapsed_ms >= 0 for line in lines)
    assert scim_key not in repr(lines)


def test_no_repr_holds_a_key(shared_sandbox: Sandbox) -> None:
    seen = repr(list(shared_sandbox.account.keys.values()))

    assert shared_sandbox.values.scim_key not in seen
    assert shared_sandbox.values.admin_key not in seen


def test_requests_are_served_side_by_side(sandbox: Sandbox) -> None:
    sandbox.set_faults(["never-answers@1"])
    with _connect(sandbox) as waiting:
        waiting.sendall(b"GET /scim/v2/Users HTTP/1.1\r\n\r\n")
        while not sandbox._armed[0].seen:
            send(sandbox, "GET", "/nope")
        assert scim(sandbox, "GET", OKTA_TEST).status == 200


@pytest.mark.parametrize("fault", ["never-answers", "slow=100000", "slow-drip=100000", None])
def test_stop_hangs_up_on_whoever_waits(fault: str | None) -> None:
    arrived = threading.Event()
    with open_sandbox(
        faults=[fault] if fault else [], on_request=lambda _: arrived.set()
    ) as sandbox:
        waiting = _connect(sandbox)
        if fault:
            waiting.sendall(b"GET /scim/v2/Users HTTP/1.1\r\n\r\n")
            assert arrived.wait(5)
        else:
            send(sandbox, "GET", "/nope")
        server = sandbox._server

    with waiting:
        received = b"".join(iter(lambda: waiting.recv(100), b""))
    assert received in (b"", b"H")
    assert not server._connections


def test_client_that_disconnects_prints_no_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with open_sandbox(faults=["slow-drip=0"]) as sandbox:
        with _connect(sandbox) as connection:
            connection.sendall(b"GET /scim/v2/Users HTTP/1.1\r\n\r\n")
            connection.recv(1)
        assert send(sandbox, "GET", "/nope").status == 404

    assert capsys.readouterr().err == ""


def test_bug_in_the_sandbox_is_reported_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: RequestLine) -> None:
        raise RuntimeError("failed here")

    with open_sandbox(on_request=fail) as sandbox:
        assert raw(sandbox, b"GET /nope HTTP/1.1\r\n\r\n") == b""

    assert "failed here" in capsys.readouterr().err


def test_sandbox_can_be_opened_again() -> None:
    sandbox = open_sandbox()
    with sandbox:
        first = sandbox.values
    with sandbox:
        assert scim(sandbox, "GET", OKTA_TEST).status == 200
        assert sandbox.values.scim_key == first.scim_key


@each_case(
    ("hosts", "status"),
    [
        ("Host: 127.0.0.1:PORT", b"404"),
        ("Host: LOCALHOST:PORT", b"404"),
        ("Host: localhost", b"421"),
        ("Host: 127.0.0.1:1", b"421"),
        ("Host: rebound.example:PORT", b"421"),
        ("Host:", b"421"),
        ("Host: 127.0.0.1:PORT\r\nHost: rebound.example", b"421"),
    ],
)
def test_request_with_another_host_header_is_refused(
    shared_sandbox: Sandbox, hosts: str, status: bytes
) -> None:
    head = f"GET /nope HTTP/1.1\r\n{hosts}\r\nConnection: close\r\n\r\n"
    received = raw(shared_sandbox, head.replace("PORT", str(port_of(shared_sandbox))).encode())

    assert received.startswith(b"HTTP/1.1 " + status)


def test_silent_client_is_hung_up_on(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    assert (_Connection.timeout or 999) <= 60  # None waits for ever
    monkeypatch.setattr(_Connection, "timeout", 0.05)

    assert raw(sandbox, b"GET /nope HT") == b""
    assert raw(sandbox, b"POST /api_keys HTTP/1.1\r\nContent-Length: 9\r\n\r\n{") == b""
