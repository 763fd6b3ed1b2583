"""The part of ngrok's REST API that setting up and checking SCIM needs.

Paging, filters and error codes follow https://ngrok.com/docs/api-reference.
"""

import json
from threading import Lock
from urllib.parse import urlencode

from ngrok_scim_cli.sandbox.account import Account, ApiKey
from ngrok_scim_cli.sandbox.cel import CelError, compile_cel
from ngrok_scim_cli.sandbox.credentials import authenticate
from ngrok_scim_cli.sandbox.errors import bad_filter, ngrok_error, no_such_object, no_such_path
from ngrok_scim_cli.sandbox.message import JSON_MEDIA_TYPE, Answer, Request
from ngrok_scim_cli.sandbox.ngrok_objects import (
    COLLECTIONS,
    Collection,
    Document,
    MissingError,
    RefusedError,
)

API_VERSION = b"2"
PAGE_LIMIT = 100

_LIST_PARAMETERS = ("before_id", "limit", "filter")


class NgrokApi:
    """Answers requests on ngrok's API."""

    def __init__(self, account: Account, root: str) -> None:
        self._account = account
        self._lock = Lock()
        self._collections = {
            name: kind(account, f"{root}/{name}") for name, kind in COLLECTIONS.items()
        }

    def answer(self, request: Request) -> Answer:
        """Answer one request. As at ngrok, an unknown path is refused before the key is checked."""
        name, *rest = request.segments
        collection = self._collections.get(name)
        if collection is None or not _is_offered(request.method, collection, rest):
            return no_such_path(request)
        with self._lock:
            asker = authenticate(self._account, request)
            if isinstance(asker, Answer):
                return asker
            try:
                _check_scope(request, name, asker)
                return _serve(request, collection, rest, asker)
            except CelError as error:
                return bad_filter(request, str(error))
            except RefusedError as refused:
                return ngrok_error(request, refused.number, **refused.slots)
            except MissingError:
                return no_such_object(request)


def _is_offered(method: str, collection: Collection, rest: list[str]) -> bool:
    here = ("GET", "PATCH", "DELETE") if rest else ("GET", "POST")
    is_one = rest == [] or (len(rest) == 1 and rest[0] != "")
    return is_one and method in here and method in collection.methods.split()


def _serve(request: Request, collection: Collection, rest: list[str], asker: ApiKey) -> Answer:
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


def _check_scope(request: Request, name: str, asker: ApiKey) -> None:
    """Refuse an access token without the scope, whose name is assumed from ngrok's examples."""
    scope = f"{name}:{'read' if request.method == 'GET' else 'write'}"
    if asker.scopes is not None and scope not in asker.scopes:
        raise RefusedError(29001, scope=scope)


def _check_version(request: Request) -> None:
    version = request.header("ngrok-version")
    if not version:
        raise RefusedError(218)
    if version != API_VERSION:
        raise RefusedError(217, version=version.decode("latin-1"))


def _refuse_body(request: Request) -> Document:
    if request.body:
        raise RefusedError(211, method=request.method)
    return {}


def _read_body(request: Request, collection: Collection) -> Document:
    media_type = (request.header("content-type") or b"").decode("latin-1")
    if not media_type:
        raise RefusedError(216)
    if media_type.partition(";")[0].strip().lower() != JSON_MEDIA_TYPE:
        raise RefusedError(210, media_type=media_type)
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise RefusedError(213, media_type=media_type) from None
    if not isinstance(body, dict):
        raise RefusedError(213, media_type=media_type)
    for name, value in body.items():
        expected = collection.fields.get(name)
        if expected is None:
            raise RefusedError(214, name=name, supported=", ".join(collection.fields))
        if value is not None and not isinstance(value, expected):
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


def _page(collection: Collection, query: dict[str, str]) -> Document:
    limit = _read_limit(query.get("limit", str(PAGE_LIMIT)))
    newest_first = list(collection.documents())[::-1]
    if "filter" in query:
        wanted = compile_cel(query["filter"], collection.filterable)
        newest_first = [document for document in newest_first if wanted(document)]
    if "before_id" in query:
        ids = [document["id"] for document in newest_first]
        start = ids.index(query["before_id"]) + 1 if query["before_id"] in ids else len(ids)
        newest_first = newest_first[start:]
    page, more = newest_first[:limit], newest_first[limit:]
    following = None
    if more:
        asked = {**query, "before_id": page[-1]["id"], "limit": limit}
        following = f"{collection.url}?{urlencode(asked)}"
    return {collection.list_name: page, "uri": collection.url, "next_page_uri": following}


def _read_limit(text: str) -> int:
    if not text.isascii() or not text.lstrip("-").isdigit():
        raise RefusedError(244, value=text)
    limit = int(text) if len(text) <= len(str(PAGE_LIMIT)) else 0
    if not 1 <= limit <= PAGE_LIMIT:
        raise RefusedError(233, value=text)
    return limit
