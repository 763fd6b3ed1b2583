from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.endpoint.reply import judge
from ngrok_scim_cli.wire.exchange import (
    NO_HTTP,
    NO_TLS,
    Exchange,
    Failure,
    FailureKind,
    Phase,
    PhaseTiming,
    TlsProblem,
)
from tests.support.cases import each_case

ELSEWHERE = "https://scim.example.org/scim/v2/Users?startIndex=1&count=2"
NGROK = "https://api.ngrok.com/scim/v2/Users?startIndex=1&count=2"


def failed(
    kind: FailureKind,
    tls: TlsProblem | None = None,
    *,
    url: str = ELSEWHERE,
    certificate: str = "",
    detail: str = "it failed",
) -> Exchange:
    return Exchange("as typed", "GET", url, failure=Failure(kind, detail, tls, certificate))


@each_case(
    ("exchange", "code", "accepts"),
    [
        (failed(FailureKind.DNS), "NET401", False),
        (failed(FailureKind.REFUSED), "NET402", False),
        (failed(FailureKind.CONNECT_TIMEOUT), "NET403", False),
        (failed(FailureKind.TLS, TlsProblem.UNTRUSTED), "NET404", False),
        (failed(FailureKind.TLS, TlsProblem.SELF_SIGNED), "NET404", False),
        (failed(FailureKind.TLS, TlsProblem.WRONG_NAME), "NET405", False),
        (failed(FailureKind.TLS, TlsProblem.EXPIRED), "NET406", False),
        (failed(FailureKind.TLS, TlsProblem.NOT_YET_VALID), "NET406", False),
        (failed(FailureKind.TLS, TlsProblem.VERSION), "NET407", False),
        (failed(FailureKind.TLS, TlsProblem.OTHER, certificate="CN=x"), "NET404", False),
        (failed(FailureKind.TLS, TlsProblem.OTHER), "NET409", False),
        (failed(FailureKind.TLS, TlsProblem.CLIENT_CERTIFICATE), "NET409", False),
        (failed(FailureKind.TLS), "NET409", False),
        (failed(FailureKind.READ_TIMEOUT), "NET408", False),
        (failed(FailureKind.DROPPED), "NET409", False),
        (failed(FailureKind.PROTOCOL), "NET409", False),
        (failed(FailureKind.PROXY), "NET410", None),
        (failed(FailureKind.WITHHELD), "NET412", None),
    ],
)
def test_each_failure_has_its_code(exchange: Exchange, code: str, accepts: bool | None) -> None:
    seen = judge(exchange)
    assert [item.code for item in seen.findings] == [code]
    assert seen.accepts is accepts
    assert seen.users is None


@each_case(
    ("kind", "tls", "code"),
    [
        (FailureKind.DNS, None, "NET401"),
        (FailureKind.REFUSED, None, "NET402"),
        (FailureKind.CONNECT_TIMEOUT, None, "NET403"),
        (FailureKind.TLS, TlsProblem.UNTRUSTED, "NET404"),
        (FailureKind.TLS, TlsProblem.WRONG_NAME, "NET405"),
        (FailureKind.TLS, TlsProblem.EXPIRED, "NET406"),
        (FailureKind.TLS, TlsProblem.VERSION, "NET407"),
    ],
)
def test_an_unreachable_ngrok_says_nothing_about_okta(
    kind: FailureKind, tls: TlsProblem | None, code: str
) -> None:
    there = judge(failed(kind, tls, url=NGROK))
    elsewhere = judge(failed(kind, tls))
    assert there.accepts is None
    assert there.findings[0].code == code
    assert there.findings[0].fix != elsewhere.findings[0].fix
    assert "which Okta reaches from its cloud" in there.findings[0].cause


@each_case(
    ("url", "kind", "proxy", "has_tls", "accepts"),
    [
        (NGROK, FailureKind.DROPPED, "", False, None),
        (NGROK, FailureKind.PROTOCOL, "", False, None),
        (NGROK, FailureKind.TLS, "", False, None),
        (NGROK, FailureKind.DROPPED, "", True, False),
        (NGROK, FailureKind.PROTOCOL, "", True, False),
        (ELSEWHERE, FailureKind.DROPPED, "", False, False),
        (ELSEWHERE, FailureKind.TLS, "", False, False),
        (ELSEWHERE, FailureKind.TLS, "proxy.example:3128", False, None),
        (ELSEWHERE, FailureKind.PROTOCOL, "proxy.example:3128", False, None),
        (ELSEWHERE, FailureKind.DROPPED, "proxy.example:3128", True, False),
    ],
)
def test_only_behind_tls_is_it_certain_who_broke_the_connection(
    url: str, kind: FailureKind, proxy: str, has_tls: bool, accepts: bool | None
) -> None:
    timings = (PhaseTiming(Phase.TLS, 1),) if has_tls else ()
    exchange = replace(failed(kind, url=url), proxy=proxy, timings=timings)
    assert judge(exchange).accepts is accepts


@pytest.mark.parametrize(
    ("kind", "code", "fix"),
    [
        (FailureKind.DNS, "NET401", "internet connection and DNS"),
        (FailureKind.REFUSED, "NET402", "let this machine reach scim.example.org on port 443"),
    ],
)
def test_a_machine_without_a_network_says_nothing_about_okta(
    kind: FailureKind, code: str, fix: str
) -> None:
    failure = Failure(kind, "No resolver answers.", is_local=True)
    seen = judge(Exchange("as typed", "GET", ELSEWHERE, failure=failure))
    (item,) = seen.findings
    assert (item.code, seen.accepts) == (code, None)
    assert fix in item.fix
    assert "misspelled" not in item.cause
    assert "refuses" not in item.title


def test_a_client_certificate_is_asked_for_by_the_server_or_by_a_device_before_ngrok() -> None:
    fixes = {
        url: judge(failed(FailureKind.TLS, TlsProblem.CLIENT_CERTIFICATE, url=url)).findings[0].fix
        for url in (ELSEWHERE, NGROK)
    }
    assert "client certificate" in fixes[ELSEWHERE]
    assert "another network" in fixes[NGROK]


def test_a_port_that_ngrok_does_not_serve_is_no_fault_of_this_machine() -> None:
    url = NGROK.replace(".com", ".com:8443")
    for kind in (FailureKind.REFUSED, FailureKind.CONNECT_TIMEOUT):
        there = judge(failed(kind, url=url))
        assert there.accepts is False
        assert "letter by letter" in there.findings[0].fix
    assert judge(failed(FailureKind.DNS, url=url)).accepts is None


def test_a_reply_of_ngrok_that_does_not_come_is_what_okta_would_meet() -> None:
    assert judge(failed(FailureKind.READ_TIMEOUT, url=NGROK)).accepts is False


@each_case(
    ("detail", "url", "is_another_service"),
    [
        (NO_HTTP, ELSEWHERE, True),
        (f"scim.example.org {NO_TLS}", ELSEWHERE, True),
        (NO_HTTP, NGROK, False),
        ("The reply says that it is compressed, but it cannot be unpacked.", ELSEWHERE, False),
        ("The address or a header cannot be sent over HTTP.", ELSEWHERE, False),
    ],
)
def test_another_service_is_the_cause_only_where_no_http_server_answers(
    detail: str, url: str, is_another_service: bool
) -> None:
    exchange = failed(FailureKind.PROTOCOL, url=url, detail=detail)
    (item,) = judge(replace(exchange, timings=(PhaseTiming(Phase.TLS, 1, ""),))).findings
    assert (item.cause == "Another kind of service answers at this address.") is is_another_service


def test_the_host_and_the_certificate_are_named() -> None:
    exchange = failed(FailureKind.TLS, TlsProblem.WRONG_NAME, certificate="It is for a.example.")
    (item,) = judge(exchange).findings
    assert item.title == "scim.example.org has a certificate for another name"
    assert item.evidence == "it failed It is for a.example."


def test_a_withheld_key_is_allowed_by_naming_the_host() -> None:
    (item,) = judge(failed(FailureKind.WITHHELD)).findings
    assert "`--allow-host scim.example.org`" in item.fix


@pytest.mark.parametrize("url", ["https://[broken/", "no url", ""])
def test_a_broken_url_does_no_harm(url: str) -> None:
    (item,) = judge(failed(FailureKind.DNS, url=url, detail="")).findings
    assert item.code == "NET401"
    assert item.evidence == f"GET {url} got no reply."


def test_hostile_details_are_made_visible() -> None:
    (item,) = judge(failed(FailureKind.PROTOCOL, detail="\x1b]0;x\x07")).findings
    assert "\x1b" not in item.evidence
    assert "⟨U+001B⟩" in item.evidence
