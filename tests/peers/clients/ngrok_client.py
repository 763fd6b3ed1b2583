# mypy: ignore-errors
"""What ngrok's own Python client makes of an account; prints one line of JSON."""

import json
import os
from collections.abc import Callable

import ngrok

client = ngrok.Client(os.environ["PEER_KEY"], os.environ["PEER_ROOT"])
said = {}


def refused(call: Callable[[], object]) -> str:
    try:
        call()
    except ngrok.Error as error:
        return type(error).__name__
    return "answered"


owner = client.service_users.create(name="Made by a client")
made = client.api_keys.create(description="made", owner_id=owner.id)
client.api_keys.update(id=made.id, description="changed")
said["made"] = client.api_keys.get(made.id).description
said["token"] = made.token.partition("_")[0] == made.id.removeprefix("ak_")
said["listed"] = [key.description for key in client.api_keys.list()]
said["filtered"] = [key.id for key in client.api_keys.list(filter=f'obj.id == "{made.id}"')] == [
    made.id
]
said["bad filter"] = refused(lambda: list(client.api_keys.list(filter="nonsense(")))
client.api_keys.delete(made.id)
client.service_users.delete(owner.id)
said["gone"] = refused(lambda: client.api_keys.get(made.id))
said["restrictions"] = len(list(client.ip_restrictions.list()))
print(json.dumps(said))  # noqa: T201 - the answer
