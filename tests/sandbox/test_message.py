import pytest

from ngrok_scim_cli.sandbox.message import Answer, Request

REQUEST = Request(
    "GET", "/a//b%20c?x=1&x=&y=%26", (("authorization", b"Bearer s3cret"),), b"", "op_1"
)
HEAD_OF_TWO_BYTES = (
    b"HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
)


def test_request_has_path_segments_and_query() -> None:
    assert REQUEST.path == "/a//b%20c"
    assert REQUEST.segments == ("a", "", "b c")
    assert REQUEST.query == [("x", "1"), ("x", ""), ("y", "&")]


def test_target_that_is_no_path_has_one_empty_segment() -> None:
    assert Request("OPTIONS", "*", (), b"", "op_1").segments == ("",)


def test_request_never_shows_its_key() -> None:
    assert "s3cret" not in repr(REQUEST)


@pytest.mark.parametrize(
    ("answer", "close", "head", "expected"),
    [
        (
            Answer.of(200, {}),
            False,
            False,
            HEAD_OF_TWO_BYTES + b"\r\n{}",
        ),
        (
            Answer.of(200, {}),
            True,
            True,
            HEAD_OF_TWO_BYTES + b"Connection: close\r\n\r\n",
        ),
        (Answer(204), False, False, b"HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n"),
        (
            Answer(302, media_type=None).with_header("Date", "later"),
            False,
            False,
            b"HTTP/1.1 302 Found\r\nDate: later\r\nContent-Length: 0\r\n\r\n",
        ),
    ],
)
def test_answer_is_rendered_with_an_exact_length(
    answer: Answer, *, close: bool, head: bool, expected: bytes
) -> None:
    assert answer.render("now", close=close, head=head) == expected
