"""A TLS server that floods behind the handshake keeps nobody from ending the program.

That control comes back after each chunk, however fast the flood is, is held by
``test_tls_gives_control_back_after_each_chunk``.
"""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.support.raw_server import EMPTY_OK, RawServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
HOST = "127.0.0.1"


def wait_until_flooded(program: subprocess.Popen[bytes]) -> None:
    """Wait until ``program`` has worked for two seconds: nothing else here takes it so long."""
    ticks = os.sysconf("SC_CLK_TCK")
    for _ in range(600):
        fields = Path(f"/proc/{program.pid}/stat").read_text().rpartition(")")[2].split()
        if int(fields[11]) + int(fields[12]) > 2 * ticks:
            return
        threading.Event().wait(0.1)
    pytest.fail("the program does not read what floods it")


@contextmanager
def flood(folder: Path) -> Iterator[RawServer]:
    """Serve session tickets behind the handshake, for hours."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    context.num_tickets = 500_000_000
    with RawServer(EMPTY_OK, context=context) as server:
        yield server


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_a_flood_of_tickets_does_not_keep_a_signal_away(
    tmp_path: Path, number: int, status: int
) -> None:
    with flood(tmp_path) as server:
        program = subprocess.Popen(
            [
                *(sys.executable, "-m", "ngrok_scim_cli", "test-connect", "--no-input"),
                *("--timeout", "600", "--ca-bundle", str(tmp_path / "ca.pem")),
                *("--allow-host", HOST, "--base-url", f"https://{HOST}:{server.port}/scim/v2/"),
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
            wait_until_flooded(program)
            program.send_signal(number)
            _, err = program.communicate(timeout=60)  # of the hours that it could read
        finally:
            program.kill()

    assert program.returncode == status, err
    assert b"Traceback" not in err
