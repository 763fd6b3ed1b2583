from __future__ import annotations

import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.wire.connection import read_body
from ngrok_scim_cli.wire.exchange import BODY_LIMIT, FailureKind, Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

GZIP = 31


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize(("encoding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
@given(body=st.binary(max_size=500), size=st.integers(1, 50))
def test_a_body_comes_out_as_it_went_in(encoding: str, wbits: int, body: bytes, size: int) -> None:
    packed = zlib.compress(body, wbits=wbits)

    assert read_body(pieces(packed, size), encoding) == (body, False)


@given(
    st.lists(st.binary(max_size=50), max_size=10), st.sampled_from(["gzip", "deflate", "", "br"])
)
def test_any_bytes_end_in_a_body_or_a_failure(chunks: list[bytes], encoding: str) -> None:
    with suppress(Stopped):
        body, truncated = read_body(chunks, encoding)

        assert len(body) <= BODY_LIMIT
        assert not truncated


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_what_is_not_packed_fails(encoding: str) -> None:
    with pytest.raises(Stopped) as stopped:
        read_body([b"\xff\xff\xff\xff"], encoding)

    assert stopped.value.failure.kind is FailureKind.PROTOCOL


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_reading_stops_at_the_limit(encoding: str) -> None:
    chunk = zlib.compress(bytes(BODY_LIMIT * 2), wbits=GZIP) if encoding else bytes(BODY_LIMIT * 2)

    def chunks() -> object:
        yield chunk
        pytest.fail("more was read than needed")

    assert read_body(chunks(), encoding) == (bytes(BODY_LIMIT), True)  # type: ignore[arg-type]


def test_a_body_of_exactly_the_limit_is_whole() -> None:
    packed = zlib.compress(bytes(BODY_LIMIT), wbits=GZIP)

    assert read_body(pieces(packed, 7), "gzip") == (bytes(BODY_LIMIT), False)


def test_several_encodings_at_once_are_left_as_they_are() -> None:
    assert read_body([b"abc"], "gzip, gzip") == (b"abc", False)


def endless(start: bytes, more: bytes) -> Iterator[bytes]:
    """Yield ``start`` and then ``more`` for ever; fail where far too much of it is taken."""
    yield start
    for _ in range(3 * BODY_LIMIT // len(more)):
        yield more
    pytest.fail("more was read than a body may have")


@pytest.mark.parametrize(("encoding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_nothing_is_read_behind_the_end_of_a_packed_body(encoding: str, wbits: int) -> None:
    packed = zlib.compress(b"[]", wbits=wbits)

    def chunks() -> Iterator[bytes]:
        yield packed + bytes(65_536)
        pytest.fail("more was read than the body has")

    assert read_body(chunks(), encoding) == (b"[]", False)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", ""])
def test_a_body_that_decompresses_to_nothing_ends(encoding: str) -> None:
    # A gzip header with a name that never ends; empty blocks of deflate.
    start = {"gzip": b"\x1f\x8b\x08\x08" + bytes(6) + b"x", "deflate": b"\x00\x00\x00\xff\xff"}
    more = {"gzip": b"x" * 65_535, "deflate": b"\x00\x00\x00\xff\xff" * 13_107}

    _, truncated = read_body(
        endless(start.get(encoding, b"x"), more.get(encoding, b"x" * 65_535)), encoding
    )

    assert truncated
