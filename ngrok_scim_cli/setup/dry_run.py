"""What would be asked of ngrok, without asking anything that writes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urljoin

from ngrok_scim_cli.diagnosis.finding import Payload, Section, json_values
from ngrok_scim_cli.diagnosis.ngrok.api_keys import MAKER
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.setup.api_key import answers_for_key
from ngrok_scim_cli.setup.context import SetupContext
from ngrok_scim_cli.setup.ngrok_account import find_service_user, list_service_users
from ngrok_scim_cli.setup.rotation import End
from ngrok_scim_cli.wire.scim import COUNT_OF_THE_TEST, LIST


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """A request that would be made, and the fields of its body by name.

    Attributes:
        url: the whole address, or a path below ngrok's API.
    """

    method: str
    url: str
    fields: Mapping[str, str]


def as_answer(requests: Sequence[PlannedRequest], api_base_url: str) -> Payload:
    """Return the requests that a command would make, in order, with their whole addresses."""
    root = f"{api_base_url.rstrip('/')}/"
    requests = [replace(item, url=urljoin(root, item.url)) for item in requests]
    lines: list[str] = []
    for item in requests:
        lines.append(f"  {item.method} {item.url}")
        lines += (f"      {name}: {value}" for name, value in item.fields.items())
    shown = Section(lines=("No request would be made.",))
    if lines:
        shown = Section("These requests would be made, in this order:", verbatim="\n".join(lines))
    return Payload({"requests": [json_values(item) for item in requests]}, (shown,))


def plan_new_key(context: SetupContext) -> tuple[PlannedRequest, ...]:
    """Return what would be asked to make a key.

    Where there is an administrator's key, ngrok is asked whether the Service User exists; that
    changes nothing.
    """
    api = context.open_api()
    listed = list_service_users(api) if api else ()
    name, description = answers_for_key(context)
    owner_id = find_service_user(listed, name)
    fields = {
        "description": description,
        "metadata": json.dumps({"made_by": MAKER, "mark": "(random letters)"}),
        "owner_id": owner_id or "(the id of the new Service User)",
    }
    return (
        PlannedRequest("GET", "service_users", {}),
        *(() if owner_id else (PlannedRequest("POST", "service_users", {"name": name}),)),
        PlannedRequest("POST", "api_keys", fields),
        plan_test(context),
    )


def plan_revocation(
    context: SetupContext, key_id: str, *, leaked: bool = False
) -> tuple[PlannedRequest, ...]:
    """Return what would be asked to revoke the key ``key_id``, and to replace a leaked one."""
    more = plan_new_key(context) if leaked else ()
    return (
        PlannedRequest("GET", "api_keys", {}),
        PlannedRequest("DELETE", f"api_keys/{key_id}", {}),
        *more,
    )


def plan_test(context: SetupContext) -> PlannedRequest:
    """Return the request of the connector test."""
    root = context.form().base_url.rstrip("/")
    return PlannedRequest("GET", root + LIST.format(1, COUNT_OF_THE_TEST), {})


def plan_rotation(context: SetupContext, *, end: End | None = None) -> tuple[PlannedRequest, ...]:
    """Return the requests that would replace the key, from the state of the profile."""
    rotation = context.profile().rotation
    if end is None:
        return () if rotation else plan_new_key(context)[:-1]
    if rotation is None:
        return ()
    goes = rotation.old if end == "finish" else rotation.new
    return (plan_test(context), *(plan_revocation(context, goes.id) if goes.id else ()))
