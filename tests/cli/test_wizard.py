"""The wizard from its first screen to its last, as a person at a terminal sees it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings.profile import Domain, Okta
from ngrok_scim_cli.setup import texts
from tests.support.admin import Admin
from tests.support.pseudo_terminal import (
    CTRL_C,
    CTRL_D,
    ENTER,
    PseudoTerminal,
    assert_screen,
    at_a_terminal,
)

SCREENS = Path(__file__).parent / "screens"

WORDS = "(later, back, quit, ?): "
YES_NO = f"[y/N] {WORDS}"
APP = f"Number {WORDS}"
WIZARD = f"Number [1] {WORDS}"
# A narrow screen breaks the line in front of these; which question it is, the screens show.
IN_PLACE = APP_THERE = SENT = LISTED = FILLED_IN = TO_APP = YES_NO
SERVICE_USER = f"[Okta SCIM Bot] {WORDS}"
DOMAIN = PERSON = ANOTHER = WORDS
MEANT = IN_PLACE_AGAIN = f"[Y/n] {WORDS}"
ADMIN_KEY = SCIM_KEY = f"(not shown) {WORDS}"

# The apps that are offered, by their numbers.
SAML, SWA, OIDC, NO_APP, UNKNOWN = "2", "3", "4", "5", "6"


def slow(value: object) -> ParameterSet:
    return pytest.param(value, marks=pytest.mark.slow)


@pytest.fixture
def account() -> Iterator[Sandbox]:
    with open_sandbox(empty_account=True) as sandbox:
        yield sandbox


@pytest.fixture
def admin(account: Sandbox, tmp_path: Path) -> Admin:
    return Admin(account, tmp_path)


def through_the_first_two_steps(terminal: PseudoTerminal) -> None:
    terminal.answer(IN_PLACE, "y", ENTER)
    terminal.answer(APP, SAML, ENTER)
    terminal.answer(SERVICE_USER, ENTER)


def through_all_steps(terminal: PseudoTerminal) -> None:
    """Go through all that can be done before ngrok has allowed the domain."""
    through_the_first_two_steps(terminal)
    terminal.answer(DOMAIN, "corp.example", ENTER)
    terminal.answer(SENT, "y", ENTER)
    terminal.answer(FILLED_IN, "y", ENTER)
    terminal.answer(TO_APP, "y", ENTER)


def walked_through(admin: Admin) -> None:
    """Leave behind what such a walk does, without a terminal."""
    ran = admin.run("setup", "--no-input", "--okta-app-type", "saml", "--domain", "corp.example")
    assert ran.returncode == 0, ran.stderr
    now = datetime.now(UTC)
    done = dict.fromkeys(("prerequisites", "api-key", "okta-values", "test-connect", "to-app"), now)
    domains = (Domain("corp.example", submitted_at=now),)
    okta = Okta(app_type="saml", wizard="classic")
    admin.profiles.change("default", steps=done, domains=domains, okta=okta)


@pytest.mark.usefixtures("measured_children")
@pytest.mark.parametrize("columns", [40, 80, *(slow(width) for width in (60, 100))])
def test_from_the_first_screen_to_the_last(admin: Admin, columns: int) -> None:
    with at_a_terminal("setup", environment=admin.environment, columns=columns) as terminal:
        through_all_steps(terminal)
        assert terminal.end() == 0
        assert_screen(SCREENS / f"first-run-{columns}.txt", terminal.text())
        # The name of the tests' own keyring is longer than a narrow line, and has no spaces; so is
        # a URL that stays in one piece. What is typed is as long as it is.
        long = ("FileBackedKeyring", texts.NGROK_SSO_GUIDE, "corp.example")
        lines = [line for line in terminal.lines() if not any(word in line for word in long)]
        assert max(map(len, lines)) <= columns
        assert admin.has_exactly_one_key()
        assert admin.keyring()["default/scim"].partition("_")[2] not in terminal.everything


@pytest.mark.usefixtures("measured_children")
def test_a_run_after_all_is_done_is_calm(admin: Admin) -> None:
    walked_through(admin)
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(LISTED, "y", ENTER)
        terminal.answer(PERSON, "nobody@corp.example", ENTER)
        terminal.answer(PERSON, "ada.abara@corp.example", ENTER)
        assert terminal.end() == 0
        assert_screen(SCREENS / "finishing.txt", terminal.text())
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        assert terminal.end() == 0
        assert_screen(SCREENS / "finished.txt", terminal.text())
    assert admin.has_exactly_one_key()


@pytest.mark.slow
def test_going_back_to_the_beginning_keeps_what_is_known(admin: Admin) -> None:
    walked_through(admin)
    back = ("setup", "--from", "prerequisites")
    with at_a_terminal(*back, environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(f"Number [2] {WORDS}", ENTER)
        terminal.answer(LISTED, ENTER)
        terminal.answer(FILLED_IN, "y", ENTER)
        terminal.answer(TO_APP, "later", ENTER)
        assert terminal.end() == 0
        assert_screen(SCREENS / "going-back.txt", terminal.text())
    assert admin.profile().okta.app_type == "saml"
    assert admin.has_exactly_one_key()


def test_an_oidc_app_leads_to_a_second_app(admin: Admin) -> None:
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, ENTER)
        terminal.answer(APP, OIDC, ENTER)
        terminal.answer(WIZARD, "2", ENTER)
        terminal.answer(APP_THERE, ENTER)
        terminal.answer(SERVICE_USER, "Bot of ours", ENTER)
        terminal.answer(DOMAIN, ENTER)
        terminal.answer(FILLED_IN, "later", ENTER)
        terminal.end()
        assert_screen(SCREENS / "oidc.txt", terminal.text())
    assert (admin.profile().okta.app_type, admin.profile().okta.wizard) == ("saml", "classic")


def test_no_app_yet_leads_into_making_one(admin: Admin) -> None:
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(APP, NO_APP, ENTER)
        terminal.answer(WIZARD, ENTER)
        terminal.answer(APP_THERE, "y", ENTER)
        terminal.answer(SERVICE_USER, "later", ENTER)
        terminal.answer(DOMAIN, "later", ENTER)
        assert terminal.end() == 0
        assert_screen(SCREENS / "no-app-yet.txt", terminal.text())
    assert admin.profile().okta.wizard == "oiw"
    assert admin.ours() == {}


@pytest.mark.slow
def test_who_does_not_know_the_okta_app_goes_on_all_the_same(admin: Admin) -> None:
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(APP, UNKNOWN, ENTER)
        terminal.answer(SERVICE_USER, ENTER)
        terminal.answer(DOMAIN, "corp.example", ENTER)
        terminal.answer(SENT, "y", ENTER)
        terminal.answer(FILLED_IN, "later", ENTER)
        assert terminal.end() == 0
        assert_screen(SCREENS / "no-app-known.txt", terminal.text())


@pytest.mark.slow
def test_going_back_to_the_domain_adds_one_and_drops_none(admin: Admin) -> None:
    walked_through(admin)
    with at_a_terminal("setup", "--from", "domain", environment=admin.environment) as terminal:
        terminal.answer(ANOTHER, "other.example", ENTER)
        terminal.answer(SENT, CTRL_C)
        assert terminal.end() == 130
    assert [item.name for item in admin.profile().domains] == ["corp.example", "other.example"]


@pytest.mark.usefixtures("measured_children")
def test_wrong_answers_are_asked_again_and_say_why(admin: Admin) -> None:
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "maybe", ENTER)
        terminal.answer(IN_PLACE, "?", ENTER)
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(APP, "7", ENTER)
        terminal.answer(APP, ENTER)
        terminal.answer(APP, "swa", ENTER)
        terminal.answer(SERVICE_USER, ENTER)
        terminal.answer(DOMAIN, "co.uk", ENTER)
        terminal.answer(DOMAIN, "corp example", ENTER)
        terminal.answer(DOMAIN, "https://corp.example/", ENTER)
        terminal.answer(MEANT, "y", ENTER)
        terminal.answer(SENT, ENTER)
        terminal.answer(FILLED_IN, "what", ENTER)
        terminal.answer(FILLED_IN, ENTER)
        terminal.end()
        assert_screen(SCREENS / "wrong-answers.txt", terminal.text())
    assert [domain.name for domain in admin.profile().domains] == ["corp.example"]


def test_back_goes_to_the_question_before_and_quit_keeps_what_is_done(admin: Admin) -> None:
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        through_the_first_two_steps(terminal)
        terminal.answer(DOMAIN, "back", ENTER)
        terminal.answer(IN_PLACE_AGAIN, "back", ENTER)
        terminal.answer(IN_PLACE_AGAIN, ENTER)
        terminal.answer(f"Number [2] {WORDS}", SWA, ENTER)
        terminal.answer(DOMAIN, "quit", ENTER)
        assert terminal.end() == 130
        assert "Stopped in step 3 of 7 (domain)." in terminal.text()
    assert admin.profile().okta.app_type == "swa"
    assert admin.has_exactly_one_key()


@pytest.mark.parametrize("key", [CTRL_C, slow(CTRL_D)], ids=["ctrl-c", "end-of-input"])
def test_stopped_in_step_three_it_goes_on_there(admin: Admin, key: str) -> None:
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        through_the_first_two_steps(terminal)
        terminal.answer(DOMAIN, key)
        assert terminal.end() == 130
        assert (
            "\r\nngrok-scim: Stopped in step 3 of 7 (domain). Finished: prerequisites, api-key.\r\n"
            in terminal.everything
        )
        assert "Continue with `ngrok-scim setup`.\r\n" in terminal.everything
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(DOMAIN, "corp.example", ENTER)
        terminal.answer(SENT, ENTER)
        terminal.answer(FILLED_IN, ENTER)
        assert terminal.end() == 0
        assert_screen(SCREENS / "resumed.txt", terminal.text())
    assert admin.has_exactly_one_key()


# Each question that a person meets, and how they answer it.
ANSWERS = (
    (IN_PLACE, "n"),
    (APP, OIDC),
    (WIZARD, ""),
    (APP_THERE, "y"),
    (ADMIN_KEY, ""),
    (SCIM_KEY, ""),
    (DOMAIN, "jane@corp.example"),
    (MEANT, ""),
    (SENT, ""),
)


@pytest.mark.parametrize("number", [0, *(slow(item) for item in range(1, 9))])
def test_stopping_at_a_question_prints_how_to_resume(admin: Admin, number: int) -> None:
    del admin.environment["NGROK_API_KEY"]
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        for question, answer in ANSWERS[:number]:
            terminal.answer(question, answer, ENTER)
        terminal.answer(ANSWERS[number][0], CTRL_C if number % 2 else CTRL_D)
        assert terminal.end() == 130
        assert terminal.text().endswith("is kept. Continue with `ngrok-scim setup`.\n")
    assert admin.run("setup", "--status").returncode == 0


def test_ctrl_c_at_the_hidden_prompt_names_the_profile(admin: Admin) -> None:
    del admin.environment["NGROK_API_KEY"]
    arguments = ("setup", "--profile", "acme", "--okta-app-type", "saml")
    with at_a_terminal(*arguments, environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(ADMIN_KEY, CTRL_C)
        assert terminal.end() == 130
        assert (
            "\r\nngrok-scim: Stopped in step 2 of 7 (api-key). Finished: prerequisites.\r\n"
            in terminal.everything
        )
        assert "Continue with `ngrok-scim setup --profile acme`.\r\n" in terminal.everything


def test_a_trial_run_that_is_stopped_keeps_nothing(admin: Admin) -> None:
    with at_a_terminal("setup", "--sandbox", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, CTRL_C)
        assert terminal.end() == 130
        assert_screen(SCREENS / "sandbox-stopped.txt", terminal.text())


@pytest.mark.usefixtures("measured_children")
def test_without_an_admin_key_a_key_made_by_hand_is_taken(admin: Admin) -> None:
    del admin.environment["NGROK_API_KEY"]
    owner = admin.sandbox.account.add_service_user("By hand")
    made = admin.sandbox.account.add_key(owner.id, "by hand", "")
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(APP, SAML, ENTER)
        terminal.answer(ADMIN_KEY, ENTER)
        terminal.answer(SCIM_KEY, "2abcdefghijklmnopqrstuvwxyz_notakey", ENTER)
        terminal.answer(SCIM_KEY, made.token, ENTER)
        terminal.answer(DOMAIN, "corp.example", ENTER)
        terminal.answer(SENT, ENTER)
        terminal.answer(FILLED_IN, ENTER)
        assert terminal.end() == 0
        assert_screen(SCREENS / "key-by-hand.txt", terminal.text())
        assert made.token not in terminal.everything
    assert admin.keyring() == {"default/scim": made.token}


def test_without_any_key_the_rest_is_done(admin: Admin) -> None:
    del admin.environment["NGROK_API_KEY"]
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(APP, SAML, ENTER)
        terminal.answer(ADMIN_KEY, ENTER)
        terminal.answer(SCIM_KEY, ENTER)
        terminal.answer(DOMAIN, "corp.example", ENTER)
        terminal.answer(SENT, "y", ENTER)
        terminal.end()
        assert_screen(SCREENS / "no-key.txt", terminal.text())


def test_an_admin_key_that_is_typed_is_used_and_not_kept(admin: Admin) -> None:
    typed = admin.environment.pop("NGROK_API_KEY")
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(APP, SAML, ENTER)
        terminal.answer(ADMIN_KEY, typed, ENTER)
        terminal.answer(SERVICE_USER, ENTER)
        terminal.answer(DOMAIN, CTRL_C)
        terminal.end()
        assert typed not in terminal.everything
    assert admin.has_exactly_one_key()
    assert typed not in admin.profiles.path("default").read_text()
    assert typed not in admin.keyring().values()


@pytest.mark.slow
def test_an_admin_key_that_ngrok_refuses_is_asked_for_again(admin: Admin) -> None:
    typed = admin.environment.pop("NGROK_API_KEY")
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        terminal.answer(IN_PLACE, "y", ENTER)
        terminal.answer(APP, SAML, ENTER)
        terminal.answer(ADMIN_KEY, "pasted \u00e9 rubbish", ENTER)
        terminal.answer(ADMIN_KEY, f"{typed[:-1]}_", ENTER)
        terminal.answer(ADMIN_KEY, typed, ENTER)
        terminal.answer(SERVICE_USER, ENTER)
        terminal.answer(DOMAIN, CTRL_C)
        terminal.end()
        assert_screen(SCREENS / "admin-key-again.txt", terminal.text())
        assert typed[:-1] not in terminal.everything
    assert admin.has_exactly_one_key()


def test_a_test_that_fails_says_right_there_what_to_do(admin: Admin) -> None:
    with at_a_terminal("setup", environment=admin.environment) as terminal:
        through_the_first_two_steps(terminal)
        terminal.answer(DOMAIN, "corp.example", ENTER)
        terminal.answer(SENT, "y", ENTER)
        admin.sandbox.set_faults(["empty-list"])
        terminal.answer(FILLED_IN, "y", ENTER)
        assert terminal.end() == 1
        assert_screen(SCREENS / "test-fails.txt", terminal.text())


def test_where_colour_is_not_wanted_nothing_steers_the_screen(admin: Admin) -> None:
    environment = {**admin.environment, "NO_COLOR": "1"}
    with at_a_terminal("setup", environment=environment) as terminal:
        through_all_steps(terminal)
        terminal.end()
        assert "\x1b" not in terminal.everything
