"""Compares ngrok's IP restrictions with the addresses from which Okta calls.

A connection is let in where its address matches at least one rule that allows and none that denies
(https://ngrok.com/docs/traffic-policy/actions/restrict-ips/#behavior).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import cast

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.json_values import NotJsonError, as_list, as_object, as_text, read_json

Network = IPv4Network | IPv6Network
OktaRanges = Mapping[str, tuple[Network, ...]]

PUBLISHED_AT = "https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json"
"""Where Okta publishes the addresses from which each of its cells calls."""

_SHOWN = 5
_ENFORCED = "IP restrictions are enforced for the API."
_DOWNLOAD = f"Download it again from {PUBLISHED_AT}."


class RangesError(ValueError):
    """The file is not the one that Okta publishes; its text says what is wrong with it."""


class _Union:
    """Networks of either version, put together so that a million look-ups are cheap."""

    def __init__(self, networks: Iterable[Network]) -> None:
        networks = list(networks)
        fours = [network for network in networks if isinstance(network, IPv4Network)]
        sixes = [network for network in networks if isinstance(network, IPv6Network)]
        # By version: the first and last address of each stretch, ascending and without overlaps.
        self._spans = {
            4: sorted(map(_span, collapse_addresses(fours))),
            6: sorted(map(_span, collapse_addresses(sixes))),
        }

    def holds(self, network: Network) -> bool:
        """Tell whether every address of ``network`` is among them."""
        spans = self._spans[network.version]
        first, last = _span(network)
        at = bisect_right(spans, (first, 1 << 128)) - 1
        return at >= 0 and spans[at][1] >= last

    def meets(self, network: Network) -> bool:
        """Tell whether an address of ``network`` is among them."""
        spans = self._spans[network.version]
        first, last = _span(network)
        at = bisect_right(spans, (last, 1 << 128)) - 1
        return at >= 0 and spans[at][1] >= first


def read_okta_ranges(content: str) -> OktaRanges:
    """Read the file that Okta publishes: ``{"us_cell_1": {"ip_ranges": ["192.0.2.0/24"]}}``.

    Raises:
        RangesError: it is not such a file.
    """
    try:
        document = read_json(content.removeprefix("\ufeff"))
    except NotJsonError:
        raise RangesError(f"It is not JSON. {_DOWNLOAD}") from None
    if not isinstance(document, dict):
        raise RangesError(f"It is not Okta's file of addresses. {_DOWNLOAD}")
    cells = {str(name): _ranges_of(str(name), cell) for name, cell in document.items()}
    known = {name: ranges for name, ranges in cells.items() if ranges}
    if not known:
        raise RangesError(f"It contains no addresses. {_DOWNLOAD}")
    return known


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
    return _judge_cells(okta_ranges, _Union(allowed), _Union(denied))


def _judge_cells(okta_ranges: OktaRanges, allowed: _Union, denied: _Union) -> Judged | Unknown:
    missing = {
        cell: [item for item in ranges if not allowed.holds(item) or denied.meets(item)]
        for cell, ranges in okta_ranges.items()
    }
    let_in = [excerpt(cell, 40) for cell, ranges in missing.items() if not ranges]
    if let_in:
        return Judged(reason=f"They allow these Okta cells: {first_of(let_in, _SHOWN)}.")
    nearest = min(missing, key=lambda cell: len(missing[cell]) / len(okta_ranges[cell]))
    lacking, whole = missing[nearest], okta_ranges[nearest]
    seen = (
        f"The most complete Okta cell is {excerpt(nearest, 40)}. Of its {len(whole):,} ranges, "
        f"these are missing: {_listed(lacking)}."
    )
    if len(lacking) == len(whole):
        count = sum(map(len, okta_ranges.values()))
        seen = f"None of Okta's {count:,} address ranges is allowed."
    return Judged((finding("NGR705", f"{_ENFORCED} {seen}"),))


def _ranges_of(name: str, cell: object) -> tuple[Network, ...]:
    listed = as_object(cell).get("ip_ranges")
    if not isinstance(listed, list):
        raise RangesError(f"“{excerpt(name, 60)}” has no list “ip_ranges”. {_DOWNLOAD}")
    ranges = tuple(map(_network, listed))
    if None in ranges:
        strange = excerpt(str(listed[ranges.index(None)]), 60)
        seen = f"“{excerpt(name, 60)}” holds “{strange}”, which is not an address range."
        raise RangesError(f"{seen} {_DOWNLOAD}")
    return cast("tuple[Network, ...]", ranges)


def _network(cidr: object) -> Network | None:
    try:
        return ip_network(as_text(cidr).strip(), strict=False)
    except ValueError:
        return None


def _span(network: Network) -> tuple[int, int]:
    return int(network.network_address), int(network.broadcast_address)


def _listed(networks: Sequence[Network]) -> str:
    return first_of([str(network) for network in networks], _SHOWN)
