"""The profile: what is known of one connection between Okta and ngrok. It holds no secret."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.errors import ProfileBusy, ProfileUnreadable, ProfileUnwritable
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files, lock, paths
from ngrok_scim_cli.settings.history import History, changes

if TYPE_CHECKING:
    from ngrok_scim_cli.settings.profile_toml import BrokenProfile

LIMIT = 1024 * 1024

# How long another process may hold the lock while this one takes it again.
_PATIENCE_S = 10.0
_TRY_AGAIN_S = 0.1

_MAKE_ROOM = "Make room, or see to it that you may write into that folder."


@dataclass(frozen=True, slots=True)
class Key:
    """An API key of ngrok's whose secret half is in the keyring.

    Attributes:
        id: its id (``ak_…``); empty where the key does not tell it.
        owner_id: the id of the user or Service User to whom it belongs.
        owner_name: that one's name.
        description: the key's description at ngrok.
        stored_at: when it was put into the keyring.
    """

    id: str
    owner_id: str = ""
    owner_name: str = ""
    description: str = ""
    stored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PendingKey:
    """A key that is about to be made: written down before ngrok is asked for it.

    Attributes:
        mark: random letters that also stand in the key's ``metadata`` at ngrok, by which a
            half-made key is found again.
        description: the description that the key gets.
        started_at: when it was begun.
        owner_id: whom it shall belong to, which tells the account: ids are unique at ngrok.
    """

    mark: str
    description: str = ""
    started_at: datetime | None = None
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Two keys that both work, until a person says which of them Okta has.

    Attributes:
        old: the key that is to go; of an earlier version's profile, its secret is kept nowhere.
        new: the key that is to be pasted into Okta.
    """

    old: Key
    new: Key


@dataclass(frozen=True, slots=True)
class Okta:
    """What is known of the Okta side.

    Attributes:
        app_type: ``saml``, ``swa`` or ``oidc``.
        org_url: the org's URL, like ``https://example.okta.com``.
        app: the app's id or label.
        token_stored_at: when the org's API token was put into the keyring; ``None`` where it
            is not there.
        wizard: how the app was made: ``classic``, or ``oiw`` (Okta Integration Wizard); empty where
            nobody said.
    """

    app_type: str = ""
    org_url: str = ""
    app: str = ""
    token_stored_at: datetime | None = None
    wizard: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """An e-mail domain that ngrok support must allow.

    Attributes:
        name: the domain, like ``example.com``.
        submitted_at: when the request was sent.
        approved_at: when ngrok said yes.
        note: what the person wrote down about it.
        txt: the value of the TXT record that ngrok's support asked for.
    """

    name: str
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    note: str = ""
    txt: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal that was begun, by which its throw-away users are found again.

    Attributes:
        base_url: the endpoint at which they were made.
        dialect: how they are updated: ``put`` or ``patch``.
        started_at: when it was begun.
        user_names: the user names that it may use, written down before the first request.
        ids: the ids of the users, as they came.
    """

    base_url: str
    dialect: str = "put"
    started_at: datetime | None = None
    user_names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """All that one profile knows. Change it with ``dataclasses.replace``.

    Times carry their time zone.

    Attributes:
        name: what it is called; the name of its file.
        base_url: the form's base URL as typed; ``None`` where it was never given.
        unique_identifier: the form's unique identifier field as typed.
        auth_mode: the form's authentication mode as typed.
        actions: the ticked boxes of the form; ``None`` where they were never given.
        key: the key whose secret is in the keyring as ``PROFILE/scim``.
        next_key: during a rotation, the new key; its secret is kept as ``PROFILE/scim-next``.
        previous_key: the key that ``key`` replaced where both secrets could not be kept (it was
            lost, or a key made by hand took its place), until it is revoked.
        pending_key: a key that is about to be made.
        okta: what is known of the Okta side.
        domains: the e-mail domains, in the order in which they were added.
        rehearsal: a rehearsal whose throw-away users may still be active.
        steps: when each finished step of the setup was done, by its name.
        readable_by_others: whether other users of the machine can read the file. It is a fact
            about the file, not in it.
    """

    name: str
    base_url: str | None = None
    unique_identifier: str | None = None
    auth_mode: str | None = None
    actions: tuple[str, ...] | None = None
    key: Key | None = None
    next_key: Key | None = None
    previous_key: Key | None = None
    pending_key: PendingKey | None = None
    okta: Okta = Okta()
    domains: tuple[Domain, ...] = ()
    rehearsal: Rehearsal | None = None
    steps: Mapping[str, datetime] = field(default_factory=dict)
    readable_by_others: bool = field(default=False, compare=False)

    @property
    def rotation(self) -> Rotation | None:
        """The old and the new key while a rotation is under way."""
        if self.next_key:
            return Rotation(self.key or self.previous_key or Key(""), self.next_key)
        if self.key and self.previous_key:
            return Rotation(self.previous_key, self.key)
        return None

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of the keys that it names: the one in use, its successor, the one before."""
        keys = (self.key, self.next_key, self.previous_key)
        return tuple(key.id for key in keys if key and key.id)


class ProfileStore:
    """The profiles in one folder, each in a TOML file of its name.

    A file is parsed once and kept in memory; it is parsed again where it has changed meanwhile.
    Whoever changes a profile holds its lock, but not while a person is asked (``unlocked``).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[bytes, Profile]] = {}
        self._held: dict[str, ExitStack] = {}

    def path(self, name: str) -> Path:
        """Return the file of the profile ``name``."""
        return self._folder / f"{paths.profile_name(name)}.toml"

    def names(self) -> tuple[str, ...]:
        """Return what the profiles are called that have a file, in order of their names."""
        try:
            found = sorted(path.stem for path in self._folder.glob("*.toml"))
        except OSError:
            return ()
        return tuple(name for name in found if paths.may_be_called(name))

    def history(self, name: str) -> History:
        """Return what was done on the profile ``name``."""
        return History(self.path(name).with_suffix(".history"))

    def delete(self, name: str) -> None:
        """Delete the files of the profile ``name``, whose lock is held."""
        path = self.path(name)
        for file in (self.history(name).path, path):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise ProfileUnwritable(
                    f"{file} cannot be deleted: {files.why(error)}.", advice=_MAKE_ROOM
                ) from None

    def load(self, name: str) -> Profile:
        """Return the profile ``name``; an empty one where there is no file.

        A symbolic link is followed.

        Raises:
            ProfileUnreadable: the file is broken, or cannot be opened.
        """
        content = self._read(name)
        if content is None:
            return Profile(name)
        data, profile = self._known.get(name, (b"", Profile(name)))
        if data != content.data:
            profile = self._parse(name, content.data)
            self._known[name] = content.data, profile
        return replace(profile, readable_by_others=content.readable_by_others)

    def change(self, name: str, **fields: object) -> Profile:
        """Save the profile ``name`` with some fields changed, all others as they are in its file.

        Raises:
            ProfileUnwritable: it cannot be written; what stood there still does.
        """
        changed = replace(self.load(name), **fields)  # type: ignore[arg-type]
        self.save(changed)
        return changed

    def save(self, profile: Profile) -> None:
        """Write ``profile`` into its file, whole or not at all, with mode 0600 in a folder 0700.

        What the file holds besides, and its comments, survive. A file that cannot be read is never
        overwritten. A symbolic link is neither written through nor replaced by a file: it is
        somebody's arrangement, and others may be able to read its target.

        Raises:
            ProfileUnreadable: what stands there now is broken.
            ProfileUnwritable: it cannot be written; what stood there still does.
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
            data = profile_toml.render(profile, content.data if content else b"")
        except profile_toml.BrokenProfile as broken:
            raise self._broken(profile.name, broken) from None
        except UnicodeEncodeError:
            raise ProfileUnwritable(
                f"The profile {path} cannot be written: a value holds bytes that are not UTF-8.",
                advice="Type that value again.",
            ) from None
        if path.is_symlink():
            raise ProfileUnwritable(
                f"The profile {path} is a link to another file, and is not written through it.",
                advice="Put the file itself in the place of the link.",
            )
        try:
            files.make_private_folder(self._folder)
            files.write_whole(path, data)
        except OSError as error:
            raise ProfileUnwritable(
                f"The profile {path} cannot be written: {files.why(error)}. "
                "What stood there before still does.",
                advice=_MAKE_ROOM,
            ) from None
        before = self._known.get(profile.name, (b"", Profile(profile.name)))[1]
        self._known[profile.name] = data, profile
        history = self.history(profile.name)
        for what, key_id, domain in changes(before, profile):
            history.add(what, key_id=key_id, domain=domain)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the profile ``name``, so that nobody else changes it; do not wait for it.

        The system takes the lock back however this process ends.

        Raises:
            ProfileBusy: somebody else holds it; the message names the process.
            ProfileUnwritable: the folder cannot be written.
        """
        self._take(name)
        try:
            yield
        finally:
            self._release(name)

    @contextmanager
    def unlocked(self, name: str) -> Iterator[None]:
        """Let others change the profile ``name`` while a person is asked, then hold it again.

        Nothing happens where it is not held. What was loaded before may have changed afterwards.

        Raises:
            ProfileBusy: somebody else took it and keeps it.
        """
        if name not in self._held:
            yield
            return
        self._release(name)
        try:
            yield
        finally:
            self._take(name, patience_s=_PATIENCE_S)

    def _take(self, name: str, *, patience_s: float = 0) -> None:
        path = self.path(name).with_suffix(".lock")
        give_up = time.monotonic() + patience_s
        stack = ExitStack()
        while True:
            try:
                files.make_private_folder(self._folder)
                stack.enter_context(lock.hold(path))
            except lock.LockHeld as held:
                if time.monotonic() < give_up:
                    time.sleep(_TRY_AGAIN_S)
                    continue
                process = f" (process {held.holder})" if held.holder else ""
                raise ProfileBusy(
                    f"Another ngrok-scim{process} is changing the profile “{name}”.",
                    advice="Wait until it has finished, or end it, and run this again.",
                ) from None
            except OSError as error:
                raise ProfileUnwritable(
                    f"The profile “{name}” cannot be locked: {path}: {files.why(error)}.",
                    advice=_MAKE_ROOM,
                ) from None
            self._held[name] = stack
            return

    def _release(self, name: str) -> None:
        if stack := self._held.pop(name, None):
            stack.close()

    def _parse(self, name: str, data: bytes) -> Profile:
        from ngrok_scim_cli.settings import profile_toml

        try:
            return profile_toml.parse(data, name)
        except profile_toml.BrokenProfile as broken:
            raise self._broken(name, broken) from None

    def _read(self, name: str) -> files.Content | None:
        path = self.path(name)
        try:
            return files.read_file(path, LIMIT)
        except files.CannotRead as problem:
            if problem.missing and not path.is_symlink():
                return None
            raise ProfileUnreadable(
                f"The profile {path} {problem.reason}.",
                advice="See to it that you may read it, or move it away.",
            ) from None

    def _broken(self, name: str, broken: "BrokenProfile") -> ProfileUnreadable:
        return ProfileUnreadable(
            f"The profile {self.path(name)} cannot be read: {broken.reason}.",
            advice=broken.advice,
        )
