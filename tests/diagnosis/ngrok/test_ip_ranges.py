import json
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.ngrok.ip_ranges import (
    RangesError,
    judge_ip_restrictions,
    read_okta_ranges,
)
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from tests.support.cases import each_case
from tests.support.json_values import json_values

# Addresses that anybody may use in a text are private to Python; these are not.
FILE = {
    "us_cell_1": {"ip_ranges": ["3.0.0.0/24", "3.0.1.0/24", "4.4.4.4"]},
    "emea_cell_1": {"ip_ranges": ["5.0.0.0/23", "2a00::/32"]},
    "empty_cell": {"ip_ranges": []},
}
RANGES = read_okta_ranges(json.dumps(FILE))


def restriction(*policies: object, enforced: object = True, kind: str = "api") -> dict[str, object]:
    listed = [{"id": policy, "uri": "https://api.ngrok.com/…"} for policy in policies]
    return {"id": "ipx_1", "type": kind, "enforced": enforced, "ip_policies": listed}


def rule(cidr: object, action: str = "allow", policy: object = "ipp_1") -> dict[str, object]:
    return {"id": "ipr_1", "cidr": cidr, "action": action, "ip_policy": {"id": policy}}


def rules(*cidrs: str) -> list[dict[str, object]]:
    return [rule(cidr) for cidr in cidrs]


ENFORCED = [restriction("ipp_1")]


def test_the_file_that_okta_publishes_is_read() -> None:
    read = {cell: tuple(map(str, ranges)) for cell, ranges in RANGES.items()}
    assert read == {
        "us_cell_1": ("3.0.0.0/24", "3.0.1.0/24", "4.4.4.4/32"),
        "emea_cell_1": ("5.0.0.0/23", "2a00::/32"),
    }
    assert read_okta_ranges("\ufeff" + json.dumps(FILE)) == RANGES
    odd = {"c": {"ip_ranges": [" 3.0.0.7/24 "], "note": "x"}}
    assert read_okta_ranges(json.dumps(odd)) == {"c": (ip_network("3.0.0.0/24"),)}


@each_case(
    ("content", "said"),
    [
        ("", "not JSON"),
        ("<html>", "not JSON"),
        ("[]", "not Okta's file"),
        ("null", "not Okta's file"),
        ("{}", "contains no addresses"),
        ('{"c": {"ip_ranges": []}}', "contains no addresses"),
        ('{"c": ["3.0.0.0/24"]}', "“c” has no list “ip_ranges”"),
        ('{"syncToken": "1"}', "“syncToken” has no list"),
        ('{"c": {"ip_ranges": "3.0.0.0/24"}}', "“c” has no list"),
        (
            '{"c": {"ip_ranges": ["3.0.0.0/33"]}}',
            "“c” contains “3.0.0.0/33”, which is not an address range",
        ),
        ('{"c": {"ip_ranges": [7]}}', "“c” contains “7”"),
        ('{"c": {"ip_ranges": [null]}}', "“c” contains “None”"),
        ('{"c": {"ip_ranges": ["3.0.0.1-3.0.0.9"]}}', "which is not an address range"),
        ('{"\\u001b[2J": 1}', "⟨U+001B⟩"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_another_file_is_refused_and_it_is_said_why(content: str, said: str) -> None:
    with pytest.raises(RangesError) as refused:
        read_okta_ranges(content)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "restrictions",
    [
        [],
        [restriction("ipp_1", enforced=False)],
        [restriction("ipp_1", enforced="yes")],
        [restriction("ipp_1", kind="dashboard"), restriction("ipp_1", kind="agent")],
        [{}],
    ],
)
def test_what_is_not_enforced_for_the_api_is_in_nobodys_way(
    restrictions: list[dict[str, object]],
) -> None:
    judged = judge_ip_restrictions(restrictions, rules("10.0.0.0/8"), RANGES)
    assert isinstance(judged, Judged)
    assert judged.findings == ()
    assert "No IP restriction is enforced" in judged.reason


@each_case(
    ("listed", "cells"),
    [
        # The very ranges, wider ones, everything.
        (rules("3.0.0.0/24", "3.0.1.0/24", "4.4.4.4/32"), "us_cell_1"),
        (rules("3.0.0.0/16", "4.4.0.0/16"), "us_cell_1"),
        (rules("0.0.0.0/0"), "us_cell_1"),
        (rules("0.0.0.0/0", "::/0"), "us_cell_1, emea_cell_1"),
        # Put together of smaller ones.
        (
            rules("5.0.1.0/24", "5.0.0.0/25", "5.0.0.128/25", "2a00::/33", "2a00:0:8000::/33"),
            "emea",
        ),
        # A single address, and the host's bits set.
        (rules("3.0.0.9/23", "4.4.4.4"), "us_cell_1"),
        # What is denied elsewhere, or by a policy that does not count.
        ([*rules("0.0.0.0/0"), rule("9.0.0.0/8", "deny")], "us_cell_1"),
        ([*rules("0.0.0.0/0"), rule("3.0.0.0/8", "deny", "ipp_2")], "us_cell_1"),
    ],
)
def test_allowing_one_whole_okta_cell_is_enough(
    listed: list[dict[str, object]], cells: str
) -> None:
    judged = judge_ip_restrictions(ENFORCED, listed, RANGES)
    assert isinstance(judged, Judged)
    assert judged.findings == ()
    assert f"Okta cells: {cells}" in judged.reason


def test_the_policies_of_several_restrictions_count_together() -> None:
    restrictions = [restriction("ipp_1", "ipp_2"), restriction("ipp_3")]
    listed = [
        rule("3.0.0.0/24", policy="ipp_1"),
        rule("3.0.1.0/24", policy="ipp_2"),
        rule("4.4.4.4/32", policy="ipp_3"),
    ]
    assert judge_ip_restrictions(restrictions, listed, RANGES).findings == ()
    assert judge_ip_restrictions(restrictions[:1], listed, RANGES).findings


@each_case(
    ("listed", "evidence"),
    [
        # The nearest cell, and what is missing from it.
        (
            rules("3.0.0.0/24", "4.4.4.4/32"),
            "us_cell_1. Of its 3 ranges, these are missing: 3.0.1.0/24",
        ),
        (rules("5.0.0.0/23"), "emea_cell_1. Of its 2 ranges, these are missing: 2a00::/32."),
        (rules("3.0.0.0/25", "3.0.1.0/24", "4.4.4.4"), "are missing: 3.0.0.0/24."),
        ([*rules("0.0.0.0/0"), rule("3.0.1.7/32", "deny")], "are missing: 3.0.1.0/24."),
        ([*rules("0.0.0.0/0"), rule("3.0.0.0/8", "deny")], "emea_cell_1. Of its 2 ranges"),
        # None at all.
        (rules("9.9.9.0/24"), "None of Okta's 5 address ranges is allowed."),
        ([*rules("0.0.0.0/0"), rule("0.0.0.0/0", "deny")], "None of Okta's"),
        # It needs no list of Okta's to tell.
        (rules("10.0.0.0/8", "192.168.7.0/24", "fd00::/8"), "allow no public address: 10.0.0.0/8"),
        ([], "allow nobody"),
        ([rule("3.0.0.0/8", "deny")], "allow nobody"),
        ([rule("0.0.0.0/0", policy="ipp_2")], "allow nobody"),
    ],
)
def test_the_missing_okta_ranges_are_named(listed: list[dict[str, object]], evidence: str) -> None:
    judged = judge_ip_restrictions(ENFORCED, listed, RANGES)
    (found,) = judged.findings
    assert found.code == "NGR705"
    assert evidence in found.evidence


@pytest.mark.parametrize(
    ("listed", "codes"),
    [(rules("3.0.0.0/8"), []), (rules("10.0.0.0/8"), ["NGR705"]), ([], ["NGR705"])],
)
def test_without_oktas_file_only_what_is_certain_is_reported(
    listed: list[dict[str, object]], codes: list[str]
) -> None:
    judged = judge_ip_restrictions(ENFORCED, listed, None)
    assert [item.code for item in judged.findings] == codes
    assert isinstance(judged, Judged) is bool(codes)
    assert codes or "--okta-ip-ranges FILE" in judged.reason


def test_a_rule_that_cannot_be_read_is_not_passed_over() -> None:
    judged = judge_ip_restrictions(ENFORCED, [*rules("3.0.0.0/8"), rule("3.0.0.0/99")], RANGES)
    assert isinstance(judged, Unknown)
    assert judged.findings == ()
    assert "3.0.0.0/99" in judged.reason
    # One that does not count does no harm.
    passed = judge_ip_restrictions(
        ENFORCED, [*rules("0.0.0.0/0"), rule("x", policy="ipp_2")], RANGES
    )
    assert isinstance(passed, Judged)


def test_not_every_missing_range_is_named() -> None:
    wide = {"c": tuple(ip_network(f"3.0.{n}.0/24") for n in range(9))}
    (found,) = judge_ip_restrictions(ENFORCED, rules("3.0.0.0/24"), wide).findings
    assert "3.0.5.0/24 and 3 more." in found.evidence


NETWORKS = st.builds(
    lambda address, bits: ip_network(f"3.0.0.{address}/{bits}", strict=False),
    st.integers(0, 255),
    st.integers(26, 32),
)


@given(st.lists(NETWORKS, max_size=8), st.lists(NETWORKS, max_size=3), NETWORKS)
def test_a_range_is_allowed_where_each_of_its_addresses_is(
    allowed: list[object], denied: list[object], wanted: object
) -> None:
    listed = [rule("9.9.9.9"), *(rule(str(item)) for item in allowed)]
    listed += [rule(str(item), "deny") for item in denied]
    network = ip_network(str(wanted))
    judged = judge_ip_restrictions(ENFORCED, listed, {"c": (network,)})
    is_let_in = all(
        any(ip_address(int(address)) in ip_network(str(item)) for item in allowed)
        and not any(ip_address(int(address)) in ip_network(str(item)) for item in denied)
        for address in network
    )
    assert (not judged.findings) is is_let_in


JSON_VALUES = json_values(
    st.sampled_from(["type", "enforced", "ip_policies", "ip_policy", "id", "cidr", "action"]),
    st.sampled_from(["api", "ipp_1", "allow", "deny", "3.0.0.0/8", "::/0"]),
)
OBJECTS = JSON_VALUES.filter(lambda value: isinstance(value, dict))


@given(st.lists(OBJECTS, max_size=3), st.lists(OBJECTS, max_size=4))
def test_any_document_is_judged(
    restrictions: list[dict[str, object]], listed: list[dict[str, object]]
) -> None:
    judged = judge_ip_restrictions([*ENFORCED, *restrictions], listed, RANGES)
    assert {item.code for item in judged.findings} <= {"NGR705"}


@given(JSON_VALUES.map(json.dumps) | st.text(max_size=40))
def test_any_file_is_read_or_refused(content: str) -> None:
    try:
        cells = read_okta_ranges(content)
    except RangesError:
        return
    assert all(cells.values())
