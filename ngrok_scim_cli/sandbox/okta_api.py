"""The part of Okta's Management API that an examination reads.

Paths, parameters, paging and errors follow
https://developer.okta.com/docs/api/openapi/okta-management/. Nothing can be written here. What is
not served is refused: a wrong answer here would hide a wrong request.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from ngrok_scim_cli.sandbox.message import Answer, RefusedError, Request
from ngrok_scim_cli.sandbox.okta_filter import compile_filter, values_at
from ngrok_scim_cli.sandbox.okta_objects import App, Assignment, Document, OktaUser, timestamp
from ngrok_scim_cli.sandbox.okta_org import OktaOrg

ROOT = ("api", "v1")
_LOG_KEPT = timedelta(days=90)
_LOG_DEFAULT = timedelta(days=7)
_NOT_ENABLED = "Provisioning is not enabled for the app instance."
_DIGITS = 10

# What each list takes, its path with ``*`` for an id, and how long its pages are: the least, the
# default, the most.
_PAGE = ("limit", "after")
_LISTS: dict[str, tuple[tuple[str, ...], tuple[int, int, int]]] = {
    "apps": ((*_PAGE, "q"), (1, 200, 200)),
    "apps/*/users": ((*_PAGE, "q"), (1, 50, 500)),
    "mappings": ((*_PAGE, "targetId"), (1, 200, 200)),
    "users": ((*_PAGE, "search"), (1, 200, 200)),
    "logs": ((*_PAGE, "since", "until", "filter", "sortOrder"), (0, 100, 1000)),
}

# The fields of a person that a search can filter on.
_PERSON_FIELDS = {"status": "status", "profile.login": "login", "profile.email": "login"}

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
        name = "profileMappings" if name == "mappings" else name
        scope = f"okta.{name}.read"  # as Okta's reference lists it
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
    ) -> Document | _Page:
        api, org = self._api, self._org
        path, query = request.segments[len(ROOT) :], dict(request.query)
        of_list = "/".join("*" if place == 1 else segment for place, segment in enumerate(path))
        taken, limits = _LISTS.get(of_list, ((), (0, 0, 0)))
        for name in query:
            if name not in taken:
                code = "E0000031" if name in ("filter", "search", "q") else "E0000001"
                raise RefusedError(code, what=name, causes=(f"{name} is not served here",))
        page = partial(self._page, "/".join(path), limits)
        match path:
            case ["apps"]:
                apps = (app for app in org.apps if _any_begins(query, app.label, app.name))
                return page(query, apps, App.document)
            case ["apps", app_id]:
                return self._app(app_id).document(api)
            case ["apps", app_id, "users"]:
                found = self._app_users(self._app(app_id), query)
                return page(query, found, Assignment.document)
            case ["apps", app_id, "users", user_id]:
                assigned = org.assignments.get(user_id) if self._app(app_id) is org.app else None
                return _found(assigned, user_id, "AppUser").document(api)
            case ["apps", app_id, "features", "USER_PROVISIONING"]:
                feature = self._app(app_id).feature(api)
                if feature is None:
                    raise RefusedError("E0000001", what="feature", causes=(_NOT_ENABLED,))
                return feature
            case ["mappings"]:
                wanted = query.get("targetId")
                mapped = (app for app in org.apps if app.mapped and wanted in (None, app.id))
                return page(query, mapped, App.mapping)
            case ["mappings", mapping_id]:
                mappings = [app.whole_mapping(api) for app in org.apps if app.mapped]
                by_id = {mapping["id"]: mapping for mapping in mappings}
                return _found(by_id.get(mapping_id), mapping_id, "ProfileMapping")
            case ["users"]:
                return page(query, self._users(query), OktaUser.document)
            case ["users", id_or_login]:
                user = org.administrator if id_or_login == "me" else org.find_user(id_or_login)
                return _found(user, id_or_login, "User").document(api)
            case ["logs"]:
                asked, documents = self._log(query)
                return page(asked, documents, lambda document, _: document)
        raise RefusedError("E0000007", what=request.path, kind="Unknown")

    def _page(
        self,
        path: str,
        limits: tuple[int, int, int],
        query: Query,
        found: Iterable[_Item],
        document: Callable[[_Item, str], Document],
    ) -> _Page:
        """Return the page of what was found that the query asks for."""
        least, default, most = limits
        limit = _number(query, "limit", default, least, most)
        start = _number(query, "after", 0)
        page = list(islice(found, start, start + limit + 1))
        documents = [document(item, self._api) for item in page[:limit]]
        if not len(page) > limit > 0:
            return _Page(documents, None)
        asked = {**query, "after": start + limit, "limit": limit}
        return _Page(documents, f"{self._api}/{path}?{urlencode(asked, quote_via=quote)}")

    def _app_users(self, app: App, query: Query) -> Iterable[Assignment]:
        if app is not self._org.app:
            return ()
        assigned = self._org.assignments.values()
        if "q" not in query:
            return assigned
        return (
            one
            for one in assigned
            if _any_begins(query, one.user_name, one.user.name, one.user.names[1], one.user.login)
        )

    def _users(self, query: Query) -> Iterator[OktaUser]:
        """Yield who is found; only a search finds those who are deactivated."""
        search = query.get("search")
        wanted = compile_filter(search, "E0000031", paths=_PERSON_FIELDS, fold=str.casefold)
        for user in self._org.users.values():
            if user.status == "DEPROVISIONED" and search is None:
                continue
            if wanted(partial(_look_at, user)):
                yield user

    def _log(self, query: Query) -> tuple[Query, Iterable[Document]]:
        """Return the query with the times that it stands for, and what it finds."""
        now = datetime.now(UTC)
        oldest = now - _LOG_KEPT
        until = max(_time(query, "until", now), oldest)
        since = max(_time(query, "since", until - _LOG_DEFAULT), oldest)
        order = query.get("sortOrder", "ASCENDING")
        if order not in ("ASCENDING", "DESCENDING"):
            raise RefusedError("E0000001", what="sortOrder")
        wanted = compile_filter(query.get("filter"), "E0000053")
        events = sorted(
            (event for event in self._org.events if since <= event.published < until),
            key=lambda event: event.published,
            reverse=order == "DESCENDING",
        )
        documents = (event.document(self._org.app, self._org.administrator) for event in events)
        found = (document for document in documents if wanted(partial(values_at, document)))
        asked = {**query, "until": timestamp(until), "since": timestamp(since)}
        return asked, found

    def _app(self, app_id: str) -> App:
        return _found({app.id: app for app in self._org.apps}.get(app_id), app_id, "AppInstance")


def _number(query: Query, name: str, default: int, least: int = 0, most: int = 10**9) -> int:
    text = query.get(name, str(default))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else -1
    if not least <= number <= most:
        raise RefusedError("E0000001", what=name)
    return number


def _time(query: Query, name: str, default: datetime) -> datetime:
    if name not in query:
        return default
    try:
        moment = datetime.fromisoformat(query[name])
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise RefusedError("E0000001", what=name) from None


def _found(item: _Item | None, what: str, kind: str) -> _Item:
    """Return what was found, or refuse because it is not there."""
    if item is None:
        raise RefusedError("E0000007", what=what, kind=kind)
    return item


def _any_begins(query: Query, *texts: str) -> bool:
    """Tell whether one of ``texts`` begins as the parameter ``q`` asks."""
    begins = query.get("q", "").casefold()
    return any(text.casefold().startswith(begins) for text in texts)


def _look_at(user: OktaUser, path: str) -> tuple[str, ...]:
    """Return a field of a person, in folded case."""
    return (getattr(user, _PERSON_FIELDS[path]).casefold(),)
