"""Faults of what the server answers: refusals, broken connections, lists, look-ups, reads by id."""

from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from time import time

from ngrok_scim_cli.sandbox.errors import ngrok_error
from ngrok_scim_cli.sandbox.faults.fault import (
    BUILT,
    COUNTS,
    EVERY_REQUEST,
    HOSTILE,
    HTML,
    LISTS,
    LOOK_UPS,
    NEW_KEYS,
    NEW_SERVICE_USERS,
    OK,
    PLAIN_LISTS,
    READS_BY_ID,
    TEXT,
    TO_API,
    TO_NGROK,
    TO_SCIM,
    Document,
    Fault,
    FaultContext,
    Handler,
    active_as_text,
    answered,
    asked,
    counts_as_text,
    document,
    each_user,
    finds_nobody,
    late,
    listed,
    ngrok,
    people_on_both_sides,
    rate_limited,
    refused,
    reply,
    succeeds,
    users_found,
    web_page,
    where,
    without,
)
from ngrok_scim_cli.sandbox.message import Answer, Pieces
from ngrok_scim_cli.sandbox.people import Person


def _sent(pieces: Pieces, *, silent: bool = True) -> Handler:
    """Do what was asked, and send pieces of the answer, or something else."""
    return lambda context: replace(context.answer, pieces=pieces, silent=silent)


def _in_drips(context: FaultContext) -> Answer:
    pause = context.value
    return replace(
        context.answer,
        pieces=lambda reply: (part for byte in reply for part in (bytes((byte,)), pause)),
    )


_hangs_up = _sent(lambda _: ())


def _paged(start_of: Callable[[int], int]) -> Handler:
    """Answer with the page that begins elsewhere, and say that it begins as asked."""

    def handler(context: FaultContext) -> Answer:
        asked_for = dict(context.request.query).get("startIndex", "1")
        start = max(int(asked_for), 1) if asked_for.isdecimal() else 1
        if start_of(start) == start:
            return context.answer
        elsewhere = asked(lambda query: {**query, "startIndex": str(start_of(start))})
        return _then(elsewhere, listed(lambda found: {**found, "startIndex": start}))(context)

    return handler


def _capped(context: FaultContext) -> Answer:
    """List only the first users, as if there were no others, wherever the page begins."""

    def change(found: Document) -> Document:
        known = found["Resources"][: max(context.count - found["startIndex"] + 1, 0)]
        total = min(found["totalResults"], context.count)
        return {**found, "totalResults": total, "Resources": known}

    return listed(change)(context)


def _then(first: Handler, second: Handler) -> Handler:
    """Apply ``second`` to what ``first`` answers."""
    return lambda context: second(replace(context, serve=lambda _: first(context)))


def _with_total(total: Callable[[Document], int]) -> Handler:
    return listed(lambda found: {**found, "totalResults": total(found)})


def _truncated(context: FaultContext) -> Answer:
    body = context.answer.body
    return replace(context.answer, body=body[: len(body) * 2 // 3])


def _clock_ahead(context: FaultContext) -> Answer:
    return context.answer.with_header("Date", formatdate(time() + context.value, usegmt=True))


def _ngrok(
    name: str, summary: str, found: str, requests: str, number: int, **slots: object
) -> Fault:
    return Fault(name, f"{summary} (ERR_NGROK_{number})", found, requests, ngrok(number, **slots))


# fmt: off
FAULTS = (
    _ngrok("access-token-without-scope", "says that the access token lacks a scope", "NGR717",
        TO_SCIM, 29001, scope="scim:write"),
    _ngrok("api-token-without-scope", "says at ngrok's API that the access token lacks a scope",
        "NGR717", TO_API, 29001, scope="api_keys:read"),
    _ngrok("forbidden-address", "ngrok's IP restrictions refuse this address at the SCIM endpoint",
        "NGR705", TO_SCIM, 220),
    _ngrok("authtoken-pasted", "takes the key for an authtoken", "KEY208", TO_SCIM, 206),
    _ngrok("header-unreadable", "cannot read the Authorization header", "KEY215", TO_SCIM, 201),
    _ngrok("owner-inactive", "says that the key's owner is inactive", "NGR703", TO_SCIM, 636),
    _ngrok("owner-read-only", "says that the key's owner may not write", "NGR704", TO_SCIM, 635),
    _ngrok("plan-without-scim", "says that the plan does not hold SCIM", "NGR707", TO_SCIM, 4012),
    _ngrok("account-suspended", "says everywhere that the account is suspended", "NGR708",
        TO_NGROK, 205),
    _ngrok("rate-limit-ngrok", "answers everywhere that the account's rate limit is reached",
        "NGR709", TO_NGROK, 226),
    _ngrok("no-service-users-on-plan", "says that the plan has no Service Users", "NGR707",
        NEW_SERVICE_USERS, 4119),
    _ngrok("key-limit", "says that the account has as many keys as it may", "NGR715",
        NEW_KEYS, 603, limit=25),
    _ngrok("key-limit-per-interval", "says that too many keys were made in a short time", "NGR715",
        NEW_KEYS, 614),
    _ngrok("admin-key-revoked", "refuses every key at ngrok's API", "NGR714", TO_API, 203),
    _ngrok("api-forbidden-address", "ngrok's IP restrictions refuse this address at the API",
        "NGR705", TO_API, 220),
    Fault("not-an-admin",
        "takes the admin key for a developer's: no Service User, no owner (ERR_NGROK_4111, 630)",
        "NGR710", rf"{NEW_SERVICE_USERS}|{NEW_KEYS}",
        lambda context: ngrok(630 if context.request.path == "/api_keys" else 4111)(context)),
    Fault("unauthorized", "answers 401 in plain text to every key", "SCM501 SCM520", TO_SCIM,
        reply(
            Answer(401, b"Unauthorized\n", TEXT)
            .with_header("WWW-Authenticate", 'Bearer realm="SCIM"'))),
    Fault("key-refused", "answers 401 with a SCIM error to every key", "KEY214", TO_SCIM,
        refused(401, "The access token is invalid or has expired.")),
    Fault("forbidden-web-page", "answers 403 with the web page of a firewall", "SCM502 SCM520",
        TO_SCIM, reply(web_page(403, "Access Denied"))),
    Fault("not-found", "answers 404 as if there were no SCIM at this path", "SCM503", TO_SCIM,
        lambda context: ngrok_error(context.request, "no path")),
    Fault("redirect", "answers 302 to a page for signing in", "SCM504", TO_SCIM,
        reply(Answer(302, media_type=None).with_header("Location", "/sign-in"))),
    Fault("rate-limited", "answers 429 with Retry-After", "SCM505", TO_SCIM, rate_limited,
        value=30, unit="seconds of Retry-After"),
    Fault("rate-limited-silently", "answers 429 without saying how long to wait", "SCM505",
        TO_SCIM, refused(429, "Too many requests.")),
    Fault("server-error", "answers 500 with a SCIM error", "SCM506", TO_SCIM,
        refused(500, "Internal server error")),
    Fault("bad-gateway-text", "answers 502 in plain text, as a gateway does", "SCM506 SCM520",
        TO_SCIM, reply(Answer(502, b"Bad Gateway\n", TEXT))),
    Fault("error-without-scim", "answers 500 with JSON that is not a SCIM error", "SCM506 SCM520",
        TO_SCIM, reply(Answer.of(500, {"error": "internal", "message": "Something broke."}))),
    Fault("teapot", "answers 418, a status that SCIM does not know", "SCM507", TO_SCIM,
        refused(418, "I am a teapot.")),
    Fault("hostile-error",
        "answers 403 with a message full of escape sequences, markup and direction marks", "SCM502",
        TO_SCIM, refused(403, HOSTILE)),
    Fault("lookup-fails", "refuses every filter with 400", "SCM519", LOOK_UPS,
        refused(400, "Filtering is not supported.", "invalidFilter")),
    Fault("api-server-error", "answers 500 at ngrok's API, not in JSON", "SCM506", TO_API,
        reply(Answer(500, b"internal server error\n", TEXT))),
    Fault("slow", "answers late", "SCM516", TO_SCIM, late, value=12, unit="seconds"),
    Fault("slow-drip", "sends its answer byte by byte", "NET408", TO_SCIM, _in_drips,
        value=1, unit="seconds between two bytes"),
    Fault("never-answers", "takes the request and never answers", "NET408", TO_SCIM,
        _sent(lambda _: (None,))),
    Fault("drops-connection", "hangs up instead of answering", "NET409", TO_SCIM, _hangs_up),
    Fault("drops-mid-answer", "hangs up in the middle of its answer", "NET409", TO_SCIM,
        _sent(lambda reply: (reply[: -len(reply) // 4],), silent=False)),
    Fault("speaks-no-http", "answers with the greeting of an SSH server", "NET409", TO_SCIM,
        _sent(lambda _: (b"SSH-2.0-OpenSSH_9.7\r\n",))),
    Fault("drops-after-create", "makes the key, then hangs up before the answer", "NGR712",
        NEW_KEYS, _hangs_up),

    # Lists, look-ups, reads by id.
    Fault("empty-list", "says that there are no users", "USR601", PLAIN_LISTS,
        users_found(lambda _: [])),
    Fault("total-without-resources", "counts users but lists none", "USR602", PLAIN_LISTS,
        listed(lambda found: {**found, "itemsPerPage": 0, "Resources": []})),
    Fault("empty-body", "answers 200 with nothing", "SCM508", LISTS, answered(body=b"")),
    Fault("null-body", "answers 200 with null", "SCM508", LISTS, answered(body=b"null")),
    Fault("web-page", "answers 200 with the web page for signing in", "SCM509", LISTS,
        answered(body=web_page(OK, "Sign in").body, media_type=HTML)),
    Fault("not-json", "answers 200 with something that is not JSON", "SCM510", LISTS,
        answered(body=b"OK, 3 users\n")),
    Fault("truncated-json", "answers 200 with JSON that stops in the middle", "SCM510", LISTS,
        where(succeeds, _truncated)),
    Fault("bare-list", "answers with a bare list of users", "SCM511", LISTS,
        listed(lambda found: found["Resources"])),
    Fault("other-api", "answers with an object of another API", "SCM511", LISTS,
        listed(lambda found: {
            "users": found["Resources"], "uri": "/users", "next_page_uri": None})),
    Fault("wrong-list-schema", "calls the list a SCIM 1.0 schema", "SCM511", LISTS,
        listed(lambda found: {**found, "schemas": ["urn:scim:schemas:core:1.0"]})),
    Fault("text-counts", "gives its counts as text", "SCM512", LISTS, listed(counts_as_text)),
    Fault("missing-counts", "leaves out totalResults, startIndex and itemsPerPage", "SCM512",
        LISTS, listed(without(*COUNTS))),
    Fault("missing-resources", "counts users but leaves out Resources", "SCM513", LISTS,
        listed(without("Resources"))),
    Fault("too-many-resources", "ignores count and lists every user", "SCM514", LISTS,
        asked(without("count"))),
    Fault("wrong-media-type", "serves its JSON as text/plain", "SCM515", LISTS,
        answered(media_type=TEXT)),
    Fault("huge", "answers with a list of more than 1 MiB", "SCM517", LISTS,
        lambda context: listed(lambda found: {**found, "padding": "x" * context.count})(context),
        value=2_000_000, unit="bytes more"),
    Fault("resource-without-id", "leaves out the id of each user", "SCM518", LISTS,
        each_user(without("id"))),
    Fault("id-as-number", "gives the id of each user as a number", "SCM518", LISTS,
        each_user(lambda user: {**user, "id": 4711})),
    Fault("resource-without-user-name", "leaves out the userName of each user", "SCM518", LISTS,
        each_user(without("userName"))),
    Fault("active-as-text", "gives active as text", "SCM521", LISTS, each_user(active_as_text)),
    Fault("lookup-finds-nothing", "finds nobody by userName", "SCM519", LOOK_UPS,
        users_found(lambda _: [])),
    Fault("lookup-ignores-filter", "answers every look-up with all users", "SCM519", LOOK_UPS,
        asked(without("filter"))),
    Fault("paging-repeats", "begins each page with the last user of the page before", "USR609",
        PLAIN_LISTS, _paged(lambda start: start - (start > 1))),
    Fault("paging-misses", "leaves out one user before each page but the first", "USR609",
        PLAIN_LISTS, _paged(lambda start: start + (start > 1))),
    Fault("paging-ignores-start", "answers every page with the first one", "USR609", PLAIN_LISTS,
        _paged(lambda _: 1)),
    Fault("paging-shrinks", "counts one user less from the second page on", "USR609", PLAIN_LISTS,
        _with_total(lambda found: found["totalResults"] - (found["startIndex"] > 1))),
    Fault("list-counts-page", "gives the number of users on each page as totalResults", "USR609",
        PLAIN_LISTS, _with_total(lambda found: len(found["Resources"]))),
    Fault("list-of-the-first", "answers every page with the first users, and counts no others",
        "USR609", PLAIN_LISTS,
        _then(asked(lambda query: {**query, "startIndex": "1"}), _capped), value=2, unit="users"),
    Fault("list-capped",
        "lists and counts the first users alone; the others are there when read by id", "USR609",
        PLAIN_LISTS, _capped, value=2, unit="users"),
    Fault("list-counts-the-rest",
        "gives as totalResults how many users are left from startIndex on", "USR609", PLAIN_LISTS,
        _with_total(lambda found: max(found["totalResults"] - found["startIndex"] + 1, 0))),
    Fault("clock-ahead", "sends a Date in the future", "ENV003", EVERY_REQUEST, _clock_ahead,
        value=300, unit="seconds ahead"),
    Fault("read-by-id-fails", "answers each read of one user by id with 404", "SCM522",
        READS_BY_ID, refused(404, "Resource not found")),
    Fault("read-by-id-gives-another", "gives somebody else where one user is read by id", "SCM522",
        READS_BY_ID, document(lambda user: {**user, "id": "usr_0"})),
    Fault("absent-as-text", "gives text for numbers where a look-up finds nobody", "SCM523",
        LOOK_UPS, where(finds_nobody, listed(counts_as_text))),
    Fault("absent-fails", "answers 500 where a look-up finds nobody", "SCM523", LOOK_UPS,
        where(finds_nobody, refused(500, "no rows in result set"))),
    Fault("absent-as-404", "answers 404 where a look-up finds nobody, which Okta takes for nobody",
        "", LOOK_UPS, where(finds_nobody, refused(404, "Resource not found"))),
    Fault("absent-bare-list", "answers with a bare empty list where a look-up finds nobody",
        "SCM523", LOOK_UPS, where(finds_nobody, listed(lambda _: []))),
    Fault("absent-gives-others", "answers with other people where a look-up finds nobody", "SCM523",
        LOOK_UPS, where(finds_nobody, asked(without("filter")))),
    Fault("difficult-names",
        "has people with a plus sign, a quotation mark, and letters beyond ASCII in their names",
        "", BUILT, people_on_both_sides(
            Person("ada.lovelace+test@corp.example", "Ada Lovelace"),
            Person("sinead.o'neill@corp.example", "Sinéad O'Neill"),
            Person("Jörg.Müller@corp.example", "Jörg Müller"))),
    Fault("lookup-loses-quotes",
        "loses a quotation mark in a look-up; to be seen beside difficult-names", "SCM519",
        LOOK_UPS, asked(
            lambda query: {**query, "filter": query["filter"].replace("'", " ")})),
)
# fmt: on
