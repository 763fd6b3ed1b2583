"""The seven steps from nothing to the first person whom Okta provisioned. A re-run resumes."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.finding import (
    Result,
    Severity,
    StepStatus,
    Verdict,
    errors_first,
)
from ngrok_scim_cli.errors import Interrupted, UsageError
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.setup import api_key, domain, okta_steps, texts
from ngrok_scim_cli.setup.context import (
    Back,
    Later,
    SetupContext,
    StepOutcome,
    attempt,
    result_of,
)
from ngrok_scim_cli.setup.dry_run import PlannedRequest, plan_new_key, plan_test


class _Step(NamedTuple):
    """A step of the setup.

    Attributes:
        explanation: what ``?`` shows.
        work: asks and does what is not known yet, and shows what to do in Okta or ngrok.
        state: returns from the profile alone how far it is, and what is left to do.
        is_still_done: whether it need not be done again once it was done.
        is_proved: it is proved by doing it: a person's word is not enough, nor are they asked.
    """

    title: str
    explanation: str
    work: Callable[[SetupContext], StepOutcome]
    state: Callable[[SetupContext], StepOutcome]
    is_still_done: Callable[[SetupContext], bool] = lambda _: True
    is_proved: bool = False


_STEPS = {
    "prerequisites": _Step(
        "what must be in place first",
        texts.ABOUT_PREREQUISITES,
        okta_steps.check_prerequisites,
        okta_steps.state_of_app,
        is_still_done=okta_steps.is_app_unchanged,
    ),
    "api-key": _Step(
        "an API key only for SCIM",
        texts.ABOUT_KEY,
        api_key.provide_or_paste_key,
        api_key.state_of_key,
        is_still_done=api_key.has_key,
        is_proved=True,
    ),
    "domain": _Step(
        "the e-mail domain",
        texts.ABOUT_DOMAIN,
        domain.submit_domains,
        domain.state_of_domains,
        is_still_done=domain.all_domains_approved,
    ),
    "okta-values": _Step(
        "the values for Okta",
        texts.ABOUT_VALUES,
        okta_steps.show_values,
        okta_steps.state_of_values,
    ),
    # What was true once may have changed, so it is always done.
    "test-connect": _Step(
        "the connector test",
        "",
        okta_steps.test_connector,
        okta_steps.state_of_test,
        is_still_done=lambda _: False,
        is_proved=True,
    ),
    "to-app": _Step(
        "what Okta sends to ngrok",
        texts.ABOUT_TO_APP,
        okta_steps.switch_on_to_app,
        okta_steps.state_of_to_app,
        is_still_done=okta_steps.is_to_app_undisputed,
    ),
    "first-person": _Step(
        "the first person",
        texts.ABOUT_FIRST_PERSON,
        okta_steps.see_first_person,
        okta_steps.state_of_first_person,
    ),
}
STEPS = tuple(_STEPS)


def run_setup(context: SetupContext, *, from_step: str | None = None) -> Result:
    """Run the steps that are not done yet, and return what remains for people."""
    if from_step:
        context.forget_steps(*STEPS[STEPS.index(from_step) :])
    if not context.person.present:
        context = replace(context, test=_asked_once(context.test))
    outcomes: dict[str, StepOutcome] = {}
    again = from_step
    number = 1
    worked = False
    while number <= len(STEPS):
        name = STEPS[number - 1]
        here = replace(context, goes_back=name == again)
        try:
            done = None if here.goes_back else context.profile().steps.get(name)
            is_done = done is not None and _STEPS[name].is_still_done(here)
            if is_done and worked:
                context.person.show("")
            worked = not is_done
            if done and is_done:
                context.person.show(texts.STEP_DONE.format(number, name, f"{done:%Y-%m-%d}"))
                outcomes[name] = _STEPS[name].state(here)
            else:
                outcomes[name] = _run_step(here, number, name)
        except Back:
            number = _step_before(context, number)
            again = STEPS[number - 1]
            continue
        except (KeyboardInterrupt, EOFError):
            raise _interrupted(context, number) from None
        number += 1
    context.person.show("")
    result = result_of("setup", {name: outcomes[name] for name in STEPS})
    if context.person.present or outcomes["okta-values"].status is StepStatus.TODO:
        return result
    return replace(result, values=context.form())  # nobody was there to whom they were shown


def read_status(context: SetupContext) -> Result:
    """Return how far the setup is, without asking or doing anything."""
    return result_of("setup", {name: step.state(context) for name, step in _STEPS.items()})


def record_done(context: SetupContext, names: tuple[str, ...]) -> Result:
    """Record on a person's word that the steps ``names`` are done; return how far the setup is."""
    for name in names:
        if _STEPS[name].is_proved:
            raise UsageError(
                f'The step "{name}" is proved by doing it, so --done does not apply.',
                advice="Run: ngrok-scim setup",
            )
    if "domain" in names:
        domain.approve_all(context)
    _record(context, *names)
    return read_status(context)


def plan_setup(context: SetupContext) -> tuple[PlannedRequest, ...]:
    """Return what would be asked of ngrok; nothing that is asked for this changes anything."""
    return (plan_test(context),) if api_key.has_key(context) else plan_new_key(context)


def _run_step(context: SetupContext, number: int, name: str) -> StepOutcome:
    """Do one step, show how it ended, and record it in the profile where it is done."""
    step, show = _STEPS[name], context.person.show
    context.person.begin_step(number, len(STEPS), step.title, step.explanation)
    try:
        outcome = attempt(lambda: step.work(context))
    except Later:
        show(texts.LEFT_FOR_LATER)
        return step.state(replace(context, goes_back=False))
    show(outcome.detail)
    if outcome.status is StepStatus.FAILED:
        for first in errors_first(outcome.findings)[:1]:
            if first.severity is Severity.ERROR:
                show(f"{first.title}. {first.fix}")
    if outcome.status is not StepStatus.DONE:
        context.forget_steps(name)
        return outcome
    if name == "api-key":
        context.forget_steps("okta-values")  # Okta has another key
    _record(context, name)
    return outcome


def _interrupted(context: SetupContext, number: int) -> Interrupted:
    done = ", ".join(name for name in STEPS if name in context.profile().steps)
    where = f"Stopped in step {number} of {len(STEPS)} ({STEPS[number - 1]})."
    if context.is_sandbox:
        kept = "A sandbox keeps nothing. Start again with `ngrok-scim setup`."
        return Interrupted(where, advice=kept)
    kept = "What was done is kept. Continue with `ngrok-scim setup`."
    return Interrupted(f"{where} Finished: {done}." if done else where, advice=kept)


def _step_before(context: SetupContext, number: int) -> int:
    """Return the nearest step before ``number`` that has something to ask; 1 where none has."""
    if number == 1:
        context.person.show(texts.NOTHING_BEFORE)
    done = context.profile().steps
    for earlier in range(number - 1, 1, -1):
        name = STEPS[earlier - 1]
        if not _STEPS[name].is_proved or (name == "api-key" and name not in done):
            return earlier
    return 1


def _asked_once(test: Callable[[Form], Result]) -> Callable[[Form], Result]:
    """Return ``test`` without a second request for values that were just accepted."""
    accepted: dict[Form, Result] = {}

    def test_once(form: Form) -> Result:
        result = accepted.get(form) or test(form)
        if result.verdict in (Verdict.PASS, Verdict.WARN):
            accepted[form] = result
        return result

    return test_once


def _record(context: SetupContext, *names: str) -> None:
    done = dict.fromkeys(names, context.now())
    context.update(lambda profile: replace(profile, steps={**profile.steps, **done}))
