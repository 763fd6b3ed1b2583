"""The part of Okta's Management API that an examination reads.

Paths, parameters, paging and errors follow
https://developer.okta.com/docs/api/openapi/okta-management/. Nothing can be written here.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock
from time import time
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.okta_documents import (
    Document,
    app_document,
    app_user_document,
    connection_document,
    event_document,
    feature_document,
    group_assignment_document,
    group_document,
    mapping_document,
    mapping_id_of,
    org_document,
    timestamp,
    user_document,
)
from ngrok_scim_cli.sandbox.okta_errors import (
    REQUESTS_PER_MINUTE,
    RefusedError,
    okta_error,
    rate_limit,
    with_request_id,
)
from ngrok_scim_cli.sandbox.okta_org import App, Assignment, Group, OktaOrg, OktaUser
from ngrok_scim_cli.sandbox.okta_query import (
    APP_PATHS,
    FilterError,
    check_parameters,
    compile_filter,
    criterion,
    read_number,
    read_time,
    values_at,
)

ROOT = ("api", "v1")
_MINUTE = 60
_MOST = 200
_LOG_KEPT = timedelta(days=90)
_LOG_DEFAULT = timedelta(days=7)
_NOT_ENABLED = "Provisioning is not enabled for the app instance."

_SCOPES = {"mappings": "profileMappings", "org": "orgs"}

_Item = TypeVar("_Item")
ToDocument = Callable[[Any, str], Document]


class OktaApi:
    """Answers requests on Okta's API."""

    def __init__(self, org: OktaOrg, root: str) -> None:
        self._org = org
        self._root = root
        self._api = f"{root}/{'/'.join(ROOT)}"
        self._lock = Lock()
        self._used: dict[str, tuple[int, int]] = {}
        self._lists: dict[str, Callable[[dict[str, str]], tuple[Sequence[Any], ToDocument]]] = {
            "apps": self._apps,
            "groups": self._groups,
            "mappings": self._mappings,
            "users": self._users,
        }

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        with self._lock:
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

    def add_headers(self, answer: Answer, request: Request) -> Answer:
        """Add what stands on every reply of Okta's: the request's id, and the rate limit."""
        given = {name.lower() for name, _ in answer.headers}
        if "x-rate-limit-limit" not in given:
            with self._lock:
                answer = rate_limit(answer, *self._count(request))
        return with_request_id(answer, request)

    def _admit(self, request: Request) -> None:
        authorization = request.header("authorization")
        if not authorization:
            raise RefusedError("E0000005")
        scopes = self._org.scopes_of(authorization)
        if scopes is None:
            raise RefusedError("E0000011")
        scope = _scope_of(request)
        if "*" not in scopes and scope not in scopes:
            raise RefusedError("E0000006", scope=scope)
        if request.method != "GET":
            raise RefusedError("E0000022")
        minute, used = self._used.get(_bucket(request), (0, 0))
        if minute == _this_minute() and used >= REQUESTS_PER_MINUTE:
            raise RefusedError("E0000047")

    def _count(self, request: Request) -> tuple[int, int]:
        """Count a request; returns how many more there may be, and until when (Unix time)."""
        minute, used = self._used.get(_bucket(request), (0, 0))
        now = _this_minute()
        used = used + 1 if minute == now else 1
        self._used[_bucket(request)] = (now, used)
        return max(REQUESTS_PER_MINUTE - used, 0), (now + 1) * _MINUTE

    def _find(self, request: Request) -> tuple[Document | list[Document], str | None]:
        """Return what is asked for, and the URL of the page behind it."""
        path = request.segments[len(ROOT) :]
        query = dict(request.query)
        check_parameters(path, query)
        match path:
            case ["apps", app_id, "users"]:
                return self._app_users(self._app(app_id), query)
            case ["logs"]:
                return self._log(query)
            case [name] if name in self._lists:
                return self._page(name, *self._lists[name](query), query)
        found = org_document(self._root) if path == ("org",) else self._one(path)
        if found is None:
            raise RefusedError("E0000007", what=request.path, kind="Unknown")
        return found, None

    def _one(self, path: tuple[str, ...]) -> Document | list[Document] | None:
        """Return what has no pages."""
        match path:
            case ["apps", app_id, *rest]:
                return self._of_app(self._app(app_id), rest)
            case ["mappings", mapping_id]:
                return mapping_document(self._app_of_mapping(mapping_id), self._api, whole=True)
            case ["groups", group_id]:
                return group_document(self._group(group_id), self._api)
            case ["users", id_or_login, "groups"]:
                groups = self._org.groups_of(self._user(id_or_login))
                return [group_document(group, self._api) for group in groups]
            case ["users", id_or_login]:
                return user_document(self._user(id_or_login), self._api)
        return None

    def _of_app(self, app: App, rest: list[str]) -> Document | list[Document] | None:
        """Return what stands below an application."""
        match rest:
            case []:
                return app_document(app, self._api)
            case ["users", user_id]:
                return app_user_document(self._assignment(app, user_id), app, self._api)
            case ["groups"]:
                assigned = [self._org.app_group] if app is self._org.app else []
                return [group_assignment_document(group, app, self._api) for group in assigned]
            case ["connections", "default"]:
                return connection_document()
            case ["features", *names] if names in ([], ["USER_PROVISIONING"]):
                feature = self._feature(app)
                return feature if names else [feature]
            case _:
                return None

    def _apps(self, query: dict[str, str]) -> tuple[list[App], ToDocument]:
        begins = query.get("q", "").casefold()
        wanted = criterion(query, "filter", APP_PATHS, fold_case=False)
        found = [
            app
            for app in self._org.apps
            if _any_begins(begins, app.label, app.name)
            and wanted(partial(values_at, {"id": app.id, "status": app.status, "name": app.name}))
        ]
        return found, app_document

    def _app_users(self, app: App, query: dict[str, str]) -> tuple[list[Document], str | None]:
        limit = read_number(query, "limit", 50, least=1, most=500)
        after = query.get("after", "")
        if app is not self._org.app:
            return [], None
        if "q" in query:
            begins = query["q"].casefold()
            found = [
                one
                for one in self._org.assignments(after)
                if _any_begins(begins, one.user_name, *_searched(one.user))
            ]
        else:
            found = self._org.assignments(after, limit + 1)
        documents = [app_user_document(one, app, self._api) for one in found[:limit]]
        if query.get("expand") == "user":
            for one, document in zip(found, documents, strict=False):
                document["_embedded"] = {"user": user_document(one.user, self._api)}
        if len(found) <= limit:
            return documents, None
        path = f"apps/{app.id}/users"
        return documents, self._url(path, query, after=documents[-1]["id"], limit=limit)

    def _mappings(self, query: dict[str, str]) -> tuple[list[App], ToDocument]:
        wanted = query.get("targetId")
        found = [app for app in self._org.apps if app.mapped and wanted in (None, app.id)]
        return found, partial(mapping_document, whole=False)

    def _groups(self, query: dict[str, str]) -> tuple[list[Group], ToDocument]:
        begins = query.get("q", "").casefold()
        return [one for one in self._org.groups if _any_begins(begins, one.name)], group_document

    def _users(self, query: dict[str, str]) -> tuple[list[OktaUser], ToDocument]:
        begins = query.get("q", "").casefold()
        tests = [
            criterion(query, name, _PERSON_FIELDS, fold_case=True) for name in ("filter", "search")
        ]
        everybody = "search" in query or "filter" in query
        found = [
            user
            for user in self._org.users.values()
            if (everybody or user.status != "DEPROVISIONED")
            and all(test(_look_at(user)) for test in tests)
            and (not begins or _any_begins(begins, *_searched(user)))
        ]
        return found, user_document

    def _log(self, query: dict[str, str]) -> tuple[list[Document], str | None]:
        now = datetime.now(UTC)
        limit = read_number(query, "limit", 100, most=1000)
        oldest = now - _LOG_KEPT
        until = max(read_time(query, "until", now), oldest)
        since = max(read_time(query, "since", until - _LOG_DEFAULT), oldest)
        order = query.get("sortOrder", "ASCENDING")
        if order not in ("ASCENDING", "DESCENDING"):
            raise RefusedError("E0000001", what="sortOrder")
        try:
            wanted = compile_filter(query["filter"]) if "filter" in query else None
        except FilterError as error:
            raise RefusedError("E0000053", causes=(str(error),)) from None
        events = sorted(
            (event for event in self._org.events if since <= event.published < until),
            key=lambda event: event.published,
            reverse=order == "DESCENDING",
        )
        documents = [
            found
            for found in (event_document(event, self._org.app) for event in events)
            if wanted is None or wanted(partial(values_at, found))
        ]
        start = read_number(query, "after", 0)
        page = documents[start : start + limit]
        # Without an end the list has none: whoever polls it comes back with the last link.
        polls = "until" not in query and order == "ASCENDING"
        if not polls and (not limit or start + limit >= len(documents)):
            return page, None
        asked = query if polls else {**query, "until": timestamp(until)}
        return page, self._url(
            "logs", asked, since=timestamp(since), after=start + len(page), limit=limit
        )

    def _page(
        self, path: str, found: Sequence[_Item], to_document: ToDocument, query: dict[str, str]
    ) -> tuple[list[Document], str | None]:
        """Return one page of what was found, and the URL of the next."""
        limit = read_number(query, "limit", _MOST, least=1, most=_MOST)
        start = read_number(query, "after", 0)
        following = None
        if start + limit < len(found):
            following = self._url(path, query, after=start + limit, limit=limit)
        page = found[start : start + limit]
        return [to_document(item, self._api) for item in page], following

    def _app(self, app_id: str) -> App:
        found = (app for app in self._org.apps if app.id == app_id)
        return _only(found, app_id, "AppInstance")

    def _group(self, group_id: str) -> Group:
        found = (group for group in self._org.groups if group.id == group_id)
        return _only(found, group_id, "UserGroup")

    def _app_of_mapping(self, mapping_id: str) -> App:
        mapped = (app for app in self._org.apps if app.mapped and mapping_id_of(app) == mapping_id)
        return _only(mapped, mapping_id, "ProfileMapping")

    def _assignment(self, app: App, user_id: str) -> Assignment:
        found = self._org.assignment(user_id) if app is self._org.app else None
        return _only([found] if found else [], user_id, "AppUser")

    def _feature(self, app: App) -> Document:
        if app.switches is None:
            raise RefusedError("E0000001", what="feature", causes=(_NOT_ENABLED,))
        return feature_document(app, app.switches, self._api)

    def _user(self, id_or_login: str) -> OktaUser:
        user = self._org.administrator if id_or_login == "me" else self._org.find_user(id_or_login)
        return _only([user] if user else [], id_or_login, "User")

    def _url(self, path: str, query: dict[str, str], **changes: object) -> str:
        return f"{self._api}/{path}?{urlencode({**query, **changes}, quote_via=quote)}"


def _only(found: Iterable[_Item], what: str, kind: str) -> _Item:
    """Return what was found, or refuse because it is not there."""
    for item in found:
        return item
    raise RefusedError("E0000007", what=what, kind=kind)


def _scope_of(request: Request) -> str:
    """Return the scope that a request needs, as Okta's reference lists it."""
    name = request.segments[len(ROOT)] if len(request.segments) > len(ROOT) else ""
    return f"okta.{_SCOPES.get(name, name)}.read"


def _any_begins(begins: str, *texts: str) -> bool:
    """Tell whether one of ``texts`` begins so, as the parameter ``q`` asks."""
    return any(text.casefold().startswith(begins) for text in texts)


def _searched(user: OktaUser) -> tuple[str, str, str]:
    return user.name, user.names[1], user.email


# What a search can ask about a person.
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
    """Give what a search asks about a person, in folded case."""
    return lambda path: (_PERSON_FIELDS[path](user).casefold(),)


def _bucket(request: Request) -> str:
    """Return what a request is counted with: Okta has a limit for each kind of object."""
    return "/".join(request.segments[: len(ROOT) + 1])


def _this_minute() -> int:
    return int(time()) // _MINUTE
