"""ngrok's REST API, as far as the setup needs it (https://ngrok.com/docs/api)."""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from ngrok_scim_cli import __version__
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Request
from ngrok_scim_cli.wire.pages import (
    ListBounds,
    Page,
    is_same_server,
    page_of,
    read_pages,
)

API_VERSION = "2"

# A list that is longer than this is none of ngrok's: 100 keys take some 40 KB.
_MOST_BYTES = 8 * 1024 * 1024


class NgrokApi:
    """ngrok's API with an administrator's key."""

    def __init__(self, wire: Wire, base_url: str, admin_key: str) -> None:
        self._wire = wire
        self._base_url = base_url.rstrip("/")
        self._admin_key = admin_key

    def service_users(self) -> Iterator[Page]:
        """List the Service Users of the account."""
        return self._list("/service_users", "service_users", "list Service Users")

    def create_service_user(self, name: str) -> Exchange:
        """Create a Service User; its name must be new in the account (``ERR_NGROK_4112``)."""
        return self._send("POST", "/service_users", "create Service User", {"name": name})

    def get_service_user(self, service_user_id: str) -> Exchange:
        """Read one Service User."""
        return self._send("GET", _path("/service_users", service_user_id), "read Service User")

    def api_keys(self) -> Iterator[Page]:
        """List the API keys of the account; none of them shows its token."""
        return self._list("/api_keys", "keys", "list API keys")

    def create_api_key(self, *, description: str, metadata: str, owner_id: str) -> Exchange:
        """Create an API key. Its ``token`` is in this reply, and never again in any other.

        Args:
            description: at most 255 bytes.
            metadata: at most 4096 bytes.
            owner_id: the Service User or user whom it shall belong to; cannot be changed later.
        """
        fields = {"description": description, "metadata": metadata, "owner_id": owner_id}
        return self._send("POST", "/api_keys", "create API key", fields)

    def get_api_key(self, api_key_id: str) -> Exchange:
        """Read one API key, without its token."""
        return self._send("GET", _path("/api_keys", api_key_id), "read API key")

    def delete_api_key(self, api_key_id: str) -> Exchange:
        """Revoke an API key; it stops to work at once."""
        return self._send("DELETE", _path("/api_keys", api_key_id), "revoke API key")

    def ip_restrictions(self) -> Iterator[Page]:
        """List what the account allows certain addresses only (``type``, ``ip_policies``)."""
        return self._list("/ip_restrictions", "ip_restrictions", "list IP restrictions")

    def ip_policy_rules(self) -> Iterator[Page]:
        """List the rules of all IP policies (``cidr``, ``action``, ``ip_policy``)."""
        return self._list("/ip_policy_rules", "ip_policy_rules", "list IP policy rules")

    def _list(self, path: str, name: str, purpose: str) -> Iterator[Page]:
        """Read the pages of a list; each has its items under ``name``."""

        def read(exchange: Exchange, _: str) -> Page:
            document = exchange.json_object() or {}
            following = document.get("next_page_uri")
            return page_of(exchange, document.get(name), str(following) if following else None)

        def ask(url: str, _: object) -> Exchange:
            return self._send("GET", url, purpose)

        return read_pages(path, ask, read, bounds=ListBounds(_MOST_BYTES))

    def _send(
        self,
        method: str,
        path_or_url: str,
        purpose: str,
        fields: Mapping[str, object] | None = None,
    ) -> Exchange:
        """Send a request to a path, which begins with a slash, or to a URL that ngrok gave.

        A URL with another scheme, host or port than the API's is not asked; the key would go there.
        """
        is_path = path_or_url.startswith("/")
        url = self._base_url + path_or_url if is_path else path_or_url
        if not is_path and not is_same_server(url, self._base_url):
            detail = "ngrok's reply leads to another server; nothing was sent there."
            failure = Failure(FailureKind.WITHHELD, detail)
            return Exchange(purpose, method, url, failure=failure)
        headers: tuple[tuple[str, str], ...] = (
            ("Accept", "application/json"),
            ("User-Agent", f"ngrok-scim/{__version__}"),
            ("Ngrok-Version", API_VERSION),
            ("Authorization", f"Bearer {self._admin_key}"),
        )
        if fields is None:
            return self._wire.send(Request(method, url, headers, purpose=purpose))
        body = json.dumps(fields).encode()
        headers += (("Content-Type", "application/json"),)
        return self._wire.send(Request(method, url, headers, body, purpose))


def _path(collection: str, identifier: str) -> str:
    return f"{collection}/{quote(identifier, safe='', errors='replace')}"
