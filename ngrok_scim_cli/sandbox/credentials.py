"""Who asks: the Authorization header, compared byte for byte."""

import re

from ngrok_scim_cli.sandbox.account import ACCESS_TOKEN, Account, ApiKey
from ngrok_scim_cli.sandbox.errors import ngrok_error
from ngrok_scim_cli.sandbox.message import Answer, Request

_KEY_SHAPE = re.compile(rb"[0-9A-Za-z]{15,}_[0-9A-Za-z]{15,}")
# It begins where a run of letters and digits begins: otherwise a long run would be read over and
# over again.
_ACCESS_TOKEN_IN_TEXT = re.compile(r"(ngrok(?:_|%5[Ff])pat(?:_|%5[Ff]))[0-9A-Za-z]+")
_KEY_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])([0-9A-Za-z]{15,})(?:_|%5[Ff])[0-9A-Za-z]{8,}")


def credential_of(request: Request) -> bytes | None:
    """Return what follows ``Bearer``, or ``None`` where the header cannot be read."""
    scheme, _, credential = (request.header("authorization") or b"").partition(b" ")
    readable = scheme.lower() == b"bearer" and b" " not in credential
    return credential if readable else None


def authenticate(account: "Account", request: Request) -> "ApiKey | Answer":
    """Return the key that a request was made with, or ngrok's refusal.

    ngrok repeats a refused credential in its message, and so does this.
    """
    header = request.header("authorization")
    if header is None or header.lower() in (b"", b"bearer"):
        return ngrok_error(request, 200)
    credential = credential_of(request)
    if credential is None:
        return ngrok_error(request, 201, credential=_text(header))
    key = account.key_of(credential)
    if key is None:
        return ngrok_error(request, _refusal(account, credential), credential=_text(credential))
    reads = request.method in ("GET", "HEAD")
    if not account.is_active(key.owner_id):
        code = 636
    elif account.is_over_the_limit():
        code = 226
    elif not reads and not account.may_write(key.owner_id):
        code = 635
    else:
        return key
    return ngrok_error(request, code)


def presented(account: "Account", request: Request) -> str:
    """Return the id of the key, ``access-token``, ``unknown`` or ``none``."""
    if not request.header("authorization"):
        return "none"
    key = account.key_of(credential_of(request) or b"")
    if key is None:
        return "unknown"
    return key.id if key.scopes is None else "access-token"


def without_keys(text: str) -> str:
    """Return ``text`` in printable ASCII, each key in it cut down to its first half."""
    printable = "".join(
        letter if "!" <= letter <= "~" else f"%{ord(letter):02X}" for letter in text
    )
    return _KEY_IN_TEXT.sub(r"\1_...", _ACCESS_TOKEN_IN_TEXT.sub(r"\1...", printable))


def _refusal(account: "Account", credential: bytes) -> int:
    if credential.startswith(b"ak_"):
        return 208
    if credential.startswith(b"cr_"):
        return 207
    if credential.startswith(ACCESS_TOKEN):
        return 203
    if credential == account.authtoken.encode():
        return 206
    return 203 if _KEY_SHAPE.fullmatch(credential) else 202


def _text(credential: bytes) -> str:
    return credential.decode("utf-8", "replace")
