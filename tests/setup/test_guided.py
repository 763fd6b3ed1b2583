from dataclasses import dataclass, replace

import pytest

from ngrok_scim_cli.diagnosis.finding import Result, StepStatus, Verdict, WaitingFor
from ngrok_scim_cli.errors import Interrupted, UsageError
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.setup.context import Answers, Back, Later, SetupContext
from ngrok_scim_cli.setup.guided import (
    STEPS,
    plan_setup,
    read_status,
    record_done,
    run_setup,
)
from ngrok_scim_cli.setup.texts import LEFT_FOR_LATER, SWITCH_ON
from tests.support.setup_context import NAME, NOW, SCIM, FakePerson, SetupHarness

ANSWERS = Answers(domains=("corp.example",), okta_app_type="saml")
ALL_DONE = dict.fromkeys(STEPS, NOW)


def context_of(
    harness: SetupHarness, person: FakePerson | None = None, **changes: object
) -> SetupContext:
    """Return a context whose form carries the key of the keyring."""
    context = harness.context(person=person, answers=ANSWERS)

    def form() -> Form:
        key = harness.secrets.get(SCIM) or ""
        return Form(base_url=harness.sandbox.values.scim_base_url, authorization=key)

    return replace(context, form=form, **changes)  # type: ignore[arg-type]


def statuses(result: Result) -> list[StepStatus]:
    return [step.status for step in result.steps]


def test_each_finished_step_is_recorded(harness: SetupHarness) -> None:
    person = FakePerson()
    result = run_setup(context_of(harness, person))
    assert statuses(result) == [
        StepStatus.DONE,
        StepStatus.DONE,
        StepStatus.WAITING,
        StepStatus.DONE,
        StepStatus.DONE,
        StepStatus.DONE,
        StepStatus.TODO,
    ]
    assert set(harness.profile().steps) == set(STEPS) - {"domain", "first-person"}


def test_a_finished_step_asks_nothing_and_is_one_line(harness: SetupHarness) -> None:
    run_setup(context_of(harness, FakePerson()))
    person = FakePerson()
    context = replace(context_of(harness, person), answers=Answers())
    run_setup(context)
    assert "Step 1, prerequisites: done on 2026-11-24." in person.output
    # What is not done yet is asked for again.
    assert [question.partition(" ")[0] for question in person.asked] == ["Is", "E-mail"]


def test_another_run_may_change_the_profile_while_the_connector_is_tested(
    harness: SetupHarness,
) -> None:
    run_setup(context_of(harness))
    tested = context_of(harness).test

    def test(form: Form) -> Result:
        ProfileStore(harness.profiles.path(NAME).parent).change(NAME, auth_mode="Basic Auth")
        return tested(form)

    run_setup(context_of(harness, test=test))
    assert harness.profile().auth_mode == "Basic Auth"
    assert "test-connect" in harness.profile().steps


@pytest.mark.parametrize("step", STEPS)
def test_going_back_forgets_the_step_and_those_after_it(harness: SetupHarness, step: str) -> None:
    harness.change(replace(harness.profile(), steps=ALL_DONE))

    class Leaving(FakePerson):
        def begin_step(self, number: int, count: int, title: str, explanation: str) -> None:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        run_setup(context_of(harness, Leaving()), from_step=step)
    assert set(harness.profile().steps) <= set(STEPS[: STEPS.index(step)])


def test_only_the_step_that_was_named_is_one_that_the_person_comes_back_to(
    harness: SetupHarness,
) -> None:
    person = FakePerson()
    run_setup(context_of(harness, person), from_step="prerequisites")
    asked = len(person.asked)
    context = replace(context_of(harness, person), answers=Answers())
    run_setup(context, from_step="domain")
    assert person.asked[asked] == "Another e-mail domain (Enter: none)"
    run_setup(context, from_step="api-key")
    assert person.asked.count("Another e-mail domain (Enter: none)") == 1


def test_another_kind_of_app_on_the_command_line_is_taken(harness: SetupHarness) -> None:
    run_setup(context_of(harness, FakePerson()))
    run_setup(replace(context_of(harness), answers=Answers(okta_app_type="swa")))
    assert harness.profile().okta.app_type == "swa"
    assert "prerequisites" not in harness.profile().steps


def test_another_domain_on_the_command_line_is_taken(harness: SetupHarness) -> None:
    domains = replace(harness.profile(), steps=ALL_DONE)
    harness.change(domains)
    run_setup(context_of(harness))
    assert [domain.name for domain in harness.profile().domains] == ["corp.example"]
    assert "domain" not in harness.profile().steps


def test_a_key_that_is_lost_is_made_anew_and_must_go_into_okta_again(harness: SetupHarness) -> None:
    run_setup(context_of(harness, FakePerson()))
    harness.secrets.delete(SCIM)
    key = harness.profile().key
    assert key is not None
    del harness.sandbox.account.keys[key.id]
    result = run_setup(context_of(harness))
    assert harness.secrets.get(SCIM) is not None
    assert [step.name for step in result.steps if step.status is StepStatus.DONE] == [
        "prerequisites",
        "api-key",
        "test-connect",
        "to-app",
    ]
    assert "okta-values" not in harness.profile().steps


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_stopping_names_the_step_and_keeps_those_before(
    harness: SetupHarness, stop: type[BaseException]
) -> None:
    class Leaving(FakePerson):
        def begin_step(self, number: int, count: int, title: str, explanation: str) -> None:
            if number == 3:
                raise stop

    with pytest.raises(Interrupted) as stopped:
        run_setup(context_of(harness, Leaving()))
    where, _, finished = stopped.value.message.partition(" Finished: ")
    assert (where, finished) == ("Stopped in step 3 of 7 (domain).", "prerequisites, api-key.")
    assert set(harness.profile().steps) == {"prerequisites", "api-key"}


def test_a_failure_is_reported_at_once_and_the_other_steps_go_on(harness: SetupHarness) -> None:
    harness.sandbox.set_faults(["key-limit"])
    person = FakePerson()
    result = run_setup(context_of(harness, person))
    assert statuses(result)[1] is StepStatus.FAILED
    (finding,) = (item for item in result.findings if item.code == "NGR715")
    assert f"{finding.title}. {finding.fix}" in person.output
    assert result.steps[3].status is StepStatus.TODO


def test_a_test_that_fails_is_no_longer_done_and_nothing_that_was_asked_for_is_dropped(
    harness: SetupHarness,
) -> None:
    run_setup(context_of(harness, FakePerson()))
    harness.sandbox.set_faults(["empty-list"])
    result = run_setup(context_of(harness, FakePerson()), from_step="okta-values")
    assert statuses(result)[4] is StepStatus.FAILED
    assert SWITCH_ON in result.remaining
    assert "test-connect" not in harness.profile().steps


def test_a_failure_without_a_finding_leaves_the_verdict_open(harness: SetupHarness) -> None:
    context = context_of(harness, FakePerson())

    def cannot_tell(form: Form) -> Result:
        return Result(command="test-connect", verdict=Verdict.INCOMPLETE)

    result = run_setup(replace(context, test=cannot_tell))
    assert result.verdict is Verdict.INCOMPLETE


@dataclass
class Counting:
    """Counts connector tests, and lets them all pass or fail."""

    verdict: Verdict
    count: int = 0

    def __call__(self, form: Form) -> Result:
        self.count += 1
        return Result(command="test-connect", verdict=self.verdict)


@pytest.mark.parametrize(
    ("verdict", "person", "count"),
    [
        (Verdict.PASS, None, 1),
        (Verdict.FAIL, None, 2),
        # Until the person has pasted the key, much may have happened.
        (Verdict.PASS, FakePerson(), 2),
    ],
)
def test_without_a_person_accepted_values_are_not_tried_twice(
    harness: SetupHarness, verdict: Verdict, person: FakePerson | None, count: int
) -> None:
    test = Counting(verdict)
    run_setup(context_of(harness, person, test=test))
    assert test.count == count


def test_the_status_shows_each_step_and_whom_it_waits_for(
    harness: SetupHarness,
) -> None:
    assert set(statuses(read_status(harness.context()))) == {StepStatus.TODO}
    run_setup(context_of(harness))
    key = harness.profile().key
    assert key is not None
    result = read_status(harness.context())
    assert [(step.waiting_for, step.detail) for step in result.steps] == [
        (WaitingFor.YOU, "Okta app: SAML 2.0, Classic experience."),
        (None, f"Using {key.id}; its secret is in the memory of this run."),
        (WaitingFor.YOU, "Not allowed by ngrok yet: corp.example (not submitted)."),
        (WaitingFor.OKTA_ADMIN, "The values are ready to be entered in Okta."),
        (None, "It passed on 2026-11-24."),
        (
            None,
            "This step comes after the values are saved in Okta and the connector test has passed.",
        ),
        (None, "This step comes after the settings under To App are saved."),
    ]
    assert result.verdict is Verdict.WARN


def test_a_step_waits_for_somebody_exactly_where_it_is_waiting(harness: SetupHarness) -> None:
    for result in (run_setup(context_of(harness)), read_status(harness.context())):
        for step in result.steps:
            assert (step.waiting_for is not None) is (step.status is StepStatus.WAITING)


def test_what_remains_is_listed_for_every_step_that_is_not_done(harness: SetupHarness) -> None:
    result = read_status(harness.context())
    assert len(result.remaining) >= len(STEPS)


def test_it_passes_only_where_every_step_is_done(harness: SetupHarness) -> None:
    context = context_of(harness, FakePerson())
    run_setup(context)
    assert run_setup(replace(context, answers=Answers())).verdict is Verdict.WARN
    record_done(context, ("first-person",))
    assert run_setup(replace(context, answers=Answers())).verdict is Verdict.PASS


@pytest.mark.parametrize("name", ["prerequisites", "okta-values", "to-app", "first-person"])
def test_a_step_is_taken_for_done_on_somebody_s_word(harness: SetupHarness, name: str) -> None:
    result = record_done(harness.context(), (name,))
    assert next(step for step in result.steps if step.name == name).status is StepStatus.DONE
    assert set(harness.profile().steps) == {name}


@pytest.mark.parametrize("name", ["api-key", "test-connect"])
def test_what_is_proved_is_not_taken_on_a_word(harness: SetupHarness, name: str) -> None:
    with pytest.raises(UsageError, match="proved"):
        record_done(harness.context(), ("to-app", name))
    assert harness.profile().steps == {}


def test_the_word_that_the_domain_is_allowed_needs_a_domain(harness: SetupHarness) -> None:
    with pytest.raises(UsageError, match="No domain"):
        record_done(harness.context(), ("domain",))
    with pytest.raises(UsageError, match="gmail"):
        record_done(harness.context(answers=Answers(domains=("gmail.com",))), ("domain",))
    record_done(harness.context(answers=ANSWERS), ("domain",))
    assert [item.approved_at for item in harness.profile().domains] == [NOW]


@dataclass
class Wandering(FakePerson):
    """A person who types a word at one question, and yes at all others."""

    word: type[Exception] = Later
    at: str = ""

    def confirm(self, question: str, *, default: bool = True) -> bool:
        if question.startswith(self.at):
            self.at = "never again"
            raise self.word
        return super().confirm(question, default=default)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Are all three", "prerequisites"),
        ("Have you sent", "domain"),
        ("Did Okta's test", "okta-values"),
        ("Are the three boxes", "to-app"),
    ],
)
def test_later_leaves_the_step_open_and_goes_on(
    harness: SetupHarness, question: str, name: str
) -> None:
    person = Wandering(at=question)
    result = run_setup(context_of(harness, person))
    step = next(step for step in result.steps if step.name == name)
    assert step.status in (StepStatus.WAITING, StepStatus.TODO)
    assert name not in harness.profile().steps
    assert LEFT_FOR_LATER in person.output
    assert len(result.steps) == len(STEPS)


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("Are all three", "what must be in place first"),
        # No key is made twice, so going back goes past that step.
        ("Have you sent", "what must be in place first"),
        ("Did Okta's test", "the e-mail domain"),
        ("Are the three boxes", "the values for Okta"),
    ],
)
def test_back_goes_to_the_nearest_step_that_asks_something(
    harness: SetupHarness, question: str, before: str
) -> None:
    person = Wandering(word=Back, at=question)
    run_setup(context_of(harness, person))
    assert person.output.count(before) == 2
    assert len(harness.alive()) == 1


def test_the_status_knows_a_key_that_was_made_otherwise(harness: SetupHarness) -> None:
    run_setup(context_of(harness))
    key = harness.profile().key
    assert key is not None
    harness.change(replace(harness.profile(), steps={}))
    assert read_status(harness.context()).steps[1].detail == (
        f"Using {key.id}; its secret is in the memory of this run."
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pending_key": PendingKey("f00d")}, "A run was interrupted"),
        ({"next_key": Key("ak_new")}, "The key is being replaced"),
        ({"previous_key": Key("ak_old")}, "The key is being replaced"),
    ],
)
def test_the_status_names_a_key_that_waits(
    harness: SetupHarness, fields: dict[str, object], said: str
) -> None:
    profile = Profile(NAME, key=Key("ak_one"), steps={"api-key": NOW})
    harness.change(replace(profile, **fields))  # type: ignore[arg-type]
    step = read_status(harness.context()).steps[1]
    assert (step.status, said in step.detail) == (StepStatus.WAITING, True)


def test_the_status_names_a_key_that_the_environment_gives(harness: SetupHarness) -> None:
    given = harness.context(given_key="NGROK_SCIM_API_KEY", key=f"{'a' * 27}_{'b' * 21}")
    step = read_status(given).steps[1]
    assert (step.status, "from NGROK_SCIM_API_KEY" in step.detail) == (StepStatus.DONE, True)


def test_a_dry_run_with_a_key_plans_only_the_connector_test(harness: SetupHarness) -> None:
    planned = plan_setup(harness.context())
    assert [item.method for item in planned] == ["GET", "POST", "POST", "GET"]
    assert len(plan_setup(harness.context(given_key="NGROK_SCIM_API_KEY"))) == 1


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (Key("ak_a"), "Using ak_a; its secret is in the memory of this run."),
        (Key("ak_a", kept="by-hand"), "Using ak_a; its secret is where you stored it."),
        (
            Key("ak_a", kept="command", kept_by="vault"),
            "Using ak_a; its secret was handed to the command “vault”.",
        ),
        (Key(""), "Using the stored key; its secret is in the memory of this run."),
        (None, "The key was given to an earlier run; it is not stored here."),
    ],
)
def test_the_status_says_where_the_key_is(
    harness: SetupHarness, key: Key | None, said: str
) -> None:
    harness.change(Profile(NAME, key=key, steps=ALL_DONE))
    assert read_status(context_of(harness)).steps[1].detail == said
