"""What is wrong with the users that ngrok holds, seen one after another.

Okta never deletes a user of ngrok's: who left stays there deactivated, with whatever name they
had. So only users who are not deactivated are judged by their names; otherwise a finding would
stay for ever, whatever the person does.
"""

from dataclasses import dataclass

from ngrok_scim_cli.diagnosis.address import (
    domain_of,
    is_ordinary,
    looks_like,
    person,
    shown,
    unseen_in,
)
from ngrok_scim_cli.diagnosis.characters import kind_of, named
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.people import NgrokUser
from ngrok_scim_cli.diagnosis.tally import PeopleRules, Tally

# What is longer is neither an address nor an id of ngrok's, and is not kept.
_LONGEST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Earlier:
    """A user who came earlier: ``id`` and ``userName``."""

    id: str
    user_name: str


@dataclass(frozen=True, slots=True)
class SeenUser:
    """A user who is not deactivated, and what the rules have to know besides.

    Attributes:
        user: the user.
        domain: the domain of ``userName``; empty where that is no e-mail address.
        domains: the domains that were submitted to ngrok; empty where none is known.
        earlier: another user whose name looks the same.
    """

    user: NgrokUser
    domain: str
    domains: frozenset[str] = frozenset()
    earlier: Earlier | None = None


# Asked about everybody.
user_rules: PeopleRules[NgrokUser] = PeopleRules("users")
# Asked only about users in whose names or addresses anything is out of the ordinary.
name_rules: PeopleRules[SeenUser] = PeopleRules("users")


def _is_ordinary(user: NgrokUser, domains: frozenset[str]) -> bool:
    """Tell whether none of ``name_rules`` finds anything, but for the one about twins."""
    starts_visibly = "!" <= user.display_name[:1] <= "~"
    return starts_visibly and not user.emails and is_ordinary(user.user_name, domains)


def _named(seen: SeenUser) -> str:
    return person(seen.user.user_name, seen.user.id)


def _unseen(seen: SeenUser) -> str:
    texts = (seen.user.user_name, *seen.user.emails)
    text, spots = next((text, unseen_in(text)) for text in texts if unseen_in(text))
    return f"{shown(text)} holds {named(spots)}"


def _both(seen: SeenUser) -> str:
    first, second = seen.earlier or Earlier("", ""), seen.user
    return (
        f"{shown(first.user_name)} with the id {shown(first.id)} and "
        f"{shown(second.user_name)} with the id {shown(second.id)}"
    )


@name_rules("USR603", _named)
def _is_no_address(seen: SeenUser) -> bool:
    return not seen.domain


@name_rules("USR604", _unseen)
def _holds_what_cannot_be_seen(seen: SeenUser) -> bool:
    return any(unseen_in(text) for text in (seen.user.user_name, *seen.user.emails))


@name_rules("USR605", _both)
def _looks_like_another(seen: SeenUser) -> bool:
    return seen.earlier is not None


@name_rules("USR606", _named)
def _is_outside_the_domains(seen: SeenUser) -> bool:
    return bool(seen.domain and seen.domains) and seen.domain not in seen.domains


@user_rules("USR607", lambda user: person(user.user_name, user.id))
def _is_deactivated(user: NgrokUser) -> bool:
    return user.active is False


@name_rules("USR608", _named)
def _has_no_display_name(seen: SeenUser) -> bool:
    return all(kind_of(letter) for letter in seen.user.display_name[:_LONGEST_KEPT])


class UserAudit:
    """The audit of ngrok's users (USR603 to USR608).

    Args:
        domains: the domains that were submitted to ngrok, in lower case and ASCII; where none is
            known, nobody is outside them.

    Attributes:
        total: how many users were seen.
        active: how many of them are not deactivated.
    """

    def __init__(self, domains: frozenset[str] = frozenset()) -> None:
        self._domains = domains
        self._names = _Names()
        self._all = Tally(user_rules)
        self._out_of_the_ordinary = Tally(name_rules)
        self.total = 0
        self.active = 0

    def add(self, user: NgrokUser) -> None:
        """Look at one more user."""
        self.total += 1
        self._all.add(user)
        if user.active is False:
            return
        self.active += 1
        ordinary = _is_ordinary(user, self._domains)
        name = user.user_name
        earlier = self._names.earlier(user, name.lower() if ordinary else looks_like(name))
        if earlier or not ordinary:
            seen = SeenUser(user, domain_of(user.user_name), self._domains, earlier)
            self._out_of_the_ordinary.add(seen)

    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong: each code once, with the number of users and the first five."""
        return self._out_of_the_ordinary.findings() + self._all.findings()


class _Names:
    """The user names seen so far, by what they look like."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        # Only of those whose name is not written as it looks, so that this stays small.
        self._written: dict[str, str] = {}

    def earlier(self, user: NgrokUser, looks: str) -> Earlier | None:
        """Return another user seen before whose name looks the same, and remember this one.

        Args:
            user: a user.
            looks: what the user name looks like.
        """
        if not looks or len(looks) > _LONGEST_KEPT:
            return None
        if looks not in self._ids:
            self._ids[looks] = user.id[:_LONGEST_KEPT]
            if looks != user.user_name:
                self._written[looks] = user.user_name[:_LONGEST_KEPT]
            return None
        first = Earlier(self._ids[looks], self._written.get(looks, looks))
        return None if _is_the_same(first, user) else first


def _is_the_same(first: Earlier, user: NgrokUser) -> bool:
    """Tell whether a user came once more, as on pages that overlap."""
    same_id = first.id == user.id[:_LONGEST_KEPT]
    return same_id and (bool(user.id) or first.user_name == user.user_name)
