"""What is wrong with the users that ngrok holds, seen one after another.

Okta never deletes a user of ngrok's: who left stays there deactivated, with whatever name they
had. So only users who are not deactivated are judged by their names; otherwise a finding would
stay for ever, whatever the person does.
"""

from dataclasses import dataclass

from ngrok_scim_cli.diagnosis.address import domain_of, looks_like, person, shown, unseen_in
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
    """A user, and what the rules have to know besides.

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


def _named(seen: SeenUser) -> str:
    return person(seen.user.user_name, seen.user.id)


def _unseen(seen: SeenUser) -> str:
    for text in (seen.user.user_name, *seen.user.emails):
        spots = unseen_in(text)
        if spots:
            return f"{shown(text)} holds {named(spots)}"
    return _named(seen)


def _both(seen: SeenUser) -> str:
    first, second = seen.earlier or Earlier("", ""), seen.user
    return (
        f"{shown(first.user_name)} with the id {shown(first.id)} and "
        f"{shown(second.user_name)} with the id {shown(second.id)}"
    )


user_rules: PeopleRules[SeenUser] = PeopleRules("users")
left_rules: PeopleRules[NgrokUser] = PeopleRules("users")


@user_rules("USR603", _named)
def _is_no_address(seen: SeenUser) -> bool:
    return not seen.domain


@user_rules("USR604", _unseen)
def _holds_what_cannot_be_seen(seen: SeenUser) -> bool:
    return any(unseen_in(text) for text in (seen.user.user_name, *seen.user.emails))


@user_rules("USR605", _both)
def _looks_like_another(seen: SeenUser) -> bool:
    return seen.earlier is not None


@user_rules("USR606", _named)
def _is_outside_the_domains(seen: SeenUser) -> bool:
    return bool(seen.domain and seen.domains) and seen.domain not in seen.domains


@user_rules("USR608", _named)
def _has_no_display_name(seen: SeenUser) -> bool:
    return all(kind_of(letter) for letter in seen.user.display_name[:_LONGEST_KEPT])


@left_rules("USR607", lambda user: person(user.user_name, user.id))
def _is_deactivated(user: NgrokUser) -> bool:
    return user.active is False


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
        self._users = Tally(user_rules)
        self._left = Tally(left_rules)
        self.total = 0
        self.active = 0

    def add(self, user: NgrokUser) -> None:
        """Look at one more user."""
        self.total += 1
        if user.active is False:
            self._left.add(user)
            return
        self.active += 1
        earlier = self._names.earlier(user)
        self._users.add(SeenUser(user, domain_of(user.user_name), self._domains, earlier))

    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong: each code once, with the number of users and the first five."""
        return self._users.findings() + self._left.findings()


class _Names:
    """The user names seen so far, by what they look like."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        # Only of those whose name is not written as it looks: few, and so this stays small.
        self._written: dict[str, str] = {}

    def earlier(self, user: NgrokUser) -> Earlier | None:
        """Return another user seen before whose name looks the same, and remember this one."""
        name = user.user_name
        looks = looks_like(name[:_LONGEST_KEPT])
        if not looks:
            return None
        identifier = user.id[:_LONGEST_KEPT]
        first_id = self._ids.setdefault(looks, identifier)
        if first_id is identifier:
            if looks != name:
                self._written[looks] = name[:_LONGEST_KEPT]
            return None
        first_name = self._written.get(looks, looks)
        is_the_same = first_id == identifier and bool(identifier or first_name == name)
        return None if is_the_same else Earlier(first_id, first_name)
