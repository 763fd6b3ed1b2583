"""What a fault is, and what faults are made of: refusals, and changes to a request or an answer."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.credentials import credential_of
from ngrok_scim_cli.sandbox.errors import ngrok_error
from ngrok_scim_cli.sandbox.message import OKTA_PREFIX, SCIM_MEDIA_TYPE, Answer, Connection, Request

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.account import Account
    from ngrok_scim_cli.sandbox.directory import Directory
    from ngrok_scim_cli.sandbox.okta_org import OktaOrg
    from ngrok_scim_cli.sandbox.people import Person

USERS = "/scim/v2/Users"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

OK = 200
BAD_REQUEST = 400
COUNTS = ("totalResults", "startIndex", "itemsPerPage")
_AUTHORIZATION_UNREADABLE = 201

Document = dict[str, Any]
Serve = Callable[[Request], Answer]
# Text that would repaint a terminal, turn its direction, or pass for markup of ours.
HOSTILE = (
    "\x1b[2J\x1b[1;31mALL GOOD\x1b[0m \x1b]0;owned\x07\x1b]8;;https://evil.example\x07here"
    "\x1b]8;;\x07 \u202egpj.exe\u202c \u2066x\u2069 [bold red]markup[/] [link=https://evil.example]"
    "click[/link]\r\n::error::injected\n\x9b31m\u200b| `code` | <script>alert(1)</script>"
)


@dataclass(frozen=True, slots=True)
class SandboxState:
    """What a fault can change, with the number of the fault."""

    account: "Account"
    directory: "Directory"
    org: "OktaOrg"
    value: float = 0

    @property
    def count(self) -> int:
        """The number as a number of people or things."""
        return int(self.value)


@dataclass(frozen=True, slots=True)
class FaultContext:
    """One request that a fault is about.

    Attributes:
        serve: what would answer without this fault.
    """

    request: Request
    value: float
    serve: Serve
    state: SandboxState

    def answer(self) -> Answer:
        """Return what would be answered without this fault."""
        return self.serve(self.request)


Handler = Callable[[FaultContext], Answer]
Builder = Callable[[SandboxState], object]

# Which requests a fault is about: regular expressions for their beginning, "GET /path?query". A
# wrong base URL gets its 404 as ever, so the SCIM endpoint begins behind /scim/v2/.
EVERY_REQUEST = ""
TO_OKTA = rf"\S+ {OKTA_PREFIX}"
TO_NGROK = rf"\S+ (?!{OKTA_PREFIX})"
TO_SCIM = r"\S+ /scim/v2/"
TO_API = rf"\S+ (?!{OKTA_PREFIX}|/scim/)"
LISTS = rf"GET {USERS}(\?|$)"
LOOK_UPS = rf"GET {USERS}\?(.*&)?filter="
PLAIN_LISTS = rf"(?!{LOOK_UPS}){LISTS}"
CREATES = rf"POST {USERS}(\?|$)"
NEW_KEYS = r"POST /api_keys(\?|$)"
NEW_SERVICE_USERS = r"POST /service_users(\?|$)"
READS_BY_ID = rf"GET {USERS}/"
PUTS = rf"PUT {USERS}/"
PATCHES = rf"PATCH {USERS}/"
UPDATES = rf"(PUT|PATCH) {USERS}/"
READS_AND_UPDATES = rf"(GET|PUT|PATCH) {USERS}/"
DELETES = rf"DELETE {USERS}/"


@dataclass(slots=True)
class Fault:
    """One named way in which the sandbox breaks: what it replaces, and what must then be found.

    A fault either answers requests (``handler``) or is there when the sandbox is built
    (``builder``).

    Attributes:
        found: the finding codes that it provokes, with blanks between them.
        scope: the requests that the handler answers.
        value: the number of ``NAME=NUMBER``, the default in ``FAULTS``; ``None`` takes no number.
        most: the largest number of ``NAME=NUMBER``; ``None`` takes any.
        only: the one request that it answers where it is switched on with ``@N``, counted from 1
            among those in its scope.
        seen: how many requests in its scope came since it was switched on.
    """

    name: str
    summary: str
    found: str
    scope: str = TO_SCIM
    handler: Handler | None = None
    builder: Builder | None = None
    value: float | None = None
    unit: str = ""
    most: int | None = None
    only: int | None = None
    seen: int = 0

    @property
    def codes(self) -> tuple[str, ...]:
        """The finding codes that it provokes."""
        return tuple(self.found.split())

    def is_about(self, request: Request) -> bool:
        """Tell whether the fault answers this request, and count it. Whoever asks holds a lock."""
        line = f"{request.method} {request.target}"
        if self.handler is None or not re.match(self.scope, line):
            return False
        self.seen += 1
        return self.only in (None, self.seen)

    def answer(self, serve: Serve, state: SandboxState, request: Request) -> Answer:
        """Answer in place of ``serve``."""
        context = FaultContext(request, self.value or 0, serve, state)
        return self.handler(context) if self.handler else serve(request)


def people_on_both_sides(*people: "Person") -> Builder:
    """Have people in ngrok and in Okta, as Okta provisioned them."""
    return lambda state: state.org.provision(state.directory.put_first(people))


# Answers instead of the server's.


def scim_error(status: int, detail: str, scim_type: str | None = None) -> Answer:
    """Return an error in the words of RFC 7644 section 3.12."""
    document: Document = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": str(status),
        "detail": detail,
    }
    if scim_type:
        document["scimType"] = scim_type
    return Answer.of(status, document, SCIM_MEDIA_TYPE)


def web_page(status: int, title: str) -> Answer:
    """Return a small web page."""
    page = (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n"
        f"<body><h1>{title}</h1><p>Reference 18.5f0c1402</p></body></html>\n"
    )
    return Answer(status, page.encode(), HTML)


def always(answer: Answer) -> Handler:
    """Answer so, whatever was asked."""
    return lambda _: answer


def refused(status: int, detail: str, scim_type: str | None = None) -> Handler:
    """Refuse with a SCIM error."""
    return always(scim_error(status, detail, scim_type))


def ngrok(number: int | str, **slots: object) -> Handler:
    """Answer with one of ngrok's codes; its message may repeat the credential."""

    def handler(context: FaultContext) -> Answer:
        whole = number == _AUTHORIZATION_UNREADABLE
        header = context.request.header("authorization")
        credential = (header if whole else credential_of(context.request)) or b""
        text = credential.decode("utf-8", "replace")
        return ngrok_error(context.request, number, **{"credential": text, **slots})

    return handler


def rate_limited(context: FaultContext) -> Answer:
    """Answer 429 with the fault's number of seconds to wait."""
    return scim_error(429, "Too many requests.").with_header("Retry-After", f"{context.value:g}")


def late(context: FaultContext) -> Answer:
    """Send the answer after as many seconds as the fault's number."""

    def send(connection: Connection, reply: bytes) -> None:
        if connection.pause(context.value):
            connection.write(reply)

    return replace(context.answer(), send=send)


# Changes to what was answered.


def answered(change: Callable[[Answer, FaultContext], Answer]) -> Handler:
    """Change what was answered; refusals stay as they are."""

    def handler(context: FaultContext) -> Answer:
        answer = context.answer()
        return change(answer, context) if answer.status < BAD_REQUEST else answer

    return handler


def body(content: bytes, media_type: str = SCIM_MEDIA_TYPE) -> Handler:
    """Answer with ``content`` what would have been answered with a document."""
    return answered(lambda answer, _: replace(answer, body=content, media_type=media_type))


def emptied(status: int) -> Handler:
    """Do what was asked, and answer without a body."""
    return answered(lambda _, __: Answer(status, media_type=None))


def document(change: Callable[[Document], Document]) -> Handler:
    """Change the document that was answered."""
    return answered(lambda answer, _: answer.with_document(change(answer.document)))


def listed(change: Callable[[Document], object]) -> Handler:
    """Change a list; refusals stay as they are, and lists that another fault has broken."""

    def handler(context: FaultContext) -> Answer:
        answer = context.answer()
        found = _list_in(answer)
        return answer if found is None else answer.with_document(change(found))

    return handler


def each_user(change: Callable[[Document], Document]) -> Handler:
    """Change each user of a list."""
    return listed(lambda found: {**found, "Resources": [*map(change, found["Resources"])]})


def users_found(change: Callable[[list[Document]], list[Document]]) -> Handler:
    """Change which users are found, with the counts."""

    def changed(found: Document) -> Document:
        users = change(found["Resources"])
        return {**found, "totalResults": len(users), "itemsPerPage": len(users), "Resources": users}

    return listed(changed)


def without(*names: str) -> Callable[[Document], Document]:
    """Leave attributes out."""
    return lambda document: {name: value for name, value in document.items() if name not in names}


def counts_as_text(found: Document) -> Document:
    """Give the counts of a list as text."""
    return {**found, **{name: str(found[name]) for name in COUNTS}}


def active_as_text(user: Document) -> Document:
    """Give ``active`` of a user as text."""
    return {**user, "active": str(user.get("active", True))}


def _list_in(answer: Answer) -> Document | None:
    """Return the list that an answer holds, or ``None`` where it holds none that is right."""
    try:
        found = answer.document
    except ValueError:
        return None
    is_list = (
        isinstance(found, dict)
        and isinstance(found.get("Resources"), list)
        and all(isinstance(found.get(name), int) for name in COUNTS)
    )
    return found if is_list else None


# Changes to what was asked.


def with_query(change: Callable[[dict[str, str]], dict[str, str]]) -> Handler:
    """Answer as if another query had been sent."""
    return lambda context: context.serve(
        context.request.with_query(change(dict(context.request.query)))
    )


def sent(change: Callable[[Document], Document]) -> Handler:
    """Answer as if another body had been sent."""

    def handler(context: FaultContext) -> Answer:
        document = json_object(context.request.body)
        if not document:
            return context.answer()
        return context.serve(replace(context.request, body=json.dumps(change(document)).encode()))

    return handler


def json_object(content: bytes) -> Document:
    """Read a JSON object; anything else is empty."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def page_start(request: Request) -> int:
    """Return where the page that is asked for begins."""
    start = dict(request.query).get("startIndex", "1")
    return max(int(start), 1) if start.isdecimal() else 1


# Conditions.


def where(holds: Callable[[FaultContext], bool], handler: Handler) -> Handler:
    """Apply ``handler`` where this holds."""
    return lambda context: handler(context) if holds(context) else context.answer()


def instead_of(status: int, handler: Handler) -> Handler:
    """Apply ``handler`` where this would be answered."""

    def instead(context: FaultContext) -> Answer:
        answer = context.answer()
        return handler(context) if answer.status == status else answer

    return instead


def where_nobody_is(handler: Handler) -> Handler:
    """Apply ``handler`` to a look-up that finds nobody."""

    def finds_nobody(context: FaultContext) -> bool:
        found = _list_in(context.answer())
        return found is not None and found["totalResults"] == 0

    return where(finds_nobody, handler)
