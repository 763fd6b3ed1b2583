"""What was done on a profile, and when: a file beside it that only grows. It holds no secret."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files

if TYPE_CHECKING:
    from ngrok_scim_cli.settings.profile import Domain, Profile

LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done, to a key or a domain, at a time (UTC, RFC 3339)."""

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
        with suppress(OSError):
            files.append_line(self.path, json.dumps(asdict(event)).encode())

    def events(self) -> tuple[Event, ...]:
        """Return what was done, the oldest first; a line that cannot be read is left out."""
        try:
            lines = files.read_file(self.path, LIMIT).data.splitlines()
        except files.CannotRead:
            return ()
        return tuple(filter(None, map(_read, lines)))


def _read(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
        values = [event.get(name, "") for name in ("at", "what", "key_id", "domain")]
    except (ValueError, AttributeError, RecursionError):
        return None
    return Event(*values) if all(isinstance(value, str) for value in values) else None


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
    known = {domain.name: domain for domain in before.domains}
    for domain in after.domains:
        done = _done_with(known.pop(domain.name, None))
        yield from ((what, "", domain.name) for what in _done_with(domain) if what not in done)
    for name in known:
        yield "removed the domain", "", name
    for step in after.steps:
        if step not in before.steps:
            yield f"finished the step {step}", "", ""


def _done_with(domain: "Domain | None") -> list[str]:
    steps = {
        "added the domain": domain,
        "submitted the domain": domain and domain.submitted_at,
        "recorded that ngrok allows the domain": domain and domain.approved_at,
    }
    return [what for what, done in steps.items() if done]
