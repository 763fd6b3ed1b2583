import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import has_errors
from ngrok_scim_cli.diagnosis.ngrok.domains import (
    bare_proof,
    is_only_mistyped,
    judge_approval,
    judge_dns,
    read_domain,
    split_domains,
)
from tests.support.cases import each_case

TOO_LONG = "a" * 64 + ".de"
PLAIN = set(string.ascii_lowercase + string.digits + "-.")
NAME = "corp.example"


def is_suffix(name: str) -> bool:
    return "." not in name or name == "co.uk"


def codes(typed: str) -> list[str]:
    return [item.code for item in read_domain(typed, is_suffix)[1]]


@each_case(
    ("typed", "name", "found"),
    [
        ("corp.example", "corp.example", []),
        ("Corp.EXAMPLE", "corp.example", []),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", []),
        ("jane@corp.example", "corp.example", ["DOM805"]),
        ("Jane Doe <jane@corp.example>", "corp.example", ["DOM805"]),
        ("mailto:jane@corp.example?subject=Hi", "corp.example", ["DOM805"]),
        ("@corp.example", "corp.example", ["DOM805"]),
        ("jane\uff20corp.example", "corp.example", ["DOM805"]),
        ("https://corp.example/a?b#c", "corp.example", ["DOM805"]),
        ("https://corp.example/@jane", "corp.example", ["DOM805"]),
        ("https://user:secret@www.corp.example:8443/", "corp.example", ["DOM805"]),
        ("https:\\\\corp.example", "corp.example", ["DOM805"]),
        ("corp.example/login", "corp.example", ["DOM805"]),
        ("corp.example:443", "corp.example", ["DOM805"]),
        ("www.corp.example", "corp.example", ["DOM805"]),
        ("www.www.corp.example", "corp.example", ["DOM805"]),
        ("www.com", "www.com", []),
        ("*.corp.example", "corp.example", ["DOM805"]),
        ("https://[::1", "", ["DOM805"]),
        ("@", "", ["DOM805"]),
        (" corp.example", "corp.example", ["DOM804"]),
        ("corp.example\n", "corp.example", ["DOM804"]),
        ("corp. example", "corp.example", ["DOM804"]),
        ("corp\u200b.example", "corp.example", ["DOM804"]),
        ("corp.example.", "corp.example", ["DOM804"]),
        ("\u201ccorp.example\u201d", "corp.example", ["DOM804"]),
        ("corp\u3002example", "corp.example", ["DOM804"]),
        ("b\u00fccher.example", "xn--bcher-kva.example", ["DOM804"]),
        ("stra\u00dfe.example", "xn--strae-oqa.example", ["DOM804"]),
        ("\u0441orp.example", "", ["DOM804"]),
        ("\u0441\u043er\u0440.example", "", ["DOM804"]),
        ("\u043f\u043e\u0447\u0442\u0430.example", "xn--80a1acny.example", ["DOM804"]),
        ("domain: corp.example", "corp.example", ["DOM804"]),
        ("E-mail domain:\tcorp.example", "corp.example", ["DOM804"]),
        ("localhost:\t443", "", ["DOM804"]),
        ("\u212aelvin.example", "kelvin.example", ["DOM804"]),
        ("corp_inc.example", "", ["DOM804"]),
        ("-corp.example", "", ["DOM804"]),
        ("corp..example", "", ["DOM804"]),
        ("192.0.2.1", "", ["DOM804"]),
        ("a" * 64 + ".example", "", ["DOM804"]),
        (".".join(["a" * 60] * 5), "", ["DOM804"]),
        ("a" * 100_000, "", ["DOM804"]),
        ("\u2764\ufe0f\u200d.example", "", ["DOM804"]),
        ("\ud800", "", ["DOM804"]),
        ("", "", ["DOM804"]),
        ("gmail.com", "gmail.com", ["DOM803"]),
        ("Yahoo.co.uk", "yahoo.co.uk", ["DOM803"]),
        ("hotmail.corp.example.com", "hotmail.corp.example.com", []),
        ("jane@gmail.com", "gmail.com", ["DOM805", "DOM803"]),
        ("co.uk", "co.uk", ["DOM806"]),
        ("corp", "corp", ["DOM806"]),
        ("corp.local", "corp.local", ["DOM806"]),
        ("ad.corp.internal", "ad.corp.internal", ["DOM806"]),
        ("jane@corp.lan", "corp.lan", ["DOM805", "DOM806"]),
        ("local.example", "local.example", []),
        ("\u2022 corp.example", "corp.example", ["DOM804"]),
        ("domain = corp.example", "corp.example", ["DOM804"]),
        ("corp[.]example", "corp.example", ["DOM804"]),
        ("corp (dot) example", "corp.example", ["DOM804"]),
        ("corp.co .uk", "corp.co.uk", ["DOM804"]),
        ("corp.example MX 10", "corp.example", ["DOM804"]),
        ("corp.example (and subdomains)", "corp.example", ["DOM804"]),
        ("jane at corp dot example", "", ["DOM804"]),
        ("http//corp.example", "corp.example", ["DOM805"]),
        ("CORP\\jane", "", ["DOM805"]),
        ("corp.okta.com", "", ["DOM805"]),
        ("corp.onmicrosoft.com", "corp.onmicrosoft.com", ["DOM803"]),
        ("outlook.co.nz", "outlook.co.nz", ["DOM803"]),
        ("live.com.mx", "live.com.mx", ["DOM803"]),
    ],
)
def test_what_was_typed_is_taken_apart(typed: str, name: str, found: list[str]) -> None:
    assert (read_domain(typed, is_suffix)[0], codes(typed)) == (name, found)


@given(st.text() | st.text("aZ.-@:/* \u00fc\u200bxn\u3002%", max_size=30))
def test_any_text_is_read_and_what_was_meant_is_meant_again(typed: str) -> None:
    domain, findings = read_domain(typed, is_suffix)
    again, _ = read_domain(domain, is_suffix)
    assert set(domain) <= PLAIN
    assert again == domain
    assert has_errors(findings) or domain
    assert all("{" not in item.title + item.fix for item in findings if "{" not in typed)


@given(st.text(max_size=50))
def test_a_list_is_taken_apart_without_losing_anything(text: str) -> None:
    parts = split_domains(text)
    assert parts
    assert all(part in text for part in parts)


@each_case(
    ("text", "parts"),
    [
        ("a.example,b.example", ("a.example", "b.example")),
        (" a.example ;\n b.example ", ("a.example", "b.example")),
        ("jane@a.example b.example", ("jane@a.example", "b.example")),
        ("a.example and b.example", ("a.example", "b.example")),
        ("a.example | b.example & c.example", ("a.example", "b.example", "c.example")),
        ("or.example,and-so-on.example", ("or.example", "and-so-on.example")),
        ("corp. example", ("corp. example",)),
        ("Jane <j@a.example>; Joe Doe <d@b.example>", ("<j@a.example>", "<d@b.example>")),
        ("a.example\u3001b.example", ("a.example", "b.example")),
        ("a.example / b.example", ("a.example", "b.example")),
        ("- a.example\n- b.example", ("a.example", "b.example")),
        ("1. a.example\n2) b.example", ("a.example", "b.example")),
        ("a.example, b_b.example, c.example", ("a.example, b_b.example, c.example",)),
        (" a.example ", (" a.example ",)),
        ("", ("",)),
    ],
)
def test_only_whole_domains_make_a_list(text: str, parts: tuple[str, ...]) -> None:
    assert split_domains(text) == parts


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("jane@corp.example", "Type only `corp.example`."),
        (
            "@",
            "Type the part after the @ of your users' e-mail addresses, such as example.com.",
        ),
        (
            "https://corp.okta.com",
            "Type the part after the @ of your users' e-mail addresses, such as example.com.",
        ),
        (" corp.example", "Type only `corp.example`."),
        (
            "corp example",
            "Type the part after the @ of your users' e-mail addresses, such as example.com.",
        ),
        (
            "corp_inc.example",
            "Type the part after the @ of your users' e-mail addresses, such as example.com.",
        ),
    ],
)
def test_the_fix_names_the_domain_that_was_meant(typed: str, fix: str) -> None:
    assert read_domain(typed, is_suffix)[1][0].fix == fix


@each_case(
    ("typed", "seen"),
    [
        ("", "Nothing was typed."),
        (" ", "Nothing was typed."),
        ("corp. example", "“corp.·example” contains U+0020 SPACE (character 6)."),
        ("corp\u200b.de", "“corp⟨U+200B⟩.de” contains U+200B ZERO WIDTH SPACE (character 5)."),
        (
            "ca\u00f0.de",
            "“ca\u00f0.de” contains U+00F0 LATIN SMALL LETTER ETH, which the DNS does not know.",
        ),
        (
            "\u0441orp.de",
            "“\u0441orp.de” contains U+0441 CYRILLIC SMALL LETTER ES, which looks like “c”.",
        ),
        ("Corp_inc.de", "“Corp_inc.de” contains U+005F LOW LINE."),
        ("corp.de.", "“corp.de.” begins or ends with a dot, or has two dots in a row."),
        ("-corp.de", "“-corp.de” has a part that begins or ends with a hyphen."),
        ("192.0.2.1", "“192.0.2.1” ends with a number, as an IP address does."),
        (
            TOO_LONG,
            f"“{TOO_LONG}” is too long: a domain has at most 253 characters, 63 between two dots.",
        ),
        ("jane@corp.de", "“jane@corp.de” is an e-mail address."),
        ("http://corp.de", "“http://corp.de” is a URL."),
        ("http://me:secret@corp.de/a@b", "“http://…@corp.de/a@b” is a URL."),
        ("http://me:an@secret@corp.de", "“http://…@corp.de” is a URL."),
        ("corp.de/x", "“corp.de/x” is a URL."),
        ("corp.de:25", "“corp.de:25” is the address of a server."),
        ("www.corp.de", "“www.corp.de” is the address of a website."),
        ("*.corp.de", "“*.corp.de” is a wildcard."),
        ("co.uk", "Other people register domains under co.uk."),
        ("corp", "corp has no dot, so a part of the domain is missing."),
    ],
)
def test_the_evidence_names_the_typed_domain(typed: str, seen: str) -> None:
    assert read_domain(typed, is_suffix)[1][0].evidence == seen


@pytest.mark.parametrize(
    ("typed", "usable", "only_mistyped"),
    [
        ("corp.example", True, True),
        ("jane@corp.example", False, True),
        ("jane@gmail.com", False, False),
        ("gmail.com", False, False),
        ("", False, False),
    ],
)
def test_what_can_be_submitted(typed: str, usable: bool, only_mistyped: bool) -> None:
    domain, findings = read_domain(typed, is_suffix)
    assert has_errors(findings) is not usable
    assert is_only_mistyped(domain, findings) is only_mistyped


@pytest.mark.parametrize(
    ("submitted", "approved", "found"),
    [
        (False, False, ["DOM801"]),
        (True, False, ["DOM802"]),
        (True, True, []),
        (False, True, []),
    ],
)
def test_the_record_of_a_domain_gives_its_findings(
    submitted: bool, approved: bool, found: list[str]
) -> None:
    findings = judge_approval(NAME, submitted, approved)
    assert [item.code for item in findings] == found
    assert all(NAME in item.evidence and NAME in item.fix for item in findings)


@each_case(
    ("dns", "found", "seen"),
    [
        ({}, [], ""),
        (
            {"exists": False, "proof": "p"},
            ["DOM806"],
            "The DNS replies that there is no corp.example (NXDOMAIN).",
        ),
        (
            {"exists": True, "mail_servers": ()},
            ["DOM807"],
            "corp.example has no MX record.",
        ),
        (
            {"exists": True, "mail_servers": (".",)},
            ["DOM807"],
            "The MX record of corp.example says that it accepts no mail.",
        ),
        ({"exists": True, "mail_servers": ("mx.corp.example",)}, [], ""),
        (
            {"exists": True, "texts": (), "proof": "p"},
            ["DOM808"],
            "corp.example has no TXT record “p”.",
        ),
        (
            {"exists": True, "texts": ("q",), "proof": "p"},
            ["DOM808"],
            "corp.example has 1 TXT record, but not “p”.",
        ),
        (
            {"exists": True, "texts": ("q", "P"), "proof": "p"},
            ["DOM808"],
            "corp.example has 2 TXT records, but not “p”.",
        ),
        ({"exists": True, "texts": ("q", "p"), "proof": "p"}, [], ""),
        ({"exists": True, "texts": ("q",)}, [], ""),
        ({"exists": True, "proof": "p"}, [], ""),
    ],
)
def test_the_dns_records_of_a_domain_give_its_findings(
    dns: dict[str, Any], found: list[str], seen: str
) -> None:
    findings = judge_dns(NAME, **dns)
    assert [item.code for item in findings] == found
    assert "".join(item.evidence for item in findings) == seen


@pytest.mark.parametrize("pasted", ["ngrok=1", ' "ngrok=1"\n', "\u201cngrok=1\u201d"])
def test_a_proof_is_taken_without_its_quotation_marks(pasted: str) -> None:
    assert bare_proof(pasted) == "ngrok=1"
