"""Reads a key from a file or from standard input, letter for letter."""

import codecs
import re
import sys
from pathlib import Path
from typing import BinaryIO

from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files

LIMIT = 64 * 1024

# What a credential looks like that somebody gave in place of the name of a file.
_CREDENTIAL = re.compile(
    r"\s*(?:(?:Bearer|SSWS)\s+)?(?:[0-9A-Za-z]{15,}_[0-9A-Za-z]{15,}|00[0-9A-Za-z_-]{40})\s*"
)


def read(path: Path, option: str) -> tuple[str, bool]:
    """Return the key in the file at ``path``, and whether other users can read that file."""
    try:
        content = files.read_file(path, LIMIT, pipes=True)
    except files.CannotRead as problem:
        if _CREDENTIAL.fullmatch(str(path)):
            redactor.learn(str(path))
            raise UsageError(
                f"{option} was given the key itself, not the name of a file that holds it.",
                advice="Remove the key from your shell's history, save it in a file that only you "
                f"can read, and give {option} that file's name.",
            ) from None
        raise UsageError(
            f"{option}: the file {redactor.redact(str(path))} {problem.reason}.",
            advice="Check the name and the permissions.",
        ) from None
    return decoded(content.data), content.readable_by_others


def read_standard_input(option: str, stream: BinaryIO | None = None) -> str:
    """Return the key that comes through standard input."""
    if stream is None:
        stream = sys.stdin.buffer if sys.stdin else None
    if stream is None or stream.closed or stream.isatty():
        raise UsageError(
            f"{option} - reads the key from standard input, and nothing is piped into it.",
            advice=f"Pipe the key in, as in: COMMAND-THAT-PRINTS-THE-KEY | ngrok-scim … {option} -",
        )
    try:
        return decoded(files.read_stream(stream, LIMIT))
    except files.CannotRead as problem:
        raise UsageError(f"{option}: standard input {problem.reason}.") from None


def decoded(data: bytes) -> str:
    """Return the text of a key file, which the redactor learns.

    One line break at the very end belongs to the file and is dropped; everything else is kept,
    because it is what we look for. Bytes that are no UTF-8 become surrogates
    (``surrogateescape``). A byte-order mark stays as U+FEFF, that of UTF-16 (the ``>`` of Windows
    PowerShell writes it) too; what is no UTF-16 behind such a mark becomes U+FFFD.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        order = "utf-16-le" if data.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
        text = data.decode(order, "replace")
    else:
        text = data.decode("utf-8", "surrogateescape")
    ending = next((end for end in ("\r\n", "\n", "\r") if text.endswith(end)), "")
    key = text.removesuffix(ending)
    redactor.learn(key)
    return key
