"""The users that ngrok's SCIM endpoint holds, page by page, and how their list ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.paging import PageWatch, is_missed
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.finding import Finding, Severity, UserCount
from ngrok_scim_cli.diagnosis.people.records import NgrokUser, read_ngrok_user
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.counting import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ngrok_scim_cli.diagnosis.values.validate import Values
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.pages import Page


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which users are wanted.

    Attributes:
        active: only users whose ``active`` is just this; ``None`` takes everybody.
        match: a part of the user name, display name, e-mail address or id; case does not count.
    """

    active: bool | None = None
    match: str = ""

    def takes(self, user: NgrokUser) -> bool:
        """Tell whether ``user`` is wanted."""
        if self.active is not None and user.active is not self.active:
            return False
        wanted = self.match.casefold()
        return not wanted or any(
            wanted in text.casefold()
            for text in (user.user_name, user.display_name, user.id, *user.emails)
        )


class UserList:
    """One reading of the list.

    Attributes:
        total: how many the endpoint said that there are; ``None`` before the first page.
        conclusive: whether that is known; not where nothing was sent, or the way to ngrok fails.
        unclear: of how many ``active`` is neither true nor false.
        broken: the page that the endpoint did not give; the list ends before it.
        unproven: the reply that should have proved the list whole, and did not.
    """

    def __init__(
        self,
        pages: Iterable[Page],
        wanted: Wanted = Wanted(),  # noqa: B008 - it is frozen
        *,
        note: Callable[[Exchange], object] | None = None,
        key_name: str = "the key",
    ) -> None:
        """Prepare to read; ``note`` gets each exchange, otherwise ``exchanges`` has them."""
        self.wanted = wanted
        self.listed = self.seen = self.inactive = self.unclear = 0
        self.total: int | None = None
        self.findings: tuple[Finding, ...] = ()
        self.conclusive = True
        self.exchanges: list[Exchange] = []
        self.broken: Page | None = None
        self.unproven: Exchange | None = None
        self.watch = PageWatch()
        self._pages = pages
        self._note = note or self.exchanges.append
        self._key_name = key_name

    @property
    def count(self) -> UserCount | None:
        """How many users there are and how many came; ``None`` where no list came."""
        return None if self.total is None else UserCount(self.total, self.seen)

    @property
    def summary(self) -> str:
        """How many users were listed, and how many of them are deactivated."""
        seen = counted(self.seen, "user")
        listed = seen if self.listed == self.seen else f"{self.listed:,} of {seen}"
        gone = f", {self.inactive:,} of them deactivated" if self.inactive else ""
        return f"{listed}{gone}."

    def pages(self) -> Iterator[tuple[NgrokUser, ...]]:
        """Read the list to its end, or to where it breaks off; a page may have no wanted user."""
        for page in self._pages:
            self._note(page.exchange)
            asked, reply = page.asked or 1, page.exchange.reply
            users = tuple(map(read_ngrok_user, page.items))
            ids = [user.id for user in users]
            if page.is_proof and page.ok:
                self.watch.prove(asked, page.total, ids)
            elif page.is_proof:
                if is_missed(asked, reply.status if reply else None):
                    self.unproven = page.exchange
                    self._break_off(page)
            elif page.ok:
                self.watch.add(asked, page.start, page.total, ids)
                self.total = page.total if page.total is not None else self.total
                wanted = tuple(filter(self.wanted.takes, users))
                self.seen += len(users)
                self.listed += len(wanted)
                active = [user.active for user in wanted]
                self.inactive += active.count(False)
                self.unclear += active.count(None)
                yield wanted
            else:
                self.broken = page
                self._break_off(page)
                return
        self.findings = self.watch.findings() or self.findings or self._nobody()

    def _break_off(self, page: Page) -> None:
        if page.is_endless and page.exchange.failure:
            seen = f"It has no end: {page.exchange.failure.detail}"
            self.findings = self.watch.findings(complete=False) or (finding("USR609", seen),)
            return
        judgement = judge(page.exchange, key_name=self._key_name)
        errors = tuple(item for item in judgement.findings if item.severity is Severity.ERROR)
        self.findings = errors or (finding("SCM511", "The page is not a list of users."),)
        self.conclusive = judgement.accepts is not None or self.seen > 0

    def _nobody(self) -> tuple[Finding, ...]:
        if self.seen:
            return ()
        if self.total:
            seen = f"`totalResults` is {self.total:,}, but no user was returned."
            return (finding("USR602", seen),)
        return (finding("USR601", "`totalResults` is 0."),)


def list_users(
    wire: Wire, values: Values, wanted: Wanted, on_wait: Callable[[str, float], None]
) -> UserList:
    """Return the list of users, which is fetched as it is read."""
    from ngrok_scim_cli.diagnosis.values.key import name_of_key
    from ngrok_scim_cli.wire.scim import OktaScim

    scim = OktaScim(wire, values.form.base_url, values.form.authorization)
    pages = scim.pages(prefetch=True, prove=True, on_wait=on_wait)
    return UserList(pages, wanted, key_name=name_of_key(values.key))
