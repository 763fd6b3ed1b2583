"""Okta's Management API, as far as an examination reads it.

https://developer.okta.com/docs/api/openapi/okta-management/. Nothing here can write: there is one
method that sends, and it sends GET.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from ngrok_scim_cli import __version__
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Request
from ngrok_scim_cli.wire.okta_scopes import scope_of_url
from ngrok_scim_cli.wire.pages import (
    Begun,
    ListBounds,
    Page,
    is_same_server,
    read_array,
    read_pages,
)
from ngrok_scim_cli.wire.retry_policy import (
    RetryPolicy,
    is_refused_for_now,
    is_used_up,
    until_reset,
)

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.okta_oauth import AccessTokens

# An OAuth access token; Okta's API tokens are opaque and go out as SSWS.
_JWT = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]*", re.ASCII)

# How many items a page is to have. A link is followed as it is but for this, and only where a page
# is larger than what is read of a reply.
_LIMIT = re.compile(r"(?<=[?&]limit=)[0-9]{1,6}(?![0-9])")
_A_FIFTH = 5

# Encoded characters. Okta refuses a search that is "overly complex or long", and does not say from
# where on.
_LONGEST_SEARCH = 1_200


class OktaApi:
    """An Okta org, read with a token of one of its administrators.

    May be used by several threads at once. A 429 is waited for, and so is the end of the minute
    where Okta says that the limit is used up.
    """

    def __init__(
        self,
        wire: Wire,
        org_url: str,
        token: "str | AccessTokens",
        *,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        on_wait: Callable[[str, float], None] | None = None,
    ) -> None:
        """Prepare to ask.

        Args:
            token: an API token, the access token (JWT) of an OAuth service app, or what gets
                such tokens.
            on_wait: called before each wait with what the request is for, and the seconds.
        """
        self._wire = wire
        self._org_url = org_url.rstrip("/")
        self._token = token
        self._now = now
        self._retry_policy = RetryPolicy(pause, on_wait)
        self._rests_until: dict[str, float] = {}
        self._has_given_up = False
        if isinstance(token, str):
            redactor.learn(token)

    def app(self, app_id: str) -> Exchange:
        """Read an application."""
        return self._get(self._at("apps", app_id), "read Okta app")

    def apps(self, label: str = "") -> Iterator[Page]:
        """List the applications whose label or name begins so; Okta does not mind the case."""
        return self._list(self._at("apps", limit=200, q=label), "list Okta apps")

    def app_users(self, app_id: str, *, prefetch: bool = False) -> Iterator[Page]:
        """List the people who are assigned to an application, directly or by a group.

        ``prefetch`` is as in ``OktaScim.pages``.
        """
        url = self._at("apps", app_id, "users", limit=500)
        return self._list(url, "list app users", prefetch=prefetch)

    def find_app_user(self, app_id: str, query: str) -> Exchange:
        """Look for people of an application by how a name or their e-mail address begins."""
        url = self._at("apps", app_id, "users", limit=20, q=query)
        return self._get(url, "find app user")

    def app_user(self, app_id: str, user_id: str) -> Exchange:
        """Read the assignment of one person (``00u…``) to an application."""
        return self._get(self._at("apps", app_id, "users", user_id), "read app user")

    def features(self, app_id: str) -> Exchange:
        """Read the switches under **To App**, which Okta tells for few kinds of application."""
        url = self._at("apps", app_id, "features", "USER_PROVISIONING")
        return self._get(url, "read provisioning features")

    def mappings(self, app_id: str) -> Iterator[Page]:
        """List the profile mappings that lead to an application, without their properties."""
        return self._list(self._at("mappings", targetId=app_id, limit=50), "list mappings")

    def mapping(self, mapping_id: str) -> Exchange:
        """Read a profile mapping with its properties."""
        return self._get(self._at("mappings", mapping_id), "read mapping")

    def log(
        self, condition: str, *, since: datetime, until: datetime, limit: int
    ) -> Iterator[Page]:
        """Read the System Log, the newest event first.

        Args:
            condition: a filter (https://developer.okta.com/docs/reference/system-log-query/).
            until: the latest time, with its zone. With it the list has an end.
            limit: events a page, 1000 at most; an event takes some 3 KB.
        """
        begin, end = (
            moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z") for moment in (since, until)
        )
        query = {"since": begin, "until": end, "sortOrder": "DESCENDING"}
        url = self._at("logs", **query, limit=limit, filter=condition)
        return self._list(url, "read System Log")

    def user(self, id_or_login: str) -> Exchange:
        """Read a user by id or login."""
        return self._get(self._at("users", id_or_login), "read Okta user")

    # A ``search`` finds people who are deactivated, where a plain list of users leaves them out,
    # and does not mind the case (https://developer.okta.com/docs/reference/user-query/).

    def people_with_status(self, status: str) -> Iterator[Page]:
        """List everybody in the directory whose own status this is, deactivated ones too."""
        url = self._at("users", search=f'status eq "{status}"', limit=200)
        return self._list(url, "find people by status")

    def deactivated(self, logins: Sequence[str]) -> Iterator[Page]:
        """List those people whom Okta has deactivated, by their logins or e-mail addresses.

        A search takes some ten of them.
        """
        for condition in _conditions(logins):
            search = f'status eq "DEPROVISIONED" and ({condition})'
            yield from self._list(self._at("users", search=search, limit=200), "find deactivated")

    def _list(self, url: str, purpose: str, *, prefetch: bool = False) -> Iterator[Page]:
        """Ask for a page, and for whatever follows it."""
        bounds = ListBounds()
        retry_policy = replace(self._retry_policy, on_refusal=bounds.waited)

        def begin(following: str) -> Begun | None:
            may_wait = purpose in self._rests_until or self._has_given_up
            return None if may_wait else self._begin(following, purpose)

        return read_pages(
            url,
            lambda asked, begun: self._get(asked, purpose, retry_policy, begun),
            lambda exchange, _: read_array(exchange),
            begin=begin if prefetch else None,
            bounds=bounds,
        )

    def _at(self, *path: str, **query: str | int) -> str:
        """Return the URL of a resource; what is empty in its query is left out."""
        segments = "/".join(quote(segment, safe="", errors="replace") for segment in path)
        given = {name: value for name, value in query.items() if value != ""}
        asked = f"?{urlencode(given, quote_via=quote, errors='replace')}" if given else ""
        return f"{self._org_url}/api/v1/{segments}{asked}"

    def _get(
        self,
        url: str,
        purpose: str,
        retry_policy: RetryPolicy | None = None,
        begun: Begun | None = None,
    ) -> Exchange:
        """Ask for a resource; for a smaller page of it where it is too large to be read."""
        # Okta counts by endpoint, and each purpose has its own.
        rest = self._rests_until.pop(purpose, 0.0) - self._now()
        if rest > 0 and not begun:
            self._retry_policy.wait(purpose, rest)

        def send() -> Exchange:
            return self._begin(url, purpose)()

        if self._has_given_up:  # to wait once more, for each of the questions, would take an hour
            exchange = (begun or send)()
        else:
            exchange = (retry_policy or self._retry_policy).ask(
                send, lambda reply: until_reset(reply, self._now()), begun
            )
        self._has_given_up = is_refused_for_now(exchange)
        reply = exchange.reply
        if reply and is_used_up(reply):
            self._rests_until[purpose] = self._now() + until_reset(reply, self._now())
        smaller = _LIMIT.sub(lambda limit: str(int(limit[0]) // _A_FIFTH or limit[0]), url)
        if reply and reply.truncated and reply.is_success and smaller != url:
            return self._get(smaller, purpose, retry_policy)
        return exchange

    def _begin(self, url: str, purpose: str) -> Begun:
        """Send a request with the token; without one, return the exchange that says why."""
        if not url.startswith(f"{self._org_url}/") and not is_same_server(url, self._org_url):
            detail = "Okta's reply leads to another server; nothing was sent there."
            failure = Failure(FailureKind.WITHHELD, detail)
            return lambda: Exchange(purpose, "GET", url, failure=failure)
        given = self._token
        token = given if isinstance(given, str) else given.token(scope_of_url(url))
        if isinstance(token, Exchange):
            without_token = token
            return lambda: without_token
        scheme = "Bearer" if token is not given or _JWT.fullmatch(token) else "SSWS"
        return self._wire.begin(
            Request(
                method="GET",
                url=url,
                headers=(
                    ("Accept", "application/json"),
                    ("Accept-Encoding", "gzip"),
                    ("User-Agent", f"ngrok-scim/{__version__}"),
                    ("Authorization", f"{scheme} {token}"),
                ),
                purpose=purpose,
            )
        )


def _conditions(logins: Sequence[str]) -> Iterator[str]:
    """Put the look-up of ``logins`` into as few conditions as the length of a search allows."""
    joined, length = "", 0
    for login in logins:
        quoted = json.dumps(login, ensure_ascii=False)
        condition = f"profile.login eq {quoted} or profile.email eq {quoted}"
        size = len(quote(condition, safe="", errors="replace"))
        if joined and length + size > _LONGEST_SEARCH:
            yield joined
            joined, length = "", 0
        joined = f"{joined} or {condition}" if joined else condition
        length += size
    if joined:
        yield joined
