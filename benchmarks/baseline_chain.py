"""What `doctor` is measured against: the longest chain of requests that need each other.

To see what Okta sends to ngrok, the app has to be found, then its mappings, then what they map.
"""

import os
import ssl

import httpx
import truststore

context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
headers = {"Authorization": f"SSWS {os.environ['OKTA_CLIENT_TOKEN']}"}
api = f"{os.environ['OKTA_CLIENT_ORGURL']}/api/v1"
with httpx.Client(verify=context, headers=headers) as client:
    apps = client.get(f"{api}/apps?limit=200").json()
    app = next(item["id"] for item in apps if "ngrok" in item["label"])
    mappings = client.get(f"{api}/mappings?limit=50&targetId={app}").json()
    mapping = client.get(f"{api}/mappings/{mappings[0]['id']}").json()
print(len(mapping["properties"]))
