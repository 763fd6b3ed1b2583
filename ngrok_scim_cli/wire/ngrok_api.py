"""ngrok's REST API, as far as the setup needs it (https://ngrok.com/docs/api)."""

import json
from collections.abc import Mapping
from typing import cast
from urllib.parse import quote

from ngrok_scim_cli import __version__
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Request
from ngrok_scim_cli.wire.pages import is_same_server, read_json

API_VERSION = "2"

# A list that is longer than this is none of ngrok's: 100 keys take some 40 KB.
_MOST_BYTES = 8 * 1024 * 1024
# What each page counts at least, so that a list of empty pages ends, too.
_PAGE_COSTS = 16 * 1024


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of ngrok's, put together from its pages.

    Attributes:
        exchanges: one for each page that was asked for; the last one tells why the list is not
            complete, where it is not.
    """

    items: tuple[dict[str, object], ...]
    exchanges: tuple[Exchange, ...]
    complete: bool


class NgrokApi:
    """ngrok's API with an administrator's key."""

    def __init__(self, wire: Wire, base_url: str, admin_key: str) -> None:
        self._wire = wire
        self._base_url = base_url.rstrip("/")
        self._admin_key = admin_key

    def service_users(self) -> Listing:
        """List the Service Users of the account."""
        return self._list("/service_users", "service_users", purpose="list Service Users")

    def create_service_user(self, name: str) -> Exchange:
        """Create a Service User; its name must be new in the account (``ERR_NGROK_4112``)."""
        return self._send("POST", "/service_users", "create Service User", {"name": name})

    def get_service_user(self, service_user_id: str) -> Exchange:
        """Read one Service User."""
        return self._send("GET", _path("/service_users", service_user_id), "read Service User")

    def api_keys(self) -> Listing:
        """List the API keys of the account; none of them shows its token."""
        return self._list("/api_keys", "keys", purpose="list API keys")

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

    def ip_restrictions(self) -> Listing:
        """List what the account allows certain addresses only (``type``, ``ip_policies``)."""
        return self._list("/ip_restrictions", "ip_restrictions", purpose="list IP restrictions")

    def ip_policy_rules(self) -> Listing:
        """List the rules of all IP policies (``cidr``, ``action``, ``ip_policy``)."""
        return self._list("/ip_policy_rules", "ip_policy_rules", purpose="list IP policy rules")

    def _list(self, path: str, name: str, *, purpose: str) -> Listing:
        """Read all pages of a list."""
        items: list[dict[str, object]] = []
        read = 0
        exchanges: list[Exchange] = []
        asked: set[str] = set()
        following: object = path
        while isinstance(following, str) and following not in asked and read < _MOST_BYTES:
            asked.add(following)
            exchange = self._send("GET", following, purpose)
            page = json_object(exchange) or {}
            found = page.get(name)
            if reply := exchange.reply:
                read += len(reply.body) + reply.head_size + _PAGE_COSTS
            # A page that was read keeps nothing but its status.
            exchanges.append(exchange.without_body() if isinstance(found, list) else exchange)
            if not isinstance(found, list):
                return Listing(tuple(items), tuple(exchanges), complete=False)
            items += [item for item in found if isinstance(item, dict)]
            following = page.get("next_page_uri")
        return Listing(tuple(items), tuple(exchanges), complete=not following)

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
        body = None if fields is None else json.dumps(fields).encode()
        return self._wire.send(
            Request(
                method=method,
                url=url,
                headers=(
                    ("Accept", "application/json"),
                    ("User-Agent", f"ngrok-scim/{__version__}"),
                    ("Ngrok-Version", API_VERSION),
                    ("Authorization", f"Bearer {self._admin_key}"),
                    *((("Content-Type", "application/json"),) if body is not None else ()),
                ),
                body=body,
                purpose=purpose,
            )
        )


def json_object(exchange: Exchange) -> dict[str, object] | None:
    """Return the JSON object of a successful reply, or ``None`` where it has none."""
    value = read_json(exchange)
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _path(collection: str, identifier: str) -> str:
    return f"{collection}/{quote(identifier, safe='', errors='replace')}"
