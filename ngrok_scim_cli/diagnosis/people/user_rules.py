"""Rules for the users in ngrok's list, and their audit.

Okta never deletes a user of ngrok's: whoever left stays there deactivated, with whatever name they
had. So only users who are not deactivated are judged by their names; otherwise a finding would
stay for ever, whatever the person does.
"""

from collections.abc import Collection

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, Severity, Subject
from ngrok_scim_cli.diagnosis.okta.fixes import EMAIL_FORMAT, TWO_ACCOUNTS
from ngrok_scim_cli.diagnosis.people.aggregate import SHOWN, Aggregate, enumerated
from ngrok_scim_cli.diagnosis.people.email_address import (
    LONGEST_ADDRESS,
    domain_of,
    looks_like,
    person,
    shown,
    unseen_in,
    usual_names,
)
from ngrok_scim_cli.diagnosis.people.records import NgrokUser, cut
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import kind_of, named

NO_USER_NAME = "A user has no user name"
_KEPT = 100


@dataclass(frozen=True, slots=True)
class SeenUser:
    """A user who is not deactivated, and what the rules have to know besides.

    Attributes:
        domain: of ``userName``; empty where that is not an e-mail address.
        earlier: another user whose name looks the same.
    """

    user: NgrokUser
    domain: str
    domains: frozenset[str] = frozenset()
    earlier: NgrokUser | None = None


user_rules: Rules[SeenUser] = Rules(Subject.USERS)


def _named(seen: SeenUser) -> str:
    return person(seen.user.user_name, seen.user.id)


@user_rules(
    "USR603",
    "A user name is not an e-mail address",
    "ngrok's documentation says that `userName` must be the e-mail address. With another "
    "value ngrok may not recognize the person at sign-in.",
    EMAIL_FORMAT,
    certainty=Certainty.DOCUMENTED,
)
def _is_no_address(seen: SeenUser) -> Match | None:
    name = seen.user.user_name
    if not name:
        return Match(
            _named(seen),
            "Send this evidence to those who run the SCIM server; for ngrok, write to "
            "support@ngrok.com.",
            title=NO_USER_NAME,
        )
    # An address with an odd character in it is to be retyped, whatever the format.
    return None if seen.domain or ("@" in name and unseen_in(name)) else Match(_named(seen))


@user_rules(
    "USR604",
    "A user name or e-mail address contains a space or an invisible character",
    "It looks right but is a different address, so ngrok may not match the person. Usually it "
    "was pasted into Okta that way.",
    "In Okta, open Directory > People, choose the person, retype the address and save.",
)
def _has_an_unseen_character(seen: SeenUser) -> str:
    for text in (seen.user.user_name, *seen.user.emails):
        if odd := unseen_in(text):
            return f"{shown(text)} contains {named(odd)}"
    return ""


@user_rules(
    "USR605",
    "Two users have the same user name",
    "The names differ only in capitals, spaces or invisible characters. Okta may update one "
    "account and not the other.",
    TWO_ACCOUNTS,
)
def _looks_like_another(seen: SeenUser) -> str:
    both = (seen.earlier, seen.user) if seen.earlier else ()
    return " and ".join(f"{shown(one.user_name)} with the id {shown(one.id)}" for one in both)


@user_rules(
    "USR606",
    "A user is outside the domains that you submitted",
    "ngrok's guide says that ngrok support must approve each e-mail domain before its users sync.",
    "Run `ngrok-scim domain submit DOMAIN` with the domain of this user.",
    severity=Severity.WARNING,
    certainty=Certainty.DOCUMENTED,
)
def _is_outside_the_domains(seen: SeenUser) -> str:
    is_outside = seen.domain and seen.domains and seen.domain not in seen.domains
    return _named(seen) if is_outside else ""


@user_rules(
    "USR608",
    "A user has no display name",
    "ngrok probably shows the person without a name.",
    "In Okta, open Provisioning > To App, map `displayName` under the attribute mappings and "
    'press "Force Sync".',
    severity=Severity.WARNING,
)
def _has_no_display_name(seen: SeenUser) -> str:
    return _named(seen) if all(kind_of(letter) for letter in seen.user.display_name) else ""


# What the reply, the list and the audit tell.
user_rules.describe("""
USR601 vendor
No users were returned
ngrok's guide says that this message means a mistake in the configuration. Okta's support article
    says that Okta accepts an empty list. ngrok-scim counts it as a failure; `--allow-empty` makes
    it a warning.
Open https://dashboard.ngrok.com/settings and check that "Automated User Provisioning via SCIM 2.0"
    is chosen.

USR602
The server counts users but returns none
`totalResults` is above 0, but the list is empty, so Okta finds no users.
Run `ngrok-scim test-connect` again. If the result is the same, send this evidence to those who run
    the server (ngrok: support@ngrok.com).

USR607 notice documented
Some users are deactivated
They cannot sign in to ngrok, start an agent or use the API.
Check that these people have left. To give somebody access again, assign them to the app in Okta.

USR609
The list of users is not reliable
Pages repeat, miss or overlap users, the total changes, or there are more users after the last page.
    Until the list is known to be complete, nobody who is missing from it counts as gone.
Run `ngrok-scim users audit` again while nothing is being provisioned. If the result is the same,
    send this evidence to support@ngrok.com.
""")

ENTRIES = user_rules.entries


class UserAudit:
    """The audit of ngrok's users (USR603 to USR608); ``domains`` as in ``email_address``."""

    def __init__(self, domains: frozenset[str] = frozenset()) -> None:
        self._domains = domains
        self._is_usual = usual_names(domains).fullmatch
        # The first of those who are deactivated.
        self._deactivated: list[NgrokUser] = []
        self._rest = Aggregate(user_rules, "users", lambda seen: seen.user.user_name)
        # Of each name the user who came first, by what the name looks like: the id, and the name
        # where it is written in another way.
        self._first_ids: dict[str, str] = {}
        self._first_names: dict[str, str] = {}
        self._left = 0
        self.total = 0

    @property
    def active(self) -> int:
        """How many users are not deactivated."""
        return self.total - self._left

    def add(self, user: NgrokUser) -> None:
        """Look at one more user."""
        self.total += 1
        if user.active is False:
            self._left += 1
            if len(self._deactivated) < _KEPT:
                self._deactivated.append(cut(user))
            return
        name = user.user_name
        # So nearly everybody is, and no rule finds anything in them, unless they are there twice.
        usual = (
            self._is_usual(name) is not None
            and "!" <= user.display_name < "\x7f"  # it begins with a visible character
            and not user.emails
        )
        looks, earlier = "", None
        if len(name) <= LONGEST_ADDRESS:  # what is longer may have been cut
            looks = name.lower() if usual else looks_like(name)
            looks = name if looks == name else looks  # one object takes less memory than two
        if looks in self._first_ids:
            earlier = self._another(user, looks)
        elif looks:
            self._first_ids[looks] = user.id
            if looks != name:
                self._first_names[looks] = name
        if earlier or not usual:
            self._rest.add(SeenUser(user, domain_of(name), self._domains, earlier))

    def _another(self, user: NgrokUser, looks: str) -> NgrokUser | None:
        """Return who came first under a name that looks the same, if that was not ``user``."""
        name = self._first_names.get(looks, looks)
        first = NgrokUser(self._first_ids[looks], name, "", None)
        # The same user comes twice where pages overlap.
        same_id = first.id == user.id
        return None if same_id and (user.id or first.user_name == user.user_name) else first

    def findings(self, *, locked_out: Collection[str] = ()) -> tuple[Finding, ...]:
        """Return what is wrong, each code once; ``locked_out`` (ids) should not be deactivated."""
        number = self._left - len(locked_out)
        if not number:
            return self._rest.findings()
        left = [one for one in self._deactivated if one.id not in locked_out]
        examples = [person(one.user_name, one.id) for one in left[:SHOWN]]
        seen = enumerated(examples, number, "users")
        return (*self._rest.findings(), finding("USR607", seen))
