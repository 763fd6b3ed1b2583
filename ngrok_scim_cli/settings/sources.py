"""Where each value comes from: option, environment, profile and keyring, default.

The prompt, which stands before the default, belongs to the command line. What is noticed on the
way (a key file that others can read, a trimmed value) is kept as plain facts, from which the
commands make findings.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from ngrok_scim_cli.errors import FileUnreadable, KeyringLost, NoKey, UsageError
from ngrok_scim_cli.form import (
    DEFAULT_ACTIONS,
    DEFAULT_AUTH_MODE,
    DEFAULT_BASE_URL,
    DEFAULT_UNIQUE_IDENTIFIER,
    Form,
)
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import key_file, okta_client
from ngrok_scim_cli.settings.okta_client import OktaClient, OktaServiceApp
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretKind, SecretStore, read_secret, ways_out
from ngrok_scim_cli.settings.sourced import Facts, Sourced

DEFAULT_API_BASE_URL = "https://api.ngrok.com"

DEFAULT = "default"

# The kinds of origins of a key.
OPTION, ENVIRONMENT, KEYRING = "option", "environment", "keyring"

SECRET_VARIABLES = (
    "NGROK_SCIM_API_KEY",
    "NGROK_API_KEY",
    "NGROK_AUTHTOKEN",
    "OKTA_CLIENT_TOKEN",
    "OKTA_CLIENT_PRIVATEKEY",
)
"""Variables that hold a secret, and are kept from what we start."""

_Value = TypeVar("_Value")
_Found = TypeVar("_Found", bound="Sourced[Any] | None")


# How ngrok's access tokens begin, which its API takes in place of an API key
# (https://ngrok.com/docs/iam/access-tokens).
ACCESS_TOKEN = "ngrok_pat_"  # noqa: S105 - no token


def holds_a_secret(name: str, value: str) -> bool:
    """Tell whether a variable holds a secret: one of ours, or the password of a proxy, say."""
    return name in SECRET_VARIABLES or redactor.redact(value) != value


class Settings:
    """Looks each value up where it may come from; the first place that has it wins.

    Nothing is read before it is needed: neither the profile nor the keyring where the command line
    or the environment has the value, and the keyring only for a key that the profile names.

    A value of the form is taken letter for letter. A variable that is set but empty counts as
    given for the form's values (a pipeline without its secret looks like that, and ``KEY209`` says
    so), and as not set for all others.

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
        self._machine_files = machine_files
        self.profiles = profiles
        self.profile_name = profile_name
        self._environment = environment
        self._make_secrets = secrets
        self._secrets: SecretStore | None = None
        self._profile: Profile | None = None
        self._standard_input = standard_input
        self._piped: dict[str, str] = {}
        self._platform = platform
        self._facts = Facts()
        self._found_a_key = False
        self._okta_yaml: OktaClient | None = None
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
        return replace(self._facts, authtoken_only=wrong and not self._found_a_key)

    def scim_key(self, api_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the SCIM key, letter for letter, or ``None`` where there is none.

        Args:
            api_key_file: what ``--api-key-file`` says; ``-`` is standard input.

        Raises:
            KeyringUnusable: the profile names a key, and the keyring cannot be asked for it.
            KeyringLost: the profile names a key, and the keyring does not have it.
        """
        found = self.given_scim_key(api_key_file) or self._from_keyring(SecretKind.SCIM)
        self._found_a_key = self._found_a_key or found is not None
        return self._noted("SCIM key", found)

    def given_scim_key(self, api_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the SCIM key that was given for this run, not one that is kept in the keyring."""
        return self._from_file("--api-key-file", api_key_file) or self._from_variable(
            "NGROK_SCIM_API_KEY"
        )

    def admin_key(self, admin_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the key that manages the account, or ``None`` where there is none."""
        found = self._trimmed(self._from_file("--admin-key-file", admin_key_file))
        if found is None and admin_key_file is not None:
            raise FileUnreadable(
                f"--admin-key-file {admin_key_file} holds no key.",
                advice="Put the key into it, or leave the option out.",
            )
        found = (
            found
            or self._trimmed(self._from_variable("NGROK_API_KEY"))
            or self._trimmed(self._from_ngrok_yml())
            or self._access_token()
        )
        self._found_a_key = self._found_a_key or found is not None
        return self._noted("Admin key", found)

    def admin_key_at_hand(self) -> Sourced[str] | None:
        """Return the admin key that the environment holds, for commands that do not use it."""
        return self._trimmed(self._from_variable("NGROK_API_KEY"))

    def _access_token(self) -> Sourced[str] | None:
        """Return the access token in ``NGROK_AUTHTOKEN``; an authtoken there opens no API."""
        found = self._from_variable("NGROK_AUTHTOKEN")
        is_one = found is not None and found.value.strip().startswith(ACCESS_TOKEN)
        return self._trimmed(found) if is_one else None

    def okta_credential(
        self, org_url: str = "", token_file: Path | str | None = None
    ) -> Sourced[str] | Sourced[OktaServiceApp] | None:
        """Return the API token of the Okta org, or its service app; ``None`` where there is none.

        Args:
            org_url: the org that is to be asked. What ``okta.yaml`` holds is for the org that it
                names.
            token_file: what ``--okta-token-file`` says; ``-`` is standard input.

        Raises:
            KeyringUnusable: the profile says that it is in the keyring, which cannot be asked.
            KeyringLost: the profile says so, and the keyring does not have it.
            NgrokScimError: a service app is named, and something of it is missing.
        """
        return self._noted("Okta", self._okta_credential(org_url, token_file))

    def _okta_credential(
        self, org_url: str, token_file: Path | str | None
    ) -> Sourced[str] | Sourced[OktaServiceApp] | None:
        if token_file is not None:
            found = self._trimmed(self._from_file("--okta-token-file", token_file))
            if found is None:
                raise FileUnreadable(
                    f"--okta-token-file {token_file} holds no token.",
                    advice="Put the token into it, or leave the option out.",
                )
            return found
        client = okta_client.from_environment(self._environment)
        if not client.names_service_app:
            found = self._trimmed(self._from_variable("OKTA_CLIENT_TOKEN")) or self._trimmed(
                self._from_keyring(SecretKind.OKTA)
            )
            if found:
                return found
        told = self._from_okta_yaml()
        if told.org_url and _org(told.org_url) != _org(org_url):
            told = OktaClient(told.origin)
        client = client.over(told)
        if client.names_service_app:
            app = okta_client.service_app(client, self._note_readable)
            return Sourced(app, client.origin)
        return self._trimmed(_given(told.token or None, told.origin))

    def okta_org_url(self, option: str | None = None) -> Sourced[str] | None:
        """Return the URL of the Okta org, or ``None`` where it is not known."""
        return (
            self._trimmed(_given(option, "--okta-org-url"))
            or self._trimmed(self._from_variable("OKTA_CLIENT_ORGURL"))
            or self._from_profile(self.profile.okta.org_url or None)
            or self._trimmed(
                _given(self._from_okta_yaml().org_url or None, self._from_okta_yaml().origin)
            )
        )

    def okta_app(self, option: str | None = None) -> Sourced[str] | None:
        """Return the id or label of the Okta app, or ``None`` where it is not known."""
        return self._trimmed(_given(option, "--okta-app")) or self._from_profile(
            self.profile.okta.app or None
        )

    def api_base_url(self) -> Sourced[str]:
        """Return the base URL of ngrok's API."""
        found = self._trimmed(self._from_variable("NGROK_API_BASE_URL"))
        return found or Sourced(DEFAULT_API_BASE_URL, DEFAULT)

    def base_url(self, option: str | None = None) -> Sourced[str]:
        """Return the SCIM connector base URL, letter for letter."""
        return (
            _given(option, "--base-url")
            or self._from_variable("NGROK_SCIM_BASE_URL")
            or self._from_profile(self.profile.base_url)
            or Sourced(DEFAULT_BASE_URL, DEFAULT)
        )

    def unique_identifier(self, option: str | None = None) -> Sourced[str]:
        """Return the unique identifier field for users, letter for letter."""
        return (
            _given(option, "--unique-id")
            or self._from_profile(self.profile.unique_identifier)
            or Sourced(DEFAULT_UNIQUE_IDENTIFIER, DEFAULT)
        )

    def auth_mode(self, option: str | None = None) -> Sourced[str]:
        """Return the authentication mode, letter for letter."""
        return (
            _given(option, "--auth-mode")
            or self._from_profile(self.profile.auth_mode)
            or Sourced(DEFAULT_AUTH_MODE, DEFAULT)
        )

    def actions(self, options: Sequence[str] | None = None) -> Sourced[tuple[str, ...]]:
        """Return the ticked boxes, letter for letter.

        Args:
            options: what each ``--action`` says; none at all counts as not given.
        """
        return (
            _given(tuple(options) if options else None, "--action")
            or self._from_profile(self.profile.actions)
            or Sourced(DEFAULT_ACTIONS, DEFAULT)
        )

    def form(
        self,
        authorization: str,
        *,
        base_url: str | None = None,
        unique_identifier: str | None = None,
        auth_mode: str | None = None,
        actions: Sequence[str] | None = None,
    ) -> Form:
        """Return the form: the key as it was found or typed, the other four by their options."""
        redactor.learn(authorization)
        self._found_a_key = self._found_a_key or bool(authorization)
        return Form(
            base_url=self.base_url(base_url).value,
            authorization=authorization,
            unique_identifier=self.unique_identifier(unique_identifier).value,
            auth_mode=self.auth_mode(auth_mode).value,
            actions=self.actions(actions).value,
        )

    def no_scim_key(self) -> NoKey:
        """Return the error for a run that needs the SCIM key, and has none and may not ask."""
        elsewhere = self._kept_elsewhere()
        if elsewhere:
            return NoKey(elsewhere, advice=ways_out(SecretKind.SCIM.of(self.profile_name)))
        return self._no_key("SCIM API key", ways_out(SecretKind.SCIM.of(self.profile_name)))

    def no_admin_key(self) -> NoKey:
        """Return the error for a run that needs the admin key, and has none and may not ask."""
        return self._no_key(
            "ngrok API key of an administrator",
            "Put one into NGROK_API_KEY, or give it with --admin-key-file FILE.",
        )

    def _no_key(self, wanted: str, advice: str) -> NoKey:
        if self.facts.authtoken_only:
            return NoKey(
                f"No {wanted} was given. NGROK_AUTHTOKEN is set, but that is the agent's "
                "token, which ngrok's API does not take.",
                advice=advice,
                code="ENV006",
            )
        return NoKey(f"No {wanted} was given.", advice=advice)

    def _from_file(self, option: str, path: Path | str | None) -> Sourced[str] | None:
        if path is None:
            return None
        if str(path) == key_file.STANDARD_INPUT:
            return Sourced(self._from_pipe(option), "standard input", source=OPTION)
        key, readable_by_others = key_file.read(Path(path), option)
        if readable_by_others:
            self._note_readable(str(path))
        return Sourced(key, f"{option} {path}", source=OPTION)

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
        found = _given(self._environment.get(name), name)
        return replace(found, source=ENVIRONMENT) if found else None

    def _from_profile(self, value: _Value | None) -> Sourced[_Value] | None:
        return _given(value, f"the profile “{self.profile_name}”")

    def _from_keyring(self, kind: SecretKind) -> Sourced[str] | None:
        named = {
            SecretKind.SCIM: (self.profile.next_key or self.profile.key) is not None,
            SecretKind.OKTA: self.profile.okta.token_stored_at is not None,
        }
        if not named[kind]:
            return None
        if kind is SecretKind.SCIM and self.profile.next_key:
            kind = SecretKind.NEXT_SCIM  # while a key is replaced, the new one goes into Okta
        if kind is not SecretKind.OKTA and self._kept_elsewhere():
            return None
        name = kind.of(self.profile_name)
        secret = read_secret(self.secrets, kind, self.profile_name)
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
        return self._okta_yaml

    def _kept_elsewhere(self) -> str:
        """Return where the key is that goes into Okta; empty where that is the keyring."""
        key = self.profile.next_key or self.profile.key
        if key is None or not key.kept:
            return ""
        named = key.id or "The key"
        if key.kept_by:
            return f"{named} is in no keyring: it was handed to the command “{key.kept_by}”."
        return f"{named} is in no keyring: you keep it."

    def _from_ngrok_yml(self) -> Sourced[str] | None:
        if not self._machine_files:
            return None
        from ngrok_scim_cli.settings import ngrok_yml

        found = ngrok_yml.read(ngrok_yml.place(self._environment, self._platform))
        if found.readable_by_others:
            self._note_readable(str(found.path))
        self._facts = replace(self._facts, ngrok_yml=found.reason)
        return _given(found.api_key, str(found.path))

    def _trimmed(self, found: Sourced[str] | None) -> Sourced[str] | None:
        """Return ``found`` without whitespace at its ends; ``None`` where nothing is left."""
        if found is None:
            return None
        # A byte-order mark stands in front of what Windows PowerShell writes into a file.
        value = found.value.strip().removeprefix("\ufeff").strip()
        if not value:
            return None
        if value == found.value:
            return found
        self._facts = replace(self._facts, trimmed=_with(self._facts.trimmed, found.origin))
        return replace(found, value=value, trimmed=True)

    def _noted(self, what: str, found: _Found) -> _Found:
        if found is not None:
            noted: dict[str, Sourced[Any]] = {**dict(self._facts.credentials), what: found}
            self._facts = replace(self._facts, credentials=tuple(noted.items()))
        return found

    def _note_readable(self, path: str) -> None:
        self._facts = replace(
            self._facts, readable_by_others=_with(self._facts.readable_by_others, path)
        )


def learn_secrets(environment: Mapping[str, str]) -> None:
    """Tell the redactor the secrets of the environment."""
    for name in SECRET_VARIABLES:
        if name == "OKTA_CLIENT_PRIVATEKEY":
            okta_client.learn_private_key(environment.get(name, ""))
        else:
            redactor.learn(environment.get(name, ""))


def _org(url: str) -> str:
    return url.strip().rstrip("/").lower()


def _given(value: _Value | None, origin: str) -> Sourced[_Value] | None:
    return None if value is None else Sourced(value, origin)


def _with(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if one in known else (*known, one)
