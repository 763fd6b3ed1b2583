import pytest

from ngrok_scim_cli.report.check_table import CheckRow, render_check_table, shortened_codes

ROWS = [
    CheckRow("profile", "Profile", "This machine", "", ("ENV008",)),
    CheckRow("key", "Key accepted", "SCIM endpoint", "the SCIM key", ("KEY214", "KEY215")),
    CheckRow(
        "user-domains",
        "Users are within the domains",
        "SCIM endpoint",
        "the SCIM key, a domain in the profile",
        ("USR606",),
    ),
]


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ((), ""),
        (("ENV008",), "ENV008"),
        (("ENV001", "ENV002"), "ENV001-002"),
        (("USR602", "SCM503", "USR601", "SCM504", "SCM506"), "SCM503-504, SCM506, USR601-602"),
        (("KEY216", "NGR217"), "KEY216, NGR217"),
    ],
)
def test_neighbours_are_drawn_together(codes: tuple[str, ...], shown: str) -> None:
    assert shortened_codes(codes) == shown


def test_only_codes_of_findings_can_be_drawn_together() -> None:
    with pytest.raises(ValueError, match="look-up is no finding code"):
        shortened_codes(["look-up"])


def test_checks_stand_under_their_categories_in_columns() -> None:
    assert render_check_table(ROWS) == (
        "Check               What it checks                       Needs                   Finds\n"
        "\n"
        "This machine\n"
        "profile             Profile                                                      ENV008\n"
        "\n"
        "SCIM endpoint\n"
        "key                 Key accepted                         the SCIM key            "
        "KEY214-215\n"
        "user-domains        Users are within the domains         the SCIM key, a domain  USR606\n"
        "                                                         in the profile\n"
    )


def test_a_check_is_an_object_of_json() -> None:
    assert ROWS[1].document() == {
        "code": "key",
        "name": "Key accepted",
        "category": "SCIM endpoint",
        "needs": "the SCIM key",
        "finds": ["KEY214", "KEY215"],
    }
