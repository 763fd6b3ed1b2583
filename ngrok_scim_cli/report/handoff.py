"""The hand-off page: everything that an Okta admin needs, in one file that holds no secret."""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from ngrok_scim_cli import __version__
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.report.okta_screens import (
    CROSS,
    OFF,
    ON,
    REHEARSAL,
    TEST_BUTTONS,
    TEST_PASSED,
    TICK,
    Kind,
    Row,
    Screen,
    okta_screens,
)
from ngrok_scim_cli.report.printable import printable

_FOLDER = Path(__file__).parent

# The text beside the picture of a box, or of a line of the test's dialog.
_MARKS = {ON: "tick this box", OFF: "leave empty", TICK: "a tick", CROSS: "a cross"}

_KEY = "the key from your password manager, alone, without Bearer"


def render_handoff(form: Form, *, wizard: Wizard = Wizard.CLASSIC, rehearsal: bool = False) -> str:
    """Return the page as HTML.

    The page makes no request: its Content-Security-Policy forbids every one, and lets nothing run
    but its own style and script, each by its SHA-256 (CSP Level 3, section 2.3.1).

    The key of ``form`` is not looked at, and is not in the page.
    """
    screens = okta_screens(form, wizard)
    passed = f"If all is well, it is “{TEST_PASSED}”" if wizard is Wizard.CLASSIC else ""
    style, script = _read("handoff.css"), _read("handoff.js")
    policy = (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return Template(_read("handoff.html")).substitute(
        policy=policy,
        style=style,
        script=script,
        page=hashlib.sha256(form.base_url.encode(errors="backslashreplace")).hexdigest()[:16],
        count=len(screens),
        screens="\n".join(_screen(number, item) for number, item in enumerate(screens, 1)),
        banner=f'<p class="banner" role="note">{escape(REHEARSAL)}</p>' if rehearsal else "",
        test_button=escape(TEST_BUTTONS[wizard]),
        test_passed=escape(passed),
        version=escape(__version__),
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _screen(number: int, screen: Screen) -> str:
    title = escape(f"{number}. {screen.title}")
    rows = "\n".join(
        _group(label, tuple(members)) if label else "\n".join(map(_single, members))
        for label, members in groupby(screen.rows, key=lambda row: row.group)
    )
    note = f'\n<p class="quiet">{escape(screen.note)}</p>' if screen.note else ""
    path = " <span aria-hidden='true'>›</span> ".join(map(escape, screen.place.split(" > ")))
    return (
        f'<section aria-labelledby="{screen.name}">\n'
        f'<h2 id="{screen.name}">{title}</h2>\n'
        f'<p class="place">{path}</p>{note}\n'
        f"<dl>\n{rows}\n</dl>\n"
        f'<p class="done"><label><input type="checkbox" id="done-{screen.name}" autocomplete="off">'
        f'<span>Done<span class="unseen">: {title}</span></span></label></p>\n'
        "</section>"
    )


def _group(label: str, rows: Sequence[Row]) -> str:
    items = "\n".join(
        f"<li>{_mark(row)}<strong>{escape(row.label)}</strong> "
        f'<span class="quiet">{_words(row)}</span>{_note(row)}</li>'
        for row in rows
    )
    return f'<div class="row"><dt>{escape(label)}</dt><dd><ul>\n{items}\n</ul></dd></div>'


def _single(row: Row) -> str:
    label, value = escape(row.label), escape(row.value)
    shown = escape(printable(row.value))
    match row.kind:
        case Kind.TEXT:
            value = (
                f'<div class="value"><code>{shown}</code>'
                f'<button type="button" class="copy" value="{value}" data-label="{label}" hidden>'
                f'<span class="word">Copy</span><span class="unseen"> {label}</span></button></div>'
            )
        case Kind.SECRET:
            value = escape(_KEY)
        case Kind.CHOICE:
            value = f"choose <strong>{shown}</strong>"
        case Kind.FIXED:
            value = f'{value} <span class="quiet">(cannot be changed)</span>'
        case Kind.BUTTON:
            value = '<span class="quiet">press this button</span>'
            label = f'<span class="key">{label}</span>'
        case _:  # a box, or what Okta shows
            value = _mark(row) + _words(row)
    return f'<div class="row"><dt>{label}</dt><dd>{value}{_note(row)}</dd></div>'


def _mark(row: Row) -> str:
    return f'<span class="mark {row.value}"></span>' if row.value in _MARKS else ""


def _words(row: Row) -> str:
    if row.kind is Kind.FIXED:
        return "cannot be changed"
    return _MARKS.get(row.value) or f"“{escape(row.value)}”"


def _note(row: Row) -> str:
    return f'<span class="note">{escape(row.note)}</span>' if row.note else ""
