"""What a reply shows of one user, what Okta would then show, and why a create was refused."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, cast

from ngrok_scim_cli.diagnosis.endpoint.error_body import text_of
from ngrok_scim_cli.diagnosis.endpoint.reply_list import LIST_SCHEMA
from ngrok_scim_cli.diagnosis.okta.messages import reason_of
from ngrok_scim_cli.diagnosis.okta.reasons import judge_reason
from ngrok_scim_cli.diagnosis.okta.stages import Stage
from ngrok_scim_cli.text.json_values import as_text, json_value

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.exchange import Exchange

User = dict[str, object]
"""A SCIM user, as the server sent it."""


# The purposes of requests that Okta does not make: how each begins or ends.
READ_BACK = ": read back"
OWN_LOOK_UP = "clean up: look-up"

_PROVISIONING = "Automatic provisioning of user {name} to app ngrok failed: "
_VERIFY = _PROVISIONING + "Error while verifying if user {name} exists: {reason}"
_CREATE = _PROVISIONING + "Error while creating user {name}: {reason}"
_PUSH = (
    "Automatic profile push of user {name} to app ngrok failed: Error while trying to push profile "
    "update for {name}: {reason}"
)
_DEACTIVATE = (
    "Application accounts need deprovisioning - Go to third-party apps and manually disable user "
    "accounts"
)
# Seen where a look-up of somebody absent held text for a number; no create followed.
_SYNC = "Sync user in external application: FAILURE, with no reason (in the System Log)"
_NOTHING = "Nothing: Okta does not notice it."
_UNKNOWN = "What Okta shows for this reply is not known."
_IMPORT = "The import fails. The words that Okta shows are not known."


class Step(NamedTuple):
    """A step of a user's life, and what Okta shows where it fails; empty: Okta never makes it."""

    title: str
    okta_shows: str


STEPS = {
    "absent-look-up": Step("Look up a user who does not exist", _VERIFY),
    "create": Step("Create the user", _CREATE),
    "look-up": Step("Look up the user", _VERIFY),
    "read": Step("Read the user by id", _PUSH),
    "update": Step("Update the display name", _PUSH),
    "rename": Step("Change the e-mail address", _PUSH),
    "second-create": Step("Create the same user again", _CREATE),
    "unknown-id": Step("Read an unknown id", _NOTHING),
    "deactivate": Step("Deactivate the user", _DEACTIVATE),
    "look-up-deactivated": Step("Look up the deactivated user", _VERIFY),
    "reactivate": Step("Reactivate the user", _PUSH),
    "plus-address": Step("Create a user with + in the address", _CREATE),
    "import-pages": Step("List users in pages of 100", _IMPORT),
    "final-deactivate": Step("Deactivate for good", _DEACTIVATE),
    "delete": Step("Delete the user", ""),
}


def succeeded(exchange: Exchange) -> bool:
    """Tell whether the status is one of success (RFC 9110 section 15.3)."""
    return exchange.reply is not None and exchange.reply.is_success


def user_in(exchange: Exchange) -> User | None:
    """Return the JSON object of a successful reply; ``None`` where there is none."""
    reply = exchange.reply
    if reply is None or reply.truncated or not reply.is_success:
        return None
    value = json_value(text_of(reply))
    return cast("User", value) if isinstance(value, dict) else None


def users_in(exchange: Exchange) -> tuple[User, ...] | None:
    """Return the users of a ListResponse (RFC 7644 section 3.4.2); ``None`` where it is none."""
    document = user_in(exchange) or {}
    schemas = document.get("schemas")
    if LIST_SCHEMA not in (schemas if isinstance(schemas, list) else [schemas]):
        return None
    resources = document.get("Resources", [] if document.get("totalResults") == 0 else None)
    if not isinstance(resources, list):
        return None
    return tuple(cast("User", item) for item in resources if isinstance(item, dict))


def total_of(exchange: Exchange) -> int | None:
    """Return ``totalResults`` of a ListResponse; ``None`` where it is none, or has no number."""
    total = (user_in(exchange) or {}).get("totalResults")
    return total if type(total) is int and users_in(exchange) is not None else None


def id_of(user: User | None) -> str:
    """Return the ``id`` of a user; empty where it has none that Okta can use."""
    return as_text(user.get("id")) if user else ""


def is_named(user: User | None, user_name: str) -> bool:
    """Tell whether this is the ``userName`` of ``user``, in any case (RFC 7643 section 4.1.1)."""
    return user is not None and as_text(user.get("userName")).casefold() == user_name.casefold()


def is_active(user: User | None) -> bool | None:
    """Return ``active``, also where it came as text; ``None`` where it is missing."""
    value = user.get("active") if user else None
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.casefold())
    return value if isinstance(value, bool) else None


def okta_shows(step: str, user_name: str, exchanges: tuple[Exchange, ...]) -> str:
    """Return what Okta would show for a step that failed.

    The patterns were seen in its System Log and Tasks: step, then the reason, then what the server
    said (Okta's SCIM 2.0 reference and troubleshooting pages).
    """
    pattern = STEPS[step].okta_shows
    if pattern in ("", _NOTHING):
        return pattern
    if pattern is _IMPORT:
        is_readable = all(total_of(one) is not None for one in exchanges)
        return _NOTHING if is_readable else _IMPORT
    of_okta = _of_okta(exchanges)
    if broken := next((one for one in of_okta if not succeeded(one) or _is_no_json(one)), None):
        if broken.method == "GET" and pattern is _CREATE:
            pattern = _VERIFY
        reason = "Invalid JSON: …" if succeeded(broken) else reason_of(broken)[0]
        return pattern.format(name=user_name, reason=reason)
    if any(one.method == "POST" and not id_of(user_in(one)) for one in of_okta):
        return _CREATE.format(name=user_name, reason="Create new user returned empty user.")
    reads = [one for one in of_okta if one.method == "GET" and "filter=" not in one.url]
    if not all(id_of(user_in(one)) for one in reads):
        return _UNKNOWN
    is_unusable = step == "absent-look-up" and not users_in(of_okta[-1])
    return _SYNC if is_unusable else _NOTHING


def fix_of_failure(exchanges: tuple[Exchange, ...]) -> str:
    """Return the fix if a request failed for a reason that has nothing to do with its step."""
    of_okta = _of_okta(exchanges)
    return _FIXES.get(of_okta[-1].status, "") if of_okta else ""


def _of_okta(exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """Return the exchanges that Okta would make, too."""
    return tuple(
        one
        for one in exchanges
        if not one.purpose.endswith(READ_BACK) and one.purpose != OWN_LOOK_UP
    )


def _is_no_json(exchange: Exchange) -> bool:
    """Tell whether Okta cannot read a reply that it reads; it needs none to a PATCH."""
    body = text_of(exchange.reply) if exchange.reply else ""
    return bool(body) and exchange.method != "PATCH" and json_value(body) is None


MARKED = "Okta would mark the person as failed and would not retry by itself."
AGAIN = "Run the rehearsal again in a few minutes."
_TEST = "Run `ngrok-scim test-connect`."
_FIXES: dict[int | None, str] = {
    None: _TEST,
    HTTPStatus.UNAUTHORIZED: _TEST,
    HTTPStatus.TOO_MANY_REQUESTS: AGAIN,
    HTTPStatus.SERVICE_UNAVAILABLE: AGAIN,
}
SEND_REPORT = (
    "Write to support@ngrok.com and send the report of `ngrok-scim rehearse --report FILE`."
)
_CONNECTION = (
    f"{MARKED} The endpoint cannot be reached, or does not accept the key for writing.",
    "Run `ngrok-scim doctor --only NGR`.",
)
# Why a create was refused, and what helps: by the status, or by the code of what the server said.
_WHY: dict[int | str | None, tuple[str, str]] = {
    None: _CONNECTION,
    HTTPStatus.CONFLICT: (
        f"{MARKED} The server says that the user exists, but the look-up did not find it.",
        "Run `ngrok-scim users trace {name}`.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "The account's rate limit is used up. Okta would wait and try again, up to 10 times.",
        AGAIN,
    ),
    "DOM801": (
        f"{MARKED} ngrok does not seem to allow the e-mail domain for this account.",
        "Run `ngrok-scim domain submit {domain}`.",
    ),
    "NGR707": (
        f"{MARKED} The account seems to have no seat left, or its plan does not include this.",
        "Compare seats and members at https://dashboard.ngrok.com/billing/choose-a-plan.",
    ),
}
_SERVER_ERROR = (
    f"{MARKED} The server failed while it created the user, and may have created it all the same.",
    AGAIN,
)
_OTHERWISE = (
    f"{MARKED} The server does not accept the user that Okta sends; the evidence has its words.",
    SEND_REPORT,
)


def why_refused(exchange: Exchange, user_name: str) -> tuple[str, str]:
    """Return why a create was refused, as far as the reply shows it, and what to do."""
    status = exchange.status
    judged = judge_reason(reason_of(exchange)[0], Stage.ACCOUNT)
    codes = judged.causes[0].codes if judged else ()
    why = _WHY.get(status) or next((_WHY[code] for code in codes if code in _WHY), None)
    otherwise = _OTHERWISE
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        otherwise = _CONNECTION
    elif status and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        otherwise = _SERVER_ERROR
    cause, fix = why or otherwise
    return cause, fix.format(name=user_name, domain=user_name.rpartition("@")[2])
