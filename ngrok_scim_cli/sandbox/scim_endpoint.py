"""ngrok's SCIM endpoint and its users: scim2-server, cut down to what ngrok documents.

A User is ``userName``, ``displayName`` and ``active``; there are no Groups, bulk operations,
sorting, ETags or passwords (https://ngrok.com/docs/iam/sso, section SCIM). Other attributes that
an identity provider sends are taken and dropped.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any, cast
from urllib.parse import quote

from scim2_models import (
    InvalidValueException,
    Meta,
    NotFoundException,
    Resource,
    ResourceType,
    Schema,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE
from scim2_server.service import ScimService
from scim2_server.storage import ScimStorage, SearchPage
from scim2_server.utils import load_default_schemas

from ngrok_scim_cli.sandbox.account import Account, ksuid
from ngrok_scim_cli.sandbox.message import Answer, RefusedError, Request
from ngrok_scim_cli.sandbox.people import Person, StoredUser

USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
USER_ATTRIBUTES = ("userName", "displayName", "active")
LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
MAX_RESULTS = 1000

_CREATED = 201
_NO_CONTENT = 204
_DIGITS = 10
_BASE = ("scim", "v2")
# The first user was made at this time, each further one a minute later.
_FIRST_CREATED = datetime(2025, 9, 1, 8, tzinfo=UTC)

# Case, doubled slashes and a slash at the end make another path, as in ngrok's own router (assumed
# for its SCIM endpoint).
_OFFERED = re.compile(
    r"(GET|POST) /scim/v2/Users|(GET|PUT|PATCH|DELETE) /scim/v2/Users/[^/]+"
    r"|GET /scim/v2/(ServiceProviderConfig|(ResourceTypes|Schemas)(/[^/]+)?)",
    re.DOTALL,
)


class Directory(ScimStorage):
    """Holds the users in the order in which they came, as small records.

    Only those that an answer holds become SCIM resources: a hundred thousand users are ready at
    once, and a page costs the same wherever it starts.

    Attributes:
        users: by their ids.
        deletes: whether users can be deleted; ngrok documents no such request.
    """

    deletes = False

    def __init__(self, model: type[Resource[Any]], people: Iterable[Person]) -> None:
        self._model: Any = model
        self._seeded = 0
        self.users = {user.id: user for user in map(self._seed, people)}

    def everybody(self) -> list[StoredUser]:
        """Return all users in their order."""
        return list(self.users.values())

    def put_first(self, people: Iterable[Person]) -> list[StoredUser]:
        """Put ``people`` before all others, whatever is wrong with them."""
        newcomers = {user.id: user for user in map(self._seed, people)}
        self.users = {**newcomers, **self.users}
        return list(newcomers.values())

    def take_out(self, user_id: str) -> None:
        """Remove a user, if they are there."""
        self.users.pop(user_id, None)

    # What scim2-server asks for. The sandbox serves one request at a time, so that no version is
    # looked at.

    def get(self, resource_type: ResourceType, resource_id: str, **_: object) -> Resource[Any]:
        """Return one user."""
        return self._resource(self._stored(resource_type, resource_id))

    def search(
        self,
        resource_types: list[ResourceType],  # noqa: ARG002 - there is but one
        search_request: SearchRequest[Any],
        **_: object,
    ) -> SearchPage:
        """Return one page of the users that match."""
        found = self.everybody()
        if (wanted := search_request.filter) is not None:
            match wanted.ast:
                case Comparison(path, CompareOperator.eq, str(name)) if (
                    str(path).casefold() == "username"
                ):
                    found = self._named(name)
                case _:
                    found = [user for user in found if wanted.match(self._resource(user))]
        # Whatever number is asked for, no more than what is there can be counted off.
        start = min(search_request.start_index_0 or 0, len(found))
        asked = search_request.count
        count = len(found) if asked is None else min(asked, len(found))
        page = found[start : start + count]
        return SearchPage(len(found), [self._resource(user) for user in page])

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Add a user."""
        del resource_type
        now = datetime.now(UTC)
        user_id = "usr_" + ksuid(int(now.timestamp()))
        return self._keep(StoredUser(user_id, self._person(resource, user_id), now, now))

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], **_: object
    ) -> Resource[Any]:
        """Replace what is known of a user."""
        stored = self._stored(resource_type, resource.id)
        person = self._person(resource, stored.id)
        return self._keep(replace(stored, person=person, modified=datetime.now(UTC)))

    def delete(self, resource_type: ResourceType, resource_id: str, **_: object) -> None:
        """Remove a user."""
        del self.users[self._stored(resource_type, resource_id).id]

    def _seed(self, person: Person) -> StoredUser:
        created = _FIRST_CREATED + timedelta(minutes=self._seeded)
        user_id = "usr_" + ksuid(int(created.timestamp()), self._seeded.to_bytes(16, "big"))
        self._seeded += 1
        return StoredUser(user_id, person, created, created)

    def _keep(self, user: StoredUser) -> Resource[Any]:
        self.users[user.id] = user
        return self._resource(user)

    def _stored(self, resource_type: ResourceType, user_id: str | None) -> StoredUser:
        user = self.users.get(user_id or "")
        if user is None:
            raise NotFoundException(detail=f"{resource_type.name} {user_id!r} not found")
        return user

    def _person(self, resource: Any, user_id: str) -> Person:  # noqa: ANN401 - the model is made late
        name = resource.user_name
        if not name:
            raise InvalidValueException(detail="userName must not be empty")
        if any(user.id != user_id for user in self._named(name)):
            raise UniquenessException
        return Person(name, resource.display_name, resource.active is not False)

    def _named(self, user_name: str) -> list[StoredUser]:
        """Return who has this ``userName``; RFC 7643 section 4.1.1 knows no case in it."""
        wanted = user_name.casefold()
        return [user for user in self.users.values() if user.person.user_name.casefold() == wanted]

    def _resource(self, user: StoredUser) -> Resource[Any]:
        person = user.person
        resource: Resource[Any] = self._model(
            id=user.id,
            user_name=person.user_name,
            display_name=person.display_name,
            active=person.active,
            meta=Meta(resource_type="User", created=user.created, last_modified=user.modified),
        )
        return resource


class ScimEndpoint:
    """Answers requests below ``/scim/v2/``."""

    def __init__(self, account: Account, people: Iterable[Person], root: str) -> None:
        provider = _provider()
        self._account = account
        self._base_url = f"{root}/scim/v2"
        (user_type,) = provider.resource_types
        model = cast("type[Resource[Any]]", provider.model_for(user_type))
        self.directory = Directory(model, people)
        self._application = WSGIApplication(self.directory, provider, ScimService(provider))

    def answer(self, request: Request) -> Answer:
        """Answer one request. As at ngrok, an unknown path is refused before the key is checked."""
        path = "".join(f"/{quote(segment, safe='')}" for segment in request.segments)
        offered = _OFFERED.fullmatch(f"{request.method} {path}")
        if not offered or (request.method == "DELETE" and not self.directory.deletes):
            raise RefusedError("no path")
        self._account.authenticate(request)
        return self._plain_page(request) or self._serve(request)

    def _plain_page(self, request: Request) -> Answer | None:
        """Answer a list that is asked for by its place alone, as Okta's import does.

        It says what scim2-server would, which takes a quarter of a millisecond for each user: half
        a minute for a hundred thousand.
        """
        query = dict(request.query)
        start = _number(query.pop("startIndex", "1"))
        count = min(_number(query.pop("count", str(MAX_RESULTS))), MAX_RESULTS)
        is_list = request.method == "GET" and request.segments[len(_BASE) :] == ("Users",)
        if not is_list or query or not start or not count:
            return None
        everybody = self.directory.users.values()
        users = list(islice(everybody, start - 1, start - 1 + count))
        found = {
            "schemas": [LIST_SCHEMA],
            "totalResults": len(everybody),
            "startIndex": start,
            "itemsPerPage": len(users),
            "Resources": [self._document(user) for user in users],
        }
        return Answer.of(200, found, SCIM_MEDIA_TYPE)

    def _document(self, user: StoredUser) -> dict[str, object]:
        person = user.person
        document: dict[str, object] = {
            "schemas": [USER_SCHEMA],
            "id": user.id,
            "meta": {
                "resourceType": "User",
                "created": user.created.isoformat().replace("+00:00", "Z"),
                "lastModified": user.modified.isoformat().replace("+00:00", "Z"),
                "location": f"{self._base_url}/Users/{user.id}",
            },
            "userName": person.user_name,
        }
        if person.display_name is not None:
            document["displayName"] = person.display_name
        document["active"] = person.active
        return document

    def _serve(self, request: Request) -> Answer:
        scim_request = ScimRequest(
            method=request.method,
            base_url=self._base_url,
            path="/" + "/".join(request.segments[len(_BASE) :]),
            query=dict(request.query),
            headers=[
                (name, value.decode("latin-1"))
                for name, value in request.headers
                if name != "authorization"
            ],
            body=request.body,
        )
        response = self._application.serve(scim_request)
        answer = Answer(int(response.status), media_type=SCIM_MEDIA_TYPE)
        if response.body is not None:
            answer = answer.with_document(response.body)
        if request.method == "PATCH" and answer.status == _NO_CONTENT:
            # Okta reads the user in the answer; RFC 7644 section 3.5.2 leaves the choice.
            return self._serve(replace(request, method="GET", body=b""))
        if answer.status == _CREATED:
            answer = answer.with_header("Location", response.headers["Location"])
        return answer


def _number(text: str) -> int:
    """Read a plain number; anything else is 0."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else 0


@cache
def _provider() -> ScimProvider:
    schema = load_default_schemas()[USER_SCHEMA].model_dump()
    schema["attributes"] = [one for one in schema["attributes"] if one["name"] in USER_ATTRIBUTES]
    user_type = {"id": "User", "name": "User", "endpoint": "/Users", "schema": USER_SCHEMA}
    scheme = {
        "type": "oauthbearertoken",
        "name": "API key",
        "description": "An ngrok API key as a bearer token",
        "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
    }
    config = {
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MAX_RESULTS},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": False},
        "authenticationSchemes": [scheme],
    }
    return ScimProvider.from_discovery(
        [Schema.model_validate(schema)],
        [ResourceType.model_validate({**user_type, "description": "User Account"})],
        config=ServiceProviderConfig.model_validate(config),
        policy=ScimPolicy(unknown=ScimPolicy.Unknown.ignore),
    )
