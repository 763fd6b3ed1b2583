"""Finds the Service User whom the SCIM key shall belong to, or makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import read_error
from ngrok_scim_cli.diagnosis.ngrok.api_reply import judge_api
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.wire.ngrok_api import json_object

if TYPE_CHECKING:
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

# "Service User names must be unique within an account."
_NAME_TAKEN = "4112"


ServiceUsers = Sequence[Mapping[str, object]]


def find_or_make_service_user(api: NgrokApi, listed: ServiceUsers, name: str) -> tuple[str, bool]:
    """Return the id of the Service User called ``name``, and whether it was made just now.

    Names are unique in an ngrok account (``ERR_NGROK_4112``), so an existing one is taken.
    """
    found = find_service_user(listed, name)
    if found is not None:
        return found, False
    exchange = api.create_service_user(name)
    made = _id_of(json_object(exchange) or {})
    if made:
        return made, True
    # Somebody may have made it in between.
    if exchange.reply and read_error(exchange.reply).ngrok_code == _NAME_TAKEN:
        found = find_service_user(list_service_users(api), name)
        if found is not None:
            return found, False
    raise StepFailed(f"ngrok did not make the Service User “{name}”.", judge_api(exchange))


def list_service_users(api: NgrokApi) -> ServiceUsers:
    """Return the Service Users of the account."""
    listing = api.service_users()
    if not listing.complete:
        raise StepFailed(
            "Could not list the Service Users at ngrok.", judge_api(listing.exchanges[-1])
        )
    return listing.items


def find_service_user(listed: ServiceUsers, name: str) -> str | None:
    """Return the id of the Service User called ``name``, or ``None`` where there is none.

    Raises:
        StepFailed: the Service User is inactive.
    """
    found = next((item for item in listed if item.get("name") == name), None)
    if found is not None and found.get("active") is False:
        raise StepFailed(
            f"The Service User “{name}” is not active, so its keys do not work.",
            (finding("NGR703", f"ngrok says that “{name}” is inactive."),),
        )
    return (_id_of(found) or None) if found else None


def _id_of(item: Mapping[str, object]) -> str:
    identifier = item.get("id")
    return identifier if isinstance(identifier, str) else ""
