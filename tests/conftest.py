"""What holds for every test: no network but loopback, no real keyring, profile or credential."""

import os
import signal
from collections.abc import Generator, Iterator
from functools import wraps
from importlib.util import find_spec
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.errors import HypothesisException

from ngrok_scim_cli.redact import redactor
from tests.support.network_guard import NetworkGuard

# A deadline is an assertion on the clock. `make test` tries few examples, .ci/run some hundreds,
# and `make nightly` tries others each time, as many as the time of a property allows.
settings.register_profile("few", deadline=None, max_examples=20)
settings.register_profile("hundreds", deadline=None, max_examples=300)
settings.register_profile("nightly", deadline=None, derandomize=False, max_examples=10_000)
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "few")
_SECONDS_A_PROPERTY = 300
settings.load_profile(_PROFILE)

# In requirements/browser.txt, which only the whole run installs.
collect_ignore = [] if find_spec("selenium") else ["browser"]

_FOREIGN = ("NGROK_", "OKTA_", "SSH_")
_DESKTOP = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_ONE_CERTIFICATE = Path(__file__).parent / "support" / "one_certificate.pem"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Skip a property whose time is up, unless an example failed, which is then made smaller."""
    handle = getattr(getattr(item, "obj", None), "hypothesis", None)
    if handle is None or _PROFILE != "nightly":
        return (yield)
    test, end, tried = handle.inner_test, monotonic() + _SECONDS_A_PROPERTY, 0

    @wraps(test)
    def limited(*args: object, **kwargs: object) -> object:
        nonlocal end, tried
        if monotonic() > end:
            pytest.skip(f"no failure in {tried} examples, then its time was up")
        tried += 1
        try:
            return test(*args, **kwargs)
        except HypothesisException:
            raise
        except Exception:
            end = inf
            raise

    handle.inner_test = limited
    try:
        return (yield)
    finally:
        handle.inner_test = test


@pytest.fixture
def measured_children() -> None:
    """Count what child processes run as covered. It doubles their time, so few tests ask for it."""


@pytest.fixture(autouse=True)
def bare_environment(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Take away what the person who runs the tests has set up."""
    if measured_children.__name__ not in request.fixturenames:
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name in _DESKTOP or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("NGROK_SCIM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    # OpenSSL reads all authorities of the machine for each TLS context. This one signs for nobody.
    monkeypatch.setenv("SSL_CERT_FILE", str(_ONE_CERTIFICATE))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "no-certificates"))


@pytest.fixture
def signals_are_heard() -> Iterator[None]:
    """Let signals do what they do in a shell, in this process and in those that it starts.

    Under nohup, or as a background job, the tests inherit that some of them are ignored.
    """
    usual: dict[signal.Signals, Any] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGHUP: signal.SIG_DFL,
        signal.SIGQUIT: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def forgotten_secrets() -> Iterator[None]:
    """Let no test's secrets hide another test's output."""
    yield
    redactor.forget()


@pytest.fixture(autouse=True)
def network_guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[NetworkGuard]:
    """Fail a test that looks up or reaches anything but this machine."""
    guard = NetworkGuard()
    guard.stand_before(monkeypatch)
    yield guard
    assert not guard.refused
