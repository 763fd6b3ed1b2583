"""Faults of what the server says of its users: lists, look-ups, reads by id."""

from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from time import time

from ngrok_scim_cli.sandbox.faults.fault import (
    COUNTS,
    EVERY_REQUEST,
    HTML,
    LISTS,
    LOOK_UPS,
    OK,
    PLAIN_LISTS,
    READS_BY_ID,
    TEXT,
    Document,
    Fault,
    FaultContext,
    Handler,
    active_as_text,
    answered,
    body,
    counts_as_text,
    document,
    each_user,
    listed,
    page_start,
    people_on_both_sides,
    refused,
    users_found,
    web_page,
    where_nobody_is,
    with_query,
    without,
)
from ngrok_scim_cli.sandbox.message import Answer
from ngrok_scim_cli.sandbox.people import Person


def _paged(start_of: Callable[[int], int]) -> Handler:
    """Answer with the page that begins elsewhere, and say that it begins as asked."""

    def handler(context: FaultContext) -> Answer:
        start = page_start(context.request)
        move = {"startIndex": str(start_of(start))} if start_of(start) != start else {}
        another_page = with_query(lambda query: {**query, **move})
        as_asked = listed(lambda found: {**found, "startIndex": start})
        return as_asked(replace(context, serve=lambda _: another_page(context)))

    return handler


def _with_total(total: Callable[[Document, int], int]) -> Handler:
    """Give another total, which may depend on where the page begins."""

    def handler(context: FaultContext) -> Answer:
        start = page_start(context.request)
        return listed(lambda found: {**found, "totalResults": max(total(found, start), 0)})(context)

    return handler


def _capped(context: FaultContext) -> Answer:
    """Know no more than the first users, wherever the page begins."""
    most = int(context.value)

    def only_the_first(found: Document) -> Document:
        known = found["Resources"][: max(most - found["startIndex"] + 1, 0)]
        return {**found, "totalResults": min(found["totalResults"], most), "Resources": known}

    return listed(only_the_first)(context)


def _always_the_first(context: FaultContext) -> Answer:
    first_page = with_query(lambda query: {**query, "startIndex": "1"})
    return _capped(replace(context, serve=lambda _: first_page(context)))


def _padded(context: FaultContext) -> Answer:
    return listed(lambda found: {**found, "padding": "x" * int(context.value)})(context)


def _clock_ahead(context: FaultContext) -> Answer:
    return context.answer().with_header("Date", formatdate(time() + context.value, usegmt=True))


# fmt: off
FAULTS = (
    Fault("empty-list", "says that there are no users", "USR601", PLAIN_LISTS,
        handler=users_found(lambda _: [])),
    Fault("total-without-resources", "counts users but lists none", "USR602", PLAIN_LISTS,
        handler=listed(lambda found: {**found, "itemsPerPage": 0, "Resources": []})),
    Fault("empty-body", "answers 200 with nothing", "SCM508", LISTS, handler=body(b"")),
    Fault("null-body", "answers 200 with null", "SCM508", LISTS, handler=body(b"null")),
    Fault("web-page", "answers 200 with the web page for signing in", "SCM509", LISTS,
        handler=body(web_page(OK, "Sign in").body, HTML)),
    Fault("not-json", "answers 200 with something that is not JSON", "SCM510", LISTS,
        handler=body(b"OK, 3 users\n")),
    Fault("truncated-json", "answers 200 with JSON that stops in the middle", "SCM510", LISTS,
        handler=answered(lambda got, _: replace(got, body=got.body[: len(got.body) * 2 // 3]))),
    Fault("bare-list", "answers with a bare list of users", "SCM511", LISTS,
        handler=listed(lambda found: found["Resources"])),
    Fault("other-api", "answers with an object of another API", "SCM511", LISTS,
        handler=listed(lambda found: {
            "users": found["Resources"], "uri": "/users", "next_page_uri": None})),
    Fault("wrong-list-schema", "calls the list a SCIM 1.0 schema", "SCM511", LISTS,
        handler=listed(lambda found: {**found, "schemas": ["urn:scim:schemas:core:1.0"]})),
    Fault("text-counts", "gives its counts as text", "SCM512", LISTS, listed(counts_as_text)),
    Fault("missing-counts", "leaves out totalResults, startIndex and itemsPerPage", "SCM512",
        LISTS, handler=listed(without(*COUNTS))),
    Fault("missing-resources", "counts users but leaves out Resources", "SCM513", LISTS,
        handler=listed(without("Resources"))),
    Fault("too-many-resources", "ignores count and lists every user", "SCM514", LISTS,
        handler=with_query(without("count"))),
    Fault("wrong-media-type", "serves its JSON as text/plain", "SCM515", LISTS,
        handler=answered(lambda answer, _: replace(answer, media_type=TEXT))),
    Fault("huge", "answers with a list of more than 1 MiB", "SCM517", LISTS, value=2_000_000,
        unit="bytes more", handler=_padded),
    Fault("resource-without-id", "leaves out the id of each user", "SCM518", LISTS,
        handler=each_user(without("id"))),
    Fault("id-as-number", "gives the id of each user as a number", "SCM518", LISTS,
        handler=each_user(lambda user: {**user, "id": 4711})),
    Fault("resource-without-user-name", "leaves out the userName of each user", "SCM518", LISTS,
        handler=each_user(without("userName"))),
    Fault("active-as-text", "gives active as text", "SCM521", LISTS, each_user(active_as_text)),
    Fault("lookup-finds-nothing", "finds nobody by userName", "SCM519", LOOK_UPS,
        handler=users_found(lambda _: [])),
    Fault("lookup-ignores-filter", "answers every look-up with all users", "SCM519", LOOK_UPS,
        handler=with_query(without("filter"))),
    Fault("paging-repeats", "begins each page with the last user of the page before", "USR609",
        PLAIN_LISTS, handler=_paged(lambda start: start - (start > 1))),
    Fault("paging-misses", "leaves out one user before each page but the first", "USR609",
        PLAIN_LISTS, handler=_paged(lambda start: start + (start > 1))),
    Fault("paging-ignores-start", "answers every page with the first one", "USR609", PLAIN_LISTS,
        handler=_paged(lambda _: 1)),
    Fault("paging-shrinks", "counts one user less from the second page on", "USR609", PLAIN_LISTS,
        _with_total(lambda found, start: found["totalResults"] - (start > 1))),
    Fault("list-counts-page", "gives the number of users on each page as totalResults", "USR609",
        PLAIN_LISTS, handler=_with_total(lambda found, _: len(found["Resources"]))),
    Fault("list-of-the-first", "answers every page with the first users, and counts no others",
        "USR609", PLAIN_LISTS, handler=_always_the_first, value=2, unit="users"),
    Fault("list-capped",
        "lists and counts the first users alone; the others are there when read by id", "USR609",
        PLAIN_LISTS, handler=_capped, value=2, unit="users"),
    Fault("list-counts-the-rest",
        "gives as totalResults how many users are left from startIndex on", "USR609", PLAIN_LISTS,
        handler=_with_total(lambda found, start: found["totalResults"] - start + 1)),
    Fault("clock-ahead", "sends a Date in the future", "ENV003", EVERY_REQUEST, value=300,
        unit="seconds ahead", handler=_clock_ahead),
    Fault("read-by-id-fails", "answers each read of one user by id with 404", "SCM522",
        READS_BY_ID, handler=refused(404, "Resource not found")),
    Fault("read-by-id-gives-another", "gives somebody else where one user is read by id", "SCM522",
        READS_BY_ID, handler=document(lambda user: {**user, "id": "usr_0"})),
    Fault("absent-as-text", "gives text for numbers where a look-up finds nobody", "SCM523",
        LOOK_UPS, handler=where_nobody_is(listed(counts_as_text))),
    Fault("absent-fails", "answers 500 where a look-up finds nobody", "SCM523", LOOK_UPS,
        handler=where_nobody_is(refused(500, "no rows in result set"))),
    Fault("absent-as-404", "answers 404 where a look-up finds nobody, which Okta takes for nobody",
        "", LOOK_UPS, handler=where_nobody_is(refused(404, "Resource not found"))),
    Fault("absent-bare-list", "answers with a bare empty list where a look-up finds nobody",
        "SCM523", LOOK_UPS, handler=where_nobody_is(listed(lambda _: []))),
    Fault("absent-gives-others", "answers with other people where a look-up finds nobody", "SCM523",
        LOOK_UPS, handler=where_nobody_is(with_query(without("filter")))),
    Fault("difficult-names",
        "has people with a plus sign, a quotation mark, and letters beyond ASCII in their names",
        "", builder=people_on_both_sides(
            Person("ada.lovelace+test@corp.example", "Ada Lovelace"),
            Person("sinead.o'neill@corp.example", "Sinéad O'Neill"),
            Person("Jörg.Müller@corp.example", "Jörg Müller"))),
    Fault("lookup-loses-quotes",
        "loses a quotation mark in a look-up; to be seen beside difficult-names", "SCM519",
        LOOK_UPS, handler=with_query(
            lambda query: {**query, "filter": query["filter"].replace("'", " ")})),
)
# fmt: on
