import pytest

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.connector import PLANS
from tests.doctor.harness import Harness, codes, made_of

FAIL, PASS, SKIP, WARN = (CheckStatus.FAIL, CheckStatus.PASS, CheckStatus.SKIP, CheckStatus.WARN)
UNKNOWN_KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"


def checks(harness: Harness, *faults: str, **form: str) -> dict[str, Check]:
    return made_of(PLANS, harness.evidence(*faults, values=harness.values(**form)))


def test_every_check_of_the_connector_is_made(harness: Harness) -> None:
    made = checks(harness)
    assert list(made) == [plan.code for plan in PLANS]
    assert {code for code, item in made.items() if item.status is not PASS} == {"tls"}
    assert made["tls"].reason.startswith("Plain http")
    assert made["list"].reason == "3 users"


@pytest.mark.parametrize(
    ("fault", "code", "found"),
    [
        ("key-refused", "key", ["KEY214"]),
        ("unauthorized", "key", ["SCM501", "SCM520"]),
        ("owner-read-only", "key", ["NGR704"]),
        ("empty-list", "list", ["USR601"]),
        ("server-error", "list", ["SCM506"]),
        ("lookup-fails", "look-up", ["SCM519"]),
        ("lookup-finds-two", "look-up", ["SCM519"]),
        ("drops-connection", "http", ["NET409"]),
    ],
)
def test_what_is_wrong_is_found_by_the_check_that_is_about_it(
    harness: Harness, fault: str, code: str, found: list[str]
) -> None:
    assert codes(checks(harness, fault)[code]) == found


def test_a_refused_key_leaves_the_list_out(harness: Harness) -> None:
    made = checks(harness, authorization=UNKNOWN_KEY)
    assert made["list"].reason == made["look-up"].reason == "The key was refused."


def test_a_wrong_clock_is_not_for_the_endpoint_to_say(harness: Harness) -> None:
    assert {
        code for item in checks(harness, "clock-ahead").values() for code in codes(item)
    } == set()


def test_a_finding_about_odd_characters_names_its_field(harness: Harness) -> None:
    made = checks(harness, authorization=f"{harness.sandbox.values.scim_key} ")
    assert codes(made["authorization"]) == ["KEY202"]
    assert made["key"].reason == "with the repaired key"
    assert made["look-up"].reason == "The values must be repaired first."


def test_the_ladder_stops_where_the_way_ends(harness: Harness) -> None:
    made = checks(harness, base_url="http://127.0.0.1:1/scim/v2/")
    assert [made[phase].status for phase in ("name", "tcp", "tls", "http")] == [
        PASS,
        FAIL,
        SKIP,
        SKIP,
    ]
    assert made["key"].reason == "There is no reply."


def test_a_key_that_was_withheld_is_reported_and_nothing_of_the_peer(harness: Harness) -> None:
    made = checks(harness, base_url="https://scim.example/scim/v2/")
    assert codes(made["name"]) == ["NET412"]
    assert {made[phase].reason for phase in ("name", "tcp", "tls", "http")} == {
        "The key was withheld."
    }
    assert not any(check.conclusive for check in made.values())


def test_values_that_may_not_be_sent_leave_the_network_out(harness: Harness) -> None:
    made = checks(harness, authorization="")
    assert codes(made["authorization"]) == ["KEY209"]
    assert made["name"].reason == "Nothing was sent."
    assert made["key"].reason == "There is no reply."


def test_a_reply_without_a_list_does_not_tell_of_the_key(harness: Harness) -> None:
    made = checks(harness, "web-page")
    assert made["key"].reason == "The reply does not show it."
    assert made["look-up"].reason == "The list cannot be used."


def test_an_empty_list_has_nobody_to_look_up(harness: Harness) -> None:
    made = checks(harness, "empty-list")
    assert made["look-up"].reason == "The list has no user to look up."
    assert made["list"].reason == "0 users"


def test_without_the_values_nothing_is_reported(harness: Harness) -> None:
    made = made_of(PLANS, harness.evidence(values=Unknown("The profile is broken.")))
    assert {(check.status, check.reason, check.conclusive) for check in made.values()} == {
        (SKIP, "The profile is broken.", False)
    }


def test_without_a_key_the_other_values_are_judged(harness: Harness) -> None:
    others = harness.values(base_url="http://api.ngrok.com/scim/v2/", authorization="")
    missing = Unknown("No SCIM API key was given.", advice="Give one.")
    made = made_of(PLANS, harness.evidence(values=missing, other_values=others))
    assert list(made) == [plan.code for plan in PLANS]
    assert codes(made["base_url"]) == ["URL106"]
    assert made["authorization"].reason == "No SCIM API key was given. Give one."
    assert made["name"].reason == "There is no key to send."
    assert not any(check.conclusive for check in made.values())


def test_one_user_is_counted_as_one() -> None:
    from ngrok_scim_cli.sandbox import open_sandbox

    with open_sandbox(users=1) as sandbox, Harness.of(sandbox) as alone:
        assert checks(alone)["list"].reason == "1 user"
