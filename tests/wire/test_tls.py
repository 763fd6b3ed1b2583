from __future__ import annotations

import ssl
import warnings
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, cast

import certifi
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ngrok_scim_cli.wire import tls
from ngrok_scim_cli.wire.exchange import FailureKind, Phase, Request, TlsProblem
from ngrok_scim_cli.wire.network import Stream
from ngrok_scim_cli.wire.request_context import RequestContext
from tests.support.cases import each_case
from tests.support.raw_server import EMPTY_OK, Client, ok
from tests.support.ticket_flood import TicketFlood
from tests.wire.conftest import HOST, KEY

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Exchange
    from tests.support.raw_server import RawServer

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

pytestmark = pytest.mark.usefixtures("scim_test_resolves")


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def get(port: int, host: str = HOST) -> Request:
    headers = (("Authorization", f"Bearer {KEY}"),)
    return Request("GET", f"https://{host}:{port}/Users", headers=headers)


@pytest.fixture
def wire(make_wire: Callable[..., Wire], ca_bundle: Path) -> Wire:
    return make_wire(allowed_hosts=[HOST], ca_bundle=ca_bundle)


def assert_tls(exchange: Exchange, problem: TlsProblem) -> str:
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TLS
    assert exchange.failure.tls is problem
    return exchange.failure.certificate


def test_a_trusted_server_is_asked_and_named_as_privately_signed(
    wire: Wire, serve: Callable[..., RawServer], authority: trustme.CA
) -> None:
    server = serve(EMPTY_OK, context=server_context(authority.issue_cert(HOST)))

    exchange = wire.send(get(server.port))

    assert exchange.reply is not None
    assert [timing.phase for timing in exchange.timings] == list(Phase)
    assert exchange.timings[2].detail.startswith("TLSv1.3, issued by ")
    assert "Corp Inspection" in exchange.timings[2].detail
    assert "Corp Inspection" in exchange.private_issuer
    assert wire.send(get(server.port)).private_issuer == exchange.private_issuer
    assert server.connections == 1


def test_a_server_that_prefers_http_2_is_asked_for_what_we_speak(
    wire: Wire, serve: Callable[..., RawServer], authority: trustme.CA
) -> None:
    context = server_context(authority.issue_cert(HOST))
    context.set_alpn_protocols(["h2", "http/1.1"])
    agreed: list[object] = []

    def answer(client: Client) -> None:
        agreed.append(cast("ssl.SSLSocket", client.connection).selected_alpn_protocol())
        client.send(EMPTY_OK)

    server = serve(answer, context=context)

    assert wire.send(get(server.port)).reply is not None
    assert agreed == ["http/1.1"]


def test_a_private_issuer_does_not_matter_on_loopback(
    wire: Wire, serve: Callable[..., RawServer], authority: trustme.CA
) -> None:
    server = serve(EMPTY_OK, context=server_context(authority.issue_cert("localhost")))

    exchange = wire.send(get(server.port, "localhost"))

    assert exchange.reply is not None
    assert exchange.private_issuer == ""


def test_an_unknown_authority_is_reported_with_its_name(
    make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
) -> None:
    other = trustme.CA(parent_cert=trustme.CA(), organization_name="Other Inspection")
    server = serve(EMPTY_OK, context=server_context(other.issue_cert(HOST)))

    exchange = make_wire(allowed_hosts=[HOST]).send(get(server.port))

    certificate = assert_tls(exchange, TlsProblem.UNTRUSTED)
    assert "issued by Other Inspection, and is valid" in certificate
    assert server.requests == []
    assert [timing.phase for timing in exchange.timings] == [Phase.NAME, Phase.TCP]


def test_a_self_signed_certificate(
    make_wire: Callable[..., Wire], serve: Callable[..., RawServer], tmp_path: Path
) -> None:
    server = serve(EMPTY_OK, context=self_signed_context(tmp_path))

    certificate = assert_tls(
        make_wire(allowed_hosts=[HOST]).send(get(server.port)), TlsProblem.SELF_SIGNED
    )

    assert "is for nas.local, was issued by nas.local" in certificate


def self_signed_context(folder: Path) -> ssl.SSLContext:
    """Make a certificate as the web interface of a small device has it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nas.local")])
    now = datetime.now(UTC)
    certificate = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now, now + timedelta(days=9)
    ).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    path = folder / "device.pem"
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_wrong_name_is_reported_with_the_names_of_the_certificate(
    wire: Wire, serve: Callable[..., RawServer], authority: trustme.CA
) -> None:
    leaf = authority.issue_cert("a.example", "*.b.example")
    server = serve(EMPTY_OK, context=server_context(leaf))

    certificate = assert_tls(wire.send(get(server.port)), TlsProblem.WRONG_NAME)

    assert "is for a.example, *.b.example, was issued" in certificate
    assert server.requests == []


def test_a_wrong_address_is_a_wrong_name(
    wire: Wire, serve: Callable[..., RawServer], authority: trustme.CA
) -> None:
    server = serve(EMPTY_OK, context=server_context(authority.issue_cert("a.example")))

    assert_tls(wire.send(get(server.port, "127.0.0.1")), TlsProblem.WRONG_NAME)


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        ("2020-01-02", "2021-03-04", TlsProblem.EXPIRED),
        ("2090-01-02", "2091-03-04", TlsProblem.NOT_YET_VALID),
    ],
)
def test_dates_are_reported(
    wire: Wire,
    serve: Callable[..., RawServer],
    authority: trustme.CA,
    first: str,
    last: str,
    problem: TlsProblem,
) -> None:
    leaf = authority.issue_cert(
        HOST,
        not_before=datetime.fromisoformat(first).replace(tzinfo=UTC),
        not_after=datetime.fromisoformat(last).replace(tzinfo=UTC),
    )
    server = serve(EMPTY_OK, context=server_context(leaf))

    certificate = assert_tls(wire.send(get(server.port)), problem)

    assert certificate.endswith(f"valid from {first} to {last}.")


def test_tls_below_1_2_has_nothing_in_common(
    wire: Wire, serve: Callable[..., RawServer], authority: trustme.CA
) -> None:
    context = server_context(authority.issue_cert(HOST))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    assert_tls(wire.send(get(serve(EMPTY_OK, context=context).port)), TlsProblem.VERSION)


def test_plain_http_where_tls_was_expected(wire: Wire, serve: Callable[..., RawServer]) -> None:
    server = serve(
        EMPTY_OK, on_connect=lambda client: client.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    )

    failure = wire.send(get(server.port)).failure

    assert failure is not None
    assert failure.kind is FailureKind.PROTOCOL
    assert failure.detail == "scim.test does not speak TLS at this port."


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate_that_is_asked_for_is_named(
    wire: Wire,
    serve: Callable[..., RawServer],
    authority: trustme.CA,
    ca_bundle: Path,
    version: ssl.TLSVersion,
) -> None:
    context = server_context(authority.issue_cert(HOST))
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca_bundle)

    failure = wire.send(get(serve(EMPTY_OK, context=context).port)).failure

    assert failure is not None
    assert failure.tls is TlsProblem.CLIENT_CERTIFICATE
    assert failure.detail.endswith(" asks for a client certificate.")


def hang_up_after_the_hello(client: Client) -> None:
    client.connection.recv(1)
    client.hang_up()


@pytest.mark.parametrize(
    "end", [lambda client: client.connection.shutdown(2), hang_up_after_the_hello]
)
def test_a_connection_that_is_closed_during_the_handshake(
    wire: Wire, serve: Callable[..., RawServer], end: Callable[[Client], None]
) -> None:
    failure = wire.send(get(serve(EMPTY_OK, on_connect=end).port)).failure

    assert failure is not None
    assert failure.kind is FailureKind.DROPPED


def test_a_handshake_that_drips_ends_at_the_deadline(
    make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
) -> None:
    def drip(client: Client) -> None:
        client.drip(b"\x16\x03\x03\x40\x00" + bytes(200), every=0.02)

    wire = make_wire(allowed_hosts=[HOST], timeout=0.4)

    failure = wire.send(get(serve(EMPTY_OK, on_connect=drip).port)).failure

    assert failure is not None
    assert failure.kind is FailureKind.CONNECT_TIMEOUT
    assert "TLS handshake" in failure.detail


def test_a_handshake_that_is_flooded_ends_at_the_deadline(
    make_wire: Callable[..., Wire], serve: Callable[..., RawServer], ca_bundle: Path
) -> None:
    hello_requests = b"\x16\x03\x03\x00\x04\x00\x00\x00\x00" * 1000

    def flood(client: Client) -> None:
        while not client.stopping.is_set():
            client.send(hello_requests)

    server = serve(on_connect=flood)

    failure = (
        make_wire(timeout=0.5, allowed_hosts=[HOST], ca_bundle=ca_bundle)
        .send(get(server.port))
        .failure
    )

    assert failure is not None
    assert failure.kind is FailureKind.CONNECT_TIMEOUT
    assert "TLS handshake" in failure.detail


def test_a_slow_handshake_does_not_hold_up_another_beyond_its_deadline(
    make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
) -> None:
    wire = make_wire(allowed_hosts=[HOST], timeout=0.4)
    port = serve(EMPTY_OK, on_connect=Client.hold).port
    seen: list[Exchange] = []
    threads = [Thread(target=lambda: seen.append(wire.send(get(port)))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert [item.failure.kind for item in seen if item.failure] == [FailureKind.CONNECT_TIMEOUT] * 3


@pytest.mark.no_cover
def test_a_flood_of_session_tickets_ends_with_the_deadline(
    make_wire: Callable[..., Wire],
    monkeypatch: pytest.MonkeyPatch,
    authority: trustme.CA,
    ca_bundle: Path,
) -> None:
    wire = make_wire(allowed_hosts=[HOST], timeout=600, ca_bundle=ca_bundle)
    seen: list[Exchange] = []
    with TicketFlood(authority.issue_cert(HOST)) as flood:
        asking = Thread(target=lambda: seen.append(wire.send(get(flood.port))), daemon=True)
        asking.start()
        assert flood.flows.wait(60), "nobody reads"
        monkeypatch.setattr("ngrok_scim_cli.wire.request_context.monotonic", lambda: 10.0**9)
        asking.join(60)

        assert not flood.is_over

    assert [item.failure.kind for item in seen if item.failure] == [FailureKind.READ_TIMEOUT]


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"\xff\xfe"])
def test_a_ca_bundle_that_cannot_be_read_is_reported(
    make_wire: Callable[..., Wire], nothing_may_leave: None, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)

    exchange = make_wire(allowed_hosts=[HOST], ca_bundle=path).send(get(1))

    assert_tls(exchange, TlsProblem.UNTRUSTED)
    assert exchange.failure is not None
    assert "--ca-bundle" in exchange.failure.detail


def test_a_certificate_that_is_not_shown_twice_is_left_out(
    wire: Wire, serve: Callable[..., RawServer], authority: trustme.CA
) -> None:
    seen: list[Client] = []

    def refuse_the_second(client: Client) -> None:
        seen.append(client)
        if len(seen) > 1:
            client.connection.shutdown(2)

    context = server_context(authority.issue_cert("a.example"))
    server = serve(EMPTY_OK, context=context, on_connect=refuse_the_second)

    assert assert_tls(wire.send(get(server.port)), TlsProblem.WRONG_NAME) == ""


@each_case(
    ("code", "problem"),
    [
        (2, TlsProblem.UNTRUSTED),
        (20, TlsProblem.UNTRUSTED),
        (21, TlsProblem.UNTRUSTED),
        (18, TlsProblem.SELF_SIGNED),
        (19, TlsProblem.SELF_SIGNED),
        (62, TlsProblem.WRONG_NAME),
        (64, TlsProblem.WRONG_NAME),
        (9, TlsProblem.NOT_YET_VALID),
        (10, TlsProblem.EXPIRED),
        (-67602, TlsProblem.WRONG_NAME),
        (0x800B0101, TlsProblem.EXPIRED),
        (None, TlsProblem.UNTRUSTED),
    ],
)
def test_codes_of_a_failed_verification(code: int | None, problem: TlsProblem) -> None:
    error = ssl.SSLCertVerificationError("x")
    if code is not None:
        error.verify_code = code

    assert tls.handshake_failure(error, HOST).tls is problem


@pytest.mark.parametrize(
    ("reason", "kind", "problem"),
    [
        ("TLSV1_ALERT_PROTOCOL_VERSION", FailureKind.TLS, TlsProblem.VERSION),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", FailureKind.TLS, TlsProblem.VERSION),
        ("RECORD_LAYER_FAILURE", FailureKind.PROTOCOL, None),
        ("TLSV1_UNRECOGNIZED_NAME", FailureKind.TLS, TlsProblem.OTHER),
        (None, FailureKind.TLS, TlsProblem.OTHER),
    ],
)
def test_reasons_of_a_failed_handshake(
    reason: str | None, kind: FailureKind, problem: TlsProblem | None
) -> None:
    error = ssl.SSLError(1, "x")
    error.reason = reason  # type: ignore[assignment]

    failure = tls.handshake_failure(error, HOST)

    assert (failure.kind, failure.tls) == (kind, problem)


class Chain:
    """A TLS connection as Python 3.13 (DER) or an older one (objects with PEM) describes it."""

    def __init__(self, *chain: object) -> None:
        self._chain = chain

    def get_verified_chain(self) -> tuple[object, ...]:
        return self._chain


class PemCertificate:
    def __init__(self, pem: str) -> None:
        self._pem = pem

    def public_bytes(self) -> str:
        return self._pem


def test_private_issuer_of_either_kind_of_chain(authority: trustme.CA) -> None:
    pem = authority.cert_pem.bytes().decode()
    expected = tls.private_issuer(Chain(b"leaf", ssl.PEM_cert_to_DER_cert(pem)))

    assert "Corp Inspection" in expected
    assert tls.private_issuer(Chain(PemCertificate(pem))) == expected


def test_a_public_root_is_no_private_issuer() -> None:
    end = "-----END CERTIFICATE-----"
    start = "-----BEGIN CERTIFICATE-----"
    roots = [start + part.split(end)[0] + end for part in certifi.contents().split(start)[1:]]

    assert len(roots) > 50
    assert {tls.private_issuer(Chain(ssl.PEM_cert_to_DER_cert(root))) for root in roots} == {""}


def test_a_chain_that_is_not_reported_has_no_private_issuer(authority: trustme.CA) -> None:
    leaf = ssl.PEM_cert_to_DER_cert(authority.issue_cert(HOST).cert_chain_pems[0].bytes().decode())

    assert tls.private_issuer(object()) == ""
    assert tls.private_issuer(Chain()) == ""
    assert tls.private_issuer(Chain(b"rubbish")) == ""
    assert tls.private_issuer(Chain(leaf)) == ""


def test_there_is_no_way_to_switch_verification_off(ca_bundle: Path) -> None:
    context = tls.make_context(ca_bundle)

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("reply", "closes_tls", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n[]", True, b"[]"),
        (b"HTTP/1.1 200 OK\r\n\r\n[]", False, None),
        (b"HTTP/1.1 200 OK\r\n\r\n", False, None),
        (ok(b"[]"), False, b"[]"),
        (CHUNKED + b"2\r\n[]\r\n0\r\n\r\n", False, b"[]"),
        (CHUNKED + b"2\r\n[]\r\n", True, None),
        (b"HTTP/1.1 200 OK\r\n", False, None),
        (b"", False, None),
    ],
)
def test_a_body_without_a_length_is_whole_only_where_tls_was_closed(
    wire: Wire,
    serve: Callable[..., RawServer],
    authority: trustme.CA,
    reply: bytes,
    closes_tls: bool,
    body: bytes | None,
) -> None:
    """Anybody on the way can end a connection, but not close TLS (RFC 9112 section 9.8)."""

    def answer(client: Client) -> None:
        client.send(reply)
        if closes_tls:
            cast("ssl.SSLSocket", client.connection).unwrap()

    server = serve(answer, context=server_context(authority.issue_cert(HOST)))

    exchange = wire.send(get(server.port))

    if body is None:
        assert exchange.failure is not None
        assert exchange.failure.kind is FailureKind.DROPPED
    else:
        assert exchange.reply is not None
        assert exchange.reply.body == body


def test_what_is_no_http_is_reported_as_such_however_it_ends(
    wire: Wire, serve: Callable[..., RawServer], authority: trustme.CA
) -> None:
    server = serve(
        lambda client: client.send(b"SSH-2.0"), context=server_context(authority.issue_cert(HOST))
    )

    exchange = wire.send(get(server.port))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.PROTOCOL


class Talkative:
    """A socket whose other side answers the handshake, and has much to say behind it.

    Attributes:
        read_sizes: how many bytes were taken each time.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self.read_sizes: list[int] = []
        self._arrived, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._server = context.wrap_bio(self._arrived, self._leaving, server_side=True)

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0

    def send(self, data: bytes) -> int:
        with suppress(ssl.SSLWantReadError):
            self._arrived.write(data)
            self._server.do_handshake()
        return len(data)

    def recv(self, most: int) -> bytes:
        data = self._leaving.read(most)
        self.read_sizes.append(len(data))
        if not data:
            raise TimeoutError
        return data


def test_tls_gives_control_back_after_each_chunk(authority: trustme.CA, ca_bundle: Path) -> None:
    server = server_context(authority.issue_cert(HOST))
    server.num_tickets = 2_000  # half a megabyte of what is no data
    talkative = Talkative(server)
    stream = Stream(cast("socket.socket", talkative), ("127.0.0.1", 443))
    context = RequestContext(60)
    stream.start_tls(tls.make_context(ca_bundle), HOST, context)
    with pytest.raises(TimeoutError):
        stream.read(65_536, context)

    assert len(talkative.read_sizes) > 20
    assert max(talkative.read_sizes) <= 16_384
