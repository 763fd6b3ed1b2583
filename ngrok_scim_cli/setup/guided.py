"""The five steps from nothing to a passing connector test. A re-run resumes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import (
    Result,
    Severity,
    Step,
    StepStatus,
    Verdict,
    verdict_of,
)
from ngrok_scim_cli.setup import api_key, domain, okta_side, texts
from ngrok_scim_cli.setup.context import StepFailed, StepOutcome
from ngrok_scim_cli.setup.domain_service import state_of
from ngrok_scim_cli.setup.dry_run import plan_new_key, plan_test
from ngrok_scim_cli.setup.hand_made_key import key_is_there, provide_or_paste_key
from ngrok_scim_cli.setup.person import tell_root_cause

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.settings.profile import Profile
    from ngrok_scim_cli.setup.context import SetupContext
    from ngrok_scim_cli.setup.dry_run import PlannedRequest


@dataclass(frozen=True, slots=True)
class _GuidedStep:
    """A step of the setup.

    Attributes:
        title: its heading.
        work: does it.
        stands: whether it need not be done again once it was done.
        recall: says how it ended earlier, and asks nothing.
    """

    title: str
    work: Callable[[SetupContext], StepOutcome]
    stands: Callable[[SetupContext], bool]
    recall: Callable[[SetupContext], StepOutcome]


def _domains_stand(context: SetupContext) -> bool:
    domains = context.profile().domains
    return not context.answers.domains and all(domain.approved_at for domain in domains)


_STEPS = {
    "prerequisites": _GuidedStep(
        "what must be in place first",
        okta_side.check_prerequisites,
        okta_side.app_stands,
        okta_side.recall_app,
    ),
    "api-key": _GuidedStep(
        "an API key only for SCIM", provide_or_paste_key, key_is_there, api_key.provide_key
    ),
    "domain": _GuidedStep(
        "the e-mail domain", domain.submit_domains, _domains_stand, domain.submit_domains
    ),
    "okta-values": _GuidedStep(
        "the values for Okta", okta_side.show_values, lambda _: True, okta_side.recall_values
    ),
    # What was true once may have changed, and nobody is asked anything: it is always done.
    "test-connect": _GuidedStep(
        "the connector test",
        okta_side.test_connector,
        lambda _: False,
        okta_side.test_connector,
    ),
}
STEPS = tuple(_STEPS)

_CUT_SHORT = "A run was cut short while it made a key; the next one looks for that key."

_SEVERITIES = tuple(Severity)


class SetupInterrupted(KeyboardInterrupt):
    """The person stopped the setup; what was done before is kept.

    Attributes:
        number: the step in which it was, counted from 1.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def run_setup(context: SetupContext, *, from_step: str | None = None) -> Result:
    """Do what is not done yet and say what remains for people.

    Args:
        context: what the steps work with; the caller holds the profile's lock.
        from_step: forget that this step and those after it were done.

    Raises:
        SetupInterrupted: the person pressed Ctrl-C, or the input ended.
        NgrokScimError: the keyring or the profile cannot be used.
    """
    if from_step:
        _forget(context, *STEPS[STEPS.index(from_step) :])
    if not context.person.present:
        context = replace(context, test=_asked_once(context.test))
    outcomes: dict[str, StepOutcome] = {}
    for number, name in enumerate(STEPS, 1):
        at_step = replace(context, goes_back=name == from_step)
        try:
            outcomes[name] = _recall(at_step, number, name) or _do(at_step, number, name)
        except (KeyboardInterrupt, EOFError):
            raise SetupInterrupted(number) from None
    context.person.tell("")
    return _result(outcomes)


def read_status(context: SetupContext) -> Result:
    """Say where the setup stands, without asking or doing anything."""
    profile = context.profile()
    steps = tuple(_standing(profile, name) for name in STEPS)
    return Result(command="setup", verdict=verdict_of(()), steps=steps)


def plan_setup(context: SetupContext, api_base_url: str) -> tuple[PlannedRequest, ...]:
    """Return what would be asked of ngrok; nothing that is asked for this changes anything.

    Args:
        context: what to work with.
        api_base_url: the base URL of ngrok's API.

    Raises:
        StepFailed: ngrok was asked for the Service User, and refused or did not answer.
        NgrokScimError: the keyring, the profile or the administrator's key cannot be read.
    """
    return (plan_test(context),) if key_is_there(context) else plan_new_key(context, api_base_url)


def _recall(context: SetupContext, number: int, name: str) -> StepOutcome | None:
    """Return how a finished step ended, and say so in one line; ``None`` where it must be done."""
    done = context.profile().steps.get(name)
    if done is None or not _STEPS[name].stands(context):
        return None
    context.person.tell(texts.step_done(number, name, f"{done:%Y-%m-%d}"))
    return _attempt(context, _STEPS[name].recall)


def _do(context: SetupContext, number: int, name: str) -> StepOutcome:
    step = _STEPS[name]
    context.person.head(number, len(STEPS), step.title)
    outcome = _attempt(context, step.work)
    context.person.tell(outcome.detail)
    if outcome.status is StepStatus.FAILED:
        tell_root_cause(context.person, outcome.findings)
    if outcome.status is not StepStatus.DONE:
        _forget(context, name)
        return outcome
    if name == "api-key":
        _forget(context, "okta-values")  # what stands in Okta is another key
    context.change(steps={**context.profile().steps, name: context.now()})
    return outcome


def _attempt(context: SetupContext, work: Callable[[SetupContext], StepOutcome]) -> StepOutcome:
    try:
        return work(context)
    except StepFailed as failure:
        return StepOutcome(StepStatus.FAILED, failure.detail, findings=failure.findings)


def _asked_once(test: Callable[[Form], Result]) -> Callable[[Form], Result]:
    """Return ``test`` without a second request for values that were just accepted."""
    accepted: dict[Form, Result] = {}

    def test_once(form: Form) -> Result:
        if form in accepted:
            return accepted[form]
        result = test(form)
        if result.verdict in (Verdict.PASS, Verdict.WARN):
            accepted[form] = result
        return result

    return test_once


def _forget(context: SetupContext, *names: str) -> None:
    known = context.profile().steps
    kept = {name: done for name, done in known.items() if name not in names}
    if len(kept) != len(known):
        context.change(steps=kept)


def _standing(profile: Profile, name: str) -> Step:
    """Return how far the step ``name`` is, by what the profile knows."""
    waiting = _waiting_key(profile) if name == "api-key" else ""
    if waiting:
        return Step(name, StepStatus.WAITING, waiting)
    if name in profile.steps:
        return Step(name, StepStatus.DONE, f"done on {profile.steps[name]:%Y-%m-%d}")
    if name == "prerequisites" and profile.okta.app_type:
        return Step(name, StepStatus.WAITING, okta_side.said_of_app(profile.okta.app_type))
    if name == "api-key" and profile.key:
        return Step(name, StepStatus.DONE, f"{profile.key.id or 'a key'} is in the keyring")
    if name == "domain" and profile.domains:
        listed = ", ".join(f"{item.name} ({state_of(item)})" for item in profile.domains)
        return Step(name, StepStatus.WAITING, listed)
    return Step(name, StepStatus.TODO)


def _waiting_key(profile: Profile) -> str:
    """Return what a key that is half-made, or half-replaced, waits for; empty without one."""
    if profile.pending_key:
        return _CUT_SHORT
    return api_key.FINISH_ROTATION if profile.rotation else ""


def _result(outcomes: dict[str, StepOutcome]) -> Result:
    findings = dict.fromkeys(item for outcome in outcomes.values() for item in outcome.findings)
    ordered = tuple(sorted(findings, key=lambda item: _SEVERITIES.index(item.severity)))
    failed = any(outcome.status is StepStatus.FAILED for outcome in outcomes.values())
    explained = any(item.severity is Severity.ERROR for item in ordered)
    tested = outcomes["test-connect"].tested
    result = tested or Result(command="setup", verdict=verdict_of(()))
    return replace(
        result,
        command="setup",
        verdict=verdict_of(ordered, told=explained or not failed),
        findings=ordered,
        steps=tuple(Step(name, item.status, item.detail) for name, item in outcomes.items()),
        values=outcomes["okta-values"].values,
        remaining=_remaining(outcomes),
    )


def _remaining(outcomes: dict[str, StepOutcome]) -> tuple[str, ...]:
    """Return what only a person can do; what follows on a test that passes waits for it."""
    failed = outcomes["test-connect"].status is StepStatus.FAILED
    too_early = (texts.switch_on_to_app(),) if failed else ()
    lines = (line for outcome in outcomes.values() for line in outcome.remaining)
    return tuple(line for line in lines if line not in too_early)
