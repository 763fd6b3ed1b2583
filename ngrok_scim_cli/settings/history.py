"""What was done on a profile, and when: a file beside it that only grows. It holds no secret."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files

if TYPE_CHECKING:
    from ngrok_scim_cli.settings.profile import Profile

LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done.

    Attributes:
        at: when (UTC, RFC 3339).
    """

    at: str
    what: str
    key_id: str = ""
    domain: str = ""


class History:
    """The history of one profile."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, what: str, *, key_id: str = "", domain: str = "") -> None:
        """Write down what was done.

        A history that cannot be written stops nobody: it is a convenience, and what was done, is
        done.
        """
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        event = redactor.clean(Event(now, what, key_id, domain))
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        for careful in ("O_NOFOLLOW", "O_NONBLOCK"):  # no link, and no pipe that nobody reads
            flags |= getattr(os, careful, 0)
        try:
            files.make_private_folder(self.path.parent)
            descriptor = os.open(self.path, flags, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(json.dumps(asdict(event)).encode() + b"\n")
        except OSError:
            return

    def events(self) -> tuple[Event, ...]:
        """Return what was done, the oldest first; a line that cannot be read is left out."""
        try:
            content = files.read_file(self.path, LIMIT)
        except files.CannotRead:
            return ()
        return tuple(filter(None, map(_read, content.data.splitlines())))


def _read(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
        values = {name: event.get(name, "") for name in ("at", "what", "key_id", "domain")}
    except (ValueError, AttributeError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values.values()):
        return None
    return Event(**values)


def changes(before: "Profile", after: "Profile") -> Iterator[tuple[str, str, str]]:
    """Yield what was done between two states: in words, to which key, to which domain."""
    for what, was, now in (
        ("key in use", before.key, after.key),
        ("new key of a rotation", before.next_key, after.next_key),
    ):
        if now and now.id != (was.id if was else None):
            yield what, now.id, ""
    for key_id in before.key_ids:
        if key_id not in after.key_ids:
            yield "key revoked or forgotten", key_id, ""
    yield from _domain_changes(before, after)
    for step in after.steps:
        if step not in before.steps:
            yield f"finished the step {step}", "", ""


def _domain_changes(before: "Profile", after: "Profile") -> Iterator[tuple[str, str, str]]:
    known = {domain.name: domain for domain in before.domains}
    for domain in after.domains:
        was = known.pop(domain.name, None)
        if was is None:
            yield "added the domain", "", domain.name
        if domain.submitted_at and not (was and was.submitted_at):
            yield "submitted the domain", "", domain.name
        if domain.approved_at and not (was and was.approved_at):
            yield "recorded that ngrok allows the domain", "", domain.name
    for name in known:
        yield "removed the domain", "", name
