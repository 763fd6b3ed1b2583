"""The part of Okta's Management API that an examination reads.

Paths, parameters, paging and errors follow
https://developer.okta.com/docs/api/openapi/okta-management/. Nothing can be written here. What is
not served is refused: a wrong answer here would hide a wrong request.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
)

from ngrok_scim_cli.sandbox.message import Answer, RefusedError, Request
from ngrok_scim_cli.sandbox.okta_objects import App, Assignment, Document, OktaUser
from ngrok_scim_cli.sandbox.okta_org import OktaOrg

ROOT = ("api", "v1")
_LOG_KEPT = timedelta(days=90)
_LOG_DEFAULT = timedelta(days=7)
_NOT_ENABLED = "Provisioning is not enabled for the app instance."
_DIGITS = 10

# The fields of a person that a search can filter on.
_PERSON_FIELDS = {"status": "status", "profile.login": "login", "profile.email": "login"}

_COMPARISONS: dict[CompareOperator, Callable[[str, str], bool]] = {
    CompareOperator.eq: str.__eq__,
    CompareOperator.sw: str.startswith,
}

_Item = TypeVar("_Item")
Query = dict[str, str]
# Returns the texts at a path, such as ``outcome.result``.
Lookup = Callable[[str], Sequence[str]]
Test = Callable[[Lookup], bool]


def answer_okta(org: OktaOrg, root: str, request: Request) -> Answer:
    """Answer a request to Okta's API."""
    path, query = request.segments[len(ROOT) :], dict(request.query)
    _admit(org, root, request, path[0])
    route = "/".join("ID" if number % 2 else name for number, name in enumerate(path))
    api, ids = f"{root}/{'/'.join(ROOT)}", path[1::2]
    found = _LISTS.get(route)
    for name in query:
        if found is None or name not in ("limit", "after", *found.parameters):
            code = "E0000031" if name in ("filter", "search", "q") else "E0000001"
            raise RefusedError(code, what=name, causes=(f"{name} is not served here",))
    if found is None:
        if route not in _OBJECTS:
            raise RefusedError("E0000007", what=request.path, kind="Unknown")
        return Answer.of(200, _OBJECTS[route](org, api, *ids))
    least, default, most = found.limits
    limit = _number(query, "limit", default, least, most)
    start = _number(query, "after", 0)
    page = list(islice(found.find(org, query, *ids), start, start + limit + 1))
    answer = Answer.of(200, [found.document(item, api) for item in page[:limit]])
    answer = answer.with_header("Link", f'<{root}{request.target}>; rel="self"')
    if len(page) > limit > 0:
        asked = urlencode({**query, "after": start + limit, "limit": limit}, quote_via=quote)
        answer = answer.with_header("Link", f'<{root}{request.path}?{asked}>; rel="next"')
    return answer


def _admit(org: OktaOrg, root: str, request: Request, name: str) -> None:
    authorization = request.header("authorization")
    if not authorization:
        raise RefusedError("E0000005")
    scopes = org.scopes_of(authorization)
    if scopes is None:
        raise RefusedError("E0000011")
    # The scopes are those that Okta's reference lists.
    scope = f"okta.{'profileMappings' if name == 'mappings' else name}.read"
    if "*" not in scopes and scope not in scopes:
        challenge = (
            f'Bearer authorization_uri="{root}/oauth2/v1/authorize", realm="{root}", '
            f'scope="{scope}", error="insufficient_scope", error_description="The access token '
            f'provided does not contain the required scopes.", resource="{request.path}"'
        )
        raise RefusedError("E0000006", headers=(("WWW-Authenticate", challenge),))
    if request.method != "GET":
        raise RefusedError("E0000022")


class _List(NamedTuple):
    """A list.

    Attributes:
        find: returns what it holds of what a query asks for.
        document: makes a document of what was found, given the root of the API.
        parameters: what it takes besides ``limit`` and ``after``.
        limits: how long a page is: at least, if nothing is asked for, at most.
    """

    find: Callable[..., Iterable[Any]]
    document: Callable[[Any, str], Document]
    parameters: tuple[str, ...]
    limits: tuple[int, int, int] = (1, 200, 200)


def _apps(org: OktaOrg, query: Query) -> Iterable[App]:
    return (app for app in org.apps if _any_begins(query, app.label, app.name))


def _app_users(org: OktaOrg, query: Query, app_id: str) -> Iterable[Assignment]:
    found: Iterable[Assignment] = org.assignments.values()
    if _app(org, app_id) is not org.app:
        found = ()
    if "q" in query:
        found = (
            one
            for one in found
            if _any_begins(query, one.user_name, one.user.name, one.user.names[1], one.user.login)
        )
    return found


def _mappings(org: OktaOrg, query: Query) -> Iterable[App]:
    wanted = query.get("targetId")
    return (app for app in org.apps if app.mapped and wanted in (None, app.id))


def _users(org: OktaOrg, query: Query) -> Iterable[OktaUser]:
    """Find people, without regard to case; only a search finds those who are deactivated."""
    if "search" not in query:
        return (user for user in org.users.values() if user.status != "DEPROVISIONED")
    wanted = compile_filter(query["search"], "E0000031", paths=_PERSON_FIELDS, fold=str.casefold)

    def look(user: OktaUser, path: str) -> tuple[str]:
        return (getattr(user, _PERSON_FIELDS[path]).casefold(),)

    return (user for user in org.users.values() if wanted(partial(look, user)))


def _log(org: OktaOrg, query: Query) -> Iterable[Document]:
    now = datetime.now(UTC)
    oldest = now - _LOG_KEPT
    until = max(_time(query, "until", now), oldest)
    since = max(_time(query, "since", until - _LOG_DEFAULT), oldest)
    order = query.get("sortOrder", "ASCENDING")
    if order not in ("ASCENDING", "DESCENDING"):
        raise RefusedError("E0000001", what="sortOrder")
    wanted = compile_filter(query.get("filter"), "E0000053")
    events = sorted(
        (event for event in org.events if since <= event.published < until),
        key=lambda event: event.published,
        reverse=order == "DESCENDING",
    )
    documents = (event.document(org.app, org.administrator) for event in events)
    return (document for document in documents if wanted(partial(values_at, document)))


_LISTS = {
    "apps": _List(_apps, App.document, ("q",)),
    "apps/ID/users": _List(_app_users, Assignment.document, ("q",), (1, 50, 500)),
    "mappings": _List(_mappings, App.mapping, ("targetId",)),
    "users": _List(_users, OktaUser.document, ("search",)),
    "logs": _List(
        _log,
        lambda document, _: document,
        ("since", "until", "filter", "sortOrder"),
        (0, 100, 1000),
    ),
}


def _app(org: OktaOrg, app_id: str) -> App:
    return _found({app.id: app for app in org.apps}.get(app_id), app_id, "AppInstance")


def _app_user(org: OktaOrg, api: str, app_id: str, user_id: str) -> Document:
    assigned = org.assignments.get(user_id) if _app(org, app_id) is org.app else None
    return _found(assigned, user_id, "AppUser").document(api)


def _feature(org: OktaOrg, api: str, app_id: str, name: str) -> Document:
    feature = _app(org, app_id).feature(api)
    if feature is None:
        raise RefusedError("E0000001", what="feature", causes=(_NOT_ENABLED,))
    return _found(feature if name == feature["name"] else None, name, "Feature")


def _mapping(org: OktaOrg, api: str, mapping_id: str) -> Document:
    mappings = [app.whole_mapping(api) for app in org.apps if app.mapped]
    found = {mapping["id"]: mapping for mapping in mappings}.get(mapping_id)
    return _found(found, mapping_id, "ProfileMapping")


def _user(org: OktaOrg, api: str, id_or_login: str) -> Document:
    user = org.administrator if id_or_login == "me" else org.find_user(id_or_login)
    return _found(user, id_or_login, "User").document(api)


_OBJECTS: dict[str, Callable[..., Document]] = {
    "apps/ID": lambda org, api, app_id: _app(org, app_id).document(api),
    "apps/ID/users/ID": _app_user,
    "apps/ID/features/ID": _feature,
    "mappings/ID": _mapping,
    "users/ID": _user,
}


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
    """Return whether one of ``texts`` begins as the parameter ``q`` asks."""
    begins = query.get("q", "").casefold()
    return any(text.casefold().startswith(begins) for text in texts)


def compile_filter(
    text: str | None,
    code: str,
    *,
    fold: Callable[[str], str] = str,
    paths: Collection[str] | None = None,
) -> Test:
    """Return the test that a filter describes; ``None`` is true for all.

    It is a part of SCIM's language (RFC 7644 section 3.4.2.2): ``eq``, ``sw``, ``and``, ``or``,
    parentheses. Anything else is refused.

    Args:
        code: what refuses a filter that is not understood.
        fold: is applied to each value of the filter: ``str.casefold`` to compare without regard
            to case. What is looked at must be folded then.
        paths: the paths that can be filtered on; ``None`` for any.
    """

    def test(node: FilterNode) -> Test:
        match node:
            case LogicalExpr(op, terms):
                tests = [test(term) for term in terms]
                join = all if op is LogicalOperator.and_ else any
                return lambda look: join(one(look) for one in tests)
            case Comparison(attr_path, op, str(text)) if op in _COMPARISONS:
                path, compare, value = str(attr_path), _COMPARISONS[op], fold(text)
                if paths is None or path in paths:
                    return lambda look: any(compare(found, value) for found in look(path))
        raise InvalidFilterException(detail=f"{node} is not supported")

    if text is None:
        return lambda _: True
    try:
        return test(ScimFilter(text).ast)
    except InvalidFilterException as error:
        raise RefusedError(code, causes=(str(error),)) from None


def values_at(document: object, path: str) -> Sequence[str]:
    """Return the texts at ``path`` in a JSON document; the members of lists are included."""
    found = [document]
    for name in path.split("."):
        found = [item.get(name) for item in _flat(found) if isinstance(item, dict)]
    return [item for item in _flat(found) if isinstance(item, str)]


def _flat(found: list[object]) -> list[object]:
    return [item for one in found for item in (one if isinstance(one, list) else [one])]
