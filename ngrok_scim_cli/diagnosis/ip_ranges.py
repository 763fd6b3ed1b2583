"""ngrok's IP restrictions, held against the addresses from which Okta calls."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network

from ngrok_scim_cli.diagnosis.told import Told

Network = IPv4Network | IPv6Network
OktaRanges = Mapping[str, tuple[Network, ...]]

PUBLISHED_AT = "https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json"


class RangesError(ValueError):
    """The file is not the one that Okta publishes; its text says what is wrong with it."""


def read_okta_ranges(content: str) -> OktaRanges:
    """Read the file that Okta publishes: ``{"us_cell_1": {"ip_ranges": ["1.2.3.0/24", …]}, …}``.

    Returns:
        The ranges of each cell.

    Raises:
        RangesError: it is not such a file.
    """
    raise NotImplementedError


def judge_ip_restrictions(
    restrictions: Iterable[dict[str, object]],
    rules: Iterable[dict[str, object]],
    okta_ranges: OktaRanges | None,
) -> Told:
    """Tell whether ngrok's IP restrictions let Okta in: ``NGR705`` where they do not.

    Args:
        restrictions: ``GET /ip_restrictions``, all pages.
        rules: ``GET /ip_policy_rules``, all pages.
        okta_ranges: what ``read_okta_ranges`` gave; ``None`` where the file was not given.
    """
    raise NotImplementedError
