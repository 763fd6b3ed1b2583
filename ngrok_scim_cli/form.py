"""The five fields of Okta's SCIM connection form, as they were typed.

Okta shows them under **Provisioning > Integration > SCIM Connection**. Nothing here cleans a
value: a stray space is evidence.
"""

from dataclasses import field, replace
from enum import StrEnum

from ngrok_scim_cli.records import dataclass

DEFAULT_BASE_URL = "https://api.ngrok.com/scim/v2/"
DEFAULT_UNIQUE_IDENTIFIER = "email"
DEFAULT_AUTH_MODE = "HTTP Header"

IMPORT_USERS = "Import New Users and Profile Updates"
PUSH_NEW_USERS = "Push New Users"
PUSH_PROFILE_UPDATES = "Push Profile Updates"
PUSH_GROUPS = "Push Groups"
IMPORT_GROUPS = "Import Groups"

# In the order in which Okta's form shows the boxes.
PROVISIONING_ACTIONS = (
    IMPORT_USERS,
    PUSH_NEW_USERS,
    PUSH_PROFILE_UPDATES,
    PUSH_GROUPS,
    IMPORT_GROUPS,
)
DEFAULT_ACTIONS = (PUSH_NEW_USERS, PUSH_PROFILE_UPDATES)

AUTH_MODES = ("HTTP Header", "Basic Auth", "OAuth2")


class Wizard(StrEnum):
    """How the Okta app was made: the two choices behind **Create a new app integration**."""

    CLASSIC = "classic"
    OIW = "oiw"


class Field(StrEnum):
    """A field of the form, by the name that it has in our JSON."""

    BASE_URL = "base_url"
    UNIQUE_IDENTIFIER = "unique_identifier"
    ACTIONS = "actions"
    AUTH_MODE = "auth_mode"
    AUTHORIZATION = "authorization"


# Okta's own label of each field, in the order of its form.
OKTA_LABELS = {
    Field.BASE_URL: "SCIM connector base URL",
    Field.UNIQUE_IDENTIFIER: "Unique identifier field for users",
    Field.ACTIONS: "Supported provisioning actions",
    Field.AUTH_MODE: "Authentication Mode",
    Field.AUTHORIZATION: "Authorization",
}


@dataclass(frozen=True, slots=True)
class Form:
    """What is in Okta's form, letter for letter.

    Attributes:
        authorization: what was pasted behind the fixed ``Bearer`` box; the SCIM key. Left out of
            ``repr``, so that no traceback or log can hold it.
    """

    base_url: str = DEFAULT_BASE_URL
    authorization: str = field(default="", repr=False)
    unique_identifier: str = DEFAULT_UNIQUE_IDENTIFIER
    auth_mode: str = DEFAULT_AUTH_MODE
    actions: tuple[str, ...] = DEFAULT_ACTIONS

    def with_field(self, name: Field, value: str | tuple[str, ...]) -> "Form":
        """Return a copy in which the field ``name`` holds ``value``."""
        return replace(self, **{name.value: value})  # type: ignore[arg-type]

    def rows(self, key: str = "the API key alone, without Bearer") -> tuple[tuple[str, str], ...]:
        """Return what to type, as label and value, in the order of Okta's form.

        ``key`` is what to say of the key, which is never among the values.
        """
        values = (
            self.base_url,
            self.unique_identifier,
            ", ".join(self.actions),
            self.auth_mode,
            key,
        )
        return tuple(zip(OKTA_LABELS.values(), values, strict=True))
