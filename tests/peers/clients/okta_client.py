# mypy: ignore-errors
"""What Okta's Python SDK reads in the org, by API token and as a service app; prints JSON."""

import asyncio
import json
import os

from okta.client import Client

APP = os.environ["PEER_APP"]
ORG = {"orgUrl": os.environ["PEER_ROOT"]}
BY_TOKEN = {**ORG, "token": os.environ["PEER_TOKEN"]}
AS_SERVICE_APP = {
    **ORG,
    "authorizationMode": "PrivateKey",
    "clientId": os.environ["PEER_CLIENT_ID"],
    "scopes": os.environ["PEER_SCOPES"].split(),
    "privateKey": os.environ["PEER_PRIVATE_KEY"],
}


async def outcome(call) -> object:  # noqa: ANN001 - the SDK's own
    try:
        found, *_, error = await call
    except ValueError as refused:  # the SDK's own model of the answer
        return type(refused).__name__
    if error:
        return str(getattr(error, "error_code", error))
    return len(found) if isinstance(found, list) else type(found).__name__


async def everything(config: dict[str, object]) -> dict[str, object]:
    client = Client(config)
    active = 'status eq "ACTIVE"'
    return {
        "apps": await outcome(client.list_applications(q="ngrok")),
        "apps by filter": await outcome(client.list_applications(filter=active)),
        "app": await outcome(client.get_application(APP)),
        "app users": await outcome(client.list_application_users(APP, limit=100)),
        "app groups": await outcome(client.list_application_group_assignments(APP)),
        "connection": await outcome(
            client.get_default_provisioning_connection_for_application(APP)
        ),
        "features": await outcome(client.list_features_for_application(APP)),
        "me": await outcome(client.get_user("me")),
        "my groups": await outcome(client.list_user_groups("me")),
        "users by search": await outcome(client.list_users(search=active, limit=100)),
        "log": await outcome(client.list_log_events(limit=10)),
        "mappings": await outcome(client.list_profile_mappings(target_id=APP)),
        "org": await outcome(client.get_org_settings()),
    }


async def main() -> None:
    said = {"token": await everything(BY_TOKEN), "service app": await everything(AS_SERVICE_APP)}
    print(json.dumps(said))  # noqa: T201 - the answer


asyncio.run(main())
