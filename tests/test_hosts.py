import pytest

from ngrok_scim_cli.hosts import (
    OKTA_DOMAINS,
    HostKind,
    Trust,
    decoded_label,
    host_as_read,
    is_loopback,
    is_okta_host,
    kind_of_host,
    known_as,
    why_withheld,
)
from tests.support.cases import each_case

IMITATION = "xn--" + "\u0430pi".encode("punycode").decode()


@each_case(
    ("host", "kind"),
    [
        ("api.ngrok.com", HostKind.NGROK),
        ("API.ngrok.com", HostKind.NGROK),
        ("dashboard.ngrok.com", HostKind.ANOTHER_OF_NGROK),
        ("ngrok.com", HostKind.ANOTHER_OF_NGROK),
        ("www.ngrok.com", HostKind.ANOTHER_OF_NGROK),
        ("api.ngrok.io", HostKind.ANOTHER_OF_NGROK),
        ("app.ngrok.app", HostKind.ANOTHER_OF_NGROK),
        ("x.ngrok-free.app", HostKind.ANOTHER_OF_NGROK),
        ("ngrok.dev.", HostKind.ANOTHER_OF_NGROK),
        ("api.ngrok.com.", HostKind.TYPO),
        ("api.ngrok.con", HostKind.TYPO),
        ("api.ngork.com", HostKind.TYPO),
        ("api-ngrok.com", HostKind.TYPO),
        ("api.ngrok", HostKind.TYPO),
        ("api.ngrok.net", HostKind.TYPO),
        ("dashbord.ngrok.co", HostKind.TYPO),
        ("ngork.com", HostKind.TYPO),
        ("api.ngrok.com.evil.com", HostKind.TYPO),
        ("api.ngrok.comscim", HostKind.TYPO),
        ("localhost", HostKind.LOOPBACK),
        ("127.8.9.255", HostKind.LOOPBACK),
        ("[::1]", HostKind.LOOPBACK),
        ("scim.corp.com", HostKind.ALLOWED),
        ("SCIM.corp.com", HostKind.ALLOWED),
        ("127.0.0.256", HostKind.OTHER),
        ("localhost.evil.com", HostKind.OTHER),
        ("ngrok.corp.example", HostKind.OTHER),
        ("example.com", HostKind.OTHER),
        ("apx.nyrek.com", HostKind.OTHER),
        ("ngrk.co", HostKind.OTHER),
        ("", HostKind.OTHER),
    ],
)
def test_a_host_is_classified_by_whose_it_is(host: str, kind: HostKind) -> None:
    assert kind_of_host(host, Trust(frozenset({"Scim.Corp.com"}))) is kind


def test_an_allowed_host_is_no_slip() -> None:
    assert kind_of_host("api.ngrok.con", Trust(frozenset({"api.ngrok.con"}))) is HostKind.ALLOWED


@each_case(
    "host",
    ["LOCALHOST", "127.0.0.1", "127.255.255.254", "::1", "[::1]", "0:0:0:0:0:0:0:1"],
)
def test_this_machine_is_known(host: str) -> None:
    assert is_loopback(host)


@each_case(
    "host",
    [
        *("0.0.0.1", "126.255.255.255", "128.0.0.1", "127.1", "0x7f.1", "127.0.0.01"),
        "127.0.0.256",
        *("::2", "::ffff:7f00:1", "::ffff:127.0.0.1", "::1%eth0", "[127.0.0.1", "", "localhost."),
        *("[::1x", "x::1]"),
    ],
)  # fmt: skip
def test_another_spelling_is_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


def withheld(scheme: str, host: str) -> str:
    return why_withheld(
        scheme,
        host,
        has_user_info=False,
        known_hosts=["api.ngrok.com"],
        allowed_hosts=["scim.corp.com"],
    )


@pytest.mark.parametrize(
    ("scheme", "host"),
    [("https", "api.ngrok.com"), ("https", "scim.corp.com"), ("http", "127.0.0.1")],
)
def test_nothing_is_said_of_a_host_that_may_get_the_key(scheme: str, host: str) -> None:
    assert withheld(scheme, host) == ""


def test_a_host_is_named_up_to_the_length_that_one_can_have() -> None:
    assert f" {'x' * 253}:" in withheld("https", "x" * 254)


def test_a_host_in_disguise_is_read_as_people_do() -> None:
    assert host_as_read(f"{IMITATION}.ngrok.com") == "api.ngrok.com"
    assert host_as_read("api.ngr\u00f6k.com") == "api.ngrok.com"


@pytest.mark.parametrize("label", ["api", "xn--\u00e9", "xn--" + "a" * 60, "xn--!!!"])
def test_a_label_that_is_no_punycode_stays(label: str) -> None:
    assert decoded_label(label) == label


def test_the_longest_label_is_decoded() -> None:
    assert decoded_label("xn--" + "a" * 59) != "xn--" + "a" * 59


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("dashboard.ngrok.com", "ngrok's dashboard"),
        ("WWW.ngrok.com.", "ngrok's website"),
        ("tunnel.ngrok.com", "another service of ngrok's"),
        ("foo.ngrok.app", "where ngrok's customers publish their own services"),
    ],
)
def test_what_is_at_another_host_is_reported(host: str, words: str) -> None:
    assert known_as(host) == words


OKTA_HOSTS = [
    *(f"corp.{domain}" for domain in OKTA_DOMAINS),
    "Corp.OKTA.com",
    "corp-admin.okta.com",
    "a.b.okta.com",
]
OTHER_HOSTS = [
    *OKTA_DOMAINS,
    "",
    "corp",
    ".okta.com",
    "corp.okta.com.",
    "corp.okta.com.evil.example",
    "corpokta.com",
    "corp..okta.com",
    "evil.example/.okta.com",
    "evil.example\n.okta.com",
    "localhost",
    "corp.okta.com:443",
    "corp.okta.con",
    "corp.oktaxcom",
    "corp/.okta.com",
    "c\u043erp.okta.com",
    "corp.okta.com\n",
    "127.0.0.1",
]


@each_case("host", OKTA_HOSTS)
def test_an_org_is_known_by_its_host(host: str) -> None:
    assert is_okta_host(host)


@each_case("host", OTHER_HOSTS)
def test_another_host_is_no_orgs(host: str) -> None:
    assert not is_okta_host(host)
