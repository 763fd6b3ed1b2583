"""The repaired form: each change mends one finding, and all of them together are what to paste."""

from dataclasses import replace

from ngrok_scim_cli.diagnosis.finding import Change, Finding, Repair, Severity
from ngrok_scim_cli.diagnosis.values import repair_base_url, repair_fields, repair_key
from ngrok_scim_cli.diagnosis.values.base_url import read_base_url, split
from ngrok_scim_cli.diagnosis.values.field_rules import read_fields
from ngrok_scim_cli.diagnosis.values.pasted_key import SHAPE, read_key
from ngrok_scim_cli.diagnosis.values.validate import examine
from ngrok_scim_cli.form import OKTA_LABELS, Field, Form
from ngrok_scim_cli.hosts import Trust
from ngrok_scim_cli.text.characters import EXAMINED

_NOBODY = Trust()

# What one repair uncovers, the next round mends. Real values need one or two rounds.
_ROUNDS = 8

_CODES = (*repair_base_url.MENDS, *repair_key.MENDS, *repair_fields.MENDS)


def repair(form: Form, findings: tuple[Finding, ...], trust: Trust = _NOBODY) -> Repair | None:
    """Mend what can be mended.

    Args:
        form: the values as typed.
        findings: what ``examine`` or ``suspect`` found in them.
        trust: the hosts that the person allowed.

    Returns:
        The mended form, with each change; ``None`` where nothing can be mended. A field out of
        which no usable value comes keeps what was typed: there is no way to guess a key. Nothing
        is left that another call could mend.
    """
    codes = {item.code for item in findings}
    mended, changes = _swap(form) if {"URL118", "KEY210"} <= codes else (form, [])
    for _ in range(_ROUNDS):
        before = mended
        for code in (code for code in _CODES if code in codes):
            done = _mend(mended, code, trust)
            if done and done[0] != mended:
                mended, change = done
                changes.append(change)
        if mended == before:
            break
        codes = {item.code for item in _errors(mended, trust)}
    return _usable(form, mended, changes, trust)


def presentable(done: Repair, trust: Trust = _NOBODY) -> Repair:
    """Return ``done`` without what may be a credential in a base URL that could not be mended."""
    shown = read_base_url(done.form.base_url, trust).shown
    return replace(done, form=done.form.with_field(Field.BASE_URL, shown))


def changes_host(before: str, after: str) -> bool:
    """Tell whether a repaired base URL leads to another host than the typed one names.

    Whitespace, quotes and capitals are no part of a host; a look-alike letter is another host.
    Where the typed one names no host, nothing is changed.

    Args:
        before: the base URL as typed.
        after: the repaired one.
    """
    typed = read_base_url(before, _NOBODY)
    if not typed.is_a_url:
        return False
    return _plain_host(split(typed.letters).host) != _plain_host(
        split(read_base_url(after, _NOBODY).letters).host
    )


def _plain_host(host: str) -> str:
    return host.lower().rstrip(".")


def _swap(form: Form) -> tuple[Form, list[Change]]:
    """Put the key back into its field, where it was pasted into that of the URL."""
    key = read_key(form.base_url).letters
    if not SHAPE.fullmatch(key):
        return form, []
    done = f"move the key here from “{OKTA_LABELS[Field.BASE_URL]}”"
    return replace(form, authorization=key), [Change(Field.AUTHORIZATION, "KEY210", done)]


def _mend(form: Form, code: str, trust: Trust) -> tuple[Form, Change] | None:
    """Mend one finding; ``None`` where there is no way."""
    value: str | tuple[str, ...]
    if code in repair_fields.MENDS:
        field, value, done = repair_fields.MENDS[code](read_fields(form))
        return form.with_field(field, value), Change(field, code, done)
    if code in repair_key.MENDS:
        if len(form.authorization) > EXAMINED:
            return None
        field, mended = Field.AUTHORIZATION, repair_key.MENDS[code](read_key(form.authorization))
    else:
        field = Field.BASE_URL
        mended = repair_base_url.MENDS[code](read_base_url(form.base_url, trust))
    if mended is None:
        return None
    value, done = mended
    return form.with_field(field, value), Change(field, code, done)


def _usable(form: Form, mended: Form, changes: list[Change], trust: Trust) -> Repair | None:
    """Give up the fields in which an error is left, and name each change once."""
    hopeless = {Field(item.subject.value) for item in _errors(mended, trust)}
    for field in hopeless:
        mended = mended.with_field(field, getattr(form, field.value))
    once = {(change.field, change.code): change for change in reversed(changes)}
    kept = [once[key] for key in reversed(once) if key[0] not in hopeless]
    return Repair(tuple(kept), mended) if kept else None


def _errors(form: Form, trust: Trust) -> tuple[Finding, ...]:
    return tuple(item for item in examine(form, trust) if item.severity is Severity.ERROR)
