"""The profile as TOML: read strictly, and written so that what is not ours survives."""

import re
import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from ngrok_scim_cli.settings.profile import Domain, Key, Okta, PendingKey, Profile, Rehearsal

if TYPE_CHECKING:
    from tomlkit.items import AoT

VERSION = 1

# A key or the name of a table with more full stops than anybody needs.
_PART = r"""(?:[^\s.=#"']*+|"[^"\n]*"|'[^'\n]*')[ \t]*+\.[ \t]*+"""
_DEEP_KEY = re.compile(rf"^[ \t[]*+(?:{_PART}){{50}}", re.MULTILINE)

_HEADER = (
    "# Written by ngrok-scim. No key stands in here: keys are kept in the keyring.\n"
    "# What you add is kept.\n"
)

_FORM = ("base_url", "unique_identifier", "auth_mode", "actions")
_RECORDS: dict[str, type[Any]] = {
    "key": Key,
    "next_key": Key,
    "previous_key": Key,
    "pending_key": PendingKey,
    "okta": Okta,
    "rehearsal": Rehearsal,
}

_Value = TypeVar("_Value")
_Record = TypeVar("_Record", Key, PendingKey, Okta, Domain, Rehearsal)


class BrokenProfile(Exception):  # noqa: N818 - the name says what happened
    """The file is no profile."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice or "Repair it in a text editor, or move the file away."


def parse(data: bytes, name: str) -> Profile:
    """Return the profile that the file holds.

    Raises:
        BrokenProfile: it is no TOML, a value has the wrong type, or a newer version of the program
            wrote it.
    """
    return _profile(_Table(_values(_text(data))), name)


def render(profile: Profile, data: bytes) -> bytes:
    """Return the file that holds ``profile``.

    Args:
        data: the file as it is now, or nothing. What it holds beside the profile, comments too,
            is kept.

    Raises:
        BrokenProfile: ``data`` is no profile, so that it must not be overwritten.
    """
    parse(data, profile.name)
    text = _text(data) or _HEADER
    rendered = _edited(text, _wanted(_values(text), profile)).encode()
    try:
        if parse(rendered, profile.name) == profile:
            return rendered
    except BrokenProfile:
        pass
    raise ValueError("the profile cannot be read back as it is")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenProfile(f"line {line} is not UTF-8 text") from None


def _values(text: str) -> dict[str, Any]:
    if _DEEP_KEY.search(text):  # tomllib takes a square of its length
        raise BrokenProfile("it has a key of too many parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = found[1] if found else text.count("\n") + 1
        raise BrokenProfile(f"line {line} is not valid TOML") from None
    except (ValueError, RecursionError):  # a number of 5000 digits, a thousand nested lists
        raise BrokenProfile("it is not valid TOML") from None


class _Table:
    """One table of the file, whose values are asked for by their type."""

    def __init__(self, values: Mapping[str, Any], place: str = "") -> None:
        self._values = values
        self._place = place

    def text(self, key: str) -> str | None:
        return self._get(key, str, "must be text in quotes")

    def required(self, key: str) -> str:
        value = self.text(key)
        if value is None:
            raise self._broken(key, "is missing")
        return value

    def number(self, key: str) -> int | None:
        return self._get(key, int, "must be a whole number")

    def moment(self, key: str) -> datetime | None:
        rule = "must be a date and time with a time zone"
        value = self._get(key, datetime, rule)
        if value is not None and value.tzinfo is None:
            raise self._broken(key, rule)
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        rule = "must be a list of texts in quotes"
        values = self._get(key, list, rule)
        if values is None:
            return None
        if not all(isinstance(value, str) for value in values):
            raise self._broken(key, rule)
        return tuple(values)

    def moments(self) -> dict[str, datetime]:
        moments = {name: self.moment(name) for name in self._values}
        return {name: moment for name, moment in moments.items() if moment is not None}

    def table(self, key: str) -> "_Table | None":
        values = self._get(key, dict, f"must be a table, headed [{key}]")
        return None if values is None else _Table(values, f" in [{key}]")

    def tables(self, key: str) -> "list[_Table]":
        rule = f"must be tables, each headed [[{key}]]"
        tables = self._get(key, list, rule) or []
        if not all(isinstance(values, dict) for values in tables):
            raise self._broken(key, rule)
        return [_Table(it, f" in [[{key}]] number {nth}") for nth, it in enumerate(tables, 1)]

    def _get(self, key: str, kind: type[_Value], rule: str) -> _Value | None:
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self._broken(key, rule)
        return value

    def _broken(self, key: str, rule: str) -> BrokenProfile:
        return BrokenProfile(f"“{key}”{self._place} {rule}")


def _profile(top: _Table, name: str) -> Profile:
    version = top.number("version")
    if version is not None and version > VERSION:
        raise BrokenProfile(
            f"a newer version of ngrok-scim wrote it (format {version}, and this one knows "
            f"format {VERSION})",
            "Update ngrok-scim on this machine.",
        )
    steps = top.table("steps")
    tables = {name: top.table(name) for name in _RECORDS}
    records = {name: _record(_RECORDS[name], table) for name, table in tables.items() if table}
    return Profile(
        name=name,
        base_url=top.text("base_url"),
        unique_identifier=top.text("unique_identifier"),
        auth_mode=top.text("auth_mode"),
        actions=top.texts("actions"),
        domains=tuple(_record(Domain, table) for table in top.tables("domain")),
        steps=steps.moments() if steps else {},
        **records,
    )


def _record(kind: type[_Record], table: _Table) -> _Record:
    """Return the record that a table holds; a field's default tells its type."""
    found: dict[str, Any] = {}
    for item in fields(kind):
        if item.default is MISSING:
            found[item.name] = table.required(item.name)
        elif item.default is None:
            found[item.name] = table.moment(item.name)
        elif isinstance(item.default, tuple):
            found[item.name] = table.texts(item.name)
        else:
            found[item.name] = table.text(item.name)
    return kind(**{name: value for name, value in found.items() if value is not None})


def _wanted(old: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """Return the values of the file: those of ``profile``, and of ``old`` what is not ours."""
    wanted = dict(old) | {"version": VERSION}
    for name in _FORM:
        wanted[name] = getattr(profile, name)
    if profile.actions is not None:
        wanted["actions"] = list(profile.actions)
    for name in _RECORDS:
        record = getattr(profile, name)
        wanted[name] = (record and _merged(old.get(name, {}), record)) or None
    old_domains = {table["name"]: table for table in old.get("domain", [])}
    wanted["domain"] = [
        _merged(old_domains.get(domain.name, {}), domain) for domain in profile.domains
    ] or None
    wanted["steps"] = dict(profile.steps) or None
    return {name: value for name, value in wanted.items() if value is not None}


def _merged(old: Mapping[str, Any], record: _Record) -> dict[str, Any]:
    merged = dict(old)
    for field in fields(record):
        value = getattr(record, field.name)
        if value or field.default is MISSING:
            merged[field.name] = list(value) if isinstance(value, tuple) else value
        else:
            merged.pop(field.name, None)
    return merged


def _edited(text: str, wanted: dict[str, Any]) -> str:
    """Return ``text`` with the values ``wanted``, and its comments and layout where they can stay.

    The layout is given up, not the values, where the editor of TOML and the parser disagree.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        _update(document, wanted)
        edited = tomlkit.dumps(document)
        if tomllib.loads(edited) == wanted:
            return edited
    except (TOMLKitError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    return tomlkit.dumps(wanted)


def _update(table: MutableMapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Change only those values of ``table`` that differ from ``wanted``."""
    from tomlkit.items import AoT

    for name in [name for name in table if name not in wanted]:
        del table[name]
    for name, value in wanted.items():
        old = table.get(name)
        if _plain(old) == value:
            continue
        if isinstance(old, MutableMapping) and isinstance(value, Mapping):
            _update(old, value)
        elif isinstance(old, AoT) and isinstance(value, list):
            _update_tables(old, value)
        else:
            table[name] = value


def _update_tables(tables: "AoT", wanted: list[dict[str, Any]]) -> None:
    """Change the ``[[domain]]`` tables; each keeps its place and comments by its name."""
    import tomlkit

    names = {values["name"] for values in wanted}
    for index in reversed(range(len(tables))):
        if tables[index].get("name") not in names:
            del tables[index]
    while len(tables) > len(wanted):  # the same name twice
        del tables[len(tables) - 1]
    for index, values in enumerate(wanted):
        if index < len(tables):
            _update(tables[index], values)
        else:
            tables.append(tomlkit.item(values))


def _plain(item: object) -> object:
    unwrap = getattr(item, "unwrap", None)
    return unwrap() if unwrap else item
