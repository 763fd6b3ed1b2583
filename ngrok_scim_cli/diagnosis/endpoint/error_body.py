"""Reads error messages out of the body of a reply, in any format."""

import re
from enum import StrEnum
from typing import cast

from ngrok_scim_cli.diagnosis.ngrok.error_codes import code_in
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.json_values import (
    NotJsonError,
    as_object,
    as_text,
    json_value,
    read_json,
)
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.wire.exchange import Exchange, Reply

ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"

# What replaces a credential in a text of ours.
HIDDEN = "[redacted]"

# Characters.
_EXCERPT = 200
_DETAIL = 2000
# No more than this of a body is searched for something to show.
_SEARCHED = 16_384

_OPERATION_ID = lazy_pattern(r"[0-9A-Za-z_-]{1,64}")
# ngrok repeats a refused credential behind one of these words; all that follows is cut off,
# because the credential itself may contain quotes and line breaks.
_ECHO = lazy_pattern(
    r"(your\s+(?:credential|authentication|key|token)|authorization\s+header)(\s*:).*",
    re.IGNORECASE | re.DOTALL,
)
# ngrok's key and authtoken; the first part is the id and may be shown.
_CREDENTIAL = lazy_pattern(r"(?<![0-9A-Za-z])([0-9A-Za-z]{15,})_[0-9A-Za-z]{15,}")
_TITLE = lazy_pattern(
    r"<(?:title|faultstring|(?:\w+:)?(?:message|detail))\b[^>]{0,200}>([^<]{1,500})", re.IGNORECASE
)
_WEB_PAGE = lazy_pattern(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype|html|head|body|!--)", re.IGNORECASE
)
# Why a bearer token is refused (RFC 6750 section 3), where the body does not say it.
_CHALLENGE = lazy_pattern(r'\berror(?:_description)?\s*=\s*"([^"]{1,500})"', re.IGNORECASE)
# Where APIs say what went wrong, and where they wrap it; in small letters, the most telling first.
_MESSAGES = (
    *("detail", "msg", "message", "details", "error_description", "errorsummary", "error_message"),
    *("errormessage", "faultstring", "reason", "description", "error", "errors", "fault"),
    *("errorcauses", "response", "body", "data", "title"),
)
# A message is not wrapped more often than this.
_DEEPEST = 5


class BodyKind(StrEnum):
    """What a body is."""

    EMPTY = "empty"
    NULL = "null"
    SCIM_ERROR = "scim_error"
    NGROK_ERROR = "ngrok_error"
    WEB_PAGE = "web_page"
    JSON = "json"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What a body says, safe to show: made of ``excerpt``.

    Attributes:
        detail: SCIM's ``detail``, ngrok's ``msg``, a web page's title, or a piece of the text.
        ngrok_code: what follows ``ERR_NGROK_``, a number or words; empty where none is named.
    """

    kind: BodyKind
    detail: str = ""
    ngrok_code: str = ""
    operation_id: str = ""

    @property
    def words(self) -> str:
        """Its detail with blanks between its words, also of ``missing_scope``."""
        return self.detail.replace("_", " ")


def read_error(reply: Reply) -> ErrorBody:
    """Read what ``reply`` says, whatever its status and whatever its bytes.

    Understood are SCIM errors (RFC 7644 section 3.12; ``status`` may be a number), ngrok's own
    (https://ngrok.com/docs/api#errors; without code or details too), web pages and plain text.
    """
    text = text_of(reply)
    document: dict[str, object] = {}
    try:
        value = read_json(text)
    except NotJsonError:
        kind, said = _read_text(reply, text[:_SEARCHED])
    else:
        document = as_object(value)
        kind = BodyKind.NULL if value is None else _kind_of(document)
        said = "" if value is None else message_in(document) or text
    if not said:
        challenges = _CHALLENGE.findall(reply.header("www-authenticate") or "")
        said = max(challenges, key=len, default="")
    named = (document.get("error_code"), reply.header("ngrok-error-code"), said, text)
    code = next(filter(None, map(_code, named)), "")
    operation = as_text(as_object(document.get("details")).get("operation_id"))
    ids = (operation, reply.header("ngrok-operation-id") or "")
    operation = next(filter(_OPERATION_ID.fullmatch, ids), "")
    return ErrorBody(kind, excerpt(said, _DETAIL), code, operation)


def answered(exchange: Exchange, what: str = "The request") -> str:
    """Say in a sentence what came back; ``what`` begins it, like ``The look-up``."""
    reply = exchange.reply
    if reply is None:
        detail = excerpt(exchange.failure.detail) if exchange.failure else ""
        return f"{what} got no reply. {detail}".strip()
    body = read_error(reply)
    code = f" (ERR_NGROK_{body.ngrok_code})" if body.ngrok_code else ""
    is_fine = reply.is_success and body.kind is BodyKind.JSON
    said = "" if is_fine else excerpt(body.detail).rstrip(".")
    return f"{what} was answered with {reply.status}{code}{f': “{said}”' if said else ''}."


def text_of(reply: Reply) -> str:
    """Return the body as text; bytes that are no UTF-8 become U+FFFD."""
    return reply.body.decode("utf-8-sig", errors="replace")


def excerpt(text: str, limit: int = _EXCERPT) -> str:
    """Return a piece of a server's text that is safe to show.

    It is on one line, with credentials hidden and each invisible character made visible.
    """
    from ngrok_scim_cli.text.characters import visible

    hidden = _CREDENTIAL.sub(rf"\1_{HIDDEN}", _ECHO.sub(rf"\1\2 {HIDDEN}", text[:_SEARCHED]))
    line = " ".join(visible(word, limit) for word in hidden.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def message_in(value: object, depth: int = 0) -> str:
    """Return the first message in a value, however often it is wrapped, also as JSON in a text."""
    items: list[object] = []
    if depth > _DEEPEST:
        return ""
    if isinstance(value, str):
        items = [json_value(value)] if value.lstrip().startswith(("{", "[")) else []
    elif isinstance(value, list):
        items = cast("list[object]", value)
    elif isinstance(value, dict):
        named = {str(name).lower(): item for name, item in value.items()}
        items = [named.get(name) for name in _MESSAGES]
    found = (message_in(item, depth + 1) for item in items)
    return next((said for said in found if said), as_text(value).strip())


def _kind_of(value: dict[str, object]) -> BodyKind:
    schemas = value.get("schemas")
    named = schemas if isinstance(schemas, list) else [schemas]
    if ERROR_SCHEMA.lower() in (as_text(name).lower() for name in named):
        return BodyKind.SCIM_ERROR
    if _code(value.get("error_code")) or ("msg" in value and "status_code" in value):
        return BodyKind.NGROK_ERROR
    is_scim = as_text(value.get("detail")) and "status" in value
    return BodyKind.SCIM_ERROR if is_scim else BodyKind.JSON


def _read_text(reply: Reply, text: str) -> tuple[BodyKind, str]:
    """Return what a text that is no JSON is, and what it says: of a web page, its title."""
    if not text.strip():
        return BodyKind.EMPTY, ""
    from html import unescape

    found = _TITLE.search(text)
    title = unescape(found[1]) if found else ""
    if reply.media_type != "text/html" and not _WEB_PAGE.match(text):
        return BodyKind.TEXT, title if title and text.lstrip().startswith("<") else text
    return BodyKind.WEB_PAGE, title


def _code(value: object) -> str:
    return code_in(as_text(value)[:_SEARCHED])
