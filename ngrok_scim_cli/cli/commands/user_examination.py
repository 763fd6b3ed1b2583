"""What `users audit` and `users trace` share: they ask both sides, and tell what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime.output import Printing, deliver
from ngrok_scim_cli.cli.runtime.peers import find_peers
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.diagnosis.finding import Result, Verdict, verdict_of
from ngrok_scim_cli.doctor.environment import judge_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ngrok_scim_cli.cli.runtime.peers import Given, Peers
    from ngrok_scim_cli.cli.runtime.session import Session

# The worst last.
_TOLD = (Verdict.PASS, Verdict.WARN, Verdict.FAIL)


def examine_users(
    command: str,
    printing: Printing,
    open_it: Callable[[], AbstractContextManager[Session]],
    given: Given,
    examine: Callable[[Peers], Result],
) -> int:
    """Ask both sides, print the result and return the exit status.

    Args:
        command: the command's name.
        printing: how to print the result.
        open_it: opens what the command works with.
        given: what the command line says.
        examine: finds the result out.
    """

    def work() -> Result:
        with open_it() as session:
            watch = Watch("Reading …")
            peers = find_peers(session, given, watch)
            with progressing(watch, quiet=printing.quiet):
                result = examine(peers)
            return _with_facts(result, session)

    return deliver(command, printing, work)


def _with_facts(result: Result, session: Session) -> Result:
    """Return ``result`` with what was noticed while the values were looked up."""
    noticed = judge_facts(session.settings.facts)
    verdict = result.verdict
    if verdict in _TOLD:
        verdict = max(verdict, verdict_of(noticed), key=_TOLD.index)
    return replace(result, verdict=verdict, findings=result.findings + noticed)
