"""What goes into a support ticket: one JSON document with the whole result and every exchange.

docs/report.md tells what is in it.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.report.json_report import SCHEMA, TOOL, as_document, to_json
from ngrok_scim_cli.report.masking import masked, without_addresses
from ngrok_scim_cli.text.json_values import as_list, json_object
from ngrok_scim_cli.wire.exchange import Exchange, Reply

BODY_SHOWN = 4096  # characters
_HEADER_SHOWN = 1024  # characters

# A window of this many bytes is looked at; whatever of it is shown has been seen whole.
_BODY_READ = 4 * BODY_SHOWN

# They carry credentials and nothing that explains a failure.
_LEFT_OUT = frozenset(
    {"set-cookie", "set-cookie2", "cookie", "authorization", "proxy-authorization"}
)

# A letter that JSON need not escape and a server may, to hide what it writes; not ", \ and DEL.
_NEEDLESS_ESCAPE = re.compile(r"\\u00(?!22|5[cC]|7[fF])([2-7][0-9a-fA-F])")

_Clean = Callable[[str], str]


def render_bundle(
    result: Result,
    *,
    versions: Mapping[str, str],
    redact: _Clean,
    show_users: bool = False,
) -> str:
    """Return the bundle for a support ticket as one JSON object in ASCII.

    No text comes into it but through ``redact``, the bytes of a body not excepted.
    """
    exchanges = [item for part in result.each for item in part.exchanges]
    mask = str if show_users else partial(masked, names=_names_in(exchanges, redact))

    def clean(text: str) -> str:
        return mask(redact(text))

    def clean_reply(text: str) -> str:
        return clean(text) if show_users else without_addresses(clean(text))

    bundle = {
        "schema": SCHEMA,
        "tool": TOOL,
        "versions": dict(versions),
        "users_shown": show_users,
        "result": as_document(result),
        "replies": [_reply(item.reply, clean_reply) for item in exchanges],
    }
    return to_json({name: _cleaned(value, clean) for name, value in bundle.items()})


def _reply(reply: Reply | None, clean: _Clean) -> dict[str, object] | None:
    if reply is None:
        return None
    headers = [
        [name, _cut(clean(value), _HEADER_SHOWN)]
        for name, value in reply.headers
        if name.lower() not in _LEFT_OUT
    ]
    read = reply.body[:_BODY_READ]
    is_whole = len(read) == len(reply.body)
    decoded = read.decode(json.detect_encoding(read), "replace").replace("\0", "")
    text = clean(_NEEDLESS_ESCAPE.sub(lambda found: chr(int(found[1], 16)), decoded))
    shown = _cut(text, BODY_SHOWN, whole=is_whole)
    return {
        "status": reply.status,
        "reason": reply.reason,
        "headers": headers,
        "body": shown,
        "body_cut": len(shown) < len(text) or not is_whole or reply.truncated,
    }


def _cut(text: str, limit: int, *, whole: bool = True) -> str:
    """Return at most ``limit`` characters; a word that would be cut is left out.

    What is left of half a key, or half an address, would not be known for one. ``whole`` says
    whether ``text`` is all there is.
    """
    if whole and len(text) <= limit:
        return text
    return re.sub(r"[^\s\"'<>,;]+\Z", "", text[:limit])


def _names_in(exchanges: Sequence[Exchange], redact: _Clean) -> frozenset[str]:
    """Return what the users of all replies are called."""
    found: set[str] = set()
    for exchange in exchanges:
        document = json_object(exchange.reply.body) if exchange.reply else {}
        for user in as_list(document.get("Resources")):
            if isinstance(user, dict):
                names = (user.get("userName"), user.get("displayName"))
                found.update(redact(name) for name in names if isinstance(name, str) and name)
    return frozenset(found)


def _cleaned(value: object, clean: _Clean) -> object:
    """Return ``value`` with ``clean`` applied to every text in it; our own names stay."""
    match value:
        case str():
            return clean(value)
        case dict():
            return {name: _cleaned(item, clean) for name, item in value.items()}
        case list() | tuple():
            return [_cleaned(item, clean) for item in value]
    return value
