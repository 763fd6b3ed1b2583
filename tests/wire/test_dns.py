from collections.abc import Iterator
from pathlib import Path

import dns.resolver
import pytest

from ngrok_scim_cli.wire.dns import Outcome, Resolver
from tests.support.dns_server import GARBAGE, HOST, SILENCE, TRUNCATED, DnsServer, dns_server

NAME = "corp.example"


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with dns_server() as running:
        yield running


def resolver(server: DnsServer, timeout: float = 5) -> Resolver:
    return Resolver(timeout=timeout, nameservers=(HOST,), port=server.port)


@pytest.mark.parametrize(
    ("records", "outcome", "values"),
    [
        (
            ["10 MX1.Corp.Example.", "20 mx2.corp.example."],
            Outcome.FOUND,
            ("mx1.corp.example", "mx2.corp.example"),
        ),
        (["0 ."], Outcome.FOUND, (".",)),
        ([], Outcome.NO_RECORD, ()),
    ],
)
def test_mail_servers_are_reported(
    server: DnsServer, records: list[str], outcome: Outcome, values: tuple[str, ...]
) -> None:
    server.records[NAME] = [("MX", record) for record in records]
    answer = resolver(server).mail_servers(NAME)
    assert (answer.outcome, answer.values, answer.reason) == (outcome, values, "")


def test_the_strings_of_a_text_are_put_together_and_no_byte_breaks_it(server: DnsServer) -> None:
    server.records[NAME] = [("TXT", r'"ngrok=" "abc"'), ("TXT", r'"\255\027[2J"')]
    answer = resolver(server).texts(NAME)
    assert sorted(answer.values) == ["\\xff\x1b[2J", "ngrok=abc"]


def test_a_name_that_does_not_exist_is_reported_once_the_server_is_known_to_know_names(
    server: DnsServer,
) -> None:
    asking = resolver(server)
    assert asking.mail_servers(NAME).outcome is Outcome.NO_NAME
    assert asking.texts(NAME).outcome is Outcome.NO_NAME
    assert server.asked == [(NAME, "MX"), ("ngrok.com", "A"), (NAME, "TXT")]


def test_a_server_that_knows_no_name_at_all_is_not_believed(server: DnsServer) -> None:
    server.records.clear()
    answer = resolver(server).mail_servers(NAME)
    assert answer.outcome is Outcome.UNKNOWN
    assert answer.reason.startswith("The DNS server does not know ngrok.com either")


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("SERVFAIL", "The DNS server could not answer (SERVFAIL)."),
        ("REFUSED", "The DNS server could not answer (REFUSED)."),
        (TRUNCATED, "No DNS server can be reached, or none sends what can be read."),
        ("YXDOMAIN", "The DNS could not be asked (YXDOMAIN)."),
    ],
)
def test_a_failing_dns_server_gives_an_unknown_answer(
    server: DnsServer, trouble: str, reason: str
) -> None:
    server.trouble = trouble
    answer = resolver(server).mail_servers(NAME)
    assert (answer.outcome, answer.values, answer.reason) == (Outcome.UNKNOWN, (), reason)


@pytest.mark.parametrize("trouble", [SILENCE, GARBAGE])
def test_all_questions_share_one_deadline(server: DnsServer, trouble: str) -> None:
    server.trouble = trouble
    asking = resolver(server, timeout=0.2)
    reasons = {asking.mail_servers(NAME).reason, asking.texts(NAME).reason}
    assert reasons == {"The DNS did not answer within 0.2 seconds."}
    assert {kind for _, kind in server.asked} == {"MX"}


def test_a_name_that_cannot_be_asked_for_is_no_verdict(server: DnsServer) -> None:
    answer = resolver(server).texts("a" * 64)
    assert (answer.outcome, answer.reason) == (
        Outcome.UNKNOWN,
        "The DNS could not be asked (LabelTooLong).",
    )


def test_a_machine_without_a_resolver_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unconfigured(self: dns.resolver.Resolver, file: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", unconfigured)
    answer = Resolver(timeout=5).mail_servers(NAME)
    assert answer.reason == "This machine has no DNS server set up."


def test_the_resolver_of_the_machine_is_asked_where_none_is_named(
    server: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def configured(self: dns.resolver.Resolver, file: object) -> None:
        self.nameservers = [HOST]
        self.port = server.port

    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", configured)
    server.records[NAME] = []
    assert Resolver(timeout=5).mail_servers(NAME).outcome is Outcome.NO_RECORD
