"""Okta's Management API, as far as an examination reads it.

https://developer.okta.com/docs/api/openapi/okta-management/. Nothing here can write: there is one
method that sends, and it sends GET.
"""

import json
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urljoin

from ngrok_scim_cli import __version__
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Request
from ngrok_scim_cli.wire.okta_scopes import scope_of_url
from ngrok_scim_cli.wire.pages import ListBounds, Page, broken_off, is_same_server, read_array
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

# How many items a page shall have. A link is followed as it is but for this, and only where a page
# is larger than what is read of a reply.
_LIMIT = re.compile(r"(?<=[?&]limit=)[0-9]{1,6}(?![0-9])")
_A_FIFTH = 5

# Characters. A relative link can make each URL longer than the one before.
_LONGEST_LINK = 8_192

# Encoded characters. Okta refuses a search that is "overly complex or long", and does not say from
# where on.
_LONGEST_SEARCH = 1_200


_ANOTHER_SERVER = "Okta's reply leads to another server; nothing was sent there."


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
        """List the applications.

        Args:
            label: how their label or name begins; Okta does not mind the case.
        """
        return self._list(self._at("apps", limit=200, q=label), "list Okta apps")

    def app_users(self, app_id: str, *, prefetch: bool = False) -> Iterator[Page]:
        """List the people who are assigned to an application, directly or by a group.

        Args:
            prefetch: as in ``OktaScim.pages``.
        """
        url = self._at("apps", app_id, "users", limit=500)
        return self._list(url, "list app users", prefetch=prefetch)

    def find_app_user(self, app_id: str, query: str) -> Exchange:
        """Look for people who are assigned to an application.

        Args:
            query: how their user name, first name, last name or e-mail address begins.
        """
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
        self, condition: str, *, since: datetime, until: datetime, limit: int = 250
    ) -> Iterator[Page]:
        """Read the System Log, the newest event first.

        Args:
            condition: a filter (https://developer.okta.com/docs/reference/system-log-query/).
            until: the latest time, with its zone. With it the list has an end.
            limit: events a page, 1000 at most; an event takes some 3 KB.
        """
        url = self._at(
            "logs",
            since=_timestamp(since),
            until=_timestamp(until),
            sortOrder="DESCENDING",
            limit=limit,
            filter=condition,
        )
        return self._list(url, "read System Log")

    def user(self, id_or_login: str) -> Exchange:
        """Read a user by id or login."""
        return self._get(self._at("users", id_or_login), "read Okta user")

    def people_with_status(self, status: str) -> Iterator[Page]:
        """List everybody in the directory whose own status this is, deactivated ones too.

        A ``search`` finds them, where a plain list of users leaves out who is deactivated
        (https://developer.okta.com/docs/reference/user-query/).
        """
        url = self._at("users", search=f'status eq "{status}"', limit=200)
        return self._list(url, "find people by status")

    def deactivated(self, logins: Sequence[str]) -> Iterator[Page]:
        """List those of the given people whom Okta has deactivated.

        A ``search`` finds them, where a plain list of users leaves them out, and does not mind the
        case (https://developer.okta.com/docs/reference/user-query/).

        Args:
            logins: logins or e-mail addresses; a search takes some ten of them.
        """
        for search in _searches(logins):
            yield from self._list(self._at("users", search=search, limit=200), "find deactivated")

    def _list(self, url: str, purpose: str, *, prefetch: bool = False) -> Iterator[Page]:
        """Ask for a page, and for whatever follows it, each page once."""
        bounds = ListBounds()
        retry_policy = replace(self._retry_policy, on_refusal=bounds.waited)
        # Hashes, because the URLs themselves would add up.
        asked: set[int] = set()
        following: str | None = url
        begun: Callable[[], Exchange] | None = None
        while following is not None:
            exchange = self._page(following, purpose, retry_policy, begun)
            asked |= {hash(following), hash(exchange.url)}
            page = read_array(exchange)
            following = next_link(exchange) if page.ok else None
            is_repeated = bounds.brought(page, len(page.items))
            reason = ""
            begun = None
            if following is not None:
                reason = self._why_not(following, asked, is_repeated=is_repeated)
                reason = reason or bounds.exceeded()
                if prefetch and not reason:
                    begun = self._begin(following, purpose)
            yield page
            if reason:
                failure = Failure(FailureKind.WITHHELD, reason)
                yield broken_off(exchange, failure, is_endless=reason != _ANOTHER_SERVER)
                return

    def _why_not(self, following: str, asked: Collection[int], *, is_repeated: bool) -> str:
        """Return why the next page is not asked for; empty where it is."""
        if not is_same_server(following, self._org_url):
            return _ANOTHER_SERVER
        if is_repeated or hash(following) in asked:
            return "Okta's list leads back to a page that was read before, so it has no end."
        if len(following) > _LONGEST_LINK:
            return "Okta's list leads to an address that gets longer and longer."
        return ""

    def _page(
        self,
        url: str,
        purpose: str,
        retry_policy: RetryPolicy,
        begun: Callable[[], Exchange] | None,
    ) -> Exchange:
        """Ask for a page; for a smaller one where it is too large to be read."""
        exchange = self._get(url, purpose, retry_policy, begun)
        while exchange.reply and exchange.reply.truncated and exchange.reply.is_success:
            smaller = _with_smaller_limit(url)
            if smaller == url:
                break
            url = smaller
            exchange = self._get(url, purpose, retry_policy)
        return exchange

    def _at(self, *path: str, **query: str | int) -> str:
        """Return the URL of a resource; what is empty in its query is left out."""
        segments = "/".join(quote(segment, safe="", errors="replace") for segment in path)
        given = {name: value for name, value in query.items() if value != ""}
        asked = f"?{urlencode(given, quote_via=quote, errors='replace')}" if given else ""
        return f"{self._org_url}/api/v1/{segments}{asked}"

    def _begin(self, url: str, purpose: str) -> Callable[[], Exchange] | None:
        """Send a request ahead; ``None`` where it may have to wait first."""
        if purpose in self._rests_until or self._has_given_up:
            return None
        request = self._request(url, purpose)
        return self._wire.begin(request) if isinstance(request, Request) else lambda: request

    def _get(
        self,
        url: str,
        purpose: str,
        retry_policy: RetryPolicy | None = None,
        begun: Callable[[], Exchange] | None = None,
    ) -> Exchange:
        # Okta counts by endpoint, and each purpose has its own.
        rest = self._rests_until.pop(purpose, 0.0) - self._now()
        if rest > 0 and not begun:
            self._retry_policy.wait(purpose, rest)
        send = partial(self._send, url, purpose)
        if self._has_given_up:  # to wait once more, for each of the questions, would take an hour
            exchange = (begun or send)()
        else:
            exchange = (retry_policy or self._retry_policy).ask(
                send, lambda reply: until_reset(reply, self._now()), begun
            )
        self._has_given_up = is_refused_for_now(exchange)
        if exchange.reply and is_used_up(exchange.reply):
            self._rests_until[purpose] = self._now() + until_reset(exchange.reply, self._now())
        return exchange

    def _send(self, url: str, purpose: str) -> Exchange:
        request = self._request(url, purpose)
        return request if isinstance(request, Exchange) else self._wire.send(request)

    def _request(self, url: str, purpose: str) -> Request | Exchange:
        """Return the request with its token; without one, the exchange that says why."""
        token = self._token
        if not isinstance(token, str):
            got = token.token(scope_of_url(url))
            if not isinstance(got, str):
                return got
            token = got
        scheme = "Bearer" if token is not self._token or _JWT.fullmatch(token) else "SSWS"
        return Request(
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


def next_link(exchange: Exchange) -> str | None:
    """Return where the page behind this one is (RFC 8288); whose server that is, is not looked at.

    Returns:
        An absolute link letter for letter; ``None`` where this is the last page.
    """
    import httpx

    headers = exchange.reply.headers if exchange.reply else ()
    links = [(b"link", value.encode("latin-1")) for name, value in headers if name == "link"]
    found = httpx.Response(200, headers=links).links.get("next", {}).get("url")
    if not found or re.match(r"[A-Za-z][\w+.-]*:", found):
        return found
    try:
        return urljoin(exchange.url, found)
    except ValueError:  # brackets that hold no IPv6 address
        return found


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _with_smaller_limit(url: str) -> str:
    """Return ``url`` with a fifth of its ``limit``; unchanged where that cannot be."""
    return _LIMIT.sub(lambda limit: str(int(limit[0]) // _A_FIFTH or limit[0]), url)


def _searches(logins: Sequence[str]) -> Iterator[str]:
    """Put the look-up of ``logins`` into as few searches as their length allows."""
    conditions: list[str] = []
    length = 0
    for login in logins:
        quoted = json.dumps(login, ensure_ascii=False)
        condition = f"profile.login eq {quoted} or profile.email eq {quoted}"
        size = len(quote(condition, safe="", errors="replace"))
        if conditions and length + size > _LONGEST_SEARCH:
            yield _deactivated_among(conditions)
            conditions, length = [], 0
        conditions.append(condition)
        length += size
    if conditions:
        yield _deactivated_among(conditions)


def _deactivated_among(conditions: Sequence[str]) -> str:
    return f'status eq "DEPROVISIONED" and ({" or ".join(conditions)})'
