"""A session bus of its own, with a real Secret Service on it."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PROGRAMS = {
    name: shutil.which(name) for name in ("dbus-daemon", "dbus-send", "gnome-keyring-daemon")
}
MISSING = [name for name, path in PROGRAMS.items() if path is None]

PACKAGES = "apt packages dbus, gnome-keyring"

TIME_LIMIT = 60
MOST_LOOKS = 1000


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Run a session bus; give back the environment of a program in that session."""
    if MISSING:
        pytest.skip(f"NOT TESTED: no {' and no '.join(MISSING)} here ({PACKAGES})")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "share"),
    }
    with subprocess.Popen(
        [str(PROGRAMS["dbus-daemon"]), "--session", "--nofork", "--print-address=1"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        yield {**environment, "DBUS_SESSION_BUS_ADDRESS": address}
        daemon.terminate()


@pytest.fixture
def session(bus: dict[str, str]) -> Iterator[dict[str, str]]:
    """Run an unlocked keyring in that session."""
    with subprocess.Popen(
        [str(PROGRAMS["gnome-keyring-daemon"]), "--unlock", "--foreground", "--components=secrets"],
        env=bus,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as daemon:
        assert daemon.stdin is not None
        daemon.stdin.write(b"a password")
        daemon.stdin.close()
        assert any(is_served(bus) for _ in range(MOST_LOOKS)), "the keyring does not come up"
        yield bus
        daemon.terminate()


def is_served(bus: Mapping[str, str]) -> bool:
    """Tell whether the keyring is on the bus by now."""
    asked = subprocess.run(
        [
            str(PROGRAMS["dbus-send"]),
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/",
            "org.freedesktop.DBus.NameHasOwner",
            "string:org.freedesktop.secrets",
        ],
        env=bus,
        capture_output=True,
        text=True,
        check=True,
        timeout=TIME_LIMIT,
    )
    return "boolean true" in asked.stdout
