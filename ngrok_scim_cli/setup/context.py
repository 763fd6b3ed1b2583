"""Whom the setup talks to, what its steps work with, and how a step ends."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import (
    Result,
    Step,
    StepStatus,
    Verdict,
    errors_first,
    has_errors,
    verdict_of,
)
from ngrok_scim_cli.hosts import Trust
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.finding import Finding, WaitingFor
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.settings.clipboard import Clipboard
    from ngrok_scim_cli.settings.profile import Profile
    from ngrok_scim_cli.settings.profile_store import ProfileStore
    from ngrok_scim_cli.settings.secrets import RunSecrets, SecretKind
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi


LATER, BACK, QUIT, HELP = "later", "back", "quit", "?"
WORDS = f"({LATER}, {BACK}, {QUIT}, {HELP})"
"""What can be typed at every question of the setup in place of an answer."""


class Later(Exception):  # noqa: N818 - an answer, no error
    """The person leaves this step for later."""


class Back(Exception):  # noqa: N818 - an answer, no error
    """The person goes back to the step before this one."""


class Person:
    """The person at the terminal. Here there is none: each question gets its default."""

    @property
    def present(self) -> bool:
        """Whether there is anybody to ask."""
        return False

    def show(self, text: str, values: Sequence[str] = ()) -> None:
        """Show ``text``, which may have several lines, and mark in it the ``values`` to paste."""

    def begin_step(self, number: int, count: int, title: str, explanation: str) -> None:
        """Begin step ``number`` of ``count``.

        From now on every question takes ``WORDS``, too: ``later`` raises ``Later``, ``back``
        ``Back`` and ``quit`` ``KeyboardInterrupt``; ``?`` tells ``explanation`` and asks again.
        """

    def ask(self, question: str, *, default: str = "") -> str:  # noqa: ARG002 - for who is there
        """Ask for a line of text; Enter takes ``default``."""
        return default

    def ask_secret(self, question: str) -> str:  # noqa: ARG002 - as above
        """Ask for a secret, which is not shown; returned exactly as it was typed."""
        return ""

    def confirm(self, question: str, *, default: bool = True) -> bool:  # noqa: ARG002 - as above
        """Ask a yes-or-no question."""
        return default

    def choose(
        self,
        question: str,  # noqa: ARG002 - as above
        options: Sequence[tuple[str, str]],  # noqa: ARG002 - as above
        *,
        default: str,
        explanation: str = "",  # noqa: ARG002 - as above
    ) -> str:
        """Ask for one of ``options``, each a value and its description; return the value.

        ``?`` tells ``explanation``, if there is one, in place of that of the step.
        """
        return default


NOBODY = Person()


class StepFailed(Exception):  # noqa: N818 - it says what happened; "Error" would add nothing
    """A step could not be done."""

    def __init__(
        self, detail: str, findings: tuple[Finding, ...] = (), remaining: tuple[str, ...] = ()
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.findings = findings
        self._remaining = remaining

    @property
    def outcome(self) -> StepOutcome:
        """How the step ended."""
        return StepOutcome(StepStatus.FAILED, self.detail, self.findings, self._remaining)


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended.

    Attributes:
        detail: what was done or seen, in a sentence.
        remaining: what is left for a person to do, each in a sentence or two.
        tested: the connector test, where the step made one.
    """

    status: StepStatus
    detail: str
    findings: tuple[Finding, ...] = ()
    remaining: tuple[str, ...] = ()
    tested: Result | None = None
    waiting_for: WaitingFor | None = None


def todo(detail: str, *remaining: str) -> StepOutcome:
    """Return that a step is still to do."""
    return StepOutcome(StepStatus.TODO, detail, remaining=remaining)


def waiting(detail: str, whom: WaitingFor, *remaining: str) -> StepOutcome:
    """Return that a step waits for ``whom``."""
    return StepOutcome(StepStatus.WAITING, detail, remaining=remaining, waiting_for=whom)


def attempt(work: Callable[[], StepOutcome]) -> StepOutcome:
    """Run a step; where it raises ``StepFailed``, return that as its outcome."""
    try:
        return work()
    except StepFailed as failure:
        return failure.outcome


def result_of(command: str, outcomes: Mapping[str, StepOutcome]) -> Result:
    """Return a run in steps as a result, which passes only where each of them is done."""
    ended = outcomes.values()
    statuses = {outcome.status for outcome in ended}
    findings = errors_first(item for outcome in ended for item in outcome.findings)
    is_known = has_errors(findings) or StepStatus.FAILED not in statuses
    verdict = verdict_of(findings, conclusive=is_known)
    if verdict is Verdict.PASS and statuses - {StepStatus.DONE}:
        verdict = Verdict.WARN
    # First what belongs to the first step that is not done.
    in_order = sorted(ended, key=lambda item: item.status is StepStatus.DONE)
    tested = next((outcome.tested for outcome in ended if outcome.tested), None)
    return replace(
        tested or Result(command, verdict),
        command=command,
        verdict=verdict,
        findings=findings,
        steps=tuple(
            Step(name, item.status, item.detail, item.waiting_for)
            for name, item in outcomes.items()
        ),
        remaining=tuple(dict.fromkeys(line for outcome in in_order for line in outcome.remaining)),
    )


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
        wire: sends requests to the SCIM endpoint; ``None``: nobody is looked up there.
        prove_to_app: asks Okta whether the step ``to-app`` is done (``None``: Okta does not tell),
            and what was seen, in a sentence.
        prove_first_person: returns the user name of somebody who is assigned in Okta and whom ngrok
            holds; empty where there is none, or Okta cannot be asked.
        reveal: shows a secret at the person's terminal, past the redactor; ``None``: there is none.
        is_sandbox: whether all this happens in a sandbox, and nothing is kept.
        goes_back: whether the person came back to this step to change what they had answered.
        types_admin_key: tells whether ``open_api`` asks the person for that key, each time anew.
    """

    person: Person
    answers: Answers
    profiles: ProfileStore
    profile_name: str
    secrets: RunSecrets
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
    is_sandbox: bool = False
    goes_back: bool = False
    types_admin_key: Callable[[], bool] = lambda: False

    def profile(self) -> Profile:
        """Return the profile as it is stored."""
        return self.profiles.load(self.profile_name)

    def secret(self, kind: SecretKind) -> str | None:
        """Return the secret that the keyring has of the profile."""
        return self.secrets.get(kind.of(self.profile_name))

    def set_secret(self, kind: SecretKind, secret: str) -> None:
        """Store a secret of the profile in the keyring."""
        self.secrets.set(kind.of(self.profile_name), secret)

    def delete_secret(self, kind: SecretKind) -> None:
        """Delete a secret of the profile from the keyring."""
        self.secrets.delete(kind.of(self.profile_name))

    def change(self, **fields: object) -> None:
        """Store the profile with some fields changed."""
        self.profiles.change(self.profile_name, **fields)

    def update(self, change: Callable[[Profile], Profile]) -> None:
        """Store what ``change`` makes of the profile."""
        self.profiles.update(self.profile_name, change)

    def forget_steps(self, *names: str) -> None:
        """Let the steps ``names`` of the setup be open again."""
        if any(name in self.profile().steps for name in names):

            def changed(profile: Profile) -> Profile:
                kept = {name: at for name, at in profile.steps.items() if name not in names}
                return replace(profile, steps=kept)

            self.update(changed)
