"""Checks that the pages of a list of users fit together."""

from collections.abc import Sequence

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.people.email_address import shown

# What is longer is no id of ngrok's, and is not kept.
_LONGEST_ID = 1000
_LARGEST_NUMBER = 10**15
_FULL_PAGE = 100
# With 408 and 429 a server says nothing about the page that it was asked for.
_CLIENT_ERRORS = frozenset(range(400, 500)) - {408, 429}


def is_missed(asked: int, status: int | None) -> bool:
    """Tell whether users may be missing because a page failed; a refused page counts as empty."""
    return asked == 1 or status not in _CLIENT_ERRORS


class PageWatch:
    """The pages of one list, in the order in which they were read (RFC 7644 section 3.4.2.4).

    A list is whole only where nothing speaks against it: a total that counts the page, or a server
    that stops at its first hundred, looks complete otherwise. The first of each kind is kept.
    """

    def __init__(self) -> None:
        self._page = 0
        self._ids: set[str] = set()
        self._without_id = 0
        self._first_total: int | None = None
        self._first_total_on = 0
        self._last_total: int | None = None
        self._repeats = 0
        self._first_repeat = ""
        self._shift = self._change = self._behind = self._recount = self._missed = ""

    def add(self, asked: int, start: int | None, total: int | None, ids: Sequence[str]) -> None:
        """Look at one more page; a user without an id has an empty text in ``ids``."""
        self._page += 1
        if ids and start is not None and start != asked:
            self._shift = self._shift or (
                f"Page {self._page} was requested from user {_number(asked)}, but says that it "
                f"begins with user {_number(start)}."
            )
        if total is not None:
            self._last_total = total
            if self._first_total is None:
                self._first_total, self._first_total_on = total, self._page
            if total != self._first_total:
                self._change = self._change or (
                    f"`totalResults` is {_number(self._first_total)} on page "
                    f"{self._first_total_on} and {_number(total)} on page {self._page}."
                )
        for identifier in ids:
            if identifier in self._ids:
                self._repeats += 1
                where = f"{shown(identifier)}, again on page {self._page}"
                self._first_repeat = self._first_repeat or where
            elif 0 < len(identifier) <= _LONGEST_ID:
                self._ids.add(identifier)
            else:
                self._without_id += 1

    def prove(self, asked: int, total: int | None, ids: Sequence[str]) -> None:
        """Look at a page that was asked for to prove the list whole.

        It begins after the last user, or at 1 to ask for the total with another ``count``.
        """
        if asked == 1:
            last = self._last_total
            if total is not None and last is not None and total != last:
                self._recount = (
                    f"`totalResults` is {_number(last)} for the list, and {_number(total)} when "
                    "two users are asked for."
                )
            return
        new = [one for one in ids if one[:_LONGEST_ID] not in self._ids]
        asked_for = f"Asked for users after the last one (number {_number(asked)}), the server"
        if new:
            more = f"{_number(len(new))} more, such as {shown(new[0])}"
            self._behind = f"{asked_for} returned {more}."
        # A list of one page hides nobody, though the server ignores `startIndex`.
        elif ids and self._came() >= _FULL_PAGE:
            self._behind = f"{asked_for} returned {shown(ids[0])} and others again."

    def miss(self, identifier: str) -> None:
        """Note that somebody is there, as a read by id shows, who is not in the list."""
        self._missed = self._missed or (
            f"{shown(identifier)} is not in the list, but `GET /Users/{{id}}` finds this user."
        )

    def findings(self, *, complete: bool = True) -> tuple[Finding, ...]:
        """Return USR609 where the pages do not fit together, or more users come after them.

        That nobody came at all is USR601 or USR602. A list that was not read to its end is not
        ``complete``: nobody is missed in it.
        """
        users = "1 user is" if self._repeats == 1 else f"{_number(self._repeats)} users are"
        repeated = f"{users} repeated: {self._first_repeat}." if self._repeats else ""
        came, total, gap = self._came(), self._first_total, ""
        if complete and not self._change and came and total is not None and total != came:
            different = "user was" if came == 1 else "users were"
            gap = f"but {_number(came)} different {different} returned."
            gap = f"`totalResults` is {_number(total)}, {gap}"
        parts = (self._change, self._recount, self._shift, repeated)
        seen = " ".join(filter(None, (*parts, gap, self._behind, self._missed)))
        return (finding("USR609", seen),) if seen else ()

    def _came(self) -> int:
        return len(self._ids) + self._without_id


def _number(value: int) -> str:
    """Return a number of a server's, however large it is."""
    if abs(value) > _LARGEST_NUMBER:
        return "more than a quadrillion" if value > 0 else "far below 0"
    return f"{value:,}"
