"""SIGKILL at the moments that matter of a rehearsal, then its clean-up: nobody is left active."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.diagnosis.rehearsal.reply import is_active
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.rehearsal.plan import is_throw_away
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.scim import OktaScim
from tests.support.admin import Admin

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.no_cover

FEWEST_MOMENTS = 100
MOST_MOMENTS = 400


def throw_away_users(base_url: str, key: str) -> list[bool]:
    """Ask the server for its users, and return of each throw-away user whether it is active."""
    with Wire(environment={}, timeout=30) as wire:
        items = [item for page in OktaScim(wire, base_url, key).pages() for item in page.items]
    return [is_active(item) is not False for item in items if is_throw_away(str(item["userName"]))]


def leaves_nobody_active(admin: Admin, dialect: Dialect, *, step: int) -> None:
    """Kill one rehearsal after the other, each later than the last, and clean up after each."""
    server = (admin.environment["NGROK_SCIM_BASE_URL"], admin.environment["NGROK_SCIM_API_KEY"])
    was_active = False
    for kill_at in range(1, MOST_MOMENTS, step):
        # Names hold the second, and two runs may begin in the same one.
        domain = f"at-{kill_at}.corp.example"
        command = ("rehearse", "--yes", "--domain", domain, "--dialect", dialect.value, "--quiet")
        ran = admin.run(*command, trouble=f"kill {kill_at}")
        was_active = was_active or any(throw_away_users(*server))
        if ran.returncode != -signal.SIGKILL:
            assert kill_at > FEWEST_MOMENTS, ran.stderr
            break
        cleaned = admin.run("rehearse", "--clean-up", "--yes", "--quiet")
        assert cleaned.returncode == 0, (kill_at, cleaned.stdout, cleaned.stderr)
        assert not any(throw_away_users(*server)), kill_at
    else:
        raise AssertionError("the rehearsal never ends")
    assert was_active, "no kill left anybody active, so nothing was tried"
    assert not any(throw_away_users(*server))


@pytest.mark.parametrize(
    ("dialect", "step"),
    [
        pytest.param(Dialect.PUT, 31, id="put, every 31st moment"),
        pytest.param(Dialect.PATCH, 7, id="patch, every 7th moment", marks=pytest.mark.slow),
        pytest.param(Dialect.PUT, 1, id="put, every moment", marks=pytest.mark.nightly),
    ],
)
def test_nobody_is_left_active_whenever_a_rehearsal_was_killed(
    tmp_path: Path, dialect: Dialect, step: int
) -> None:
    with open_sandbox() as sandbox:
        leaves_nobody_active(Admin(sandbox, tmp_path), dialect, step=step)
