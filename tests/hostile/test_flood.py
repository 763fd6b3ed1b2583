"""A TLS server that floods behind the handshake keeps nobody from ending the program."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.support.raw_server import EMPTY_OK, RawServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
HOST = "127.0.0.1"
MEGABYTE = 1024 * 1024


class Relay:
    """Hands on what comes and goes, and tells when a megabyte has come from the server."""

    def __init__(self, to: int) -> None:
        self.flooded = threading.Event()
        self._to = to
        self._listening = socket.create_server((HOST, 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            client, _ = self._listening.accept()
            with client, socket.create_connection((HOST, self._to)) as server:
                up = threading.Thread(target=self._pump, args=(client, server), daemon=True)
                up.start()
                self._pump(server, client)
                server.shutdown(socket.SHUT_RDWR)
                up.join(10)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        handed_on = 0
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
                handed_on += len(data)
                if handed_on > MEGABYTE:
                    self.flooded.set()


@contextmanager
def flood(folder: Path) -> Iterator[Relay]:
    """Serve session tickets behind the handshake, for hours."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    context.num_tickets = 500_000_000
    with RawServer(EMPTY_OK, context=context) as server:
        relay = Relay(server.port)
        try:
            yield relay
        finally:
            relay.close()


@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_a_flood_of_tickets_does_not_keep_a_signal_away(
    tmp_path: Path, number: int, status: int
) -> None:
    with flood(tmp_path) as relay:
        # Without a key in the profile or a person to ask, it is the environment's.
        program = subprocess.Popen(
            [
                *(sys.executable, "-m", "ngrok_scim_cli", "test-connect", "--no-input"),
                *("--timeout", "600", "--ca-bundle", str(tmp_path / "ca.pem")),
                *("--allow-host", HOST, "--base-url", f"https://{HOST}:{relay.port}/scim/v2/"),
            ],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "NGROK_SCIM_HOME": str(tmp_path / "home"),
                "NGROK_SCIM_API_KEY": "2abcdefghijklmnopqrstuvwxyz_7SECRETSECRETSECRET01",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            assert relay.flooded.wait(60), program.poll()
            program.send_signal(number)
            _, err = program.communicate(timeout=60)  # of the hours that it could read
        finally:
            program.kill()

    assert program.returncode == status, err
    assert b"Traceback" not in err
