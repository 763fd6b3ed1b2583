"""A TLS server that floods behind the handshake keeps nobody from ending the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

from tests.support.ticket_flood import HOST, TicketFlood

pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_a_flood_of_tickets_does_not_keep_a_signal_away(
    tmp_path: Path, number: int, status: int
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with TicketFlood(authority.issue_cert(HOST)) as flood:
        program = subprocess.Popen(
            [
                *(sys.executable, "-m", "ngrok_scim_cli", "test-connect", "--no-input"),
                *("--timeout", "600", "--ca-bundle", str(tmp_path / "ca.pem")),
                *("--allow-host", HOST, "--base-url", f"https://{HOST}:{flood.port}/scim/v2/"),
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
            assert flood.flows.wait(120), "nobody reads"
            program.send_signal(number)
            _, err = program.communicate(timeout=120)
        finally:
            program.kill()

        assert not flood.is_over, "the signal was heard only when the flood was over"

    assert program.returncode == status, err
    assert b"Traceback" not in err
