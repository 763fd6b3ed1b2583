"""The objects of ngrok's REST API that setting up and checking SCIM needs.

Fields and list names follow https://ngrok.com/docs/api-reference. The IP restrictions can only be
read here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from ngrok_scim_cli.sandbox.account import READ_ONLY, Account, ApiKey, IpRestriction, ServiceUser

DESCRIPTION_LIMIT = 255
METADATA_LIMIT = 4096
# ngrok has a limit (ERR_NGROK_4110) and does not say which.
NAME_LIMIT = 255

_ROLES = ("developer", READ_ONLY, "team-manager")

Document = dict[str, Any]
_T = TypeVar("_T")


class RefusedError(Exception):
    """The request is refused with one of ngrok's codes."""

    def __init__(self, number: int | str, **slots: object) -> None:
        super().__init__(number)
        self.number = number
        self.slots = slots


class MissingError(Exception):
    """The object that the path names is not there."""


class Collection:
    """The objects under one path.

    Attributes:
        methods: what is offered: GET and POST on the path; GET, PATCH, DELETE on one object.
        fields: the fields that a body may hold, with their types.
    """

    list_name: ClassVar[str]
    methods: ClassVar[str] = "GET POST PATCH DELETE"
    filterable: ClassVar[tuple[str, ...]] = ("id", "created_at", "description", "metadata")
    fields: ClassVar[Mapping[str, type]] = {}

    def __init__(self, account: Account, url: str) -> None:
        self.account = account
        self.url = url

    @property
    def objects(self) -> dict[str, Any]:
        """The account's objects by their ids, the oldest first."""
        objects: dict[str, Any] = getattr(self.account, self.list_name)
        return objects

    def document(self, held: Any) -> Document:  # noqa: ANN401 - what objects holds
        """Return an object as JSON."""
        raise NotImplementedError

    def documents(self) -> Iterable[Document]:
        """Return the objects as a list has them, the oldest first."""
        return map(self.document, self.objects.values())

    def find(self, object_id: str) -> Document:
        """Return one object."""
        return _found({document["id"]: document for document in self.documents()}, object_id)

    def create(self, asker: ApiKey, body: Document) -> Document:
        """Make an object."""
        raise NotImplementedError

    def change(self, asker: ApiKey, object_id: str, body: Document) -> Document:
        """Change an object."""
        raise NotImplementedError

    def remove(self, asker: ApiKey, object_id: str) -> None:  # noqa: ARG002 - for others to check
        """Delete an object."""
        del self.objects[_found(self.objects, object_id).id]

    def _described(self, of: ApiKey | IpRestriction, object_id: str, **fields: object) -> Document:
        return {
            "id": object_id,
            "uri": f"{self.url}/{object_id}",
            "description": of.description,
            "metadata": "",
            "created_at": _timestamp(of.created),
            **fields,
        }


class _ApiKeys(Collection):
    list_name = "keys"
    filterable = (*Collection.filterable, "owner_id")
    fields: ClassVar[Mapping[str, type]] = {
        "description": str,
        "metadata": str,
        "owner_id": str,
        "owner_email": str,
        "scim_user_id": str,
        "membership_id": str,
        "token": str,
    }

    def document(self, held: ApiKey) -> Document:
        return self._described(
            held, held.id, metadata=held.metadata, token=None, owner_id=held.owner_id
        )

    def documents(self) -> Iterable[Document]:
        for document in super().documents():
            if not document["metadata"]:
                del document["metadata"]
            yield document

    def find(self, object_id: str) -> Document:
        return self.document(_found(self.objects, object_id))

    def create(self, asker: ApiKey, body: Document) -> Document:
        if "token" in body:
            raise RefusedError(638)
        _check_key_texts(body)
        owner_id = self._owner(asker, body)
        key = self.account.add_key(owner_id, body.get("description", ""), body.get("metadata", ""))
        return {**self.document(key), "token": key.token}

    def change(self, _asker: ApiKey, object_id: str, body: Document) -> Document:
        # Whether a developer may change another's key is not known; here they may.
        key = _found(self.account.keys, object_id)
        if body.keys() - {"description", "metadata"}:
            raise RefusedError(628)
        if not body:
            raise RefusedError(606)
        _check_key_texts(body)
        key.description = body.get("description", key.description)
        key.metadata = body.get("metadata", key.metadata)
        return self.document(key)

    def _owner(self, asker: ApiKey, body: Document) -> str:
        named = [name for name in ("owner_id", "owner_email", "scim_user_id") if body.get(name)]
        if len(named) > 1:
            raise RefusedError(631)
        if named and body.get("membership_id"):
            raise RefusedError(632)
        if not named and not body.get("membership_id"):
            return asker.owner_id
        owner_id: str = body.get("owner_id", "")
        if owner_id != asker.owner_id and not self.account.is_administrator(asker):
            raise RefusedError(630)
        if owner_id != self.account.administrator and owner_id not in self.account.service_users:
            raise RefusedError(634)
        return owner_id


class _AccessTokens(Collection):
    """Access tokens. Their fields are assumed, but for ``scopes``."""

    list_name = "access_tokens"
    methods = "GET POST DELETE"
    filterable = _ApiKeys.filterable
    fields: ClassVar[Mapping[str, type]] = {
        "description": str,
        "metadata": str,
        "scopes": list,
        "expires_at": str,
    }

    def document(self, held: ApiKey) -> Document:
        fields = {"token": None, "owner_id": held.owner_id, "expires_at": None}
        scopes = list(held.scopes or ())
        return self._described(held, held.id, metadata=held.metadata, scopes=scopes, **fields)

    def create(self, asker: ApiKey, body: Document) -> Document:
        _check_key_texts(body)
        scopes = body.get("scopes") or []
        if not scopes or not all(isinstance(scope, str) for scope in scopes):
            raise RefusedError(215, name="scopes")
        made = self.account.add_access_token(
            asker.owner_id, body.get("description", ""), tuple(scopes), body.get("metadata", "")
        )
        return {**self.document(made), "token": made.token}


class _ServiceUsers(Collection):
    list_name = "service_users"
    filterable = ("id", "created_at")
    fields: ClassVar[Mapping[str, type]] = {"name": str, "active": bool, "roles": list}

    def document(self, held: ServiceUser) -> Document:
        return {
            "id": held.id,
            "uri": f"{self.url}/{held.id}",
            "name": held.name,
            "active": held.active,
            "roles": list(held.roles),
            "created_at": _timestamp(held.created),
        }

    def create(self, asker: ApiKey, body: Document) -> Document:
        self._require_administrator(asker)
        name = body.get("name", "")
        self._check_name(name)
        roles = self._roles(body, ("developer",))
        active = body.get("active", True)
        return self.document(self.account.add_service_user(name, active=active, roles=roles))

    def change(self, asker: ApiKey, object_id: str, body: Document) -> Document:
        self._require_administrator(asker)
        user = _found(self.account.service_users, object_id)
        name = body.get("name", user.name)
        if name != user.name:
            self._check_name(name)
        user.roles = self._roles(body, user.roles)
        user.name = name
        user.active = body.get("active", user.active)
        return self.document(user)

    def remove(self, asker: ApiKey, object_id: str) -> None:
        self._require_administrator(asker)
        self.account.remove_service_user(_found(self.account.service_users, object_id))

    def _roles(self, body: Document, default: tuple[str, ...]) -> tuple[str, ...]:
        roles = tuple(map(str, body.get("roles") or default))
        for role in roles:
            if role not in _ROLES:
                raise RefusedError("IAM_SERVICE_USER_ROLE_NOT_ALLOWED", role=role)
        if {"developer", READ_ONLY} <= set(roles):
            raise RefusedError("IAM_SERVICE_USER_ROLE_CONFLICT")
        return roles

    def _require_administrator(self, asker: ApiKey) -> None:
        if not self.account.is_administrator(asker):
            raise RefusedError(4111)

    def _check_name(self, name: str) -> None:
        size = len(name.encode())
        if not size:
            raise RefusedError(4109)
        if size > NAME_LIMIT:
            raise RefusedError(4110, size=size, limit=NAME_LIMIT)
        if any(user.name == name for user in self.account.service_users.values()):
            raise RefusedError(4112)


class _IpRestrictions(Collection):
    list_name = "ip_restrictions"
    methods = "GET"

    def document(self, held: IpRestriction) -> Document:
        return self._described(
            held, held.id, enforced=True, type="api", ip_policies=[self._policy(held)]
        )

    def _policy(self, held: IpRestriction) -> Document:
        policies = f"{self.url.rpartition('/')[0]}/ip_policies"
        return {"id": held.policy_id, "uri": f"{policies}/{held.policy_id}"}


class _IpPolicyRules(_IpRestrictions):
    list_name = "ip_policy_rules"

    def documents(self) -> Iterable[Document]:
        for one in self.account.ip_restrictions.values():
            allow = {"ip_policy": self._policy(one), "action": "allow", "description": ""}
            for rule_id, cidr in one.rules.items():
                yield self._described(one, rule_id, cidr=cidr, **allow)


COLLECTIONS: dict[str, type[Collection]] = {
    "api_keys": _ApiKeys,
    "access_tokens": _AccessTokens,
    "service_users": _ServiceUsers,
    "ip_restrictions": _IpRestrictions,
    "ip_policy_rules": _IpPolicyRules,
}


def _check_key_texts(body: Document) -> None:
    for number, name, limit in (
        (604, "description", DESCRIPTION_LIMIT),
        (605, "metadata", METADATA_LIMIT),
    ):
        size = len(body.get(name, "").encode())
        if size > limit:
            raise RefusedError(number, limit=limit, size=size)


def _found(objects: Mapping[str, _T], object_id: str) -> _T:
    try:
        return objects[object_id]
    except KeyError:
        raise MissingError from None


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
