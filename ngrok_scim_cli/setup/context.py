"""What the steps of the setup work with, and how a step ends."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from ngrok_scim_cli.hosts import Trust
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.finding import Finding, Result, StepStatus, WaitingFor
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.settings.clipboard import Clipboard
    from ngrok_scim_cli.settings.profile import Profile
    from ngrok_scim_cli.settings.profile_store import ProfileStore
    from ngrok_scim_cli.settings.secrets import SecretStore
    from ngrok_scim_cli.setup.person import Person
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi


class StepFailed(Exception):  # noqa: N818 - it says what happened; "Error" would add nothing
    """A step could not be done."""

    def __init__(self, detail: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.findings = findings


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended."""

    status: StepStatus
    detail: str
    findings: tuple[Finding, ...] = ()
    remaining: tuple[str, ...] = ()
    tested: Result | None = None
    values: Form | None = None
    waiting_for: WaitingFor | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the command line answered beforehand; ``None`` or empty where it did not."""

    service_user: str | None = None
    key_description: str | None = None
    domains: tuple[str, ...] = ()
    okta_app_type: str | None = None
    okta_wizard: str | None = None


@dataclass(frozen=True, slots=True)
class SetupContext:
    """What the steps work with.

    Attributes:
        given_key: where a key comes from that the environment or a file gives; ``None`` where the
            key is to be made, or is in the keyring.
        open_api: opens ngrok's API with the administrator's key; ``None`` where there is none.
        open_page: opens ngrok's settings page in the browser and tells whether it did; ``None``:
            there is no browser.
        rehearsal: whether all this happens on a stand-in, and nothing is kept.
        goes_back: whether the person came back to this step to change what they had answered.
        types_admin_key: tells whether ``open_api`` asks the person for that key, each time anew.
        wire: sends requests to the SCIM endpoint; ``None``: nobody is looked up there.
        prove_to_app: asks Okta whether the step ``to-app`` is done (``None``: Okta does not tell),
            and what was seen, in a sentence.
        prove_first_person: returns the user name of somebody who is assigned in Okta and whom ngrok
            holds; empty where there is none, or Okta cannot be asked.
        reveal: shows a secret at the person's terminal, past the redactor; ``None``: there is none.
    """

    person: Person
    answers: Answers
    profiles: ProfileStore
    profile_name: str
    secrets: Callable[[], SecretStore]
    given_key: str | None
    open_api: Callable[[], NgrokApi | None]
    form: Callable[[], Form]
    test: Callable[[Form], Result]
    now: Callable[[], datetime]
    trust: Trust = field(default_factory=Trust)
    wire: Wire | None = None
    prove_to_app: Callable[[], tuple[bool | None, str]] = lambda: (None, "")
    prove_first_person: Callable[[], str] = lambda: ""
    reveal: Callable[[str], None] | None = None
    clipboard: Callable[[], Clipboard | None] = lambda: None
    open_page: Callable[[], bool] | None = None
    rehearsal: bool = False
    goes_back: bool = False
    types_admin_key: Callable[[], bool] = lambda: False

    def profile(self) -> Profile:
        """Return the profile as it is stored."""
        return self.profiles.load(self.profile_name)

    def change(self, **fields: object) -> None:
        """Store the profile with some fields changed."""
        self.profiles.change(self.profile_name, **fields)

    def update(self, change: Callable[[Profile], Profile]) -> None:
        """Store what ``change`` makes of the profile."""
        self.profiles.update(self.profile_name, change)
