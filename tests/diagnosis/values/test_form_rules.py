import pytest

from ngrok_scim_cli.form import (
    IMPORT_GROUPS,
    IMPORT_USERS,
    PUSH_GROUPS,
    PUSH_NEW_USERS,
    PUSH_PROFILE_UPDATES,
    Form,
)
from tests.support.cases import each_case
from tests.support.values import examine

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_6abcdefghijklmnopqrst"


def codes_and_evidence(form: Form) -> str:
    return " ".join(f"{item.code} {item.evidence}" for item in examine(form))


@each_case(
    ("identifier", "expected"),
    [
        ("email", ""),
        ("userName", "FRM301"),
        ("emails", "FRM301"),
        ("e-mail", "FRM301"),
        ("mail", "FRM301"),
        ("", "FRM301"),
        ("\u0435mail", "FRM301"),
        ('"email"', "FRM301"),
        ("Email", "FRM302"),
        ("EMAIL", "FRM302"),
        (" email", "FRM302"),
        ("email\n", "FRM302"),
        ("e mail", "FRM302"),
        ("email\u200b", "FRM302"),
    ],
)
def test_the_identifier_is_email_letter_for_letter(identifier: str, expected: str) -> None:
    found = examine(Form(authorization=KEY, unique_identifier=identifier))
    assert [item.code for item in found] == expected.split()


@each_case(
    ("mode", "words"),
    [
        ("Basic Auth", "It is “Basic·Auth”."),
        ("OAuth2", "It is “OAuth2”."),
        ("http header", 'It is “http·header”. Okta\'s form calls it "HTTP Header".'),
        ("HTTP Header ", 'It is “HTTP·Header·”. Okta\'s form calls it "HTTP Header".'),
        ("Bearer", "It is “Bearer”."),
        ("", "Nothing is chosen."),
    ],
)
def test_another_mode_is_reported(mode: str, words: str) -> None:
    assert codes_and_evidence(Form(authorization=KEY, auth_mode=mode)) == f"FRM303 {words}"


@each_case(
    ("actions", "expected"),
    [
        ((PUSH_NEW_USERS, PUSH_PROFILE_UPDATES), ""),
        ((PUSH_PROFILE_UPDATES, PUSH_NEW_USERS, PUSH_NEW_USERS), ""),
        ((PUSH_PROFILE_UPDATES,), "FRM304"),
        ((PUSH_NEW_USERS,), "FRM305"),
        ((), "FRM304 FRM305"),
        ((PUSH_NEW_USERS, PUSH_PROFILE_UPDATES, PUSH_GROUPS), "FRM306"),
        ((PUSH_NEW_USERS, PUSH_PROFILE_UPDATES, IMPORT_GROUPS), "FRM306"),
        ((PUSH_NEW_USERS, PUSH_PROFILE_UPDATES, IMPORT_USERS), "FRM307"),
        (("push new users", PUSH_PROFILE_UPDATES), "FRM308"),
        ((" Push New Users ", PUSH_PROFILE_UPDATES), "FRM308"),
        (("Push New Users, Push Profile Updates",), "FRM308"),
        (("Create Users", "Update User Attributes"), "FRM308"),
        (("Create", "Read", "Update", "Deactivate"), "FRM308"),
        (("Create users", "Update users", "Deactivate users"), "FRM308"),
        (("Push New Users/Push Profile Updates",), "FRM308"),
        (("Push New Users\tPush Profile Updates",), "FRM308"),
        (('["Push New Users","Push Profile Updates"]',), "FRM308"),
        (("- Push New Users\n- Push Profile Updates",), "FRM308"),
        (("[x] Push New Users\n[x] Push Profile Updates\n[ ] Push Groups",), "FRM308"),
        (("\u2611 Push New Users \u2610 Push Profile Updates",), "FRM308 FRM305"),
        (("All",), "FRM308 FRM304 FRM305"),
        (("Push New Users and Push Profile Updates",), "FRM308"),
        (("Push New Users & Profile Updates",), "FRM308"),
        (("Import New Users & Profile Updates",), "FRM308 FRM304 FRM305 FRM307"),
        (("push groups", PUSH_NEW_USERS, PUSH_PROFILE_UPDATES), "FRM308 FRM306"),
        (("Deactivate everything",), "FRM308 FRM304 FRM305"),
        ((PUSH_NEW_USERS, PUSH_PROFILE_UPDATES, ""), "FRM308"),
    ],
)
def test_the_actions_have_these_mistakes(actions: tuple[str, ...], expected: str) -> None:
    found = examine(Form(authorization=KEY, actions=actions))
    assert [item.code for item in found] == expected.split()


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        (("push new users",), '“push·new·users” (the nearest is "Push New Users")'),
        (("x",) * 7, "; and 2 more."),
        ((PUSH_NEW_USERS,), 'Only "Push New Users" is on.'),
        ((), "No action is on."),
        ((PUSH_GROUPS, IMPORT_GROUPS), '"Push Groups" and "Import Groups" are on.'),
    ],
)
def test_what_was_seen_of_the_actions_is_reported(actions: tuple[str, ...], words: str) -> None:
    assert words in codes_and_evidence(Form(authorization=KEY, actions=actions))


def test_a_look_alike_in_the_identifier_is_named() -> None:
    form = Form(authorization=KEY, unique_identifier="\u0435mail")
    assert "U+0435 CYRILLIC SMALL LETTER IE, which looks like “e”" in codes_and_evidence(form)


def test_a_key_in_the_wrong_field_is_not_shown() -> None:
    form = Form(authorization="", unique_identifier=KEY, auth_mode=KEY, actions=(KEY,))
    assert KEY[28:] not in codes_and_evidence(form)
