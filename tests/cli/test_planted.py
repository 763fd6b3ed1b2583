"""The audit of 100,000 people on both sides, of whom 37 are in trouble."""

import json
import re

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.people import newcomers
from tests.support.command_line import CommandLine
from tests.support.environment import environment_of

# By fault: the family, how many of it, and the findings that name each of them.
FAMILIES = {
    "okta-assigned-early": ("Ekström", 3, ["OKT908"]),
    "okta-not-linked": ("Goodwin", 2, ["OKT908"]),
    "okta-push-waiting": ("Farrow", 3, ["OKT908"]),
    "okta-gone-in-ngrok": ("Holloway", 3, ["OKT909"]),
    "okta-made-again-in-ngrok": ("Isaksson", 2, ["OKT909"]),
    "okta-unknown": ("Jankowski", 5, ["OKT910"]),
    "okta-leaver-active": ("Kimura", 3, ["OKT911"]),
    "okta-unassigned-active": ("Lockhart", 2, ["OKT911"]),
    "okta-locked-out": ("Marchetti", 3, ["OKT917"]),
    "okta-address-differs": ("Oakley", 4, ["OKT914"]),
    "okta-update-refused": ("Prescott", 2, ["OKT912"]),
}
SINGLE = {
    "user-name-no-email": (["gpetrov"], ["USR603", "OKT914"]),
    "user-name-with-space": (["hana.brandt@corp.example·"], ["USR604", "OKT914"]),
    "no-display-name": (["wei.drummond@corp.example"], ["USR608"]),
    "deactivated-users": (
        ["oscar.calloway@corp.example", "vera.calloway@corp.example"],
        ["USR607"],
    ),
}
PLANTED = SINGLE | {
    fault: ([person.user_name for person in newcomers(family, count)], codes)
    for fault, (family, count, codes) in FAMILIES.items()
}
FAULTS = (*SINGLE, *(f"{fault}={count}" for fault, (_, count, _) in FAMILIES.items()))

NAME = re.compile(r"(?<![\w.])(?:[\w.]+@corp\.example·?|gpetrov)")


def test_thirty_seven_people_have_planted_faults() -> None:
    assert sum(len(names) for names, _ in PLANTED.values()) == 37


@pytest.mark.parametrize("people", [1_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_every_planted_person_is_reported_and_nobody_else(
    ngrok_scim: CommandLine, people: int
) -> None:
    with open_sandbox(users=people, faults=FAULTS) as sandbox:
        environment = environment_of(sandbox, "scim", "okta")
        ran = ngrok_scim("users", "audit", "--quiet", "--format=json", environment=environment)
    document = json.loads(ran.out)
    reported = sorted(
        (name, item["code"])
        for item in document["findings"]
        for name in NAME.findall(item["evidence"])
        if not name.startswith("new.")  # the address in Okta of whom ngrok has by another
    )
    planted = [
        (name, code) for names, codes in PLANTED.values() for name in names for code in codes
    ]
    assert reported == sorted(planted)
    assert document["users"]["total"] > people
