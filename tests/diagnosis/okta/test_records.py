import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.okta.records import (
    LogEvent,
    OktaApp,
    OktaPerson,
    read_app,
    read_event,
    read_okta_person,
)
from tests.support.cases import each_case
from tests.support.json_values import json_values

ADA = {"type": "User", "id": "00u1", "alternateId": "ada@corp.example", "displayName": "Ada"}
HER_ASSIGNMENT = {"type": "AppUser", "id": "0ua1", "alternateId": "ada", "displayName": "Ada"}
THE_APP = {"type": "AppInstance", "id": "0oa1", "alternateId": "ngrok", "displayName": "ngrok"}


@each_case(
    ("target", "person"),
    [
        # By type, never by place; the user before the assignment.
        ([THE_APP, HER_ASSIGNMENT, ADA], ("00u1", "ada@corp.example")),
        ([ADA, HER_ASSIGNMENT, THE_APP], ("00u1", "ada@corp.example")),
        ([THE_APP, HER_ASSIGNMENT], ("0ua1", "ada")),
        ([THE_APP], ("", "")),
        ([], ("", "")),
        (None, ("", "")),
        ("User", ("", "")),
        ([None, "User", {"type": "User", "id": 7, "alternateId": None}], ("", "")),
    ],
)
def test_an_event_is_about_the_person_among_its_targets(
    target: object, person: tuple[str, str]
) -> None:
    event = read_event({"target": target})
    assert (event.user_id, event.user_name) == person


def test_an_event_is_read() -> None:
    """As the forum shows one: the reason is null."""
    assert read_event(
        {
            "published": "2026-11-02T09:15:04.120Z",
            "displayMessage": "Sync user in external application",
            "eventType": "application.provision.user.sync",
            "outcome": {"result": "FAILURE", "reason": None},
            "target": [HER_ASSIGNMENT],
        }
    ) == LogEvent(
        "2026-11-02T09:15:04.120Z",
        "application.provision.user.sync",
        "FAILURE",
        "",
        "Sync user in external application",
        "0ua1",
        "ada",
    )


@pytest.mark.parametrize(
    ("document", "app"),
    [
        ({}, OktaApp("", "", "", "")),
        (
            {
                "id": "0oa1",
                "label": "ngrok",
                "status": "ACTIVE",
                "signOnMode": "SAML_2_0",
                "features": ["SCIM_PROVISIONING"],
                "credentials": {"userNameTemplate": {"template": "${source.email}"}},
            },
            OktaApp(
                "0oa1",
                "ngrok",
                "ACTIVE",
                "SAML_2_0",
                frozenset({"SCIM_PROVISIONING"}),
                "${source.email}",
            ),
        ),
        ({"features": "SCIM", "credentials": []}, OktaApp("", "", "", "")),
        ({"features": [7, None]}, OktaApp("", "", "", "", frozenset({""}))),
    ],
)
def test_an_app_is_read(document: dict[str, object], app: OktaApp) -> None:
    assert read_app(document) == app


FIELDS = ["id", "label", "features", "credentials", "target", "outcome", "published", "eventType"]


@given(st.dictionaries(st.sampled_from(FIELDS), json_values()))
def test_any_document_is_read(document: dict[str, object]) -> None:
    assert isinstance(read_app(document).label, str)
    assert isinstance(read_event(document).user_name, str)


def test_a_person_of_the_directory_is_read() -> None:
    document: dict[str, object] = {
        "id": "00u1",
        "status": "DEPROVISIONED",
        "statusChanged": "2026-01-02T03:04:05.000Z",
        "profile": {"login": "ada", "email": "ada@corp.example", "firstName": "Ada"},
    }
    person = read_okta_person(document)
    assert person == OktaPerson(
        "00u1", "ada", "ada@corp.example", "DEPROVISIONED", "2026-01-02T03:04:05.000Z"
    )
    assert person.is_deactivated


def test_what_is_left_out_or_of_another_type_is_empty() -> None:
    assert read_okta_person({"id": 7, "status": None, "profile": []}) == OktaPerson("", "", "", "")
    assert not read_okta_person({}).is_deactivated
