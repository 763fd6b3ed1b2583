"""What `users audit` is measured against: the same pages, fetched and parsed, and no more."""

import os
import ssl

import httpx
import truststore

count = 0
context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
with httpx.Client(verify=context) as client:
    headers = {"Authorization": f"Bearer {os.environ['NGROK_SCIM_API_KEY']}"}
    total = 1
    while count < total:
        url = f"{os.environ['NGROK_SCIM_BASE_URL']}Users?startIndex={count + 1}&count=100"
        page = client.get(url, headers=headers).json()
        total = page["totalResults"]
        count += len(page["Resources"])
    if "OKTA_CLIENT_TOKEN" in os.environ:
        headers = {"Authorization": f"SSWS {os.environ['OKTA_CLIENT_TOKEN']}"}
        url = f"{os.environ['OKTA_CLIENT_ORGURL']}/api/v1/apps/{os.environ['OKTA_APP']}/users"
        following: str | None = f"{url}?limit=500"
        while following:
            reply = client.get(following, headers=headers)
            count += len(reply.json())
            following = reply.links.get("next", {}).get("url")
print(count)
