"""What `ngrok-scim doctor --list-checks` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ngrok_scim_cli.cli.runtime.ending import finish
from ngrok_scim_cli.diagnosis.finding import Payload, Result, Section, Verdict
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.report.layout import shortened_codes

if TYPE_CHECKING:
    from ngrok_scim_cli.cli.runtime.options import OutputOptions
    from ngrok_scim_cli.doctor.checks import CheckPlan, Choice

COMMAND = "doctor --list-checks"


@dataclass(frozen=True, slots=True)
class AvailableChecks(Payload):
    """Checks that can be made."""

    is_answer: ClassVar[bool] = True

    plans: tuple[CheckPlan, ...]

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        return {"available": [plan.document() for plan in self.plans]}

    def sections(self) -> tuple[Section, ...]:
        """Return a table for each category."""
        heads = ("Check", "What it checks", "Needs", "Finds")
        rows = {
            category: tuple(
                (plan.code, plan.name, plan.needs, shortened_codes(plan.finds))
                for plan in self.plans
                if plan.category == category
            )
            for category in dict.fromkeys(plan.category for plan in self.plans)
        }
        return tuple(Section(category, table=(heads, *listed)) for category, listed in rows.items())


def list_checks(choice: Choice, options: OutputOptions) -> int:
    """Show the checks that ``choice`` takes, and return the exit status."""
    from ngrok_scim_cli.doctor.run import PLANS

    available = AvailableChecks(tuple(plan for plan in PLANS if choice.takes(plan)))
    return finish(COMMAND, options, lambda: Result(COMMAND, Verdict.PASS, payload=available))
