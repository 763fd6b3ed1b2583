"""`ngrok-scim preview` at the command line."""

import json

import pytest

from tests.support.command_line import CommandLine


@pytest.mark.parametrize(
    ("faults", "status", "counts"),
    [
        ((), 0, (0, 0, 0, 0)),
        (("okta-assigned-early=25",), 0, (0, 25, 0, 0)),
        (("okta-unknown=2",), 0, (0, 0, 0, 2)),
        (("okta-gone-in-ngrok=2",), 1, (0, 0, 2, 0)),
        (("list-capped=2",), 3, (0, None, 0, 0)),
    ],
)
def test_what_would_be_done_is_counted(
    ngrok_scim: CommandLine,
    faults: tuple[str, ...],
    status: int,
    counts: tuple[int | None, ...],
) -> None:
    words = [word for fault in faults for word in ("--fault", fault)]
    ran = ngrok_scim("preview", "--sandbox", *words, "--format", "json")
    seen = json.loads(ran.out)["preview"]
    assert ran.status == status
    assert (seen["link"], seen["create"], seen["conflict"], seen["unmanaged"]) == counts


def test_strict_takes_an_unmanaged_user_for_a_failure(ngrok_scim: CommandLine) -> None:
    assert ngrok_scim("preview", "--sandbox", "--fault", "okta-unknown", "--strict").status == 1


@pytest.mark.parametrize("format_", ["text", "markdown"])
def test_a_person_reads_the_first_twenty_of_each_kind(
    ngrok_scim: CommandLine, format_: str
) -> None:
    ran = ngrok_scim(
        "preview", "--sandbox", "--fault", "okta-assigned-early=25", "--format", format_
    )
    assert ran.status == 0
    assert ran.out.count(".ekstrom@corp.example") == 20
    for text in ("Created (25)", "The first 20", "ERR_NGROK_4414", "50 requests", "25 seconds"):
        assert text in ran.out.replace("\n", " ")


def test_without_okta_it_says_what_is_missing(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    ran = ngrok_scim("preview", environment=values)
    assert (ran.status, "There is no Okta org" in " ".join(ran.out.split())) == (3, True)
