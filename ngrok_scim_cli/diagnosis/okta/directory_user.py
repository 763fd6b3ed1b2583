"""A person in Okta's directory (Okta Management API, ``GET /api/v1/users/{idOrLogin}``)."""

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import as_object, as_text

DEPROVISIONED = "DEPROVISIONED"
SUSPENDED = "SUSPENDED"


@dataclass(frozen=True, slots=True)
class OktaPerson:
    """A person in Okta's directory; what Okta left out is empty.

    Attributes:
        login: ``profile.login``, which the console calls **Username**.
        status_changed: when ``status`` last changed (RFC 3339, UTC).
    """

    id: str
    login: str
    email: str
    status: str
    status_changed: str = ""

    @property
    def is_deactivated(self) -> bool:
        """Whether Okta has deactivated the person; that takes every app away."""
        return self.status == DEPROVISIONED


# What keeps Okta from provisioning somebody, and the button that helps; under Directory > People.
OBSTACLES = {
    "STAGED": ("is not activated in Okta yet", "Activate"),
    SUSPENDED: ("is suspended in Okta", "Unsuspend"),
    DEPROVISIONED: ("is deactivated in Okta", "Activate"),
}


def read_okta_person(document: dict[str, object]) -> OktaPerson:
    """Read a user of Okta's directory."""
    profile = as_object(document.get("profile"))
    return OktaPerson(
        as_text(document.get("id")),
        as_text(profile.get("login")),
        as_text(profile.get("email")),
        as_text(document.get("status")),
        as_text(document.get("statusChanged")),
    )
