import pytest

from ngrok_scim_cli.report.masking import masked, without_addresses
from tests.support.cases import each_case


@each_case(
    ("text", "shown"),
    [
        ("alice@corp.com", "a***@corp.com"),
        ("ALICE@CORP.COM", "A***@CORP.COM"),
        ("to <o'brien+x@corp.com>, bob@corp.com.", "to <o***@corp.com>, b***@corp.com."),
        ('"john doe"@corp.com', "j***@corp.com"),
        (r'{"userName":"\"john doe\"@corp.com"}', '{"userName":"j***@corp.com"}'),
        ("ülrike@münchen.example", "ü***@münchen.example"),
        ("jose\u0301@corp.com", "j***@corp.com"),
        ("a\u200blice@corp.com", "a***@corp.com"),
        ("😀x@corp.com", "***@corp.com"),
        ("ada@[192.0.2.1]", "a***@[192.0.2.1]"),
        (r"alice\u0040corp.com", "a***@corp.com"),
        ("alice&#64;corp.com", "a***@corp.com"),
        ("alice\N{FULLWIDTH COMMERCIAL AT}corp.com", "a***@corp.com"),
        ("write to support@ngrok.com.", "write to support@ngrok.com."),
        ("not-support@ngrok.com", "n***@ngrok.com"),
    ],
)
def test_an_address_keeps_its_first_letter_and_its_domain(text: str, shown: str) -> None:
    assert masked(text) == shown


URL = "https://h.example/Users?filter=userName%20eq%20%22{}%22&startIndex=1&count=100"


@each_case(
    ("encoded", "shown"),
    [
        ("alice%40corp.com", "a***%40corp.com"),
        ("ALICE%40CORP.COM", "A***%40CORP.COM"),
        ("ali%2Bce%40corp.com", "a***%40corp.com"),
        ("ali%2bce%2540corp.com", "a***%2540corp.com"),
        ("%5C%22john%20doe%5C%22%40corp.com", "j***%40corp.com"),
        ("%C3%BClrike%40corp.com", "***%40corp.com"),
        ("alice", "a***"),
        ("", ""),
    ],
)
def test_the_look_up_keeps_its_form(encoded: str, shown: str) -> None:
    assert masked(URL.format(encoded)) == URL.format(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://h.example/u/alice%40corp.com/x", "https://h.example/u/a***%40corp.com/x"),
        ("https://h.example/?q=ali%2Bce%40corp.com", "https://h.example/?q=a***%40corp.com"),
        ("https://h.example/?q=%22a%20b%22%40corp.com", "https://h.example/?q=a***%40corp.com"),
        ("x%3A%61lice%40corp.com", "x%3A***%40corp.com"),
    ],
)
def test_an_address_anywhere_in_a_url_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_of_an_address_that_should_be_encoded_rather_too_much_is_hidden() -> None:
    assert masked(URL.format("alice@corp.com")) == ("https:***@corp.com%22&startIndex=1&count=100")


@each_case(
    ("text", "shown"),
    [
        ('{"displayName": "Ada Lovelace", "id": "1"}', '{"displayName": "A***", "id": "1"}'),
        ('{"DISPLAYNAME":"Ada"}', '{"DISPLAYNAME":"A***"}'),
        ('{"name":{"givenName":"Ada","familyName":"L"}}', None),
        (r'{"nickName":"\"Al\" X"}', '{"nickName":"A***"}'),
        ('{"phoneNumbers":[{"value":"+1 555"}]}', '{"phoneNumbers":[{"value":"***"}]}'),
        ('{"displayName":"Ada Lovel', '{"displayName":"A***'),
        ('filter: userName eq "ada" and active', 'filter: userName eq "a***" and active'),
        ('{"displayName":""}', '{"displayName":""}'),
    ],
)
def test_a_name_keeps_its_first_letter(text: str, shown: str | None) -> None:
    shown = shown or '{"name":{"givenName":"A***","familyName":"L***"}}'
    assert masked(text) == shown


def test_a_known_name_is_masked_where_our_messages_quote_it() -> None:
    names = frozenset({"ada"})
    assert masked("Asked for “ada”, not “Canada”: ada.", names) == (
        "Asked for “a***”, not “Canada”: ada."
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://api.ngrok.com/scim/v2/Users?startIndex=1&count=2",
        "Error authenticating: Forbidden. @",
        "ak_2fzFx1hLZxQvYvHhTzHAeJ4dVtP",
        "100 %, 50%40",
    ],
)
def test_text_that_is_no_address_is_not_masked(text: str) -> None:
    assert masked(text) == text.replace("50%40", "5***%40")


@each_case("unit", ['"', '\\"', "\\", "a@", "%22", "%61", "%2540", '"a', 'eq "', "“"])
def test_a_hostile_text_is_masked_once_and_stays_so(unit: str) -> None:
    once = masked(unit * 2000)
    assert masked(once) == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("from 203.0.113.7 and 10.1.2.3", "from 203.*** and 10.***"),
        ("2001:db8:0:1::7, fe80::1:2:3:4", "2001:***, fe80:***"),
        ("version 1.2.3 at 12:30:59", "version 1.2.3 at 12:30:59"),
    ],
)
def test_ip_addresses_are_masked(text: str, shown: str) -> None:
    assert without_addresses(text) == shown


def test_what_okta_calls_a_person_is_masked_also_where_the_reply_breaks_off() -> None:
    reply = (
        '{"profile": {"firstName": "Ada", "lastName": "Lovelace", "mobilePhone": "+44 20 7946",'
        ' "zipCode": "EC1A", "city": "London'
    )
    shown = masked(reply)
    for word in ("Ada", "Lovelace", "7946", "EC1A", "London"):
        assert word not in shown
