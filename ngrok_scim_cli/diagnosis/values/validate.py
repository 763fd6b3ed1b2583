"""What is wrong for certain with the letters of the five values, without asking anybody."""

import re
from typing import TYPE_CHECKING

from ngrok_scim_cli.form import Form
from ngrok_scim_cli.hosts import (
    EndpointKind,
    HostKind,
    Trust,
    kind_of_host,
)

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding

__all__ = [
    "EndpointKind",
    "Trust",
    "endpoint_kind",
    "examine",
    "names_this_machine",
    "shown_base_url",
    "suspect",
]

# A URL that every client reads alike, so that there is no doubt about where it leads.
_PLAIN_URL = re.compile(
    r"https?://(?P<host>[0-9a-z._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:[/?#][^\\\s]*)?",
    re.IGNORECASE,
)

_KINDS = {
    HostKind.NGROK: EndpointKind.NGROK,
    HostKind.LOOPBACK: EndpointKind.LOOPBACK,
    HostKind.ALLOWED: EndpointKind.ALLOWED,
}

_NOBODY = Trust()

# Values in which there is nothing to find, so that no rule has to be loaded for them.
_RIGHT_URL = re.compile(
    r"(?:https://api\.ngrok\.com|http://127\.0\.0\.1:[1-5][0-9]{3,4})/scim/v2/", re.ASCII
)
_RIGHT_KEY = re.compile(r"[0-9A-Za-z]{27}_[0-9][0-9A-Za-z]{20}", re.ASCII)
# A placeholder in the shape of a key has few different letters.
_LETTERS_OF_A_KEY = 15


def examine(form: Form, trust: Trust = _NOBODY) -> "tuple[Finding, ...]":
    """Find what is wrong with the five values as typed.

    Args:
        form: the values, letter for letter.
        trust: the hosts that the person allowed.

    Returns:
        What is certain, the root cause first. Where one is an error, the values are not to be
        sent as they are. No text in it holds a piece of the key.
    """
    if _is_as_the_guide_has_it(form):
        return ()
    from ngrok_scim_cli.diagnosis.values.all_rules import examine_closely

    return examine_closely(form, trust)


def shown_base_url(typed: str, trust: Trust = _NOBODY) -> str:
    """Return a base URL as it may be shown: without a password or a key in it."""
    if _RIGHT_URL.fullmatch(typed):
        return typed
    from ngrok_scim_cli.diagnosis.values.base_url import read_base_url

    return read_base_url(typed, trust).shown


def suspect(form: Form, trust: Trust = _NOBODY) -> "tuple[Finding, ...]":
    """Find what would be wrong with the base URL if it were meant to be ngrok's.

    Used where the reply is a failure, and only of loopback and of a host that the person allowed:
    there any path and port may be right, so ``examine`` is silent about them.

    Args:
        form: the values, letter for letter.
        trust: the hosts that the person allowed.
    """
    from ngrok_scim_cli.diagnosis.values.all_rules import suspect_closely

    return suspect_closely(form, trust)


def endpoint_kind(base_url: str, trust: Trust = _NOBODY) -> EndpointKind:
    """Tell whose endpoint a URL names, as it stands; a doubtful one is another's.

    Args:
        base_url: a base URL, or any URL below it.
        trust: the hosts that the person allowed.
    """
    match = _PLAIN_URL.fullmatch(base_url)
    if match is None or not match["host"].isascii():
        return EndpointKind.OTHER
    return _KINDS.get(kind_of_host(match["host"], trust), EndpointKind.OTHER)


def names_this_machine(base_url: str) -> bool:
    """Tell whether a base URL leads nowhere but to the machine of whoever opens it."""
    from ipaddress import ip_address

    from ngrok_scim_cli.diagnosis.values.base_url import read_base_url
    from ngrok_scim_cli.hosts import is_loopback

    host = read_base_url(base_url, Trust()).parts.host.lower().rstrip(".")
    if is_loopback(host) or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _is_as_the_guide_has_it(form: Form) -> bool:
    key = form.authorization
    return (
        _RIGHT_URL.fullmatch(form.base_url) is not None
        and _RIGHT_KEY.fullmatch(key) is not None
        and len(set(key)) >= _LETTERS_OF_A_KEY
        and form == Form(base_url=form.base_url, authorization=key)
    )
