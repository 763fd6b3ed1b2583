import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.okta.org import judge_org_url
from tests.support.cases import each_case

OWN_DOMAIN = "login.corp.example"


def only(url: str, *allowed: str) -> Finding:
    (found,) = judge_org_url(url, allowed)
    assert found.code == "OKT901"
    return found


@each_case(
    "url",
    [
        "https://corp.okta.com",
        "https://corp.okta.com/",
        "https://corp.okta.com:443",
        "HTTPS://Corp.OKTA.com",
        "https://dev-123456.oktapreview.com",
        "https://corp.okta-emea.com",
        "https://corp.okta-gov.com",
        "https://corp.okta.mil",
        "http://127.0.0.1:8123",
        "http://localhost:8123/",
        "https://localhost:8123",
        "http://[::1]:8123",
        f"https://{OWN_DOMAIN}",
        f"https://{OWN_DOMAIN}:8443",
    ],
)
def test_the_address_of_an_org_is_right(url: str) -> None:
    assert judge_org_url(url, {OWN_DOMAIN}) == ()


@each_case(
    ("url", "seen", "right"),
    [
        ("https://corp-admin.okta.com", "the admin console", "https://corp.okta.com"),
        (
            "https://corp-admin.okta.com/admin/apps/active",
            "“/admin/apps/active”",
            "https://corp.okta.com",
        ),
        (
            "https://corp-admin.oktapreview.com/",
            "the admin console",
            "https://corp.oktapreview.com",
        ),
        ("http://corp.okta.com", "https://", "https://corp.okta.com"),
        ("corp.okta.com", "https://", "https://corp.okta.com"),
        ("ftp://corp.okta.com", "https://", "https://corp.okta.com"),
        ("https:///corp.okta.com", "https://", "https://corp.okta.com"),
        ("https:\\\\corp.okta.com", "https://", "https://corp.okta.com"),
        ("https:/corp.okta.com/app/UserHome", "“/app/UserHome”", "https://corp.okta.com"),
        ("https://corp.okta.com/api/v1", "“/api/v1”", "https://corp.okta.com"),
        ("https://corp.okta.com?x=1", "begins with “?”", "https://corp.okta.com"),
        ("https://corp.okta.com/#/tokens", "begins with “#”", "https://corp.okta.com"),
        ("https://ada:pw@corp.okta.com", "an @", "https://corp.okta.com"),
        ("https://ada@corp.okta.com", "an @", "https://corp.okta.com"),
        ("https://corp.okta.com:8443", "the port “8443”", "https://corp.okta.com"),
        ("https://corp .okta.com", "U+0020 SPACE (character 13)", "https://corp.okta.com"),
        ("https://corp.okta.\u200bcom", "U+200B", "https://corp.okta.com"),
        ('"https://corp.okta.com"', "quotation marks", "https://corp.okta.com"),
        ("<https://corp.okta.com>", "brackets", "https://corp.okta.com"),
        ("https://corp.okta.con", "“corp.okta.con”", "https://corp.okta.com"),
        ("https://corp.otka.com", "“corp.otka.com”", "https://corp.okta.com"),
        ("https://corp.oktapreveiw.con", "oktapreveiw", "https://corp.oktapreview.com"),
        ("https://corp.okta-ema.com", "okta-ema", "https://corp.okta-emea.com"),
        ("https://corp.\u043ekta.com", "“corp.\u043ekta.com”", "https://corp.okta.com"),
        ("https://corp.okta.com.", "“corp.okta.com.”", "https://corp.okta.com"),
        ("127.0.0.1:8123", "https://", "http://127.0.0.1:8123"),
        ("https://127.0.0.1:8123/x", "“/x”", "https://127.0.0.1:8123"),
        ("ftp://localhost:8123", "https://", "http://localhost:8123"),
        (f"http://{OWN_DOMAIN}:8443/", "https://", f"https://{OWN_DOMAIN}:8443"),
    ],
)
def test_what_is_wrong_is_named_and_so_is_the_right_address(
    url: str, seen: str, right: str
) -> None:
    found = only(url, OWN_DOMAIN)
    assert seen in found.evidence
    assert f" to {right}, " in found.fix
    assert judge_org_url(right, {OWN_DOMAIN}) == ()


@each_case(
    ("url", "seen"),
    [
        ("", "It is empty."),
        ("https://", "names no host"),
        ("https://:8443", "names no host"),
        ("https://okta.com", "Okta's own site"),
        ("https://www.okta.com/login", "Okta's own site"),
        ("https://developer.okta.com", "Okta's own site"),
        ("corp", "does not look like an Okta address"),
        ("https://-admin.okta.com", "the admin console"),
    ],
)
def test_an_unclear_org_url_says_where_to_find_the_right_one(url: str, seen: str) -> None:
    found = only(url)
    assert seen in found.evidence
    assert "sign-in page" in found.fix


@pytest.mark.parametrize(
    "url",
    [
        f"https://{OWN_DOMAIN}",
        "https://corp.data.com",
        "https://evil.com/corp.okta.com",
        "https://corp.okta.com.evil.example",
        "https://notokta.com",
    ],
)
def test_a_host_that_is_not_oktas_by_its_name_must_be_allowed(url: str) -> None:
    found = only(url)
    assert "does not look like an Okta address" in found.evidence
    assert "--allow-host" in found.fix


def test_several_mistakes_are_one_finding() -> None:
    found = only("'http://corp-admin.okta.com/admin'")
    for seen in ("quotation marks", "https://", "“/admin”", "the admin console"):
        assert seen in found.evidence


def test_user_info_is_not_repeated() -> None:
    assert "hunter2" not in str(only("https://ada:hunter2@corp.okta.com"))


@given(st.text(max_size=80))
def test_any_text_is_judged(url: str) -> None:
    assert {item.code for item in judge_org_url(url)} <= {"OKT901"}


@given(st.from_regex(r"[a-z][a-z0-9-]{0,20}[a-z0-9]", fullmatch=True))
def test_every_org_has_a_right_address(name: str) -> None:
    found = judge_org_url(f"https://{name}.okta.com")
    is_right = not name.endswith("-admin") and name not in {
        "www", "login", "developer", "support", "help", "status", "trust", "docs",
    }  # fmt: skip
    assert (not found) is is_right
