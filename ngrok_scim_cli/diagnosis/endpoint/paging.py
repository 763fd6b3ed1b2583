"""Checks that the pages of a list of users fit together."""

from collections.abc import Sequence

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.people.email_address import shown

# What is longer is no id of ngrok's, and is not kept.
_LONGEST_ID = 1000
_LARGEST_NUMBER = 10**15
_FULL_PAGE = 100
# In which order what was noticed is shown.
_ORDER = ("change", "recount", "shift", "repeats", "gap", "behind", "missed")
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
        self._totals: list[tuple[int, int]] = []  # the page, and its total
        self._repeats = 0
        self._first_repeat = ""
        self._notes: dict[str, str] = {}

    def add(self, asked: int, start: int | None, total: int | None, ids: Sequence[str]) -> None:
        """Look at one more page; a user without an id has an empty text in ``ids``."""
        self._page += 1
        if ids and start is not None and start != asked:
            seen = f"Page {self._page} was requested from user {_number(asked)}, but says that it "
            self._notes.setdefault("shift", f"{seen}begins with user {_number(start)}.")
        if total is not None:
            self._totals = [*self._totals[:1], (self._page, total)]
            first_on, first = self._totals[0]
            if total != first:
                seen = f"`totalResults` is {_number(first)} on page {first_on} and "
                self._notes.setdefault("change", f"{seen}{_number(total)} on page {self._page}.")
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
            last = self._totals[-1][1] if self._totals else None
            if total is not None and last is not None and total != last:
                self._notes["recount"] = (
                    f"`totalResults` is {_number(last)} for the list, and {_number(total)} when "
                    "two users are asked for."
                )
            return
        new = [one for one in ids if one[:_LONGEST_ID] not in self._ids]
        asked_for = f"Asked for users after the last one (number {_number(asked)}), the server"
        if new:
            more = f"{_number(len(new))} more, such as {shown(new[0])}"
            self._notes["behind"] = f"{asked_for} returned {more}."
        # A list of one page hides nobody, though the server ignores `startIndex`.
        elif ids and self._came() >= _FULL_PAGE:
            self._notes["behind"] = f"{asked_for} returned {shown(ids[0])} and others again."

    def miss(self, identifier: str) -> None:
        """Note that somebody is there, as a read by id shows, who is not in the list."""
        seen = f"{shown(identifier)} is not in the list, but `GET /Users/{{id}}` finds this user."
        self._notes.setdefault("missed", seen)

    def findings(self, *, complete: bool = True) -> tuple[Finding, ...]:
        """Return USR609 where the pages do not fit together, or more users come after them.

        That nobody came at all is USR601 or USR602. A list that was not read to its end is not
        ``complete``: nobody is missed in it.
        """
        notes = dict(self._notes)
        if self._repeats:
            users = "1 user is" if self._repeats == 1 else f"{_number(self._repeats)} users are"
            notes["repeats"] = f"{users} repeated: {self._first_repeat}."
        came, total = self._came(), self._totals[0][1] if self._totals else None
        if complete and "change" not in notes and came and total is not None and total != came:
            users = "1 different user was" if came == 1 else f"{_number(came)} different users were"
            notes["gap"] = f"`totalResults` is {_number(total)}, but {users} returned."
        seen = " ".join(notes[name] for name in _ORDER if name in notes)
        return (finding("USR609", seen),) if seen else ()

    def _came(self) -> int:
        return len(self._ids) + self._without_id


def _number(value: int) -> str:
    """Return a number of a server's, however large it is."""
    if abs(value) > _LARGEST_NUMBER:
        return "more than a quadrillion" if value > 0 else "far below 0"
    return f"{value:,}"
