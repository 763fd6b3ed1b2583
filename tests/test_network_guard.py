import socket
import threading
from collections.abc import Callable

import pytest

from tests.support.network_guard import NetworkGuard

ELSEWHERE = ("192.0.2.1", 443)  # RFC 5737: belongs to nobody
ELSEWHERE_6 = ("2001:db8::1", 443)  # RFC 3849


def connect(kind: int, address: tuple[str, int]) -> None:
    with socket.socket(kind, socket.SOCK_STREAM) as client:
        client.connect(address)


def send_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"?", 0, ("192.0.2.1", 53))


@pytest.mark.parametrize(
    ("reach_out", "refused"),
    [
        (lambda: connect(socket.AF_INET, ELSEWHERE), "reaches out to 192.0.2.1"),
        (lambda: connect(socket.AF_INET6, ELSEWHERE_6), "reaches out to 2001:db8::1"),
        (send_datagram, "reaches out to 192.0.2.1"),
        (lambda: socket.create_connection(ELSEWHERE), "looks up 192.0.2.1"),
        (lambda: socket.getaddrinfo("ngrok.example", 443), "looks up ngrok.example"),
        (lambda: socket.getaddrinfo(b"ngrok.example", 443), "looks up ngrok.example"),
        (lambda: socket.gethostbyname("ngrok.example"), "looks up ngrok.example"),
    ],
)
def test_a_test_that_leaves_the_machine_fails(
    network_guard: NetworkGuard, reach_out: Callable[[], object], refused: str
) -> None:
    with pytest.raises(pytest.fail.Exception, match=refused):
        reach_out()
    assert network_guard.refused == [refused]
    network_guard.refused.clear()


def test_what_a_thread_tried_is_remembered(network_guard: NetworkGuard) -> None:
    def swallow() -> None:
        with pytest.raises(pytest.fail.Exception):
            socket.getaddrinfo("ngrok.example", 443)

    thread = threading.Thread(target=swallow)
    thread.start()
    thread.join()
    assert network_guard.refused == ["looks up ngrok.example"]
    network_guard.refused.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_test_may_reach_its_own_server(network_guard: NetworkGuard, host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1])).close()
    assert network_guard.refused == []


def test_a_name_that_cannot_exist_is_answered_without_asking(network_guard: NetworkGuard) -> None:
    with pytest.raises(socket.gaierror) as raised:
        socket.getaddrinfo("api.ngrok.invalid", 443)
    assert raised.value.errno == socket.EAI_NONAME
    assert network_guard.refused == []
