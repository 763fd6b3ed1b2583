"""Judges each step of the rehearsed life: would Okta go on, or would provisioning break here?

What Okta needs in a reply: https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20/
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from http import HTTPStatus

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import answered, excerpt
from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_lookup
from ngrok_scim_cli.diagnosis.finding import Finding, Severity, Subject
from ngrok_scim_cli.diagnosis.rehearsal.reply import (
    MARKED,
    SEND_REPORT,
    User,
    id_of,
    is_active,
    is_named,
    succeeded,
    user_in,
    users_in,
    why_refused,
)
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.wire.exchange import Exchange, FailureKind

SLOW_MS = 10_000

# What ngrok documents of a user (https://ngrok.com/docs/iam/sso, section SCIM).
DOCUMENTED = ("userName", "displayName", "active")


rule: Rules[None] = Rules(Subject.RESPONSE, fix=SEND_REPORT)


class Dialect(StrEnum):
    """How an Okta app updates a user: Classic apps by PUT, those of the OIW by PATCH."""

    PUT = "put"
    PATCH = "patch"


_EMPTY_USER = (
    "Without them Okta reports that the new user is empty, and does not link the account that may "
    "have been created."
)
rule.describe(f"""
REH001
The endpoint refuses to create a user
{{why}}
Run `ngrok-scim test-connect`.
{{why}}: {MARKED} The server's words may name the domain, the seats or the key.

REH002 documented
Okta cannot use the reply to a create
Okta needs status 201 and the created user with its `id`. {{effect}}
{{effect}}: {_EMPTY_USER}

REH012 warning
An attribute comes back different from what was sent
ngrok documents `userName`, `displayName` and `active`. A changed attribute looks different in Okta
    and in ngrok.
Compare the attribute in Okta with the one in ngrok before you assign more people.
""")


def judge_create(exchange: Exchange, sent: User) -> tuple[Finding, ...]:
    """Judge the reply to a create, and whether it has the attributes as they were sent."""
    if not succeeded(exchange):
        why, fix = why_refused(exchange, str(sent["userName"]))
        return (finding("REH001", answered(exchange, "The create"), fix=fix, why=why),)
    made = user_in(exchange)
    seen, effect = "", _EMPTY_USER
    if made is None:
        seen = f"The create was answered with {exchange.status} and no user in the body."
    elif not id_of(made):
        seen = "The created user has no `id`, or one that is not a string."
    elif "userName" not in made:
        seen = "The created user has no `userName`."
        effect = "What Okta does without it is not documented."
    elif not is_named(made, str(sent["userName"])):
        name = excerpt(str(made.get("userName")), 100)
        seen = f"The create was answered with another user: “{name}”."
        effect = "Okta may link the person to the account in the reply, which is another one."
    elif exchange.status != HTTPStatus.CREATED:
        seen = f"The create was answered with {exchange.status} instead of 201."
        effect = "What Okta does with another status is not documented."
    if made is None or seen:
        return (finding("REH002", seen, effect=effect),)
    changed = [
        f"`{name}` was sent as {_shown(sent[name])} and came back as {_shown(made.get(name))}"
        for name in DOCUMENTED
        if name in sent and made.get(name) != sent[name]
    ]
    return (finding("REH012", f"{'; '.join(changed)}."),) if changed else ()


rule.describe("""
REH003
Okta's look-up does not find exactly the created user
Okta looks a person up before each assignment. If it finds nobody, it creates a second account. If
    it finds somebody else, it links the person to the wrong account.

REH007
A deactivated user can no longer be found
When the person comes back, Okta finds nobody and creates a second account.
""")


def judge_look_up(
    exchange: Exchange, user_name: str, user_id: str, *, code: str = "REH003", nobody: str = ""
) -> tuple[Finding, ...]:
    """Judge the look-up of an existing user: Okta needs exactly this one.

    Args:
        nobody: the code for a list without users, where it is another one.
    """
    code = nobody or code if users_in(exchange) == () else code
    found = judge_lookup(exchange, user_name, user_id)
    return tuple(finding(code, item.evidence) for item in found)


rule.describe("""
REH004 documented
An update by PUT is refused or not saved
An app of the Classic experience sends every change as a PUT of the whole user. Changes made in Okta
    would not reach ngrok.

REH005 documented
An update by PATCH is refused or not saved
An app of the Okta Integration Wizard sends changes as PATCH. Changes made in Okta would not reach
    ngrok.
Run `ngrok-scim rehearse --dialect put`. If it passes, use an app of the Classic experience in Okta.

REH006 observed
A deactivation is refused or not saved
Okta sends a deactivation once and has no retry button. People who leave would keep their access to
    ngrok.

REH008
A reactivation is refused or not saved
A person who is assigned again would stay locked out.

REH009
A change of address is refused, not saved, or creates a second user
After a change of name or domain, Okta and ngrok would refer to different accounts.
""")


def judge_change(
    code: str,
    dialect: Dialect,
    written: Exchange,
    read: Exchange,
    *,
    before: User,
    changes: Mapping[str, object],
) -> tuple[Finding, ...]:
    """Judge an update: was it accepted, answered so that Okta can go on, and kept?

    Args:
        read: the user, read afterwards.
    """
    method = dialect.value.upper()
    seen = ""
    # A user who was to be deactivated and is deleted instead has no access either.
    is_deleted = read.status == HTTPStatus.NOT_FOUND
    if succeeded(written) and changes.get("active") is False and is_deleted:
        return ()
    if not succeeded(written):
        seen = answered(written, f"The {method}")
    elif dialect is Dialect.PUT and not (user_in(written) or {}).keys() & {"id", "userName"}:
        seen = f"The PUT was answered with {written.status} and no user in the body."
    else:
        seen, is_changed = _not_kept(method, read, before, changes)
        # `active` is as it was asked for, so the step has done what it is for.
        code = code if is_changed or "active" not in changes else "REH012"
    return (finding(code, seen),) if seen else ()


rule.describe("""
REH010 warning documented
A second create of the same user is not refused with 409
Okta expects 409 with a SCIM error if the user already exists (Okta's SCIM 2.0 reference). Without
    it, two simultaneous requests may leave two accounts for one person.
""")


def judge_second_create(exchange: Exchange, first_id: str) -> tuple[Finding, ...]:
    """Judge a second create of the same user, which should be refused with 409."""
    if exchange.status == HTTPStatus.CONFLICT:
        return ()
    made = id_of(user_in(exchange))
    seen = answered(exchange, "The second create")
    if succeeded(exchange) and made and made != first_id:
        seen = f"{seen.rstrip('.')}: there are two users with one user name."
        return (finding("REH010", seen, severity=Severity.ERROR),)
    return (finding("REH010", seen),)


rule.describe("""
REH011 warning
An unknown id does not get a 404
Okta treats 404 as the sign that the account is gone. With any other reply, Okta keeps a link to an
    account that does not exist.
""")


def judge_unknown_id(exchange: Exchange) -> tuple[Finding, ...]:
    """Judge the read of an id that nobody has, which should give 404."""
    if exchange.status == HTTPStatus.NOT_FOUND:
        return ()
    return (finding("REH011", answered(exchange, "The read of an unknown `id`")),)


rule.describe("""
REH013 documented
A step takes too long
Okta closes the connection after 60 seconds (Okta's SCIM FAQ) and counts the step as failed.
Run the rehearsal again at another time. If it is still slow, write to support@ngrok.com.
""")


def judge_time(exchanges: Sequence[Exchange]) -> tuple[Finding, ...]:
    """Judge how long the slowest request of a step took."""
    slowest = max(exchanges, key=lambda one: one.elapsed_ms, default=None)
    if slowest is None:
        return ()
    took = f"The {slowest.method} took {slowest.elapsed_ms / 1000:.0f} seconds."
    if slowest.failure and slowest.failure.kind is FailureKind.READ_TIMEOUT:
        return (finding("REH013", f"{took} {excerpt(slowest.failure.detail)}"),)
    if slowest.elapsed_ms > SLOW_MS:
        return (finding("REH013", took, severity=Severity.WARNING),)
    return ()


rule.describe("""
REH016 warning documented
The rate limit was reached
ngrok allows an account 120 requests a minute. Okta waits as long as `Retry-After` says, or 5
    minutes, and gives up after 10 attempts (Okta's SCIM concepts page).
Assign people in groups of about 20, and wait for each to finish.
""")


def judge_rate_limit(exchanges: Sequence[Exchange]) -> tuple[Finding, ...]:
    """Judge the 429 of a step: they are no failure, but a first sync of many people gets them."""
    refused = [one for one in exchanges if one.status == HTTPStatus.TOO_MANY_REQUESTS]
    if not refused:
        return ()
    reply = refused[0].reply
    asked = reply.header("retry-after") if reply else None
    when = "without `Retry-After`, so Okta waits 5 minutes"
    if asked:
        when = f"`Retry-After` is “{excerpt(asked, 40)}”"
        if not asked.strip().isdecimal():
            when += ", which is not a number of seconds, so Okta waits 5 minutes"
    times = "once" if len(refused) == 1 else f"{len(refused)} times"
    return (finding("REH016", f"The server answered 429 {times}, {when}."),)


rule.describe("""
REH014 notice documented users
The throw-away users stay in ngrok, deactivated
ngrok documents no way to delete users. A deactivated user cannot sign in.
No action is needed. To have the users removed, write to support@ngrok.com.

REH015 users
A throw-away user of a rehearsal may still be active
The user belongs to nobody, but may use a seat until deactivated.
Run `ngrok-scim rehearse --clean-up`.
""")


def still_active(user_names: Iterable[str], fix: str | None = None) -> Finding:
    """Report throw-away users that could not be deactivated."""
    return finding("REH015", f"Still active: {', '.join(user_names)}.", fix=fix)


ENTRIES = rule.entries


def _not_kept(
    method: str, read: Exchange, before: User, changes: Mapping[str, object]
) -> tuple[str, bool]:
    """Return which attribute is wrong after an update, and whether it was to be changed."""
    after = user_in(read)
    if after is None:
        return answered(read, f"The user's read after the {method}"), True
    for name in sorted(DOCUMENTED, key=lambda name: name not in changes):
        is_changed = name in changes
        wanted = changes[name] if is_changed else before.get(name, after.get(name))
        kept = is_active(after) if is_changed and name == "active" else after.get(name)
        # `userName` is case-insensitive (RFC 7643 section 4.1.1); REH012 reports another case.
        is_kept = is_named(after, str(wanted)) if name == "userName" else kept == wanted
        if not is_kept:
            did = (
                f"was accepted, but `{name}`" if is_changed else f"did not change `{name}`, but it"
            )
            shown = f"{_shown(after.get(name))} instead of {_shown(wanted)}"
            return f"The {method} {did} was read back as {shown}.", is_changed
    return "", False


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = f"“{excerpt(value, 100)}”" if isinstance(value, str) else f"`{str(value).lower()}`"
    return excerpt(text, 120)
