"""A list of users that is read page by page: does it hold together?"""

from collections.abc import Sequence

from ngrok_scim_cli.diagnosis.finding import Finding


class PageWatch:
    """The pages of one list, in the order in which they were read (RFC 7644 section 3.4.2.4)."""

    def __init__(self) -> None:
        self._pages = 0

    def add(self, asked: int, start: int | None, total: int | None, ids: Sequence[str]) -> None:
        """Look at one more page.

        Args:
            asked: the ``startIndex`` that was asked for, from 1.
            start: the ``startIndex`` of the answer; ``None`` where it has none.
            total: the ``totalResults`` of the answer; ``None`` where it has none.
            ids: the ``id`` of each user of the page; empty text where one has none.
        """
        self._pages += 1

    def findings(self, *, complete: bool = True) -> tuple[Finding, ...]:
        """Return USR609 where the pages do not fit together.

        Args:
            complete: whether the list was read to its end; where it was not, missing users are no
                finding.
        """
        return ()
