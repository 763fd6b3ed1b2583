"""ngrok's SCIM endpoint: scim2-server, cut down to what ngrok documents.

A User is ``userName``, ``displayName`` and ``active``; there are no Groups, bulk operations,
sorting, ETags or passwords (https://ngrok.com/docs/iam/sso, section SCIM). Other attributes that
an identity provider sends are taken and dropped.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, cast
from urllib.parse import quote

from scim2_models import (
    Resource,
    ResourceType,
    Schema,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
)
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE, ScimResponse
from scim2_server.service import ScimService
from scim2_server.utils import load_default_schemas

from ngrok_scim_cli.sandbox.account import Account
from ngrok_scim_cli.sandbox.directory import Directory
from ngrok_scim_cli.sandbox.message import Answer, RefusedError, Request
from ngrok_scim_cli.sandbox.people import Person, StoredUser

USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
USER_ATTRIBUTES = ("userName", "displayName", "active")
LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
MAX_RESULTS = 1000
NO_CONTENT = 204

_DIGITS = 10

_BASE = ("scim", "v2")

# Case, doubled slashes and a slash at the end make another path, as in ngrok's own router (assumed
# for its SCIM endpoint).
_OFFERED = re.compile(
    r"(GET|POST) /scim/v2/Users|(GET|PUT|PATCH|DELETE) /scim/v2/Users/[^/]+"
    r"|GET /scim/v2/(ServiceProviderConfig|(ResourceTypes|Schemas)(/[^/]+)?)",
    re.DOTALL,
)


class ScimEndpoint:
    """Answers requests below ``/scim/v2/``."""

    def __init__(self, account: Account, people: Iterable[Person], root: str) -> None:
        provider = _provider()
        self._account = account
        self._base_url = f"{root}/scim/v2"
        (user_type,) = provider.resource_types
        model = cast("type[Resource[Any]]", provider.model_for(user_type))
        self.directory = Directory(model, people)
        self._application = _Application(self.directory, provider, ScimService(provider))

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
        total, users = self.directory.page(start - 1, count)
        return Answer.of(
            200,
            {
                "schemas": [LIST_SCHEMA],
                "totalResults": total,
                "startIndex": start,
                "itemsPerPage": len(users),
                "Resources": [self._document(user) for user in users],
            },
            SCIM_MEDIA_TYPE,
        )

    def _document(self, user: StoredUser) -> dict[str, object]:
        person = user.person
        document: dict[str, object] = {
            "schemas": [USER_SCHEMA],
            "id": user.id,
            "meta": {
                "resourceType": "User",
                "created": _timestamp(user.created),
                "lastModified": _timestamp(user.modified),
                "location": f"{self._base_url}/Users/{user.id}",
            },
            "userName": person.user_name,
        }
        if person.display_name is not None:
            document["displayName"] = person.display_name
        document["active"] = person.active
        return document

    def _serve(self, request: Request) -> Answer:
        response = self._application.serve(self._scim_request(request))
        answer = Answer(int(response.status), media_type=SCIM_MEDIA_TYPE)
        if response.body is not None:
            answer = answer.with_document(response.body)
        if request.method == "PATCH" and answer.status == NO_CONTENT:
            # Okta reads the user in the answer; RFC 7644 section 3.5.2 leaves the choice.
            return self._serve(replace(request, method="GET", body=b""))
        location = response.headers.get("Location")
        return answer.with_header("Location", location) if location else answer

    def _scim_request(self, request: Request) -> ScimRequest:
        return ScimRequest(
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


class _Application(WSGIApplication):
    """scim2-server's application without the headers that it puts on every answer."""

    def finalize_response(self, request: ScimRequest, response: ScimResponse) -> ScimResponse:
        """Leave the answer as it is: ``Location`` belongs to a 201 alone."""
        del request
        return response


def _number(text: str) -> int:
    """Read a plain number; anything else is 0."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else 0


def _timestamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


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
