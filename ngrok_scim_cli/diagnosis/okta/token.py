"""The token of an Okta org, as a person gave it."""

import re
from dataclasses import replace

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.text.characters import describe

WRONG_TITLE = "The Okta token is not valid"

# How the header begins in which a token is sent; that is put in front of it here.
_HEADER = re.compile(r"(?:authorization:\s*)?(ssws|bearer)\s|authorization:", re.IGNORECASE)
# An API token has letters, digits, "-" and "_"; an access token of OAuth has dots besides.
_STRANGE = re.compile(r"[^!-~]")


def judge_token(token: str) -> tuple[Finding, ...]:
    """Return ``OKT902`` where ``token`` is none for certain, so that it need not be sent."""
    header = _HEADER.match(token)
    if header:
        began = f"“{header[1]}”" if header[1] else "the name of a header"
        return _wrong(
            f"It begins with {began}, which is not part of a token.",
            "Set OKTA_CLIENT_TOKEN to the token only, without anything before it.",
        )
    strange = _STRANGE.search(token)
    if strange:
        return _wrong(
            f"It holds {describe(strange[0])} (character {strange.start() + 1}).",
            "Copy the token again and set OKTA_CLIENT_TOKEN to it. A token has no spaces and only "
            "ASCII letters.",
        )
    return ()


def _wrong(seen: str, fix: str) -> tuple[Finding, ...]:
    found = finding("OKT902", f"{seen} Nothing was sent.", fix=fix)
    return (replace(found, title=WRONG_TITLE),)
