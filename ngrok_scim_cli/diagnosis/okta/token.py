"""The token of an Okta org, as a person gave it."""

import re
from dataclasses import replace

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, Subject
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.text.characters import describe

WRONG_TITLE = "The Okta token is not valid"

# How the header begins in which a token is sent; that is put in front of it here.
_HEADER = re.compile(r"(?:authorization:\s*)?(ssws|bearer)\s|authorization:", re.IGNORECASE)
# An API token has letters, digits, "-" and "_"; an access token of OAuth has dots besides.
_STRANGE = re.compile(r"[^!-~]")

_rules: Rules[None] = Rules(Subject.OKTA)
_rules.describe(
    "OKT902",
    "Okta refuses the API token",
    "The token is wrong, was not used for 30 days, is not allowed from this network, or its "
    "owner may not read apps, people or the System Log.",
    "In Okta, signed in as a read-only administrator, open Security > API > Tokens, press "
    '"Create token", and set OKTA_CLIENT_TOKEN to the new one.',
    certainty=Certainty.DOCUMENTED,
)
ENTRIES = _rules.entries


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
