"""The users that ngrok's SCIM endpoint holds, page by page, and how their list ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.paging import PageWatch, is_missed
from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.diagnosis.endpoint.reply_list import of_server
from ngrok_scim_cli.diagnosis.finding import Finding, UserCount, has_errors
from ngrok_scim_cli.diagnosis.people.records import NgrokUser, read_ngrok_user
from ngrok_scim_cli.diagnosis.unknown import Unknown
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
        unclear: of how many ``active`` is neither true nor false.
        broken: why the list ends before its end; ``None`` where it does not.
        unproven: why nothing proves the list whole, where the request for that failed.
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
        self.exchanges: list[Exchange] = []
        self.broken: Unknown | None = None
        self.unproven: Unknown | None = None
        self.watch = PageWatch()
        self._pages = pages
        self._note = note or self.exchanges.append
        self._key_name = key_name
        self._url = ""

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

    @property
    def conclusive(self) -> bool:
        """Whether the answer is known; not where nothing was sent, or the way to ngrok fails."""
        problem = self.broken or self.unproven
        return problem is None or problem.conclusive or self.seen > 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the list, once it was read."""
        problem, found = self.broken or self.unproven, self.watch.findings(complete=not self.broken)
        if problem:
            errors = tuple(item for item in problem.findings if has_errors([item]))
            errors = errors or (finding("SCM511", "The page is not a list of users."),)
            is_endless = any(item.code == "USR609" for item in errors)
            return errors if self.broken and not is_endless else found or errors
        if found or self.seen:
            return found
        if self.total:
            seen = f"`totalResults` is {self.total:,}, but no user was returned."
            return (finding("USR602", seen),)
        return (of_server(finding("USR601", "`totalResults` is 0."), self._url),)

    def pages(self) -> Iterator[tuple[NgrokUser, ...]]:
        """Read the list to its end, or to where it breaks off; a page may have no wanted user."""
        for page in self._pages:
            self._note(page.exchange)
            self._url, asked = page.exchange.url, page.asked or 1
            users = tuple(map(read_ngrok_user, page.items))
            ids = [user.id for user in users]
            if not page.ok and not page.is_proof:
                self.broken = self._why(page)
                return
            if not page.ok:
                if is_missed(asked, page.exchange.status):
                    self.unproven = self._why(page)
            elif page.is_proof:
                self.watch.prove(asked, page.total, ids)
            else:
                self.watch.add(asked, page.start, page.total, ids)
                self.total = page.total if page.total is not None else self.total
                wanted = tuple(filter(self.wanted.takes, users))
                self.seen += len(users)
                self.listed += len(wanted)
                active = [user.active for user in wanted]
                self.inactive += active.count(False)
                self.unclear += active.count(None)
                yield wanted

    def _why(self, page: Page) -> Unknown:
        """Return why a page did not come."""
        failure = page.exchange.failure
        if page.is_endless and failure:
            found = (finding("USR609", f"It has no end: {failure.detail}"),)
            return Unknown(f"Only the first {self.seen:,} users are known.", found)
        reason = "Could not read the whole list of users."
        if page.is_proof:
            reason = "Could not verify that the list of users is complete."
        elif self.seen:
            reason += f" Only the first {self.seen:,} are known."
        judgement = judge(page.exchange, key_name=self._key_name)
        return Unknown(reason, judgement.findings, conclusive=judgement.accepts is not None)


def list_users(
    wire: Wire, values: Values, wanted: Wanted, on_wait: Callable[[str, float], None]
) -> UserList:
    """Return the list of users, which is fetched as it is read."""
    from ngrok_scim_cli.diagnosis.values.key import name_of_key
    from ngrok_scim_cli.wire.scim import OktaScim

    scim = OktaScim(wire, values.form.base_url, values.form.authorization)
    pages = scim.pages(prefetch=True, prove=True, on_wait=on_wait)
    return UserList(pages, wanted, key_name=name_of_key(values.key))
