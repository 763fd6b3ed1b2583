"""Okta's SCIM requests, as Okta sends them. Nothing else in the program knows how they look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.exchange import Request

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Exchange

USER_AGENT = "Okta SCIM Client 1.0.0"


class OktaScim:
    """A SCIM endpoint, asked as Okta asks it.

    The headers and their order are those of requests that Okta was seen to send.
    """

    def __init__(self, wire: Wire, base_url: str, key: str) -> None:
        """Prepare to ask.

        Args:
            wire: what sends the requests.
            base_url: ``SCIM connector base URL``, letter for letter.
            key: the SCIM key, letter for letter; Okta puts ``Bearer`` in front of it.
        """
        self._wire = wire
        self._base_url = base_url
        self._key = key
        redactor.learn(key)  # it may come out of another field, where key and URL were swapped

    def list_users(
        self, *, start_index: int = 1, count: int = 2, purpose: str = "as typed"
    ) -> Exchange:
        """Ask for a page of users; with the defaults it is the request of the connector test.

        Args:
            start_index: the first user's number, counted from 1 (RFC 7644 section 3.4.2.4).
            count: the most users to return.
            purpose: what the request is for, in a few words.
        """
        return self._get(f"/Users?startIndex={start_index}&count={count}", purpose)

    def find_user(self, user_name: str, *, purpose: str = "look-up") -> Exchange:
        """Look a user up by name, as Okta does when somebody is assigned.

        Args:
            user_name: the ``userName``; in the filter it is a JSON string (RFC 7644 section
                3.4.2.2).
            purpose: what the request is for, in a few words.
        """
        text = f"userName eq {json.dumps(user_name, ensure_ascii=False)}"
        # A lone surrogate, which JSON can spell and UTF-8 cannot, goes out as a question mark.
        condition = quote(text, safe="", errors="replace")
        return self._get(f"/Users?filter={condition}&startIndex=1&count=100", purpose)

    def _get(self, resource: str, purpose: str) -> Exchange:
        return self._wire.send(
            Request(
                method="GET",
                url=self._base_url.removesuffix("/") + resource,
                headers=(
                    ("Accept", "application/scim+json"),
                    ("Accept-Charset", "utf-8"),
                    ("User-Agent", USER_AGENT),
                    ("Authorization", f"Bearer {self._key}"),
                    # The wire puts Host here, where Okta has it.
                    ("Connection", "Keep-Alive"),
                    ("Accept-Encoding", "gzip,deflate"),
                ),
                purpose=purpose,
            )
        )
