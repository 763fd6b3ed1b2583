"""What to look for where a credential must not stand."""

import base64
from urllib.parse import quote

# What stands before a credential in the header Authorization.
SCHEMES = ("Bearer ", "SSWS ")


def secret_of(credential: str) -> str:
    """Return the part that must stay secret: the first half of a key of ngrok's is its id."""
    return credential if credential.startswith("00") else credential.partition("_")[2]


def in_base64(text: str, secret: str) -> str:
    """Return those letters of the Base64 of ``text`` in which nothing but ``secret`` stands."""
    start = text.index(secret)
    encoded = base64.b64encode(text.encode()).decode()
    return encoded[-(-start * 8 // 6) : (start + len(secret)) * 8 // 6]


def forms_of(credential: str) -> dict[str, str]:
    """Return what a credential looks like where it leaks, by the name of the form."""
    secret = secret_of(credential)
    return {
        "plain": secret,
        "base64": in_base64(credential, secret),
        **{f"base64 of {it}": in_base64(it + credential, secret) for it in SCHEMES},
        "URL-encoded": quote(credential, safe=""),
        "hexadecimal": secret.encode().hex(),
        "a part of it": secret[4:16],
    }


def leaks(text: str, *credentials: str) -> list[str]:
    """Return which of ``credentials`` stands in ``text``, and in which form."""
    return [
        f"{credential[:12]}… {name}"
        for credential in credentials
        for name, form in forms_of(credential).items()
        if form in text
    ]
