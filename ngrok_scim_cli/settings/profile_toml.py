"""The profile as TOML: read strictly, and written so that what is not ours survives.

The records of ``profile`` are the format: the type of a field says what its value has to be, and
a value that is the field's default is left out of the file.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin

from ngrok_scim_cli.settings.profile import Profile

if TYPE_CHECKING:
    from tomlkit.items import AoT

VERSION = 1

# A key or the name of a table with more full stops than anybody needs.
_PART = r"""(?:[^\s.=#"']*+|"[^"\n]*"|'[^'\n]*')[ \t]*+\.[ \t]*+"""
_DEEP_KEY = re.compile(rf"^[ \t[]*+(?:{_PART}){{50}}", re.MULTILINE)

_HEADER = (
    "# Written by ngrok-scim. It contains no key: keys are kept in the keyring.\n"
    "# What you add is kept.\n"
)

# Fields of the record that are not in the file.
NOT_IN_THE_FILE = ("name", "readable_by_others")
# What a field is called in the file, where it is not the field's own name.
KEYS = {"domains": "domain"}

_KINDS = {
    str: "must be text in quotes",
    datetime: "must be a date and time with a time zone",
    tuple: "must be a list of texts in quotes",
}


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
    values = _values(_text(data))
    version = values.get("version", VERSION)
    if type(version) is not int:
        raise BrokenProfile("“version” must be a whole number")
    if version > VERSION:
        raise BrokenProfile(
            f"a newer version of ngrok-scim wrote it (format {version}, and this one knows "
            f"format {VERSION})",
            "Update ngrok-scim on this machine.",
        )
    return Profile(name=name, **_read_fields(Profile, values, ""))


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
    wanted = {**_values(text), "version": VERSION}
    rendered = _edited(text, _merged(wanted, profile)).encode()
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


def _fields_in_the_file(kind: Any) -> Iterator[tuple[str, Field[Any]]]:  # noqa: ANN401
    """Yield the fields of a record's class, each with its key in the file."""
    for item in fields(kind):
        if kind is not Profile or item.name not in NOT_IN_THE_FILE:
            yield KEYS.get(item.name, item.name), item


def _read_fields(kind: type, values: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return the fields of a record that the table ``values`` has."""
    found = {}
    for key, item in _fields_in_the_file(kind):
        if key in values:
            found[item.name] = _read(item.type, values[key], key, place)
        elif item.default is MISSING and item.default_factory is MISSING:
            raise BrokenProfile(f"“{key}”{place} is missing")
    return found


def _read(kind: Any, value: Any, key: str, place: str) -> Any:  # noqa: ANN401
    """Return a value of the file as what its field's type says."""
    container = get_origin(kind)
    item, *rest = get_args(kind) or (kind,)
    if container is UnionType:
        return _read(item, value, key, place)
    is_record = is_dataclass(item)
    if container is tuple and is_record:
        if not _is_list_of(dict, value):
            raise BrokenProfile(f"“{key}”{place} must be tables, each headed [[{key}]]")
        return tuple(
            item(**_read_fields(item, it, f" in [[{key}]] number {nth}"))
            for nth, it in enumerate(value, 1)
        )
    if container is Mapping or is_record:
        if not isinstance(value, dict):
            raise BrokenProfile(f"“{key}”{place} must be a table, headed [{key}]")
        inner = f" in [{key}]"
        if container is Mapping:
            return {name: _read(rest[0], it, name, inner) for name, it in value.items()}
        return item(**_read_fields(item, value, inner))
    if container is tuple and _is_list_of(str, value):
        return tuple(value)
    if type(value) is not kind or (kind is datetime and value.tzinfo is None):
        raise BrokenProfile(f"“{key}”{place} {_KINDS[container or kind]}")
    return value


def _is_list_of(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _merged(old: Mapping[str, Any], record: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the table of a record: its fields, and of the ``old`` table what is not ours."""
    merged = dict(old)
    for key, item in _fields_in_the_file(type(record)):
        value = getattr(record, item.name)
        written = _written(value, merged.get(key))
        if written == {} or (value == item.default and not isinstance(written, dict)):
            merged.pop(key, None)
        else:
            merged[key] = written
    return merged


def _written(value: Any, old: Any) -> Any:  # noqa: ANN401
    """Return the value of a field as it is written to the file, in place of ``old``."""
    if is_dataclass(value):
        return _merged(old or {}, value)
    if isinstance(value, tuple):
        if not value or not is_dataclass(value[0]):
            return list(value)
        by_name = {table["name"]: table for table in old or []}
        return [_merged(by_name.get(item.name, {}), item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


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
        if old == value:
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
