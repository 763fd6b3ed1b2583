"""What the steps of the setup work with, and how a step ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ngrok_scim_cli.hosts import Trust

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.finding import Finding, Result, StepStatus, WaitingFor
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.settings.clipboard import Clipboard
    from ngrok_scim_cli.settings.profile import Profile, ProfileStore
    from ngrok_scim_cli.settings.secrets import SecretStore
    from ngrok_scim_cli.setup.person import Person
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi


class StepFailed(Exception):  # noqa: N818 - it says what happened; "Error" would add nothing
    """A step could not be done.

    Attributes:
        detail: what happened, in one line.
        findings: why, where it is known.
    """

    def __init__(self, detail: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.findings = findings


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended.

    Attributes:
        status: how far it is.
        detail: what there is to say of it, in one line.
        findings: what was found on the way.
        remaining: what only a person can do, in order.
        tested: the result of the connector test, where the step made one.
        values: what goes into Okta's form, where nobody was there to be shown it.
        waiting_for: whom it waits for, where it is ``WAITING``.
    """

    status: StepStatus
    detail: str
    findings: tuple[Finding, ...] = ()
    remaining: tuple[str, ...] = ()
    tested: Result | None = None
    values: Form | None = None
    waiting_for: WaitingFor | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the command line answered beforehand; ``None`` or empty where it did not.

    Attributes:
        service_user: the name of the Service User whom the key shall belong to.
        key_description: what ngrok's dashboard shall show for the key.
        domains: the e-mail domains to submit.
        okta_app_type: ``saml``, ``swa`` or ``oidc``.
        okta_wizard: ``classic`` or ``oiw``.
    """

    service_user: str | None = None
    key_description: str | None = None
    domains: tuple[str, ...] = ()
    okta_app_type: str | None = None
    okta_wizard: str | None = None


@dataclass(frozen=True, slots=True)
class SetupContext:
    """What the steps work with.

    Attributes:
        person: whom they talk to; perhaps nobody.
        answers: what the command line answered beforehand.
        profiles: where the profile is kept; the caller holds its lock.
        profile_name: which one.
        secrets: opens the keyring.
        given_key: where a key comes from that the environment or a file gives; ``None`` where the
            key is to be made, or is in the keyring.
        open_api: opens ngrok's API with the administrator's key; ``None`` where there is none.
        open_page: opens ngrok's settings page in the browser and tells whether it did; ``None``:
            there is no browser.
        rehearsal: whether all this happens on a stand-in, and nothing is kept.
        goes_back: whether the person came back to this step to change what they had answered.
        types_admin_key: tells whether ``open_api`` asks the person for that key, each time anew.
        form: reads the five values of Okta's form, the key among them.
        test: makes a connector test of a form.
        now: tells the time (UTC).
        trust: the hosts that the person allowed.
        wire: sends requests to the SCIM endpoint; ``None``: nobody is looked up there.
        prove_to_app: asks Okta whether the step ``to-app`` is done (``None``: Okta does not tell),
            and what was seen, in a sentence.
        prove_first_person: returns the user name of somebody who is assigned in Okta and whom ngrok
            holds; empty where there is none, or Okta cannot be asked.
        clipboard: finds the clipboard in front of which the person sits; ``None`` where there is
            none.
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
