"""What a command works with: the settings, the wire, the person, and perhaps the sandbox."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngrok_scim_cli.cli.runtime.ending import note_tested
from ngrok_scim_cli.cli.runtime.output import set_place
from ngrok_scim_cli.cli.runtime.terminal import Terminal
from ngrok_scim_cli.diagnosis.finding import (
    KeySource,
    Result,
    Severity,
    Tested,
    Verdict,
    verdict_of,
    worst_of,
)
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.diagnosis.values.validate import Values, validate
from ngrok_scim_cli.doctor.environment import judge_facts
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.hosts import Trust
from ngrok_scim_cli.probe.connector_test import ConnectorTest
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings.environment import DEFAULT_PROFILE, profile_name, profiles_folder
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import KeyringStore, SecretStore
from ngrok_scim_cli.settings.sources import Settings
from ngrok_scim_cli.setup.context import NOBODY, Person
from ngrok_scim_cli.wire.client import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ngrok_scim_cli.cli.runtime.options import Options
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.sandbox.server import Sandbox

SCRATCH_PREFIX = "ngrok-scim-sandbox-"
_A_DAY_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Session:
    """What one run of a command works with.

    Attributes:
        open_wire: makes another wire, which knows these hosts alone; closed with the session.
        default_okta_app: the Okta app where nothing names one: the sandbox's.
    """

    options: Options
    settings: Settings
    profiles: ProfileStore
    profile_name: str
    secrets: SecretStore
    wire: Wire
    trust: Trust
    person: Person
    open_wire: Callable[[Collection[str]], Wire]
    default_okta_app: str = ""

    def values(self) -> Values:
        """Return the five values, parsed; the key is asked for where nothing gives it."""
        key = self.settings.scim_key(self.options.api_key_file)
        if key is None and not self.person.present:
            raise self.settings.no_scim_key()
        typed = key.value if key else self.person.ask_secret("SCIM key, as entered in Okta")
        values = validate(self.form_with(typed), self.trust)
        source = KeySource(key.source) if key else KeySource.PROMPT
        if self.options.sandbox and source is KeySource.ENVIRONMENT:
            source = KeySource.SANDBOX
        note_tested(Tested(values.url.shown, id_of_key(values.key), source))
        return values

    def form_with(self, key: str) -> Form:
        """Return Okta's form with ``key``, letter for letter."""
        options = self.options
        return self.settings.form(
            key,
            base_url=options.base_url,
            unique_identifier=options.unique_id,
            auth_mode=options.auth_mode,
            actions=options.action,
        )

    def with_facts(self, result: Result, *, harmless: bool = False) -> Result:
        """Return ``result`` with what was noticed while values were looked up.

        Where that was ``harmless``, it is a warning at most.
        """
        known = {(item.code, item.evidence) for item in result.findings}
        noticed = tuple(
            replace(item, severity=Severity.WARNING)
            if harmless and item.severity is Severity.ERROR
            else item
            for item in judge_facts(self.settings.facts)
            if (item.code, item.evidence) not in known
        )
        verdict = result.verdict
        if verdict is not Verdict.INCOMPLETE:
            verdict = worst_of((verdict, verdict_of(noticed)))
        return replace(result, verdict=verdict, findings=(*result.findings, *noticed))

    def connector_test(self, *, repairing: bool = True, allow_empty: bool = False) -> ConnectorTest:
        """Return a connector test that is ready to run."""
        admin_key = self.settings.admin_key_at_hand()
        return ConnectorTest(
            self.wire,
            allow_empty=allow_empty or self.options.allow_empty,
            repairing=repairing,
            now=datetime.now(UTC),
            noticed=judge_facts(self.settings.facts),
            admin_key=admin_key.value if admin_key else "",
        )


@contextmanager
def open_session(
    options: Options,
    *,
    empty_account: bool = False,
    no_input: bool = False,
    must_exist: bool = False,
    own_values: bool = False,
) -> Iterator[Session]:
    """Open what a command works with, and close it afterwards.

    Args:
        must_exist: refuse a profile that has no file, unless it is the default one.
        own_values: take nothing from files of this machine that belong to no profile.
    """
    if options.fault and not options.sandbox:
        raise UsageError("--fault needs --sandbox.", advice="Add --sandbox.")
    name, hosts = options.meant_profile, options.allow_host or ()
    _check_ca_bundle(options.ca_bundle)
    set_place(profile_name(name))
    with ExitStack() as closing:
        environment: Mapping[str, str] = os.environ
        secrets: SecretStore = KeyringStore(environment)
        okta_app = ""
        if options.sandbox:
            faults = options.fault or ()
            sandbox = make_sandbox(faults=faults, empty_account=empty_account)
            values = closing.enter_context(sandbox).values
            set_place(name, faults)
            home = closing.enter_context(_scratch_folder())
            # Nothing but the sandbox exists in here.
            environment = {"NGROK_SCIM_HOME": home, **values.environment}
            okta_app, secrets = values.okta_app, SecretStore()
        profiles = ProfileStore(profiles_folder(environment))
        if must_exist and not options.sandbox:
            refuse_unknown(name, profiles)

        new_wire = partial(Wire, timeout=options.timeout, ca_bundle=options.ca_bundle)
        settings = Settings(
            environment=environment,
            profiles=profiles,
            secrets=lambda: secrets,
            profile_name=name,
            machine_files=not (own_values or options.sandbox),
        )
        asks = _has_person() and not (no_input or options.no_input)
        refuse_secret("--profile", name)  # now that those of the environment are known
        yield Session(
            options=options,
            settings=settings,
            profiles=profiles,
            profile_name=name,
            secrets=secrets,
            wire=closing.enter_context(new_wire(allowed_hosts=hosts)),
            trust=Trust(frozenset(host.lower() for host in hosts)),
            # While a person thinks about an answer, other runs are not held up.
            person=Terminal(lambda: profiles.unlocked(name)) if asks else NOBODY,
            open_wire=lambda known: closing.enter_context(new_wire(known_hosts=known)),
            default_okta_app=okta_app,
        )


def refuse_unknown(name: str, profiles: ProfileStore, *, may_be_default: bool = True) -> None:
    """Refuse a profile that has no file, unless it is the default one."""
    if (may_be_default and name == DEFAULT_PROFILE) or profiles.path(name).exists():
        return
    refuse_secret("--profile", name)
    known = ", ".join(profiles.names()) or "none yet"
    raise UsageError(f"There is no profile “{name}”.", advice=f"Profiles on this machine: {known}.")


def refuse_secret(option: str, text: str | None) -> None:
    """Refuse a credential as a value that is stored or shown."""
    if text and redactor.redact(text) != text:
        raise UsageError(
            f"{option} holds a key or a token, which would be stored and shown.",
            advice=f"Give {option} another value.",
        )


def _check_ca_bundle(path: Path | None) -> None:
    if path is None:
        return
    import ssl

    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise UsageError(f"--ca-bundle {path} cannot be used: it is no ordinary file.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:  # an SSLError is one, too
        reason = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise UsageError(f"--ca-bundle {path} cannot be used: {reason}.") from None


def _has_person() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a temporary folder; where the run is killed, one of the next day removes it."""
    user = getattr(os, "getuid", int)()  # on Windows, everything belongs to user 0
    for left in Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}*"):
        with suppress(OSError):  # another run was faster
            seen = left.lstat()
            is_old = time.time() - seen.st_mtime > _A_DAY_S
            if is_old and seen.st_uid == user and stat.S_ISDIR(seen.st_mode):
                shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX)


def make_sandbox(**how: Any) -> Sandbox:
    """Make a sandbox; what it lacks, or does not know, is wrong on the command line."""
    from ngrok_scim_cli.sandbox import SandboxUnavailable, open_sandbox

    try:
        return open_sandbox(**how)
    except SandboxUnavailable as error:
        raise UsageError(str(error)) from None
    except ValueError as error:
        raise UsageError(str(error), advice="See: ngrok-scim sandbox --list-faults") from None
