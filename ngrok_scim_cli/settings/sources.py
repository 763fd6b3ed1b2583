"""Where each value comes from: option, environment, profile and keyring, default.

The prompt, which comes before the default, belongs to the command line.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from ngrok_scim_cli.errors import CannotTell, KeyringLost, UsageError
from ngrok_scim_cli.form import (
    DEFAULT_ACTIONS,
    DEFAULT_AUTH_MODE,
    DEFAULT_BASE_URL,
    DEFAULT_UNIQUE_IDENTIFIER,
    Form,
)
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import key_file, other_programs
from ngrok_scim_cli.settings.environment import learn_secrets
from ngrok_scim_cli.settings.other_programs import OktaClient, OktaServiceApp
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretKind, SecretStore, ways_out

DEFAULT_API_BASE_URL = "https://api.ngrok.com"

# How ngrok's access tokens begin, which its API takes in place of an API key
# (https://ngrok.com/docs/iam/access-tokens).
ACCESS_TOKEN = "ngrok_pat_"  # noqa: S105 - no token

# Each value that is no secret: its option, its variable, where it is in the profile and in
# okta.yaml, and its default. The first that has it wins.
_ROWS: dict[str, tuple[str, str, str, str, Any]] = {
    "base_url": ("--base-url", "NGROK_SCIM_BASE_URL", "base_url", "", DEFAULT_BASE_URL),
    "unique_identifier": ("--unique-id", "", "unique_identifier", "", DEFAULT_UNIQUE_IDENTIFIER),
    "auth_mode": ("--auth-mode", "", "auth_mode", "", DEFAULT_AUTH_MODE),
    "actions": ("--action", "", "actions", "", DEFAULT_ACTIONS),
    "api_base_url": ("", "NGROK_API_BASE_URL", "", "", DEFAULT_API_BASE_URL),
    "okta_org_url": ("--okta-org-url", "OKTA_CLIENT_ORGURL", "okta.org_url", "orgUrl", ""),
    "okta_app": ("--okta-app", "", "okta.app", "", ""),
}
# Those that are taken letter for letter.
_OF_FORM = ("base_url", "unique_identifier", "auth_mode", "actions")

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Sourced(Generic[_Value]):
    """A value, and where it came from.

    Attributes:
        value: the value. Left out of ``repr``: it may be a secret.
        origin: where it came from, for a person: ``--base-url``, ``NGROK_API_KEY``,
            ``the profile “default”``, ``the keyring (macOS Keychain)``, ``default``.
        source: of a key, the kind of its origin: ``option``, ``environment`` or ``keyring``.
    """

    value: _Value = field(repr=False)
    origin: str
    source: str = field(default="", compare=False)


@dataclass(slots=True)
class Facts:
    """What was noticed while values were looked up; each becomes a finding.

    Attributes:
        authtoken_only: whether ``NGROK_AUTHTOKEN`` is set and no API key was found (ENV006).
        readable_by_others: the files with keys, and profiles, that other users can read (ENV005).
        trimmed: what had whitespace at its ends and is used without it, by its origin (ENV007).
        credentials: each that was found, by what it is.
        unread: why a file that may hold one could not be read, by what it is.
    """

    authtoken_only: bool = False
    readable_by_others: list[str] = field(default_factory=list)
    trimmed: list[str] = field(default_factory=list)
    credentials: dict[str, Sourced[Any]] = field(default_factory=dict, compare=False)
    unread: dict[str, str] = field(default_factory=dict)

    def note_readable(self, path: Path | str) -> None:
        """Note a file that other users can read."""
        if str(path) not in self.readable_by_others:
            self.readable_by_others.append(str(path))


class Settings:
    """Looks each value up where it may come from; the first place that has it wins.

    Nothing is read before it is needed, and then once: neither the profile nor the keyring where
    the command line or the environment has the value, and the keyring only for a key that the
    profile names.

    A value of the form is taken letter for letter. A variable that is set but empty counts as
    given for the form's values (a pipeline without its secret looks like that, and ``KEY209`` says
    so), and as not set for all others. Of an option that names a file, ``-`` is standard input.
    Where the profile says that a secret is in the keyring, ``KeyringUnusable`` or ``KeyringLost``
    is raised if it cannot be had there.

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
        self._standard_input = standard_input
        self._piped: dict[str, str] = {}
        self._platform = platform
        authtoken = environment.get("NGROK_AUTHTOKEN", "").strip()
        self.facts = Facts(bool(authtoken) and not authtoken.startswith(ACCESS_TOKEN))
        learn_secrets(environment)

    @cached_property
    def profile(self) -> Profile:
        """The profile, as it was when it was first needed."""
        profile = self.profiles.load(self.profile_name)
        if profile.readable_by_others:
            self.facts.note_readable(self.profiles.path(self.profile_name))
        return profile

    @cached_property
    def secrets(self) -> SecretStore:
        """The store of secrets."""
        return self._make_secrets()

    def scim_key(self, api_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the SCIM key, letter for letter, or ``None`` where there is none."""
        found = self.given_scim_key(api_key_file)
        if found is None:
            # While a key is replaced, the new one goes into Okta.
            key, next_key = self.profile.key, self.profile.next_key
            kind = SecretKind.NEXT_SCIM if next_key else SecretKind.SCIM
            key = next_key or key
            found = self._from_keyring(kind) if key and not key.kept else None
        return self._found_key("SCIM key", found)

    def given_scim_key(self, api_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the SCIM key that was given for this run, not one that is kept in the keyring."""
        in_file = self._from_file("--api-key-file", api_key_file)
        return in_file or self._from_variable("NGROK_SCIM_API_KEY")

    def admin_key(self, admin_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the key that manages the account, or ``None`` where there is none."""
        found = (
            self._from_credential_file("--admin-key-file", admin_key_file, "key")
            or self.admin_key_at_hand()
            or self._from_ngrok_yml()
        )
        if found is None:
            token = self._trimmed(self._from_variable("NGROK_AUTHTOKEN"))
            found = token if token and token.value.startswith(ACCESS_TOKEN) else None
        return self._found_key("Admin key", found)

    def admin_key_at_hand(self) -> Sourced[str] | None:
        """Return the admin key that the environment holds, for commands that do not use it."""
        return self._trimmed(self._from_variable("NGROK_API_KEY"))

    def okta_credential(
        self, org_url: str = "", token_file: Path | str | None = None
    ) -> Sourced[str] | Sourced[OktaServiceApp] | None:
        """Return the API token of the Okta org, or its service app; ``None`` where there is none.

        What ``okta.yaml`` holds is for the org that it names, and goes to no other ``org_url``.

        Raises:
            NgrokScimError: a service app is named, and something of it is missing.
        """
        found: Sourced[str] | Sourced[OktaServiceApp] | None
        found = self._from_credential_file("--okta-token-file", token_file, "token")
        client = other_programs.okta_from_environment(self._environment)
        if found is None and not other_programs.names_service_app(client):
            found = self._trimmed(self._from_variable("OKTA_CLIENT_TOKEN"))
            if found is None and self.profile.okta.token_stored_at:
                found = self._trimmed(self._from_keyring(SecretKind.OKTA))
        if found is None:
            in_file = self._okta_yaml
            if _org(in_file.get("orgUrl", org_url)) != _org(org_url):
                in_file = {}
            both = in_file | client
            if other_programs.names_service_app(client) or other_programs.names_service_app(both):
                app = other_programs.service_app(both, self.facts.note_readable)
                found = Sourced(app, "OKTA_CLIENT_CLIENTID")
            elif in_file:
                found = self._from_okta_yaml("token")
        if found:
            self.facts.credentials["Okta"] = found
        return found

    def value(self, name: str, given_here: str | Sequence[str] | None = None) -> Sourced[Any]:
        """Return a value that is no secret, by its row; an empty text where it is not given.

        Args:
            given_here: what the option says.
        """
        option, variable, in_profile, in_okta_yaml, default = _ROWS[name]
        keep: Callable[[Any], Any] = (lambda it: it) if name in _OF_FORM else self._trimmed
        return (
            keep(given(given_here, option))
            or keep(self._from_variable(variable))
            or keep(self._from_profile(in_profile))
            or self._from_okta_yaml(in_okta_yaml)
            or Sourced(default, "default" if default else "not given")
        )

    def form(
        self, authorization: str, *, actions: Sequence[str] | None = None, **options: str | None
    ) -> Form:
        """Return the form: the key as it was found or typed, the others by their options."""
        redactor.learn(authorization)
        self.facts.authtoken_only &= not authorization
        given_here = {**options, "actions": tuple(actions) if actions else None}
        values = {name: self.value(name, given_here.get(name)).value for name in _OF_FORM}
        return Form(authorization=authorization, **values)

    def no_scim_key(self) -> CannotTell:
        """Return the error for a run that needs the SCIM key, and has none and may not ask."""
        advice = ways_out(SecretKind.SCIM.of(self.profile_name))
        key = self.profile.next_key or self.profile.key
        if key is None or not key.kept:
            return self._no_key("SCIM API key", advice)
        who = f"it was handed to the command “{key.kept_by}”" if key.kept_by else "you keep it"
        return CannotTell(f"{key.id or 'The key'} is in no keyring: {who}.", advice=advice)

    def no_admin_key(self) -> CannotTell:
        """Return the error for a run that needs the admin key, and has none and may not ask."""
        advice = "Set NGROK_API_KEY to one, or use --admin-key-file FILE."
        reason = self.facts.unread.get("Admin key", "")
        return self._no_key("ngrok API key of an administrator", advice, reason)

    def _no_key(self, wanted: str, advice: str, reason: str = "") -> CannotTell:
        if self.facts.authtoken_only:
            reason = (
                "NGROK_AUTHTOKEN is set, but that is the agent's token, which ngrok's API does not "
                "take."
            )
        code = "ENV006" if self.facts.authtoken_only else ""
        return CannotTell(f"No {wanted} was given. {reason}".strip(), advice=advice, code=code)

    def _from_file(self, option: str, path: Path | str | None) -> Sourced[str] | None:
        if path is None:
            return None
        if str(path) != "-":
            key, readable_by_others = key_file.read(Path(path), option)
            if readable_by_others:
                self.facts.note_readable(path)
            return Sourced(key, f"{option} {path}", source="option")
        if option not in self._piped:
            if self._piped:
                raise UsageError(
                    f"{option} - and {next(iter(self._piped))} - cannot both read standard input.",
                    advice="Give one of the two keys in a file or in the environment.",
                )
            self._piped[option] = key_file.read_standard_input(option, self._standard_input)
        return Sourced(self._piped[option], "standard input", source="option")

    def _from_credential_file(
        self, option: str, path: Path | str | None, what: str
    ) -> Sourced[str] | None:
        """Return the credential in a file that was named, which must hold one."""
        found = self._trimmed(self._from_file(option, path))
        if found is None and path is not None:
            raise UsageError(
                f"{option} {path} holds no {what}.",
                advice=f"Put the {what} into it, or leave the option out.",
            )
        return found

    def _from_variable(self, name: str) -> Sourced[str] | None:
        return given(self._environment.get(name), name, "environment")

    def _from_profile(self, path: str) -> Sourced[Any] | None:
        value = attrgetter(path)(self.profile) if path else None
        return given(value, f"the profile “{self.profile_name}”")

    def _from_keyring(self, kind: SecretKind) -> Sourced[str]:
        """Return a secret that the profile says is in the keyring."""
        name = kind.of(self.profile_name)
        secret = self.secrets.get(name)
        if secret is None:
            raise KeyringLost(
                f"The profile “{self.profile_name}” says that “{name}” is in the keyring "
                f"({self.secrets.kind}), but it is not.",
                advice=ways_out(name),
            )
        return Sourced(secret, f"the keyring ({self.secrets.kind})", source="keyring")

    def _from_ngrok_yml(self) -> Sourced[str] | None:
        """Return the API key in the file of ngrok's agent.

        Version 3 of the file has it under ``agent:``, version 2 at the top; both are tried,
        whatever version the file says it is.
        """
        path = other_programs.ngrok_yml(self._environment, self._platform)
        tree = self._read_yaml(path, "Admin key")
        for section in (("agent",), ()):
            redactor.learn(other_programs.text(tree, *section, "authtoken"))
            redactor.learn(other_programs.text(tree, *section, "api_key"))
        key = other_programs.text(tree, "agent", "api_key") or other_programs.text(tree, "api_key")
        return self._trimmed(Sourced(key, str(path)))

    def _from_okta_yaml(self, name: str) -> Sourced[str] | None:
        value = self._okta_yaml.get(name) if name else None
        return self._trimmed(given(value, str(other_programs.okta_yaml(self._environment))))

    @cached_property
    def _okta_yaml(self) -> OktaClient:
        path = other_programs.okta_yaml(self._environment)
        return other_programs.okta_from_yaml(self._read_yaml(path, "Okta"))

    def _read_yaml(self, path: Path, what: str) -> Any:  # noqa: ANN401
        """Return what the file of another program holds that may have the credential ``what``."""
        if not self._machine_files:
            return None
        tree, reason, readable_by_others = other_programs.read_yaml(path)
        if readable_by_others:
            self.facts.note_readable(path)
        if reason:
            self.facts.unread[what] = reason
        return tree

    def _trimmed(self, found: Sourced[str] | None) -> Sourced[str] | None:
        """Return ``found`` without whitespace at its ends; ``None`` where nothing is left."""
        # Windows PowerShell writes a byte-order mark at the start of a file.
        value = found.value.strip().removeprefix("\ufeff").strip() if found else ""
        if found is None or not value or value == found.value:
            return found if value else None
        if found.origin not in self.facts.trimmed:
            self.facts.trimmed.append(found.origin)
        return replace(found, value=value)

    def _found_key(self, what: str, found: Sourced[str] | None) -> Sourced[str] | None:
        if found:
            self.facts.authtoken_only = False
            self.facts.credentials[what] = found
        return found


def given(value: _Value | None, origin: str, source: str = "") -> Sourced[_Value] | None:
    """Return ``value`` with its origin, if there is one."""
    return None if value is None else Sourced(value, origin, source)


def _org(url: str) -> str:
    return url.strip().rstrip("/").lower()
