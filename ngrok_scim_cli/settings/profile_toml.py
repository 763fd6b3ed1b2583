"""The profile as TOML: read strictly, and written so that what is not ours survives.

The records of ``profile`` are the format: the type of a field says what its value has to be, and
a value that is the field's default is left out of the file.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, MutableSequence, Sequence
from contextlib import suppress
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from ngrok_scim_cli.errors import ProfileUnreadable
from ngrok_scim_cli.settings.profile import Profile

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


class _Broken(Exception):  # noqa: N818 - the name says what happened
    """Why the file is no profile, in a few words."""


def parse(data: bytes, path: Path) -> Profile:
    """Return the profile that the file at ``path`` holds.

    Raises:
        ProfileUnreadable: it is no TOML, a value has the wrong type, or a newer version of the
            program wrote it.
    """
    try:
        values = _values(_text(data))
        if (version := values.get("version", VERSION)) <= VERSION:
            return Profile(name=path.stem, **_read_fields(Profile, values, ""))
    except _Broken as broken:
        reason, advice = f"{broken}", "Repair it in a text editor, or move the file away."
    else:
        reason = (
            f"a newer version of ngrok-scim wrote it (format {version}, and this one knows "
            f"format {VERSION})"
        )
        advice = "Update ngrok-scim on this machine."
    raise ProfileUnreadable(f"The profile {path} cannot be read: {reason}.", advice=advice)


def render(profile: Profile, data: bytes, path: Path) -> bytes:
    """Return the file that holds ``profile``.

    Args:
        data: the file at ``path`` as it is now, or nothing. What it holds beside the profile,
            comments too, is kept.

    Raises:
        ProfileUnreadable: ``data`` is no profile, so that it must not be overwritten.
    """
    parse(data, path)
    rendered = _edited(_text(data) or _HEADER, profile).encode()
    with suppress(ProfileUnreadable):
        if parse(rendered, path) == profile:
            return rendered
    raise ValueError("the profile cannot be read back as it is")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Broken(f"line {line} is not UTF-8 text") from None


def _values(text: str) -> dict[str, Any]:
    if _DEEP_KEY.search(text):  # tomllib takes a square of its length
        raise _Broken("it has a key of too many parts")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = found[1] if found else text.count("\n") + 1
        raise _Broken(f"line {line} is not valid TOML") from None
    except (ValueError, RecursionError):  # a number of 5000 digits, a thousand nested lists
        raise _Broken("it is not valid TOML") from None
    if type(values.get("version", VERSION)) is not int:
        raise _Broken("“version” must be a whole number")
    return values


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
            raise _Broken(f"“{key}”{place} is missing")
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
            raise _Broken(f"“{key}”{place} must be tables, each headed [[{key}]]")
        return tuple(
            item(**_read_fields(item, it, f" in [[{key}]] number {nth}"))
            for nth, it in enumerate(value, 1)
        )
    if container is Mapping or is_record:
        if not isinstance(value, dict):
            raise _Broken(f"“{key}”{place} must be a table, headed [{key}]")
        inner = f" in [{key}]"
        if container is Mapping:
            return {name: _read(rest[0], it, name, inner) for name, it in value.items()}
        return item(**_read_fields(item, value, inner))
    if container is tuple and _is_list_of(str, value):
        return tuple(value)
    if type(value) is not kind or (kind is datetime and value.tzinfo is None):
        raise _Broken(f"“{key}”{place} {_KINDS[container or kind]}")
    return value


def _is_list_of(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _edited(text: str, profile: Profile) -> str:
    """Return ``text`` with ``profile`` in it, and its comments and layout where they can stay.

    The layout is given up, not the values, where the editor of TOML and the parser disagree.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    wanted = _write(_values(text) | {"version": VERSION}, profile)
    try:
        document = tomlkit.parse(text)
        if "version" not in document:
            document["version"] = VERSION
        edited = tomlkit.dumps(_write(document, profile))
        if tomllib.loads(edited) == wanted:
            return edited
    except (TOMLKitError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    return tomlkit.dumps(wanted)


def _write(table: MutableMapping[str, Any], record: Any) -> MutableMapping[str, Any]:  # noqa: ANN401
    """Put the fields of a record into ``table``; change only what differs and is ours."""
    items: Iterable[tuple[str, Any, Any]]
    if isinstance(record, Mapping):
        for key in [key for key in table if key not in record]:
            del table[key]
        items = ((key, value, MISSING) for key, value in record.items())
    else:
        items = (
            (key, getattr(record, item.name), item.default)
            for key, item in _fields_in_the_file(type(record))
        )
    for key, value, default in items:
        old, new = table.get(key), value
        if is_table := is_dataclass(value) or isinstance(value, Mapping):
            new = _write({} if old is None else old, value)
        elif isinstance(value, tuple):
            new = list(value)
            if value and is_dataclass(value[0]):
                new = _write_tables([] if old is None else old, value)
        if new == {} if is_table else value == default:
            table.pop(key, None)
        elif new is not old and new != old:
            table[key] = new
    return table


def _write_tables(tables: MutableSequence[Any], records: Sequence[Any]) -> MutableSequence[Any]:
    """Put records with names, whose order never changes, into the ``[[domain]]`` tables."""
    names = {record.name for record in records}
    for index in reversed(range(len(tables))):
        if tables[index]["name"] not in names:
            del tables[index]
    while len(tables) > len(records):  # the same name twice
        del tables[len(tables) - 1]
    for index, record in enumerate(records):
        if index == len(tables):
            tables.append({})
        _write(tables[index], record)
    return tables
