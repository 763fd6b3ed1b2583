import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.okta.app import judge_user_name_format
from ngrok_scim_cli.diagnosis.okta.records import OktaApp
from ngrok_scim_cli.diagnosis.people.records import AppUser
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from tests.support.cases import each_case


def app(template: str) -> OktaApp:
    return OktaApp("0oa1", "ngrok", "ACTIVE", "SAML_2_0", user_name_template=template)


def person(user_name: str, email: str) -> AppUser:
    return AppUser("00u1", user_name, email, "", "ACTIVE")


ADA = person("ada@corp.example", "Ada@Corp.example")
BOB = person("bob", "bob@corp.example")
NOBODY = person("", "")


@each_case(
    "template",
    [
        "${source.email}",
        "${user.email}",
        "${ source.email }",
        "${fn:toLowerCase(source.email)}",
        "${fn:toUpperCase(user.email)}",
        "user.email",
        "String.toLowerCase(user.email)",
        "String.toLowerCase(String.toLowerCase(source.email))",
    ],
)
def test_the_e_mail_address_is_right_however_it_is_written(template: str) -> None:
    judged = judge_user_name_format(app(template), [BOB])
    assert isinstance(judged, Judged)
    assert judged.findings == ()


@each_case(
    ("template", "label"),
    [
        ("${source.login}", "Okta username"),
        ("${user.login}", "Okta username"),
        ("${fn:toLowerCase(source.login)}", "Okta username"),
        ('${fn:substringBefore(source.login, "@")}', "Okta username prefix"),
        ('${fn:substringBefore(user.email, "@")}', "Email prefix"),
        ("${source.employeeID}", "AD Employee ID"),
        ("${source.samAccountName}", "AD SAM account name"),
        ("${fn:toLowerCase(source.samAccountName)}", "AD SAM account name"),
        ("${source.samAccountName}@${source.instance.namingContext}", "AD SAM account name + dom"),
        ("${source.userName}", "AD user principal name"),
        ('${fn:substringBefore(source.userName, "@")}', "AD user principal name prefix"),
        ("${source.userName}${instance.userSuffix}", "LDAP UID + custom suffix"),
        ("NONE", "(None)"),
    ],
)
def test_another_choice_is_named_by_its_label(template: str, label: str) -> None:
    (found,) = judge_user_name_format(app(template), [ADA]).findings
    assert found.code == "OKT906"
    assert f"“{label}" in found.evidence


EXPRESSION = 'user.isContractor ? user.secondEmail : user.login + "@corp.example"'


@pytest.mark.parametrize(
    ("people", "is_judged", "evidence"),
    [
        ([], False, ""),
        ([NOBODY, person("ada", ""), person("", "ada@corp.example")], False, ""),
        ([ADA, ADA], True, ""),
        ([ADA, BOB, NOBODY], True, "For 1 of 2 people"),
        ([BOB, ADA], True, "“bob” instead of “bob@corp.example”"),
    ],
)
def test_an_expression_of_the_orgs_own_is_judged_by_the_people(
    people: list[AppUser], is_judged: bool, evidence: str
) -> None:
    seen = judge_user_name_format(app(EXPRESSION), people)
    assert isinstance(seen, Judged) is is_judged
    assert [item.code for item in seen.findings] == (["OKT906"] if evidence else [])
    assert all(evidence in item.evidence for item in seen.findings)
    assert "user.isContractor" in seen.reason + "".join(item.evidence for item in seen.findings)


@pytest.mark.parametrize("template", ["", "  "])
def test_what_okta_does_not_tell_is_no_failure(template: str) -> None:
    judged = judge_user_name_format(app(template), [BOB])
    assert isinstance(judged, Unknown)
    assert judged.findings == ()
    assert "Okta does not report" in judged.reason


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_any_expression_is_judged(template: str, user_name: str, email: str) -> None:
    judged = judge_user_name_format(app(template), [person(user_name, email)])
    assert {item.code for item in judged.findings} <= {"OKT906"}


def test_a_deep_expression_ends() -> None:
    deep = "String.toLowerCase(" * 5000 + "user.email" + ")" * 5000
    assert isinstance(judge_user_name_format(app(deep)), Unknown)
