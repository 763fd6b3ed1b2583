"""Compares ngrok's IP restrictions with the addresses from which Okta calls.

A connection is let in where its address matches at least one rule that allows and none that denies
(https://ngrok.com/docs/traffic-policy/actions/restrict-ips/#behavior).
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.json_values import NotJsonError, as_list, as_object, as_text, read_json

Network = IPv4Network | IPv6Network
OktaRanges = Mapping[str, tuple[Network, ...]]

PUBLISHED_AT = "https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json"
"""Where Okta publishes the addresses from which each of its cells calls."""

# IP version, first and last address.
_Span = tuple[int, int, int]

_SHOWN = 5
_ENFORCED = "IP restrictions are enforced for the API."


class RangesError(ValueError):
    """The file is not the one that Okta publishes; its text says what is wrong with it."""


def read_okta_ranges(content: str) -> OktaRanges:
    """Read the file that Okta publishes: ``{"us_cell_1": {"ip_ranges": ["192.0.2.0/24"]}}``.

    Raises:
        RangesError: it is not such a file.
    """
    try:
        document = read_json(content.removeprefix("\ufeff"))
    except NotJsonError:
        raise RangesError("it is not JSON") from None
    if not isinstance(document, dict):
        raise RangesError("it is not Okta's file of addresses")
    cells: dict[str, tuple[Network, ...]] = {}
    for name, cell in document.items():
        listed = as_object(cell).get("ip_ranges")
        if not isinstance(listed, list):
            raise RangesError(f"“{excerpt(name, 60)}” has no list “ip_ranges”")
        for cidr in listed:
            network = _network(cidr)
            if network is None:
                odd = f"“{excerpt(str(cidr), 60)}”, which is not an address range"
                raise RangesError(f"“{excerpt(name, 60)}” contains {odd}")
            cells[name] = (*cells.get(name, ()), network)
    if not cells:
        raise RangesError("it contains no addresses")
    return cells


def judge_ip_restrictions(
    restrictions: Iterable[dict[str, object]],
    rules: Iterable[dict[str, object]],
    okta_ranges: OktaRanges | None,
) -> Judged | Unknown:
    """Tell whether ngrok's IP restrictions allow Okta: ``NGR705`` where they do not.

    They do where every address of one of Okta's cells is allowed. The org's cell is not known.
    """
    enforced = [
        item for item in restrictions if item.get("type") == "api" and item.get("enforced") is True
    ]
    if not enforced:
        return Judged(reason="No IP restriction is enforced for the API.")
    policies = {
        as_text(as_object(policy).get("id"))
        for item in enforced
        for policy in as_list(item.get("ip_policies"))
    }
    allowed: list[Network] = []
    denied: list[Network] = []
    for rule in rules:
        if as_text(as_object(rule.get("ip_policy")).get("id")) not in policies:
            continue
        network = _network(rule.get("cidr"))
        if network is None:
            return Unknown(
                f"Could not read this rule in ngrok: “{excerpt(str(rule.get('cidr')))}”."
            )
        (allowed if rule.get("action") == "allow" else denied).append(network)
    if all(network.is_private for network in allowed):
        seen = f"no public address: {_listed(allowed)}" if allowed else "nobody"
        return Judged((finding("NGR705", f"{_ENFORCED} They allow {seen}."),))
    if okta_ranges is None:
        return Unknown(
            f"{_ENFORCED} Could not verify whether they allow Okta: that needs Okta's list of its "
            f"addresses, `--okta-ip-ranges FILE` ({PUBLISHED_AT})."
        )
    return _judge_cells(okta_ranges, _spans(allowed), _spans(denied))


def _judge_cells(
    okta_ranges: OktaRanges, allowed: Sequence[_Span], denied: Sequence[_Span]
) -> Judged:
    """Tell whether every address of one of Okta's cells is allowed; else name the nearest cell."""
    missing = {
        cell: [network for network in ranges if not _is_allowed(network, allowed, denied)]
        for cell, ranges in okta_ranges.items()
    }
    whole_cells = [excerpt(cell, 40) for cell, ranges in missing.items() if not ranges]
    if whole_cells:
        return Judged(reason=f"They allow these Okta cells: {first_of(whole_cells, _SHOWN)}.")
    nearest = min(missing, key=lambda cell: len(missing[cell]) / len(okta_ranges[cell]))
    count = len(okta_ranges[nearest])
    seen = (
        f"The most complete Okta cell is {excerpt(nearest, 40)}. Of its {count:,} ranges, these "
        f"are missing: {_listed(missing[nearest])}."
    )
    if len(missing[nearest]) == count:
        every = sum(map(len, okta_ranges.values()))
        seen = f"None of Okta's {every:,} address ranges is allowed."
    return Judged((finding("NGR705", f"{_ENFORCED} {seen}"),))


def _spans(networks: Sequence[Network]) -> list[_Span]:
    """Return the stretches of addresses that ``networks`` cover."""
    merged: list[Any] = []
    for version in (4, 6):
        same: Any = [network for network in networks if network.version == version]
        merged += collapse_addresses(same)
    return [(each.version, int(each[0]), int(each[-1])) for each in merged]


def _is_allowed(network: Network, allowed: Iterable[_Span], denied: Iterable[_Span]) -> bool:
    """Tell whether every address of ``network`` is allowed, and none is denied."""
    own, first, last = network.version, int(network[0]), int(network[-1])
    return any(
        version == own and low <= first and last <= high for version, low, high in allowed
    ) and not any(version == own and low <= last and first <= high for version, low, high in denied)


def _network(cidr: object) -> Network | None:
    try:
        return ip_network(as_text(cidr).strip(), strict=False)
    except ValueError:
        return None


def _listed(networks: Sequence[Network]) -> str:
    return first_of([str(network) for network in networks], _SHOWN)
