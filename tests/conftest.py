"""What holds for every test: no network but loopback, no real keyring, profile or credential."""

import gc
import os
import shutil
import signal
import sys
from collections.abc import Generator, Iterator
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from math import inf
from pathlib import Path
from pkgutil import walk_packages
from time import monotonic
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.errors import HypothesisException

import ngrok_scim_cli
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.sandbox.http_server import HttpServer
from tests.support.network_guard import NetworkGuard

# A deadline is an assertion on the clock. `make test` tries few examples and .ci/run some hundreds,
# the same each time; `make nightly` tries others, as many as the time of a property allows.
settings.register_profile("few", deadline=None, derandomize=True, max_examples=20)
settings.register_profile("hundreds", deadline=None, derandomize=True, max_examples=300)
settings.register_profile("nightly", deadline=None, derandomize=False, max_examples=10_000)
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "few")
_SECONDS_A_PROPERTY = 300
settings.load_profile(_PROFILE)

gc.set_threshold(100_000)  # as the program has it; what the tests load is looked through less often

# Folders come and go with most tests. On a disk that takes longer than what happens in them.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own there
_ENOUGH = 2**30
if _MEMORY.is_dir() and "TMPDIR" not in os.environ:
    _state = os.statvfs(_MEMORY)
    if _state.f_bavail * _state.f_frsize > _ENOUGH and not _state.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = str(_MEMORY)

# In requirements/browser.txt, which only the whole run installs.
collect_ignore = [] if find_spec("selenium") else ["browser"]

_FOREIGN = ("NGROK_", "OKTA_", "SSH_")
_DESKTOP = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_MEASURING = "COVERAGE_PROCESS_CONFIG"  # coverage's own, for its patch "subprocess"
_TRACE = pytest.StashKey[Any]()  # coverage's trace function
_ONE_CERTIFICATE = Path(__file__).parent / "support" / "one_certificate.pem"


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: many tests wait for a process or a socket."""
    return (os.cpu_count() or 1) + 1


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


# Coverage measures what tests and fixtures run, but not what pytest does around them: that would
# take three times as long.
@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop to measure what is run, apart from the hooks below."""
    item.stash[_TRACE] = trace = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        if sys.gettrace() is None:  # after a test marked no_cover, another one is there
            sys.settrace(trace)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, object, object]:
    """Measure what a fixture runs."""
    sys.settrace(request._pyfuncitem.stash[_TRACE])
    try:
        return (yield)
    finally:
        sys.settrace(None)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Measure what a test runs, unless it is marked no_cover."""
    if not pyfuncitem.get_closest_marker("no_cover"):
        sys.settrace(pyfuncitem.stash[_TRACE])
    try:
        return (yield)
    finally:
        sys.settrace(None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Measure what an import of ours runs, but no other import nor the making of the tests."""
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        if trace is not None:
            for name in (
                "httpx",
                "keyring",
                "rich.table",
                "scim2_server.applications.wsgi",
                "typer",
            ):
                import_module(name)
            sys.settrace(trace)
            for found in walk_packages(ngrok_scim_cli.__path__, "ngrok_scim_cli."):
                import_module(found.name)
            sys.settrace(None)
        return (yield)
    finally:
        sys.settrace(trace)


@pytest.fixture(scope="session", autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Take away what the person who runs the tests has set up, and return an empty home."""
    folder = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(_FOREIGN) or name in _DESKTOP or name.lower() in _PROXIES:
                patch.delenv(name)
        for name, value in _homes(folder).items():
            patch.setenv(name, value)
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        # OpenSSL reads all authorities of the machine for each TLS context. This one signs for
        # nobody.
        patch.setenv("SSL_CERT_FILE", str(_ONE_CERTIFICATE))
        patch.setenv("SSL_CERT_DIR", str(folder / "no-certificates"))
        yield folder


def _homes(folder: Path) -> dict[str, str]:
    return {
        "NGROK_SCIM_HOME": str(folder / "home"),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


@pytest.fixture(scope="session", autouse=True)
def coverage_of_children() -> Iterator[str]:
    """Keep child processes from measuring coverage, and return what makes them measure it."""
    with pytest.MonkeyPatch.context() as patch:
        measuring = os.environ.get(_MEASURING, "")
        patch.delenv(_MEASURING, raising=False)
        yield measuring


@pytest.fixture
def measured_children(coverage_of_children: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count what child processes run as covered. It doubles their time, so few tests ask for it."""
    if coverage_of_children:
        monkeypatch.setenv(_MEASURING, coverage_of_children)


@pytest.fixture(scope="session", autouse=True)
def unmeasured_sandboxes() -> Iterator[None]:
    """Measure what a sandbox answers in its own tests alone: the others take half as long so."""
    finish_request = HttpServer.finish_request

    def finish_unmeasured(self: HttpServer, *connection: Any) -> None:  # noqa: ANN401 - as the base
        sys.settrace(None)
        finish_request(self, *connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HttpServer, "finish_request", finish_unmeasured)
        yield


@pytest.fixture(scope="session", autouse=True)
def watched_network() -> Iterator[NetworkGuard]:
    guard = NetworkGuard()
    with pytest.MonkeyPatch.context() as patch:
        guard.stand_before(patch)
        yield guard


@pytest.fixture(autouse=True)
def alone(
    request: pytest.FixtureRequest, empty_home: Path, watched_network: NetworkGuard
) -> Iterator[None]:
    """Let no test meet what another one wrote or learned, nor leave this machine.

    It runs for each of the tests, so it leaves to the session what can be done once.
    """
    own_home = "tmp_path" in request.fixturenames
    if own_home:
        os.environ.update(_homes(request.getfixturevalue("tmp_path")))
    yield
    redactor.forget()
    if own_home:
        os.environ.update(_homes(empty_home))
    elif any(empty_home.iterdir()):
        shutil.rmtree(empty_home)
        empty_home.mkdir()
    refused = watched_network.refused.copy()
    watched_network.refused.clear()
    assert not refused


@pytest.fixture
def network_guard(watched_network: NetworkGuard) -> NetworkGuard:
    """What fails a test that looks up or reaches anything but this machine."""
    return watched_network


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
