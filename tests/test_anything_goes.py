"""Whatever is typed and whatever is answered: a verdict, valid JSON, and never the key."""

from __future__ import annotations

import csv
import io
import json
import socket
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.command_line import CommandLine
from tests.support.json_values import json_values
from tests.support.loopback_network import loopback_network
from tests.support.stand_in import HOST, Reply, Script, StandIn, read_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.command_line import Ran

pytestmark = pytest.mark.no_cover

FIRST = "32ELEgPmoXjxGJ3MXfoPBbZKrfD"
SECRET = "1aBcDeFgHiJkLmNoPqRsT"
KEY = f"{FIRST}_{SECRET}"

STATUSES = (0, 1, 2, 3)
FIELDS = ("schema", "verdict", "okta", "findings", "repair", "users", "exchanges")

quick = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# Anything, and what is nearly right: the hardest values are those between the two.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
ODD = st.sampled_from(
    [
        *(
            " ",
            "\t",
            "\r\n",
            "\u00a0",
            "\u200b",
            "\ufeff",
            "\u202e",
            "\u2028",
            "\x1b[31m",
            "\udc80",
        ),
        *(
            "\u0430",
            "\u2026",
            '"',
            "`",
            "<",
            ">",
            "%20",
            "Bearer ",
            "//",
            "?",
            "#",
            "@",
            ":",
            "[",
            "_",
        ),
    ]
)


def nearly(right: str) -> st.SearchStrategy[str]:
    """Make values that differ from ``right`` in a few places."""

    def damaged(changes: list[tuple[int, str]]) -> str:
        value = right
        for place, odd in changes:
            cut = place % (len(value) + 1)
            value = value[:cut] + odd + value[cut:]
        return value

    return st.lists(st.tuples(st.integers(0, 200), ODD), max_size=4).map(damaged)


@contextmanager
def answering(reply: bytes) -> Iterator[str]:
    """Serve the very bytes ``reply`` to each request, and give the base URL."""
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                if read_head(connection):
                    connection.sendall(reply)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{listener.getsockname()[1]}/scim/v2/"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()


@pytest.fixture
def ngrok_scim(monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandLine]:
    with loopback_network(monkeypatch):
        yield CommandLine(monkeypatch)


def assert_answered(ngrok_scim: CommandLine, *arguments: str, key: str, form: str = "json") -> None:
    # Standard input is the one way in for every character, U+0000 and broken ones too.
    command = ("test-connect", "--no-input", "--timeout=5", f"--format={form}")
    ran = ngrok_scim(
        *command, "--api-key-file=-", *arguments, stdin=key.encode("utf-8", "surrogatepass")
    )
    assert ran.status in STATUSES, ran.err
    shown = (ran.out + ran.err).lower()
    assert not any(SECRET[start : start + 10].lower() in shown for start in range(12))
    assert "\x1b" not in ran.out + ran.err
    if form == "json" and ran.status != 2:
        document = json.loads(ran.out)
        assert all(name in document for name in FIELDS)
        assert ran.out.isascii()


@quick
@given(
    base_url=ANY_TEXT | nearly("https://api.ngrok.com/scim/v2/") | nearly(f"https://{KEY}@x/"),
    key=ANY_TEXT | nearly(KEY),
    unique_id=ANY_TEXT | nearly("email"),
    auth_mode=ANY_TEXT | nearly("HTTP Header"),
    action=ANY_TEXT | nearly("Push New Users"),
    form=st.sampled_from(["json", "text", "markdown"]),
)
@example(KEY, "https://api.ngrok.com/scim/v2/", KEY, KEY, KEY, "json")
@example("https://[::1", KEY, "", "", "", "json")
@example("https://api.ngrok.com:99999999/", KEY, "", "", "", "text")
def test_any_five_values_get_a_verdict(
    ngrok_scim: CommandLine,
    base_url: str,
    key: str,
    unique_id: str,
    auth_mode: str,
    action: str,
    form: str,
) -> None:
    arguments = [f"--base-url={base_url}", f"--unique-id={unique_id}", f"--auth-mode={auth_mode}"]
    assert_answered(ngrok_scim, *arguments, f"--action={action}", key=key, form=form)


@quick
@given(
    reply=st.binary(max_size=300)
    | st.binary(max_size=200).map(lambda body: Reply(body=body).render())
    | nearly(Reply(401, body=b'{"detail": "no"}').render().decode()).map(
        lambda text: text.encode("utf-8", "surrogateescape")
    )
)
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}")
@example(b"HTTP/1.1 999 \r\n\r\n")
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n")
@example(Reply(headers=(("Content-Encoding", "gzip, deflate, br"),), body=b"\x1f\x8b").render())
@example(Reply(body=b"[" * 100_000).render())
def test_any_bytes_as_a_reply(ngrok_scim: CommandLine, reply: bytes) -> None:
    with answering(reply) as base_url:
        assert_answered(ngrok_scim, f"--base-url={base_url}", key=KEY)


JSON = json_values()
USERS = st.lists(
    JSON
    | st.fixed_dictionaries(
        {},
        optional={
            "id": st.text(max_size=9) | JSON,
            "userName": st.text(max_size=30) | JSON,
            "displayName": JSON,
            "active": JSON,
            "emails": JSON,
            "name": JSON,
        },
    ),
    max_size=4,
)
DOCUMENTS = JSON | st.fixed_dictionaries(
    {"schemas": st.just(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]) | JSON},
    optional={
        "totalResults": st.integers() | JSON,
        "startIndex": st.just(1) | JSON,
        "itemsPerPage": st.just(2) | JSON,
        "Resources": USERS | JSON,
        "detail": st.just(f"Your credential: '{KEY}'") | JSON,
        "error_code": st.sampled_from(["ERR_NGROK_203", "ERR_NGROK_1"]) | JSON,
        "msg": st.just(f"Your authentication: '{KEY}'") | JSON,
        "details": JSON,
    },
)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@quick
@given(
    status=st.sampled_from([200, 200, 200, 301, 400, 401, 403, 404, 429, 500]),
    document=DOCUMENTS,
    key=nearly(KEY),
)
def test_any_json_as_a_reply(
    ngrok_scim: CommandLine, stand_in: StandIn, status: int, document: object, key: str
) -> None:
    stand_in.follow(Script(Reply(status, body=json.dumps(document).encode())))
    base_url = f"http://{HOST}:{stand_in.port}/scim/v2/"
    assert_answered(ngrok_scim, f"--base-url={base_url}", key=key)
    assert len(stand_in.seen) <= 2


@quick
@given(
    status=st.sampled_from([200, 200, 200, 200, 301, 404, 500]),
    document=DOCUMENTS,
    form=st.sampled_from(["text", "jsonl", "csv", "json"]),
)
def test_any_json_as_a_page_of_users(
    ngrok_scim: CommandLine, stand_in: StandIn, status: int, document: object, form: str
) -> None:
    stand_in.follow(Script(Reply(status, body=json.dumps(document).encode())))
    ran = users(ngrok_scim, stand_in, "list", f"--format={form}")
    assert ran.status in (0, 1)
    assert not {"\x1b", "\u202e", "\u2028"} & set(ran.out + ran.err)
    if form == "json":
        assert isinstance(json.loads(ran.out)["listed"], list)
    if form == "jsonl":
        assert all(isinstance(json.loads(line), dict) for line in ran.out.splitlines())
    if form == "csv" and ran.out:
        sheet = list(csv.reader(io.StringIO(ran.out, newline=""), strict=True))
        assert {len(record) for record in sheet} == {5}


@quick
@given(
    status=st.sampled_from([200, 200, 200, 200, 301, 404, 500]),
    document=DOCUMENTS,
    command=st.sampled_from([("audit",), ("trace", "ada@corp.example")])
    | st.tuples(st.just("trace"), ANY_TEXT.filter(lambda text: not text.startswith("-"))),
)
def test_any_json_as_what_ngrok_knows_of_people(
    ngrok_scim: CommandLine,
    stand_in: StandIn,
    status: int,
    document: object,
    command: tuple[str, ...],
) -> None:
    stand_in.follow(Script(Reply(status, body=json.dumps(document).encode())))
    ran = users(ngrok_scim, stand_in, *command, "--format=json")
    assert ran.status in STATUSES, ran.err
    if ran.status != 2:
        assert json.loads(ran.out)["command"] == f"users {command[0]}"
        assert ran.out.isascii()


def users(ngrok_scim: CommandLine, stand_in: StandIn, *arguments: str) -> Ran:
    base_url = f"--base-url=http://{HOST}:{stand_in.port}/scim/v2/"
    options = ("--no-input", "--timeout=5", "--api-key-file=-", base_url)
    return ngrok_scim("users", *arguments, *options, stdin=KEY.encode())
