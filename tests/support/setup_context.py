"""The context of the setup on a sandbox, with a person whose answers are known beforehand."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.diagnosis.values.validate import validate
from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.probe.connector_test import ConnectorTest
from ngrok_scim_cli.sandbox.account import ApiKey
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings.clipboard import Clipboard
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import RunSecrets, SecretStore
from ngrok_scim_cli.setup.context import NOBODY, Answers, Person, SetupContext
from ngrok_scim_cli.setup.key_journal import KeyJournal
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.ngrok_api import NgrokApi

NAME = "default"
SCIM = f"{NAME}/scim"
NEXT = f"{NAME}/scim-next"

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@dataclass
class FakePerson(Person):
    """A person who says yes or no, takes every default, and remembers what was said.

    Attributes:
        says: the answer to every yes-or-no question; ``None`` takes the default there, too.
    """

    says: bool | None = True
    secret: str = ""
    output: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    present = True

    def show(self, text: str, values: Sequence[str] = ()) -> None:
        self.output.append(text)

    def begin_step(self, number: int, count: int, title: str, explanation: str) -> None:
        self.output.append(title)

    def ask(self, question: str, *, default: str = "") -> str:
        self.asked.append(question)
        return default

    def ask_secret(self, question: str) -> str:
        self.asked.append(question)
        return self.secret

    def confirm(self, question: str, *, default: bool = True) -> bool:
        self.asked.append(question)
        return default if self.says is None else self.says

    def choose(
        self,
        question: str,
        options: Sequence[tuple[str, str]],
        *,
        default: str,
        explanation: str = "",
    ) -> str:
        self.asked.append(question)
        return default


@dataclass
class FakeClipboard(Clipboard):
    """A clipboard that remembers what was done with it."""

    works: bool = True
    cleared: bool = True
    holds: list[str] = field(default_factory=list)

    name = "the clipboard (paper)"
    can_be_cleared = True
    copy_kept = ""

    def put(self, text: str) -> None:
        if not self.works:
            raise CannotTell("The clipboard could not be used.", advice="Show it instead.")
        self.holds.append(text)

    def clear(self, text: str) -> bool:
        self.holds.remove(text)
        return self.cleared


@dataclass
class SetupHarness:
    """Where the work is done, and what it left there."""

    sandbox: Sandbox
    api: NgrokApi
    wire: Wire
    profiles: ProfileStore
    secrets: SecretStore = field(default_factory=SecretStore)
    clock: datetime = NOW

    def journal(self, api: NgrokApi | None = None) -> KeyJournal:
        return KeyJournal(self.context(), api or self.api)

    def context(
        self,
        *,
        person: Person | None = None,
        answers: Answers | None = None,
        with_api: bool = True,
        api: NgrokApi | None = None,
        given_key: str | None = None,
        key: str = "",
        test: Callable[[Form], Result] | None = None,
    ) -> SetupContext:
        opened = (api or self.api) if with_api else None
        return SetupContext(
            person=person or NOBODY,
            answers=answers or Answers(),
            profiles=self.profiles,
            profile_name=NAME,
            secrets=RunSecrets(self.secrets, self.profile),
            given_key=given_key,
            open_api=lambda: opened,
            form=lambda: Form(base_url=self.sandbox.values.scim_base_url, authorization=key),
            test=test or (lambda form: ConnectorTest(self.wire).run(validate(form)).result),
            now=self.now,
        )

    def now(self) -> datetime:
        return self.clock

    def profile(self) -> Profile:
        return self.profiles.load(NAME)

    def change(self, profile: Profile) -> None:
        self.profiles.save(profile)

    def alive(self) -> dict[str, ApiKey]:
        """Return the living keys, but for the administrator's."""
        account = self.sandbox.account
        return {
            key.id: key
            for key in list(account.keys.values())
            if key.owner_id != account.administrator
        }

    def add_key(self, metadata: str = "") -> ApiKey:
        """Make a key by hand, owned by a Service User."""
        account = self.sandbox.account
        owner = next(iter(account.service_users.values()), None)
        owner = owner or account.add_service_user("By hand")
        return account.add_key(owner.id, "by hand", metadata)


@contextmanager
def open_harness(sandbox: Sandbox, folder: Path) -> Iterator[SetupHarness]:
    values = sandbox.values
    with Wire(environment={}, timeout=10) as wire:
        api = NgrokApi(wire, values.api_base_url, values.admin_key)
        yield SetupHarness(sandbox, api, wire, ProfileStore(folder / "profiles"))
