"""What `users audit` and `users trace` share: they ask both sides, and tell what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.ending import finish
from ngrok_scim_cli.cli.runtime.peers import find_peers
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.diagnosis.finding import Result, Verdict, verdict_of
from ngrok_scim_cli.doctor.environment import judge_facts
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.cli.runtime.session import Session
    from ngrok_scim_cli.doctor.evidence import Evidence


@dataclass(frozen=True, kw_only=True)
class UserOptions(
    shared.OktaOptions,
    shared.SandboxOptions,
    shared.FaultOptions,
    shared.NetworkOptions,
    shared.OutputOptions,
):
    """What both take."""


# The worst last.
_TOLD = (Verdict.PASS, Verdict.WARN, Verdict.FAIL)


def examine_users(command: str, options: UserOptions, examine: Callable[[Evidence], Result]) -> int:
    """Ask both sides, print the result and return the exit status."""

    def work() -> Result:
        with open_session(options, must_exist=True) as session:
            watch = Watch("Reading …")
            evidence = find_peers(session, options, watch)()
            with progressing(watch, quiet=options.quiet):
                result = examine(evidence)
            return _with_facts(result, session)

    return finish(command, options, work)


def _with_facts(result: Result, session: Session) -> Result:
    """Return ``result`` with what was noticed while the values were looked up."""
    noticed = judge_facts(session.settings.facts)
    verdict = result.verdict
    if verdict in _TOLD:
        verdict = max(verdict, verdict_of(noticed), key=_TOLD.index)
    return replace(result, verdict=verdict, findings=result.findings + noticed)
