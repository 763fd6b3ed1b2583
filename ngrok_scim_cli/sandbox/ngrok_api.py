"""The part of ngrok's REST API that setting up and checking SCIM needs.

Fields, list names, paging and error codes follow https://ngrok.com/docs/api-reference. The IP
restrictions can only be read here.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any, ClassVar
from urllib.parse import urlencode

from ngrok_scim_cli.sandbox.account import Account, ApiKey, IpRestriction, ServiceUser
from ngrok_scim_cli.sandbox.credentials import authenticate
from ngrok_scim_cli.sandbox.errors import (
    ngrok_error,
    no_such_object,
    no_such_path,
    with_operation_id,
)
from ngrok_scim_cli.sandbox.message import JSON_MEDIA_TYPE, Answer, Request

API_VERSION = b"2"
PAGE_LIMIT = 100
DESCRIPTION_LIMIT = 255
METADATA_LIMIT = 4096
# ngrok has a limit (ERR_NGROK_4110) and does not say which.
NAME_LIMIT = 255

_LIST_PARAMETERS = ("before_id", "limit")

Document = dict[str, Any]


class _RefusedError(Exception):
    """The request is refused with one of ngrok's codes."""

    def __init__(self, number: int, **slots: object) -> None:
        super().__init__(number)
        self.number = number
        self.slots = slots


class _MissingError(Exception):
    """The object that the path names is not there."""


class _Collection(ABC):
    """The objects under one path.

    Attributes:
        list_name: the property that holds them in a list.
        fields: the fields that a body may hold, with their types; empty where nothing can be
            written.
    """

    list_name: ClassVar[str]
    fields: ClassVar[Mapping[str, type]] = {}

    def __init__(self, account: Account, url: str) -> None:
        self.account = account
        self.url = url

    @abstractmethod
    def documents(self) -> Iterable[Document]:
        """Return the objects, the oldest first."""

    def find(self, object_id: str) -> Document:
        """Return one object."""
        for document in self.documents():
            if document["id"] == object_id:
                return document
        raise _MissingError

    def create(self, asker: ApiKey, body: Document) -> Document:
        """Make an object."""
        raise NotImplementedError

    def change(self, asker: ApiKey, object_id: str, body: Document) -> Document:
        """Change an object."""
        raise NotImplementedError

    def remove(self, asker: ApiKey, object_id: str) -> None:
        """Delete an object."""
        raise NotImplementedError

    def _link(self, object_id: str) -> str:
        return f"{self.url}/{object_id}"


class _ApiKeys(_Collection):
    list_name = "keys"
    fields: ClassVar[Mapping[str, type]] = {
        "description": str,
        "metadata": str,
        "owner_id": str,
        "owner_email": str,
        "scim_user_id": str,
        "membership_id": str,
        "token": str,
    }

    def documents(self) -> Iterable[Document]:
        for key in self.account.keys.values():
            document = self._document(key)
            if not key.metadata:
                del document["metadata"]
            yield document

    def find(self, object_id: str) -> Document:
        return self._document(self._key(object_id))

    def create(self, asker: ApiKey, body: Document) -> Document:
        if "token" in body:
            raise _RefusedError(638)
        _check_key_texts(body)
        owner_id = self._owner(asker, body)
        key = self.account.add_key(owner_id, body.get("description", ""), body.get("metadata", ""))
        return {**self._document(key), "token": key.token}

    def change(self, asker: ApiKey, object_id: str, body: Document) -> Document:
        del asker  # whether a developer may change another's key is not known; here they may
        key = self._key(object_id)
        if body.keys() - {"description", "metadata"}:
            raise _RefusedError(628)
        if not body:
            raise _RefusedError(606)
        _check_key_texts(body)
        key.description = body.get("description", key.description)
        key.metadata = body.get("metadata", key.metadata)
        return self._document(key)

    def remove(self, asker: ApiKey, object_id: str) -> None:
        del asker
        del self.account.keys[self._key(object_id).id]

    def _key(self, object_id: str) -> ApiKey:
        try:
            return self.account.keys[object_id]
        except KeyError:
            raise _MissingError from None

    def _owner(self, asker: ApiKey, body: Document) -> str:
        named = [name for name in ("owner_id", "owner_email", "scim_user_id") if body.get(name)]
        if len(named) > 1:
            raise _RefusedError(631)
        if named and body.get("membership_id"):
            raise _RefusedError(632)
        if not named and not body.get("membership_id"):
            return asker.owner_id
        owner_id: str = body.get("owner_id", "")
        if owner_id != asker.owner_id and not self.account.is_administrator(asker):
            raise _RefusedError(630)
        if owner_id != self.account.administrator and owner_id not in self.account.service_users:
            raise _RefusedError(634)
        return owner_id

    def _document(self, key: ApiKey) -> Document:
        return {
            "id": key.id,
            "uri": self._link(key.id),
            "description": key.description,
            "metadata": key.metadata,
            "created_at": _timestamp(key.created),
            "token": None,
            "owner_id": key.owner_id,
        }


class _ServiceUsers(_Collection):
    list_name = "service_users"
    fields: ClassVar[Mapping[str, type]] = {"name": str, "active": bool}

    def documents(self) -> Iterable[Document]:
        return map(self._document, self.account.service_users.values())

    def create(self, asker: ApiKey, body: Document) -> Document:
        self._require_administrator(asker)
        name = body.get("name", "")
        self._check_name(name)
        return self._document(self.account.add_service_user(name, active=body.get("active", True)))

    def change(self, asker: ApiKey, object_id: str, body: Document) -> Document:
        self._require_administrator(asker)
        user = self._user(object_id)
        name = body.get("name", user.name)
        if name != user.name:
            self._check_name(name)
        user.name = name
        user.active = body.get("active", user.active)
        return self._document(user)

    def remove(self, asker: ApiKey, object_id: str) -> None:
        self._require_administrator(asker)
        self.account.remove_service_user(self._user(object_id))

    def _user(self, object_id: str) -> ServiceUser:
        try:
            return self.account.service_users[object_id]
        except KeyError:
            raise _MissingError from None

    def _require_administrator(self, asker: ApiKey) -> None:
        if not self.account.is_administrator(asker):
            raise _RefusedError(4111)

    def _check_name(self, name: str) -> None:
        size = len(name.encode())
        if not size:
            raise _RefusedError(4109)
        if size > NAME_LIMIT:
            raise _RefusedError(4110, size=size, limit=NAME_LIMIT)
        if any(user.name == name for user in self.account.service_users.values()):
            raise _RefusedError(4112)

    def _document(self, user: ServiceUser) -> Document:
        return {
            "id": user.id,
            "uri": self._link(user.id),
            "name": user.name,
            "active": user.active,
            "created_at": _timestamp(user.created),
        }


class _BotUsers(_ServiceUsers):
    """Service Users under their former name."""

    list_name = "bot_users"


class _IpRestrictions(_Collection):
    list_name = "ip_restrictions"

    def documents(self) -> Iterable[Document]:
        for restriction in self.account.ip_restrictions.values():
            yield {
                **_described(restriction.id, self.url, restriction),
                "enforced": restriction.enforced,
                "type": "api",
                "ip_policies": [_reference(restriction.policy_id, self.url, "ip_policies")],
            }


class _IpPolicies(_Collection):
    list_name = "ip_policies"

    def documents(self) -> Iterable[Document]:
        for restriction in self.account.ip_restrictions.values():
            yield _described(restriction.policy_id, self.url, restriction)


class _IpPolicyRules(_Collection):
    list_name = "ip_policy_rules"

    def documents(self) -> Iterable[Document]:
        for restriction in self.account.ip_restrictions.values():
            for rule in restriction.rules:
                yield {
                    "id": rule.id,
                    "uri": self._link(rule.id),
                    "created_at": _timestamp(rule.created),
                    "description": "",
                    "metadata": "",
                    "cidr": rule.cidr,
                    "ip_policy": _reference(restriction.policy_id, self.url, "ip_policies"),
                    "action": rule.action,
                }


_COLLECTIONS: dict[str, type[_Collection]] = {
    "api_keys": _ApiKeys,
    "service_users": _ServiceUsers,
    "bot_users": _BotUsers,
    "ip_restrictions": _IpRestrictions,
    "ip_policies": _IpPolicies,
    "ip_policy_rules": _IpPolicyRules,
}


class NgrokApi:
    """Answers requests on ngrok's API.

    Args:
        account: the account that it shows and changes.
        root: the root of its URLs, without a slash at the end.
    """

    def __init__(self, account: Account, root: str) -> None:
        self._account = account
        self._lock = Lock()
        self._collections = {
            name: kind(account, f"{root}/{name}") for name, kind in _COLLECTIONS.items()
        }

    def answer(self, request: Request) -> Answer:
        """Answer one request. As at ngrok, an unknown path is told before the key is looked at."""
        name, *rest = request.segments
        collection = self._collections.get(name)
        if collection is None or not _is_offered(request.method, collection, rest):
            return no_such_path(request)
        with self._lock:
            asker = authenticate(self._account, request)
            if isinstance(asker, Answer):
                return asker
            try:
                return _serve(request, collection, rest, asker)
            except _RefusedError as refused:
                return ngrok_error(request, refused.number, **refused.slots)
            except _MissingError:
                return no_such_object(request)

    def dress(self, answer: Answer, request: Request) -> Answer:
        """Add what stands on each reply of ngrok's."""
        return with_operation_id(answer, request)


def _is_offered(method: str, collection: _Collection, rest: list[str]) -> bool:
    if method == "GET":
        return rest == [] or (len(rest) == 1 and rest[0] != "")
    if not collection.fields:
        return False
    if method == "POST":
        return rest == []
    return method in ("PATCH", "DELETE") and len(rest) == 1 and rest[0] != ""


def _serve(request: Request, collection: _Collection, rest: list[str], asker: ApiKey) -> Answer:
    _check_version(request)
    writes = request.method in ("POST", "PATCH")
    body = _read_body(request, collection) if writes else _refuse_body(request)
    query = _read_query(request, () if rest or writes else _LIST_PARAMETERS)
    if request.method == "POST":
        return Answer.of(201, collection.create(asker, body))
    if request.method == "PATCH":
        return Answer.of(200, collection.change(asker, rest[0], body))
    if request.method == "DELETE":
        collection.remove(asker, rest[0])
        return Answer(204)
    if rest:
        return Answer.of(200, collection.find(rest[0]))
    return Answer.of(200, _page(collection, query))


def _check_version(request: Request) -> None:
    version = request.header("ngrok-version")
    if not version:
        raise _RefusedError(218)
    if version != API_VERSION:
        raise _RefusedError(217, version=version.decode("latin-1"))


def _refuse_body(request: Request) -> Document:
    if request.body:
        raise _RefusedError(211, method=request.method)
    return {}


def _read_body(request: Request, collection: _Collection) -> Document:
    media_type = (request.header("content-type") or b"").decode("latin-1")
    if not media_type:
        raise _RefusedError(216)
    if media_type.partition(";")[0].strip().lower() != JSON_MEDIA_TYPE:
        raise _RefusedError(210, media_type=media_type)
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise _RefusedError(213, media_type=media_type) from None
    if not isinstance(body, dict):
        raise _RefusedError(213, media_type=media_type)
    for name, value in body.items():
        expected = collection.fields.get(name)
        if expected is None:
            raise _RefusedError(214, name=name, supported=", ".join(collection.fields))
        if value is not None and not isinstance(value, expected):
            raise _RefusedError(215, name=name)
    return {name: value for name, value in body.items() if value is not None}


def _read_query(request: Request, supported: tuple[str, ...]) -> dict[str, str]:
    query: dict[str, list[str]] = {}
    for name, value in request.query:
        query.setdefault(name, []).append(value)
    unknown = [name for name in query if name not in supported]
    if unknown:
        raise _RefusedError(231, unknown=", ".join(unknown), supported=", ".join(supported))
    for name, values in query.items():
        if len(values) > 1:
            raise _RefusedError(232, name=name, count=len(values), values=", ".join(values))
    return {name: values[0] for name, values in query.items()}


def _page(collection: _Collection, query: dict[str, str]) -> Document:
    limit = _read_limit(query.get("limit", str(PAGE_LIMIT)))
    newest_first = list(collection.documents())[::-1]
    if "before_id" in query:
        ids = [document["id"] for document in newest_first]
        start = ids.index(query["before_id"]) + 1 if query["before_id"] in ids else len(ids)
        newest_first = newest_first[start:]
    page, more = newest_first[:limit], newest_first[limit:]
    following = None
    if more:
        following = f"{collection.url}?{urlencode({'before_id': page[-1]['id'], 'limit': limit})}"
    return {collection.list_name: page, "uri": collection.url, "next_page_uri": following}


def _read_limit(text: str) -> int:
    if not text.isascii() or not text.lstrip("-").isdigit():
        raise _RefusedError(244, value=text)
    limit = int(text) if len(text) <= len(str(PAGE_LIMIT)) else 0
    if not 1 <= limit <= PAGE_LIMIT:
        raise _RefusedError(233, value=text)
    return limit


def _check_key_texts(body: Document) -> None:
    for number, name, limit in (
        (604, "description", DESCRIPTION_LIMIT),
        (605, "metadata", METADATA_LIMIT),
    ):
        size = len(body.get(name, "").encode())
        if size > limit:
            raise _RefusedError(number, limit=limit, size=size)


def _described(object_id: str, url: str, restriction: IpRestriction) -> Document:
    return {
        "id": object_id,
        "uri": f"{url}/{object_id}",
        "created_at": _timestamp(restriction.created),
        "description": restriction.description,
        "metadata": "",
    }


def _reference(object_id: str, url: str, collection: str) -> Document:
    root = url.rpartition("/")[0]
    return {"id": object_id, "uri": f"{root}/{collection}/{object_id}"}


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
