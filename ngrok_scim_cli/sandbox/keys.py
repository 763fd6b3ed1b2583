"""Ids and keys in the shape that ngrok gives them.

An id is a prefix and a KSUID: 27 characters of base62 for 20 bytes, of which the first four count
the seconds since 1400000000 (Unix). A key is the KSUID of its id, ``_``, and a secret of 21
characters that begins with a digit.
"""

import os
import string

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KSUID_EPOCH = 1_400_000_000
_KSUID_LENGTH = 27
_PAYLOAD_BYTES = 16
_SECRET_LENGTH = 21


def ksuid(created: int, payload: bytes | None = None) -> str:
    """Return a KSUID.

    Args:
        created: seconds since 1970, UTC.
        payload: its 16 other bytes; random by default.
    """
    stamp = (created - _KSUID_EPOCH).to_bytes(4, "big")
    return _base62(stamp + (payload or os.urandom(_PAYLOAD_BYTES)), _KSUID_LENGTH)


def new_token(first_half: str) -> str:
    """Return a key whose id is ``ak_`` and ``first_half``. It opens this sandbox alone."""
    (number,) = os.urandom(1)
    secret = _base62(os.urandom(_PAYLOAD_BYTES), _SECRET_LENGTH - 1)
    return f"{first_half}_{number % 10}{secret}"


def _base62(data: bytes, length: int) -> str:
    number = int.from_bytes(data, "big")
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(reversed(letters))
