"""What the setup reads and changes in an ngrok account: its API keys and its Service Users."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import read_error
from ngrok_scim_cli.diagnosis.ngrok.api_keys import (
    ApiKey,
    ServiceUser,
    read_api_key,
    read_service_user,
)
from ngrok_scim_cli.diagnosis.ngrok.api_reply import judge_api
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from ngrok_scim_cli.wire.pages import Page

# "Service User names must be unique within an account."
_NAME_TAKEN = "4112"


def list_keys(api: NgrokApi) -> dict[str, ApiKey]:
    """Return the API keys of the account by their ids."""
    keys = map(read_api_key, _items(api.api_keys(), "API keys"))
    return {key.id: key for key in keys if key.id}


def list_service_users(api: NgrokApi) -> tuple[ServiceUser, ...]:
    """Return the Service Users of the account."""
    return tuple(map(read_service_user, _items(api.service_users(), "Service Users")))


def _items(pages: Iterable[Page], what: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    for page in pages:
        if not page.ok:
            findings = () if page.is_endless else judge_api(page.exchange)
            raise StepFailed(f"Could not list the {what} at ngrok.", findings)
        items += page.items
    return items


def revoke(api: NgrokApi, key_id: str) -> None:
    """Revoke a key at ngrok; one that is gone already is all right."""
    exchange = api.delete_api_key(key_id)
    if exchange.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND):
        raise StepFailed(
            f"{key_id} could not be revoked. Run the same command again to continue.",
            judge_api(exchange),
        )


def has_service_user(api: NgrokApi, service_user_id: str) -> bool:
    """Return whether the account has a Service User; ``True`` where its id is not known."""
    if not service_user_id:
        return True
    exchange = api.get_service_user(service_user_id)
    if exchange.status == HTTPStatus.NOT_FOUND:
        return False
    if exchange.json_object() is None:
        raise StepFailed("Could not read the Service User at ngrok.", judge_api(exchange))
    return True


def name_of_service_user(api: NgrokApi, owner_id: str) -> str:
    """Return the name of the Service User ``owner_id``; empty where ngrok does not tell it."""
    return read_service_user(api.get_service_user(owner_id).json_object() or {}).name


def find_or_make_service_user(
    api: NgrokApi, listed: Sequence[ServiceUser], name: str
) -> tuple[str, bool]:
    """Return the id of the Service User called ``name``, and whether it was made just now.

    Names are unique in an ngrok account (``ERR_NGROK_4112``), so an existing one is taken.
    """
    if found := find_service_user(listed, name):
        return found, False
    exchange = api.create_service_user(name)
    if made := read_service_user(exchange.json_object() or {}).id:
        return made, True
    # Somebody may have made it in between.
    taken = exchange.reply and read_error(exchange.reply).ngrok_code == _NAME_TAKEN
    if taken and (found := find_service_user(list_service_users(api), name)):
        return found, False
    raise StepFailed(f"ngrok did not make the Service User “{name}”.", judge_api(exchange))


def find_service_user(listed: Sequence[ServiceUser], name: str) -> str:
    """Return the id of the Service User called ``name``; empty where there is none."""
    found = next((user for user in listed if user.name == name), ServiceUser(""))
    if found.active is False:
        raise StepFailed(
            f"The Service User “{name}” is not active, so its keys do not work.",
            (finding("NGR703", f"ngrok says that “{name}” is inactive."),),
        )
    return found.id
