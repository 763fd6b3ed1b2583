"""API keys and Service Users of ngrok's REST API, and the date in the id of a key."""

from datetime import date
from enum import StrEnum

from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.values.key import made_at
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.counting import counted
from ngrok_scim_cli.text.json_values import as_list, as_text, json_object

MAKER = "ngrok-scim"


class OwnerKind(StrEnum):
    """Who owns a key."""

    SERVICE_USER = "service_user"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key (https://ngrok.com/docs/api-reference/apikeys/get).

    ``maker`` and ``mark`` are in its ``metadata``: the program, and the run that made it.
    """

    id: str
    owner_id: str = ""
    description: str = ""
    maker: str = ""
    mark: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether this program made it."""
        return self.maker == MAKER


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """A Service User (https://ngrok.com/docs/api-reference/service-users/get)."""

    id: str
    name: str = ""
    active: bool | None = None
    roles: tuple[str, ...] = ()


def read_api_key(document: dict[str, object]) -> ApiKey:
    """Read an API key."""
    metadata = json_object(as_text(document.get("metadata")))
    return ApiKey(
        as_text(document.get("id")),
        as_text(document.get("owner_id")),
        as_text(document.get("description")),
        as_text(metadata.get("made_by")),
        as_text(metadata.get("mark")),
    )


def read_service_user(document: dict[str, object]) -> ServiceUser:
    """Read a Service User."""
    active = document.get("active")
    return ServiceUser(
        as_text(document.get("id")),
        as_text(document.get("name")),
        active if isinstance(active, bool) else None,
        tuple(map(as_text, as_list(document.get("roles")))),
    )


def dated_key(key_id: str) -> str:
    """Name a key by its id and the day on which it was made, by its id."""
    made = made_on(key_id)
    named = excerpt(key_id, 60) or "a key without a known id"
    return f"{named} (made on {made})" if made else named


def made_on(key_id: str) -> date | None:
    """Return the day (UTC) on which a key was made, by its id; ``None`` where it does not say."""
    made = made_at(key_id)
    return made.date() if made else None


def age_in_days(key_id: str, today: date) -> int | None:
    """Return how old a key is on ``today`` (UTC), by its id; ``None`` where it does not say."""
    made = made_on(key_id)
    return max(0, (today - made).days) if made else None


def ago(days: int | None) -> str:
    """Say how many days ago something was."""
    return f"{counted(days, 'day')} ago" if days else "today"
