"""The part of ngrok's REST API that setting up and checking SCIM needs.

Fields, names of lists, paging, filters and error codes follow
https://ngrok.com/docs/api-reference. The IP restrictions can only be read here.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.account import (
    READ_ONLY,
    Account,
    ApiKey,
    IpPolicyRule,
    IpRestriction,
    ServiceUser,
)
from ngrok_scim_cli.sandbox.cel import compile_cel
from ngrok_scim_cli.sandbox.message import JSON_MEDIA_TYPE, Answer, RefusedError, Request

API_VERSION = b"2"
PAGE_LIMIT = 100
# ngrok has a limit (ERR_NGROK_4110) and does not say which.
_NAME_LIMIT = 255
_ROLES = ("developer", READ_ONLY, "team-manager")

Document = dict[str, Any]

# What the body of each collection's objects may hold. Of access tokens ngrok documents ``scopes``.
_OWNERS = ("owner_id", "owner_email", "scim_user_id")
_TEXTS = ("description", "metadata")
_FIELDS: dict[str, dict[str, type]] = {
    "api_keys": dict.fromkeys((*_TEXTS, *_OWNERS, "membership_id", "token"), str),
    "access_tokens": {**dict.fromkeys((*_TEXTS, "expires_at"), str), "scopes": list},
    "service_users": {"name": str, "active": bool, "roles": list},
}
# What the list of each collection can be filtered by.
_FILTERABLE = {
    "api_keys": ("id", "created_at", *_TEXTS, "owner_id"),
    "access_tokens": ("id", "created_at", *_TEXTS, "owner_id"),
    "service_users": ("id", "created_at"),
    "ip_restrictions": ("id", "created_at", *_TEXTS),
    "ip_policy_rules": ("id", "created_at", *_TEXTS),
}


@dataclass(frozen=True, slots=True)
class _Call:
    """A request that is let in; the name and the URL are the collection's."""

    account: Account
    asker: ApiKey
    name: str
    url: str
    object_id: str
    body: Document
    query: dict[str, str]

    @property
    def objects(self) -> dict[str, Any]:
        """The objects of the collection by their ids, the oldest first."""
        objects: dict[str, Any] = getattr(self.account, _list_name(self.name))
        return objects

    @property
    def object(self) -> Any:  # noqa: ANN401 - what the collection holds
        """The object that the path names."""
        if self.object_id not in self.objects:
            raise RefusedError("no object")
        return self.objects[self.object_id]

    @property
    def is_administrator_s(self) -> bool:
        """Whether an administrator asks. A Service User never is one."""
        return self.asker.owner_id == self.account.administrator


def answer_ngrok(account: Account, root: str, request: Request) -> Answer:
    """Answer a request to ngrok's API. As there, an unknown path is refused before the key is."""
    name, *ids = request.segments
    route = _ROUTES.get(f"{request.method} {name}{'/ID' * len(ids)}")
    if route is None or "" in ids:
        raise RefusedError("no path")
    call = _read(request, account, f"{root}/{name}", name, *ids)
    found = route(call)
    if found is None:
        return Answer(204)
    if request.method == "POST":
        secret = {"token": found.token} if isinstance(found, ApiKey) else {}
        return Answer.of(201, {**_document(found, call.url), **secret})
    return Answer.of(200, found if isinstance(found, dict) else _document(found, call.url))


def _read(request: Request, account: Account, url: str, name: str, object_id: str = "") -> _Call:
    asker = account.authenticate(request)
    # The names of the scopes of access tokens are assumed from ngrok's examples.
    scope = f"{name}:{'read' if request.method == 'GET' else 'write'}"
    if asker.scopes is not None and scope not in asker.scopes:
        raise RefusedError(29001, scope=scope)
    version = request.header("ngrok-version")
    if not version:
        raise RefusedError(218)
    if version != API_VERSION:
        raise RefusedError(217, version=version.decode("latin-1"))
    writes = request.method in ("POST", "PATCH")
    if request.body and not writes:
        raise RefusedError(211, method=request.method)
    body = _read_body(request, _FIELDS[name]) if writes else {}
    query = _read_query(request, () if object_id or writes else ("before_id", "limit", "filter"))
    call = _Call(account, asker, name, url, object_id, body, query)
    if name == "service_users" and request.method != "GET" and not call.is_administrator_s:
        raise RefusedError(4111)
    return call


def _read_body(request: Request, fields: Mapping[str, type]) -> Document:
    media_type = (request.header("content-type") or b"").decode("latin-1")
    if not media_type:
        raise RefusedError(216)
    if media_type.partition(";")[0].strip().lower() != JSON_MEDIA_TYPE:
        raise RefusedError(210, media_type=media_type)
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise RefusedError(213, media_type=media_type)
    for name, value in body.items():
        if name not in fields:
            raise RefusedError(214, name=name, supported=", ".join(fields))
        if value is not None and not isinstance(value, fields[name]):
            raise RefusedError(215, name=name)
    return {name: value for name, value in body.items() if value is not None}


def _read_query(request: Request, supported: tuple[str, ...]) -> dict[str, str]:
    query: dict[str, list[str]] = {}
    for name, value in request.query:
        query.setdefault(name, []).append(value)
    unknown = [name for name in query if name not in supported]
    if unknown:
        raise RefusedError(231, unknown=", ".join(unknown), supported=", ".join(supported))
    for name, values in query.items():
        if len(values) > 1:
            raise RefusedError(232, name=name, count=len(values), values=", ".join(values))
    return {name: values[0] for name, values in query.items()}


def _list(call: _Call) -> Document:
    """Return one page, the newest first."""
    text = call.query.get("limit", str(PAGE_LIMIT))
    if not text.isascii() or not text.lstrip("-").isdigit():
        raise RefusedError(244, value=text)
    limit = int(text) if len(text) <= len(str(PAGE_LIMIT)) else 0
    if not 1 <= limit <= PAGE_LIMIT:
        raise RefusedError(233, value=text)
    found = [_document(one, call.url) for one in reversed(call.objects.values())]
    for document in found:
        if call.name == "api_keys" and not document["metadata"]:
            del document["metadata"]
    if "filter" in call.query:
        wanted = compile_cel(call.query["filter"], _FILTERABLE[call.name])
        found = [document for document in found if wanted(document)]
    if "before_id" in call.query:
        ids = [document["id"] for document in found]
        before = call.query["before_id"]
        found = found[ids.index(before) + 1 :] if before in ids else []
    page, following = found[:limit], None
    if len(found) > limit:
        asked = {**call.query, "before_id": page[-1]["id"], "limit": limit}
        following = f"{call.url}?{urlencode(asked)}"
    return {_list_name(call.name): page, "uri": call.url, "next_page_uri": following}


def _create_key(call: _Call) -> ApiKey:
    body, account, owner_id = call.body, call.account, call.asker.owner_id
    if "token" in body:
        raise RefusedError(638)
    _check_key_texts(body)
    named = [name for name in _OWNERS if body.get(name)]
    if len(named) > 1:
        raise RefusedError(631)
    if named and body.get("membership_id"):
        raise RefusedError(632)
    if named or body.get("membership_id"):
        owner_id = body.get("owner_id", "")
    if owner_id != call.asker.owner_id and not call.is_administrator_s:
        raise RefusedError(630)
    if owner_id != account.administrator and owner_id not in account.service_users:
        raise RefusedError(634)
    return account.add_key(owner_id, body.get("description", ""), body.get("metadata", ""))


def _change_key(call: _Call) -> ApiKey:
    # Whether a developer may change another's key is not known; here they may.
    key: ApiKey = call.object
    if call.body.keys() - {"description", "metadata"}:
        raise RefusedError(628)
    if not call.body:
        raise RefusedError(606)
    _check_key_texts(call.body)
    key.description = call.body.get("description", key.description)
    key.metadata = call.body.get("metadata", key.metadata)
    return key


def _create_access_token(call: _Call) -> ApiKey:
    body, scopes = call.body, tuple(call.body.get("scopes", ()))
    _check_key_texts(body)
    if not scopes or not all(isinstance(scope, str) for scope in scopes):
        raise RefusedError(215, name="scopes")
    return call.account.add_access_token(
        call.asker.owner_id, body.get("description", ""), scopes, body.get("metadata", "")
    )


def _delete(call: _Call) -> None:
    del call.objects[call.object.id]


def _create_service_user(call: _Call) -> ServiceUser:
    name = _service_user_name(call, "")
    roles = _service_user_roles(call, ("developer",))
    return call.account.add_service_user(name, active=call.body.get("active", True), roles=roles)


def _change_service_user(call: _Call) -> ServiceUser:
    user: ServiceUser = call.object
    name, roles = _service_user_name(call, user.name), _service_user_roles(call, user.roles)
    user.name, user.roles = name, roles
    user.active = call.body.get("active", user.active)
    return user


# Method and path, and what does it. An object is answered as JSON.
_ROUTES: dict[str, Callable[[_Call], Any]] = {
    **{f"GET {name}": _list for name in _FILTERABLE},
    **{f"GET {name}/ID": lambda call: call.object for name in _FILTERABLE},
    "POST api_keys": _create_key,
    "PATCH api_keys/ID": _change_key,
    "DELETE api_keys/ID": _delete,
    "POST access_tokens": _create_access_token,
    "DELETE access_tokens/ID": _delete,
    "POST service_users": _create_service_user,
    "PATCH service_users/ID": _change_service_user,
    "DELETE service_users/ID": lambda call: call.account.remove_service_user(call.object),
}


def _check_key_texts(body: Document) -> None:
    for number, name, limit in ((604, "description", 255), (605, "metadata", 4096)):
        size = len(body.get(name, "").encode())
        if size > limit:
            raise RefusedError(number, limit=limit, size=size)


def _service_user_name(call: _Call, old: str) -> str:
    name: str = call.body.get("name", old)
    size = len(name.encode())
    if not size:
        raise RefusedError(4109)
    if size > _NAME_LIMIT:
        raise RefusedError(4110, size=size, limit=_NAME_LIMIT)
    if name != old and name in {user.name for user in call.account.service_users.values()}:
        raise RefusedError(4112)
    return name


def _service_user_roles(call: _Call, old: tuple[str, ...]) -> tuple[str, ...]:
    roles = tuple(map(str, call.body.get("roles") or old))
    for role in roles:
        if role not in _ROLES:
            raise RefusedError("IAM_SERVICE_USER_ROLE_NOT_ALLOWED", role=role)
    if {"developer", READ_ONLY} <= set(roles):
        raise RefusedError("IAM_SERVICE_USER_ROLE_CONFLICT")
    return roles


def _list_name(name: str) -> str:
    return "keys" if name == "api_keys" else name


def _document(item: ServiceUser | ApiKey | IpRestriction | IpPolicyRule, url: str) -> Document:
    """Return an object as JSON; ``url`` is its collection's."""
    head = {"id": item.id, "uri": f"{url}/{item.id}"}
    created = {"created_at": f"{item.created:%Y-%m-%dT%H:%M:%SZ}"}
    if isinstance(item, ServiceUser):
        roles = list(item.roles)
        return {**head, "name": item.name, "active": item.active, "roles": roles, **created}
    described: Document = {**head, "description": item.description, "metadata": "", **created}
    if isinstance(item, ApiKey):
        described |= {"metadata": item.metadata, "token": None, "owner_id": item.owner_id}
        if item.scopes is not None:
            described |= {"scopes": list(item.scopes), "expires_at": None}
        return described
    uri = f"{url.rpartition('/')[0]}/ip_policies/{item.policy_id}"
    policy = {"id": item.policy_id, "uri": uri}
    if isinstance(item, IpRestriction):
        return {**described, "enforced": True, "type": "api", "ip_policies": [policy]}
    return {**described, "cidr": item.cidr, "ip_policy": policy, "action": "allow"}
