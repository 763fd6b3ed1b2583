"""What `test-connect` is measured against: the same request with httpx alone."""

import json
import os
import ssl

import httpx
import truststore

context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
headers = {"Authorization": f"Bearer {os.environ['NGROK_SCIM_API_KEY']}"}
with httpx.Client(verify=context, headers=headers) as client:
    reply = client.get(f"{os.environ['NGROK_SCIM_BASE_URL']}Users?startIndex=1&count=2")
print(json.dumps({"status": reply.status_code, "users": reply.json()}))
