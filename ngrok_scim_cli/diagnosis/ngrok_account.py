"""The ngrok account: the SCIM key, its owner, and what else lives there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ngrok_scim_cli.diagnosis.finding import Finding


class OwnerKind(StrEnum):
    """Of what kind the owner of a key is."""

    SERVICE_USER = "service_user"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as ngrok lists it (https://ngrok.com/docs/api-reference/apikeys/list).

    Attributes:
        id: its id (``ak_…``).
        owner_id: whom it belongs to.
        description: what ngrok's dashboard shows for it.
        maker: who made it, by its ``metadata``: ``ngrok-scim`` is this program.
        mark: the random letters of the run that made it, by its ``metadata``.
    """

    id: str
    owner_id: str = ""
    description: str = ""
    maker: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """A Service User (https://ngrok.com/docs/api-reference/service-users/list).

    Attributes:
        id: its id; opaque.
        name: its name.
        active: whether it may act; ``None`` where ngrok does not tell.
    """

    id: str
    name: str = ""
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of the SCIM key and its account. What is not known gives no finding.

    Attributes:
        key_id: the id of the key that is in Okta; empty where it does not tell it.
        age_days: how old it is; ``None`` where it does not tell.
        in_account: whether ngrok has it in the account of the admin key; ``None`` where ngrok
            could not be asked.
        key: the key as ngrok shows it.
        owner: the Service User whom it belongs to.
        owner_kind: of what kind its owner is.
        keys: every key of the account.
        service_users: every Service User of the account.
        known_ids: the ids of our keys that the profile names: in use, successor, superseded.
        superseded_ids: those of them that are to be revoked.
        used_by: where the same key is used besides, as the person names it.
    """

    key_id: str = ""
    age_days: int | None = None
    in_account: bool | None = None
    key: ApiKey | None = None
    owner: ServiceUser | None = None
    owner_kind: OwnerKind | None = None
    keys: Sequence[ApiKey] = ()
    service_users: Sequence[ServiceUser] = ()
    known_ids: frozenset[str] = frozenset()
    superseded_ids: frozenset[str] = frozenset()
    used_by: tuple[str, ...] = ()


def read_api_key(document: dict[str, object]) -> ApiKey:
    """Read an API key."""
    raise NotImplementedError


def read_service_user(document: dict[str, object]) -> ServiceUser:
    """Read a Service User."""
    raise NotImplementedError


def judge_account(facts: AccountFacts) -> tuple[Finding, ...]:
    """Return what is wrong with the key and its account: ``NGR701`` to ``703``, ``706``, ``711`` to ``713``."""
    raise NotImplementedError
