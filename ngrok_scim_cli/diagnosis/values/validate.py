"""Validates the five values of Okta's form, and repairs them.

Each value is parsed once, each rule is asked once, and what was parsed is handed on.
"""

from collections.abc import Callable
from dataclasses import field, replace
from functools import partial
from typing import Any, NamedTuple, TypeVar

from ngrok_scim_cli.diagnosis.finding import (
    Change,
    Finding,
    Repair,
    Severity,
    Subject,
    errors_first,
    has_errors,
)
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.diagnosis.values import base_url_rules, form_rules, key_rules
from ngrok_scim_cli.diagnosis.values.base_url import BaseUrl, read_base_url
from ngrok_scim_cli.diagnosis.values.key import PastedKey, pieces_in, read_key, secret_pieces
from ngrok_scim_cli.form import OKTA_LABELS, Field, Form
from ngrok_scim_cli.hosts import HostKind, Trust, is_loopback, is_okta_host, literal_address
from ngrok_scim_cli.records import dataclass

_NOT_SHOWN = "The evidence is not shown here, because it contains part of the key."
_MOST_CHANGES = 50

_Typed = TypeVar("_Typed", str, Form)


@dataclass(frozen=True, slots=True)
class Values:
    """The five values, parsed, and what the rules found in them.

    Attributes:
        findings: what is wrong for certain, errors first; no text contains a piece of the key.
    """

    form: Form = field(repr=False)
    url: BaseUrl
    key: PastedKey
    findings: tuple[Finding, ...]
    trust: Trust

    @property
    def mistakes(self) -> tuple[Finding, ...]:
        """The errors in the base URL and the key, on which alone the reply of a server depends."""
        subjects = (Subject.BASE_URL, Subject.AUTHORIZATION)
        errors = (item for item in self.findings if item.severity is Severity.ERROR)
        return tuple(item for item in errors if item.subject in subjects)

    @property
    def has_errors(self) -> bool:
        """Whether the values are not to be sent as they are."""
        return has_errors(self.findings)

    def suspects(self) -> tuple[Finding, ...]:
        """Return what would be wrong with the base URL if it were meant to be ngrok's.

        Only of loopback and of an allowed host: any path and port may be right there.
        """
        if self.url.kind not in (HostKind.LOOPBACK, HostKind.ALLOWED) or self.url.why_no_url:
            return ()
        wanted = base_url_rules.ONLY_FOR_NGROK - {item.code for item in self.findings}
        as_ngroks = read_base_url(self.form.base_url, self.trust, as_ngrok=True)
        guesses = base_url_rules.rule.judge(as_ngroks)
        return _ranked(tuple(item for item in guesses if item.code in wanted), self.key)


def _ranked(found: tuple[Finding, ...], key: PastedKey) -> tuple[Finding, ...]:
    """Put errors first, and keep the key out of what was seen."""
    pieces = secret_pieces(key) if found else set()
    return errors_first(
        replace(item, evidence=_NOT_SHOWN) if pieces & pieces_in(item.evidence) else item
        for item in found
    )


class Repaired(NamedTuple):
    """The repaired values. What cannot be repaired stays as typed: no key is guessed."""

    changes: tuple[Change, ...]
    values: Values

    @property
    def shown(self) -> Repair:
        """The repair without what may be a credential in a URL that could not be repaired."""
        form = self.values.form.with_field(Field.BASE_URL, self.values.url.shown)
        return Repair(self.changes, form)


def validate(form: Form, trust: Trust | None = None) -> Values:
    """Parse the five values and ask each rule."""
    trust = trust or Trust()
    url, key = read_base_url(form.base_url, trust), read_key(form.authorization)
    of_url, of_key = base_url_rules.rule.judge(url), key_rules.rule.judge(key)
    found = of_url + of_key + form_rules.rule.judge(form)
    return Values(form, url, key, _ranked(found, key), trust)


def repair(values: Values, findings: tuple[Finding, ...]) -> Repaired | None:
    """Repair these findings, or what was suspected; ``None`` where nothing can be repaired."""
    codes = {item.code for item in findings}
    form, key = values.form, values.key
    moved: tuple[Change, ...] = ()
    key_changes: tuple[Change, ...] = ()
    suspected = bool(codes - {item.code for item in values.findings})
    read_url = partial(read_base_url, trust=values.trust, as_ngrok=suspected)
    url, url_changes = _repaired(base_url_rules.rule, form.base_url, read_url, codes)
    typed_key, in_the_url = form.authorization, read_key(read_key(form.base_url).value)
    if {"URL118", "KEY210"} <= codes and in_the_url.has_the_shape:
        done = f'move the key here from "{OKTA_LABELS[Field.BASE_URL]}"'
        typed_key, moved = in_the_url.typed, (Change(Field.AUTHORIZATION, "KEY210", done),)
    elif not (key.is_too_long or key.is_called_an_authtoken):
        typed_key, key_changes = _repaired(key_rules.rule, typed_key, read_key, codes)
    form, other_changes = _repaired(form_rules.rule, form, lambda typed: typed, codes)

    form = replace(form, base_url=url, authorization=typed_key)
    repaired = validate(form, values.trust)
    errors = (item for item in repaired.findings if item.severity is Severity.ERROR)
    hopeless = {Field(item.subject.value) for item in errors}
    if is_okta_host(repaired.url.parts.host):  # it would still be the wrong address
        hopeless.add(Field.BASE_URL)
    for name in hopeless:
        form = form.with_field(name, getattr(values.form, name.value))
    changes = (*moved, *url_changes, *key_changes, *other_changes)
    kept = tuple(change for change in changes if change.field not in hopeless)
    if not kept:
        return None
    return Repaired(kept, validate(form, values.trust) if hopeless else repaired)


def shown_base_url(base_url: str, trust: Trust) -> str:
    """Return a base URL as it may be shown: "…" replaces what may be a credential in it."""
    return read_base_url(base_url, trust).shown


def names_this_machine(base_url: str) -> bool:
    """Return whether a base URL leads to the machine of the person who opens it."""
    host = read_base_url(base_url, Trust()).parts.host.lower().rstrip(".")
    if is_loopback(host) or host.endswith(".localhost"):
        return True
    address = literal_address(host.strip("[]"))
    return address is not None and (address.is_loopback or address.is_unspecified)


def _repaired(
    rules: Rules[Any], typed: _Typed, read: Callable[[_Typed], Any], codes: set[str]
) -> tuple[_Typed, tuple[Change, ...]]:
    """Repair ``codes``, and the errors that a repair uncovers, one after the other.

    Returns:
        What is to be typed after all repairs, and each change in the order of the rules.
    """
    changes: dict[str, Change] = {}
    for _ in range(_MOST_CHANGES):
        for code, match in rules.matches(read(typed)):
            entry = rules.entry(code)
            is_error = (match.severity or entry.severity) is Severity.ERROR
            is_wanted = code in codes or (changes and is_error)
            if is_wanted and match.repaired and match.repaired[0] != typed:
                typed, done = match.repaired
                changes.setdefault(code, Change(Field(entry.subject.value), code, done))
                break
        else:
            break
    return typed, tuple(changes[code] for code in rules.codes if code in changes)
