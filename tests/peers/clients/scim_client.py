# mypy: ignore-errors
"""What scim2-client does with the SCIM endpoint, and what scim2-tester says of it; prints JSON."""

import json
import os

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

http = Client(
    base_url=os.environ["PEER_BASE"], headers={"Authorization": f"Bearer {os.environ['PEER_KEY']}"}
)
client = SyncSCIMClient(http)
client.discover()
User = client.get_resource_model("User")
said = {"users": client.query(User).total_results}
made = client.create(User(user_name="peer@corp.example"))
made.display_name = "Peer"
said["replaced"] = client.replace(made).display_name
client.delete(User, made.id)
said["left"] = client.query(User).total_results

results = check_server(SyncSCIMClient(http))
said["passed"] = sorted({result.title for result in results if result.status.name == "SUCCESS"})
said["failed"] = sorted({result.title for result in results if result.status.name != "SUCCESS"})
print(json.dumps(said))  # noqa: T201 - the answer
