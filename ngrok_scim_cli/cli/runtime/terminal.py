"""The person at the terminal, and what they type: a line, seen or hidden.

Questions go to standard error, so that output stays clean.
"""

import re
import signal
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from select import select

from ngrok_scim_cli.cli.runtime.output import in_place_of_run, print_stderr, terminal_style
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.setup.context import BACK, HELP, LATER, QUIT, WORDS, Back, Later, Person

WHAT_WORDS_DO = (
    f"Type {LATER} to skip this step for now, {BACK} for the previous step, or {QUIT} to stop."
)

# The indentation of a line, with a bullet, a number, or a first column that two blanks end.
_MARGIN = re.compile(r" *(?:(?:-|\d\.) |\S(?:\S| (?! ))* {2,}(?=\S))?")

# So many columns a prompt leaves for the answer behind it: a letter or a number, or a line.
_ROOM_TO_CHOOSE = 8
_ROOM_TO_TYPE = 24

# How long a Ctrl-C can go unnoticed, at worst.
_LOOK_EVERY_S = 0.5


class Terminal(Person):
    """Asks at the terminal.

    End of input at any question raises ``EOFError``, Ctrl-C ``KeyboardInterrupt``: neither is
    taken for an answer. In the setup, which has steps, every question takes ``WORDS``, too.

    Args:
        while_asking: makes a context that is entered while an answer is awaited.
    """

    present = True

    def __init__(
        self, while_asking: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> None:
        self._while_asking = while_asking
        self._in_step = False
        self._explanation = ""

    def show(self, text: str, values: Sequence[str] = ()) -> None:
        """Print ``text``, broken between words, with the ``values`` to paste in their style."""
        shown = _fitted(text)
        for words in dict.fromkeys(tuple(_fitted(value).split()) for value in values if value):
            pasted = r"\s+".join(map(re.escape, words))
            whole = rf"(?<=:)(\s+)({pasted})(?=\s|$)"
            shown = re.sub(whole, lambda found: found[1] + _painted(found[2], "bold cyan"), shown)
        print_stderr(shown)

    def begin_step(self, number: int, count: int, title: str, explanation: str) -> None:
        """Print the heading of a step, and let every question from now on take ``WORDS``."""
        self._in_step = True
        self._explanation = explanation
        print_stderr("")
        style = terminal_style(sys.stderr)
        if style.colour:
            print_stderr(_painted(("─" if style.unicode else "-") * style.width, "dim"))
        print_stderr(_painted(_fitted(f"Step {number} of {count}: {title}"), "bold"))

    def ask(self, question: str, *, default: str = "") -> str:
        """Ask for a line; what is in brackets is taken on Enter."""
        answer = self._asked(
            read_line, question, f"[{default}]" if default else "", room=_ROOM_TO_TYPE
        )
        return answer if answer.strip() else default

    def ask_secret(self, question: str) -> str:
        """Ask for a secret; what is typed is neither shown nor changed."""
        secret = self._asked(read_hidden_line, question, "(not shown)")
        redactor.learn(secret)
        return secret

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Ask a yes-or-no question until it is answered by y, n or Enter."""
        answers = {"y": True, "yes": True, "n": False, "no": False, "": default}
        while True:
            answer = self._asked(read_line, question, "[Y/n]" if default else "[y/N]")
            if (answer := answer.strip().lower()) in answers:
                return answers[answer]
            self.show("Answer yes or no: type y or n.")

    def choose(
        self,
        question: str,
        options: Sequence[tuple[str, str]],
        *,
        default: str,
        explanation: str = "",
    ) -> str:
        """Ask for one of ``options`` by its number or its value; Enter takes ``default``."""
        values = [value for value, _ in options]
        print_stderr(_painted(_fitted(question), "bold"))
        for number, (_, description) in enumerate(options, 1):
            self.show(f"  {number}  {description}")
        chosen = f"[{values.index(default) + 1}]" if default in values else ""
        numbers = {str(number): value for number, value in enumerate(values, 1)}
        while True:
            answer = self._asked(read_line, "Number", chosen, explanation=explanation)
            answer = answer.strip().lower()
            if not answer and chosen:
                return default
            if answer in values or answer in numbers:
                return numbers.get(answer, answer)
            wrong = "That is not in the list. " if answer else ""
            self.show(f"{wrong}Type a number from 1 to {len(values)}.")

    def _asked(
        self,
        read: Callable[[str], str],
        question: str,
        default: str,
        *,
        room: int = _ROOM_TO_CHOOSE,
        explanation: str = "",
    ) -> str:
        """Read an answer; in a step, take what is typed in place of one."""
        words = WORDS if self._in_step else ""
        end = " ".join(filter(None, (default, words)))
        while True:
            with self._while_asking():
                try:
                    answer = read(_prompt(question, f"{end}: " if end else "", room))
                except (KeyboardInterrupt, EOFError):
                    print_stderr("")  # what follows begins on a line of its own
                    raise
            word = answer.strip().lower() if words else ""
            if word == LATER:
                raise Later
            if word == BACK:
                raise Back
            if word == QUIT:
                raise KeyboardInterrupt
            if word != HELP:
                return answer
            self.show(f"{explanation or self._explanation}\n{WHAT_WORDS_DO}".strip())


def _fitted(text: str) -> str:
    """Return ``text`` fit for the terminal: lines broken between words, nothing that steers it.

    What does not fit on a line goes on below the words after its margin.
    """
    from ngrok_scim_cli.report.printable import printable

    style = terminal_style(sys.stderr)
    # Redacted as it is: a secret that is spelled out or broken would not be recognized any more.
    named = redactor.redact(in_place_of_run(text))
    lines = printable(named, unicode=style.unicode, keep_lines=True).split("\n")
    for index, line in enumerate(lines):
        margin = _MARGIN.match(line)
        if len(line) >= style.width and margin:
            # A URL that is longer than the line stays in one piece: it is there to be copied.
            lines[index] = textwrap.fill(
                line.removeprefix(margin[0]),
                style.width - 1,
                initial_indent=margin[0],
                subsequent_indent=" " * len(margin[0]),
                break_on_hyphens=False,
                break_long_words=False,
            )
    return "\n".join(lines)


def _prompt(question: str, end: str, room: int) -> str:
    """Return the prompt for a question, fit for the terminal; ``end`` stays in one piece."""
    fitted, tail = _fitted(question), _fitted(end.rstrip())
    if not tail:
        return f"{_painted(fitted, 'bold')}: "
    last = fitted.rpartition("\n")[2]
    left = terminal_style(sys.stderr).width - len(last) - len(tail)
    between = " " if left > room else "\n"
    return f"{_painted(fitted, 'bold')}{between}{_painted(tail, 'dim')} "


def _painted(text: str, look: str) -> str:
    """Return ``text``, line by line, in ``look`` where the terminal has colours."""
    if not terminal_style(sys.stderr).colour:
        return text
    from ngrok_scim_cli.report.terminal import paint

    return "\n".join(paint(line, look) if line else "" for line in text.split("\n"))


def read_line(prompt: str) -> str:
    """Show ``prompt`` and read a line, as it was typed.

    Bytes that are no text in the terminal's encoding become surrogates (``surrogateescape``), as
    those of a key file do.
    """
    sys.stderr.write(prompt)
    sys.stderr.flush()
    try:
        # Python notes a Ctrl-C that comes in the moment before a read begins to wait, and acts on
        # it only when that read is over. A wait that ends now and then lets it act.
        while _is_posix_terminal() and not select([sys.stdin], [], [], _LOOK_EVERY_S)[0]:
            pass
        line = sys.stdin.buffer.readline()
    except OSError:  # nobody holds the other end of the terminal any more
        line = b""
    if not line:
        raise EOFError
    text = line.decode(sys.stdin.encoding, "surrogateescape")
    return text.removesuffix("\n").removesuffix("\r")


def read_hidden_line(prompt: str) -> str:
    """Show ``prompt`` and read a line that the terminal does not show.

    The echo goes off as ``getpass`` does it: input that was typed ahead is discarded. After Ctrl-Z
    and ``fg``, the shell has turned it on; then it goes off again.
    """
    if not _is_posix_terminal():
        from getpass import getpass

        return getpass(prompt, stream=sys.stderr)
    import termios

    shown = termios.tcgetattr(sys.stdin)
    hidden = [*shown]
    hidden[3] &= ~termios.ECHO

    def hide(*_: object) -> None:
        termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, hidden)

    on_return = signal.signal(signal.SIGCONT, hide)
    try:
        hide()
        line = read_line(prompt)
    finally:
        signal.signal(signal.SIGCONT, on_return)
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, shown)
    sys.stderr.write("\n")  # Enter was not shown either
    return line


def _is_posix_terminal() -> bool:
    return sys.platform != "win32" and sys.stdin.isatty()
