from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import cast

import certifi
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.wire.certificate import Certificate, read_certificate
from tests.support.cases import each_case

START, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
ROOTS = [
    ssl.PEM_cert_to_DER_cert(START + part.split(END)[0] + END)
    for part in certifi.contents().split(START)[1:]
]
LEAF = ssl.PEM_cert_to_DER_cert(
    trustme.CA(organization_name="Org")
    .issue_cert("a.test", "10.0.0.1", "*.b.test")
    .cert_chain_pems[0]
    .bytes()
    .decode()
)


def test_names_of_a_certificate() -> None:
    certificate = read_certificate(LEAF)

    assert certificate is not None
    assert certificate.names == ("a.test", "*.b.test")
    assert certificate.issuer.endswith("Org")


@each_case("der", ROOTS[::10])
def test_what_is_read_is_what_openssl_reads(der: bytes) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=der)
    (known,) = context.get_ca_certs()
    issuer = cast("tuple[tuple[tuple[str, str], ...], ...]", known["issuer"])
    words = {kind: word for ((kind, word),) in issuer}
    certificate = read_certificate(der)

    assert certificate is not None
    shown = [words[kind] for kind in ("commonName", "organizationName") if kind in words]
    assert certificate.issuer == ", ".join(dict.fromkeys(shown))
    for end, day in (("notBefore", certificate.not_before), ("notAfter", certificate.not_after)):
        moment = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(known[end])), UTC)
        assert day == f"{moment:%Y-%m-%d}"


def test_fields_that_are_not_needed_are_passed_over() -> None:
    unique_id = field(0x81, b"\x00\x01")
    other = field(0x30, field(0x06, b"\x55\x1d\x0f"), field(0x01, b"\xff"), field(0x04, b"\x00"))
    names = field(0x30, field(0x87, b"\x7f\x00\x00\x01"), field(0x82, b"a.test"))
    wanted = field(0x30, field(0x06, b"\x55\x1d\x11"), field(0x04, names))
    extensions = field(0xA3, field(0x30, other, wanted))

    certificate = read_certificate(old_certificate(name(), b"991231235959Z", unique_id, extensions))

    assert certificate is not None
    assert certificate.names == ("a.test",)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(der: bytes) -> None:
    assert read_certificate(der) is None or der[:1] == b"\x30"


@given(st.integers(0, len(LEAF) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_certificate_never_raises(position: int, damage: bytes) -> None:
    damaged = LEAF[:position] + damage + LEAF[position + len(damage) :]

    certificate = read_certificate(damaged)

    assert certificate is None or str(certificate).isprintable()


@given(st.integers(0, len(LEAF) - 1))
def test_a_certificate_that_is_cut_off_is_refused(length: int) -> None:
    assert read_certificate(LEAF[:length]) is None


def test_many_names_are_counted() -> None:
    names = tuple(f"{letter}.test" for letter in "abcdefg")
    certificate = Certificate(names, "s", "i", "2026-01-01", "2026-02-01")

    assert str(certificate) == (
        "The certificate is for a.test, b.test, c.test, d.test, e.test and 2 more, was issued by "
        "i, and is valid from 2026-01-01 to 2026-02-01."
    )


def field(tag: int, *content: bytes) -> bytes:
    joined = b"".join(content)
    return bytes([tag, 0x82]) + len(joined).to_bytes(2, "big") + joined


def name(*attributes: tuple[str, int, bytes]) -> bytes:
    return field(
        0x30,
        *(
            field(0x31, field(0x30, field(0x06, bytes.fromhex(kind)), field(tag, value)))
            for kind, tag, value in attributes
        ),
    )


COMMON_NAME, ORGANIZATION, UNIT = "550403", "55040a", "55040b"


def old_certificate(issuer: bytes, last: bytes = b"991231235959Z", *optional: bytes) -> bytes:
    """Make a certificate of version 1, which does not name its version."""
    validity = field(0x30, field(0x17, b"491231235959Z"), field(0x17, last))
    numbers = (field(0x02, b"\x01"), field(0x30))
    return field(0x30, field(0x30, *numbers, issuer, validity, name(), field(0x30), *optional))


@each_case(
    ("issuer", "shown"),
    [
        (name((COMMON_NAME, 0x0C, "Ünï".encode())), "Ünï"),
        (name((COMMON_NAME, 0x1E, "Ünï".encode("utf-16-be"))), "Ünï"),
        (name((COMMON_NAME, 0x13, b"A"), (ORGANIZATION, 0x13, b"B")), "A, B"),
        (name((COMMON_NAME, 0x13, b"A"), (ORGANIZATION, 0x13, b"A")), "A"),
        (name((UNIT, 0x13, b"C")), "C"),
        (name(), "nobody"),
        (name((COMMON_NAME, 0x0C, "a\u202eb\x1b[31m\n".encode())), "a?b?[31m?"),
        (name((COMMON_NAME, 0x0C, b"a" * 5000)), "a" * 100),
    ],
)
def test_names_of_a_certificate_are_read_and_made_printable(issuer: bytes, shown: str) -> None:
    certificate = read_certificate(old_certificate(issuer))

    assert certificate is not None
    assert certificate.issuer == shown
    assert certificate.names == ("nobody",)
    assert (certificate.not_before, certificate.not_after) == ("2049-12-31", "1999-12-31")


@pytest.mark.parametrize("last", [b"", b"soon", "٠٠٠٠٠٠".encode()])
def test_a_date_that_is_none_is_refused(last: bytes) -> None:
    assert read_certificate(old_certificate(name(), last)) is None
