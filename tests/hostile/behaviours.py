"""What a server may do to whoever asks it: each behaviour by its name."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import zlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.support.raw_server import EMPTY_OK, Client, ok

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEY = "2abcdefghijklmnopqrstuvwxyz_7SECRETSECRETSECRET01"
SECRET = KEY.partition("_")[2]
TOKEN = "00Zaunkoenig7Heckenbraunelle_RotkehlchenZe"

MEGABYTE = 1024 * 1024
JSON = b"Content-Type: application/json"

Answer = "bytes | Callable[[Client], None]"


def reply(status: int, body: bytes | str = b"", *headers: bytes) -> bytes:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return b"HTTP/1.1 %d X\r\n%bContent-Length: %d\r\n\r\n%b" % (
        status,
        b"".join(header + b"\r\n" for header in headers),
        len(data),
        data,
    )


def document(value: object, status: int = 200, *headers: bytes) -> bytes:
    return reply(status, json.dumps(value), JSON, *headers)


def listing(*users: object, total: object = 1, **more: object) -> bytes:
    return document({"totalResults": total, "startIndex": 1, "Resources": users, **more})


def scim_error(detail: object, status: int = 400) -> bytes:
    schema = "urn:ietf:params:scim:api:messages:2.0:Error"
    return document({"schemas": [schema], "detail": detail, "status": str(status)}, status)


def user(name: str, **more: object) -> dict[str, object]:
    return {"id": "1", "userName": name, "active": True, "emails": [{"value": name}], **more}


def endless(head: bytes, more: bytes) -> Callable[[Client], None]:
    """Send ``head``, and then ``more`` until the other side has had enough."""

    def answer(client: Client) -> None:
        client.send(head)
        while not client.stopping.is_set():
            client.send(more)

    return answer


def then(first: bytes, end: Callable[[Client], None]) -> Callable[[Client], None]:
    def answer(client: Client) -> None:
        client.send(first)
        end(client)

    return answer


def growing() -> Callable[[Client], None]:
    """Answer with a page of one user who is new each time, and a link that is new, too."""
    number = itertools.count()

    def answer(client: Client) -> None:
        item = next(number)
        page = {"totalResults": 10**9, "Resources": [user(f"{item}@x.test", id=str(item))]}
        link = b'Link: </api/v1/x?after=%d>; rel="next"' % item
        client.send(ok(json.dumps(page).encode(), JSON, link, b"Connection: close"))

    return answer


def layered(times: int) -> bytes:
    """Return an empty list, packed so often."""
    packed = b"[]"
    for _ in range(times):
        packed = gzip.compress(packed)
    return packed


# A number that JSON allows and no float holds, wherever one is read.
INFINITE = """{"totalResults": 1e999, "startIndex": 1e999, "itemsPerPage": 1e999, "status": 1e999,
 "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": 1e999, "scimType": 1e999,
 "error_code": 1e999, "status_code": 1e999, "msg": 1e999, "errorCode": 1e999,
 "keys": [{"id": 1e999}],
 "Resources": [{"id": 1e999, "userName": 1e999, "active": 1e999, "emails": [1e999]}]}"""

OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = OPEN + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = OPEN + b"Content-Length: 9999999999\r\n\r\n"
BIG_CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"
ESCAPED = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
NUMBERS = " ".join(str(byte) for byte in SECRET.encode())

# Texts that a server, or whoever may set a name in the directory, puts into a field.
TEXTS: Mapping[str, str] = {
    "key": f"Your credential: '{KEY}' is wrong",
    "key in base64": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    "lower-cased key in base64": base64.b64encode(KEY.lower().encode()).decode(),
    "key in hexadecimal": KEY.encode().hex(),
    "key in the URL": quote(f"https://x/?k={KEY}"),
    "key broken by line breaks": "\n".join(SECRET[at : at + 4] for at in range(0, 21, 4)),
    "key as a list of bytes": f"[{NUMBERS}]",
    "key in octal": "".join(f"\\{ord(letter):03o}" for letter in SECRET),
    "key in padded entities": "".join(f"&#{ord(letter):07d};" for letter in SECRET),
    "key escaped twice": "".join(f"\\\\u{ord(letter):04x}" for letter in SECRET),
    "key at the cut": "x" * 1_990 + SECRET,
    "key behind much": "y " * 2_000 + SECRET,
    "token": f"SSWS {TOKEN}",
    "escape sequences": "\x1b[2J\x1b]0;owned\x07\x1b]52;c;aGk=\x07\x9b31m",
    "directions": "\u202ereverse\u2066isolate\u200bzero",
    "marks": "e" + "\u0301" * 5_000,
    "broken text": "\ud800\udfff\ufffe",
    "GitHub's mask": "::add-mask::x\n ::add-mask::y",
    "GitHub's stop": "first\n::stop-commands::token\n::error::x",
    "GitHub's errors wherever a line breaks": "::error::x " * 90,
    "Azure's variable": "##vso[task.setvariable variable=a]b",
    "old commands": "x ##[error]y ##[add-path]/tmp",
    "TeamCity's message": "##teamcity[testFailed name='x']",
    "markup of ours": "[bold red]x[/] <script>alert(1)</script> ](javascript:x)",
    "a very long word": "w" * 300_000,
    "a formula": '=HYPERLINK("http://evil.example")',
}

WIRE: Mapping[str, bytes | Callable[[Client], None]] = {
    # Nothing, or no HTTP.
    "says nothing": Client.hold,
    "hangs up": Client.hang_up,
    "closes at once": lambda client: client.connection.close(),
    "speaks no HTTP": b"220 mail.example ESMTP\r\n",
    "speaks TLS alerts": b"\x15\x03\x01\x00\x02\x02\x46",
    "sends zeros": endless(b"", bytes(65536)),
    "sends line breaks": endless(b"", b"\r\n" * 4096),
    "HTTP/0.9": b"<html>hello</html>",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    # The head.
    "stops in the status line": then(b"HTTP/1.1 2", Client.hold),
    "stops in the head": then(b"HTTP/1.1 200 OK\r\nX: ", Client.hold),
    "drips the head": lambda client: client.drip(EMPTY_OK * 9, every=0.2),
    "endless head": endless(b"HTTP/1.1 200 OK\r\n", b"X-Y: " + b"z" * 8192 + b"\r\n"),
    "endless header": endless(b"HTTP/1.1 200 OK\r\nX-Y: ", b"z" * 8192),
    "endless 100": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "endless 103": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 100),
    "status 999": reply(999),
    "status 101": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "status -1": b"HTTP/1.1 -1 X\r\n\r\n",
    "two lengths": OPEN + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]",
    "negative length": OPEN + b"Content-Length: -5\r\n\r\n[]",
    "length and chunks": OPEN + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a thousand headers": OPEN + b"X: y\r\n" * 1_000 + b"Content-Length: 0\r\n\r\n",
    "key in a header": reply(400, "{}", b"X-Echo: " + KEY.encode(), JSON),
    "key in the reason": b"HTTP/1.1 400 " + KEY.encode() + b"\r\nContent-Length: 0\r\n\r\n",
    "orders in a header": reply(400, "{}", b"X-Echo: \x1b[31m ::add-mask::x", JSON),
    "a cookie": reply(200, "[]", b"Set-Cookie: a=" + KEY.encode(), JSON),
    # Elsewhere.
    "redirect to another host": reply(302, "", b"Location: https://evil.example/"),
    "redirect to itself": reply(301, "", b"Location: /scim/v2/Users"),
    "asks for a password": reply(401, "", b'WWW-Authenticate: Basic realm="x"'),
    "429 for ever": reply(429, "{}", b"Retry-After: 1", b"X-Rate-Limit-Reset: 1", JSON),
    "429 with a wait that is no number": reply(429, "{}", b"Retry-After: nan", JSON),
    "429 with a wait below nothing": reply(429, "{}", b"Retry-After: -5", JSON),
    "redirect with a name in front": reply(302, "", b"Location: https://api.ngrok.com@evil.test/"),
    "redirect to no address": reply(302, "", b"Location: http://[::1"),
    "a realm without end": reply(401, "{}", b"WWW-Authenticate: " + b"a " * 20_000 + b"realm="),
    "links that do not end": reply(200, "[]", b"Link: " + b"<" * 40_000, JSON),
    "a command on a folded line": OPEN + b"X: a\r\n  ::add-mask::b\r\nContent-Length: 0\r\n\r\n",
    "429 with a huge wait": reply(429, "{}", b"Retry-After: 999999999999999999999", JSON),
    "503 with a date": reply(503, "", b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"),
    # The body.
    "stops in the body": then(OPEN + b'Content-Length: 9\r\n\r\n{"', Client.hold),
    "breaks in the body": then(OPEN + b'Content-Length: 9\r\n\r\n{"', Client.hang_up),
    "drips the body": then(LONG, lambda client: client.drip(b" " * 999, every=0.2)),
    "endless body": endless(LONG, b" " * 65536),
    "endless chunks": endless(CHUNKED, BIG_CHUNK),
    "chunks of one byte": endless(CHUNKED, b"1\r\n \r\n" * 9_000),
    "endless chunk extension": endless(CHUNKED, b"1;" + b"x" * 8192),
    "broken chunk": CHUNKED + b"zz\r\n",
    "endless trailers": endless(CHUNKED + b"0\r\n", b"X: " + b"y" * 8192 + b"\r\n"),
    "gzip bomb": reply(200, gzip.compress(bytes(200 * MEGABYTE), 1), b"Content-Encoding: gzip"),
    "gzip that ends and goes on": endless(
        OPEN
        + b"Content-Encoding: gzip\r\nContent-Length: 9999999999\r\n\r\n"
        + gzip.compress(b"[]"),
        b"x" * 65536,
    ),
    "deflate that ends and goes on": endless(
        OPEN
        + b"Content-Encoding: deflate\r\nContent-Length: 9999999999\r\n\r\n"
        + zlib.compress(b"[]"),
        b"x" * 65536,
    ),
    "brotli that was not asked for": reply(200, b"\x0b\x02\x80[]\x03", b"Content-Encoding: br"),
    "gzip in a hundred layers": reply(
        200, layered(100), b"Content-Encoding: " + b", ".join([b"gzip"] * 100), JSON
    ),
    "a charset that unpacks": reply(
        400, zlib.compress(bytes(MEGABYTE)), b"Content-Type: text/plain; charset=zlib"
    ),
    "a charset of escapes": reply(
        400, "\\x1b[31m\\N{BELL}", b"Content-Type: text/plain; charset=unicode_escape"
    ),
    "gzip that is none": reply(200, b"no gzip", b"Content-Encoding: gzip"),
    # JSON.
    "deep JSON": reply(200, "[" * 400_000, JSON),
    "a megabyte of small objects": reply(200, "[" + ",".join(['{"a":1}'] * 131_000) + "]", JSON),
    "a megabyte of empty lists": reply(200, "[" + ",".join(["[]"] * 349_000) + "]", JSON),
    "a number of 100,000 digits": reply(200, '{"totalResults": ' + "9" * 100_000 + "}", JSON),
    "infinity": reply(200, INFINITE, JSON),
    "an error of infinity": reply(400, INFINITE, JSON),
    "ids that lead elsewhere": listing(
        *(user("a@x.test", id=text) for text in ("../../api_keys", "..", "a?b#c", "a\r\nX: y", "")),
        total=5,
    ),
    "a title that never ends": reply(500, "<title>" * 60_000, b"Content-Type: text/html"),
    "nothing but quotes": reply(500, '"' * 200_000, b"Content-Type: text/plain"),
    "nothing but signs that cut": reply(500, "…a" * 50_000, b"Content-Type: text/plain"),
    "nothing but numbers": reply(500, "1.ff " * 50_000, b"Content-Type: text/plain"),
    "NaN": reply(200, '{"totalResults": NaN, "Resources": []}', JSON),
    "UTF-16": reply(200, '{"totalResults": 0}'.encode("utf-16"), JSON),
    "broken UTF-8": reply(200, b'{"totalResults": "\xff\xfe"}', JSON),
    "the same name a thousand times": reply(200, "{" + '"totalResults": 1,' * 999 + '"a": 1}'),
    "a string": document("no object"),
    "null": document(None),
    "lists where texts are wanted": listing(user("a@x.test", id=[], active={}, emails=7)),
    "a total of minus one": listing(total=-1),
    "a total of 10 ** 300": listing(user("a@x.test"), total=10**300),
    "escaped key in JSON that is no SCIM error": reply(400, f'{{"x": "{ESCAPED}"}}', JSON),
    "escaped key in a list": reply(500, f'["{ESCAPED}"]', JSON),
    "a web page": reply(403, f"<title>\x1b[31m{KEY}</title>", b"Content-Type: text/html"),
    # Lists.
    "an endless list": growing(),
    "the same page for ever": document(
        {"totalResults": 10**9, "Resources": [user("a@x.test")]},
        200,
        b'Link: </api/v1/x?after=1>; rel="next"',
    ),
    "a link to another host": document([], 200, b'Link: <https://evil.example/>; rel="next"'),
    "a next page elsewhere": document({"keys": [], "next_page_uri": "https://evil.example/"}),
}

BEHAVIOURS: Mapping[str, bytes | Callable[[Client], None]] = {
    **WIRE,
    **{f"SCIM error: {name}": scim_error(text) for name, text in TEXTS.items()},
    **{f"ngrok's error: {name}": document({"error_code": "ERR_NGROK_206", "status_code": 400,
        "msg": text, "details": {"operation_id": text}}, 400) for name, text in TEXTS.items()},
    **{f"Okta's error: {name}": document({"errorCode": text, "errorSummary": text,
        "errorCauses": [{"errorSummary": text}]}, 403) for name, text in TEXTS.items()},
    **{f"user: {name}": listing(user(f"{text}@x.test", displayName=text, id=text))
        for name, text in TEXTS.items()},
    **{f"plain text: {name}": reply(500, text, b"Content-Type: text/plain")
        for name, text in TEXTS.items()},
}  # fmt: skip
