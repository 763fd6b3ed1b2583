from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ngrok_scim_cli import __version__
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.exchange import BODY_LIMIT, Exchange, FailureKind, Reply
from ngrok_scim_cli.wire.okta_api import OktaApi
from ngrok_scim_cli.wire.retry_policy import LONGEST_WAIT, MOST_WAITS
from tests.support.cases import each_case
from tests.support.raw_server import ok

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Request
    from ngrok_scim_cli.wire.pages import Page
    from tests.support.raw_server import Client, RawServer

ORG = "https://corp.okta.com"
TOKEN = "00QCjAl4MlV-WPXMabcdefghij_0HmjFx-vbGua"
JWT = "eyJraWQiOiJabcdefgh.eyJ2ZXIiOjEsImp0aSI6IkFU.c2lnbmF0dXJl-_x"
NOW = 1_764_000_000.0
SINCE = datetime(2026, 11, 1, 2, 30, tzinfo=timezone(timedelta(hours=2)))
UNTIL = datetime(2026, 11, 8, tzinfo=UTC)

# Every public method, with something to ask.
CALLS: Mapping[str, Callable[[OktaApi], Exchange | Iterator[Page]]] = {
    "app": lambda api: api.app("0oa1"),
    "apps": lambda api: api.apps("ngrok"),
    "app_users": lambda api: api.app_users("0oa1"),
    "find_app_user": lambda api: api.find_app_user("0oa1", "ada@corp.com"),
    "app_user": lambda api: api.app_user("0oa1", "00u1"),
    "features": lambda api: api.features("0oa1"),
    "mappings": lambda api: api.mappings("0oa1"),
    "mapping": lambda api: api.mapping("prm1"),
    "log": lambda api: api.log('target.id eq "0oa1"', since=SINCE, until=UNTIL, limit=250),
    "user": lambda api: api.user("ada@corp.com"),
    "people_with_status": lambda api: api.people_with_status("DEPROVISIONED"),
    "deactivated": lambda api: api.deactivated(["ada@corp.com"]),
}


class ScriptedWire:
    """Stands in for a wire, and answers as it is told."""

    def __init__(self, answer: Callable[[str], Reply]) -> None:
        self._answer = answer
        self.sent: list[Request] = []

    def send(self, request: Request) -> Exchange:
        self.sent.append(request)
        return Exchange(request.purpose, request.method, request.url, self._answer(request.url))

    def begin(self, request: Request) -> Callable[[], Exchange]:
        exchange = self.send(request)
        return lambda: exchange


def scripted(*replies: Reply) -> ScriptedWire:
    """Answer with one reply after the other, then with the last for ever."""
    left = list(replies)
    return ScriptedWire(lambda _: left.pop(0) if len(left) > 1 else left[0])


def api_on(wire: Wire | ScriptedWire, org_url: str = ORG, token: str = TOKEN) -> OktaApi:
    return OktaApi(
        cast("Wire", wire),
        org_url,
        token,
        pause=lambda _: pytest.fail("there was nothing to wait for"),
        now=lambda: NOW,
    )


def read_out(asked: Exchange | Iterator[Page]) -> list[Page]:
    return list(asked) if isinstance(asked, Iterator) else []


def page(*items: object, following: str | None = None, **headers: str) -> Reply:
    link = [("link", f'<{following}>; rel="next"')] if following else []
    more = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Reply(200, headers=(*link, *more), body=json.dumps(items).encode())


def failure_of(last: Page) -> tuple[FailureKind, str]:
    assert not last.ok
    assert last.items == ()
    assert last.exchange.failure is not None
    return last.exchange.failure.kind, last.exchange.failure.detail


# What goes out.


def test_a_request_goes_out_with_the_token_and_nothing_else(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    server = serve(ok(b"{}"))

    api_on(wire, f"{server.url}/").app("0oa1")

    assert server.requests == [
        b"GET /api/v1/apps/0oa1 HTTP/1.1\r\n"
        b"Accept: application/json\r\n"
        b"Accept-Encoding: gzip\r\n"
        b"User-Agent: ngrok-scim/" + __version__.encode() + b"\r\n"
        b"Authorization: SSWS " + TOKEN.encode() + b"\r\n"
        b"Host: " + server.url[7:].encode() + b"\r\n"
        b"\r\n"
    ]


@each_case(
    ("token", "scheme"),
    [
        (TOKEN, "SSWS"),
        (JWT, "Bearer"),
        (f"{JWT}.x", "SSWS"),
        ("eyJraWQiOiJ", "SSWS"),
        ("00a.b.c", "SSWS"),
        ("eyJa.b.ü", "SSWS"),
    ],
)
def test_a_jwt_is_a_bearer_token(token: str, scheme: str) -> None:
    wire = scripted(page())

    api_on(wire, token=token).app("0oa1")

    assert ("Authorization", f"{scheme} {token}") in wire.sent[0].headers


SEARCH = 'status eq "DEPROVISIONED" and (profile.login eq "ada@corp.com" or '


@each_case(
    ("name", "path", "query"),
    [
        ("app", "/api/v1/apps/0oa1", {}),
        ("apps", "/api/v1/apps", {"limit": "200", "q": "ngrok"}),
        ("app_users", "/api/v1/apps/0oa1/users", {"limit": "500"}),
        ("find_app_user", "/api/v1/apps/0oa1/users", {"limit": "20", "q": "ada@corp.com"}),
        ("app_user", "/api/v1/apps/0oa1/users/00u1", {}),
        ("features", "/api/v1/apps/0oa1/features/USER_PROVISIONING", {}),
        ("mappings", "/api/v1/mappings", {"targetId": "0oa1", "limit": "50"}),
        ("mapping", "/api/v1/mappings/prm1", {}),
        (
            "log",
            "/api/v1/logs",
            {
                "since": "2026-11-01T00:30:00.000Z",
                "until": "2026-11-08T00:00:00.000Z",
                "sortOrder": "DESCENDING",
                "limit": "250",
                "filter": 'target.id eq "0oa1"',
            },
        ),
        ("user", "/api/v1/users/ada@corp.com", {}),
        (
            "deactivated",
            "/api/v1/users",
            {"search": f'{SEARCH}profile.email eq "ada@corp.com")', "limit": "200"},
        ),
    ],
)
def test_each_method_sends_its_documented_request(
    name: str, path: str, query: dict[str, str]
) -> None:
    wire = scripted(page())

    read_out(CALLS[name](api_on(wire)))

    (request,) = wire.sent
    url = urlsplit(request.url)
    assert (url.scheme, url.netloc, unquote(url.path)) == ("https", "corp.okta.com", path)
    assert parse_qs(url.query) == {key: [value] for key, value in query.items()}


def test_the_okta_client_sends_only_get_requests() -> None:
    """Whatever there is to call sends GET and no body, to the org alone."""
    public = {name for name in vars(OktaApi) if not name.startswith("_")}
    assert public == set(CALLS)
    for call in CALLS.values():
        wire = scripted(page())
        read_out(call(api_on(wire)))
        assert {(request.method, request.body) for request in wire.sent} == {("GET", None)}
        assert all(request.url.startswith(f"{ORG}/api/v1/") for request in wire.sent)


def test_each_request_says_what_it_is_for() -> None:
    wire = scripted(page())

    for call in CALLS.values():
        read_out(call(api_on(wire)))

    # Okta counts by endpoint, so each has to have its own.
    assert len({request.purpose for request in wire.sent}) == len(CALLS)


@pytest.mark.parametrize("label", ["", "ngrok"])
def test_apps_are_listed_with_and_without_a_label(label: str) -> None:
    wire = scripted(page())

    read_out(api_on(wire).apps(label))

    assert ("q=" in wire.sent[0].url) is bool(label)


def test_a_log_may_come_in_smaller_pages() -> None:
    wire = scripted(page())

    read_out(api_on(wire).log("x", since=SINCE, until=UNTIL, limit=10))

    assert "&limit=10&" in wire.sent[0].url


@given(st.text(min_size=1))
@example("../../oauth2/v1/token")
@example("0oa1?expand=user#")
@example("\ud800")
def test_an_id_stays_one_segment_of_the_path(identifier: str) -> None:
    wire = scripted(page())

    api_on(wire).app_user(identifier, identifier)

    segments = wire.sent[0].url.removeprefix(f"{ORG}/api/v1/apps/").split("/")
    assert len(segments) == 3
    assert unquote(segments[0]) == identifier.encode(errors="replace").decode()
    assert not set("?#") & set(wire.sent[0].url)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=40))
@example(['ada" or status eq "ACTIVE'])
@example(["ada\\"])
@example(["\ud800"])
@example(["ü" * 5_000, "ada@corp.com"])
def test_everybody_is_searched_once_and_stays_in_quotes(logins: list[str]) -> None:
    wire = scripted(page())

    read_out(api_on(wire).deactivated(logins))

    asked: list[str] = []
    for request in wire.sent:
        (search,) = parse_qs(urlsplit(request.url).query, strict_parsing=True)["search"]
        condition = search.removeprefix('status eq "DEPROVISIONED" and (').removesuffix(")")
        parsed = quoted_strings(condition)
        assert len(request.url) < 1_700 or len(parsed) == 2
        assert parsed[::2] == parsed[1::2]
        asked += parsed[::2]
    assert asked == [login.encode(errors="replace").decode() for login in logins]


def test_a_search_holds_several_people() -> None:
    wire = scripted(page())

    read_out(api_on(wire).deactivated([f"person.{at:02}@corp.example" for at in range(100)]))

    assert len(wire.sent) == 10


def quoted_strings(condition: str) -> list[str]:
    """Read `profile.login eq "…" or profile.email eq "…" or …`, and nothing else."""
    found: list[str] = []
    while condition:
        field = "profile.email eq " if len(found) % 2 else "profile.login eq "
        assert condition.startswith(field)
        text, end = json.JSONDecoder(strict=False).raw_decode(condition, len(field))
        found.append(text)
        condition = condition[end:]
        assert condition.startswith(" or profile.") or not condition
        condition = condition.removeprefix(" or ")
    return found


def test_nobody_is_not_searched() -> None:
    wire = scripted(page())

    assert list(api_on(wire).deactivated([])) == []
    assert wire.sent == []


# The token.


@pytest.mark.parametrize("token", [TOKEN, JWT])
def test_the_token_shows_nowhere(token: str) -> None:
    wire = scripted(page({"id": "1"}, following=f"{ORG}/x"), Reply(401, body=b"{}"))
    api = api_on(wire, token=token)

    shown = repr((api, wire.sent, list(api.app_users("0oa1")), api.app("0oa1")))

    assert token not in shown
    assert all(token not in request.url for request in wire.sent)


@pytest.mark.parametrize("token", [TOKEN, "00QCjAl4MlVxWPXMabcdefghij_0HmjFxvbGua0000"])
def test_the_redactor_knows_the_token_and_both_sides_of_an_underscore(token: str) -> None:
    api_on(scripted(page()), token=token)

    said = redactor.redact(f"a {token} b {token[:26]} c {token[27:]} d")

    assert re.sub(r"(\[redacted\])+", "[redacted]", said) == (
        "a [redacted] b [redacted] c [redacted] d"
    )


@pytest.mark.parametrize("token", ["", " ", "a\nb", "a\x00", "tökén"])
def test_a_token_that_http_cannot_carry_goes_nowhere(wire: Wire, token: str) -> None:
    exchange = api_on(wire, "http://127.0.0.1:1", token).app("0oa1")

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.PROTOCOL
    assert not token.strip() or token not in exchange.failure.detail


# Page by page.


def test_a_list_is_followed_as_it_leads(wire: Wire, serve: Callable[..., RawServer]) -> None:
    def first(client: Client) -> None:
        link = f'Link: <{server.url}/any/where?after=%61b&limit=1>; rel="next"'
        client.send(ok(b'[{"id": "1"}, "no object"]', b'Link: <x>; rel="self"', link.encode()))

    server = serve(first, ok(b'[{"id": "2"}]'))

    pages = list(api_on(wire, server.url).app_users("0oa1"))

    assert [item.items for item in pages] == [({"id": "1"},), ({"id": "2"},)]
    assert all(item.ok for item in pages)
    assert [item.exchange.reply.body for item in pages if item.exchange.reply] == [b"", b""]
    assert server.requests[1].startswith(b"GET /any/where?after=%61b&limit=1 HTTP/1.1\r\n")
    assert b"SSWS " + TOKEN.encode() in server.requests[1]


def test_a_page_is_asked_for_when_it_is_wanted() -> None:
    wire = scripted(page({"id": "1"}, following=f"{ORG}/x"), page())
    pages = api_on(wire).app_users("0oa1")

    assert wire.sent == []
    next(pages)
    assert len(wire.sent) == 1


def test_the_next_page_is_prefetched_before_this_one_is_looked_at() -> None:
    wire = scripted(page({"id": "1"}, following=f"{ORG}/x"), page({"id": "2"}))
    pages = api_on(wire).app_users("0oa1", prefetch=True)

    assert next(pages).items == ({"id": "1"},)
    assert [request.url for request in wire.sent[1:]] == [f"{ORG}/x"]
    assert [item.items for item in pages] == [({"id": "2"},)]
    assert len(wire.sent) == 2


@each_case(
    "following",
    [
        "https://evil.example/api/v1/apps",
        "http://corp.okta.com/api/v1/apps",
        "https://corp.okta.com:444/api/v1/apps",
        "https://corp.okta.com.evil.example/",
        "https://corp.okta.com@evil.example/",
        "https://corp-admin.okta.com/api/v1/apps",
        "//evil.example/api/v1/apps",
        "javascript:alert(1)",
        "https://[/",
        "//[x",
    ],
)
def test_another_server_is_not_followed(following: str) -> None:
    wire = scripted(page({"id": "1"}, following=following))

    first, last = api_on(wire).app_users("0oa1", prefetch=True)

    assert first.items == ({"id": "1"},)
    assert failure_of(last) == (
        FailureKind.WITHHELD,
        "Okta's reply leads to another server; nothing was sent there.",
    )
    assert len(wire.sent) == 1


def test_a_link_with_a_name_in_it_is_not_followed(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    server: RawServer = serve(
        lambda client: client.send(
            ok(b"[]", b'Link: <http://x@127.0.0.1:%d/>; rel="next"' % server.port)
        )
    )

    _, last = api_on(wire, server.url).app_users("0oa1", prefetch=True)

    assert failure_of(last)[0] is FailureKind.WITHHELD
    assert len(server.requests) == 1


@pytest.mark.parametrize("following", ["?limit=500", "/api/v1/apps/0oa1/users?limit=500"])
def test_a_list_that_leads_back_to_itself_ends(following: str) -> None:
    wire = scripted(page({"id": "1"}, following=following))

    _, last = api_on(wire).app_users("0oa1", prefetch=True)

    assert failure_of(last) == (
        FailureKind.WITHHELD,
        "The list leads back to a page that was read before, so it has no end.",
    )
    assert len(wire.sent) == 1


def test_pages_that_alternate_end_the_list() -> None:
    wire = ScriptedWire(lambda url: page({"id": str(len(url) % 2)}, following=f"{url}0"))

    *pages, last = api_on(wire).app_users("0oa1", prefetch=True)

    assert [item.ok for item in pages] == [True] * 3
    assert last.is_endless
    assert failure_of(last)[1] == (
        "The list leads back to a page that was read before, so it has no end."
    )


def test_a_link_that_gets_longer_and_longer_ends_the_list() -> None:
    wire = ScriptedWire(lambda url: page({"id": str(len(url))}, following=f"{url}/{'x' * 1_000}"))

    *pages, last = api_on(wire).app_users("0oa1", prefetch=True)

    assert len(pages) < 12
    assert last.is_endless
    assert failure_of(last)[1] == ("The list leads to an address that gets longer and longer.")


def test_empty_pages_without_end_end() -> None:
    wire = ScriptedWire(lambda url: page(following=f"{ORG}/x?after={len(wire.sent)}"))

    *pages, last = islice(api_on(wire).app_users("0oa1", prefetch=True), 1_200)

    assert last.is_endless
    assert failure_of(last) == (
        FailureKind.WITHHELD,
        f"{len(pages):,} pages of the list brought 0 entries only.",
    )
    assert len(wire.sent) < 1_100


def test_a_429_before_every_page_ends_the_list() -> None:
    wire = ScriptedWire(
        lambda url: (
            page({"id": url}, following=f"{ORG}/x?after={len(wire.sent)}")
            if len(wire.sent) % 2
            else Reply(429)
        )
    )

    *pages, last = OktaApi(
        cast("Wire", wire), ORG, TOKEN, pause=lambda _: None, now=lambda: NOW
    ).app_users("0oa1", prefetch=True)

    assert len(pages) < 30
    assert last.is_endless
    assert "to wait" in failure_of(last)[1]


@pytest.mark.parametrize(
    "answer",
    [
        Reply(401, headers=(("link", f'<{ORG}/x>; rel="next"'),), body=b'{"errorCode": "x"}'),
        Reply(302, headers=(("location", f"{ORG}/x"),)),
        Reply(200, headers=(("link", f'<{ORG}/x>; rel="next"'),), body=b"<html>"),
        Reply(200, body=b'{"errorCode": "x"}'),
        Reply(500, body=b"x" * BODY_LIMIT, truncated=True),
    ],
)
def test_what_is_no_page_ends_the_list_and_is_kept(answer: Reply) -> None:
    wire = scripted(page({"id": "1"}, following=f"{ORG}/x?limit=9"), answer)

    _, last = api_on(wire).app_users("0oa1", prefetch=True)

    assert (last.ok, last.items) == (False, ())
    assert last.exchange.reply is answer
    assert len(wire.sent) == 2


# Pages that are larger than what is read of a reply.


def app_users(number: int, size: int) -> bytes:
    fill = "x" * size
    return json.dumps([{"id": f"00u{at}", "fill": fill} for at in range(number)]).encode()


def test_a_page_that_is_too_large_is_asked_for_in_parts(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    """500 people of 4 KB each are 2 MB, of which one is read."""

    def answer(client: Client) -> None:
        target = urlsplit(server.requests[-1].split(b" ")[1].decode())
        query = parse_qs(target.query)
        limit, after = int(query["limit"][0]), int(query.get("after", ["0"])[0])
        more = f'Link: <{server.url}{target.path}?after={after + limit}&limit={limit}>; rel="next"'
        links = [more.encode()] if after + limit < 200 else []
        client.send(ok(app_users(limit, 4_000), *links))

    server: RawServer = serve(answer)

    pages = list(api_on(wire, server.url).app_users("0oa1", prefetch=True))

    assert [len(item.items) for item in pages] == [100, 100]
    assert all(item.ok for item in pages)
    targets = [request.split(b" ")[1].decode() for request in server.requests]
    assert [target.partition("?")[2] for target in targets] == [
        "limit=500",
        "limit=100",
        "after=100&limit=100",
    ]


def test_a_link_to_a_page_that_is_too_large_keeps_all_but_its_limit() -> None:
    def answer(url: str) -> Reply:
        if "limit=500" in url and "after" not in url:
            return page({"id": "1"}, following=f"{ORG}/x?limit=500&after=%61limit=7#limit=8")
        return Reply(200, body=b"[", truncated="limit=4" not in url)

    wire = ScriptedWire(answer)

    list(api_on(wire).app_users("0oa1", prefetch=True))

    assert [request.url.removeprefix(ORG) for request in wire.sent[1:]] == [
        f"/x?limit={limit}&after=%61limit=7#limit=8" for limit in (500, 100, 20, 4)
    ]


@pytest.mark.parametrize("limit", [500, 100])
def test_a_page_in_parts_that_leads_back_to_itself_ends_the_list(limit: int) -> None:
    first = Reply(200, body=b"[", truncated=True)
    wire = scripted(first, page({"id": "1"}, following=f"?limit={limit}"))

    _, last = api_on(wire).app_users("0oa1", prefetch=True)

    assert failure_of(last)[0] is FailureKind.WITHHELD
    assert len(wire.sent) == 2


@pytest.mark.parametrize("limit", ["", "limit=4", "limit=0", "limit=x", "limit=" + "9" * 5_000])
def test_a_page_that_is_always_too_large_ends_the_list(limit: str) -> None:
    answers = [page(following=f"{ORG}/x?{limit}"), Reply(200, body=b"[", truncated=True)]
    wire = scripted(*answers)

    _, last = api_on(wire).app_users("0oa1", prefetch=True)

    assert not last.ok
    assert last.exchange.reply == answers[1]
    assert len(wire.sent) < 12


# Limits.


class Clock:
    """A clock that goes on only while something waits."""

    def __init__(self) -> None:
        self.now = NOW
        self.waits: list[float] = []
        self.reported: list[tuple[str, float]] = []

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def api(self, wire: ScriptedWire) -> OktaApi:
        return OktaApi(
            cast("Wire", wire),
            ORG,
            TOKEN,
            pause=self.pause,
            now=lambda: self.now,
            on_wait=lambda *wait: self.reported.append(wait),
        )


def too_many(reset: str) -> Reply:
    return Reply(429, headers=(("x-rate-limit-reset", reset),))


def test_a_429_is_waited_for_until_the_reset() -> None:
    clock = Clock()
    wire = scripted(too_many(f"{NOW + 20:.0f}"), page({"id": "1"}))

    (only,) = clock.api(wire).app_users("0oa1", prefetch=True)

    assert only.items == ({"id": "1"},)
    assert clock.waits == [20]
    assert clock.reported == [("list app users", 20)]


@pytest.mark.parametrize(
    ("reset", "wait"), [("0", 1), ("-7", 60), ("9" * 14, 60), ("tomorrow", 60), ("", 60)]
)
def test_a_429_for_ever_is_given_up(reset: str, wait: float) -> None:
    clock = Clock()
    wire = scripted(too_many(reset))

    exchange = clock.api(wire).app("0oa1")

    assert exchange.reply == too_many(reset)
    assert clock.waits == [wait] * MOST_WAITS
    assert len(wire.sent) == MOST_WAITS + 1


def test_a_limit_that_is_used_up_is_waited_for_before_it_is_broken() -> None:
    clock = Clock()
    reset = f"{NOW + 30:.0f}"
    used_up = {"x_rate_limit_remaining": "0", "x_rate_limit_reset": reset}
    wire = scripted(
        page({"id": "1"}, following="?after=1", **used_up),
        page({"id": "2"}, following="?after=2", x_rate_limit_remaining="1"),
        page(),
    )
    api = clock.api(wire)
    pages = api.app_users("0oa1", prefetch=True)

    next(pages)
    assert clock.waits == []  # nothing more may be wanted
    api.app("0oa1")  # another endpoint, with a limit of its own
    assert clock.waits == []
    assert [item.ok for item in pages] == [True]
    assert clock.waits == [30]
    assert clock.reported == [("list app users", 30)]


def test_a_reset_that_has_passed_is_not_waited_for() -> None:
    clock = Clock()
    used_up = {"x_rate_limit_remaining": "0", "x_rate_limit_reset": f"{NOW + 30:.0f}"}
    api = clock.api(scripted(page(**used_up), page()))

    api.app("0oa1")
    clock.now += 31
    api.app("0oa1")

    assert clock.waits == []


def test_a_clock_that_is_set_back_costs_a_minute_at_most() -> None:
    clock = Clock()
    used_up = {"x_rate_limit_remaining": "0", "x_rate_limit_reset": f"{NOW + 30:.0f}"}
    api = clock.api(scripted(page(**used_up), page()))

    api.app("0oa1")
    clock.now -= 86_400
    api.app("0oa1")
    api.app("0oa1")

    assert clock.waits == [LONGEST_WAIT]


# Any server at all.

SOMEWHERE = st.sampled_from(
    ["?after=1", "?after=2&limit=9", "/x", "//evil.example/", f"{ORG}/y?limit=5", "//[", ""]
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["x-rate-limit-remaining", "x-rate-limit-reset", "date", "link"]),
        st.sampled_from(["0", "-1", "99999999999", "x", ""])
        | st.text(st.characters(codec="latin-1")),
    )
    | SOMEWHERE.map(lambda url: ("link", f'<{url}>; rel="next"')),
    max_size=4,
)
BODIES = st.sampled_from([b"[]", b"{}", b'[{"id": "1"}]', b"[[]]", b"<html>", b""]) | st.binary()
REPLIES = st.builds(
    lambda status, headers, body, truncated: Reply(
        status, headers=tuple(headers), body=body, truncated=truncated
    ),
    st.sampled_from([200, 200, 200, 204, 302, 401, 429, 500]),
    HEADERS,
    BODIES,
    st.booleans(),
)


@given(st.lists(REPLIES, min_size=1, max_size=8))
def test_any_server_comes_to_an_end(replies: list[Reply]) -> None:
    clock = Clock()
    wire = scripted(*replies)

    pages = list(clock.api(wire).app_users("0oa1", prefetch=True))

    assert pages
    assert all(item.ok for item in pages[:-1])
    assert all(0 < wait <= LONGEST_WAIT for wait in clock.waits)
    assert all(request.url.startswith(f"{ORG}/") for request in wire.sent)


def test_a_429_that_was_waited_for_in_vain_is_not_waited_for_again() -> None:
    waits: list[float] = []
    wire = ScriptedWire(lambda url: Reply(429))
    api = OktaApi(cast("Wire", wire), ORG, TOKEN, pause=waits.append, now=lambda: NOW)

    for _ in range(9):
        assert api.app("0oa1").reply == Reply(429)

    assert len(waits) == MOST_WAITS
