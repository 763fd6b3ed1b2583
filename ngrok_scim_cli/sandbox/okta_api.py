"""The part of Okta's Management API that an examination reads.

Paths, parameters, paging and errors follow
https://developer.okta.com/docs/api/openapi/okta-management/. Nothing can be written here.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from ngrok_scim_cli.sandbox.message import Answer, RefusedError, Request
from ngrok_scim_cli.sandbox.okta_objects import (
    ORG,
    App,
    Assignment,
    Document,
    Group,
    OktaUser,
    timestamp,
)
from ngrok_scim_cli.sandbox.okta_org import OktaOrg
from ngrok_scim_cli.sandbox.okta_query import (
    check_parameters,
    compile_filter,
    read_number,
    read_time,
    values_at,
)

ROOT = ("api", "v1")
_LOG_KEPT = timedelta(days=90)
_LOG_DEFAULT = timedelta(days=7)
_NOT_ENABLED = "Provisioning is not enabled for the app instance."

_SCOPES = {"mappings": "profileMappings", "org": "orgs"}

# The fields of a person that a search can filter on.
_PERSON_FIELDS: dict[str, Callable[[OktaUser], str]] = {
    "id": lambda user: user.id,
    "status": lambda user: user.status,
    "profile.login": lambda user: user.login,
    "profile.email": lambda user: user.login,
    "profile.firstName": lambda user: user.names[0],
    "profile.lastName": lambda user: user.names[1],
    "created": lambda user: timestamp(user.created),
    "lastUpdated": lambda user: timestamp(user.status_changed),
    "statusChanged": lambda user: timestamp(user.status_changed),
}

_Item = TypeVar("_Item")
Query = dict[str, str]


class _Page(NamedTuple):
    """One page of a list, and the URL of the next; ``None`` where it is the last."""

    documents: list[Document]
    following: str | None


class OktaApi:
    """Answers requests on Okta's API."""

    def __init__(self, org: OktaOrg, root: str) -> None:
        self._org = org
        self._root = root
        self._api = f"{root}/{'/'.join(ROOT)}"

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        self._admit(request)
        found = self._find(request)
        documents, following = found if isinstance(found, _Page) else (found, None)
        answer = Answer.of(200, documents)
        if isinstance(documents, list):
            answer = answer.with_header("Link", f'<{self._root}{request.target}>; rel="self"')
        if following is not None:
            answer = answer.with_header("Link", f'<{following}>; rel="next"')
        return answer

    def _admit(self, request: Request) -> None:
        authorization = request.header("authorization")
        if not authorization:
            raise RefusedError("E0000005")
        scopes = self._org.scopes_of(authorization)
        if scopes is None:
            raise RefusedError("E0000011")
        name = request.segments[len(ROOT)]
        scope = f"okta.{_SCOPES.get(name, name)}.read"  # as Okta's reference lists it
        if "*" not in scopes and scope not in scopes:
            challenge = (
                f'Bearer authorization_uri="{self._root}/oauth2/v1/authorize", '
                f'realm="{self._root}", scope="{scope}", error="insufficient_scope", '
                'error_description="The access token provided does not contain the required '
                f'scopes.", resource="{request.path}"'
            )
            raise RefusedError("E0000006", headers=(("WWW-Authenticate", challenge),))
        if request.method != "GET":
            raise RefusedError("E0000022")

    def _find(  # noqa: C901, PLR0911, PLR0912 - one a path
        self, request: Request
    ) -> Document | list[Document] | _Page:
        path, query = request.segments[len(ROOT) :], dict(request.query)
        check_parameters(path, query)
        api, org = self._api, self._org
        page = partial(self._page, "/".join(path), query)
        match path:
            case ["org"]:
                return ORG
            case ["apps"]:
                return page(self._apps(query), App.document)
            case ["apps", app_id]:
                return self._app(app_id).document(api)
            case ["apps", app_id, "users"]:
                people = self._app_users(self._app(app_id), query)
                document = _with_user if "expand" in query else Assignment.document
                return page(people, document, default=50, most=500)
            case ["apps", app_id, "users", user_id]:
                assigned = org.assignments.get(user_id) if self._app(app_id) is org.app else None
                return _found(assigned, user_id, "AppUser").document(api)
            case ["apps", app_id, "groups"]:
                return [org.app_group.assignment()] if self._app(app_id) is org.app else []
            case ["apps", app_id, "connections", "default"]:
                self._app(app_id)
                unknown = {"authScheme": "UNKNOWN"}  # such an app has no setting for it
                return {"status": "UNKNOWN", **unknown, "profile": unknown}
            case ["apps", app_id, "features", *names] if names in ([], ["USER_PROVISIONING"]):
                feature = self._app(app_id).feature(api)
                if feature is None:
                    raise RefusedError("E0000001", what="feature", causes=(_NOT_ENABLED,))
                return feature if names else [feature]
            case ["mappings"]:
                wanted = query.get("targetId")
                mapped = (app for app in org.apps if app.mapped and wanted in (None, app.id))
                return page(mapped, _listed_mapping)
            case ["mappings", mapping_id]:
                mappings = [app.mapping(api) for app in org.apps if app.mapped]
                by_id = {mapping["id"]: mapping for mapping in mappings}
                return _found(by_id.get(mapping_id), mapping_id, "ProfileMapping")
            case ["groups"]:
                groups = (group for group in org.groups if _any_begins(query, group.name))
                return page(groups, Group.document)
            case ["groups", group_id]:
                by_id = {group.id: group.document(api) for group in org.groups}
                return _found(by_id.get(group_id), group_id, "UserGroup")
            case ["users"]:
                return page(self._users(query), OktaUser.document)
            case ["users", id_or_login]:
                return self._user(id_or_login).document(api)
            case ["users", id_or_login, "groups"]:
                return [group.document(api) for group in org.groups_of(self._user(id_or_login))]
            case ["logs"]:
                return self._log(query)
        raise RefusedError("E0000007", what=request.path, kind="Unknown")

    def _page(
        self,
        path: str,
        query: Query,
        found: Iterable[_Item],
        document: Callable[[_Item, str], Document],
        *,
        default: int = 200,
        least: int = 1,
        most: int = 200,
        endless: bool = False,
    ) -> _Page:
        """Return one page of what was found; ``endless`` is a list that a client polls."""
        limit = read_number(query, "limit", default, least=least, most=most)
        start = read_number(query, "after", 0)
        page = list(islice(found, start, start + limit + 1))
        documents = [document(item, self._api) for item in page[:limit]]
        following = None
        if endless or len(page) > limit > 0:
            asked = {**query, "after": start + len(documents), "limit": limit}
            following = f"{self._api}/{path}?{urlencode(asked, quote_via=quote)}"
        return _Page(documents, following)

    def _apps(self, query: Query) -> Iterator[App]:
        wanted = compile_filter(query.get("filter"), paths=("id", "status", "name"))
        for app in self._org.apps:
            fields = partial(values_at, app.document(self._api))
            if _any_begins(query, app.label, app.name) and wanted(fields):
                yield app

    def _app_users(self, app: App, query: Query) -> Iterable[Assignment]:
        if app is not self._org.app:
            return ()
        assigned = self._org.assignments.values()
        if "q" not in query:
            return assigned
        return (one for one in assigned if _any_begins(query, one.user_name, *_searched(one.user)))

    def _users(self, query: Query) -> Iterator[OktaUser]:
        wanted, sought = (
            compile_filter(query.get(name), paths=_PERSON_FIELDS, fold=str.casefold)
            for name in ("filter", "search")
        )
        everybody = "search" in query or "filter" in query
        for user in self._org.users.values():
            look = partial(_look_at, user)
            if (
                (everybody or user.status != "DEPROVISIONED")
                and wanted(look)
                and sought(look)
                and ("q" not in query or _any_begins(query, *_searched(user)))
            ):
                yield user

    def _log(self, query: Query) -> _Page:
        now = datetime.now(UTC)
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
        documents = (event.document(self._org.app, self._org.administrator) for event in events)
        found = (document for document in documents if wanted(partial(values_at, document)))
        # Without ``until`` the list has no end: a client that polls it follows the last link.
        polls = "until" not in query and order == "ASCENDING"
        asked = query if polls else {**query, "until": timestamp(until)}
        return self._page(
            "logs",
            {**asked, "since": timestamp(since)},
            found,
            lambda document, _: document,
            default=100,
            least=0,
            most=1000,
            endless=polls,
        )

    def _app(self, app_id: str) -> App:
        return _found({app.id: app for app in self._org.apps}.get(app_id), app_id, "AppInstance")

    def _user(self, id_or_login: str) -> OktaUser:
        user = self._org.administrator if id_or_login == "me" else self._org.find_user(id_or_login)
        return _found(user, id_or_login, "User")


def _with_user(assignment: Assignment, api: str) -> Document:
    return {**assignment.document(api), "_embedded": {"user": assignment.user.document(api)}}


def _listed_mapping(app: App, api: str) -> Document:
    mapping = app.mapping(api)
    del mapping["properties"]
    return mapping


def _found(item: _Item | None, what: str, kind: str) -> _Item:
    """Return what was found, or refuse because it is not there."""
    if item is None:
        raise RefusedError("E0000007", what=what, kind=kind)
    return item


def _any_begins(query: Query, *texts: str) -> bool:
    """Tell whether one of ``texts`` begins as the parameter ``q`` asks."""
    begins = query.get("q", "").casefold()
    return any(text.casefold().startswith(begins) for text in texts)


def _searched(user: OktaUser) -> tuple[str, ...]:
    """Return what the parameter ``q`` looks at."""
    return user.name, user.names[1], user.login


def _look_at(user: OktaUser, path: str) -> tuple[str, ...]:
    """Return a field of a person, in folded case."""
    return (_PERSON_FIELDS[path](user).casefold(),)
