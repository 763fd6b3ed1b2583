"""The context in which the setup and the commands of the key do their work, and their results."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import Session, refuse_secret
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.diagnosis.values.validate import validate
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.settings.secrets import RunSecrets
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import (
    Answers,
    SetupContext,
    StepFailed,
    StepOutcome,
    attempt,
    result_of,
)
from ngrok_scim_cli.setup.dry_run import PlannedRequest, as_answer
from ngrok_scim_cli.setup.hand_off import hand_off_to_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.doctor.evidence import Evidence
    from ngrok_scim_cli.settings.clipboard import Clipboard
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi


_Proof = TypeVar("_Proof")


def open_setup_context(session: Session, **answers: Any) -> SetupContext:
    """Return what the commands on the profile's own key work with; the form has no key yet.

    ``answers`` are those of ``Answers`` that no shared option gives.
    """
    options = session.options
    given = session.settings.given_scim_key()
    refuse_secret("--service-user", options.service_user)
    refuse_secret("--key-description", options.key_description)
    refuse_secret("--key-to", options.key_to)
    secrets = RunSecrets(session.secrets, lambda: session.profiles.load(session.profile_name))
    if options.key_to is not None:
        secrets.hand_off = hand_off_to_command(options.key_to)

    def test(typed: Form) -> Result:
        with progressing("Asking the SCIM endpoint …", quiet=options.quiet):
            tester = session.connector_test(repairing=False)
            return tester.run(validate(typed, session.trust)).result

    return SetupContext(
        person=session.person,
        answers=Answers(
            service_user=options.service_user, key_description=options.key_description, **answers
        ),
        profiles=session.profiles,
        profile_name=session.profile_name,
        secrets=secrets,
        reveal=_reveal if session.person.present else None,
        given_key=given.origin if given else None,
        open_api=lambda: open_api(session, find_admin_key(session)),
        form=lambda: session.form_with(""),
        test=test,
        now=lambda: datetime.now(UTC),
        trust=session.trust,
        wire=session.wire,
        is_sandbox=options.sandbox,
        clipboard=lambda: None if options.sandbox else find_clipboard_of_person(),
    )


def _reveal(secret: str) -> None:
    """Show a key at the terminal where the person sits: nowhere else, and past the redactor."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\n  {secret}\n\n")
        sys.stderr.flush()


def find_admin_key(session: Session, *, asks: bool = True, or_none: str = "") -> str:
    """Return the administrator's key that the options, the environment or ngrok.yml give.

    Where nothing gives it, the person is asked, and what they type is used and not kept. Empty
    where there is none.
    """
    found = session.settings.admin_key(session.options.admin_key_file)
    if found or not (asks and session.person.present):
        return found.value if found else ""
    for text in filter(None, (texts.ADMIN_KEY, or_none)):
        session.person.show(text)
    return session.person.ask_secret(texts.ASK_ADMIN_KEY).strip()


def open_api(session: Session, admin_key: str) -> NgrokApi | None:
    """Open ngrok's API with ``admin_key``; ``None`` where that is empty."""
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

    url = session.settings.value("api_base_url").value
    return NgrokApi(session.wire, url, admin_key) if admin_key else None


def find_clipboard_of_person() -> Clipboard | None:
    """Return the clipboard in front of which the person sits; ``None`` where there is none."""
    from ngrok_scim_cli.settings.clipboard import find_clipboard

    return find_clipboard(os.environ, terminal=sys.stderr)


def prove_in_okta(
    session: Session, form: Form, prove: Callable[[Evidence], _Proof], otherwise: _Proof
) -> _Proof:
    """Return what ``prove`` sees in Okta; ``otherwise`` where its org or its token is not known."""
    from ngrok_scim_cli.cli.runtime.peers import find_peers
    from ngrok_scim_cli.diagnosis.unknown import Unknown

    watch = Watch("Asking Okta …")
    evidence = find_peers(session, watch, form=form)()
    if isinstance(evidence.access.okta.api, Unknown):
        return otherwise
    with progressing(watch):
        return prove(evidence)


def planned(
    session: Session, command: str, plan: Callable[[], tuple[PlannedRequest, ...]]
) -> Result:
    """Return the requests that ``command`` would make."""
    try:
        payload = as_answer(plan(), session.settings.value("api_base_url").value)
        return Result(command, Verdict.PASS, payload=payload)
    except StepFailed as failure:
        return result_of(command, {command.rpartition(" ")[2]: failure.outcome})


def done(command: str, work: Callable[[], StepOutcome]) -> Result:
    """Run ``work`` and return its outcome as a result."""
    return result_of(command, {command.rpartition(" ")[2]: attempt(work)})
