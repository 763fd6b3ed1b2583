"""Reads untrusted JSON safely."""

import json
from typing import cast

# What a parsed value takes at most, in bytes, estimated from its characters: a body that is mostly
# brackets takes forty times its size. What a directory sends comes to some 6 MB for each megabyte.
_MOST_MEMORY = 8_000_000
# Bytes: a list or an object by itself, and each value in it.
_CONTAINER = 200
_ITEM = 100
# Bytes that never take as much, however dense: `[],` is one container and one item.
_NEVER_TOO_DENSE = _MOST_MEMORY // ((_CONTAINER + _ITEM) // 3)


class NotJsonError(ValueError):
    """The text is no JSON (RFC 8259), or none that can be read without harm."""


def read_json(text: str | bytes) -> object:
    """Return the JSON value in ``text``.

    Raises:
        NotJsonError: there is none, or it is too deep or too dense to be read without harm.
    """
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(data) > _NEVER_TOO_DENSE:
        containers = data.count(b"{") + data.count(b"[")
        if containers * _CONTAINER + data.count(b",") * _ITEM > _MOST_MEMORY:
            raise NotJsonError
    try:
        # NaN and Infinity are no JSON, and no numbers that ``int`` takes.
        return cast("object", json.loads(text, parse_constant=int))
    except (ValueError, RecursionError):
        raise NotJsonError from None


def json_value(text: str | bytes) -> object:
    """Return what ``read_json`` does; ``None`` also where it refuses ``text``."""
    try:
        return read_json(text)
    except NotJsonError:
        return None


def json_object(text: str | bytes) -> dict[str, object]:
    """Return the JSON object in ``text``; an empty one where there is none."""
    return as_object(json_value(text))


def as_object(value: object) -> dict[str, object]:
    """Return ``value`` where it is a JSON object, otherwise an empty one."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return ``value`` where it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return ``value`` where it is text, otherwise nothing."""
    return value if isinstance(value, str) else ""


def text_at(value: object, path: str) -> str:
    """Return the text at a path like ``profile.email`` of a JSON value; empty where it has none."""
    for name in path.split("."):
        value = as_object(value).get(name)
    return as_text(value)
