"""What the setup reads and changes in an ngrok account: its API keys and its Service Users."""

from collections.abc import Iterable, Mapping, Sequence

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import read_error
from ngrok_scim_cli.diagnosis.ngrok.api_reply import judge_api
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from ngrok_scim_cli.wire.pages import Page

# A key or a Service User as ngrok lists it.
Item = Mapping[str, object]

# "Service User names must be unique within an account."
_NAME_TAKEN = "4112"

_NO_CONTENT = 204
_NOT_FOUND = 404


def id_of(item: Item) -> str:
    """Return the id of what ngrok listed as ``item``; empty where it has none."""
    identifier = item.get("id")
    return identifier if isinstance(identifier, str) else ""


def list_keys(api: NgrokApi) -> Mapping[str, Item]:
    """Return the API keys of the account by their ids."""
    listed = _items(api.api_keys(), "API keys")
    return {key_id: item for item in listed if (key_id := id_of(item))}


def list_service_users(api: NgrokApi) -> Sequence[Item]:
    """Return the Service Users of the account."""
    return _items(api.service_users(), "Service Users")


def _items(pages: Iterable[Page], what: str) -> Sequence[Item]:
    items: list[Item] = []
    for page in pages:
        if not page.ok:
            findings = () if page.is_endless else judge_api(page.exchange)
            raise StepFailed(f"Could not list the {what} at ngrok.", findings)
        items += page.items
    return items


def revoke(api: NgrokApi, key_id: str) -> None:
    """Revoke a key at ngrok; one that is gone already is all right."""
    exchange = api.delete_api_key(key_id)
    if exchange.status not in (_NO_CONTENT, _NOT_FOUND):
        raise StepFailed(
            f"{key_id} could not be revoked. Run the same command again to continue.",
            judge_api(exchange),
        )


def has_service_user(api: NgrokApi, service_user_id: str) -> bool:
    """Return whether the account has a Service User; ``True`` where its id is not known."""
    if not service_user_id:
        return True
    exchange = api.get_service_user(service_user_id)
    if exchange.status == _NOT_FOUND:
        return False
    if exchange.json_object() is None:
        raise StepFailed("Could not read the Service User at ngrok.", judge_api(exchange))
    return True


def name_of_service_user(api: NgrokApi, owner_id: str) -> str:
    """Return the name of the Service User ``owner_id``; empty where ngrok does not tell it."""
    owner = api.get_service_user(owner_id).json_object() or {}
    return str(owner.get("name") or "")


def find_or_make_service_user(api: NgrokApi, listed: Sequence[Item], name: str) -> tuple[str, bool]:
    """Return the id of the Service User called ``name``, and whether it was made just now.

    Names are unique in an ngrok account (``ERR_NGROK_4112``), so an existing one is taken.
    """
    if found := find_service_user(listed, name):
        return found, False
    exchange = api.create_service_user(name)
    if made := id_of(exchange.json_object() or {}):
        return made, True
    # Somebody may have made it in between.
    taken = exchange.reply and read_error(exchange.reply).ngrok_code == _NAME_TAKEN
    if taken and (found := find_service_user(list_service_users(api), name)):
        return found, False
    raise StepFailed(f"ngrok did not make the Service User “{name}”.", judge_api(exchange))


def find_service_user(listed: Sequence[Item], name: str) -> str:
    """Return the id of the Service User called ``name``; empty where there is none."""
    found = next((item for item in listed if item.get("name") == name), {})
    if found.get("active") is False:
        raise StepFailed(
            f"The Service User “{name}” is not active, so its keys do not work.",
            (finding("NGR703", f"ngrok says that “{name}” is inactive."),),
        )
    return id_of(found)
