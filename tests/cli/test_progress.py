import io
import sys
from collections.abc import Callable

import pyte
import pytest

from ngrok_scim_cli.cli.runtime.progress import Watch, progressing, show_moving, write_now_and_then


class Terminal(io.StringIO):
    """Standard error, as if a person sat there."""

    def isatty(self) -> bool:
        return True


def over_after(pauses: list[float], looks: int) -> Callable[[float], bool]:
    """Return what tells that the work is over after some looks, and notes how long it waited."""
    left = iter(range(looks))

    def over(seconds: float) -> bool:
        pauses.append(seconds)
        return next(left, None) is None

    return over


def shown_by(
    monkeypatch: pytest.MonkeyPatch, work: Callable[[], object], stream: io.StringIO | None = None
) -> str:
    """Return what ``work`` writes on standard error; pytest sets that anew before each test."""
    stream = stream or io.StringIO()
    with monkeypatch.context() as patch:
        patch.setenv("TERM", "xterm")
        patch.setattr(sys, "stderr", stream)
        work()
    return stream.getvalue()


def test_a_log_gets_a_word_after_ten_seconds_and_then_ever_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []
    over = over_after(pauses, 7)
    shown = shown_by(monkeypatch, lambda: write_now_and_then(Watch("Examining …"), over))
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]
    assert shown == "Examining …\n" * 7


@pytest.mark.parametrize("show", [write_now_and_then, show_moving])
def test_work_that_is_over_in_time_says_nothing(
    monkeypatch: pytest.MonkeyPatch, show: Callable[[Watch, Callable[[float], bool]], None]
) -> None:
    over = over_after([], 0)
    assert shown_by(monkeypatch, lambda: show(Watch("Examining …"), over), Terminal()) == ""


def test_a_progress_message_says_how_many_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch("Examining …")
    watch.read("users in ngrok", 12_300, 100_000)
    watch.read("people assigned in Okta", 500, None)
    over = over_after([], 1)
    assert shown_by(monkeypatch, lambda: write_now_and_then(watch, over)) == (
        "Examining … 12,300 of 100,000 users in ngrok, 500 people assigned in Okta\n"
    )


def test_a_word_says_that_a_peer_asked_to_wait_until_it_goes_on() -> None:
    watch = Watch("Examining …")
    watch.waits("list users", 30.4)
    assert watch.words() == watch.head() == "Examining … waits 30 s (list users)"
    watch.read("users in ngrok", 1, 2)
    assert watch.words() == "Examining … 1 of 2 users in ngrok"
    assert watch.head() == "Examining …"


def test_a_wait_of_one_profile_of_several_is_shown_with_its_name_and_its_lists_are_not() -> None:
    watch = Watch("Examining …")
    acme = Watch("acme", part_of=watch)
    acme.waits("list apps", 30.4)
    assert watch.words() == "Examining … acme waits 30 s (list apps)"
    acme.read("people assigned in Okta", 500, None)
    assert watch.words() == "Examining …"


def test_at_a_terminal_a_line_moves_after_a_second_and_is_gone_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []
    over = over_after(pauses, 3)
    watch = Watch("Examining …")
    watch.read("users in ngrok", 12_300, 100_000)
    shown = shown_by(monkeypatch, lambda: show_moving(watch, over), Terminal())
    assert pauses == [1, 0.1, 0.1, 0.1]
    screen = pyte.Screen(100, 10)
    stream = pyte.Stream(screen)
    while_it_lasted, _, end = shown.rpartition("users in ngrok")
    stream.feed(while_it_lasted.replace("\n", "\r\n"))
    assert "Examining …" in screen.display[0]
    assert "12,300 of 100,000" in screen.display[1]
    stream.feed(end.replace("\n", "\r\n"))
    assert [line for line in screen.display if line.strip()] == []


@pytest.mark.parametrize("quiet", [True, False])
def test_progressing_gives_the_watch_to_its_block(
    monkeypatch: pytest.MonkeyPatch, quiet: bool
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    watch = Watch("Examining …")
    with progressing(watch, quiet=quiet) as given:
        assert given is watch
    with progressing("Reading …", quiet=quiet) as made:
        assert made.what == "Reading …"
    assert stream.getvalue() == ""


def test_a_secret_is_hidden_also_here(monkeypatch: pytest.MonkeyPatch) -> None:
    from ngrok_scim_cli.redact import redactor

    redactor.learn("a-secret-of-some-length")
    watch, over = Watch("Asking a-secret-of-some-length"), over_after([], 2)
    shown = shown_by(monkeypatch, lambda: show_moving(watch, over), Terminal())
    assert "Asking" in shown
    assert "a-secret-of-some-length" not in shown


def test_the_watch_ends_where_the_work_fails() -> None:
    def work() -> None:
        with progressing("Asking …"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()


def test_what_is_printed_meanwhile_stays_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", "xterm")
    watch = Watch("Examining …")
    watch.read("users", 1, 3)
    looks = iter(range(4))

    def over(_: float) -> bool:
        look = next(looks, None)
        if look:
            with watch.printing():
                sys.stdout.write(f"check {look}\n")
        return look is None

    show_moving(watch, over)
    screen = pyte.Screen(80, 20)
    pyte.Stream(screen).feed(stream.getvalue().replace("\n", "\r\n"))
    shown = [line.rstrip() for line in screen.display if line.strip()]
    assert shown == ["check 1", "check 2", "check 3"]


def test_the_moving_line_says_what_is_waited_for_and_how_long_at_most() -> None:
    watch = Watch("Examining …")
    watch.waits_for("List of users", 600)
    assert watch.head() == "Examining … List of users: 0 s of at most 600 s"
    assert watch.words() == "Examining … List of users"
