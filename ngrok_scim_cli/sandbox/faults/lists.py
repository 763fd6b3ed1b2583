"""Faults that spoil a list of users which the server answered."""

from collections.abc import Callable
from dataclasses import replace
from time import time
from typing import Any

from ngrok_scim_cli.sandbox.faults.fault import (
    Fault,
    FaultContext,
    on_every_request,
    on_listing,
    on_lookup,
    on_users,
)
from ngrok_scim_cli.sandbox.faults.refusals import HTML, TEXT, web_page
from ngrok_scim_cli.sandbox.message import SCIM_MEDIA_TYPE, Answer, Request

OK = 200
COUNTS = ("totalResults", "startIndex", "itemsPerPage")

Altering = Callable[[Answer, FaultContext], Answer]
ListResponse = dict[str, Any]


def _where_answered(alter: Altering) -> Altering:
    """Leave refusals as they are."""

    def altered(answer: Answer, context: FaultContext) -> Answer:
        return alter(answer, context) if answer.status == OK else answer

    return altered


def _where_sound(alter: Altering) -> Altering:
    """Leave refusals as they are, and lists that another fault has spoilt."""

    def altered(answer: Answer, context: FaultContext) -> Answer:
        return alter(answer, context) if _is_sound_list(answer) else answer

    return altered


def _is_sound_list(answer: Answer) -> bool:
    try:
        found = answer.document
    except ValueError:
        return False
    return (
        isinstance(found, dict)
        and isinstance(found.get("Resources"), list)
        and all(isinstance(found.get(name), int) for name in COUNTS)
    )


def _body(body: bytes, media_type: str = SCIM_MEDIA_TYPE) -> Altering:
    return _where_answered(lambda answer, _: replace(answer, body=body, media_type=media_type))


def _document(change: Callable[[ListResponse], object]) -> Altering:
    """Answer what ``change`` makes of the list."""
    return _where_sound(lambda answer, _: answer.with_document(change(answer.document)))


def _each_user(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Altering:
    return _document(
        lambda found: {**found, "Resources": [change(user) for user in found["Resources"]]}
    )


def _without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda document: {name: value for name, value in document.items() if name not in names}


def _nobody(found: ListResponse) -> ListResponse:
    return {**found, "totalResults": 0, "itemsPerPage": 0, "Resources": []}


def _as_text(found: ListResponse) -> ListResponse:
    return {**found, **{name: str(found[name]) for name in COUNTS}}


def _other_api(found: ListResponse) -> object:
    return {"users": found["Resources"], "uri": "/users", "next_page_uri": None}


def _cut_short(answer: Answer, _: FaultContext) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) * 2 // 3])


def _padded(answer: Answer, context: FaultContext) -> Answer:
    return answer.with_document({**answer.document, "padding": "x" * int(context.value)})


def _page_start(request: Request) -> int:
    start = dict(request.query).get("startIndex", "1")
    return max(int(start), 1) if start.isdecimal() else 1


def _moved_by(users: int) -> Callable[[FaultContext], Request]:
    """Begin each page but the first so many users later."""

    def rewrite(context: FaultContext) -> Request:
        start = _page_start(context.request)
        query = dict(context.request.query)
        if start > 1:
            query["startIndex"] = str(start + users)
        return context.request.with_query(list(query.items()))

    return rewrite


def _with_start_as_asked(answer: Answer, context: FaultContext) -> Answer:
    return answer.with_document({**answer.document, "startIndex": _page_start(context.request)})


def _total_shrinks(answer: Answer, context: FaultContext) -> Answer:
    found = answer.document
    if _page_start(context.request) > 1:
        found["totalResults"] = max(found["totalResults"] - 1, 0)
    return answer.with_document(found)


def _without_parameter(name: str) -> Callable[[FaultContext], Request]:
    return lambda context: context.request.with_query(
        [(key, value) for key, value in context.request.query if key != name]
    )


def _clock_ahead(answer: Answer, context: FaultContext) -> Answer:
    from email.utils import formatdate

    return answer.with_header("Date", formatdate(time() + context.value, usegmt=True))


FAULTS = (
    Fault(
        "empty-list",
        "says that there are no users",
        ("USR601",),
        on_listing,
        alter=_document(_nobody),
    ),
    Fault(
        "total-without-resources",
        "counts users but lists none",
        ("USR602",),
        on_listing,
        alter=_document(lambda found: {**found, "itemsPerPage": 0, "Resources": []}),
    ),
    Fault("empty-body", "answers 200 with nothing", ("SCM508",), on_users, alter=_body(b"")),
    Fault("null-body", "answers 200 with null", ("SCM508",), on_users, alter=_body(b"null")),
    Fault(
        "web-page",
        "answers 200 with the web page for signing in",
        ("SCM509",),
        on_users,
        alter=_body(web_page(OK, "Sign in").body, HTML),
    ),
    Fault(
        "not-json",
        "answers 200 with something that is not JSON",
        ("SCM510",),
        on_users,
        alter=_body(b"OK, 3 users\n"),
    ),
    Fault(
        "truncated-json",
        "answers 200 with JSON that stops in the middle",
        ("SCM510",),
        on_users,
        alter=_where_answered(_cut_short),
    ),
    Fault(
        "bare-list",
        "answers with a bare list of users",
        ("SCM511",),
        on_users,
        alter=_document(lambda found: found["Resources"]),
    ),
    Fault(
        "other-api",
        "answers with an object of another API",
        ("SCM511",),
        on_users,
        alter=_document(_other_api),
    ),
    Fault(
        "wrong-list-schema",
        "calls the list a SCIM 1.0 schema",
        ("SCM511",),
        on_users,
        alter=_document(lambda found: {**found, "schemas": ["urn:scim:schemas:core:1.0"]}),
    ),
    Fault(
        "text-counts",
        "gives its counts as text",
        ("SCM512",),
        on_users,
        alter=_document(_as_text),
    ),
    Fault(
        "missing-counts",
        "leaves out totalResults, startIndex and itemsPerPage",
        ("SCM512",),
        on_users,
        alter=_document(_without(*COUNTS)),
    ),
    Fault(
        "missing-resources",
        "counts users but leaves out Resources",
        ("SCM513",),
        on_users,
        alter=_document(_without("Resources")),
    ),
    Fault(
        "too-many-resources",
        "ignores count and lists every user",
        ("SCM514",),
        on_users,
        rewrite=_without_parameter("count"),
    ),
    Fault(
        "wrong-media-type",
        "serves its JSON as text/plain",
        ("SCM515",),
        on_users,
        alter=_where_answered(lambda answer, _: replace(answer, media_type=TEXT)),
    ),
    Fault(
        "huge",
        "answers with a list of more than 1 MiB",
        ("SCM517",),
        on_users,
        value=2_000_000,
        unit="bytes more",
        alter=_where_sound(_padded),
    ),
    Fault(
        "resource-without-id",
        "leaves out the id of each user",
        ("SCM518",),
        on_users,
        alter=_each_user(_without("id")),
    ),
    Fault(
        "id-as-number",
        "gives the id of each user as a number",
        ("SCM518",),
        on_users,
        alter=_each_user(lambda user: {**user, "id": 4711}),
    ),
    Fault(
        "resource-without-user-name",
        "leaves out the userName of each user",
        ("SCM518",),
        on_users,
        alter=_each_user(_without("userName")),
    ),
    Fault(
        "active-as-text",
        "gives active as text",
        ("SCM521",),
        on_users,
        alter=_each_user(lambda user: {**user, "active": str(user.get("active", True))}),
    ),
    Fault(
        "lookup-finds-nothing",
        "finds nobody by userName",
        ("SCM519",),
        on_lookup,
        alter=_document(_nobody),
    ),
    Fault(
        "lookup-ignores-filter",
        "answers every look-up with all users",
        ("SCM519",),
        on_lookup,
        rewrite=_without_parameter("filter"),
    ),
    Fault(
        "paging-repeats",
        "begins each page with the last user of the page before",
        ("USR609",),
        on_listing,
        rewrite=_moved_by(-1),
        alter=_where_sound(_with_start_as_asked),
    ),
    Fault(
        "paging-misses",
        "leaves out one user before each page but the first",
        ("USR609",),
        on_listing,
        rewrite=_moved_by(1),
        alter=_where_sound(_with_start_as_asked),
    ),
    Fault(
        "paging-ignores-start",
        "answers every page with the first one",
        ("USR609",),
        on_listing,
        rewrite=_without_parameter("startIndex"),
        alter=_where_sound(_with_start_as_asked),
    ),
    Fault(
        "paging-shrinks",
        "counts one user less from the second page on",
        ("USR609",),
        on_listing,
        alter=_where_sound(_total_shrinks),
    ),
    Fault(
        "clock-ahead",
        "sends a Date that lies ahead",
        ("ENV003",),
        on_every_request,
        value=300,
        unit="seconds ahead",
        alter=_clock_ahead,
    ),
)
