"""What is shown on standard error while something takes long."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime.output import print_stderr
from ngrok_scim_cli.redact import redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    # Waits for so many seconds; ``True`` where the work ended before.
    Over = Callable[[float], bool]

# At a terminal a line moves after this many seconds.
_SHOWN_AFTER_S = 1.0
_EVERY_S = 0.1

# Elsewhere a line is written after this many, and then after twice as many each time: whoever
# reads a log wants to know that it goes on, and not to scroll.
_WORD_AFTER_S = 10.0
_LONGEST_SILENCE_S = 300.0


class Watch:
    """Keeps the progress of the work; called from several threads at once.

    One that is ``part_of`` another shows there for what it waits, and not its lists, which would be
    too many.
    """

    def __init__(self, what: str, *, part_of: Watch | None = None) -> None:
        self.what = what
        self._part_of = part_of
        self._lists: dict[str, tuple[int, int | None]] = {}
        self._wait = ""
        self._waited_for: tuple[str, float, float] | None = None
        self._drawing = Lock()
        self._bars: RichProgress | None = None
        self._tasks: dict[str, TaskID] = {}

    def read(self, what: str, done: int, total: int | None) -> None:
        """Note how much of a list was read."""
        self._lists[what] = (done, total)
        self.note_wait("")

    def waits(self, what: str, seconds: float) -> None:
        """Note a wait that a peer asked for."""
        self.note_wait(f"waits {seconds:.0f} s ({what})")

    def note_wait(self, words: str) -> None:
        """Show, until the next page is read, that a peer asked to wait."""
        self._wait = words
        if self._part_of:
            self._part_of.note_wait(words and f"{self.what} {words}")

    def waits_for(self, what: str, at_most_s: float) -> None:
        """Note what is waited for now, and after how many seconds it is given up."""
        self._waited_for = (what, time.monotonic(), at_most_s)

    def draw(self) -> None:
        """Show how far the work is: in the bars on the screen, or else in new ones."""
        with self._drawing:
            if self._bars is None:
                self._bars, self._tasks = _new_bars(), {}
                self._bars.start()
            for what, (done, total) in {"": (0, None), **self._lists}.items():
                words = _counted(what, done, total) if what else redactor.redact(self.head())
                if what not in self._tasks:
                    self._tasks[what] = self._bars.add_task(words, total=total)
                self._bars.update(self._tasks[what], description=words, completed=done, total=total)

    @contextmanager
    def printing(self) -> Iterator[None]:
        """Remove the progress bars while something else is printed.

        Those that are drawn afterwards are new: restarted bars would first erase as many lines as
        they had.
        """
        with self._drawing:
            if self._bars:
                self._bars.stop()
                self._bars = None
            yield

    def head(self) -> str:
        """Return what is being done, or waited for, for how long and how long at most."""
        waited_for = ""
        if self._waited_for:
            what, since, at_most_s = self._waited_for
            waited_for = f"{what}: {time.monotonic() - since:.0f} s of at most {at_most_s:,.0f} s"
        return " ".join(filter(None, (self.what, waited_for, self._wait)))

    def words(self) -> str:
        """Return in one line how far the work is."""
        counts = [_counted(what, done, total) for what, (done, total) in {**self._lists}.items()]
        waited_for = self._waited_for[0] if self._waited_for else ""
        return f"{self.what} {', '.join(filter(None, (waited_for, *counts, self._wait)))}".rstrip()


@contextmanager
def progressing(what: Watch | str, *, quiet: bool = False) -> Iterator[Watch]:
    """Show how far the work is, on standard error, as long as it takes.

    At a terminal a line moves after a second, with a bar for each long list. Elsewhere a line is
    written after 10 seconds, and then ever less often.
    """
    watch = Watch(what) if isinstance(what, str) else what
    over = Event()
    moves = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    show = show_moving if moves else write_now_and_then
    thread = Thread(target=show, args=(watch, over.wait), daemon=True)
    if not quiet:
        with suppress(RuntimeError, MemoryError):  # where no thread can be started, nothing moves
            thread.start()
    try:
        yield watch
    finally:
        over.set()
        if thread.ident:
            thread.join()


def write_now_and_then(watch: Watch, over: Over) -> None:
    """Write how far the work is, ever less often, until it is over."""
    silence = _WORD_AFTER_S
    while not over(silence):
        print_stderr(watch.words())
        silence = min(2 * silence, _LONGEST_SILENCE_S)


def show_moving(watch: Watch, over: Over) -> None:
    """Move a line, and bars, until the work is over; then take them away."""
    if over(_SHOWN_AFTER_S):
        return
    while not over(_EVERY_S):
        watch.draw()
    with watch.printing():
        pass  # nothing moves any more


def _new_bars() -> RichProgress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    text = TextColumn("{task.description}", markup=False)
    console = Console(stderr=True, highlight=False, emoji=False, markup=False)
    return Progress(SpinnerColumn(), text, BarColumn(bar_width=20), console=console, transient=True)


def _counted(what: str, done: int, total: int | None) -> str:
    return f"{done:,} of {total:,} {what}" if total is not None else f"{done:,} {what}"
