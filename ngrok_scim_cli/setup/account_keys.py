"""The API keys of an ngrok account, as its administrator lists and revokes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.ngrok.api_reply import judge_api
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.setup.known_keys import id_of
from ngrok_scim_cli.wire.ngrok_api import json_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

_NO_CONTENT = 204
_NOT_FOUND = 404


class AccountKeys:
    """The keys of the account to which an administrator's key belongs."""

    def __init__(self, api: NgrokApi) -> None:
        self._api = api

    def listed(self) -> Mapping[str, Mapping[str, object]]:
        """Return the keys of the account by their ids."""
        listing = self._api.api_keys()
        if not listing.complete:
            raise StepFailed(
                "Could not list the API keys at ngrok.", judge_api(listing.exchanges[-1])
            )
        return {key_id: item for item in listing.items if (key_id := id_of(item))}

    def revoke(self, key_id: str) -> None:
        """End a key at ngrok; one that is gone already is all right."""
        exchange = self._api.delete_api_key(key_id)
        status = exchange.reply.status if exchange.reply else None
        if status not in (_NO_CONTENT, _NOT_FOUND):
            raise StepFailed(
                f"{key_id} could not be revoked. Run the same command again to go on.",
                judge_api(exchange),
            )

    def has_service_user(self, service_user_id: str) -> bool:
        """Tell whether the account has a Service User; of an unknown one, it is taken to be so."""
        if not service_user_id:
            return True
        exchange = self._api.get_service_user(service_user_id)
        if exchange.reply and exchange.reply.status == _NOT_FOUND:
            return False
        if json_object(exchange) is None:
            raise StepFailed("Could not read the Service User at ngrok.", judge_api(exchange))
        return True

    def owner_name(self, owner_id: str) -> str:
        """Return the name of the Service User ``owner_id``; empty where ngrok does not tell it."""
        owner = json_object(self._api.get_service_user(owner_id)) or {}
        return str(owner.get("name") or "")
