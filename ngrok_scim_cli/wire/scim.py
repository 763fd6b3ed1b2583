"""Okta's SCIM requests, as Okta sends them. Nothing else in the program knows how they look."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import quote

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Request
from ngrok_scim_cli.wire.pages import Begun, ListBounds, Page, read_list_response, read_pages
from ngrok_scim_cli.wire.retry_policy import RetryPolicy, retry_after

USER_AGENT = "Okta SCIM Client 1.0.0"
_CONTENT_TYPE = ("Content-Type", "application/scim+json; charset=utf-8")

LIST = "/Users?startIndex={}&count={}"
COUNT_OF_THE_TEST = 2
COUNT_OF_A_PAGE = 100

Document = Mapping[str, object]


class OktaScim:
    """A SCIM endpoint, asked as Okta asks it.

    The headers and their order are those of requests that Okta was seen to send.
    """

    def __init__(self, wire: Wire, base_url: str, key: str) -> None:
        """Prepare to ask; ``key`` is sent letter for letter, behind ``Bearer``, as Okta does."""
        self._wire = wire
        self._base_url = base_url
        self._key = key
        redactor.learn(key)  # it may come out of another field, where key and URL were swapped

    def list_users(
        self, *, start_index: int = 1, count: int = COUNT_OF_THE_TEST, purpose: str = "as typed"
    ) -> Exchange:
        """Ask for a page of users; with the defaults it is the request of the connector test.

        ``start_index`` is counted from 1 (RFC 7644 section 3.4.2.4).
        """
        return self._send("GET", LIST.format(start_index, count), purpose)

    def find_user(self, user_name: str, *, purpose: str = "look-up") -> Exchange:
        """Look a user up by ``userName``, as Okta does when somebody is assigned.

        In the filter it is a JSON string (RFC 7644 section 3.4.2.2).
        """
        text = f"userName eq {json.dumps(user_name, ensure_ascii=False)}"
        # A lone surrogate, which JSON can spell and UTF-8 cannot, goes out as a question mark.
        condition = quote(text, safe="", errors="replace")
        return self._send("GET", f"/Users?filter={condition}&startIndex=1&count=100", purpose)

    def user(self, user_id: str, *, purpose: str = "read user") -> Exchange:
        """Read one user, as Okta does before it pushes a profile."""
        return self._send("GET", _path_of(user_id), purpose)

    def create_user(self, user: Document, *, purpose: str) -> Exchange:
        """Create a user, as Okta does for somebody whom its look-up did not find."""
        return self._send("POST", "/Users", purpose, user)

    def replace_user(self, user_id: str, user: Document, *, purpose: str) -> Exchange:
        """Replace a user by the whole object, as an app of Okta's Classic experience does."""
        return self._send("PUT", _path_of(user_id), purpose, user)

    def patch_user(self, user_id: str, changes: Document, *, purpose: str) -> Exchange:
        """Change attributes of a user, as an app of the Okta Integration Wizard does."""
        return self._send("PATCH", _path_of(user_id), purpose, patch_of(changes))

    def delete_user(self, user_id: str, *, purpose: str) -> Exchange:
        """Delete a user. Okta never does (Okta's SCIM 2.0 reference); a rehearsal tries it."""
        return self._send("DELETE", _path_of(user_id), purpose)

    def spec(self, resource: str, purpose: str, *, without_key: bool = False) -> Exchange:
        """Send a request of Okta's SPEC suite, which has headers of its own."""
        headers = (
            ("Accept", "application/scim+json"),
            _CONTENT_TYPE,
            ("User-Agent", "OKTA SCIM Integration"),
            ("Accept-Charset", "utf-8"),
            ("Authorization", "non-token" if without_key else f"Bearer {self._key}"),
        )
        return self._wire.send(replace(self._request("GET", resource, purpose), headers=headers))

    def pages(
        self,
        *,
        prefetch: bool = False,
        prove: bool = False,
        pause: Callable[[float], None] = time.sleep,
        on_wait: Callable[[str, float], None] | None = None,
    ) -> Iterator[Page]:
        """List all users page by page, as Okta does for an import.

        It ends where ``totalResults`` are read, at an empty page, at a page that came before, and
        where the bounds of a list are exceeded. A 429 is waited for.

        Args:
            prefetch: send the request for the next page before this one is looked at: for readers
                who read to the end.
            prove: ask twice more at the end, for ``Page.is_proof``: once behind the last user, and
                once with the count of the connector test, whose total must be the same.
        """
        bounds = ListBounds()
        retry_policy = RetryPolicy(pause, on_wait, bounds.waited)

        def request(
            start: int, most: int = COUNT_OF_A_PAGE, purpose: str = "list users"
        ) -> Request:
            return self._request("GET", LIST.format(start, most), purpose)

        def ask(request: Request, begun: Begun | None = None) -> Exchange:
            return retry_policy.ask(partial(self._wire.send, request), retry_after, begun)

        page = None
        for page in read_pages(
            1,
            lambda start, begun: ask(request(start), begun),
            read_list_response,
            begin=(lambda start: self._wire.begin(request(start))) if prefetch else None,
            bounds=bounds,
            is_linked=False,
        ):
            yield page
        if prove and page and page.ok:
            behind = (((page.asked or 1) + page.came, COUNT_OF_A_PAGE),) if page.came else ()
            for first, most in (*behind, (1, COUNT_OF_THE_TEST)):
                exchange = ask(request(first, most, "prove the list whole"))
                yield replace(read_list_response(exchange, first), is_proof=True)

    def _send(
        self, method: str, resource: str, purpose: str, document: Document | None = None
    ) -> Exchange:
        return self._wire.send(self._request(method, resource, purpose, document))

    def _request(
        self, method: str, resource: str, purpose: str, document: Document | None = None
    ) -> Request:
        return Request(
            method=method,
            url=self._base_url.removesuffix("/") + resource,
            headers=(
                ("Accept", "application/scim+json"),
                ("Accept-Charset", "utf-8"),
                ("User-Agent", USER_AGENT),
                ("Authorization", f"Bearer {self._key}"),
                # The wire puts Host here, where Okta has it.
                ("Connection", "Keep-Alive"),
                ("Accept-Encoding", "gzip,deflate"),
                *((_CONTENT_TYPE,) if document is not None else ()),
            ),
            body=None if document is None else json.dumps(document).encode(),
            purpose=purpose,
        )


def patch_of(changes: Document) -> dict[str, object]:
    """Return Okta's body of a PATCH, which has no ``path`` (RFC 7644 section 3.5.2.3)."""
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": dict(changes)}],
    }


def _path_of(user_id: str) -> str:
    return f"/Users/{quote(user_id, safe='', errors='replace')}"
