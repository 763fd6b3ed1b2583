"""Where each value comes from: option, environment, profile and keyring, default.

The prompt, which comes before the default, belongs to the command line.
"""

from collections.abc import Sequence
from pathlib import Path

from ngrok_scim_cli.errors import NoKey
from ngrok_scim_cli.form import (
    DEFAULT_ACTIONS,
    DEFAULT_AUTH_MODE,
    DEFAULT_BASE_URL,
    DEFAULT_UNIQUE_IDENTIFIER,
    Form,
)
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import okta_client
from ngrok_scim_cli.settings.okta_client import OktaClient, OktaServiceApp
from ngrok_scim_cli.settings.places import ACCESS_TOKEN, Places, Sourced, given
from ngrok_scim_cli.settings.secrets import SecretKind, ways_out

DEFAULT_API_BASE_URL = "https://api.ngrok.com"

DEFAULT = "default"


class Settings(Places):
    """Looks each value up where it may come from; the first place that has it wins.

    Nothing is read before it is needed: neither the profile nor the keyring where the command line
    or the environment has the value, and the keyring only for a key that the profile names.

    A value of the form is taken letter for letter. A variable that is set but empty counts as
    given for the form's values (a pipeline without its secret looks like that, and ``KEY209`` says
    so), and as not set for all others. Of an option that names a file, ``-`` is standard input.
    Where the profile says that a secret is in the keyring, ``KeyringUnusable`` or ``KeyringLost``
    is raised if it cannot be had there.
    """

    def scim_key(self, api_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the SCIM key, letter for letter, or ``None`` where there is none."""
        found = self.given_scim_key(api_key_file) or self._from_keyring(SecretKind.SCIM)
        self._found_a_key |= found is not None
        return self._noted("SCIM key", found)

    def given_scim_key(self, api_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the SCIM key that was given for this run, not one that is kept in the keyring."""
        return self._from_file("--api-key-file", api_key_file) or self._from_variable(
            "NGROK_SCIM_API_KEY"
        )

    def admin_key(self, admin_key_file: Path | str | None = None) -> Sourced[str] | None:
        """Return the key that manages the account, or ``None`` where there is none."""
        found = (
            self._from_credential_file("--admin-key-file", admin_key_file, "key")
            or self._trimmed(self._from_variable("NGROK_API_KEY"))
            or self._trimmed(self._from_ngrok_yml())
            or self._access_token()
        )
        self._found_a_key |= found is not None
        return self._noted("Admin key", found)

    def admin_key_at_hand(self) -> Sourced[str] | None:
        """Return the admin key that the environment holds, for commands that do not use it."""
        return self._trimmed(self._from_variable("NGROK_API_KEY"))

    def _access_token(self) -> Sourced[str] | None:
        """Return the access token in ``NGROK_AUTHTOKEN``; an authtoken there opens no API."""
        found = self._trimmed(self._from_variable("NGROK_AUTHTOKEN"))
        return found if found and found.value.startswith(ACCESS_TOKEN) else None

    def okta_credential(
        self, org_url: str = "", token_file: Path | str | None = None
    ) -> Sourced[str] | Sourced[OktaServiceApp] | None:
        """Return the API token of the Okta org, or its service app; ``None`` where there is none.

        Args:
            org_url: the org that is to be asked. What ``okta.yaml`` holds is for the org that it
                names.

        Raises:
            NgrokScimError: a service app is named, and something of it is missing.
        """
        return self._noted("Okta", self._okta_credential(org_url, token_file))

    def _okta_credential(
        self, org_url: str, token_file: Path | str | None
    ) -> Sourced[str] | Sourced[OktaServiceApp] | None:
        found = self._from_credential_file("--okta-token-file", token_file, "token")
        client = okta_client.from_environment(self._environment)
        if found is None and not client.names_service_app:
            found = self._trimmed(self._from_variable("OKTA_CLIENT_TOKEN")) or self._trimmed(
                self._from_keyring(SecretKind.OKTA)
            )
        if found:
            return found
        okta_yaml = self._from_okta_yaml()
        if okta_yaml.org_url and _org(okta_yaml.org_url) != _org(org_url):
            okta_yaml = OktaClient(okta_yaml.origin)
        client = client.over(okta_yaml)
        if client.names_service_app:
            app = okta_client.service_app(client, self._note_readable)
            return Sourced(app, client.origin)
        return self._trimmed(given(okta_yaml.token or None, okta_yaml.origin))

    def okta_org_url(self, option: str | None = None) -> Sourced[str] | None:
        """Return the URL of the Okta org, or ``None`` where it is not known."""
        found = (
            self._trimmed(given(option, "--okta-org-url"))
            or self._trimmed(self._from_variable("OKTA_CLIENT_ORGURL"))
            or self._from_profile(self.profile.okta.org_url or None)
        )
        if found:
            return found
        okta_yaml = self._from_okta_yaml()
        return self._trimmed(given(okta_yaml.org_url or None, okta_yaml.origin))

    def okta_app(self, option: str | None = None) -> Sourced[str] | None:
        """Return the id or label of the Okta app, or ``None`` where it is not known."""
        return self._trimmed(given(option, "--okta-app")) or self._from_profile(
            self.profile.okta.app or None
        )

    def api_base_url(self) -> Sourced[str]:
        """Return the base URL of ngrok's API."""
        found = self._trimmed(self._from_variable("NGROK_API_BASE_URL"))
        return found or Sourced(DEFAULT_API_BASE_URL, DEFAULT)

    def base_url(self, option: str | None = None) -> Sourced[str]:
        """Return the SCIM connector base URL, letter for letter."""
        return (
            given(option, "--base-url")
            or self._from_variable("NGROK_SCIM_BASE_URL")
            or self._from_profile(self.profile.base_url)
            or Sourced(DEFAULT_BASE_URL, DEFAULT)
        )

    def unique_identifier(self, option: str | None = None) -> Sourced[str]:
        """Return the unique identifier field for users, letter for letter."""
        found = given(option, "--unique-id") or self._from_profile(self.profile.unique_identifier)
        return found or Sourced(DEFAULT_UNIQUE_IDENTIFIER, DEFAULT)

    def auth_mode(self, option: str | None = None) -> Sourced[str]:
        """Return the authentication mode, letter for letter."""
        found = given(option, "--auth-mode") or self._from_profile(self.profile.auth_mode)
        return found or Sourced(DEFAULT_AUTH_MODE, DEFAULT)

    def actions(self, options: Sequence[str] | None = None) -> Sourced[tuple[str, ...]]:
        """Return the ticked boxes, letter for letter; no ``--action`` at all is not given."""
        given_here = given(tuple(options) if options else None, "--action")
        found = given_here or self._from_profile(self.profile.actions)
        return found or Sourced(DEFAULT_ACTIONS, DEFAULT)

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
        self._found_a_key |= bool(authorization)
        return Form(
            base_url=self.base_url(base_url).value,
            authorization=authorization,
            unique_identifier=self.unique_identifier(unique_identifier).value,
            auth_mode=self.auth_mode(auth_mode).value,
            actions=self.actions(actions).value,
        )

    def no_scim_key(self) -> NoKey:
        """Return the error for a run that needs the SCIM key, and has none and may not ask."""
        advice = ways_out(SecretKind.SCIM.of(self.profile_name))
        key = self.profile.next_key or self.profile.key
        if key is None or not key.kept:
            return self._no_key("SCIM API key", advice)
        who = f"it was handed to the command “{key.kept_by}”" if key.kept_by else "you keep it"
        return NoKey(f"{key.id or 'The key'} is in no keyring: {who}.", advice=advice)

    def no_admin_key(self) -> NoKey:
        """Return the error for a run that needs the admin key, and has none and may not ask."""
        return self._no_key(
            "ngrok API key of an administrator",
            "Set NGROK_API_KEY to one, or use --admin-key-file FILE.",
            self._unread.get("Admin key", ""),
        )

    def _no_key(self, wanted: str, advice: str, reason: str = "") -> NoKey:
        if self.facts.authtoken_only:
            return NoKey(
                f"No {wanted} was given. NGROK_AUTHTOKEN is set, but that is the agent's "
                "token, which ngrok's API does not take.",
                advice=advice,
                code="ENV006",
            )
        return NoKey(f"No {wanted} was given. {reason}".strip(), advice=advice)


def _org(url: str) -> str:
    return url.strip().rstrip("/").lower()
