"""Keeps the profiles of this machine, each in a file of its name, beside its lock and history."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from ngrok_scim_cli.errors import CannotTell, ProfileUnreadable
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files
from ngrok_scim_cli.settings.environment import is_profile_name, profile_name
from ngrok_scim_cli.settings.profile import Domain, Profile

LIMIT = 1024 * 1024
_LONGEST_HISTORY = 4 * 1024 * 1024

# How long another process may hold the lock while this one waits for it.
_TIMEOUT_S = 10.0
_TRY_AGAIN_S = 0.1

_MAKE_ROOM = "Free disk space, or make that folder writable for you."


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done, to a key or a domain, at a time (UTC, RFC 3339)."""

    at: str
    what: str
    key_id: str = ""
    domain: str = ""


def _event(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
        values = [event.get(name, "") for name in ("at", "what", "key_id", "domain")]
    except (ValueError, AttributeError, RecursionError):
        return None
    return Event(*values) if all(isinstance(value, str) for value in values) else None


def _changes(before: Profile, after: Profile) -> Iterator[tuple[str, str, str]]:
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


def _done_with(domain: Domain | None) -> list[str]:
    steps = {
        "added the domain": domain,
        "submitted the domain": domain and domain.submitted_at,
        "recorded that ngrok allows the domain": domain and domain.approved_at,
    }
    return [what for what, done in steps.items() if done]


class ProfileStore:
    """The profiles in one folder, each in a TOML file of its name.

    A file is parsed once and kept in memory; it is parsed again where it has changed meanwhile.
    Whoever changes a profile holds its lock, but not while a person is asked (``unlocked``).

    Each method raises ``ProfileUnreadable`` where a file is broken or cannot be opened, and
    ``CannotTell`` where it cannot be written and stays as it was, or another process, which the
    message names, holds the profile.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[bytes, Profile]] = {}
        self._held: dict[str, ExitStack] = {}

    def path(self, name: str, suffix: str = ".toml") -> Path:
        """Return the file of the profile ``name``, or another one beside it."""
        return self._folder / f"{profile_name(name)}{suffix}"

    def names(self) -> tuple[str, ...]:
        """Return what the profiles are called that have a file, in order of their names."""
        try:
            found = sorted(path.stem for path in self._folder.glob("*.toml"))
        except OSError:
            return ()
        return tuple(name for name in found if is_profile_name(name))

    def history(self, name: str) -> tuple[Event, ...]:
        """Return what was done on a profile, the oldest first; broken lines are left out."""
        try:
            lines = files.read_file(self.path(name, ".history"), _LONGEST_HISTORY).data.splitlines()
        except files.CannotRead:
            return ()
        return tuple(filter(None, map(_event, lines)))

    def note(self, name: str, what: str, key_id: str = "", domain: str = "") -> None:
        """Write down what was done, without secrets, in a file that only grows.

        A history that cannot be written stops nobody: what was done, is done.
        """
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        event = redactor.clean(Event(now, what, key_id, domain))
        with suppress(OSError):
            files.append_line(self.path(name, ".history"), json.dumps(asdict(event)).encode())

    def delete(self, name: str) -> None:
        """Delete the files of the profile ``name``, whose lock is held."""
        for file in (self.path(name, ".history"), self.path(name)):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise CannotTell(
                    f"{file} cannot be deleted: {files.why(error)}.", advice=_MAKE_ROOM
                ) from None
        for suffix in (".rehearsal", ".lock"):
            with suppress(OSError):  # Windows deletes no open file; it is empty
                self.path(name, suffix).unlink()

    def load(self, name: str) -> Profile:
        """Return the profile ``name``; an empty one where there is no file. It follows a link."""
        content = self._read(name)
        if content is None:
            return Profile(name)
        data, profile = self._known.get(name, (b"", Profile(name)))
        if data != content.data:
            from ngrok_scim_cli.settings import profile_toml

            profile = profile_toml.parse(content.data, self.path(name))
            self._known[name] = content.data, profile
        return replace(profile, readable_by_others=content.readable_by_others)

    def change(self, name: str, **fields: object) -> Profile:
        """Save the profile ``name`` with some fields changed, the others as its file has them."""
        return self.update(name, lambda profile: replace(profile, **fields))  # type: ignore[arg-type]

    def update(self, name: str, change: Callable[[Profile], Profile]) -> Profile:
        """Save what ``change`` makes of the profile ``name``, as by ``change``."""
        with self.lock(name, timeout_s=_TIMEOUT_S):
            changed = change(self.load(name))
            self.save(changed)
        return changed

    def save(self, profile: Profile) -> None:
        """Write ``profile`` into its file, whole or not at all, with mode 0600 in a folder 0700.

        What the file holds besides, and its comments, survive. A file that cannot be read is never
        overwritten. A symbolic link is neither written through nor replaced by a file: it is
        somebody's arrangement, and others may be able to read its target.
        """
        from ngrok_scim_cli.settings import profile_toml

        path = self.path(profile.name)
        # What ngrok says of a key is its own text, and may repeat the secret.
        names = ("key", "next_key", "previous_key", "pending_key")
        profile = replace(
            profile, **{name: redactor.clean(getattr(profile, name)) for name in names}
        )
        content = self._read(profile.name)
        try:
            data = profile_toml.render(profile, content.data if content else b"", path)
        except UnicodeEncodeError:
            raise CannotTell(
                f"The profile {path} cannot be written: a value holds bytes that are not UTF-8.",
                advice="Type that value again.",
            ) from None
        if path.is_symlink():
            raise CannotTell(
                f"The profile {path} is a symbolic link, and is not written through.",
                advice="Replace the link by the file itself.",
            )
        try:
            files.make_private_folder(self._folder)
            files.write_whole(path, data)
        except OSError as error:
            raise CannotTell(
                f"The profile {path} cannot be written: {files.why(error)}. "
                "The profile is unchanged.",
                advice=_MAKE_ROOM,
            ) from None
        before = self._known.get(profile.name, (b"", Profile(profile.name)))[1]
        self._known[profile.name] = data, profile
        for change in _changes(before, profile):
            self.note(profile.name, *change)

    @contextmanager
    def lock(self, name: str, *, timeout_s: float = 0) -> Iterator[None]:
        """Hold the profile ``name``, so that nobody else changes it.

        Nothing happens where this store holds it already. The system takes the lock back however
        this process ends. ``timeout_s`` is how long somebody else may hold it.
        """
        if name in self._held:
            yield
            return
        self._held[name] = self._locked(name, ".lock", "changing", timeout_s)
        try:
            yield
        finally:
            if held := self._held.pop(name, None):
                held.close()

    @contextmanager
    def unlocked(self, name: str) -> Iterator[None]:
        """Let others change the profile ``name`` while a person is asked, then hold it again.

        Nothing happens where it is not held. What was loaded before may have changed afterwards.
        """
        held = self._held.pop(name, None)
        if held is None:
            yield
            return
        held.close()
        try:
            yield
        finally:
            self._held[name] = self._locked(name, ".lock", "changing", _TIMEOUT_S)

    def rehearsing(self, name: str) -> ExitStack:
        """Rehearse with the profile ``name``, one at a time; others may change it meanwhile."""
        return self._locked(name, ".rehearsal", "rehearsing with")

    def _locked(self, name: str, suffix: str, doing: str, timeout_s: float = 0) -> ExitStack:
        """Hold a file beside the profile; ``doing`` is what another holder does with it."""
        path = self.path(name, suffix)
        give_up = time.monotonic() + timeout_s
        stack = ExitStack()
        while True:
            try:
                files.make_private_folder(self._folder)
                stack.enter_context(files.hold(path))
            except files.LockHeld as held:
                if time.monotonic() < give_up:
                    time.sleep(_TRY_AGAIN_S)
                    continue
                process = f" (process {held.holder})" if held.holder else ""
                raise CannotTell(
                    f"Another ngrok-scim{process} is {doing} the profile “{name}”.",
                    advice="Wait until it has finished, or end it, and run this again.",
                ) from None
            except OSError as error:
                raise CannotTell(
                    f"The profile “{name}” cannot be locked: {path}: {files.why(error)}.",
                    advice=_MAKE_ROOM,
                ) from None
            return stack

    def _read(self, name: str) -> files.Content | None:
        path = self.path(name)
        try:
            return files.read_file(path, LIMIT)
        except files.CannotRead as problem:
            if problem.missing and not path.is_symlink():
                return None
            reason = "is a link to a file that is missing" if problem.missing else problem.reason
            raise ProfileUnreadable(
                f"The profile {path} {reason}.",
                advice="Make the file readable for you, or move it away.",
            ) from None
