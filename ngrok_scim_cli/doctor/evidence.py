"""The evidence of one run: each piece is fetched once, in a thread, when a check first needs it."""

from __future__ import annotations

import re
import time
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from ngrok_scim_cli.diagnosis.ngrok.api_reply import judge_api
from ngrok_scim_cli.diagnosis.okta.api_reply import judge_okta, missing_right, why_no_answer
from ngrok_scim_cli.diagnosis.okta.app import choose_app
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, OktaApp, read_app, read_event
from ngrok_scim_cli.diagnosis.unknown import Unknown, present
from ngrok_scim_cli.wire.client import load_httpx
from ngrok_scim_cli.wire.threads import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.doctor.access import Access
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi
    from ngrok_scim_cli.wire.okta_api import OktaApi
    from ngrok_scim_cli.wire.pages import Page
    from ngrok_scim_cli.wire.scim import OktaScim

    Document = dict[str, object]

_Value = TypeVar("_Value")

TIMEOUT_S = 600.0
"""How long a check may take: some requests one after another, each of which may take Okta's 60
seconds, and the waits that a peer asks for."""

LONG_TIMEOUT_S = 3600.0
"""How long what goes through everybody may take: 100,000 users are 1,000 pages, and ngrok takes 120
requests a minute."""

LOG_DAYS = 7
"""How far back the System Log is asked for: Okta's own default."""

LOG_KEPT_DAYS = 90
"""Okta keeps its System Log for this long (https://developer.okta.com/docs/api/openapi/okta-management/)."""

# At most this many pages of it are read, the newest, with this many events each.
_LOG_PAGES = 20
_LOG_PAGE = 250
MOST_EVENTS = _LOG_PAGES * _LOG_PAGE
"""At most this many events of it are read, the newest."""

# An app's id (Okta Management API). What it is asked for can be fetched before it was looked up.
_APP_ID = re.compile(r"0oa[0-9A-Za-z]{17}")

_EVENTS = 'eventType sw "application."'
_APP_CHANGED = 'eventType eq "application.lifecycle.update"'


class SharedFuture(Generic[_Value]):
    """Lazily fetched value shared by threads.

    It is fetched once, in a thread of its own, when it is first needed. Where that fails, everybody
    who needs it gets the exception, with its traceback only where one asks for it
    (``keeps_traceback``).
    """

    def __init__(self, fetch: Callable[[], _Value], *, keeps_traceback: bool = False) -> None:
        self._fetch = fetch
        self._keeps_traceback = keeps_traceback
        self._future: Future[_Value] = Future()
        self._begun = Lock()

    @property
    def is_over(self) -> bool:
        """Whether it was fetched, or failed."""
        return self._future.done()

    def begin(self) -> None:
        """Start to fetch the value, without waiting for it."""
        # Where no thread can be started it is fetched here, so that nobody waits for nothing.
        if self._begun.acquire(blocking=False) and not start_thread(self._run):
            self._run()

    def get(self, timeout_s: float = LONG_TIMEOUT_S) -> _Value:
        """Wait for the value and return it; raises ``Unknown`` if that takes too long."""
        self.begin()
        try:
            error = self._future.exception(timeout_s)
        except TimeoutError:
            raise Unknown(f"It did not finish within {timeout_s:,.0f} seconds.") from None
        if error:
            # Otherwise the frames of all who ever asked stay, with all that they looked at.
            raise error if self._keeps_traceback else error.with_traceback(None)
        return self._future.result()

    def get_or_none(self) -> _Value | None:
        """Wait for the value and return it; ``None`` where it is unknown."""
        try:
            return self.get()
        except Unknown:
            return None

    def peek(self) -> _Value | None:
        """Return the value if it was fetched already, else ``None``; never starts to fetch."""
        return self._future.result() if self.is_over and not self._future.exception() else None

    def _run(self) -> None:
        try:
            self._future.set_result(self._fetch())
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            self._future.set_exception(error)


def gather(*needed: SharedFuture[Any]) -> None:
    """Fetch all of ``needed`` side by side; raises the error of the first that fails."""
    for one in needed:
        one.begin()
    errors = []
    for one in needed:
        try:
            one.get()
        except Exception as error:  # noqa: BLE001 - raised below
            errors.append(error)
    if errors:
        raise errors[0]


class Progress(Protocol):
    """Shows the progress of the run; called from several threads at once."""

    def read(self, what: str, done: int, total: int | None) -> None:
        """Show how much of a list was read, like ``users in ngrok``."""

    def waits(self, what: str, seconds: float) -> None:
        """Show a wait that a peer asked for, like that of ``list users``."""


class Evidence:
    """What the checks of one run are judged by.

    Every attribute that is a ``SharedFuture`` is fetched when a check first asks for it. Its
    ``get`` raises ``Unknown`` where it cannot be fetched, or a peer refuses it.
    """

    def __init__(
        self,
        access: Access,
        *,
        now: Callable[[], datetime],
        progress: Progress,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare to fetch; nothing is sent yet."""
        self.access = access
        self.now = now
        self.pause = pause
        self.progress = progress
        self.tested = SharedFuture(lambda: access.connector.run(present(access.values)))
        self.api_keys = self._listed("API keys", lambda api: api.api_keys())
        self.service_users = self._listed("Service Users", lambda api: api.service_users())
        self.ip_restrictions = self._listed("IP restrictions", lambda api: api.ip_restrictions())
        self.ip_policy_rules = self._listed("IP policy rules", lambda api: api.ip_policy_rules())
        self.okta_app = SharedFuture(self._find_app)
        self.ngrok_apps = SharedFuture(lambda: self._read_apps("ngrok"))
        self.features = SharedFuture(lambda: self.note(self.okta().features(self.app_id())))
        self.mappings = SharedFuture(self._read_mappings)
        self.log = SharedFuture(lambda: self.read_log(_EVENTS, days=LOG_DAYS))
        self.app_changes = SharedFuture(lambda: self.read_log(_APP_CHANGED, days=LOG_KEPT_DAYS))
        self._shared: dict[object, SharedFuture[Any]] = {}
        self._exchanges: list[Exchange] = []
        self._noting = Lock()

    def begin(self) -> None:
        """Start to fetch everything for which there is access."""
        access = self.access
        peers = (access.values, access.ngrok, access.okta.api)
        if all(isinstance(peer, Unknown) for peer in peers):
            return
        # All requests need it. Loaded before them, it is not loaded at the same time as the checks.
        load_httpx()
        for one in vars(self).values():
            if isinstance(one, SharedFuture):
                one.begin()

    def shared(self, read: Callable[[Evidence], _Value]) -> SharedFuture[_Value]:
        """Return the future of what ``read`` gets, the same one for all who need it."""
        with self._noting:
            future = self._shared.setdefault(read, SharedFuture(partial(read, self)))
        return cast("SharedFuture[_Value]", future)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every request but those of the connector test, in the order of their replies."""
        with self._noting:
            return tuple(self._exchanges)

    @property
    def all_exchanges(self) -> tuple[Exchange, ...]:
        """Every request: those of the connector test, then by what they were for.

        They went out side by side, so that the order of their replies says nothing.
        """
        tested = self.tested.peek()
        others = sorted(self.exchanges, key=lambda exchange: exchange.purpose)
        return (*(tested.result.exchanges if tested else ()), *others)

    def note(self, exchange: Exchange) -> Exchange:
        """Remember that a request was made, and return it as it is.

        Of a reply that went well nothing is kept but its head: it holds names of people.
        """
        went_well = exchange.status == HTTPStatus.OK
        with self._noting:
            self._exchanges.append(exchange.without_body() if went_well else exchange)
        return exchange

    def okta(self) -> OktaApi:
        """Return the API of the Okta org; raises ``Unknown`` where its URL or token is missing."""
        return present(self.access.okta.api)

    def scim(self) -> OktaScim:
        """Return the SCIM endpoint with values that may be sent: as typed, or as repaired."""
        values = present(self.access.values)
        return self.scim_with(self.repaired() if values.has_errors else values.form)

    def scim_with(self, form: Form) -> OktaScim:
        """Return the SCIM endpoint with the values of ``form``."""
        from ngrok_scim_cli.wire.scim import OktaScim

        return OktaScim(self.access.wire, form.base_url, form.authorization)

    def repaired(self) -> Form:
        """Return the values as the connector test repaired and tried them."""
        repair = self.tested.get().result.repair
        if repair is None or not repair.accepts:
            raise Unknown("The values for Okta do not work yet.")
        return repair.form

    def app_id(self) -> str:
        """Return the id of the Okta app; that costs nothing where the person gave it."""
        self.okta()
        wanted = self.access.okta_app
        return wanted if _APP_ID.fullmatch(wanted) else self.okta_app.get().id

    def pages(self, what: str, pages: Iterable[Page]) -> Iterator[Page]:
        """Go through the pages of a list of Okta's."""
        for page in pages:
            self.note(page.exchange)
            if not page.ok:
                raise okta_refused(page.exchange, what)
            yield page

    def read_log(self, condition: str, *, days: int) -> tuple[LogEvent, ...]:
        """Read the events about the app that fit a filter of the System Log, the newest first."""
        until = self.now()
        condition = f'target.id eq "{self.app_id()}" and {condition}'
        since = until - timedelta(days=days)
        pages = self.okta().log(condition, since=since, until=until, limit=_LOG_PAGE)
        newest = islice(self.pages("the System Log", pages), _LOG_PAGES)
        return tuple(read_event(item) for page in newest for item in page.items)

    def domains(self) -> frozenset[str]:
        """Return the domains that the profile knows; none where it cannot be read."""
        profile = self.access.profile
        return frozenset(() if isinstance(profile, Unknown) else profile.domains_by_name)

    def _listed(
        self, what: str, ask: Callable[[NgrokApi], Iterable[Page]]
    ) -> SharedFuture[tuple[Document, ...]]:
        def read() -> tuple[Document, ...]:
            items: list[Document] = []
            for page in ask(present(self.access.ngrok)):
                self.note(page.exchange)
                if not page.ok:
                    findings = () if page.is_endless else judge_api(page.exchange)
                    reason = f"Could not read ngrok's {what}."
                    raise Unknown(reason, findings, conclusive=_says_something(findings))
                items += page.items
            return tuple(items)

        return SharedFuture(read)

    def _find_app(self) -> OktaApp:
        okta, wanted = self.okta(), self.access.okta_app
        if _APP_ID.fullmatch(wanted):
            exchange = self.note(okta.app(wanted))
            document = exchange.json_object()
            if document is not None:
                return read_app(document)
            if exchange.status != HTTPStatus.NOT_FOUND or judge_okta(exchange):
                raise okta_refused(exchange, "the app")
            return present(choose_app([], wanted))
        return present(choose_app(self._read_apps(wanted), wanted))

    def _read_apps(self, name: str) -> list[OktaApp]:
        pages = self.pages("the apps", self.okta().apps(name))
        return [read_app(item) for page in pages for item in page.items]

    def _read_mappings(self) -> tuple[Document, ...]:
        okta = self.okta()
        pages = self.pages("profile mappings", okta.mappings(self.app_id()))
        ids = [str(item.get("id") or "") for page in pages for item in page.items]
        found = []
        for mapping_id in filter(None, ids):
            exchange = self.note(okta.mapping(mapping_id))
            document = exchange.json_object()
            if document is None:
                raise okta_refused(exchange, "a profile mapping")
            found.append(document)
        return tuple(found)


def _says_something(findings: tuple[Finding, ...]) -> bool:
    """Tell whether ``findings`` are about the peers, and not only about the way to them."""
    return any(not item.code.startswith("NET") for item in findings)


def okta_refused(exchange: Exchange, what: str) -> Unknown:
    """Return why Okta did not give ``what``."""
    findings = judge_okta(exchange)
    if findings:
        reason = f"Could not read {what} from Okta."
        return Unknown(reason, findings, conclusive=_says_something(findings))
    reason = why_no_answer(exchange) or f"Could not read {what} from Okta."
    right = missing_right(exchange)
    return Unknown(reason, conclusive=right is not None, grant=right.fix if right else "")
