"""A run that is followed check by check, as the screen does."""

from threading import Event

from ngrok_scim_cli.diagnosis.finding import Check
from ngrok_scim_cli.diagnosis.unknown import Judged
from ngrok_scim_cli.doctor.checks import CheckPlan, Choice
from ngrok_scim_cli.doctor.evidence import Evidence
from ngrok_scim_cli.doctor.run import examine
from tests.doctor.harness import Harness


class Notes:
    """Writes down what it is told, and lets the slow checks end once the first one is told."""

    def __init__(self, go_on: Event) -> None:
        self.lines: list[str] = []
        self._go_on = go_on

    def waits(self, plan: CheckPlan) -> None:
        self.lines.append(f"waits for {plan.code}")

    def show(self, check: Check) -> None:
        self.lines.append(f"ended {check.code}")
        self._go_on.set()


def test_a_check_is_reported_before_those_below_it_have_ended(harness: Harness) -> None:
    go_on = Event()

    def quick(_: Evidence) -> Judged:
        return Judged()

    def slow(_: Evidence) -> Judged:
        assert go_on.wait(30)
        return Judged()

    plans = [
        CheckPlan(code, "A check", "Here", look)
        for code, look in (("one", quick), ("two", slow), ("three", quick))
    ]
    notes = Notes(go_on)
    examined = examine(harness.evidence, Choice(), plans, show=notes.show, waits=notes.waits)
    codes = [check.code for check in examined.result.checks]
    assert notes.lines == [
        line for code in codes for line in (f"waits for {code}", f"ended {code}")
    ]
