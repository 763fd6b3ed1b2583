"""A value with its origin, and what was noticed while values were looked up."""

from dataclasses import field
from typing import Any, Generic, TypeVar

from ngrok_scim_cli.records import dataclass

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Sourced(Generic[_Value]):
    """A value, and where it came from.

    Attributes:
        value: the value. Left out of ``repr``: it may be a secret.
        origin: where it came from, for a person: ``--base-url``, ``NGROK_API_KEY``,
            ``the profile “default”``, ``the keyring (macOS Keychain)``, ``default``.
        trimmed: whether whitespace at its ends was taken away; never so for the form's values.
        source: of a key, the kind of its origin: ``option``, ``environment`` or ``keyring``.
    """

    value: _Value = field(repr=False)
    origin: str
    trimmed: bool = False
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was noticed while values were looked up; each becomes a finding.

    Attributes:
        readable_by_others: the files with keys, and profiles, that other users can read (ENV005).
        trimmed: what had whitespace at its ends and is used without it, by its origin (ENV007).
        authtoken_only: whether ``NGROK_AUTHTOKEN`` is set and no API key was found (ENV006).
        credentials: each that was found, by what it is.
        unread: why a file that may hold one could not be read, by what it is.
    """

    readable_by_others: tuple[str, ...] = ()
    trimmed: tuple[str, ...] = ()
    authtoken_only: bool = False
    credentials: tuple[tuple[str, "Sourced[Any]"], ...] = field(default=(), compare=False)
    unread: tuple[tuple[str, str], ...] = ()
