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
    Present,
)

from ngrok_scim_cli.sandbox.message import Answer, RefusedError, Request
from ngrok_scim_cli.sandbox.okta_objects import (
    CONNECTION,
    ORG,
    App,
    Assignment,
    Document,
    Group,
    OktaUser,
    timestamp,
)
from ngrok_scim_cli.sandbox.okta_org import OktaOrg

ROOT = ("api", "v1")
_LOG_KEPT = timedelta(days=90)
_LOG_DEFAULT = timedelta(days=7)
_DIGITS = 10

# Okta's reference lists the scope ``okta.<name>.read`` of a path; some names differ.
_SCOPES = {"mappings": "profileMappings", "org": "orgs"}

# What apps and people can be filtered by.
_APP_FIELDS = ("id", "status", "name")
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

_COMPARISONS: dict[CompareOperator, Callable[[str, str], bool]] = {
    CompareOperator.eq: str.__eq__,
    CompareOperator.sw: str.startswith,
    CompareOperator.co: str.__contains__,
    CompareOperator.ew: str.endswith,
    CompareOperator.gt: str.__gt__,
    CompareOperator.ge: str.__ge__,
    CompareOperator.lt: str.__lt__,
    CompareOperator.le: str.__le__,
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
    # The System Log has no end without ``until``: a client that polls it follows the last link.
    polls = route == "logs" and "until" not in query and query.get("sortOrder") != "DESCENDING"
    if polls or len(page) > limit > 0:
        after = start + min(limit, len(page))
        asked = urlencode({**query, "after": after, "limit": limit}, quote_via=quote)
        answer = answer.with_header("Link", f'<{root}{request.path}?{asked}>; rel="next"')
    return answer


def _admit(org: OktaOrg, root: str, request: Request, name: str) -> None:
    authorization = request.header("authorization")
    if not authorization:
        raise RefusedError("E0000005")
    scopes = org.scopes_of(authorization)
    if scopes is None:
        raise RefusedError("E0000011")
    scope = f"okta.{_SCOPES.get(name, name)}.read"
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
    wanted = compile_filter(query.get("filter"), "E0000031", paths=_APP_FIELDS)
    found = (app for app in org.apps if wanted(partial(values_at, app.document(""))))
    return _beginning(query, found, lambda app: (app.label, app.name))


def _app_groups(org: OktaOrg, _: Query, app_id: str) -> Iterable[Group]:
    return (org.app_group,) if _app(org, app_id) is org.app else ()


def _app_users(org: OktaOrg, query: Query, app_id: str) -> Iterable[Assignment]:
    found = org.assignments.values() if _app(org, app_id) is org.app else ()
    return _beginning(query, found, lambda one: (one.user_name, *one.user.searched))


def _groups(org: OktaOrg, query: Query) -> Iterable[Group]:
    return _beginning(query, org.groups, lambda group: (group.name,))


def _mappings(org: OktaOrg, query: Query) -> Iterable[App]:
    wanted = query.get("targetId")
    return (app for app in org.apps if app.mapped and wanted in (None, app.id))


def _users(org: OktaOrg, query: Query) -> Iterable[OktaUser]:
    """Find people, without regard to case; only a filter or a search finds the deactivated."""
    tests = [
        compile_filter(query[name], "E0000031", paths=_PERSON_FIELDS, fold=str.casefold)
        for name in ("filter", "search")
        if name in query
    ]

    def look(user: OktaUser, path: str) -> tuple[str]:
        return (_PERSON_FIELDS[path](user).casefold(),)

    found = (
        user
        for user in org.users.values()
        if (tests or user.status != "DEPROVISIONED")
        and all(test(partial(look, user)) for test in tests)
    )
    return _beginning(query, found, lambda user: user.searched)


def _user_groups(org: OktaOrg, _: Query, id_or_login: str) -> Iterable[Group]:
    return org.groups_of(_user(org, id_or_login))


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
    "apps": _List(_apps, App.document, ("q", "filter")),
    "apps/ID/features": _List(lambda org, _, app_id: [_app(org, app_id)], App.feature, ()),
    "apps/ID/groups": _List(_app_groups, Group.assignment, ()),
    "apps/ID/users": _List(_app_users, Assignment.document, ("q",), (1, 50, 500)),
    "groups": _List(_groups, Group.document, ("q",)),
    "mappings": _List(_mappings, App.mapping, ("targetId",)),
    "users": _List(_users, OktaUser.document, ("q", "filter", "search")),
    "users/ID/groups": _List(_user_groups, Group.document, ()),
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


def _connection(org: OktaOrg, _: str, app_id: str, name: str) -> Document:
    _app(org, app_id)
    return _found(CONNECTION if name == "default" else None, name, "Connection")


def _feature(org: OktaOrg, api: str, app_id: str, name: str) -> Document:
    feature = _app(org, app_id).feature(api)
    return _found(feature if name == feature["name"] else None, name, "Feature")


def _group(org: OktaOrg, api: str, group_id: str) -> Document:
    groups = {group.id: group for group in org.groups}
    return _found(groups.get(group_id), group_id, "UserGroup").document(api)


def _mapping(org: OktaOrg, api: str, mapping_id: str) -> Document:
    mappings = [app.whole_mapping(api) for app in org.apps if app.mapped]
    found = {mapping["id"]: mapping for mapping in mappings}.get(mapping_id)
    return _found(found, mapping_id, "ProfileMapping")


def _user(org: OktaOrg, id_or_login: str) -> OktaUser:
    user = org.administrator if id_or_login == "me" else org.find_user(id_or_login)
    return _found(user, id_or_login, "User")


_OBJECTS: dict[str, Callable[..., Document]] = {
    "apps/ID": lambda org, api, app_id: _app(org, app_id).document(api),
    "apps/ID/connections/ID": _connection,
    "apps/ID/features/ID": _feature,
    "apps/ID/users/ID": _app_user,
    "groups/ID": _group,
    "mappings/ID": _mapping,
    "org": lambda _org, _api: ORG,
    "users/ID": lambda org, api, id_or_login: _user(org, id_or_login).document(api),
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


def _beginning(
    query: Query, items: Iterable[_Item], texts: Callable[[_Item], Iterable[str]]
) -> Iterable[_Item]:
    """Return the items of which a text begins as the parameter ``q`` asks."""
    if "q" not in query:
        return items
    begins = query["q"].casefold()
    return (
        item for item in items if any(text.casefold().startswith(begins) for text in texts(item))
    )


def compile_filter(
    text: str | None,
    code: str,
    *,
    fold: Callable[[str], str] = str,
    paths: Collection[str] | None = None,
) -> Test:
    """Return the test that a filter describes; ``None`` is true for all.

    It is SCIM's language (RFC 7644 section 3.4.2.2), of which ``not``, ``[]`` and what is no text
    in quotes are refused.

    Args:
        code: what refuses a filter that is not understood.
        fold: is applied to each value of the filter: ``str.casefold`` to compare without regard
            to case. What is looked at must be folded then.
        paths: the paths that can be filtered on; ``None`` for any.
    """

    def at(attr_path: object, accept: Callable[[Sequence[str]], bool]) -> Test:
        path = str(attr_path)
        if paths is not None and path not in paths:
            raise InvalidFilterException(detail=f"{path} cannot be filtered on")
        return lambda look: accept(look(path))

    def test(node: FilterNode) -> Test:
        match node:
            case LogicalExpr(op, terms):
                tests = [test(term) for term in terms]
                join = all if op is LogicalOperator.and_ else any
                return lambda look: join(one(look) for one in tests)
            case Present(attr_path):
                return at(attr_path, bool)
            case Comparison(attr_path, CompareOperator.ne, str(text)):
                value = fold(text)
                return at(attr_path, lambda found: value not in found)
            case Comparison(attr_path, op, str(text)):
                value, compare = fold(text), _COMPARISONS[op]
                return at(attr_path, lambda found: any(compare(one, value) for one in found))
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
