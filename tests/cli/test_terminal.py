import io
import sys
from collections.abc import Callable

import pytest

from ngrok_scim_cli.cli.runtime.terminal import Terminal, read_line
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.setup.context import Back, Later

# Of no shape that is known for a secret: it is hidden only where it was learned.
SECRET = "correct-horse-battery-staple-of-ours"


class Screen(io.StringIO):
    """Standard error at a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def open_screen(monkeypatch: pytest.MonkeyPatch, *, colour: bool = False) -> Screen:
    """Put a screen in the place of standard error; a fixture would come before pytest's own."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setenv("TERM", "xterm")
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    return screen


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("", ""),
        ("one\n\ntwo", "one\n\ntwo"),
        ("word " * 12, f"{' '.join(['word'] * 10)}\nword word"),
        (
            "  - a point that is too long to stand on one line here",
            "  - a point that is too long to stand on one line\n    here",
        ),
        (
            "  1. a number before a text that is longer than a line",
            "  1. a number before a text that is longer than a\n     line",
        ),
        (
            "  Label of it   a value that goes on and on, and ends here",
            "  Label of it   a value that goes on and on, and\n                ends here",
        ),
        (
            f"see https://{'x' * 60} there",
            f"see\nhttps://{'x' * 60}\nthere",
        ),
    ],
)
def test_lines_break_between_words(monkeypatch: pytest.MonkeyPatch, text: str, shown: str) -> None:
    screen = open_screen(monkeypatch)
    Terminal().show(text)
    assert screen.getvalue() == f"{shown}\n"


def test_what_a_server_said_does_not_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = open_screen(monkeypatch)
    Terminal().show("a\x1b[2Jb\u202ec\rd")
    assert screen.getvalue() == "a⟨U+001B⟩[2Jb⟨U+202E⟩c⏎d\n"


def test_a_secret_that_would_be_spelled_out_is_hidden_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = open_screen(monkeypatch)
    odd = "\u200b".join("длинный секрет")
    redactor.learn(odd)
    Terminal().show(f"It is {odd} there")
    assert "⟨U+200B⟩" not in screen.getvalue()


def test_a_typed_secret_is_hidden_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = open_screen(monkeypatch)
    prompts: list[str] = []

    def getpass(prompt: str, stream: object) -> str:
        prompts.append(prompt)
        return SECRET

    monkeypatch.setattr("getpass.getpass", getpass)
    assert Terminal().ask_secret("The key") == SECRET
    assert prompts == ["The key (not shown): "]
    Terminal().show(f"It is {SECRET}")
    assert SECRET not in screen.getvalue()


def test_a_default_stays_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = open_screen(monkeypatch)
    type_in(monkeypatch, "  \nother\n")
    question = "The name of that which belongs to nobody"
    assert Terminal().ask(question, default="Okta SCIM Bot") == "Okta SCIM Bot"
    assert Terminal().ask(question, default="Okta SCIM Bot") == "other"
    assert screen.getvalue() == f"{question}\n[Okta SCIM Bot]: " * 2


def test_a_choice_is_made_by_number_by_name_or_by_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = open_screen(monkeypatch)
    type_in(monkeypatch, "2\nSAML\n\n0\n²\nswa\n")
    options = (("saml", "SAML 2.0"), ("swa", "SWA"))
    chosen = [Terminal().choose("Which?", options, default="swa") for _ in range(4)]
    assert chosen == ["swa", "saml", "swa", "swa"]
    shown = " ".join(screen.getvalue().split())
    assert shown.count("That is not in the list. Type a number from 1 to 2.") == 2
    assert "Number [2]: " in screen.getvalue()


def test_yes_and_no_are_the_only_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = open_screen(monkeypatch)
    type_in(monkeypatch, "Y\nno\n\nperhaps\nn\n")
    assert [Terminal().confirm("Well?") for _ in range(4)] == [True, False, True, False]
    assert "type y or n." in screen.getvalue()


@pytest.mark.parametrize(
    ("typed", "raised"),
    [("later", Later), (" LATER ", Later), ("back", Back), ("Quit", KeyboardInterrupt)],
)
@pytest.mark.parametrize(
    "ask",
    [
        lambda person: person.ask("Which?", default="one"),
        lambda person: person.ask_secret("Which?"),
        lambda person: person.confirm("Which?"),
        lambda person: person.choose("Which?", (("a", "A"),), default="a"),
    ],
    ids=["line", "secret", "yes or no", "choice"],
)
def test_in_a_step_every_question_takes_the_same_words_and_shows_them(
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[Terminal], object],
    typed: str,
    raised: type[BaseException],
) -> None:
    screen = open_screen(monkeypatch)
    monkeypatch.setattr("ngrok_scim_cli.cli.runtime.terminal.read_hidden_line", read_line)
    type_in(monkeypatch, f"?\n{typed}\n")
    person = Terminal()
    person.begin_step(1, 7, "a step", "What it is for.")
    with pytest.raises(raised):
        ask(person)
    assert screen.getvalue().count("(later, back, quit, ?): ") == 2
    assert "What it is for." in screen.getvalue()


def test_a_choice_may_be_explained_in_place_of_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = open_screen(monkeypatch)
    type_in(monkeypatch, "?\n1\n?\ny\n")
    person = Terminal()
    person.begin_step(1, 7, "a step", "What it is for.")
    person.choose("Which?", (("a", "A"),), default="", explanation="What A is.")
    assert ("What A is." in screen.getvalue(), "What it is for." in screen.getvalue()) == (
        True,
        False,
    )
    person.confirm("Really?")
    assert "What it is for." in screen.getvalue()


@pytest.mark.parametrize("typed", ["later", "back", "quit", "?"])
def test_outside_of_the_setup_these_words_are_an_answer_like_any_other(
    monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    screen = open_screen(monkeypatch)
    type_in(monkeypatch, f"{typed}\n")
    assert Terminal().ask("Which?") == typed
    assert "later, back" not in screen.getvalue()


def test_the_end_of_input_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = open_screen(monkeypatch)
    type_in(monkeypatch, "")
    with pytest.raises(EOFError):
        Terminal().ask("Name")
    assert screen.getvalue() == "Name: \n"


def test_steps_questions_and_what_to_paste_have_looks_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = open_screen(monkeypatch, colour=True)
    type_in(monkeypatch, "y\n")
    terminal = Terminal()
    terminal.begin_step(1, 7, "The key", "It is needed.")
    terminal.show("  Name: email\n  Other: email.address", ("email",))
    assert terminal.confirm("Is it there?", default=False)
    rule, step, name, other, asked = screen.getvalue().removeprefix("\n").split("\n")
    assert rule == f"\x1b[2m{'─' * 50}\x1b[0m"
    assert step == "\x1b[1mStep 1 of 7: The key\x1b[0m"
    assert name == "  Name: \x1b[1;36memail\x1b[0m"
    assert other == "  Other: email.address"
    assert asked == ("\x1b[1mIs it there?\x1b[0m \x1b[2m[y/N] (later, back, quit, ?):\x1b[0m ")
