"""User names that a server may trip over when Okta looks them up."""

import re
from collections.abc import Iterable

from ngrok_scim_cli.diagnosis.people.email_address import LONGEST_ADDRESS
from ngrok_scim_cli.diagnosis.people.records import NgrokUser

# What makes a user name difficult in a filter: each with how it is called.
_DIFFICULT = {
    "a plus sign": re.compile(r"\+"),
    "a quotation mark": re.compile("[\"']"),
    "capitals": re.compile("[A-Z]"),
    "letters beyond ASCII": re.compile(r"[^\x00-\x7f]"),
}
_ANYTHING_DIFFICULT = re.compile("|".join(one.pattern for one in _DIFFICULT.values()))


class DifficultNames:
    """The first user name of each kind that a server may trip over in a filter."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def see(self, users: Iterable[NgrokUser]) -> None:
        """Look at more users; it is over quickly where nothing is new."""
        if len(self.found) == len(_DIFFICULT):
            return
        for user in users:
            name = user.user_name
            if _ANYTHING_DIFFICULT.search(name) and len(name) <= LONGEST_ADDRESS:
                for kind, pattern in _DIFFICULT.items():
                    if kind not in self.found and pattern.search(name):
                        self.found[kind] = name
