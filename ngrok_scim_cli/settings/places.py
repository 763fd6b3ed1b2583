"""Where a value may be, one place at a time: a file, the environment, profile and keyring."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from ngrok_scim_cli.errors import FileUnreadable, KeyringLost, UsageError
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.settings import key_file, okta_client
from ngrok_scim_cli.settings.environment import learn_secrets
from ngrok_scim_cli.settings.okta_client import OktaClient
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretKind, SecretStore, ways_out

# The kinds of origins of a key.
OPTION, ENVIRONMENT, KEYRING = "option", "environment", "keyring"

# How ngrok's access tokens begin, which its API takes in place of an API key
# (https://ngrok.com/docs/iam/access-tokens).
ACCESS_TOKEN = "ngrok_pat_"  # noqa: S105 - no token

_Value = TypeVar("_Value")
_Found = TypeVar("_Found", bound="Sourced[Any] | None")


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
    credentials: tuple[tuple[str, Sourced[Any]], ...] = field(default=(), compare=False)
    unread: tuple[tuple[str, str], ...] = ()


class Places:
    """The places, each read when it is first needed; what is noticed there becomes ``facts``.

    Args:
        secrets: makes the store of secrets; called when the first secret is asked of it.
        machine_files: whether configuration files of this machine that belong to no profile count.
    """

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        profiles: ProfileStore,
        secrets: Callable[[], SecretStore],
        profile_name: str,
        standard_input: BinaryIO | None = None,
        platform: str = sys.platform,
        machine_files: bool = True,
    ) -> None:
        self.profiles = profiles
        self.profile_name = profile_name
        self._machine_files = machine_files
        self._environment = environment
        self._make_secrets = secrets
        self._secrets: SecretStore | None = None
        self._profile: Profile | None = None
        self._standard_input = standard_input
        self._piped: dict[str, str] = {}
        self._platform = platform
        self._okta_yaml: OktaClient | None = None
        self._found_a_key = False
        self._readable: dict[str, None] = {}
        self._trimmed_at: dict[str, None] = {}
        self._credentials: dict[str, Sourced[Any]] = {}
        self._unread: dict[str, str] = {}
        learn_secrets(environment)

    @property
    def profile(self) -> Profile:
        """The profile, as it was when it was first needed."""
        if self._profile is None:
            self._profile = self.profiles.load(self.profile_name)
            if self._profile.readable_by_others:
                self._note_readable(str(self.profiles.path(self.profile_name)))
        return self._profile

    @property
    def secrets(self) -> SecretStore:
        """The store of secrets, made when it is first needed."""
        if self._secrets is None:
            self._secrets = self._make_secrets()
        return self._secrets

    @property
    def facts(self) -> Facts:
        """What was noticed up to now."""
        authtoken = self._environment.get("NGROK_AUTHTOKEN", "").strip()
        wrong = bool(authtoken) and not authtoken.startswith(ACCESS_TOKEN)
        return Facts(
            readable_by_others=tuple(self._readable),
            trimmed=tuple(self._trimmed_at),
            authtoken_only=wrong and not self._found_a_key,
            credentials=tuple(self._credentials.items()),
            unread=tuple(self._unread.items()),
        )

    def _from_file(self, option: str, path: Path | str | None) -> Sourced[str] | None:
        if path is None:
            return None
        if str(path) == key_file.STANDARD_INPUT:
            return Sourced(self._from_pipe(option), "standard input", source=OPTION)
        key, readable_by_others = key_file.read(Path(path), option)
        if readable_by_others:
            self._note_readable(str(path))
        return Sourced(key, f"{option} {path}", source=OPTION)

    def _from_credential_file(
        self, option: str, path: Path | str | None, what: str
    ) -> Sourced[str] | None:
        """Return the credential in a file that was named, which must hold one."""
        found = self._trimmed(self._from_file(option, path))
        if found is None and path is not None:
            raise FileUnreadable(
                f"{option} {path} holds no {what}.",
                advice=f"Put the {what} into it, or leave the option out.",
            )
        return found

    def _from_pipe(self, option: str) -> str:
        if option not in self._piped:
            if self._piped:
                raise UsageError(
                    f"{option} - and {next(iter(self._piped))} - cannot both read standard input.",
                    advice="Give one of the two keys in a file or in the environment.",
                )
            self._piped[option] = key_file.read_standard_input(option, self._standard_input)
        return self._piped[option]

    def _from_variable(self, name: str) -> Sourced[str] | None:
        found = given(self._environment.get(name), name)
        return replace(found, source=ENVIRONMENT) if found else None

    def _from_profile(self, value: _Value | None) -> Sourced[_Value] | None:
        return given(value, f"the profile “{self.profile_name}”")

    def _from_keyring(self, kind: SecretKind) -> Sourced[str] | None:
        """Return a secret that the profile says is in the keyring."""
        key = self.profile.next_key or self.profile.key
        if kind is SecretKind.OKTA:
            is_there = self.profile.okta.token_stored_at is not None
        else:
            is_there = key is not None and not key.kept
            # While a key is replaced, the new one goes into Okta.
            kind = SecretKind.NEXT_SCIM if self.profile.next_key else kind
        if not is_there:
            return None
        name = kind.of(self.profile_name)
        secret = self.secrets.get(kind.of(self.profile_name))
        if secret is None:
            raise KeyringLost(
                f"The profile “{self.profile_name}” says that “{name}” is in the keyring "
                f"({self.secrets.kind}), but it is not.",
                advice=ways_out(name),
            )
        return Sourced(secret, f"the keyring ({self.secrets.kind})", source=KEYRING)

    def _from_okta_yaml(self) -> OktaClient:
        if self._okta_yaml is None:
            environment = self._environment if self._machine_files else None
            self._okta_yaml = okta_client.from_file(environment)
            if self._okta_yaml.readable_by_others:
                self._note_readable(self._okta_yaml.origin)
            self._note_unread("Okta", self._okta_yaml.reason)
        return self._okta_yaml

    def _from_ngrok_yml(self) -> Sourced[str] | None:
        if not self._machine_files:
            return None
        from ngrok_scim_cli.settings import ngrok_yml

        found = ngrok_yml.read(ngrok_yml.place(self._environment, self._platform))
        if found.readable_by_others:
            self._note_readable(str(found.path))
        self._note_unread("Admin key", found.reason)
        return given(found.api_key, str(found.path))

    def _trimmed(self, found: Sourced[str] | None) -> Sourced[str] | None:
        """Return ``found`` without whitespace at its ends; ``None`` where nothing is left."""
        if found is None:
            return None
        # Windows PowerShell writes a byte-order mark at the start of a file.
        value = found.value.strip().removeprefix("\ufeff").strip()
        if not value:
            return None
        if value == found.value:
            return found
        self._trimmed_at[found.origin] = None
        return replace(found, value=value, trimmed=True)

    def _noted(self, what: str, found: _Found) -> _Found:
        if found is not None:
            self._credentials[what] = found
        return found

    def _note_unread(self, what: str, reason: str) -> None:
        if reason:
            self._unread[what] = reason

    def _note_readable(self, path: str) -> None:
        self._readable[path] = None


def given(value: _Value | None, origin: str) -> Sourced[_Value] | None:
    """Return ``value`` with its origin, if there is one."""
    return None if value is None else Sourced(value, origin)
