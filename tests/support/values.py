"""What the rules say of the five values, and the form repaired."""

from ngrok_scim_cli.diagnosis.finding import Finding, Repair
from ngrok_scim_cli.diagnosis.values.validate import Repaired, repair, validate
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.hosts import Trust

NOBODY = Trust()


def examine(form: Form, trust: Trust = NOBODY) -> tuple[Finding, ...]:
    """Return what is wrong for certain."""
    return validate(form, trust).findings


def suspect(form: Form, trust: Trust = NOBODY) -> tuple[Finding, ...]:
    """Return what would be wrong if the base URL were meant to be ngrok's."""
    return validate(form, trust).suspects()


def repaired(form: Form, trust: Trust = NOBODY, *, suspected: bool = False) -> Repaired | None:
    """Return the repaired values."""
    values = validate(form, trust)
    return repair(values, values.suspects() if suspected else values.findings)


def repair_of(form: Form, trust: Trust = NOBODY) -> Repair:
    """Return the repair as it is shown, of a form that can be repaired."""
    done = repaired(form, trust)
    assert done is not None
    return done.shown
