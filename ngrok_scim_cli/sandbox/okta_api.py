"""The part of Okta's Management API that an examination reads.

Paths, parameters, paging and errors follow
https://developer.okta.com/docs/api/openapi/okta-management/. Nothing can be written here.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.okta_documents import (
    Document,
    app_document,
    app_user_document,
    event_document,
    feature_document,
    group_assignment_document,
    group_document,
    mapping_document,
    mapping_id_of,
    okta_error,
    org_document,
    timestamp,
    user_document,
    whole_mapping_document,
)
from ngrok_scim_cli.sandbox.okta_org import App, OktaOrg, OktaUser
from ngrok_scim_cli.sandbox.okta_query import (
    RefusedError,
    check_parameters,
    compile_filter,
    read_number,
    read_time,
    values_at,
)

ROOT = ("api", "v1")
_MOST = 200
_LOG_KEPT = timedelta(days=90)
_LOG_DEFAULT = timedelta(days=7)
_NOT_ENABLED = "Provisioning is not enabled for the app instance."

_SCOPES = {"mappings": "profileMappings", "org": "orgs"}
_APP_PATHS = ("id", "status", "name")

_Item = TypeVar("_Item")
ToDocument = Callable[[Any, str], Document]


class OktaApi:
    """Answers requests on Okta's API."""

    def __init__(self, org: OktaOrg, root: str) -> None:
        self._org = org
        self._root = root
        self._api = f"{root}/{'/'.join(ROOT)}"

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        try:
            self._admit(request)
            found, following = self._find(request)
        except RefusedError as refused:
            answer = okta_error(request, refused.code, causes=refused.causes, **refused.slots)
            scope = refused.slots.get("scope")
            return self._insufficient(answer, request, scope) if scope else answer
        answer = Answer.of(200, found)
        if isinstance(found, list):
            answer = answer.with_header("Link", f'<{self._root}{request.target}>; rel="self"')
        if following is not None:
            answer = answer.with_header("Link", f'<{following}>; rel="next"')
        return answer

    def _insufficient(self, answer: Answer, request: Request, scope: object) -> Answer:
        """Add the header that names the scope that an access token lacks."""
        return answer.with_header(
            "WWW-Authenticate",
            f'Bearer authorization_uri="{self._root}/oauth2/v1/authorize", realm="{self._root}", '
            f'scope="{scope}", error="insufficient_scope", error_description="The access token '
            f'provided does not contain the required scopes.", resource="{request.path}"',
        )

    def _admit(self, request: Request) -> None:
        authorization = request.header("authorization")
        if not authorization:
            raise RefusedError("E0000005")
        scopes = self._org.scopes_of(authorization)
        if scopes is None:
            raise RefusedError("E0000011")
        name = "".join(request.segments[len(ROOT) : len(ROOT) + 1])
        scope = f"okta.{_SCOPES.get(name, name)}.read"  # as Okta's reference lists it
        if "*" not in scopes and scope not in scopes:
            raise RefusedError("E0000006", scope=scope)
        if request.method != "GET":
            raise RefusedError("E0000022")

    def _find(  # noqa: PLR0911 - one a path
        self, request: Request
    ) -> tuple[Document | list[Document], str | None]:
        """Return what is asked for, and the URL of the page behind it."""
        path = request.segments[len(ROOT) :]
        query = dict(request.query)
        check_parameters(path, query)
        match path:
            case ["apps", app_id, "users"]:
                return self._app_users(self._app(app_id), query)
            case ["apps"]:
                return self._page("apps", query, self._apps(query), app_document)
            case ["users"]:
                return self._page("users", query, self._users(query), user_document)
            case ["groups"]:
                groups = [one for one in self._org.groups if _any_begins(query, one.name)]
                return self._page("groups", query, groups, group_document)
            case ["mappings"]:
                target = query.get("targetId")
                mapped = [one for one in self._org.apps if one.mapped and target in (None, one.id)]
                return self._page("mappings", query, mapped, mapping_document)
            case ["logs"]:
                return self._log(query)
        found = self._one(path)
        if found is None:
            raise RefusedError("E0000007", what=request.path, kind="Unknown")
        return found, None

    def _one(  # noqa: PLR0911 - one a path
        self, path: tuple[str, ...]
    ) -> Document | list[Document] | None:
        """Return what has no pages."""
        match path:
            case ["org"]:
                return org_document()
            case ["apps", app_id, *rest]:
                return self._of_app(self._app(app_id), rest)
            case ["mappings", mapping_id]:
                mapped = {mapping_id_of(app): app for app in self._org.apps if app.mapped}
                app = _found(mapped.get(mapping_id), mapping_id, "ProfileMapping")
                return whole_mapping_document(app, self._api)
            case ["groups", group_id]:
                groups = {group.id: group for group in self._org.groups}
                group = _found(groups.get(group_id), group_id, "UserGroup")
                return group_document(group, self._api)
            case ["users", id_or_login, "groups"]:
                of_user = self._org.groups_of(self._user(id_or_login))
                return [group_document(group, self._api) for group in of_user]
            case ["users", id_or_login]:
                return user_document(self._user(id_or_login), self._api)
        return None

    def _of_app(self, app: App, rest: list[str]) -> Document | list[Document] | None:
        """Return what is below an application."""
        match rest:
            case []:
                return app_document(app, self._api)
            case ["users", user_id]:
                assigned = self._org.assignment(user_id) if app is self._org.app else None
                return app_user_document(_found(assigned, user_id, "AppUser"), app, self._api)
            case ["groups"]:
                return [group_assignment_document(self._org.app_group)] * (app is self._org.app)
            case ["connections", "default"]:  # what such an app has no setting for
                unknown = {"authScheme": "UNKNOWN"}
                return {"status": "UNKNOWN", **unknown, "profile": unknown}
            case ["features", *names] if names in ([], ["USER_PROVISIONING"]):
                if app.switches is None:
                    raise RefusedError("E0000001", what="feature", causes=(_NOT_ENABLED,))
                feature = feature_document(app, app.switches, self._api)
                return feature if names else [feature]
        return None

    def _apps(self, query: dict[str, str]) -> list[App]:
        wanted = compile_filter(query.get("filter"), paths=_APP_PATHS)
        return [
            app
            for app in self._org.apps
            if _any_begins(query, app.label, app.name)
            and wanted(partial(values_at, {"id": app.id, "status": app.status, "name": app.name}))
        ]

    def _app_users(self, app: App, query: dict[str, str]) -> tuple[list[Document], str | None]:
        limit = read_number(query, "limit", 50, least=1, most=500)
        after = query.get("after", "")
        if app is not self._org.app:
            return [], None
        found = self._org.assignments(after, None if "q" in query else limit + 1)
        if "q" in query:
            found = [one for one in found if _any_begins(query, one.user_name, *one.user.searched)]
        documents = [app_user_document(one, app, self._api) for one in found[:limit]]
        if query.get("expand") == "user":
            for one, document in zip(found, documents, strict=False):
                document["_embedded"] = {"user": user_document(one.user, self._api)}
        if len(found) <= limit:
            return documents, None
        path = f"apps/{app.id}/users"
        return documents, self._url(path, query, after=documents[-1]["id"], limit=limit)

    def _users(self, query: dict[str, str]) -> list[OktaUser]:
        wanted, sought = (
            compile_filter(query.get(name), paths=_PERSON_FIELDS, fold_case=True)
            for name in ("filter", "search")
        )
        everybody = "search" in query or "filter" in query
        return [
            user
            for user in self._org.users.values()
            if (everybody or user.status != "DEPROVISIONED")
            and wanted(_look_at(user))
            and sought(_look_at(user))
            and ("q" not in query or _any_begins(query, *user.searched))
        ]

    def _log(self, query: dict[str, str]) -> tuple[list[Document], str | None]:
        now = datetime.now(UTC)
        limit = read_number(query, "limit", 100, most=1000)
        oldest = now - _LOG_KEPT
        until = max(read_time(query, "until", now), oldest)
        since = max(read_time(query, "since", until - _LOG_DEFAULT), oldest)
        order = query.get("sortOrder", "ASCENDING")
        if order not in ("ASCENDING", "DESCENDING"):
            raise RefusedError("E0000001", what="sortOrder")
        wanted = compile_filter(query.get("filter"), code="E0000053")
        events = sorted(
            (event for event in self._org.events if since <= event.published < until),
            key=lambda event: event.published,
            reverse=order == "DESCENDING",
        )
        found = [event_document(event, self._org.app) for event in events]
        documents = [document for document in found if wanted(partial(values_at, document))]
        start = read_number(query, "after", 0)
        page = documents[start : start + limit]
        # Without ``until`` the list has no end: a client that polls it follows the last link.
        polls = "until" not in query and order == "ASCENDING"
        if not polls and (not limit or start + limit >= len(documents)):
            return page, None
        asked = query if polls else {**query, "until": timestamp(until)}
        return page, self._url(
            "logs", asked, since=timestamp(since), after=start + len(page), limit=limit
        )

    def _page(
        self, path: str, query: dict[str, str], found: Sequence[Any], to_document: ToDocument
    ) -> tuple[list[Document], str | None]:
        """Return one page of what was found, and the URL of the next."""
        limit = read_number(query, "limit", _MOST, least=1, most=_MOST)
        start = read_number(query, "after", 0)
        end = start + limit
        more = self._url(path, query, after=end, limit=limit) if end < len(found) else None
        return [to_document(item, self._api) for item in found[start:end]], more

    def _app(self, app_id: str) -> App:
        return _found({app.id: app for app in self._org.apps}.get(app_id), app_id, "AppInstance")

    def _user(self, id_or_login: str) -> OktaUser:
        user = self._org.administrator if id_or_login == "me" else self._org.find_user(id_or_login)
        return _found(user, id_or_login, "User")

    def _url(self, path: str, query: dict[str, str], **changes: object) -> str:
        return f"{self._api}/{path}?{urlencode({**query, **changes}, quote_via=quote)}"


def _found(item: _Item | None, what: str, kind: str) -> _Item:
    """Return what was found, or refuse because it is not there."""
    if item is None:
        raise RefusedError("E0000007", what=what, kind=kind)
    return item


def _any_begins(query: dict[str, str], *texts: str) -> bool:
    """Tell whether one of ``texts`` begins as the parameter ``q`` asks."""
    begins = query.get("q", "").casefold()
    return any(text.casefold().startswith(begins) for text in texts)


# The fields of a person that a search can filter on.
_PERSON_FIELDS: dict[str, Callable[[OktaUser], str]] = {
    "id": lambda user: user.id,
    "status": lambda user: user.status,
    "profile.login": lambda user: user.login,
    "profile.email": lambda user: user.email,
    "profile.firstName": lambda user: user.names[0],
    "profile.lastName": lambda user: user.names[1],
    "created": lambda user: timestamp(user.created),
    "lastUpdated": lambda user: timestamp(user.status_changed),
    "statusChanged": lambda user: timestamp(user.status_changed),
}


def _look_at(user: OktaUser) -> Callable[[str], tuple[str, ...]]:
    """Return what reads a field of a person, in folded case."""
    return lambda path: (_PERSON_FIELDS[path](user).casefold(),)
