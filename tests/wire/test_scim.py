from __future__ import annotations

import json
from threading import Event
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.wire import pages
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from ngrok_scim_cli.wire.retry_policy import LONGEST_WAIT, MOST_WAITS
from ngrok_scim_cli.wire.scim import OktaScim
from tests.support.cases import each_case
from tests.support.raw_server import EMPTY_OK, RawServer, ok, read_request
from tests.wire.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Request
    from ngrok_scim_cli.wire.pages import Page
    from tests.support.raw_server import Client


class Recorder:
    """Stands in for a wire, and keeps what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[Request] = []

    def send(self, request: Request) -> Exchange:
        self.sent.append(request)
        return Exchange(request.purpose, request.method, request.url)


def test_the_connector_test_goes_out_byte_for_byte_as_okta_sends_it(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    server = serve(EMPTY_OK)

    exchange = OktaScim(wire, f"{server.url}/scim/v2/", KEY).list_users()

    assert server.requests == [
        b"GET /scim/v2/Users?startIndex=1&count=2 HTTP/1.1\r\n"
        b"Accept: application/scim+json\r\n"
        b"Accept-Charset: utf-8\r\n"
        b"User-Agent: Okta SCIM Client 1.0.0\r\n"
        b"Authorization: Bearer " + KEY.encode() + b"\r\n"
        b"Host: " + server.url[7:].encode() + b"\r\n"
        b"Connection: Keep-Alive\r\n"
        b"Accept-Encoding: gzip,deflate\r\n"
        b"\r\n"
    ]
    assert exchange.purpose == "as typed"


@each_case(
    ("path", "target"),
    [
        ("", b"/Users?startIndex=1&count=2"),
        ("/", b"/Users?startIndex=1&count=2"),
        ("/scim/v2", b"/scim/v2/Users?startIndex=1&count=2"),
        ("/scim/v2//", b"/scim/v2//Users?startIndex=1&count=2"),
        ("//scim//v2/", b"//scim//v2/Users?startIndex=1&count=2"),
        ("/scim/v2/Users", b"/scim/v2/Users/Users?startIndex=1&count=2"),
        ("/scim/v2?a=b", b"/scim/v2?a=b/Users?startIndex=1&count=2"),
        ("/scim/v2/#part", b"/scim/v2/"),
        ("/SCIM/V2/%7Ex", b"/SCIM/V2/%7Ex/Users?startIndex=1&count=2"),
    ],
)
def test_the_base_url_is_kept_but_for_one_slash(
    wire: Wire, serve: Callable[..., RawServer], path: str, target: bytes
) -> None:
    server = serve(EMPTY_OK)

    OktaScim(wire, server.url + path, KEY).list_users()

    assert server.requests[0].split(b" ")[1] == target


def test_a_page_may_be_asked_for(wire: Wire, serve: Callable[..., RawServer]) -> None:
    server = serve(EMPTY_OK)

    OktaScim(wire, server.url, KEY).list_users(start_index=101, count=100, purpose="audit")

    assert server.requests[0].startswith(b"GET /Users?startIndex=101&count=100 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("user_name", "condition"),
    [
        ("jane@corp.com", "userName%20eq%20%22jane%40corp.com%22"),
        ('a"b\\c', "userName%20eq%20%22a%5C%22b%5C%5Cc%22"),
        ("a&b=c d", "userName%20eq%20%22a%26b%3Dc%20d%22"),
        ("é\n", "userName%20eq%20%22%C3%A9%5Cn%22"),
        ("\ud800", "userName%20eq%20%22%3F%22"),
    ],
)
def test_the_look_up_filters_by_user_name(
    wire: Wire, serve: Callable[..., RawServer], user_name: str, condition: str
) -> None:
    server = serve(EMPTY_OK)

    exchange = OktaScim(wire, f"{server.url}/scim/v2/", KEY).find_user(user_name)

    target = f"/scim/v2/Users?filter={condition}&startIndex=1&count=100"
    assert server.requests[0].split(b" ")[1] == target.encode()
    assert exchange.purpose == "look-up"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"])))
@example('" or userName pr or userName eq "')
def test_a_user_name_cannot_leave_its_quotes(user_name: str) -> None:
    recorder = Recorder()

    OktaScim(recorder, "https://a.test", KEY).find_user(user_name)  # type: ignore[arg-type]

    query = parse_qs(urlsplit(recorder.sent[0].url).query, strict_parsing=True)
    assert set(query) == {"filter", "startIndex", "count"}
    quoted = query["filter"][0].removeprefix("userName eq ")
    assert json.loads(quoted) == user_name


def test_the_key_does_not_show_in_the_request() -> None:
    recorder = Recorder()

    OktaScim(recorder, "https://a.test", KEY).list_users()  # type: ignore[arg-type]

    assert KEY not in repr(recorder.sent)


@pytest.mark.parametrize(
    ("user_id", "target"),
    [("usr_1", b"/scim/v2/Users/usr_1"), ("../x?y#\ud800", b"/scim/v2/Users/..%2Fx%3Fy%23%3F")],
)
def test_one_user_is_read_by_id(
    wire: Wire, serve: Callable[..., RawServer], user_id: str, target: bytes
) -> None:
    server = serve(EMPTY_OK)

    exchange = OktaScim(wire, f"{server.url}/scim/v2/", KEY).user(user_id)

    assert server.requests[0].split(b" ")[1] == target
    assert exchange.purpose == "read user"


# Page by page.


class Directory:
    """Stands in for a wire with a SCIM endpoint that pages as it is told.

    Attributes:
        starts: the ``startIndex`` of each request.
    """

    def __init__(self, *answers: Reply) -> None:
        self._answers = answers
        self.starts: list[int] = []

    def send(self, request: Request) -> Exchange:
        query = parse_qs(urlsplit(request.url).query)
        self.starts.append(int(query["startIndex"][0]))
        reply = self._answers[min(len(self.starts), len(self._answers)) - 1]
        return Exchange(request.purpose, request.method, request.url, reply)

    def begin(self, request: Request) -> Callable[[], Exchange]:
        exchange = self.send(request)
        return lambda: exchange

    def pages(self, **options: Callable[..., None] | bool) -> list[Page]:
        endpoint = OktaScim(cast("Wire", self), "https://a.test", KEY)
        return list(endpoint.pages(**{"pause": no_wait, **options}))  # type: ignore[arg-type]


def no_wait(seconds: float) -> None:
    pytest.fail(f"a wait of {seconds} s")


def listing(*ids: object, total: object = 0) -> Reply:
    users = [{"id": item} for item in ids]
    return Reply(200, body=json.dumps({"totalResults": total, "Resources": users}).encode())


def test_the_users_are_read_page_by_page_as_okta_does(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    first = {"totalResults": 3, "startIndex": 1, "Resources": [{"id": "1"}, {"id": "2"}]}
    second = {"totalResults": 3, "startIndex": 3, "Resources": [{"id": "3"}]}
    server = serve(ok(json.dumps(first).encode()), ok(json.dumps(second).encode()))

    pages = list(OktaScim(wire, f"{server.url}/scim/v2/", KEY).pages())

    assert [request.split(b" ")[1] for request in server.requests] == [
        b"/scim/v2/Users?startIndex=1&count=100",
        b"/scim/v2/Users?startIndex=3&count=100",
    ]
    assert b"\r\nUser-Agent: Okta SCIM Client 1.0.0\r\n" in server.requests[1]
    assert [page.items for page in pages] == [({"id": "1"}, {"id": "2"}), ({"id": "3"},)]
    assert [(page.asked, page.start, page.total) for page in pages] == [(1, 1, 3), (3, 3, 3)]
    assert [page.exchange.reply.body for page in pages if page.exchange.reply] == [b"", b""]
    assert {page.exchange.purpose for page in pages} == {"list users"}


def test_a_page_is_asked_for_when_it_is_wanted() -> None:
    directory = Directory(listing("1", total=9))
    pages = OktaScim(cast("Wire", directory), "https://a.test", KEY).pages()

    assert directory.starts == []
    assert next(pages).exchange.url == "https://a.test/Users?startIndex=1&count=100"
    assert directory.starts == [1]


def test_the_next_page_is_prefetched_before_this_one_is_looked_at(wire: Wire) -> None:
    second_is_asked_for = Event()

    def serve_both(client: Client) -> None:
        client.send(ok(listing("1", total=2).body))
        read_request(client.connection)
        second_is_asked_for.set()
        client.send(ok(listing("2", total=2).body))

    with RawServer(serve_both) as server:
        pages = OktaScim(wire, server.url, KEY).pages(prefetch=True)

        assert next(pages).items == ({"id": "1"},)
        assert second_is_asked_for.wait(10)
        assert [page.items for page in pages] == [({"id": "2"},)]


@each_case(
    ("answers", "starts"),
    [
        # Where the total is reached, whatever the pages are like.
        ([listing("1", "2", total=2)], [1]),
        ([listing("1", "2", "3", total=2)], [1]),
        ([listing("1", total=3), listing("2", total=3), listing("3", total=3)], [1, 2, 3]),
        ([listing(total=0)], [1]),
        ([listing("1", total=0)], [1]),
        ([listing("1", total=-5)], [1]),
        # The total may change under way.
        ([listing("1", total=9), listing("2", total=2)], [1, 2]),
        ([listing("1", total=2), listing("2", total=3), listing("3", total=3)], [1, 2, 3]),
        # At an empty page, though the total says that there is more, or nothing.
        ([listing("1", total=9), listing(total=9)], [1, 2]),
        ([listing("1", total=None), listing("2", total="9"), listing(total=None)], [1, 2, 3]),
        # Where the same page comes again, which can go on for ever.
        ([listing("1", "2", total=None)], [1, 3]),
        ([listing("1", "2", total=9)], [1, 3]),
        ([listing("1", "2", total=9), listing("2", "1", total=9), listing(total=9)], [1, 3, 5]),
        # Users without an id are told apart by all the rest.
        ([listing(None, total=3)], [1, 2]),
        ([listing(None, total=3), listing({}, total=3), listing(None, total=3)], [1, 2, 3]),
        ([listing({}, [], total=4)], [1, 3]),
        ([Reply(200, body=b'{"totalResults": 9, "Resources": [null, false]}')], [1, 3]),
    ],
)
def test_a_list_is_read_until_its_last_page(answers: list[Reply], starts: list[int]) -> None:
    for prefetch in (False, True):
        directory = Directory(*answers)

        pages = directory.pages(prefetch=prefetch)

        assert directory.starts == starts
        assert [page.asked for page in pages] == starts
        assert all(page.ok for page in pages)


def test_what_is_no_user_counts_as_one_that_came() -> None:
    odd = Reply(200, body=b'{"totalResults": 3, "Resources": [{"id": "1"}, null, "x"]}')
    directory = Directory(odd)

    (page,) = directory.pages()

    assert page.items == ({"id": "1"},)
    assert directory.starts == [1]


@pytest.mark.parametrize(
    "answer",
    [
        Reply(401, body=b'{"detail": "x"}'),
        Reply(302, headers=(("location", "https://a.test/"),)),
        Reply(200, body=b"<html>"),
        Reply(200, body=b'{"totalResults": 9}'),
        Reply(200, body=b'{"totalResults": 9, "Resources": []}', truncated=True),
    ],
)
def test_what_is_no_page_ends_the_list_and_is_kept(answer: Reply) -> None:
    directory = Directory(listing("1", total=9), answer)

    first, last = directory.pages()

    assert (first.ok, last.ok, last.items, last.asked) == (True, False, (), 2)
    assert last.exchange.reply is answer


@pytest.mark.parametrize(
    ("bound", "most", "reason"),
    [
        ("MOST_ITEMS", 3, "The list goes on after 3 entries."),
        ("MOST_BYTES", 100, "The list goes on after 0.0 GiB."),
        ("MOST_TEXT", 3, "3 entries of the list have more than 3 characters of text."),
        ("MOST_HEADERS", 0, "The headers and links of the list take more than 0 bytes."),
        ("MOST_SECONDS", 0, "The list was not read to its end within 0 hours."),
        ("_PAGES_WITH_ANYTHING", 2, "3 pages of the list brought 3 entries only."),
    ],
)
@pytest.mark.parametrize("total", [None, 10**9])
def test_a_list_without_end_ends(
    monkeypatch: pytest.MonkeyPatch, bound: str, most: int, reason: str, total: int | None
) -> None:
    monkeypatch.setattr(pages, "_BYTES_NOT_COUNTED", 0)
    monkeypatch.setattr(pages, bound, most)
    directory = Directory(*(listing(str(number), total=total) for number in range(9)))

    *read, last = directory.pages(prefetch=True)

    assert len(read) <= 3
    assert len(directory.starts) == len(read)
    assert all(page.ok for page in read)
    assert last.exchange.failure == Failure(FailureKind.PROTOCOL, reason)
    assert (last.ok, last.items, last.is_endless) == (False, (), True)


def test_pages_that_alternate_end_the_list() -> None:
    answers = [listing("1", "2", total=99), listing("3", "4", total=99)] * 9

    assert Directory(*answers).pages()[-1].asked == 5


def test_a_429_before_every_page_ends_the_list() -> None:
    answers = [
        answer for number in range(99) for answer in (Reply(429), listing(str(number), total=999))
    ]

    *read, last = Directory(*answers).pages(pause=lambda _: None)

    assert len(read) < 30
    assert last.is_endless
    assert last.exchange.failure is not None
    assert "to wait" in last.exchange.failure.detail


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7.0), ("0", 1.0), ("99999", LONGEST_WAIT), (None, LONGEST_WAIT)]
)
def test_a_429_is_waited_for(asked: str | None, waited: float) -> None:
    headers = (("retry-after", asked),) if asked else ()
    refusal = Reply(429, headers=headers)
    directory = Directory(refusal, listing("1", total=2), refusal, listing("2", total=2))
    waits: list[float] = []
    reported: list[tuple[str, float]] = []

    pages = directory.pages(
        prefetch=True, pause=waits.append, on_wait=lambda *wait: reported.append(wait)
    )

    assert [page.items for page in pages] == [({"id": "1"},), ({"id": "2"},)]
    assert directory.starts == [1, 1, 2, 2]
    assert waits == [waited, waited]
    assert reported == [("list users", waited)] * 2


def test_a_429_for_ever_is_given_up() -> None:
    directory = Directory(Reply(429))
    waits: list[float] = []

    (page,) = directory.pages(pause=waits.append)

    assert not page.ok
    assert page.exchange.reply == Reply(429)
    assert waits == [LONGEST_WAIT] * MOST_WAITS


USERS = st.lists(st.none() | st.just("x") | st.builds(lambda item: {"id": item}, st.text()))
NUMBERS = st.none() | st.booleans() | st.floats() | st.text() | st.integers(-9, 20)
DOCUMENTS = st.fixed_dictionaries(
    {}, optional={"totalResults": NUMBERS, "startIndex": NUMBERS, "Resources": USERS | NUMBERS}
)
REPLIES = st.builds(
    lambda status, document: Reply(status, body=json.dumps(document).encode()),
    st.sampled_from([200, 200, 200, 200, 401, 429]),
    DOCUMENTS,
)


@given(st.lists(REPLIES, min_size=1, max_size=8))
def test_any_endpoint_comes_to_an_end(replies: list[Reply]) -> None:
    # The last answer comes for ever; an endless list is bounded, and tested above.
    directory = Directory(*replies, Reply(404))
    waits: list[float] = []

    pages = directory.pages(pause=waits.append)

    assert pages
    assert all(page.ok for page in pages[:-1])
    assert all(0 < wait <= LONGEST_WAIT for wait in waits)
    assert sorted(directory.starts) == directory.starts
