"""The body of a reply, decoded, and never more of it than the limit."""

import zlib
from collections.abc import Iterable

from ngrok_scim_cli.wire.exchange import BODY_LIMIT, FailureKind, Stopped

_GZIP = zlib.MAX_WBITS | 16
_HEADER_SIZE = 2

# No compression makes a body twice as large: what is more than that is no content.
_MOST_RECEIVED = 2 * BODY_LIMIT
_COMPRESSED = ("gzip", "x-gzip", "deflate")


def read_body(chunks: Iterable[bytes], content_encoding: str) -> tuple[bytes, bool]:
    """Read a body up to ``BODY_LIMIT`` bytes; what comes after that is not asked for.

    It is decompressed in steps that are bounded: a small body may hold a huge one.

    Args:
        content_encoding: the value of ``Content-Encoding``. An encoding that was not asked for is
            left as it is.

    Returns:
        The decoded body, and whether there was more of it.

    Raises:
        Stopped: it is not encoded as it claims to be.
    """
    encoding = content_encoding.strip().lower()
    inflater: zlib._Decompress | None = None
    body, start, received = bytearray(), b"", 0
    for chunk in chunks:
        received += len(chunk)
        room = BODY_LIMIT + 1 - len(body)
        if encoding not in _COMPRESSED:
            body += chunk[:room]
        elif inflater or len(start := start + chunk) >= _HEADER_SIZE:
            packed = chunk if inflater else start
            inflater = inflater or zlib.decompressobj(_window(encoding, start))
            try:
                body += inflater.decompress(packed, room)
            except zlib.error:
                detail = "The reply says that it is compressed, but it cannot be unpacked."
                raise Stopped(FailureKind.PROTOCOL, detail) from None
        if len(body) > BODY_LIMIT or received > _MOST_RECEIVED:
            return bytes(body[:BODY_LIMIT]), True
        if inflater and inflater.eof:
            break  # what comes behind the end is kept by zlib, and may be endless
    return bytes(body), False


def _window(encoding: str, data: bytes) -> int:
    """Return the ``wbits`` that zlib needs for data that begin like ``data``."""
    if encoding != "deflate":
        return _GZIP
    header = int.from_bytes(data[:_HEADER_SIZE], "big")
    has_header = header >> 8 & 0x0F == zlib.DEFLATED and header % 31 == 0  # RFC 1950 section 2.2
    # Some servers leave the header out (RFC 9110 section 8.4.1.2, its note).
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
