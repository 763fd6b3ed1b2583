"""The body of a reply, decoded, and never more of it than the limit."""

import zlib
from collections.abc import Iterable

from ngrok_scim_cli.wire.exchange import BODY_LIMIT, Failure, FailureKind, Stopped

_GZIP = zlib.MAX_WBITS | 16
_HEADER_SIZE = 2

# No compression makes a body twice as large: what is more than that is no content.
_MOST_RECEIVED = 2 * BODY_LIMIT
_COMPRESSED = ("gzip", "x-gzip", "deflate")


def read_body(chunks: Iterable[bytes], content_encoding: str) -> tuple[bytes, bool]:
    """Read a body up to ``BODY_LIMIT`` bytes; what comes after that is not asked for.

    Args:
        content_encoding: the value of ``Content-Encoding``. An encoding that was not asked for is
            left as it is.

    Returns:
        The decoded body, and whether there was more of it.

    Raises:
        Stopped: it is not encoded as it claims to be.
    """
    encoding = content_encoding.strip().lower()
    decoder = _Inflater(encoding) if encoding in _COMPRESSED else None
    body = bytearray()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        room = BODY_LIMIT + 1 - len(body)
        body += decoder.decode(chunk, room) if decoder else chunk[:room]
        if len(body) > BODY_LIMIT or received > _MOST_RECEIVED:
            return bytes(body[:BODY_LIMIT]), True
        if decoder and decoder.has_ended:
            break  # what comes behind the end is kept by zlib, and may be endless
    return bytes(body), False


class _Inflater:
    """Undoes gzip and deflate, in steps that are bounded: a small body may hold a huge one."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._start = b""
        self._inflater: zlib._Decompress | None = None

    @property
    def has_ended(self) -> bool:
        """Whether the packed data have come to their end, whatever is sent behind it."""
        return self._inflater is not None and self._inflater.eof

    def decode(self, data: bytes, room: int) -> bytes:
        """Return at most ``room`` decoded bytes of ``data``."""
        if self._inflater is None:
            data = self._start = self._start + data
            if len(data) < _HEADER_SIZE:
                return b""
            self._inflater = zlib.decompressobj(_window(self._encoding, data))
        try:
            return self._inflater.decompress(data, room)
        except zlib.error:
            detail = "The reply says that it is compressed, but it cannot be unpacked."
            raise Stopped(Failure(FailureKind.PROTOCOL, detail)) from None


def _window(encoding: str, data: bytes) -> int:
    """Return the ``wbits`` that zlib needs for data that begin like ``data``."""
    if encoding != "deflate":
        return _GZIP
    header = int.from_bytes(data[:_HEADER_SIZE], "big")
    has_header = header >> 8 & 0x0F == zlib.DEFLATED and header % 31 == 0  # RFC 1950 section 2.2
    # Some servers leave the header out (RFC 9110 section 8.4.1.2, its note).
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
