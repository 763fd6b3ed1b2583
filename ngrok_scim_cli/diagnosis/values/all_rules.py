"""The rules of all five values, applied; loaded where a value is not as ngrok's guide has it."""

from dataclasses import replace

from ngrok_scim_cli.diagnosis.finding import Finding, Severity
from ngrok_scim_cli.diagnosis.values.base_url import read_base_url
from ngrok_scim_cli.diagnosis.values.base_url_rules import ONLY_FOR_NGROK, base_url_rules
from ngrok_scim_cli.diagnosis.values.field_rules import fields_rules, read_fields
from ngrok_scim_cli.diagnosis.values.key import holds_one_of, pieces_of
from ngrok_scim_cli.diagnosis.values.key_rules import key_rules
from ngrok_scim_cli.diagnosis.values.pasted_key import read_key
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.hosts import HostKind, Trust

_SEVERITIES = tuple(Severity)
_NOT_SHOWN = "What was seen is not shown here, because it holds a part of the key."


def examine_closely(form: Form, trust: Trust) -> tuple[Finding, ...]:
    """Ask every rule; see ``typed.examine``."""
    found = (
        *base_url_rules.judge(read_base_url(form.base_url, trust)),
        *key_rules.judge(read_key(form.authorization)),
        *fields_rules.judge(read_fields(form)),
    )
    return _ranked(found, form.authorization)


def suspect_closely(form: Form, trust: Trust) -> tuple[Finding, ...]:
    """Ask the rules that only hold for ngrok's URL; see ``typed.suspect``."""
    known = read_base_url(form.base_url, trust)
    if known.kind not in (HostKind.LOOPBACK, HostKind.ALLOWED) or not known.is_a_url:
        return ()
    told = {item.code for item in base_url_rules.judge(known)}
    guessed = base_url_rules.judge(read_base_url(form.base_url, trust, as_ngrok=True))
    guesses = tuple(item for item in guessed if item.code in ONLY_FOR_NGROK - told)
    return _ranked(guesses, form.authorization)


def _ranked(found: tuple[Finding, ...], key: str) -> tuple[Finding, ...]:
    """Put errors first, and keep the key out of what was seen."""
    pieces = pieces_of(key)
    shown = (
        replace(item, evidence=_NOT_SHOWN) if holds_one_of(item.evidence, pieces) else item
        for item in found
    )
    return tuple(sorted(shown, key=lambda item: _SEVERITIES.index(item.severity)))
