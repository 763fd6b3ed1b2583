"""The one ending of every command: prints its result, writes its files, gives the exit status."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ngrok_scim_cli.cli.runtime import output
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Result, Tested, Verdict
from ngrok_scim_cli.doctor.environment import judge_error
from ngrok_scim_cli.errors import CannotTell, Interrupted, NgrokScimError, UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Format, Style, render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ngrok_scim_cli.cli.runtime.options import Options

_STATUS = {Verdict.PASS: 0, Verdict.WARN: 0, Verdict.FAIL: 1, Verdict.INCOMPLETE: 3}

_STANDARD_OUTPUT = Path("-")

# What a support engineer asks for first; their versions come from what is installed.
_DISTRIBUTIONS = ("httpx", "h11", "typer", "truststore", "keyring", "dnspython")

# What this run tests, as soon as that is known.
_tested: ContextVar[Tested | None] = ContextVar("tested", default=None)


class ExtraFile(NamedTuple):
    """A file that a command writes besides its result, in the place of what has its name."""

    option: str
    path: Path
    write: Callable[[Result], None]


def exit_status(verdict: Verdict, *, strict: bool = False) -> int:
    """Return the exit status of a verdict (docs/exit-statuses.md)."""
    return 1 if strict and verdict is Verdict.WARN else _STATUS[verdict]


def note_tested(tested: Tested | None) -> None:
    """Record what this run tests, for its result."""
    _tested.set(tested)


def finish(
    command: str,
    options: Options,
    work: Callable[[], Result],
    *,
    extra_files: Sequence[ExtraFile] = (),
    show_result: Callable[[Result, Options], None] | None = None,
) -> int:
    """Do a command's work, print its result, write its files and return the exit status.

    An error of ours goes to standard error; where the format is for programs it is a result,
    too, so that they find one whole document whatever happens. ``show_result`` does what ``show``
    does, in its place.
    """
    documents = documents_of(options)
    if options.report:
        report = partial(_write_report, options.report, options)
        extra_files = (ExtraFile("--report", options.report, report), *extra_files)
    files = [("--output", path) for _, path in documents if path]
    files += [(item.option, item.path) for item in extra_files]
    taken: dict[Path, str] = {}
    for option, path in files:
        other = taken.setdefault(path.absolute(), option)
        if other != option:
            raise UsageError(f"{other} and {option} name the same file.")
        output.check_file(path, option)
    note_tested(None)
    started_at = datetime.now(UTC)
    status = None
    try:
        result = work()
    except (Interrupted, UsageError):
        raise
    except NgrokScimError as error:
        output.print_error(error.message, error.advice)
        result = _result_of(command, error)
        if all(format_ is Format.TEXT for format_, _ in documents):
            status = error.exit_status
    result = with_run_facts(result, started_at)
    if status is None:
        (show_result or show)(result, options)
        status = exit_status(result.verdict, strict=options.strict)
    for item in extra_files:
        item.write(result)
    return status


def show(result: Result, options: Options) -> None:
    """Print ``result``, redacted, in each format that was asked for."""
    if not options.show_users:
        result = _each(result, _without_people)
    for format_, path in documents_of(options):
        shown, verbose = result, options.verbose
        if format_ is Format.TEXT and not verbose:  # of requests there may be thousands
            shown = _each(shown, lambda item: replace(item, exchanges=()))
        if format_ is not Format.JSON:  # it alone has the fields, perhaps of 100,000 people
            shown = _each(
                shown, lambda item: replace(item, payload=replace(item.payload, fields={}))
            )
        style = (
            Style(verbose=verbose) if path else output.terminal_style(sys.stdout, verbose=verbose)
        )
        text = render(redactor.clean(shown), format_, style=style)
        if format_ is Format.TEXT:  # a document for programs would lose its form by that
            text = redactor.redact(text)
        with output.writing(path) as write:
            write(text)


def _each(result: Result, change: Callable[[Result], Result]) -> Result:
    """Return ``result`` changed, and that of each profile in it."""
    return replace(change(result), profiles=tuple(map(change, result.profiles)))


def _without_people(result: Result) -> Result:
    """Return ``result`` with the e-mail addresses masked in the URLs that were asked for."""
    if not result.exchanges:
        return result
    from ngrok_scim_cli.report.masking import masked

    exchanges = (replace(item, url=masked(item.url)) for item in result.exchanges)
    return replace(result, exchanges=tuple(exchanges))


def documents_of(options: Options) -> tuple[tuple[Format, Path | None], ...]:
    """Return what is to be printed: each format, and its file or ``None`` for standard output.

    The n-th format goes to the n-th output. The last one may lack an output, and ``-`` is one:
    standard output.
    """
    formats = list(options.format_ or (Format.TEXT,))
    paths = [None if path == _STANDARD_OUTPUT else path for path in options.output or ()]
    if len(paths) == len(formats) - 1:
        paths.append(None)
    if len(paths) != len(formats):
        raise UsageError(
            f"The number of formats ({len(options.format_ or ())}) does not fit the number of "
            f"outputs ({len(options.output or ())}).",
            advice="The first format goes to the first output, and so on; the last may lack one.",
        )
    if len({path and path.absolute() for path in paths}) < len(paths):
        raise UsageError("Two formats go to the same output.", advice="Give each its own --output.")
    return tuple(zip(formats, paths, strict=True))


def with_run_facts(result: Result, started_at: datetime) -> Result:
    """Return ``result`` with when, on which profile and on what it was found out."""
    profile, sandbox = output.place_of_run()
    return replace(
        result,
        profile=profile,
        sandbox=sandbox,
        started_at=result.started_at or started_at,
        tested=result.tested or _tested.get(),
    )


def _write_report(path: Path, options: Options, result: Result) -> None:
    from ngrok_scim_cli.report.bundle import render_bundle
    from ngrok_scim_cli.report.printable import printable

    redact, show_users = redactor.redact, options.show_users
    text = render_bundle(result, versions=versions(), redact=redact, show_users=show_users)
    output.replace_file(path, text)
    if not options.quiet:
        output.print_stderr(
            f"The report for the ticket is in {printable(str(path))}. It holds no key."
        )


def versions() -> dict[str, str]:
    """Return the versions of all that takes part in a request, by name."""
    import platform
    import ssl
    from importlib.metadata import PackageNotFoundError, version

    from ngrok_scim_cli import __version__

    found = {
        "ngrok-scim": __version__,
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        # platform.platform() would run uname with our whole environment.
        "platform": f"{platform.system()}-{platform.release()}-{platform.machine()}",
        "OpenSSL": ssl.OPENSSL_VERSION,
    }
    for name in _DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _result_of(command: str, error: NgrokScimError) -> Result:
    verdict = Verdict.INCOMPLETE if isinstance(error, CannotTell) else Verdict.FAIL
    reason = f"{error.message} {error.advice}".strip()
    check = Check("start", "What the command needs", "This machine", CheckStatus.SKIP, reason)
    return Result(command=command, verdict=verdict, findings=judge_error(error), checks=(check,))
