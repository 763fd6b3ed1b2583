from dataclasses import dataclass, replace

import pytest

from ngrok_scim_cli.diagnosis.finding import Result, StepStatus, Verdict
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile
from ngrok_scim_cli.setup.context import Answers, SetupContext
from ngrok_scim_cli.setup.guided import (
    STEPS,
    SetupInterrupted,
    plan_setup,
    read_status,
    run_setup,
)
from ngrok_scim_cli.setup.texts import switch_on_to_app
from tests.support.setup_context import NAME, NOW, SCIM, Place, Somebody

ANSWERS = Answers(domains=("corp.example",), okta_app_type="saml")
ALL_DONE = dict.fromkeys(STEPS, NOW)


def shop_of(place: Place, person: Somebody | None = None, **changes: object) -> SetupContext:
    """Return a workshop whose form carries the key of the keyring."""
    context = place.context(person=person, answers=ANSWERS)

    def form() -> Form:
        key = place.secrets.get(SCIM) or ""
        return Form(base_url=place.sandbox.values.scim_base_url, authorization=key)

    return replace(context, form=form, **changes)  # type: ignore[arg-type]


def statuses(result: Result) -> list[StepStatus]:
    return [step.status for step in result.steps]


def test_each_finished_step_is_recorded(place: Place) -> None:
    person = Somebody()
    result = run_setup(shop_of(place, person))
    assert statuses(result) == [
        StepStatus.DONE,
        StepStatus.DONE,
        StepStatus.WAITING,
        StepStatus.DONE,
        StepStatus.DONE,
    ]
    assert set(place.profile().steps) == set(STEPS) - {"domain"}


def test_a_finished_step_asks_nothing_and_is_one_line(place: Place) -> None:
    run_setup(shop_of(place, Somebody()))
    person = Somebody()
    context = replace(shop_of(place, person), answers=Answers())
    run_setup(context)
    assert "\nStep 1: done on 2026-11-24; ngrok-scim setup --from prerequisites goes back" in (
        person.told
    )
    assert person.asked == []


@pytest.mark.parametrize("step", STEPS)
def test_going_back_forgets_the_step_and_those_after_it(place: Place, step: str) -> None:
    place.change(replace(place.profile(), steps=ALL_DONE))

    class Leaving(Somebody):
        def head(self, number: int, count: int, title: str) -> None:
            raise KeyboardInterrupt

    with pytest.raises(SetupInterrupted):
        run_setup(shop_of(place, Leaving()), from_step=step)
    assert set(place.profile().steps) <= set(STEPS[: STEPS.index(step)])


def test_only_the_step_that_was_named_is_one_that_the_person_comes_back_to(place: Place) -> None:
    person = Somebody()
    run_setup(shop_of(place, person), from_step="prerequisites")
    asked = len(person.asked)
    context = replace(shop_of(place, person), answers=Answers())
    run_setup(context, from_step="domain")
    assert person.asked[asked] == "E-mail domains of your people"
    run_setup(context, from_step="api-key")
    assert person.asked.count("E-mail domains of your people") == 1


def test_another_kind_of_app_on_the_command_line_is_taken(place: Place) -> None:
    run_setup(shop_of(place, Somebody()))
    run_setup(replace(shop_of(place), answers=Answers(okta_app_type="swa")))
    assert place.profile().okta.app_type == "swa"
    assert "prerequisites" not in place.profile().steps


def test_another_domain_on_the_command_line_is_taken(place: Place) -> None:
    domains = replace(place.profile(), steps=ALL_DONE)
    place.change(domains)
    run_setup(shop_of(place))
    assert [domain.name for domain in place.profile().domains] == ["corp.example"]
    assert "domain" not in place.profile().steps


def test_a_key_that_is_lost_is_made_anew_and_must_go_into_okta_again(place: Place) -> None:
    run_setup(shop_of(place, Somebody()))
    place.secrets.delete(SCIM)
    key = place.profile().key
    assert key is not None
    del place.sandbox.account.keys[key.id]
    result = run_setup(shop_of(place))
    assert place.secrets.get(SCIM) is not None
    assert [step.name for step in result.steps if step.status is StepStatus.DONE] == [
        "prerequisites",
        "api-key",
        "test-connect",
    ]
    assert "okta-values" not in place.profile().steps


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_stopping_names_the_step_and_keeps_those_before(
    place: Place, stop: type[BaseException]
) -> None:
    class Leaving(Somebody):
        def head(self, number: int, count: int, title: str) -> None:
            if number == 3:
                raise stop

    with pytest.raises(SetupInterrupted) as stopped:
        run_setup(shop_of(place, Leaving()))
    assert stopped.value.number == 3
    assert set(place.profile().steps) == {"prerequisites", "api-key"}


def test_a_failure_is_told_at_once_and_the_other_steps_go_on(place: Place) -> None:
    place.sandbox.set_faults(["key-limit"])
    person = Somebody()
    result = run_setup(shop_of(place, person))
    assert statuses(result)[1] is StepStatus.FAILED
    (finding,) = (item for item in result.findings if item.code == "NGR715")
    assert f"{finding.title}. {finding.fix}" in person.told
    assert result.steps[3].status is StepStatus.TODO


def test_a_test_that_fails_is_no_longer_done_and_comes_before_what_follows(place: Place) -> None:
    run_setup(shop_of(place, Somebody()))
    place.sandbox.set_faults(["empty-list"])
    result = run_setup(shop_of(place, Somebody()), from_step="okta-values")
    assert statuses(result)[4] is StepStatus.FAILED
    assert switch_on_to_app() not in result.remaining
    assert "test-connect" not in place.profile().steps


def test_a_failure_without_a_finding_leaves_the_verdict_open(place: Place) -> None:
    context = shop_of(place, Somebody())

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
        (Verdict.PASS, Somebody(), 2),
    ],
)
def test_without_a_person_accepted_values_are_not_tried_twice(
    place: Place, verdict: Verdict, person: Somebody | None, count: int
) -> None:
    test = Counting(verdict)
    run_setup(shop_of(place, person, test=test))
    assert test.count == count


def test_the_status_shows_where_it_stands(place: Place) -> None:
    assert set(statuses(read_status(place.context()))) == {StepStatus.TODO}
    run_setup(shop_of(place))
    assert [step.detail for step in read_status(place.context()).steps] == [
        "Okta app: SAML 2.0.",
        "done on 2026-11-24",
        "corp.example (not submitted)",
        "",
        "done on 2026-11-24",
    ]


def test_the_status_knows_a_key_that_was_made_otherwise(place: Place) -> None:
    run_setup(shop_of(place))
    key = place.profile().key
    assert key is not None
    place.change(replace(place.profile(), steps={}))
    assert read_status(place.context()).steps[1].detail == f"{key.id} is in the keyring"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pending_key": PendingKey("f00d")}, "A run was cut short"),
        ({"next_key": Key("ak_new")}, "api-key rotate --finish"),
        ({"previous_key": Key("ak_old")}, "api-key rotate --finish"),
    ],
)
def test_the_status_names_a_key_that_waits(
    place: Place, fields: dict[str, object], said: str
) -> None:
    profile = Profile(NAME, key=Key("ak_one"), steps={"api-key": NOW})
    place.change(replace(profile, **fields))  # type: ignore[arg-type]
    step = read_status(place.context()).steps[1]
    assert (step.status, said in step.detail) == (StepStatus.WAITING, True)


def test_with_a_key_only_the_test_is_planned(place: Place) -> None:
    root = place.sandbox.values.api_base_url
    assert [item.method for item in plan_setup(place.context(), root)] == [
        "GET",
        "POST",
        "POST",
        "GET",
    ]
    assert len(plan_setup(place.context(given_key="NGROK_SCIM_API_KEY"), root)) == 1
