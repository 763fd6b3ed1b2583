"""What a fault is, and what its row is made of: a reply, or a change to a request or a reply."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.account import Account, credential_of
from ngrok_scim_cli.sandbox.errors import ngrok_error
from ngrok_scim_cli.sandbox.message import OKTA_PREFIX, SCIM_MEDIA_TYPE, Answer, Request

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.okta_org import OktaOrg
    from ngrok_scim_cli.sandbox.people import Person
    from ngrok_scim_cli.sandbox.scim_endpoint import Directory

USERS = "/scim/v2/Users"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

OK = 200
COUNTS = ("totalResults", "startIndex", "itemsPerPage")
_FIRST_ERROR = 400
_AUTHORIZATION_UNREADABLE = 201  # ERR_NGROK_201

Document = dict[str, Any]
# Text that would repaint a terminal, turn its direction, or pass for markup of ours.
HOSTILE = (
    "\x1b[2J\x1b[1;31mALL GOOD\x1b[0m \x1b]0;owned\x07\x1b]8;;https://evil.example\x07here"
    "\x1b]8;;\x07 \u202egpj.exe\u202c \u2066x\u2069 [bold red]markup[/] [link=https://evil.example]"
    "click[/link]\r\n::error::injected\n\x9b31m\u200b| `code` | <script>alert(1)</script>"
)

# Which requests a fault answers: regular expressions for their beginning, "GET /path?query". A
# wrong base URL gets its 404 as ever, so the SCIM endpoint begins behind /scim/v2/.
BUILT = None  # none: the fault changes the state when the sandbox is built
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


@dataclass(frozen=True)
class FaultContext:
    """What a fault gets: the state of the sandbox, its number, and the request that it answers.

    Attributes:
        request: an empty one where the sandbox is being built.
        serve: what answers without this fault.
    """

    account: Account
    directory: "Directory"
    org: "OktaOrg"
    value: float = 0
    request: Request = Request("", "", (), b"", "")
    serve: Callable[[Request], Answer] = partial(ngrok_error, code="no path")

    @cached_property
    def answer(self) -> Answer:
        """What is answered without this fault. It is asked for once."""
        return self.serve(self.request)

    @cached_property
    def document(self) -> Document:
        """The JSON object that is answered without this fault; anything else is empty."""
        return json_object(self.answer.body)

    @property
    def count(self) -> int:
        """The number as a number of people or things."""
        return int(self.value)


Handler = Callable[[FaultContext], Answer]
Change = Callable[[Document], object]


@dataclass(slots=True)
class Fault:
    """One named way in which the sandbox breaks: what it replaces, and what must then be found.

    Attributes:
        found: the finding codes that it provokes, with blanks between them.
        scope: the requests that it answers; ``BUILT`` for a fault of the state.
        apply: returns the answer, or changes the state.
        value: the number of ``NAME=NUMBER``, the default in ``FAULTS``; ``None`` takes no number.
        most: the largest number of ``NAME=NUMBER``; ``None`` takes any.
        only: the one request that it answers where it is switched on with ``@N``, counted from 1
            among those in its scope.
        seen: how many requests in its scope came since it was switched on.
    """

    name: str
    summary: str
    found: str
    scope: str | None
    apply: Callable[[FaultContext], Any]
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
        """Return whether it answers this request, and count it. The caller holds a lock."""
        line = f"{request.method} {request.target}"
        if self.scope is BUILT or not re.match(self.scope, line):
            return False
        self.seen += 1
        return self.only in (None, self.seen)

    def answer(self, context: FaultContext, request: Request) -> Answer:
        """Answer a request; ``context`` says what would answer without this fault."""
        answer: Answer = self.apply(replace(context, value=self.value or 0, request=request))
        return answer


def people_on_both_sides(*people: "Person") -> Callable[[FaultContext], object]:
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


def reply(answer: Answer) -> Handler:
    """Answer so, whatever was asked."""
    return lambda _: answer


def refused(status: int, detail: str, scim_type: str | None = None) -> Handler:
    """Refuse with a SCIM error."""
    return reply(scim_error(status, detail, scim_type))


def ngrok(number: int, **slots: object) -> Handler:
    """Answer with one of ngrok's codes; its message may repeat the credential."""

    def handler(context: FaultContext) -> Answer:
        request = context.request
        whole = number == _AUTHORIZATION_UNREADABLE
        credential = (request.header("authorization") if whole else credential_of(request)) or b""
        return ngrok_error(
            request, number, **{"credential": credential.decode("utf-8", "replace"), **slots}
        )

    return handler


def rate_limited(context: FaultContext) -> Answer:
    """Answer 429 with the fault's number of seconds to wait."""
    return scim_error(429, "Too many requests.").with_header("Retry-After", f"{context.value:g}")


def late(context: FaultContext) -> Answer:
    """Send the answer after as many seconds as the fault's number."""
    return replace(context.answer, pieces=lambda reply: (context.value, reply))


# Conditions.


def where(condition: Callable[[FaultContext], bool], handler: Handler) -> Handler:
    """Apply ``handler`` under this condition."""
    return lambda context: handler(context) if condition(context) else context.answer


def succeeds(context: FaultContext) -> bool:
    """Return whether the request is not refused."""
    return context.answer.status < _FIRST_ERROR


def answers(status: int) -> Callable[[FaultContext], bool]:
    """Return the condition that this is answered."""
    return lambda context: context.answer.status == status


def is_list(context: FaultContext) -> bool:
    """Return whether the answer is a list that no other fault has broken."""
    found = context.document
    return isinstance(found.get("Resources"), list) and all(
        isinstance(found.get(name), int) for name in COUNTS
    )


def finds_nobody(context: FaultContext) -> bool:
    """Return whether a look-up finds nobody."""
    return is_list(context) and context.document["totalResults"] == 0


# Changes to what is answered. A refusal stays as it is.


def answered(**fields: Any) -> Handler:  # noqa: ANN401 - as the fields of Answer
    """Change fields of the answer."""
    return where(succeeds, lambda context: replace(context.answer, **fields))


def document(change: Change) -> Handler:
    """Change the document that is answered."""
    return where(succeeds, lambda context: context.answer.with_document(change(context.document)))


def listed(change: Change) -> Handler:
    """Change a list."""
    return where(is_list, lambda context: context.answer.with_document(change(context.document)))


def each_user(change: Change) -> Handler:
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


# Changes to what is asked.


def asked(change: Callable[[dict[str, str]], dict[str, str]]) -> Handler:
    """Answer as if another query had been sent."""

    def handler(context: FaultContext) -> Answer:
        request = context.request
        query = urlencode(change(dict(request.query)))
        return context.serve(replace(request, target=f"{request.path}?{query}"))

    return handler


def sent(change: Change) -> Handler:
    """Answer as if another body had been sent."""

    def handler(context: FaultContext) -> Answer:
        document = json_object(context.request.body)
        if not document:
            return context.answer
        return context.serve(replace(context.request, body=json.dumps(change(document)).encode()))

    return handler


def json_object(content: bytes) -> Document:
    """Read a JSON object; anything else is empty."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
