"""Faults that spoil a list of users which the server answered."""

from collections.abc import Callable
from dataclasses import replace
from time import time
from typing import Any

from ngrok_scim_cli.sandbox.faults.fault import (
    Call,
    Fault,
    on_every_request,
    on_listing,
    on_lookup,
    on_users,
)
from ngrok_scim_cli.sandbox.faults.refusals import HTML, TEXT, web_page
from ngrok_scim_cli.sandbox.message import SCIM_MEDIA_TYPE, Answer, Request

OK = 200
BAD_REQUEST = 400
COUNTS = ("totalResults", "startIndex", "itemsPerPage")

ListResponse = dict[str, Any]
Handler = Callable[[Call], Answer]


def answered(change: Callable[[Answer, Call], Answer]) -> Handler:
    """Change what was answered; refusals stay as they are."""

    def handler(call: Call) -> Answer:
        answer = call.answer()
        return change(answer, call) if answer.status < BAD_REQUEST else answer

    return handler


def _sound(change: Callable[[ListResponse, Call], object]) -> Handler:
    """Change a list; refusals stay as they are, and lists that another fault has spoilt."""

    def handler(call: Call) -> Answer:
        answer = call.answer()
        if not _is_sound_list(answer):
            return answer
        return answer.with_document(change(answer.document, call))

    return handler


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


def body(content: bytes, media_type: str = SCIM_MEDIA_TYPE) -> Handler:
    """Answer with ``content`` what would have been answered with a document."""
    return answered(lambda answer, _: replace(answer, body=content, media_type=media_type))


def _document(change: Callable[[ListResponse], object]) -> Handler:
    return _sound(lambda found, _: change(found))


def _each_user(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Handler:
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


def _page_start(request: Request) -> int:
    start = dict(request.query).get("startIndex", "1")
    return max(int(start), 1) if start.isdecimal() else 1


def _with_query(change: Callable[[dict[str, str]], dict[str, str]]) -> Handler:
    """Answer as if another query had been sent."""
    return lambda call: call.serve(
        call.request.with_query(list(change(dict(call.request.query)).items()))
    )


def _pages(change: Callable[[dict[str, str], int], dict[str, str]]) -> Handler:
    """Answer with another page, which says that it begins as asked."""

    def handler(call: Call) -> Answer:
        start = _page_start(call.request)
        query = change(dict(call.request.query), start)
        answer = call.serve(call.request.with_query(list(query.items())))
        if not _is_sound_list(answer):
            return answer
        return answer.with_document({**answer.document, "startIndex": start})

    return handler


def _moved_by(users: int) -> Handler:
    """Begin each page but the first so many users later."""
    return _pages(
        lambda query, start: {**query, "startIndex": str(start + users)} if start > 1 else query
    )


def _total_shrinks(found: ListResponse, call: Call) -> ListResponse:
    fewer = int(_page_start(call.request) > 1)
    return {**found, "totalResults": max(found["totalResults"] - fewer, 0)}


def _of_the_first(found: ListResponse, call: Call) -> ListResponse:
    """Know no more than the first users, wherever the page begins."""
    most = int(call.value)
    known = found["Resources"][: max(most - _page_start(call.request) + 1, 0)]
    return {**found, "totalResults": min(found["totalResults"], most), "Resources": known}


def _always_the_first(call: Call) -> Answer:
    query = {**dict(call.request.query), "startIndex": "1"}
    answer = call.serve(call.request.with_query(list(query.items())))
    if not _is_sound_list(answer):
        return answer
    found, most = answer.document, int(call.value)
    total = min(found["totalResults"], most)
    return answer.with_document(
        {**found, "totalResults": total, "Resources": found["Resources"][:most]}
    )


def _clock_ahead(call: Call) -> Answer:
    from email.utils import formatdate

    return call.answer().with_header("Date", formatdate(time() + call.value, usegmt=True))


# fmt: off
FAULTS = (
    Fault("empty-list", "says that there are no users", "USR601", on_listing,
        strikes=_document(_nobody)),
    Fault("total-without-resources", "counts users but lists none", "USR602", on_listing,
        strikes=_document(lambda found: {**found, "itemsPerPage": 0, "Resources": []})),
    Fault("empty-body", "answers 200 with nothing", "SCM508", on_users, strikes=body(b"")),
    Fault("null-body", "answers 200 with null", "SCM508", on_users, strikes=body(b"null")),
    Fault("web-page", "answers 200 with the web page for signing in", "SCM509", on_users,
        strikes=body(web_page(OK, "Sign in").body, HTML)),
    Fault("not-json", "answers 200 with something that is not JSON", "SCM510", on_users,
        strikes=body(b"OK, 3 users\n")),
    Fault(
        "truncated-json",
        "answers 200 with JSON that stops in the middle",
        "SCM510",
        on_users,
        strikes=answered(
            lambda answer, _: replace(answer, body=answer.body[: len(answer.body) * 2 // 3])
        ),
    ),
    Fault("bare-list", "answers with a bare list of users", "SCM511", on_users,
        strikes=_document(lambda found: found["Resources"])),
    Fault("other-api", "answers with an object of another API", "SCM511", on_users,
        strikes=_document(_other_api)),
    Fault("wrong-list-schema", "calls the list a SCIM 1.0 schema", "SCM511", on_users,
        strikes=_document(lambda found: {**found, "schemas": ["urn:scim:schemas:core:1.0"]})),
    Fault("text-counts", "gives its counts as text", "SCM512", on_users,
        strikes=_document(_as_text)),
    Fault("missing-counts", "leaves out totalResults, startIndex and itemsPerPage", "SCM512",
        on_users, strikes=_document(_without(*COUNTS))),
    Fault("missing-resources", "counts users but leaves out Resources", "SCM513", on_users,
        strikes=_document(_without("Resources"))),
    Fault("too-many-resources", "ignores count and lists every user", "SCM514", on_users,
        strikes=_with_query(_without("count"))),
    Fault("wrong-media-type", "serves its JSON as text/plain", "SCM515", on_users,
        strikes=answered(lambda answer, _: replace(answer, media_type=TEXT))),
    Fault("huge", "answers with a list of more than 1 MiB", "SCM517", on_users, value=2_000_000,
        unit="bytes more",
        strikes=_sound(lambda found, call: {**found, "padding": "x" * int(call.value)})),
    Fault("resource-without-id", "leaves out the id of each user", "SCM518", on_users,
        strikes=_each_user(_without("id"))),
    Fault("id-as-number", "gives the id of each user as a number", "SCM518", on_users,
        strikes=_each_user(lambda user: {**user, "id": 4711})),
    Fault("resource-without-user-name", "leaves out the userName of each user", "SCM518", on_users,
        strikes=_each_user(_without("userName"))),
    Fault("active-as-text", "gives active as text", "SCM521", on_users,
        strikes=_each_user(lambda user: {**user, "active": str(user.get("active", True))})),
    Fault("lookup-finds-nothing", "finds nobody by userName", "SCM519", on_lookup,
        strikes=_document(_nobody)),
    Fault("lookup-ignores-filter", "answers every look-up with all users", "SCM519", on_lookup,
        strikes=_with_query(_without("filter"))),
    Fault("paging-repeats", "begins each page with the last user of the page before", "USR609",
        on_listing, strikes=_moved_by(-1)),
    Fault("paging-misses", "leaves out one user before each page but the first", "USR609",
        on_listing, strikes=_moved_by(1)),
    Fault("paging-ignores-start", "answers every page with the first one", "USR609", on_listing,
        strikes=_pages(lambda query, _: _without("startIndex")(query))),
    Fault("paging-shrinks", "counts one user less from the second page on", "USR609", on_listing,
        strikes=_sound(_total_shrinks)),
    Fault("list-counts-page", "gives the number of users on each page as totalResults", "USR609",
        on_listing,
        strikes=_document(lambda found: {**found, "totalResults": len(found["Resources"])})),
    Fault("list-of-the-first", "answers every page with the first users, and counts no others",
        "USR609", on_listing, strikes=_always_the_first, value=2, unit="users"),
    Fault("list-capped",
        "lists and counts the first users alone; the others are there when read by id", "USR609",
        on_listing, strikes=_sound(_of_the_first), value=2, unit="users"),
    Fault(
        "list-counts-the-rest",
        "gives as totalResults how many users are left from startIndex on",
        "USR609",
        on_listing,
        strikes=_sound(
            lambda found, call: {
                **found,
                "totalResults": max(found["totalResults"] - _page_start(call.request) + 1, 0),
            }
        ),
    ),
    Fault("clock-ahead", "sends a Date that lies ahead", "ENV003", on_every_request, value=300,
        unit="seconds ahead", strikes=_clock_ahead),
)
# fmt: on
